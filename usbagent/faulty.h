/* SPDX-License-Identifier: Apache-2.0 */
/* A way to a printer that goes wrong at a chosen call: for tests, and to try on the bench what a field engineer reports. */
#ifndef PLATEN_USBAGENT_FAULTY_H
#define PLATEN_USBAGENT_FAULTY_H

#include "usbagent/transport.h"

typedef enum usb_fault {
    USB_FAULT_NONE,
    USB_FAULT_REFUSED, /* the call is denied, once */
    USB_FAULT_STALL,   /* from then on nothing comes and nothing goes */
    USB_FAULT_GARBAGE, /* bytes of somebody else before what comes next */
    USB_FAULT_SHORT,   /* from then on a byte at a time */
    USB_FAULT_UNPLUG,  /* from then on the device is gone */
    USB_FAULT_EMPTY,   /* reads succeed without bytes, from then on every other one */
    USB_FAULT_COUNT,
} usb_fault;

/* What usb_faulty does from now on: `inner` does the work, call number `at` (from 0; open, write and read count) goes wrong. */
void usb_faulty_set(const usb_transport *inner, usb_fault fault, unsigned at);
/* How many calls there were since. */
unsigned usb_faulty_calls(void);
/* How many links are open now: 0 once everything is over. */
unsigned usb_faulty_open(void);

extern const usb_transport usb_faulty;

#endif
