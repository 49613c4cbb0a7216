/* SPDX-License-Identifier: Apache-2.0 */
/* Messages as text: addresses, headers that nothing can break out of, three languages, and what was sealed. */
#include "hub_kit.h"

#include <stdio.h>
#include <string.h>

#include "core/util/address.h"
#include "core/util/text.h"
#include "hub/alert_words.h"
#include "hub/ca.h"
#include "hub/mail.h"
#include "hub/seal.h"

#define COUNT(a) (sizeof(a) / sizeof(a)[0])

static void test_addresses(void **state)
{
    static const struct {
        const char *address;
        bool good;
    } cases[] = {
        {"a@b", true},
        {"first.last+tag@example.org", true},
        {"o'neil@example.org", true},
        {"", false},
        {"a", false},
        {"@b", false},
        {"a@", false},
        {"a@b@c", false},
        {"a b@c", false},
        {"a@b c", false},
        {"<a@b>", false},
        {"a@b,c@d", false},
        {"a@b\r\nBcc: x@y", false},
        {"a@b\n", false},
        {"\"a\"@b", false},
        {"a@[127.0.0.1]", false},
        {"a@b.", false},
        {"a@.b", false},
        {"\xc3\xbc@b", false},
        {"a@b:25", false},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++)
        if (hub_mail_address_valid(cases[i].address) != cases[i].good) fail_msg("%s", cases[i].address);
}

static void write_letter(const char *subject, const char *text, plt_buf *out)
{
    const hub_letter l = {.from = "platen@example.org",
                          .to = "mia@example.org",
                          .subject = subject,
                          .text = text,
                          .html = "<p>x</p>",
                          .language = "en",
                          .key = "00ab-1-cc-0",
                          .attempt = 1,
                          .at = KIT_NOW + 12 * 3600000,
                          .list = "alerts"};
    plt_buf_init(out, 1u << 20);
    assert_int_equal(hub_mail_write(&l, out), PLT_OK);
}

/* Every line of the head is one that the writer meant, whatever the subject is. */
static void test_no_injection(void **state)
{
    static const char *const subjects[] = {
        "plain",
        "a\r\nBcc: eve@example.org",
        "a\nX: y",
        "\r\n\r\nbody",
        "=?UTF-8?B?eA==?=",
        "Dr\xc3\xbc"
        "cker \xe2\x82\xac \xf0\x9f\x96\xa8 in der gro\xc3\x9f"
        "en Halle, zweiter Stock, hinter der T\xc3\xbc"
        "re, die niemand findet",
        "broken \xff utf-8",
        "a very long subject of plain ASCII that is longer than what fits into a single line of a header, again and again and again",
    };
    static const char *const names[] = {"Date: Thu, 01 Jan 2026 12:00:00 +0000",
                                        "From: Platen <platen@example.org>",
                                        "To: <mia@example.org>",
                                        "Subject:",
                                        "Message-ID: <00ab-1-cc-0@example.org>",
                                        "List-ID: Platen alerts <alerts.platen.example.org>",
                                        "Auto-Submitted: auto-generated",
                                        "X-Auto-Response-Suppress: All",
                                        "X-Platen-Delivery: 00ab-1-cc-0",
                                        "X-Platen-Attempt: 1",
                                        "Content-Language: en",
                                        "MIME-Version: 1.0",
                                        "Content-Type: multipart/alternative;"};
    (void)state;
    for (size_t i = 0; i < COUNT(subjects); i++) {
        plt_buf b;
        write_letter(subjects[i], "text", &b);
        const char *p = plt_buf_str(&b);
        size_t n = 0;
        while (strncmp(p, "\r\n", 2) != 0) {
            const char *end = strstr(p, "\r\n");
            assert_non_null(end);
            assert_in_range(end - p, 1, 78);
            for (const char *c = p; c < end; c++) assert_in_range((unsigned char)*c, 0x20, 0x7E);
            if (*p != ' ') {
                assert_in_range(n, 0, COUNT(names) - 1);
                if (strncmp(p, names[n], strlen(names[n])) != 0) fail_msg("subject %zu: %.*s", i, (int)(end - p), p);
                n++;
            }
            p = end + 2;
        }
        assert_int_equal(n, COUNT(names));
        plt_buf_free(&b);
    }
}

static void test_bodies(void **state)
{
    char text[5000];
    plt_buf b;
    (void)state;
    memset(text, 'x', sizeof text - 1);
    text[sizeof text - 1] = 0;
    memcpy(text, "\n.\nBcc: eve@example.org\n--=_platen_00ab-1-cc-0--\n", 49);
    write_letter("s", text, &b);
    const char *p = plt_buf_str(&b);
    assert_null(strstr(p, "Bcc"));
    int lines = 0;
    while (*p) {
        const char *end = strstr(p, "\r\n");
        assert_non_null(end);
        assert_in_range(end - p, 0, 78);
        p = end + 2;
        lines++;
    }
    assert_in_range(lines, 80, 200);
    plt_buf_free(&b);
    hub_letter l = {
        .from = "platen@example.org", .to = "a@b\r\nRCPT", .subject = "", .text = "", .html = "", .language = "en", .key = "k", .list = "alerts"};
    plt_buf_init(&b, 65536);
    assert_int_equal(hub_mail_write(&l, &b), PLT_BAD);
    l.to = "a@b";
    l.key = "k\r\n";
    assert_int_equal(hub_mail_write(&l, &b), PLT_BAD);
    plt_buf_free(&b);
}

static void test_words(void **state)
{
    static const char body[] =
        "{\"rule\":\"Toner <b>\",\"kind\":\"supply\",\"opened\":1,\"closed\":0,\"more\":0,\"alerts\":[{\"event\":\"opened\",\"label\":\"Hall\\u000a1 "
        "& co\",\"place\":\"2nd floor\","
        "\"since\":\"2026-01-01T12:34:56.000Z\",\"detail\":{\"supply\":\"Black\",\"percent\":8,\"days\":3}}]}";
    static const struct {
        const char *kind, *detail, *in[3];
    } kinds[] = {
        {"status", "{\"state\":\"stopped\"}", {"State: stopped", "État: arrêtée", "Zustand: angehalten"}},
        {"supply", "{\"supply\":\"Black\",\"percent\":8,\"days\":3}", {"Black: 8 %, 3 days left", "jours restants", "Tage übrig"}},
        {"meter", "{\"meter\":\"target\",\"total\":5,\"target\":4}", {"target: 5 / 4", "cible: 5 / 4", "erreicht: 5 / 4"}},
        {"agent",
         "{\"why\":\"certificate\",\"last_seen\":\"2026-01-01T12:34:56.000Z\"}",
         {"2026-01-01 12:34 UTC; its certificate", "certificat a expiré", "abgelaufen"}},
        {"policy", "{\"count\":7,\"minutes\":60}", {"7 jobs that", "7 tâches", "7 Aufträge"}},
    };
    static const char *const languages[] = {"en", "fr", "de"};
    hub_words w;
    (void)state;
    assert_int_equal(hub_words_of(body, strlen(body), "en", &w), PLT_OK);
    assert_string_equal(plt_buf_str(&w.subject), "Platen: Toner <b>: Hall 1 & co");
    assert_non_null(strstr(plt_buf_str(&w.text), "New: Hall 1 & co\n  Black: 8 %, 3 days left\n  Place: 2nd floor\n  since 2026-01-01 12:34 UTC\n"));
    assert_non_null(strstr(plt_buf_str(&w.html), "Toner &lt;b&gt;"));
    assert_non_null(strstr(plt_buf_str(&w.html), "Hall 1 &amp; co"));
    assert_null(strstr(plt_buf_str(&w.html), "<b>:"));
    hub_words_free(&w);
    for (size_t i = 0; i < COUNT(kinds); i++)
        for (int l = 0; l < 3; l++) {
            char text[512];
            snprintf(text, sizeof text,
                     "{\"rule\":\"r\",\"kind\":\"%s\",\"opened\":0,\"closed\":1,\"alerts\":[{\"event\":\"closed\",\"label\":\"x\",\"detail\":%s}]}",
                     kinds[i].kind, kinds[i].detail);
            assert_int_equal(hub_words_of(text, strlen(text), languages[l], &w), PLT_OK);
            if (!strstr(plt_buf_str(&w.text), kinds[i].in[l])) fail_msg("%s in %s: %s", kinds[i].kind, languages[l], plt_buf_str(&w.text));
            hub_words_free(&w);
        }
    assert_int_equal(hub_words_of("{\"test\":true}", 13, "fr", &w), PLT_OK);
    assert_non_null(strstr(plt_buf_str(&w.text), "Ceci est un essai"));
    hub_words_free(&w);
    assert_int_equal(hub_words_of("nonsense", 8, "fr", &w), PLT_BAD);
    hub_words_free(&w);
}

static void test_seal(void **state)
{
    uint8_t key[HUB_SEAL_KEY] = {1}, other[HUB_SEAL_KEY] = {2}, sealed[64];
    char back[64], a[HUB_HOOK_SECRET_SIZE], b[HUB_HOOK_SECRET_SIZE];
    (void)state;
    assert_int_equal(hub_seal(key, "mail", "secret", 7, sealed), PLT_OK);
    assert_int_equal(hub_unseal(key, "mail", sealed, 7 + HUB_SEAL_MORE, back), PLT_OK);
    assert_string_equal(back, "secret");
    assert_int_equal(hub_unseal(other, "mail", sealed, 7 + HUB_SEAL_MORE, back), PLT_DENIED);
    assert_int_equal(hub_unseal(key, "else", sealed, 7 + HUB_SEAL_MORE, back), PLT_DENIED);
    for (size_t i = 0; i < 7 + HUB_SEAL_MORE; i++) {
        sealed[i] ^= 1;
        assert_int_equal(hub_unseal(key, "mail", sealed, 7 + HUB_SEAL_MORE, back), PLT_DENIED);
        sealed[i] ^= 1;
    }
    for (size_t n = 0; n < 7 + HUB_SEAL_MORE; n++) assert_int_equal(hub_unseal(key, "mail", sealed, n, back), PLT_DENIED);
    assert_int_equal(hub_hook_secret(key, "c1", 0, a), PLT_OK);
    assert_int_equal(hub_hook_secret(key, "c1", 1, b), PLT_OK);
    assert_string_not_equal(a, b);
    assert_int_equal(hub_hook_secret(key, "c1", 0, b), PLT_OK);
    assert_string_equal(a, b);
    assert_int_equal(strlen(a), HUB_HOOK_SECRET_SIZE - 1);
}

static void test_seal_key(void **state)
{
    hub_ca *ca = NULL;
    char problem[600];
    uint8_t a[HUB_SEAL_KEY], b[HUB_SEAL_KEY];
    (void)state;
    kit_place_make(false);
    for (int i = 0; i < 2; i++) { /* the same after a restart */
        assert_int_equal(hub_ca_open(&ca, kit_here.dir, KIT_NOW, problem, sizeof problem), PLT_OK);
        assert_int_equal(hub_seal_key(ca, "one", i ? b : a), PLT_OK);
        hub_ca_free(ca);
    }
    assert_memory_equal(a, b, sizeof a);
    assert_int_equal(hub_ca_open(&ca, kit_here.dir, KIT_NOW, problem, sizeof problem), PLT_OK);
    assert_int_equal(hub_seal_key(ca, "two", b), PLT_OK);
    assert_memory_not_equal(a, b, sizeof a);
    hub_ca_free(ca);
    kit_place_remove();
}

static void test_public(void **state)
{
    static const struct {
        const char *address;
        bool is;
    } cases[] = {
        {"8.8.8.8", true},
        {"127.0.0.1", false},
        {"127.255.0.1", false},
        {"10.1.2.3", false},
        {"172.16.0.1", false},
        {"172.15.0.1", true},
        {"172.32.0.1", true},
        {"192.168.1.1", false},
        {"169.254.169.254", false},
        {"100.64.0.1", false},
        {"100.128.0.1", true},
        {"0.0.0.0", false},
        {"224.0.0.1", false},
        {"255.255.255.255", false},
        {"198.19.0.1", false},
        {"2606:4700::1111", true},
        {"::1", false},
        {"::", false},
        {"fe80::1", false},
        {"fd00::1", false},
        {"::ffff:127.0.0.1", false},
        {"::ffff:8.8.8.8", false},
        {"64:ff9b::7f00:1", false},
        {"2002:7f00:1::", false},
        {"2001::1", false},
        {"2001:db8::1", false},
        {"ff02::1", false},
        {"2a00::1", true},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        plt_address a;
        if (!plt_address_parse(cases[i].address, &a)) fail_msg("%s is not read", cases[i].address);
        if (plt_address_public(&a) != cases[i].is) fail_msg("%s", cases[i].address);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_addresses), cmocka_unit_test(test_no_injection), cmocka_unit_test(test_bodies), cmocka_unit_test(test_words),
        cmocka_unit_test(test_seal),      cmocka_unit_test(test_seal_key),     cmocka_unit_test(test_public),
    };
    return cmocka_run_group_tests_name("mail", tests, NULL, NULL);
}
