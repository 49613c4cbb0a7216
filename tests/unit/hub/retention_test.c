/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How long each tenant's titles and jobs live, by a clock that the cases set: only what is over goes, only its tenant's, a bounded number a step, and
 * never a sum. What went is not in the database's files any more.
 */
#include "hub_kit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "hub/store_parts.h"
#include "os/clock.h"

#define ONE "aaaaaaaaaaaaaaaa"
#define TWO "bbbbbbbbbbbbbbbb"
#define SECRET "Marigold-takeover"

/* A tenant's jobs, one a day from KIT_NOW on, each with the title. */
static int64_t print(hub_store *s, const char *name, const char *agent, int jobs, const char *title)
{
    int64_t tenant = kit_tenant(s, name);
    kit_chain c;
    kit_agent(s, tenant, agent, "PC");
    kit_chain_init(&c);
    for (int i = 0; i < jobs; i++) {
        char text[64];
        snprintf(text, sizeof text, "%s %d", title, i);
        kit_chain_job(&c, NULL, text, "mia");
    }
    assert_int_equal(kit_put(s, &c, 1, c.seq, tenant, agent), jobs);
    kit_chain_free(&c);
    return tenant;
}

static void keep_for(hub_store *s, int64_t tenant, int64_t titles, int64_t jobs)
{
    const hub_keeping k = {.days = {titles, jobs}, .author = "mia"};
    assert_int_equal(s->ops->keeping_put(s, tenant, &k, KIT_NOW), PLT_OK);
}

/* A round by a clock: how many titles and jobs a tenant has afterwards. */
typedef struct left {
    int64_t titles, jobs;
} left;

static bool purge(hub_store *s, int64_t now, size_t max)
{
    bool more = false;
    assert_int_equal(s->ops->begin(s), PLT_OK);
    if (s->ops->purge(s, now, max, &more) != PLT_OK) fail_msg("%s", s->ops->problem(s));
    assert_int_equal(s->ops->commit(s), PLT_OK);
    return more;
}

static left left_of(hub_store *s, int64_t tenant)
{
    left n;
    assert_int_equal(s->ops->expired(s, tenant, HUB_KEPT_TITLES, INT64_MAX, 1000, 0, &n.titles), PLT_OK);
    assert_int_equal(s->ops->expired(s, tenant, HUB_KEPT_JOBS, INT64_MAX, 1000, 0, &n.jobs), PLT_OK);
    return n;
}

static int64_t sum_of(hub_store *s)
{
    db_stmt *st = db_prepare(of(s), "SELECT sum(jobs) FROM usage_days WHERE kind=0");
    int64_t n = -1;
    assert_int_equal(db_number(of(s), st, &n), PLT_OK);
    db_finalize(st);
    return n;
}

static void defaults_until_somebody_chooses(void **state)
{
    hub_store *s = *state;
    int64_t tenant = kit_tenant(s, "Acme"), other = kit_tenant(s, "Beta");
    hub_keeping k;
    assert_int_equal(s->ops->keeping(s, tenant, &k), PLT_OK);
    assert_true(k.days[HUB_KEPT_TITLES] == 60 && k.days[HUB_KEPT_JOBS] == 730 && !*k.author && !k.changed);
    keep_for(s, tenant, 7, 90);
    keep_for(s, tenant, 8, HUB_FOR_EVER);
    assert_int_equal(s->ops->keeping(s, tenant, &k), PLT_OK);
    assert_true(k.days[HUB_KEPT_TITLES] == 8 && k.days[HUB_KEPT_JOBS] == HUB_FOR_EVER && k.changed == KIT_NOW);
    assert_string_equal(k.author, "mia");
    assert_int_equal(s->ops->keeping(s, other, &k), PLT_OK);
    assert_int_equal(k.days[HUB_KEPT_TITLES], 60);
}

/* Jobs end a minute after the one before: KIT_NOW + 1 min, + 2 min, ... */
static void to_the_minute(void **state)
{
    hub_store *s = *state;
    const int64_t minute = 60000;
    int64_t tenant = print(s, "Acme", ONE, 3, "Plan");
    purge(s, KIT_NOW + minute + 60 * KIT_DAY, 100); /* the first one is sixty days old to the millisecond: it is not over yet */
    assert_int_equal(left_of(s, tenant).titles, 3);
    purge(s, KIT_NOW + minute + 60 * KIT_DAY + 1, 100);
    assert_int_equal(left_of(s, tenant).titles, 2);
    purge(s, KIT_NOW + 2 * minute + 730 * KIT_DAY + 1, 100);
    assert_int_equal(left_of(s, tenant).titles, 0);
    assert_int_equal(left_of(s, tenant).jobs, 1);
    assert_int_equal(sum_of(s), 3);
}

static void each_tenant_its_own(void **state)
{
    hub_store *s = *state;
    int64_t one = print(s, "Acme", ONE, 4, "Plan"), two = print(s, "Beta", TWO, 5, "Plan"), none = kit_tenant(s, "Gamma");
    int64_t oldest = 0;
    keep_for(s, one, 1, 10);
    keep_for(s, two, 365, HUB_FOR_EVER);
    purge(s, KIT_NOW + 5 * KIT_DAY, 100);
    assert_true(left_of(s, one).titles == 0 && left_of(s, one).jobs == 4);
    assert_true(left_of(s, two).titles == 5 && left_of(s, two).jobs == 5);
    purge(s, KIT_NOW + 11 * KIT_DAY, 100);
    assert_int_equal(left_of(s, one).jobs, 0);
    purge(s, KIT_NOW + 9000 * KIT_DAY, 100);
    assert_true(left_of(s, two).titles == 0 && left_of(s, two).jobs == 5); /* for ever */
    assert_int_equal(sum_of(s), 9);
    assert_int_equal(s->ops->oldest(s, two, HUB_KEPT_JOBS, &oldest), PLT_OK);
    assert_int_equal(oldest, KIT_NOW + 60000);
    assert_int_equal(s->ops->oldest(s, none, HUB_KEPT_JOBS, &oldest), PLT_NOTFOUND);
    assert_int_equal(s->ops->oldest(s, two, HUB_KEPT_TITLES, &oldest), PLT_NOTFOUND);
}

static void a_round_is_bounded(void **state)
{
    hub_store *s = *state;
    int64_t tenant = print(s, "Acme", ONE, 7, "Plan");
    const int64_t now = KIT_NOW + 2 * KIT_DAY;
    int64_t n = -1;
    keep_for(s, tenant, 1, 1);
    assert_int_equal(s->ops->expired(s, tenant, HUB_KEPT_JOBS, now - KIT_DAY, 5, 0, &n), PLT_OK);
    assert_int_equal(n, 5); /* the count, too */
    for (int round = 1; round <= 3; round++) {
        assert_true(purge(s, now, 2));
        assert_int_equal(left_of(s, tenant).jobs, 7 - 2 * round);
        assert_true(left_of(s, tenant).titles <= 7 - 2 * round);
    }
    while (purge(s, now, 2)) continue;
    assert_true(left_of(s, tenant).titles == 0 && left_of(s, tenant).jobs == 0);
    assert_int_equal(sum_of(s), 7);
}

/* Of two hubs on a store one has the minute. */
static void one_hub_a_minute(void **state)
{
    hub_store *s = *state, *other = kit_store_open();
    assert_int_equal(s->ops->upkeep_turn(s, KIT_NOW), PLT_OK);
    assert_int_equal(other->ops->upkeep_turn(other, KIT_NOW + 20000), PLT_NOTFOUND);
    assert_int_equal(s->ops->upkeep_turn(s, KIT_NOW + 54000), PLT_NOTFOUND);
    assert_int_equal(other->ops->upkeep_turn(other, KIT_NOW + 60000), PLT_OK);
    assert_int_equal(s->ops->upkeep_turn(s, KIT_NOW + 61000), PLT_NOTFOUND);
    assert_int_equal(s->ops->upkeep_turn(s, KIT_NOW + 120000), PLT_OK);
    assert_int_equal(s->ops->upkeep_turn(s, KIT_NOW - 30 * KIT_DAY), PLT_OK); /* the clock that was wrong has been put right */
    other->ops->close(other);
}

/* ---- the file ---- */

static bool file_has(const char *name, const char *words)
{
    char path[OS_PATH_MAX];
    plt_buf b;
    bool found = false;
    kit_path(path, kit_here.dir, name);
    if (!os_file_exists(path)) return false;
    plt_buf_init(&b, 64u << 20);
    assert_int_equal(os_file_load(path, &b), PLT_OK);
    size_t n = strlen(words);
    for (size_t i = 0; !found && i + n <= b.len; i++) found = memcmp(b.data + i, words, n) == 0;
    plt_buf_free(&b);
    return found;
}

/* Titles stand in the job, in its index, in small letters in the search's text, and in the record: none of them is in the files after their time. */
static void gone_from_the_files(void **state)
{
    static const char *const words[] = {SECRET, "marigold-takeover"};
    hub_store *s = *state;
    int64_t tenant = print(s, "Acme", ONE, 900, SECRET);
    assert_true(file_has("hub.db", SECRET) || file_has("hub.db-wal", SECRET));
    while (purge(s, KIT_NOW + 62 * KIT_DAY, 100)) continue;
    assert_int_equal(left_of(s, tenant).titles, 0);
    assert_int_equal(left_of(s, tenant).jobs, 900);
    for (size_t i = 0; i < 2; i++) {
        if (file_has("hub.db", words[i])) fail_msg("%s is in hub.db", words[i]);
        if (file_has("hub.db-wal", words[i])) fail_msg("%s is in hub.db-wal", words[i]);
    }
}

/* Somebody reads what was there before: nobody waits for him, and the log is emptied once he is done. */
static void a_reader_is_not_waited_for(void **state)
{
    hub_store *s = *state;
    db *reader = kit_db_open();
    print(s, "Acme", ONE, 20, SECRET);
    assert_int_equal(db_exec(reader, "BEGIN"), PLT_OK);
    db_stmt *st = db_prepare(reader, "SELECT document FROM jobs");
    assert_int_equal(db_row(reader, st), PLT_OK);
    purge(s, KIT_NOW + 62 * KIT_DAY, 100);
    assert_true(file_has("hub.db", SECRET) || file_has("hub.db-wal", SECRET));
    db_finalize(st);
    assert_int_equal(db_exec(reader, "COMMIT"), PLT_OK);
    db_close(reader);
    bool gone = false;
    for (int i = 0; !gone && i < 40; i++) { /* tries are a second apart */
        os_sleep_ms(100);
        purge(s, KIT_NOW + 62 * KIT_DAY, 100);
        gone = !file_has("hub.db", SECRET) && !file_has("hub.db-wal", SECRET);
    }
    assert_true(gone);
}

#define EACH(C) C(defaults_until_somebody_chooses), C(to_the_minute), C(each_tenant_its_own), C(a_round_is_bounded), C(one_hub_a_minute)

int main(void)
{
    const struct CMUnitTest sqlite[] = {EACH(KIT_SQLITE), KIT_SQLITE(gone_from_the_files), KIT_SQLITE(a_reader_is_not_waited_for)};
    const struct CMUnitTest postgres[] = {EACH(KIT_POSTGRES)};
    int bad = cmocka_run_group_tests_name("SQLite", sqlite, NULL, NULL);
    if (kit_postgres_there()) bad += cmocka_run_group_tests_name("PostgreSQL", postgres, NULL, NULL);
    return bad;
}
