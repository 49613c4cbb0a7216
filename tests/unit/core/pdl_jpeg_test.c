/* SPDX-License-Identifier: Apache-2.0 */
/* Is a JPEG coloured? Whole, in every way cut, cut short, and broken at random. */
#include "tests/unit/test.h"

#include <stdlib.h>
#include <string.h>

#include "core/pdl/job.h"
#include "core/pdl/jpeg.h"
#include "tests/unit/core/pdl_pictures.h"

static const struct picture {
    const char *name;
    const uint8_t *p;
    size_t n;
    plt_ink ink;
} pictures[] = {
    {"grey", jpeg_grey, sizeof jpeg_grey, PLT_INK_MONO},
    {"grey, progressive", jpeg_grey_progressive, sizeof jpeg_grey_progressive, PLT_INK_MONO},
    {"grey, with restarts", jpeg_grey_restart, sizeof jpeg_grey_restart, PLT_INK_MONO},
    {"a red dot", jpeg_dot, sizeof jpeg_dot, PLT_INK_COLOR},
    {"a red dot, progressive", jpeg_dot_progressive, sizeof jpeg_dot_progressive, PLT_INK_COLOR},
    {"one component", jpeg_one, sizeof jpeg_one, PLT_INK_MONO},
    {"black alone in CMYK", jpeg_cmyk, sizeof jpeg_cmyk, PLT_INK_MONO},
};
#define PICTURES (sizeof pictures / sizeof pictures[0])

static plt_pdl_host host;
static plt_pdl_budget budget;
static plt_pdl_env env;
static plt_jpeg *jpeg;

static int setup(void **state)
{
    (void)state;
    plt_pdl_host_begin(&host, &env, &budget, NULL, false);
    jpeg = plt_jpeg_make(&host);
    return jpeg ? 0 : -1;
}

static int teardown(void **state)
{
    static plt_pdl_segment s;
    (void)state;
    plt_pdl_host_end(&host, "", &s);
    return 0;
}

/* In chunks of their own memory. */
static plt_ink look(const uint8_t *p, size_t n, size_t step, size_t *took)
{
    *took = 0;
    plt_jpeg_begin(jpeg);
    for (size_t at = 0; at < n; at += step) {
        size_t take = n - at < step ? n - at : step;
        uint8_t *chunk = malloc(take);
        assert_non_null(chunk);
        memcpy(chunk, p + at, take);
        *took += plt_jpeg_feed(jpeg, chunk, take);
        free(chunk);
    }
    return plt_jpeg_end(jpeg);
}

static void pictures_are_told_apart(void **state)
{
    (void)state;
    for (size_t i = 0; i < PICTURES; i++) {
        const struct picture *c = &pictures[i];
        for (size_t step = 1; step <= c->n; step = step < 9 ? step + 1 : step * 2) {
            size_t took;
            plt_ink ink = look(c->p, c->n, step, &took);
            if (ink != c->ink) fail_msg("%s: %d in chunks of %zu, expected %d", c->name, ink, step, c->ink);
            assert_int_equal(took, c->n);
            assert_int_equal(plt_jpeg_width(jpeg), 33);
            assert_int_equal(plt_jpeg_height(jpeg), 17);
        }
    }
}

static void what_follows_the_end_is_not_taken(void **state)
{
    uint8_t two[sizeof jpeg_grey + sizeof jpeg_dot];
    size_t took;
    (void)state;
    memcpy(two, jpeg_grey, sizeof jpeg_grey);
    memcpy(two + sizeof jpeg_grey, jpeg_dot, sizeof jpeg_dot);
    assert_int_equal(look(two, sizeof two, sizeof two, &took), PLT_INK_MONO);
    assert_int_equal(took, sizeof jpeg_grey);
    assert_true(plt_jpeg_ended(jpeg));
}

/* A picture that is cut short is never called grey, except by its single component. */
static void a_picture_cut_short_is_not_known(void **state)
{
    (void)state;
    for (size_t i = 0; i < PICTURES; i++) {
        const struct picture *c = &pictures[i];
        for (size_t n = 0; n < c->n; n++) {
            size_t took;
            plt_ink ink = look(c->p, n, n ? n : 1, &took);
            bool right = ink == PLT_INK_UNKNOWN || (ink == c->ink && (ink == PLT_INK_COLOR || c->p == jpeg_one));
            if (!right) fail_msg("%s: %d with %zu of %zu bytes", c->name, ink, n, c->n);
        }
    }
}

static void broken_pictures_do_no_harm(void **state)
{
    uint32_t seed = 7;
    uint8_t bad[1024];
    size_t took;
    (void)state;
    for (int round = 0; round < 20000; round++) {
        const struct picture *c = &pictures[(size_t)round % PICTURES];
        memcpy(bad, c->p, c->n);
        for (int i = 0; i < 3; i++) {
            seed = seed * 1664525u + 1013904223u;
            bad[(seed >> 8) % c->n] = (uint8_t)(seed >> 3);
        }
        plt_ink whole = look(bad, c->n, c->n, &took), cut = look(bad, c->n, 3, &took);
        if (whole != cut) fail_msg("%s: %d whole, %d cut in round %d", c->name, whole, cut, round);
    }
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(pictures_are_told_apart),
        cmocka_unit_test(what_follows_the_end_is_not_taken),
        cmocka_unit_test(a_picture_cut_short_is_not_known),
        cmocka_unit_test(broken_pictures_do_no_harm),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
