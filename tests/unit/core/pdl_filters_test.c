/* SPDX-License-Identifier: Apache-2.0 */
/* Chains of decoding filters: what comes out, where the data end, and that neither depends on how the bytes come. */
#include "tests/unit/test.h"

#include <string.h>

#include "core/pdl/filters.h"
#include "core/pdl/job.h"

#define A85 {PLT_FILTER_ASCII85}
#define HEX {PLT_FILTER_HEX}
#define RUNS {PLT_FILTER_RUNLENGTH}
#define LZW {PLT_FILTER_LZW}
#define FLATE {PLT_FILTER_FLATE}
#define PNG(n, of) {PLT_FILTER_PREDICTOR, .predictor = 15, .columns = (n), .colors = (of)}
#define TIFF(n, of) {PLT_FILTER_PREDICTOR, .predictor = 2, .columns = (n), .colors = (of)}
#define BYTES(text) text, sizeof(text) - 1

typedef struct filter_case {
    const char *name;
    size_t n;
    plt_filter_spec specs[3];
    const char *in;
    size_t in_n;
    const char *out;
    size_t out_n;
    size_t took; /* of in_n */
    bool broken;
} filter_case;

static const filter_case cases[] = {
    {"no filter", 0, {A85}, BYTES("abc"), BYTES("abc"), 3},
    {"ASCII85", 1, {A85}, BYTES("9jqo^Bl\nbD-BleB1DJ+*+F(f,q~>rest"), BYTES("Man is distinguished"), 28},
    {"ASCII85: z and short groups", 1, {A85}, BYTES("z9jqo^/c~>x"), BYTES("\0\0\0\0Man ."), 10},
    {"ASCII85: blanks before the bracket", 1, {A85}, BYTES("9jqo^~ \n>x"), BYTES("Man "), 9},
    {"ASCII85: one character is no group", 1, {A85}, BYTES("9jqo^/~>x"), BYTES("Man "), 8, true},
    {"ASCII85: foreign characters", 1, {A85}, BYTES("9jqo^\x80wwwww9jqo^~>x"), BYTES("Man "), 18, true},
    {"ASCII85 without an end", 1, {A85}, BYTES("9jqo^/c"), BYTES("Man ."), 7},
    {"hex", 1, {HEX}, BYTES("41 4\n2 4>x"), BYTES("AB@"), 9},
    {"hex: foreign characters", 1, {HEX}, BYTES("41g42>x"), BYTES("A"), 6, true},
    {"run length", 1, {RUNS}, BYTES("\002abc\376x\200y"), BYTES("abcxxx"), 7},
    {"LZW: the example of PLRM", 1, {LZW}, BYTES("\x80\x0B\x60\x50\x22\x0C\x0C\x85\x01zz"), BYTES("-----A---B"), 9},
    {"LZW: a code that is not there", 1, {LZW}, BYTES("\x80\x0B\x7F\xFF\xFF"), BYTES("-"), 3, true},
    {"flate", 1, {FLATE}, BYTES("x\332KLJ\006\000\002M\001'zz"), BYTES("abc"), 11},
    {"flate that is none", 1, {FLATE}, BYTES("abcdef"), BYTES(""), 2, true},
    {"LZW in ASCII85", 2, {A85, LZW}, BYTES("J.#a]+q+m6!<~>x"), BYTES("-----A---B"), 0},
    {"hex of run length of flate", 3, {HEX, RUNS, FLATE}, BYTES("04 78DA4B4C4A 05 0600024D0127 80 00>x"), BYTES("abc"), 0},
    {"behind the inner end anything goes", 2, {HEX, RUNS}, BYTES("0041 80 00 zz>x"), BYTES("A"), 14},
    {"PNG's predictors", 2, {HEX, PNG(3, 1)}, BYTES("01010101 02010101 03010101 04010101 00090909>x"), BYTES("\1\2\3\2\3\4\2\3\4\3\4\5\11\11\11"), 0},
    {"TIFF's predictor", 2, {HEX, TIFF(2, 3)}, BYTES("010203 010101 040506 010101>"), BYTES("\1\2\3\2\3\4\4\5\6\5\6\7"), 0},
    {"the last row is short", 2, {HEX, PNG(3, 1)}, BYTES("01010101 0101>"), BYTES("\1\2\3\1"), 0},
};

typedef struct gathered {
    char text[64];
    size_t n, most;
} gathered;

static bool gather(void *ctx, const uint8_t *p, size_t n)
{
    gathered *g = ctx;
    assert_true(g->n + n <= sizeof g->text);
    memcpy(g->text + g->n, p, n);
    g->n += n;
    return g->n < g->most;
}

static void run(plt_filters *f, const filter_case *c, size_t step)
{
    gathered g = {.most = sizeof g.text};
    plt_filter_status status = PLT_FILTER_MORE;
    size_t at = 0, took;
    assert_true(plt_filters_begin(f, c->specs, c->n, gather, &g));
    while (at < c->in_n && status == PLT_FILTER_MORE) {
        size_t n = c->in_n - at < step ? c->in_n - at : step;
        status = plt_filters_feed(f, (const uint8_t *)c->in + at, n, &took);
        at += took;
        assert_true(status != PLT_FILTER_MORE || took == n);
    }
    plt_filters_end(f);
    if (g.n != c->out_n || memcmp(g.text, c->out, g.n) != 0) fail_msg("%s, chunks of %zu: %zu bytes came out", c->name, step, g.n);
    if (plt_filters_broken(f) != c->broken) fail_msg("%s, chunks of %zu: broken is %d", c->name, step, !c->broken);
    if (status != PLT_FILTER_BAD && at != (c->took ? c->took : at)) fail_msg("%s, chunks of %zu: %zu bytes were used", c->name, step, at);
}

static plt_pdl_budget budget;
static const plt_pdl_env env;
static plt_pdl_host host;

static void chains_decode(void **state)
{
    plt_pdl_segment s = {0};
    (void)state;
    plt_pdl_host_begin(&host, &env, &budget, NULL, false);
    plt_filters *f = plt_filters_make(&host);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        for (size_t step = 1; step <= cases[i].in_n; step++) run(f, &cases[i], step);
    plt_pdl_host_end(&host, "", &s);
    assert_int_equal(budget.memory, 0);
}

/* A sink that has seen enough, or none at all: the end of the data is found all the same. */
static void the_end_is_found_without_a_sink(void **state)
{
    static const char in[] = "9jqo^Bl\nbD-BleB1DJ+*+F(f,q~>rest";
    plt_pdl_segment s = {0};
    size_t took;
    (void)state;
    plt_pdl_host_begin(&host, &env, &budget, NULL, false);
    plt_filters *f = plt_filters_make(&host);
    gathered g = {.most = 1};
    const plt_filter_spec a85 = A85;
    assert_true(plt_filters_begin(f, &a85, 1, gather, &g));
    assert_int_equal(plt_filters_feed(f, (const uint8_t *)in, sizeof in - 1, &took), PLT_FILTER_END);
    assert_int_equal(took, sizeof in - 5);
    assert_true(plt_filters_begin(f, &a85, 1, NULL, NULL));
    assert_int_equal(plt_filters_feed(f, (const uint8_t *)in, 10, &took), PLT_FILTER_MORE);
    assert_int_equal(plt_filters_feed(f, (const uint8_t *)in + 10, sizeof in - 11, &took), PLT_FILTER_END);
    assert_int_equal(took, sizeof in - 15);
    plt_pdl_host_end(&host, "", &s);
}

static void what_cannot_be_held_is_refused(void **state)
{
    static const plt_filter_spec wide = PNG(4000000000u, 4), many[PLT_FILTERS_MAX + 1] = {HEX, HEX, HEX, HEX, HEX, HEX, HEX};
    plt_pdl_segment s = {0};
    (void)state;
    plt_pdl_host_begin(&host, &env, &budget, NULL, false);
    plt_filters *f = plt_filters_make(&host);
    assert_false(plt_filters_begin(f, &wide, 1, NULL, NULL));
    assert_false(plt_filters_begin(f, many, PLT_FILTERS_MAX + 1, NULL, NULL));
    plt_pdl_host_end(&host, "", &s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(chains_decode),
        cmocka_unit_test(the_end_is_found_without_a_sink),
        cmocka_unit_test(what_cannot_be_held_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
