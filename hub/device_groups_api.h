/* SPDX-License-Identifier: Apache-2.0 */
/* /api/v1/device-groups: a tenant's named groups of devices. They filter the list of devices, reports and rules of alerts. */
#ifndef PLATEN_HUB_DEVICE_GROUPS_API_H
#define PLATEN_HUB_DEVICE_GROUPS_API_H

#include "hub/task.h"

hub_step hub_api_device_groups(hub_worker *w, hub_task *t);
hub_step hub_api_device_group(hub_worker *w, hub_task *t);
hub_step hub_api_device_group_make(hub_worker *w, hub_task *t);
hub_step hub_api_device_group_change(hub_worker *w, hub_task *t);
hub_step hub_api_device_group_drop(hub_worker *w, hub_task *t);

/* The group that the query's `group` names, for a list that it filters: *id is NULL without one. False with a reply when the caller has none such. */
bool hub_device_group_pick(hub_worker *w, hub_task *t, const char **id);

#endif
