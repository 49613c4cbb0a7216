/* SPDX-License-Identifier: Apache-2.0 */
/* Orders to read, in SQL. One row for each agent and kind. */
#include "hub/store_orders.h"

#include <string.h>

#include "core/util/text.h"
#include "hub/store_parts.h"

static const char agent_get[] = "SELECT tenant_id, revoked FROM agents WHERE agent_id=?2 AND " IN_SCOPE("tenant_id");
static const char order_list[] = "SELECT what, order_no, state, printers, reason, asked, changed, until FROM read_orders"
                                 " WHERE tenant_id=?1 AND agent_id=?2 ORDER BY what";
static const char order_put[] =
    "INSERT INTO read_orders(tenant_id, agent_id, what, order_no, state, printers, reason, asked, changed, until)"
    " VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10) ON CONFLICT(tenant_id, agent_id, what) DO UPDATE SET order_no=excluded.order_no,"
    " state=excluded.state, printers=excluded.printers, reason=excluded.reason, asked=excluded.asked, changed=excluded.changed, until=excluded.until";

static plt_status agent_place(hub_store *h, int64_t scope, const char *agent, int64_t *tenant_id, bool *revoked)
{
    db_stmt *st = db_get(of(h), agent_get);
    db_bind_int(st, 1, scope);
    db_bind_text(st, 2, agent);
    plt_status status = db_row(of(h), st);
    *tenant_id = 0;
    *revoked = false;
    if (status != PLT_OK) return status;
    *tenant_id = db_int(st, 0);
    *revoked = db_int(st, 1) != 0;
    db_reset(st);
    return PLT_OK;
}

/* False: a kind or state of a later version. */
static bool read_row(db_stmt *st, const char *agent, hub_order *o)
{
    int64_t what = db_int(st, 0), state = db_int(st, 2);
    memset(o, 0, sizeof *o);
    plt_copy(o->agent, sizeof o->agent, agent);
    o->order.what = (plt_order_what)what;
    o->order.no = db_int(st, 1);
    o->order.state = (plt_order_state)state;
    o->order.printers = db_int(st, 3);
    db_copy(st, 4, o->order.reason, sizeof o->order.reason);
    o->asked = db_int(st, 5);
    o->changed = db_int(st, 6);
    o->until = db_int(st, 7);
    return what >= 0 && what < PLT_ORDER_KINDS && state >= 0 && state < PLT_ORDER_STATES;
}

static plt_status orders(hub_store *h, int64_t tenant_id, const char *agent, bool (*each)(void *ctx, const hub_order *o), void *ctx)
{
    plt_status status;
    hub_order o;
    db_stmt *st = db_get(of(h), order_list);
    db_bind_int(st, 1, tenant_id);
    db_bind_text(st, 2, agent);
    while ((status = db_row(of(h), st)) == PLT_OK)
        if (read_row(st, agent, &o) && !each(ctx, &o)) break;
    if (status == PLT_OK) db_reset(st);
    return status == PLT_NOTFOUND ? PLT_OK : status;
}

static plt_status put(hub_store *h, int64_t tenant_id, const hub_order *o)
{
    const int64_t numbers[] = {(int64_t)o->order.what, o->order.no, (int64_t)o->order.state, o->order.printers};
    const int64_t times[] = {o->asked, o->changed, o->until};
    db_stmt *st = db_get(of(h), order_put);
    db_bind_int(st, 1, tenant_id);
    db_bind_text(st, 2, o->agent);
    for (int i = 0; i < 4; i++) db_bind_int(st, 3 + i, numbers[i]);
    db_bind_text(st, 7, o->order.reason);
    for (int i = 0; i < 3; i++) db_bind_int(st, 8 + i, times[i]);
    return db_run(of(h), st);
}

typedef struct search {
    plt_order_what what;
    int64_t no; /* 0: of that kind; else of that number */
    hub_order found;
    bool hit;
} search;

static bool pick(void *ctx, const hub_order *o)
{
    search *s = ctx;
    s->hit = s->no ? o->order.no == s->no : o->order.what == s->what;
    if (s->hit) s->found = *o;
    return !s->hit;
}

/* The number first: its row is what two hubs take turns at, so that the second one sees the first one's order. */
static plt_status order_ask(hub_store *h, int64_t tenant_id, const char *agent, plt_order_what what, int64_t now, hub_order *out)
{
    int64_t no = 0;
    search s = {.what = what};
    plt_status status = store_next_number(of(h), tenant_id, "order", &no);
    if (status == PLT_OK) status = orders(h, tenant_id, agent, pick, &s);
    if (status != PLT_OK) return status;
    *out = s.found;
    if (s.hit && !plt_order_over(plt_order_now(s.found.order.state, s.found.until, now))) return PLT_OK;
    *out = (hub_order){.order = {.no = no, .what = what}, .asked = now, .changed = now, .until = now + PLT_ORDER_WAIT_MS};
    plt_copy(out->agent, sizeof out->agent, agent);
    return put(h, tenant_id, out);
}

/* Late words of an agent that was away count, as long as nobody asked anew. */
static plt_status order_said(hub_store *h, int64_t tenant_id, const char *agent, const plt_order *said, int64_t now)
{
    search s = {.no = said->no};
    plt_status status = said->no > 0 ? orders(h, tenant_id, agent, pick, &s) : PLT_NOTFOUND;
    if (status != PLT_OK) return status;
    if (!s.hit || plt_order_over(s.found.order.state)) return PLT_NOTFOUND;
    s.found.order.state = said->state;
    s.found.order.printers = said->printers;
    plt_copy(s.found.order.reason, sizeof s.found.order.reason, said->reason);
    s.found.changed = now;
    s.found.until = now + PLT_ORDER_READ_MS;
    return put(h, tenant_id, &s.found);
}

const hub_order_ops hub_order_store = {.agent_place = agent_place, .orders = orders, .order_ask = order_ask, .order_said = order_said};
