/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The store's contract, the same cases on each engine: SQLite always, PostgreSQL where PLATEN_POSTGRES names one
 * (tests/lab/with_postgres.sh). What only one of them can show (a damaged file, a lost connection) stands at the end.
 */
#include "hub_kit.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "core/record/facts.h"
#include "core/util/text.h"
#include "hub/cursor.h"
#include "hub/db.h"
#include "hub/fold.h"
#include "hub/store_parts.h"

#define A "00000000000000aa"
#define B "00000000000000bb"

static void test_tenants(void **state)
{
    hub_store *s = *state;
    int64_t a = 0, b = 0, c = 0;
    assert_int_equal(s->ops->tenant_find(s, "Acme", &a), PLT_NOTFOUND);
    assert_int_equal(s->ops->tenant_make(s, "Acme", KIT_NOW, &a), PLT_OK);
    assert_int_equal(s->ops->tenant_make(s, "Beta", KIT_NOW, &b), PLT_OK);
    assert_int_equal(s->ops->tenant_make(s, "Acme", KIT_NOW, &c), PLT_OK);
    assert_true(a > 0 && b > 0 && a != b && a == c);
    assert_int_equal(s->ops->tenant_find(s, "Acme", &c), PLT_OK);
    assert_int_equal(a, c);
}

static bool remember_key(void *ctx, const hub_key_row *k)
{
    *(hub_key_row *)ctx = *k;
    return true;
}

/* Each row: a key of these uses and days; what becomes of it. */
static void test_keys(void **state)
{
    hub_store *s = *state;
    static const struct {
        int64_t uses, days;
        int taken_before;
        int64_t at_day;
        plt_status result;
    } cases[] = {
        {-1, 0, 0, 0, PLT_OK}, {-1, 0, 50, 9999, PLT_OK}, {1, 0, 0, 0, PLT_OK},  {1, 0, 1, 0, PLT_DENIED},
        {3, 0, 2, 0, PLT_OK},  {3, 0, 3, 0, PLT_DENIED},  {-1, 7, 0, 6, PLT_OK}, {-1, 7, 0, 7, PLT_DENIED},
    };
    int64_t tenant = kit_tenant(s, "Acme");
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        uint8_t secret[32] = {(uint8_t)i, 1};
        int64_t got = 0;
        char name[HUB_TENANT_SIZE];
        hub_key_row k = {
            .created = KIT_NOW + (int64_t)i, .uses_left = cases[i].uses, .expires = cases[i].days ? KIT_NOW + cases[i].days * KIT_DAY : 0};
        snprintf(k.id, sizeof k.id, "key%zu", i);
        assert_int_equal(s->ops->key_add(s, tenant, &k, secret), PLT_OK);
        for (int n = 0; n < cases[i].taken_before; n++) assert_int_equal(s->ops->key_use(s, secret, KIT_NOW, &got, name), PLT_OK);
        int64_t now = KIT_NOW + cases[i].at_day * KIT_DAY;
        if (s->ops->key_find(s, secret, now, &got, name) != cases[i].result) fail_msg("find, case %zu", i);
        if (s->ops->key_use(s, secret, now, &got, name) != cases[i].result) fail_msg("use, case %zu", i);
        if (cases[i].result == PLT_OK) assert_string_equal(name, "Acme");
        hub_key_row last;
        assert_int_equal(s->ops->key_list(s, remember_key, &last), PLT_OK);
        assert_string_equal(last.id, k.id);
        assert_int_equal(last.used, cases[i].taken_before + (cases[i].result == PLT_OK));
        assert_int_equal(s->ops->key_revoke(s, k.id), PLT_OK);
        assert_int_equal(s->ops->key_use(s, secret, KIT_NOW, &got, name), PLT_DENIED);
    }
    assert_int_equal(s->ops->key_revoke(s, "nosuch"), PLT_NOTFOUND);
}

static void test_agents(void **state)
{
    hub_store *s = *state;
    hub_agent a;
    int64_t one = kit_tenant(s, "Acme"), two = kit_tenant(s, "Beta");
    kit_agent(s, one, A, "PC-1");
    assert_int_equal(s->ops->agent_find(s, one, A, "aa", &a), PLT_OK);
    assert_string_equal(a.machine, "PC-1");
    assert_string_equal(a.tenant, "Acme");
    assert_int_equal(a.durable, 0);
    assert_int_equal(a.certificate_expires, KIT_NOW + 365 * KIT_DAY);
    assert_false(a.revoked);
    assert_int_equal(s->ops->agent_find(s, one, A, "bb", &a), PLT_NOTFOUND);
    assert_int_equal(s->ops->agent_find(s, two, A, "aa", &a), PLT_NOTFOUND); /* a tenant sees its own */
    assert_int_equal(s->ops->agent_find(s, one, B, NULL, &a), PLT_NOTFOUND);
    /* names are unique in a hub */
    hub_agent again = {.tenant_id = two, .id = A};
    assert_int_equal(s->ops->agent_add(s, &again), PLT_EXISTS);
    /* a further certificate; those that have expired go */
    assert_int_equal(s->ops->certificate_add(s, one, A, "cc", KIT_NOW + 300 * KIT_DAY, KIT_NOW + 665 * KIT_DAY), PLT_OK);
    assert_int_equal(s->ops->agent_find(s, one, A, "aa", &a), PLT_OK);
    assert_int_equal(s->ops->certificate_add(s, one, A, "dd", KIT_NOW + 400 * KIT_DAY, KIT_NOW + 765 * KIT_DAY), PLT_OK);
    assert_int_equal(s->ops->agent_find(s, one, A, "aa", &a), PLT_NOTFOUND);
    assert_int_equal(s->ops->agent_find(s, one, A, "cc", &a), PLT_OK);
    assert_int_equal(s->ops->agent_seen(s, one, A, KIT_NOW + 5), PLT_OK);
    assert_int_equal(s->ops->agent_seen(s, one, A, KIT_NOW + 3), PLT_OK); /* never back */
    assert_int_equal(s->ops->agent_find(s, one, A, "dd", &a), PLT_OK);
    assert_int_equal(a.last_seen, KIT_NOW + 5);
    assert_int_equal(s->ops->agent_revoke(s, HUB_OPERATOR, A), PLT_OK);
    assert_int_equal(s->ops->agent_revoke(s, HUB_OPERATOR, B), PLT_NOTFOUND);
    assert_int_equal(s->ops->agent_find(s, one, A, "dd", &a), PLT_OK);
    assert_true(a.revoked);
}

static bool count_row(void *ctx, const hub_job *j)
{
    (void)j;
    ++*(int *)ctx;
    return true;
}

static int listed(hub_store *s)
{
    int n = 0;
    hub_job_query q = {.limit = 100000, .from = INT64_MIN, .to = INT64_MAX, .budget_ms = 10000};
    assert_int_equal(s->ops->jobs(s, &q, count_row, &n), PLT_OK);
    return n;
}

static void test_records(void **state)
{
    hub_store *s = *state;
    int64_t one = kit_tenant(s, "Acme"), two = kit_tenant(s, "Beta");
    hub_agent a;
    uint8_t hash[32];
    kit_chain c, d;
    kit_chain_init(&c);
    kit_chain_init(&d);
    kit_agent(s, one, A, "PC-1");
    kit_agent(s, two, B, "PC-2");
    kit_chain_jobs(&c, 3);
    kit_chain_job(&c, "000102030405060708090a0b0c0d0e0f", "Twice", "mia");
    kit_chain_job(&c, "000102030405060708090a0b0c0d0e0f", "Twice", "mia");
    char line[512];
    snprintf(line, sizeof line,
             "{\"v\":1,\"seq\":6,\"prev\":\"%s\",\"type\":\"meter\",\"uid\":\"%032d\",\"at\":\"2026-01-01T00:00:00Z\",\"meter\":{\"total\":5}}",
             c.prev, 7);
    kit_chain_line(&c, line);
    assert_int_equal(kit_put(s, &c, 1, 6, one, A), 4); /* the second "Twice" is kept, not listed; the meter is no job */
    assert_int_equal(listed(s), 4);
    assert_int_equal(s->ops->agent_find(s, one, A, NULL, &a), PLT_OK);
    assert_int_equal(a.durable, 6);
    assert_memory_equal(a.durable_hash, c.last_hash, 32);
    assert_int_equal(s->ops->record_hash(s, one, A, 6, hash), PLT_OK);
    assert_memory_equal(hash, c.last_hash, 32);
    assert_int_equal(s->ops->record_hash(s, one, A, 7, hash), PLT_NOTFOUND);
    assert_int_equal(s->ops->record_hash(s, two, A, 6, hash), PLT_NOTFOUND);
    /* the same uid in another tenant is another job */
    kit_chain_job(&d, "000102030405060708090a0b0c0d0e0f", "Twice", "mia");
    assert_int_equal(kit_put(s, &d, 1, 1, two, B), 1);
    assert_int_equal(listed(s), 5);
    /* the same sequence again is never stored twice */
    int64_t jobs;
    hub_task *t = kit_upload(&c, 1, 2, one, A);
    assert_int_equal(s->ops->records_add(s, one, A, t->batch.rows, t->batch.n, KIT_NOW, &jobs), PLT_EXISTS);
    hub_task_free(t);
    kit_chain_free(&c);
    kit_chain_free(&d);
}

static bool check_details(void *ctx, const hub_job *j, const hub_record *r)
{
    assert_string_equal(j->document, "Report");
    assert_string_equal(j->tenant, "Acme");
    assert_int_equal(j->color_pages, 1);
    assert_int_equal(j->sheets, -1);
    assert_int_equal(r->n, strlen(r->line));
    assert_string_equal(r->type, "job");
    *(bool *)ctx = true;
    return true;
}

static void test_job_get(void **state)
{
    hub_store *s = *state;
    int64_t one = kit_tenant(s, "Acme");
    bool seen = false;
    kit_chain c;
    kit_chain_init(&c);
    kit_agent(s, one, A, "PC-1");
    kit_chain_jobs(&c, 2);
    kit_put(s, &c, 1, 2, one, A);
    assert_int_equal(s->ops->job_get(s, HUB_OPERATOR, A, 2, check_details, &seen), PLT_OK);
    assert_true(seen);
    assert_int_equal(s->ops->job_get(s, HUB_OPERATOR, A, 3, check_details, &seen), PLT_NOTFOUND);
    assert_int_equal(s->ops->job_get(s, HUB_OPERATOR, B, 1, check_details, &seen), PLT_NOTFOUND);
    kit_chain_free(&c);
}

static void test_overview(void **state)
{
    hub_store *s = *state;
    int64_t one = kit_tenant(s, "Acme"), two = kit_tenant(s, "Beta");
    hub_overview o;
    kit_chain c, d;
    kit_chain_init(&c);
    kit_chain_init(&d);
    kit_agent(s, one, A, "PC-1");
    kit_agent(s, two, B, "PC-2");
    kit_chain_jobs(&c, 70); /* a minute each: hours 0 and 1 */
    kit_chain_jobs(&d, 5);
    kit_put(s, &c, 1, 70, one, A);
    kit_put(s, &d, 1, 5, two, B);
    assert_int_equal(s->ops->overview(s, HUB_OPERATOR, KIT_NOW, KIT_NOW + 1, &o), PLT_OK);
    assert_int_equal(o.hour[0].jobs, 59 + 5);
    assert_int_equal(o.hour[1].jobs, 11);
    assert_int_equal(o.hour[0].pages, 2 * (59 + 5)); /* impressions */
    assert_int_equal(o.hour[1].color_pages, 11);
    assert_int_equal(o.hour[2].jobs, 0);
    assert_int_equal(o.agents, 2);
    assert_int_equal(o.agents_silent, 2);
    assert_int_equal(s->ops->agent_revoke(s, HUB_OPERATOR, B), PLT_OK);
    assert_int_equal(s->ops->overview(s, HUB_OPERATOR, KIT_NOW - KIT_DAY, KIT_NOW, &o), PLT_OK);
    assert_int_equal(o.hour[0].jobs, 0);
    assert_int_equal(o.agents, 1);
    assert_int_equal(o.agents_silent, 0);
    kit_chain_free(&c);
    kit_chain_free(&d);
}

static void test_accounts(void **state)
{
    hub_store *s = *state;
    hub_account a = {.name = "Admin", .role = "administrator", .password = "hash", .must_change = true}, b;
    hub_session_row r;
    uint8_t t1[32] = {1}, t2[32] = {2}, t3[32] = {3};
    assert_int_equal(s->ops->account_find(s, "admin", &b), PLT_NOTFOUND);
    assert_int_equal(s->ops->account_put(s, &a, KIT_NOW), PLT_OK);
    assert_int_equal(s->ops->account_find(s, "ADMIN", &b), PLT_OK);
    assert_string_equal(b.name, "Admin");
    assert_true(b.must_change);
    assert_int_equal(s->ops->session_add(s, t1, "Admin", "127.0.0.1", "a test", KIT_NOW), PLT_OK);
    assert_int_equal(s->ops->session_add(s, t2, "Admin", "127.0.0.1", "a test", KIT_NOW + 1000), PLT_OK);
    assert_int_equal(s->ops->session_add(s, t3, "nobody", "127.0.0.1", "a test", KIT_NOW), PLT_OK);
    assert_int_equal(s->ops->session_find(s, t1, KIT_NOW, KIT_NOW, &r), PLT_OK);
    assert_string_equal(r.role, "administrator");
    assert_int_equal(s->ops->session_find(s, t3, 0, 0, &r), PLT_NOTFOUND);           /* its account is gone */
    assert_int_equal(s->ops->session_find(s, t1, KIT_NOW + 1, 0, &r), PLT_NOTFOUND); /* idle too long */
    assert_int_equal(s->ops->session_find(s, t1, 0, KIT_NOW + 1, &r), PLT_NOTFOUND); /* too old */
    assert_int_equal(s->ops->session_touch(s, t1, KIT_NOW + 50), PLT_OK);
    assert_int_equal(s->ops->session_find(s, t1, KIT_NOW + 1, 0, &r), PLT_OK);
    assert_int_equal(s->ops->session_drop_all(s, "Admin", t2), PLT_OK);
    assert_int_equal(s->ops->session_find(s, t1, 0, 0, &r), PLT_NOTFOUND);
    assert_int_equal(s->ops->session_find(s, t2, 0, 0, &r), PLT_OK);
    a.must_change = false;
    assert_int_equal(s->ops->account_put(s, &a, KIT_NOW), PLT_OK);
    assert_int_equal(s->ops->session_find(s, t2, 0, 0, &r), PLT_OK);
    assert_false(r.must_change);
    assert_int_equal(s->ops->session_purge(s, KIT_NOW + 1001, 0), PLT_OK);
    assert_int_equal(s->ops->session_find(s, t2, 0, 0, &r), PLT_NOTFOUND);
    assert_int_equal(s->ops->session_add(s, t1, "Admin", "127.0.0.1", "a test", KIT_NOW), PLT_OK);
    assert_int_equal(s->ops->session_drop(s, t1), PLT_OK);
    assert_int_equal(s->ops->session_find(s, t1, 0, 0, &r), PLT_NOTFOUND);
}

static bool note_past(void *ctx, const hub_past_job *p)
{
    plt_job j;
    char *out = ctx;
    plt_job_init(&j);
    bool packed = p->facts_size > 0;
    if (packed) assert_int_equal(plt_facts_read(p->facts, p->facts_size, &j), PLT_OK);
    assert_int_equal(p->n > 0, !packed); /* the record's line only where it is needed */
    snprintf(out + strlen(out), 400 - strlen(out), "%s/%s/%s:%d/%d%s ", p->user, p->queue, p->document, (int)p->pages, (int)p->sheets,
             packed ? "" : "*");
    return true;
}

/* What rulings on past jobs are made from; jobs that were stored before there were facts have their record's line. */
static void test_past_jobs(void **state)
{
    hub_store *s = *state;
    int64_t tenant = kit_tenant(s, "Acme"), added;
    const hub_line_query all = {.tenant_id = tenant, .from = INT64_MIN, .to = INT64_MAX, .most = 10};
    hub_line_query q = all;
    char got[400] = "";
    kit_chain c;
    kit_agent(s, tenant, A, "PC-1");
    kit_chain_init(&c);
    kit_chain_job(&c, NULL, "One", "mia");
    kit_chain_job(&c, NULL, "Two", "ben");
    hub_task *t = kit_upload(&c, 1, 2, tenant, A);
    assert_int_equal(s->ops->records_add(s, tenant, A, t->batch.rows, t->batch.n, KIT_NOW, &added), PLT_OK);
    assert_int_equal(s->ops->policy->past_jobs(s, &q, note_past, got), PLT_OK);
    assert_string_equal(got, "ben/Office/Two:1/-1 mia/Office/One:0/-1 ");
    db *d = kit_db_open();
    assert_int_equal(db_exec(d, "UPDATE jobs SET facts='' WHERE seq=1"), PLT_OK);
    db_close(d);
    q.most = 1;
    *got = 0;
    assert_int_equal(s->ops->policy->past_jobs(s, &q, note_past, got), PLT_OK);
    assert_string_equal(got, "ben/Office/Two:1/-1 ");
    q = all;
    q.to = KIT_NOW + 120000; /* the second one's moment */
    *got = 0;
    assert_int_equal(s->ops->policy->past_jobs(s, &q, note_past, got), PLT_OK);
    assert_string_equal(got, "mia/Office/One:0/-1* ");
    q.tenant_id++;
    *got = 0;
    assert_int_equal(s->ops->policy->past_jobs(s, &q, note_past, got), PLT_OK);
    assert_string_equal(got, "");
    hub_task_free(t);
    kit_chain_free(&c);
}

static void test_transactions(void **state)
{
    hub_store *s = *state, *other = kit_store_open();
    int64_t id;
    assert_int_equal(s->ops->begin(s), PLT_OK);
    kit_tenant(s, "kept");
    assert_int_equal(s->ops->mark(s), PLT_OK);
    kit_tenant(s, "undone");
    assert_int_equal(s->ops->undo(s), PLT_OK);
    assert_int_equal(s->ops->mark(s), PLT_OK);
    kit_tenant(s, "kept, too");
    assert_int_equal(s->ops->keep(s), PLT_OK);
    assert_int_equal(other->ops->tenant_find(other, "kept", &id), PLT_NOTFOUND); /* not before the commit */
    assert_int_equal(s->ops->commit(s), PLT_OK);
    assert_int_equal(other->ops->tenant_find(other, "kept", &id), PLT_OK);
    assert_int_equal(other->ops->tenant_find(other, "kept, too", &id), PLT_OK);
    assert_int_equal(other->ops->tenant_find(other, "undone", &id), PLT_NOTFOUND);
    assert_int_equal(s->ops->begin(s), PLT_OK);
    kit_tenant(s, "rolled back");
    s->ops->rollback(s);
    assert_int_equal(s->ops->tenant_find(s, "rolled back", &id), PLT_NOTFOUND);
    assert_int_equal(s->ops->commit(s), PLT_IO); /* there is none */
    other->ops->close(other);
}

/* ---- opening again ---- */

/* Beside the store, which may be closed. */
static void run_sql(const char *sql)
{
    db *d = kit_db_open();
    if (db_exec(d, sql) != PLT_OK) fail_msg("%s", db_problem(d));
    db_close(d);
}

static void reopen(void **state, plt_status want, const char *words)
{
    hub_store *s = *state;
    s->ops->close(s);
    *state = NULL;
    hub_store_where where = {.data_dir = kit_here.dir, .url = kit_here.url};
    plt_status got = hub_store_open(&s, &where, true, kit_here.problem, sizeof kit_here.problem);
    if (got != want) fail_msg("%s: %s", plt_status_name(got), kit_here.problem);
    if (got == PLT_OK)
        *state = s;
    else
        assert_non_null(strstr(kit_here.problem, words));
}

static void test_newer_schema(void **state)
{
    run_sql("INSERT INTO schema_version(version) VALUES(999)");
    reopen(state, PLT_UNSUPPORTED, "newer platen-hub");
}

static void test_kept(void **state)
{
    kit_tenant(*state, "Acme");
    reopen(state, PLT_OK, "");
    int64_t id;
    hub_store *s = *state;
    assert_int_equal(s->ops->tenant_find(s, "Acme", &id), PLT_OK);
}

/* A page of rubbish in the middle of the file is noticed at the start, in words. */
static void test_damaged(void **state)
{
    hub_store *s = *state;
    char path[OS_PATH_MAX], rubbish[4096];
    os_file *f;
    for (int i = 0; i < 200; i++) {
        char name[64];
        snprintf(name, sizeof name, "A tenant with a name to fill pages, number %d", i);
        kit_tenant(s, name);
    }
    s->ops->close(s);
    run_sql("PRAGMA wal_checkpoint(TRUNCATE)");
    kit_path(path, kit_here.dir, "hub.db");
    memset(rubbish, 0x5A, sizeof rubbish);
    assert_int_equal(os_file_open(&f, path, OS_FILE_READ | OS_FILE_WRITE), PLT_OK);
    for (uint64_t at = 4096; at + 4096 <= os_file_size(f); at += 8192) {
        os_file_seek(f, at);
        assert_int_equal(os_file_write(f, rubbish, sizeof rubbish), PLT_OK);
    }
    os_file_close(f);
    *state = NULL;
    plt_status got = hub_store_sqlite_open(&s, kit_here.dir, true, kit_here.problem, sizeof kit_here.problem);
    assert_int_equal(got, PLT_BAD);
    assert_non_null(strstr(kit_here.problem, "backup"));
    assert_int_equal(
        os_file_store(path, "not a database, and longer than a header of one hundred bytes; not a database, not a database, not one", 102, true),
        PLT_OK);
    assert_int_equal(hub_store_sqlite_open(&s, kit_here.dir, true, kit_here.problem, sizeof kit_here.problem), PLT_BAD);
}

/* The contract. */
#define EACH(C)                                                                                                                                      \
    C(test_tenants), C(test_keys), C(test_agents), C(test_records), C(test_job_get), C(test_overview), C(test_accounts), C(test_transactions),       \
        C(test_past_jobs), C(test_newer_schema), C(test_kept)

int main(void)
{
    const struct CMUnitTest sqlite[] = {EACH(KIT_SQLITE), KIT_SQLITE(test_damaged)};
    const struct CMUnitTest postgres[] = {EACH(KIT_POSTGRES)};
    int bad = cmocka_run_group_tests_name("SQLite", sqlite, NULL, NULL);
    if (kit_postgres_there()) bad += cmocka_run_group_tests_name("PostgreSQL", postgres, NULL, NULL);
    return bad;
}
