/* SPDX-License-Identifier: Apache-2.0 */
/* IEEE 1284.4: sockets are found by the service's name, packet sizes agreed when the channel is opened. */
#include "core/pjl/channel.h"

#define MOST_CREDIT 0xFFFF

static void put_name(const plt_channel *c, plt_buf *out)
{
    (void)c;
    plt_buf_text(out, PLT_PML_SERVICE);
}

static bool take_socket(plt_channel *c, plt_cursor *r)
{
    uint8_t socket = plt_cursor_u8(r);
    if (r->bad || socket == 0) return false; /* 0 is the command channel */
    c->socket = socket;
    return true;
}

static void put_open(const plt_channel *c, plt_buf *out)
{
    plt_buf_byte(out, c->socket);
    plt_buf_byte(out, c->socket);
    plt_channel_be16(out, c->max_out);
    plt_channel_be16(out, c->max_in);
    plt_channel_be16(out, MOST_CREDIT);
}

static bool take_open(plt_channel *c, plt_cursor *r)
{
    uint16_t sockets = plt_cursor_be16(r), out = plt_cursor_be16(r), in = plt_cursor_be16(r);
    plt_cursor_be16(r); /* the most credit that may be outstanding: we never hold more than one */
    uint16_t credit = plt_cursor_be16(r);
    if (r->bad || sockets != (c->socket << 8 | c->socket) || out <= PLT_PACKET_HEADER || in <= PLT_PACKET_HEADER) return false;
    if (out < c->max_out) c->max_out = out;
    if (in < c->max_in) c->max_in = in;
    c->may_send = credit;
    return true;
}

const plt_link plt_link_dot4 = {"dot4", 0x20, 1, true, PLT_CH_GET_SOCKET, put_name, take_socket, put_open, take_open};
