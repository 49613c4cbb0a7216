/* SPDX-License-Identifier: Apache-2.0 */
/* Handlers of docs/api.md: jobs, agents, overview, events. They run on a worker. */
#ifndef PLATEN_HUB_CONSOLE_API_H
#define PLATEN_HUB_CONSOLE_API_H

#include "hub/task.h"

hub_step hub_api_jobs(hub_worker *w, hub_task *t);
hub_step hub_api_job(hub_worker *w, hub_task *t);
hub_step hub_api_agents(hub_worker *w, hub_task *t);
hub_step hub_api_revoke(hub_worker *w, hub_task *t);
hub_step hub_api_overview(hub_worker *w, hub_task *t);
hub_step hub_api_events(hub_worker *w, hub_task *t);

#endif
