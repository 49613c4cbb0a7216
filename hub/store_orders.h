/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The part of the store that holds what agents are asked to read now (docs/readings.md, "Asked by the hub"): the last order of each kind for each
 * agent, so it is bounded by the agents. The rules of hub/store.h hold.
 */
#ifndef PLATEN_HUB_STORE_ORDERS_H
#define PLATEN_HUB_STORE_ORDERS_H

#include "core/record/order.h"
#include "hub/cursor.h"

struct hub_store;

typedef struct hub_order {
    char agent[HUB_AGENT_ID];
    plt_order order; /* its state as it was when it was said: plt_order_now() tells what has become of it */
    int64_t asked, changed;
    int64_t until; /* Unix ms: when an open state is over by itself */
} hub_order;

typedef struct hub_order_ops {
    /* Where an agent of the scope is; PLT_NOTFOUND. */
    plt_status (*agent_place)(struct hub_store *s, int64_t scope, const char *agent, int64_t *tenant_id, bool *revoked);
    /* The last of each kind. */
    plt_status (*orders)(struct hub_store *s, int64_t tenant_id, const char *agent, bool (*each)(void *ctx, const hub_order *o), void *ctx);
    /* In a transaction. An order of this agent and kind that is open is the same order; else it is a new one. */
    plt_status (*order_ask)(struct hub_store *s, int64_t tenant_id, const char *agent, plt_order_what what, int64_t now, hub_order *out);
    /* In a transaction. An agent's word on its order of that number. PLT_NOTFOUND: there is none such that is open. */
    plt_status (*order_said)(struct hub_store *s, int64_t tenant_id, const char *agent, const plt_order *said, int64_t now);
} hub_order_ops;

extern const hub_order_ops hub_order_store;

#endif
