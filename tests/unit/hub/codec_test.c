/* SPDX-License-Identifier: Apache-2.0 */
/* The small pure parts: cursors, folding, JSON, replies, listen addresses, the table of the console's files. */
#include "hub_kit.h"

#include <stdio.h>
#include <string.h>

#include "core/util/text.h"
#include "hub/assets.h"
#include "hub/cursor.h"
#include "hub/fold.h"
#include "hub/http.h"
#include "hub/json.h"
#include "hub/reply.h"

static void test_cursor(void **state)
{
    (void)state;
    for (int sort = 0; sort < HUB_SORTS; sort++) {
        for (int descending = 0; descending < 2; descending++) {
            hub_cursor c = {.sort = (hub_sort)sort,
                            .descending = descending,
                            .tenant_id = 7 + sort,
                            .agent = "0123456789abcdef",
                            .seq = INT64_C(9007199254740991)},
                       d;
            char text[HUB_CURSOR_TEXT];
            hub_cursor_format(&c, text);
            assert_true(hub_cursor_parse(text, &d));
            assert_memory_equal(&c, &d, sizeof c);
            /* any other character in any place: never a crash, mostly no cursor, never another sort than there is */
            for (size_t i = 0; i < strlen(text); i++) {
                for (int ch = 1; ch < 256; ch += 13) {
                    char old = text[i];
                    text[i] = (char)ch;
                    if (hub_cursor_parse(text, &d)) assert_true(d.sort < HUB_SORTS && d.tenant_id > 0 && d.seq > 0);
                    text[i] = old;
                }
            }
        }
    }
    static const char *const bad[] = {"",
                                      "A",
                                      "AAAA",
                                      "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
                                      "AQAAAAAAAAAAAAcBI0VniavN7wAAAAAAAAABAAAA",
                                      "!",
                                      "AQcAAAAAAAAAAAcBI0VniavN7wAAAAAAAAAB"};
    hub_cursor d;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        if (hub_cursor_parse(bad[i], &d)) fail_msg("%s", bad[i]);
    assert_true(hub_id_valid("0123456789abcdef"));
    assert_false(hub_id_valid("0123456789ABCDEF") || hub_id_valid("0123456789abcde") || hub_id_valid("0123456789abcdef0") || hub_id_valid(""));
}

static void test_fold(void **state)
{
    (void)state;
    static const char *const cases[][2] = {
        {"", ""},
        {"ABC xyz 123", "abc xyz 123"},
        {"\xC3\x84\xC3\x96\xC3\x9C\xC3\x9F", "\xC3\xA4\xC3\xB6\xC3\xBC\xC3\x9F"},   /* ÄÖÜß */
        {"\xC3\x89t\xC3\xA9 \xC3\x97", "\xC3\xA9t\xC3\xA9 \xC3\x97"},               /* Été × */
        {"\xC5\x81\xC3\x93\xC5\xB9", "\xC5\x82\xC3\xB3\xC5\xBA"},                   /* ŁÓŹ */
        {"\xC5\xB8\xC4\xB0\xC4\xB1", "\xC3\xBF\xC4\xB0\xC4\xB1"},                   /* ŸİI dotless: İ and ı stay */
        {"\xCE\x91\xCE\xA9 \xD0\x96\xD0\x81", "\xCE\xB1\xCF\x89 \xD0\xB6\xD1\x91"}, /* ΑΩ ЖЁ */
        {"\xE2\x82\xAC \xF0\x9F\x96\xA8", "\xE2\x82\xAC \xF0\x9F\x96\xA8"},         /* € and a printer */
        {"\xC3", "\xC3"},
        {"\xFF\x80", "\xFF\x80"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        plt_buf b;
        plt_buf_init(&b, strlen(cases[i][0]));
        hub_fold(&b, cases[i][0]);
        assert_int_equal(b.status, PLT_OK); /* never longer */
        assert_string_equal(plt_buf_str(&b), cases[i][1]);
        plt_buf_free(&b);
    }
}

static void test_json(void **state)
{
    (void)state;
    plt_buf b;
    plt_buf_init(&b, 4096);
    plt_buf_byte(&b, '{');
    plt_json_text(&b, "a", "q\"\\\n\x01\x7F \xC3\xA4 \xFF\xC3 \xED\xA0\x80");
    plt_json_text(&b, "b", "");
    plt_json_text(&b, "c", NULL);
    plt_json_count(&b, "d", -1);
    plt_json_count(&b, "e", INT64_C(9007199254740991));
    hub_json_time(&b, "f", 0);
    hub_json_time(&b, "g", KIT_NOW);
    plt_json_bool(&b, "h", true);
    plt_buf_byte(&b, '}');
    assert_string_equal(
        plt_buf_str(&b),
        "{\"a\":\"q\\\"\\\\\\u000a\\u0001\\u007f \xC3\xA4 ?? ???\",\"b\":null,\"c\":null,\"d\":null,\"e\":9007199254740991,\"f\":null,"
        "\"g\":\"2026-01-01T00:00:00.000Z\",\"h\":true}");
    plt_buf_free(&b);
    static const struct {
        const char *text;
        bool good;
    } cases[] = {{"{}", true},
                 {" {\"a\":[1,{}]}\r\n", true},
                 {"", false},
                 {"[]", false},
                 {"1", false},
                 {"{} x", false},
                 {"{\"a\":\"\xFF\"}", false},
                 {"{", false},
                 {"{\"a\":\"}\"}", true},
                 {"{\"a\":\"\\\"[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[\"}", true}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        cJSON *o = hub_json_read(cases[i].text, strlen(cases[i].text));
        if ((o != NULL) != cases[i].good) fail_msg("%s", cases[i].text);
        cJSON_Delete(o);
    }
    static char deep[2 * PLT_JSON_DEPTH + 8];
    for (int depth = PLT_JSON_DEPTH - 1; depth <= PLT_JSON_DEPTH; depth++) { /* the object and so many lists */
        size_t n = (size_t)snprintf(deep, sizeof deep, "{\"a\":");
        memset(deep + n, '[', (size_t)depth);
        n += (size_t)depth;
        assert_int_equal(plt_json_shallow(deep, n, PLT_JSON_DEPTH), depth < PLT_JSON_DEPTH);
    }
    assert_null(hub_json_read("{\"a\":1}\0", 8));
}

static void head(const hub_reply *r, bool console, char out[4096])
{
    plt_buf b;
    plt_buf_init(&b, HUB_HEAD_MAX);
    assert_int_equal(hub_reply_head(r, console, false, &b), PLT_OK);
    snprintf(out, 4096, "%s", plt_buf_str(&b));
    plt_buf_free(&b);
}

static void test_reply(void **state)
{
    (void)state;
    static const plt_status failures[] = {PLT_FULL, PLT_BUSY, PLT_NOMEM, PLT_TIMEOUT, PLT_BAD, PLT_IO, PLT_DENIED, PLT_EXISTS};
    static const int want[] = {507, 503, 503, 503, 500, 500, 500, 500};
    char text[4096];
    hub_reply r;
    hub_reply_init(&r);
    for (size_t i = 0; i < sizeof failures / sizeof *failures; i++) {
        hub_reply_store(&r, failures[i]);
        assert_int_equal(r.status, want[i]);
        cJSON *o = cJSON_Parse(plt_buf_str(&r.body));
        assert_true(cJSON_IsString(cJSON_GetObjectItem(o, "title")) && cJSON_IsString(cJSON_GetObjectItem(o, "remedy")));
        cJSON_Delete(o);
    }
    hub_problem(&r, 409, "gap", "T", NULL, "R");
    hub_problem_count(&r, "durable", 5);
    assert_non_null(strstr(plt_buf_str(&r.body), ",\"durable\":5}"));
    head(&r, true, text);
    assert_int_equal(strncmp(text, "HTTP/1.1 409 Conflict\r\n", 23), 0);
    static const char *const always[] = {"Strict-Transport-Security:", "nosniff",
                                         "Referrer-Policy:",           "Cache-Control: no-store",
                                         "application/problem+json",   "Content-Security-Policy: default-src 'self'; img-src 'self' data:",
                                         "frame-ancestors 'none'"};
    for (size_t i = 0; i < sizeof always / sizeof *always; i++) assert_non_null(strstr(text, always[i]));
    assert_string_equal(text + strlen(text) - 4, "\r\n\r\n");
    hub_reply_empty(&r);
    head(&r, false, text);
    assert_null(strstr(text, "\nContent-Length:"));
    assert_null(strstr(text, "\nContent-Type:"));
    hub_reply_free(&r);
}

static void test_listen(void **state)
{
    (void)state;
    static const struct {
        const char *text, *host;
        int port; /* -1: wrong */
    } cases[] = {{"127.0.0.1:0", "127.0.0.1", 0},
                 {"8443", "", 8443},
                 {":8443", "", 8443},
                 {"*:1", "", 1},
                 {"localhost:9", "127.0.0.1", 9},
                 {"[::1]:8443", "::1", 8443},
                 {"[::]:8443", "::", 8443},
                 {"1:2:3", "", -1},
                 {"", "", -1},
                 {"host:", "", -1},
                 {"host:x", "", -1},
                 {"host:70000", "", -1},
                 {"host:-1", "", -1},
                 {"h:123456", "", -1},
                 {"h: 1", "", -1},
                 {"::1:8443", "", -1}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        hub_listen l;
        bool good = hub_listen_parse(cases[i].text, &l);
        if (good != (cases[i].port >= 0) || (good && (l.port != cases[i].port || strcmp(l.host, cases[i].host) != 0)))
            fail_msg("'%s': %s %d", cases[i].text, l.host, l.port);
    }
}

static void put_file(const char *dir, const char *name, const char *text)
{
    char path[OS_PATH_MAX];
    kit_path(path, dir, name);
    assert_int_equal(os_file_store(path, text, strlen(text), false), PLT_OK);
}

static void test_assets(void **state)
{
    (void)state;
    char dir[OS_PATH_MAX], sub[OS_PATH_MAX], inside[OS_PATH_MAX];
    hub_assets *a = NULL;
    folder_make(dir);
    put_file(dir, "secret.txt", "outside");
    kit_path(inside, dir, "console");
    kit_path(sub, inside, "assets");
    assert_int_equal(os_dir_make(sub, false), PLT_OK);
    put_file(inside, "index.html", "first page");
    put_file(inside, ".hidden", "hidden");
    put_file(
        sub, "app-1.js",
        "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa");
    assert_int_equal(hub_assets_load(&a, inside), PLT_OK);
    assert_int_equal(hub_assets_count(a), 2);
    static const struct {
        const char *path;
        int status;
        const char *starts;
    } cases[] = {{"/", 200, "first"},
                 {"/index.html", 200, "first"},
                 {"/jobs", 200, "first"},
                 {"/jobs/x/7", 200, "first"},
                 {"/assets/app-1.js", 200, "aaa"},
                 {"/assets/app-2.js", 404, ""},
                 {"/assets/x", 404, ""},
                 {"/favicon.ico", 404, ""},
                 {"/.hidden", 404, ""},
                 {"/../secret.txt", 404, ""},
                 {"/console/../../secret.txt", 404, ""},
                 {"/assets/../index.html", 404, ""},
                 {"../secret.txt", 404, ""},
                 {"", 200, "first"},
                 {"/..", 404, ""}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        hub_reply r;
        size_t n;
        hub_reply_init(&r);
        hub_assets_serve(a, cases[i].path, false, NULL, &r);
        const char *body = hub_reply_body(&r, &n);
        if (r.status != cases[i].status || (r.status == 200 && strncmp(body, cases[i].starts, strlen(cases[i].starts)) != 0))
            fail_msg("'%s': %d", cases[i].path, r.status);
        if (r.status == 200) {
            const char *etag = r.etag;
            hub_assets_serve(a, cases[i].path, true, etag, &r);
            assert_int_equal(r.status, 304);
        }
        hub_reply_free(&r);
    }
    hub_assets_free(a);
    assert_int_equal(hub_assets_load(&a, "/nonexistent-folder"), PLT_OK);
    assert_int_equal(hub_assets_count(a), 0);
    hub_assets_free(a);
    folder_remove(sub);
    folder_remove(inside);
    folder_remove(dir);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_cursor), cmocka_unit_test(test_fold),   cmocka_unit_test(test_json),
                                       cmocka_unit_test(test_reply),  cmocka_unit_test(test_listen), cmocka_unit_test(test_assets)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
