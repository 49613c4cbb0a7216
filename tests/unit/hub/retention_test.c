/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How long each tenant's titles and jobs live, by a clock that the cases set: only what is over goes, only its tenant's, a bounded number a step, and
 * never a sum. What went is not in the database's files any more.
 */
#include "hub_kit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/util/text.h"
#include "hub/people.h"
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

/* ---- times of those above ---- */

/* dealer { customer { site { group }, branch } }, other */
enum { DEALER, CUSTOMER, SITE, GROUP, BRANCH, OTHER, TREE };
static const struct {
    const char *name, *level;
    int parent;
} tree[TREE] = {{"Dealer", "dealer", -1}, {"Acme", "customer", DEALER}, {"Bern", "site", CUSTOMER},
                {"Ward", "group", SITE},  {"Basel", "site", CUSTOMER},  {"Other", "dealer", -1}};

static void plant(hub_store *s, int64_t id[TREE])
{
    for (int i = 0; i < TREE; i++) {
        hub_tenant t = {.parent = tree[i].parent < 0 ? HUB_OPERATOR : id[tree[i].parent]};
        plt_copy(t.name, sizeof t.name, tree[i].name);
        plt_copy(t.level, sizeof t.level, tree[i].level);
        assert_int_equal(s->people->tenant_add(s, &t, KIT_NOW, &id[i]), PLT_OK);
    }
}

/* Whose times each goes by (-1: the defaults), and how many below take each one's. */
static void assert_keepers(hub_store *s, const int64_t id[TREE], const int keeper[TREE], const int below[TREE])
{
    for (int i = 0; i < TREE; i++) {
        hub_keeping k;
        int64_t n = -1;
        assert_int_equal(s->ops->keeping(s, id[i], &k), PLT_OK);
        if (k.tenant_id != (keeper[i] < 0 ? HUB_OPERATOR : id[keeper[i]])) fail_msg("%s: the times of %d", tree[i].name, (int)k.tenant_id);
        assert_int_equal(s->ops->keeping_below(s, id[i], &n), PLT_OK);
        if (n != below[i]) fail_msg("%s: %d below", tree[i].name, (int)n);
    }
}

static void the_nearest_above(void **state)
{
    static const struct {
        int set, drop; /* whose times are made, whose end; -1: nobody's */
        int keeper[TREE], below[TREE];
    } steps[] = {
        {-1, -1, {-1, -1, -1, -1, -1, -1}, {4, 3, 1, 0, 0, 0}},
        {DEALER, -1, {DEALER, DEALER, DEALER, DEALER, DEALER, -1}, {4, 3, 1, 0, 0, 0}},
        {SITE, -1, {DEALER, DEALER, SITE, SITE, DEALER, -1}, {2, 1, 1, 0, 0, 0}},
        {CUSTOMER, -1, {DEALER, CUSTOMER, SITE, SITE, CUSTOMER, -1}, {0, 1, 1, 0, 0, 0}},
        {GROUP, DEALER, {-1, CUSTOMER, SITE, GROUP, CUSTOMER, -1}, {0, 1, 0, 0, 0, 0}},
        {OTHER, SITE, {-1, CUSTOMER, CUSTOMER, GROUP, CUSTOMER, OTHER}, {0, 2, 0, 0, 0, 0}},
        {-1, CUSTOMER, {-1, -1, -1, GROUP, -1, OTHER}, {3, 2, 0, 0, 0, 0}},
    };
    hub_store *s = *state;
    int64_t id[TREE];
    plant(s, id);
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
        if (steps[i].set >= 0) keep_for(s, id[steps[i].set], 5, 50);
        if (steps[i].drop >= 0) assert_int_equal(s->ops->keeping_drop(s, id[steps[i].drop]), PLT_OK);
        assert_keepers(s, id, steps[i].keeper, steps[i].below);
    }
    /* Who moves goes by the times of its new place, unless it has its own. */
    static const int keeper[TREE] = {-1, OTHER, OTHER, GROUP, OTHER, OTHER}, below[TREE] = {0, 2, 0, 0, 0, 3};
    assert_int_equal(s->people->tenant_move(s, id[CUSTOMER], id[OTHER], KIT_NOW), PLT_OK);
    assert_keepers(s, id, keeper, below);
}

/* The upkeep goes by them, still a bounded step at a time; what would go is counted over all who take them. */
static void those_below_go_by_them(void **state)
{
    hub_store *s = *state;
    int64_t id[TREE], n = -1, oldest = 0;
    plant(s, id);
    print(s, "Bern", ONE, 6, "Plan");
    print(s, "Basel", TWO, 5, "Plan");
    keep_for(s, id[DEALER], 1, 10);
    keep_for(s, id[BRANCH], 90, 900);
    assert_int_equal(s->ops->expired(s, id[DEALER], HUB_KEPT_TITLES, INT64_MAX, 1000, 0, &n), PLT_OK);
    assert_int_equal(n, 6); /* the branch keeps its own */
    assert_int_equal(s->ops->expired(s, id[DEALER], HUB_KEPT_JOBS, INT64_MAX, 4, 0, &n), PLT_OK);
    assert_int_equal(n, 4);
    assert_int_equal(s->ops->oldest(s, id[DEALER], HUB_KEPT_JOBS, &oldest), PLT_OK);
    assert_int_equal(oldest, KIT_NOW + 60000);
    assert_true(purge(s, KIT_NOW + 2 * KIT_DAY, 4));
    assert_int_equal(left_of(s, id[SITE]).titles, 2);
    assert_false(purge(s, KIT_NOW + 2 * KIT_DAY, 4));
    assert_true(left_of(s, id[SITE]).titles == 0 && left_of(s, id[SITE]).jobs == 6);
    assert_true(left_of(s, id[BRANCH]).titles == 5 && left_of(s, id[BRANCH]).jobs == 5);
    purge(s, KIT_NOW + 12 * KIT_DAY, 100);
    assert_true(left_of(s, id[SITE]).jobs == 0 && left_of(s, id[BRANCH]).jobs == 5);
    assert_int_equal(s->ops->oldest(s, id[DEALER], HUB_KEPT_JOBS, &oldest), PLT_NOTFOUND);
    assert_int_equal(s->ops->keeping_drop(s, id[BRANCH]), PLT_OK); /* now by the dealer's, too */
    purge(s, KIT_NOW + 12 * KIT_DAY, 100);
    assert_int_equal(left_of(s, id[BRANCH]).jobs, 0);
    assert_int_equal(sum_of(s), 11);
}

/* A database of before: who had no times went by the defaults, and does not lose by those of somebody above. */
static void nothing_shorter_by_an_update(void **state)
{
    hub_store *s = *state;
    static const struct {
        int64_t titles, jobs; /* the dealer's */
        bool own;             /* the customer has the defaults as its own then */
    } cases[] = {{7, 730, true}, {60, 729, true}, {60, 730, false}, {90, HUB_FOR_EVER, false}, {HUB_FOR_EVER, HUB_FOR_EVER, false}};
    s->ops->close(s);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        bool postgres = *kit_here.url;
        char sql[128];
        hub_keeping k;
        kit_place_remove();
        kit_place_make(postgres);
        db *d = kit_db_open();
        assert_int_equal(store_migrate_to(d, 23), PLT_OK);
        snprintf(sql, sizeof sql, "INSERT INTO retention VALUES(1, %d, %d, 'mia', 1)", (int)cases[i].titles, (int)cases[i].jobs);
        const char *const rows[] = {"INSERT INTO tenants(tenant_id, name, created) VALUES(1, 'Dealer', 1), (2, 'Acme', 1), (3, 'Other', 1)",
                                    "INSERT INTO tenant_tree VALUES(1, 1), (2, 2), (1, 2), (3, 3)", sql};
        for (size_t j = 0; j < sizeof rows / sizeof *rows; j++)
            if (db_exec(d, rows[j]) != PLT_OK) fail_msg("%s", db_problem(d));
        db_close(d);
        s = kit_store_open();
        assert_int_equal(s->ops->keeping(s, 2, &k), PLT_OK);
        assert_int_equal(k.tenant_id, cases[i].own ? 2 : 1);
        if (cases[i].own) assert_true(k.days[HUB_KEPT_TITLES] == 60 && k.days[HUB_KEPT_JOBS] == 730 && !*k.author && !k.changed);
        assert_int_equal(s->ops->keeping(s, 3, &k), PLT_OK);
        assert_int_equal(k.tenant_id, HUB_OPERATOR);
        s->ops->close(s);
    }
    *state = NULL;
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

#define EACH(C)                                                                                                                                      \
    C(defaults_until_somebody_chooses), C(to_the_minute), C(each_tenant_its_own), C(a_round_is_bounded), C(the_nearest_above),                       \
        C(those_below_go_by_them), C(nothing_shorter_by_an_update), C(one_hub_a_minute)

int main(void)
{
    const struct CMUnitTest sqlite[] = {EACH(KIT_SQLITE), KIT_SQLITE(gone_from_the_files), KIT_SQLITE(a_reader_is_not_waited_for)};
    const struct CMUnitTest postgres[] = {EACH(KIT_POSTGRES)};
    int bad = cmocka_run_group_tests_name("SQLite", sqlite, NULL, NULL);
    if (kit_postgres_there()) bad += cmocka_run_group_tests_name("PostgreSQL", postgres, NULL, NULL);
    return bad;
}
