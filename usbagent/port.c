/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A printer whose port somebody names: a TCP port, a local socket or pipe, a device file. Such a port tells no make and no model, so the
 * one who names it must say with its device ID that it speaks PJL; else it is not asked.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/util/text.h"
#include "os/clock.h"
#include "os/error.h"
#include "os/net.h"
#include "os/pipe.h"
#include "usbagent/device_file.h"
#include "usbagent/transport.h"

#define CONNECT_MS 3000

/* What stands behind the prefix, or NULL. */
static const char *after(const char *name, const char *prefix)
{
    size_t n = strlen(prefix);
    return strncmp(name, prefix, n) ? NULL : name + n;
}

static const char *pipe_name(const char *name)
{
    const char *unix_path = after(name, "unix:");
    return unix_path ? unix_path : after(name, "pipe:");
}

static bool is_file(const char *name)
{
    return !after(name, "tcp:") && !pipe_name(name);
}

struct usb_link {
    os_tcp *tcp;
    os_pipe *pipe;
    device_file *file;
};

static plt_status list(const char *option, usb_each each, void *arg)
{
    usb_printer p;
    if (!option) return PLT_UNSUPPORTED;
    memset(&p, 0, sizeof p);
    p.transport = &usb_port;
    p.protocol = USB_BIDIRECTIONAL;
    if (!plt_copy(p.address, sizeof p.address, option)) return os_fail_as(PLT_BAD, "use the port", option);
    plt_copy(p.port, sizeof p.port, option);
    if (is_file(option)) device_file_look(option, &p);
    each(arg, &p);
    return PLT_OK;
}

static plt_status look(usb_printer *p)
{
    if (is_file(p->address)) device_file_look(p->address, p);
    return PLT_OK;
}

static plt_status connect_tcp(os_tcp **t, const char *name)
{
    char host[USB_ADDRESS_SIZE];
    unsigned port = 0;
    const char *colon = strrchr(name, ':');
    if (!colon || colon == name || sscanf(colon + 1, "%5u", &port) != 1 || !port || port > 65535)
        return os_fail_as(PLT_BAD, "use as tcp:HOST:PORT", name);
    snprintf(host, sizeof host, "%.*s", (int)(colon - name), name);
    return os_tcp_connect(t, host, (uint16_t)port, CONNECT_MS);
}

static plt_status link_open(const usb_printer *p, usb_link **out)
{
    plt_status s;
    *out = NULL;
    usb_link *l = calloc(1, sizeof *l);
    if (!l) return PLT_NOMEM;
    if (after(p->address, "tcp:"))
        s = connect_tcp(&l->tcp, after(p->address, "tcp:"));
    else if (pipe_name(p->address))
        s = os_pipe_connect(&l->pipe, pipe_name(p->address), CONNECT_MS);
    else
        s = device_file_open(&l->file, p->address);
    if (s != PLT_OK) {
        free(l);
        return s;
    }
    *out = l;
    return PLT_OK;
}

static plt_status write_tcp(os_tcp *t, const char *p, size_t n, uint32_t timeout_ms)
{
    uint64_t deadline = os_clock_mono_ms() + timeout_ms;
    while (n) {
        size_t put = 0;
        uint64_t at = os_clock_mono_ms();
        plt_status s = os_tcp_write(t, p, n, at < deadline ? (uint32_t)(deadline - at) : 0, &put);
        if (s != PLT_OK) return s;
        p += put;
        n -= put;
    }
    return PLT_OK;
}

static plt_status link_write(usb_link *l, const void *data, size_t n, uint32_t timeout_ms)
{
    if (l->tcp) return write_tcp(l->tcp, data, n, timeout_ms);
    if (l->pipe) return os_pipe_write(l->pipe, data, n, timeout_ms);
    return device_file_write(l->file, data, n, timeout_ms);
}

static plt_status link_read(usb_link *l, void *data, size_t n, uint32_t timeout_ms, size_t *got)
{
    if (l->tcp) return os_tcp_read(l->tcp, data, n, timeout_ms, got);
    if (l->pipe) return os_pipe_read(l->pipe, data, n, timeout_ms, got);
    return device_file_read(l->file, data, n, timeout_ms, got);
}

static void link_close(usb_link *l)
{
    if (!l) return;
    os_tcp_finish(l->tcp, 0);
    os_pipe_close(l->pipe);
    device_file_close(l->file);
    free(l);
}

const usb_transport usb_port = {"port", list, look, link_open, link_write, link_read, link_close, NULL};
