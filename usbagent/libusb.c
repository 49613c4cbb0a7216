/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Printers by libusb: interfaces of class 7. On Linux the kernel's own driver (usblp) is put aside while the link is open and
 * put back after it, but never while somebody prints through it (usblp.h); on Windows only devices that are bound to WinUSB can be
 * opened, the others belong to usbprint.c.
 */
#include <libusb-1.0/libusb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/util/text.h"
#include "os/clock.h"
#include "os/error.h"
#include "usbagent/quirks.h"
#include "usbagent/transport.h"
#include "usbagent/usblp.h"

#define CLASS_PRINTER 7
/* USB printer class 1.1, section 4.2.1 */
#define REQUEST_IN_CLASS_INTERFACE 0xA1
#define GET_DEVICE_ID 0
#define GET_PORT_STATUS 1
#define CONTROL_MS 2000
#define STRING_SIZE 128

struct usb_link {
    libusb_context *context;
    libusb_device_handle *handle;
    int interface;
    uint8_t in, out; /* endpoints; in 0: one way only */
};

/* One interface in the setting that we would use. */
typedef struct candidate {
    int number, alternate;
    uint8_t protocol, in, out;
} candidate;

static plt_status failed(int code, const char *what, const char *object)
{
    plt_status s = PLT_IO;
    if (code == LIBUSB_ERROR_ACCESS)
        s = PLT_DENIED;
    else if (code == LIBUSB_ERROR_NO_MEM)
        s = PLT_NOMEM;
    else if (code == LIBUSB_ERROR_BUSY)
        s = PLT_BUSY;
    else if (code == LIBUSB_ERROR_TIMEOUT)
        s = PLT_TIMEOUT;
    else if (code == LIBUSB_ERROR_NO_DEVICE || code == LIBUSB_ERROR_NOT_FOUND)
        s = PLT_NOTFOUND;
    else if (code == LIBUSB_ERROR_NOT_SUPPORTED)
        s = PLT_UNSUPPORTED;
    char text[128];
    snprintf(text, sizeof text, "%s (%s)", what, libusb_error_name(code));
    return os_fail_as(s, text, object);
}

static void endpoints(const struct libusb_interface_descriptor *d, candidate *c)
{
    c->in = c->out = 0;
    for (int i = 0; i < d->bNumEndpoints; i++) {
        const struct libusb_endpoint_descriptor *e = &d->endpoint[i];
        if ((e->bmAttributes & 3) != LIBUSB_TRANSFER_TYPE_BULK) continue;
        if (e->bEndpointAddress & LIBUSB_ENDPOINT_IN)
            c->in = e->bEndpointAddress;
        else
            c->out = e->bEndpointAddress;
    }
}

/* How gladly a protocol is used: two ways before one way; 1284.4 and IPP are other languages. */
static int rank(uint8_t protocol)
{
    return protocol == USB_BIDIRECTIONAL ? 3 : protocol == USB_UNIDIRECTIONAL ? 2 : 1;
}

static bool choose(const struct libusb_interface *interface, candidate *out)
{
    int best = 0;
    for (int i = 0; i < interface->num_altsetting; i++) {
        const struct libusb_interface_descriptor *d = &interface->altsetting[i];
        if (d->bInterfaceClass != CLASS_PRINTER || rank(d->bInterfaceProtocol) <= best) continue;
        best = rank(d->bInterfaceProtocol);
        *out = (candidate){.number = d->bInterfaceNumber, .alternate = d->bAlternateSetting, .protocol = d->bInterfaceProtocol};
        endpoints(d, out);
    }
    return best > 0;
}

static void string_of(libusb_device_handle *h, uint8_t index, char out[USB_TEXT_SIZE])
{
    unsigned char text[STRING_SIZE];
    int n = index ? libusb_get_string_descriptor_ascii(h, index, text, sizeof text) : 0;
    if (n > 0) plt_utf8_copy(out, USB_TEXT_SIZE, (const char *)text, (size_t)n);
}

/* Both are control transfers beside the data pipes: a job does not notice. wIndex as the standard says, and as some firmware wants it. */
static void look_at_interface(libusb_device_handle *h, int number, int alternate, usb_printer *p)
{
    unsigned char raw[USB_ID_SIZE];
    uint16_t index[2] = {(uint16_t)(number << 8 | alternate), (uint16_t)number};
    int n = 0;
    for (int i = 0; i < 2; i++) {
        n = libusb_control_transfer(h, REQUEST_IN_CLASS_INTERFACE, GET_DEVICE_ID, 0, index[i], raw, sizeof raw, CONTROL_MS);
        if (n > 2) break;
    }
    if (n > 2)
        usb_printer_set_id(p, raw, (size_t)n);
    else
        snprintf(p->problem, sizeof p->problem, "the device ID cannot be read: %s", n < 0 ? libusb_error_name(n) : "it is empty");
    p->has_status = false;
    for (int i = 1; i >= 0 && !p->has_status; i--)
        if (libusb_control_transfer(h, REQUEST_IN_CLASS_INTERFACE, GET_PORT_STATUS, 0, index[i], raw, 1, CONTROL_MS) == 1) {
            p->has_status = true;
            p->status = raw[0];
        }
}

static void describe(libusb_device *device, const struct libusb_device_descriptor *d, const candidate *c, usb_printer *p)
{
    libusb_device_handle *h;
    memset(p, 0, sizeof *p);
    p->transport = &usb_libusb;
    p->vendor_id = d->idVendor;
    p->product_id = d->idProduct;
    p->protocol = c->protocol;
    snprintf(p->address, sizeof p->address, "%d.%d.%d.%d", libusb_get_bus_number(device), libusb_get_device_address(device), c->number, c->alternate);
    int code = libusb_open(device, &h);
    if (code != 0) {
        snprintf(p->problem, sizeof p->problem, "the device cannot be opened: %s", libusb_error_name(code));
        return;
    }
    string_of(h, d->iManufacturer, p->maker);
    string_of(h, d->iProduct, p->product);
    string_of(h, d->iSerialNumber, p->serial);
    look_at_interface(h, c->number, c->alternate, p);
    p->closed = !usb_may_open(p, libusb_kernel_driver_active(h, c->number) == 1);
    libusb_close(h);
}

/* Calls `each` for the device's printer interfaces. */
static bool look_at(libusb_device *device, usb_each each, void *arg)
{
    struct libusb_device_descriptor d;
    struct libusb_config_descriptor *config;
    bool go_on = true;
    if (libusb_get_device_descriptor(device, &d) != 0 || libusb_get_active_config_descriptor(device, &config) != 0) return true;
    for (int i = 0; i < config->bNumInterfaces && go_on; i++) {
        candidate c;
        usb_printer p;
        if (!choose(&config->interface[i], &c)) continue;
        describe(device, &d, &c, &p);
        go_on = each(arg, &p);
    }
    libusb_free_config_descriptor(config);
    return go_on;
}

static plt_status list(const char *option, usb_each each, void *arg)
{
    libusb_context *context;
    libusb_device **devices;
    (void)option;
    int code = libusb_init(&context);
    if (code != 0) return failed(code, "start libusb", "libusb");
    ssize_t n = libusb_get_device_list(context, &devices);
    if (n < 0) {
        libusb_exit(context);
        return failed((int)n, "list USB devices", "libusb");
    }
    for (ssize_t i = 0; i < n && look_at(devices[i], each, arg); i++) continue;
    libusb_free_device_list(devices, 1);
    libusb_exit(context);
    return PLT_OK;
}

static void link_close(usb_link *l)
{
    if (!l) return;
    if (l->handle) {
        if (l->interface >= 0) libusb_release_interface(l->handle, l->interface); /* puts usblp back */
        libusb_close(l->handle);
    }
    if (l->context) libusb_exit(l->context);
    free(l);
}

/* The device with this bus and address, opened. */
static int open_at(libusb_context *context, int bus, int address, libusb_device_handle **out, libusb_device **device)
{
    libusb_device **devices;
    int code = LIBUSB_ERROR_NO_DEVICE;
    ssize_t n = libusb_get_device_list(context, &devices);
    for (ssize_t i = 0; i < n; i++) {
        if (libusb_get_bus_number(devices[i]) != bus || libusb_get_device_address(devices[i]) != address) continue;
        code = libusb_open(devices[i], out);
        *device = devices[i]; /* kept alive by the handle */
        break;
    }
    if (n >= 0) libusb_free_device_list(devices, 1);
    return n < 0 ? (int)n : code;
}

/* From usblp, if it serves the interface and nobody prints through it. */
static int take_interface(usb_link *l, libusb_device *device, int number)
{
    usb_place place = {.bus = libusb_get_bus_number(device), .interface = (uint8_t)number};
    int configuration = 0, held;
    int n = libusb_get_port_numbers(device, place.ports, sizeof place.ports);
    place.ports_n = n > 0 ? (size_t)n : 0;
    libusb_get_configuration(l->handle, &configuration);
    place.configuration = (uint8_t)configuration;
    plt_status s = usb_usblp_hold(&place, &held);
    if (s != PLT_OK) return s == PLT_BUSY ? LIBUSB_ERROR_BUSY : LIBUSB_ERROR_ACCESS;
    libusb_set_auto_detach_kernel_driver(l->handle, 1); /* not on Windows, where there is nothing to detach */
    int code = libusb_claim_interface(l->handle, number);
    usb_usblp_release(held);
    return code;
}

static plt_status look(usb_printer *p)
{
    int at[4];
    libusb_device *device = NULL;
    libusb_context *context;
    libusb_device_handle *h = NULL;
    if (sscanf(p->address, "%d.%d.%d.%d", &at[0], &at[1], &at[2], &at[3]) != 4) return os_fail_as(PLT_BAD, "read the address", p->address);
    int code = libusb_init(&context);
    if (code != 0) return failed(code, "start libusb", "libusb");
    code = open_at(context, at[0], at[1], &h, &device);
    if (code == 0) look_at_interface(h, at[2], at[3], p);
    if (h) libusb_close(h);
    libusb_exit(context);
    return code == 0 ? PLT_OK : failed(code, "open the printer", p->address);
}

static int claim(usb_link *l, libusb_device *device, int number, int alternate)
{
    struct libusb_config_descriptor *config;
    candidate c = {.number = -1};
    int code = libusb_get_active_config_descriptor(device, &config);
    if (code != 0) return code;
    for (int i = 0; i < config->bNumInterfaces && c.number != number; i++)
        if (!choose(&config->interface[i], &c)) c.number = -1;
    libusb_free_config_descriptor(config);
    if (c.number != number || !c.out) return LIBUSB_ERROR_NOT_FOUND;
    l->in = c.in;
    l->out = c.out;
    code = take_interface(l, device, number);
    if (code != 0) return code;
    l->interface = number;
    return alternate ? libusb_set_interface_alt_setting(l->handle, number, alternate) : 0;
}

static plt_status link_open(const usb_printer *p, usb_link **out)
{
    int at[4];
    libusb_device *device = NULL;
    *out = NULL;
    if (p->closed) return PLT_UNSUPPORTED;
    if (sscanf(p->address, "%d.%d.%d.%d", &at[0], &at[1], &at[2], &at[3]) != 4) return os_fail_as(PLT_BAD, "read the address", p->address);
    usb_link *l = calloc(1, sizeof *l);
    if (!l) return PLT_NOMEM;
    l->interface = -1;
    int code = libusb_init(&l->context);
    if (code == 0) code = open_at(l->context, at[0], at[1], &l->handle, &device);
    if (code == 0) code = claim(l, device, at[2], at[3]);
    if (code != 0) {
        link_close(l);
        return failed(code, "open the printer", p->address);
    }
    *out = l;
    return PLT_OK;
}

static plt_status link_write(usb_link *l, const void *data, size_t n, uint32_t timeout_ms)
{
    unsigned char copy[4096]; /* libusb takes no const buffer */
    const uint8_t *p = data;
    uint64_t deadline = os_clock_mono_ms() + timeout_ms;
    while (n) {
        int put = 0, step = n < sizeof copy ? (int)n : (int)sizeof copy;
        uint64_t now = os_clock_mono_ms();
        if (now >= deadline) return os_fail_as(PLT_TIMEOUT, "write to", "the printer");
        memcpy(copy, p, (size_t)step);
        int code = libusb_bulk_transfer(l->handle, l->out, copy, step, &put, (unsigned)(deadline - now));
        p += put;
        n -= (size_t)put;
        if (code != 0) return failed(code, "write to", "the printer");
    }
    return PLT_OK;
}

static plt_status link_read(usb_link *l, void *data, size_t n, uint32_t timeout_ms, size_t *got)
{
    uint64_t deadline = os_clock_mono_ms() + timeout_ms;
    *got = 0;
    if (!l->in) return os_fail_as(PLT_UNSUPPORTED, "read from", "a one-way printer");
    for (;;) {
        int have = 0, room = n < 65536 ? (int)n : 65536;
        uint64_t now = os_clock_mono_ms();
        if (now >= deadline) return PLT_TIMEOUT;
        int code = libusb_bulk_transfer(l->handle, l->in, data, room, &have, (unsigned)(deadline - now));
        *got = (size_t)have;
        if (have > 0) return PLT_OK;
        if (code == LIBUSB_ERROR_TIMEOUT) return PLT_TIMEOUT;
        if (code != 0) return failed(code, "read from", "the printer");
        os_sleep_ms(20); /* an empty answer: the printer has nothing to say yet */
    }
}

const usb_transport usb_libusb = {"libusb", list, look, link_open, link_write, link_read, link_close, NULL};
