/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The part of the store that holds what agents hold now (docs/enforcement.md, "Held jobs at the hub"): one row a job, with the last order on it. At
 * most 256 of an agent are held. Those that are not any more stay for an hour: the end of an order can be seen, and who asks for something with a
 * list from before learns that it is over. A job whose record is here is not held, whatever a list says. The rules of hub/store.h hold.
 */
#ifndef PLATEN_HUB_STORE_HELD_H
#define PLATEN_HUB_STORE_HELD_H

#include "core/record/held.h"
#include "hub/cursor.h"
#include "hub/store.h"

#define HUB_HELD_SHOWN_MS (60 * 60 * (int64_t)1000) /* a job that is not held any more: in the list where there is an order's end to see */
#define HUB_HELD_SHOWN_MOST 500

typedef struct hub_held_query {
    int64_t scope, now;
    const char *user, *printer, *machine; /* a part of the name; "" any */
} hub_held_query;

typedef struct hub_held_row {
    int64_t tenant_id;
    char tenant[HUB_TENANT_SIZE], agent[HUB_AGENT_ID], pc[256]; /* pc: the agent's machine */
    plt_held_job job;
    bool held;
    int64_t told, last_seen; /* when the agent's list came, when it was heard last; Unix ms */
    int64_t order_no;        /* 0: none was given */
    plt_held_act act;
    plt_held_end end; /* as it was said: plt_held_now() tells how it stands */
    char by[PLT_HELD_BY];
    int64_t asked, changed, until;
} hub_held_row;

typedef enum hub_held_answer {
    HUB_HELD_ASKED,     /* there is an order now, a new one or the same as before */
    HUB_HELD_NOT_HELD,  /* it is not held any more */
    HUB_HELD_OTHERWISE, /* the other act was asked for, and the agent has not said what became of it */
} hub_held_answer;

typedef struct hub_held_ops {
    /* In a transaction. *taken: it is newer than what was here, and stands now; *seq: the number of the list that stands. Ends of orders count in any
     * case. */
    plt_status (*told)(hub_store *s, int64_t tenant_id, const char *agent, const plt_held_list *l, int64_t now, int64_t *seq, bool *taken);
    /* The open orders of an agent and the number of its list. */
    plt_status (*open)(hub_store *s, int64_t tenant_id, const char *agent, int64_t now, plt_held_orders *out);
    /* The number of the newest open one; 0: none. */
    plt_status (*newest)(hub_store *s, int64_t tenant_id, const char *agent, int64_t now, int64_t *no);
    /* The newest first, HUB_HELD_SHOWN_MOST and one at most. */
    plt_status (*list)(hub_store *s, const hub_held_query *q, bool (*each)(void *ctx, const hub_held_row *r), void *ctx);
    /* The same of an account's own: those that one of its print names printed, of tenants in the scope. */
    plt_status (*list_own)(hub_store *s, int64_t scope, const char *account, int64_t now, bool (*each)(void *ctx, const hub_held_row *r), void *ctx);
    /* The tenant of such a job, held or over; PLT_NOTFOUND: it is not there, or it is somebody else's. */
    plt_status (*place_of_own)(hub_store *s, int64_t scope, const char *account, const char *agent, const char *uid, int64_t *tenant_id);
    /* In a transaction. PLT_NOTFOUND: no such job. */
    plt_status (*ask)(hub_store *s, int64_t tenant_id, const plt_held_order *o, const char *agent, int64_t now, int64_t *no, hub_held_answer *answer);
    plt_status (*one)(hub_store *s, int64_t tenant_id, const char *agent, const char *uid, bool (*each)(void *ctx, const hub_held_row *r), void *ctx);
} hub_held_ops;

extern const hub_held_ops hub_held_store;

#endif
