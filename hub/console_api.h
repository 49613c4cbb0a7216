/* SPDX-License-Identifier: Apache-2.0 */
/* Handlers of hub/api.md: jobs, agents, overview, events. They run on a worker. */
#ifndef PLATEN_HUB_CONSOLE_API_H
#define PLATEN_HUB_CONSOLE_API_H

#include "hub/task.h"

hub_step hub_api_jobs(hub_worker *w, hub_task *t);
hub_step hub_api_job(hub_worker *w, hub_task *t);
hub_step hub_api_agents(hub_worker *w, hub_task *t);
hub_step hub_api_revoke(hub_worker *w, hub_task *t);
hub_step hub_api_overview(hub_worker *w, hub_task *t);
hub_step hub_api_events(hub_worker *w, hub_task *t);

/* What the handlers of the console's other files share. The replies of a store's failure, of what is not there, of a query that cannot be read. */
hub_step hub_console_fail(hub_worker *w, hub_task *t, plt_status s);
hub_step hub_console_not_found(hub_task *t, const char *title);
hub_step hub_console_bad_query(hub_task *t, const char *detail);
/* A word of a list as its number; -1 when it is none of them. */
int hub_console_word(const char *v, const char *const *words, int n);
/* A query's argument; an absent or empty one is none (NULL). */
const char *hub_console_filter(const hub_task *t, const char *name);

#endif
