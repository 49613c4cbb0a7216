/* SPDX-License-Identifier: Apache-2.0 */
/* What the console shows: jobs, agents, the day's overview. Reading happens on the worker's own connection, each query with a budget of time. */
#include "hub/console_api.h"

#include <stdlib.h>
#include <string.h>

#include "core/util/text.h"
#include "hub/handler.h"
#include "hub/jobs_export.h"
#include "hub/people.h"
#include "hub/store_devices.h"
#include "os/clock.h"
#include "os/log.h"

#define LIMIT_DEFAULT 50
#define LIMIT_MAX 200
#define OWN_JOBS_MOST 50
#define OWN_JOBS_MS (30 * 24 * 60 * 60 * (int64_t)1000)
#define TOTAL_MAX 100000
#define PAGE_BUDGET_MS 8000
#define TOTAL_BUDGET_MS 1000
#define SEARCH_TEXT_MAX 1024
#define DAY_MS (86400 * (int64_t)1000)

/* ---- jobs ---- */

static hub_sight sight_of(const hub_task *t)
{
    return (hub_sight){.persons = hub_holds(t->session.rights, HUB_RIGHT_PERSONS), .accounts = hub_holds(t->session.rights, HUB_RIGHT_ACCOUNTS)};
}

void hub_job_put(plt_buf *b, const hub_job *j, const hub_sight *sees)
{
    plt_json_text(b, "agent", j->agent);
    plt_json_count(b, "seq", j->seq);
    plt_json_text(b, "uid", j->uid);
    plt_json_text(b, "tenant", j->tenant);
    hub_json_time(b, "time", j->time);
    hub_json_time(b, "received", j->received);
    plt_json_text(b, "machine", j->machine);
    plt_json_text(b, "user", sees->persons ? j->user : NULL);
    plt_json_text(b, "queue", j->queue);
    plt_json_text(b, "port", j->port);
    plt_json_text(b, "document", sees->persons ? j->document : NULL);
    plt_json_text(b, "outcome", j->outcome);
    plt_json_count(b, "bytes", j->bytes);
    plt_json_text(b, "language", j->language);
    plt_json_count(b, "pages", j->pages);
    plt_json_count(b, "copies", j->copies);
    plt_json_count(b, "impressions", j->impressions);
    plt_json_count(b, "sheets", j->sheets);
    plt_json_count(b, "color_pages", j->color_pages);
    plt_json_text(b, "duplex", j->duplex);
    plt_json_text(b, "paper", j->paper);
    plt_json_text(b, "confidence", j->confidence);
    plt_json_text(b, "source", j->source);
    plt_json_text(b, "account", sees->accounts ? j->account : NULL);
}

void hub_job_cursor(const hub_job_query *q, const hub_job *j, hub_cursor *out)
{
    *out = (hub_cursor){.sort = q->sort, .descending = q->descending, .tenant_id = j->tenant_id, .seq = j->seq};
    plt_copy(out->agent, sizeof out->agent, j->agent);
}

static const char *read_order(const hub_task *t, hub_job_query *q)
{
    static const char *const sorts[HUB_SORTS] = {"time", "user", "queue", "document", "pages", "machine"};
    int sort = HUB_SORT_TIME;
    q->descending = true;
    const char *fault = hub_order_read(t, sorts, HUB_SORTS, "sort is time, user, queue, document, pages or machine.", &sort, &q->descending);
    q->sort = (hub_sort)sort;
    return fault;
}

/* The query of a task; NULL, or what is wrong with it. `cursor` and `search` hold what q points to. */
static const char *read_query(const hub_task *t, bool file, hub_job_query *q, hub_cursor *cursor, plt_buf *search)
{
    *q = (hub_job_query){.scope = t->session.scope, .from = INT64_MIN, .to = INT64_MAX, .expected = -1};
    const char *fault = read_order(t, q), *v;
    int64_t limit = hub_query_number(t, "limit", file ? HUB_EXPORT_MAX : LIMIT_DEFAULT, file ? HUB_EXPORT_MAX : LIMIT_MAX);
    if (!fault && limit < 0) fault = file ? "limit is a number from 1 to 10000." : "limit is a number from 1 to 200.";
    if (fault) return fault;
    q->limit = (int)limit;
    q->user = hub_query_text(t, "user");
    q->queue = hub_query_text(t, "queue");
    q->machine = hub_query_text(t, "machine");
    q->account = hub_query_text(t, "account");
    q->outcome = hub_query_text(t, "outcome");
    if ((v = hub_query_text(t, "from")) != NULL && !plt_time_parse(v, &q->from)) return "from is no RFC 3339 time.";
    if ((v = hub_query_text(t, "to")) != NULL && !plt_time_parse(v, &q->to)) return "to is no RFC 3339 time.";
    fault = hub_search_read(t, search, &q->search, "q is longer than 1024 bytes.");
    if (fault) return fault;
    if ((v = hub_query_text(t, "cursor")) != NULL) {
        if (!hub_cursor_parse(v, cursor) || cursor->sort != q->sort || cursor->descending != q->descending) return "cursor is not of this list.";
        q->after = cursor;
    }
    return NULL;
}

/* A page in the making: one job more than asked for is fetched, to know whether there is a next page. */
typedef struct page {
    plt_buf *out;
    const hub_job_query *query;
    hub_sight sees;
    int n;
    bool more;
    hub_cursor last;
} page;

static bool add_job(void *ctx, const hub_job *j)
{
    page *p = ctx;
    if (p->n == p->query->limit - 1) {
        p->more = true;
        return false;
    }
    p->n++;
    plt_json_comma(p->out);
    plt_buf_byte(p->out, '{');
    hub_job_put(p->out, j, &p->sees);
    plt_buf_byte(p->out, '}');
    hub_job_cursor(p->query, j, &p->last);
    return p->out->status == PLT_OK;
}

static hub_step list_jobs(hub_worker *w, hub_task *t, hub_job_query *q)
{
    char next[HUB_CURSOR_TEXT] = "";
    int64_t total = 0;
    bool capped = false;
    q->budget_ms = TOTAL_BUDGET_MS;
    plt_status s = w->store->ops->jobs_count(w->store, q, TOTAL_MAX, &total, &capped);
    if (s != PLT_OK) return hub_store_failed(w, t, s);
    page p = {.out = hub_items_begin(t), .query = q, .sees = sight_of(t)};
    q->budget_ms = PAGE_BUDGET_MS;
    q->expected = total;
    q->limit++;
    s = w->store->ops->jobs(w->store, q, add_job, &p);
    if (s == PLT_NOTFOUND) return hub_bad_query(t, "The row that cursor names is gone.");
    if (s != PLT_OK) return hub_store_failed(w, t, s);
    if (total < p.n) total = p.n;
    if (p.more) hub_cursor_format(&p.last, next);
    hub_page_end(p.out, next, total, capped);
    return HUB_DONE;
}

/* Neither an order nor a filter may tell what the list itself does not; a cursor's row must be one that the caller may see. */
static hub_step allowed_jobs(hub_worker *w, hub_task *t, hub_job_query *q, hub_export form)
{
    bool personal = q->user || q->search || q->sort == HUB_SORT_USER || q->sort == HUB_SORT_DOCUMENT;
    const hub_sight sees = sight_of(t);
    if (q->account && !sees.accounts) {
        hub_problem(&t->out, 403, "forbidden", "Your role does not show what jobs are charged to", NULL,
                    "Leave out account, or ask an administrator.");
        return HUB_DONE;
    }
    if (personal && !sees.persons) {
        hub_problem(&t->out, 403, "forbidden", "Your role does not show who printed what", NULL,
                    "Leave out q, user and their orders, or ask an administrator.");
        return HUB_DONE;
    }
    plt_status s = q->after ? w->store->people->within(w->store, q->scope, q->after->tenant_id) : PLT_OK;
    if (s == PLT_NOTFOUND) return hub_bad_query(t, "The row that cursor names is gone.");
    if (s != PLT_OK) return hub_store_failed(w, t, s);
    return form == HUB_EXPORT_NONE ? list_jobs(w, t, q) : hub_jobs_export(w, t, q, &sees, form);
}

hub_step hub_api_jobs(hub_worker *w, hub_task *t)
{
    hub_job_query q;
    hub_cursor cursor;
    plt_buf search;
    hub_export form;
    if (!hub_export_form(t, &form)) return hub_bad_query(t, "format is json, csv or jsonl.");
    plt_buf_init(&search, SEARCH_TEXT_MAX);
    const char *fault = read_query(t, form != HUB_EXPORT_NONE, &q, &cursor, &search);
    hub_step step = fault ? hub_bad_query(t, fault) : allowed_jobs(w, t, &q, form);
    plt_buf_free(&search);
    return step;
}

/* A person's own: names are theirs, and the account is what they chose. */
static bool put_own(void *ctx, const hub_job *j)
{
    const hub_sight all = {.persons = true, .accounts = true};
    plt_buf *b = ctx;
    plt_json_comma(b);
    plt_buf_byte(b, '{');
    hub_job_put(b, j, &all);
    plt_buf_byte(b, '}');
    return b->status == PLT_OK;
}

hub_step hub_api_own_jobs(hub_worker *w, hub_task *t)
{
    int64_t from = os_clock_unix_ms() - OWN_JOBS_MS;
    plt_buf *b = hub_items_begin(t);
    return hub_items_end(w, t, w->store->ops->own_jobs(w->store, t->session.scope, t->session.name, from, OWN_JOBS_MOST, put_own, b));
}

static bool put_details(void *ctx, const hub_job *j, const hub_record *r)
{
    hub_task *t = ctx;
    const hub_sight sees = sight_of(t);
    plt_buf *b = hub_reply_json(&t->out);
    char hash[65];
    plt_hex(hash, r->hash, 32);
    plt_buf_byte(b, '{');
    hub_job_put(b, j, &sees);
    plt_json_text(b, "record", sees.persons ? r->line : NULL);
    plt_json_text(b, "hash", hash);
    plt_buf_byte(b, '}');
    return true;
}

hub_step hub_api_job(hub_worker *w, hub_task *t)
{
    char *end = NULL;
    const char *number = t->in.path_arg[1];
    long long seq = strtoll(number, &end, 10);
    if (!hub_id_valid(t->in.path_arg[0]) || end == number || *end || seq < 1) return hub_not_there(t, "There is no such job");
    plt_status s = w->store->ops->job_get(w->store, t->session.scope, t->in.path_arg[0], seq, put_details, t);
    if (s == PLT_NOTFOUND) return hub_not_there(t, "There is no such job");
    return s == PLT_OK ? HUB_DONE : hub_store_failed(w, t, s);
}

/* ---- agents ---- */

static void log_revocation(hub_task *t)
{
    os_log(OS_LOG_INFO, "agent %s revoked by %s", t->in.path_arg[0], t->session.name);
}

static plt_status write_revocation(hub_store *s, hub_task *t, int64_t now)
{
    (void)now;
    plt_status status = s->ops->agent_revoke(s, t->session.scope, t->in.path_arg[0]);
    if (status == PLT_NOTFOUND) hub_not_there(t, "There is no such agent");
    return status;
}

hub_step hub_api_revoke(hub_worker *w, hub_task *t)
{
    (void)w;
    if (!hub_id_valid(t->in.path_arg[0])) return hub_not_there(t, "There is no such agent");
    hub_reply_empty(&t->out);
    t->write = write_revocation;
    t->after = log_revocation;
    return HUB_WRITE;
}

/* ---- overview, events ---- */

hub_step hub_api_overview(hub_worker *w, hub_task *t)
{
    hub_overview o;
    int64_t now = os_clock_unix_ms(), jobs = 0, pages = 0, color = 0;
    int64_t devices = 0, attention = 0;
    plt_status s = w->store->ops->overview(w->store, t->session.scope, now - now % DAY_MS, now - HUB_SILENT_MS, &o);
    bool sees = hub_holds(t->session.rights, HUB_RIGHT_DEVICES);
    if (s == PLT_OK && sees) s = w->store->ops->devices->sums(w->store, t->session.scope, &devices, &attention);
    if (s != PLT_OK) return hub_store_failed(w, t, s);
    for (int h = 0; h < 24; h++) {
        jobs += o.hour[h].jobs;
        pages += o.hour[h].pages;
        color += o.hour[h].color_pages;
    }
    plt_buf *b = hub_reply_json(&t->out);
    plt_buf_byte(b, '{');
    plt_json_count(b, "jobs_today", jobs);
    plt_json_count(b, "pages_today", pages);
    plt_json_count(b, "color_pages_today", color);
    plt_json_count(b, "agents", o.agents);
    plt_json_count(b, "agents_silent", o.agents_silent);
    plt_json_count(b, "devices", sees ? devices : -1);
    plt_json_count(b, "devices_attention", sees ? attention : -1);
    plt_json_key(b, "by_hour");
    plt_buf_byte(b, '[');
    for (int h = 0; h < 24; h++) {
        plt_json_comma(b);
        plt_buf_byte(b, '{');
        plt_json_count(b, "hour", h);
        plt_json_count(b, "jobs", o.hour[h].jobs);
        plt_json_count(b, "pages", o.hour[h].pages);
        plt_buf_byte(b, '}');
    }
    plt_buf_text(b, "]}");
    return HUB_DONE;
}

/* The stream itself is the event loop's (events.c). */
hub_step hub_api_events(hub_worker *w, hub_task *t)
{
    (void)w;
    hub_reply_json(&t->out);
    t->out.type = "text/event-stream";
    t->out.stream = true;
    return HUB_DONE;
}
