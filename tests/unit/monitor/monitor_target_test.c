/* SPDX-License-Identifier: Apache-2.0 */
/* The targets: their texts, and TCP against printers that are late, busy, slow, stalled, talkative or gone. */
#include "tests/unit/monitor/kit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "os/clock.h"
#include "os/file.h"
#include "tests/lab/sock.h"

/* ---- texts ---- */

static void test_texts(void **state)
{
    static const struct {
        const char *text;
        bool ok;
        const char *inner;
    } cases[] = {
        {"tcp:printer:9100", true, ""},
        {"tcp:10.0.0.1:1", true, ""},
        {"tcp:[fe80::1]:9100", true, ""},
        {"tcp:fe80::1:9100", true, ""},
        {"tcp:printer", false, ""},
        {"tcp::9100", false, ""},
        {"tcp:printer:", false, ""},
        {"tcp:printer:0", false, ""},
        {"tcp:printer:65536", false, ""},
        {"tcp:printer:99999999", false, ""},
        {"tcp:printer:91x0", false, ""},
        {"tcp:a b:9100", false, ""},
        {"tcp:[]:9100", false, ""},
        {"tcp:a/b:9100", false, ""},
        {"port:USB001", true, "USB001"},
        {"port:IP_10.0.0.1", true, "IP_10.0.0.1"},
        {"port:", false, ""},
        {"port:a,b", false, ""},
        {"port:a\nb", false, ""},
        {"file:/tmp/x", true, ""},
        {"file:", false, ""},
        {"", false, ""},
        {"usb:1", false, ""},
        {"TCP:printer:9100", false, ""},
        {"port:\xC3\x28", false, ""},
        {"port:Dr\xC3\xBC"
         "cker",
         true,
         "Dr\xC3\xBC"
         "cker"},
        {"tcp: :1", false, ""},
        {"tcp:-1:-1", false, ""},
    };
    char inner[MON_TARGET_MAX], huge[2000];
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        bool ok = mon_target_valid(cases[i].text, inner);
        if (ok != cases[i].ok) fail_msg("%s: %d", cases[i].text, ok);
        assert_string_equal(inner, cases[i].inner);
    }
    memset(huge, 'a', sizeof huge - 1);
    huge[sizeof huge - 1] = 0;
    memcpy(huge, "file:", 5);
    assert_false(mon_target_valid(huge, inner));
    assert_false(mon_target_valid(NULL, inner));
}

static void test_errors(void **state)
{
    (void)state;
    assert_int_equal(mon_error_of(PLT_OK), 0);
    for (int s = PLT_NOMEM; s <= PLT_UNSUPPORTED; s++) assert_int_not_equal(mon_error_of((plt_status)s), 0);
}

static void test_file(void **state)
{
    kit *k = *state;
    char text[400], path[300];
    mon_target *t;
    size_t put;
    plt_buf all;
    snprintf(path, sizeof path, "%s/run/out.prn", k->dir);
    snprintf(text, sizeof text, "file:%s", path);
    assert_int_equal(mon_target_make(&t, text), PLT_OK);
    assert_int_equal(t->ops->open(t, "doc"), PLT_OK);
    assert_int_equal(t->ops->write(t, "hello", 5, &put), PLT_OK);
    assert_int_equal(put, 5);
    assert_int_equal(t->ops->close(t, false), PLT_OK);
    mon_target_free(t);
    plt_buf_init(&all, 100);
    assert_int_equal(os_file_load(path, &all), PLT_OK);
    assert_string_equal(plt_buf_str(&all), "hello");
    plt_buf_free(&all);
    assert_int_equal(mon_target_make(&t, "file:/nonexistent/folder/file"), PLT_OK);
    assert_int_not_equal(t->ops->open(t, "doc"), PLT_OK);
    assert_int_not_equal(t->error, 0);
    mon_target_free(t);
}

/* ---- TCP ---- */

typedef struct machine {
    lab_sock listener;
    unsigned short port;
    os_thread *thread;
    uint32_t accept_after_ms; /* listens only then */
    uint64_t stall_after;     /* bytes, then reads no more until told */
    uint64_t reset_after;
    const char *back;
    uint64_t back_after; /* it answers when it has heard so much */
    atomic_bool go_on;
    atomic_ullong seen;
    plt_buf got;
} machine;

static void machine_run(void *arg)
{
    machine *m = arg;
    static uint8_t room[65536];
    if (m->accept_after_ms) {
        os_sleep_ms(m->accept_after_ms);
        unsigned short port = m->port;
        m->listener = lab_listen(&port, 1);
    }
    lab_sock c = accept(m->listener, NULL, NULL);
    const char *back = m->back;
    for (;;) {
        uint64_t seen = atomic_load(&m->seen);
        if (back && seen >= m->back_after) {
            assert_int_equal(send(c, back, strlen(back), 0), strlen(back));
            back = NULL;
        }
        while (seen >= m->stall_after && !atomic_load(&m->go_on)) os_sleep_ms(5);
        if (seen >= m->reset_after) {
            struct linger now = {1, 0};
            setsockopt(c, SOL_SOCKET, SO_LINGER, &now, sizeof now);
            break;
        }
        ssize_t n = recv(c, room, sizeof room, 0);
        if (n <= 0) break;
        plt_buf_add(&m->got, room, (size_t)n);
        atomic_fetch_add(&m->seen, (unsigned long long)n);
    }
    lab_close(c);
}

static void machine_start(machine *m)
{
    plt_buf_init(&m->got, (size_t)64 << 20);
    m->port = 0;
    m->listener = lab_listen(&m->port, 1);
    assert_int_not_equal(m->listener, LAB_NO_SOCK);
    if (m->accept_after_ms) lab_close(m->listener);
    assert_int_equal(os_thread_start(&m->thread, machine_run, m), PLT_OK);
}

static void machine_end(machine *m)
{
    atomic_store(&m->go_on, true);
    os_thread_join(m->thread);
    lab_close(m->listener);
    plt_buf_free(&m->got);
}

#define MACHINE {.stall_after = UINT64_MAX, .reset_after = UINT64_MAX}

static mon_tcp_limits quick(void)
{
    mon_tcp_limits l = mon_tcp_default;
    l.connect_ms = 1500;
    l.attempt_ms = 500;
    l.pause_ms = 100;
    l.stall_ms = 600;
    l.read_ms = 300;
    l.finish_ms = 1000;
    return l;
}

static void test_tcp_exact(void **state)
{
    static const struct {
        size_t n, chunk;
    } cases[] = {{0, 1}, {1, 1}, {3000, 1}, {200003, 7}, {1000000, 4096}, {3000000, 65535}, {3000000, 65536}, {3000000, 65537}, {5000000, 4999}};
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        machine m = MACHINE;
        mon_target *t;
        uint8_t room[65537];
        size_t put;
        machine_start(&m);
        assert_int_equal(mon_target_tcp(&t, "127.0.0.1", m.port, &mon_tcp_default), PLT_OK);
        assert_int_equal(t->ops->open(t, "doc"), PLT_OK);
        for (size_t at = 0; at < cases[i].n; at += put) {
            size_t some = cases[i].n - at < cases[i].chunk ? cases[i].n - at : cases[i].chunk;
            for (size_t b = 0; b < some; b++) room[b] = kit_byte(at + b);
            assert_int_equal(t->ops->write(t, room, some, &put), PLT_OK);
            assert_int_equal(put, some);
        }
        assert_int_equal(t->ops->close(t, false), PLT_OK);
        mon_target_free(t);
        os_thread_join(m.thread);
        m.thread = NULL;
        assert_int_equal(m.got.len, cases[i].n);
        assert_true(kit_is_pattern(m.got.data, m.got.len, 0));
        machine_end(&m);
    }
}

/* What is gathered goes out by itself when the program pauses: nothing waits for the next write. */
static void test_tcp_pause(void **state)
{
    machine m = MACHINE;
    mon_target *t;
    size_t put;
    (void)state;
    machine_start(&m);
    assert_int_equal(mon_target_tcp(&t, "127.0.0.1", m.port, &mon_tcp_default), PLT_OK);
    assert_int_equal(t->ops->open(t, "doc"), PLT_OK);
    uint64_t sent = 0;
    for (int round = 0; round < 5; round++) {
        for (int i = 0; i < 10; i++, sent += put) assert_int_equal(t->ops->write(t, "0123456789", 10, &put), PLT_OK);
        for (int i = 0; i < 100 && atomic_load(&m.seen) < sent; i++) os_sleep_ms(5);
        assert_int_equal(atomic_load(&m.seen), sent);
    }
    t->ops->close(t, false);
    mon_target_free(t);
    machine_end(&m);
}

static void test_tcp_late_printer(void **state)
{
    machine m = MACHINE;
    mon_target *t;
    mon_tcp_limits l = quick();
    size_t put;
    (void)state;
    m.accept_after_ms = 700;
    machine_start(&m);
    assert_int_equal(mon_target_tcp(&t, "127.0.0.1", m.port, &l), PLT_OK);
    assert_int_equal(t->ops->open(t, "doc"), PLT_OK);
    assert_int_equal(t->ops->write(t, "x", 1, &put), PLT_OK);
    assert_int_equal(t->ops->close(t, false), PLT_OK);
    mon_target_free(t);
    machine_end(&m);
}

typedef struct asker {
    int asked;
    int yes_after;
} asker;

static bool asked(void *ctx)
{
    asker *a = ctx;
    return ++a->asked >= a->yes_after;
}

static void test_tcp_nobody(void **state)
{
    unsigned short port = 0;
    mon_target *t;
    mon_tcp_limits l = quick();
    asker a = {0, 3};
    lab_sock s = lab_listen(&port, 1);
    (void)state;
    lab_close(s);
    assert_int_equal(mon_target_tcp(&t, "127.0.0.1", port, &l), PLT_OK);
    uint64_t began = os_clock_mono_ms();
    assert_int_equal(t->ops->open(t, "doc"), PLT_NOTFOUND);
    assert_in_range(os_clock_mono_ms() - began, 1000, 2200);
    assert_int_equal(t->error, MON_E_CONNECTION_REFUSED);
    t->cancel = (mon_cancel){asked, &a};
    began = os_clock_mono_ms();
    assert_int_not_equal(t->ops->open(t, "doc"), PLT_OK);
    assert_int_equal(t->error, MON_E_PRINT_CANCELLED);
    assert_int_equal(a.asked, 3);
    assert_in_range(os_clock_mono_ms() - began, 150, 1000);
    t->ops->close(t, true);
    mon_target_free(t);
}

/* Out of paper: waited for while somebody asks whether to go on; given up at the limit; given up when cancelled; finished when paper comes. */
static void test_tcp_stall(void **state)
{
    (void)state;
    for (int what = 0; what < 3; what++) {
        machine m = MACHINE;
        mon_target *t;
        mon_tcp_limits l = quick();
        asker a = {0, what == 1 ? 1 : 1000000};
        static uint8_t room[1 << 20];
        size_t put = 1;
        plt_status s = PLT_OK;
        m.stall_after = 1000;
        if (what != 0) l.stall_ms = 20000;
        machine_start(&m);
        assert_int_equal(mon_target_tcp(&t, "127.0.0.1", m.port, &l), PLT_OK);
        t->cancel = (mon_cancel){asked, &a};
        assert_int_equal(t->ops->open(t, "doc"), PLT_OK);
        uint64_t began = os_clock_mono_ms();
        if (what == 2) atomic_store(&m.go_on, true);
        for (int i = 0; i < 20 && s == PLT_OK; i++) s = t->ops->write(t, room, sizeof room, &put);
        uint64_t took = os_clock_mono_ms() - began;
        if (what == 2) {
            assert_int_equal(s, PLT_OK);
        } else {
            assert_int_not_equal(s, PLT_OK);
            assert_true(put < sizeof room);
            assert_int_equal(t->error, what == 0 ? MON_E_TIMEOUT : MON_E_PRINT_CANCELLED);
            assert_in_range(took, 500, 3500);
        }
        t->ops->close(t, s != PLT_OK);
        mon_target_free(t);
        machine_end(&m);
    }
}

static void test_tcp_reset(void **state)
{
    machine m = MACHINE;
    mon_target *t;
    static uint8_t room[4096];
    size_t put;
    plt_status s = PLT_OK;
    (void)state;
    m.reset_after = 100000;
    machine_start(&m);
    assert_int_equal(mon_target_tcp(&t, "127.0.0.1", m.port, &mon_tcp_default), PLT_OK);
    assert_int_equal(t->ops->open(t, "doc"), PLT_OK);
    for (int i = 0; i < 20000 && s == PLT_OK; i++) s = t->ops->write(t, room, sizeof room, &put);
    assert_int_equal(s, PLT_CLOSED);
    assert_int_equal(t->error, MON_E_NETNAME_DELETED);
    assert_int_equal(t->ops->write(t, room, sizeof room, &put), PLT_CLOSED);
    assert_int_equal(put, 0);
    t->ops->close(t, true);
    mon_target_free(t);
    machine_end(&m);
}

static void test_tcp_back_channel(void **state)
{
    machine m = MACHINE;
    mon_target *t;
    mon_tcp_limits l = quick();
    char in[64];
    size_t got, put;
    (void)state;
    m.back = "@PJL INFO STATUS\r\nCODE=10001\r\n";
    m.back_after = 6;
    machine_start(&m);
    assert_int_equal(mon_target_tcp(&t, "127.0.0.1", m.port, &l), PLT_OK);
    assert_int_equal(t->ops->open(t, "doc"), PLT_OK);
    assert_int_equal(t->ops->write(t, "ask", 3, &put), PLT_OK);
    assert_int_equal(t->ops->write(t, "ask", 3, &put), PLT_OK); /* gathered: reading must send it first */
    assert_int_equal(t->ops->read(t, in, sizeof in, &got), PLT_OK);
    assert_int_equal(got, strlen(m.back));
    assert_memory_equal(in, m.back, got);
    assert_int_equal(t->ops->read(t, in, sizeof in, &got), PLT_OK); /* nothing now */
    assert_int_equal(got, 0);
    t->ops->close(t, false);
    mon_target_free(t);
    machine_end(&m);
}

int main(void)
{
#define CASE(f) cmocka_unit_test_setup_teardown(f, kit_setup, kit_teardown)
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_texts),
        cmocka_unit_test(test_errors),
        CASE(test_file),
        cmocka_unit_test(test_tcp_exact),
        cmocka_unit_test(test_tcp_pause),
        cmocka_unit_test(test_tcp_late_printer),
        cmocka_unit_test(test_tcp_nobody),
        cmocka_unit_test(test_tcp_stall),
        cmocka_unit_test(test_tcp_reset),
        cmocka_unit_test(test_tcp_back_channel),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
