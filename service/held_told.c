/* SPDX-License-Identifier: Apache-2.0 */
/* The list goes out whole and in the order of its numbers: one call at a time, and the hub takes no number that it has had. */
#include "service/held_told.h"

#include <stdlib.h>

#include "os/log.h"
#include "service/desk_held.h"

#define TRIES 3 /* a number that the hub has had already is found out by the first one */

/* The end of an order, said once; a later word on the same order takes its place. */
static void note_end(held_told *h, int64_t no, plt_held_end end)
{
    size_t i = 0;
    while (i < h->said_n && h->said[i].no != no) i++;
    if (i == PLT_HELD_MOST) return; /* the order stays open at the hub, which asks again */
    h->said[i] = (plt_held_said){no, end};
    if (i == h->said_n) h->said_n++;
}

bool held_told_fetch(held_told *h, hublink *l)
{
    plt_held_orders *o = malloc(sizeof *o);
    if (!o) return false;
    hublink_answer w = hublink_held_orders(l, o, &h->old);
    if (w.result != HUBLINK_OK) os_log(OS_LOG_DEBUG, "held jobs: %s", w.words);
    for (size_t i = 0; i < o->n; i++) note_end(h, o->list[i].no, desk_order(h->agent->desk, &o->list[i]));
    if (w.result == HUBLINK_OK) {
        h->seq = o->seq;
        h->due = h->due || h->seq != h->own_seq; /* it has none of ours: another database, or this service was started anew */
    }
    free(o);
    return w.result == HUBLINK_OK || w.result == HUBLINK_REFUSED;
}

/* True: the hub has it. */
static bool send(held_told *h, hublink *l, plt_held_list *list, hublink_answer *w)
{
    bool taken = false;
    for (int i = 0; i < TRIES && !taken; i++) {
        int64_t seq = 0;
        list->seq = h->seq + 1;
        *w = hublink_held(l, list, &seq, &taken);
        if (w->result != HUBLINK_OK) return false;
        h->seq = seq;
    }
    return taken;
}

/* What is held changes while it is told: the change is noted by the desk, and the list told again. */
bool held_told_say(held_told *h, hublink *l, bool changed)
{
    hublink_answer w = {HUBLINK_OK, {0}, ""};
    h->due = h->due || changed;
    if (h->old || (!h->due && !h->said_n)) return true;
    plt_held_list list = {.jobs = calloc(PLT_HELD_MOST, sizeof *list.jobs), .said = h->said, .said_n = h->said_n};
    if (!list.jobs) return false;
    list.n = desk_held(h->agent->desk, list.jobs);
    bool nothing = !list.n && !h->seq && !h->said_n, taken = nothing || send(h, l, &list, &w);
    free(list.jobs);
    if (w.result != HUBLINK_OK) os_log(OS_LOG_DEBUG, "held jobs: %s", w.words);
    if (taken || w.result == HUBLINK_REFUSED) {
        h->own_seq = h->seq;
        h->due = false;
        h->said_n = 0;
    }
    return taken || w.result == HUBLINK_REFUSED;
}
