/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Many TLS connections of one client in one event loop (epoll), one HTTP exchange at a time on each, or a stream that does not end. A connection
 * shows the certificate that it is given and comes from the address that it is given. For benches on loopback: replies are the hub's own.
 */
#ifndef PLATEN_BENCH_AGENTS_CALL_H
#define PLATEN_BENCH_AGENTS_CALL_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <openssl/ssl.h>

#include "core/util/buf.h"

typedef struct call call;

/*
 * What came: the reply's status and body, borrowed; of a stream first the status without a body, then each piece. Status 0: the connection is over,
 * `body` says why, and the call must not be used any more. Not called after call_close.
 */
typedef void call_said(void *ctx, call *c, int status, const char *body, size_t n);

typedef struct call_loop {
    int poll;
    SSL_CTX *tls;
    struct sockaddr_in hub;
    call *first, *over; /* over: closed, freed when the turn ends */
    size_t open;
    uint64_t looked; /* for those that take too long */
} call_loop;

/* Address: "A.B.C.D:PORT". Trusts the CA certificate of that PEM file. On failure gives the reason. */
const char *call_loop_open(call_loop *l, const char *address, const char *ca_file);
/* Closes what is still open, without a word to anyone. */
void call_loop_close(call_loop *l);
/* Waits for at most wait_ms and serves what came. */
void call_loop_turn(call_loop *l, int wait_ms);

/* From `source` (host order), with a certificate and its key (borrowed, or NULL); NULL when there is no file or memory left. */
call *call_open(call_loop *l, uint32_t source, X509 *cert, EVP_PKEY *key, call_said *said, void *ctx);
/* `headers`: further lines, each with its CRLF. May follow the open at once, and each reply. */
void call_ask(call *c, const char *method, const char *path, const char *headers, const void *body, size_t n);
/* The connection is to be cut as soon as all of the request is out, before any reply; `said` hears of it. */
void call_cut(call *c);
/* NULL-safe. */
void call_close(call *c);

#endif
