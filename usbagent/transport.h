/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How the agent reaches local printers: one ops struct per way. All calls come from one thread, may block up to the given time, and
 * never write anything on their own. What a printer said of itself is kept as bytes here: only the parsing process reads it (split.h).
 */
#ifndef PLATEN_USBAGENT_TRANSPORT_H
#define PLATEN_USBAGENT_TRANSPORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/util/status.h"

#define USB_ADDRESS_SIZE 512
#define USB_TEXT_SIZE 128
#define USB_PROBLEM_SIZE 256

/* What a transport buffers for a device ID: some devices refuse larger requests. */
#define USB_ID_SIZE 1024

/* Interface protocols of the USB printer class. */
enum { USB_UNIDIRECTIONAL = 1, USB_BIDIRECTIONAL = 2, USB_1284_4 = 3, USB_IPP = 4 };

typedef struct usb_transport usb_transport;
typedef struct usb_link usb_link;

/* One printer as found. */
typedef struct usb_printer {
    const usb_transport *transport;
    char address[USB_ADDRESS_SIZE]; /* the transport's own name for it */
    uint16_t vendor_id, product_id; /* 0 unknown */
    char maker[USB_TEXT_SIZE];      /* USB strings; "" unknown */
    char product[USB_TEXT_SIZE];
    char serial[USB_TEXT_SIZE];
    char port[USB_TEXT_SIZE]; /* Windows' port, "USB001"; "" unknown */
    uint8_t protocol;         /* USB_*; 0 unknown */
    uint8_t id[USB_ID_SIZE];  /* the IEEE 1284 device ID as it came */
    size_t id_len;            /* 0: none */
    bool has_status;
    uint8_t status;                 /* GET_PORT_STATUS */
    bool closed;                    /* it may not be opened: see problem */
    uint32_t token;                 /* of the first ECHO; 0: a fresh one. A recorded dialogue has its own */
    char problem[USB_PROBLEM_SIZE]; /* why something above is missing; "" nothing */
} usb_printer;

typedef bool (*usb_each)(void *arg, const usb_printer *p);

struct usb_transport {
    const char *name;
    /* Calls `each` for every printer, borrowed until it returns; stops when it gives false. PLT_UNSUPPORTED: not on this system. */
    plt_status (*list)(const char *option, usb_each each, void *arg);
    /* Reads ID and status again, by calls that cannot disturb a job. May be NULL: they do not change. */
    plt_status (*look)(usb_printer *p);
    /* Opens the data pipes. PLT_BUSY: somebody prints; PLT_DENIED: not allowed. Close with close. */
    plt_status (*open)(const usb_printer *p, usb_link **out);
    /* All n bytes. After a failure the link is good for close only. */
    plt_status (*write)(usb_link *l, const void *data, size_t n, uint32_t timeout_ms);
    /* Some bytes; PLT_TIMEOUT when none came. */
    plt_status (*read)(usb_link *l, void *data, size_t n, uint32_t timeout_ms, size_t *got);
    /* NULL-safe. */
    void (*close)(usb_link *l);
    /* Milliseconds of its own; NULL: the system's. Fakes let time pass without waiting. */
    uint64_t (*now)(void);
};

extern const usb_transport usb_libusb;
extern const usb_transport usb_usbprint;  /* Windows' own driver; lists nothing elsewhere */
extern const usb_transport usb_port;      /* option: a port by name, "tcp:HOST:PORT", "unix:PATH", "/dev/usb/lp0", "COM1" (port.c) */
extern const usb_transport usb_simulated; /* option: a file that describes printers */
extern const usb_transport usb_replay;    /* option: a recorded dialogue (trace.h) */

/* Keeps what came as the device ID. */
void usb_printer_set_id(usb_printer *p, const uint8_t *raw, size_t n);
uint64_t usb_now(const usb_transport *t);

#endif
