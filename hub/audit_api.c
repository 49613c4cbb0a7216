/* SPDX-License-Identifier: Apache-2.0 */
/* Reading the audit log: a page of lines, all of them as CSV, and whether the chain is whole. It never writes one. */
#include "hub/audit_api.h"

#include <string.h>

#include "core/util/text.h"
#include "hub/csv.h"
#include "hub/handler.h"

#define LIMIT 100
#define LIMIT_MAX 500

typedef struct audit_page {
    plt_buf *out;
    int64_t limit, n, last;
    bool more;
} audit_page;

static bool put_line(void *ctx, int64_t seq, const char *line)
{
    audit_page *p = ctx;
    if (p->n == p->limit) {
        p->more = true;
        return false;
    }
    p->n++;
    p->last = seq;
    plt_json_comma(p->out);
    plt_buf_text(p->out, line);
    return p->out->status == PLT_OK;
}

static const char *const columns[] = {"at", "who", "how", "address", "action", "object", "detail", "prev"};
#define COLUMNS (sizeof columns / sizeof *columns)

static bool put_row(void *ctx, int64_t seq, const char *line)
{
    plt_buf *b = ctx;
    cJSON *o = hub_json_read(line, strlen(line));
    hub_csv_number(b, seq);
    for (size_t i = 0; i < COLUMNS; i++) {
        const char *v = hub_json_get(o, columns[i]);
        hub_csv_text(b, v ? v : "");
    }
    hub_csv_end(b);
    cJSON_Delete(o);
    return b->status == PLT_OK;
}

static hub_step audit_csv(hub_worker *w, hub_task *t, hub_audit_query *q)
{
    plt_buf *b = hub_csv_begin(&t->out);
    q->limit = INT64_MAX;
    hub_csv_text(b, "seq");
    for (size_t i = 0; i < COLUMNS; i++) hub_csv_text(b, columns[i]);
    hub_csv_end(b);
    plt_status s = w->store->people->audit(w->store, t->session.scope, q, put_row, b);
    return s == PLT_OK ? hub_csv_done(&t->out) : hub_store_failed(w, t, s);
}

static const char *read_query(const hub_task *t, hub_audit_query *q)
{
    const char *from = hub_query_text(t, "from"), *to = hub_query_text(t, "to");
    *q = (hub_audit_query){.who = hub_query_text(t, "who"), .action = hub_query_text(t, "action")};
    q->limit = hub_query_number(t, "limit", LIMIT, LIMIT_MAX);
    q->before = hub_query_number(t, "before", 0, INT64_MAX);
    if (q->limit < 0 || q->before < 0) return "limit is a number from 1 to 500, before a line's number.";
    if ((from && !plt_time_parse(from, &q->from)) || (to && !plt_time_parse(to, &q->to))) return "from and to are RFC 3339 times.";
    if (q->action && (strspn(q->action, "abcdefghijklmnopqrstuvwxyz.-") != strlen(q->action) || strlen(q->action) >= HUB_ACTION_SIZE))
        return "action is a word of the log (users.add), or what it begins with (users).";
    return NULL;
}

hub_step hub_api_audit(hub_worker *w, hub_task *t)
{
    hub_audit_query q;
    const char *format = hub_query_text(t, "format");
    const char *fault = read_query(t, &q);
    if (fault) return hub_bad_query(t, fault);
    if (t->in.csv || (format && strcmp(format, "csv") == 0)) return audit_csv(w, t, &q);
    audit_page p = {.out = hub_items_begin(t), .limit = q.limit};
    q.limit++; /* one more than is shown: is there a next page? */
    plt_status s = w->store->people->audit(w->store, t->session.scope, &q, put_line, &p);
    if (s != PLT_OK) return hub_store_failed(w, t, s);
    plt_buf_byte(p.out, ']');
    plt_json_count(p.out, "next", p.more ? p.last : -1);
    plt_buf_byte(p.out, '}');
    return HUB_DONE;
}

/* The chain is the whole hub's: that it is whole, and how long, is no secret of a tenant. */
hub_step hub_api_audit_check(hub_worker *w, hub_task *t)
{
    int64_t seq = 0, from = 1;
    if (!hub_heavy_take(w->hub)) {
        hub_problem(&t->out, 503, "busy", "The hub is busy with another check", NULL, "Try again in a few seconds.");
        t->out.retry_after = 5;
        return HUB_DONE;
    }
    plt_status s = w->store->people->audit_check(w->store, &seq, &from);
    hub_heavy_give(w->hub);
    if (s != PLT_OK && s != PLT_BAD) return hub_store_failed(w, t, s);
    plt_buf *b = hub_reply_json(&t->out);
    plt_buf_byte(b, '{');
    plt_json_bool(b, "whole", s == PLT_OK);
    plt_json_count(b, "from", from);
    plt_json_count(b, "lines", s == PLT_OK ? seq - from + 1 : -1);
    plt_json_count(b, "wrong", s == PLT_OK ? -1 : seq);
    plt_buf_byte(b, '}');
    return HUB_DONE;
}
