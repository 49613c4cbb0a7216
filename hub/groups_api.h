/* SPDX-License-Identifier: Apache-2.0 */
/* Groups of agents: what a policy set can be assigned to. */
#ifndef PLATEN_HUB_GROUPS_API_H
#define PLATEN_HUB_GROUPS_API_H

#include "hub/task.h"

hub_step hub_api_groups(hub_worker *w, hub_task *t);
hub_step hub_api_group(hub_worker *w, hub_task *t);
hub_step hub_api_group_make(hub_worker *w, hub_task *t);
hub_step hub_api_group_change(hub_worker *w, hub_task *t);
hub_step hub_api_group_drop(hub_worker *w, hub_task *t);

#endif
