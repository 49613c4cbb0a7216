/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One device as its ways show it together, and the row of the list that follows from it. Identity and meters keep what every way said, as
 * evidence; status, supplies, trays and alerts come whole from one way each, because rows of two sources do not number alike.
 */
#ifndef PLATEN_HUB_DEVICE_VIEW_H
#define PLATEN_HUB_DEVICE_VIEW_H

#include "core/device/device.h"
#include "hub/store_devices.h"

#define HUB_LOW_PERCENT 10
#define HUB_FRESH_MS (24 * 3600 * (int64_t)1000) /* a way read so long before the newest one is not asked for status and rows */

typedef struct hub_way_view {
    hub_way way;
    plt_device model;
    bool has_model;
} hub_way_view;

typedef struct hub_view {
    int64_t tenant_id, device;
    hub_way_view *ways; /* owned, by number; ended ones too */
    size_t n;
    plt_device model;                  /* of all together */
    int64_t of_group[PLT_GROUP_COUNT]; /* the way that each group's rows are from; 0 several or none */
    plt_status status;                 /* PLT_NOMEM, or the store's */
} hub_view;

/* Loads and merges. Free with hub_view_free also after a failure. */
plt_status hub_view_load(hub_store *s, int64_t tenant_id, int64_t device, hub_view *v);
void hub_view_free(hub_view *v);

/* What the row's texts point into besides the view. */
typedef struct hub_row_room {
    plt_buf supplies, search, name, place;
} hub_row_room;

/* Fills the row of the list; `room` is initialised here and freed with hub_row_room_free. */
plt_status hub_view_row(const hub_view *v, hub_device_row *out, hub_row_room *room);
void hub_row_room_free(hub_row_room *room);

/* "gone", "silent", "refused", or the state that the printer says: ready, printing ... unknown. */
const char *hub_view_state(const hub_view *v);
/* Alerts that want a person: critical and warning. */
bool hub_alert_counts(const plt_device *d, uint32_t row);
/* Is a supply low or empty, by its level or its own word? */
bool hub_supply_low(const plt_device *d, uint32_t row);
/* The newest number of a meter, whoever said it. */
bool hub_meter_newest(const plt_device *d, uint32_t row, plt_count *out);

#endif
