/* SPDX-License-Identifier: Apache-2.0 */
/*
 * PML over MLC and over IEEE 1284.4: packets with credits on a two-way pipe (docs/usb.md). Pure: bytes that came in, bytes to send
 * out, no I/O and no clock. One PML channel is opened, objects are read on it, and it is closed; the only message that it can send is
 * a PML GET. What the printer sends on its own in between is answered or dropped; every length is bounded by what was agreed.
 * mlc.c and dot4.c hold what differs between the two.
 */
#ifndef PLATEN_CORE_PJL_CHANNEL_H
#define PLATEN_CORE_PJL_CHANNEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/util/buf.h"
#include "core/util/cursor.h"
#include "core/util/status.h"

#define PLT_PACKET_HEADER 6
#define PLT_PACKET_MAX 4096 /* what we offer; the printer may want less */
#define PLT_PML_SOCKET 1
#define PLT_PML_SERVICE "HP-MESSAGE"

enum {
    PLT_CH_INIT = 0,
    PLT_CH_OPEN = 1,
    PLT_CH_CLOSE = 2,
    PLT_CH_CREDIT = 3,
    PLT_CH_CREDIT_REQUEST = 4,
    PLT_CH_DEBIT = 5,         /* MLC */
    PLT_CH_DEBIT_REQUEST = 6, /* MLC */
    PLT_CH_CONFIG = 7,        /* MLC: ConfigSocket */
    PLT_CH_EXIT = 8,
    PLT_CH_GET_SOCKET = 9,   /* 1284.4 */
    PLT_CH_GET_SERVICE = 10, /* 1284.4 */
    PLT_CH_ERROR = 0x7F,
    PLT_CH_REPLY = 0x80,
};

typedef enum plt_channel_state {
    PLT_CH_IDLE,
    PLT_CH_STARTING, /* Init, then the socket's size or number, then Open */
    PLT_CH_READY,
    PLT_CH_CLOSING,
    PLT_CH_CLOSED,
    PLT_CH_FAILED, /* see status */
} plt_channel_state;

typedef struct plt_channel plt_channel;

/* What MLC and 1284.4 do each in its own way. */
typedef struct plt_link {
    const char *name;
    uint8_t revision;
    uint8_t command_credit; /* in the header of command packets */
    bool sockets_in_reply;  /* do replies to Credit, CreditRequest and Close repeat the sockets? */
    uint8_t prepare;        /* the command between Init and Open */
    void (*put_prepare)(const plt_channel *c, plt_buf *out);
    bool (*take_prepare)(plt_channel *c, plt_cursor *reply);
    void (*put_open)(const plt_channel *c, plt_buf *out);
    bool (*take_open)(plt_channel *c, plt_cursor *reply);
} plt_link;

extern const plt_link plt_link_mlc, plt_link_dot4;

struct plt_channel {
    const plt_link *link;
    plt_channel_state state;
    uint8_t socket;                 /* ours and theirs */
    uint8_t asked;                  /* the command that waits for its reply; PLT_CH_ERROR: none */
    bool starved;                   /* the printer gave no credit: plt_channel_poll asks again */
    bool shifted;                   /* an OfficeJet's header that begins a byte late was met */
    uint16_t max_out, max_in;       /* packets, their headers included */
    uint32_t may_send, may_receive; /* credits */
    plt_buf in, out;                /* received and not yet read; to be sent: take with plt_buf_consume */
    plt_buf waiting;                /* a message without credit */
    plt_buf inbox;                  /* messages: length, big endian, and bytes */
    plt_status status;
};

void plt_channel_init(plt_channel *c, const plt_link *link);
void plt_channel_free(plt_channel *c);
/* Begins; c->out has what to send. */
void plt_channel_start(plt_channel *c);
/* Bytes that came. After PLT_CH_FAILED nothing is read any more. */
void plt_channel_feed(plt_channel *c, const void *data, size_t n);
/* Asks again for credit that the printer did not give. Call it while waiting, no more than some times a second. */
void plt_channel_poll(plt_channel *c);
/* Queues a PML GET of the object. PLT_BUSY while one waits, PLT_CLOSED unless ready, PLT_BAD for an object that is none. */
plt_status plt_channel_ask(plt_channel *c, const uint8_t *oid, size_t n);
/* The next message, out of the inbox, into `out`. False: none. */
bool plt_channel_take(plt_channel *c, plt_buf *out);
/* Closes the channel and leaves the mode; then PLT_CH_CLOSED. */
void plt_channel_close(plt_channel *c);

/* What stands between this and a printer: are these whole packets, with commands of the list above on the command socket and PML GETs on
   others, and nothing else? Empty input is not. Looks with other eyes than the engine. */
bool plt_channel_allowed(const void *data, size_t n);

/* For mlc.c and dot4.c. */
void plt_channel_be16(plt_buf *out, uint16_t v);

#endif
