/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Jobs as a file: CSV, or JSON with a job a line. A reply holds 10,000 jobs, fewer where they are long; its header Next-Cursor names the last one of
 * them when there are more. What the caller may not see is an empty cell, or null.
 */
#ifndef PLATEN_HUB_JOBS_EXPORT_H
#define PLATEN_HUB_JOBS_EXPORT_H

#include "hub/console_api.h"

#define HUB_EXPORT_MAX 10000

typedef enum hub_export { HUB_EXPORT_NONE, HUB_EXPORT_CSV, HUB_EXPORT_LINES } hub_export;

/* What is asked for, by `format` or else by Accept. False: there is no such format. */
bool hub_export_form(const hub_task *t, hub_export *form);
/* The jobs of a query that its caller may ask. */
hub_step hub_jobs_export(hub_worker *w, hub_task *t, hub_job_query *q, const hub_sight *sees, hub_export form);

#endif
