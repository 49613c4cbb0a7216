/* SPDX-License-Identifier: Apache-2.0 */
/* One dialogue with one printer, all of it read-only and bounded in time. */
#ifndef PLATEN_USBAGENT_QUERY_H
#define PLATEN_USBAGENT_QUERY_H

#include "core/device/device.h"
#include "usbagent/transport.h"

typedef struct usb_reading {
    plt_device device;
    bool asked;        /* it was talked to; else everything comes from its device ID */
    char problem[256]; /* why something is missing; "" nothing */
} usb_reading;

/* Both fill `out` anew; free with usb_reading_free. */
/* Identity from the USB strings and the device ID alone: nothing is sent. `now` is Unix ms. */
void usb_identify(const usb_printer *p, int64_t now, usb_reading *out);
/* And then, only if its device ID says PJL: INFO ID, STATUS and PAGECOUNT. */
void usb_query(const usb_printer *p, int64_t now, usb_reading *out);
void usb_reading_free(usb_reading *r);

#endif
