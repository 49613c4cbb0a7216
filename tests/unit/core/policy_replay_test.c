/* SPDX-License-Identifier: Apache-2.0 */
/* The back-test rules on each job as the live engine does, and its sums are those of a calculation by hand. */
#include "tests/unit/test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/policy/quota.h"
#include "core/policy/replay.h"
#include "tests/unit/core/policy_gen.h"
#include "tests/unit/core/policy_kit.h"

#define JOBS 2000
#define TEXTS 512 /* of a fact: lists of up to three items */

/* Random jobs, once as structs for the live engine and once in columns. */
typedef struct columns {
    gen_job job[JOBS];
    int64_t number[PLT_POLICY_FACTS][JOBS];
    uint8_t level[PLT_POLICY_FACTS][JOBS];
    uint32_t id[PLT_POLICY_TEXTS][JOBS];
    const char *text[PLT_POLICY_TEXTS][TEXTS];
    plt_replay_batch batch;
} columns;

static uint32_t number_of(columns *c, int f, const char *s)
{
    size_t i = 0;
    while (i < c->batch.texts[f].count && strcmp(c->text[f][i], s) != 0) i++;
    if (i == c->batch.texts[f].count && i < TEXTS) c->text[f][c->batch.texts[f].count++] = s;
    return i < TEXTS ? (uint32_t)i : PLT_REPLAY_NO_TEXT;
}

static void draw(gen *g, columns *c)
{
    memset(&c->batch, 0, sizeof c->batch);
    c->batch.jobs = JOBS;
    for (int f = 0; f < PLT_P_QUOTA; f++) {
        if (f < PLT_POLICY_TEXTS) c->batch.texts[f].text = c->text[f], c->batch.texts[f].id = c->id[f];
        c->batch.number[f] = c->number[f];
        c->batch.level[f] = c->level[f];
    }
    for (int i = 0; i < JOBS; i++) {
        gen_job *j = &c->job[i];
        gen_a_job(g, j);
        for (int f = 0; f < PLT_P_QUOTA; f++) {
            if (f < PLT_POLICY_TEXTS) {
                c->id[f][i] = number_of(c, f, j->job.text[f]);
                if (c->id[f][i] == PLT_REPLAY_NO_TEXT) j->job.level[f] = 0;
            }
            c->number[f][i] = j->job.number[f];
            c->level[f][i] = j->job.level[f];
        }
    }
}

static bool same(const plt_policy_acts *a, const plt_policy_acts *b)
{
    bool same = a->set == b->set && a->fallen == b->fallen && a->tell == b->tell && a->outcome == b->outcome;
    for (int i = 0; i < PLT_POLICY_ACTIONS; i++) same = same && (!(a->set >> i & 1) || a->rule[i] == b->rule[i]);
    return same;
}

/* The quotas of gen_set(), kept by the test itself: both of a user, without groups. */
typedef struct books {
    plt_quota_account account[2][TEXTS];
    bool open[2][TEXTS];
} books;

static void count_quotas(const plt_policy *p, books *k, const columns *c, int i, int trust, plt_policy_usage *usage)
{
    for (size_t q = 0; q < 2; q++) {
        plt_quota_terms t;
        uint32_t user = c->id[PLT_P_USER][i];
        usage[q].known = false;
        if (c->level[PLT_P_DATE][i] < trust || user == PLT_REPLAY_NO_TEXT) continue;
        plt_quota_of(p, q, &t);
        if (!k->open[q][user]) plt_quota_open(&k->account[q][user], &t, c->number[PLT_P_DATE][i]);
        k->open[q][user] = true;
        plt_quota_turn(&k->account[q][user], &t, c->number[PLT_P_DATE][i]);
        usage[q] = plt_quota_usage(&k->account[q][user], &t);
    }
}

static void pay(books *k, const columns *c, int i, const plt_policy_usage *usage, const int *facts)
{
    for (size_t q = 0; q < 2; q++)
        if (usage[q].known && c->level[facts[q]][i]) k->account[q][c->id[PLT_P_USER][i]].spent += c->number[facts[q]][i];
}

static void live_and_replay_are_one(void **state)
{
    const char *env = getenv("POLICY_JOBS");
    uint64_t jobs = env ? strtoull(env, NULL, 10) : 1000000, done = 0, touched = 0;
    gen g = {2463534242u};
    columns *c = calloc(1, sizeof *c);
    books *k = calloc(1, sizeof *k);
    plt_policy_acts *acts = calloc(JOBS, sizeof *acts);
    plt_buf json;
    (void)state;
    plt_buf_init(&json, 1 << 20);
    assert_true(c && k && acts);
    for (; done < jobs; done += JOBS) {
        gen_shape shape = {.rules = 1 + gen_below(&g, 12)};
        plt_replay_options o = {
            .acts = acts, .cannot = gen_below(&g, 2) ? 0 : gen_below(&g, 1u << PLT_POLICY_ACTIONS), .as_if_in_force = gen_below(&g, 2)};
        plt_replay_report r;
        plt_buf_clear(&json);
        gen_set(&g, &shape, &json);
        plt_policy *p = kit_compile(plt_buf_str(&json));
        draw(&g, c);
        memset(k, 0, sizeof *k);
        assert_int_equal(plt_policy_replay(p, &c->batch, &o, &r), PLT_OK);
        int trust = strstr(plt_buf_str(&json), "\"trust\":\"exact\"") ? 3 : strstr(plt_buf_str(&json), "\"trust\":\"declared\"") ? 2 : 1;
        int facts[2] = {strstr(plt_buf_str(&json), "\"unit\":\"pages\"")    ? PLT_P_IMPRESSIONS
                        : strstr(plt_buf_str(&json), "\"unit\":\"sheets\"") ? PLT_P_SHEETS
                                                                            : PLT_P_COLOR_IMPRESSIONS,
                        PLT_P_COST};
        for (int i = 0; i < JOBS; i++) {
            plt_policy_ruling live;
            count_quotas(p, k, c, i, trust, c->job[i].usage);
            c->job[i].job.usages = 2;
            c->job[i].job.cannot = o.cannot;
            plt_policy_judge(p, &c->job[i].job, &live);
            const plt_policy_acts *a = o.as_if_in_force ? &live.would : &live.acts;
            if (!same(a, &acts[i]))
                fail_msg("job %d: live %s, replay %s: %s", i, plt_policy_outcome_name((plt_policy_outcome)a->outcome),
                         plt_policy_outcome_name((plt_policy_outcome)acts[i].outcome), plt_buf_str(&json));
            touched += a->outcome != PLT_POLICY_GOES;
            if (a->outcome != PLT_POLICY_DENIED) pay(k, c, i, c->job[i].usage, facts);
        }
        plt_replay_free(&r);
        plt_policy_free(p);
    }
    assert_true(touched > done / 5);
    plt_buf_free(&json);
    free(acts);
    free(k);
    free(c);
}

/* Five jobs, sums by hand. */
static void the_report_adds_up(void **state)
{
    static const char *const users[] = {"mia", "leo"}, *const queues[] = {"Q1", "Q2"};
    static const uint32_t user[] = {0, 1, 1, 0, PLT_REPLAY_NO_TEXT}, queue[] = {0, 0, 1, 1, 1};
    static const int64_t impressions[] = {10, 20, 30, 40, 0}, color[] = {10, 0, 5, 40, 0}, sheets[] = {10, 10, 30, 40, 0}, copies[] = {1, 1, 2, 1, 0},
                         duplex[] = {0, 1, 0, 0, 0}, date[] = {20700, 20700, 20700, 20700, 20700}, cost[] = {1000000, 400000, 850000, 4000000, 0};
    static const uint8_t sure[] = {3, 3, 3, 3, 0}, day[] = {3, 3, 3, 3, 3};
    plt_replay_batch b = {.jobs = 5};
    b.texts[PLT_P_USER].text = users, b.texts[PLT_P_USER].count = 2, b.texts[PLT_P_USER].id = user;
    b.texts[PLT_P_QUEUE].text = queues, b.texts[PLT_P_QUEUE].count = 2, b.texts[PLT_P_QUEUE].id = queue;
    const struct {
        plt_policy_fact fact;
        const int64_t *n;
    } column[] = {{PLT_P_IMPRESSIONS, impressions}, {PLT_P_COLOR_IMPRESSIONS, color}, {PLT_P_SHEETS, sheets},
                  {PLT_P_COPIES, copies},           {PLT_P_DUPLEX, duplex},           {PLT_P_COST, cost}};
    for (size_t i = 0; i < sizeof column / sizeof column[0]; i++) b.number[column[i].fact] = column[i].n, b.level[column[i].fact] = sure;
    b.number[PLT_P_DATE] = date, b.level[PLT_P_DATE] = day;
    static const char price_list[] = "{\"v\":1,\"currency\":\"EUR\",\"tables\":[{\"from\":\"2026-01-01\",\"rows\":[{\"id\":\"a\",\"mono_page\":\"0."
                                     "02\",\"color_page\":\"0.1\",\"sheet\":\"0.01\"}]}]}";
    char error[PLT_POLICY_ERROR_SIZE];
    plt_prices *prices;
    assert_int_equal(plt_prices_compile(&prices, price_list, strlen(price_list), error), PLT_OK);
    plt_policy *p = kit_compile("{\"v\":2,\"version\":1,\"default\":\"allow\",\"rules\":["
                                "{\"id\":\"deny\",\"when\":{\"color_impressions\":{\"min\":20}},\"then\":[\"deny\",\"record\"]},"
                                "{\"id\":\"both\",\"when\":{\"duplex\":\"none\"},\"then\":{\"duplex\":\"force\"}},"
                                "{\"id\":\"grey\",\"when\":{\"user\":\"leo\"},\"then\":{\"grey\":\"force\"}},"
                                "{\"id\":\"try\",\"when\":{\"queue\":\"q2\"},\"then\":\"hold\",\"shadow\":true}]}");
    uint8_t outcomes[5];
    plt_replay_options o = {.prices = prices, .outcomes = outcomes};
    plt_replay_report r;
    (void)state;
    assert_int_equal(plt_policy_replay(p, &b, &o, &r), PLT_OK);
    static const uint8_t expected[] = {PLT_POLICY_CONVERTED, PLT_POLICY_CONVERTED, PLT_POLICY_CONVERTED, PLT_POLICY_DENIED, PLT_POLICY_GOES};
    assert_memory_equal(outcomes, expected, 5);
    assert_int_equal(r.all.jobs, 5);
    assert_int_equal(r.all.impressions, 100);
    assert_int_equal(r.all.cost, 6250000);
    assert_int_equal(r.by_outcome[PLT_POLICY_DENIED].impressions, 40);
    assert_int_equal(r.unknown_pages, 1);
    assert_int_equal(r.skipped, 1);
    /* Job 0: 10 sheets become 5. Job 1: no colour, both sides already: nothing. Job 2: two copies of 15 sheets become 8 each; 5 pages lose their
     * colour. Job 3 is not printed. */
    assert_int_equal(r.saved.jobs, 3);
    assert_int_equal(r.saved.sheets, 5 + 14 + 40);
    assert_int_equal(r.saved.color_impressions, 5 + 40);
    assert_int_equal(r.saved.cost, 50000 + (140000 + 5 * 80000) + 4000000);
    assert_int_equal(r.rules[0], 1);
    assert_int_equal(r.rules[1], 2);
    assert_int_equal(r.rules[2], 2);
    assert_int_equal(r.rules[3], 0);
    assert_int_equal(r.users[0].jobs, 2);
    assert_int_equal(r.users[0].denied, 1);
    assert_int_equal(r.users[1].jobs, 2);
    uint32_t top[1];
    assert_int_equal(plt_replay_top(r.queues, r.queue_count, top, 1), 1);
    assert_int_equal(top[0], 0);
    plt_replay_free(&r);
    o.as_if_in_force = true;
    assert_int_equal(plt_policy_replay(p, &b, &o, &r), PLT_OK);
    assert_int_equal(r.by_outcome[PLT_POLICY_HELD].jobs, 2);
    plt_replay_free(&r);
    plt_policy_free(p);
    plt_prices_free(prices);
}

static void the_greatest_come_first(void **state)
{
    static const plt_replay_hits hits[] = {{3, 0}, {0, 0}, {9, 1}, {3, 3}, {5, 0}};
    uint32_t top[5] = {9, 9, 9, 9, 9};
    (void)state;
    assert_int_equal(plt_replay_top(hits, 5, top, 3), 3);
    assert_int_equal(top[0], 2);
    assert_int_equal(top[1], 4);
    assert_int_equal(top[2], 0);
    assert_int_equal(plt_replay_top(hits, 5, top, 5), 4);
    assert_int_equal(top[3], 3);
    assert_int_equal(plt_replay_top(hits, 5, top, 0), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_report_adds_up),
        cmocka_unit_test(the_greatest_come_first),
        cmocka_unit_test(live_and_replay_are_one),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
