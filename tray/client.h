/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Talks to the service for the tray, on two threads of its own: one watches (WATCH: what the service has to say), one asks (a connection a request).
 * Portable. Whoever calls it is never blocked; what comes is handed to one function, on these threads.
 */
#ifndef PLATEN_TRAY_CLIENT_H
#define PLATEN_TRAY_CLIENT_H

#include "core/util/answer.h"
#include "core/util/status.h"
#include "tray/asks.h"

typedef enum event_kind {
    EVENT_WATCHING, /* connected: what is open comes now */
    EVENT_LOST,     /* no longer */
    EVENT_ASK,
    EVENT_OVER,
    EVENT_NOTICE,
    EVENT_STATUS,
    EVENT_JOBS,
    EVENT_ACCOUNTS,
    EVENT_BALANCES,
    EVENT_REPLY,    /* to ANSWER or ACT; also when nobody answered */
    EVENT_PRINTERS, /* served: how the reading is; else it is refused, or nobody answered */
} event_kind;

typedef struct event {
    event_kind kind;
    uint32_t ticket; /* of the request that it answers */
    bool served;     /* of a list: it is whole */
    size_t count;    /* of a list */
    union {
        ask ask;
        over over;
        notice notice;
        reply reply;
        struct {
            printers now;
            reply refused; /* unless it was served */
        } printers;
        plt_answer status;
        my_job *jobs;
        account *accounts;
        balance *balances;
    } of;
} event;

/* NULL-safe. */
void event_free(event *e);

typedef enum request_kind {
    REQUEST_STATUS,
    REQUEST_JOBS,
    REQUEST_ACCOUNTS,
    REQUEST_BALANCES,
    REQUEST_ANSWER,
    REQUEST_ACT,
    REQUEST_READ,     /* this computer's printers are read now */
    REQUEST_PRINTERS, /* how that is */
} request_kind;

typedef struct request {
    request_kind kind;
    uint32_t ticket;
    uint8_t uid[PLT_UID_SIZE];
    uint64_t act;                /* REQUEST_ACT: 0 delete, 1 release; REQUEST_ANSWER: 0 cancel, 1 print */
    uint64_t duplex, grey;       /* NOT_KNOWN: not said */
    uint64_t minutes;            /* 0: not said */
    uint64_t wanted;             /* KIND_* */
    char account[128], pin[128]; /* "": none */
    char search[320];
} request;

/* The request as a frame; 0 when it does not fit. */
size_t request_frame(const request *r, uint8_t *out, size_t cap);

typedef struct client client;
/* The event is the callee's, who frees it with event_free. */
typedef void (*client_sink)(void *to, event *e);

/* `status_every_ms`: how often the status is asked for without a request; 0: never. */
plt_status client_start(client **out, const char *pipe, uint32_t status_every_ms, client_sink sink, void *to);
/* False when too much waits already. Answers and acts go before what only shows something; a search that waits gives way to the next one. The PIN is
 * wiped from what is kept, not from `r`. */
bool client_request(client *c, const request *r);
/* Ends both threads, within a few seconds, and frees. NULL-safe. */
void client_stop(client *c);

#endif
