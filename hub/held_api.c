/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Held jobs. Whose they are comes from the certificate on the agents' side, and from the scope on the console's. It must never promise that a job
 * prints: what is said of an order is what the agent said, and what follows from the time. Without the right to persons neither who nor what is
 * shown, but of one's own jobs; somebody else's is answered there as one that does not exist.
 */
#include "hub/held_api.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/util/text.h"
#include "hub/handler.h"
#include "hub/print_names_api.h"
#include "hub/store_held.h"
#include "hub/store_orders.h"
#include "os/clock.h"
#include "os/log.h"

/* ---- agents ---- */

hub_step hub_api_held_orders(hub_worker *w, hub_task *t)
{
    plt_held_orders *o = t->more = malloc(sizeof *o);
    plt_status s = o ? w->store->ops->held->open(w->store, t->agent.tenant_id, t->agent.id, os_clock_unix_ms(), o) : PLT_NOMEM;
    if (s == PLT_OK) s = plt_held_orders_write(o, hub_reply_json(&t->out));
    return s == PLT_OK ? HUB_DONE : hub_store_failed(w, t, s);
}

static plt_status write_told(hub_store *s, hub_task *t, int64_t now)
{
    int64_t seq = 0;
    bool taken = false;
    plt_status status = s->ops->held->told(s, t->agent.tenant_id, t->agent.id, t->more, now, &seq, &taken);
    return status == PLT_OK ? plt_held_taken_write(seq, taken, hub_reply_json(&t->out)) : status;
}

hub_step hub_api_held_told(hub_worker *w, hub_task *t)
{
    plt_held_list *l = NULL;
    plt_status s = plt_held_list_read(plt_buf_str(&t->in.body), t->in.body.len, &l);
    t->more = l;
    if (s == PLT_NOMEM) return hub_store_failed(w, t, s);
    if (s != PLT_OK) {
        hub_problem(&t->out, 400, "malformed", "The request cannot be read", "It is no list of held jobs.", "Update the agent.");
        return HUB_DONE;
    }
    t->write = write_told;
    return HUB_WRITE;
}

/* ---- what is said ---- */

static int64_t count(plt_maybe n)
{
    return n.known ? (int64_t)n.n : -1;
}

static void put_order(plt_buf *b, const hub_held_row *r, int64_t now)
{
    plt_held_end end = plt_held_now(r->end, r->until, now);
    plt_json_key(b, "order");
    if (!r->order_no) {
        plt_buf_text(b, "null");
        return;
    }
    plt_buf_byte(b, '{');
    plt_json_count(b, "no", r->order_no);
    plt_json_text(b, "act", plt_held_act_word(r->act));
    plt_json_text(b, "state", plt_held_end_word(end));
    plt_json_text(b, "by", r->by);
    hub_json_time(b, "asked", r->asked);
    hub_json_time(b, "changed", end == PLT_HELD_EXPIRED ? r->until : r->changed);
    hub_json_time(b, "until", end == PLT_HELD_ASKED ? r->until : 0);
    plt_buf_byte(b, '}');
}

static void put_row(plt_buf *b, const hub_held_row *r, bool persons, int64_t now)
{
    const plt_held_job *j = &r->job;
    plt_json_comma(b);
    plt_buf_byte(b, '{');
    plt_json_text(b, "agent", r->agent);
    plt_json_text(b, "uid", j->uid);
    plt_json_text(b, "tenant", r->tenant);
    plt_json_text(b, "pc", r->pc);
    plt_json_text(b, "machine", j->machine);
    plt_json_text(b, "user", persons ? j->user : NULL);
    plt_json_text(b, "document", persons ? j->document : NULL);
    plt_json_text(b, "queue", j->queue);
    plt_json_text(b, "device", j->device);
    plt_json_text(b, "rule", j->rule);
    plt_json_count(b, "pages", count(j->pages));
    plt_json_count(b, "copies", count(j->copies));
    plt_json_count(b, "sheets", count(j->sheets));
    plt_json_count(b, "color_pages", count(j->color_pages));
    plt_json_count(b, "cost", count(j->cost));
    plt_json_text(b, "currency", j->currency);
    hub_json_time(b, "since", j->since);
    hub_json_time(b, "until", j->until);
    plt_json_bool(b, "held", r->held);
    hub_json_time(b, "told", r->told);
    hub_json_time(b, "last_seen", r->last_seen);
    plt_json_bool(b, "silent", r->last_seen < now - HUB_SILENT_MS);
    put_order(b, r, now);
    plt_buf_byte(b, '}');
}

/* ---- the list ---- */

typedef struct page {
    plt_buf *out;
    bool persons;
    int64_t now;
    int n;
} page;

static bool show(void *ctx, const hub_held_row *r)
{
    page *p = ctx;
    if (p->n++ == HUB_HELD_SHOWN_MOST) return false;
    put_row(p->out, r, p->persons, p->now);
    return p->out->status == PLT_OK;
}

static const char *part(const hub_task *t, const char *name)
{
    const char *v = hub_query_text(t, name);
    return v ? v : "";
}

hub_step hub_api_held(hub_worker *w, hub_task *t)
{
    int64_t now = os_clock_unix_ms();
    page p = {.persons = hub_holds(t->session.rights, HUB_RIGHT_PERSONS), .now = now};
    hub_held_query q = {.scope = t->session.scope, .now = now, .user = part(t, "user"), .printer = part(t, "printer"), .machine = part(t, "machine")};
    if (*q.user && !p.persons) {
        hub_problem(&t->out, 403, "forbidden", "Your role does not show names", "Searching by user takes the right persons.",
                    "Ask an administrator for it.");
        return HUB_DONE;
    }
    p.out = hub_items_begin(t);
    plt_status s = w->store->ops->held->list(w->store, &q, show, &p);
    if (s != PLT_OK) return hub_store_failed(w, t, s);
    plt_buf_byte(p.out, ']');
    plt_json_bool(p.out, "more", p.n > HUB_HELD_SHOWN_MOST);
    plt_buf_byte(p.out, '}');
    return p.out->status == PLT_OK ? HUB_DONE : hub_store_failed(w, t, p.out->status);
}

static bool put_name(void *ctx, const hub_print_name *n)
{
    plt_buf *b = ctx;
    plt_json_comma(b);
    plt_buf_byte(b, '{');
    hub_print_name_put(b, n);
    plt_buf_byte(b, '}');
    return b->status == PLT_OK;
}

hub_step hub_api_own_held(hub_worker *w, hub_task *t)
{
    hub_store *s = w->store;
    page p = {.persons = true, .now = os_clock_unix_ms(), .out = hub_items_begin(t)};
    plt_status status = s->ops->held->list_own(s, t->session.scope, t->session.name, p.now, show, &p);
    plt_buf_byte(p.out, ']');
    plt_json_bool(p.out, "more", p.n > HUB_HELD_SHOWN_MOST);
    plt_json_key(p.out, "names");
    plt_buf_byte(p.out, '[');
    if (status == PLT_OK) status = s->people->print_names(s, t->session.name, put_name, p.out);
    plt_buf_text(p.out, "]}");
    if (status == PLT_OK) status = p.out->status;
    return status == PLT_OK ? HUB_DONE : hub_store_failed(w, t, status);
}

/* ---- orders ---- */

typedef struct asking {
    bool own; /* only if it is the caller's; the tenant is the job's then */
    int64_t tenant_id;
    char agent[HUB_AGENT_ID];
    plt_held_order order;
} asking;

static bool put_one(void *ctx, const hub_held_row *r)
{
    const page *p = ctx;
    put_row(p->out, r, p->persons, p->now);
    return false;
}

static plt_status refuse(hub_task *t, hub_held_answer a)
{
    if (a == HUB_HELD_NOT_HELD)
        hub_problem(&t->out, 409, "not-held", "The job is not held any more", "It was released, cancelled, or its time was over.",
                    "Look at its record.");
    else
        hub_problem(&t->out, 409, "asked-otherwise", "The agent was asked for the opposite", "It has not said yet what became of that.",
                    "Wait until it has, for fifteen minutes at most.");
    return PLT_EXISTS;
}

/* Whose it is, is asked in the transaction that gives the order: a name that has just gone to somebody else orders nothing any more. */
static plt_status find_own(hub_store *s, hub_task *t, asking *a)
{
    if (!a->own) return PLT_OK;
    return s->ops->held->place_of_own(s, t->session.scope, t->session.name, a->agent, a->order.uid, &a->tenant_id);
}

static plt_status write_order(hub_store *s, hub_task *t, int64_t now)
{
    asking *a = t->more;
    const hub_held_ops *ops = s->ops->held;
    hub_held_answer answer = HUB_HELD_ASKED;
    int64_t no = 0;
    page p = {.persons = a->own || hub_holds(t->session.rights, HUB_RIGHT_PERSONS), .now = now};
    plt_status status = find_own(s, t, a);
    t->audit_tenant = t->order_tenant = a->tenant_id;
    if (status == PLT_OK) status = ops->ask(s, a->tenant_id, &a->order, a->agent, now, &no, &answer);
    if (status == PLT_NOTFOUND) hub_not_there(t, "There is no such held job");
    if (status == PLT_OK && answer != HUB_HELD_ASKED) status = refuse(t, answer);
    if (status != PLT_OK) return status;
    p.out = hub_reply_json(&t->out);
    status = ops->one(s, a->tenant_id, a->agent, a->order.uid, put_one, &p);
    plt_copy(t->orders[0].agent, sizeof t->orders[0].agent, a->agent);
    t->orders[0].no = no;
    t->order_count = status == PLT_OK ? 1 : 0;
    return status == PLT_OK ? p.out->status : status;
}

static void log_order(hub_task *t)
{
    const asking *a = t->more;
    os_log(OS_LOG_INFO, "agent %s is asked by %s to %s job %s", a->agent, t->session.name, plt_held_act_word(a->order.act), a->order.uid);
}

static bool read_act(const hub_task *t, plt_held_act *out)
{
    cJSON *o = hub_json_read(plt_buf_str(&t->in.body), t->in.body.len);
    const char *word = hub_json_get(o, "act");
    bool good = word && plt_held_act_find(word, out);
    cJSON_Delete(o);
    return good;
}

/* The order that the path and the body are; HUB_WRITE, or the refusal. */
static hub_step begin_order(hub_worker *w, hub_task *t)
{
    const char *agent = t->in.path_arg[0], *uid = t->in.path_arg[1];
    asking *a = t->more = calloc(1, sizeof *a);
    if (!a) return hub_store_failed(w, t, PLT_NOMEM);
    if (!read_act(t, &a->order.act)) return hub_bad_request(t, "act is release or cancel.");
    snprintf(t->detail, sizeof t->detail, "%s", plt_held_act_word(a->order.act));
    bool named = hub_id_valid(agent) && plt_copy(a->agent, sizeof a->agent, agent) && plt_copy(a->order.uid, sizeof a->order.uid, uid);
    if (!named) return hub_not_there(t, "There is no such held job");
    plt_copy(a->order.by, sizeof a->order.by, t->session.name);
    t->write = write_order;
    t->after = log_order;
    return HUB_WRITE;
}

hub_step hub_api_held_act(hub_worker *w, hub_task *t)
{
    bool revoked = false;
    hub_step step = begin_order(w, t);
    if (step != HUB_WRITE) return step;
    asking *a = t->more;
    plt_status s = w->store->ops->orders->agent_place(w->store, t->session.scope, a->agent, &a->tenant_id, &revoked);
    if (s == PLT_NOTFOUND || revoked) return hub_not_there(t, "There is no such held job");
    return s == PLT_OK ? HUB_WRITE : hub_store_failed(w, t, s);
}

hub_step hub_api_own_held_act(hub_worker *w, hub_task *t)
{
    hub_step step = begin_order(w, t);
    if (step == HUB_WRITE) ((asking *)t->more)->own = true;
    return step;
}
