/* SPDX-License-Identifier: Apache-2.0 */
/* The page analysis: a table of jobs, and that the answer does not depend on how the bytes come. */
#include "tests/unit/test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/pdl/lang.h"
#include "core/pdl/pdl.h"
#include "core/util/buf.h"
#include "os/file.h"
#include "tests/unit/core/pdl_cases.h"
#include "tests/unit/core/pdl_kit.h"

static void the_table_holds(void **state)
{
    (void)state;
    pdl_kit_check_all(pdl_cases, pdl_case_count);
}

/* Random jobs made of pieces that mean something, cut at random. The seed is fixed: a failure stays. */
static uint32_t next_random(uint32_t *seed)
{
    *seed = *seed * 1664525u + 1013904223u;
    return *seed >> 8;
}

static void random_jobs_do_not_depend_on_chunks(void **state)
{
    static const char *const pieces[] = {
        "\033%-12345X",
        "@PJL SET COPIES=2\n",
        "@PJL ENTER LANGUAGE=PCL\n",
        "@PJL",
        "\033E",
        "\033&l1X",
        "\033*r1A",
        "\033*b3W",
        "\033*b2v",
        "abc",
        "\f",
        "\n",
        "\r\n",
        "\004",
        "%!PS-Adobe-3.0\n",
        "%%Page: 1 1\n",
        "%%Pages: 2\n",
        "%%BeginData: 5 x Bytes\n",
        "%%EndData\n",
        "showpage ",
        "{",
        "}",
        "(",
        ")",
        "%%EOF\n",
        "\033%0B",
        "PD;",
        "LBx\003",
        "\033%0A",
        "\033&f0X",
        "\033&f1X",
        "\033&f2X",
        "\033",
        "%-12345X",
        "<</NumCopies 3>>setpagedevice\n",
        "JZJZ",
    };
    uint32_t seed = 20260131;
    char job[2048];
    (void)state;
    for (int round = 0; round < 3000; round++) {
        size_t n = 0;
        for (int i = 0; i < 40; i++) {
            const char *piece = pieces[next_random(&seed) % (sizeof pieces / sizeof pieces[0])];
            if (n + strlen(piece) > sizeof job) break;
            memcpy(job + n, piece, strlen(piece));
            n += strlen(piece);
        }
        size_t first = 1 + next_random(&seed) % n, step = 1 + next_random(&seed) % 20;
        plt_pdl_result whole = pdl_kit_analyse(job, n, 0, 0), cut = pdl_kit_analyse(job, n, first, step);
        pdl_kit_expect_same("random", &whole, &cut, first, step);
    }
}

static void missing_bytes_make_pages_unknown(void **state)
{
    plt_pdl *a;
    plt_pdl_result r;
    (void)state;
    assert_int_equal(plt_pdl_begin(&a, NULL), PLT_OK);
    plt_pdl_feed(a, "\033Ea\f", 4);
    plt_pdl_lost(a, 1000);
    plt_pdl_feed(a, "b\f", 2);
    plt_pdl_end(a, &r);
    plt_pdl_free(a);
    assert_false(r.pages.known);
    assert_string_equal(r.language, "PCL5");
    assert_int_equal(r.bytes, 1006);
    assert_int_equal(r.confidence, PLT_CONF_UNKNOWN);
    assert_string_equal(r.reason, "1000 bytes of the job are missing");
}

static void repeat(plt_buf *b, char c, size_t n)
{
    while (n--) plt_buf_byte(b, (uint8_t)c);
}

/* However long its numbers, names and lines are, a job cannot make the analysis keep more. */
static void long_things_are_bounded(void **state)
{
    plt_buf b;
    plt_pdl_result r;
    (void)state;
    plt_buf_init(&b, 1u << 20);
    plt_buf_text(&b, "\033%-12345X@PJL SET X=");
    repeat(&b, 'x', 100000);
    plt_buf_text(&b, "\n@PJL SET COPIES=2\n@PJL ENTER LANGUAGE=POSTSCRIPT\n%!PS-Adobe-3.0\n%%Title: ");
    repeat(&b, 'y', 60000);
    plt_buf_text(&b, "\n%%Pages: 1\n%%Page: 1 1\nshowpage\n%%EOF\n");
    r = pdl_kit_analyse((const char *)b.data, b.len, 0, 0);
    pdl_kit_check_number("long lines", "impressions", r.impressions, 2);
    plt_buf_clear(&b);
    plt_buf_text(&b, "\033E\033*b99999999999999999999999999999W\f\f");
    r = pdl_kit_analyse((const char *)b.data, b.len, 0, 0);
    pdl_kit_check_number("a length past everything", "pages", r.pages, 1);
    assert_int_equal(r.confidence, PLT_CONF_ESTIMATED);
    plt_buf_clear(&b);
    plt_buf_text(&b, "\033E\033&l99999999999999999999Xa\f\033&l0Xb\f\033&l-5Xc\f");
    r = pdl_kit_analyse((const char *)b.data, b.len, 0, 0);
    pdl_kit_check_number("absurd copies", "impressions", r.impressions, 3);
    plt_buf_free(&b);
}

static void mono_is_forced_by_the_envelope(void **state)
{
    static const char job[] = "\033%-12345X@PJL SET RENDERMODE=GRAYSCALE\n@PJL ENTER LANGUAGE=PCL\n\033Ea\fb\f\033%-12345X";
    plt_pdl_result r = pdl_kit_analyse(job, sizeof job - 1, 0, 0);
    (void)state;
    pdl_kit_check_number("grey", "colour pages", r.color_pages, 0);
    pdl_kit_check_number("grey", "mono pages", r.mono_pages, 2);
    r = pdl_kit_analyse("\033E\033*r9Ua\033*r1A\033*b1Wx\f", 19, 0, 0);
    pdl_kit_check_number("not said", "colour pages", r.color_pages, NO);
    pdl_kit_check_number("not said", "mono pages", r.mono_pages, NO);
    pdl_kit_check_number("not said", "blank pages", r.blank_pages, NO);
}

static void the_producer_is_kept(void **state)
{
    static const char job[] = "%!PS-Adobe-3.0\n%%Creator: (PScript5.dll \001Version 5)\n%%Pages: 0\n%%EOF\n";
    plt_pdl_result r = pdl_kit_analyse(job, sizeof job - 1, 0, 0);
    (void)state;
    assert_string_equal(r.producer, "PScript5.dll ?Version 5");
    pdl_kit_check_number("declared empty", "pages", r.pages, 0);
}

static bool check_file(void *ctx, const char *name, uint64_t size)
{
    char path[OS_PATH_MAX];
    plt_buf file;
    (void)size;
    if (!os_path_join(path, sizeof path, ctx, name)) return true;
    plt_buf_init(&file, 64u << 20);
    if (os_file_load(path, &file) == PLT_OK) {
        plt_pdl_result whole = pdl_kit_analyse((const char *)file.data, file.len, 0, 0);
        static const size_t steps[] = {1, 3, 17, 511, 4096};
        for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++) {
            plt_pdl_result r = pdl_kit_analyse((const char *)file.data, file.len, steps[i], steps[i]);
            pdl_kit_expect_same(name, &whole, &r, steps[i], steps[i]);
        }
    }
    plt_buf_free(&file);
    return true;
}

/* PLATEN_CORPUS: a folder of real jobs. */
static void the_corpus_does_not_depend_on_chunks(void **state)
{
    static const char *const groups[] = {"cups", "cupsd", "gs", "lo", "misc", "raster", "synth", "wine"};
    const char *corpus = getenv("PLATEN_CORPUS");
    (void)state;
    if (!corpus) {
        print_message("SKIP: PLATEN_CORPUS names no folder of jobs\n");
        skip();
    }
    for (size_t i = 0; i < sizeof groups / sizeof groups[0]; i++) {
        char dir[OS_PATH_MAX];
        if (os_path_join(dir, sizeof dir, corpus, groups[i])) os_dir_list(dir, check_file, dir);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_table_holds),
        cmocka_unit_test(random_jobs_do_not_depend_on_chunks),
        cmocka_unit_test(missing_bytes_make_pages_unknown),
        cmocka_unit_test(long_things_are_bounded),
        cmocka_unit_test(mono_is_forced_by_the_envelope),
        cmocka_unit_test(the_producer_is_kept),
        cmocka_unit_test(the_corpus_does_not_depend_on_chunks),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
