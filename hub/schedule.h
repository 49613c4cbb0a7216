/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A report that goes out by mail by itself: which one, of which days, when, to whom. Read from the JSON of docs/api.md and written back in one form,
 * which the store keeps; and the moments at which it is due. Pure.
 */
#ifndef PLATEN_HUB_SCHEDULE_H
#define PLATEN_HUB_SCHEDULE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cjson/cJSON.h>

#include "core/util/buf.h"

#define HUB_SCHEDULE_NAME 129
#define HUB_SCHEDULE_TO 20 /* addresses */

typedef enum hub_every { HUB_EVERY_DAY, HUB_EVERY_WEEK, HUB_EVERY_MONTH, HUB_EVERIES } hub_every;

/* Whole days that end before the day on which the report is due, where that is. */
typedef enum hub_days {
    HUB_DAYS_YESTERDAY,
    HUB_DAYS_7,
    HUB_DAYS_30,
    HUB_DAYS_LAST_WEEK, /* Monday to Sunday */
    HUB_DAYS_LAST_MONTH,
    HUB_DAYS_KINDS
} hub_days;

typedef struct hub_schedule {
    char name[HUB_SCHEDULE_NAME];
    bool enabled;
    char report[40];
    char group[17]; /* of devices; "" any */
    hub_days days;
    hub_every every;
    int weekday; /* of a week: 1 Monday to 7 Sunday */
    int day;     /* of a month: 1 to 28 */
    int hour;    /* of the day there */
    char zone[64];
    bool pdf; /* else CSV */
    char language[3];
    char to[4096]; /* addresses, a comma between two */
} hub_schedule;

/* NULL, or what is wrong, for a person. */
const char *hub_schedule_read(const cJSON *o, hub_schedule *out);
/* From what hub_schedule_write wrote; false when it is none. */
bool hub_schedule_parse(const char *text, size_t n, hub_schedule *out);
/* Members of an object that has begun. */
void hub_schedule_write(const hub_schedule *s, plt_buf *b);

/* The first moment (Unix ms) after `after` at which it is due. An hour that a change of clocks leaves out comes with the hour beside it. */
int64_t hub_schedule_next(const hub_schedule *s, int64_t after);
/* The days (UTC) of the report that is due at that moment: from <= t < to. */
void hub_schedule_days(const hub_schedule *s, int64_t due, int64_t *from, int64_t *to);

#endif
