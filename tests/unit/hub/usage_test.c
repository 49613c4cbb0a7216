/* SPDX-License-Identifier: Apache-2.0 */
/* Roll-ups, retention, erasure, and databases of earlier versions, on each engine as in store_test.c. */
#include "hub_kit.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "hub/fold.h"
#include "hub/store_parts.h"

#define A "00000000000000aa"
#define DAY0 20454 /* KIT_NOW */
#define MONTH0 672 /* January 2026 */

static bool note_usage(void *ctx, const hub_usage *u)
{
    char *all = ctx;
    size_t n = strlen(all);
    snprintf(all + n, 512 - n, "%s:%" PRId64 ":%" PRId64 "/%" PRId64 "/%" PRId64 "/%" PRId64 " ", u->name, u->period, u->jobs, u->pages,
             u->color_pages, u->sheets);
    return true;
}

/* The spelling of a name that is shown is the first one's of some day: not compared. */
static void expect(hub_store *s, hub_usage_query q, bool trend, const char *want)
{
    char got[512] = "";
    q.budget_ms = 10000;
    if (!q.limit) q.limit = 100;
    if (!q.to) q.to = KIT_NOW + 400 * KIT_DAY;
    assert_int_equal((trend ? s->ops->usage_trend : s->ops->usage)(s, &q, note_usage, got), PLT_OK);
    for (char *p = got; *p; p++) *p = (char)tolower((unsigned char)*p);
    if (strcmp(got, want) != 0) fail_msg("got \"%s\", want \"%s\"", got, want);
}

/* Jobs of these users at these days after KIT_NOW, from PC-1 to the queue Office: two sides each, one in colour, two sheets. */
static void put(hub_store *s, int64_t tenant, const char *const *users, const int *days, int64_t n)
{
    hub_job jobs[16];
    hub_record rows[16];
    int64_t added;
    kit_chain c;
    kit_chain_init(&c);
    for (int64_t i = 0; i < n; i++) kit_chain_job(&c, NULL, "Secret plan", users[i]);
    hub_task *t = kit_upload(&c, 1, n, tenant, A);
    for (int64_t i = 0; i < n; i++) {
        rows[i] = t->batch.rows[i];
        jobs[i] = *rows[i].job;
        jobs[i].time = KIT_NOW + days[i] * KIT_DAY + 1000;
        jobs[i].sheets = 2;
        rows[i].job = &jobs[i];
    }
    assert_int_equal(s->ops->begin(s), PLT_OK);
    assert_int_equal(s->ops->records_add(s, tenant, A, rows, (size_t)n, KIT_NOW, &added), PLT_OK);
    assert_int_equal(s->ops->commit(s), PLT_OK);
    assert_int_equal(added, n);
    hub_task_free(t);
    kit_chain_free(&c);
}

/* Behind marks, as the writer does it: sums of what was kept are there with the commit, those of what was undone or rolled back are not. */
static void test_group(void **state)
{
    static const char *const all[] = {"mia", "mia", "MIA", "ben", "mia"};
    static const struct {
        bool undo, rollback;
        const char *want;
    } cases[] = {{false, false, "mia:0:4/8/4/0 ben:0:1/2/1/0 "}, {true, false, "mia:0:3/6/3/0 "}, {false, true, ""}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        hub_store *s = *state;
        char tenant_name[] = "Acme 0", agent[] = "agent-0";
        int64_t added;
        kit_chain c;
        tenant_name[5] = agent[6] = (char)('0' + i);
        int64_t tenant = kit_tenant(s, tenant_name);
        kit_agent(s, tenant, agent, "PC-1");
        kit_chain_init(&c);
        for (int j = 0; j < 5; j++) kit_chain_job(&c, NULL, "Plan", all[j]);
        assert_int_equal(s->ops->begin(s), PLT_OK);
        for (int part = 0; part < 2; part++) {
            hub_task *t = kit_upload(&c, part ? 4 : 1, part ? 5 : 3, tenant, agent);
            assert_int_equal(s->ops->mark(s), PLT_OK);
            assert_int_equal(s->ops->records_add(s, tenant, agent, t->batch.rows, t->batch.n, KIT_NOW, &added), PLT_OK);
            hub_task_free(t); /* its names are not needed any more */
            assert_int_equal(part && cases[i].undo ? s->ops->undo(s) : s->ops->keep(s), PLT_OK);
        }
        if (cases[i].rollback) {
            s->ops->rollback(s);
            assert_int_equal(s->ops->begin(s), PLT_OK);
        }
        assert_int_equal(s->ops->commit(s), PLT_OK);
        expect(s, (hub_usage_query){.scope = tenant, .kind = HUB_USAGE_USER, .from = KIT_NOW}, false, cases[i].want);
        kit_chain_free(&c);
    }
}

/* A name that is erased in the transaction that brought it is erased. */
static void test_group_erasure(void **state)
{
    hub_store *s = *state;
    int64_t tenant = kit_tenant(s, "Acme"), added;
    size_t jobs;
    kit_chain c;
    kit_agent(s, tenant, A, "PC-1");
    kit_chain_init(&c);
    kit_chain_jobs(&c, 2);
    hub_task *t = kit_upload(&c, 1, 2, tenant, A);
    assert_int_equal(s->ops->begin(s), PLT_OK);
    assert_int_equal(s->ops->mark(s), PLT_OK);
    assert_int_equal(s->ops->records_add(s, tenant, A, t->batch.rows, t->batch.n, KIT_NOW, &added), PLT_OK);
    assert_int_equal(s->ops->keep(s), PLT_OK);
    assert_int_equal(s->ops->erase_user(s, "mia", 100, &jobs), PLT_OK);
    assert_int_equal(s->ops->commit(s), PLT_OK);
    expect(s, (hub_usage_query){.kind = HUB_USAGE_USER, .from = KIT_NOW}, false, ":0:2/4/2/0 ");
    hub_task_free(t);
    kit_chain_free(&c);
}

/* What one agent claims cannot make the sums overflow, for which everybody's uploads would fail. */
static void test_absurd(void **state)
{
    enum { N = 4 };
    hub_store *s = *state;
    int64_t tenant = kit_tenant(s, "Acme"), added;
    hub_job jobs[N];
    hub_record rows[N];
    kit_chain c;
    kit_agent(s, tenant, A, "PC-1");
    kit_chain_init(&c);
    kit_chain_jobs(&c, N);
    hub_task *t = kit_upload(&c, 1, N, tenant, A);
    for (int i = 0; i < N; i++) {
        rows[i] = t->batch.rows[i];
        jobs[i] = *rows[i].job;
        jobs[i].impressions = jobs[i].sheets = jobs[i].color_pages = INT64_MAX;
        rows[i].job = &jobs[i];
    }
    assert_int_equal(s->ops->begin(s), PLT_OK);
    assert_int_equal(s->ops->records_add(s, tenant, A, rows, N, KIT_NOW, &added), PLT_OK);
    assert_int_equal(s->ops->commit(s), PLT_OK);
    expect(s, (hub_usage_query){.kind = HUB_USAGE_USER, .from = KIT_NOW}, false, "mia:0:4/4000000000000/4000000000000/4000000000000 ");
    hub_task_free(t);
    kit_chain_free(&c);
}

static const char *const five[] = {"mia", "Mia", "MIA", "ben", ""};
static const int five_days[] = {0, 0, 31, 0, 2};

static void test_usage(void **state)
{
    hub_store *s = *state;
    int64_t tenant = kit_tenant(s, "Acme");
    kit_agent(s, tenant, A, "PC-1");
    put(s, tenant, five, five_days, 5);
    const hub_usage_query users = {.kind = HUB_USAGE_USER, .from = KIT_NOW};
    hub_usage_query q = users;
    expect(s, q, false, "mia:0:3/6/3/6 :0:1/2/1/2 ben:0:1/2/1/2 ");
    q.limit = 1;
    expect(s, q, false, "mia:0:3/6/3/6 ");
    q = users;
    q.to = KIT_NOW + 31 * KIT_DAY;
    expect(s, q, false, "mia:0:2/4/2/4 :0:1/2/1/2 ben:0:1/2/1/2 ");
    q.months = true;
    expect(s, q, false, "mia:0:2/4/2/4 :0:1/2/1/2 ben:0:1/2/1/2 ");
    expect(s, q, true, ":672:4/8/4/8 ");
    q = (hub_usage_query){.kind = HUB_USAGE_QUEUE, .from = KIT_NOW};
    expect(s, q, false, "office:0:5/10/5/10 ");
    expect(s, q, true, ":20454:3/6/3/6 :20456:1/2/1/2 :20485:1/2/1/2 ");
    q.months = true;
    expect(s, q, true, ":672:4/8/4/8 :673:1/2/1/2 ");
    q = (hub_usage_query){.kind = HUB_USAGE_MACHINE, .from = KIT_NOW, .name = "pc-1"};
    expect(s, q, true, ":20454:3/6/3/6 :20456:1/2/1/2 :20485:1/2/1/2 ");
    q.name = "pc-2";
    expect(s, q, true, "");
    q = users;
    q.name = "";
    expect(s, q, true, ":20456:1/2/1/2 ");
    q.name = NULL;
    q.scope = tenant + 1;
    expect(s, q, false, "");
    q.scope = tenant;
    q.from = q.to = KIT_NOW;
    expect(s, q, false, "");
    /* a rolled back batch leaves nothing in the sums */
    hub_job j = {.time = KIT_NOW,
                 .seq = 6,
                 .uid = "x",
                 .machine = "",
                 .user = "mia",
                 .queue = "",
                 .port = "",
                 .document = "",
                 .outcome = "printed",
                 .language = "",
                 .duplex = "",
                 .paper = "",
                 .confidence = "",
                 .source = "",
                 .pages = 5,
                 .impressions = -1,
                 .search = ""};
    hub_record r = {.seq = 6, .uid = "x", .type = "job", .line = "{}", .n = 2, .job = &j};
    int64_t added;
    assert_int_equal(s->ops->begin(s), PLT_OK);
    assert_int_equal(s->ops->records_add(s, tenant, A, &r, 1, KIT_NOW, &added), PLT_OK);
    expect(s, users, false, "mia:0:4/11/3/6 :0:1/2/1/2 ben:0:1/2/1/2 ");
    s->ops->rollback(s);
    expect(s, users, false, "mia:0:3/6/3/6 :0:1/2/1/2 ben:0:1/2/1/2 ");
}

static const char *const sixteen[] = {"mia", "ben", "zoe", "mia", "mia", "ben", "zoe", "mia", "ben", "mia", "zoe", "zoe", "ben", "mia", "mia", "ben"};
static const int sixteen_days[] = {-32, -31, -16, -15, -1, 0, 0, 1, 13, 14, 15, 16, 30, 31, 58, 59};

typedef struct counts {
    int64_t of[3], rows;
} counts;

static bool count_usage(void *ctx, const hub_usage *u)
{
    static const char letters[] = "mbz";
    counts *all = ctx;
    const char *at = strchr(letters, tolower((unsigned char)u->name[0]));
    assert_true(at && *at && u->pages == 2 * u->jobs && u->color_pages == u->jobs && u->sheets == 2 * u->jobs);
    all->of[at - letters] = u->jobs;
    all->rows++;
    return true;
}

/* Whichever months count whole and have days taken off: each period is the sum of its days, and who printed in none of them is not there. */
static void test_any_period(void **state)
{
    hub_store *s = *state;
    int64_t tenant = kit_tenant(s, "Acme");
    kit_agent(s, tenant, A, "PC-1");
    put(s, tenant, sixteen, sixteen_days, 16);
    for (int from = -36; from < 64; from += from % 5 ? 1 : 3)
        for (int to = from; to < 66; to += to % 7 ? 1 : 4) {
            const hub_usage_query q = {.kind = HUB_USAGE_USER,
                                       .from = KIT_NOW + from * (int64_t)KIT_DAY,
                                       .to = KIT_NOW + to * (int64_t)KIT_DAY,
                                       .limit = 100,
                                       .budget_ms = 10000};
            counts want = {.rows = 0}, got = {.rows = 0};
            for (int i = 0; i < 16; i++)
                if (sixteen_days[i] >= from && sixteen_days[i] < to) want.of[sixteen[i][0] == 'm' ? 0 : sixteen[i][0] == 'b' ? 1 : 2]++;
            for (int i = 0; i < 3; i++) want.rows += want.of[i] > 0;
            assert_int_equal(s->ops->usage(s, &q, count_usage, &got), PLT_OK);
            if (memcmp(&want, &got, sizeof want) != 0) fail_msg("days %d to %d: not the sum of the days", from, to);
        }
}

static void test_months_of_days(void **state)
{
    (void)state;
    static const struct {
        int64_t day, month;
    } cases[] = {{0, 0},       {30, 0},      {31, 1},          {58, 1},   {59, 2},        {789, 25},
                 {790, 26},    {-1, -1},     {-31, -1},        {-32, -2}, {DAY0, MONTH0}, {DAY0 - 1, MONTH0 - 1},
                 {11016, 361}, {11017, 362}, {-719468, -23638}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        if (hub_month_of_day(cases[i].day) != cases[i].month)
            fail_msg("day %lld: %lld", (long long)cases[i].day, (long long)hub_month_of_day(cases[i].day));
}

typedef struct seen {
    int jobs, titled, found;
    char users[128];
} seen;

static bool look(void *ctx, const hub_job *j)
{
    seen *all = ctx;
    all->jobs++;
    all->titled += *j->document != 0;
    return true;
}

static seen look_at(hub_store *s, const char *search, const char *user)
{
    seen all = {0};
    hub_job_query q = {.limit = 1000, .from = INT64_MIN, .to = INT64_MAX, .budget_ms = 10000, .search = search, .user = user, .expected = -1};
    assert_int_equal(s->ops->jobs(s, &q, look, &all), PLT_OK);
    return all;
}

static int64_t number(hub_store *s, const char *sql)
{
    db_stmt *st = db_prepare(of(s), sql);
    assert_int_equal(db_row(of(s), st), PLT_OK);
    int64_t n = db_int(st, 0);
    db_finalize(st);
    return n;
}

static void keep_for(hub_store *s, int64_t tenant, int64_t titles, int64_t jobs)
{
    const hub_keeping k = {.days = {titles, jobs}, .author = "admin"};
    assert_int_equal(s->ops->keeping_put(s, tenant, &k, KIT_NOW), PLT_OK);
}

static void purge(hub_store *s, int64_t now, size_t max, bool want_more)
{
    bool more = !want_more;
    assert_int_equal(s->ops->begin(s), PLT_OK);
    if (s->ops->purge(s, now, max, &more) != PLT_OK) fail_msg("%s", s->ops->problem(s));
    assert_int_equal(s->ops->commit(s), PLT_OK);
    assert_int_equal(more, want_more);
}

static void test_retention(void **state)
{
    hub_store *s = *state;
    int64_t tenant = kit_tenant(s, "Acme");
    kit_agent(s, tenant, A, "PC-1");
    put(s, tenant, five, five_days, 5);
    const int64_t now = KIT_NOW + 61 * KIT_DAY; /* titles of the first day are over, which is the default */
    purge(s, now, 2, true);
    assert_int_equal(look_at(s, NULL, NULL).titled, 3);
    purge(s, now, 2, false);
    purge(s, now, 2, false);
    seen all = look_at(s, NULL, NULL);
    assert_int_equal(all.jobs, 5);
    assert_int_equal(all.titled, 2);
    assert_int_equal(look_at(s, "secret", NULL).jobs, 2);
    assert_int_equal(look_at(s, "office", NULL).jobs, 5); /* the rest can still be searched for */
    assert_int_equal(look_at(s, "mia\x1Foffice", NULL).jobs, 3);
    assert_int_equal(number(s, "SELECT count(*) FROM records WHERE line=''"), 3);
    keep_for(s, tenant, 60, 58);
    purge(s, now, 3, true);
    purge(s, now, 3, false);
    assert_int_equal(look_at(s, NULL, NULL).jobs, 1);
    assert_int_equal(number(s, "SELECT count(*) FROM records"), 5);
    assert_int_equal(number(s, "SELECT count(*) FROM records WHERE line=''"), 4);
    expect(s, (hub_usage_query){.kind = HUB_USAGE_USER, .from = KIT_NOW}, false, "mia:0:3/6/3/6 :0:1/2/1/2 ben:0:1/2/1/2 ");
    /* what was there is still known: neither hash nor uid comes a second time */
    uint8_t hash[32];
    assert_int_equal(s->ops->record_hash(s, tenant, A, 1, hash), PLT_OK);
}

/* PostgreSQL: whole months go at once. */
static void test_months_go(void **state)
{
    hub_store *s = *state;
    static const char *const users[] = {"a", "b", "c"};
    static const int days[] = {0, 31, 59};
    int64_t tenant = kit_tenant(s, "Acme");
    bool more;
    kit_agent(s, tenant, A, "PC-1");
    put(s, tenant, users, days, 3);
    const int64_t now = KIT_NOW + 700 * KIT_DAY;
    keep_for(s, tenant, 610, 668); /* titles of the first 90 days go, jobs of the first 32 */
    assert_int_equal(
        number(s, "SELECT count(*) FROM pg_class WHERE relname LIKE 'jobs_20260%' AND relkind='r' AND relnamespace=current_schema()::regnamespace"),
        9);
    assert_int_equal(s->ops->begin(s), PLT_OK);
    if (s->ops->purge(s, now, 10, &more) != PLT_OK) fail_msg("%s", s->ops->problem(s));
    assert_int_equal(s->ops->commit(s), PLT_OK);
    assert_int_equal(
        number(s, "SELECT count(*) FROM pg_class WHERE relname LIKE 'jobs_20260%' AND relkind='r' AND relnamespace=current_schema()::regnamespace"),
        8);
    assert_int_equal(look_at(s, NULL, NULL).jobs, 1);
    assert_int_equal(number(s, "SELECT count(*) FROM records WHERE line=''"), 3);
    expect(s, (hub_usage_query){.kind = HUB_USAGE_QUEUE, .from = KIT_NOW}, false, "office:0:3/6/3/6 ");
}

static size_t erase(hub_store *s, const char *user, size_t max)
{
    size_t jobs = 0;
    assert_int_equal(s->ops->begin(s), PLT_OK);
    if (s->ops->erase_user(s, user, max, &jobs) != PLT_OK) fail_msg("%s", s->ops->problem(s));
    assert_int_equal(s->ops->commit(s), PLT_OK);
    return jobs;
}

static void test_erasure(void **state)
{
    hub_store *s = *state;
    size_t jobs;
    int64_t tenant = kit_tenant(s, "Acme");
    kit_agent(s, tenant, A, "PC-1");
    put(s, tenant, five, five_days, 5);
    assert_int_equal(erase(s, "mIa", 2), 2);
    assert_int_equal(erase(s, "mIa", 2), 1);
    assert_int_equal(erase(s, "mIa", 2), 0);
    assert_int_equal(look_at(s, NULL, "mia").jobs, 0);
    assert_int_equal(look_at(s, "mia", NULL).jobs, 0);
    assert_int_equal(look_at(s, "office", NULL).jobs, 5);
    assert_int_equal(look_at(s, "\x1F\x1Foffice\x1Fpc-1", NULL).jobs, 4);
    assert_int_equal(number(s, "SELECT count(*) FROM records WHERE instr(lower(line), 'mia')>0"), 0);
    assert_int_equal(number(s, "SELECT count(*) FROM records WHERE line=''"), 3);
    expect(s, (hub_usage_query){.kind = HUB_USAGE_USER, .from = KIT_NOW}, false, ":0:4/8/4/8 ben:0:1/2/1/2 ");
    expect(s, (hub_usage_query){.kind = HUB_USAGE_USER, .from = KIT_NOW, .months = true}, true, ":672:4/8/4/8 :673:1/2/1/2 ");
    expect(s, (hub_usage_query){.kind = HUB_USAGE_QUEUE, .from = KIT_NOW}, false, "office:0:5/10/5/10 ");
    assert_int_equal(s->ops->begin(s), PLT_OK);
    assert_int_equal(s->ops->erase_user(s, "", 10, &jobs), PLT_BAD);
    s->ops->rollback(s);
}

/* ---- earlier versions ---- */

/* Later versions have more columns. */
#define JOB                                                                                                                                          \
    "INSERT INTO jobs(job_no, tenant_id, agent_id, seq, uid, time, received, machine, user_name, queue, port, document, outcome, bytes, language,"   \
    " pages, copies, impressions, sheets, color_pages, duplex, paper, confidence, source, search) VALUES"

static void old_rows(db *d)
{
    static const char *const rows[] = {
        "INSERT INTO tenants(name, created) VALUES('Acme', 1)",
        "INSERT INTO agents VALUES(1, '" A "', 'PC-1', 'Windows', '1', 1, 1, 0, 3, '')",
        "INSERT INTO records VALUES(1, '" A "', 1, '', 'u1', 'job', 1, 0, '{\"policy\":{\"account\":\"M-1\"}}')",
        "INSERT INTO records VALUES(1, '" A "', 2, '', 'u1', 'job', 1, 1, '{2}')",
        "INSERT INTO records VALUES(1, '" A "', 3, '', 'u3', 'job', 1, 0, '{\"policy\":{\"account\":\"M\\\"1\"}}')",
        JOB "(1, 1, '" A
            "', 1, 'u1', 1767225600000, 1, 'PC-1', 'mia', 'Office', '', 'Plan', 'printed', 9, '', 3, 1, 2, 2, 1, '', '', '', '', 'plan')",
        JOB "(2, 1, '" A
            "', 3, 'u3', 1769904000000, 1, 'PC-1', 'MIA', 'Office', '', 'Plan', 'printed', 9, '', 3, 1, -1, -1, -1, '', '', '', '', 'plan')",
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (db_exec(d, rows[i]) != PLT_OK) fail_msg("%s", db_problem(d));
}

/* Every earlier version, with rows in it, becomes the current one: the jobs are there, the sums are made, a uid counts once. */
static void test_versions(void **state)
{
    hub_store *s = *state;
    s->ops->close(s);
    *state = NULL;
    for (int64_t version = 1; version < STORE_VERSION; version++) {
        bool postgres = *kit_here.url;
        kit_place_remove();
        kit_place_make(postgres);
        db *d = kit_db_open();
        if (store_migrate_to(d, version) != PLT_OK) fail_msg("%s", db_problem(d));
        old_rows(d);
        db_close(d);
        s = kit_store_open();
        assert_int_equal(look_at(s, NULL, NULL).jobs, 2);
        if (version < 18) assert_int_equal(number(s, "SELECT count(*) FROM jobs WHERE nocase(account)='m-1'"), 1);
        assert_int_equal(number(s, "SELECT count(*) FROM jobs WHERE account<>''"), version < 18 ? 1 : 0);
        if (version < 4) {
            expect(s, (hub_usage_query){.kind = HUB_USAGE_USER, .from = KIT_NOW}, false, "mia:0:2/5/1/2 ");
            expect(s, (hub_usage_query){.kind = HUB_USAGE_QUEUE, .from = KIT_NOW}, true, ":20454:1/2/1/2 :20485:1/3/0/0 ");
            expect(s, (hub_usage_query){.kind = HUB_USAGE_MACHINE, .from = KIT_NOW, .months = true}, true, ":672:1/2/1/2 :673:1/3/0/0 ");
        }
        hub_job j = {.time = KIT_NOW,
                     .seq = 4,
                     .uid = "u3",
                     .machine = "",
                     .user = "mia",
                     .queue = "",
                     .port = "",
                     .document = "",
                     .outcome = "printed",
                     .language = "",
                     .duplex = "",
                     .paper = "",
                     .confidence = "",
                     .source = "",
                     .search = ""};
        hub_record r = {.seq = 4, .uid = "u3", .type = "job", .line = "{}", .n = 2, .job = &j};
        int64_t added;
        assert_int_equal(s->ops->records_add(s, 1, A, &r, 1, KIT_NOW, &added), PLT_OK);
        assert_int_equal(added, 0);
        s->ops->close(s);
    }
}

#define EACH(C)                                                                                                                                      \
    C(test_usage), C(test_any_period), C(test_group), C(test_group_erasure), C(test_absurd), C(test_retention), C(test_erasure), C(test_versions)

int main(void)
{
    const struct CMUnitTest sqlite[] = {cmocka_unit_test(test_months_of_days), EACH(KIT_SQLITE)};
    const struct CMUnitTest postgres[] = {EACH(KIT_POSTGRES), KIT_POSTGRES(test_months_go)};
    int bad = cmocka_run_group_tests_name("SQLite", sqlite, NULL, NULL);
    if (kit_postgres_there()) bad += cmocka_run_group_tests_name("PostgreSQL", postgres, NULL, NULL);
    return bad;
}
