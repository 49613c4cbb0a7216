/* SPDX-License-Identifier: Apache-2.0 */
/* Analyses in chunks of their own memory, so that the sanitizer sees a read past one. */
#include "tests/unit/core/pdl_kit.h"

#include "tests/unit/test.h"

#include <stdlib.h>
#include <string.h>

#include "worker/analysis.h"

static plt_pdl_result analyse(const char *job, size_t n, size_t first, size_t step, bool count_only)
{
    plt_pdl *a;
    plt_pdl_result r;
    assert_int_equal(plt_pdl_begin(&a, &(plt_pdl_options){.count_only = count_only}), PLT_OK);
    for (size_t at = 0; at < n;) {
        size_t take = at ? step : first;
        if (!take || take > n - at) take = n - at;
        uint8_t *chunk = malloc(take);
        assert_non_null(chunk);
        memcpy(chunk, job + at, take);
        plt_pdl_feed(a, chunk, take);
        free(chunk);
        at += take;
    }
    plt_pdl_end(a, &r);
    plt_pdl_free(a);
    return r;
}

plt_pdl_result pdl_kit_analyse(const char *job, size_t n, size_t first, size_t step)
{
    return analyse(job, n, first, step, false);
}

void pdl_kit_check_number(const char *name, const char *what, plt_maybe got, int want)
{
    if (got.known == (want != NO) && (want == NO || got.n == (uint64_t)want)) return;
    fail_msg("%s: %s is %lld, expected %d", name, what, got.known ? (long long)got.n : -1, want);
}

static void check_text(const char *name, const char *what, const char *got, const char *want)
{
    if (strcmp(got ? got : "(unknown)", want ? want : "(unknown)") != 0) fail_msg("%s: %s is \"%s\", expected \"%s\"", name, what, got, want);
}

void pdl_kit_check(const pdl_case *c)
{
    plt_pdl_result r = pdl_kit_analyse(c->job, c->n, 0, 0);
    check_text(c->name, "language", r.language, c->language);
    pdl_kit_check_number(c->name, "pages", r.pages, c->pages);
    pdl_kit_check_number(c->name, "copies", r.copies, c->copies);
    pdl_kit_check_number(c->name, "impressions", r.impressions, c->impressions);
    pdl_kit_check_number(c->name, "sheets", r.sheets, c->sheets);
    check_text(c->name, "duplex", plt_duplex_name(r.duplex), c->duplex);
    check_text(c->name, "paper", r.paper, c->paper);
    check_text(c->name, "confidence", plt_confidence_name(r.confidence), c->confidence);
    if (c->color) pdl_kit_check_number(c->name, "colour pages", r.color_pages, c->color == NO ? NO : c->color - 1);
    if (c->blank) pdl_kit_check_number(c->name, "blank pages", r.blank_pages, c->blank == NO ? NO : c->blank - 1);
    if (r.confidence <= PLT_CONF_ESTIMATED && !r.reason[0]) fail_msg("%s: no reason given", c->name);
    for (size_t f = 0; f < PLT_FACTS; f++)
        if (r.certainty[f].level == PLT_CONF_UNKNOWN && !r.certainty[f].reason[0])
            fail_msg("%s: no reason given for %s", c->name, plt_fact_name((plt_fact)f));
    if (r.bytes != c->n) fail_msg("%s: %llu bytes, expected %zu", c->name, (unsigned long long)r.bytes, c->n);
}

void pdl_kit_expect_same(const char *name, const plt_pdl_result *a, const plt_pdl_result *b, size_t first, size_t step)
{
    uint8_t x[PLT_ANALYSIS_FRAME_MAX], y[PLT_ANALYSIS_FRAME_MAX];
    size_t n = plt_analysis_encode(a, x, sizeof x), m = plt_analysis_encode(b, y, sizeof y);
    if (n == m && !memcmp(x, y, n)) return;
    fail_msg("%s: another answer in chunks of %zu, %zu: %s %lld (%s), whole: %s %lld (%s)", name, first, step, b->language, (long long)b->pages.n,
             b->reason, a->language, (long long)a->pages.n, a->reason);
}

void pdl_kit_check_chunks(const char *name, const char *job, size_t n)
{
    plt_pdl_result whole = pdl_kit_analyse(job, n, 0, 0);
    for (size_t step = 1; step < 9 && step < n; step++) {
        plt_pdl_result r = pdl_kit_analyse(job, n, step, step);
        pdl_kit_expect_same(name, &whole, &r, step, step);
    }
    for (size_t first = 1; first < n; first += n <= 4096 ? 1 : n / 997 + 1) {
        plt_pdl_result r = pdl_kit_analyse(job, n, first, 0);
        pdl_kit_expect_same(name, &whole, &r, first, 0);
    }
}

/* When only pages are wanted, colour and blank pages stay unknown, and nothing else changes. */
static void check_count_only(const pdl_case *c)
{
    plt_pdl_result whole = pdl_kit_analyse(c->job, c->n, 0, 0), count = analyse(c->job, c->n, 0, 0, true);
    count.color_pages = whole.color_pages;
    count.mono_pages = whole.mono_pages;
    count.blank_pages = whole.blank_pages;
    count.certainty[PLT_ON_COLOR] = whole.certainty[PLT_ON_COLOR];
    count.certainty[PLT_ON_BLANK] = whole.certainty[PLT_ON_BLANK];
    if (strcmp(whole.paper, count.paper) != 0) fail_msg("%s: paper is \"%s\" when only pages are wanted", c->name, count.paper);
    pdl_kit_expect_same(c->name, &whole, &count, 0, 0);
}

void pdl_kit_check_all(const pdl_case *cases, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        pdl_kit_check(&cases[i]);
        check_count_only(&cases[i]);
        pdl_kit_check_chunks(cases[i].name, cases[i].job, cases[i].n);
    }
}
