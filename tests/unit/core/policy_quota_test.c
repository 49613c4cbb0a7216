/* SPDX-License-Identifier: Apache-2.0 */
/* Quotas: periods, what rolls over, leases that are spent without the hub; and that no order of events spends more than the limit and the stated
 * overdraft. */
#include "tests/unit/test.h"

#include <stdlib.h>
#include <string.h>

#include "core/policy/quota.h"
#include "tests/unit/core/policy_gen.h"

#define DAY(n) ((int64_t)20810 + (n)) /* from Wednesday 2026-12-23 on */

static void periods_follow_the_calendar(void **state)
{
    static const int64_t terms[] = {20820, 20900, 21000};
    static const struct {
        plt_quota_per per;
        int64_t day, same, next; /* a day, another one of its period, the first day of the next */
    } cases[] = {
        {PLT_PER_DAY, DAY(0), DAY(0), DAY(1)},
        {PLT_PER_WEEK, DAY(-2), DAY(4), DAY(5)}, /* Monday 21st to Sunday 27th */
        {PLT_PER_MONTH, 20788, DAY(8), DAY(9)},  /* 2026-12-01 to 31 */
        {PLT_PER_MONTH, 21215, 21243, 21244},    /* February 2028 */
        {PLT_PER_TERM, 20820, 20899, 20900},
        {PLT_PER_TERM, 0, 20819, 20820},
        {PLT_PER_WEEK, -3, 3, 4}, /* around 1970-01-01 */
        {PLT_PER_WEEK, -10, -4, -3},
        {PLT_PER_MONTH, -31, -1, 0},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        plt_quota_terms q = {.per = cases[i].per, .terms = terms, .term_count = 3};
        int64_t a = plt_quota_period(&q, cases[i].day);
        if (plt_quota_period(&q, cases[i].same) != a || plt_quota_period(&q, cases[i].next) != a + 1) fail_msg("case %lu", (unsigned long)i);
        if (plt_quota_next(&q, cases[i].day) != cases[i].next || plt_quota_next(&q, cases[i].same) != cases[i].next)
            fail_msg("the next of case %lu", (unsigned long)i);
        assert_true(plt_quota_period(&q, cases[i].day - 1) <= a - (cases[i].day > 0 || cases[i].per != PLT_PER_TERM));
    }
}

static void the_last_term_has_no_end(void **state)
{
    static const int64_t terms[] = {20820};
    (void)state;
    assert_true(plt_quota_next(&(plt_quota_terms){.per = PLT_PER_TERM, .terms = terms, .term_count = 1}, 20820) == INT64_MAX);
    assert_true(plt_quota_next(&(plt_quota_terms){.per = PLT_PER_TERM}, 1) == INT64_MAX);
}

static void an_administrator_gives_and_forgives(void **state)
{
    plt_quota_terms q = {.per = PLT_PER_DAY, .limit = 10, .rollover = 3};
    plt_quota_account a;
    (void)state;
    plt_quota_open(&a, &q, DAY(0));
    plt_quota_row old = plt_quota_grant(&a, &q, 2, 0, 1), row = plt_quota_grant(&a, &q, 8, 0, 1);
    assert_true(plt_quota_settle(&a, &q, &row, 8));
    plt_quota_turn(&a, &q, DAY(1));
    plt_quota_give(&a, 50);
    assert_int_equal(plt_quota_left(&a, &q), 60);
    assert_true(plt_quota_settle(&a, &q, &old, 1)); /* one unit of the day before comes back: it takes nothing of what was given */
    assert_int_equal(plt_quota_left(&a, &q), 60);
    plt_quota_give(&a, -55);
    assert_int_equal(plt_quota_left(&a, &q), 5);
    row = plt_quota_grant(&a, &q, 5, 0, 1);
    plt_quota_row out = plt_quota_grant(&a, &q, 1, 0, 1);
    assert_int_equal(row.units, 5);
    assert_int_equal(out.units, 0);
    plt_quota_reset(&a); /* the debt goes; what is out stays out */
    assert_int_equal(plt_quota_left(&a, &q), 5);
    assert_true(plt_quota_settle(&a, &q, &row, 5));
    plt_quota_reset(&a);
    assert_int_equal(plt_quota_left(&a, &q), 10);
    row = plt_quota_grant(&a, &q, 4, 0, 1);
    plt_quota_write_off(&a, &row);
    plt_quota_reset(&a);
    assert_true(plt_quota_settle(&a, &q, &row, 1)); /* forgotten already: not given twice */
    assert_int_equal(plt_quota_left(&a, &q), 10);
    plt_quota_give(&a, INT64_MAX);
    plt_quota_give(&a, INT64_MAX);
    assert_true(a.rolled == PLT_QUOTA_MOST);
    plt_quota_give(&a, INT64_MIN);
    plt_quota_give(&a, INT64_MIN);
    assert_true(a.rolled == -PLT_QUOTA_MOST);
}

static void what_is_left_rolls_over_and_what_is_owed_too(void **state)
{
    static const struct {
        int64_t limit, rollover, overdraft, spent, days, rolled, left;
    } cases[] = {
        {100, 0, 0, 30, 1, 0, 100},     {100, 50, 0, 30, 1, 50, 150},
        {100, 500, 0, 30, 1, 70, 170},  {100, 500, 0, 30, 3, 270, 370},
        {100, 500, 0, 30, 9, 500, 600}, {100, 0, 20, 120, 1, -20, 100},
        {100, 0, 20, 120, 2, 0, 120},   {0, 500, 0, 0, 1000000, 0, 0},
        {100, 500, 0, 100, 1, 0, 100},  {1, PLT_QUOTA_MOST, 0, 1, 1000000000, 999999999, 1000000000},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        plt_quota_terms q = {.per = PLT_PER_DAY, .limit = cases[i].limit, .rollover = cases[i].rollover, .overdraft = cases[i].overdraft};
        plt_quota_account a;
        plt_quota_open(&a, &q, DAY(0));
        plt_quota_row row = plt_quota_grant(&a, &q, cases[i].spent, 0, 1);
        assert_int_equal(row.units, cases[i].spent);
        assert_true(plt_quota_settle(&a, &q, &row, cases[i].spent));
        plt_quota_turn(&a, &q, DAY(cases[i].days));
        if (a.rolled != cases[i].rolled || plt_quota_left(&a, &q) != cases[i].left)
            fail_msg("case %lu: %lld %lld", (unsigned long)i, (long long)a.rolled, (long long)plt_quota_left(&a, &q));
        plt_quota_turn(&a, &q, DAY(0)); /* never back */
        assert_int_equal(a.period, plt_quota_period(&q, DAY(cases[i].days)));
    }
}

static void one_job_may_use_the_grace(void **state)
{
    plt_quota_terms q = {.per = PLT_PER_DAY, .limit = 100, .grace = 20};
    plt_quota_account a;
    (void)state;
    plt_quota_open(&a, &q, DAY(0));
    assert_int_equal(plt_quota_grant(&a, &q, 90, 0, 1).units, 90);
    assert_int_equal(plt_quota_usage(&a, &q).over, 20);
    assert_int_equal(plt_quota_grant(&a, &q, 31, 31, 1).units, 10); /* more than the grace: only what is left */
    a.leased -= 10;
    assert_int_equal(plt_quota_grant(&a, &q, 30, 30, 1).units, 30);
    assert_int_equal(plt_quota_left(&a, &q), -20);
    assert_int_equal(plt_quota_usage(&a, &q).over, 0);
    assert_int_equal(plt_quota_grant(&a, &q, 1, 1, 1).units, 0); /* it does not begin below the limit */
}

static void a_report_counts_once(void **state)
{
    plt_quota_terms q = {.per = PLT_PER_DAY, .limit = 100, .rollover = 100};
    plt_quota_account a;
    (void)state;
    plt_quota_open(&a, &q, DAY(0));
    plt_quota_row row = plt_quota_grant(&a, &q, 60, 0, 1), late = plt_quota_grant(&a, &q, 40, 0, 1);
    assert_int_equal(plt_quota_left(&a, &q), 0);
    plt_quota_write_off(&a, &row);
    plt_quota_write_off(&a, &row);
    assert_int_equal(a.spent, 60);
    assert_true(plt_quota_settle(&a, &q, &row, 25)); /* it was not gone after all */
    assert_false(plt_quota_settle(&a, &q, &row, 25));
    assert_int_equal(a.spent, 25);
    assert_int_equal(plt_quota_left(&a, &q), 35);
    plt_quota_turn(&a, &q, DAY(1));
    assert_int_equal(a.rolled, 35);
    assert_true(plt_quota_settle(&a, &q, &late, 1000)); /* no more than the lease counts */
    assert_int_equal(a.rolled, 35);
    assert_int_equal(a.leased, 0);
}

static void a_clock_that_is_set_back_gains_nothing(void **state)
{
    plt_lease l = {.units = 10, .until = 1000};
    int64_t high = 900, back = -1;
    (void)state;
    assert_int_equal(plt_lease_spend(&l, 3, 950, &high, &back), PLT_SPEND_OK);
    assert_int_equal(back, 0);
    assert_int_equal(plt_lease_spend(&l, 3, 100, &high, &back), PLT_SPEND_OK); /* counts as 950 */
    assert_int_equal(back, 850);
    assert_int_equal(high, 950);
    assert_int_equal(plt_lease_spend(&l, 5, 960, &high, NULL), PLT_SPEND_SHORT); /* all or none */
    assert_int_equal(l.spent, 6);
    assert_int_equal(plt_lease_spend(&l, 1, 1000, &high, NULL), PLT_SPEND_EXPIRED);
    assert_int_equal(plt_lease_spend(&l, 1, 10, &high, &back), PLT_SPEND_EXPIRED); /* and stays so */
    assert_int_equal(back, 990);
    l = (plt_lease){.units = 10, .until = 2000};
    assert_int_equal(plt_lease_spend(&l, -1, 1500, &high, NULL), PLT_SPEND_SHORT);
    assert_int_equal(plt_lease_spend(&l, INT64_MAX, 1500, &high, NULL), PLT_SPEND_SHORT);
    plt_lease_refund(&l, 5);
    assert_int_equal(l.spent, 0);
    assert_int_equal(plt_lease_spend(&l, 4, 1500, &high, NULL), PLT_SPEND_OK);
    plt_lease_refund(&l, 4);
    assert_int_equal(plt_lease_close(&l), 0);
    assert_int_equal(plt_lease_spend(&l, 1, 1501, &high, NULL), PLT_SPEND_EXPIRED);
}

static void the_strictest_quota_is_found(void **state)
{
    static const plt_policy_usage u[] = {{true, 10, 100, 0}, {true, 90, 100, 5}, {false, 0, 0, 0}, {true, 0, 1, 1000}};
    static const int64_t amount[] = {5, 5, 5, 5}, unknown[] = {5, -1, 5, 5}, none[] = {-1, -1, -1, -1};
    (void)state;
    assert_int_equal(plt_quota_strictest(u, amount, 4), 1);
    assert_int_equal(plt_quota_strictest(u, unknown, 4), 0);
    assert_int_equal(plt_quota_strictest(u, none, 4), SIZE_MAX);
}

/* ---- Any order of events ---- */

#define AGENTS 4
#define LEASES 64
#define PERIODS 16

typedef struct world {
    plt_quota_terms q;
    plt_quota_account hub;
    struct {
        plt_quota_row row;
        plt_lease lease; /* what the agent has; what it lost in a crash before it wrote stays in `printed` as never printed */
        int agent;
    } leases[LEASES];
    int count;
    int64_t high[AGENTS];
    int64_t day, printed[PERIODS], allowed[PERIODS], first;
} world;

/* The most that may ever be printed in the period: what rolled is known for sure only when the period before is settled, so it is kept as the
 * greatest value it had. */
static void note_allowed(world *w)
{
    int64_t p = w->hub.period - w->first, all = w->q.limit + w->hub.rolled + w->q.overdraft + w->q.grace;
    if (all > w->allowed[p]) w->allowed[p] = all;
}

static void grant(world *w, gen *g)
{
    if (w->count == LEASES) return;
    int64_t want = gen_below(g, 40), job = gen_below(g, 2) ? want : gen_below(g, 40);
    int i = w->count++;
    w->leases[i].row = plt_quota_grant(&w->hub, &w->q, want, job, w->day * 86400 + gen_below(g, 200000));
    w->leases[i].lease = (plt_lease){.units = w->leases[i].row.units, .until = w->leases[i].row.until};
    w->leases[i].agent = (int)gen_below(g, AGENTS);
    assert_true(w->leases[i].row.units >= 0 && w->leases[i].row.units <= want);
}

static void spend(world *w, gen *g)
{
    if (!w->count) return;
    int i = (int)gen_below(g, (uint32_t)w->count);
    int64_t n = gen_below(g, 15), clock = w->day * 86400 + gen_below(g, 86400);
    if (gen_below(g, 5) == 0) clock -= gen_below(g, 1000000); /* somebody sets it back */
    int64_t *high = &w->high[w->leases[i].agent];
    if (plt_lease_spend(&w->leases[i].lease, n, clock, high, NULL) != PLT_SPEND_OK) return;
    switch (gen_below(g, 8)) {
    case 0: plt_lease_refund(&w->leases[i].lease, n); return; /* cancelled */
    case 1: return;                                           /* written, then a crash before the printer had it */
    default: w->printed[w->leases[i].row.period - w->first] += n;
    }
}

static void settle(world *w, gen *g)
{
    if (!w->count) return;
    int i = (int)gen_below(g, (uint32_t)w->count);
    switch (gen_below(g, 4)) {
    case 0: plt_quota_write_off(&w->hub, &w->leases[i].row); break;
    case 1: plt_lease_close(&w->leases[i].lease); break; /* the report is lost on its way */
    default: plt_quota_settle(&w->hub, &w->q, &w->leases[i].row, plt_lease_close(&w->leases[i].lease));
    }
}

static void no_order_of_events_spends_more_than_is_stated(void **state)
{
    gen g = {4101842887655102017u};
    uint64_t printed = 0, full = 0;
    (void)state;
    for (int run = 0; run < 20000; run++) {
        world w = {.q = {.per = PLT_PER_DAY,
                         .limit = gen_below(&g, 100),
                         .overdraft = gen_below(&g, 3) * 10,
                         .grace = gen_below(&g, 3) * 5,
                         .rollover = gen_below(&g, 4) * 40}};
        w.day = DAY(0);
        w.first = plt_quota_period(&w.q, w.day);
        plt_quota_open(&w.hub, &w.q, w.day);
        note_allowed(&w);
        for (int step = 0; step < 120; step++) {
            switch (gen_below(&g, 12)) {
            case 0:
                if (w.day < DAY(PERIODS - 1)) w.day += gen_below(&g, 3);
                if (w.day > DAY(PERIODS - 1)) w.day = DAY(PERIODS - 1);
                plt_quota_turn(&w.hub, &w.q, w.day);
                break;
            case 1:
            case 2:
            case 3: grant(&w, &g); break;
            case 4:
            case 5: settle(&w, &g); break;
            default: spend(&w, &g);
            }
            note_allowed(&w);
            assert_true(w.hub.leased >= 0 && w.hub.spent >= 0);
        }
        for (int p = 0; p < PERIODS; p++) {
            if (w.printed[p] > w.allowed[p])
                fail_msg("run %d, period %d: %lld printed, %lld allowed", run, p, (long long)w.printed[p], (long long)w.allowed[p]);
            printed += (uint64_t)w.printed[p];
            full += w.printed[p] && w.printed[p] == w.allowed[p];
        }
    }
    assert_true(printed > 500000 && full > 20); /* the bound is reached, not only kept */
}

/* What is printed in all is bounded too: a unit that rolled over is not spent twice. */
static void no_unit_is_spent_in_two_periods(void **state)
{
    gen g = {1181783497276652981u};
    (void)state;
    for (int run = 0; run < 5000; run++) {
        world w = {.q = {.per = PLT_PER_DAY, .limit = 1 + gen_below(&g, 50), .overdraft = gen_below(&g, 20), .rollover = PLT_QUOTA_MOST}};
        int64_t total = 0;
        w.day = DAY(0);
        w.first = plt_quota_period(&w.q, w.day);
        plt_quota_open(&w.hub, &w.q, w.day);
        for (int step = 0; step < 120; step++) {
            if (gen_below(&g, 10) == 0 && w.day < DAY(PERIODS - 1))
                plt_quota_turn(&w.hub, &w.q, ++w.day);
            else if (gen_below(&g, 3) == 0)
                grant(&w, &g);
            else if (gen_below(&g, 3) == 0)
                settle(&w, &g);
            else
                spend(&w, &g);
        }
        for (int p = 0; p < PERIODS; p++) total += w.printed[p];
        assert_true(total <= (w.day - DAY(0) + 1) * w.q.limit + w.q.overdraft);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(periods_follow_the_calendar),
        cmocka_unit_test(the_last_term_has_no_end),
        cmocka_unit_test(an_administrator_gives_and_forgives),
        cmocka_unit_test(what_is_left_rolls_over_and_what_is_owed_too),
        cmocka_unit_test(one_job_may_use_the_grace),
        cmocka_unit_test(a_report_counts_once),
        cmocka_unit_test(a_clock_that_is_set_back_gains_nothing),
        cmocka_unit_test(the_strictest_quota_is_found),
        cmocka_unit_test(no_order_of_events_spends_more_than_is_stated),
        cmocka_unit_test(no_unit_is_spent_in_two_periods),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
