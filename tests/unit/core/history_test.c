/* SPDX-License-Identifier: Apache-2.0 */
/* Rows of readings: what was counted between them, where nothing can be said; levels, replacements and forecasts. */
#include "tests/unit/test.h"

#include <string.h>

#include "core/device/history.h"

#define COUNT(a) (sizeof(a) / sizeof(a)[0])
#define DAY PLT_DAY_MS
#define START (1764028800000LL) /* a midnight */

/* ---- meters ---- */

typedef struct point {
    double day;
    uint64_t n;
} point;

static const struct meter_row {
    const char *name;
    point in[6];
    size_t n;
    struct {
        plt_meter_change change;
        uint64_t n;
    } out[6];
} meter_rows[] = {
    {"grows",
     {{0, 100}, {1, 150}, {2, 150}, {3, 400}},
     4,
     {{PLT_METER_UNKNOWN, 0}, {PLT_METER_GREW, 50}, {PLT_METER_SAME, 0}, {PLT_METER_GREW, 250}}},
    {"wraps at 24 bits", {{0, 16777200}, {1, 10}}, 2, {{PLT_METER_UNKNOWN, 0}, {PLT_METER_WRAPPED, 26}}},
    {"reset by service", {{0, 84000}, {1, 12}, {2, 30}}, 3, {{PLT_METER_UNKNOWN, 0}, {PLT_METER_RESET, 12}, {PLT_METER_GREW, 18}}},
    {"trap: one misread number counts nothing and is not measured against",
     {{0, 1000}, {1, 900000000}, {2, 1040}},
     3,
     {{PLT_METER_UNKNOWN, 0}, {PLT_METER_IMPOSSIBLE, 0}, {PLT_METER_GREW, 40}}},
    {"an exchanged counter is believed when two readings agree",
     {{0, 1000}, {1, 900000000}, {2, 900000020}, {3, 900000050}},
     4,
     {{PLT_METER_UNKNOWN, 0}, {PLT_METER_IMPOSSIBLE, 0}, {PLT_METER_IMPOSSIBLE, 20}, {PLT_METER_GREW, 30}}},
    {"trap: two misread numbers that do not agree",
     {{0, 1000}, {1, 900000000}, {1.001, 7777777777}, {2, 1010}},
     4,
     {{PLT_METER_UNKNOWN, 0}, {PLT_METER_IMPOSSIBLE, 0}, {PLT_METER_IMPOSSIBLE, 0}, {PLT_METER_GREW, 10}}},
};

static size_t readings(const struct meter_row *r, plt_count *out)
{
    for (size_t i = 0; i < r->n; i++) out[i] = (plt_count){START + (int64_t)(r->in[i].day * (double)DAY), r->in[i].n, PLT_SOURCE_SNMP};
    return r->n;
}

static void test_steps(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(meter_rows); i++) {
        plt_count in[6];
        plt_step out[6];
        size_t n = readings(&meter_rows[i], in);
        plt_meter_steps(in, n, out);
        print_message("# %s\n", meter_rows[i].name);
        for (size_t k = 0; k < n; k++) {
            assert_int_equal(out[k].change, meter_rows[i].out[k].change);
            assert_int_equal(out[k].n, meter_rows[i].out[k].n);
        }
    }
}

static void test_days(void **state)
{
    (void)state;
    const plt_count in[] = {
        {START + 1000, 100, PLT_SOURCE_SNMP},    {START + 2000, 110, PLT_SOURCE_SNMP}, {START + 3000, 130, PLT_SOURCE_SNMP},
        {START + 4 * DAY, 530, PLT_SOURCE_SNMP}, /* after three silent days: the count spans them, and says so */
        {START + 5 * DAY, 5, PLT_SOURCE_SNMP},   /* reset */
    };
    plt_step steps[COUNT(in)];
    plt_meter_day days[8];
    plt_meter_steps(in, COUNT(in), steps);
    assert_int_equal(plt_meter_days(in, steps, COUNT(in), days, 8), 3);
    assert_int_equal(days[0].day, START);
    assert_int_equal(days[0].counted, 30);
    assert_int_equal(days[0].since, START + 1000);
    assert_int_equal(days[1].counted, 400);
    assert_int_equal(days[1].since, START + 3000);
    assert_false(days[1].gap);
    assert_int_equal(days[2].counted, 5);
    assert_true(days[2].gap);
    assert_int_equal(plt_meter_days(in, steps, COUNT(in), days, 2), 2); /* the newest ones */
    assert_int_equal(days[0].counted, 400);
    assert_int_equal(plt_meter_days(in, steps, 0, days, 2), 0);
}

/* ---- supplies ---- */

static void test_changes(void **state)
{
    (void)state;
    static const struct {
        plt_level a, b;
        plt_supply_change change;
    } cases[] = {
        {{0, 40, ""}, {1, 39, ""}, PLT_SUPPLY_AS_WAS},      {{0, 40, ""}, {1, 45, ""}, PLT_SUPPLY_AS_WAS}, /* shaken */
        {{0, 3, ""}, {1, 100, ""}, PLT_SUPPLY_REPLACED},    {{0, 60, ""}, {1, 100, ""}, PLT_SUPPLY_REPLACED_EARLY},
        {{0, 2, "A1"}, {1, 97, "B2"}, PLT_SUPPLY_REPLACED}, {{0, 55, "A1"}, {1, 52, "B2"}, PLT_SUPPLY_REPLACED_EARLY}, /* a used one was put in */
        {{0, 5, "A1"}, {1, 95, "A1"}, PLT_SUPPLY_REFILLED}, {{0, 5, "A1"}, {1, 5, "A1"}, PLT_SUPPLY_AS_WAS},
        {{0, 5, "A1"}, {1, 95, ""}, PLT_SUPPLY_REPLACED}, /* the new one gives no number */
    };
    for (size_t i = 0; i < COUNT(cases); i++) assert_int_equal(plt_supply_compare(&cases[i].a, &cases[i].b), cases[i].change);
}

static size_t levels(const point *in, size_t n, plt_level *out)
{
    for (size_t i = 0; i < n; i++) out[i] = (plt_level){START + (int64_t)(in[i].day * (double)DAY), (uint32_t)in[i].n, ""};
    return n;
}

static const struct forecast_row {
    const char *name;
    point in[8];
    size_t n;
    bool known;
    double days, least, most; /* bounds: days within [least, most] of the case */
} forecast_rows[] = {
    {"two points tell nothing", {{0, 50}, {10, 40}}, 2, false},
    {"three within an hour tell nothing", {{0, 50}, {0.01, 49}, {0.02, 48}}, 3, false},
    {"a steady fall", {{0, 50}, {10, 40}, {20, 30}, {30, 20}}, 4, true, 20, 19.9, 20.1},
    {"one outlier does not turn it", {{0, 60}, {5, 55}, {10, 50}, {15, 30}, {20, 40}, {25, 35}}, 6, true, 35, 25, 45},
    {"only what came after the replacement", {{0, 20}, {5, 2}, {6, 100}, {16, 90}, {26, 80}}, 5, true, 80, 79, 81},
    {"after the replacement two points tell nothing", {{0, 20}, {5, 2}, {6, 100}, {16, 90}}, 4, false},
    {"it does not fall", {{0, 50}, {10, 50}, {20, 50}}, 3, false},
    {"so slowly that nobody can say", {{0, 50}, {100, 50}, {200, 49}, {300, 49}}, 4, false},
    {"empty already", {{0, 20}, {10, 10}, {20, 0}}, 3, true, 0, 0, 0.01},
};

static void test_forecast(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(forecast_rows); i++) {
        const struct forecast_row *r = &forecast_rows[i];
        plt_level in[8];
        plt_forecast f;
        size_t n = levels(r->in, r->n, in);
        plt_supply_forecast(in, n, in[n - 1].at, &f);
        print_message("# %s: %d, %.1f days (%.1f to %.1f) from %zu\n", r->name, f.known, f.days, f.least, f.most, f.points);
        assert_int_equal(f.known, r->known);
        if (!f.known) continue;
        assert_true(f.days >= r->least && f.days <= r->most);
        assert_true(f.least <= f.days && f.days <= f.most);
    }
}

static void test_many_points(void **state)
{
    (void)state;
    static plt_level in[500];
    plt_forecast f;
    for (int i = 0; i < 500; i++) in[i] = (plt_level){START + i * DAY / 5, (uint32_t)(100 - i / 5), ""};
    plt_supply_forecast(in, 500, in[499].at, &f);
    assert_true(f.known);
    assert_int_equal(f.points, PLT_FORECAST_POINTS);
    plt_supply_forecast(in, 0, START, &f);
    assert_false(f.known);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_steps), cmocka_unit_test(test_days), cmocka_unit_test(test_changes),
                                       cmocka_unit_test(test_forecast), cmocka_unit_test(test_many_points)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
