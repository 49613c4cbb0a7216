/* SPDX-License-Identifier: Apache-2.0 */
/* MLC, HP's forerunner of IEEE 1284.4: fixed socket numbers, packet sizes agreed for a socket before it is opened. */
#include "core/pjl/channel.h"

/* socket, host to peripheral, peripheral to host, status level */
static void put_config(const plt_channel *c, plt_buf *out)
{
    plt_buf_byte(out, c->socket);
    plt_channel_be16(out, c->max_out);
    plt_channel_be16(out, c->max_in);
    plt_buf_byte(out, 0);
}

static bool take_config(plt_channel *c, plt_cursor *r)
{
    uint16_t out = plt_cursor_be16(r), in = plt_cursor_be16(r);
    if (r->bad || out <= PLT_PACKET_HEADER || in <= PLT_PACKET_HEADER) return false;
    if (out < c->max_out) c->max_out = out;
    if (in < c->max_in) c->max_in = in;
    return true;
}

/* both sockets, and the credit that the printer has from the beginning */
static void put_open(const plt_channel *c, plt_buf *out)
{
    plt_buf_byte(out, c->socket);
    plt_buf_byte(out, c->socket);
    plt_channel_be16(out, 0);
}

static bool take_open(plt_channel *c, plt_cursor *r)
{
    c->may_send = plt_cursor_be16(r);
    return !r->bad;
}

const plt_link plt_link_mlc = {"mlc", 3, 0, false, PLT_CH_CONFIG, put_config, take_config, put_open, take_open};
