/* SPDX-License-Identifier: Apache-2.0 */
/* Linux's own driver for USB printers. Taking an interface away from it ends the job that goes through it, so it is asked first. */
#ifndef PLATEN_USBAGENT_USBLP_H
#define PLATEN_USBAGENT_USBLP_H

#include <stddef.h>
#include <stdint.h>

#include "core/util/status.h"

typedef struct usb_place {
    uint8_t bus;
    uint8_t ports[8]; /* of the hubs on the way, and its own */
    size_t ports_n;
    uint8_t configuration, interface;
} usb_place;

#define USB_NOT_HELD (-1)

/*
 * The driver lets one program in: while this holds its place, no job can begin. PLT_BUSY: somebody prints. PLT_OK with USB_NOT_HELD:
 * the driver does not serve this interface. May not block. Release it once the interface is claimed.
 */
plt_status usb_usblp_hold(const usb_place *place, int *held);
void usb_usblp_release(int held);

#endif
