/* SPDX-License-Identifier: Apache-2.0 */
/* The memory of people's groups: asked once, told at once, forgotten when somebody logs on; and a full table. */
#include "tests/unit/test.h"

#include <stdio.h>
#include <string.h>

#include "core/policy/policy.h"
#include "service/persons.h"

static int asked;

/* "nobody" is not here, "many" has more groups than are kept. */
static plt_status ask(const char *user, plt_buf *out)
{
    asked++;
    plt_buf_clear(out);
    if (strcmp(user, "nobody") == 0) return PLT_NOTFOUND;
    plt_buf_printf(out, "ACME\\%s\nS-1-5-21-%d", user, asked);
    while (strcmp(user, "many") == 0 && out->status == PLT_OK) plt_buf_text(out, "\nanother group");
    return out->status;
}

static void once_and_at_once(void **state)
{
    persons *p = persons_create(ask);
    plt_buf out;
    (void)state;
    assert_non_null(p);
    plt_buf_init(&out, PLT_POLICY_LIST_MAX);
    asked = 0;
    assert_int_equal(persons_groups(p, "mia", &out), PERSONS_UNASKED);
    assert_int_equal(asked, 0);
    assert_int_equal(persons_ask(p, "mia", &out), PERSONS_KNOWN);
    assert_string_equal(plt_buf_str(&out), "ACME\\mia\nS-1-5-21-1");
    assert_int_equal(persons_ask(p, "MIA", &out), PERSONS_KNOWN);
    assert_string_equal(plt_buf_str(&out), "ACME\\mia\nS-1-5-21-1");
    assert_int_equal(persons_groups(p, "mia", &out), PERSONS_KNOWN);
    assert_string_equal(plt_buf_str(&out), "ACME\\mia\nS-1-5-21-1");
    assert_int_equal(asked, 1);
    assert_int_equal(persons_groups(p, "leo", &out), PERSONS_UNASKED);
    assert_string_equal(plt_buf_str(&out), "");
    persons_forget(p, "ACME\\mia");
    assert_int_equal(persons_groups(p, "mia", &out), PERSONS_UNASKED);
    plt_buf_free(&out);
    persons_free(p);
    persons_free(NULL);
}

static void who_is_not_here_is_not_asked_again_at_once(void **state)
{
    persons *p = persons_create(ask);
    plt_buf out;
    (void)state;
    plt_buf_init(&out, PLT_POLICY_LIST_MAX);
    asked = 0;
    assert_int_equal(persons_ask(p, "nobody", &out), PERSONS_NOT_HERE);
    assert_int_equal(persons_ask(p, "nobody", &out), PERSONS_NOT_HERE);
    assert_int_equal(persons_ask(p, "many", &out), PERSONS_NOT_HERE); /* a part of a list is none */
    assert_string_equal(plt_buf_str(&out), "");
    assert_int_equal(persons_ask(p, "", &out), PERSONS_UNASKED);
    assert_int_equal(asked, 2);
    plt_buf_free(&out);
    persons_free(p);
}

static void the_table_takes_everybody_in_turn(void **state)
{
    persons *p = persons_create(ask);
    plt_buf out;
    char name[300];
    (void)state;
    plt_buf_init(&out, PLT_POLICY_LIST_MAX);
    for (int i = 0; i < 500; i++) {
        snprintf(name, sizeof name, "user%d", i);
        assert_int_equal(persons_ask(p, name, &out), PERSONS_KNOWN);
        assert_int_equal(persons_groups(p, name, &out), PERSONS_KNOWN);
    }
    asked = 0;
    memset(name, 'x', sizeof name - 1);
    name[sizeof name - 1] = 0;
    assert_int_equal(persons_ask(p, name, &out), PERSONS_KNOWN); /* too long to keep: asked each time */
    assert_int_equal(persons_ask(p, name, &out), PERSONS_KNOWN);
    assert_int_equal(asked, 2);
    plt_buf_free(&out);
    persons_free(p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(once_and_at_once),
        cmocka_unit_test(who_is_not_here_is_not_asked_again_at_once),
        cmocka_unit_test(the_table_takes_everybody_in_turn),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
