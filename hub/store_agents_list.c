/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The store's list of agents, a page at a time. The query is put together from the fixed pieces below; everything that a person typed is a bound
 * parameter. A page begins behind the values of the last row that was shown, so that agents which come, go and change meanwhile move no others.
 */
#include "hub/store_parts.h"

#include <string.h>

#include "core/util/text.h"
#include "hub/db_query.h"

#define FEW 2000        /* matches: fewer are found sooner by gathering and sorting them than along the list's order */
#define TENANTS_ONCE 64 /* tenants that are looked up at a time */

/* The column that leads an order; the agent's name follows. Tenants follow each other by name. */
static const char *const sort_column[HUB_AGENT_SORTS] = {"a.sort_machine", "a.sort_machine", "a.last_seen",
                                                         "a.sort_version", "a.os",           "a.certificate_expires"};

/* ---- what is asked for ---- */

static void in_state(db_query *b, const hub_agent_query *q)
{
    static const char *const revoked[HUB_AGENT_STATES] = {
        "", " AND a.revoked=0", " AND a.revoked=0", " AND a.revoked<>0", " AND a.revoked=0", " AND a.revoked=0"};
    db_query_add(b, revoked[q->state]);
    if (q->state == HUB_AGENTS_ACTIVE) db_query_number(b, " AND a.last_seen>?", q->silent_before);
    if (q->state == HUB_AGENTS_SILENT) db_query_number(b, " AND a.last_seen<=?", q->silent_before);
    if (q->state == HUB_AGENTS_EXPIRING) db_query_number(b, " AND a.certificate_expires>0 AND a.certificate_expires<?", q->expires_before);
    if (q->state == HUB_AGENTS_ATTENTION) {
        db_query_number(b, " AND (a.last_seen<=?", q->silent_before);
        db_query_number(b, " OR (a.certificate_expires>0 AND a.certificate_expires<?))", q->expires_before);
    }
}

/* A tenant may get another name: agents are not searched by it, but by which tenants have it. */
static void filters(db_query *b, const hub_agent_query *q)
{
    in_state(b, q);
    if (!q->search) return;
    db_query_text(b, " AND (instr(a.search, ?)>0", q->search);
    db_query_text(b, " OR a.tenant_id IN (SELECT n.tenant_id FROM tenants n WHERE instr(lower(n.name), ?)>0))", q->search);
}

/* All that match, gathered: the whole table, or the rows of the scope's tenants. */
static void matching(db_query *b, const hub_agent_query *q)
{
    if (q->scope)
        db_query_number(b, " FROM tenant_tree d CROSS JOIN agents a ON a.tenant_id=d.tenant_id WHERE d.ancestor=?", q->scope);
    else
        db_query_add(b, " FROM agents a NOT INDEXED WHERE 1=1");
    filters(b, q);
}

static bool by_number(hub_agent_sort sort)
{
    return sort == HUB_AGENTS_BY_SEEN || sort == HUB_AGENTS_BY_CERTIFICATE;
}

static void arg_value(db_query *b, const hub_agent_query *q)
{
    if (by_number(q->sort))
        db_query_number(b, "?", q->after->number);
    else
        db_query_text(b, "?", q->after->text);
}

/* " AND (column, a.agent_id) < (?, ?)". */
static void beyond(db_query *b, const hub_agent_query *q)
{
    plt_buf_printf(&b->sql, " AND (%s, a.agent_id) %c (", sort_column[q->sort], q->descending ? '<' : '>');
    arg_value(b, q);
    db_query_text(b, ", ?)", q->after->id);
}

/*
 * The same in two halves: what equals the last row's value, and what is beyond it. PostgreSQL takes few values for few rows behind a row value, and
 * sorts them all: of 100,000 agents with one system that took half a second.
 */
typedef enum half { WHOLE, EQUAL, FURTHER } half;

static void beyond_half(db_query *b, const hub_agent_query *q, half part)
{
    char sign = q->descending ? '<' : '>';
    plt_buf_printf(&b->sql, " AND %s%c", sort_column[q->sort], part == EQUAL ? '=' : sign);
    arg_value(b, q);
    if (part != EQUAL) return;
    plt_buf_printf(&b->sql, " AND a.agent_id%c", sign);
    db_query_text(b, "?", q->after->id);
}

/* The same where tenants lead: on in the tenant of the last row, then those whose names follow. */
static void beyond_tenant(db_query *b, const hub_agent_query *q)
{
    char sign = q->descending ? '<' : '>';
    db_query_number(b, " AND ((a.tenant_id=?", q->after->tenant_id);
    beyond(b, q);
    db_query_number(b, ") OR (a.tenant_id<>?", q->after->tenant_id);
    plt_buf_printf(&b->sql, " AND t.name %c ", sign);
    db_query_text(b, "?))", q->after->tenant);
}

static void order(db_query *b, const hub_agent_query *q, bool tenants)
{
    const char *way = q->descending ? "DESC" : "ASC";
    db_query_add(b, " ORDER BY ");
    if (tenants) plt_buf_printf(&b->sql, "t.name %s, ", way);
    plt_buf_printf(&b->sql, "%s %s, a.agent_id %s", sort_column[q->sort], way, way);
}

/* ---- reading ---- */

/* Rows on their way to the caller; `left`: how many more it wants. */
typedef struct reader {
    bool (*each)(void *ctx, const hub_agent *a);
    void *ctx;
    int left;
} reader;

static plt_status read_rows(db *d, db_query *b, reader *r)
{
    db_stmt *st;
    db_query_number(b, " LIMIT ?", r->left);
    plt_status status = db_query_end(d, b, &st);
    while (status == PLT_OK && (status = db_row(d, st)) == PLT_OK) {
        hub_agent a;
        if (!store_agent_read(st, &a)) status = db_fail_as(d, PLT_BAD, "an agent's row is damaged");
        if (status != PLT_OK) break;
        bool more = r->each(r->ctx, &a);
        r->left = more ? r->left - 1 : 0;
        if (!more) break;
    }
    db_finalize(st);
    return status == PLT_NOTFOUND ? PLT_OK : status;
}

static plt_status gathered(db *d, const hub_agent_query *q, reader *r)
{
    db_query b;
    db_query_begin(&b);
    db_query_add(&b, "WITH m AS MATERIALIZED (SELECT a.*");
    matching(&b, q);
    db_query_add(&b, ") " STORE_AGENT_COLUMNS " FROM m a CROSS JOIN tenants t ON t.tenant_id=a.tenant_id WHERE 1=1");
    if (q->after) (q->sort == HUB_AGENTS_BY_TENANT ? beyond_tenant : beyond)(&b, q);
    order(&b, q, q->sort == HUB_AGENTS_BY_TENANT);
    return read_rows(d, &b, r);
}

/* Along the index of the order; a scope is a look at each row: the plus keeps it from leading. One tenant's (0: all of the scope) are along the
 * index of its machines. */
static void along(db_query *b, const hub_agent_query *q, int64_t tenant_id, half part)
{
    db_query_add(b, STORE_AGENT_COLUMNS " FROM agents a CROSS JOIN tenants t ON t.tenant_id=a.tenant_id WHERE 1=1");
    if (tenant_id)
        db_query_number(b, " AND a.tenant_id=?", tenant_id);
    else if (q->scope)
        db_query_number(b, " AND +a.tenant_id IN (SELECT d.tenant_id FROM tenant_tree d WHERE d.ancestor=?)", q->scope);
    filters(b, q);
    if (part != WHOLE) beyond_half(b, q, part);
    order(b, q, false);
}

static plt_status half_of(db *d, const hub_agent_query *q, int64_t tenant_id, half part, reader *r)
{
    db_query b;
    db_query_begin(&b);
    along(&b, q, tenant_id, part);
    return read_rows(d, &b, r);
}

static plt_status in_order(db *d, const hub_agent_query *q, int64_t tenant_id, reader *r)
{
    bool from_start = !q->after || (tenant_id && q->after->tenant_id != tenant_id);
    if (from_start) return half_of(d, q, tenant_id, WHOLE, r);
    plt_status status = half_of(d, q, tenant_id, EQUAL, r);
    return status == PLT_OK && r->left ? half_of(d, q, tenant_id, FURTHER, r) : status;
}

/* Tenants that have agents, in the order of their names. */
typedef struct tenants {
    int64_t id[TENANTS_ONCE];
    int n;
    bool begun; /* `last` is where to go on */
    char last[HUB_TENANT_SIZE];
} tenants;

static plt_status next_tenants(db *d, const hub_agent_query *q, tenants *some)
{
    db_query b;
    db_stmt *st;
    db_query_begin(&b);
    db_query_add(&b, "SELECT t.tenant_id, t.name FROM tenants t WHERE EXISTS(SELECT 1 FROM agents a WHERE a.tenant_id=t.tenant_id)");
    if (q->scope) db_query_number(&b, " AND +t.tenant_id IN (SELECT d.tenant_id FROM tenant_tree d WHERE d.ancestor=?)", q->scope);
    if (some->begun) db_query_text(&b, q->descending ? " AND t.name<?" : " AND t.name>?", some->last);
    db_query_add(&b, q->descending ? " ORDER BY t.name DESC" : " ORDER BY t.name");
    db_query_number(&b, " LIMIT ?", TENANTS_ONCE);
    plt_status status = db_query_end(d, &b, &st);
    for (some->n = 0; status == PLT_OK && some->n < TENANTS_ONCE && (status = db_row(d, st)) == PLT_OK; some->n++) {
        some->id[some->n] = db_int(st, 0);
        db_copy(st, 1, some->last, sizeof some->last);
    }
    some->begun = true;
    db_finalize(st);
    return status == PLT_NOTFOUND ? PLT_OK : status;
}

/* Tenant after tenant. The one of the cursor comes first, and not again where it has another name by now. */
static plt_status by_tenant(hub_store *h, const hub_agent_query *q, reader *r)
{
    db *d = of(h);
    const hub_agent_cursor *c = q->after;
    tenants some = {.n = TENANTS_ONCE, .begun = c != NULL};
    if (c) plt_copy(some.last, sizeof some.last, c->tenant);
    plt_status status = c ? store_within(h, q->scope, c->tenant_id) : PLT_NOTFOUND;
    if (status == PLT_OK) status = in_order(d, q, c->tenant_id, r);
    if (status == PLT_NOTFOUND) status = PLT_OK;
    while (status == PLT_OK && r->left && some.n == TENANTS_ONCE) {
        status = next_tenants(d, q, &some);
        for (int i = 0; status == PLT_OK && r->left && i < some.n; i++)
            if (!c || some.id[i] != c->tenant_id) status = in_order(d, q, some.id[i], r);
    }
    return status;
}

plt_status store_agents(hub_store *h, const hub_agent_query *q, bool (*each)(void *ctx, const hub_agent *a), void *ctx)
{
    db *d = of(h);
    reader r = {.each = each, .ctx = ctx, .left = q->limit};
    bool few = q->expected >= 0 && q->expected < FEW;
    db_limit(d, q->budget_ms);
    plt_status status = few ? gathered(d, q, &r) : q->sort == HUB_AGENTS_BY_TENANT ? by_tenant(h, q, &r) : in_order(d, q, 0, &r);
    db_limit(d, 0);
    return status;
}

plt_status store_agents_count(hub_store *h, const hub_agent_query *q, int64_t cap, int64_t *n, bool *capped)
{
    db *d = of(h);
    db_query b;
    db_stmt *st;
    *n = 0;
    db_query_begin(&b);
    db_query_add(&b, "SELECT count(*) FROM (SELECT 1");
    matching(&b, q);
    db_query_number(&b, " LIMIT ?) x", cap + 1);
    db_limit(d, q->budget_ms);
    plt_status status = db_query_end(d, &b, &st);
    if (status == PLT_OK) status = db_number(d, st, n);
    db_finalize(st);
    db_limit(d, 0);
    *capped = status == PLT_TIMEOUT || *n > cap;
    if (*n > cap) *n = cap;
    return status == PLT_TIMEOUT ? PLT_OK : status;
}
