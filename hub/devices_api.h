/* SPDX-License-Identifier: Apache-2.0 */
/* The devices of the console's API: docs/api.md. */
#ifndef PLATEN_HUB_DEVICES_API_H
#define PLATEN_HUB_DEVICES_API_H

#include "hub/device_view.h"
#include "hub/store_devices.h"
#include "hub/task.h"

hub_step hub_api_devices(hub_worker *w, hub_task *t);
hub_step hub_api_device(hub_worker *w, hub_task *t);
hub_step hub_api_device_merge(hub_worker *w, hub_task *t);
hub_step hub_api_device_split(hub_worker *w, hub_task *t);
/* devices_history.c */
hub_step hub_api_device_meters(hub_worker *w, hub_task *t);
hub_step hub_api_device_supplies(hub_worker *w, hub_task *t);
hub_step hub_api_meter_reads(hub_worker *w, hub_task *t);

/* Looks the device of a request up: its tenant; PLT_NOTFOUND, also outside the scope. */
plt_status hub_device_of(hub_store *s, int64_t scope, int64_t no, int64_t *tenant_id);
/* The levels of one supply by the way that is asked for it, with the last as it was read last: what a forecast stands on. *out is freed with
   free(). */
plt_status hub_levels_of(hub_store *s, const hub_view *v, uint32_t supply, plt_level **out, size_t *n);

#endif
