/* SPDX-License-Identifier: Apache-2.0 */
/* A printer that speaks MLC or IEEE 1284.4, written from the packet formats and not from our engine. */
#include "tests/unit/core/channel_peer.h"

#include <string.h>

void channel_peer_init(channel_peer *p, bool dot4)
{
    memset(p, 0, sizeof *p);
    p->dot4 = dot4;
    p->socket = dot4 ? 9 : 1;
    p->size = 1024;
    p->refuse = 0xFF;
    plt_buf_init(&p->in, 65536);
    plt_buf_init(&p->out, 65536);
}

void channel_peer_free(channel_peer *p)
{
    plt_buf_free(&p->in);
    plt_buf_free(&p->out);
}

static void packet(channel_peer *p, uint8_t socket, uint8_t credit, const uint8_t *payload, size_t n)
{
    uint8_t head[6] = {socket, socket, (uint8_t)((n + 6) >> 8), (uint8_t)(n + 6), credit, 0};
    plt_buf_add(&p->out, head, sizeof head);
    plt_buf_add(&p->out, payload, n);
}

static void chatter(channel_peer *p)
{
    const uint8_t request[] = {4, p->socket, p->socket, 0, 1}, other[] = {1, 2, 3};
    packet(p, 0, p->dot4, request, sizeof request);       /* may I have credit? */
    packet(p, 33, 0, other, sizeof other);                /* a socket that nobody opened */
    packet(p, 0, p->dot4, (const uint8_t[]){5, 1, 1}, 3); /* a command that the host need not know */
}

static void reply(channel_peer *p, const uint8_t *data, size_t n)
{
    packet(p, 0, p->dot4, data, n);
}

/* cmd, result, sockets where the language has them, 16 bits */
static void reply_credit(channel_peer *p, uint8_t what, uint16_t n)
{
    uint8_t b[6] = {what | 0x80, 0, p->socket, p->socket, (uint8_t)(n >> 8), (uint8_t)n};
    if (p->dot4)
        reply(p, b, what == 4 ? 6 : 4);
    else
        reply(p, what == 4 ? (uint8_t[]){b[0], 0, b[4], b[5]} : b, what == 4 ? 4 : 2);
}

static void command(channel_peer *p, const uint8_t *b, size_t n)
{
    uint8_t hi = (uint8_t)(p->size >> 8), lo = (uint8_t)p->size;
    if (b[0] & 0x80) return; /* the answer to our chatter */
    if (b[0] == p->refuse) {
        reply(p, (uint8_t[]){b[0] | 0x80, 1, 0}, 3);
        return;
    }
    if (p->chatty) chatter(p);
    switch (b[0]) {
    case 0: reply(p, (uint8_t[]){0x80, 0, b[1]}, 3); break;
    case 7: reply(p, (uint8_t[]){0x87, 0, hi, lo, hi, lo, 0}, 7); break;
    case 9:
        p->violations += n != 11 || memcmp(b + 1, "HP-MESSAGE", 10) != 0;
        reply(p, (uint8_t[]){0x89, 0, p->socket}, 3);
        break;
    case 1: {
        uint8_t c = (uint8_t)p->first_credit;
        p->host_credit = p->first_credit;
        if (p->dot4)
            reply(p, (uint8_t[]){0x81, 0, p->socket, p->socket, hi, lo, hi, lo, 0xFF, 0xFF, 0, c}, 12);
        else
            reply(p, (uint8_t[]){0x81, 0, 0, c}, 4);
        break;
    }
    case 3:
        p->my_credit += (uint32_t)b[3] << 8 | b[4];
        reply_credit(p, 3, 0);
        break;
    case 4:
        if (p->stingy > 0) {
            p->stingy--;
            reply_credit(p, 4, 0);
            break;
        }
        p->host_credit++;
        reply_credit(p, 4, 1);
        break;
    case 2:
        p->closed++;
        reply(p, (uint8_t[]){0x82, 0, p->socket, p->socket}, p->dot4 ? 4 : 2);
        break;
    case 8:
        p->exited++;
        reply(p, (uint8_t[]){0x88, 0}, 2);
        break;
    default: p->violations++; break;
    }
}

/* A PML GET: 00 00 n object. The reply repeats the object. */
static void data(channel_peer *p, const uint8_t *b, size_t n)
{
    uint8_t message[256] = {0x80, 0, 0};
    if (!p->host_credit || n < 4 || b[0] != 0 || b[1] != 0 || b[2] != n - 3) {
        p->violations++;
        return;
    }
    p->host_credit--;
    p->asked++;
    if (p->chatty) chatter(p);
    if (!p->my_credit) {
        p->violations++;
        return;
    }
    p->my_credit--;
    memcpy(message + 2, b + 1, n - 1);
    memcpy(message + n + 1, p->value, p->value_len);
    packet(p, p->socket, 0, message, n + 1 + p->value_len);
}

void channel_peer_feed(channel_peer *p, const void *bytes, size_t n)
{
    plt_buf_add(&p->in, bytes, n);
    if (p->late_header && n) {
        plt_buf_byte(&p->out, 0);
        p->late_header = false;
    }
    while (p->in.len >= 6) {
        const uint8_t *b = p->in.data;
        size_t len = (size_t)b[2] << 8 | b[3];
        if (len < 7 || len > (b[0] ? p->size : PLT_PACKET_MAX)) {
            p->violations++;
            plt_buf_clear(&p->in);
            return;
        }
        if (p->in.len < len) return;
        p->violations += b[0] != b[1];
        if (b[0] == 0)
            command(p, b + 6, len - 6);
        else if (b[0] == p->socket)
            data(p, b + 6, len - 6);
        else
            p->violations++;
        plt_buf_consume(&p->in, len);
    }
}
