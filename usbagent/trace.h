/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Recorded dialogues. A trace is a text file: what the printer is, then every byte both ways with its time (docs/usb.md). It replays as a
 * printer (usb_replay): the same questions get the same answers after the same time, without waiting for it; other questions get silence.
 */
#ifndef PLATEN_USBAGENT_TRACE_H
#define PLATEN_USBAGENT_TRACE_H

#include "usbagent/transport.h"

/* From now on usb_traced writes what goes through it to this file. PLT_OK, or why it cannot be made. One trace at a time. */
plt_status usb_trace_begin(const char *path);
/* Writes what `p` is, gives it a token that the trace remembers, and puts usb_traced before its transport. Does nothing without a trace. */
void usb_trace_printer(usb_printer *p);
/* Closes the file; PLT_OK when everything has been written. */
plt_status usb_trace_end(void);

extern const usb_transport usb_traced;

#endif
