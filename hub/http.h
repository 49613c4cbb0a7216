/* SPDX-License-Identifier: Apache-2.0 */
/* The event loop: libwebsockets with two listeners. Only the thread that runs it calls these, but for hub_http_wake. */
#ifndef PLATEN_HUB_HTTP_H
#define PLATEN_HUB_HTTP_H

#include "hub/hub.h"

typedef struct hub_http hub_http;

#define HUB_HOST_SIZE 64

#define HUB_CONNECTIONS 12000 /* unless something else is asked for: 10,500 agents */
#define HUB_CONNECTIONS_LEAST 256
#define HUB_CONNECTIONS_MOST 200000

typedef struct hub_listen {
    char host[HUB_HOST_SIZE]; /* "" : every address */
    int port;                 /* 0: the system chooses */
} hub_listen;

/* "ADDR:PORT", "[v6]:PORT", ":PORT" or "PORT"; false when it is none of them. */
bool hub_listen_parse(const char *text, hub_listen *out);

/* Opens both listeners, for `most` connections at once; PLT_BUSY when an address or port cannot be had. On failure *problem (of size n) says what to
 * do. */
plt_status hub_http_start(hub_http **h, hub *owner, const hub_listen *agents, const hub_listen *console, size_t most, char *problem, size_t n);
void hub_http_stop(hub_http *h);
/* The port that a side listens on. */
int hub_http_port(const hub_http *h, bool console);
/* Serves until something happened; false when the loop itself failed. */
bool hub_http_serve(hub_http *h);
/* Takes no more requests; true once nobody waits for a reply. */
bool hub_http_drained(hub_http *h);
/* Gives both listeners the CA's current server certificate: for connections to come. */
plt_status hub_http_new_certificate(hub_http *h, char *problem, size_t n);
/* Any thread: ends a wait of hub_http_serve. */
void hub_http_wake(hub_http *h);

#endif
