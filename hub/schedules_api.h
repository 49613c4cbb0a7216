/* SPDX-License-Identifier: Apache-2.0 */
/* /api/v1/schedules: reports that go out by mail by themselves. */
#ifndef PLATEN_HUB_SCHEDULES_API_H
#define PLATEN_HUB_SCHEDULES_API_H

#include "hub/task.h"

hub_step hub_api_schedules(hub_worker *w, hub_task *t);
hub_step hub_api_schedule_make(hub_worker *w, hub_task *t);
hub_step hub_api_schedule_change(hub_worker *w, hub_task *t);
hub_step hub_api_schedule_drop(hub_worker *w, hub_task *t);
hub_step hub_api_schedule_send(hub_worker *w, hub_task *t);

#endif
