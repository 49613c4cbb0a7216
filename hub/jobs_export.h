/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Jobs as a file: CSV, or JSON with a job a line. A reply holds 10,000 jobs, fewer where they are long; its header Next-Cursor names the last one of
 * them when there are more. What the caller may not see is an empty cell, or null.
 */
#ifndef PLATEN_HUB_JOBS_EXPORT_H
#define PLATEN_HUB_JOBS_EXPORT_H

#include "hub/console_api.h"
#include "hub/list_page.h"

/* The jobs of a query that its caller may ask. */
hub_step hub_jobs_export(hub_worker *w, hub_task *t, hub_job_query *q, const hub_sight *sees, hub_export form);

#endif
