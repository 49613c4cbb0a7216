/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The one HTTP client (libcurl): HTTPS only, TLS 1.2 or later, mutual TLS or a pinned CA, deadlines on everything,
 * replies bounded. One client is used by one thread at a time.
 */
#ifndef PLATEN_OS_HTTP_H
#define PLATEN_OS_HTTP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/util/buf.h"
#include "core/util/status.h"

typedef struct os_http os_http;

typedef struct os_http_trust {
    const char *ca_pem;       /* trusted CA; NULL when ca_sha256 decides */
    const uint8_t *ca_sha256; /* 32 bytes: trust a chain that ends in the CA certificate with this fingerprint */
    const char *cert_pem;     /* the client's certificate and key, or NULL */
    const char *key_pem;
    const char *proxy;            /* NULL: the environment's settings (HTTPS_PROXY, NO_PROXY) */
    bool public_only;             /* only to addresses of the public Internet (plt_address_public), whatever a name resolves to; without a proxy */
    bool (*cancelled)(void *ctx); /* NULL, or asked about once a second: true ends the call in progress */
    void *ctx;
} os_http_trust;

typedef struct os_http_reply {
    int status;        /* HTTP status; 0 when none came */
    plt_buf body;      /* bounded by max_reply */
    char problem[512]; /* when the call itself failed: what, to which address, why, for a person */
    bool tls_refused;  /* the failure is one of trust or certificates, not of reaching the hub */
} os_http_reply;

/* A program that makes clients in several threads calls this before they start. */
plt_status os_http_begin(void);
/* Copies what trust points to. */
plt_status os_http_create(os_http **h, const os_http_trust *trust);
void os_http_free(os_http *h);

/*
 * One request. `encoding` is the Content-Encoding ("gzip") or NULL; body may be NULL with n 0. PLT_OK when any HTTP reply came (look at status), else
 * PLT_TIMEOUT, PLT_DENIED (trust), PLT_NOTFOUND (name or connection refused), PLT_IO with `problem` set. The reply must be empty or freed before.
 */
plt_status os_http_call(os_http *h, const char *method, const char *url, const char *content_type, const char *encoding, const void *body, size_t n,
                        size_t max_reply, uint32_t timeout_ms, os_http_reply *reply);
void os_http_reply_free(os_http_reply *r);
/* One more header line ("If-None-Match: \"7\"") for the next call or stream alone; false when it does not fit. */
bool os_http_header(os_http *h, const char *line);
/*
 * A GET whose reply comes in pieces for as long as both sides wish: each piece of a 200's body goes to on_data, which says false to end. What is not
 * a 200 is in the reply as for a call. Ends with PLT_TIMEOUT when nothing came for silent_ms, with PLT_OK when the server or on_data ended it.
 */
plt_status os_http_stream(os_http *h, const char *url, uint32_t silent_ms, bool (*on_data)(void *ctx, const char *data, size_t n), void *ctx,
                          os_http_reply *reply);
/* With an os_http_trust.ca_sha256: the CA certificate that matched, PEM; NULL before the first success. Borrowed. */
const char *os_http_pinned_ca(const os_http *h);

/* gzip of data, appended to out. */
plt_status os_gzip(const void *data, size_t n, plt_buf *out);
/* Inverse, bounded by out->max: PLT_FULL beyond it, PLT_BAD when malformed. */
plt_status os_gunzip(const void *data, size_t n, plt_buf *out);

#endif
