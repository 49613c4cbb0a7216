/* SPDX-License-Identifier: Apache-2.0 */
/* Random octets: all that were asked for, and no more. How good they are is the system's. */
#include "tests/unit/test.h"

#include <stdlib.h>
#include <string.h>

#include "os/random.h"

#define TRIES 64
#define LARGE (40u << 20) /* Linux gives 32 MiB less a byte in one go */

/* A place that stays as it was in 64 tries was not written: by chance that happens once in 2^512. */
static void every_octet_is_made(void **state)
{
    (void)state;
    for (size_t n = 0; n <= 300; n++) {
        uint8_t *p = malloc(n + 1), seen[301] = {0};
        assert_non_null(p);
        for (int t = 0; t < TRIES; t++) {
            memset(p, 0, n + 1);
            p[n] = 0x5A;
            assert_int_equal(os_random(p, n), PLT_OK);
            assert_int_equal(p[n], 0x5A);
            for (size_t i = 0; i < n; i++) seen[i] |= p[i];
        }
        for (size_t i = 0; i < n; i++) assert_int_not_equal(seen[i], 0);
        free(p);
    }
}

static void more_than_the_system_gives_at_once(void **state)
{
    static const uint8_t none[64];
    uint8_t *p = calloc(1, LARGE);
    (void)state;
    assert_non_null(p);
    assert_int_equal(os_random(p, LARGE), PLT_OK);
    for (size_t i = 0; i < LARGE; i += sizeof none) assert_memory_not_equal(p + i, none, sizeof none);
    free(p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_octet_is_made),
        cmocka_unit_test(more_than_the_system_gives_at_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
