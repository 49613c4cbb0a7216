/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PLATEN_HUB_TENANT_CUTS_H
#define PLATEN_HUB_TENANT_CUTS_H

#include "hub/store.h"

/*
 * After a tenant has moved, in its transaction: rules of alerts lose the channels that are on the other side of the move, unless they are those of
 * somebody who stands above it now. *n: how many were taken off.
 */
plt_status hub_tenant_cut_channels(hub_store *s, int64_t moved, size_t *n);

#endif
