/* SPDX-License-Identifier: Apache-2.0 */
/* The limit of open files: raised to what is wanted, not beyond what the system allows, and brought down from out of proportion. The system's is a
 * double. */
#include "tests/unit/test.h"

#include <sys/resource.h>

#include "os/process.h"

static struct rlimit limit;
static bool refuses;

int __wrap_getrlimit(int what, struct rlimit *out);
int __wrap_setrlimit(int what, const struct rlimit *in);

int __wrap_getrlimit(int what, struct rlimit *out)
{
    assert_int_equal(what, RLIMIT_NOFILE);
    *out = limit;
    return 0;
}

int __wrap_setrlimit(int what, const struct rlimit *in)
{
    assert_int_equal(what, RLIMIT_NOFILE);
    assert_int_equal(in->rlim_max, limit.rlim_max); /* a hard limit that came down stays down */
    assert_true(in->rlim_cur <= limit.rlim_max);
    if (refuses) return -1;
    limit = *in;
    return 0;
}

static void test_limits(void **state)
{
    static const struct {
        rlim_t soft, hard;
        size_t want, have;
        rlim_t after;
        bool refuses;
    } cases[] = {
        {1024, 4096, 1000, 1000, 1024, false}, /* enough */
        {1024, 524288, 12096, 12096, 12096, false},
        {1024, RLIM_INFINITY, 12096, 12096, 12096, false},
        {1024, 4096, 12096, 4096, 4096, false}, /* as far as the system lets us */
        {1024, 4096, 12096, 1024, 1024, true},
        {524288, 524288, 12096, 12096, 524288, false},
        {1048576, 1048576, 12096, 12096, 12096, false}, /* out of proportion, as in some containers */
        {1073741816, 1073741816, 12096, 12096, 12096, false},
        {RLIM_INFINITY, RLIM_INFINITY, 12096, 12096, 12096, false},
        {RLIM_INFINITY, RLIM_INFINITY, 12096, 12096, RLIM_INFINITY, true},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        limit = (struct rlimit){cases[i].soft, cases[i].hard};
        refuses = cases[i].refuses;
        size_t have = os_process_files(cases[i].want);
        if (have != cases[i].have || limit.rlim_cur != cases[i].after)
            fail_msg("case %zu: %zu files, then a limit of %llu", i, have, (unsigned long long)limit.rlim_cur);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_limits)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
