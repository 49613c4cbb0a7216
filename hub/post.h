/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The outbox: takes messages that are due one after the other, hands each to its channel, and writes down what came of it. It must never send what it
 * has not claimed. The seam `hub_post_ways` is libcurl in the hub (post_ways.c) and a table in the tests.
 */
#ifndef PLATEN_HUB_POST_H
#define PLATEN_HUB_POST_H

#include "hub/seal.h"
#include "hub/store_alerts.h"
#include "os/mail.h"

#define HUB_POST_TIMEOUT_MS 30000
#define HUB_POST_LIFE_MS INT64_C(86400000) /* then it is given up */

typedef struct hub_hook_call {
    const char *url, *ca_pem; /* ca_pem "": the system's */
    const char *header;       /* the signature's line */
    const void *body;
    size_t n;
    bool local; /* addresses of this machine and of private networks are allowed */
} hub_hook_call;

typedef struct hub_post_ways {
    /* Both as os_mail_send: block for HUB_POST_TIMEOUT_MS at most. hook: PLT_OK when any HTTP status came. */
    plt_status (*mail)(void *ctx, const os_mail_server *s, const char *from, const char *to, const void *message, size_t n, os_mail_result *r);
    plt_status (*hook)(void *ctx, const hub_hook_call *c, int *status, char problem[HUB_REASON_SIZE]);
    int64_t (*now)(void *ctx); /* Unix ms */
    void *ctx;
} hub_post_ways;

/* By libcurl. `stop` (NULL: none) is asked about once a second and ends what is under way. */
typedef struct hub_post_stop {
    bool (*asked)(void *ctx);
    void *ctx;
} hub_post_stop;
void hub_post_by_curl(hub_post_ways *w, hub_post_stop *stop);

typedef struct hub_post {
    hub_store *s;
    const hub_post_ways *ways;
    uint8_t key[HUB_SEAL_KEY];
    char who[20]; /* this hub, among those on the store */
    bool local;
} hub_post;

/* What is due now, at most max. *sent: how many were taken over by their receivers. */
plt_status hub_post_round(hub_post *p, int max, int64_t *sent);
/* When the next attempt is, after so many: 30 s, doubling up to an hour. */
int64_t hub_post_again_ms(int64_t attempts);
/* "Platen-Signature: t=SECONDS,v1=HEX": HMAC-SHA256 of "SECONDS.BODY" by the secret's text. */
plt_status hub_hook_sign(const char *secret, int64_t now, const void *body, size_t n, char *out, size_t size);

#endif
