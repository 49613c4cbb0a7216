/* SPDX-License-Identifier: Apache-2.0 */
/*
 * From the variables that a printer gave (plt_collect_result) to the device model. Pure; what cannot be read sets nothing, and no number is
 * made up: -1, -2 and -3 stay what they mean.
 */
#ifndef PLATEN_CORE_COLLECT_READER_H
#define PLATEN_CORE_COLLECT_READER_H

#include "core/collect/collect.h"
#include "core/device/device.h"

#define PLT_PRINTERS_MOST 16 /* behind one address: print servers */

/* The hrDeviceIndex of each printer behind the address, ascending. */
size_t plt_reader_printers(plt_octets list, uint32_t index[PLT_PRINTERS_MOST]);
/* Reads one of them into d, which is initialised. `categories` of the scan: groups that it read whole are marked complete when `whole`. */
void plt_reader_device(const plt_collect_result *r, uint32_t printer, uint8_t categories, int64_t at, plt_device *d);

/* Text of a printer as UTF-8: without the NULs, blanks and control characters at its ends, without HP's symbol set in front; Latin-1 where it is no
 * UTF-8. */
void plt_reader_text(plt_octets o, char *out, size_t size);

#endif
