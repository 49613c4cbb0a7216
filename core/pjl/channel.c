/* SPDX-License-Identifier: Apache-2.0 */
/* The one engine of MLC and 1284.4: at most one command of ours waits for its reply; no data packet leaves without a credit. */
#include "core/pjl/channel.h"

#include <string.h>

#include "core/pjl/pml.h"

#define IN_MAX (4 * PLT_PACKET_MAX)
#define OUT_MAX 65536
#define NOTHING PLT_CH_ERROR /* of `asked` */

void plt_channel_be16(plt_buf *out, uint16_t v)
{
    plt_buf_byte(out, (uint8_t)(v >> 8));
    plt_buf_byte(out, (uint8_t)v);
}

void plt_channel_init(plt_channel *c, const plt_link *link)
{
    memset(c, 0, sizeof *c);
    c->link = link;
    c->socket = PLT_PML_SOCKET;
    c->asked = NOTHING;
    c->max_in = c->max_out = PLT_PACKET_MAX;
    plt_buf_init(&c->in, IN_MAX);
    plt_buf_init(&c->out, OUT_MAX);
    plt_buf_init(&c->waiting, PLT_PACKET_MAX);
    plt_buf_init(&c->inbox, OUT_MAX);
}

void plt_channel_free(plt_channel *c)
{
    plt_buf_free(&c->in);
    plt_buf_free(&c->out);
    plt_buf_free(&c->waiting);
    plt_buf_free(&c->inbox);
}

static void fail(plt_channel *c, plt_status why)
{
    c->state = PLT_CH_FAILED;
    c->status = why;
    plt_buf_clear(&c->out);
}

/* ---- sending ---- */

static void put_packet(plt_channel *c, uint8_t socket, uint8_t credit, const plt_buf *payload)
{
    plt_buf_byte(&c->out, socket);
    plt_buf_byte(&c->out, socket);
    plt_channel_be16(&c->out, (uint16_t)(payload->len + PLT_PACKET_HEADER));
    plt_buf_byte(&c->out, credit);
    plt_buf_byte(&c->out, 0);
    plt_buf_add(&c->out, payload->data, payload->len);
    if (payload->status != PLT_OK) c->out.status = payload->status;
    if (c->out.status != PLT_OK) fail(c, c->out.status);
}

static void put_sockets(const plt_channel *c, plt_buf *out)
{
    plt_buf_byte(out, c->socket);
    plt_buf_byte(out, c->socket);
}

/* A command of ours, which waits for its reply then. */
static void command(plt_channel *c, uint8_t what)
{
    plt_buf b;
    plt_buf_init(&b, 64);
    plt_buf_byte(&b, what);
    switch (what) {
    case PLT_CH_INIT: plt_buf_byte(&b, c->link->revision); break;
    case PLT_CH_OPEN: c->link->put_open(c, &b); break;
    case PLT_CH_CLOSE: put_sockets(c, &b); break;
    case PLT_CH_CREDIT:
        put_sockets(c, &b);
        plt_channel_be16(&b, 1);
        break;
    case PLT_CH_CREDIT_REQUEST:
        put_sockets(c, &b);
        plt_channel_be16(&b, 1);
        break;
    case PLT_CH_EXIT: break;
    default: c->link->put_prepare(c, &b); break;
    }
    c->asked = what;
    put_packet(c, 0, c->link->command_credit, &b);
    plt_buf_free(&b);
}

/* Sends what may be sent now: first the printer gets leave to answer, then we need leave to ask. */
static void flush(plt_channel *c)
{
    if (c->asked != NOTHING || c->starved) return;
    if (c->state == PLT_CH_CLOSING) {
        command(c, PLT_CH_CLOSE);
    } else if (c->state == PLT_CH_READY && c->waiting.len) {
        if (!c->may_receive) {
            command(c, PLT_CH_CREDIT);
        } else if (!c->may_send) {
            command(c, PLT_CH_CREDIT_REQUEST);
        } else {
            c->may_send--;
            put_packet(c, c->socket, 0, &c->waiting);
            plt_buf_clear(&c->waiting);
        }
    }
}

/* ---- receiving ---- */

static void add_credit(plt_channel *c, uint32_t n)
{
    c->may_send = c->may_send + n > 0xFFFF ? 0xFFFF : c->may_send + n;
    if (n) c->starved = false;
}

static void skip_sockets(const plt_channel *c, plt_cursor *r)
{
    if (c->link->sockets_in_reply) plt_cursor_be16(r);
}

/* The reply to what was asked. */
static void take_reply(plt_channel *c, uint8_t what, plt_cursor *r)
{
    uint8_t result = plt_cursor_u8(r);
    bool ok = !r->bad && result == 0;
    if (what != c->asked) return; /* late, or to a command of somebody before us */
    c->asked = NOTHING;
    if (what == PLT_CH_EXIT || (what == PLT_CH_CLOSE && !ok)) {
        c->state = PLT_CH_CLOSED;
        return;
    }
    switch (what) {
    case PLT_CH_INIT: plt_cursor_u8(r); break;
    case PLT_CH_OPEN: ok = ok && c->link->take_open(c, r); break;
    case PLT_CH_CREDIT: c->may_receive += ok; break;
    case PLT_CH_CREDIT_REQUEST: {
        skip_sockets(c, r);
        uint16_t n = plt_cursor_be16(r);
        c->starved = true;
        add_credit(c, r->bad ? 0 : n);
        break;
    }
    case PLT_CH_CLOSE: break;
    default: ok = ok && c->link->take_prepare(c, r); break;
    }
    if (!ok || r->bad) {
        fail(c, result ? PLT_UNSUPPORTED : PLT_BAD);
        return;
    }
    if (what == PLT_CH_INIT)
        command(c, c->link->prepare);
    else if (what == c->link->prepare)
        command(c, PLT_CH_OPEN);
    else if (what == PLT_CH_OPEN)
        c->state = PLT_CH_READY;
    else if (what == PLT_CH_CLOSE)
        command(c, PLT_CH_EXIT);
}

/* The printer's own commands must be answered at once, or it waits for ever. */
static void answer(plt_channel *c, uint8_t what, plt_cursor *r)
{
    plt_buf b;
    bool known = what == PLT_CH_CREDIT || what == PLT_CH_CREDIT_REQUEST || what == PLT_CH_CLOSE || what == PLT_CH_EXIT;
    uint16_t sockets = what == PLT_CH_EXIT ? 0 : plt_cursor_be16(r), n = 0;
    bool ours = sockets == (c->socket << 8 | c->socket);
    if (what == PLT_CH_CREDIT) n = plt_cursor_be16(r);
    plt_buf_init(&b, 64);
    plt_buf_byte(&b, what | PLT_CH_REPLY);
    plt_buf_byte(&b, known ? 0 : 1);
    if (c->link->sockets_in_reply && known && what != PLT_CH_EXIT) plt_channel_be16(&b, sockets);
    if (what == PLT_CH_CREDIT_REQUEST) plt_channel_be16(&b, 0); /* it gets leave before each question of ours */
    put_packet(c, 0, c->link->command_credit, &b);
    plt_buf_free(&b);
    if (c->state == PLT_CH_FAILED) return;
    if (what == PLT_CH_CREDIT && ours) add_credit(c, n);
    if (what == PLT_CH_EXIT || (what == PLT_CH_CLOSE && ours)) c->state = PLT_CH_CLOSED;
}

static void take_data(plt_channel *c, uint8_t credit, const uint8_t *data, size_t n)
{
    if (c->state != PLT_CH_READY && c->state != PLT_CH_CLOSING) return;
    add_credit(c, credit);
    if (c->may_receive) c->may_receive--; /* some send without leave: what they say counts all the same */
    if (n > 0xFFFF || c->inbox.len + n + 2 > c->inbox.max) return;
    plt_channel_be16(&c->inbox, (uint16_t)n);
    plt_buf_add(&c->inbox, data, n);
    if (c->inbox.status != PLT_OK) fail(c, c->inbox.status);
}

static void take_packet(plt_channel *c, const uint8_t *p, size_t len)
{
    plt_cursor r = plt_cursor_make(p + PLT_PACKET_HEADER, len - PLT_PACKET_HEADER);
    if (p[0] == c->socket && p[1] == c->socket) {
        take_data(c, p[4], r.p, plt_cursor_left(&r));
    } else if (p[0] == 0 && p[1] == 0 && plt_cursor_left(&r)) {
        uint8_t what = plt_cursor_u8(&r);
        if (what == PLT_CH_ERROR)
            fail(c, PLT_BAD);
        else if (what & PLT_CH_REPLY)
            take_reply(c, what & (uint8_t)~PLT_CH_REPLY, &r);
        else
            answer(c, what, &r);
    }
}

void plt_channel_feed(plt_channel *c, const void *data, size_t n)
{
    const uint8_t *p = data;
    while (n && c->state != PLT_CH_FAILED) {
        size_t room = c->in.max - c->in.len, step = n < room ? n : room;
        plt_buf_add(&c->in, p, step);
        p += step;
        n -= step;
        if (c->in.status != PLT_OK) fail(c, c->in.status);
        while (c->in.len >= PLT_PACKET_HEADER && c->state != PLT_CH_FAILED) {
            size_t len = (size_t)c->in.data[2] << 8 | c->in.data[3];
            if (len == 0 && !c->shifted) { /* OfficeJet 600: one byte too many before the first header */
                c->shifted = true;
                plt_buf_consume(&c->in, 1);
                continue;
            }
            if (len < PLT_PACKET_HEADER || len > c->max_in) {
                fail(c, PLT_BAD);
                break;
            }
            if (c->in.len < len) break;
            take_packet(c, c->in.data, len);
            plt_buf_consume(&c->in, len);
            flush(c);
        }
    }
}

void plt_channel_start(plt_channel *c)
{
    c->state = PLT_CH_STARTING;
    command(c, PLT_CH_INIT);
}

void plt_channel_poll(plt_channel *c)
{
    c->starved = false;
    flush(c);
}

plt_status plt_channel_ask(plt_channel *c, const uint8_t *oid, size_t n)
{
    uint8_t message[PLT_PML_GET_MAX];
    if (c->state != PLT_CH_READY) return c->state == PLT_CH_FAILED ? c->status : PLT_CLOSED;
    if (c->waiting.len) return PLT_BUSY;
    size_t len = plt_pml_get(oid, n, message);
    if (!len || len + PLT_PACKET_HEADER > c->max_out) return PLT_BAD;
    plt_buf_add(&c->waiting, message, len);
    flush(c);
    return c->state == PLT_CH_FAILED ? c->status : PLT_OK;
}

bool plt_channel_take(plt_channel *c, plt_buf *out)
{
    if (c->inbox.len < 2) return false;
    size_t n = (size_t)c->inbox.data[0] << 8 | c->inbox.data[1];
    plt_buf_clear(out);
    plt_buf_add(out, c->inbox.data + 2, n);
    plt_buf_consume(&c->inbox, n + 2);
    return out->status == PLT_OK;
}

void plt_channel_close(plt_channel *c)
{
    if (c->state != PLT_CH_READY) {
        if (c->state != PLT_CH_FAILED) c->state = PLT_CH_CLOSED;
        return;
    }
    c->state = PLT_CH_CLOSING;
    c->starved = false;
    plt_buf_clear(&c->waiting);
    flush(c);
}

/* ---- the checker ---- */

static bool packet_allowed(const uint8_t *p, size_t n)
{
    const uint8_t *payload = p + PLT_PACKET_HEADER;
    size_t len = n - PLT_PACKET_HEADER;
    if (p[0] != p[1] || p[5] != 0 || !len) return false;
    if (p[0]) return len >= 4 && len <= PLT_PML_GET_MAX && payload[0] == 0 && payload[1] == 0 && payload[2] == len - 3;
    uint8_t command = payload[0];
    if (command & 0x80) return len <= 6; /* an answer */
    return (command <= 4 || (command >= 7 && command <= 9)) && len <= 12;
}

bool plt_channel_allowed(const void *data, size_t n)
{
    const uint8_t *p = data;
    size_t at = 0;
    while (at < n) {
        size_t left = n - at, len = left >= PLT_PACKET_HEADER ? (size_t)p[at + 2] << 8 | p[at + 3] : 0;
        if (len <= PLT_PACKET_HEADER || len > left || !packet_allowed(p + at, len)) return false;
        at += len;
    }
    return n > 0;
}
