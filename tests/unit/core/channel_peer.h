/* SPDX-License-Identifier: Apache-2.0 */
/* The printer's side of MLC and IEEE 1284.4 for tests: strict about credits and lengths, and as awkward as it is told to be. */
#ifndef PLATEN_TESTS_UNIT_CHANNEL_PEER_H
#define PLATEN_TESTS_UNIT_CHANNEL_PEER_H

#include "core/pjl/channel.h"

typedef struct channel_peer {
    bool dot4;
    uint8_t socket;        /* of the PML service */
    uint16_t size;         /* of the packets that it agrees to; commands may be as long as they like */
    uint16_t first_credit; /* that it gives with the channel */
    uint8_t refuse;        /* the command that it answers with an error; 0xFF none */
    int stingy;            /* so many requests for credit get none */
    bool chatty;           /* sends commands and packets of others in between */
    bool late_header;      /* one byte too many before its first packet */
    const uint8_t *value;  /* the reply to each GET, from the type on */
    size_t value_len;
    /* what it saw */
    uint32_t host_credit; /* packets that the host may send */
    uint32_t my_credit;   /* packets that I may send */
    int asked, closed, exited, violations;
    plt_buf in, out;
} channel_peer;

void channel_peer_init(channel_peer *p, bool dot4);
void channel_peer_free(channel_peer *p);
void channel_peer_feed(channel_peer *p, const void *data, size_t n);

#endif
