/* SPDX-License-Identifier: Apache-2.0 */
/* The scheduler under a clock that is a number: how often, how far apart, through sleep and jumps, and spread over agents. */
#include "tests/unit/test.h"

#include <stdlib.h>
#include <string.h>

#include "core/collect/plan.h"
#include "core/collect/schedule.h"

#define T0 1768000000000
#define MINUTE 60000ll
#define HOUR (60 * MINUTE)
#define DAY (24 * HOUR)
#define COUNT(a) (sizeof(a) / sizeof *(a))

static void the_bits_are_those_of_a_scan(void **state)
{
    (void)state;
    assert_int_equal(PLT_SCAN_ALL, (1 << PLT_INTERVALS) - 1);
    assert_int_equal(PLT_SCAN_METERS, 1 << 1);
    assert_int_equal(PLT_SCAN_SUPPLIES, 1 << 2);
    assert_int_equal(PLT_SCAN_ERRORS, 1 << 3);
    assert_int_equal(PLT_SCAN_ATTRIBUTES, 1 << 4);
}

static void a_fresh_agent_reads_everything_at_once(void **state)
{
    plt_schedule s;
    int64_t next;
    (void)state;
    plt_schedule_init(&s, 1);
    assert_int_equal(plt_schedule_due(&s, T0, &next), PLT_SCAN_ALL);
    plt_schedule_done(&s, PLT_SCAN_ALL, T0);
    assert_int_equal(plt_schedule_due(&s, T0, &next), 0);
    assert_true(next >= T0 + 30 * MINUTE && next <= T0 + 90 * MINUTE);
}

/* Runs from T0 to the end as the service does: sleeps until `next`. Counts rounds of each category and the shortest time between two. */
static void run(plt_schedule *s, int64_t from, int64_t until, unsigned rounds[PLT_INTERVALS], int64_t shortest[PLT_INTERVALS])
{
    int64_t next, before[PLT_INTERVALS] = {0};
    for (int64_t now = from; now < until; now = next) {
        uint8_t due = plt_schedule_due(s, now, &next);
        plt_schedule_done(s, due, now);
        for (size_t i = 0; i < PLT_INTERVALS; i++) {
            if (!(due >> i & 1)) continue;
            rounds[i]++;
            if (before[i] && now - before[i] < shortest[i]) shortest[i] = now - before[i];
            before[i] = now;
        }
        plt_schedule_due(s, now, &next);
        assert_true(next > now);
    }
}

static void each_category_keeps_its_interval(void **state)
{
    (void)state;
    for (uint64_t key = 0; key < 50; key++) {
        plt_schedule s;
        unsigned rounds[PLT_INTERVALS] = {0};
        int64_t shortest[PLT_INTERVALS];
        for (size_t i = 0; i < PLT_INTERVALS; i++) shortest[i] = INT64_MAX;
        plt_schedule_init(&s, key);
        run(&s, T0, T0 + 28 * DAY, rounds, shortest);
        for (size_t i = 0; i < PLT_INTERVALS; i++) {
            unsigned usual = (unsigned)(28 * DAY / (s.minutes[i] * MINUTE));
            assert_in_range(rounds[i], usual, usual + 1);
            assert_true(shortest[i] >= s.minutes[i] * MINUTE / 2);
        }
    }
}

static void a_sleep_brings_one_round_and_no_burst(void **state)
{
    static const int64_t sleeps[] = {61 * MINUTE, 5 * HOUR, 3 * DAY, 400 * DAY};
    (void)state;
    for (size_t k = 0; k < COUNT(sleeps); k++) {
        plt_schedule s;
        int64_t next;
        plt_schedule_init(&s, 7);
        plt_schedule_done(&s, PLT_SCAN_ALL, T0);
        int64_t now = T0 + 90 * MINUTE + sleeps[k];
        uint8_t due = plt_schedule_due(&s, now, &next);
        assert_true(due & PLT_SCAN_ERRORS);
        plt_schedule_done(&s, PLT_SCAN_ALL, now);
        assert_int_equal(plt_schedule_due(&s, now, &next), 0);
        assert_true(next >= now + 30 * MINUTE);
    }
}

static void a_clock_that_is_set_back_neither_stops_nor_floods(void **state)
{
    plt_schedule s;
    int64_t next, rounds = 0, now = T0 - 365 * DAY;
    (void)state;
    plt_schedule_init(&s, 7);
    plt_schedule_done(&s, PLT_SCAN_ALL, T0);
    assert_int_equal(plt_schedule_due(&s, now, &next), 0);
    for (int64_t end = now + DAY; now < end; now += MINUTE) {
        uint8_t due = plt_schedule_due(&s, now, &next);
        rounds += due & PLT_SCAN_ERRORS ? 1 : 0;
        plt_schedule_done(&s, due, now);
    }
    assert_in_range(rounds, 23, 24);
    /* It flickers each minute by a second: no round for that. */
    plt_schedule_done(&s, PLT_SCAN_ALL, now);
    for (int i = 0; i < 100; i++) assert_int_equal(plt_schedule_due(&s, now + (i & 1 ? 0 : -1000), &next), 0);
}

static void agents_are_spread_over_the_interval(void **state)
{
    enum { AGENTS = 6000, MINUTES = 60 };
    unsigned in_minute[MINUTES] = {0};
    (void)state;
    for (uint64_t key = 0; key < AGENTS; key++) {
        plt_schedule s;
        int64_t next;
        plt_schedule_init(&s, key);
        plt_schedule_done(&s, PLT_SCAN_ALL, T0); /* all were started at once, as after a power failure */
        plt_schedule_due(&s, T0, &next);
        int64_t when = 0;
        uint8_t due;
        do {
            when = next;
            due = plt_schedule_due(&s, when, &next);
            plt_schedule_done(&s, due, when);
            plt_schedule_due(&s, when, &next);
        } while (when < T0 + 10 * HOUR || !(due & PLT_SCAN_ERRORS));
        in_minute[when / MINUTE % MINUTES]++;
    }
    for (size_t i = 0; i < MINUTES; i++) assert_in_range(in_minute[i], 60, 150); /* 100 on average */
}

static void the_beat_does_not_depend_on_the_start(void **state)
{
    (void)state;
    int64_t beats[2];
    for (int k = 0; k < 2; k++) {
        plt_schedule s;
        int64_t next, now = T0 + k * 17 * MINUTE;
        plt_schedule_init(&s, 99);
        plt_schedule_done(&s, PLT_SCAN_ALL, now);
        for (int i = 0; i < 500; i++) {
            plt_schedule_due(&s, now, &next);
            now = next;
            plt_schedule_done(&s, plt_schedule_due(&s, now, &next), now);
        }
        beats[k] = s.last[3] % HOUR;
    }
    assert_int_equal(beats[0], beats[1]);
}

static void settings_are_put_right_in_words(void **state)
{
    static const struct {
        size_t i;
        const char *text;
        uint32_t minutes;
        const char *why;
    } cases[] = {
        {1, "", 1440, ""},
        {1, "30", 30, ""},
        {1, "20160", 20160, ""},
        {1, "29", 30, "MetersMinutes = 29 is less than the least of 30 minutes, which is used"},
        {1, "20161", 20160, "MetersMinutes = 20161 is more than the most of 20160 minutes, which is used"},
        {0, "99999999999999999999999", 10080, "DiscoveryMinutes = 99999999999999999999 is more than the most of 10080 minutes, which is used"},
        {3, "hourly", 60, "ErrorsMinutes = hourly is no number of minutes: 60 is used"},
        {3, "-5", 60, "ErrorsMinutes = -5 is no number of minutes: 60 is used"},
        {3, "60m", 60, "ErrorsMinutes = 60m is no number of minutes: 60 is used"},
        {4, "0", 60, "AttributesMinutes = 0 is less than the least of 60 minutes, which is used"},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        uint32_t minutes;
        char why[200];
        assert_int_equal(plt_interval_parse(cases[i].i, cases[i].text, &minutes, why, sizeof why), !*cases[i].why);
        assert_int_equal(minutes, cases[i].minutes);
        assert_string_equal(why, cases[i].why);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_bits_are_those_of_a_scan),
        cmocka_unit_test(a_fresh_agent_reads_everything_at_once),
        cmocka_unit_test(each_category_keeps_its_interval),
        cmocka_unit_test(a_sleep_brings_one_round_and_no_burst),
        cmocka_unit_test(a_clock_that_is_set_back_neither_stops_nor_floods),
        cmocka_unit_test(agents_are_spread_over_the_interval),
        cmocka_unit_test(the_beat_does_not_depend_on_the_start),
        cmocka_unit_test(settings_are_put_right_in_words),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
