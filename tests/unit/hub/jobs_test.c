/* SPDX-License-Identifier: Apache-2.0 */
/* The jobs list: pages that neither miss nor repeat a row, filters, and that all ways to find the rows find the same. */
#include "hub_kit.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "core/util/text.h"
#include "hub/cursor.h"
#include "hub/fold.h"
#include "hub/people.h"
#include "hub/store_parts.h"

#define A "00000000000000aa"
#define B "00000000000000bb"

static bool count_row(void *ctx, const hub_job *j)
{
    (void)j;
    ++*(int *)ctx;
    return true;
}

typedef struct page {
    hub_job_query *query;
    hub_cursor last;
    int n;
    char key[64], first[64];
    int64_t seqs[512];
    int total;
} page;

static void key_of(const hub_job *j, hub_sort sort, char out[64])
{
    char text[64] = "";
    const char *const texts[HUB_SORTS] = {"", j->user, j->queue, j->document, "", j->machine};
    plt_buf folded;
    plt_buf_init(&folded, 63);
    hub_fold(&folded, texts[sort]);
    if (sort == HUB_SORT_TIME)
        snprintf(text, sizeof text, "%020" PRId64, j->time);
    else if (sort == HUB_SORT_PAGES)
        snprintf(text, sizeof text, "%020" PRId64, j->pages + 1);
    else
        plt_copy(text, sizeof text, plt_buf_str(&folded));
    memcpy(out, text, 64);
    plt_buf_free(&folded);
}

static bool next_row(void *ctx, const hub_job *j)
{
    page *p = ctx;
    char key[64];
    key_of(j, p->query->sort, key);
    if (p->total) {
        int way = strcmp(p->key, key);
        assert_true(p->query->descending ? way >= 0 : way <= 0);
    }
    memcpy(p->key, key, sizeof key);
    for (int i = 0; i < p->total; i++) assert_int_not_equal(p->seqs[i], j->seq);
    p->seqs[p->total++] = j->seq;
    p->n++;
    p->last = (hub_cursor){.sort = p->query->sort, .descending = p->query->descending, .tenant_id = j->tenant_id, .seq = j->seq};
    plt_copy(p->last.agent, sizeof p->last.agent, j->agent);
    return true;
}

static void test_pages(void **state)
{
    hub_store *s = *state;
    static const char *const users[] = {"mia", "Ben", "ANNA", "zoe", "", "mia"}, *const documents[] = {"a", "B", "c", "D", "e", "F", "g"};
    int64_t one = kit_tenant(s, "Acme");
    kit_chain c;
    kit_chain_init(&c);
    kit_agent(s, one, A, "PC-1");
    c.a_minute = 13; /* more of one moment than of one page */
    for (int i = 0; i < 200; i++) kit_chain_job(&c, NULL, documents[i % 7], users[i % 6]);
    kit_put(s, &c, 1, 100, one, A);
    int64_t stored = 100;
    for (int sort = 0; sort < HUB_SORTS; sort++) {
        for (int descending = 0; descending < 2; descending++) {
            hub_job_query q = {.sort = (hub_sort)sort, .descending = descending, .limit = 9, .from = INT64_MIN, .to = INT64_MAX, .budget_ms = 10000};
            q.search = sort % 2 ? "office" : NULL; /* every job's queue: both ways to search give the same pages */
            q.expected = sort % 4 == 1 ? 10 : -1;
            page p = {.query = &q};
            int before = (int)stored;
            do {
                p.n = 0;
                assert_int_equal(s->ops->jobs(s, &q, next_row, &p), PLT_OK);
                q.after = &p.last;
                /* jobs arrive between the pages: none is shown twice, none of the old ones is missed */
                if (stored < 200 && p.total == 18) {
                    kit_put(s, &c, stored + 1, stored + 8, one, A);
                    stored += 8;
                }
            } while (p.n);
            int old = 0;
            for (int i = 0; i < p.total; i++) old += p.seqs[i] <= before;
            if (old != before) fail_msg("sort %d %d: %d of %d", sort, descending, old, before);
        }
    }
    hub_cursor gone = {.tenant_id = one, .agent = A, .seq = 9999};
    hub_job_query q = {.limit = 5, .after = &gone, .from = INT64_MIN, .to = INT64_MAX, .budget_ms = 10000};
    page p = {.query = &q};
    assert_int_equal(s->ops->jobs(s, &q, next_row, &p), PLT_NOTFOUND);
    kit_chain_free(&c);
}

static void test_filters(void **state)
{
    hub_store *s = *state;
    int64_t one = kit_tenant(s, "Acme"), n;
    bool capped;
    kit_chain c;
    kit_chain_init(&c);
    kit_agent(s, one, A, "PC-1");
    kit_chain_job(&c, NULL, "100% \"sure\" \xC3\x84rger", "mia");
    kit_chain_job(&c, NULL, "100_ sure", "Mia");
    kit_chain_job(&c, NULL, "'; DROP TABLE jobs; --", "ben");
    c.account = "M-7";
    kit_chain_job(&c, NULL, "", "");
    kit_put(s, &c, 1, 4, one, A);
    const hub_job_query any = {.limit = 50, .from = INT64_MIN, .to = INT64_MAX, .budget_ms = 10000};
    hub_job_query q[15];
    const int want[15] = {4, 2, 1, 1, 1, 1, 0, 4, 0, 1, 2, 0, 1, 0, 0};
    for (int i = 0; i < 15; i++) q[i] = any;
    q[1].user = "MIA";
    q[2].search = "100%";
    q[3].search = "100_";
    q[4].search = "'; drop table jobs; --";
    q[5].search = "\xC3\xA4rger";
    q[6].search = "rger\x1F";
    q[6].user = "nobody";
    q[7].queue = "office";
    q[8].scope = one + 1;
    q[9].from = KIT_NOW + 60000;
    q[9].to = KIT_NOW + 120000;
    q[10].to = KIT_NOW + 180000;
    q[11].outcome = "failed";
    q[12].account = "m-7";
    q[13].account = "M";
    q[14].account = "M-7";
    q[14].user = "mia";
    for (int i = 0; i < 45; i++) {
        int rows = 0;
        hub_job_query *one_q = &q[i % 15];
        one_q->expected = i / 15 == 0 ? -1 : i / 15 == 1 ? 3 : 100000; /* only a hint */
        assert_int_equal(s->ops->jobs(s, one_q, count_row, &rows), PLT_OK);
        assert_int_equal(s->ops->jobs_count(s, one_q, 1000, &n, &capped), PLT_OK);
        if (rows != want[i % 15] || n != want[i % 15] || capped) fail_msg("filter %d: %d rows, count %d", i, rows, (int)n);
    }
    assert_int_equal(s->ops->jobs_count(s, &any, 3, &n, &capped), PLT_OK);
    assert_true(n == 3 && capped);
    assert_int_equal(s->ops->jobs_count(s, &any, 4, &n, &capped), PLT_OK);
    assert_true(n == 4 && !capped);
    kit_chain_free(&c);
}

/* ---- ways ---- */

#define ROWS 90

typedef struct rows {
    int n;
    struct {
        int64_t tenant, seq;
    } row[ROWS];
} rows;

static bool keep_row(void *ctx, const hub_job *j)
{
    rows *r = ctx;
    assert_true(r->n < ROWS);
    r->row[r->n].tenant = j->tenant_id;
    r->row[r->n++].seq = j->seq;
    return true;
}

/* All pages of a list, the hint given anew with each. */
static void walk(hub_store *s, hub_job_query q, int64_t expected, rows *all)
{
    hub_cursor last;
    int before;
    all->n = 0;
    q.expected = expected;
    do {
        before = all->n;
        assert_int_equal(s->ops->jobs(s, &q, keep_row, all), PLT_OK);
        if (all->n == before) break;
        last = (hub_cursor){.sort = q.sort, .descending = q.descending, .tenant_id = all->row[all->n - 1].tenant, .seq = all->row[all->n - 1].seq};
        plt_copy(last.agent, sizeof last.agent, last.tenant_id % 2 ? A : B);
        q.after = &last;
    } while (all->n - before == q.limit);
}

/* A dealer's two customers with jobs of the same moments, names and titles, and one of another dealer's. */
static void test_ways(void **state)
{
    hub_store *s = *state;
    static const char *const users[] = {"mia", "Ben", "anna"}, *const documents[] = {"offer", "Invoice", "plan", "Memo"};
    int64_t dealer = kit_tenant(s, "Dealer"), customer[2];
    for (int i = 0; i < 2; i++) {
        hub_tenant t = {.parent = dealer, .level = "customer"};
        plt_copy(t.name, sizeof t.name, i ? "Acme" : "Blue");
        assert_int_equal(s->people->tenant_add(s, &t, KIT_NOW, &customer[i]), PLT_OK);
        kit_agent(s, customer[i], customer[i] % 2 ? A : B, "PC-1");
    }
    assert_int_not_equal(customer[0] % 2, customer[1] % 2);
    kit_chain c;
    kit_chain_init(&c);
    c.a_minute = 4;
    for (int i = 0; i < 40; i++) {
        c.account = i % 6 == 0 ? "M-7" : i % 6 == 1 ? "C-1" : NULL;
        kit_chain_job(&c, NULL, documents[i % 4], users[i % 3]);
    }
    for (int i = 0; i < 2; i++) kit_put(s, &c, 1, i ? 40 : 15, customer[i], customer[i] % 2 ? A : B);
    const struct {
        int64_t scope;
        int rows;
    } scopes[] = {{HUB_OPERATOR, 55}, {dealer, 55}, {customer[0], 15}, {customer[1], 40}, {customer[1] + 1, 0}};
    for (int i = 0; i < 5 * HUB_SORTS * 2 * 5; i++) {
        hub_job_query q = {.limit = 7, .from = INT64_MIN, .to = INT64_MAX, .budget_ms = 10000};
        int filter = i % 5, scope = i / 5 % 5;
        q.descending = i / 25 % 2;
        q.sort = (hub_sort)(i / 50);
        q.scope = scopes[scope].scope;
        if (filter == 1) q.search = "invoice";
        if (filter == 2) q.user = "MIA";
        if (filter == 4) q.account = "m-7";
        if (filter == 3) q.from = KIT_NOW + 60000, q.to = KIT_NOW + 420000;
        rows plain, few, many;
        int64_t n;
        bool capped;
        walk(s, q, -1, &plain);
        walk(s, q, 3, &few);
        walk(s, q, 1000000, &many);
        assert_int_equal(s->ops->jobs_count(s, &q, 1000, &n, &capped), PLT_OK);
        assert_int_equal(n, plain.n);
        if (filter == 0) assert_int_equal(plain.n, scopes[scope].rows);
        if (filter && scopes[scope].rows) assert_true(plain.n > 0 && plain.n < scopes[scope].rows);
        if (few.n != plain.n || memcmp(few.row, plain.row, (size_t)plain.n * sizeof *plain.row) != 0) fail_msg("case %d: few", i);
        if (many.n != plain.n || memcmp(many.row, plain.row, (size_t)plain.n * sizeof *plain.row) != 0) fail_msg("case %d: many", i);
    }
    kit_chain_free(&c);
}

/* A search by account reads what that account's index has, on both engines: among 3,000 jobs, twenty. */
static void test_account_by_index(void **state)
{
    hub_store *s = *state;
    int64_t one = kit_tenant(s, "Acme");
    bool postgres = of(s)->engine == DB_POSTGRES, used = false;
    kit_chain c;
    kit_chain_init(&c);
    kit_agent(s, one, A, "PC-1");
    for (int i = 0; i < 3000; i++) {
        c.account = i % 150 == 0 ? "M-7" : i % 2 ? "C-1" : NULL;
        kit_chain_job(&c, NULL, "Plan", "mia");
    }
    assert_int_equal(kit_put(s, &c, 1, 3000, one, A), 3000);
    if (postgres) assert_int_equal(db_exec(of(s), "ANALYZE jobs"), PLT_OK);
    db_stmt *st =
        db_prepare(of(s), postgres ? "EXPLAIN SELECT j.seq FROM jobs j WHERE j.account<>'' AND nocase(j.account)=nocase('m-7') ORDER BY j.time"
                                   : "EXPLAIN QUERY PLAN SELECT j.seq FROM jobs j WHERE j.account<>'' AND nocase(j.account)=nocase('m-7')"
                                     " ORDER BY j.time DESC, j.job_no DESC LIMIT 51");
    while (db_row(of(s), st) == PLT_OK) used |= strstr(db_text(st, postgres ? 0 : 3), postgres ? "account" : "jobs_by_account") != NULL;
    db_finalize(st);
    assert_true(used);
    hub_job_query q = {.limit = 50, .from = INT64_MIN, .to = INT64_MAX, .budget_ms = 10000, .account = "m-7", .descending = true, .expected = -1};
    int found = 0;
    assert_int_equal(s->ops->jobs(s, &q, count_row, &found), PLT_OK);
    assert_int_equal(found, 20);
    kit_chain_free(&c);
}

#define EACH(C) C(test_pages), C(test_filters), C(test_ways), C(test_account_by_index)

int main(void)
{
    const struct CMUnitTest sqlite[] = {EACH(KIT_SQLITE)};
    const struct CMUnitTest postgres[] = {EACH(KIT_POSTGRES)};
    int bad = cmocka_run_group_tests_name("SQLite", sqlite, NULL, NULL);
    if (kit_postgres_there()) bad += cmocka_run_group_tests_name("PostgreSQL", postgres, NULL, NULL);
    return bad;
}
