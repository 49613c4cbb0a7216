/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The system's poller as an event library of libwebsockets (its event_lib_custom), which tells what each socket waits for; without one libwebsockets
 * waits by itself.
 */
#include "hub/loop.h"

#include <stdlib.h>

#include "os/poller.h"

#define EVENTS 256    /* a turn serves so many at most; the others are the next turn's */
#define WAIT_MS 60000 /* timers shorten it */

struct hub_loop {
    os_poller *poller; /* NULL: the system has none */
    void *loops[1];
    bool failed; /* without memory or room in the kernel a socket would never be served */
};

/* libwebsockets begins with START and READ, and ends with STOP and both before it closes the socket. */
static void change(struct lws *wsi, unsigned flags)
{
    hub_loop *l = *(hub_loop **)lws_evlib_wsi_to_evlib_pt(wsi);
    int fd = (int)lws_get_socket_fd(wsi);
    bool read, write, begin = flags & LWS_EV_START;
    if (fd < 0) return;
    os_poller_wanted(l->poller, fd, &read, &write);
    if (flags & LWS_EV_READ) read = begin;
    if (flags & LWS_EV_WRITE) write = begin;
    if (os_poller_want(l->poller, fd, read, write) != PLT_OK) l->failed = true;
}

static int start(struct lws_context *context, void *loop, int thread)
{
    *(hub_loop **)lws_evlib_tsi_to_evlib_pt(context, thread) = loop;
    return 0;
}

static const struct lws_event_loop_ops ops = {
    .name = "platen",
    .init_pt = start,
    .io = change,
    .flags = LELOF_ISPOLL, /* sockets are closed at once, as its own poll does */
    .evlib_size_pt = sizeof(hub_loop *),
};

static const lws_plugin_evlib_t library = {.hdr = {"platen", "lws_evlib_plugin", LWS_BUILD_HASH, LWS_PLUGIN_API_MAGIC}, .ops = &ops};

plt_status hub_loop_open(hub_loop **out, struct lws_context_creation_info *info)
{
    hub_loop *l = *out = calloc(1, sizeof *l);
    plt_status s = l ? os_poller_open(&l->poller) : PLT_NOMEM;
    if (s == PLT_UNSUPPORTED) return PLT_OK;
    if (s != PLT_OK) {
        free(l);
        *out = NULL;
        return s;
    }
    l->loops[0] = l;
    info->event_lib_custom = &library;
    info->foreign_loops = l->loops;
    return PLT_OK;
}

void hub_loop_close(hub_loop *l)
{
    if (!l) return;
    os_poller_close(l->poller);
    free(l);
}

static void serve(const hub_loop *l, struct lws_context *context, const os_poller_event *e)
{
    struct lws_pollfd p = {.fd = (lws_sockfd_type)e->socket};
    bool read, write;
    if (!os_poller_holds(l->poller, e)) return; /* closed since it was fetched */
    os_poller_wanted(l->poller, e->socket, &read, &write);
    p.events = (short)((read ? POLLIN : 0) | (write ? POLLOUT : 0));
    p.revents = (short)((e->readable ? POLLIN : 0) | (e->writable ? POLLOUT : 0) | (e->hung_up ? POLLHUP : 0) | (e->broken ? POLLERR : 0));
    lws_service_fd(context, &p);
}

bool hub_loop_turn(hub_loop *l, struct lws_context *context)
{
    os_poller_event events[EVENTS];
    if (!l->poller) return lws_service(context, 0) >= 0;
    int wait = lws_service_adjust_timeout(context, WAIT_MS, 0); /* runs the timers that are due */
    int n = os_poller_wait(l->poller, wait, events, EVENTS);
    for (int i = 0; i < n; i++) serve(l, context, &events[i]);
    /* What has come already but lies in OpenSSL's or libwebsockets' buffers makes no event. */
    return n >= 0 && (wait > 0 || _lws_plat_service_forced_tsi(context, 0) >= 0) && !l->failed;
}
