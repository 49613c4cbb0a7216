/* SPDX-License-Identifier: Apache-2.0 */
/* The devices of a scope, noted before each of them is looked at: what a bill or a report says of each. */
#ifndef PLATEN_HUB_FLEET_H
#define PLATEN_HUB_FLEET_H

#include "hub/store_devices.h"

typedef struct hub_fleet_device {
    int64_t tenant_id, no, last_read;
    char tenant[HUB_TENANT_SIZE], make[64], model[128], serial[64], name[128], location[128];
} hub_fleet_device;

typedef struct hub_fleet {
    hub_fleet_device *of; /* owned */
    size_t n, cap;
    plt_status status;
} hub_fleet;

/* All that the query matches. Freed with hub_fleet_free() in any case. */
plt_status hub_fleet_load(hub_store *s, const hub_device_query *q, hub_fleet *out);
void hub_fleet_free(hub_fleet *f);

#endif
