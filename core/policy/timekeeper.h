/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The time that rules and quotas go by (docs/policy-clock.md). The PC's clock can be set; this one is the hub's, carried on by a steady clock that
 * nobody sets and that counts sleep. Pure: what the clocks show comes in, what is to be kept over a restart goes out as text. It must never go back
 * but where a hub says so.
 */
#ifndef PLATEN_CORE_POLICY_TIMEKEEPER_H
#define PLATEN_CORE_POLICY_TIMEKEEPER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/util/status.h"

/* Two clocks that are so close are one: a hub's answer says whole seconds and may be on its way for twenty. */
#define PLT_TIMEKEEPER_SLACK_MS 30000
#define PLT_TIMEKEEPER_TEXT 128

/* What a PC's clocks show at one moment. */
typedef struct plt_clocks {
    int64_t pc;      /* Unix ms: anybody with the right can set it */
    uint64_t steady; /* ms, sleep included; begins anew with each start of the system */
    uint64_t start;  /* which start of the system this is; 0: not known, then no two are the same */
} plt_clocks;

typedef struct plt_timekeeper {
    int64_t at; /* Unix ms; 0: it has not begun */
    uint64_t steady, start;
    int64_t hub;    /* the time at which a hub confirmed it last; 0 never */
    bool sure;      /* a hub did so since the system started: the PC's clock is not asked */
    int64_t set_on; /* while it is not sure: how far the PC's clock was set on since the system started, ms */
} plt_timekeeper;

/* The service begins; `k` is what was kept, or all 0. Never before what was kept, and the time that this start of the system lasts is over too. */
void plt_timekeeper_begin(plt_timekeeper *k, const plt_clocks *c);
/* Unix ms. */
int64_t plt_timekeeper_now(plt_timekeeper *k, const plt_clocks *c);
/* A hub that proved to be ours says what time it is. By how many ms that moved the time; 0: they agreed. */
int64_t plt_timekeeper_confirm(plt_timekeeper *k, const plt_clocks *c, int64_t hub_ms);

/* Notes it as of now, before it is written down: a restart begins from there. */
void plt_timekeeper_carry(plt_timekeeper *k, const plt_clocks *c);

/* How far the PC's clock is behind this time (below 0: ahead), ms; 0: not beyond the slack. */
int64_t plt_timekeeper_behind(plt_timekeeper *k, const plt_clocks *c);

/* "2 d 3 h", "1 h 30 min", "45 s": the two largest units of a difference, whatever its sign. */
#define PLT_SPAN_SIZE 32
void plt_time_span(char out[PLT_SPAN_SIZE], int64_t ms);

/* What is to be kept, as a line of text; and back. PLT_BAD: it is none that this room wrote. */
void plt_timekeeper_write(const plt_timekeeper *k, char out[PLT_TIMEKEEPER_TEXT]);
plt_status plt_timekeeper_read(const char *text, size_t n, plt_timekeeper *out);

#endif
