/* SPDX-License-Identifier: Apache-2.0 */
/* Packed facts of past jobs: read back as they were written, and refused when they are cut, grown or of another version. */
#include "tests/unit/test.h"

#include <string.h>

#include "core/record/facts.h"
#include "core/util/text.h"

static plt_job sample(void)
{
    plt_job j;
    plt_job_init(&j);
    j.begun = INT64_C(1768000000000);
    j.asked_copies = (plt_maybe){true, 0};
    j.asked_color = (plt_maybe){true, 2};
    j.analysis.duplex = (plt_maybe){true, 1};
    j.analysis.nup = (plt_maybe){true, UINT64_MAX - 1};
    j.analysis.confidence = PLT_CONF_DECLARED;
    for (int f = 0; f < PLT_FACTS; f++) j.analysis.certainty[f].level = (plt_confidence)(f % 4);
    plt_copy(j.asked_paper, sizeof j.asked_paper, "A3");
    j.policy.clock = j.begun - 7200000;
    j.policy.zoned = true;
    j.policy.east_minutes = -210;
    memset(j.device, 'd', sizeof j.device - 1);
    memset(j.analysis.producer, 'p', sizeof j.analysis.producer - 1);
    return j;
}

static void same(const plt_maybe *a, const plt_maybe *b)
{
    assert_int_equal(a->known, b->known);
    assert_true(a->n == b->n);
}

static void test_there_and_back(void **state)
{
    (void)state;
    for (int empty = 0; empty < 2; empty++) {
        plt_job j = sample(), got = sample();
        plt_buf b;
        plt_buf_init(&b, PLT_FACTS_MAX);
        if (empty) plt_job_init(&j);
        plt_facts_write(&j, &b);
        assert_int_equal(b.status, PLT_OK);
        if (empty) assert_int_equal(b.len, 17);
        assert_int_equal(plt_facts_read(b.data, b.len, &got), PLT_OK);
        same(&got.asked_copies, &j.asked_copies);
        same(&got.asked_color, &j.asked_color);
        same(&got.asked_duplex, &j.asked_duplex);
        same(&got.analysis.duplex, &j.analysis.duplex);
        same(&got.analysis.nup, &j.analysis.nup);
        assert_int_equal(got.begun, j.begun);
        assert_int_equal(got.analysis.confidence, j.analysis.confidence);
        for (int f = 0; f < PLT_FACTS; f++) assert_int_equal(got.analysis.certainty[f].level, j.analysis.certainty[f].level);
        assert_string_equal(got.asked_paper, j.asked_paper);
        assert_string_equal(got.analysis.producer, j.analysis.producer);
        assert_string_equal(got.device, j.device);
        assert_true(got.policy.clock == j.policy.clock && got.policy.zoned == j.policy.zoned);
        assert_true(!j.policy.zoned || got.policy.east_minutes == j.policy.east_minutes);
        size_t second = b.len - (empty ? 0 : 8), first = second - (empty ? 0 : strlen(j.device) + 2); /* what earlier programs wrote */
        for (size_t n = 0; n < b.len; n++) {
            bool whole = n == first || n == second;
            if (plt_facts_read(b.data, n, &got) != (whole ? PLT_OK : PLT_BAD)) fail_msg("%zu of %zu bytes", n, b.len);
            if (whole) assert_true(!got.policy.clock && !got.policy.zoned && !*got.device == (n == first));
        }
        if (empty) plt_buf_add(&b, "\0\0\0", 3); /* no device, no hour, no zone */
        plt_buf_byte(&b, 7);                     /* what a later program adds */
        assert_int_equal(plt_facts_read(b.data, b.len, &got), PLT_OK);
        plt_buf_free(&b);
    }
}

static void test_damage(void **state)
{
    (void)state;
    static const struct {
        const char *why;
        size_t at;
        uint8_t value;
    } cases[] = {{"the version", 0, 2}, {"a level beyond exact", 1, 4}, {"another number of facts", 2, 7}, {"a fact's level", 3, 255}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        plt_job j = sample();
        plt_buf b;
        plt_buf_init(&b, PLT_FACTS_MAX);
        plt_facts_write(&j, &b);
        b.data[cases[i].at] = cases[i].value;
        if (plt_facts_read(b.data, b.len, &j) != PLT_BAD) fail_msg("%s", cases[i].why);
        plt_buf_free(&b);
    }
    /* a number of more than 64 bits, and a text longer than its field */
    static const uint8_t wide[] = {1, 0, 6, 0, 0, 0, 0, 0, 0, 255, 255, 255, 255, 255, 255, 255, 255, 255, 2, 0, 0, 0, 0, 0, 0, 0};
    static const uint8_t text[] = {1, 0, 6, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 48, 0, 0, 0, 0, 0, 0, 0, 0};
    plt_job j = sample();
    assert_int_equal(plt_facts_read(wide, sizeof wide, &j), PLT_BAD);
    assert_int_equal(plt_facts_read(text, sizeof text, &j), PLT_BAD);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_there_and_back), cmocka_unit_test(test_damage)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
