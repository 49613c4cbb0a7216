/* SPDX-License-Identifier: Apache-2.0 */
/* os/groups.h against what `id` says of this process's user. */
#include "tests/unit/test.h"

#include <pwd.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "core/util/text.h"
#include "os/groups.h"

#define MAX 65536

static bool has_line(const char *text, const char *line)
{
    size_t n = strlen(line);
    for (const char *at = text; at; at = strchr(at, '\n'), at = at ? at + 1 : NULL)
        if (strncmp(at, line, n) == 0 && (at[n] == '\n' || !at[n])) return true;
    return false;
}

static void own_groups_are_those_of_id(void **state)
{
    char line[256], user[256], with_domain[300];
    const struct passwd *pw = getpwuid(geteuid());
    plt_buf out, again;
    int n = 0, lines = 1;
    (void)state;
    assert_non_null(pw);
    plt_copy(user, sizeof user, pw->pw_name);
    plt_buf_init(&out, MAX);
    plt_buf_init(&again, MAX);
    assert_int_equal(os_groups_of(user, &out), PLT_OK);
    FILE *f = popen("id -Gn $(id -un) | tr ' ' '\\n'", "r");
    assert_non_null(f);
    while (fgets(line, sizeof line, f)) {
        line[strcspn(line, "\n")] = 0;
        if (!has_line(plt_buf_str(&out), line)) fail_msg("%s is not in \"%s\"", line, plt_buf_str(&out));
        n++;
    }
    assert_int_equal(pclose(f), 0);
    for (const char *at = plt_buf_str(&out); *at; at++) lines += *at == '\n';
    assert_int_equal(lines, n);
    snprintf(with_domain, sizeof with_domain, "ACME\\%s", user);
    assert_int_equal(os_groups_of(with_domain, &again), PLT_OK);
    assert_string_equal(plt_buf_str(&again), plt_buf_str(&out));
    plt_buf_free(&out);
    plt_buf_free(&again);
}

static void nobody_knows_a_stranger(void **state)
{
    plt_buf out;
    (void)state;
    plt_buf_init(&out, MAX);
    plt_buf_text(&out, "old");
    assert_int_equal(os_groups_of("no such user here", &out), PLT_NOTFOUND);
    assert_string_equal(plt_buf_str(&out), "");
    assert_int_equal(os_groups_of("", &out), PLT_NOTFOUND);
    plt_buf_free(&out);
}

static void what_does_not_fit_is_said(void **state)
{
    const struct passwd *pw = getpwuid(geteuid());
    plt_buf out;
    (void)state;
    plt_buf_init(&out, 1);
    assert_non_null(pw);
    assert_int_equal(os_groups_of(pw->pw_name, &out), PLT_FULL);
    plt_buf_free(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(own_groups_are_those_of_id),
        cmocka_unit_test(nobody_knows_a_stranger),
        cmocka_unit_test(what_does_not_fit_is_said),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
