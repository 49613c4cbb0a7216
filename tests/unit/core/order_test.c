/* SPDX-License-Identifier: Apache-2.0 */
/* Orders to read: their words both ways, what is no order, and how a state ends by itself. */
#include "tests/unit/test.h"

#include <stdio.h>
#include <string.h>

#include "core/record/order.h"

#define COUNT(a) (sizeof(a) / sizeof *(a))

static void a_report_comes_back_as_it_was_said(void **state)
{
    (void)state;
    for (int s = PLT_ORDER_READING; s < PLT_ORDER_EXPIRED; s++) {
        plt_order a = {.no = INT64_C(9007199254740990) + s % 2, .state = (plt_order_state)s, .printers = 3, .reason = "it \"said\" \n so"}, b;
        plt_buf text;
        plt_buf_init(&text, PLT_ORDER_JSON_MAX);
        assert_int_equal(plt_order_report_write(&a, &text), PLT_OK);
        assert_int_equal(plt_order_report_read(plt_buf_str(&text), text.len, &b), PLT_OK);
        assert_true(a.no == b.no && a.state == b.state && a.printers == b.printers);
        assert_non_null(strstr(b.reason, "\"said\""));
        plt_buf_free(&text);
    }
}

static void what_is_no_report(void **state)
{
    static const char *const cases[] = {
        "",
        "[]",
        "{}",
        "{\"no\":1}",
        "{\"no\":0,\"state\":\"done\",\"printers\":0}",
        "{\"no\":1.5,\"state\":\"done\",\"printers\":0}",
        "{\"no\":1,\"state\":\"done\",\"printers\":-1}",
        "{\"no\":1,\"state\":\"done\"}",
        "{\"no\":1,\"state\":\"asked\",\"printers\":0}",   /* an agent does not ask */
        "{\"no\":1,\"state\":\"expired\",\"printers\":0}", /* that is the hub's to find */
        "{\"no\":1,\"state\":\"lost\",\"printers\":0}",
        "{\"no\":1,\"state\":\"tomorrow\",\"printers\":0}",
        "{\"no\":\"1\",\"state\":\"done\",\"printers\":0}",
        "{\"no\":1,\"state\":\"done\",\"printers\":0",
    };
    plt_order o;
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++)
        if (plt_order_report_read(cases[i], strlen(cases[i]), &o) != PLT_BAD) fail_msg("taken: %s", cases[i]);
    char deep[200] = "{\"no\":1,\"state\":\"done\",\"printers\":0,\"reason\":";
    memset(deep + strlen(deep), '[', 100);
    assert_int_equal(plt_order_report_read(deep, strlen(deep), &o), PLT_BAD);
}

static void a_long_reason_is_cut(void **state)
{
    char json[2 * PLT_ORDER_REASON];
    plt_order o;
    (void)state;
    int n = snprintf(json, sizeof json, "{\"no\":7,\"state\":\"failed\",\"printers\":0,\"reason\":\"%0300d\"}", 0);
    assert_int_equal(plt_order_report_read(json, (size_t)n, &o), PLT_OK);
    assert_int_equal(strlen(o.reason), PLT_ORDER_REASON - 1);
}

static void lists_of_orders(void **state)
{
    static const struct {
        const char *json;
        plt_status status;
        size_t count;
    } cases[] = {
        {"{\"orders\":[]}", PLT_OK, 0},
        {"{\"orders\":[{\"no\":4,\"what\":\"usb\",\"state\":\"asked\"}]}", PLT_OK, 1},
        {"{\"orders\":[{\"no\":4,\"what\":\"usb\",\"state\":\"asked\"},{\"no\":5,\"what\":\"net\",\"state\":\"reading\"}]}", PLT_OK, 2},
        {"{\"orders\":[{\"no\":4,\"what\":\"firmware\",\"state\":\"asked\"},{\"no\":5,\"what\":\"net\",\"state\":\"asked\"}],\"more\":1}", PLT_OK, 1},
        {"{\"orders\":[{\"no\":4,\"what\":\"usb\",\"state\":\"done\"}]}", PLT_BAD, 0}, /* what is over is not to be done */
        {"{\"orders\":[{\"no\":4,\"what\":\"usb\",\"state\":\"asked\"},{\"no\":5,\"what\":\"usb\",\"state\":\"asked\"}]}", PLT_BAD, 0},
        {"{\"orders\":[{\"no\":0,\"what\":\"usb\",\"state\":\"asked\"}]}", PLT_BAD, 0},
        {"{\"orders\":{}}", PLT_BAD, 0},
        {"{}", PLT_BAD, 0},
        {"<html>", PLT_BAD, 0},
    };
    plt_order list[PLT_ORDER_KINDS];
    size_t n;
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        assert_int_equal(plt_order_list_read(cases[i].json, strlen(cases[i].json), list, &n), cases[i].status);
        assert_int_equal(n, cases[i].count);
    }
    const plt_order both[] = {{.no = 8, .what = PLT_ORDER_NET, .state = PLT_ORDER_READING}, {.no = 9, .what = PLT_ORDER_USB}};
    plt_buf text;
    plt_buf_init(&text, PLT_ORDER_JSON_MAX);
    assert_int_equal(plt_order_list_write(both, 2, &text), PLT_OK);
    assert_int_equal(plt_order_list_read(plt_buf_str(&text), text.len, list, &n), PLT_OK);
    assert_true(n == 2 && !memcmp(list, both, sizeof both));
    plt_buf_free(&text);
}

static void an_open_state_ends_by_itself(void **state)
{
    (void)state;
    for (int s = 0; s < PLT_ORDER_STATES; s++) {
        plt_order_state was = (plt_order_state)s;
        assert_int_equal(plt_order_now(was, 1000, 999), was);
        plt_order_state then = plt_order_now(was, 1000, 1000);
        assert_true(plt_order_over(then));
        assert_int_equal(then, was == PLT_ORDER_ASKED ? PLT_ORDER_EXPIRED : was == PLT_ORDER_READING ? PLT_ORDER_LOST : was);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_report_comes_back_as_it_was_said),
        cmocka_unit_test(what_is_no_report),
        cmocka_unit_test(a_long_reason_is_cut),
        cmocka_unit_test(lists_of_orders),
        cmocka_unit_test(an_open_state_ends_by_itself),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
