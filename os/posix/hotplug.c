/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The kernel's own uevents over netlink, which every user may hear. Neither libudev nor libusb's hotplug: the service would load a library and, for
 * the second, open the bus, for one bit of news. In a container whose user namespace is not the first the kernel sends none.
 */
#include "os/hotplug.h"

#include <errno.h>
#include <linux/netlink.h>
#include <poll.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "os/error.h"
#include "os/thread.h"

#define KERNEL_GROUP 1
#define MESSAGE_MAX 8192 /* the kernel's own limit is 2048 and a head */
#define BUFFER (256 << 10)

struct os_hotplug {
    int fd;
    int end[2]; /* closed at its second end: stop */
    os_thread *thread;
    void (*changed)(void *ctx);
    void *ctx;
};

/* Texts with a zero behind each. An interface of class 7 says INTERFACE=7/SUBCLASS/PROTOCOL. */
static bool is_printer(const char *m, size_t n)
{
    bool usb = false, class7 = false, moves = false;
    while (n) {
        size_t len = strnlen(m, n);
        if (len == n) return false; /* cut off */
        usb = usb || !strcmp(m, "SUBSYSTEM=usb");
        class7 = class7 || !strncmp(m, "INTERFACE=7/", 12);
        moves = moves || !strcmp(m, "ACTION=add") || !strcmp(m, "ACTION=remove");
        m += len + 1;
        n -= len + 1;
    }
    return usb && class7 && moves;
}

/* One datagram. False: there is none. Where the kernel says that some were lost, one may have been ours. */
static bool take_one(const os_hotplug *h)
{
    char room[MESSAGE_MAX];
    struct sockaddr_nl from = {0};
    socklen_t size = sizeof from;
    ssize_t n = recvfrom(h->fd, room, sizeof room, MSG_DONTWAIT, (struct sockaddr *)&from, &size);
    if (n < 0 && errno == ENOBUFS) h->changed(h->ctx);
    if (n < 0) return errno == EINTR || errno == ENOBUFS;
    if (from.nl_pid == 0 && is_printer(room, (size_t)n)) h->changed(h->ctx); /* 0: the kernel; any process may send here */
    return true;
}

static void listen_on(void *arg)
{
    const os_hotplug *h = arg;
    struct pollfd f[2] = {{h->fd, POLLIN, 0}, {h->end[0], POLLIN, 0}};
    for (;;) {
        if (poll(f, 2, -1) < 0 && errno != EINTR) return;
        if (f[1].revents) return;
        while (f[0].revents && take_one(h)) continue;
    }
}

static plt_status open_socket(os_hotplug *h)
{
    struct sockaddr_nl to = {.nl_family = AF_NETLINK, .nl_groups = KERNEL_GROUP};
    int size = BUFFER;
    h->fd = socket(AF_NETLINK, SOCK_DGRAM | SOCK_CLOEXEC, NETLINK_KOBJECT_UEVENT);
    if (h->fd < 0 || bind(h->fd, (struct sockaddr *)&to, sizeof to) != 0 || socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, h->end) != 0)
        return os_fail((uint32_t)errno, "listen for", "USB printers that come and go");
    setsockopt(h->fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof size);
    return PLT_OK;
}

plt_status os_hotplug_start(os_hotplug **out, void (*changed)(void *ctx), void *ctx)
{
    *out = NULL;
    os_hotplug *h = calloc(1, sizeof *h);
    if (!h) return os_fail_as(PLT_NOMEM, "listen for", "USB printers that come and go");
    *h = (os_hotplug){.fd = -1, .end = {-1, -1}, .changed = changed, .ctx = ctx};
    plt_status s = open_socket(h);
    if (s == PLT_OK) s = os_thread_start(&h->thread, listen_on, h);
    if (s == PLT_OK)
        *out = h;
    else
        os_hotplug_stop(h);
    return s;
}

void os_hotplug_stop(os_hotplug *h)
{
    if (!h) return;
    if (h->end[1] >= 0) close(h->end[1]);
    os_thread_join(h->thread);
    if (h->end[0] >= 0) close(h->end[0]);
    if (h->fd >= 0) close(h->fd);
    free(h);
}
