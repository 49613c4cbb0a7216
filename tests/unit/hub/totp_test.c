/* SPDX-License-Identifier: Apache-2.0 */
/* Codes against RFC 6238's own figures, their window, and that none is taken twice. */
#include "tests/unit/test.h"

#include <stdio.h>
#include <string.h>

#include "hub/totp.h"

static const uint8_t rfc_secret[HUB_TOTP_SECRET] = {'1', '2', '3', '4', '5', '6', '7', '8', '9', '0',
                                                    '1', '2', '3', '4', '5', '6', '7', '8', '9', '0'};

/* RFC 6238, appendix B, the SHA-1 rows: eight digits there, of which the last six are ours. */
static const struct {
    int64_t seconds;
    uint32_t eight;
} vectors[] = {
    {59, 94287082}, {1111111109, 7081804}, {1111111111, 14050471}, {1234567890, 89005924}, {2000000000, 69279037}, {20000000000, 65353130},
};

static void test_vectors(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof vectors / sizeof *vectors; i++)
        assert_int_equal(hub_totp_code(rfc_secret, vectors[i].seconds / 30), vectors[i].eight % 1000000);
}

static void test_window(void **state)
{
    (void)state;
    const int64_t now = 1234567890000, step = now / 30000;
    static const struct {
        int away;     /* whose code is typed */
        int64_t used; /* the last step that was used, from now's */
        bool good;
    } cases[] = {
        {0, -100, true}, {-1, -100, true}, {1, -100, true}, {-2, -100, false}, {2, -100, false},
        {0, 0, false},   {0, -1, true},    {-1, -1, false}, {1, 0, true},      {1, 1, false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char digits[16];
        int64_t got = 0;
        snprintf(digits, sizeof digits, "%06u", (unsigned)hub_totp_code(rfc_secret, step + cases[i].away));
        bool good = hub_totp_check(rfc_secret, now, step + cases[i].used, digits, &got);
        if (good != cases[i].good) fail_msg("case %zu", i);
        if (good) assert_int_equal(got, step + cases[i].away);
    }
}

static void test_typed(void **state)
{
    (void)state;
    static const char *const wrong[] = {"", "5924", "0059240", "00592a", " 05924", "-05924", "005924 "};
    int64_t step;
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) assert_false(hub_totp_check(rfc_secret, 1234567890000, 0, wrong[i], &step));
    assert_true(hub_totp_check(rfc_secret, 1234567890000, 0, "005924", &step));
}

static void test_text(void **state)
{
    (void)state;
    char text[HUB_TOTP_TEXT];
    uint8_t back[HUB_TOTP_SECRET], made[HUB_TOTP_SECRET];
    hub_totp_text(rfc_secret, text);
    assert_string_equal(text, "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"); /* RFC 4648's alphabet */
    assert_true(hub_totp_read(text, back));
    assert_memory_equal(back, rfc_secret, sizeof back);
    assert_int_equal(hub_totp_make(made), PLT_OK);
    hub_totp_text(made, text);
    assert_true(hub_totp_read(text, back));
    assert_memory_equal(back, made, sizeof back);
    assert_false(hub_totp_read("", back));
    assert_false(hub_totp_read("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJ", back));
    assert_false(hub_totp_read("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJ1", back));
}

static void test_recovery(void **state)
{
    (void)state;
    char a[HUB_RECOVERY_SIZE], b[HUB_RECOVERY_SIZE];
    uint8_t h1[32], h2[32];
    assert_int_equal(hub_recovery_make(a), PLT_OK);
    assert_int_equal(hub_recovery_make(b), PLT_OK);
    assert_int_equal(strlen(a), HUB_RECOVERY_SIZE - 1);
    assert_int_equal(a[8], '-');
    assert_string_not_equal(a, b);
    hub_recovery_hash("abcdefgh-jkmnpqrs", h1);
    hub_recovery_hash(" ABCD EFGH JKMN-PQRS ", h2);
    assert_memory_equal(h1, h2, 32);
    hub_recovery_hash("abcdefgh-jkmnpqrsx", h2);
    assert_memory_not_equal(h1, h2, 32);
    hub_recovery_hash("abcdefgh-jkmnpqrsxyzzzzzzzzzzzzzzzzzzzzzzzzzzzzzz", h2);
    assert_memory_not_equal(h1, h2, 32);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_vectors), cmocka_unit_test(test_window), cmocka_unit_test(test_typed),
                                       cmocka_unit_test(test_text), cmocka_unit_test(test_recovery)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
