/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Held jobs at the hub (docs/enforcement.md): fetches the hub's orders on them, has the desk carry them out, and tells the whole list together with
 * what became of the orders. Used by one thread (orders.c). Nothing of it need survive a restart: the desk's rows do.
 */
#ifndef PLATEN_SERVICE_HELD_TOLD_H
#define PLATEN_SERVICE_HELD_TOLD_H

#include "core/record/held.h"
#include "service/agent.h"
#include "service/hublink.h"

typedef struct held_told {
    agent *agent;
    bool old;        /* the hub is from before held jobs were told */
    bool due;        /* the list differs from the one the hub has, or may */
    int64_t seq;     /* of the list that the hub is known to have; 0: none */
    int64_t own_seq; /* of the last list of this run that was taken; 0: none was */
    plt_held_said said[PLT_HELD_MOST];
    size_t said_n; /* the hub has not heard of them */
} held_told;

/* Both: true unless it should be tried again later. */
bool held_told_fetch(held_told *h, hublink *l);
/* `changed`: what is held has changed since the last call. */
bool held_told_say(held_told *h, hublink *l, bool changed);

#endif
