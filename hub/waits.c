/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How long connections may still take. All that wait for the same thing have the same time, so each list is in the order of its ends by itself: to
 * begin, to end and to see who is late costs the same with ten connections and with ten thousand. Ends are seen within a second.
 */
#include "hub/conn.h"
#include "os/clock.h"

static const uint32_t seconds[HUB_WAITS] = {
    [HUB_WAIT_HEADERS] = HUB_HEADERS_S,     [HUB_WAIT_IDLE] = HUB_IDLE_S + HUB_HEADERS_S, [HUB_WAIT_BODY] = HUB_BODY_S,
    [HUB_WAIT_REPLY] = HUB_REPLY_S,         [HUB_WAIT_DISCARD] = HUB_DISCARD_S,           [HUB_WAIT_BEAT] = HUB_BEAT_S,
    [HUB_WAIT_LIVE_BEAT] = HUB_LIVE_BEAT_S,
};

void hub_wait_end(hub_conn *c)
{
    if (c->wait == HUB_WAIT_NOTHING) return;
    hub_wait_list *l = &c->http->waits[c->wait];
    *(c->wait_prev ? &c->wait_prev->wait_next : &l->first) = c->wait_next;
    *(c->wait_next ? &c->wait_next->wait_prev : &l->last) = c->wait_prev;
    c->wait_prev = c->wait_next = NULL;
    c->wait = HUB_WAIT_NOTHING;
}

void hub_wait_begin(hub_conn *c, hub_wait which)
{
    hub_wait_end(c);
    hub_wait_list *l = &c->http->waits[which];
    c->wait = which;
    c->wait_until = os_clock_mono_ms() + seconds[which] * (uint64_t)1000;
    c->wait_prev = l->last;
    *(l->last ? &l->last->wait_next : &l->first) = c;
    l->last = c;
}

hub_conn *hub_wait_over(hub_http *h, uint64_t now)
{
    for (int i = HUB_WAIT_NOTHING + 1; i < HUB_WAITS; i++) {
        hub_conn *c = h->waits[i].first;
        if (!c || c->wait_until > now) continue;
        hub_wait_end(c);
        return c;
    }
    return NULL;
}
