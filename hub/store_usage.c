/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The roll-ups: what was printed per hour of a tenant, and per day and month of a user, a queue, a machine, an account and a rule. They change in
 * the transaction that stores the jobs and outlive them, so they must never be computed from jobs again.
 *
 * What a group of uploads brings is added up in memory and written once before its commit: many agents print in the same hour, and a row that each
 * of them changed would be changed a hundred times. What is undone behind a mark takes its sums back.
 */
#include "hub/store_parts.h"

#include <stdlib.h>
#include <string.h>

#define HOUR_MS 3600000
#define DAY_MS 86400000
#define NAMES_MAX (256u << 20)
#define SUMS_KEPT 100000      /* of a group: more are written before it ends */
#define HOURS HUB_USAGE_KINDS /* the tenant's hours: one more kind while they are added up */

#define MORE(table, column) ", " column "=" table "." column "+excluded." column
#define ADD(table, period)                                                                                                                           \
    "INSERT INTO " table "(tenant_id, kind, " period ", name, jobs, pages, color_pages, sheets, duplex_pages, duplex_sheets, cost, unpriced)"        \
    " VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12) ON CONFLICT(tenant_id, kind, " period ", nocase(name)) DO UPDATE SET jobs=" table    \
    ".jobs+excluded.jobs" MORE(table, "pages") MORE(table, "color_pages") MORE(table, "sheets") MORE(table, "duplex_pages")                          \
        MORE(table, "duplex_sheets") MORE(table, "cost") MORE(table, "unpriced")
static const char day_add[] = ADD("usage_days", "day");
static const char month_add[] = ADD("usage_months", "month");
static const char hour_add[] = "INSERT INTO usage_hours(tenant_id, hour, jobs, pages, color_pages) VALUES(?1, ?2, ?3, ?4, ?5)"
                               " ON CONFLICT(tenant_id, hour) DO UPDATE SET jobs=usage_hours.jobs+excluded.jobs,"
                               " pages=usage_hours.pages+excluded.pages, color_pages=usage_hours.color_pages+excluded.color_pages";

#define SUMS "sum(jobs), sum(pages), sum(color_pages), sum(sheets), sum(duplex_pages), sum(duplex_sheets), sum(cost), sum(unpriced)"
/* A roll-up tenant by tenant: the tenant leads its index. */
#define OF_TENANTS(table) " FROM tenants s CROSS JOIN " table " r ON r.tenant_id=s.tenant_id"
/* Rows of a roll-up from a day (month) to before another, counted up (1) or taken off (-1). A period is read as its whole months and the days at both
   ends; where fewer days of a month lie outside the period than in it, the month counts whole and they are taken off: a year is twelve rows of a name
   and thirty days at most, not 365. */
#define ROWS(period, from, to, sign)                                                                                                                 \
    "SELECT r.tenant_id, r.name, r.jobs, r.pages, r.color_pages, r.sheets, r.duplex_pages, r.duplex_sheets, r.cost, r.unpriced, " sign               \
    " AS sign" OF_TENANTS("usage_" period "s") " AND r.kind=?2 AND r." period ">=" from " AND r." period "<" to " WHERE " IN_SCOPE("s.tenant_id")
#define PERIOD "(" ROWS("month", "?4", "?5", "1") " UNION ALL " ROWS("day", "?6", "?7", "?8") " UNION ALL " ROWS("day", "?9", "?10", "?11") ") u"
#define NET                                                                                                                                          \
    "sum(jobs*sign), sum(pages*sign), sum(color_pages*sign), sum(sheets*sign), sum(duplex_pages*sign), sum(duplex_sheets*sign), sum(cost*sign),"     \
    " sum(unpriced*sign)"
#define MOST " HAVING sum(jobs*sign)>0 ORDER BY 4 DESC, 3 DESC, 1 LIMIT ?3"
static const char top[] = "SELECT min(name), 0, " NET " FROM " PERIOD " GROUP BY nocase(name)" MOST;
static const char apart[] = "SELECT min(name), u.tenant_id, " NET " FROM " PERIOD " GROUP BY u.tenant_id, nocase(name)" MOST;
static const char tenants[] = "SELECT min(t.name), 0, " NET " FROM " PERIOD " JOIN tenants t ON t.tenant_id=u.tenant_id GROUP BY t.tenant_id" MOST;

#define TREND(period)                                                                                                                                \
    "SELECT '', r." period ", " SUMS OF_TENANTS("usage_" period "s") " AND r.kind=?2 AND r." period ">=?4 AND r." period "<?5 WHERE " IN_SCOPE(      \
        "s.tenant_id") " AND (?6=0 OR nocase(r.name)=nocase(?7)) GROUP BY r." period " ORDER BY r." period " LIMIT ?3"
static const char trend_days[] = TREND("day");
static const char trend_months[] = TREND("month");
static const char trend_hours[] = "SELECT '', r.hour/24, sum(r.jobs), sum(r.pages), sum(r.color_pages), 0, 0, 0, 0, 0" OF_TENANTS(
    "usage_hours") " AND r.hour>=?2 AND r.hour<?4 WHERE " IN_SCOPE("s.tenant_id") " GROUP BY r.hour/24 ORDER BY r.hour/24 LIMIT ?3";

typedef struct sum {
    int64_t tenant_id;
    const char *name; /* the batch's, later the arena's */
    size_t name_at;   /* in the arena */
    int kind;
    int64_t period; /* an hour or a day */
    int64_t jobs, pages, color_pages, sheets, duplex_pages, duplex_sheets, cost, unpriced;
} sum;

/* ---- adding up a batch ---- */

static int folded(char c)
{
    return c >= 'A' && c <= 'Z' ? c + 32 : (unsigned char)c;
}

static int compare_names(const char *a, const char *b)
{
    while (*a && folded(*a) == folded(*b)) {
        a++;
        b++;
    }
    return folded(*a) - folded(*b);
}

static int compare_numbers(int64_t a, int64_t b)
{
    return (a > b) - (a < b);
}

/* The same order for every group of every hub. */
static int compare(const void *pa, const void *pb)
{
    const sum *a = pa, *b = pb;
    int c = compare_numbers(a->kind, b->kind);
    if (!c) c = compare_numbers(a->tenant_id, b->tenant_id);
    if (!c) c = compare_names(a->name, b->name);
    return c ? c : compare_numbers(a->period, b->period);
}

/* No printer prints more in its life; whoever says so must not make the sums of others overflow. */
static int64_t known(int64_t n)
{
    const int64_t most = INT64_C(1000000000000);
    return n < 0 ? 0 : n > most ? most : n;
}

static int64_t sides_of(const hub_job *j)
{
    return known(j->impressions >= 0 ? j->impressions : j->pages);
}

static void both_sides(const hub_job *j, sum *s)
{
    if ((strcmp(j->duplex, "long") != 0 && strcmp(j->duplex, "short") != 0) || j->impressions < 0 || j->sheets < 0) return;
    s->duplex_pages = known(j->impressions);
    s->duplex_sheets = known(j->sheets);
}

/* What reached paper: the sides of printed jobs; where the analysis does not know them, the pages. Of a rule's jobs what they would have printed. */
static sum sum_of(int64_t tenant_id, const hub_job *j, int kind)
{
    bool printed = strcmp(j->outcome, "printed") == 0;
    sum s = {.tenant_id = tenant_id, .kind = kind, .period = j->time / (kind == HOURS ? HOUR_MS : DAY_MS), .jobs = 1};
    if (!printed && kind != HUB_USAGE_RULE) return s;
    s.pages = sides_of(j);
    s.color_pages = known(j->color_pages);
    s.sheets = known(j->sheets);
    both_sides(j, &s);
    if (kind == HUB_USAGE_ACCOUNT) {
        s.cost = known(j->cost);
        s.unpriced = j->cost < 0;
    }
    return s;
}

static size_t of_job(int64_t tenant_id, const hub_job *j, sum *out)
{
    const char *const names[] = {[HUB_USAGE_USER] = j->user,       [HUB_USAGE_QUEUE] = j->queue,
                                 [HUB_USAGE_MACHINE] = j->machine, [HUB_USAGE_ACCOUNT] = j->charged ? j->charged : HUB_USAGE_BORDER,
                                 [HUB_USAGE_RULE] = j->ruled,      [HOURS] = ""};
    size_t n = 0;
    for (int kind = 0; kind <= HOURS; kind++) {
        if (!names[kind]) continue;
        out[n] = sum_of(tenant_id, j, kind);
        out[n++].name = names[kind];
    }
    return n;
}

static void add(sum *to, const sum *s)
{
    to->jobs += s->jobs;
    to->pages += s->pages;
    to->color_pages += s->color_pages;
    to->sheets += s->sheets;
    to->duplex_pages += s->duplex_pages;
    to->duplex_sheets += s->duplex_sheets;
    to->cost += s->cost;
    to->unpriced += s->unpriced;
}

/* Makes those that are alike one; gives how many are left. */
static size_t merge(sum *s, size_t n)
{
    size_t kept = 0;
    for (size_t i = 0; i < n; i++) {
        if (kept && compare(&s[kept - 1], &s[i]) == 0)
            add(&s[kept - 1], &s[i]);
        else
            s[kept++] = s[i];
    }
    return kept;
}

static plt_status write_sum(db *d, const char *sql, const sum *s)
{
    db_stmt *st = db_get(d, sql);
    const int64_t more[] = {s->sheets, s->duplex_pages, s->duplex_sheets, s->cost, s->unpriced};
    bool hours = s->kind == HOURS;
    int at = 1;
    db_bind_int(st, at++, s->tenant_id);
    if (!hours) db_bind_int(st, at++, s->kind);
    db_bind_int(st, at++, s->period);
    if (!hours) db_bind_text(st, at++, s->name);
    db_bind_int(st, at++, s->jobs);
    db_bind_int(st, at++, s->pages);
    db_bind_int(st, at++, s->color_pages);
    for (size_t i = 0; i < sizeof more / sizeof *more && !hours; i++) db_bind_int(st, at++, more[i]);
    return db_many(d, st, 0, NULL);
}

static plt_status write_all(db *d, sum *s, size_t n)
{
    plt_status status = PLT_OK;
    size_t days = 0;
    while (days < n && s[days].kind != HOURS) days++; /* hours sort last */
    for (size_t i = days; status == PLT_OK && i < n; i++) status = write_sum(d, hour_add, &s[i]);
    for (size_t i = 0; status == PLT_OK && i < days; i++) status = write_sum(d, day_add, &s[i]);
    /* the days become months, in order still */
    for (size_t i = 0; i < days; i++) s[i].period = hub_month_of_day(s[i].period);
    days = merge(s, days);
    for (size_t i = 0; status == PLT_OK && i < days; i++) status = write_sum(d, month_add, &s[i]);
    plt_status flushed = db_flush(d); /* the names go */
    return status == PLT_OK ? flushed : status;
}

/* ---- adding up a group ---- */

void store_sums_init(store_sums *g)
{
    *g = (store_sums){.n = 0};
    plt_buf_init(&g->names, NAMES_MAX);
}

void store_sums_free(store_sums *g)
{
    free(g->sum);
    plt_buf_free(&g->names);
}

void store_sums_mark(store_sums *g)
{
    g->marked = true;
    g->kept = g->n;
    g->names_kept = g->names.len;
}

void store_sums_undo(store_sums *g)
{
    g->n = g->kept;
    g->names.len = g->names_kept;
    g->names.status = PLT_OK;
    g->marked = false;
}

void store_sums_clear(store_sums *g)
{
    plt_buf_clear(&g->names);
    g->n = g->kept = g->names_kept = 0;
    g->marked = false;
}

plt_status store_sums_write(db *d, store_sums *g)
{
    if (!g->n) return PLT_OK;
    for (size_t i = 0; i < g->n; i++) g->sum[i].name = (const char *)g->names.data + g->sum[i].name_at;
    qsort(g->sum, g->n, sizeof *g->sum, compare);
    plt_status status = write_all(d, g->sum, merge(g->sum, g->n));
    store_sums_clear(g);
    return status;
}

plt_status store_sums_keep(db *d, store_sums *g)
{
    g->marked = false;
    return g->n > SUMS_KEPT ? store_sums_write(d, g) : PLT_OK;
}

/* The batch's sums, merged already, are kept beyond the call. */
static plt_status keep_sums(db *d, store_sums *g, const sum *s, size_t n)
{
    if (g->n + n > g->cap) {
        sum *more = realloc(g->sum, (g->n + n) * 2 * sizeof *more);
        if (!more) return db_fail_as(d, PLT_NOMEM, "out of memory");
        g->sum = more;
        g->cap = (g->n + n) * 2;
    }
    for (size_t i = 0; i < n; i++) {
        sum *to = &g->sum[g->n++];
        *to = s[i];
        if (i && strcmp(s[i].name, s[i - 1].name) == 0) {
            to->name_at = to[-1].name_at;
        } else {
            to->name_at = g->names.len;
            plt_buf_add(&g->names, s[i].name, strlen(s[i].name) + 1);
        }
    }
    return g->names.status == PLT_OK ? PLT_OK : db_fail_as(d, PLT_NOMEM, "out of memory");
}

plt_status store_usage_add(db *d, store_sums *g, int64_t tenant_id, const hub_record *r, const int64_t *added, size_t n)
{
    sum *s = calloc(n, (HOURS + 1) * sizeof *s);
    size_t count = 0;
    if (!s) return db_fail_as(d, PLT_NOMEM, "out of memory");
    for (size_t i = 0; i < n; i++)
        if (added[i] && r[i].job) count += of_job(tenant_id, r[i].job, s + count);
    qsort(s, count, sizeof *s, compare);
    count = merge(s, count);
    plt_status status = g->marked ? keep_sums(d, g, s, count) : write_all(d, s, count);
    free(s);
    return status;
}

/* ---- asking ---- */

static plt_status answer(db *d, db_stmt *st, const hub_usage_query *q, bool (*each)(void *ctx, const hub_usage *u), void *ctx)
{
    plt_status status;
    db_bind_int(st, 1, q->scope);
    db_bind_int(st, 3, q->limit);
    db_limit(d, q->budget_ms);
    while ((status = db_row(d, st)) == PLT_OK) {
        hub_usage u = {.name = db_text(st, 0),
                       .period = q->apart ? 0 : db_int(st, 1),
                       .tenant_id = q->apart ? db_int(st, 1) : 0,
                       .jobs = db_int(st, 2),
                       .pages = db_int(st, 3),
                       .color_pages = db_int(st, 4),
                       .sheets = db_int(st, 5),
                       .duplex_pages = db_int(st, 6),
                       .duplex_sheets = db_int(st, 7),
                       .cost = db_int(st, 8),
                       .unpriced = db_int(st, 9)};
        if (!each(ctx, &u)) break;
    }
    db_reset(st);
    db_limit(d, 0);
    return status == PLT_NOTFOUND ? PLT_OK : status;
}

typedef struct days {
    int64_t from, to, sign;
} days;

/* At a period's beginning: its days of that month, or those before it if they are fewer. `first`: the first month that counts whole. */
static days first_days(int64_t from, int64_t *first)
{
    int64_t month = hub_month_of_day(from), begin = hub_month_day(month), next = hub_month_day(month + 1);
    bool off = from - begin < next - from;
    *first = off ? month : month + 1;
    return off ? (days){begin, from, -1} : (days){from, next, 1};
}

/* The same at its end; `last`: the month before which they count whole. */
static days last_days(int64_t to, int64_t *last)
{
    int64_t month = hub_month_of_day(to), begin = hub_month_day(month), next = hub_month_day(month + 1);
    bool off = next - to < to - begin;
    *last = off ? month + 1 : month;
    return off ? (days){to, next, -1} : (days){begin, to, 1};
}

plt_status store_usage(hub_store *h, const hub_usage_query *q, bool (*each)(void *ctx, const hub_usage *u), void *ctx)
{
    int64_t from = q->from / DAY_MS, to = q->to / DAY_MS;
    int64_t first = hub_month_of_day(from), last = hub_month_of_day(to);
    days head = {0, 0, 1}, tail = {0, 0, 1};
    if (!q->months && first == last) {
        head = (days){from, to, 1};
    } else if (!q->months) {
        head = first_days(from, &first);
        tail = last_days(to, &last);
    }
    const int64_t parts[] = {first, last, head.from, head.to, head.sign, tail.from, tail.to, tail.sign};
    db_stmt *st = db_get(of(h), q->by_tenant ? tenants : q->apart ? apart : top);
    db_bind_int(st, 2, q->kind);
    for (int i = 0; i < 8; i++) db_bind_int(st, 4 + i, parts[i]);
    return answer(of(h), st, q, each, ctx);
}

plt_status store_usage_trend(hub_store *h, const hub_usage_query *q, bool (*each)(void *ctx, const hub_usage *u), void *ctx)
{
    int64_t from = q->from / DAY_MS, to = q->to / DAY_MS;
    db_stmt *st = db_get(of(h), q->hours ? trend_hours : q->months ? trend_months : trend_days);
    if (q->hours) {
        db_bind_int(st, 2, from * 24);
        db_bind_int(st, 4, to * 24);
        return answer(of(h), st, q, each, ctx);
    }
    db_bind_int(st, 2, q->kind);
    db_bind_int(st, 4, q->months ? hub_month_of_day(from) : from);
    db_bind_int(st, 5, q->months ? hub_month_of_day(to) : to);
    db_bind_int(st, 6, q->name != NULL);
    db_bind_text(st, 7, q->name);
    return answer(of(h), st, q, each, ctx);
}
