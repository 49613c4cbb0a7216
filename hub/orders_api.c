/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Orders to read. Whose an order is comes from the certificate on the agents' side, and from the scope on the console's. It must never promise a
 * reading: what is said is what the agent said, and what follows from the time.
 */
#include "hub/orders_api.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/util/text.h"
#include "hub/device_page.h"
#include "hub/device_view.h"
#include "hub/devices_api.h"
#include "hub/handler.h"
#include "hub/store_held.h"
#include "hub/store_orders.h"
#include "os/clock.h"
#include "os/log.h"

static const hub_order_ops *ops_of(const hub_store *s)
{
    return s->ops->orders;
}

/* ---- agents ---- */

typedef struct open_orders {
    int64_t now, newest;
    plt_order list[PLT_ORDER_KINDS];
    size_t n;
} open_orders;

static bool add_open(void *ctx, const hub_order *o)
{
    open_orders *l = ctx;
    if (plt_order_over(plt_order_now(o->order.state, o->until, l->now))) return true;
    if (o->order.no > l->newest) l->newest = o->order.no;
    l->list[l->n++] = o->order;
    return l->n < PLT_ORDER_KINDS;
}

plt_status hub_order_open(hub_store *s, int64_t tenant_id, const char *agent, int64_t now, int64_t *no)
{
    open_orders l = {.now = now};
    int64_t held = 0;
    plt_status status = ops_of(s)->orders(s, tenant_id, agent, add_open, &l);
    if (status == PLT_OK) status = s->ops->held->newest(s, tenant_id, agent, now, &held);
    *no = held > l.newest ? held : l.newest;
    return status;
}

hub_step hub_api_orders(hub_worker *w, hub_task *t)
{
    open_orders l = {.now = os_clock_unix_ms()};
    plt_status s = ops_of(w->store)->orders(w->store, t->agent.tenant_id, t->agent.id, add_open, &l);
    if (s == PLT_OK) s = plt_order_list_write(l.list, l.n, hub_reply_json(&t->out));
    return s == PLT_OK ? HUB_DONE : hub_store_failed(w, t, s);
}

/* An order that is not there any more needs no word: the agent has done its part. */
static plt_status write_report(hub_store *s, hub_task *t, int64_t now)
{
    plt_status status = ops_of(s)->order_said(s, t->agent.tenant_id, t->agent.id, t->more, now);
    return status == PLT_NOTFOUND ? PLT_OK : status;
}

hub_step hub_api_order_report(hub_worker *w, hub_task *t)
{
    plt_order *said = calloc(1, sizeof *said);
    t->more = said;
    if (!said) return hub_store_failed(w, t, PLT_NOMEM);
    if (plt_order_report_read(plt_buf_str(&t->in.body), t->in.body.len, said) != PLT_OK) {
        hub_problem(&t->out, 400, "malformed", "The request cannot be read", "It is no word on an order.", "Update the agent.");
        return HUB_DONE;
    }
    hub_reply_empty(&t->out);
    t->write = write_report;
    return HUB_WRITE;
}

/* ---- whom it is about ---- */

/* Agents with a lane each. */
typedef struct lanes {
    int64_t tenant_id;
    size_t n;
    struct {
        char agent[HUB_AGENT_ID], machine[256];
        plt_order_what what;
    } at[HUB_ORDERS_MOST];
} lanes;

static void add_lane(lanes *l, const hub_agent *a, plt_order_what what)
{
    for (size_t i = 0; i < l->n; i++)
        if (l->at[i].what == what && strcmp(l->at[i].agent, a->id) == 0) return;
    if (l->n == HUB_ORDERS_MOST) return;
    plt_copy(l->at[l->n].agent, sizeof l->at[l->n].agent, a->id);
    plt_copy(l->at[l->n].machine, sizeof l->at[l->n].machine, a->machine);
    l->at[l->n++].what = what;
}

/* Both lanes of the agent that the path names. PLT_DENIED: it is revoked. */
static plt_status lanes_of_agent(hub_store *s, const hub_task *t, lanes *l)
{
    hub_agent a;
    bool revoked = false;
    const char *id = t->in.path_arg[0];
    plt_status status = hub_id_valid(id) ? ops_of(s)->agent_place(s, t->session.scope, id, &l->tenant_id, &revoked) : PLT_NOTFOUND;
    if (status == PLT_OK && revoked) status = PLT_DENIED;
    if (status == PLT_OK) status = s->ops->agent_find(s, l->tenant_id, id, NULL, &a);
    for (int i = 0; status == PLT_OK && i < PLT_ORDER_KINDS; i++) add_lane(l, &a, (plt_order_what)i);
    return status;
}

/* Of the device that the path names: a lane for each way that still leads to it. PLT_DENIED: there is none. */
static plt_status lanes_of_device(hub_store *s, const hub_task *t, lanes *l)
{
    hub_view v;
    hub_agent a;
    int64_t no = hub_device_number(t->in.path_arg[0]);
    plt_status status = hub_device_of(s, t->session.scope, no, &l->tenant_id);
    if (status != PLT_OK) return status;
    status = hub_view_load(s, l->tenant_id, no, &v);
    for (size_t i = 0; status == PLT_OK && i < v.n; i++) {
        const hub_way *w = &v.ways[i].way;
        if (w->ended || s->ops->agent_find(s, l->tenant_id, w->agent, NULL, &a) != PLT_OK || a.revoked) continue;
        add_lane(l, &a, strcmp(w->via, "usb") == 0 ? PLT_ORDER_USB : PLT_ORDER_NET);
    }
    hub_view_free(&v);
    return status == PLT_OK && !l->n ? PLT_DENIED : status;
}

static hub_step no_lanes(hub_worker *w, hub_task *t, plt_status s, const char *what)
{
    if (s == PLT_NOTFOUND) return hub_not_there(t, what);
    if (s != PLT_DENIED) return hub_store_failed(w, t, s);
    hub_problem(&t->out, 409, "nobody-reads", "Nobody can read it now", "The agent was revoked, or no agent reaches the printer any more.",
                "Enrol the machine again, or connect the printer.");
    return HUB_DONE;
}

/* ---- what is said ---- */

static void put_order(plt_buf *b, const hub_order *o, const char *machine, int64_t now)
{
    plt_order_state state = plt_order_now(o->order.state, o->until, now);
    bool over = plt_order_over(state);
    plt_json_comma(b);
    plt_buf_byte(b, '{');
    plt_json_text(b, "agent", o->agent);
    plt_json_text(b, "machine", machine);
    plt_json_text(b, "what", plt_order_what_word(o->order.what));
    plt_json_count(b, "no", o->order.no);
    plt_json_text(b, "state", plt_order_state_word(state));
    hub_json_time(b, "asked", o->asked);
    hub_json_time(b, "changed", state == o->order.state ? o->changed : o->until);
    hub_json_time(b, "until", over ? 0 : o->until);
    plt_json_count(b, "printers", state == PLT_ORDER_DONE || state == PLT_ORDER_BUSY ? o->order.printers : -1);
    plt_json_text(b, "reason", o->order.reason);
    plt_buf_byte(b, '}');
}

typedef struct showing {
    plt_buf *out;
    const lanes *of;
    size_t i;
    int64_t now;
} showing;

static bool show_order(void *ctx, const hub_order *o)
{
    const showing *s = ctx;
    if (o->order.what == s->of->at[s->i].what) put_order(s->out, o, s->of->at[s->i].machine, s->now);
    return s->out->status == PLT_OK;
}

static hub_step show(hub_worker *w, hub_task *t, const lanes *l)
{
    plt_status s = PLT_OK;
    showing to = {.out = hub_items_begin(t), .of = l, .now = os_clock_unix_ms()};
    for (; s == PLT_OK && to.i < l->n; to.i++) s = ops_of(w->store)->orders(w->store, l->tenant_id, l->at[to.i].agent, show_order, &to);
    return hub_items_end(w, t, s);
}

static hub_step show_of(hub_worker *w, hub_task *t, plt_status (*whom)(hub_store *s, const hub_task *t, lanes *l), const char *none)
{
    lanes l = {.n = 0};
    plt_status s = whom(w->store, t, &l);
    if (s == PLT_DENIED) l.n = 0; /* nobody, so nothing was asked */
    return s == PLT_OK || s == PLT_DENIED ? show(w, t, &l) : no_lanes(w, t, s, none);
}

/* ---- asking ---- */

static plt_status write_orders(hub_store *s, hub_task *t, int64_t now)
{
    const lanes *l = t->more;
    plt_status status = PLT_OK;
    plt_buf *b = hub_items_begin(t);
    t->order_tenant = l->tenant_id;
    t->audit_tenant = l->tenant_id;
    for (size_t i = 0; status == PLT_OK && i < l->n; i++) {
        hub_order o;
        status = ops_of(s)->order_ask(s, l->tenant_id, l->at[i].agent, l->at[i].what, now, &o);
        if (status != PLT_OK) break;
        put_order(b, &o, l->at[i].machine, now);
        plt_copy(t->orders[t->order_count].agent, sizeof t->orders->agent, o.agent);
        t->orders[t->order_count++].no = o.order.no;
    }
    plt_buf_text(b, "]}");
    if (status != PLT_OK) t->order_count = 0;
    return status == PLT_OK ? b->status : status;
}

static void log_orders(hub_task *t)
{
    const lanes *l = t->more;
    for (size_t i = 0; i < l->n; i++)
        os_log(OS_LOG_INFO, "agent %s is asked by %s to read now (%s)", l->at[i].agent, t->session.name, plt_order_what_word(l->at[i].what));
}

static hub_step ask(hub_worker *w, hub_task *t, plt_status (*whom)(hub_store *s, const hub_task *t, lanes *l), const char *none, int only)
{
    lanes *l = calloc(1, sizeof *l);
    t->more = l;
    if (!l) return hub_store_failed(w, t, PLT_NOMEM);
    plt_status s = whom(w->store, t, l);
    if (s != PLT_OK) return no_lanes(w, t, s, none);
    if (only < PLT_ORDER_KINDS) {
        l->at[0] = l->at[only];
        l->n = 1;
    }
    hub_reply_json(&t->out);
    t->write = write_orders;
    t->after = log_orders;
    return HUB_WRITE;
}

hub_step hub_api_agent_read(hub_worker *w, hub_task *t)
{
    static const char *const words[] = {"usb", "net", "all"};
    cJSON *o = hub_json_read(plt_buf_str(&t->in.body), t->in.body.len);
    const char *what = hub_json_get(o, "what");
    int only = what ? hub_word_of(what, words, 3) : -1;
    if (only >= 0) snprintf(t->detail, sizeof t->detail, "%s", words[only]);
    cJSON_Delete(o);
    if (only < 0) return hub_bad_request(t, "what is usb, net or all.");
    return ask(w, t, lanes_of_agent, "There is no such agent", only);
}

hub_step hub_api_agent_reads(hub_worker *w, hub_task *t)
{
    return show_of(w, t, lanes_of_agent, "There is no such agent");
}

hub_step hub_api_device_read(hub_worker *w, hub_task *t)
{
    return ask(w, t, lanes_of_device, "There is no such device", PLT_ORDER_KINDS);
}

hub_step hub_api_device_reads(hub_worker *w, hub_task *t)
{
    return show_of(w, t, lanes_of_device, "There is no such device");
}
