/* SPDX-License-Identifier: Apache-2.0 */
/* A reading for people. */
#ifndef PLATEN_USBAGENT_SHOW_H
#define PLATEN_USBAGENT_SHOW_H

#include "core/device/device.h"
#include "usbagent/transport.h"

/* Several lines to stdout: who it is, how it is, its meters, supplies, trays and alerts. */
void usb_show(const usb_printer *p, const plt_device *d, const char *problem);

#endif
