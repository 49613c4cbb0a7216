/* SPDX-License-Identifier: Apache-2.0 */
/* The small tools that everything stands on: frames, text, times, base64url, globs, buffers, cursors. */
#include "tests/unit/test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/util/buf.h"
#include "core/util/cursor.h"
#include "core/util/frame.h"
#include "core/util/json.h"
#include "core/util/text.h"

/* ---- frames ---- */

static void a_frame_is_read_back(void **state)
{
    uint8_t out[256], type;
    plt_frame_builder b;
    size_t n, at = 0;
    bool bad = false;
    plt_field f;
    char text[32];
    (void)state;
    plt_frame_begin(&b, out, sizeof out, PLT_F_BEGIN);
    plt_frame_text(&b, PLT_T_QUEUE, "B\xc3\xbcro");
    plt_frame_text(&b, PLT_T_PORT, NULL);
    plt_frame_u64(&b, PLT_T_JOBID, 0x0102030405060708u);
    plt_frame_bytes(&b, PLT_T_UID, "", 0);
    size_t len = plt_frame_end(&b);
    assert_int_equal(len, 8 + 4 + 5 + 4 + 8 + 4);
    assert_int_equal(plt_frame_parse(out, &type, &n), PLT_OK);
    assert_int_equal(type, PLT_F_BEGIN);
    assert_int_equal(n, len - PLT_FRAME_HEADER);
    assert_true(plt_field_next(out + 8, n, &at, &f, &bad));
    assert_int_equal(f.tag, PLT_T_QUEUE);
    plt_field_str(&f, text, sizeof text);
    assert_string_equal(text, "B\xc3\xbcro");
    assert_int_equal(plt_field_u64(&f), 0);
    assert_true(plt_field_next(out + 8, n, &at, &f, &bad));
    assert_int_equal(plt_field_u64(&f), 0x0102030405060708u);
    assert_true(plt_field_next(out + 8, n, &at, &f, &bad));
    assert_int_equal(f.len, 0);
    assert_false(plt_field_next(out + 8, n, &at, &f, &bad));
    assert_false(bad);
}

static void headers_of_others_are_refused(void **state)
{
    uint8_t good[8], h[8], type;
    size_t n;
    (void)state;
    plt_frame_header(good, PLT_F_DATA, PLT_FRAME_MAX_PAYLOAD);
    assert_int_equal(plt_frame_parse(good, &type, &n), PLT_OK);
    for (int i = 5; i < 8; i++) {
        memcpy(h, good, sizeof h);
        h[i] ^= 1;
        assert_int_equal(plt_frame_parse(h, &type, &n), PLT_BAD);
    }
    plt_frame_header(h, PLT_F_DATA, PLT_FRAME_MAX_PAYLOAD + 1);
    assert_int_equal(plt_frame_parse(h, &type, &n), PLT_BAD);
    assert_int_equal(n, 0);
}

static void fields_cut_anywhere_are_bad_or_shorter(void **state)
{
    uint8_t out[64];
    plt_frame_builder b;
    (void)state;
    plt_frame_begin(&b, out, sizeof out, PLT_F_END);
    plt_frame_u64(&b, PLT_T_STATUS, 1);
    plt_frame_text(&b, PLT_T_MESSAGE, "abc");
    size_t n = plt_frame_end(&b) - 8;
    for (size_t cut = 0; cut < n; cut++) {
        uint8_t *copy = malloc(cut ? cut : 1);
        size_t at = 0;
        bool bad = false;
        plt_field f;
        assert_non_null(copy);
        memcpy(copy, out + 8, cut);
        while (plt_field_next(copy, cut, &at, &f, &bad)) assert_true(f.len <= cut);
        assert_true(bad == (cut != 0 && cut != 12));
        free(copy);
    }
}

static void a_builder_says_when_it_is_full(void **state)
{
    uint8_t out[PLT_FRAME_HEADER + 12];
    static char text[PLT_FIELD_MAX + 10];
    static uint8_t large[PLT_FIELD_MAX * 2];
    plt_frame_builder b;
    (void)state;
    plt_frame_begin(&b, out, sizeof out, PLT_F_DONE);
    plt_frame_u64(&b, PLT_T_UID, 1);
    assert_int_equal(plt_frame_end(&b), sizeof out);
    plt_frame_bytes(&b, PLT_T_UID, "", 0);
    assert_int_equal(plt_frame_end(&b), 0);
    plt_frame_begin(&b, out, 7, PLT_F_DONE);
    assert_int_equal(plt_frame_end(&b), 0);
    /* Long text is cut at a character's border and marked. */
    memset(text, 'a', sizeof text - 1);
    memcpy(text + PLT_FIELD_MAX - 1, "\xe2\x82\xac", 3);
    plt_frame_begin(&b, large, sizeof large, PLT_F_DONE);
    plt_frame_text(&b, PLT_T_DOCUMENT, text);
    size_t n = plt_frame_end(&b), at = 0;
    bool bad = false;
    plt_field f;
    assert_true(plt_field_next(large + 8, n - 8, &at, &f, &bad));
    assert_int_equal(f.len, PLT_FIELD_MAX - 1);
    assert_true(plt_field_next(large + 8, n - 8, &at, &f, &bad));
    assert_int_equal(f.tag, PLT_T_TRUNCATED);
    assert_int_equal(plt_field_u64(&f), PLT_T_DOCUMENT);
}

/* ---- text ---- */

static void utf8_is_judged_and_copied(void **state)
{
    static const struct {
        const char *s;
        bool valid;
        const char *copy;
    } cases[] = {
        {"", true, ""},
        {"abc", true, "abc"},
        {"\xc3\xa9", true, "\xc3\xa9"},
        {"\xe2\x82\xac", true, "\xe2\x82\xac"},
        {"\xf0\x9f\x96\xa8", true, "\xf0\x9f\x96\xa8"},
        {"\xc0\xaf", false, "??"},           /* overlong */
        {"\xe0\x80\xaf", false, "???"},      /* overlong */
        {"\xed\xa0\x80", false, "???"},      /* surrogate */
        {"\xf4\x90\x80\x80", false, "????"}, /* beyond U+10FFFF */
        {"\xe2\x82", false, "??"},           /* cut */
        {"a\xff"
         "b",
         false, "a?b"},
        {"a\tb\x7f", true, "a?b?"}, /* well-formed, but no text for a person */
    };
    char out[32];
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        assert_int_equal(plt_utf8_valid(cases[i].s, strlen(cases[i].s)), cases[i].valid);
        plt_utf8_copy(out, sizeof out, cases[i].s, strlen(cases[i].s));
        assert_string_equal(out, cases[i].copy);
    }
    plt_utf8_copy(out, 4, "ab\xe2\x82\xac", 5);
    assert_string_equal(out, "ab");
    plt_utf8_copy(out, 1, "ab", 2);
    assert_string_equal(out, "");
    assert_int_equal(plt_utf8_cut("ab\xe2\x82\xac", 5, 4), 2);
    assert_int_equal(plt_utf8_cut("ab\xe2\x82\xac", 5, 5), 5);
    assert_int_equal(plt_utf8_cut("\x80\x80\x80\x80\x80\x80", 6, 5), 1);
    assert_false(plt_copy(out, 4, "abc\xc3\xa9"));
    assert_string_equal(out, "abc");
    assert_true(plt_copy(out, 4, "abc"));
}

static void hex_and_base64url(void **state)
{
    /* RFC 4648 section 10, without padding */
    static const char *const cases[][2] = {{"", ""},           {"f", "Zg"},          {"fo", "Zm8"},          {"foo", "Zm9v"},
                                           {"foob", "Zm9vYg"}, {"fooba", "Zm9vYmE"}, {"foobar", "Zm9vYmFy"}, {"\xfb\xff", "-_8"}};
    static const char *const wrong[] = {"Z", "Zg==", "Zm+v", "Zm/v", "Zm 9", "Zm9vY"};
    char text[32];
    uint8_t back[32];
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        size_t len = strlen(cases[i][0]), n = sizeof back;
        plt_b64url(text, cases[i][0], len);
        assert_string_equal(text, cases[i][1]);
        assert_int_equal(plt_b64url_size(len), strlen(text) + 1);
        assert_true(plt_unb64url(back, &n, text));
        assert_int_equal(n, len);
        assert_memory_equal(back, cases[i][0], len);
        if (!len) continue;
        n = len - 1;
        assert_false(plt_unb64url(back, &n, text));
    }
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        size_t n = sizeof back;
        assert_false(plt_unb64url(back, &n, wrong[i]));
    }
    plt_hex(text, "\x00\xaf\xff", 3);
    assert_string_equal(text, "00afff");
    assert_true(plt_unhex(back, 3, "00AfFf"));
    assert_memory_equal(back, "\x00\xaf\xff", 3);
    assert_false(plt_unhex(back, 3, "00afff0"));
    assert_false(plt_unhex(back, 3, "00aff"));
    assert_false(plt_unhex(back, 1, "0"));
    assert_false(plt_unhex(back, 1, "g0"));
}

static void times(void **state)
{
    static const struct {
        const char *text;
        int64_t ms;
        const char *back;
    } good[] = {
        {"1970-01-01T00:00:00Z", 0, "1970-01-01T00:00:00.000Z"},
        {"2000-02-29T12:34:56.789Z", 951827696789, "2000-02-29T12:34:56.789Z"},
        {"2026-01-31T00:00:00.5+01:30", 1769812200500, "2026-01-30T22:30:00.500Z"},
        {"2026-01-31t00:00:00z", 1769817600000, "2026-01-31T00:00:00.000Z"},
        {"2026-01-31", 1769817600000, "2026-01-31T00:00:00.000Z"},
        {"1969-12-31T23:59:59.999Z", -1, "1969-12-31T23:59:59.999Z"},
        {"0001-01-01T00:00:00Z", -62135596800000, "0001-01-01T00:00:00.000Z"},
        {"9999-12-31T23:59:59.999999Z", 253402300799999, "9999-12-31T23:59:59.999Z"},
    };
    static const char *const wrong[] = {"",
                                        "2026",
                                        "2026-1-1",
                                        "2026-13-01",
                                        "2026-00-01",
                                        "2026-01-32",
                                        "2026-02-30",
                                        "2026-04-31",
                                        "2100-02-29",
                                        "2026-01-31T",
                                        "2026-01-31T24:00:00Z",
                                        "2026-01-31T00:60:00Z",
                                        "2026-01-31T00:00:00",
                                        "2026-01-31T00:00:00.Z",
                                        "2026-01-31T00:00:00Zx",
                                        "2026-01-31T00:00:00+1:00"};
    char out[PLT_TIME_SIZE];
    int64_t ms;
    (void)state;
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
        if (!plt_time_parse(good[i].text, &ms) || ms != good[i].ms) fail_msg("%s gives %lld", good[i].text, (long long)ms);
        plt_time_format(out, ms);
        assert_string_equal(out, good[i].back);
    }
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
        if (plt_time_parse(wrong[i], &ms)) fail_msg("\"%s\" was accepted", wrong[i]);
    plt_time_format(out, INT64_MIN);
    assert_string_equal(out, "0000-01-01T00:00:00.000Z");
    plt_time_format(out, INT64_MAX);
    assert_string_equal(out, "9999-12-31T23:59:59.999Z");
}

static void globs(void **state)
{
    static const struct {
        const char *pattern, *s;
        bool matches;
    } cases[] = {
        {"", "", true},
        {"*", "", true},
        {"?", "", false},
        {"*", "anything", true},
        {"HQ-*", "hq-Color 3", true},
        {"HQ-*", "XHQ-1", false},
        {"*color*", "HQ-Color 3", true},
        {"*-?", "HQ-3", true},
        {"*-?", "HQ-33", false},
        {"a*b*c", "aXbXbc", true},
        {"a*b*c", "aXbXbd", false},
        {"**", "x", true},
        {"a**b", "ab", true},
        {"*\\temp*", "DOM\\Temp7", true},
        {"abc", "ab", false},
        {"ab", "abc", false},
        {"*a", "aaaa", true},
        {"[a]", "a", false},
        {"[a]", "[a]", true},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        if (plt_glob(cases[i].pattern, cases[i].s) != cases[i].matches) fail_msg("\"%s\" against \"%s\"", cases[i].pattern, cases[i].s);
    assert_true(plt_same("PJL", "pjl"));
    assert_false(plt_same("PJL", "PJ"));
    assert_false(plt_same("PJ", "PJL"));
}

/* ---- buffers and cursors ---- */

static void json_is_written_with_its_commas_and_escapes(void **state)
{
    plt_buf b;
    (void)state;
    plt_buf_init(&b, 200);
    plt_buf_byte(&b, '{');
    plt_json_key(&b, "a");
    plt_json_number(&b, 0);
    plt_json_key(&b, "b");
    plt_buf_byte(&b, '[');
    for (int i = 0; i < 2; i++) {
        plt_json_comma(&b);
        plt_json_quote(&b, i ? "\"\\,\n\x7F\xC3\xA4\"" : "");
    }
    plt_buf_byte(&b, ']');
    plt_json_key(&b, "c");
    plt_json_number(&b, UINT64_MAX);
    plt_buf_byte(&b, '}');
    assert_string_equal(plt_buf_str(&b), "{\"a\":0,\"b\":[\"\",\"\\\"\\\\,\\u000a\\u007f\xC3\xA4\\\"\"],\"c\":18446744073709551615}");
    plt_buf_free(&b);
    plt_buf_init(&b, 3);
    plt_json_quote(&b, "abc");
    assert_int_equal(b.status, PLT_FULL);
    plt_buf_free(&b);
}

static void buffers_keep_their_maximum_and_their_error(void **state)
{
    plt_buf b;
    (void)state;
    plt_buf_init(&b, 10);
    assert_string_equal(plt_buf_str(&b), "");
    plt_buf_text(&b, "hello");
    plt_buf_printf(&b, "%d", 12345);
    assert_int_equal(b.status, PLT_OK);
    assert_string_equal(plt_buf_str(&b), "hello12345");
    plt_buf_byte(&b, 'x');
    assert_int_equal(b.status, PLT_FULL);
    plt_buf_consume(&b, 5);
    plt_buf_text(&b, "y"); /* room again, but an error was missed: it stays */
    assert_int_equal(b.status, PLT_FULL);
    assert_string_equal(plt_buf_str(&b), "12345");
    plt_buf_clear(&b);
    assert_int_equal(b.status, PLT_OK);
    assert_non_null(plt_buf_reserve(&b, 10));
    assert_null(plt_buf_reserve(&b, SIZE_MAX));
    plt_buf_clear(&b);
    plt_buf_add(&b, NULL, 0);
    assert_int_equal(b.status, PLT_OK);
    plt_buf_consume(&b, 99);
    assert_int_equal(b.len, 0);
    plt_buf_free_secret(&b);
    assert_int_equal(b.max, 10);
    plt_buf_free(&b);
}

static void cursors_stay_inside(void **state)
{
    static const uint8_t data[] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12};
    plt_cursor c = plt_cursor_make(data, sizeof data);
    (void)state;
    assert_int_equal(plt_cursor_u8(&c), 1);
    assert_int_equal(plt_cursor_le16(&c), 0x0302);
    assert_int_equal(plt_cursor_be16(&c), 0x0405);
    assert_int_equal(plt_cursor_be32(&c), 0x06070809);
    assert_int_equal(plt_cursor_left(&c), 3);
    assert_int_equal(plt_cursor_le32(&c), 0);
    assert_true(c.bad);
    assert_null(plt_cursor_take(&c, 1)); /* sticky */
    assert_int_equal(plt_cursor_u8(&c), 0);
    c = plt_cursor_make(NULL, 0);
    assert_int_equal(plt_cursor_left(&c), 0);
    assert_non_null(plt_cursor_take(&c, 0));
    assert_false(c.bad);
    assert_null(plt_cursor_take(&c, SIZE_MAX));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_frame_is_read_back),
        cmocka_unit_test(headers_of_others_are_refused),
        cmocka_unit_test(fields_cut_anywhere_are_bad_or_shorter),
        cmocka_unit_test(a_builder_says_when_it_is_full),
        cmocka_unit_test(utf8_is_judged_and_copied),
        cmocka_unit_test(hex_and_base64url),
        cmocka_unit_test(times),
        cmocka_unit_test(globs),
        cmocka_unit_test(json_is_written_with_its_commas_and_escapes),
        cmocka_unit_test(buffers_keep_their_maximum_and_their_error),
        cmocka_unit_test(cursors_stay_inside),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
