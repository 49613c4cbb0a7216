/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Answers SNMP for the local printers, as if they were network printers, from what was read last (docs/usb-snmp.md). It never opens a
 * device: readings are handed to it. Only addresses on the list are answered, and only with a right community or, by version 3, a
 * right user; there is no default of any. A thread of its own answers; the calls here come from one other.
 */
#ifndef PLATEN_USBAGENT_SNMP_H
#define PLATEN_USBAGENT_SNMP_H

#include "core/device/device.h"
#include "core/snmp/serve.h"
#include "core/snmp/usm_kept.h"
#include "core/util/address.h"

#define USB_SNMP_PORT 161
#define USB_SNMP_OTHER_PORT 33333 /* where 161 is another program's, or not ours to take */
#define USB_SNMP_SOURCES 64
#define USB_SNMP_COMMUNITIES 4
#define USB_SNMP_REPORTS 50 /* a second, at most: reports answer whoever asks, also with a wrong password */

/* A block of addresses that may ask. */
typedef struct usb_snmp_source {
    plt_address address;
    uint8_t bits;
} usb_snmp_source;

typedef struct usb_snmp_options {
    usb_snmp_source sources[USB_SNMP_SOURCES];
    size_t source_count;
    const char *communities[USB_SNMP_COMMUNITIES]; /* borrowed */
    size_t community_count;
    const plt_usm_kept *users; /* of version 3; borrowed while it is opened; NULL: no version 3 */
    int32_t boots;             /* snmpEngineBoots, raised already */
    plt_address listen;        /* port 0: USB_SNMP_PORT, else USB_SNMP_OTHER_PORT */
    const char *name;          /* sysName; borrowed */
} usb_snmp_options;

/* "192.0.2.0/24", "192.0.2.7", "2001:db8::/64". False: it is none, or the list is full. */
bool usb_snmp_allow(usb_snmp_options *o, const char *text);
/* "192.0.2.7", "192.0.2.7:16100", "[2001:db8::7]:16100". */
bool usb_snmp_listen(usb_snmp_options *o, const char *text);
bool usb_snmp_allowed(const usb_snmp_options *o, const plt_address *peer);

typedef struct usb_snmp usb_snmp;

/* Begins to answer, with nothing yet. PLT_BAD: no source, or neither community nor user. Others: os_error_text says which port and why. End
   with usb_snmp_close. */
plt_status usb_snmp_open(usb_snmp **out, const usb_snmp_options *o);
void usb_snmp_close(usb_snmp *s); /* NULL-safe */
uint16_t usb_snmp_port(const usb_snmp *s);
/* The latest reading of the printer at this address takes the place of the one before; the device is copied. Printers keep their places in
   the order in which they first came. PLT_FULL: there are more than can be served; PLT_NOMEM: the one before stays. */
plt_status usb_snmp_put(usb_snmp *s, const char *address, const plt_device *d);
/* It is connected, but could not be asked: its last reading stays. False: there is none yet. */
bool usb_snmp_keep(usb_snmp *s, const char *address);
/* The end of a round: who was neither put nor kept since the last one is no longer connected, and its place stays empty for it. */
void usb_snmp_end_round(usb_snmp *s);

#endif
