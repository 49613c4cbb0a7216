/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The store's answers to the console. The jobs query is put together from the fixed pieces below; everything
 * that a person typed is a bound parameter.
 */
#include "hub/store_parts.h"

#include <stdio.h>
#include <string.h>

#include "hub/db_query.h"
#include "os/clock.h"

#define HOUR_MS 3600000
#define FEW 5000 /* matches of a search: fewer are found sooner in the table's order than in the list's */

#define JOB_COLUMNS                                                                                                                                  \
    "SELECT j.tenant_id, t.name, j.agent_id, j.seq, j.uid, j.time, j.received, j.machine, j.user_name, j.queue, j.port, j.document, j.outcome,"      \
    " j.bytes, j.language, j.pages, j.copies, j.impressions, j.sheets, j.color_pages, j.duplex, j.paper, j.confidence, j.source, j.account"
#define JOB_COLUMN_COUNT 25

static const char job_get[] = JOB_COLUMNS
    ", r.hash, r.line, r.type FROM agents a JOIN tenants t ON t.tenant_id=a.tenant_id"
    " JOIN jobs j ON j.tenant_id=a.tenant_id AND j.agent_id=a.agent_id AND j.seq=?2"
    " JOIN records r ON r.tenant_id=j.tenant_id AND r.agent_id=j.agent_id AND r.seq=j.seq WHERE a.agent_id=?3 AND " IN_SCOPE("a.tenant_id");
/* The plus: a person's jobs are few, a tenant's many, and the index is to be the one by name. */
static const char own_jobs[] =
    JOB_COLUMNS " FROM print_names n CROSS JOIN jobs j ON +j.tenant_id=n.tenant_id AND nocase(j.user_name)=nocase(n.name) AND j.time>=?3"
                " JOIN tenants t ON t.tenant_id=j.tenant_id WHERE nocase(n.account)=nocase(?2) AND " IN_SCOPE(
                    "n.tenant_id") " ORDER BY j.time DESC, j.job_no DESC LIMIT ?4";
static const char agents_count[] = "SELECT count(*), count(*) FILTER (WHERE last_seen<?2) FROM agents WHERE revoked=0 AND " IN_SCOPE("tenant_id");
static const char usage_day[] =
    "SELECT u.hour, sum(u.jobs), sum(u.pages), sum(u.color_pages) FROM tenants t"
    " CROSS JOIN usage_hours u ON u.tenant_id=t.tenant_id AND u.hour>=?2 AND u.hour<?2+24 WHERE " IN_SCOPE("t.tenant_id") " GROUP BY u.hour";

/* The column that leads an order; time and the row's number follow. */
static const char *const sort_column[HUB_SORTS] = {"j.time",  "nocase(j.user_name)", "nocase(j.queue)", "nocase(j.document)",
                                                   "j.pages", "nocase(j.machine)"};

/* How the rows of a query are found. What it answers is the same in each way. */
typedef enum way {
    BY_ORDER,  /* along the index of the list's order; a scope and a search are a look at each row */
    BY_TABLE,  /* the whole table, read on from its beginning; what matches is sorted */
    BY_TENANT, /* one tenant's rows along the index of their times, which is the list's order */
    BY_TENANTS /* all rows of the scope's tenants; what matches is sorted */
} way;

/* A name leads to few rows by its own index; a scope does so where no name is asked for. */
static bool tenants_lead(const hub_job_query *q)
{
    return q->scope && !q->user && !q->queue && !q->machine && !q->account;
}

/* "FROM jobs j ... WHERE ..." */
static void matching(db_query *b, const hub_job_query *q, way w)
{
    if (w == BY_TENANTS)
        db_query_number(b, " FROM tenant_tree d CROSS JOIN jobs j ON j.tenant_id=d.tenant_id WHERE d.ancestor=?", q->scope);
    else
        db_query_add(b, w == BY_TABLE ? " FROM jobs j NOT INDEXED WHERE 1=1" : " FROM jobs j WHERE 1=1");
    if (w == BY_TENANT)
        db_query_number(b, " AND j.tenant_id=?", q->scope);
    else if (w != BY_TENANTS && q->scope) /* the plus keeps the list in its index' order */
        db_query_number(b, " AND +j.tenant_id IN (SELECT d.tenant_id FROM tenant_tree d WHERE d.ancestor=?)", q->scope);
    if (q->from != INT64_MIN) db_query_number(b, " AND j.time>=?", q->from);
    if (q->to != INT64_MAX) db_query_number(b, " AND j.time<?", q->to);
    db_query_text(b, " AND nocase(j.user_name)=nocase(?)", q->user);
    db_query_text(b, " AND nocase(j.queue)=nocase(?)", q->queue);
    db_query_text(b, " AND nocase(j.machine)=nocase(?)", q->machine);
    db_query_text(b, " AND j.account<>'' AND nocase(j.account)=nocase(?)", q->account); /* the index is of jobs that have one */
    db_query_text(b, " AND j.outcome=?", q->outcome);
    db_query_text(b, " AND instr(j.search, ?)>0", q->search);
}

/* "... AND (col, time, job_no) < (...)": the row that the cursor names, looked up by its key; a row value is compared along the index. */
static void beyond(db_query *b, const hub_job_query *q, const char *columns)
{
    const hub_cursor *c = q->after;
    plt_buf_printf(&b->sql, " AND (%s) %c (SELECT %s FROM jobs j WHERE", columns, q->descending ? '<' : '>', columns);
    db_query_number(b, " j.tenant_id=?", c->tenant_id);
    db_query_text(b, " AND j.agent_id=?", c->agent);
    db_query_number(b, " AND j.seq=?", c->seq);
    db_query_add(b, ")");
}

static void order(db_query *b, const hub_job_query *q)
{
    const char *word = q->descending ? "DESC" : "ASC";
    if (q->sort != HUB_SORT_TIME)
        plt_buf_printf(&b->sql, " ORDER BY %s %s, j.time %s, j.job_no %s", sort_column[q->sort], word, word, word);
    else
        plt_buf_printf(&b->sql, " ORDER BY j.time %s, j.job_no %s", word, word);
}

static void read_job(db_stmt *st, hub_job *j)
{
    *j = (hub_job){.tenant_id = db_int(st, 0),
                   .tenant = db_text(st, 1),
                   .agent = db_text(st, 2),
                   .seq = db_int(st, 3),
                   .uid = db_text(st, 4),
                   .time = db_int(st, 5),
                   .received = db_int(st, 6),
                   .machine = db_text(st, 7),
                   .user = db_text(st, 8),
                   .queue = db_text(st, 9),
                   .port = db_text(st, 10),
                   .document = db_text(st, 11),
                   .outcome = db_text(st, 12),
                   .bytes = db_int(st, 13),
                   .language = db_text(st, 14),
                   .pages = db_int(st, 15),
                   .copies = db_int(st, 16),
                   .impressions = db_int(st, 17),
                   .sheets = db_int(st, 18),
                   .color_pages = db_int(st, 19),
                   .duplex = db_text(st, 20),
                   .paper = db_text(st, 21),
                   .confidence = db_text(st, 22),
                   .source = db_text(st, 23),
                   .account = db_text(st, 24),
                   .search = ""};
}

plt_status store_job_get(hub_store *h, int64_t scope, const char *agent, int64_t seq, bool (*each)(void *ctx, const hub_job *j, const hub_record *r),
                         void *ctx)
{
    db_stmt *st = db_get(of(h), job_get);
    db_bind_int(st, 1, scope);
    db_bind_int(st, 2, seq);
    db_bind_text(st, 3, agent);
    plt_status status = db_row(of(h), st);
    if (status != PLT_OK) return status;
    hub_job j;
    read_job(st, &j);
    hub_record r = {.seq = j.seq, .uid = j.uid, .line = db_text(st, JOB_COLUMN_COUNT + 1), .type = db_text(st, JOB_COLUMN_COUNT + 2), .job = &j};
    r.n = db_text_size(st, JOB_COLUMN_COUNT + 1);
    if (db_blob(st, JOB_COLUMN_COUNT, r.hash, sizeof r.hash))
        each(ctx, &j, &r);
    else
        status = db_fail_as(of(h), PLT_BAD, "a record's row is damaged");
    db_reset(st);
    return status;
}

plt_status store_own_jobs(hub_store *h, int64_t scope, const char *account, int64_t from, int limit, bool (*each)(void *ctx, const hub_job *j),
                          void *ctx)
{
    db_stmt *st = db_get(of(h), own_jobs);
    plt_status status;
    db_bind_int(st, 1, scope);
    db_bind_text(st, 2, account);
    db_bind_int(st, 3, from);
    db_bind_int(st, 4, limit);
    while ((status = db_row(of(h), st)) == PLT_OK) {
        hub_job j;
        read_job(st, &j);
        if (!each(ctx, &j)) break;
    }
    if (status == PLT_OK) db_reset(st);
    return status == PLT_NOTFOUND ? PLT_OK : status;
}

/* Does the cursor's row exist? Without it the comparison would quietly match nothing. */
static plt_status cursor_stands(db *d, const hub_cursor *c)
{
    db_stmt *st = db_get(d, "SELECT 1 FROM jobs WHERE tenant_id=?1 AND agent_id=?2 AND seq=?3");
    db_bind_int(st, 1, c->tenant_id);
    db_bind_text(st, 2, c->agent);
    db_bind_int(st, 3, c->seq);
    return db_exists(d, st);
}

/* No tenant stands below this one. */
static plt_status is_leaf(db *d, int64_t tenant, bool *leaf)
{
    db_stmt *st = db_get(d, "SELECT 1 FROM tenant_tree WHERE ancestor=?1 AND tenant_id<>?1 LIMIT 1");
    db_bind_int(st, 1, tenant);
    plt_status status = db_row(d, st);
    if (status == PLT_OK) db_reset(st);
    *leaf = status == PLT_NOTFOUND;
    return *leaf ? PLT_OK : status;
}

/*
 * In the list's order a query can stop at a full page, but each look at a row that is not wanted is a jump in the file, seven
 * times the cost of reading on: the jobs of one customer in a thousand, or what a search finds seldom, are better gathered and sorted.
 */
static plt_status find_way(db *d, const hub_job_query *q, way *w)
{
    bool few = q->expected >= 0 && q->expected < FEW, leaf = false;
    plt_status status = PLT_OK;
    *w = BY_ORDER;
    if (tenants_lead(q)) {
        if (q->sort == HUB_SORT_TIME) status = is_leaf(d, q->scope, &leaf);
        *w = leaf ? BY_TENANT : few ? BY_TENANTS : BY_ORDER;
    } else if (few && q->search && !q->user && !q->queue && !q->machine && !q->account && q->from == INT64_MIN && q->to == INT64_MAX) {
        *w = BY_TABLE;
    }
    return status;
}

plt_status store_jobs(hub_store *h, const hub_job_query *q, bool (*each)(void *ctx, const hub_job *j), void *ctx)
{
    db *d = of(h);
    db_query b;
    char columns[64];
    db_stmt *st;
    way w = BY_ORDER;
    plt_status status = q->after ? cursor_stands(d, q->after) : PLT_OK;
    if (status == PLT_OK) status = find_way(d, q, &w);
    if (status != PLT_OK) return status;
    db_query_begin(&b);
    db_query_add(&b, "WITH m AS ");
    db_query_add(&b, w == BY_TENANTS ? "MATERIALIZED (SELECT j.*" : "(SELECT j.*"); /* or PostgreSQL hopes to meet them early on the list's way */
    matching(&b, q, w);
    db_query_add(&b, ") " JOB_COLUMNS " FROM m j CROSS JOIN tenants t ON t.tenant_id=j.tenant_id WHERE 1=1");
    if (q->sort == HUB_SORT_TIME)
        snprintf(columns, sizeof columns, "j.time, j.job_no");
    else
        snprintf(columns, sizeof columns, "%s, j.time, j.job_no", sort_column[q->sort]);
    if (q->after) beyond(&b, q, columns);
    order(&b, q);
    db_query_number(&b, " LIMIT ?", q->limit);
    db_limit(d, q->budget_ms);
    status = db_query_end(d, &b, &st);
    while (status == PLT_OK && (status = db_row(d, st)) == PLT_OK) {
        hub_job j;
        read_job(st, &j);
        if (!each(ctx, &j)) break;
    }
    db_finalize(st);
    db_limit(d, 0);
    return status == PLT_NOTFOUND ? PLT_OK : status;
}

plt_status store_jobs_count(hub_store *h, const hub_job_query *q, int64_t cap, int64_t *n, bool *capped)
{
    db *d = of(h);
    db_query b;
    db_stmt *st;
    *n = 0;
    db_query_begin(&b);
    db_query_add(&b, "SELECT 1");
    matching(&b, q, tenants_lead(q) ? BY_TENANTS : BY_ORDER);
    db_query_number(&b, " LIMIT ?", cap + 1);
    db_limit(d, q->budget_ms);
    plt_status status = db_query_end(d, &b, &st);
    while (status == PLT_OK && (status = db_row(d, st)) == PLT_OK) (*n)++;
    db_finalize(st);
    db_limit(d, 0);
    *capped = status == PLT_TIMEOUT || *n > cap;
    if (*n > cap) *n = cap;
    return status == PLT_NOTFOUND || status == PLT_TIMEOUT ? PLT_OK : status;
}

plt_status store_overview(hub_store *h, int64_t scope, int64_t day, int64_t silent_before, hub_overview *out)
{
    db *d = of(h);
    memset(out, 0, sizeof *out);
    db_stmt *st = db_get(d, agents_count);
    db_bind_int(st, 1, scope);
    db_bind_int(st, 2, silent_before);
    plt_status status = db_row(d, st);
    if (status != PLT_OK) return status;
    out->agents = db_int(st, 0);
    out->agents_silent = db_int(st, 1);
    db_reset(st);
    st = db_get(d, usage_day);
    db_bind_int(st, 1, scope);
    db_bind_int(st, 2, day / HOUR_MS);
    while ((status = db_row(d, st)) == PLT_OK) {
        int64_t hour = db_int(st, 0) - day / HOUR_MS;
        if (hour < 0 || hour > 23) continue;
        out->hour[hour].jobs = db_int(st, 1);
        out->hour[hour].pages = db_int(st, 2);
        out->hour[hour].color_pages = db_int(st, 3);
    }
    return status == PLT_NOTFOUND ? PLT_OK : status;
}
