/* SPDX-License-Identifier: Apache-2.0 */
/* Lines of the live link: those that a hub says, and those that must not move a PC. */
#include "core/policy/live.h"

#include <string.h>

#include "tests/unit/test.h"

#define ID "0123456789abcdef0123456789abcdef"

static void lines_are_what_they_say(void **state)
{
    static const struct {
        const char *line;
        int what;
        int64_t serial;
    } cases[] = {
        {"data: {\"serial\":0}", PLT_LIVE_POLICY, 0},
        {"data: {\"serial\":1767225600123}", PLT_LIVE_POLICY, 1767225600123},
        {"data: {\"order\":12}", PLT_LIVE_ORDER, 0},
        {"data: {\"back\":\"" ID "\"}", PLT_LIVE_LEASE, 0},
        {"", PLT_LIVE_NOTHING, 0},
        {":", PLT_LIVE_NOTHING, 0},
        {"event: policy", PLT_LIVE_NOTHING, 0},
        {"data: {\"serial\":}", PLT_LIVE_NOTHING, 0},
        {"data: {\"serial\":-1}", PLT_LIVE_NOTHING, 0},
        {"data: {\"serial\":7", PLT_LIVE_NOTHING, 0},
        {"data: {\"serial\":7,\"more\":1}", PLT_LIVE_POLICY, 7},
        {"event: {\"serial\":7}", PLT_LIVE_NOTHING, 0},
        {"data: {\"later\":7}", PLT_LIVE_NOTHING, 0},
        {"data: {\"back\":\"" ID "0\"}", PLT_LIVE_NOTHING, 0},
        {"data: {\"back\":\"0123456789ABCDEF0123456789abcdef\"}", PLT_LIVE_NOTHING, 0},
        {"data: {\"back\":\"0123\"}", PLT_LIVE_NOTHING, 0},
        {"data: {\"back\":\"" ID "\"", PLT_LIVE_NOTHING, 0},
        {"data: {\"back\":7}", PLT_LIVE_NOTHING, 0},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        plt_live l = plt_live_read(cases[i].line);
        if ((int)l.what != cases[i].what) fail_msg("%s: %d", cases[i].line, (int)l.what);
        if (l.what == PLT_LIVE_POLICY) assert_int_equal(l.serial, cases[i].serial);
        assert_string_equal(l.lease, l.what == PLT_LIVE_LEASE ? ID : "");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(lines_are_what_they_say)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
