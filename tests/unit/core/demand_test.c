/* SPDX-License-Identifier: Apache-2.0 */
/* Reads that are asked for, under a clock that is a number: what is joined, what is too soon, which round answers which ask. */
#include "tests/unit/test.h"

#include "core/collect/demand.h"
#include "core/collect/plan.h"

#define SECOND 1000u

static void an_ask_is_answered_by_a_round_that_begins_behind_it(void **state)
{
    plt_demand d = {0};
    uint64_t wait;
    (void)state;
    assert_int_equal(plt_demand_take(&d), 0); /* a round of the schedule: nobody asked */
    plt_demand_done(&d);
    uint64_t one = plt_demand_ask(&d, PLT_ASKER_HUB, PLT_SCAN_METERS, 0, &wait);
    assert_true(one && plt_demand_waits(&d) && plt_demand_open(&d) && !plt_demand_answered(&d, one));
    assert_int_equal(plt_demand_take(&d), PLT_SCAN_METERS);
    assert_true(!plt_demand_waits(&d) && plt_demand_open(&d) && !plt_demand_answered(&d, one));
    uint64_t two = plt_demand_ask(&d, PLT_ASKER_PEOPLE, PLT_SCAN_ALL, 1 * SECOND, &wait); /* in the middle of the round */
    assert_true(two > one && plt_demand_waits(&d));
    plt_demand_done(&d);
    assert_true(plt_demand_answered(&d, one) && !plt_demand_answered(&d, two));
    assert_int_equal(plt_demand_take(&d), PLT_SCAN_ALL);
    plt_demand_done(&d);
    assert_true(plt_demand_answered(&d, two) && !plt_demand_open(&d));
}

static void what_waits_is_joined(void **state)
{
    plt_demand d = {0};
    uint64_t wait;
    (void)state;
    uint64_t one = plt_demand_ask(&d, PLT_ASKER_HUB, PLT_SCAN_ALL, 0, &wait);
    for (uint64_t t = 1; t < 1000; t++) {
        assert_true(plt_demand_ask(&d, PLT_ASKER_HUB, PLT_SCAN_METERS, t, &wait) == one && !wait);
        assert_true(plt_demand_ask(&d, PLT_ASKER_PEOPLE, PLT_SCAN_ALL, t, &wait) == one && !wait);
    }
    plt_demand_take(&d);
    plt_demand_done(&d);
    assert_false(plt_demand_open(&d)); /* a thousand asks, one round */
    /* People joined and had no round of their own: theirs is not too soon. */
    assert_true(plt_demand_ask(&d, PLT_ASKER_PEOPLE, PLT_SCAN_ALL, 1000, &wait) > one);
}

static void more_categories_are_added_to_what_waits(void **state)
{
    plt_demand d = {0};
    uint64_t wait;
    (void)state;
    uint64_t one = plt_demand_ask(&d, PLT_ASKER_HUB, PLT_SCAN_METERS, 0, &wait);
    assert_int_equal(plt_demand_ask(&d, PLT_ASKER_HUB, PLT_SCAN_SUPPLIES, 1, &wait), 0); /* not what waits, and too soon */
    assert_true(plt_demand_ask(&d, PLT_ASKER_ADMIN, PLT_SCAN_SUPPLIES, 1, &wait) == one);
    assert_int_equal(plt_demand_take(&d), PLT_SCAN_METERS | PLT_SCAN_SUPPLIES);
}

static void who_floods_has_one_round_a_minute(void **state)
{
    static const struct {
        plt_asker who;
        uint64_t rounds; /* in ten minutes, asking each second, rounds taking no time */
    } cases[] = {{PLT_ASKER_HUB, 10}, {PLT_ASKER_PEOPLE, 10}, {PLT_ASKER_ADMIN, 600}};
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        plt_demand d = {0};
        uint64_t rounds = 0, wait;
        for (uint64_t t = 0; t < 600 * SECOND; t += SECOND) {
            bool may = plt_demand_ask(&d, cases[i].who, PLT_SCAN_ALL, t, &wait) != 0;
            assert_true(may == !wait);
            if (!may) assert_int_equal(wait, PLT_DEMAND_EVERY_MS - t % PLT_DEMAND_EVERY_MS);
            if (plt_demand_waits(&d)) {
                plt_demand_take(&d);
                plt_demand_done(&d);
                rounds++;
            }
        }
        assert_int_equal(rounds, cases[i].rounds);
    }
}

static void a_flood_of_one_is_not_the_others_wait(void **state)
{
    plt_demand d = {0};
    uint64_t wait;
    (void)state;
    assert_true(plt_demand_ask(&d, PLT_ASKER_HUB, PLT_SCAN_ALL, 0, &wait));
    plt_demand_take(&d);
    plt_demand_done(&d);
    assert_int_equal(plt_demand_ask(&d, PLT_ASKER_HUB, PLT_SCAN_ALL, SECOND, &wait), 0);
    assert_true(plt_demand_ask(&d, PLT_ASKER_PEOPLE, PLT_SCAN_ALL, SECOND, &wait));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_ask_is_answered_by_a_round_that_begins_behind_it),
        cmocka_unit_test(what_waits_is_joined),
        cmocka_unit_test(more_categories_are_added_to_what_waits),
        cmocka_unit_test(who_floods_has_one_round_a_minute),
        cmocka_unit_test(a_flood_of_one_is_not_the_others_wait),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
