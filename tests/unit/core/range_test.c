/* SPDX-License-Identifier: Apache-2.0 */
/* Addresses as text, and the ranges of addresses that an administrator writes. */
#include "tests/unit/test.h"

#include <stdio.h>
#include <string.h>

#include "core/collect/range.h"

#define COUNT(a) (sizeof(a) / sizeof *(a))

static void addresses(void **state)
{
    static const struct {
        const char *text, *back; /* NULL: refused */
    } cases[] = {
        {"192.0.2.7", "192.0.2.7"},
        {"255.255.255.255", "255.255.255.255"},
        {"192.0.2", NULL},
        {"192.0.2.256", NULL},
        {"192.0.2.07", NULL},
        {"192.0.2.7 ", NULL},
        {"", NULL},
        {"::", "::"},
        {"::1", "::1"},
        {"2001:DB8::7", "2001:db8::7"},
        {"2001:db8:0:0:1:0:0:1", "2001:db8::1:0:0:1"},
        {"1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7:8"},
        {"1::", "1::"},
        {"1:0:3:4:5:6:7:8", "1:0:3:4:5:6:7:8"},
        {"::ffff:192.0.2.7", "::ffff:c000:207"},
        {"fe80::1%3", "fe80::1%3"},
        {"fe80::1%", NULL},
        {"fe80::1%eth0", NULL},
        {"1:2:3:4:5:6:7", NULL},
        {"1:2:3:4:5:6:7:8:9", NULL},
        {"1::2::3", NULL},
        {"12345::", NULL},
        {"1:2:3:4:5:6:7::8", NULL},
        {":1", NULL},
        {"1:", NULL},
        {"::1:", NULL},
        {":::", NULL},
        {"1:2:3:4:5:6:192.0.2.1", "1:2:3:4:5:6:c000:201"},
        {"1:2:3:4:5:6:7:192.0.2.1", NULL},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        plt_address a;
        char text[PLT_ADDRESS_TEXT];
        bool ok = plt_address_parse(cases[i].text, &a);
        if (ok != (cases[i].back != NULL)) fail_msg("'%s' is %s", cases[i].text, ok ? "taken" : "refused");
        if (!ok) continue;
        plt_address_format(&a, text);
        assert_string_equal(text, cases[i].back);
    }
    plt_address a;
    char text[PLT_ADDRESS_TEXT];
    assert_true(plt_address_parse("ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff%429496728", &a));
    a.port = 65535;
    plt_address_format(&a, text);
    assert_string_equal(text, "[ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff%429496728]:65535");
    assert_false(plt_address_next(&a));
}

/* All addresses of the words, joined by blanks; "..." from the fifth on, then the last. */
static void list(char *out, size_t size, const char *const *words)
{
    plt_ranges r;
    plt_address a;
    char text[PLT_ADDRESS_TEXT], host[64], why[300] = "";
    size_t n = 0;
    plt_ranges_init(&r, 161);
    out[0] = 0;
    for (; *words; words++) {
        uint16_t port;
        if (plt_ranges_parse(&r, *words, host, sizeof host, &port, why, sizeof why) != PLT_OK) fail_msg("%s", why);
    }
    plt_ranges_close(&r);
    while (plt_ranges_next(&r, &a)) {
        plt_address_format(&a, text);
        if (n++ < 5) snprintf(out + strlen(out), size - strlen(out), "%s ", text);
    }
    snprintf(out + strlen(out), size - strlen(out), "(%zu)", n);
    if (n > 5) snprintf(out + strlen(out), size - strlen(out), " %s", text);
    plt_ranges_free(&r);
}

static void what_is_asked(void **state)
{
    static const struct {
        const char *words[5], *addresses;
    } cases[] = {
        {{"192.0.2.7"}, "192.0.2.7:161 (1)"},
        {{"192.0.2.7:1161"}, "192.0.2.7:1161 (1)"},
        {{"192.0.2.7-9"}, "192.0.2.7:161 192.0.2.8:161 192.0.2.9:161 (3)"},
        {{"192.0.2.254-192.0.3.1"}, "192.0.2.254:161 192.0.2.255:161 192.0.3.0:161 192.0.3.1:161 (4)"},
        {{"192.0.2.77/30"}, "192.0.2.77:161 192.0.2.78:161 (2)"}, /* neither network nor broadcast */
        {{"192.0.2.77/31"}, "192.0.2.76:161 192.0.2.77:161 (2)"},
        {{"192.0.2.77/32"}, "192.0.2.77:161 (1)"},
        {{"10.0.0.0/16:1161"}, "10.0.0.1:1161 10.0.0.2:1161 10.0.0.3:1161 10.0.0.4:1161 10.0.0.5:1161 (65534) 10.0.255.254:1161"},
        {{"2001:db8::fe/127"}, "[2001:db8::fe]:161 [2001:db8::ff]:161 (2)"},
        {{"[2001:db8::fffe-2001:db8::1:1]:99"}, "[2001:db8::fffe]:99 [2001:db8::ffff]:99 [2001:db8::1:0]:99 [2001:db8::1:1]:99 (4)"},
        {{"192.0.2.1-4", "!192.0.2.2-3"}, "192.0.2.1:161 192.0.2.4:161 (2)"},
        {{"192.0.2.1-4", "!192.0.2.0/24"}, "(0)"},
        {{"192.0.2.3-5", "192.0.2.1-4", "192.0.2.4"}, "192.0.2.1:161 192.0.2.2:161 192.0.2.3:161 192.0.2.4:161 192.0.2.5:161 (5)"},
        {{"192.0.2.1", "192.0.2.1:99", "::2"}, "192.0.2.1:99 192.0.2.1:161 [::2]:161 (3)"},
        {{"223.255.255.254-223.255.255.255"}, "223.255.255.254:161 223.255.255.255:161 (2)"},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        char text[600];
        list(text, sizeof text, cases[i].words);
        assert_string_equal(text, cases[i].addresses);
    }
}

static void what_is_refused(void **state)
{
    static const struct {
        const char *text;
        plt_status status;
        const char *word;
    } cases[] = {
        {"192.0.2.9-192.0.2.1", PLT_BAD, "before"},
        {"192.0.2.9-1", PLT_BAD, "before"},
        {"192.0.2.0/33", PLT_BAD, "'/'"},
        {"192.0.2.0/", PLT_BAD, "'/'"},
        {"192.0.2.1-2001:db8::1", PLT_BAD, "same family"},
        {"192.0.2.1:0", PLT_BAD, "port"},
        {"192.0.2.1:70000", PLT_BAD, "port"},
        {"[2001:db8::1", PLT_BAD, "port"},
        {"[2001:db8::1]x", PLT_BAD, "port"},
        {"10.0.0.0/8", PLT_FULL, "1048576"},
        {"2001:db8::/64", PLT_FULL, "1048576"},
        {"239.1.2.3", PLT_BAD, "multicast"},
        {"0.0.0.0", PLT_BAD, "reserved"},
        {"ff02::1", PLT_BAD, "multicast"},
        {"255.255.255.255", PLT_BAD, "reserved"},
        {"", PLT_BAD, "no address"},
        {"!printer", PLT_BAD, "left out"},
        {"a b", PLT_BAD, "no address"},
        {"192.0.2.256", PLT_BAD, "no address"},
        {"printer", PLT_NOTFOUND, ""},
        {"lj-4.example.org:1161", PLT_NOTFOUND, ""},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        plt_ranges r;
        char host[64] = "", why[300] = "";
        uint16_t port = 0;
        plt_ranges_init(&r, 161);
        plt_status s = plt_ranges_parse(&r, cases[i].text, host, sizeof host, &port, why, sizeof why);
        if (s != cases[i].status || !strstr(why, cases[i].word)) fail_msg("'%s': %d, %s", cases[i].text, s, why);
        if (s == PLT_NOTFOUND) assert_true(strncmp(host, cases[i].text, strlen(host)) == 0 && port == (strchr(cases[i].text, ':') ? 1161 : 161));
        plt_ranges_free(&r);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(addresses),
        cmocka_unit_test(what_is_asked),
        cmocka_unit_test(what_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
