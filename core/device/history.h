/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a row of readings says: of a meter, what was counted between them and where nothing can be said; of a supply, when it was
 * replaced and for how long it will last. Pure; a number that the readings do not show is never made up.
 */
#ifndef PLATEN_CORE_DEVICE_HISTORY_H
#define PLATEN_CORE_DEVICE_HISTORY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/device/meter.h"

/* ---- meters ---- */

typedef struct plt_count {
    int64_t at; /* Unix ms, ascending */
    uint64_t n;
    plt_source source;
} plt_count;

typedef struct plt_step {
    plt_meter_change change; /* against the last reading that was believed; PLT_METER_UNKNOWN for the first */
    uint64_t n;              /* counted since then; 0 where nothing can be said */
    int64_t since;           /* Unix ms of the reading it is counted from; 0 for the first */
} plt_step;

/*
 * The step of each reading. An impossible one is left out of the row: the next is measured against the one before it. Only when
 * two agree with each other (a counter that was exchanged) is the new row believed, from the second on.
 */
void plt_meter_steps(const plt_count *in, size_t n, plt_step *out);

#define PLT_DAY_MS 86400000LL

typedef struct plt_meter_day {
    int64_t day;      /* Unix ms of its midnight, UTC */
    uint64_t counted; /* between the reading before its first and its last one */
    int64_t since;    /* Unix ms of that reading before; earlier than the day before, the count spans several days */
    bool gap;         /* a reset, an impossible number: more may have been counted */
} plt_meter_day;

/* One entry a day with a step in it, at most `max`: the newest ones. Returns how many. */
size_t plt_meter_days(const plt_count *in, const plt_step *steps, size_t n, plt_meter_day *out, size_t max);

/* ---- supplies ---- */

typedef struct plt_level {
    int64_t at;       /* Unix ms, ascending */
    uint32_t percent; /* 0 to 100 */
    char serial[32];  /* of the cartridge; "" not known */
} plt_level;

typedef enum plt_supply_change {
    PLT_SUPPLY_AS_WAS,
    PLT_SUPPLY_REPLACED,       /* another cartridge, the old one used up */
    PLT_SUPPLY_REPLACED_EARLY, /* another cartridge, and more than PLT_EARLY_PERCENT was left in the old one */
    PLT_SUPPLY_REFILLED,       /* the same cartridge with more in it: refilled, or its chip reset */
} plt_supply_change;

#define PLT_EARLY_PERCENT 15
#define PLT_RISE_PERCENT 20 /* less is jitter: a cartridge shaken, a sensor warmed up */

/* From one level to the next. */
plt_supply_change plt_supply_compare(const plt_level *older, const plt_level *newer);
const char *plt_supply_change_name(plt_supply_change c);

typedef struct plt_forecast {
    bool known;
    double days, least, most; /* days left from `now` on: likeliest, and the range that half of the pairs of readings speak for */
    size_t points;            /* levels that it stands on */
} plt_forecast;

#define PLT_FORECAST_POINTS 48 /* the newest ones are taken */
#define PLT_FORECAST_MIN 3     /* fewer tell nothing */

/*
 * When the level will be 0, after Theil and Sen: the median of the slopes between all pairs of levels since the last
 * replacement. Not known under three levels or a day, where it does not fall, and beyond two years.
 */
void plt_supply_forecast(const plt_level *in, size_t n, int64_t now, plt_forecast *out);

#endif
