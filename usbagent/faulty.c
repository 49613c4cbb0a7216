/* SPDX-License-Identifier: Apache-2.0 */
/* Wraps another transport and breaks it. One thread, one link at a time. */
#include "usbagent/faulty.h"

#include <string.h>

#include "os/error.h"

static struct {
    const usb_transport *inner;
    usb_fault fault;
    unsigned at, calls, links;
    uint64_t passed;
} the;

static const char garbage[] = "\0\xFF@PJL USTATUS DEVICE\r\nCODE=40022\r\n@PJL ECHO PLATEN 1\r\n\f@PJL INFO PAGECOUNT\r\nPAGECOUNT=666\r\n\f%-12345X";

void usb_faulty_set(const usb_transport *inner, usb_fault fault, unsigned at)
{
    memset(&the, 0, sizeof the);
    the.inner = inner;
    the.fault = fault;
    the.at = at;
}

unsigned usb_faulty_calls(void)
{
    return the.calls;
}

unsigned usb_faulty_open(void)
{
    return the.links;
}

/* Is this call to go wrong? Counts it. */
static bool wrong(usb_fault f)
{
    return the.fault == f && the.calls > the.at;
}

static bool wrong_now(usb_fault f)
{
    return the.fault == f && the.calls == the.at + 1;
}

static plt_status gone(void)
{
    return os_fail_as(PLT_NOTFOUND, "reach", "a printer that was unplugged");
}

static plt_status list(const char *option, usb_each each, void *arg)
{
    return the.inner->list(option, each, arg);
}

static plt_status link_open(const usb_printer *p, usb_link **out)
{
    *out = NULL;
    the.calls++;
    if (wrong_now(USB_FAULT_REFUSED)) return PLT_DENIED;
    if (wrong(USB_FAULT_UNPLUG)) return gone();
    plt_status s = the.inner->open(p, out);
    if (s == PLT_OK) the.links++;
    return s;
}

static plt_status link_write(usb_link *l, const void *data, size_t n, uint32_t timeout_ms)
{
    the.calls++;
    if (wrong_now(USB_FAULT_REFUSED)) return PLT_DENIED;
    if (wrong(USB_FAULT_UNPLUG)) return gone();
    if (wrong(USB_FAULT_STALL)) {
        the.passed += timeout_ms;
        return PLT_TIMEOUT;
    }
    return the.inner->write(l, data, n, timeout_ms);
}

static plt_status link_read(usb_link *l, void *data, size_t n, uint32_t timeout_ms, size_t *got)
{
    *got = 0;
    the.calls++;
    if (wrong_now(USB_FAULT_REFUSED)) return PLT_DENIED;
    if (wrong(USB_FAULT_UNPLUG)) return gone();
    if (wrong(USB_FAULT_STALL)) {
        the.passed += timeout_ms;
        return PLT_TIMEOUT;
    }
    if (wrong(USB_FAULT_EMPTY) && the.calls % 2) {
        the.passed += 20;
        return PLT_OK;
    }
    if (wrong_now(USB_FAULT_GARBAGE)) {
        *got = sizeof garbage < n ? sizeof garbage : n;
        memcpy(data, garbage, *got);
        return PLT_OK;
    }
    return the.inner->read(l, data, wrong(USB_FAULT_SHORT) ? 1 : n, timeout_ms, got);
}

static void link_close(usb_link *l)
{
    if (l) the.links--;
    the.inner->close(l);
}

static uint64_t now(void)
{
    return usb_now(the.inner) + the.passed;
}

const usb_transport usb_faulty = {"faulty", list, NULL, link_open, link_write, link_read, link_close, now};
