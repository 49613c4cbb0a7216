/* SPDX-License-Identifier: Apache-2.0 */
/* The list of agents. It must never end a file in the middle of an agent, nor without saying that there are more. */
#include "hub/agents_list.h"

#include <string.h>

#include "core/util/text.h"
#include "hub/agent_page.h"
#include "hub/csv.h"
#include "hub/handler.h"
#include "hub/list_page.h"
#include "os/clock.h"

#define LIMIT_DEFAULT 50
#define LIMIT_MAX 200
#define TOTAL_MAX 100000
#define PAGE_BUDGET_MS 8000
#define TOTAL_BUDGET_MS 1000
#define SEARCH_MAX 512
#define AGENT_MAX (16u << 10) /* of one agent in any form: its names are 1 KiB at most, and escapes */

static void put_agent(plt_buf *b, const hub_agent *a)
{
    plt_buf_byte(b, '{');
    plt_json_text(b, "id", a->id);
    plt_json_key(b, "machine"); /* never null: the list is by it */
    plt_json_quote(b, a->machine);
    plt_json_text(b, "os", a->os);
    plt_json_text(b, "version", a->version);
    plt_json_text(b, "tenant", a->tenant);
    hub_json_time(b, "enrolled", a->enrolled);
    hub_json_time(b, "last_seen", a->last_seen);
    plt_json_count(b, "durable", a->durable);
    hub_json_time(b, "certificate_expires", a->certificate_expires);
    plt_json_bool(b, "revoked", a->revoked);
    plt_buf_byte(b, '}');
}

static void put_cells(plt_buf *b, const hub_agent *a)
{
    hub_csv_text(b, a->tenant);
    hub_csv_text(b, a->machine);
    hub_csv_text(b, a->id);
    hub_csv_text(b, a->os);
    hub_csv_text(b, a->version);
    hub_csv_time(b, a->enrolled);
    hub_csv_time(b, a->last_seen);
    hub_csv_number(b, a->durable);
    hub_csv_time(b, a->certificate_expires);
    hub_csv_text(b, a->revoked ? "revoked" : "");
    hub_csv_end(b);
}

/* A reply in the making: one agent more than asked for is fetched, to know whether there are more. */
typedef struct part {
    plt_buf *out;
    const hub_agent_query *query;
    hub_export form;
    int n;
    bool more;
    hub_agent last;
} part;

static bool add(void *ctx, const hub_agent *a)
{
    part *p = ctx;
    if (p->n == p->query->limit - 1 || p->out->len > HUB_REPLY_MAX - AGENT_MAX) {
        p->more = true;
        return false;
    }
    p->n++;
    p->last = *a;
    if (p->form == HUB_EXPORT_CSV) {
        put_cells(p->out, a);
    } else {
        if (p->form == HUB_EXPORT_NONE) plt_json_comma(p->out);
        put_agent(p->out, a);
        if (p->form == HUB_EXPORT_LINES) plt_buf_byte(p->out, '\n');
    }
    return p->out->status == PLT_OK;
}

static hub_step list(hub_worker *w, hub_task *t, hub_agent_query *q)
{
    char next[HUB_AGENT_CURSOR_TEXT] = "";
    int64_t total = 0;
    bool capped = false;
    q->budget_ms = TOTAL_BUDGET_MS;
    plt_status s = w->store->ops->agents_count(w->store, q, TOTAL_MAX, &total, &capped);
    if (s != PLT_OK) return hub_store_failed(w, t, s);
    part p = {.out = hub_items_begin(t), .query = q};
    q->budget_ms = PAGE_BUDGET_MS;
    q->expected = capped ? -1 : total;
    q->limit++;
    s = w->store->ops->agents(w->store, q, add, &p);
    if (s != PLT_OK) return hub_store_failed(w, t, s);
    if (total < p.n) total = p.n;
    if (p.more) hub_agent_cursor_of(q, &p.last, next);
    hub_page_end(p.out, next, total, capped);
    return HUB_DONE;
}

static hub_step file(hub_worker *w, hub_task *t, hub_agent_query *q, hub_export form)
{
    char next[HUB_AGENT_CURSOR_TEXT];
    part p = {.out = hub_csv_begin(&t->out), .query = q, .form = form};
    if (form == HUB_EXPORT_LINES) t->out.type = "application/jsonl";
    if (form == HUB_EXPORT_CSV && !q->after)
        plt_buf_text(p.out, "tenant,machine,agent,os,version,enrolled,last_seen,durable,certificate_expires,revoked\r\n");
    q->budget_ms = PAGE_BUDGET_MS;
    q->limit++;
    plt_status s = w->store->ops->agents(w->store, q, add, &p);
    if (s != PLT_OK) return hub_store_failed(w, t, s);
    if (p.more) {
        hub_agent_cursor_of(q, &p.last, next);
        plt_copy(t->out.next, sizeof t->out.next, next);
    }
    return hub_csv_done(&t->out);
}

hub_step hub_api_agents(hub_worker *w, hub_task *t)
{
    hub_agent_query q;
    hub_agent_cursor cursor;
    hub_export form;
    plt_buf search;
    if (!hub_export_form(t, &form)) return hub_bad_query(t, "format is json, csv or jsonl.");
    bool whole = form != HUB_EXPORT_NONE;
    plt_buf_init(&search, SEARCH_MAX);
    const char *fault =
        hub_agent_query_read(t, os_clock_unix_ms(), whole ? HUB_EXPORT_MAX : LIMIT_DEFAULT, whole ? HUB_EXPORT_MAX : LIMIT_MAX, &q, &cursor, &search);
    q.scope = t->session.scope;
    hub_step step = fault                                                                   ? hub_bad_query(t, fault)
                    : hub_query_text(t, "tenant") && !hub_tenant_pick(w, t, &q.scope, NULL) ? HUB_DONE
                    : whole                                                                 ? file(w, t, &q, form)
                                                                                            : list(w, t, &q);
    plt_buf_free(&search);
    return step;
}
