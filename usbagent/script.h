/* SPDX-License-Identifier: Apache-2.0 */
/* The text files that describe printers: lines of a word and what belongs to it; bytes as letters, \r \n \f \e \\ or \xHH. */
#ifndef PLATEN_USBAGENT_SCRIPT_H
#define PLATEN_USBAGENT_SCRIPT_H

#include <stddef.h>

#include "core/util/buf.h"
#include "usbagent/transport.h"

/* The next line of *at, which is cut out of the text; NULL at the end. */
char *usb_next_line(char **at);
/* What stands behind "word " in the line; NULL when it begins with another word. */
const char *usb_after(const char *line, const char *word);
/* Each printer that the file's "printer" lines begin: as `fresh`, with an address of its number and the file's path, and what `describe` makes of
   its lines, which are cut out of the file. */
void usb_script_list(plt_buf *file, const char *path, const usb_printer *fresh, void (*describe)(usb_printer *, const char *line), usb_each each,
                     void *arg);
void usb_escape(plt_buf *out, const void *data, size_t n);
/* Up to the end of `text`. What is no escape stands for itself. */
void usb_unescape(plt_buf *out, const char *text);

#endif
