/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Connections by a word: those that count against their address by that, agents' live links by the agent. So neither the look for room when one
 * comes, nor word for one agent, walks through all of them.
 */
#include <string.h>

#include "hub/conn.h"

/* FNV-1a, 32 bits. */
static hub_conn **chain_of(hub_http *h, const char *word)
{
    uint32_t sum = 2166136261u;
    for (; *word; word++) sum = (sum ^ (uint8_t)*word) * 16777619u;
    return &h->chains[sum % HUB_CHAINS];
}

void hub_chain_leave(hub_conn *c)
{
    if (!c->chain) return;
    *(c->chain_prev ? &c->chain_prev->chain_next : c->chain) = c->chain_next;
    if (c->chain_next) c->chain_next->chain_prev = c->chain_prev;
    c->chain = NULL;
    c->chain_prev = c->chain_next = NULL;
}

void hub_chain_join(hub_conn *c, const char *word)
{
    hub_chain_leave(c);
    c->chain = chain_of(c->http, word);
    c->chain_next = *c->chain;
    if (c->chain_next) c->chain_next->chain_prev = c;
    *c->chain = c;
}

hub_conn *hub_chain_first(hub_http *h, const char *word)
{
    return *chain_of(h, word);
}
