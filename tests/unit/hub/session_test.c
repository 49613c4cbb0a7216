/* SPDX-License-Identifier: Apache-2.0 */
/* Passwords, tokens, and how long wrong sign-ins have to wait. */
#include "hub_kit.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "hub/session.h"
#include "hub/throttle.h"

static void test_password(void **state)
{
    (void)state;
    char one[HUB_PASSWORD_HASH], two[HUB_PASSWORD_HASH];
    assert_int_equal(hub_password_hash("correct horse battery", one), PLT_OK);
    assert_int_equal(hub_password_hash("correct horse battery", two), PLT_OK);
    assert_string_not_equal(one, two); /* salted */
    assert_int_equal(strncmp(one, "$argon2id$v=19$m=65536,t=3,p=1$", 31), 0);
    assert_true(hub_password_verify("correct horse battery", one));
    assert_true(hub_password_verify("correct horse battery", two));
    assert_false(hub_password_verify("correct horse batterz", one));
    assert_false(hub_password_verify("", one));
}

/* RFC 9106's Argon2id is what OpenSSL computes; a stored text of other, allowed parameters is still verified. */
static void test_stored(void **state)
{
    (void)state;
    char good[HUB_PASSWORD_HASH];
    static const char *const bad[] = {
        "",
        "x",
        "$argon2id$v=19$m=65536,t=3,p=1$",
        "$argon2i$v=19$m=65536,t=3,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
        "$argon2id$v=19$m=9999999,t=3,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
        "$argon2id$v=19$m=65536,t=99,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
        "$argon2id$v=19$m=65536,t=0,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
        "$argon2id$v=19$m=65536,t=3,p=9$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
        "$argon2id$v=19$m=65536,t=3,p=1$AAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
        "$argon2id$v=19$m=65536,t=3,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAA",
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        if (hub_password_verify("x", bad[i])) fail_msg("%s", bad[i]);
    assert_int_equal(hub_password_hash("another password", good), PLT_OK);
    size_t n = strlen(good);
    good[n] = 'A';
    good[n + 1] = 0;
    assert_false(hub_password_verify("another password", good));
}

/* An unknown name must not answer sooner than a wrong password. In the processor's time: other work on the machine makes either slower. */
static void test_same_cost(void **state)
{
    (void)state;
    char stored[HUB_PASSWORD_HASH];
    clock_t known = 0, unknown = 0;
    assert_int_equal(hub_password_hash("the right one here", stored), PLT_OK);
    for (int i = 0; i < 3; i++) {
        clock_t a = clock();
        assert_false(hub_password_verify("wrong", stored));
        clock_t b = clock();
        assert_false(hub_password_waste("wrong"));
        clock_t c = clock();
        if (i == 0 || b - a < known) known = b - a;
        if (i == 0 || c - b < unknown) unknown = c - b;
    }
    print_message("# a wrong password %.0f ms, an unknown name %.0f ms\n", 1e3 * (double)known / CLOCKS_PER_SEC,
                  1e3 * (double)unknown / CLOCKS_PER_SEC);
    assert_true(known > 0 && known < unknown * 3 / 2 && unknown < known * 3 / 2);
}

static void test_fault(void **state)
{
    (void)state;
    static char longest[HUB_PASSWORD_MAX + 2];
    assert_non_null(hub_password_fault(""));
    assert_non_null(hub_password_fault("eleven char"));
    assert_null(hub_password_fault("twelve chars"));
    assert_non_null(hub_password_fault("\xC3\xA4\xC3\xA4\xC3\xA4\xC3\xA4\xC3\xA4\xC3\xA4")); /* characters count, not bytes */
    memset(longest, 'a', HUB_PASSWORD_MAX);
    assert_null(hub_password_fault(longest));
    longest[HUB_PASSWORD_MAX] = 'a';
    assert_non_null(hub_password_fault(longest));
}

static void test_one_time(void **state)
{
    (void)state;
    char p[HUB_ONE_TIME_SIZE], q[HUB_ONE_TIME_SIZE];
    assert_int_equal(hub_password_one_time(p), PLT_OK);
    assert_int_equal(hub_password_one_time(q), PLT_OK);
    assert_int_equal(strlen(p), 23);
    assert_true(p[5] == '-' && p[11] == '-' && p[17] == '-');
    assert_string_not_equal(p, q);
    assert_null(hub_password_fault(p));
}

static void test_tokens(void **state)
{
    (void)state;
    char a[HUB_TOKEN_SIZE], b[HUB_TOKEN_SIZE], csrf[HUB_TOKEN_SIZE], cookie[256];
    uint8_t hash[32];
    assert_int_equal(hub_token_make(a), PLT_OK);
    assert_int_equal(hub_token_make(b), PLT_OK);
    assert_int_equal(strlen(a), 43);
    assert_string_not_equal(a, b);
    hub_token_csrf(a, csrf);
    assert_string_not_equal(a, csrf);
    assert_true(hub_token_csrf_matches(a, csrf));
    assert_false(hub_token_csrf_matches(b, csrf));
    assert_false(hub_token_csrf_matches(a, ""));
    assert_false(hub_token_csrf_matches(a, a));
    csrf[10] ^= 1;
    assert_false(hub_token_csrf_matches(a, csrf));
    hub_token_hash(a, hash);
    assert_memory_not_equal(hash, a, 32);
    hub_token_cookie(a, cookie, sizeof cookie);
    assert_non_null(strstr(cookie, "HttpOnly; Secure; SameSite=Strict"));
    hub_token_cookie("", cookie, sizeof cookie);
    assert_non_null(strstr(cookie, "Max-Age=0"));
}

/* Steps: who tries from where at which second, whether it is wrong; what has to be waited before it. */
static void test_throttle(void **state)
{
    (void)state;
    int64_t t0 = KIT_NOW;
    hub_throttle *t = hub_throttle_new();
    assert_non_null(t);
    /* the owner signs in from home */
    hub_throttle_passed(t, "admin", "192.0.2.1", t0);
    /* somebody guesses: four are free, then the waits grow */
    for (int i = 0; i < 4; i++) {
        assert_int_equal(hub_throttle_wait(t, "admin", "198.51.100.9", t0), 0);
        hub_throttle_failed(t, "admin", "198.51.100.9", t0);
    }
    int longest = 0;
    for (int i = 0; i < 20; i++) {
        hub_throttle_failed(t, "Admin", "198.51.100.9", t0);
        int wait = hub_throttle_wait(t, "admin", "198.51.100.9", t0);
        assert_true(wait >= longest || wait == 300);
        longest = wait;
    }
    assert_true(longest > 60 && longest <= 300);
    /* the address waits for other accounts, too; the account from new addresses a little; its owner not at all */
    assert_true(hub_throttle_wait(t, "other", "198.51.100.9", t0) > 0);
    int elsewhere = hub_throttle_wait(t, "admin", "203.0.113.5", t0);
    assert_true(elsewhere > 0 && elsewhere <= 8);
    assert_int_equal(hub_throttle_wait(t, "ADMIN", "192.0.2.1", t0), 0);
    assert_int_equal(hub_throttle_wait(t, "other", "203.0.113.5", t0), 0);
    /* it passes */
    assert_int_equal(hub_throttle_wait(t, "admin", "198.51.100.9", t0 + 301000), 0);
    assert_int_equal(hub_throttle_wait(t, "admin", "203.0.113.5", t0 + 9000), 0);
    /* after a quiet quarter of an hour the count begins anew */
    hub_throttle_failed(t, "admin", "198.51.100.9", t0 + 16 * 60000);
    assert_int_equal(hub_throttle_wait(t, "admin", "198.51.100.9", t0 + 16 * 60000), 0);
    /* an IPv6 guesser owns a /64 */
    for (int i = 0; i < 16; i++) hub_throttle_failed(t, "x", i % 2 ? "2001:db8:1:2::1" : "2001:db8:1:2:ffff::9", t0);
    assert_true(hub_throttle_wait(t, "y", "2001:db8:1:2:3:4:5:6", t0) > 0);
    assert_int_equal(hub_throttle_wait(t, "y", "2001:db8:1:3::1", t0), 0);
    hub_throttle_free(t);
}

/* A flood of names and addresses cannot make it grow, nor forget the owner. */
static void test_throttle_flood(void **state)
{
    (void)state;
    hub_throttle *t = hub_throttle_new();
    char name[32], address[32];
    hub_throttle_passed(t, "admin", "192.0.2.1", KIT_NOW);
    for (int i = 0; i < 3000; i++) {
        snprintf(name, sizeof name, "n%d", i);
        snprintf(address, sizeof address, "10.%d.%d.1", i / 250, i % 250);
        hub_throttle_failed(t, name, address, KIT_NOW + i);
    }
    for (int i = 0; i < 30; i++) hub_throttle_failed(t, "admin", "198.51.100.9", KIT_NOW + 4000);
    assert_true(hub_throttle_wait(t, "admin", "203.0.113.5", KIT_NOW + 4000) > 0);
    assert_int_equal(hub_throttle_wait(t, "admin", "192.0.2.1", KIT_NOW + 4000), 0);
    hub_throttle_free(t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_password), cmocka_unit_test(test_stored), cmocka_unit_test(test_same_cost), cmocka_unit_test(test_fault),
        cmocka_unit_test(test_one_time), cmocka_unit_test(test_tokens), cmocka_unit_test(test_throttle),  cmocka_unit_test(test_throttle_flood),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
