/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A transport of the USB agent for tests without USB: the printer's data socket is the pipe, its control socket tells what USB would.
 * A lock file is held by who has the pipe, and another file is there while there is a job: what usblp and a spooler's queue do elsewhere.
 */
#include "tests/lab/usb_socket.h"

#include <cjson/cJSON.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "core/util/text.h"
#include "os/clock.h"
#include "os/error.h"
#include "tests/lab/ask.h"

struct usb_link {
    int fd, lock;
};

static lab_socket_place at;

void lab_socket_at(const lab_socket_place *place)
{
    at = *place;
}

static const char *text_of(const cJSON *o, const char *name)
{
    const cJSON *v = cJSON_GetObjectItemCaseSensitive(o, name);
    return cJSON_IsString(v) ? v->valuestring : "";
}

/* What the printer says of itself on its other socket: all that USB would tell. */
static plt_status look(usb_printer *p)
{
    static char answer[65536];
    unsigned vendor = 0, product = 0;
    if (!lab_ask(at.control, "truth\n", answer, sizeof answer)) return os_fail_as(PLT_NOTFOUND, "ask the printer", at.control);
    cJSON *o = cJSON_Parse(answer);
    plt_copy(p->maker, sizeof p->maker, text_of(o, "maker"));
    plt_copy(p->product, sizeof p->product, text_of(o, "product"));
    plt_copy(p->serial, sizeof p->serial, text_of(o, "serial"));
    if (sscanf(text_of(o, "usb"), "%4x:%4x", &vendor, &product) == 2) {
        p->vendor_id = (uint16_t)vendor;
        p->product_id = (uint16_t)product;
    }
    const cJSON *status = cJSON_GetObjectItemCaseSensitive(o, "port_status");
    p->has_status = cJSON_IsNumber(status);
    p->status = (uint8_t)(p->has_status ? status->valueint : 0);
    const char *id = text_of(o, "id");
    usb_printer_set_id(p, (const uint8_t *)id, strlen(id));
    cJSON_Delete(o);
    return PLT_OK;
}

static plt_status list(const char *option, usb_each each, void *arg)
{
    usb_printer p;
    (void)option;
    memset(&p, 0, sizeof p);
    p.transport = &lab_socket_transport;
    p.protocol = USB_BIDIRECTIONAL;
    plt_copy(p.address, sizeof p.address, at.data);
    plt_status s = look(&p);
    if (s == PLT_OK) each(arg, &p);
    return s;
}

static bool has_job(void *arg, const usb_printer *p)
{
    (void)arg;
    (void)p;
    return at.queue && access(at.queue, F_OK) == 0;
}

const usb_quiet lab_socket_quiet = {has_job, NULL};

static void link_close(usb_link *l)
{
    if (!l) return;
    if (l->fd >= 0) close(l->fd);
    if (l->lock >= 0) close(l->lock);
    free(l);
}

static plt_status link_open(const usb_printer *p, usb_link **out)
{
    *out = NULL;
    usb_link *l = calloc(1, sizeof *l);
    if (!l) return PLT_NOMEM;
    l->fd = -1;
    l->lock = at.lock ? open(at.lock, O_RDWR | O_CREAT | O_CLOEXEC, 0600) : -1;
    bool busy = l->lock >= 0 && flock(l->lock, LOCK_EX | LOCK_NB) != 0;
    if (!busy) l->fd = lab_connect(p->address);
    if (l->fd < 0) {
        link_close(l);
        return os_fail_as(busy ? PLT_BUSY : PLT_NOTFOUND, "open", p->address);
    }
    fcntl(l->fd, F_SETFL, O_NONBLOCK);
    *out = l;
    return PLT_OK;
}

/* Waits until the deadline; false: nothing came of it. */
static bool ready(const usb_link *l, short what, uint64_t deadline)
{
    struct pollfd f = {l->fd, what, 0};
    uint64_t now = os_clock_mono_ms();
    return poll(&f, 1, now < deadline ? (int)(deadline - now) : 0) > 0;
}

static plt_status link_write(usb_link *l, const void *data, size_t n, uint32_t timeout_ms)
{
    const char *p = data;
    uint64_t deadline = os_clock_mono_ms() + timeout_ms;
    while (n) {
        if (!ready(l, POLLOUT, deadline)) return PLT_TIMEOUT;
        ssize_t put = write(l->fd, p, n);
        if (put < 0 && errno == EAGAIN) continue;
        if (put < 0) return os_fail_as(PLT_IO, "write to", "the printer");
        p += put;
        n -= (size_t)put;
    }
    return PLT_OK;
}

static plt_status link_read(usb_link *l, void *data, size_t n, uint32_t timeout_ms, size_t *got)
{
    *got = 0;
    if (!ready(l, POLLIN, os_clock_mono_ms() + timeout_ms)) return PLT_TIMEOUT;
    ssize_t have = read(l->fd, data, n);
    if (have <= 0) return os_fail_as(PLT_IO, "read from", "the printer");
    *got = (size_t)have;
    return PLT_OK;
}

const usb_transport lab_socket_transport = {"socket", list, look, link_open, link_write, link_read, link_close, NULL};
