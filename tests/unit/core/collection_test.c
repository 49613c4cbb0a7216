/* SPDX-License-Identifier: Apache-2.0 */
/* The collection of an agent: both ways, what is refused and in which words, whose secrets are kept, how many addresses; and what agents say of it.
 */
#include "tests/unit/test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/collect/collection.h"
#include "core/util/text.h"

#define COUNT(a) (sizeof(a) / sizeof *(a))

#define KEY "{\"name\":\"old\",\"kind\":\"community\",\"community\":\"c0mmun1ty\"}"
#define USER                                                                                                                                         \
    "{\"name\":\"v3\",\"kind\":\"user\",\"user\":\"reader\",\"auth\":\"sha256\",\"priv\":\"aes128\",\"auth_password\":\"auth-secret\","              \
    "\"priv_password\":\"priv-secret\"}"
#define RANGE(name, words, keys) "{\"name\":\"" name "\",\"addresses\":[" words "],\"credentials\":[" keys "]}"
#define DOC(ranges, keys, more) "{\"ranges\":[" ranges "],\"credentials\":[" keys "]" more "}"
#define WHOLE                                                                                                                                        \
    DOC(RANGE("Office", "\"192.0.2.0/24\",\"printer.example.com\"", "\"v3\",\"old\"") "," RANGE("Works", "\"2001:db8::10-2001:db8::1f\"",            \
                                                                                                "\"old\""),                                          \
        KEY "," USER, ",\"serial\":7,\"exclude\":[\"192.0.2.1-9\"],\"minutes\":{\"discovery\":10,\"meters\":30},\"rate\":90,\"mask\":true")

static plt_collection *made(const char *json)
{
    char why[PLT_COLLECTION_WHY];
    plt_collection *c = plt_collection_new();
    assert_non_null(c);
    if (plt_collection_read(json, strlen(json), c, why) != PLT_OK) fail_msg("%s: %s", json, why);
    return c;
}

static void both_ways(void **state)
{
    plt_buf a, b, open;
    uint64_t addresses = 0;
    char why[PLT_COLLECTION_WHY];
    (void)state;
    plt_buf_init(&a, PLT_COLLECTION_JSON);
    plt_buf_init(&b, PLT_COLLECTION_JSON);
    plt_buf_init(&open, PLT_COLLECTION_JSON);
    plt_collection *c = made(WHOLE);
    assert_int_equal(plt_collection_check(c, &addresses, why), PLT_OK);
    assert_int_equal(addresses, 254 - 9 + 1 + 16); /* a name counts as one */
    assert_true(c->serial == 7 && c->rate == 90 && c->mask && c->minutes[0] == 10 && c->minutes[1] == 30 && c->minutes[2] == 240);
    assert_true(c->ranges[0].credentials[0] == 1 && c->ranges[0].credentials[1] == 0); /* its own order, not that of the credentials */
    assert_int_equal(plt_collection_write(c, true, &a), PLT_OK);
    assert_int_equal(plt_collection_write(c, false, &open), PLT_OK);
    plt_collection_free(c);
    c = made(plt_buf_str(&a));
    assert_int_equal(plt_collection_write(c, true, &b), PLT_OK);
    assert_string_equal(plt_buf_str(&a), plt_buf_str(&b));
    static const char *const secrets[] = {"c0mmun1ty", "auth-secret", "priv-secret"};
    for (size_t i = 0; i < COUNT(secrets); i++) {
        assert_non_null(strstr(plt_buf_str(&a), secrets[i]));
        assert_null(strstr(plt_buf_str(&open), secrets[i]));
    }
    plt_collection_free(c);
    plt_buf_free(&a);
    plt_buf_free(&b);
    plt_buf_free(&open);
}

static void secrets_that_are_not_said_stay(void **state)
{
    static const struct {
        const char *keys; /* of the new document */
        const char *community, *auth;
    } cases[] = {
        {"{\"name\":\"old\",\"kind\":\"community\"},{\"name\":\"v3\",\"kind\":\"user\",\"user\":\"reader\",\"auth\":\"sha256\"}", "c0mmun1ty",
         "auth-secret"},
        {"{\"name\":\"old\",\"kind\":\"community\",\"community\":\"new\"},{\"name\":\"v3\",\"kind\":\"user\",\"user\":\"other\",\"auth\":\"sha1\"}",
         "new", ""},
        {"{\"name\":\"other\",\"kind\":\"community\"},{\"name\":\"old\",\"kind\":\"user\",\"user\":\"reader\",\"auth\":\"sha1\"}", "", ""},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        char json[1024];
        snprintf(json, sizeof json, "{\"ranges\":[],\"credentials\":[%s]}", cases[i].keys);
        plt_collection *before = made(WHOLE), *c = made(json);
        plt_collection_keep_secrets(c, before);
        assert_string_equal(c->credentials[0].community, cases[i].community);
        assert_string_equal(c->credentials[1].auth_password, cases[i].auth);
        plt_collection_free(before);
        plt_collection_free(c);
    }
}

static void what_is_refused(void **state)
{
    static const struct {
        const char *json, *why; /* part of it */
    } cases[] = {
        {"", "no JSON object"},
        {"[]", "no JSON object"},
        {"{}", "ranges is no list"},
        {DOC("", "", ",\"minutes\":{\"discovery\":9}"), "discovery is a whole number from 10 to 10080"},
        {DOC("", "", ",\"minutes\":{\"meters\":29}"), "from 30 to 20160"},
        {DOC("", "", ",\"minutes\":{\"supplies\":10081}"), "from 30 to 10080"},
        {DOC("", "", ",\"minutes\":{\"errors\":10081}"), "from 30 to 10080"},
        {DOC("", "", ",\"minutes\":{\"attributes\":59}"), "from 60 to 20160"},
        {DOC("", "", ",\"minutes\":{\"attributes\":60.5}"), "whole number"},
        {DOC("", "", ",\"minutes\":[]"), "minutes is no object"},
        {DOC("", "", ",\"rate\":0"), "rate is a whole number from 1 to 100000"},
        {DOC("", "", ",\"mask\":1"), "mask is neither"},
        {DOC("", "", ",\"serial\":-1"), "serial"},
        {DOC("", "", ",\"exclude\":[\"a b\"]"), "exclude has something that is no address"},
        {DOC("", "", ",\"exclude\":[\"printer.example.com\"]"), "a name cannot be left out"},
        {DOC("", "{\"name\":\"x\"}", ""), "credentials, number 1: kind is community or user"},
        {DOC("", KEY "," KEY, ""), "credentials, number 2: name is missing, or another one has it"},
        {DOC("", "{\"kind\":\"community\",\"community\":\"x\"}", ""), "name is missing"},
        {DOC("", "{\"name\":\"x\",\"kind\":\"community\"}", ""), "the credential x has no community"},
        {DOC("", "{\"name\":\"x\",\"kind\":\"user\"}", ""), "the credential x has no user name"},
        {DOC("", "{\"name\":\"x\",\"kind\":\"user\",\"user\":\"u\",\"auth\":\"sha3\"}", ""), "auth is none, md5"},
        {DOC("", "{\"name\":\"x\",\"kind\":\"user\",\"user\":\"u\",\"auth\":\"sha1\"}", ""), "no authentication password"},
        {DOC("", "{\"name\":\"x\",\"kind\":\"user\",\"user\":\"u\",\"auth\":\"sha1\",\"auth_password\":\"short\"}", ""), "needs 8 characters"},
        {DOC("", "{\"name\":\"x\",\"kind\":\"user\",\"user\":\"u\",\"auth\":\"md5\",\"auth_password\":\"long enough\"}", ""), "weak algorithms"},
        {DOC("", "{\"name\":\"x\",\"kind\":\"user\",\"user\":\"u\",\"priv\":\"aes128\",\"priv_password\":\"long enough\"}", ""),
         "needs authentication"},
        {DOC("", "{\"name\":\"x\",\"kind\":\"community\",\"community\":\"a\\u0001b\"}", ""), "community is no text"},
        {DOC(RANGE("", "\"192.0.2.1\"", "\"old\""), KEY, ""), "the range number 1 has no name"},
        {DOC(RANGE("a", "", "\"old\""), KEY, ""), "the range a has no addresses"},
        {DOC(RANGE("a", "\"192.0.2.1\"", ""), KEY, ""), "the range a has no credentials"},
        {DOC(RANGE("a", "\"192.0.2.1\"", "\"new\""), KEY, ""), "names one that is not among the credentials"},
        {DOC(RANGE("a", "\"192.0.2.1\"", "\"old\",\"old\""), KEY, ""), "names one twice"},
        {DOC(RANGE("a", "\"192.0.2.1\"", "\"old\"") "," RANGE("a", "\"192.0.2.2\"", "\"old\""), KEY, ""), "two ranges have the name a"},
        {DOC(RANGE("a", "\"192.0.2.300\"", "\"old\""), KEY, ""), "the range a: '192.0.2.300'"},
        {DOC(RANGE("a", "\"!192.0.2.3\"", "\"old\""), KEY, ""), "no address"},
        {DOC(RANGE("a", "\"10.0.0.0/8\"", "\"old\""), KEY, ""), "more than 1048576 addresses"},
        {DOC(RANGE("a", "\"10.0.0.0/13\"", "\"old\""), KEY, ""), "more than 262144 addresses for one agent"},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        char why[PLT_COLLECTION_WHY] = "";
        uint64_t addresses;
        plt_collection *c = plt_collection_new();
        plt_status s = plt_collection_read(cases[i].json, strlen(cases[i].json), c, why);
        if (s == PLT_OK) s = plt_collection_check(c, &addresses, why);
        if (s != PLT_BAD || !strstr(why, cases[i].why)) fail_msg("%s: '%s', not '%s'", cases[i].json, why, cases[i].why);
        plt_collection_free(c);
    }
}

/* Lists one longer than they may be, a text one longer, a document one octet longer, one that nests. */
static void what_is_too_much(void **state)
{
    char why[PLT_COLLECTION_WHY];
    (void)state;
    for (int what = 0; what < 6; what++) {
        plt_buf b;
        plt_buf_init(&b, 2 * PLT_COLLECTION_JSON);
        plt_buf_text(&b, "{\"credentials\":[" KEY);
        for (int i = 0; what == 0 && i < PLT_COLLECTION_CREDENTIALS; i++)
            plt_buf_printf(&b, ",{\"name\":\"n%d\",\"kind\":\"community\",\"community\":\"x\"}", i);
        plt_buf_text(&b, "],\"ranges\":[");
        for (int i = 0; what == 1 && i <= PLT_COLLECTION_RANGES; i++)
            plt_buf_printf(&b, "%s{\"name\":\"n%d\",\"addresses\":[\"192.0.2.1\"],\"credentials\":[\"old\"]}", i ? "," : "", i);
        if (what == 2) {
            plt_buf_text(&b, "{\"name\":\"a\",\"credentials\":[\"old\"],\"addresses\":[\"192.0.2.1\"");
            for (int i = 0; i < 400; i++) plt_buf_text(&b, ",\"192.0.2.111\"");
            plt_buf_text(&b, "]}");
        }
        plt_buf_text(&b, "],\"exclude\":[\"192.0.2.1\"");
        for (int i = 0; what == 3 && i < PLT_COLLECTION_EXCLUDED; i++) plt_buf_text(&b, ",\"192.0.2.1\"");
        plt_buf_text(&b, "]}");
        while (what == 4 && b.len <= PLT_COLLECTION_JSON) plt_buf_byte(&b, ' ');
        if (what == 5) {
            plt_buf_clear(&b);
            for (int i = 0; i < 100; i++) plt_buf_text(&b, "{\"a\":");
        }
        uint64_t addresses;
        plt_collection *c = plt_collection_new();
        plt_status s = plt_collection_read(plt_buf_str(&b), b.len, c, why);
        if (s == PLT_OK) s = plt_collection_check(c, &addresses, why);
        if (s != PLT_BAD) fail_msg("%d was taken", what);
        plt_collection_free(c);
        plt_buf_free(&b);
    }
}

static void reports(void **state)
{
    plt_collection_report a = {
        .serial = 9, .refused = 12, .problem = "it \"is\" so", .source = PLT_SET_BY_POLICY, .addresses = -1, .credential_count = 1};
    plt_collection_report b;
    plt_buf text;
    (void)state;
    plt_copy(a.credentials[0].name, sizeof a.credentials[0].name, "old");
    a.credentials[0].refused = 3;
    plt_copy(a.credentials[0].why, sizeof a.credentials[0].why, "the password");
    plt_buf_init(&text, PLT_COLLECTION_REPORT_JSON);
    assert_int_equal(plt_collection_report_write(&a, &text), PLT_OK);
    assert_int_equal(plt_collection_report_read(plt_buf_str(&text), text.len, &b), PLT_OK);
    assert_memory_equal(&a, &b, sizeof a);
    plt_buf_free(&text);
    static const char *const wrong[] = {
        "",
        "[]",
        "{}",
        "{\"serial\":1,\"refused\":0,\"source\":\"moon\",\"credentials\":[]}",
        "{\"serial\":1,\"refused\":0,\"source\":\"hub\"}",
        "{\"serial\":-1,\"refused\":0,\"source\":\"hub\",\"credentials\":[]}",
        "{\"serial\":1,\"refused\":0,\"source\":\"hub\",\"credentials\":[{}]}",
        "{\"serial\":1,\"refused\":0,\"source\":\"hub\",\"credentials\":[],\"addresses\":\"many\"}",
    };
    for (size_t i = 0; i < COUNT(wrong); i++)
        if (plt_collection_report_read(wrong[i], strlen(wrong[i]), &b) != PLT_BAD) fail_msg("taken: %s", wrong[i]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(both_ways),       cmocka_unit_test(secrets_that_are_not_said_stay),
        cmocka_unit_test(what_is_refused), cmocka_unit_test(what_is_too_much),
        cmocka_unit_test(reports),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
