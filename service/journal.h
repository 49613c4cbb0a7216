/* SPDX-License-Identifier: Apache-2.0 */
/* Jobs that the monitor wrote to its journal while the service was away, and jobs that a killed service left open. */
#ifndef PLATEN_SERVICE_JOURNAL_H
#define PLATEN_SERVICE_JOURNAL_H

#include "service/agent.h"

typedef struct journal journal;

/* A thread that looks every two seconds. */
plt_status journal_start(journal **jo, agent *a);
void journal_stop(journal *jo);

#endif
