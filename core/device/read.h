/* SPDX-License-Identifier: Apache-2.0 */
/* From what a printer said to values of the device: its IEEE 1284 ID, a PJL reply, a PML reply. Pure; what cannot be read sets nothing. */
#ifndef PLATEN_CORE_DEVICE_READ_H
#define PLATEN_CORE_DEVICE_READ_H

#include "core/device/device.h"
#include "core/device/vendors.h"
#include "core/pjl/ieee1284.h"
#include "core/pjl/pml.h"
#include "core/pjl/reply.h"

/* Identity, languages, and the live status that some put there. */
void plt_read_1284(plt_device *d, const plt_1284 *id, int64_t at);
/* Any reply or USTATUS block: what it is stands in its head. What is no reply of a known kind is PLT_PJL_NO_ANSWER. */
plt_pjl_answer plt_read_pjl(plt_device *d, const plt_pjl_block *b, int64_t at);
/* The reply to the object of a row; `index` is what '#' was. False: it is no value of this row. */
bool plt_read_pml(plt_device *d, const plt_vendor_object *o, unsigned index, const plt_pml_reply *r, int64_t at);
/* The believed state, once everything has been read: what PJL, PML and the ID say of it together. */
void plt_read_state(plt_device *d, int64_t at);

#endif
