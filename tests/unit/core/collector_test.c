/* SPDX-License-Identifier: Apache-2.0 */
/* The collector in another process: its frames, and what becomes of a worker that was taken over. */
#include "tests/unit/test.h"

#include <stdlib.h>
#include <string.h>

#include "core/util/text.h"
#include "os/clock.h"
#include "os/file.h"
#include "worker/collector.h"

#define COUNT(a) (sizeof(a) / sizeof *(a))

static const plt_address ours = {.ip = {127, 0, 0, 1}, .port = 9, .family = 4};

static plt_collect_setup sample(void)
{
    plt_collect_setup s = {.categories = 31,
                           .no_v1 = true,
                           .whole_when_new = true,
                           .silent = true,
                           .rate = 500,
                           .in_flight = 7,
                           .tries = 2,
                           .timeout_ms = 1000,
                           .at = 1768000000000,
                           .seed = {1, UINT64_MAX}};
    plt_copy(s.accounts.communities[0], PLT_SECRET_SIZE, "public");
    plt_copy(s.accounts.communities[1], PLT_SECRET_SIZE, "");
    s.accounts.community_count = 2;
    plt_snmp_account *u = &s.accounts.users[0];
    plt_copy(u->name, sizeof u->name, "a name of thirty-two letters....");
    memset(u->auth_password, 'p', PLT_SECRET_SIZE - 1);
    plt_copy(u->priv_password, PLT_SECRET_SIZE, "another one");
    u->auth = PLT_AUTH_SHA512;
    u->priv = PLT_PRIV_AES256_REEDER;
    s.accounts.user_count = 1;
    return s;
}

static void the_set_up_is_read_back(void **state)
{
    plt_collect_setup s = sample(), back;
    plt_buf b;
    (void)state;
    plt_buf_init(&b, PLT_FRAME_MAX_PAYLOAD);
    assert_int_equal(plt_setup_encode(&s, &b), PLT_OK);
    assert_int_equal(plt_setup_decode(b.data, b.len, &back), PLT_OK);
    assert_memory_equal(&back.accounts, &s.accounts, sizeof s.accounts);
    assert_true(back.no_v1 && !back.no_v2c && !back.other_address && back.whole_when_new && back.silent);
    assert_int_equal(back.rate, 500);
    assert_int_equal(back.at, s.at);
    assert_true(back.seed[1] == UINT64_MAX);
    for (size_t n = 0; n < b.len; n++) assert_int_equal(plt_setup_decode(b.data, n, &back), PLT_BAD);
    plt_buf_byte(&b, 0);
    assert_int_equal(plt_setup_decode(b.data, b.len, &back), PLT_BAD);
    plt_buf_free(&b);
}

static void what_was_found_is_read_back(void **state)
{
    plt_found f = {.result = {.address = {.ip = {0x20, 1, 13, 0xb8}, .port = 161, .family = 6, .scope = 3},
                              .outcome = PLT_COLLECT_PARTLY,
                              .version = 3,
                              .verdict = PLT_USM_DECRYPTION,
                              .credential = 5,
                              .notes = PLT_NOTE_ELSEWHERE,
                              .rtt_us = 1,
                              .questions = 2,
                              .octets_out = 3,
                              .octets_in = 4,
                              .rescan = true,
                              .answered_from = {.ip = {10, 0, 0, 1}, .family = 4}},
                   .printer = 1,
                   .printers = 2,
                   .json = "{\"v\":1}",
                   .json_size = 7,
                   .left_out = true},
              back;
    plt_buf b;
    (void)state;
    plt_buf_init(&b, PLT_FRAME_MAX_PAYLOAD);
    plt_found_encode(&f, &b);
    assert_int_equal(plt_found_decode(b.data, b.len, &back), PLT_OK);
    assert_memory_equal(&back.result.address, &f.result.address, sizeof f.result.address);
    assert_memory_equal(&back.result.answered_from, &f.result.answered_from, sizeof f.result.address);
    assert_int_equal(back.result.outcome, PLT_COLLECT_PARTLY);
    assert_int_equal(back.result.verdict, PLT_USM_DECRYPTION);
    assert_int_equal(back.result.notes, PLT_NOTE_ELSEWHERE);
    assert_true(back.result.rescan && back.left_out);
    assert_int_equal(back.printer, 1);
    assert_int_equal(back.json_size, 7);
    assert_memory_equal(back.json, f.json, 7);
    for (size_t n = 0; n < b.len; n++) assert_int_equal(plt_found_decode(b.data, n, &back), PLT_BAD);
    plt_buf_free(&b);
}

static void totals_are_read_back(void **state)
{
    const plt_collect_totals t = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, .asked_now = 13};
    plt_collect_totals back;
    uint64_t memory = 0;
    plt_buf b;
    (void)state;
    plt_buf_init(&b, PLT_FRAME_MAX_PAYLOAD);
    plt_totals_encode(&t, 14, &b);
    assert_int_equal(plt_totals_decode(b.data, b.len, &back, &memory), PLT_OK);
    assert_memory_equal(&back, &t, sizeof t);
    assert_int_equal(memory, 14);
    assert_int_equal(plt_totals_decode(b.data, b.len - 8, &back, &memory), PLT_BAD);
    plt_buf_free(&b);
}

static void datagrams_are_read_back(void **state)
{
    plt_buf b;
    plt_address from;
    const uint8_t *data;
    size_t n, count = 0;
    (void)state;
    plt_buf_init(&b, PLT_FRAME_MAX_PAYLOAD);
    for (int i = 0; i < 3; i++) plt_put_datagram(&b, &ours, (const uint8_t *)"abcdef", 6);
    assert_true(b.len <= 3 * (6 + PLT_DATAGRAM_HEAD));
    plt_cursor c = plt_cursor_make(b.data, b.len);
    while (plt_take_datagram(&c, &from, &data, &n)) {
        assert_memory_equal(&from, &ours, sizeof from);
        assert_int_equal(n, 6);
        count++;
    }
    assert_false(c.bad);
    assert_int_equal(count, 3);
    c = plt_cursor_make(b.data, b.len - 1);
    while (plt_take_datagram(&c, &from, &data, &n)) {
    }
    assert_true(c.bad);
    plt_buf_free(&b);
}

typedef struct heard {
    size_t found;
    uint64_t began;
} heard;

static void found(void *ctx, const plt_found *f)
{
    heard *h = ctx;
    assert_memory_equal(&f->result.address, &ours, sizeof ours);
    h->found++;
}

static plt_status run(const char *way, plt_collector_end *end, plt_buf *learned)
{
    char program[OS_PATH_MAX];
    heard h = {.began = os_clock_mono_ms()};
    plt_collect_setup s = sample();
    assert_int_equal(os_path_sibling(program, sizeof program, way), PLT_OK);
    const plt_collector_job job = {
        .setup = &s, .addresses = &ours, .address_count = 1, .learned = learned, .program = program, .ctx = &h, .found = found};
    plt_status st = plt_collector_run(&job, end);
    assert_true(os_clock_mono_ms() - h.began < 30000);
    return st;
}

static void a_worker_that_was_taken_over_gets_nothing(void **state)
{
    static const struct {
        const char *program;
        plt_status status;
        const char *words;
    } cases[] = {
        {"collector_that_elsewhere", PLT_DENIED, "wanted to send what it may not"},
        {"collector_that_port", PLT_DENIED, "wanted to send what it may not"},
        {"collector_that_large", PLT_DENIED, "wanted to send what it may not"},
        {"collector_that_floods", PLT_DENIED, "wanted to send what it may not"},
        {"collector_that_lies", PLT_BAD, "malformed"},
        {"collector_that_chatters", PLT_BAD, "malformed"},
        {"collector_that_garbles", PLT_BAD, "malformed"},
        {"collector_that_cuts", PLT_BAD, "malformed"},
        {"collector_that_nul", PLT_BAD, "malformed"},
        {"collector_that_learns", PLT_FULL, ""},
        {"collector_that_quits", PLT_CLOSED, "code 7"},
        {"collector_that_unconfined", PLT_CLOSED,
         "the process that reads network printers could not give up its rights (this system has no seccomp)"},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        plt_collector_end end;
        plt_buf learned;
        plt_buf_init(&learned, PLT_LEARNED_MAX);
        plt_buf_text(&learned, "of the scan before");
        plt_status s = run(cases[i].program, &end, &learned);
        if (s != cases[i].status || !strstr(end.words, cases[i].words)) fail_msg("%s: %s, \"%s\"", cases[i].program, plt_status_name(s), end.words);
        assert_true(*end.words);
        assert_string_equal(plt_buf_str(&learned), "of the scan before"); /* nothing of it is kept */
        plt_buf_free(&learned);
    }
}

/* The real one, at a port where nobody is: it comes to its end by itself. */
static void a_silent_address(void **state)
{
    plt_collector_end end;
    plt_buf learned;
    heard h = {.found = 0};
    plt_collect_setup s = sample();
    (void)state;
    s.tries = 1;
    s.timeout_ms = 50;
    s.accounts.user_count = 0;
    s.accounts.community_count = 1;
    plt_buf_init(&learned, PLT_LEARNED_MAX);
    const plt_collector_job job = {.setup = &s, .addresses = &ours, .address_count = 1, .learned = &learned, .ctx = &h, .found = found};
    assert_int_equal(plt_collector_run(&job, &end), PLT_OK);
    assert_int_equal(end.totals.targets, 1);
    assert_int_equal(end.totals.silent, 1);
    assert_true(end.totals.sent >= 1);
    assert_true(end.memory > 0);
    assert_true(learned.len >= 16);
    assert_string_equal(end.words, "");
    plt_buf_free(&learned);
}

static bool at_once(void *ctx)
{
    (void)ctx;
    return false;
}

static void a_scan_can_be_ended(void **state)
{
    plt_collector_end end;
    plt_collect_setup s = sample();
    (void)state;
    s.tries = 10;
    s.timeout_ms = 60000;
    uint64_t began = os_clock_mono_ms();
    const plt_collector_job job = {.setup = &s, .addresses = &ours, .address_count = 1, .found = found, .tick_ms = 100, .tick = at_once};
    assert_int_equal(plt_collector_run(&job, &end), PLT_CLOSED);
    assert_true(os_clock_mono_ms() - began < 5000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_set_up_is_read_back),
        cmocka_unit_test(what_was_found_is_read_back),
        cmocka_unit_test(totals_are_read_back),
        cmocka_unit_test(datagrams_are_read_back),
        cmocka_unit_test(a_worker_that_was_taken_over_gets_nothing),
        cmocka_unit_test(a_silent_address),
        cmocka_unit_test(a_scan_can_be_ended),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
