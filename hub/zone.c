/* SPDX-License-Identifier: Apache-2.0 */
/* Rules of time zones (POSIX.1-2017, 8.3, TZ) and quiet hours. Days are counted from 1970 in the proleptic Gregorian calendar. */
#include "hub/zone.h"

#include <string.h>

#define MINUTE_MS INT64_C(60000)
#define DAY_S INT64_C(86400)
#define QUIET_STEPS 400 /* a quarter of an hour each: quiet ends within four days, or it is the same for ever */

typedef struct named {
    const char *name, *rule;
} named;

#define CENTRAL "CET-1CEST,M3.5.0,M10.5.0/3"
#define EASTERN "EET-2EEST,M3.5.0/3,M10.5.0/4"
#define SOUTHERN "1.0,M4.1.0/3"

/* As the tz database has them since 2024; what changes there changes here. */
static const named zones[] = {
    {"Africa/Cairo", "EET-2EEST,M4.5.5/0,M10.5.4/24"},
    {"Africa/Johannesburg", "SAST-2"},
    {"Africa/Lagos", "WAT-1"},
    {"America/Anchorage", "AKST9AKDT,M3.2.0,M11.1.0"},
    {"America/Argentina/Buenos_Aires", "<-03>3"},
    {"America/Bogota", "<-05>5"},
    {"America/Chicago", "CST6CDT,M3.2.0,M11.1.0"},
    {"America/Denver", "MST7MDT,M3.2.0,M11.1.0"},
    {"America/Halifax", "AST4ADT,M3.2.0,M11.1.0"},
    {"America/Los_Angeles", "PST8PDT,M3.2.0,M11.1.0"},
    {"America/Mexico_City", "CST6"},
    {"America/New_York", "EST5EDT,M3.2.0,M11.1.0"},
    {"America/Phoenix", "MST7"},
    {"America/Sao_Paulo", "<-03>3"},
    {"America/Toronto", "EST5EDT,M3.2.0,M11.1.0"},
    {"Asia/Dubai", "<+04>-4"},
    {"Asia/Hong_Kong", "HKT-8"},
    {"Asia/Jakarta", "WIB-7"},
    {"Asia/Kolkata", "IST-5:30"},
    {"Asia/Manila", "PST-8"},
    {"Asia/Seoul", "KST-9"},
    {"Asia/Shanghai", "CST-8"},
    {"Asia/Singapore", "<+08>-8"},
    {"Asia/Tokyo", "JST-9"},
    {"Australia/Adelaide", "ACST-9:30ACDT,M10." SOUTHERN},
    {"Australia/Brisbane", "AEST-10"},
    {"Australia/Perth", "AWST-8"},
    {"Australia/Sydney", "AEST-10AEDT,M10." SOUTHERN},
    {"Europe/Amsterdam", CENTRAL},
    {"Europe/Athens", EASTERN},
    {"Europe/Berlin", CENTRAL},
    {"Europe/Brussels", CENTRAL},
    {"Europe/Bucharest", EASTERN},
    {"Europe/Budapest", CENTRAL},
    {"Europe/Copenhagen", CENTRAL},
    {"Europe/Dublin", "GMT0IST,M3.5.0/1,M10.5.0"}, /* the other way round in law, the same on the clock */
    {"Europe/Helsinki", EASTERN},
    {"Europe/Istanbul", "<+03>-3"},
    {"Europe/Kyiv", EASTERN},
    {"Europe/Lisbon", "WET0WEST,M3.5.0/1,M10.5.0"},
    {"Europe/London", "GMT0BST,M3.5.0/1,M10.5.0"},
    {"Europe/Luxembourg", CENTRAL},
    {"Europe/Madrid", CENTRAL},
    {"Europe/Oslo", CENTRAL},
    {"Europe/Paris", CENTRAL},
    {"Europe/Prague", CENTRAL},
    {"Europe/Rome", CENTRAL},
    {"Europe/Sofia", EASTERN},
    {"Europe/Stockholm", CENTRAL},
    {"Europe/Vienna", CENTRAL},
    {"Europe/Warsaw", CENTRAL},
    {"Europe/Zurich", CENTRAL},
    {"Pacific/Auckland", "NZST-12NZDT,M9.5.0,M4.1.0/3"},
    {"Pacific/Honolulu", "HST10"},
    {"UTC", "UTC0"},
};

const char *hub_zone_name(size_t i)
{
    return i < sizeof zones / sizeof *zones ? zones[i].name : NULL;
}

/* ---- rules ---- */

static bool digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool number(const char **p, int most, int *out)
{
    int v = 0, n = 0;
    for (; digit(**p) && n < 4; n++) v = v * 10 + (*(*p)++ - '0');
    *out = v;
    return n > 0 && v <= most;
}

static bool one(const char **p, char c)
{
    if (**p != c) return false;
    ++*p;
    return true;
}

/* hh[:mm[:ss]], with a sign. */
static bool clock_time(const char **p, int *seconds)
{
    int sign = one(p, '-') ? -1 : 1, h, m = 0, s = 0;
    if (sign == 1) one(p, '+');
    if (!number(p, 24, &h)) return false;
    if (one(p, ':') && !number(p, 59, &m)) return false;
    if (m >= 0 && one(p, ':') && !number(p, 59, &s)) return false;
    *seconds = sign * (h * 3600 + m * 60 + s);
    return true;
}

static bool letters(const char **p)
{
    const char *begin = *p;
    bool quoted = one(p, '<');
    while ((**p >= 'A' && **p <= 'Z') || (**p >= 'a' && **p <= 'z') || (quoted && (digit(**p) || **p == '+' || **p == '-'))) ++*p;
    return *p - begin >= 3 && *p - begin < 16 && (!quoted || one(p, '>'));
}

static bool day_rule(const char **p, hub_zone_day *d)
{
    d->second = 7200;
    if (!one(p, ',') || !one(p, 'M') || !number(p, 12, &d->month) || !one(p, '.') || !number(p, 5, &d->week)) return false;
    if (!one(p, '.') || !number(p, 6, &d->weekday) || d->month < 1 || d->week < 1) return false;
    return !one(p, '/') || clock_time(p, &d->second);
}

static bool read_rule(const char *p, hub_zone *z)
{
    int west;
    if (!letters(&p) || !clock_time(&p, &west)) return false;
    z->standard = z->summer = -west;
    if (!*p) return true;
    if (!letters(&p)) return false;
    z->summer = z->standard + 3600;
    if (*p != ',' && *p) {
        if (!clock_time(&p, &west)) return false;
        z->summer = -west;
    }
    return day_rule(&p, &z->begin) && day_rule(&p, &z->end) && !*p;
}

bool hub_zone_read(const char *text, hub_zone *out)
{
    hub_zone z = {0};
    const char *rule = *text ? text : "UTC0";
    for (size_t i = 0; i < sizeof zones / sizeof *zones; i++)
        if (!strcmp(zones[i].name, text)) rule = zones[i].rule;
    if (!read_rule(rule, &z)) return false;
    *out = z;
    return true;
}

/* ---- moments ---- */

static int64_t floor_div(int64_t a, int64_t b)
{
    return a / b - (a % b < 0);
}

/* Days since 1970 of the first of March of a year: years that begin in March make leap days their last. */
static int64_t march(int64_t year)
{
    return 365 * year + floor_div(year, 4) - floor_div(year, 100) + floor_div(year, 400) - 719468;
}

static int64_t day_of(int64_t year, int month, int day)
{
    int shifted = month > 2 ? month - 3 : month + 9;
    return march(month > 2 ? year : year - 1) + (153 * shifted + 2) / 5 + day - 1;
}

static int64_t year_of(int64_t days)
{
    int64_t year = 1970 + floor_div(days, 366);
    while (day_of(year + 1, 1, 1) <= days) year++;
    return year;
}

static int weekday_of(int64_t days)
{
    return (int)(((days + 4) % 7 + 7) % 7); /* 1970 began on a Thursday */
}

/* Unix seconds at which a rule's day comes in a year, on a clock that is `east`. */
static int64_t moment(const hub_zone_day *d, int64_t year, int east)
{
    int64_t first = day_of(year, d->month, 1), next = d->month == 12 ? day_of(year + 1, 1, 1) : day_of(year, d->month + 1, 1);
    int64_t day = first + (d->weekday - weekday_of(first) + 7) % 7 + (d->week - 1) * 7;
    while (day >= next) day -= 7;
    return day * DAY_S + d->second - east;
}

int hub_zone_east(const hub_zone *z, int64_t unix_ms)
{
    if (!z->begin.month || unix_ms < -DAY_S * 36525 * 1000 || unix_ms > DAY_S * 365250 * 1000) return z->standard;
    int64_t s = floor_div(unix_ms, 1000), year = year_of(floor_div(s + z->standard, DAY_S));
    int64_t begin = moment(&z->begin, year, z->standard), end = moment(&z->end, year, z->summer);
    bool summer = begin < end ? s >= begin && s < end : s >= begin || s < end;
    return summer ? z->summer : z->standard;
}

static bool is_quiet(const hub_quiet *q, int64_t unix_ms)
{
    int64_t local = floor_div(unix_ms, 1000) + hub_zone_east(&q->zone, unix_ms), days = floor_div(local, DAY_S);
    int minute = (int)((local - days * DAY_S) / 60), weekday = weekday_of(days);
    if (q->weekend && (weekday == 0 || weekday == 6)) return true;
    if (q->from == q->to) return false;
    return q->from < q->to ? minute >= q->from && minute < q->to : minute >= q->from || minute < q->to;
}

int64_t hub_quiet_until(const hub_quiet *q, int64_t unix_ms)
{
    int64_t at = unix_ms;
    if (!is_quiet(q, at)) return at;
    at = floor_div(at, 15 * MINUTE_MS) * 15 * MINUTE_MS;
    for (int i = 0; i < QUIET_STEPS && (at <= unix_ms || is_quiet(q, at)); i++) at += 15 * MINUTE_MS;
    /* Back to the minute: hours may end at any. */
    for (int i = 0; i < 15 && at - MINUTE_MS > unix_ms && !is_quiet(q, at - MINUTE_MS); i++) at -= MINUTE_MS;
    return at;
}
