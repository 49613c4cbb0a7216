/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What becomes of one alert, and when its rule may speak. Pure: no clock, no store, no message. Two machines: an alert (from looks at its subject to
 * pending, open, closed) and a gate (when the next message of a rule may go). The gate is what keeps storms away: whatever the looks are, a rule
 * sends at most one message a window, HUB_ALERT_A_DAY a day, none in its quiet hours.
 */
#ifndef PLATEN_HUB_ALERT_STATE_H
#define PLATEN_HUB_ALERT_STATE_H

#include <stdbool.h>
#include <stdint.h>

#include "hub/zone.h"

#define HUB_ALERT_A_DAY 24
#define HUB_ALERT_GATHER_MS INT64_C(10000)    /* the first of several waits so long for the others */
#define HUB_ALERT_WINDOW_MS INT64_C(60000)    /* the least between two messages of a rule */
#define HUB_ALERT_STEADY_MS INT64_C(86400000) /* an alert that comes back within it is a flapping one */
#define HUB_ALERT_FLAPS_MAX 8                 /* each doubles the time until it counts as over */
#define HUB_ALERT_CLEAR_MOST_MS INT64_C(43200000)

/* What a look says. BETWEEN: neither the threshold for on nor the one for off. UNKNOWN: nothing could be learned. */
typedef enum hub_look { HUB_LOOK_UNKNOWN, HUB_LOOK_OFF, HUB_LOOK_BETWEEN, HUB_LOOK_ON } hub_look;

typedef enum hub_phase { HUB_ALERT_NONE, HUB_ALERT_PENDING, HUB_ALERT_OPEN, HUB_ALERT_CLEARING, HUB_ALERT_CLOSED } hub_phase;

typedef struct hub_hold {
    int64_t on_ms, off_ms; /* how long a condition must hold, and be over */
} hub_hold;

typedef struct hub_alert_state {
    hub_phase phase;
    int64_t since;  /* Unix ms: when the condition began */
    int64_t turned; /* when the present phase began */
    int64_t due;    /* when time alone changes the phase; 0: never */
    int32_t flaps;  /* how often it came back within HUB_ALERT_STEADY_MS */
} hub_alert_state;

typedef enum hub_turn { HUB_TURN_NONE, HUB_TURN_OPENED, HUB_TURN_CLOSED, HUB_TURN_DROPPED } hub_turn;

/* One look at a moment. DROPPED: it was pending and is over; nothing was ever told of it. Time that goes backwards counts as standing still. */
hub_turn hub_alert_step(hub_alert_state *a, const hub_hold *hold, hub_look look, int64_t now);
/* Begins an alert where one of the same rule and subject closed at `closed` after so many flaps (closed 0: never). */
void hub_alert_begin(hub_alert_state *a, int64_t closed, int32_t flaps, int64_t now);
/* How long it must be over before it counts as closed: longer for one that flaps. */
int64_t hub_alert_clear_ms(const hub_alert_state *a, const hub_hold *hold);

/* Looks. on and off: for `below`, on when v <= on, off when v >= off; else on when v >= on, off when v <= off. */
hub_look hub_look_at(int64_t v, int64_t on, int64_t off, bool below);

typedef struct hub_gate {
    int64_t last;  /* of the last message; 0: none yet */
    int64_t first; /* since when something waits to be told; 0: nothing does */
    int64_t day;   /* the last 24 hours began then ... */
    int32_t count; /* ... and so many messages went in them */
} hub_gate;

typedef struct hub_gate_terms {
    int64_t window_ms; /* at least HUB_ALERT_WINDOW_MS counts */
    bool quiet;
    hub_quiet hours;
} hub_gate_terms;

/* When the next message may go; INT64_MAX: nothing waits. */
int64_t hub_gate_when(const hub_gate *g, const hub_gate_terms *t);
/* May it go now? Whoever comes late asks for the quiet hours of the present, too. */
bool hub_gate_open(const hub_gate *g, const hub_gate_terms *t, int64_t now);
/* Something waits since now. */
void hub_gate_wait(hub_gate *g, int64_t now);
/* The message went; nothing waits any more. */
void hub_gate_went(hub_gate *g, int64_t now);

#endif
