/* SPDX-License-Identifier: Apache-2.0 */
/* Datagrams by sendmmsg() and recvmmsg(), which Linux and FreeBSD have. */
#define _GNU_SOURCE /* struct mmsghdr */
#include "os/udp.h"

#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "os/error.h"

#define SOCKETS_MAX 16

struct os_udp {
    int fd;
    struct sockaddr_storage names[OS_UDP_BATCH];
    struct iovec parts[OS_UDP_BATCH];
    struct mmsghdr headers[OS_UDP_BATCH];
};

static socklen_t to_system(const plt_address *a, struct sockaddr_storage *out)
{
    if (a->family == 6) {
        struct sockaddr_in6 in6 = {.sin6_family = AF_INET6, .sin6_port = htons(a->port), .sin6_scope_id = a->scope};
        memcpy(&in6.sin6_addr, a->ip, 16);
        memcpy(out, &in6, sizeof in6);
        return sizeof in6;
    }
    struct sockaddr_in in = {.sin_family = AF_INET, .sin_port = htons(a->port)};
    memcpy(&in.sin_addr, a->ip, 4);
    memcpy(out, &in, sizeof in);
    return sizeof in;
}

static void from_system(const struct sockaddr_storage *name, plt_address *out)
{
    memset(out, 0, sizeof *out);
    if (name->ss_family == AF_INET6) {
        struct sockaddr_in6 in6;
        memcpy(&in6, name, sizeof in6);
        out->family = 6;
        out->port = ntohs(in6.sin6_port);
        out->scope = in6.sin6_scope_id;
        memcpy(out->ip, &in6.sin6_addr, 16);
    } else if (name->ss_family == AF_INET) {
        struct sockaddr_in in;
        memcpy(&in, name, sizeof in);
        out->family = 4;
        out->port = ntohs(in.sin_port);
        memcpy(out->ip, &in.sin_addr, 4);
    }
}

static plt_status fail(const char *what, const plt_address *a)
{
    char text[PLT_ADDRESS_TEXT];
    int code = errno;
    plt_address_format(a, text);
    return os_fail((uint32_t)code, what, text);
}

plt_status os_udp_open(os_udp **out, const plt_address *bind_to, size_t buffer)
{
    struct sockaddr_storage name;
    int family = bind_to->family == 6 ? AF_INET6 : AF_INET, size = buffer > INT32_MAX ? INT32_MAX : (int)buffer, on = 1;
    *out = NULL;
    os_udp *u = calloc(1, sizeof *u);
    if (!u) return PLT_NOMEM;
    u->fd = socket(family, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (u->fd < 0) {
        free(u);
        return fail("open a UDP socket at", bind_to);
    }
    if (family == AF_INET6) setsockopt(u->fd, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof on);
    setsockopt(u->fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof size);
    setsockopt(u->fd, SOL_SOCKET, SO_SNDBUF, &size, sizeof size);
    socklen_t n = to_system(bind_to, &name);
    if (bind(u->fd, (const struct sockaddr *)&name, n) != 0) {
        plt_status s = fail("bind a UDP socket to", bind_to);
        os_udp_close(u);
        return s;
    }
    *out = u;
    return PLT_OK;
}

void os_udp_close(os_udp *u)
{
    if (!u) return;
    close(u->fd);
    free(u);
}

plt_status os_udp_local(os_udp *u, plt_address *out)
{
    struct sockaddr_storage name;
    socklen_t n = sizeof name;
    if (getsockname(u->fd, (struct sockaddr *)&name, &n) != 0) return os_fail((uint32_t)errno, "ask for", "a socket's address");
    from_system(&name, out);
    return PLT_OK;
}

static void set_header(os_udp *u, size_t i, uint8_t *data, size_t n, socklen_t name)
{
    u->parts[i] = (struct iovec){data, n};
    u->headers[i].msg_hdr = (struct msghdr){.msg_name = &u->names[i], .msg_namelen = name, .msg_iov = &u->parts[i], .msg_iovlen = 1};
    u->headers[i].msg_len = 0;
}

plt_status os_udp_send(os_udp *u, const os_datagram *d, size_t n, size_t *sent)
{
    *sent = 0;
    while (*sent < n) {
        size_t batch = n - *sent < OS_UDP_BATCH ? n - *sent : OS_UDP_BATCH;
        for (size_t i = 0; i < batch; i++) {
            const os_datagram *one = &d[*sent + i];
            set_header(u, i, one->data, one->n, to_system(&one->peer, &u->names[i]));
        }
        int put = sendmmsg(u->fd, u->headers, (unsigned)batch, 0);
        if (put > 0) {
            *sent += (size_t)put;
        } else if (put < 0 && (errno == EAGAIN || errno == ENOBUFS)) {
            return PLT_OK;
        } else if (put < 0 && errno != EINTR && errno != ECONNREFUSED) {
            return fail("send to", &d[*sent].peer);
        }
    }
    return PLT_OK;
}

plt_status os_udp_receive(os_udp *u, os_datagram *d, size_t n, size_t *got)
{
    *got = 0;
    while (*got < n) {
        size_t batch = n - *got < OS_UDP_BATCH ? n - *got : OS_UDP_BATCH;
        for (size_t i = 0; i < batch; i++) set_header(u, i, d[*got + i].data, d[*got + i].n, sizeof u->names[i]);
        int took = recvmmsg(u->fd, u->headers, (unsigned)batch, MSG_DONTWAIT, NULL);
        if (took < 0 && (errno == EINTR || errno == ECONNREFUSED)) continue;
        if (took < 0) return errno == EAGAIN ? PLT_OK : os_fail((uint32_t)errno, "receive from", "the network");
        for (size_t i = 0; i < (size_t)took; i++) {
            from_system(&u->names[i], &d[*got + i].peer);
            d[*got + i].n = u->headers[i].msg_len;
            d[*got + i].cut = (u->headers[i].msg_hdr.msg_flags & MSG_TRUNC) != 0;
        }
        *got += (size_t)took;
        if ((size_t)took < batch) break;
    }
    return PLT_OK;
}

plt_status os_udp_wait(os_udp *const *u, size_t count, uint32_t timeout_ms)
{
    struct pollfd p[SOCKETS_MAX];
    if (count > SOCKETS_MAX) return os_fail_as(PLT_FULL, "wait for", "so many sockets");
    for (size_t i = 0; i < count; i++) p[i] = (struct pollfd){u[i]->fd, POLLIN, 0};
    int n = poll(p, (nfds_t)count, timeout_ms > INT32_MAX ? INT32_MAX : (int)timeout_ms);
    if (n < 0 && errno != EINTR) return os_fail((uint32_t)errno, "wait for", "datagrams");
    return n > 0 ? PLT_OK : PLT_TIMEOUT;
}

plt_status os_host_addresses(const char *name, plt_address *out, size_t max, size_t *n)
{
    struct addrinfo hints = {.ai_socktype = SOCK_DGRAM, .ai_flags = AI_ADDRCONFIG}, *list = NULL;
    *n = 0;
    if (getaddrinfo(name, NULL, &hints, &list) != 0) return os_fail_as(PLT_NOTFOUND, "find the address of", name);
    for (const struct addrinfo *a = list; a && *n < max; a = a->ai_next) {
        struct sockaddr_storage s = {0};
        memcpy(&s, a->ai_addr, a->ai_addrlen < sizeof s ? a->ai_addrlen : sizeof s);
        from_system(&s, &out[*n]);
        if (out[*n].family) (*n)++;
    }
    freeaddrinfo(list);
    return *n ? PLT_OK : os_fail_as(PLT_NOTFOUND, "find the address of", name);
}
