/* SPDX-License-Identifier: Apache-2.0 */
/* Rounds beside the schedule, under a clock that is a number: after a printer came, after a job, and never a burst. */
#include "tests/unit/test.h"

#include "core/collect/extra.h"
#include "core/collect/plan.h"

#define SECOND 1000u

static void nothing_happens_by_itself(void **state)
{
    plt_extra e;
    (void)state;
    plt_extra_init(&e);
    assert_true(plt_extra_next(&e) == PLT_EXTRA_NEVER);
    assert_int_equal(plt_extra_take(&e, 1u << 30), 0);
    plt_extra_job_ended(&e, 5 * SECOND);
    plt_extra_done(&e, PLT_SCAN_ALL, 0, 3, 5 * SECOND); /* three answer in part, as they always do */
    assert_true(plt_extra_next(&e) == PLT_EXTRA_NEVER);
}

static void who_came_is_looked_at_soon_and_once(void **state)
{
    plt_extra e;
    (void)state;
    plt_extra_init(&e);
    for (uint64_t t = 0; t < 10; t++) plt_extra_plugged(&e, 1000 + t); /* a device with many interfaces */
    assert_int_equal(plt_extra_next(&e), 1000 + PLT_EXTRA_SETTLE_MS);
    assert_int_equal(plt_extra_take(&e, 999 + PLT_EXTRA_SETTLE_MS), 0);
    assert_int_equal(plt_extra_take(&e, 1000 + PLT_EXTRA_SETTLE_MS), PLT_SCAN_ERRORS);
    plt_extra_done(&e, PLT_SCAN_ERRORS, 0, 0, 5 * SECOND);
    assert_true(plt_extra_next(&e) == PLT_EXTRA_NEVER);
}

static void who_comes_during_a_round_gets_another(void **state)
{
    plt_extra e;
    (void)state;
    plt_extra_init(&e);
    plt_extra_plugged(&e, 0);
    assert_int_equal(plt_extra_take(&e, 3 * SECOND), PLT_SCAN_ERRORS);
    plt_extra_plugged(&e, 4 * SECOND);
    plt_extra_done(&e, PLT_SCAN_ERRORS, 0, 0, 5 * SECOND);
    assert_int_equal(plt_extra_next(&e), 3 * SECOND + PLT_EXTRA_EVERY_MS);
}

/* A loose cable for an hour. */
static void a_loose_cable_makes_no_burst(void **state)
{
    plt_extra e;
    unsigned rounds = 0;
    (void)state;
    plt_extra_init(&e);
    for (uint64_t now = 0; now < 3600 * SECOND; now += 50) {
        plt_extra_plugged(&e, now);
        if (!plt_extra_take(&e, now)) continue;
        rounds++;
        plt_extra_done(&e, PLT_SCAN_ERRORS, 0, 0, now);
    }
    assert_in_range(rounds, 300, 361);
}

static void who_came_and_did_not_answer_gets_one_more(void **state)
{
    plt_extra e;
    (void)state;
    plt_extra_init(&e);
    plt_extra_plugged(&e, 0);
    assert_int_equal(plt_extra_take(&e, 3 * SECOND), PLT_SCAN_ERRORS);
    plt_extra_done(&e, PLT_SCAN_ERRORS, 0, 1, 4 * SECOND);
    assert_int_equal(plt_extra_next(&e), 4 * SECOND + PLT_EXTRA_AGAIN_MS);
    assert_int_equal(plt_extra_take(&e, 4 * SECOND + PLT_EXTRA_AGAIN_MS), PLT_SCAN_ALL);
    plt_extra_done(&e, PLT_SCAN_ALL, 0, 1, 70 * SECOND);
    assert_true(plt_extra_next(&e) == PLT_EXTRA_NEVER);
}

static void who_was_busy_is_asked_after_the_job(void **state)
{
    plt_extra e;
    (void)state;
    plt_extra_init(&e);
    plt_extra_done(&e, PLT_SCAN_METERS, 1, 0, 10 * SECOND);
    assert_int_equal(plt_extra_next(&e), 10 * SECOND + PLT_EXTRA_AGAIN_MS);
    plt_extra_job_ended(&e, 20 * SECOND);
    assert_int_equal(plt_extra_next(&e), 20 * SECOND + PLT_EXTRA_AFTER_MS);
    plt_extra_job_ended(&e, 22 * SECOND); /* jobs in a row do not put it off */
    assert_int_equal(plt_extra_next(&e), 20 * SECOND + PLT_EXTRA_AFTER_MS);
    assert_int_equal(plt_extra_take(&e, 23 * SECOND), PLT_SCAN_METERS);
    plt_extra_done(&e, PLT_SCAN_METERS, 0, 0, 24 * SECOND);
    assert_true(plt_extra_next(&e) == PLT_EXTRA_NEVER);
}

/* A job that stands in the queue for a day. */
static void an_endless_job_is_asked_more_and_more_rarely(void **state)
{
    plt_extra e;
    unsigned rounds = 0;
    uint64_t last = 0;
    (void)state;
    plt_extra_init(&e);
    plt_extra_done(&e, PLT_SCAN_ALL, 1, 0, 0);
    for (uint64_t now; (now = plt_extra_next(&e)) < 86400 * SECOND; rounds++) {
        assert_true(now - last >= PLT_EXTRA_AGAIN_MS && now - last <= PLT_EXTRA_AGAIN_MOST);
        last = now;
        assert_int_equal(plt_extra_take(&e, now), PLT_SCAN_ALL);
        plt_extra_done(&e, PLT_SCAN_ALL, 1, 0, now);
    }
    assert_in_range(rounds, 90, 95);
}

/* A round for another cause that did not ask what is owed leaves the alarm as it is; one that did ends it. */
static void what_is_owed_stays_until_it_was_asked(void **state)
{
    plt_extra e;
    (void)state;
    plt_extra_init(&e);
    plt_extra_done(&e, PLT_SCAN_METERS, 1, 0, 0);
    plt_extra_done(&e, PLT_SCAN_ERRORS, 0, 0, SECOND);
    assert_int_equal(plt_extra_next(&e), PLT_EXTRA_AGAIN_MS);
    plt_extra_done(&e, PLT_SCAN_ERRORS, 1, 0, 2 * SECOND); /* busy again: both are owed */
    assert_int_equal(plt_extra_take(&e, 200 * SECOND), PLT_SCAN_METERS | PLT_SCAN_ERRORS);
    plt_extra_done(&e, PLT_SCAN_ALL, 0, 0, 201 * SECOND);
    assert_true(plt_extra_next(&e) == PLT_EXTRA_NEVER);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(nothing_happens_by_itself),
                                       cmocka_unit_test(who_came_is_looked_at_soon_and_once),
                                       cmocka_unit_test(who_comes_during_a_round_gets_another),
                                       cmocka_unit_test(a_loose_cable_makes_no_burst),
                                       cmocka_unit_test(who_came_and_did_not_answer_gets_one_more),
                                       cmocka_unit_test(who_was_busy_is_asked_after_the_job),
                                       cmocka_unit_test(an_endless_job_is_asked_more_and_more_rarely),
                                       cmocka_unit_test(what_is_owed_stays_until_it_was_asked)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
