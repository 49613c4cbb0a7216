/* SPDX-License-Identifier: Apache-2.0 */
/*
 * libwebsockets glue: accept, assemble, hand over, reply. Which side a connection belongs to is fixed when it is accepted:
 * libwebsockets picks virtual hosts by the Host header, which is the client's word. Everything here is bounded: the number
 * of connections, each stage's time, the bytes of bodies. It must never wait for anything but the network.
 */
#include "hub/http.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/util/text.h"
#include "hub/conn.h"
#include "hub/lane.h"
#include "os/clock.h"
#include "os/log.h"
#include "os/process.h"

#define REFUSED_SAID_MS 60000

/* ---- connections ---- */

static hub_conn *conn_of(struct lws *wsi)
{
    return lws_get_opaque_user_data(wsi);
}

static bool has_room(hub_http *h, hub_side side, const char *address)
{
    size_t same = 0, most = side == HUB_AGENTS ? HUB_AGENTS_PER_ADDRESS : HUB_CONSOLE_PER_ADDRESS;
    if (h->connections >= (side == HUB_AGENTS ? HUB_AGENTS_SHARE(h->most) : h->most)) return false;
    for (const hub_conn *c = hub_chain_first(h, address); c; c = c->chain_next) same += c->side == side && strcmp(c->address, address) == 0;
    return same < most;
}

static bool may_come(hub_http *h, hub_side side, lws_sockfd_type fd)
{
    char address[HUB_ADDRESS_SIZE] = "?";
    lws_get_peer_simple_fd(fd, address, sizeof address);
    if (has_room(h, side, address)) return true;
    h->refused++;
    return false;
}

static bool conn_begin(hub_http *h, hub_side side, struct lws *wsi)
{
    char address[HUB_ADDRESS_SIZE] = "?";
    lws_get_peer_simple(wsi, address, sizeof address);
    hub_conn *c = calloc(1, sizeof *c);
    if (!c) return false;
    c->http = h;
    c->side = side;
    c->wsi = wsi;
    memcpy(c->address, address, sizeof address);
    c->next = h->first;
    if (h->first) h->first->prev = c;
    h->first = c;
    h->connections++;
    hub_chain_join(c, address);
    lws_set_opaque_user_data(wsi, c);
    hub_wait_begin(c, HUB_WAIT_HEADERS);
    return true;
}

static void release_body(hub_conn *c)
{
    c->http->bodies -= c->reserved;
    c->reserved = 0;
}

static void conn_end(hub_conn *c)
{
    hub_http *h = c->http;
    if (c->state == HUB_STREAMING) h->streams[c->side]--;
    if (c->state == HUB_WORKING)
        c->task->conn = NULL; /* a worker has it; nobody waits any more */
    else
        hub_task_free(c->task);
    if (c->check) c->check->conn = NULL;
    release_body(c);
    hub_wait_end(c);
    hub_chain_leave(c);
    if (c->prev)
        c->prev->next = c->next;
    else
        h->first = c->next;
    if (c->next) c->next->prev = c->prev;
    h->connections--;
    free(c);
}

/* ---- replies ---- */

void hub_conn_reply(hub_conn *c)
{
    release_body(c);
    c->state = HUB_REPLYING;
    c->head_sent = false;
    c->sent = 0;
    lws_set_timeout(c->wsi, NO_PENDING_TIMEOUT, 0); /* ours counts */
    hub_wait_begin(c, HUB_WAIT_REPLY);
    if (c->task->out.body.status != PLT_OK) {
        os_log(OS_LOG_ERROR, "a reply of %zu bytes and more could not be made: %s", c->task->out.body.len, plt_status_name(c->task->out.body.status));
        hub_reply_store(&c->task->out, PLT_NOMEM);
    }
    lws_callback_on_writable(c->wsi);
}

static hub_lane *lane_of(const hub *h, const hub_route *r)
{
    return r->outside ? h->outside : r->slow ? h->signin : h->work;
}

void hub_conn_submit(hub_conn *c)
{
    hub *h = c->http->hub;
    hub_task *t = c->task;
    t->conn = c;
    t->work = hub_route_run;
    c->state = HUB_WORKING;
    lws_set_timeout(c->wsi, NO_PENDING_TIMEOUT, 0);
    hub_wait_end(c); /* what it was waited for has come; the reply has a time of its own */
    if (hub_lane_push(lane_of(h, t->in.route), t)) {
        c->http->working++;
        return;
    }
    hub_reply_store(&t->out, PLT_BUSY);
    hub_conn_reply(c);
}

/* The head, and as much of the body as fits beside it. */
static size_t put_head(hub_conn *c, uint8_t *out, size_t size)
{
    const hub_reply *r = &c->task->out;
    plt_buf head;
    plt_buf_init(&head, HUB_HEAD_MAX);
    size_t n = 0;
    if (hub_reply_head(r, c->side == HUB_CONSOLE, r->close || c->http->draining, &head) == PLT_OK && head.len <= size) {
        memcpy(out, head.data, head.len);
        n = head.len;
    }
    plt_buf_free(&head);
    return n;
}

/* The next part of the reply; false to close. */
static bool write_part(hub_conn *c)
{
    uint8_t *out = c->http->chunk + LWS_PRE;
    size_t n = 0, total;
    const uint8_t *body = hub_reply_body(&c->task->out, &total);
    if (!c->head_sent) {
        n = put_head(c, out, HUB_HEAD_MAX);
        if (n == 0) return false;
    }
    size_t part = total - c->sent < HUB_CHUNK ? total - c->sent : HUB_CHUNK;
    if (part) memcpy(out + n, body + c->sent, part);
    int wrote = lws_write(c->wsi, out, n + part, c->head_sent ? LWS_WRITE_HTTP : LWS_WRITE_HTTP_HEADERS);
    c->head_sent = true;
    c->sent += part;
    return wrote >= 0;
}

/* False to close. */
static bool conn_writable(hub_conn *c)
{
    size_t total;
    if (c->state == HUB_STREAMING) return hub_stream_writable(c);
    if (c->state != HUB_REPLYING) return true;
    if (!write_part(c)) return false;
    if (c->task->out.stream) {
        hub_stream_begin(c);
        return true;
    }
    hub_reply_body(&c->task->out, &total);
    if (c->sent < total) {
        lws_callback_on_writable(c->wsi);
        return true;
    }
    bool close = c->task->out.close || c->http->draining || c->surplus, unread = c->expected && !c->body_done;
    hub_task_free(c->task);
    c->task = NULL;
    c->state = HUB_READING_HEADERS;
    if (close) return false; /* libwebsockets sends what it still holds first */
    hub_wait_begin(c, unread ? HUB_WAIT_DISCARD : HUB_WAIT_IDLE);
    return lws_http_transaction_completed(c->wsi) == 0;
}

/* ---- bodies, timers, finished tasks ---- */

static bool conn_body(hub_conn *c, const void *data, size_t n)
{
    if (c->state != HUB_READING_BODY) { /* refused already: read and dropped until the reply is out */
        c->surplus |= c->body_done && n > 0;
        return true;
    }
    plt_buf *body = &c->task->in.body;
    if (n > c->expected - body->len) return false; /* libwebsockets does not cut where the body ends */
    plt_buf_add(body, data, n);
    if (body->status != PLT_OK) return false;
    c->body_done = body->len == c->expected;
    if (c->body_done) hub_conn_submit(c);
    return true;
}

/* False to close. */
static bool conn_late(hub_conn *c)
{
    if (c->state == HUB_STREAMING) return hub_stream_beat(c);
    if (c->state == HUB_READING_BODY) os_log(OS_LOG_INFO, "%s was too slow with a body of %zu bytes", c->address, c->expected);
    return false;
}

static void kill_soon(const hub_conn *c)
{
    lws_set_timeout(c->wsi, PENDING_TIMEOUT_USER_OK, LWS_TO_KILL_ASYNC);
}

/* Once a minute at most: which bound it was, and what to do, is one answer for all. */
static void say_refused(hub_http *h, uint64_t now)
{
    if (!h->refused || now - h->refused_said < REFUSED_SAID_MS) return;
    os_log(OS_LOG_WARN,
           "no room for %zu connections: %zu are open, at most %zu at once (--connections), of one address %d of agents and %d of people", h->refused,
           h->connections, h->most, HUB_AGENTS_PER_ADDRESS, HUB_CONSOLE_PER_ADDRESS);
    h->refused = 0;
    h->refused_said = now;
}

static void each_second(lws_sorted_usec_list_t *sul)
{
    hub_http *h = lws_container_of(sul, hub_http, second);
    uint64_t now = os_clock_mono_ms();
    for (hub_conn *c; (c = hub_wait_over(h, now)) != NULL;)
        if (!conn_late(c)) kill_soon(c);
    say_refused(h, now);
    lws_sul_schedule(h->context, 0, &h->second, each_second, LWS_US_PER_SEC);
}

static void task_came_back(hub_http *h, hub_task *t)
{
    hub_conn *c = t->conn;
    if (!c) {
        hub_task_free(t);
        return;
    }
    if (t == c->check) {
        if (!hub_stream_checked(c, t)) kill_soon(c);
        hub_task_free(t);
        return;
    }
    if (t->out.stream && !hub_stream_room(h, c->side)) hub_reply_store(&t->out, PLT_BUSY);
    hub_conn_reply(c);
}

static void take_finished(hub_http *h)
{
    int64_t jobs = 0;
    hub_news news[HUB_NEWS];
    hub_task *t = hub_done_take(h->hub, &jobs);
    size_t n = hub_news_take(h->hub, news);
    while (t) {
        hub_task *next = t->next;
        if (t->work) h->working--; /* a quiet write was never counted */
        task_came_back(h, t);
        t = next;
    }
    int64_t devices = hub_new_devices_take(h->hub);
    if (jobs || devices) hub_streams_tell(h, jobs, devices);
    for (size_t i = 0; i < n; i++) hub_streams_news(h, &news[i]);
}

/* ---- libwebsockets ---- */

static int tls_setup(hub_http *h, hub_side side, SSL_CTX *ctx)
{
    char problem[256], groups[] = "X25519:P-256:P-384"; /* the first is what clients offer at once: no round trip is lost */
    SSL_CTX_set_min_proto_version(ctx, TLS1_2_VERSION);
    SSL_CTX_set_cipher_list(ctx, "ECDHE+AESGCM:ECDHE+CHACHA20");
    SSL_CTX_set1_groups_list(ctx, groups);
    /* No resumption: each connection shows its certificate itself. */
    SSL_CTX_set_session_cache_mode(ctx, SSL_SESS_CACHE_OFF);
    SSL_CTX_set_options(ctx, SSL_OP_NO_TICKET | SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION);
    SSL_CTX_set_num_tickets(ctx, 0);
    if (side == HUB_AGENTS) hub_ca_ask_peer(h->hub->ca, ctx);
    if (hub_ca_server_install(h->hub->ca, ctx, problem, sizeof problem) != PLT_OK) {
        os_log(OS_LOG_ERROR, "%s", problem);
        return -1;
    }
    h->tls[side] = ctx;
    return 0;
}

static int on_conn(hub_conn *c, enum lws_callback_reasons reason, void *in, size_t len)
{
    bool keep = true;
    switch (reason) {
    case LWS_CALLBACK_HTTP:
        if (c->state != HUB_READING_HEADERS || c->task) return -1;
        hub_request_begin(c, in);
        break;
    case LWS_CALLBACK_HTTP_BODY: keep = conn_body(c, in, len); break;
    case LWS_CALLBACK_HTTP_WRITEABLE: keep = conn_writable(c); break;
    default: break;
    }
    return keep && !c->close ? 0 : -1;
}

static int callback(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in, size_t len)
{
    hub_conn *c;
    struct hub_http_side *side = NULL;
    switch (reason) {
    case LWS_CALLBACK_OPENSSL_LOAD_EXTRA_SERVER_VERIFY_CERTS: side = lws_get_vhost_user(in); return tls_setup(side->http, side->side, user);
    case LWS_CALLBACK_FILTER_NETWORK_CONNECTION: /* wsi is the listener, in is the new socket, which is closed at once if refused */
        side = lws_get_vhost_user(lws_get_vhost(wsi));
        return may_come(side->http, side->side, (lws_sockfd_type)(intptr_t)in) ? 0 : -1;
    case LWS_CALLBACK_SERVER_NEW_CLIENT_INSTANTIATED:
        side = lws_get_vhost_user(lws_get_vhost(wsi));
        return conn_begin(side->http, side->side, wsi) ? 0 : -1;
    case LWS_CALLBACK_EVENT_WAIT_CANCELLED:
        side = lws_get_vhost_user(lws_get_vhost(wsi));
        if (side) take_finished(side->http);
        return 0;
    case LWS_CALLBACK_HTTP_CONFIRM_UPGRADE: /* nothing but HTTP/1.1 is spoken */
    case LWS_CALLBACK_FILTER_PROTOCOL_CONNECTION:
    case LWS_CALLBACK_RAW_ADOPT:
    case LWS_CALLBACK_RAW_RX: return -1;
    case LWS_CALLBACK_HTTP:
    case LWS_CALLBACK_HTTP_BODY:
    case LWS_CALLBACK_HTTP_WRITEABLE: c = conn_of(wsi); return c ? on_conn(c, reason, in, len) : -1;
    case LWS_CALLBACK_WSI_DESTROY:
        c = conn_of(wsi);
        if (c && c->wsi == wsi) conn_end(c);
        lws_set_opaque_user_data(wsi, NULL);
        return 0;
    default: return 0;
    }
}

/* What libwebsockets complains of can mostly be provoked by clients: a few lines a minute are enough. */
static void log_line(int level, const char *line)
{
    static uint64_t since;
    static int lines;
    size_t n = strlen(line);
    uint64_t now = os_clock_mono_ms();
    if (now - since > 60000) {
        since = now;
        lines = 0;
    }
    if (++lines > 10) return;
    while (n && line[n - 1] == '\n') n--;
    os_log(level & LLL_ERR ? OS_LOG_WARN : OS_LOG_DEBUG, "http: %.*s", (int)n, line);
}

static const struct lws_protocols protocols[] = {{"http", callback, 0, HUB_CHUNK, 0, NULL, HUB_CHUNK + HUB_HEAD_MAX}, LWS_PROTOCOL_LIST_TERM};

static struct lws_vhost *open_side(hub_http *h, hub_side side, const hub_listen *at)
{
    struct lws_context_creation_info info;
    memset(&info, 0, sizeof info);
    plt_copy(h->host[side], sizeof h->host[side], at->host);
    snprintf(h->vhost_name[side], sizeof h->vhost_name[side], "%s", side == HUB_AGENTS ? "agents" : "console");
    h->sides[side] = (struct hub_http_side){h, side};
    info.port = at->port;
    info.iface = *h->host[side] ? h->host[side] : NULL;
    info.vhost_name = h->vhost_name[side];
    info.protocols = protocols;
    info.user = &h->sides[side];
    info.alpn = "http/1.1";
    info.keepalive_timeout = HUB_IDLE_S;
    info.timeout_secs_ah_idle = HUB_HEADERS_S;
    info.options = LWS_SERVER_OPTION_DO_SSL_GLOBAL_INIT | LWS_SERVER_OPTION_CREATE_VHOST_SSL_CTX | LWS_SERVER_OPTION_DISABLE_OS_CA_CERTS |
                   LWS_SERVER_OPTION_FAIL_UPON_UNABLE_TO_BIND;
    if (*at->host && !strchr(at->host, ':')) info.options |= LWS_SERVER_OPTION_DISABLE_IPV6;
    struct lws_vhost *v = lws_create_vhost(h->context, &info);
    if (!v && !*at->host) { /* a system without IPv6 */
        info.options |= LWS_SERVER_OPTION_DISABLE_IPV6;
        v = lws_create_vhost(h->context, &info);
    }
    return v;
}

static struct lws_context *make_context(hub_loop **loop)
{
    struct lws_context_creation_info info;
    memset(&info, 0, sizeof info);
    info.port = CONTEXT_PORT_NO_LISTEN;
    info.options = LWS_SERVER_OPTION_EXPLICIT_VHOSTS | LWS_SERVER_OPTION_DO_SSL_GLOBAL_INIT | LWS_SERVER_OPTION_DISABLE_OS_CA_CERTS |
                   LWS_SERVER_OPTION_SKIP_SERVER_CANONICAL_NAME;
    info.max_http_header_data2 = 8192;
    info.timeout_secs = HUB_HEADERS_S;
    info.pt_serv_buf_size = HUB_CHUNK;
    info.ka_time = 60; /* TCP keepalive: a peer that vanished is noticed after two minutes */
    info.ka_probes = 4;
    info.ka_interval = 15;
    info.server_string = "platen";
    lws_set_log_level(LLL_ERR | LLL_WARN, log_line);
    return hub_loop_open(loop, &info) == PLT_OK ? lws_create_context(&info) : NULL;
}

plt_status hub_http_start(hub_http **out, hub *owner, const hub_listen *agents, const hub_listen *console, size_t most, char *problem, size_t n)
{
    *out = NULL;
    if (agents->port && agents->port == console->port) {
        snprintf(problem, n, "agents and console need different ports; both are %d", agents->port);
        return PLT_BAD;
    }
    hub_http *h = calloc(1, sizeof *h);
    if (!h) return PLT_NOMEM;
    h->hub = owner;
    /* With no file left, accept() fails and the loop would spin: what comes beyond the bound is accepted and closed. */
    size_t files = os_process_files(most + HUB_OTHER_FILES);
    h->most = files > 2 * HUB_OTHER_FILES ? files - HUB_OTHER_FILES : files / 4;
    os_log(h->most < most ? OS_LOG_WARN : OS_LOG_INFO, "at most %zu connections at once, %zu of them live links; %zu open files are %s", h->most,
           HUB_LIVE_SHARE(h->most), files, h->most < most ? "what the system allows: raise its limit" : "allowed for them");
    h->context = make_context(&h->loop);
    const hub_listen *at[2] = {agents, console};
    for (int side = 0; h->context && side < 2; side++) {
        h->vhost[side] = open_side(h, (hub_side)side, at[side]);
        if (h->vhost[side]) continue;
        snprintf(problem, n, "cannot listen for %s on %s port %d: is another program using it, and is the address this machine's?",
                 h->vhost_name[side], *at[side]->host ? at[side]->host : "any address", at[side]->port);
        hub_http_stop(h);
        return PLT_BUSY;
    }
    if (!h->context) {
        snprintf(problem, n, "the event loop cannot be made: out of memory or of file handles");
        hub_http_stop(h);
        return PLT_NOMEM;
    }
    lws_sul_schedule(h->context, 0, &h->second, each_second, LWS_US_PER_SEC);
    *out = h;
    return PLT_OK;
}

void hub_http_stop(hub_http *h)
{
    if (!h) return;
    lws_sul_cancel(&h->second);
    if (h->context) lws_context_destroy(h->context);
    hub_loop_close(h->loop);
    free(h);
}

int hub_http_port(const hub_http *h, bool console)
{
    return lws_get_vhost_listen_port(h->vhost[console ? HUB_CONSOLE : HUB_AGENTS]);
}

bool hub_http_serve(hub_http *h)
{
    return hub_loop_turn(h->loop, h->context);
}

bool hub_http_drained(hub_http *h)
{
    h->draining = true;
    for (hub_conn *c = h->first; c; c = c->next)
        if (c->state == HUB_REPLYING || c->state == HUB_WORKING) return false;
    return h->working == 0;
}

plt_status hub_http_new_certificate(hub_http *h, char *problem, size_t n)
{
    plt_status s = PLT_OK;
    for (int side = 0; s == PLT_OK && side < 2; side++) s = hub_ca_server_install(h->hub->ca, h->tls[side], problem, n);
    return s;
}

void hub_http_wake(hub_http *h)
{
    lws_cancel_service(h->context);
}

bool hub_listen_parse(const char *text, hub_listen *out)
{
    const char *colon = strrchr(text, ':'), *port = colon ? colon + 1 : text;
    size_t n = colon ? (size_t)(colon - text) : 0;
    const char *host = text;
    if (n >= 2 && text[0] == '[' && text[n - 1] == ']') {
        host++;
        n -= 2;
    } else if (memchr(text, ':', n)) {
        return false; /* an IPv6 address needs its brackets */
    }
    size_t digits = strspn(port, "0123456789");
    if (n >= sizeof out->host || digits == 0 || digits > 5 || port[digits]) return false;
    memcpy(out->host, host, n);
    out->host[n] = 0;
    if (strcmp(out->host, "*") == 0) out->host[0] = 0;
    if (strcmp(out->host, "localhost") == 0) plt_copy(out->host, sizeof out->host, "127.0.0.1");
    out->port = (int)strtol(port, NULL, 10);
    return out->port <= 65535;
}
