/* SPDX-License-Identifier: Apache-2.0 */
/* A printer's port as a file of the system: /dev/usb/lp0, /dev/ttyS0; LPT1, COM1. The settings of a serial line stay as they are. */
#ifndef PLATEN_USBAGENT_DEVICE_FILE_H
#define PLATEN_USBAGENT_DEVICE_FILE_H

#include "usbagent/transport.h"

typedef struct device_file device_file;

/* PLT_BUSY: another program has it. */
plt_status device_file_open(device_file **f, const char *path);
plt_status device_file_write(device_file *f, const void *data, size_t n, uint32_t timeout_ms);
/* PLT_TIMEOUT: nothing came. */
plt_status device_file_read(device_file *f, void *data, size_t n, uint32_t timeout_ms, size_t *got);
/* NULL-safe. */
void device_file_close(device_file *f);
/* The IEEE 1284 ID and the port's status where the driver gives them. */
void device_file_look(const char *path, usb_printer *p);

#endif
