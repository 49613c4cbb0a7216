/* SPDX-License-Identifier: Apache-2.0 */
/* The batch parser: what is malformed and where, its bounds, and each allocation failing in turn. */
#include "hub_kit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/record/record.h"
#include "core/util/text.h"
#include "hub/batch.h"
#include "os/crypto.h"

/* ---- the n-th allocation fails (the linker sends all of them here) ---- */

void *__real_malloc(size_t n);
void *__real_calloc(size_t n, size_t size);
void *__real_realloc(void *p, size_t n);
void *__wrap_malloc(size_t n);
void *__wrap_calloc(size_t n, size_t size);
void *__wrap_realloc(void *p, size_t n);

static int fail_at, allocations;

static bool fails(void)
{
    return fail_at && ++allocations == fail_at;
}

void *__wrap_malloc(size_t n)
{
    return fails() ? NULL : __real_malloc(n);
}

void *__wrap_calloc(size_t n, size_t size)
{
    return fails() ? NULL : __real_calloc(n, size);
}

void *__wrap_realloc(void *p, size_t n)
{
    return fails() ? NULL : __real_realloc(p, n);
}

static void test_good(void **state)
{
    (void)state;
    kit_chain c;
    hub_batch b;
    hub_batch_error e;
    uint8_t none[32] = {0};
    kit_chain_init(&c);
    kit_chain_job(&c, "00112233445566778899aabbccddeeff", "\xC3\x84rger", "Mia");
    kit_chain_jobs(&c, 4);
    assert_int_equal(hub_batch_read(&b, plt_buf_str(&c.lines), c.lines.len, &e), PLT_OK);
    assert_int_equal(b.n, 5);
    assert_memory_equal(b.first_prev, none, 32);
    assert_string_equal(b.rows[0].uid, "00112233445566778899aabbccddeeff");
    assert_string_equal(b.rows[0].job->document, "\xC3\x84rger");
    assert_string_equal(b.rows[0].job->search, "\xC3\xA4rger\x1Fmia\x1Foffice\x1Fpc-1");
    assert_int_equal(b.rows[0].job->time, KIT_NOW + 60000);
    assert_int_equal(b.rows[0].job->sheets, -1);
    assert_int_equal(b.rows[0].job->pages, 0); /* known to be none */
    assert_int_equal(b.rows[4].seq, 5);
    assert_memory_equal(b.rows[4].hash, c.last_hash, 32);
    hub_batch_free(&b);
    hub_batch_free(&b);
    kit_chain_free(&c);
}

/* One good line at sequence 5 with a piece replaced. */
static void test_malformed(void **state)
{
    (void)state;
    static const char line[] =
        "{\"v\":1,\"seq\":5,\"prev\":\"1111111111111111111111111111111111111111111111111111111111111111\",\"type\":\"job\",\"uid\":"
        "\"00112233445566778899aabbccddeeff\","
        "\"at\":\"2026-01-01T00:00:00Z\",\"job\":{\"document\":\"d\",\"bytes\":1,\"outcome\":\"printed\",\"analysis\":{\"pages\":1}}}";
    static const struct {
        const char *from, *to;
        bool good;
    } cases[] = {
        {"\"v\":1", "\"v\":1", true},
        {"\"v\":1", "\"v\":1,\"new\":{\"x\":[1,2]}", true}, /* unknown fields are kept */
        {"\"type\":\"job\"", "\"type\":\"meter\"", true},
        {"\"pages\":1", "\"pages\":null", true},
        {"1111111111111111111111111111111111111111111111111111111111111111", "AbCd111111111111111111111111111111111111111111111111111111111111",
         true},
        {"\"v\":1", "\"v\":2", false},
        {"\"v\":1,", "", false},
        {"\"seq\":5", "\"seq\":0", false},
        {"\"seq\":5", "\"seq\":-5", false},
        {"\"seq\":5", "\"seq\":5.5", false},
        {"\"seq\":5", "\"seq\":\"5\"", false},
        {"\"seq\":5", "\"seq\":1e300", false},
        {"\"seq\":5", "\"seq\":9007199254740993", false},
        {"\"seq\":5", "\"seq\":1", false}, /* the first record names nothing before it */
        {"1111\"", "111\"", false},
        {"1111\"", "111g\"", false},
        {"\"prev\"", "\"Prev\"", false},
        {"ccddeeff", "ccddeef", false},
        {"ccddeeff", "ccddeeff00", false},
        {"\"uid\":\"00112233445566778899aabbccddeeff\",", "", false},
        {"\"at\":\"2026-01-01T00:00:00Z\"", "\"at\":\"soon\"", false},
        {"\"job\":{", "\"jab\":{", false},
        {"\"bytes\":1", "\"bytes\":-1", false},
        {"\"bytes\":1", "\"bytes\":true", false},
        {"\"outcome\":\"printed\"", "\"outcome\":\"lost\"", false},
        {"\"document\":\"d\"", "\"document\":7", false},
        {"\"document\":\"d\"", "\"document\":\"\xC3\"", false},
        {"\"document\":\"d\"", "\"document\":\"\xED\xA0\x80\"", false},
        {"{\"v\":1", "[{\"v\":1", false},
        {"}}}", "}}", false},
        {"}}}", "}}} x", false},
        {"\"pages\":1", "\"pages\":[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]", false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        plt_buf text;
        hub_batch b;
        hub_batch_error e;
        const char *at = strstr(line, cases[i].from);
        assert_non_null(at);
        plt_buf_init(&text, 4096);
        plt_buf_add(&text, line, (size_t)(at - line));
        plt_buf_text(&text, cases[i].to);
        plt_buf_text(&text, at + strlen(cases[i].from));
        plt_buf_byte(&text, '\n');
        plt_status s = hub_batch_read(&b, plt_buf_str(&text), text.len, &e);
        if ((s == PLT_OK) != cases[i].good || (s != PLT_OK && (e.line != 1 || !*e.why)))
            fail_msg("case %zu: %s, line %zu, '%s'", i, plt_status_name(s), e.line, e.why);
        if (s != PLT_OK) assert_true(b.n == 0 && !b.rows && !b.chunks);
        hub_batch_free(&b);
        plt_buf_free(&text);
    }
}

/* The fault is in a later line: its number is said, and nothing is kept. */
static void test_line_numbers(void **state)
{
    (void)state;
    for (int bad = 1; bad <= 7; bad += 3) {
        for (int kind = 0; kind < 5; kind++) {
            kit_chain c, d;
            hub_batch b;
            hub_batch_error e;
            kit_chain_init(&c);
            kit_chain_jobs(&c, bad);
            kit_chain_init(&d);
            kit_chain_jobs(&d, 1);
            if (kind == 0)
                plt_buf_text(&c.lines, "{}\n");
            else if (kind == 1)
                plt_buf_text(&c.lines, "\n");
            else if (kind == 2)
                plt_buf_add(&c.lines, d.lines.data, d.lines.len);      /* a first record again */
            if (kind == 3) c.seq++;                                    /* a jump */
            if (kind == 4) c.prev[63] = c.prev[63] == '0' ? '1' : '0'; /* a loose chain */
            if (kind >= 3) kit_chain_jobs(&c, 1);
            assert_int_equal(hub_batch_read(&b, plt_buf_str(&c.lines), c.lines.len, &e), PLT_BAD);
            assert_int_equal(e.line, bad + 1);
            kit_chain_free(&c);
            kit_chain_free(&d);
        }
    }
}

static void test_bounds(void **state)
{
    (void)state;
    kit_chain c;
    hub_batch b;
    hub_batch_error e;
    kit_chain_init(&c);
    kit_chain_jobs(&c, HUB_BATCH_LINES);
    assert_int_equal(hub_batch_read(&b, plt_buf_str(&c.lines), c.lines.len, &e), PLT_OK);
    assert_int_equal(b.n, HUB_BATCH_LINES);
    print_message("# %d records of %zu bytes hold %zu bytes more\n", HUB_BATCH_LINES, c.lines.len, b.memory);
    assert_true(b.memory < 4 * c.lines.len);
    hub_batch_free(&b);
    kit_chain_jobs(&c, 1);
    assert_int_equal(hub_batch_read(&b, plt_buf_str(&c.lines), c.lines.len, &e), PLT_FULL);
    assert_int_equal(hub_batch_read(&b, "", 0, &e), PLT_BAD);
    assert_int_equal(hub_batch_read(&b, "\n", 1, &e), PLT_BAD);
    kit_chain_free(&c);
    /* a line of the greatest length, and one byte more */
    for (size_t over = 0; over < 2; over++) {
        plt_buf line;
        plt_buf_init(&line, 1 << 20);
        plt_buf_printf(&line, "{\"v\":1,\"seq\":1,\"prev\":\"%064d\",\"type\":\"note\",\"uid\":\"%032d\",\"at\":\"2026-01-01\",\"x\":\"", 0, 0);
        while (line.len < PLT_RECORD_MAX - 2 + over) plt_buf_byte(&line, 'x');
        plt_buf_text(&line, "\"}");
        assert_int_equal(line.len, PLT_RECORD_MAX + over);
        assert_int_equal(hub_batch_read(&b, plt_buf_str(&line), line.len, &e), over ? PLT_BAD : PLT_OK);
        hub_batch_free(&b);
        plt_buf_free(&line);
    }
}

/* Without memory: an error, nothing leaked (the sanitizer sees to it), nothing half kept. */
static void test_memory(void **state)
{
    (void)state;
    kit_chain c;
    hub_batch b;
    hub_batch_error e;
    kit_chain_init(&c);
    kit_chain_jobs(&c, 3);
    plt_status s;
    int n = 0;
    do {
        allocations = 0;
        fail_at = ++n;
        s = hub_batch_read(&b, plt_buf_str(&c.lines), c.lines.len, &e);
        fail_at = 0;
        if (s != PLT_OK) assert_true(b.n == 0 && !b.rows && !b.chunks);
        assert_true(s == PLT_OK || s == PLT_NOMEM);
        hub_batch_free(&b);
    } while (allocations >= n && n < 2000);
    assert_int_equal(s, PLT_OK);
    assert_true(n > 5 && n < 2000);
    kit_chain_free(&c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_good), cmocka_unit_test(test_malformed), cmocka_unit_test(test_line_numbers),
                                       cmocka_unit_test(test_bounds), cmocka_unit_test(test_memory)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
