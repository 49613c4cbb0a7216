/* SPDX-License-Identifier: Apache-2.0 */
/* JSON without a tree: what is taken, what is refused and where, members, and a hundred thousand random texts against cJSON. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/util/view.h"
#include "tests/fuzz/view_peer.h"

static void what_is_taken(void **state)
{
    static const char *const cases[] = {
        "null",
        " true ",
        "false",
        "0",
        "-0",
        "12",
        "1.5",
        "-1.25e-3",
        "1E+2",
        "\"\"",
        "\"a\"",
        "[]",
        "{}",
        "[[],{},[{}]]",
        "[1,2,3]",
        "{\"a\":1}",
        "{\"a\":{\"b\":[1,{\"c\":null}],\"d\":\"e\"},\"f\":[]}",
        "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"",
        "\"\\u00e9\\u00E9\\u20ac\\ud83d\\ude00\"",
        "\"\xc3\xa9\xf0\x9f\x98\x80\"",
        "{\"\":1}",
        "{\"a\":1,\"a\":2}",
        "\n{\r\t\"a\" : [ 1 , 2 ] }",
        "{\"a\\u0062\":1}",
        "\"\x7f\"",
        "1 2",
        "{} x", /* the value ends before */
    };
    plt_view v;
    (void)state;
    plt_view_init(&v);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        if (plt_view_read(&v, cases[i], strlen(cases[i]), 32) != PLT_OK) fail_msg("%s is refused near byte %zu", cases[i], v.read);
        const char *why = view_peer_complaint(&v, cases[i], strlen(cases[i]));
        if (why) fail_msg("%s: %s", cases[i], why);
    }
    plt_view_free(&v);
}

static void what_is_refused(void **state)
{
    static const struct {
        const char *text;
        size_t at;
    } cases[] = {
        {"", 0},          {"nul", 0},         {"nulll", 4 + 100}, {"+1", 0},          {"01", 2},
        {"1.", 2},        {".5", 0},          {"1e", 2},          {"-", 1},           {"--1", 1},
        {"\"", 1},        {"\"a", 2},         {"\"\\", 2},        {"\"\\x\"", 3},     {"\"\n\"", 1},
        {"\"\\u12\"", 3}, {"\"\\u0000\"", 7}, {"\"\\ud800\"", 7}, {"\"\\udc00\"", 7}, {"\"\\ud800\\u0041\"", 13},
        {"[", 1},         {"[1", 2},          {"[1,", 3},         {"[1,]", 3},        {"[,1]", 1},
        {"[1 2]", 3},     {"[1}", 2},         {"{", 1},           {"{1:2}", 1},       {"{\"a\"}", 4},
        {"{\"a\":}", 5},  {"{\"a\":1,}", 7},  {"{\"a\":1,2}", 7}, {"{\"a\":1]", 6},   {"{\"a\" 1}", 5},
        {"]", 0},         {"}", 0},           {"\v1", 0},         {"'a'", 0},         {"\xef\xbb\xbf{}", 0},
    };
    plt_view v;
    (void)state;
    plt_view_init(&v);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        bool good = cases[i].at > 100; /* a value, and something behind it */
        if ((plt_view_read(&v, cases[i].text, strlen(cases[i].text), 32) == PLT_OK) != good) fail_msg("%s is taken", cases[i].text);
        if (v.read != cases[i].at % 100) fail_msg("%s: near byte %zu", cases[i].text, v.read);
    }
    plt_view_free(&v);
}

static void how_deep(void **state)
{
    char text[67] = "";
    plt_view v;
    (void)state;
    plt_view_init(&v);
    memset(text, '[', 32);
    memset(text + 32, ']', 32);
    assert_int_equal(plt_view_read(&v, text, 64, 32), PLT_OK);
    assert_int_equal(v.count, 32);
    memset(text, '[', 33);
    memset(text + 33, ']', 33);
    assert_int_equal(plt_view_read(&v, text, 66, 32), PLT_BAD);
    assert_int_equal(v.read, 32);
    plt_view_free(&v);
}

static void members(void **state)
{
    static const char text[] = "{\"v\":1,\"o\":{\"v\":2,\"l\":[{\"v\":3},4]},\"t\":\"a\\nb\",\"v\":5,\"f\":false,\"n\":null}";
    static const struct {
        const char *text;
        bool whole;
        uint64_t n;
    } numbers[] = {{"0", true, 0},
                   {"-0", true, 0},
                   {"7", true, 7},
                   {"9007199254740991", true, 9007199254740991},
                   {"9007199254740992", false, 0},
                   {"1e3", true, 1000},
                   {"5.0", true, 5},
                   {"5.5", false, 0},
                   {"-1", false, 0},
                   {"1e300", false, 0},
                   {"90071992547409910", false, 0}};
    plt_view v;
    uint64_t n;
    (void)state;
    plt_view_init(&v);
    assert_int_equal(plt_view_read(&v, text, sizeof text - 1, 32), PLT_OK);
    const plt_value *o = plt_view_member(v.values, "o"), *l = plt_view_member(o, "l");
    assert_true(plt_view_whole(plt_view_member(v.values, "v"), &n) && n == 1);
    assert_true(plt_view_whole(plt_view_member(o, "v"), &n) && n == 2);
    assert_true(plt_view_is(l, PLT_VIEW_LIST) && plt_view_whole(plt_view_member(l + 1, "v"), &n) && n == 3);
    assert_string_equal(plt_view_member(v.values, "t")->text, "a\nb");
    assert_true(plt_view_is(plt_view_member(v.values, "f"), PLT_VIEW_FALSE));
    assert_null(plt_view_member(v.values, "l"));
    assert_null(plt_view_member(l, "v"));
    assert_null(plt_view_member(NULL, "v"));
    assert_false(plt_view_whole(plt_view_member(v.values, "t"), &n));
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        assert_int_equal(plt_view_read(&v, numbers[i].text, strlen(numbers[i].text), 1), PLT_OK);
        if (plt_view_whole(v.values, &n) != numbers[i].whole || (numbers[i].whole && n != numbers[i].n)) fail_msg("%s", numbers[i].text);
    }
    plt_view_free(&v);
}

static uint32_t dice(uint64_t *seed, uint32_t sides)
{
    *seed = *seed * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)(*seed >> 33) % sides;
}

/* Pieces of JSON in a row: mostly none, often enough one. */
static size_t random_text(uint64_t *seed, char *out, size_t room)
{
    static const char *const pieces[] = {"{",           "}", "[",      "]",    ",",    ":", "\"a\":", "\"b\":", "\"x\"", "\"\\u00e9\"",
                                         "\"\\n\\\"\"", "1", "-2.5e1", "true", "null", " ", "0",      "\"",     "\\",    "e"};
    size_t n = 0, many = dice(seed, 24);
    for (size_t i = 0; i < many; i++) {
        const char *p = pieces[dice(seed, sizeof pieces / sizeof *pieces)];
        if (n + strlen(p) >= room) break;
        memcpy(out + n, p, strlen(p));
        n += strlen(p);
    }
    return n;
}

/* A text that is JSON, and then one byte of it another. */
static size_t random_tree(uint64_t *seed, char *out, size_t room, int depth)
{
    static const char *const leaves[] = {"1", "-20", "0.25", "\"\"", "\"text\"", "\"\\ud83d\\ude00 \\t\"", "true", "false", "null", "1e5"};
    uint32_t kind = dice(seed, depth > 0 ? 3 : 1), many = dice(seed, 4);
    if (kind == 0 || room < 64) return (size_t)snprintf(out, room, "%s", leaves[dice(seed, sizeof leaves / sizeof *leaves)]);
    size_t n = 0;
    out[n++] = kind == 1 ? '[' : '{';
    for (uint32_t i = 0; i < many && n + 96 < room; i++) {
        if (i) out[n++] = ',';
        if (kind == 2) n += (size_t)snprintf(out + n, room - n, "\"m%u\":", dice(seed, 3));
        n += random_tree(seed, out + n, room - n - 2, depth - 1);
    }
    out[n++] = kind == 1 ? ']' : '}';
    return n;
}

static void as_cjson_reads_it(void **state)
{
    uint64_t seed = 20260101;
    size_t taken = 0;
    char text[2048];
    plt_view v;
    (void)state;
    plt_view_init(&v);
    for (int i = 0; i < 100000; i++) {
        size_t n = i % 2 ? random_text(&seed, text, sizeof text) : random_tree(&seed, text, sizeof text, 6);
        if (i % 4 == 0 && n) text[dice(&seed, (uint32_t)n)] = "\"\\{}[],:0e- \n"[dice(&seed, 13)];
        const char *why = view_peer_complaint(&v, text, n);
        if (why) fail_msg("%.*s: %s", (int)n, text, why);
        taken += plt_view_read(&v, text, n, 32) == PLT_OK;
    }
    if (taken < 25000) fail_msg("only %zu texts were JSON", taken);
    plt_view_free(&v);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_taken), cmocka_unit_test(what_is_refused),   cmocka_unit_test(how_deep),
        cmocka_unit_test(members),       cmocka_unit_test(as_cjson_reads_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
