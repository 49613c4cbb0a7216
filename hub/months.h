/* SPDX-License-Identifier: Apache-2.0 */
/* Months as a count from January 1970, days as a count from its first. Pure; UTC. */
#ifndef PLATEN_HUB_MONTHS_H
#define PLATEN_HUB_MONTHS_H

#include <stdbool.h>
#include <stdint.h>

#define HUB_DAY_MS INT64_C(86400000)

int64_t hub_month_of_day(int64_t day);
/* Its first day. */
int64_t hub_month_day(int64_t month);
/* "2026-01" and nothing else. */
bool hub_month_read(const char *text, int64_t *month);
void hub_month_write(char out[16], int64_t month);

#endif
