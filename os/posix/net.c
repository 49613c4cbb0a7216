/* SPDX-License-Identifier: Apache-2.0 */
/* TCP with deadlines by non-blocking sockets and poll(). */
#include "os/net.h"

#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "core/util/text.h"
#include "os/clock.h"
#include "os/error.h"

struct os_tcp {
    int fd;
    char name[300]; /* "host:port" for messages */
};

static plt_status fail(const char *what, const char *name)
{
    return os_fail((uint32_t)errno, what, name);
}

static plt_status wait_for(int fd, short events, uint64_t deadline, const char *name)
{
    for (;;) {
        uint64_t now = os_clock_mono_ms();
        struct pollfd p = {fd, events, 0};
        int n = poll(&p, 1, now >= deadline ? 0 : (int)(deadline - now));
        if (n > 0) return PLT_OK;
        if (n == 0 && os_clock_mono_ms() >= deadline) return os_fail_as(PLT_TIMEOUT, "wait for", name);
        if (n < 0 && errno != EINTR) return fail("wait for", name);
    }
}

static plt_status connect_one(int fd, const struct addrinfo *a, uint64_t deadline, const char *name)
{
    int err = 0;
    socklen_t n = sizeof err;
    if (connect(fd, a->ai_addr, a->ai_addrlen) == 0) return PLT_OK;
    if (errno != EINPROGRESS) return fail("connect to", name);
    plt_status s = wait_for(fd, POLLOUT, deadline, name);
    if (s != PLT_OK) return s;
    if (getsockopt(fd, SOL_SOCKET, SO_ERROR, &err, &n) != 0) return fail("connect to", name);
    return err ? os_fail((uint32_t)err, "connect to", name) : PLT_OK;
}

plt_status os_tcp_connect(os_tcp **out, const char *host, uint16_t port, uint32_t timeout_ms)
{
    struct addrinfo hints = {.ai_socktype = SOCK_STREAM, .ai_flags = AI_ADDRCONFIG}, *list = NULL;
    uint64_t deadline = os_clock_mono_ms() + timeout_ms;
    char service[8];
    *out = NULL;
    os_tcp *t = calloc(1, sizeof *t);
    if (!t) return PLT_NOMEM;
    snprintf(t->name, sizeof t->name, "%.255s:%u", host, (unsigned)port);
    snprintf(service, sizeof service, "%u", (unsigned)port);
    plt_status s = PLT_NOTFOUND;
    int err = getaddrinfo(host, service, &hints, &list);
    if (err) s = os_fail_as(PLT_NOTFOUND, "find the address of", t->name);
    for (struct addrinfo *a = list; a && !*out; a = a->ai_next) {
        t->fd = socket(a->ai_family, a->ai_socktype | SOCK_NONBLOCK | SOCK_CLOEXEC, a->ai_protocol);
        s = t->fd < 0 ? fail("connect to", t->name) : connect_one(t->fd, a, deadline, t->name);
        if (s == PLT_OK)
            *out = t;
        else if (t->fd >= 0)
            close(t->fd);
    }
    if (list) freeaddrinfo(list);
    if (s != PLT_OK) free(t);
    return s;
}

plt_status os_tcp_write(os_tcp *t, const void *buf, size_t n, uint32_t timeout_ms, size_t *put)
{
    uint64_t deadline = os_clock_mono_ms() + timeout_ms;
    *put = 0;
    for (;;) {
        ssize_t w = send(t->fd, buf, n, MSG_NOSIGNAL);
        if (w >= 0) {
            *put = (size_t)w;
            return PLT_OK;
        }
        if (errno == EINTR) continue;
        if (errno != EAGAIN) return fail("write to", t->name);
        plt_status s = wait_for(t->fd, POLLOUT, deadline, t->name);
        if (s != PLT_OK) return s;
    }
}

plt_status os_tcp_read(os_tcp *t, void *buf, size_t n, uint32_t timeout_ms, size_t *got)
{
    uint64_t deadline = os_clock_mono_ms() + timeout_ms;
    *got = 0;
    for (;;) {
        ssize_t r = recv(t->fd, buf, n, 0);
        if (r > 0) {
            *got = (size_t)r;
            return PLT_OK;
        }
        if (r == 0) return PLT_CLOSED;
        if (errno == EINTR) continue;
        if (errno != EAGAIN) return fail("read from", t->name);
        plt_status s = wait_for(t->fd, POLLIN, deadline, t->name);
        if (s != PLT_OK) return s;
    }
}

plt_status os_tcp_finish(os_tcp *t, uint32_t timeout_ms)
{
    uint64_t deadline = os_clock_mono_ms() + timeout_ms;
    plt_status s = PLT_OK;
    if (!t) return PLT_OK;
    shutdown(t->fd, SHUT_WR);
    while (s == PLT_OK) {
        char waste[512];
        size_t got;
        uint64_t now = os_clock_mono_ms();
        s = os_tcp_read(t, waste, sizeof waste, now >= deadline ? 0 : (uint32_t)(deadline - now), &got);
    }
    close(t->fd);
    free(t);
    return s == PLT_CLOSED ? PLT_OK : s;
}

void os_tcp_abort(os_tcp *t)
{
    struct linger now = {1, 0};
    if (!t) return;
    setsockopt(t->fd, SOL_SOCKET, SO_LINGER, &now, sizeof now);
    close(t->fd);
    free(t);
}

void os_machine_name(char *out, size_t size)
{
    if (gethostname(out, size) != 0) plt_copy(out, size, "unknown");
    out[size - 1] = 0;
}

void os_machine_system(char *out, size_t size)
{
    struct utsname u;
    if (uname(&u) == 0)
        snprintf(out, size, "%s %s", u.sysname, u.release);
    else
        plt_copy(out, size, "unknown");
}
