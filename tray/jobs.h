/* SPDX-License-Identifier: Apache-2.0 */
/* "My jobs": what became of the person's own jobs, release and delete of held ones, what their quotas have left. */
#ifndef PLATEN_TRAY_JOBS_H
#define PLATEN_TRAY_JOBS_H

#include "tray/host.h"
#include "tray/panel.h"

typedef struct jobs jobs;

/* Opens the window, or brings it to the front. *out becomes NULL when the person closes it. */
void jobs_open(jobs **out, const host *h);
/* All others are NULL-safe. */
void jobs_refresh(jobs *j); /* asks anew */
/* The answer to a request; takes over what it needs of the event. */
void jobs_answer(jobs *j, event *e);
bool jobs_message(jobs *j, MSG *m);
void jobs_close(jobs *j);

#endif
