/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One dialogue with one printer: read-only, bounded in time, and given up when a job begins. Every write is whole in itself: it begins with
 * UEL and a fresh ECHO and ends with UEL, so that giving way needs no word more (docs/usb.md).
 */
#ifndef PLATEN_USBAGENT_QUERY_H
#define PLATEN_USBAGENT_QUERY_H

#include "core/device/device.h"
#include "core/pjl/ieee1284.h"
#include "usbagent/quiet.h"
#include "usbagent/transport.h"

#define USB_DEVICE_MS 10000 /* of one printer, from open to close */

typedef struct usb_reading {
    plt_device device;
    bool has_id;
    plt_1284 id;
    char id_text[USB_ID_SIZE];      /* without its length; "" none */
    bool asked;                     /* it was talked to; else everything comes from its device ID */
    bool gave_way;                  /* a job was there, or began */
    char problem[USB_PROBLEM_SIZE]; /* why something is missing; "" nothing */
} usb_reading;

/* `now` is Unix ms. Both fill `out` anew; free with usb_reading_free. */
/* Identity and live status from the USB strings and the device ID alone: nothing is sent. */
void usb_identify(const usb_printer *p, int64_t now, usb_reading *out);
/* And then, only if its device ID names PJL (or it is a 1284.4 interface), what the vendors' table asks such a printer. */
void usb_query(const usb_printer *p, const usb_quiet *quiet, int64_t now, usb_reading *out);
void usb_reading_free(usb_reading *r);

#endif
