/* SPDX-License-Identifier: Apache-2.0 */
/* epoll. An event that was fetched before its socket was closed must not reach a new one of the same number: each use of a number has its own turn.
 */
#include "os/poller.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "core/util/room.h"

#define EVENTS 256

typedef struct waiting {
    uint32_t events; /* of epoll; 0: it is not in the set */
    uint32_t turn;   /* counts the uses of this number */
} waiting;

struct os_poller {
    int poll;
    waiting *of; /* by the socket's number */
    size_t count, cap;
};

plt_status os_poller_open(os_poller **out)
{
    os_poller *p = *out = calloc(1, sizeof *p);
    if (!p) return PLT_NOMEM;
    p->poll = epoll_create1(EPOLL_CLOEXEC);
    if (p->poll >= 0) return PLT_OK;
    free(p);
    *out = NULL;
    return PLT_IO;
}

void os_poller_close(os_poller *p)
{
    if (!p) return;
    close(p->poll);
    free(p->of);
    free(p);
}

static bool has_room_for(os_poller *p, size_t socket)
{
    while (p->count <= socket) {
        waiting *more = plt_room(p->of, p->count, &p->cap, sizeof *more);
        if (!more) return false;
        p->of = more;
        p->of[p->count++] = (waiting){0};
    }
    return true;
}

plt_status os_poller_want(os_poller *p, int socket, bool read, bool write)
{
    uint32_t events = (read ? (uint32_t)EPOLLIN : 0) | (write ? (uint32_t)EPOLLOUT : 0);
    if (socket < 0 || !has_room_for(p, (size_t)socket)) return socket < 0 ? PLT_BAD : PLT_NOMEM;
    waiting *w = &p->of[socket];
    if (events == w->events) return PLT_OK;
    int how = !w->events ? EPOLL_CTL_ADD : events ? EPOLL_CTL_MOD : EPOLL_CTL_DEL;
    if (how == EPOLL_CTL_ADD) w->turn++;
    struct epoll_event e = {.events = events, .data.u64 = (uint64_t)w->turn << 32 | (uint32_t)socket};
    w->events = events;
    return epoll_ctl(p->poll, how, socket, &e) == 0 || how == EPOLL_CTL_DEL ? PLT_OK : PLT_IO;
}

void os_poller_wanted(const os_poller *p, int socket, bool *read, bool *write)
{
    uint32_t events = socket >= 0 && (size_t)socket < p->count ? p->of[socket].events : 0;
    *read = events & EPOLLIN;
    *write = events & EPOLLOUT;
}

int os_poller_wait(os_poller *p, int ms, os_poller_event *events, int most)
{
    struct epoll_event e[EVENTS];
    int n = epoll_wait(p->poll, e, most < EVENTS ? most : EVENTS, ms);
    for (int i = 0; i < n; i++)
        events[i] = (os_poller_event){.socket = (int)(uint32_t)e[i].data.u64,
                                      .turn = (uint32_t)(e[i].data.u64 >> 32),
                                      .readable = e[i].events & EPOLLIN,
                                      .writable = e[i].events & EPOLLOUT,
                                      .hung_up = e[i].events & EPOLLHUP,
                                      .broken = e[i].events & EPOLLERR};
    return n < 0 && errno == EINTR ? 0 : n;
}

bool os_poller_holds(const os_poller *p, const os_poller_event *e)
{
    const waiting *w = &p->of[e->socket];
    return w->events && w->turn == e->turn;
}
