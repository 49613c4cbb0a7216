/* SPDX-License-Identifier: Apache-2.0 */
/* Handlers of docs/api.md: jobs, agents, overview, events. They run on a worker. */
#ifndef PLATEN_HUB_CONSOLE_API_H
#define PLATEN_HUB_CONSOLE_API_H

#include "hub/task.h"

/* What of a job the caller may see beside its numbers. */
typedef struct hub_sight {
    bool persons;  /* who printed what */
    bool accounts; /* what it was charged to */
} hub_sight;

/* A job's members, without the braces. */
void hub_job_put(plt_buf *b, const hub_job *j, const hub_sight *sees);
/* Where the list of that query goes on behind the job. */
void hub_job_cursor(const hub_job_query *q, const hub_job *j, hub_cursor *out);

hub_step hub_api_jobs(hub_worker *w, hub_task *t);
hub_step hub_api_job(hub_worker *w, hub_task *t);
hub_step hub_api_own_jobs(hub_worker *w, hub_task *t);
hub_step hub_api_revoke(hub_worker *w, hub_task *t);
hub_step hub_api_overview(hub_worker *w, hub_task *t);
hub_step hub_api_events(hub_worker *w, hub_task *t);

#endif
