/* SPDX-License-Identifier: Apache-2.0 */
/* The device model: sentinels never become numbers, every value has its origin. */
#include "tests/unit/test.h"

#include <string.h>

#include "core/device/device.h"

static plt_device d;

static void sentinels_are_no_numbers(void **state)
{
    static const struct {
        int64_t mib;
        plt_number_kind kind;
        uint64_t n;
    } cases[] = {{0, PLT_NUMBER_IS, 0},    {18421, PLT_NUMBER_IS, 18421}, {-1, PLT_NUMBER_OTHER, 0},         {-2, PLT_NUMBER_UNKNOWN, 0},
                 {-3, PLT_NUMBER_SOME, 0}, {-4, PLT_NUMBER_UNKNOWN, 0},   {INT64_MIN, PLT_NUMBER_UNKNOWN, 0}};
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        plt_device_number v = {0};
        plt_device_set_mib(&v, PLT_SOURCE_SNMP, 5, cases[i].mib, NULL);
        assert_int_equal(v.kind, cases[i].kind);
        assert_true(v.n == cases[i].n);
        assert_int_equal(v.from.at, 5);
    }
    plt_device_number v = {0};
    assert_int_equal(v.kind, PLT_NUMBER_NOT_READ);
    plt_device_set_mib(&v, PLT_SOURCE_SNMP, 5, -3, NULL);
    assert_string_equal(v.from.raw, "-3");
}

static void values_carry_their_origin(void **state)
{
    (void)state;
    plt_device_init(&d);
    plt_device_set_text(&d.model, PLT_SOURCE_1284, 7, "HP LaserJet 4", "MDL:HP LaserJet 4");
    plt_device_set_text(&d.model, PLT_SOURCE_PJL, 8, "", NULL); /* nothing said: nothing changed */
    assert_string_equal(d.model.text, "HP LaserJet 4");
    assert_string_equal(d.model.from.raw, "MDL:HP LaserJet 4");
    assert_int_equal(d.model.from.source, PLT_SOURCE_1284);
    plt_device_set_text(&d.name, PLT_SOURCE_PJL, 8, "a\nb\xff", NULL);
    assert_string_equal(d.name.text, "a?b?");
    plt_device_set_number(&d.pages, PLT_SOURCE_PJL, 9, 12, NULL);
    assert_string_equal(d.pages.from.raw, "12");
    assert_string_equal(plt_source_name(d.pages.from.source), "pjl");
}

static void supplies(void **state)
{
    static const struct {
        uint32_t unit;
        int64_t level, capacity;
        int percent; /* -1: cannot be told */
    } cases[] = {{0, 50, 200, 25}, {0, 200, 200, 100}, {0, 201, 200, -1}, {0, -3, 100, -1},  {0, 5, -2, -1},
                 {0, 0, 100, 0},   {19, 40, -2, 40},   {19, 40, 100, 40}, {19, 140, -2, -1}, {0, 5, 0, -1}};
    uint32_t percent;
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        plt_supply s;
        memset(&s, 0, sizeof s);
        s.unit = cases[i].unit;
        plt_device_set_mib(&s.level, PLT_SOURCE_SNMP, 0, cases[i].level, NULL);
        plt_device_set_mib(&s.capacity, PLT_SOURCE_SNMP, 0, cases[i].capacity, NULL);
        assert_int_equal(plt_supply_percent(&s, &percent), cases[i].percent >= 0);
        if (cases[i].percent >= 0) assert_int_equal(percent, cases[i].percent);
    }
    plt_device_init(&d);
    plt_supply *first = plt_device_supply(&d, 7);
    assert_ptr_equal(plt_device_supply(&d, 7), first);
    for (uint32_t i = 100; d.supply_count < PLT_SUPPLIES_MAX; i++) assert_non_null(plt_device_supply(&d, i));
    assert_null(plt_device_supply(&d, 1));
    assert_non_null(plt_device_supply(&d, 7));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sentinels_are_no_numbers),
        cmocka_unit_test(values_carry_their_origin),
        cmocka_unit_test(supplies),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
