/* SPDX-License-Identifier: Apache-2.0 */
/* What holds for every set and every job, tried on random ones. POLICY_JOBS sets how many jobs (a million without it), POLICY_SEED where it starts.
 */
#include "tests/unit/test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/unit/core/policy_gen.h"

#define JOBS_A_SET 250

static uint64_t setting(const char *name, uint64_t otherwise)
{
    const char *s = getenv(name);
    return s ? strtoull(s, NULL, 10) : otherwise;
}

static plt_policy *draw(gen *g, const gen_shape *shape, plt_buf *json)
{
    plt_policy *p;
    char error[PLT_POLICY_ERROR_SIZE];
    plt_buf_clear(json);
    gen_set(g, shape, json);
    assert_int_equal(json->status, PLT_OK);
    if (plt_policy_compile(&p, plt_buf_str(json), json->len, error) != PLT_OK) fail_msg("%s: %s", error, plt_buf_str(json));
    return p;
}

static void the_engine_rules_as_the_page_says(void **state)
{
    uint64_t jobs = setting("POLICY_JOBS", 1000000), done = 0, outcomes[PLT_POLICY_OUTCOMES] = {0};
    gen g = {setting("POLICY_SEED", 88172645463325252u)};
    plt_buf json;
    (void)state;
    plt_buf_init(&json, 1 << 20);
    while (done < jobs) {
        gen_shape shape = {.rules = 1 + gen_below(&g, 10)};
        plt_policy *p = draw(&g, &shape, &json);
        cJSON *set = cJSON_Parse(plt_buf_str(&json));
        for (int i = 0; i < JOBS_A_SET; i++, done++) {
            gen_job j;
            plt_policy_ruling r;
            naive_ruling n;
            gen_a_job(&g, &j);
            plt_policy_judge(p, &j.job, &r);
            naive_judge(set, &j.job, &n);
            naive_compare(plt_buf_str(&json), &j.job, &r, &n);
            outcomes[r.acts.outcome]++;
        }
        cJSON_Delete(set);
        plt_policy_free(p);
    }
    plt_buf_free(&json);
    for (int o = 0; o < PLT_POLICY_OUTCOMES; o++) assert_true(outcomes[o] > done / 200); /* a test that sees each outcome */
}

/* If a job may stream, it is printed as it is whatever the later facts are; if it is denied already, it stays denied. */
static void what_streams_is_never_touched_later(void **state)
{
    uint64_t sets = setting("POLICY_JOBS", 1000000) / 250, streams = 0, denied = 0, waits = 0;
    gen g = {setting("POLICY_SEED", 362436069362436069u)};
    plt_buf json;
    (void)state;
    plt_buf_init(&json, 1 << 20);
    for (uint64_t s = 0; s < sets; s++) {
        gen_shape shape = {.rules = 1 + gen_below(&g, 4)};
        plt_policy *p = draw(&g, &shape, &json);
        for (int i = 0; i < 10; i++) {
            gen_job j;
            plt_policy_needs n;
            uint32_t later = gen_below(&g, 2) ? plt_policy_page_facts : gen_below(&g, 1u << 31);
            gen_a_job(&g, &j);
            plt_policy_need(p, &j.job, later, &n);
            bool stream = !n.facts && !n.whole && !n.person && !n.denies;
            streams += stream;
            denied += n.denies;
            waits += !stream && !n.denies;
            assert_true((n.wanted & ~later) == 0);
            for (int k = 0; k < 20 && (stream || n.denies); k++) {
                plt_policy_ruling r;
                for (int f = 0; f < PLT_POLICY_FACTS; f++)
                    if (later & PLT_POLICY_BIT(f)) gen_fact(&g, &j, f);
                plt_policy_judge(p, &j.job, &r);
                if (r.acts.outcome != (stream ? PLT_POLICY_GOES : PLT_POLICY_DENIED))
                    fail_msg("said %s, is %s: %s", stream ? "streams" : "denied", plt_policy_outcome_name((plt_policy_outcome)r.acts.outcome),
                             plt_buf_str(&json));
            }
        }
        plt_policy_free(p);
    }
    plt_buf_free(&json);
    assert_true(streams > sets / 10 && denied > sets / 10 && waits > sets / 10);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_engine_rules_as_the_page_says),
        cmocka_unit_test(what_streams_is_never_touched_later),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
