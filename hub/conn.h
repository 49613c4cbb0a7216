/* SPDX-License-Identifier: Apache-2.0 */
/* A connection as http.c, request.c and events.c share it. The event loop's own; nothing else includes it. */
#ifndef PLATEN_HUB_CONN_H
#define PLATEN_HUB_CONN_H

#include <libwebsockets.h>

#include "hub/http.h"
#include "hub/hub.h"
#include "hub/routes.h"

#define HUB_CONNECTIONS_MAX 10000
#define HUB_OTHER_FILES 96         /* listeners, database, log */
#define HUB_AGENTS_PER_ADDRESS 256 /* many agents stand behind one proxy; those that have proved who they are and listen do not count */
#define HUB_CONSOLE_PER_ADDRESS 64
#define HUB_STREAMS_MAX 256        /* of browsers */
#define HUB_LIVE_MAX 8000          /* of agents */
#define HUB_BODIES_MAX (96u << 20) /* bytes of bodies that are under way */
#define HUB_CHUNK 16384

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

typedef enum hub_conn_state { HUB_READING_HEADERS, HUB_READING_BODY, HUB_WORKING, HUB_REPLYING, HUB_STREAMING } hub_conn_state;

typedef struct hub_conn {
    hub_http *http;
    struct hub_conn *prev, *next;
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
    int64_t jobs, devices; /* not yet written */
    int64_t tenant_id;     /* of an agent's stream */
    int64_t serial;        /* the newest that it is to hear of; 0: it is to look */
    bool news;             /* the serial is not yet written */
    bool beat;             /* a heartbeat is due */
    uint64_t owed_since;   /* monotonic ms of what is due and not written; 0: nothing is */
    int beats;
} hub_conn;

struct hub_http {
    hub *hub;
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
    size_t most, connections, bodies, working; /* most: connections at once */
    size_t streams[2];                         /* by side */
    bool draining;
    uint8_t chunk[LWS_PRE + HUB_HEAD_MAX + HUB_CHUNK];
};

/* request.c: the headers are in. Fills a task, or a reply of its own; where it is to go says the connection's state. */
void hub_request_begin(hub_conn *c, const char *path);

/* http.c: the connection's task holds the reply. */
void hub_conn_reply(hub_conn *c);
/* Hands the connection's task to a worker; a 503 when there is no room. */
void hub_conn_submit(hub_conn *c);

/* events.c */
void hub_stream_begin(hub_conn *c);
void hub_streams_tell(hub_http *h, int64_t jobs, int64_t devices);
void hub_streams_policy(hub_http *h, const hub_news *news);
/* Is there room for one more stream of this side? */
bool hub_stream_room(const hub_http *h, hub_side side);
/* Both: false to close the connection. */
bool hub_stream_writable(hub_conn *c);
bool hub_stream_beat(hub_conn *c);
/* The recheck came back. */
bool hub_stream_checked(hub_conn *c, const hub_task *t);

#endif
