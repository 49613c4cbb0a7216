/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Local time for quiet hours. A zone is a name of the table in zone.c ("Europe/Berlin"), or a rule as POSIX writes it in TZ with M-form days
 * ("CET-1CEST,M3.5.0,M10.5.0/3"). Pure: the machine's own zone and its files are never asked, so that every hub answers alike.
 */
#ifndef PLATEN_HUB_ZONE_H
#define PLATEN_HUB_ZONE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct hub_zone_day { /* the n-th (5: last) weekday (0: Sunday) of a month, at a second of that day; month 0: none */
    int month, week, weekday, second;
} hub_zone_day;

typedef struct hub_zone {
    int standard, summer; /* seconds east of UTC */
    hub_zone_day begin, end;
} hub_zone;

/* False for a name that is not known and a rule that is none. "" and "UTC" are UTC. */
bool hub_zone_read(const char *text, hub_zone *out);
/* Seconds east of UTC at a moment. */
int hub_zone_east(const hub_zone *z, int64_t unix_ms);
/* The names, in order; NULL beyond the last. */
const char *hub_zone_name(size_t i);

/* Hours of a day in which nothing is sent: from a minute (0..1439) to a minute, over midnight where to <= from; `weekend`: and all Saturday and
 * Sunday. */
typedef struct hub_quiet {
    hub_zone zone;
    int from, to; /* equal: no hours of the day */
    bool weekend;
} hub_quiet;

/* The moment itself when it is not quiet, else when the quiet ends. */
int64_t hub_quiet_until(const hub_quiet *q, int64_t unix_ms);

#endif
