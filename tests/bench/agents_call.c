/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The connections of bench_agents. Buffers are given back between exchanges and OpenSSL's as well: ten thousand idle connections must fit beside
 * the hub that is measured. It must never wait for one of them. Linux only.
 */
#define _GNU_SOURCE /* strcasestr; IP_BIND_ADDRESS_NO_PORT */
#include "agents_call.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <openssl/err.h>

#include "os/clock.h"

#define EVENTS 256
#define PIECE 16384
#define REPLY_MAX 65536
#define ANSWER_MS 90000   /* a reply, the handshake with it */
#define SILENCE_MS 150000 /* of a stream, which beats every 45 s */

struct call {
    call_loop *loop;
    call *prev, *next, *next_over;
    int fd;
    SSL *ssl;
    uint32_t waits; /* epoll events */
    bool stream, cut, closed;
    uint64_t until; /* monotonic ms */
    plt_buf out, in;
    size_t sent;
    call_said *said;
    void *ctx;
};

const char *call_loop_open(call_loop *l, const char *address, const char *ca_file)
{
    char host[64];
    const char *colon = strrchr(address, ':');
    memset(l, 0, sizeof *l);
    l->poll = -1;
    if (!colon || (size_t)(colon - address) >= sizeof host) return "the hub's address is not A.B.C.D:PORT";
    memcpy(host, address, (size_t)(colon - address));
    host[colon - address] = 0;
    l->hub.sin_family = AF_INET;
    l->hub.sin_port = htons((uint16_t)strtoul(colon + 1, NULL, 10));
    if (inet_pton(AF_INET, host, &l->hub.sin_addr) != 1) return "the hub's address is not A.B.C.D:PORT";
    l->tls = SSL_CTX_new(TLS_client_method());
    if (!l->tls || SSL_CTX_load_verify_file(l->tls, ca_file) != 1) return "the CA certificate cannot be read";
    SSL_CTX_set_verify(l->tls, SSL_VERIFY_PEER, NULL);
    SSL_CTX_set_mode(l->tls, SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
    SSL_CTX_set_session_cache_mode(l->tls, SSL_SESS_CACHE_OFF);
    l->poll = epoll_create1(EPOLL_CLOEXEC);
    return l->poll < 0 ? "no event loop" : NULL;
}

void call_close(call *c)
{
    if (!c || c->closed) return;
    call_loop *l = c->loop;
    c->closed = true;
    if (c->ssl) SSL_free(c->ssl);
    if (c->fd >= 0) close(c->fd); /* and out of the epoll set with it */
    plt_buf_free(&c->out);
    plt_buf_free(&c->in);
    if (c->prev)
        c->prev->next = c->next;
    else
        l->first = c->next;
    if (c->next) c->next->prev = c->prev;
    c->next_over = l->over;
    l->over = c;
    l->open--;
}

static void free_over(call_loop *l)
{
    while (l->over) {
        call *next = l->over->next_over;
        free(l->over);
        l->over = next;
    }
}

void call_loop_close(call_loop *l)
{
    while (l->first) call_close(l->first);
    free_over(l);
    if (l->poll >= 0) close(l->poll);
    SSL_CTX_free(l->tls);
}

static void end(call *c, const char *why)
{
    if (c->closed) return;
    c->said(c->ctx, c, 0, why, strlen(why));
    call_close(c);
}

static void wait_for(call *c, uint32_t events)
{
    struct epoll_event e = {.events = events, .data.ptr = c};
    if (c->waits == events) return;
    c->waits = events;
    epoll_ctl(c->loop->poll, EPOLL_CTL_MOD, c->fd, &e);
}

static bool connect_to(call *c, uint32_t source)
{
    int on = 1;
    struct sockaddr_in from = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(source)};
    struct epoll_event e = {.events = EPOLLOUT, .data.ptr = c};
    c->fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (c->fd < 0) return false;
    setsockopt(c->fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &on, sizeof on); /* ports are each address's own, not taken by the bind */
    setsockopt(c->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    if (bind(c->fd, (struct sockaddr *)&from, sizeof from) != 0) return false;
    if (connect(c->fd, (const struct sockaddr *)&c->loop->hub, sizeof c->loop->hub) != 0 && errno != EINPROGRESS) return false;
    c->waits = e.events;
    return epoll_ctl(c->loop->poll, EPOLL_CTL_ADD, c->fd, &e) == 0;
}

call *call_open(call_loop *l, uint32_t source, X509 *cert, EVP_PKEY *key, call_said *said, void *ctx)
{
    call *c = calloc(1, sizeof *c);
    if (!c) return NULL;
    *c = (call){.loop = l, .next = l->first, .fd = -1, .said = said, .ctx = ctx, .until = os_clock_mono_ms() + ANSWER_MS};
    plt_buf_init(&c->out, 1 << 20);
    plt_buf_init(&c->in, REPLY_MAX);
    if (l->first) l->first->prev = c;
    l->first = c;
    l->open++;
    c->ssl = SSL_new(l->tls);
    bool ok = c->ssl && (!cert || (SSL_use_certificate(c->ssl, cert) == 1 && SSL_use_PrivateKey(c->ssl, key) == 1)) && connect_to(c, source) &&
              SSL_set_fd(c->ssl, c->fd) == 1;
    if (ok) {
        SSL_set_connect_state(c->ssl);
        return c;
    }
    call_close(c);
    return NULL;
}

void call_ask(call *c, const char *method, const char *path, const char *headers, const void *body, size_t n)
{
    plt_buf_clear(&c->out);
    c->sent = 0;
    plt_buf_printf(&c->out, "%s %s HTTP/1.1\r\nHost: localhost\r\n%s", method, path, headers);
    if (body) plt_buf_printf(&c->out, "Content-Length: %zu\r\n", n);
    plt_buf_text(&c->out, "\r\n");
    plt_buf_add(&c->out, body, body ? n : 0);
    c->until = os_clock_mono_ms() + ANSWER_MS;
    if (SSL_is_init_finished(c->ssl)) wait_for(c, EPOLLIN | EPOLLOUT);
}

void call_cut(call *c)
{
    c->cut = true;
}

/* What OpenSSL waits for; false: the connection is over. */
static bool blocked(call *c, int result)
{
    int why = SSL_get_error(c->ssl, result);
    if (why == SSL_ERROR_WANT_READ || why == SSL_ERROR_WANT_WRITE) {
        bool more = why == SSL_ERROR_WANT_WRITE || (SSL_is_init_finished(c->ssl) && c->sent < c->out.len);
        wait_for(c, more ? EPOLLIN | EPOLLOUT : EPOLLIN);
        return true;
    }
    end(c, why == SSL_ERROR_ZERO_RETURN ? "closed by the hub" : SSL_is_init_finished(c->ssl) ? "connection lost" : "no connection");
    ERR_clear_error();
    return false;
}

/* True once nothing is left to send. */
static bool send_out(call *c)
{
    while (c->sent < c->out.len) {
        size_t n = 0;
        int r = SSL_write_ex(c->ssl, c->out.data + c->sent, c->out.len - c->sent, &n);
        if (r != 1) {
            blocked(c, r);
            return false;
        }
        c->sent += n;
    }
    if (c->out.len) plt_buf_free(&c->out);
    c->sent = 0;
    if (!c->cut) return true;
    end(c, "cut");
    return false;
}

/* A whole head, and with it the status, the body's length and whether it ever ends; 0 when it is not there yet. */
static size_t read_head(const call *c, int *status, size_t *length, bool *stream)
{
    const char *text = plt_buf_str(&c->in), *close = strstr(text, "\r\n\r\n"), *at;
    if (!close || c->in.len < 16) return 0;
    *status = (int)strtol(text + 9, NULL, 10); /* "HTTP/1.1 " */
    at = strcasestr(text, "\r\ncontent-length: ");
    *length = at && at < close ? (size_t)strtoull(at + 18, NULL, 10) : 0;
    at = strcasestr(text, "\r\ncontent-type: text/event-stream");
    *stream = at && at < close;
    return (size_t)(close - text) + 4;
}

/* One whole reply, or a piece of the stream. */
static void take_in(call *c)
{
    int status = 200;
    size_t head, length = 0;
    if (!c->stream) {
        head = read_head(c, &status, &length, &c->stream);
        if (head == 0 || (!c->stream && c->in.len - head < length)) return;
        c->said(c->ctx, c, status, (const char *)c->in.data + head, length);
        if (c->closed) return;
        plt_buf_consume(&c->in, head + length);
    }
    if (c->stream) {
        c->until = os_clock_mono_ms() + SILENCE_MS;
        if (c->in.len) c->said(c->ctx, c, 200, plt_buf_str(&c->in), c->in.len);
        if (!c->closed) plt_buf_free(&c->in);
    } else if (c->in.len == 0) {
        plt_buf_free(&c->in);
    }
}

static void receive(call *c)
{
    static uint8_t piece[PIECE];
    size_t n;
    int r;
    while (!c->closed && (r = SSL_read_ex(c->ssl, piece, sizeof piece, &n)) == 1) {
        plt_buf_add(&c->in, piece, n);
        if (c->in.status != PLT_OK) {
            end(c, "a reply is too long");
            return;
        }
        take_in(c);
    }
    if (!c->closed) blocked(c, r);
}

static void serve(call *c)
{
    if (c->closed) return;
    if (!SSL_is_init_finished(c->ssl)) {
        int r = SSL_do_handshake(c->ssl);
        if (r != 1) {
            blocked(c, r);
            return;
        }
    }
    if (!send_out(c)) return;
    wait_for(c, EPOLLIN);
    receive(c);
}

static void end_slow(call_loop *l)
{
    uint64_t now = os_clock_mono_ms();
    if (now - l->looked < 1000) return;
    l->looked = now;
    for (call *c = l->first, *next; c; c = next) {
        next = c->next;
        if (now > c->until) end(c, "no answer in time");
    }
}

void call_loop_turn(call_loop *l, int wait_ms)
{
    struct epoll_event events[EVENTS];
    int n = epoll_wait(l->poll, events, EVENTS, wait_ms);
    for (int i = 0; i < n; i++) serve(events[i].data.ptr);
    end_slow(l);
    free_over(l);
}
