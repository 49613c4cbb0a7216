/* SPDX-License-Identifier: Apache-2.0 */
/* The rules of uploads against a real store, the group commit, and what a failing store lets through: nothing. */
#include "hub_kit.h"

#include <stdio.h>
#include <string.h>

#include "core/util/text.h"
#include "faulty_store.h"
#include "hub/ingest.h"
#include "hub/store_parts.h"
#include "hub/writer.h"
#include "os/http.h"
#include "os/log.h"

#define A "00000000000000aa"
#define B "00000000000000bb"

static hub_store *store;
static int64_t tenant;
static kit_chain chain;

static int set_up(void **state)
{
    (void)state;
    kit_place_make(false);
    store = kit_store_open();
    tenant = kit_tenant(store, "Acme");
    kit_agent(store, tenant, A, "PC-1");
    kit_agent(store, tenant, B, "PC-2");
    kit_chain_init(&chain);
    kit_chain_jobs(&chain, 40);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    kit_chain_free(&chain);
    store->ops->close(store);
    kit_place_remove();
    return 0;
}

static int64_t durable(const char *agent)
{
    hub_agent a;
    assert_int_equal(store->ops->agent_find(store, tenant, agent, NULL, &a), PLT_OK);
    return a.durable;
}

/* One upload as a group of its own; gives the status of its reply, which for 409 is a gap. */
static int upload(const kit_chain *c, int64_t from, int64_t to, int64_t *durable_said)
{
    hub_task *t = kit_upload(c, from, to, tenant, A);
    hub_writer_group(store, t, KIT_NOW);
    int status = t->out.status;
    if (status == 409) assert_true(kit_reply_has(t, "\"gap\""));
    *durable_said = kit_reply_number(t, "durable");
    hub_task_free(t);
    return status;
}

static void test_rules(void **state)
{
    (void)state;
    static const struct {
        int64_t from, to;
        int status;
        int64_t said, after;
    } steps[] = {
        {2, 5, 409, 0, 0},                            /* a gap at the very start */
        {1, 10, 200, 10, 10},  {1, 10, 200, 10, 10},  /* a replay */
        {4, 6, 200, 10, 10},                          /* a part of one */
        {10, 10, 200, 10, 10}, {12, 15, 409, 10, 10}, /* a gap */
        {8, 15, 200, 15, 15},                         /* an overlap */
        {16, 16, 200, 16, 16}, {1, 40, 200, 40, 40},
    };
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
        int64_t said;
        int status = upload(&chain, steps[i].from, steps[i].to, &said);
        if (status != steps[i].status || said != steps[i].said || durable(A) != steps[i].after) fail_msg("step %zu: %d, %d", i, status, (int)said);
    }
}

/* Ledgers that share a beginning with the one the hub has, or nothing, and go on differently. */
static void test_forks(void **state)
{
    (void)state;
    int64_t said;
    assert_int_equal(upload(&chain, 1, 20, &said), 200);
    for (int common = 0; common <= 19; common += 19) {
        kit_chain c;
        kit_chain_init(&c);
        const char *p = plt_buf_str(&chain.lines);
        for (int i = 0; i < common; i++) {
            char line[4096];
            const char *end = strchr(p, '\n');
            assert_true((size_t)(end - p) < sizeof line);
            memcpy(line, p, (size_t)(end - p));
            line[end - p] = 0;
            kit_chain_line(&c, line);
            p = end + 1;
        }
        kit_chain_jobs(&c, 10);
        const int64_t n = c.seq;
        const int64_t ranges[][2] = {{1, n}, {common + 1, common + 1}, {n > 20 ? 21 : n, n}};
        for (size_t i = 0; i < 3; i++) {
            hub_task *t = kit_upload(&c, ranges[i][0], ranges[i][1], tenant, A);
            hub_writer_group(store, t, KIT_NOW);
            if (t->out.status != 409 || !kit_reply_has(t, "\"fork\"")) fail_msg("common %d, range %zu: %d", common, i, t->out.status);
            assert_int_equal(kit_reply_number(t, "durable"), 20);
            hub_task_free(t);
        }
        kit_chain_free(&c);
    }
    assert_int_equal(durable(A), 20);
}

static void test_revoked_meanwhile(void **state)
{
    (void)state;
    hub_task *t = kit_upload(&chain, 1, 5, tenant, A);
    assert_int_equal(store->ops->agent_revoke(store, HUB_OPERATOR, A), PLT_OK);
    hub_writer_group(store, t, KIT_NOW);
    assert_int_equal(t->out.status, 401);
    assert_int_equal(durable(A), 0);
    hub_task_free(t);
}

/* Many tasks in one transaction: each gets its own answer, a refused one takes nothing with it. */
static void test_group(void **state)
{
    (void)state;
    hub_task *t[5] = {kit_upload(&chain, 1, 10, tenant, A), kit_upload(&chain, 5, 9, tenant, B) /* a gap */, kit_upload(&chain, 11, 20, tenant, A),
                      kit_upload(&chain, 1, 3, tenant, B) /* the same uids */, kit_upload(&chain, 15, 40, tenant, A)};
    static const int want[5] = {200, 409, 200, 200, 200};
    for (int i = 0; i < 4; i++) t[i]->next = t[i + 1];
    assert_int_equal(hub_writer_group(store, t[0], KIT_NOW), 40); /* the three of B are duplicates */
    for (int i = 0; i < 5; i++) {
        if (t[i]->out.status != want[i]) fail_msg("task %d: %d", i, t[i]->out.status);
        hub_task_free(t[i]);
    }
    assert_int_equal(durable(A), 40);
    assert_int_equal(durable(B), 3);
}

static plt_status write_and_fail(hub_store *s, hub_task *t, int64_t now)
{
    int64_t id;
    (void)now;
    assert_int_equal(s->ops->tenant_make(s, "half done", KIT_NOW, &id), PLT_OK);
    hub_problem(&t->out, 403, "refused", "Refused", NULL, NULL);
    return PLT_DENIED;
}

static plt_status write_well(hub_store *s, hub_task *t, int64_t now)
{
    int64_t id;
    (void)now;
    hub_reply_empty(&t->out);
    return s->ops->tenant_make(s, "well done", KIT_NOW, &id);
}

/* What a refused task wrote before it was refused is taken back, and nothing else. */
static void test_half_done(void **state)
{
    (void)state;
    int64_t id;
    hub_task *bad = hub_task_new(), *good = hub_task_new();
    bad->write = write_and_fail;
    good->write = write_well;
    bad->next = good;
    hub_writer_group(store, bad, KIT_NOW);
    assert_int_equal(bad->out.status, 403);
    assert_int_equal(good->out.status, 204);
    assert_int_equal(store->ops->tenant_find(store, "half done", &id), PLT_NOTFOUND);
    assert_int_equal(store->ops->tenant_find(store, "well done", &id), PLT_OK);
    hub_task_free(bad);
    hub_task_free(good);
}

/* The n-th call of the store fails, for every n: what is said to be durable is what the store holds, and nothing else is. */
static void test_faults(void **state)
{
    (void)state;
    static const plt_status faults[] = {PLT_FULL, PLT_IO, PLT_BUSY, PLT_NOMEM, PLT_BAD, PLT_EXISTS};
    for (size_t k = 0; k < sizeof faults / sizeof *faults; k++) {
        for (int n = 1; n < 40; n++) {
            faulty_store f;
            tear_down(NULL);
            set_up(NULL);
            faulty_store_init(&f, store, n, faults[k]);
            hub_task *a = kit_upload(&chain, 1, 10, tenant, A), *b = kit_upload(&chain, 1, 5, tenant, B);
            a->next = b;
            int64_t jobs = hub_writer_group(&f.base, a, KIT_NOW);
            int64_t has_a = durable(A), has_b = durable(B);
            if (a->out.status == 200)
                assert_int_equal(has_a, 10);
            else
                assert_int_equal(has_a, 0);
            if (b->out.status == 200)
                assert_int_equal(has_b, 5);
            else
                assert_int_equal(has_b, 0);
            if (faults[k] == PLT_FULL && f.left == 0) assert_true(a->out.status != 200 || b->out.status != 200);
            if (faults[k] == PLT_FULL && has_a == 0 && has_b == 0) assert_int_equal(a->out.status, 507);
            assert_int_equal(jobs, (has_a == 10 ? 10 : 0) + (has_b == 5 ? (has_a == 10 ? 0 : 5) : 0));
            bool over = f.left != 0;
            hub_task_free(a);
            hub_task_free(b);
            if (over) break;
            assert_int_not_equal(n, 39);
        }
    }
}

/* A real full disk, as far as SQLite can tell: its file may not grow. */
static void test_disk_full(void **state)
{
    (void)state;
    int64_t said;
    kit_chain c;
    kit_chain_init(&c);
    kit_chain_jobs(&c, 3000);
    assert_int_equal(db_exec(of(store), "PRAGMA max_page_count=60"), PLT_OK);
    hub_task *t = kit_upload(&c, 1, 3000, tenant, A);
    hub_writer_group(store, t, KIT_NOW);
    assert_int_equal(t->out.status, 507);
    assert_true(kit_reply_has(t, "disk-full") && kit_reply_has(t, "remedy"));
    assert_true(t->out.retry_after > 0);
    assert_int_equal(durable(A), 0);
    hub_task_free(t);
    assert_int_equal(db_exec(of(store), "PRAGMA max_page_count=1000000"), PLT_OK);
    assert_int_equal(upload(&c, 1, 3000, &said), 200);
    assert_int_equal(said, 3000);
    kit_chain_free(&c);
}

/* A busy store: another process holds the lock longer than we wait is the seam's PLT_BUSY, 503 for the agent. */
static void test_busy(void **state)
{
    (void)state;
    faulty_store f;
    faulty_store_init(&f, store, 1, PLT_BUSY);
    hub_task *t = kit_upload(&chain, 1, 5, tenant, A);
    hub_writer_group(&f.base, t, KIT_NOW);
    assert_int_equal(t->out.status, 503);
    assert_true(t->out.retry_after > 0);
    hub_task_free(t);
}

static hub_task *packed(const void *body, size_t n, bool gzip)
{
    hub_task *t = hub_task_new();
    t->in.body.max = 64u << 20;
    t->in.gzip = true;
    if (gzip)
        assert_int_equal(os_gzip(body, n, &t->in.body), PLT_OK);
    else
        plt_buf_add(&t->in.body, body, n);
    return t;
}

/* What is unpacked, and how far. */
static void test_unpacking(void **state)
{
    (void)state;
    static char large[HUB_BATCH_PLAIN + 1];
    memset(large, '\n', sizeof large);
    const struct {
        const void *body;
        size_t n;
        bool gzip;
        int status;
    } cases[] = {
        {chain.lines.data, chain.lines.len, true, 0},
        {chain.lines.data, chain.lines.len - 1, true, 0}, /* the last newline may lack */
        {"", 0, true, 400},
        {"", 0, false, 400},
        {"rubbish", 7, false, 400},
        {large, sizeof large, true, 413},
        {large, HUB_BATCH_PLAIN, true, 413},
        {"\n", 1, true, 400},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        hub_task *t = packed(cases[i].body, cases[i].n, cases[i].gzip);
        bool good = hub_ingest_read(t);
        if (good != (cases[i].status == 0) || (!good && t->out.status != cases[i].status)) fail_msg("case %zu: %d", i, t->out.status);
        hub_task_free(t);
    }
    hub_task *t = packed(chain.lines.data, chain.lines.len, true);
    t->in.gzip = false;
    assert_false(hub_ingest_read(t));
    assert_int_equal(t->out.status, 415);
    hub_task_free(t);
    /* cut anywhere, a gzip stream is malformed */
    t = packed(chain.lines.data, chain.lines.len, true);
    plt_buf whole = t->in.body;
    memset(&t->in.body, 0, sizeof t->in.body);
    hub_task_free(t);
    for (size_t n = 0; n < whole.len; n += whole.len / 50 + 1) {
        t = packed(whole.data, n, false);
        assert_false(hub_ingest_read(t));
        assert_int_equal(t->out.status, 400);
        hub_task_free(t);
    }
    plt_buf_free(&whole);
}

int main(void)
{
#define CASE(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        CASE(test_rules),     CASE(test_forks), CASE(test_revoked_meanwhile), CASE(test_group), CASE(test_half_done), CASE(test_faults),
        CASE(test_disk_full), CASE(test_busy),  CASE(test_unpacking),
    };
    os_log_open(NULL, OS_LOG_ERROR);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
