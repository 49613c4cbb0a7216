/* SPDX-License-Identifier: Apache-2.0 */
/* Two small machines. They must never depend on anything but their arguments: the random model test drives them with any. */
#include "hub/alert_state.h"

static int64_t at_least(int64_t v, int64_t least)
{
    return v < least ? least : v;
}

int64_t hub_alert_clear_ms(const hub_alert_state *a, const hub_hold *hold)
{
    int64_t ms = hold->off_ms;
    for (int32_t i = 0; i < a->flaps && ms < HUB_ALERT_CLEAR_MOST_MS; i++) ms *= 2;
    return ms > HUB_ALERT_CLEAR_MOST_MS && hold->off_ms < HUB_ALERT_CLEAR_MOST_MS ? HUB_ALERT_CLEAR_MOST_MS : ms;
}

void hub_alert_begin(hub_alert_state *a, int64_t closed, int32_t flaps, int64_t now)
{
    bool again = closed && now - closed < HUB_ALERT_STEADY_MS;
    *a = (hub_alert_state){.flaps = again ? flaps + (flaps < HUB_ALERT_FLAPS_MAX) : 0};
}

static hub_turn turn(hub_alert_state *a, hub_phase to, int64_t now, int64_t due, hub_turn what)
{
    a->phase = to;
    a->turned = now;
    a->due = due;
    return what;
}

static hub_turn over(hub_alert_state *a, int64_t clear, int64_t now)
{
    return clear <= 0 ? turn(a, HUB_ALERT_CLOSED, now, 0, HUB_TURN_CLOSED) : turn(a, HUB_ALERT_CLEARING, now, now + clear, HUB_TURN_NONE);
}

hub_turn hub_alert_step(hub_alert_state *a, const hub_hold *hold, hub_look look, int64_t now)
{
    now = at_least(now, a->turned);
    switch (a->phase) {
    case HUB_ALERT_NONE:
    case HUB_ALERT_CLOSED:
        if (look != HUB_LOOK_ON) return HUB_TURN_NONE;
        a->since = now;
        if (hold->on_ms <= 0) return turn(a, HUB_ALERT_OPEN, now, 0, HUB_TURN_OPENED);
        return turn(a, HUB_ALERT_PENDING, now, now + hold->on_ms, HUB_TURN_NONE);
    case HUB_ALERT_PENDING:
        if (look == HUB_LOOK_OFF || look == HUB_LOOK_BETWEEN) return turn(a, HUB_ALERT_NONE, now, 0, HUB_TURN_DROPPED);
        return now >= a->due ? turn(a, HUB_ALERT_OPEN, now, 0, HUB_TURN_OPENED) : HUB_TURN_NONE;
    case HUB_ALERT_OPEN: return look == HUB_LOOK_OFF ? over(a, hub_alert_clear_ms(a, hold), now) : HUB_TURN_NONE;
    case HUB_ALERT_CLEARING:
        if (look >= HUB_LOOK_BETWEEN) return turn(a, HUB_ALERT_OPEN, now, 0, HUB_TURN_NONE);
        return now >= a->due ? turn(a, HUB_ALERT_CLOSED, now, 0, HUB_TURN_CLOSED) : HUB_TURN_NONE;
    }
    return HUB_TURN_NONE;
}

hub_look hub_look_at(int64_t v, int64_t on, int64_t off, bool below)
{
    if (below) return v <= on ? HUB_LOOK_ON : v >= off ? HUB_LOOK_OFF : HUB_LOOK_BETWEEN;
    return v >= on ? HUB_LOOK_ON : v <= off ? HUB_LOOK_OFF : HUB_LOOK_BETWEEN;
}

/* ---- the gate ---- */

int64_t hub_gate_when(const hub_gate *g, const hub_gate_terms *t)
{
    if (!g->first) return INT64_MAX;
    int64_t when = g->first + HUB_ALERT_GATHER_MS;
    if (g->last) when = at_least(when, g->last + at_least(t->window_ms, HUB_ALERT_WINDOW_MS));
    if (g->count >= HUB_ALERT_A_DAY) when = at_least(when, g->day + HUB_ALERT_STEADY_MS);
    return t->quiet ? hub_quiet_until(&t->hours, when) : when;
}

bool hub_gate_open(const hub_gate *g, const hub_gate_terms *t, int64_t now)
{
    return now >= hub_gate_when(g, t) && (!t->quiet || hub_quiet_until(&t->hours, now) == now);
}

void hub_gate_wait(hub_gate *g, int64_t now)
{
    if (!g->first) g->first = at_least(now, 1);
}

void hub_gate_went(hub_gate *g, int64_t now)
{
    if (!g->count || now - g->day >= HUB_ALERT_STEADY_MS) {
        g->day = now;
        g->count = 0;
    }
    g->count++;
    g->last = now;
    g->first = 0;
}
