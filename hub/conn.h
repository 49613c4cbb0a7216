/* SPDX-License-Identifier: Apache-2.0 */
/* A connection as http.c, request.c and events.c share it. The event loop's own; nothing else includes it. */
#ifndef PLATEN_HUB_CONN_H
#define PLATEN_HUB_CONN_H

#include <libwebsockets.h>

#include "hub/http.h"
#include "hub/hub.h"
#include "hub/loop.h"
#include "hub/routes.h"

#define HUB_OTHER_FILES 96                            /* listeners, database, log */
#define HUB_LIVE_SHARE(most) ((most) - (most) / 8)    /* live links; the rest is for their requests */
#define HUB_AGENTS_SHARE(most) ((most) - (most) / 32) /* agents in all: whatever they do, people get in */
#define HUB_AGENTS_PER_ADDRESS 256 /* many agents stand behind one proxy; those that have proved who they are and listen do not count */
#define HUB_CONSOLE_PER_ADDRESS 64
#define HUB_STREAMS_MAX 256        /* of browsers */
#define HUB_BODIES_MAX (96u << 20) /* bytes of bodies that are under way */
#define HUB_CHUNK 16384
#define HUB_CHAINS 4096

/* Seconds from the first byte to the last of each stage. */
#define HUB_HEADERS_S 15
#define HUB_IDLE_S 60
#define HUB_BODY_S 90
#define HUB_REPLY_S 90
#define HUB_DISCARD_S 10
#define HUB_BEAT_S 15 /* of browsers */
#define HUB_RECHECK_BEATS 4
#define HUB_LIVE_BEAT_S 45 /* of agents: below a minute, at which proxies lose patience */
#define HUB_LIVE_RECHECK_BEATS 7

typedef enum hub_wait {
    HUB_WAIT_NOTHING,
    HUB_WAIT_HEADERS,
    HUB_WAIT_IDLE,
    HUB_WAIT_BODY,
    HUB_WAIT_REPLY,
    HUB_WAIT_DISCARD,
    HUB_WAIT_BEAT,
    HUB_WAIT_LIVE_BEAT,
    HUB_WAITS
} hub_wait;

#define HUB_BACK_MOST 4 /* leases called back at once of one agent; who needs more asks again */

typedef enum hub_conn_state { HUB_READING_HEADERS, HUB_READING_BODY, HUB_WORKING, HUB_REPLYING, HUB_STREAMING } hub_conn_state;

typedef struct hub_conn {
    hub_http *http;
    struct hub_conn *prev, *next;
    struct hub_conn **chain, *chain_prev, *chain_next; /* chains.c; chain NULL: in none */
    struct hub_conn *wait_prev, *wait_next;            /* waits.c */
    hub_wait wait;
    uint64_t wait_until; /* monotonic ms */
    struct lws *wsi;
    hub_side side;
    hub_conn_state state;
    char address[HUB_ADDRESS_SIZE];
    bool peer_known;
    hub_peer peer;
    hub_task *task;  /* owned while reading a body and replying; lent while working */
    hub_task *check; /* lent: the session's recheck of a stream */
    size_t expected; /* bytes of the body */
    size_t reserved; /* of HUB_BODIES_MAX */
    bool body_done;  /* all of it came */
    bool surplus;    /* and more: no telling what it is; the connection ends after the reply */
    bool head_sent, close;
    size_t sent;
    /* An event stream: events.c */
    char token[HUB_TOKEN_SIZE];
    const hub_route *route;
    int64_t jobs, devices;                  /* not yet written */
    int64_t tenant_id;                      /* of an agent's stream */
    int64_t serial;                         /* the newest that it is to hear of; 0: it is to look */
    bool news;                              /* the serial is not yet written */
    int64_t order;                          /* an order to read that is not yet written; 0: none */
    char back[HUB_BACK_MOST][PLT_LEASE_ID]; /* leases that it is asked to give back, not yet written */
    size_t back_n;
    bool beat;           /* a heartbeat is due */
    uint64_t owed_since; /* monotonic ms of what is due and not written; 0: nothing is */
    int beats;
} hub_conn;

typedef struct hub_wait_list {
    hub_conn *first, *last; /* first: the next to be over */
} hub_wait_list;

struct hub_http {
    hub *hub;
    hub_loop *loop;
    struct lws_context *context;
    struct lws_vhost *vhost[2]; /* by side */
    SSL_CTX *tls[2];
    char vhost_name[2][16];
    struct hub_http_side {
        hub_http *http;
        hub_side side;
    } sides[2];
    char host[2][HUB_HOST_SIZE];
    hub_conn *first;
    hub_conn *chains[HUB_CHAINS];
    hub_wait_list waits[HUB_WAITS];
    lws_sorted_usec_list_t second;             /* looks at the waits */
    size_t most, connections, bodies, working; /* most: connections at once */
    size_t streams[2];                         /* by side */
    size_t refused;                            /* connections for which there was no room, not yet said in the log */
    uint64_t refused_said;                     /* monotonic ms */
    bool draining;
    uint8_t chunk[LWS_PRE + HUB_HEAD_MAX + HUB_CHUNK];
};

/* request.c: the headers are in. Fills a task, or a reply of its own; where it is to go says the connection's state. */
void hub_request_begin(hub_conn *c, const char *path);

/* http.c: the connection's task holds the reply. */
void hub_conn_reply(hub_conn *c);
/* Hands the connection's task to a worker; a 503 when there is no room. */
void hub_conn_submit(hub_conn *c);

/* waits.c: how long the connection may take from now on; a new wait replaces the one before. Who takes longer comes back by hub_wait_over. */
void hub_wait_begin(hub_conn *c, hub_wait which);
void hub_wait_end(hub_conn *c);
/* One whose time is over, its wait ended; NULL: no more. */
hub_conn *hub_wait_over(hub_http *h, uint64_t now);

/* chains.c: a connection is in one chain at most; others with another word may be in the same one. */
void hub_chain_join(hub_conn *c, const char *word);
void hub_chain_leave(hub_conn *c);
hub_conn *hub_chain_first(hub_http *h, const char *word);

/* events.c */
void hub_stream_begin(hub_conn *c);
void hub_streams_tell(hub_http *h, int64_t jobs, int64_t devices);
void hub_streams_news(hub_http *h, const hub_news *news);
/* Is there room for one more stream of this side? */
bool hub_stream_room(const hub_http *h, hub_side side);
/* Both: false to close the connection. */
bool hub_stream_writable(hub_conn *c);
bool hub_stream_beat(hub_conn *c);
/* The recheck came back. */
bool hub_stream_checked(hub_conn *c, const hub_task *t);

#endif
