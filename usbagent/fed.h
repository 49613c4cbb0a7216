/* SPDX-License-Identifier: Apache-2.0 */
/*
 * `--snmp --told`: what SNMP tells is fed by the service on stdin, a JSON object a line. Nothing here opens a device. The first line says who may
 * ask: {"allow":["192.0.2.0/24"],"communities":["fleet"],"listen":"0.0.0.0:161","boots":7,"v3":{..}}: "listen" only where it is set, the last two
 * only with users of version 3 (in the form of core/snmp/usm_kept.h). So no community and no key stands in a list of processes. Then a line a
 * printer,
 * {"address":..,"device":{..}} in the form of docs/device.md, and {"end":true} behind each list of them: whoever is not in the list is no longer
 * connected. The end of stdin is the end of the program.
 */
#ifndef PLATEN_USBAGENT_FED_H
#define PLATEN_USBAGENT_FED_H

#include "core/util/buf.h"
#include "usbagent/snmp.h"

typedef struct usb_fed {
    plt_buf room; /* what was read and not yet taken */
    char communities[USB_SNMP_COMMUNITIES][64];
    plt_usm_kept users; /* wiped once they are taken */
    char wrong[160];    /* what the last line had wrong; "" nothing */
} usb_fed;

void usb_fed_init(usb_fed *f);
void usb_fed_free(usb_fed *f);
/* Waits for the first line and takes it into o, whose communities and users live in f. PLT_BAD: `wrong` says why. */
plt_status usb_fed_options(usb_fed *f, usb_snmp_options *o);
/* One further line into s. PLT_CLOSED: stdin has ended; PLT_BAD: it was none, `wrong` says why, and the next one may be better. */
plt_status usb_fed_take(usb_fed *f, usb_snmp *s);

/* The same for a line that is at hand: for tests. */
plt_status usb_fed_line(usb_fed *f, const char *line, size_t n, usb_snmp *s);
plt_status usb_fed_options_line(usb_fed *f, const char *line, size_t n, usb_snmp_options *o);

#endif
