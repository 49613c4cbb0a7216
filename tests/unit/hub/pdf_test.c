/* SPDX-License-Identifier: Apache-2.0 */
/* The PDF writer: its structure is read back here; where qpdf and pdftotext are there, they judge the file, too. */
#include "hub_kit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include "hub/pdf_table.h"
#include "hub/report_words.h"

#define MAX (8u << 20)

static const hub_pdf_info info = {"Title (with \\ and )", "de", "foot \xE2\x82\xAC", "Seite", "von", KIT_NOW};

/* The cross-reference table says where each object begins; that is where "N 0 obj" must stand. */
static size_t check_structure(const plt_buf *out)
{
    const char *all = plt_buf_str(out), *end = all + out->len, *start = NULL;
    for (const char *p = end - 9; p > all && !start; p--)
        if (memcmp(p, "startxref", 9) == 0) start = p;
    assert_non_null(start);
    size_t at = (size_t)atol(start + 10), n = 0, size;
    assert_memory_equal(all, "%PDF-1.7\n", 9);
    assert_memory_equal(end - 6, "%%EOF\n", 6);
    assert_memory_equal(all + at, "xref\n", 5);
    assert_int_equal(sscanf(all + at + 5, "0 %zu", &size), 1);
    const char *row = strchr(all + at + 5, '\n') + 1;
    assert_memory_equal(row, "0000000000 65535 f \n", 20);
    for (n = 1; n < size; n++) {
        char want[32];
        snprintf(want, sizeof want, "%zu 0 obj\n", n);
        const char *object = all + atol(row + 20 * n);
        assert_memory_equal(object, want, strlen(want));
        assert_memory_equal(row + 20 * n + 10, " 00000 n \n", 10);
    }
    return size - 1;
}

static void write_file(const plt_buf *out, const char *name, char path[OS_PATH_MAX])
{
    kit_path(path, kit_here.dir, name);
    FILE *f = fopen(path, "wb");
    assert_non_null(f);
    assert_int_equal(fwrite(out->data, 1, out->len, f), out->len);
    fclose(f);
}

/* The output of a program for the file; false where the program is not there. */
static bool run(const char *program, const char *path, char *said, size_t n)
{
    char line[OS_PATH_MAX + 128];
    snprintf(line, sizeof line, "command -v %s >/dev/null || exit 99; %s", program, program);
    size_t len = strlen(line);
    snprintf(line + len, sizeof line - len,
             strcmp(program, "qpdf") == 0      ? " --check %s 2>&1"
             : strcmp(program, "pdfinfo") == 0 ? " %s 2>&1"
                                               : " -layout %s - 2>&1",
             path);
    FILE *p = popen(line, "r");
    assert_non_null(p);
    size_t got = fread(said, 1, n - 1, p);
    said[got] = 0;
    int code = pclose(p);
    if (WIFEXITED(code) && WEXITSTATUS(code) == 99) {
        print_message("# SKIP %s is not there\n", program);
        return false;
    }
    if (code != 0) fail_msg("%s: %s", program, said);
    return true;
}

static void cell(void *ctx, size_t row, size_t column, char out[HUB_PDF_CELL])
{
    const size_t *rows = ctx;
    if (column == 1)
        hub_pdf_number(out, row + 1 == *rows ? 1234567 : (int64_t)row * 1000, 0, 0, HUB_GERMAN);
    else
        snprintf(out, HUB_PDF_CELL, row % 2 ? "M\xC3\xBCller & S\xC3\xB6hne %zu" : "\xE6\x9D\xB1\xE4\xBA\xAC (closing) ) \\ %zu", row);
}

static void test_pages(void **state)
{
    (void)state;
    static const hub_pdf_column columns[] = {{"Name", false}, {"Zahl", true}};
    static char said[1u << 16];
    char path[OS_PATH_MAX];
    size_t rows = 151;
    hub_pdf_flow f;
    hub_pdf_bar bars[31];
    plt_buf out;
    plt_buf_init(&out, MAX);
    for (int i = 0; i < 31; i++) {
        bars[i].value = i * i;
        hub_pdf_date(bars[i].label, KIT_NOW + i * KIT_DAY);
    }
    hub_pdf_flow_init(&f, false, MAX);
    hub_pdf_flow_title(&f, "Nutzung je Benutzer", "Alle Standorte");
    hub_pdf_flow_bars(&f, "Seiten", bars, 31, HUB_GERMAN);
    hub_pdf_table t = {columns, 2, rows, true, cell, &rows};
    hub_pdf_flow_table(&f, &t);
    hub_pdf_flow_line(&f, "A line that is much longer than a page is wide, so that it has to be broken at one of its many spaces, which it has been, "
                          "we hope, at the right one.");
    assert_int_equal(hub_pdf_end(&f.pdf, &info, &out), PLT_OK);
    size_t pages = f.pdf.pages;
    assert_in_range(pages, 3, 5);
    assert_int_equal(check_structure(&out), 5 + 2 * pages);
    write_file(&out, "pages.pdf", path);
    if (run("qpdf", path, said, sizeof said)) assert_non_null(strstr(said, "No syntax or stream encoding errors found"));
    if (run("pdfinfo", path, said, sizeof said)) {
        assert_non_null(strstr(said, "Title (with \\ and )"));
        assert_non_null(strstr(said, "PDF version:     1.7"));
    }
    if (run("pdftotext", path, said, sizeof said)) {
        char last[64];
        size_t headers = 0;
        snprintf(last, sizeof last, "Seite %zu von %zu", pages, pages);
        assert_non_null(strstr(said, last));
        assert_non_null(strstr(said, "1.234.567"));
        assert_non_null(strstr(said, "M\xC3\xBCller & S\xC3\xB6hne 149"));
        assert_non_null(strstr(said, "\xC2\xBF\xC2\xBF (closing) ) \\ 148"));
        assert_non_null(strstr(said, "foot \xE2\x82\xAC"));
        for (const char *p = said; (p = strstr(p, "Zahl")) != NULL; p++) headers++;
        assert_int_equal(headers, pages); /* on each page, for the table goes over all of them */
    }
    hub_pdf_free(&f.pdf);
    plt_buf_free(&out);
}

static void test_same_bytes(void **state)
{
    (void)state;
    plt_buf out[2];
    for (int i = 0; i < 2; i++) {
        hub_pdf p;
        plt_buf_init(&out[i], MAX);
        hub_pdf_init(&p, true, MAX);
        hub_pdf_page(&p);
        hub_pdf_text(&p, HUB_PDF_BOLD, 1000, 100, 2000, "x");
        assert_int_equal(hub_pdf_end(&p, &info, &out[i]), PLT_OK);
        hub_pdf_free(&p);
    }
    assert_int_equal(out[0].len, out[1].len);
    assert_memory_equal(out[0].data, out[1].data, out[0].len);
    for (int i = 0; i < 2; i++) plt_buf_free(&out[i]);
}

/* Any bytes are a text: what the writer makes of them stays inside its string. */
static void test_any_text(void **state)
{
    (void)state;
    static char said[4096];
    char path[OS_PATH_MAX], text[64];
    uint64_t seed = 1;
    hub_pdf p;
    plt_buf out;
    plt_buf_init(&out, MAX);
    hub_pdf_init(&p, false, MAX);
    for (int i = 0; i < 2000; i++) {
        if (i % 50 == 0) hub_pdf_page(&p);
        for (size_t k = 0; k < sizeof text - 1; k++) {
            seed = seed * 6364136223846793005u + 1;
            text[k] = (char)(1 + (seed >> 33) % 255);
        }
        text[sizeof text - 1] = 0;
        char cut[24];
        hub_pdf_fit(HUB_PDF_PLAIN, 900, 10000, text, cut, sizeof cut);
        assert_true(strlen(cut) < sizeof cut);
        hub_pdf_text(&p, HUB_PDF_PLAIN, 900, 1000, 1000 + i % 50 * 1500, text);
    }
    assert_int_equal(hub_pdf_end(&p, &info, &out), PLT_OK);
    check_structure(&out);
    write_file(&out, "any.pdf", path);
    if (run("qpdf", path, said, sizeof said)) assert_non_null(strstr(said, "No syntax or stream encoding errors found"));
    hub_pdf_free(&p);
    plt_buf_free(&out);
}

static void test_too_large(void **state)
{
    (void)state;
    hub_pdf p;
    plt_buf out;
    plt_buf_init(&out, MAX);
    hub_pdf_init(&p, false, 5000);
    for (int i = 0; i < 100; i++) {
        hub_pdf_page(&p);
        hub_pdf_text(&p, HUB_PDF_PLAIN, 900, 0, 0, "some text");
    }
    assert_int_equal(hub_pdf_end(&p, &info, &out), PLT_FULL);
    hub_pdf_free(&p);
    hub_pdf_init(&p, false, MAX);
    for (int i = 0; i <= HUB_PDF_PAGES; i++) hub_pdf_page(&p);
    assert_int_equal(p.status, PLT_FULL);
    hub_pdf_free(&p);
    plt_buf_free(&out);
}

static void test_numbers(void **state)
{
    (void)state;
    static const struct {
        int64_t v;
        int digits, shown, language;
        const char *want;
    } cases[] = {{0, 0, 0, 0, "0"},
                 {999, 0, 0, 0, "999"},
                 {1000, 0, 0, 0, "1,000"},
                 {1234567, 0, 0, 2, "1.234.567"},
                 {-1234, 0, 0, 0, "-1,234"},
                 {1250000, 6, 2, 0, "1.25"},
                 {1255000, 6, 2, 0, "1.26"},
                 {1254999, 6, 2, 1, "1,25"},
                 {999999, 6, 2, 0, "1.00"},
                 {2500, 2, 1, 0, "25.0"},
                 {1234567, 0, 0, 1,
                  "1\xC2\xA0"
                  "234\xC2\xA0"
                  "567"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char got[HUB_PDF_CELL];
        hub_pdf_number(got, cases[i].v, cases[i].digits, cases[i].shown, cases[i].language);
        assert_string_equal(got, cases[i].want);
    }
}

static void test_fit(void **state)
{
    (void)state;
    char out[64];
    hub_pdf_fit(HUB_PDF_PLAIN, 1000, 100000, "short", out, sizeof out);
    assert_string_equal(out, "short");
    hub_pdf_fit(HUB_PDF_PLAIN, 1000, 3000, "much too long", out, sizeof out);
    assert_true(strstr(out, "\xE2\x80\xA6") != NULL && hub_pdf_width(HUB_PDF_PLAIN, 1000, out) <= 3000);
    assert_int_equal(hub_pdf_width(HUB_PDF_PLAIN, 1000, "AV"), 667 + 667);
    assert_int_equal(hub_pdf_width(HUB_PDF_BOLD, 1000, "\xC3\xA9\xE2\x82\xAC"), 556 + 556);
}

static int in_folder(void **state)
{
    (void)state;
    kit_place_make(false);
    return 0;
}

static int out_of_folder(void **state)
{
    (void)state;
    kit_place_remove();
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_pages),     cmocka_unit_test(test_same_bytes), cmocka_unit_test(test_any_text),
                                       cmocka_unit_test(test_too_large), cmocka_unit_test(test_numbers),    cmocka_unit_test(test_fit)};
    return cmocka_run_group_tests(tests, in_folder, out_of_folder);
}
