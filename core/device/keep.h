/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is kept and sent of a reading: which printer it is of, which groups, how much of it fits into a record, and what is left when
 * addresses are masked. Pure; it only ever takes away from a device, and makes nothing up.
 */
#ifndef PLATEN_CORE_DEVICE_KEEP_H
#define PLATEN_CORE_DEVICE_KEEP_H

#include "core/device/device.h"

#define PLT_DEVICE_KEY_SIZE 256

/* The key of docs/protocol.md section 2: serial number, MAC, UUID, the first that is known; else `way`, which is "usb:PORT" or "net:ADDRESS". */
void plt_device_key(const plt_device *d, const char *way, char out[PLT_DEVICE_KEY_SIZE]);
/* Do both name one serial number, whichever sources they have it from? */
bool plt_device_shares_serial(const plt_device *a, const plt_device *b);

/* Takes away the groups whose bit (1 << plt_group) is not set. */
void plt_device_keep_groups(plt_device *d, uint32_t groups);
/* Takes away what tells where in the network a printer is: addresses, MAC, the host name that SNMP gives. */
void plt_device_mask(plt_device *d);
/* Has `changes` more than what moves at each look: the time since the printer was switched on, and the times of its alerts, which are told against
 * that? */
bool plt_device_is_news(const plt_device *changes);

/*
 * Its JSON in at most `most` octets. While it is longer the least useful goes first: evidence beside the believed one, raw forms, the
 * panel's lines, then from the table's end (alerts, outputs, trays, supplies, meters). A group that lost rows is not complete any more.
 * `json` is empty before. *left_out: something went.
 */
plt_status plt_device_fit(plt_device *d, size_t most, plt_buf *json, bool *left_out);

#endif
