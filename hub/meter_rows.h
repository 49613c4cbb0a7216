/* SPDX-License-Identifier: Apache-2.0 */
/* The rows of a device's meters over time: which way tells which stretch, the steps between readings, and what a period counted. */
#ifndef PLATEN_HUB_METER_ROWS_H
#define PLATEN_HUB_METER_ROWS_H

#include "core/device/history.h"
#include "hub/store_devices.h"

#define HUB_METER_POINTS 200000 /* of a device, at most */

/* One meter's row: the points of its ways, as far as each is asked. */
typedef struct hub_meter_row {
    uint32_t meter;
    hub_meter_point *of; /* by time */
    plt_count *readings;
    plt_step *steps;
    size_t n;
} hub_meter_row;

/* What a row says of a period. */
typedef struct hub_meter_sum {
    size_t first, last; /* readings: the one that stood when the period began, else the first in it; the last in it. n: there is none */
    uint64_t counted;
    size_t resets, doubts; /* steps that could not be told: the counter began anew, the number was impossible */
} hub_meter_sum;

/*
 * Calls each with the row of every meter of the device that was read before `to`, and back from `from` far enough to know what stood then.
 * A row is borrowed until each returns; false from it ends the calls.
 */
plt_status hub_meter_rows(hub_store *s, int64_t tenant_id, int64_t device, int64_t from, int64_t to, bool (*each)(void *ctx, const hub_meter_row *r),
                          void *ctx);
hub_meter_sum hub_meter_counted(const hub_meter_row *r, int64_t from, int64_t to);

/* Why a period's count may not be all that was printed. */
typedef enum hub_gap {
    HUB_GAP_RESET = 1, /* the counter began anew */
    HUB_GAP_DOUBT = 2, /* an impossible number */
    HUB_GAP_BEGIN = 4, /* nothing was read before the period, so it counts from the first reading in it */
    HUB_GAP_END = 8,   /* the last reading is a day or more before the period's end */
} hub_gap;

/* Bits of hub_gap; `to` is at most now. */
unsigned hub_meter_gaps(const hub_meter_row *r, const hub_meter_sum *m, int64_t from, int64_t to);
/* "reset", "doubt", "begin", "end" of one bit. */
const char *hub_gap_word(unsigned bit);
/* When the last reading was so the last time, inside the period. */
int64_t hub_meter_read_last(const hub_meter_row *r, const hub_meter_sum *m, int64_t to);

#endif
