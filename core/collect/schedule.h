/* SPDX-License-Identifier: Apache-2.0 */
/*
 * When what is read of printers: five categories with an interval each. Pure: the time comes in. Each category has its own beat, moved by a
 * hash of the agent's key, so that thousands of agents do not beat together; a sleep or a clock that jumps brings one round, never a burst.
 */
#ifndef PLATEN_CORE_COLLECT_SCHEDULE_H
#define PLATEN_CORE_COLLECT_SCHEDULE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PLT_INTERVALS 5 /* category i is the bit 1 << i: PLT_SCAN_DISCOVERY ... PLT_SCAN_ATTRIBUTES */

typedef struct plt_interval {
    const char *name, *setting;
    uint32_t least, most, usual; /* minutes */
} plt_interval;

extern const plt_interval plt_intervals[PLT_INTERVALS];

typedef struct plt_schedule {
    uint64_t key; /* the agent's */
    uint32_t minutes[PLT_INTERVALS];
    int64_t last[PLT_INTERVALS]; /* Unix ms of the last round; 0: never */
} plt_schedule;

/* Every interval as usual, nothing read yet. */
void plt_schedule_init(plt_schedule *s, uint64_t key);
/*
 * The categories that are due; *next: when the next one will be. What was never read is due at once. After a round the next one comes at the
 * first beat that is at least half an interval later. A last round that lies in the future (the clock was set back) becomes one of now.
 */
uint8_t plt_schedule_due(plt_schedule *s, int64_t now, int64_t *next);
/* These categories were read now. */
void plt_schedule_done(plt_schedule *s, uint8_t categories, int64_t now);

/* A setting's text; "" is the usual. What is no number or beyond the limits is put right, and `why` says how. False then. */
bool plt_interval_parse(size_t i, const char *text, uint32_t *minutes, char *why, size_t why_size);

#endif
