/* SPDX-License-Identifier: Apache-2.0 */
/* PML over MLC and IEEE 1284.4 against a printer that watches credits and lengths. */
#include "tests/unit/test.h"

#include <string.h>

#include "core/pjl/channel.h"
#include "core/pjl/pml.h"
#include "tests/unit/core/channel_peer.h"

static const uint8_t pages[] = {1, 4, 1, 2, 5}, count[] = {0x08, 2, 0x47, 0xF5}; /* 18421 */

/* Carries bytes to and fro until both are silent; `step` bytes at a time to the host. */
static void talk(plt_channel *c, channel_peer *p, size_t step)
{
    for (int i = 0; i < 1000 && (c->out.len || p->out.len); i++) {
        if (c->out.len) {
            assert_true(plt_channel_allowed(c->out.data, c->out.len));
            channel_peer_feed(p, c->out.data, c->out.len);
            plt_buf_clear(&c->out);
        }
        while (p->out.len) {
            size_t n = p->out.len < step ? p->out.len : step;
            plt_channel_feed(c, p->out.data, n);
            plt_buf_consume(&p->out, n);
        }
    }
}

static void begin(plt_channel *c, channel_peer *p, bool dot4)
{
    plt_channel_init(c, dot4 ? &plt_link_dot4 : &plt_link_mlc);
    channel_peer_init(p, dot4);
    p->value = count;
    p->value_len = sizeof count;
}

static void end(plt_channel *c, channel_peer *p)
{
    plt_channel_free(c);
    channel_peer_free(p);
}

static void ask_and_read(plt_channel *c, channel_peer *p, size_t step)
{
    plt_buf message;
    plt_pml_reply r;
    int64_t n;
    plt_buf_init(&message, PLT_PACKET_MAX);
    assert_int_equal(plt_channel_ask(c, pages, sizeof pages), PLT_OK);
    talk(c, p, step);
    for (int i = 0; i < 10 && !c->inbox.len; i++) {
        plt_channel_poll(c);
        talk(c, p, step);
    }
    assert_true(plt_channel_take(c, &message));
    assert_int_equal(plt_pml_parse(message.data, message.len, &r), PLT_OK);
    assert_int_equal(r.oid_len, sizeof pages);
    assert_memory_equal(r.oid, pages, sizeof pages);
    assert_true(plt_pml_integer(r.type, r.value, r.value_len, &n) && n == 18421);
    assert_false(plt_channel_take(c, &message));
    plt_buf_free(&message);
}

static void printers_of_all_kinds(void **state)
{
    (void)state;
    /* dot4, first credit, stingy, chatty, late header, bytes at a time */
    for (unsigned i = 0; i < 2 * 2 * 2 * 2 * 2 * 3; i++) {
        static const size_t steps[] = {1, 7, 4096};
        plt_channel c;
        channel_peer p;
        begin(&c, &p, i & 1);
        p.first_credit = i >> 1 & 1;
        p.stingy = (i >> 2 & 1) * 3;
        p.chatty = i >> 3 & 1;
        p.late_header = i >> 4 & 1;
        size_t step = steps[i >> 5];
        assert_int_equal(plt_channel_ask(&c, pages, sizeof pages), PLT_CLOSED);
        plt_channel_start(&c);
        talk(&c, &p, step);
        if (c.state != PLT_CH_READY) fail_msg("case %u: state %d, %s", i, c.state, plt_status_name(c.status));
        for (int k = 0; k < 5; k++) ask_and_read(&c, &p, step);
        plt_channel_close(&c);
        talk(&c, &p, step);
        assert_int_equal(c.state, PLT_CH_CLOSED);
        assert_true(p.asked == 5 && p.closed == 1 && p.exited == 1);
        assert_int_equal(p.violations, 0);
        assert_int_equal(c.shifted, i >> 4 & 1);
        end(&c, &p);
    }
}

static void sizes_are_the_printers(void **state)
{
    (void)state;
    for (int dot4 = 0; dot4 < 2; dot4++) {
        static const struct {
            uint16_t size;
            plt_channel_state state;
            plt_status ask;
        } cases[] = {{65535, PLT_CH_READY, PLT_OK},
                     {64, PLT_CH_READY, PLT_OK},
                     {13, PLT_CH_READY, PLT_BAD},
                     {6, PLT_CH_FAILED, PLT_BAD},
                     {0, PLT_CH_FAILED, PLT_BAD}};
        for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
            plt_channel c;
            channel_peer p;
            begin(&c, &p, dot4);
            p.size = cases[i].size;
            plt_channel_start(&c);
            talk(&c, &p, 4096);
            if (c.state != cases[i].state) fail_msg("dot4 %d, case %zu: state %d", dot4, i, c.state);
            assert_int_equal(plt_channel_ask(&c, pages, sizeof pages), cases[i].ask);
            assert_true(c.max_out <= PLT_PACKET_MAX && c.max_in <= PLT_PACKET_MAX);
            end(&c, &p);
        }
    }
}

static void a_printer_that_refuses(void **state)
{
    static const uint8_t refused[] = {PLT_CH_INIT, PLT_CH_CONFIG, PLT_CH_GET_SOCKET, PLT_CH_OPEN};
    (void)state;
    for (int dot4 = 0; dot4 < 2; dot4++) {
        for (size_t i = 0; i < sizeof refused; i++) {
            plt_channel c;
            channel_peer p;
            if (refused[i] == (dot4 ? PLT_CH_CONFIG : PLT_CH_GET_SOCKET)) continue;
            begin(&c, &p, dot4);
            p.refuse = refused[i];
            plt_channel_start(&c);
            talk(&c, &p, 4096);
            assert_int_equal(c.state, PLT_CH_FAILED);
            assert_int_equal(c.status, PLT_UNSUPPORTED);
            assert_int_equal(c.out.len, 0);
            end(&c, &p);
        }
    }
}

static void bad_packets_end_it(void **state)
{
    static const struct {
        const char *bytes;
        size_t n;
        plt_channel_state state;
    } cases[] = {
        {"\1\1\0\5\0\0", 6, PLT_CH_FAILED},        /* shorter than its header */
        {"\1\1\377\377\0\0", 6, PLT_CH_FAILED},    /* longer than agreed */
        {"\0\0\0\0\0\0\0\0", 8, PLT_CH_FAILED},    /* no length, twice: no late header either */
        {"\0\0\0\7\0\0\177", 7, PLT_CH_FAILED},    /* Error */
        {"\0\0\0\6\0\0", 6, PLT_CH_READY},         /* a command packet without a command */
        {"\0\0\0\7\0\0\203", 7, PLT_CH_READY},     /* a reply to what nobody asked */
        {"\7\7\0\7\0\0x", 7, PLT_CH_READY},        /* a socket that is not open */
        {"\0\0\0\11\0\0\2\1\1", 9, PLT_CH_CLOSED}, /* the printer closes the channel */
        {"\0\0\0\7\0\0\10", 7, PLT_CH_CLOSED},     /* or leaves */
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        plt_channel c;
        channel_peer p;
        begin(&c, &p, false);
        plt_channel_start(&c);
        talk(&c, &p, 4096);
        plt_channel_feed(&c, cases[i].bytes, cases[i].n);
        if (c.state != cases[i].state) fail_msg("case %zu: state %d", i, c.state);
        if (c.state == PLT_CH_FAILED) assert_int_equal(c.out.len, 0);
        plt_channel_feed(&c, "\1\1\0\7\0\0x", 7);
        plt_channel_poll(&c);
        end(&c, &p);
    }
}

/* Command by command and packet by packet; PML SET, GETNEXT and what is cut off do not pass. */
static void the_checker_passes_gets_only(void **state)
{
    static const struct {
        bool allowed;
        const char *bytes;
        size_t n;
    } cases[] = {
        {false, "", 0},
        {true, "\0\0\0\10\0\0\0\3", 8},                       /* Init */
        {true, "\0\0\0\7\0\0\10", 7},                         /* Exit */
        {true, "\1\1\0\13\0\0\0\0\2\1\1", 11},                /* GET of 1.1 */
        {true, "\0\0\0\7\0\0\10\1\1\0\13\0\0\0\0\2\1\1", 18}, /* both */
        {false, "\1\1\0\15\0\0\4\0\2\1\1\4\0", 13},           /* SET */
        {false, "\1\1\0\13\0\0\1\0\2\1\1", 11},               /* GETNEXT */
        {false, "\1\1\0\14\0\0\0\0\2\1\1\1", 12},             /* a byte behind it */
        {false, "\1\1\0\13\0\0\0\0\2\1", 10},                 /* cut off */
        {false, "\1\2\0\13\0\0\0\0\2\1\1", 11},               /* two sockets */
        {false, "\2\2\0\11\0\0%!P", 9},                       /* a job */
        {false, "\0\0\0\7\0\0\5", 7},                         /* Debit */
        {false, "\0\0\0\7\0\0\177", 7},                       /* Error */
        {false, "\0\0\0\6\0\0", 6},
        {false, "@PJL INFO ID\r\n", 14},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        if (plt_channel_allowed(cases[i].bytes, cases[i].n) != cases[i].allowed) fail_msg("case %zu", i);
}

static void one_question_at_a_time(void **state)
{
    plt_channel c;
    channel_peer p;
    (void)state;
    begin(&c, &p, true);
    plt_channel_start(&c);
    talk(&c, &p, 4096);
    assert_int_equal(plt_channel_ask(&c, pages, 0), PLT_BAD);
    assert_int_equal(plt_channel_ask(&c, pages, 33), PLT_BAD);
    assert_int_equal(plt_channel_ask(&c, pages, sizeof pages), PLT_OK);
    assert_int_equal(plt_channel_ask(&c, pages, sizeof pages), PLT_BUSY);
    end(&c, &p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(printers_of_all_kinds), cmocka_unit_test(sizes_are_the_printers), cmocka_unit_test(a_printer_that_refuses),
        cmocka_unit_test(bad_packets_end_it),    cmocka_unit_test(one_question_at_a_time), cmocka_unit_test(the_checker_passes_gets_only),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
