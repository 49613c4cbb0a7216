/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Local streams by unix sockets. Deadlines by poll(); cancellation by shutdown(), which wakes a poll in any thread.
 * "First instance" is a lock on <name>.lock: a left-over socket file of a dead server is replaced, a living server's is not.
 */
#define _GNU_SOURCE /* struct ucred */
#include "os/pipe.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "core/util/text.h"
#include "os/clock.h"
#include "os/error.h"
#include "os/file.h"

struct os_pipe {
    int fd;
    char name[OS_PIPE_NAME_MAX];
};

struct os_pipe_server {
    int fd;
    int wake[2]; /* a byte in here ends every accept */
    os_file *lock;
    char name[OS_PIPE_NAME_MAX];
};

static plt_status fail(const char *what, const char *name)
{
    return os_fail((uint32_t)errno, what, name);
}

/* Milliseconds left for poll(): -1 for ever. */
static int left(uint64_t deadline)
{
    if (deadline == UINT64_MAX) return -1;
    uint64_t now = os_clock_mono_ms();
    if (now >= deadline) return 0;
    return deadline - now > 86400000 ? 86400000 : (int)(deadline - now);
}

static uint64_t deadline_of(uint32_t timeout_ms)
{
    return timeout_ms == OS_PIPE_FOREVER ? UINT64_MAX : os_clock_mono_ms() + timeout_ms;
}

static plt_status wait_for(int fd, short events, uint64_t deadline, const char *name)
{
    for (;;) {
        struct pollfd p = {fd, events, 0};
        int n = poll(&p, 1, left(deadline));
        if (n > 0) return PLT_OK;
        if (n == 0 && left(deadline) == 0) return os_fail_as(PLT_TIMEOUT, "wait for", name);
        if (n < 0 && errno != EINTR) return fail("wait for", name);
    }
}

plt_status os_pipe_name(char out[OS_PIPE_NAME_MAX], const char *data_dir, const char *role)
{
    int n = snprintf(out, OS_PIPE_NAME_MAX, "%s/run/%s.sock", data_dir, role);
    if (n < 0 || n >= (int)sizeof(((struct sockaddr_un *)0)->sun_path)) return os_fail_as(PLT_BAD, "name the socket below", data_dir);
    return PLT_OK;
}

static void address_of(struct sockaddr_un *a, const char *name)
{
    memset(a, 0, sizeof *a);
    a->sun_family = AF_UNIX;
    plt_copy(a->sun_path, sizeof a->sun_path, name);
}

static plt_status bind_and_listen(os_pipe_server *s, os_pipe_access access)
{
    struct sockaddr_un a;
    address_of(&a, s->name);
    unlink(s->name);
    s->fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (s->fd < 0 || pipe2(s->wake, O_CLOEXEC) != 0) return fail("make", s->name);
    if (bind(s->fd, (struct sockaddr *)&a, sizeof a) != 0) return fail("bind", s->name);
    if (chmod(s->name, access == OS_PIPE_SYSTEM ? 0600 : 0666) != 0) return fail("set the rights of", s->name);
    if (listen(s->fd, 64) != 0) return fail("listen on", s->name);
    return PLT_OK;
}

plt_status os_pipe_listen(os_pipe_server **out, const char *name, os_pipe_access access)
{
    char lock[OS_PIPE_NAME_MAX + 8];
    *out = NULL;
    os_pipe_server *s = calloc(1, sizeof *s);
    if (!s) return PLT_NOMEM;
    s->fd = s->wake[0] = s->wake[1] = -1;
    snprintf(s->name, sizeof s->name, "%s", name);
    snprintf(lock, sizeof lock, "%s.lock", name);
    plt_status st = os_file_open(&s->lock, lock, OS_FILE_WRITE | OS_FILE_CREATE | OS_FILE_EXCLUSIVE | OS_FILE_PRIVATE);
    if (st == PLT_BUSY) st = os_fail_as(PLT_EXISTS, "serve", name);
    if (st == PLT_OK) st = bind_and_listen(s, access);
    if (st != PLT_OK) {
        os_pipe_server_free(s);
        return st;
    }
    *out = s;
    return PLT_OK;
}

plt_status os_pipe_accept(os_pipe_server *s, uint32_t timeout_ms, os_pipe **out)
{
    uint64_t deadline = deadline_of(timeout_ms);
    *out = NULL;
    for (;;) {
        struct pollfd p[2] = {{s->fd, POLLIN, 0}, {s->wake[0], POLLIN, 0}};
        int n = poll(p, 2, left(deadline));
        if (n < 0 && errno != EINTR) return fail("wait on", s->name);
        if (p[1].revents) return PLT_CLOSED;
        if (n == 0) return PLT_TIMEOUT;
        int fd = n > 0 ? accept4(s->fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK) : -1;
        if (fd < 0) {
            /* Out of descriptors: the client stays queued; do not spin. */
            if (errno == EMFILE || errno == ENFILE) os_sleep_ms(50);
            continue;
        }
        os_pipe *pipe = calloc(1, sizeof *pipe);
        if (!pipe) {
            close(fd);
            return PLT_NOMEM;
        }
        pipe->fd = fd;
        snprintf(pipe->name, sizeof pipe->name, "%s", s->name);
        *out = pipe;
        return PLT_OK;
    }
}

void os_pipe_server_stop(os_pipe_server *s)
{
    if (s && write(s->wake[1], "x", 1) != 1) return;
}

void os_pipe_server_free(os_pipe_server *s)
{
    if (!s) return;
    if (s->fd >= 0) {
        close(s->fd);
        unlink(s->name);
    }
    if (s->wake[0] >= 0) close(s->wake[0]);
    if (s->wake[1] >= 0) close(s->wake[1]);
    os_file_close(s->lock);
    free(s);
}

/* Only root or the caller's own account may serve us. */
static bool server_trusted(int fd)
{
    struct ucred c;
    socklen_t n = sizeof c;
    return getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &c, &n) == 0 && (c.uid == 0 || c.uid == geteuid());
}

plt_status os_pipe_connect(os_pipe **out, const char *name, uint32_t timeout_ms)
{
    struct sockaddr_un a;
    uint64_t deadline = deadline_of(timeout_ms);
    *out = NULL;
    os_pipe *p = calloc(1, sizeof *p);
    if (!p) return PLT_NOMEM;
    snprintf(p->name, sizeof p->name, "%s", name);
    address_of(&a, name);
    p->fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (p->fd < 0) {
        plt_status s = fail("connect to", name);
        free(p);
        return s;
    }
    /* EAGAIN: the server's queue is full; a unix socket cannot be polled for that. */
    while (connect(p->fd, (struct sockaddr *)&a, sizeof a) != 0) {
        plt_status s = errno == EAGAIN && left(deadline) == 0 ? os_fail_as(PLT_TIMEOUT, "connect to", name) : PLT_OK;
        if (s == PLT_OK && errno != EAGAIN && errno != EINTR) s = fail("connect to", name);
        if (s != PLT_OK) {
            os_pipe_close(p);
            return s;
        }
        os_sleep_ms(2);
    }
    if (!server_trusted(p->fd)) {
        os_pipe_close(p);
        return os_fail_as(PLT_DENIED, "trust the server of", name);
    }
    *out = p;
    return PLT_OK;
}

static plt_status read_some(os_pipe *p, void *buf, size_t n, uint64_t deadline, size_t *got)
{
    *got = 0;
    for (;;) {
        ssize_t r = recv(p->fd, buf, n, 0);
        if (r > 0) {
            *got = (size_t)r;
            return PLT_OK;
        }
        if (r == 0) return os_fail_as(PLT_CLOSED, "read from", p->name);
        if (errno == EINTR) continue;
        if (errno != EAGAIN) return fail("read from", p->name);
        plt_status s = wait_for(p->fd, POLLIN, deadline, p->name);
        if (s != PLT_OK) return s;
    }
}

plt_status os_pipe_read(os_pipe *p, void *buf, size_t n, uint32_t timeout_ms, size_t *got)
{
    return read_some(p, buf, n, deadline_of(timeout_ms), got);
}

plt_status os_pipe_read_all(os_pipe *p, void *buf, size_t n, uint32_t timeout_ms)
{
    uint64_t deadline = deadline_of(timeout_ms);
    char *at = buf;
    while (n) {
        size_t got;
        plt_status s = read_some(p, at, n, deadline, &got);
        if (s != PLT_OK) return s;
        at += got;
        n -= got;
    }
    return PLT_OK;
}

plt_status os_pipe_write(os_pipe *p, const void *buf, size_t n, uint32_t timeout_ms)
{
    uint64_t deadline = deadline_of(timeout_ms);
    const char *at = buf;
    while (n) {
        ssize_t w = send(p->fd, at, n, MSG_NOSIGNAL);
        if (w > 0) {
            at += w;
            n -= (size_t)w;
            continue;
        }
        if (w < 0 && errno == EINTR) continue;
        if (w < 0 && errno != EAGAIN) return fail("write to", p->name);
        plt_status s = wait_for(p->fd, POLLOUT, deadline, p->name);
        if (s != PLT_OK) return s;
    }
    return PLT_OK;
}

plt_status os_pipe_peer_get(os_pipe *p, os_pipe_peer *out)
{
    struct ucred c;
    socklen_t n = sizeof c;
    memset(out, 0, sizeof *out);
    if (getsockopt(p->fd, SOL_SOCKET, SO_PEERCRED, &c, &n) != 0) return fail("ask who is at", p->name);
    out->pid = (uint32_t)c.pid;
    pid_t session = getsid(c.pid);
    out->session = session > 0 ? (uint32_t)session : 0;
    out->is_system = c.uid == 0 || c.uid == geteuid();
    struct passwd pw, *found = NULL;
    char room[2048];
    if (getpwuid_r(c.uid, &pw, room, sizeof room, &found) == 0 && found)
        plt_copy(out->user, sizeof out->user, pw.pw_name);
    else
        snprintf(out->user, sizeof out->user, "uid %u", (unsigned)c.uid);
    return PLT_OK;
}

void os_pipe_cancel(os_pipe *p)
{
    if (p) shutdown(p->fd, SHUT_RDWR);
}

void os_pipe_close(os_pipe *p)
{
    if (!p) return;
    close(p->fd);
    free(p);
}
