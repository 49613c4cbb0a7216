/* SPDX-License-Identifier: Apache-2.0 */
/* The clocks of the system: which goes on, and which start it is. What a sleep does to them no test here can show. */
#include "tests/unit/test.h"

#include "os/clock.h"

static void the_steady_clock_goes_on(void **state)
{
    uint64_t a = os_clock_steady_ms(), slept = os_clock_mono_ms();
    (void)state;
    os_sleep_ms(50);
    uint64_t b = os_clock_steady_ms();
    slept = os_clock_mono_ms() - slept;
    assert_true(a > 0 && b >= a + 30); /* Windows counts in ticks of up to 16 ms */
    assert_true(b - a <= slept + 30);
    assert_true(b + 30 >= os_clock_mono_ms()); /* sleep comes on top */
}

static void a_start_has_one_number(void **state)
{
    uint64_t start = os_clock_start();
    (void)state;
    assert_true(start != 0);
    assert_true(os_clock_start() == start);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(the_steady_clock_goes_on), cmocka_unit_test(a_start_has_one_number)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
