/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Quiet: a dialogue goes on only while nobody prints on its printer, and ends the moment somebody begins. Whoever knows about jobs says so
 * through this seam: the spooler's queues (usb_quiet_spooler), the service for its own ports, a test. It is asked before every write and at
 * least every USB_QUIET_EVERY_MS while waiting; it must answer in a few milliseconds.
 */
#ifndef PLATEN_USBAGENT_QUIET_H
#define PLATEN_USBAGENT_QUIET_H

#include "usbagent/transport.h"

#define USB_QUIET_EVERY_MS 100

typedef struct usb_quiet {
    /* Is there a job for this printer, waiting or printing? */
    bool (*busy)(void *arg, const usb_printer *p);
    void *arg;
} usb_quiet;

/* Nobody knows of jobs: never busy. */
extern const usb_quiet usb_quiet_none;
/* The Windows spooler's queues. A queue counts when it is on the printer's port; where the port is not known, any queue on a USB port. */
extern const usb_quiet usb_quiet_spooler;
/* The service tells it on stdin, beside the spooler's queues: a line with the ports that have a job, separated by tabs, whenever that changes ("*":
   any). Call usb_told_begin first, once. */
extern const usb_quiet usb_quiet_told;
plt_status usb_told_begin(void);
/* May a printer of this class stand behind a port of this name ("USB001", "DOT4_001", "/dev/usb/lp0")? */
bool usb_is_usb_port(const char *port);

#endif
