/* SPDX-License-Identifier: Apache-2.0 */
/* The beats of the categories. */
#include "core/collect/schedule.h"

#include <stdio.h>
#include <stdlib.h>

#define MINUTE 60000ll
#define HOUR 60
#define DAY (24 * HOUR)

const plt_interval plt_intervals[PLT_INTERVALS] = {
    {"discovery", "DiscoveryMinutes", 10, 7 * DAY, HOUR},     {"meters", "MetersMinutes", 30, 14 * DAY, DAY},
    {"supplies", "SuppliesMinutes", 30, 7 * DAY, 4 * HOUR},   {"errors", "ErrorsMinutes", 30, 7 * DAY, HOUR},
    {"attributes", "AttributesMinutes", HOUR, 14 * DAY, DAY},
};

void plt_schedule_init(plt_schedule *s, uint64_t key)
{
    *s = (plt_schedule){.key = key};
    for (size_t i = 0; i < PLT_INTERVALS; i++) s->minutes[i] = plt_intervals[i].usual;
}

/* Spreads a key over all its bits (the finalizer of SplitMix64). */
static uint64_t mix(uint64_t x)
{
    x += 0x9E3779B97F4A7C15u;
    x = (x ^ x >> 30) * 0xBF58476D1CE4E5B9u;
    x = (x ^ x >> 27) * 0x94D049BB133111EBu;
    return x ^ x >> 31;
}

/* The first beat at or after `from`, which is not negative. */
static int64_t beat(const plt_schedule *s, size_t i, int64_t from)
{
    int64_t every = s->minutes[i] * MINUTE, phase = (int64_t)(mix(s->key + i) % (uint64_t)every);
    int64_t into = (from % every - phase + every) % every;
    return into ? from + every - into : from;
}

uint8_t plt_schedule_due(plt_schedule *s, int64_t now, int64_t *next)
{
    uint8_t due = 0;
    *next = INT64_MAX;
    for (size_t i = 0; i < PLT_INTERVALS; i++) {
        if (s->last[i] > now) s->last[i] = now;
        int64_t when = s->last[i] > 0 ? beat(s, i, s->last[i] + s->minutes[i] * MINUTE / 2) : now;
        if (when <= now)
            due |= (uint8_t)(1u << i);
        else if (when < *next)
            *next = when;
    }
    return due;
}

void plt_schedule_done(plt_schedule *s, uint8_t categories, int64_t now)
{
    for (size_t i = 0; i < PLT_INTERVALS; i++)
        if (categories >> i & 1) s->last[i] = now;
}

bool plt_interval_parse(size_t i, const char *text, uint32_t *minutes, char *why, size_t why_size)
{
    const plt_interval *v = &plt_intervals[i];
    char *end;
    why[0] = 0;
    *minutes = v->usual;
    if (!*text) return true;
    unsigned long n = strtoul(text, &end, 10);
    if (*end || *text < '0' || *text > '9') {
        snprintf(why, why_size, "%s = %.40s is no number of minutes: %u is used", v->setting, text, (unsigned)v->usual);
        return false;
    }
    *minutes = n < v->least ? v->least : n > v->most ? v->most : (uint32_t)n;
    if (*minutes == n) return true;
    snprintf(why, why_size, "%s = %.20s is %s than the %s of %u minutes, which is used", v->setting, text, n < v->least ? "less" : "more",
             n < v->least ? "least" : "most", (unsigned)*minutes);
    return false;
}
