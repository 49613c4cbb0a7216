/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The list of agents: pages that neither miss nor repeat one, filters, that both ways to find the rows find the same, and that each order is an
 * index' own. PLATEN_MANY=100000 measures a page of so many.
 */
#include "hub/store_agents_list.c" /* its statements, for their plans */

#include "hub_kit.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "hub/agent_page.h"
#include "hub/natural.h"
#include "os/clock.h"

#define MANY 2500 /* more than are gathered */
#define DAYS(n) ((n) * KIT_DAY)
#define AGENTS 40
#define BEFORE 23 /* the schema in which agents had nothing to be sorted by */

/* Both sides of what a person reads as a number. */
static void test_natural(void **state)
{
    static const char *const ordered[] = {
        "",    "0.9.4", "0.10.0",  "0.10.0-2", "0.10.1", "2",       "10",      "99999999",      "100000000",      "1000000000",   "a9b",
        "a10", "pc-7",  "PC-0008", "pc-9",     "PC-10",  "pc-10-a", "PC-10-b", "pc-9999999999", "pc-10000000000", "\xC3\x84rger", "\xC3\xA4rgerlich"};
    char a[256], b[256];
    (void)state;
    for (size_t i = 1; i < sizeof ordered / sizeof *ordered; i++) {
        hub_natural_key(a, sizeof a, ordered[i - 1]);
        hub_natural_key(b, sizeof b, ordered[i]);
        if (strcmp(a, b) >= 0) fail_msg("%s is not before %s (%s, %s)", ordered[i - 1], ordered[i], a, b);
    }
    hub_natural_key(a, sizeof a, "PC-007");
    hub_natural_key(b, sizeof b, "pc-7");
    assert_string_equal(a, b);
    hub_natural_key(a, 6, "abcd\xC3\xA4");
    assert_string_equal(a, "abcd"); /* cut at the end of a character */
}

/* ---- pages ---- */

typedef struct world {
    hub_store *s;
    int64_t dealer, site[3];
    int made;
} world;

static void add_agent(world *w, int n, int site)
{
    static const char *const os[] = {"Windows 11", "Windows Server 2022", "Debian 13"}, *const versions[] = {"0.9.4", "0.10.0", "0.2", ""};
    hub_agent a = {.tenant_id = w->site[site], .enrolled = KIT_NOW + n % 7 * 1000};
    snprintf(a.id, sizeof a.id, "%016x", n + 1);
    snprintf(a.machine, sizeof a.machine, "%s-%d", n % 2 ? "PC" : "pc", n / 3); /* two or three of a name */
    plt_copy(a.os, sizeof a.os, os[n % 3]);
    plt_copy(a.version, sizeof a.version, versions[n % 4]);
    assert_int_equal(w->s->ops->agent_add(w->s, &a), PLT_OK);
    assert_int_equal(w->s->ops->certificate_add(w->s, a.tenant_id, a.id, "aa", KIT_NOW, KIT_NOW + DAYS(10 + n % 5 * 10)), PLT_OK);
    w->made++;
}

static void world_make(world *w, hub_store *s)
{
    static const char *const names[] = {"Acme", "Zeta", "\xC3\x84rzte"};
    const hub_tenant d = {.name = "Dealer", .level = "dealer"};
    *w = (world){.s = s};
    assert_int_equal(s->people->tenant_add(s, &d, KIT_NOW, &w->dealer), PLT_OK);
    for (int i = 0; i < 3; i++) {
        hub_tenant t = {.parent = i < 2 ? w->dealer : 0, .level = "customer"};
        plt_copy(t.name, sizeof t.name, names[i]);
        assert_int_equal(s->people->tenant_add(s, &t, KIT_NOW, &w->site[i]), PLT_OK);
    }
    for (int i = 0; i < AGENTS; i++) add_agent(w, i, i % 3);
}

typedef struct walk {
    const hub_agent_query *q;
    char seen[400][HUB_AGENT_ID];
    int total, n;
    bool renamed; /* a tenant, on the way: the order is not looked at */
    hub_agent last;
    hub_agent_cursor before;
} walk;

static int compare(const hub_agent_query *q, const hub_agent_cursor *a, const hub_agent_cursor *b)
{
    int way = q->sort == HUB_AGENTS_BY_TENANT ? strcmp(a->tenant, b->tenant) : 0;
    if (!way) way = a->number < b->number ? -1 : a->number > b->number ? 1 : strcmp(a->text, b->text);
    if (!way) way = strcmp(a->id, b->id);
    return q->descending ? -way : way;
}

static bool next_row(void *ctx, const hub_agent *a)
{
    walk *w = ctx;
    char text[HUB_AGENT_CURSOR_TEXT];
    hub_agent_cursor at;
    hub_agent_cursor_of(w->q, a, text);
    assert_true(hub_agent_cursor_parse(text, &at));
    if (w->total && !w->renamed && compare(w->q, &w->before, &at) >= 0) fail_msg("%s after %s", a->id, w->before.id);
    for (int i = 0; i < w->total; i++) assert_string_not_equal(w->seen[i], a->id);
    memcpy(w->seen[w->total++], a->id, HUB_AGENT_ID);
    w->before = at;
    w->last = *a;
    w->n++;
    return true;
}

static bool shown(const walk *p, const char *id)
{
    for (int i = 0; i < p->total; i++)
        if (strcmp(p->seen[i], id) == 0) return true;
    return false;
}

/* What happens between two pages: agents come, are heard of (in the order of that, those that were shown), are shut out. */
static void meanwhile(world *w, const walk *p, int64_t *now)
{
    char id[HUB_AGENT_ID];
    *now += 1000;
    add_agent(w, w->made, w->made % 3);
    for (int i = 0; i < AGENTS; i += 5) {
        snprintf(id, sizeof id, "%016x", i + 1);
        if (p->q->sort == HUB_AGENTS_BY_SEEN && !(p->q->descending && shown(p, id))) continue;
        assert_int_equal(w->s->ops->agent_seen(w->s, w->site[i % 3], id, *now), PLT_OK);
    }
    snprintf(id, sizeof id, "%016x", w->made % AGENTS + 1);
    assert_int_equal(w->s->ops->agent_revoke(w->s, HUB_OPERATOR, id), PLT_OK);
}

static hub_agent_cursor *cursor_after(const hub_agent_query *q, const hub_agent *a, hub_agent_cursor *out)
{
    char text[HUB_AGENT_CURSOR_TEXT];
    hub_agent_cursor_of(q, a, text);
    assert_true(hub_agent_cursor_parse(text, out));
    return out;
}

static void walk_all(world *w, hub_agent_query *q, int64_t *now)
{
    hub_agent_cursor cursor;
    char id[HUB_AGENT_ID];
    walk p = {.q = q};
    int there = w->made, pages = 0;
    q->after = NULL;
    do {
        p.n = 0;
        assert_int_equal(w->s->ops->agents(w->s, q, next_row, &p), PLT_OK);
        q->after = cursor_after(q, &p.last, &cursor);
        if (++pages < 4) meanwhile(w, &p, now);
    } while (p.n);
    q->after = NULL;
    for (int i = 0; i < there; i++) {
        if (q->scope == w->dealer && i % 3 == 2) continue;
        snprintf(id, sizeof id, "%016x", i + 1);
        if (!shown(&p, id))
            fail_msg("sort %d %d, scope %" PRId64 ", expected %" PRId64 ": %s is missing", q->sort, q->descending, q->scope, q->expected, id);
    }
    for (int i = 0; q->scope == w->dealer && i < p.total; i++) assert_int_not_equal((strtol(p.seen[i], NULL, 16) - 1) % 3, 2);
}

/* Each order, both directions, everywhere and below a dealer, along the index and gathered. */
static void test_walks(void **state)
{
    world w;
    int64_t now = KIT_NOW + DAYS(1);
    world_make(&w, *state);
    for (int kind = 0; kind < HUB_AGENT_SORTS * 8; kind++) {
        hub_agent_query q = {.sort = (hub_agent_sort)(kind / 8), .descending = kind & 1, .limit = 7, .expected = kind & 2 ? 10 : -1};
        q.scope = kind & 4 ? w.dealer : HUB_OPERATOR;
        q.budget_ms = 60000;
        walk_all(&w, &q, &now);
    }
}

/* A tenant gets another name while it is walked through: the rest of its agents come, and those of the others. */
static void test_renamed(void **state)
{
    world w;
    hub_store *s = *state;
    hub_agent_cursor cursor;
    world_make(&w, s);
    hub_agent_query q = {.sort = HUB_AGENTS_BY_TENANT, .limit = 5, .expected = -1, .budget_ms = 10000};
    for (int gather = 0; gather < 2; gather++) {
        walk p = {.q = &q, .renamed = true};
        q.after = NULL;
        q.expected = gather ? 10 : -1;
        do {
            p.n = 0;
            assert_int_equal(s->ops->agents(s, &q, next_row, &p), PLT_OK);
            q.after = cursor_after(&q, &p.last, &cursor);
            if (p.total == 5) assert_int_equal(s->people->tenant_rename(s, w.site[0], gather ? "Aaa" : "Aa"), PLT_OK);
        } while (p.n);
        assert_int_equal(p.total, AGENTS);
    }
    q.after = &cursor; /* of a tenant outside the scope: nothing of it is told */
    q.scope = w.dealer;
    cursor = (hub_agent_cursor){.sort = q.sort, .tenant_id = w.site[2], .id = "0000000000000000", .tenant = "Zzzzz"};
    walk p = {.q = &q};
    assert_int_equal(s->ops->agents(s, &q, next_row, &p), PLT_OK);
    assert_int_equal(p.total, 0);
}

/* ---- filters ---- */

static int64_t number_of(hub_store *s, hub_agent_query *q)
{
    walk p = {.q = q, .renamed = true};
    int64_t n = 0;
    bool capped;
    assert_int_equal(s->ops->agents_count(s, q, 1000, &n, &capped), PLT_OK);
    assert_false(capped);
    for (int gather = 0; gather < 2; gather++) {
        p.total = 0;
        q->limit = 100;
        q->expected = gather ? n : -1;
        assert_int_equal(s->ops->agents(s, q, next_row, &p), PLT_OK);
        assert_int_equal(p.total, n);
    }
    return n;
}

static void test_states(void **state)
{
    static const int64_t expected[HUB_AGENT_STATES] = {[HUB_AGENTS_ANY] = 40,    [HUB_AGENTS_ACTIVE] = 4,    [HUB_AGENTS_SILENT] = 35,
                                                       [HUB_AGENTS_REVOKED] = 1, [HUB_AGENTS_EXPIRING] = 15, [HUB_AGENTS_ATTENTION] = 36};
    world w;
    hub_store *s = *state;
    char id[HUB_AGENT_ID];
    int64_t now = KIT_NOW + DAYS(1);
    world_make(&w, s);
    for (int i = 0; i < 5; i++) { /* heard of; the first one is shut out. Certificates of i%5 of 0 and 1 end within 21 days */
        snprintf(id, sizeof id, "%016x", i + 1);
        assert_int_equal(s->ops->agent_seen(s, w.site[i % 3], id, now), PLT_OK);
    }
    assert_int_equal(s->ops->agent_revoke(s, HUB_OPERATOR, "0000000000000001"), PLT_OK);
    for (int i = 0; i < HUB_AGENT_STATES; i++) {
        hub_agent_query q = {.state = (hub_agent_state)i, .silent_before = now - 900000, .expires_before = KIT_NOW + DAYS(21), .budget_ms = 10000};
        int64_t n = number_of(s, &q);
        if (n != expected[i]) fail_msg("state %d: %" PRId64, i, n);
    }
    /* a new certificate: it does not end soon any more */
    hub_agent_query q = {.state = HUB_AGENTS_EXPIRING, .expires_before = KIT_NOW + DAYS(21), .budget_ms = 10000};
    assert_int_equal(s->ops->certificate_add(s, w.site[1], "0000000000000002", "bb", KIT_NOW, KIT_NOW + DAYS(300)), PLT_OK);
    assert_int_equal(number_of(s, &q), 14);
    hub_agent a;
    assert_int_equal(s->ops->agent_find(s, w.site[1], "0000000000000002", NULL, &a), PLT_OK);
    assert_int_equal(a.certificate_expires, KIT_NOW + DAYS(300));
}

static void test_search(void **state)
{
    static const struct {
        const char *search; /* folded */
        int64_t expected;
    } cases[] = {
        {"pc-1", 13}, {"server 2022", 13}, {"0.10", 10},   {"acme", 14}, {"\xC3\x84rzte", 13}, {"00000000000000a", 1}, {"%", 0}, {"_", 0},
        {"'", 0},     {"pc-1\n", 3},       {"nothing", 0},
    };
    world w;
    world_make(&w, *state);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        hub_agent_query q = {.search = cases[i].search, .budget_ms = 10000};
        int64_t n = number_of(*state, &q);
        if (n != cases[i].expected) fail_msg("%s: %" PRId64, cases[i].search, n);
    }
    hub_agent_query q = {.search = "pc-1", .scope = w.site[2], .budget_ms = 10000};
    assert_int_equal(number_of(*state, &q), 4);
    int64_t n;
    bool capped;
    assert_int_equal(w.s->ops->agents_count(w.s, &(hub_agent_query){.budget_ms = 10000}, 30, &n, &capped), PLT_OK);
    assert_true(capped && n == 30);
}

static void test_cursor(void **state)
{
    static const char *const bad[] = {"", "a", "YTEg", "ZDEgMCAwIDEgMCAwMDAwMDAwMDAwMDAwMDAxIAph", "not base64!"};
    char text[HUB_AGENT_CURSOR_TEXT];
    hub_agent_cursor c;
    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) assert_false(hub_agent_cursor_parse(bad[i], &c));
    hub_agent a = {.tenant_id = INT64_MAX, .id = "00000000000000aa", .last_seen = INT64_MAX};
    memset(a.machine, '7', sizeof a.machine - 1);
    memset(a.tenant, 'T', sizeof a.tenant - 1);
    memset(a.version, '1', sizeof a.version - 1);
    memset(a.os, 'o', sizeof a.os - 1);
    for (int i = 0; i < HUB_AGENT_SORTS; i++) { /* the longest there is */
        hub_agent_cursor_of(&(hub_agent_query){.sort = (hub_agent_sort)i, .descending = true}, &a, text);
        assert_true(strlen(text) < sizeof text && hub_agent_cursor_parse(text, &c));
        assert_true(c.sort == (hub_agent_sort)i && c.descending && c.tenant_id == INT64_MAX);
        assert_string_equal(c.id, a.id);
        assert_string_equal(c.tenant, i == HUB_AGENTS_BY_TENANT ? a.tenant : "");
        for (size_t n = strlen(text); n--;) {
            text[n] = 0;
            hub_agent_cursor_parse(text, &c);
        }
    }
}

/* ---- the schema, and what serves an order ---- */

/* Agents from before the list was sorted by the database have what it is sorted and searched by. */
static void test_step(void **state)
{
    hub_store *s = *state;
    bool postgres = *kit_here.url;
    s->ops->close(s);
    *state = NULL;
    kit_place_remove();
    kit_place_make(postgres);
    db *d = kit_db_open();
    assert_int_equal(store_migrate_to(d, BEFORE), PLT_OK);
    assert_int_equal(
        db_exec(d, "INSERT INTO tenants(tenant_id, name, created) VALUES(1, 'Acme', 1);"
                   "INSERT INTO tenant_tree(ancestor, tenant_id) VALUES(1, 1);"
                   "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n WHERE i<1001) INSERT INTO agents(tenant_id, agent_id, machine,"
                   " os, version, enrolled, last_seen, revoked, durable, durable_hash) SELECT 1, substr('000000000000' || (10000+i), 2, 16),"
                   " 'PC-' || i, 'W', '1', 1, 1, 0, 0, '' FROM n;"
                   "INSERT INTO certificates(tenant_id, agent_id, serial, issued, expires) VALUES(1, '0000000000010001', 'a', 1, 5),"
                   "(1, '0000000000010001', 'b', 1, 7)"),
        PLT_OK);
    assert_int_equal(store_migrate(d), PLT_OK);
    static const struct {
        const char *sql;
        int64_t expected;
    } cases[] = {{"SELECT count(*) FROM agents WHERE sort_machine='pc-11' AND instr(search, 'pc-1')>0", 1},
                 {"SELECT count(*) FROM agents WHERE sort_machine='pc-41001' AND sort_version='11'", 1},
                 {"SELECT count(*) FROM agents WHERE sort_machine='' OR search=''", 0},
                 {"SELECT certificate_expires FROM agents WHERE agent_id='0000000000010001'", 7},
                 {"SELECT sum(certificate_expires) FROM agents", 7}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        db_stmt *st = db_prepare(d, cases[i].sql);
        int64_t n = -1;
        assert_int_equal(db_number(d, st, &n), PLT_OK);
        db_finalize(st);
        if (n != cases[i].expected) fail_msg("%s: %" PRId64, cases[i].sql, n);
    }
    db_close(d);
}

static void plan_of(db *d, const hub_agent_query *q, int64_t tenant_id, half part, plt_buf *out)
{
    db_query b;
    db_stmt *st;
    bool sqlite = d->engine == DB_SQLITE;
    db_query_begin(&b);
    db_query_add(&b, sqlite ? "EXPLAIN QUERY PLAN " : "EXPLAIN ");
    along(&b, q, tenant_id, part);
    db_query_number(&b, " LIMIT ?", 51);
    assert_int_equal(db_query_end(d, &b, &st), PLT_OK);
    while (db_row(d, st) == PLT_OK) plt_buf_printf(out, "%s\n", db_text(st, sqlite ? 3 : 0));
    db_finalize(st);
}

/* The database goes along an index and sorts nothing, from the start and from a cursor on. */
static void test_plans(void **state)
{
    static const char *const index[HUB_AGENT_SORTS] = {"agents_by_machine", "agents_of_tenant", "agents_by_seen",
                                                       "agents_by_version", "agents_by_os",     "agents_by_certificate"};
    world w;
    world_make(&w, *state);
    db *d = kit_db_open();
    /* PostgreSQL would rather read forty rows from the table: it is to say what it could do. */
    if (d->engine == DB_POSTGRES) assert_int_equal(db_exec(d, "SET enable_seqscan=off; SET enable_bitmapscan=off; SET enable_sort=off"), PLT_OK);
    for (int kind = 0; kind < HUB_AGENT_SORTS * 6; kind++) {
        hub_agent_cursor c = {.text = "m", .id = "00000000000000aa", .tenant_id = w.site[0], .number = 5};
        hub_agent_query q = {.sort = (hub_agent_sort)(kind / 6), .descending = kind & 1, .after = &c, .scope = w.dealer};
        plt_buf plan;
        plt_buf_init(&plan, 1 << 16);
        plan_of(d, &q, q.sort == HUB_AGENTS_BY_TENANT ? w.site[0] : 0, (half)(kind / 2 % 3), &plan);
        const char *text = plt_buf_str(&plan);
        if (!strstr(text, index[q.sort]) || strstr(text, "TEMP B-TREE") || strstr(text, "Sort")) fail_msg("order %d:\n%s", kind, text);
        plt_buf_free(&plan);
    }
    db_close(d);
}

/* ---- many ---- */

static bool count_row(void *ctx, const hub_agent *a)
{
    hub_agent *last = ctx;
    *last = *a;
    last->durable_hash[0]++; /* rows of the page */
    return true;
}

/* A page from the start and the one behind it, in each order; how long the slower one takes in milliseconds. */
static double page_time(hub_store *s, hub_agent_query *q, bool first)
{
    hub_agent last = {.durable_hash = {0}};
    hub_agent_cursor cursor;
    uint64_t begun = os_clock_mono_ms();
    for (int i = 0; i < 10; i++) {
        memset(&last, 0, sizeof last);
        assert_int_equal(s->ops->agents(s, q, count_row, &last), PLT_OK);
        assert_true(last.tenant_id > 0);
    }
    double ms = (double)(os_clock_mono_ms() - begun) / 10;
    if (!first) return ms;
    q->after = cursor_after(q, &last, &cursor);
    double next = page_time(s, q, false);
    q->after = NULL;
    return next > ms ? next : ms;
}

static void test_many(void **state)
{
    hub_store *s = *state;
    const char *asked = getenv("PLATEN_MANY");
    int64_t many = asked ? strtoll(asked, NULL, 10) : MANY, n;
    bool capped;
    char sql[1200];
    world w;
    world_make(&w, s);
    db *d = kit_db_open();
    snprintf(sql, sizeof sql,
             "WITH RECURSIVE n(i) AS (SELECT CAST(1 AS INTEGER) UNION ALL SELECT i+1 FROM n WHERE i<%lld) INSERT INTO agents(tenant_id, agent_id,"
             " machine, os, version, enrolled, last_seen, revoked, durable, durable_hash, certificate_expires, sort_machine, sort_version, search)"
             " SELECT CASE WHEN i%%10=0 THEN %lld ELSE %lld END, 'aaaa' || (100000000000+i), 'BER-' || (100000+i*7919%%899981), 'Windows 11',"
             " '0.10.' || (10+i%%40), 1, %lld+i*7907%%1000003, 0, i, (SELECT durable_hash FROM agents LIMIT 1), %lld+i*104729%%1000003,"
             " 'ber-6' || (100000+i*7919%%899981), '10.210.2' || (10+i%%40), 'ber-' || (100000+i*7919%%899981) FROM n",
             (long long)many, (long long)w.site[0], (long long)w.site[1], (long long)KIT_NOW, (long long)KIT_NOW);
    assert_int_equal(db_exec(d, sql), PLT_OK);
    assert_int_equal(db_exec(d, "ANALYZE"), PLT_OK);
    db_close(d);
    for (int kind = 0; kind < HUB_AGENT_SORTS * 4; kind++) {
        hub_agent_query q = {.sort = (hub_agent_sort)(kind / 4), .descending = kind & 1, .limit = 51, .budget_ms = 10000};
        q.scope = kind & 2 ? w.dealer : HUB_OPERATOR;
        uint64_t begun = os_clock_mono_ms();
        assert_int_equal(s->ops->agents_count(s, &q, 200000, &n, &capped), PLT_OK);
        uint64_t count = os_clock_mono_ms() - begun;
        assert_in_range(n, many, many + AGENTS);
        q.expected = n;
        double ms = page_time(s, &q, true);
        if (!asked) continue;
        printf("sort %d %s%s: page %.1f ms, count %llu ms\n", q.sort, q.descending ? "desc" : "asc", q.scope ? " of a dealer" : "", ms,
               (unsigned long long)count);
        assert_true(ms < 50);
    }
}

#define EACH(C) C(test_walks), C(test_renamed), C(test_states), C(test_search), C(test_step), C(test_plans), C(test_many)

int main(void)
{
    const struct CMUnitTest pure[] = {cmocka_unit_test(test_natural), cmocka_unit_test(test_cursor)};
    const struct CMUnitTest sqlite[] = {EACH(KIT_SQLITE)};
    const struct CMUnitTest postgres[] = {EACH(KIT_POSTGRES)};
    int bad = cmocka_run_group_tests_name("pure", pure, NULL, NULL);
    bad += cmocka_run_group_tests_name("SQLite", sqlite, NULL, NULL);
    if (kit_postgres_there()) bad += cmocka_run_group_tests_name("PostgreSQL", postgres, NULL, NULL);
    return bad;
}
