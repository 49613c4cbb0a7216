/* SPDX-License-Identifier: Apache-2.0 */
/* usbprint.sys is a driver of Windows: elsewhere this way does not exist. */
#include "usbagent/transport.h"

static plt_status list(const char *option, usb_each each, void *arg)
{
    (void)option;
    (void)each;
    (void)arg;
    return PLT_UNSUPPORTED;
}

static plt_status link_open(const usb_printer *p, usb_link **out)
{
    (void)p;
    *out = NULL;
    return PLT_UNSUPPORTED;
}

static plt_status link_write(usb_link *l, const void *data, size_t n, uint32_t timeout_ms)
{
    (void)l;
    (void)data;
    (void)n;
    (void)timeout_ms;
    return PLT_UNSUPPORTED;
}

static plt_status link_read(usb_link *l, void *data, size_t n, uint32_t timeout_ms, size_t *got)
{
    (void)l;
    (void)data;
    (void)n;
    (void)timeout_ms;
    *got = 0;
    return PLT_UNSUPPORTED;
}

static void link_close(usb_link *l)
{
    (void)l;
}

const usb_transport usb_usbprint = {"usbprint", list, NULL, link_open, link_write, link_read, link_close, NULL};
