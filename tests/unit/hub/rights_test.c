/* SPDX-License-Identifier: Apache-2.0 */
/* The rights and the roles that the hub brings along. */
#include "tests/unit/test.h"

#include <string.h>

#include "hub/rights.h"

static void test_names(void **state)
{
    (void)state;
    hub_right back;
    for (int r = HUB_RIGHT_NONE + 1; r < HUB_RIGHT_COUNT; r++) {
        const char *name = hub_right_name((hub_right)r);
        assert_non_null(name);
        assert_true(*name);
        assert_true(hub_right_find(name, &back));
        assert_int_equal(back, r);
    }
    assert_null(hub_right_name(HUB_RIGHT_COUNT));
    assert_false(hub_right_find("", &back));
    assert_false(hub_right_find("job", &back));
}

/* What nobody but an administrator may ever hold by a role of ours, and who sees people's names. */
static void test_roles(void **state)
{
    (void)state;
    size_t n;
    const hub_role *r = hub_roles(&n);
    assert_int_equal(n, 6);
    for (size_t i = 0; i < n; i++) {
        bool all = strcmp(r[i].name, "administrator") == 0;
        assert_ptr_equal(hub_role_find(r[i].name), &r[i]);
        assert_int_equal(r[i].rights & ~HUB_RIGHTS_ALL, 0);
        assert_int_equal(hub_holds(r[i].rights, HUB_RIGHT_USERS), all);
        assert_int_equal(hub_holds(r[i].rights, HUB_RIGHT_TENANTS), all);
        assert_int_equal(hub_holds(r[i].rights, HUB_RIGHT_POLICIES_CHANGE), all);
        assert_true(hub_holds(r[i].rights, HUB_RIGHT_NONE));
        assert_true(hub_holds(r[i].rights, HUB_RIGHT_JOBS));
        /* to change a thing one must see it */
        assert_true(!hub_holds(r[i].rights, HUB_RIGHT_AGENTS_CHANGE) || hub_holds(r[i].rights, HUB_RIGHT_AGENTS));
        assert_true(!hub_holds(r[i].rights, HUB_RIGHT_DEVICES_CHANGE) || hub_holds(r[i].rights, HUB_RIGHT_DEVICES));
    }
    assert_false(hub_holds(hub_role_find("read-only")->rights, HUB_RIGHT_PERSONS));
    assert_false(hub_holds(hub_role_find("billing")->rights, HUB_RIGHT_PERSONS));
    assert_true(hub_holds(hub_role_find("privacy officer")->rights, HUB_RIGHT_ERASE));
    assert_null(hub_role_find("root"));
    assert_null(hub_role_find(""));
    assert_false(hub_holds(0, HUB_RIGHT_JOBS));
    assert_true(hub_holds(0, HUB_RIGHT_NONE));
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_names), cmocka_unit_test(test_roles)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
