/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The SQLite store's answers to the console. The jobs query is put together from the fixed pieces below; everything
 * that a person typed is a bound parameter.
 */
#include "hub/store_sqlite.h"

#include <stdio.h>
#include <string.h>

#include "core/util/buf.h"
#include "os/clock.h"

#define HOUR_MS 3600000
#define SQL_MAX 4096
#define ARGS_MAX 24
#define FEW 5000 /* matches of a search: fewer are found sooner in the table's order than in the list's */

#define JOB_COLUMNS                                                                                                                                  \
    "SELECT j.tenant_id, t.name, j.agent_id, j.seq, j.uid, j.time, j.received, j.machine, j.user_name, j.queue, j.port, j.document, j.outcome,"      \
    " j.bytes, j.language, j.pages, j.copies, j.impressions, j.sheets, j.color_pages, j.duplex, j.paper, j.confidence, j.source"
#define JOB_COLUMN_COUNT 24

static const char job_get[] = JOB_COLUMNS ", r.hash, r.line, r.type FROM agents a JOIN tenants t ON t.tenant_id=a.tenant_id"
                                          " JOIN jobs j ON j.tenant_id=a.tenant_id AND j.agent_id=a.agent_id AND j.seq=?2"
                                          " JOIN records r ON r.tenant_id=j.tenant_id AND r.agent_id=j.agent_id AND r.seq=j.seq WHERE a.agent_id=?1";
static const char agents_count[] = "SELECT count(*), coalesce(sum(last_seen<?1), 0) FROM agents WHERE revoked=0";
static const char usage_day[] = "SELECT u.hour, sum(u.jobs), sum(u.pages), sum(u.color_pages) FROM tenants t"
                                " CROSS JOIN usage_hours u ON u.tenant_id=t.tenant_id AND u.hour>=?1 AND u.hour<?1+24 GROUP BY u.hour";

/* The column that leads an order; time and the row's number follow. */
static const char *const sort_column[HUB_SORTS] = {"time", "user_name", "queue", "document", "pages", "machine"};

/* A statement in the making: its text, and its parameters in the order of the question marks. */
typedef struct builder {
    plt_buf sql;
    int n;
    struct {
        const char *text; /* NULL: the number */
        int64_t number;
    } arg[ARGS_MAX];
} builder;

static sq *of(hub_store *h)
{
    return (sq *)h;
}

static void piece(builder *b, const char *sql)
{
    plt_buf_text(&b->sql, sql);
}

static void arg_text(builder *b, const char *sql, const char *v)
{
    if (!v) return;
    piece(b, sql);
    b->arg[b->n++].text = v;
}

static void arg_number(builder *b, const char *sql, int64_t v)
{
    piece(b, sql);
    b->arg[b->n++].number = v;
}

static void conditions(builder *b, const hub_job_query *q)
{
    piece(b, " WHERE 1");
    if (q->tenant_id) arg_number(b, " AND j.tenant_id=?", q->tenant_id);
    if (q->from != INT64_MIN) arg_number(b, " AND j.time>=?", q->from);
    if (q->to != INT64_MAX) arg_number(b, " AND j.time<?", q->to);
    arg_text(b, " AND j.user_name=?", q->user);
    arg_text(b, " AND j.queue=?", q->queue);
    arg_text(b, " AND j.machine=?", q->machine);
    arg_text(b, " AND j.outcome=?", q->outcome);
    arg_text(b, " AND instr(j.search, ?)>0", q->search);
}

/* "... AND (col, time, job_no) < (...)": the row that the cursor names, looked up by its key; a row value is compared along the index. */
static void beyond(builder *b, const hub_job_query *q, const char *columns)
{
    const hub_cursor *c = q->after;
    plt_buf_printf(&b->sql, " AND (%s) %c (SELECT %s FROM jobs j WHERE", columns, q->descending ? '<' : '>', columns);
    arg_number(b, " j.tenant_id=?", c->tenant_id);
    arg_text(b, " AND j.agent_id=?", c->agent);
    arg_number(b, " AND j.seq=?", c->seq);
    piece(b, ")");
}

static void order(builder *b, const hub_job_query *q)
{
    const char *way = q->descending ? "DESC" : "ASC";
    if (q->sort != HUB_SORT_TIME)
        plt_buf_printf(&b->sql, " ORDER BY j.%s %s, j.time %s, j.job_no %s", sort_column[q->sort], way, way, way);
    else
        plt_buf_printf(&b->sql, " ORDER BY j.time %s, j.job_no %s", way, way);
}

static plt_status prepare(sq *s, builder *b, sqlite3_stmt **st)
{
    *st = NULL;
    if (b->sql.status != PLT_OK) return sq_fail_as(s, PLT_NOMEM, "out of memory");
    if (sqlite3_prepare_v2(s->db, plt_buf_str(&b->sql), (int)b->sql.len, st, NULL) != SQLITE_OK) return sq_fail(s, "prepare");
    for (int i = 0; i < b->n; i++) {
        if (b->arg[i].text)
            sq_bind_text(*st, i + 1, b->arg[i].text);
        else
            sq_bind_int(*st, i + 1, b->arg[i].number);
    }
    return PLT_OK;
}

static void read_job(sqlite3_stmt *st, hub_job *j)
{
    *j = (hub_job){.tenant_id = sq_int(st, 0),
                   .tenant = sq_text(st, 1),
                   .agent = sq_text(st, 2),
                   .seq = sq_int(st, 3),
                   .uid = sq_text(st, 4),
                   .time = sq_int(st, 5),
                   .received = sq_int(st, 6),
                   .machine = sq_text(st, 7),
                   .user = sq_text(st, 8),
                   .queue = sq_text(st, 9),
                   .port = sq_text(st, 10),
                   .document = sq_text(st, 11),
                   .outcome = sq_text(st, 12),
                   .bytes = sq_int(st, 13),
                   .language = sq_text(st, 14),
                   .pages = sq_int(st, 15),
                   .copies = sq_int(st, 16),
                   .impressions = sq_int(st, 17),
                   .sheets = sq_int(st, 18),
                   .color_pages = sq_int(st, 19),
                   .duplex = sq_text(st, 20),
                   .paper = sq_text(st, 21),
                   .confidence = sq_text(st, 22),
                   .source = sq_text(st, 23),
                   .search = ""};
}

plt_status sq_job_get(hub_store *h, const char *agent, int64_t seq, bool (*each)(void *ctx, const hub_job *j, const hub_record *r), void *ctx)
{
    sqlite3_stmt *st = sq_get(of(h), job_get);
    sq_bind_text(st, 1, agent);
    sq_bind_int(st, 2, seq);
    plt_status status = sq_row(of(h), st);
    if (status != PLT_OK) return status;
    hub_job j;
    read_job(st, &j);
    hub_record r = {.seq = j.seq, .uid = j.uid, .line = sq_text(st, JOB_COLUMN_COUNT + 1), .type = sq_text(st, JOB_COLUMN_COUNT + 2), .job = &j};
    r.n = (size_t)sqlite3_column_bytes(st, JOB_COLUMN_COUNT + 1);
    if (sq_blob(st, JOB_COLUMN_COUNT, r.hash, sizeof r.hash))
        each(ctx, &j, &r);
    else
        status = sq_fail_as(of(h), PLT_BAD, "a record's row is damaged");
    sqlite3_reset(st);
    return status;
}

/* Does the cursor's row exist? Without it the comparison would quietly match nothing. */
static plt_status cursor_stands(sq *s, const hub_cursor *c)
{
    sqlite3_stmt *st = sq_get(s, "SELECT 1 FROM jobs WHERE tenant_id=?1 AND agent_id=?2 AND seq=?3");
    sq_bind_int(st, 1, c->tenant_id);
    sq_bind_text(st, 2, c->agent);
    sq_bind_int(st, 3, c->seq);
    plt_status status = sq_row(s, st);
    if (status == PLT_OK) sqlite3_reset(st);
    return status;
}

/*
 * A search looks at every job. In the list's order it can stop at a full page, but each look is a jump in the file: seven
 * times the cost of reading on. So where few match, the whole table is read, and what matches is sorted.
 */
static bool read_on(const hub_job_query *q)
{
    return q->search && q->expected >= 0 && q->expected < FEW && !q->user && !q->queue && !q->machine && q->from == INT64_MIN && q->to == INT64_MAX;
}

plt_status sq_jobs(hub_store *h, const hub_job_query *q, bool (*each)(void *ctx, const hub_job *j), void *ctx)
{
    sq *s = of(h);
    builder b = {.n = 0};
    char columns[64];
    sqlite3_stmt *st;
    plt_status status = q->after ? cursor_stands(s, q->after) : PLT_OK;
    if (status != PLT_OK) return status;
    plt_buf_init(&b.sql, SQL_MAX);
    piece(&b, JOB_COLUMNS " FROM jobs j");
    piece(&b, read_on(q) ? " NOT INDEXED" : "");
    piece(&b, " CROSS JOIN tenants t ON t.tenant_id=j.tenant_id");
    conditions(&b, q);
    if (q->sort == HUB_SORT_TIME)
        snprintf(columns, sizeof columns, "j.time, j.job_no");
    else
        snprintf(columns, sizeof columns, "j.%s, j.time, j.job_no", sort_column[q->sort]);
    if (q->after) beyond(&b, q, columns);
    order(&b, q);
    arg_number(&b, " LIMIT ?", q->limit);
    sq_limit(s, q->budget_ms);
    status = prepare(s, &b, &st);
    while (status == PLT_OK && (status = sq_row(s, st)) == PLT_OK) {
        hub_job j;
        read_job(st, &j);
        if (!each(ctx, &j)) break;
    }
    sqlite3_finalize(st);
    sq_limit(s, 0);
    plt_buf_free(&b.sql);
    return status == PLT_NOTFOUND ? PLT_OK : status;
}

plt_status sq_jobs_count(hub_store *h, const hub_job_query *q, int64_t cap, int64_t *n, bool *capped)
{
    sq *s = of(h);
    builder b = {.n = 0};
    sqlite3_stmt *st;
    *n = 0;
    plt_buf_init(&b.sql, SQL_MAX);
    piece(&b, "SELECT 1 FROM jobs j");
    conditions(&b, q);
    arg_number(&b, " LIMIT ?", cap + 1);
    sq_limit(s, q->budget_ms);
    plt_status status = prepare(s, &b, &st);
    while (status == PLT_OK && (status = sq_row(s, st)) == PLT_OK) (*n)++;
    sqlite3_finalize(st);
    sq_limit(s, 0);
    plt_buf_free(&b.sql);
    *capped = status == PLT_TIMEOUT || *n > cap;
    if (*n > cap) *n = cap;
    return status == PLT_NOTFOUND || status == PLT_TIMEOUT ? PLT_OK : status;
}

plt_status sq_overview(hub_store *h, int64_t day, int64_t silent_before, hub_overview *out)
{
    sq *s = of(h);
    memset(out, 0, sizeof *out);
    sqlite3_stmt *st = sq_get(s, agents_count);
    sq_bind_int(st, 1, silent_before);
    plt_status status = sq_row(s, st);
    if (status != PLT_OK) return status;
    out->agents = sq_int(st, 0);
    out->agents_silent = sq_int(st, 1);
    sqlite3_reset(st);
    st = sq_get(s, usage_day);
    sq_bind_int(st, 1, day / HOUR_MS);
    while ((status = sq_row(s, st)) == PLT_OK) {
        int64_t hour = sq_int(st, 0) - day / HOUR_MS;
        if (hour < 0 || hour > 23) continue;
        out->hour[hour].jobs = sq_int(st, 1);
        out->hour[hour].pages = sq_int(st, 2);
        out->hour[hour].color_pages = sq_int(st, 3);
    }
    return status == PLT_NOTFOUND ? PLT_OK : status;
}
