/* SPDX-License-Identifier: Apache-2.0 */
/* Frames of the users' pipe into structures, the list of open questions, the guard against stray keys. */
#include "tests/unit/test.h"

#include <string.h>

#include "core/util/text.h"
#include "tray/asks.h"

static const uint8_t uid_1[PLT_UID_SIZE] = {1}, uid_2[PLT_UID_SIZE] = {2};

typedef struct built {
    uint8_t bytes[8192];
    plt_frame_builder b;
} built;

static built *begin(plt_frame_type type)
{
    static built f;
    plt_frame_begin(&f.b, f.bytes, sizeof f.bytes, type);
    return &f;
}

static size_t payload_size(built *f)
{
    size_t n = plt_frame_end(&f->b);
    assert_true(n >= PLT_FRAME_HEADER);
    return n - PLT_FRAME_HEADER;
}

#define PAYLOAD(f) ((f)->bytes + PLT_FRAME_HEADER), payload_size(f)

static void whole_ask(void **state)
{
    ask a;
    (void)state;
    built *f = begin(PLT_F_ASK);
    plt_frame_bytes(&f->b, PLT_T_UID, uid_1, sizeof uid_1);
    plt_frame_u64(&f->b, PLT_T_ASKS, PLT_ASK_ACCOUNT | PLT_ASK_DUPLEX);
    plt_frame_u64(&f->b, PLT_T_SECONDS, 60);
    plt_frame_u64(&f->b, PLT_T_SILENCE, 1);
    plt_frame_u64(&f->b, PLT_T_PAGES, 14);
    plt_frame_text(&f->b, PLT_T_DOCUMENT, "Bericht – final.docx");
    plt_frame_text(&f->b, PLT_T_COST, "3.20 €");
    plt_frame_u64(&f->b, (plt_tag)999, 5); /* of a later service */
    assert_true(ask_read(&a, PAYLOAD(f)));
    assert_int_equal(a.asks, PLT_ASK_ACCOUNT | PLT_ASK_DUPLEX);
    assert_int_equal(a.seconds, 60);
    assert_int_equal(a.silence, 1);
    assert_int_equal(a.pages, 14);
    assert_false(is_known(a.copies));
    assert_false(is_known(a.colour_pages));
    assert_int_equal(a.required, 0);
    assert_string_equal(a.document, "Bericht – final.docx");
    assert_string_equal(a.cost, "3.20 €");
    assert_string_equal(a.rule, "");
}

/* A case: fields as bytes, and whether each reader takes it. */
static void odd_frames(void **state)
{
    static const struct {
        const char *name;
        const char *bytes;
        size_t n;
        bool ask, over, notice, job;
    } cases[] = {
        {"nothing", "", 0},
        {"half a field", "\x01\x00\x10", 3},
        {"a field longer than the frame",
         "\x01\x00\xff\xff"
         "abc",
         7},
        {"a UID that is too short",
         "\x01\x00\x02\x00"
         "ab",
         6},
        {"a UID only",
         "\x01\x00\x10\x00"
         "0123456789abcdef",
         20, true, true, false, true},
        {"a UID and half a field",
         "\x01\x00\x10\x00"
         "0123456789abcdef"
         "\x06",
         21},
        {"a message only",
         "\x14\x00\x02\x00"
         "hi",
         6, false, false, true, false},
        {"a state that nobody knows",
         "\x01\x00\x10\x00"
         "0123456789abcdef"
         "\x1e\x00\x08\x00"
         "\x09\0\0\0\0\0\0\0",
         32, true, true, false, true},
        {"a state as a text",
         "\x01\x00\x10\x00"
         "0123456789abcdef"
         "\x1e\x00\x01\x00"
         "1",
         25, true, true, false, true},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const uint8_t *p = (const uint8_t *)cases[i].bytes;
        ask a;
        over o;
        notice t;
        my_job j;
        print_message("# %s\n", cases[i].name);
        assert_int_equal(ask_read(&a, p, cases[i].n), cases[i].ask);
        assert_int_equal(over_read(&o, p, cases[i].n), cases[i].over);
        assert_int_equal(notice_read(&t, p, cases[i].n), cases[i].notice);
        assert_int_equal(my_job_read(&j, p, cases[i].n), cases[i].job);
    }
}

static void numbers_without_sense_are_unknown(void **state)
{
    ask a;
    (void)state;
    built *f = begin(PLT_F_ASK);
    plt_frame_bytes(&f->b, PLT_T_UID, uid_1, sizeof uid_1);
    plt_frame_u64(&f->b, PLT_T_PAGES, UINT64_MAX - 1);
    plt_frame_u64(&f->b, PLT_T_SECONDS, UINT64_MAX);
    plt_frame_u64(&f->b, PLT_T_ASKS, 0x8000);
    assert_true(ask_read(&a, PAYLOAD(f)));
    assert_false(is_known(a.pages));
    assert_int_equal(a.seconds, 0);
    assert_int_equal(a.asks, PLT_ASK_WARN); /* can still be answered */
}

static void texts_are_cut_and_clean(void **state)
{
    char longer[1000];
    ask a;
    (void)state;
    memset(longer, 'x', sizeof longer - 1);
    longer[sizeof longer - 1] = 0;
    memcpy(longer, "a\tb\xff\xe2\x82", 6);
    built *f = begin(PLT_F_ASK);
    plt_frame_bytes(&f->b, PLT_T_UID, uid_1, sizeof uid_1);
    plt_frame_text(&f->b, PLT_T_MESSAGE, longer);
    assert_true(ask_read(&a, PAYLOAD(f)));
    assert_int_equal(strlen(a.message), sizeof a.message - 1);
    assert_true(plt_utf8_valid(a.message, strlen(a.message)));
    assert_memory_equal(a.message, "a?b?", 4);
}

static ask make(uint8_t id, uint64_t seconds)
{
    ask a = {.uid = {id}, .asks = PLT_ASK_WARN, .seconds = seconds};
    return a;
}

static void a_queue_of_questions(void **state)
{
    static questions q;
    ask one = make(1, 60), two = make(2, 0);
    (void)state;
    memset(&q, 0, sizeof q);
    assert_true(questions_put(&q, &one, 1000));
    assert_true(questions_put(&q, &two, 2000));
    assert_int_equal(q.count, 2);
    assert_memory_equal(q.all[0].ask.uid, uid_1, sizeof uid_1);
    assert_int_equal(question_left(&q.all[0], 1000), 60);
    assert_int_equal(question_left(&q.all[0], 1001), 60);
    assert_int_equal(question_left(&q.all[0], 60999), 1);
    assert_int_equal(question_left(&q.all[0], 61000), 0);
    assert_int_equal(question_left_permille(&q.all[0], 31000), 500);
    assert_int_equal(question_left(&q.all[1], 2000), 0); /* it has no end */
    assert_int_equal(question_left_permille(&q.all[1], 2000), 0);
    assert_true(questions_over(&q, uid_1));
    assert_false(questions_over(&q, uid_1));
    assert_int_equal(q.count, 1);
    assert_memory_equal(q.all[0].ask.uid, uid_2, sizeof uid_2);
}

/* The service started anew: it names what is still open, with the time that is left. The bar goes on where it was. */
static void a_service_that_starts_again(void **state)
{
    static questions q;
    ask one = make(1, 60), two = make(2, 60), again = make(1, 30);
    (void)state;
    memset(&q, 0, sizeof q);
    questions_put(&q, &one, 0);
    questions_put(&q, &two, 0);
    questions_doubt(&q);
    assert_true(q.all[0].doubtful && q.all[1].doubtful);
    questions_put(&q, &again, 30000);
    assert_int_equal(q.count, 2);
    assert_int_equal(question_left_permille(questions_find(&q, uid_1), 30000), 500);
    assert_int_equal(questions_settle(&q), 1);
    assert_non_null(questions_find(&q, uid_1));
    assert_null(questions_find(&q, uid_2));
    assert_int_equal(questions_settle(&q), 0);
}

static void no_more_than_there_is_room_for(void **state)
{
    static questions q;
    (void)state;
    memset(&q, 0, sizeof q);
    for (unsigned i = 0; i < ASKS_MAX; i++) {
        ask a = make((uint8_t)(i + 1), 10);
        assert_true(questions_put(&q, &a, 0));
    }
    ask one_more = make(200, 10), there = make(1, 20);
    assert_false(questions_put(&q, &one_more, 0));
    assert_true(questions_put(&q, &there, 0));
    assert_int_equal(q.count, ASKS_MAX);
}

static void favourite_accounts_first(void **state)
{
    account all[] = {{.code = "a"}, {.code = "b", .flags = ACCOUNT_RECENT},    {.code = "c", .flags = ACCOUNT_FAVOURITE | ACCOUNT_RECENT},
                     {.code = "d"}, {.code = "e", .flags = ACCOUNT_FAVOURITE}, {.code = "f", .flags = ACCOUNT_RECENT}};
    char order[7] = "";
    (void)state;
    accounts_order(all, 0);
    accounts_order(all, 1);
    accounts_order(all, 6);
    for (size_t i = 0; i < 6; i++) order[i] = all[i].code[0];
    assert_string_equal(order, "cebfad");
}

static void the_guard(void **state)
{
    static const struct {
        uint64_t at;
        bool repeated, lets;
    } cases[] = {{1000, false, false}, {1699, false, false}, {1700, false, true}, {1700, true, false}, {90000, false, true}, {999, false, false}};
    guard g;
    (void)state;
    guard_restart(&g, 1000);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) assert_int_equal(guard_lets(&g, cases[i].at, cases[i].repeated), cases[i].lets);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(whole_ask),
        cmocka_unit_test(odd_frames),
        cmocka_unit_test(numbers_without_sense_are_unknown),
        cmocka_unit_test(texts_are_cut_and_clean),
        cmocka_unit_test(a_queue_of_questions),
        cmocka_unit_test(a_service_that_starts_again),
        cmocka_unit_test(no_more_than_there_is_room_for),
        cmocka_unit_test(favourite_accounts_first),
        cmocka_unit_test(the_guard),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
