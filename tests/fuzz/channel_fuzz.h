/* SPDX-License-Identifier: Apache-2.0 */
/* The two fuzzers of core/pjl/channel.c: what a printer sends, in pieces, between what we do. */
#ifndef PLATEN_TESTS_FUZZ_CHANNEL_H
#define PLATEN_TESTS_FUZZ_CHANNEL_H

#include "core/pjl/channel.h"
#include "tests/fuzz/fuzz.h"

/* Each piece of the input: what to do, its length, its bytes. */
static void channel_fuzz(const plt_link *link, const uint8_t *data, size_t size)
{
    static const uint8_t oid[] = {1, 4, 1, 2, 5};
    plt_channel c;
    plt_buf message;
    plt_channel_init(&c, link);
    plt_buf_init(&message, 65536);
    plt_channel_start(&c);
    while (size >= 2) {
        size_t n = data[1] < size - 2 ? data[1] : size - 2;
        uint32_t credit = c.may_send;
        size_t waiting = c.waiting.len;
        switch (data[0] & 7) {
        case 0: plt_channel_ask(&c, oid, 1 + data[0] % sizeof oid); break;
        case 1: plt_channel_poll(&c); break;
        case 2: plt_channel_close(&c); break;
        case 3: plt_channel_take(&c, &message); break;
        default: plt_channel_feed(&c, data + 2, n); break;
        }
        EXPECT(!c.out.len || plt_channel_allowed(c.out.data, c.out.len));
        /* What leaves is whole packets of the agreed size on the two sockets; a question leaves against a credit only. */
        for (size_t at = 0; at < c.out.len;) {
            size_t len = (size_t)c.out.data[at + 2] << 8 | c.out.data[at + 3];
            EXPECT(len >= PLT_PACKET_HEADER + 1 && at + len <= c.out.len);
            EXPECT(c.out.data[at] == c.out.data[at + 1]);
            if (c.out.data[at] != 0) EXPECT(len <= c.max_out && c.out.data[at + 6] == 0 && c.out.data[at + 7] == 0);
            at += len;
        }
        if ((data[0] & 7) == 1 && waiting && !c.waiting.len && c.state == PLT_CH_READY) EXPECT(credit > 0);
        EXPECT(c.may_send <= 0xFFFF && c.max_in <= PLT_PACKET_MAX && c.max_out <= PLT_PACKET_MAX);
        EXPECT((c.state == PLT_CH_FAILED) == (c.status != PLT_OK));
        plt_buf_clear(&c.out);
        data += 2 + n;
        size -= 2 + n;
    }
    plt_channel_allowed(data, size);
    plt_buf_free(&message);
    plt_channel_free(&c);
}

#endif
