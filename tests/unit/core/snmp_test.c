/* SPDX-License-Identifier: Apache-2.0 */
/* The SNMP codec: known packets byte for byte, round trips, and every way of being malformed. */
#include "tests/unit/test.h"

#include <stdlib.h>
#include <string.h>

#include "core/snmp/snmp.h"

/* snmpget -v1 -c public of sysDescr.0, request 1, by the rules of X.690. */
static const uint8_t get_packet[] = {0x30, 0x26, 0x02, 0x01, 0x00, 0x04, 0x06, 'p',  'u',  'b',  'l',  'i',  'c',  0xA0,
                                     0x19, 0x02, 0x01, 0x01, 0x02, 0x01, 0x00, 0x02, 0x01, 0x00, 0x30, 0x0E, 0x30, 0x0C,
                                     0x06, 0x08, 0x2B, 0x06, 0x01, 0x02, 0x01, 0x01, 0x01, 0x00, 0x05, 0x00};

static plt_snmp_message get_message(void)
{
    plt_snmp_message m;
    memset(&m, 0, sizeof m);
    m.version = PLT_SNMP_V1;
    memcpy(m.community, "public", 7);
    m.pdu = PLT_SNMP_GET;
    m.request_id = 1;
    m.count = 1;
    plt_oid_parse(&m.varbinds[0].name, "1.3.6.1.2.1.1.1.0");
    m.varbinds[0].value.type = PLT_SNMP_NULL;
    return m;
}

static void a_known_packet(void **state)
{
    static plt_snmp_message m, back;
    uint8_t out[PLT_SNMP_PACKET];
    char oid[64];
    (void)state;
    m = get_message();
    assert_int_equal(plt_snmp_encode(&m, out, sizeof out), sizeof get_packet);
    assert_memory_equal(out, get_packet, sizeof get_packet);
    assert_int_equal(plt_snmp_decode(get_packet, sizeof get_packet, &back), PLT_OK);
    assert_string_equal(back.community, "public");
    assert_int_equal(back.pdu, PLT_SNMP_GET);
    assert_int_equal(back.request_id, 1);
    assert_int_equal(back.count, 1);
    assert_true(plt_oid_format(&back.varbinds[0].name, oid, sizeof oid));
    assert_string_equal(oid, "1.3.6.1.2.1.1.1.0");
    for (size_t cap = 0; cap < sizeof get_packet; cap++) assert_int_equal(plt_snmp_encode(&m, out, cap), 0);
}

static void values_come_back(void **state)
{
    static const int64_t integers[] = {0, 1, -1, 127, 128, -128, -129, 255, 256, INT32_MAX, INT32_MIN, -2, -3};
    static const uint64_t numbers[] = {0, 127, 128, 255, 65535, 0x7FFFFFFF, 0x80000000u, UINT32_MAX};
    static plt_snmp_message m, back;
    uint8_t out[PLT_SNMP_PACKET];
    (void)state;
    m = get_message();
    m.pdu = PLT_SNMP_RESPONSE;
    m.version = PLT_SNMP_V2C;
    m.request_id = INT32_MIN;
    m.count = sizeof integers / sizeof integers[0];
    for (size_t i = 0; i < m.count; i++) {
        m.varbinds[i].name = m.varbinds[0].name;
        m.varbinds[i].value = (plt_snmp_value){.type = PLT_SNMP_INTEGER, .integer = integers[i]};
    }
    assert_int_equal(plt_snmp_decode(out, plt_snmp_encode(&m, out, sizeof out), &back), PLT_OK);
    assert_int_equal(back.request_id, INT32_MIN);
    for (size_t i = 0; i < m.count; i++) assert_true(back.varbinds[i].value.integer == integers[i]);
    m.count = sizeof numbers / sizeof numbers[0];
    for (size_t i = 0; i < m.count; i++) m.varbinds[i].value = (plt_snmp_value){.type = PLT_SNMP_COUNTER32, .number = numbers[i]};
    m.varbinds[0].value = (plt_snmp_value){.type = PLT_SNMP_COUNTER64, .number = UINT64_MAX};
    m.varbinds[1].value = (plt_snmp_value){.type = PLT_SNMP_STRING, .bytes = (const uint8_t *)"a\0b", .len = 3};
    m.varbinds[2].value = (plt_snmp_value){.type = PLT_SNMP_END_OF_VIEW};
    assert_int_equal(plt_snmp_decode(out, plt_snmp_encode(&m, out, sizeof out), &back), PLT_OK);
    assert_true(back.varbinds[0].value.number == UINT64_MAX);
    assert_int_equal(back.varbinds[1].value.len, 3);
    assert_memory_equal(back.varbinds[1].value.bytes, "a\0b", 3);
    assert_int_equal(back.varbinds[2].value.type, PLT_SNMP_END_OF_VIEW);
    for (size_t i = 3; i < m.count; i++) assert_true(back.varbinds[i].value.number == numbers[i]);
    m.varbinds[0].value = (plt_snmp_value){.type = PLT_SNMP_COUNTER32, .number = 1ull << 32};
    assert_int_equal(plt_snmp_encode(&m, out, sizeof out), 0);
}

static void an_unsigned_without_its_zero_octet_is_taken_as_meant(void **state)
{
    static plt_snmp_message m;
    uint8_t p[] = {0x30, 0x23, 2,    1,    1, 4, 1,    'p', 0xA2, 0x1B, 2, 1, 1,    2, 1,    0,    2,    1,   0,
                   0x30, 0x10, 0x30, 0x0E, 6, 6, 0x2B, 6,   1,    2,    1, 1, 0x41, 4, 0xFF, 0xFF, 0xFF, 0xFE};
    (void)state;
    assert_int_equal(plt_snmp_decode(p, sizeof p, &m), PLT_OK);
    assert_true(m.varbinds[0].value.number == 0xFFFFFFFEu);
}

/* Every truncation and every single changed byte: never a read outside, never an answer with more than was there. */
static void damaged_packets(void **state)
{
    static plt_snmp_message m;
    (void)state;
    for (size_t n = 0; n < sizeof get_packet; n++) {
        uint8_t *copy = malloc(n ? n : 1);
        assert_non_null(copy);
        memcpy(copy, get_packet, n);
        assert_int_equal(plt_snmp_decode(copy, n, &m), PLT_BAD);
        free(copy);
    }
    for (size_t at = 0; at < sizeof get_packet; at++) {
        for (int v = 0; v < 256; v++) {
            uint8_t *copy = malloc(sizeof get_packet);
            assert_non_null(copy);
            memcpy(copy, get_packet, sizeof get_packet);
            copy[at] = (uint8_t)v;
            plt_snmp_decode(copy, sizeof get_packet, &m);
            free(copy);
        }
    }
}

static void what_is_not_ours_is_named(void **state)
{
    static plt_snmp_message m;
    static uint8_t out[PLT_SNMP_PACKET];
    uint8_t p[sizeof get_packet];
    (void)state;
    memcpy(p, get_packet, sizeof p);
    p[4] = 3; /* SNMPv3 */
    assert_int_equal(plt_snmp_decode(p, sizeof p, &m), PLT_UNSUPPORTED);
    memcpy(p, get_packet, sizeof p);
    p[13] = 0xA3; /* SET */
    assert_int_equal(plt_snmp_decode(p, sizeof p, &m), PLT_UNSUPPORTED);
    /* One varbind too many */
    m = get_message();
    m.count = PLT_SNMP_VARBINDS;
    for (size_t i = 0; i < m.count; i++) {
        plt_oid_parse(&m.varbinds[i].name, "1.3");
        m.varbinds[i].value.type = PLT_SNMP_NULL;
    }
    size_t n = plt_snmp_encode(&m, out, sizeof out);
    assert_true(n > 0);
    assert_int_equal(plt_snmp_decode(out, n, &m), PLT_OK);
    m.count++;
    assert_int_equal(plt_snmp_encode(&m, out, sizeof out), 0);
}

static void oids(void **state)
{
    static const char *const wrong[] = {"", ".", "1.", "1..3", "1.3.x", "1.4294967296", "-1.3", "1.3.6 "};
    plt_oid a, b;
    char text[32];
    (void)state;
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) assert_false(plt_oid_parse(&a, wrong[i]));
    assert_true(plt_oid_parse(&a, ".1.3.6.1.4294967295"));
    assert_true(plt_oid_format(&a, text, sizeof text));
    assert_string_equal(text, "1.3.6.1.4294967295");
    assert_false(plt_oid_format(&a, text, 8));
    assert_true(plt_oid_parse(&a, "1.3.6.1"));
    assert_true(plt_oid_parse(&b, "1.3.6.1.2"));
    assert_true(plt_oid_compare(&a, &b) < 0);
    assert_true(plt_oid_compare(&b, &a) > 0);
    assert_int_equal(plt_oid_compare(&a, &a), 0);
    assert_true(plt_oid_below(&b, &a));
    assert_false(plt_oid_below(&a, &b));
}

static void oid_values_and_their_first_octet(void **state)
{
    static const char *const texts[] = {"0.0", "0.39", "1.0", "1.39.4294967295", "2.0", "2.47.128", "2.999.3"};
    static plt_snmp_message m, back;
    uint8_t out[PLT_SNMP_PACKET];
    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        m = get_message();
        assert_true(plt_oid_parse(&m.varbinds[0].name, texts[i]));
        size_t n = plt_snmp_encode(&m, out, sizeof out);
        assert_int_equal(plt_snmp_decode(out, n, &back), PLT_OK);
        assert_int_equal(plt_oid_compare(&back.varbinds[0].name, &m.varbinds[0].name), 0);
    }
    m = get_message();
    plt_oid_parse(&m.varbinds[0].name, "1.40");
    assert_int_equal(plt_snmp_encode(&m, out, sizeof out), 0);
    plt_oid o;
    plt_snmp_value v = {.type = PLT_SNMP_OID, .bytes = (const uint8_t *)"\x2B\x06\x01", .len = 3};
    assert_true(plt_snmp_value_oid(&v, &o));
    assert_int_equal(o.n, 4);
    v.len = 0;
    assert_false(plt_snmp_value_oid(&v, &o));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_known_packet),
        cmocka_unit_test(values_come_back),
        cmocka_unit_test(an_unsigned_without_its_zero_octet_is_taken_as_meant),
        cmocka_unit_test(damaged_packets),
        cmocka_unit_test(what_is_not_ours_is_named),
        cmocka_unit_test(oids),
        cmocka_unit_test(oid_values_and_their_first_octet),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
