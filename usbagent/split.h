/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Two processes. The one that may open devices moves bytes and parses none of a printer's; the other parses and may open nothing: it runs
 * with a restricted token and limits on Windows, under seccomp on Linux (os/process.h). It asks the first to write and read for it, and
 * gives back the reading as JSON. Whatever it asks to be written goes through the lists of allowed requests once more, out of its reach.
 */
#ifndef PLATEN_USBAGENT_SPLIT_H
#define PLATEN_USBAGENT_SPLIT_H

#include "core/util/buf.h"
#include "usbagent/query.h"

#define USB_SPLIT_WORD "--parse" /* how the program is told to be the second one */

/* In the first: reads one printer; with `ask` false only what is in `p`. Bounded by USB_DEVICE_MS and a little. On PLT_OK `json` has the
   reading: {"asked":..,"gave_way":..,"problem":..,"device_id":..,"device":{..}}. */
plt_status usb_split_read(const usb_printer *p, const usb_quiet *quiet, bool ask, int64_t now, plt_buf *json);
/* The second: all of it. Gives the exit code. */
int usb_split_child(void);
/* The same reading in this process, for tests and where nothing foreign is parsed. */
plt_status usb_reading_json(const usb_reading *r, plt_buf *json);

/* ---- the words between them, for tests ---- */
enum {
    USB_SAY_PRINTER = 'P',
    USB_SAY_OPEN = 'O',
    USB_SAY_WRITE = 'W',
    USB_SAY_READ = 'R',
    USB_SAY_CLOSE = 'C',
    USB_SAY_DONE = 'D',
    USB_SAY_ANSWER = 'A'
};
#define USB_WORD_HEADER 5 /* what, length (little endian) */
#define USB_WORD_MAX 262144

void usb_word_head(uint8_t head[USB_WORD_HEADER], uint8_t what, size_t n);
/* Its length; SIZE_MAX when no word is that long. */
size_t usb_word_length(const uint8_t head[USB_WORD_HEADER]);
void usb_word_printer(plt_buf *out, const usb_printer *p, bool ask, int64_t now);
plt_status usb_word_read_printer(const uint8_t *data, size_t n, usb_printer *p, bool *ask, int64_t *now);

#endif
