/* SPDX-License-Identifier: Apache-2.0 */
/* Printers whose USB does not do what its descriptors say. They are listed and identified like all, but their data pipes stay closed. */
#ifndef PLATEN_USBAGENT_QUIRKS_H
#define PLATEN_USBAGENT_QUIRKS_H

#include "usbagent/transport.h"

enum {
    USB_QUIRK_DUMB = 1,       /* nothing can be read from it */
    USB_QUIRK_KEEP_OFF = 2,   /* speaks its own protocol behind a printer's interface */
    USB_QUIRK_KEEP_USBLP = 4, /* does not work with usblp any more once it was taken from it */
};

/* The bits of a device; 0: none. */
unsigned usb_quirks(uint16_t vendor, uint16_t product);
/* May this printer's data pipes be opened? `kernel_driver`: usblp would be put aside. Else writes why not into its problem. */
bool usb_may_open(usb_printer *p, bool kernel_driver);

#endif
