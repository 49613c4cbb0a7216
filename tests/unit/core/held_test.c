/* SPDX-License-Identifier: Apache-2.0 */
/* Held jobs between agent and hub: the words both ways, what is none, bounds, and how an order ends by itself. */
#include "tests/unit/test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/record/held.h"
#include "core/util/text.h"

#define COUNT(a) (sizeof(a) / sizeof *(a))
#define UID "\"uid\":\"00112233445566778899aabbccddeeff\""
#define JOB "{" UID ",\"since\":5,\"until\":0}"

static void a_list_comes_back_as_it_was_told(void **state)
{
    plt_held_job jobs[2] = {{.uid = "00112233445566778899aabbccddeeff",
                             .user = "ACME\\mia",
                             .document = "\"Plan\" \xe2\x82\xac",
                             .queue = "Office",
                             .pages = {true, 3},
                             .cost = {true, 1250000},
                             .since = 5,
                             .until = 9},
                            {.uid = "10112233445566778899aabbccddeeff"}};
    plt_held_said said[] = {{4, PLT_HELD_DONE}, {INT64_C(9007199254740991), PLT_HELD_FAILED}};
    const plt_held_list l = {.seq = 7, .n = 2, .said_n = 2, .jobs = jobs, .said = said};
    plt_held_list *got;
    plt_buf text;
    (void)state;
    plt_buf_init(&text, PLT_HELD_JSON_MAX);
    assert_int_equal(plt_held_list_write(&l, &text), PLT_OK);
    assert_int_equal(plt_held_list_read(plt_buf_str(&text), text.len, &got), PLT_OK);
    assert_true(got->seq == 7 && got->n == 2 && got->said_n == 2);
    assert_string_equal(got->jobs[0].document, jobs[0].document);
    assert_string_equal(got->jobs[0].user, "ACME\\mia");
    assert_true(got->jobs[0].pages.n == 3 && got->jobs[0].cost.n == 1250000 && !got->jobs[0].sheets.known && got->jobs[0].until == 9);
    assert_true(!*got->jobs[1].user && !got->jobs[1].pages.known);
    assert_memory_equal(got->said, said, sizeof said);
    free(got);
    plt_buf_free(&text);
}

static void what_is_no_list(void **state)
{
    static const struct {
        const char *json;
        plt_status status;
    } cases[] = {
        {"{\"seq\":1,\"jobs\":[],\"said\":[]}", PLT_OK},
        {"{\"seq\":1,\"jobs\":[" JOB "],\"said\":[],\"more\":{}}", PLT_OK},
        {"{\"seq\":1,\"jobs\":[{" UID ",\"since\":5,\"until\":0,\"user\":null}],\"said\":[]}", PLT_OK},
        {"", PLT_BAD},
        {"[]", PLT_BAD},
        {"{}", PLT_BAD},
        {"{\"seq\":0,\"jobs\":[],\"said\":[]}", PLT_BAD},
        {"{\"seq\":1.5,\"jobs\":[],\"said\":[]}", PLT_BAD},
        {"{\"seq\":1,\"jobs\":{},\"said\":[]}", PLT_BAD},
        {"{\"seq\":1,\"jobs\":[]}", PLT_BAD},
        {"{\"seq\":1,\"jobs\":[" JOB "," JOB "],\"said\":[]}", PLT_BAD}, /* one job twice */
        {"{\"seq\":1,\"jobs\":[{" UID ",\"since\":5}],\"said\":[]}", PLT_BAD},
        {"{\"seq\":1,\"jobs\":[{" UID ",\"since\":5,\"until\":-1}],\"said\":[]}", PLT_BAD},
        {"{\"seq\":1,\"jobs\":[{" UID ",\"since\":5,\"until\":0,\"user\":3}],\"said\":[]}", PLT_BAD},
        {"{\"seq\":1,\"jobs\":[{\"uid\":\"../../x\",\"since\":5,\"until\":0}],\"said\":[]}", PLT_BAD},
        {"{\"seq\":1,\"jobs\":[],\"said\":[{\"no\":1,\"end\":\"asked\"}]}", PLT_BAD},   /* that is no end */
        {"{\"seq\":1,\"jobs\":[],\"said\":[{\"no\":1,\"end\":\"expired\"}]}", PLT_BAD}, /* that is the hub's to find */
        {"{\"seq\":1,\"jobs\":[],\"said\":[{\"no\":0,\"end\":\"done\"}]}", PLT_BAD},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        plt_held_list *l;
        if (plt_held_list_read(cases[i].json, strlen(cases[i].json), &l) != cases[i].status) fail_msg("case %zu: %s", i, cases[i].json);
        assert_true((l != NULL) == (cases[i].status == PLT_OK));
        free(l);
    }
}

/* The largest list that an agent can tell fits into what the hub takes; one job more is refused. */
static void a_full_list(void **state)
{
    plt_held_job *jobs = calloc(PLT_HELD_MOST + 1, sizeof *jobs);
    plt_held_list l = {.seq = 1, .n = PLT_HELD_MOST, .jobs = jobs}, *got;
    plt_buf text;
    (void)state;
    for (unsigned i = 0; i <= PLT_HELD_MOST; i++) {
        plt_held_job *j = &jobs[i];
        snprintf(j->uid, sizeof j->uid, "%032x", i);
        memset(j->user, 1, sizeof j->user - 1); /* six octets each in JSON */
        memset(j->document, 1, sizeof j->document - 1);
        memset(j->machine, 1, sizeof j->machine - 1);
        memset(j->queue, 1, sizeof j->queue - 1);
        memset(j->device, 1, sizeof j->device - 1);
    }
    plt_buf_init(&text, PLT_HELD_JSON_MAX);
    assert_int_equal(plt_held_list_write(&l, &text), PLT_OK);
    assert_int_equal(plt_held_list_read(plt_buf_str(&text), text.len, &got), PLT_OK);
    assert_int_equal(got->n, PLT_HELD_MOST);
    free(got);
    plt_buf_free(&text);
    memset(jobs, 0, (PLT_HELD_MOST + 1) * sizeof *jobs);
    for (unsigned i = 0; i <= PLT_HELD_MOST; i++) snprintf(jobs[i].uid, sizeof jobs[i].uid, "%032x", i);
    l.n = PLT_HELD_MOST + 1;
    assert_int_equal(plt_held_list_write(&l, &text), PLT_OK);
    assert_int_equal(plt_held_list_read(plt_buf_str(&text), text.len, &got), PLT_BAD);
    plt_buf_free(&text);
    free(jobs);
}

static void orders_both_ways(void **state)
{
    static const struct {
        const char *json;
        plt_status status;
        size_t n;
    } cases[] = {
        {"{\"seq\":0,\"orders\":[]}", PLT_OK, 0},
        {"{\"seq\":3,\"orders\":[{\"no\":4,\"act\":\"release\"," UID ",\"by\":\"ann\"}]}", PLT_OK, 1},
        {"{\"seq\":3,\"orders\":[{\"no\":4,\"act\":\"stamp\"},{\"no\":5,\"act\":\"cancel\"," UID ",\"by\":\"ann\"}]}", PLT_OK, 1},
        {"{\"seq\":3,\"orders\":[{\"no\":4,\"act\":\"release\"," UID "}]}", PLT_BAD, 0}, /* by nobody */
        {"{\"seq\":3,\"orders\":[{\"no\":0,\"act\":\"release\"," UID ",\"by\":\"ann\"}]}", PLT_BAD, 0},
        {"{\"seq\":3,\"orders\":[{\"no\":4,\"act\":\"release\",\"uid\":\"00\",\"by\":\"ann\"}]}", PLT_BAD, 0},
        {"{\"orders\":[]}", PLT_BAD, 0},
        {"{\"seq\":3}", PLT_BAD, 0},
        {"<html>", PLT_BAD, 0},
    };
    plt_held_orders *a = malloc(sizeof *a), *b = malloc(sizeof *b);
    plt_buf text;
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        assert_int_equal(plt_held_orders_read(cases[i].json, strlen(cases[i].json), a), cases[i].status);
        assert_int_equal(a->n, cases[i].n);
        if (cases[i].status != PLT_OK) continue;
        plt_buf_init(&text, PLT_HELD_ORDERS_MAX);
        assert_int_equal(plt_held_orders_write(a, &text), PLT_OK);
        assert_int_equal(plt_held_orders_read(plt_buf_str(&text), text.len, b), PLT_OK);
        assert_memory_equal(a, b, sizeof *a);
        plt_buf_free(&text);
    }
    free(a);
    free(b);
}

static void what_the_hub_has(void **state)
{
    int64_t seq;
    bool taken;
    plt_buf text;
    (void)state;
    plt_buf_init(&text, 256);
    assert_int_equal(plt_held_taken_write(12, true, &text), PLT_OK);
    assert_int_equal(plt_held_taken_read(plt_buf_str(&text), text.len, &seq, &taken), PLT_OK);
    assert_true(seq == 12 && taken);
    plt_buf_free(&text);
    assert_int_equal(plt_held_taken_read("{\"seq\":12}", 10, &seq, &taken), PLT_BAD);
    assert_int_equal(plt_held_taken_read("{\"taken\":true}", 14, &seq, &taken), PLT_BAD);
}

static void an_order_ends_by_itself(void **state)
{
    (void)state;
    for (int e = 0; e < PLT_HELD_ENDS; e++) {
        assert_int_equal(plt_held_now((plt_held_end)e, 1000, 999), e);
        assert_int_equal(plt_held_now((plt_held_end)e, 1000, 1000), e == PLT_HELD_ASKED ? PLT_HELD_EXPIRED : e);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_list_comes_back_as_it_was_told),
        cmocka_unit_test(what_is_no_list),
        cmocka_unit_test(a_full_list),
        cmocka_unit_test(orders_both_ways),
        cmocka_unit_test(what_the_hub_has),
        cmocka_unit_test(an_order_ends_by_itself),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
