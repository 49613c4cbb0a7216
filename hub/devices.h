/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the hub makes of device records: whose reading it is, what changed, what a person should hear of (docs/devices.md). Runs on the
 * writer, inside the transaction that stores the records.
 */
#ifndef PLATEN_HUB_DEVICES_H
#define PLATEN_HUB_DEVICES_H

#include "hub/store_devices.h"

/* One reading of an agent. A reading that cannot be read becomes an event. *touched: how many devices it says something of. */
plt_status hub_devices_take(hub_store *s, int64_t tenant_id, const char *agent, const hub_record *r, int64_t now, int64_t *touched);

/* A person says that `from` is `into`. PLT_NOTFOUND: also outside the scope; PLT_EXISTS: they are one already, or of two tenants. */
plt_status hub_devices_join(hub_store *s, int64_t scope, int64_t into, int64_t from, const char *who, int64_t now);
/* A person says that these ways are of another printer: the one they came from, or a new one, whose number is *out. PLT_NOTFOUND; PLT_BAD: these
   are none, or all, of its ways. */
plt_status hub_devices_part(hub_store *s, int64_t scope, int64_t device, const int64_t *ways, size_t n, const char *who, int64_t now, int64_t *out);

/* ---- device_reads.c: a way's meters, levels and alerts ---- */
typedef struct hub_taking {
    hub_store *s;
    int64_t tenant_id;
    const hub_reading *reading;
    int64_t at; /* of the reading, never in the future */
    hub_way way;
    plt_device before, now; /* the way's model */
} hub_taking;

plt_status hub_reads_take(hub_taking *t);
/* Adds an event of the taking's device. `detail` is a JSON object. */
plt_status hub_event(hub_taking *t, int64_t device, int64_t other, const char *kind, const char *detail);

#endif
