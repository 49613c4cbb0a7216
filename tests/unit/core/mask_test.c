/* SPDX-License-Identifier: Apache-2.0 */
/* What --mask takes out of a recording: at its own place, in other texts, as digits; what is left out whole; and what stays as it was. */
#include "tests/unit/test.h"

#include <string.h>

#include "core/snmp/mask.h"
#include "core/snmp/recording.h"

static const char before[] = "1.3.6.1.2.1.1.1.0|4|Example LW SN:Ab-1234 at dock\n"
                             "1.3.6.1.2.1.1.3.0|67|1234\n"
                             "1.3.6.1.2.1.1.5.0|4|lw-7.example\n"
                             "1.3.6.1.2.1.1.6.0|4x|42c3bc726f2037\n" /* Büro 7 */
                             "1.3.6.1.2.1.2.2.1.6.1|4x|021122334455\n"
                             "1.3.6.1.2.1.4.20.1.1.192.168.7.9|64|192.168.7.9\n"
                             "1.3.6.1.2.1.25.3.2.1.3.1|4|Example LW\n"
                             "1.3.6.1.2.1.25.4.2.1.5.7|4|--password x\n"
                             "1.3.6.1.2.1.43.5.1.1.2.1|4|E1a\n"
                             "1.3.6.1.2.1.43.5.1.1.16.1|4|Example LW\n" /* the model's name: hidden here, kept elsewhere */
                             "1.3.6.1.2.1.43.5.1.1.17.1|4|AB-1234\n"
                             "1.3.6.1.4.1.1.1.0|4|sn=ab-1234;mac=02-11-22-33-44-55;021122334455;E1a AB-12345\n"
                             "1.3.6.1.4.1.1.2.0|4x|0080021122334455\n"
                             "1.3.6.1.4.1.1.2.1|4|own SE7-99\n"
                             "1.3.6.1.4.1.1.4.1.1|4|se7-99\n"
                             "1.3.6.1.4.1.1.3.0|64|192.168.7.1\n"
                             "1.3.6.1.6.3.16.1.2.1.3.2.3.97.98.99|4|abc\n";

static const char after[] = "1.3.6.1.2.1.1.1.0|4|Example LW SN:XX-0000 at dock\n"
                            "1.3.6.1.2.1.1.3.0|67|1234\n"
                            "1.3.6.1.2.1.1.5.0|4|XX-0.XXXXXXX\n"
                            "1.3.6.1.2.1.1.6.0|4|XXXXX 0\n"
                            "1.3.6.1.2.1.2.2.1.6.1|4x|021122000000\n"
                            "1.3.6.1.2.1.25.3.2.1.3.1|4|Example LW\n"
                            "1.3.6.1.2.1.43.5.1.1.2.1|4|X0X\n"
                            "1.3.6.1.2.1.43.5.1.1.16.1|4|XXXXXXX XX\n"
                            "1.3.6.1.2.1.43.5.1.1.17.1|4|XX-0000\n"
                            "1.3.6.1.4.1.1.1.0|4|sn=XX-0000;mac=00-00-00-00-00-00;000000000000;E1a XX-00005\n"
                            "1.3.6.1.4.1.1.2.0|4x|0080021122000000\n"
                            "1.3.6.1.4.1.1.2.1|4|own XX0-00\n"
                            "1.3.6.1.4.1.1.3.0|64|192.0.2.1\n"
                            "1.3.6.1.4.1.1.4.1.1|4|XX0-00\n";

static void what_is_hidden(void **state)
{
    plt_recording r;
    static const plt_octets private_serial = {(const uint8_t *)"\x2B\x06\x01\x04\x01\x01\x04", 7};
    plt_mask m = {.also = &private_serial, .also_count = 1};
    plt_buf out;
    uint8_t room[64];
    (void)state;
    assert_int_equal(plt_recording_read(&r, before, sizeof before - 1), PLT_OK);
    assert_int_equal(r.left_out, 0);
    plt_buf_init(&out, sizeof before);
    for (size_t i = 0; i < r.count; i++) plt_mask_learn(&m, &r.objects[i]);
    for (size_t i = 0; i < r.count; i++) {
        plt_snmp_var v = r.objects[i];
        assert_true(v.value.n <= sizeof room);
        if (plt_mask_hide(&m, &v, room)) assert_true(plt_snmprec_put(&out, &v));
    }
    assert_string_equal(plt_buf_str(&out), after);
    plt_buf_free(&out);
    plt_recording_free(&r);
}

/* A device with more secrets than there is room for: those beyond are still hidden at their own place. */
static void too_many_secrets(void **state)
{
    plt_mask m = {0};
    uint8_t name[PLT_OID_SIZE], room[16];
    (void)state;
    size_t column = plt_oid_parse("1.3.6.1.2.1.2.2.1.6", name, sizeof name);
    for (uint32_t row = 0; row < 2 * PLT_MASK_SECRETS; row++) {
        const uint8_t address[] = {2, 0x11, 0x22, (uint8_t)(row >> 8), (uint8_t)row, 1};
        plt_snmp_var v = {plt_octets_make(name, plt_oid_add(name, column, sizeof name, row)), PLT_SNMP_STRING, plt_octets_make(address, 6)};
        plt_mask_learn(&m, &v);
        assert_true(plt_mask_hide(&m, &v, room));
        assert_memory_equal(v.value.p, "\x02\x11\x22\0\0\0", 6);
    }
    assert_int_equal(m.count, PLT_MASK_SECRETS);
    assert_int_equal(m.address_count, PLT_MASK_ADDRESSES);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(what_is_hidden), cmocka_unit_test(too_many_secrets)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
