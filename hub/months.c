/* SPDX-License-Identifier: Apache-2.0 */
/* The calendar of roll-ups, partitions and bills. */
#include "hub/months.h"

#include <stdio.h>
#include <string.h>

int64_t hub_month_of_day(int64_t day)
{
    /* A year that begins in March has its leap day last (the proleptic Gregorian calendar, 400 years are 146097 days). */
    int64_t z = day + 719468, era = (z >= 0 ? z : z - 146096) / 146097, of_era = z - era * 146097;
    int64_t year = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365, of_year = of_era - (365 * year + year / 4 - year / 100);
    int64_t march = (5 * of_year + 2) / 153; /* months since March */
    return (year + era * 400 - 1970) * 12 + march + 2;
}

int64_t hub_month_day(int64_t month)
{
    int64_t day = month * 30; /* two weeks off in a thousand months at most */
    while (hub_month_of_day(day) < month) day++;
    while (hub_month_of_day(day - 1) >= month) day--;
    return day;
}

bool hub_month_read(const char *text, int64_t *month)
{
    if (strlen(text) != 7 || strspn(text, "0123456789") != 4 || text[4] != '-' || strspn(text + 5, "0123456789") != 2) return false;
    int64_t year = (text[0] - '0') * 1000 + (text[1] - '0') * 100 + (text[2] - '0') * 10 + (text[3] - '0');
    int64_t of_year = (text[5] - '0') * 10 + (text[6] - '0');
    *month = (year - 1970) * 12 + of_year - 1;
    return year >= 1970 && of_year >= 1 && of_year <= 12;
}

void hub_month_write(char out[16], int64_t month)
{
    snprintf(out, 16, "%04d-%02d", (int)(1970 + month / 12) % 10000, (int)(month % 12 + 1));
}
