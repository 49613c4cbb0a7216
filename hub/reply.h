/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Replies: status, body and the few headers that differ, and how they look on the wire. Pure. An error is
 * application/problem+json: a word for programs (type), a title, what happened (detail) and what to do (remedy).
 */
#ifndef PLATEN_HUB_REPLY_H
#define PLATEN_HUB_REPLY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/util/buf.h"
#include "core/util/status.h"

#define HUB_REPLY_MAX (16u << 20)
#define HUB_HEAD_MAX 4096
#define HUB_LOCATION_MAX 2600

typedef struct hub_reply {
    int status;
    const char *type;     /* Content-Type; a literal */
    plt_buf body;         /* owned */
    const uint8_t *fixed; /* instead of the body: bytes that outlive the reply */
    size_t fixed_n;
    bool fixed_gzip;
    int retry_after;   /* seconds; 0: no header */
    char next[680];    /* Next-Cursor: where a file goes on; "" none */
    char allow[48];    /* the methods that a 405 names; "" none */
    const char *cache; /* Cache-Control, a literal; NULL: no-store */
    const char *etag;  /* borrowed from what outlives the reply, or NULL */
    char cookie[256];  /* Set-Cookie; "" none */
    char cookie2[160]; /* another one */
    plt_buf location;  /* Location of a 303; owned */
    bool again;        /* the answer of an earlier request with the same key */
    bool stream;       /* an event stream follows: no length, no end */
    bool close;        /* the connection ends with this reply */
} hub_reply;

void hub_reply_init(hub_reply *r);
void hub_reply_free(hub_reply *r);

/* A problem; what was in the reply is dropped. Literals but for detail, which is copied. */
void hub_problem(hub_reply *r, int status, const char *type, const char *title, const char *detail, const char *remedy);
/* One more number in a problem. */
void hub_problem_count(hub_reply *r, const char *name, int64_t v);
/* The problem that a failure of the store is for the caller: 503, 507 or 500, never its inner words. */
void hub_reply_store(hub_reply *r, plt_status s);
/* 200 and an empty JSON body to be filled. */
plt_buf *hub_reply_json(hub_reply *r);
void hub_reply_empty(hub_reply *r); /* 204 */
/* 303 and an empty address to be filled, by a caller that knows each of its characters. */
plt_buf *hub_reply_see(hub_reply *r);

/* The header block, first line to empty line. `console`: with the headers that protect pages. */
plt_status hub_reply_head(const hub_reply *r, bool console, bool close, plt_buf *out);
const void *hub_reply_body(const hub_reply *r, size_t *n);

#endif
