/* SPDX-License-Identifier: Apache-2.0 */
/* Which printer a reading is of, what is kept of it, and how it is made to fit. */
#include "tests/unit/test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/device/keep.h"
#include "core/device/meter.h"

#define AT 1768000000000
#define COUNT(a) (sizeof(a) / sizeof *(a))

static const plt_origin snmp = {PLT_SOURCE_SNMP, AT}, usb = {PLT_SOURCE_USB, AT}, pml = {PLT_SOURCE_PML, AT};

static void the_key_is_the_best_evidence(void **state)
{
    static const struct {
        const char *make, *serial, *mac, *uuid, *key;
    } cases[] = {
        {"HP", "JPBB1234", "00aa", "u", "serial:HP/JPBB1234"},
        {"", "JPBB1234", "", "", "serial:/JPBB1234"},
        {"HP", "00000000", "00aabbccddee", "u", "mac:00aabbccddee"}, /* a maker's filling is no serial number */
        {"HP", "n/a", "", "4509a320-00a0-008f-00b6-002507510eca", "uuid:4509a320-00a0-008f-00b6-002507510eca"},
        {"HP", "", "", "", "net:192.0.2.7"},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        char key[PLT_DEVICE_KEY_SIZE];
        plt_device d;
        plt_device_init(&d, 0);
        plt_device_set_text(&d, PLT_MAKE, 0, snmp, cases[i].make, NULL);
        plt_device_set_text(&d, PLT_SERIAL, 0, snmp, cases[i].serial, NULL);
        plt_device_set_text(&d, PLT_MAC, 0, snmp, cases[i].mac, NULL);
        plt_device_set_text(&d, PLT_UUID, 0, snmp, cases[i].uuid, NULL);
        plt_device_key(&d, "net:192.0.2.7", key);
        assert_string_equal(key, cases[i].key);
        plt_device_free(&d);
    }
}

static void a_serial_number_is_shared_by_any_source(void **state)
{
    plt_device a, b;
    (void)state;
    plt_device_init(&a, 0);
    plt_device_init(&b, 0);
    assert_false(plt_device_shares_serial(&a, &b));
    plt_device_set_text(&a, PLT_SERIAL, 0, usb, "USBB123", NULL);
    plt_device_set_text(&a, PLT_SERIAL, 0, pml, "JPBB777", NULL);
    plt_device_set_text(&b, PLT_SERIAL, 0, usb, "OTHER99", NULL);
    assert_false(plt_device_shares_serial(&a, &b));
    plt_device_set_text(&b, PLT_SERIAL, 0, snmp, "USBB123", NULL);
    assert_true(plt_device_shares_serial(&a, &b));
    plt_device_set_text(&a, PLT_SERIAL, 0, usb, "0000000", NULL);
    plt_device_set_text(&b, PLT_SERIAL, 0, snmp, "0000000", NULL);
    assert_false(plt_device_shares_serial(&a, &b));
    plt_device_free(&a);
    plt_device_free(&b);
}

static void a_printer(plt_device *d)
{
    plt_device_init(d, 0);
    plt_device_set_text(d, PLT_MAKE, 0, snmp, "HP", NULL);
    plt_device_set_text(d, PLT_SERIAL, 0, snmp, "JPBB1234", NULL);
    plt_device_set_text(d, PLT_SERIAL, 0, usb, "USBB1234", NULL);
    plt_device_set_text(d, PLT_NAME, 0, snmp, "printer7.example", NULL);
    plt_device_set_text(d, PLT_ADDRESS, 0, snmp, "192.0.2.7", NULL);
    plt_device_set_text(d, PLT_MAC, 0, snmp, "00aabbccddee", NULL);
    plt_device_set_number(d, PLT_METER_COUNT, PLT_METER_TOTAL, snmp, 18421, "18421 pages");
    plt_device_set_number(d, PLT_SUPPLY_LEVEL, 1, snmp, 40, NULL);
    plt_device_set_text(d, PLT_ALERT_TEXT, 7, snmp, "Paper is low", NULL);
    plt_device_set_complete(d, PLT_GROUP_ALERT);
    plt_device_set_complete(d, PLT_GROUP_SUPPLY);
}

static void only_wanted_groups_stay(void **state)
{
    plt_device d;
    uint64_t n;
    (void)state;
    a_printer(&d);
    plt_device_keep_groups(&d, 1u << PLT_GROUP_IDENTITY | 1u << PLT_GROUP_SUPPLY);
    assert_string_equal(plt_device_text(&d, PLT_SERIAL, 0), "JPBB1234");
    assert_true(plt_device_number(&d, PLT_SUPPLY_LEVEL, 1, &n));
    assert_false(plt_device_number(&d, PLT_METER_COUNT, PLT_METER_TOTAL, &n));
    assert_null(plt_device_get(&d, PLT_ALERT_TEXT, 7));
    assert_int_equal(d.complete, 1u << PLT_GROUP_SUPPLY); /* else its alerts would count as gone */
    plt_device_free(&d);
}

static void a_masked_printer_tells_no_address(void **state)
{
    plt_device d;
    plt_buf json;
    (void)state;
    a_printer(&d);
    plt_buf_init(&json, 65536);
    plt_device_mask(&d);
    assert_int_equal(plt_device_to_json(&d, &json), PLT_OK);
    assert_null(strstr(plt_buf_str(&json), "192.0.2.7"));
    assert_null(strstr(plt_buf_str(&json), "00aabbccddee"));
    assert_null(strstr(plt_buf_str(&json), "printer7"));
    assert_non_null(strstr(plt_buf_str(&json), "JPBB1234"));
    plt_buf_free(&json);
    plt_device_free(&d);
}

static void the_clock_of_a_printer_is_no_news(void **state)
{
    plt_device d;
    (void)state;
    plt_device_init(&d, 0);
    assert_false(plt_device_is_news(&d));
    plt_device_set_number(&d, PLT_UPTIME, 0, snmp, 1000, NULL);
    plt_device_set_number(&d, PLT_ALERT_SINCE, 7, snmp, AT - 1000, NULL);
    assert_false(plt_device_is_news(&d));
    plt_device_set_number(&d, PLT_STATE, 0, snmp, PLT_STATE_READY, NULL);
    assert_true(plt_device_is_news(&d));
    plt_device_free(&d);
}

/* As much as a device can hold: its JSON is far longer than its 32 KiB. */
static void a_large_one(plt_device *d)
{
    a_printer(d);
    for (uint32_t i = 1; d->status == PLT_OK; i++) {
        plt_device_set_number(d, PLT_SUPPLY_LEVEL, i, snmp, i, NULL);
        plt_device_set_number(d, PLT_ALERT_CODE, i, snmp, 8, NULL);
    }
    assert_int_equal(d->status, PLT_FULL);
}

static void what_does_not_fit_is_left_out_from_the_least_useful(void **state)
{
    static const size_t limits[] = {400, 500, 1000, 5000, 20000};
    (void)state;
    for (size_t i = 0; i < COUNT(limits); i++) {
        plt_device d;
        plt_buf json;
        bool left_out;
        uint64_t n;
        a_large_one(&d);
        plt_buf_init(&json, 1 << 20);
        assert_int_equal(plt_device_to_json(&d, &json), PLT_OK);
        assert_true(json.len > limits[i]);
        plt_buf_clear(&json);
        assert_int_equal(plt_device_fit(&d, limits[i], &json, &left_out), PLT_OK);
        assert_true(left_out);
        assert_true(json.len <= limits[i]);
        assert_true(json.len > limits[i] / 2); /* no more than had to */
        assert_string_equal(plt_device_text(&d, PLT_SERIAL, 0), "JPBB1234");
        assert_true(plt_device_number(&d, PLT_METER_COUNT, PLT_METER_TOTAL, &n));
        assert_null(plt_device_evidence(&d, PLT_SERIAL, 0, PLT_SOURCE_USB));
        assert_int_equal(d.complete & 1u << PLT_GROUP_ALERT, 0);
        plt_buf_free(&json);
        plt_device_free(&d);
    }
}

static void what_fits_is_left_alone(void **state)
{
    plt_device d;
    plt_buf json, plain;
    bool left_out = true;
    (void)state;
    a_printer(&d);
    plt_buf_init(&json, 65536);
    plt_buf_init(&plain, 65536);
    assert_int_equal(plt_device_to_json(&d, &plain), PLT_OK);
    assert_int_equal(plt_device_fit(&d, 61440, &json, &left_out), PLT_OK);
    assert_false(left_out);
    assert_string_equal(plt_buf_str(&json), plt_buf_str(&plain));
    plt_buf_clear(&json);
    assert_int_equal(plt_device_fit(&d, 10, &json, &left_out), PLT_FULL); /* not even an empty one fits */
    plt_buf_free(&json);
    plt_buf_free(&plain);
    plt_device_free(&d);
}

/* In a set of changes a value that is gone stands for itself: it is no evidence beside another. */
static void what_is_gone_survives_the_fitting(void **state)
{
    plt_device d;
    plt_buf json;
    bool left_out;
    (void)state;
    plt_device_init(&d, 0);
    plt_device_set_text(&d, PLT_SERIAL, 0, snmp, "JPBB1234", "JPBB1234  ");
    plt_device_set_gone(&d, PLT_SERIAL, 0, usb);
    plt_buf_init(&json, 65536);
    assert_int_equal(plt_device_to_json(&d, &json), PLT_OK);
    size_t most = json.len - 1;
    plt_buf_clear(&json);
    assert_int_equal(plt_device_fit(&d, most, &json, &left_out), PLT_OK);
    assert_non_null(strstr(plt_buf_str(&json), "gone"));
    plt_buf_free(&json);
    plt_device_free(&d);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_key_is_the_best_evidence),      cmocka_unit_test(a_serial_number_is_shared_by_any_source),
        cmocka_unit_test(only_wanted_groups_stay),           cmocka_unit_test(a_masked_printer_tells_no_address),
        cmocka_unit_test(the_clock_of_a_printer_is_no_news), cmocka_unit_test(what_does_not_fit_is_left_out_from_the_least_useful),
        cmocka_unit_test(what_fits_is_left_alone),           cmocka_unit_test(what_is_gone_survives_the_fitting),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
