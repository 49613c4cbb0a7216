/* SPDX-License-Identifier: Apache-2.0 */
/* The monitor's pipe: one connection and one thread a job. */
#ifndef PLATEN_SERVICE_INTAKE_H
#define PLATEN_SERVICE_INTAKE_H

#include "service/agent.h"

typedef struct intake intake;

plt_status intake_start(intake **in, agent *a);
/* Ends every connection (the monitor carries on in its journal) and waits for the threads. NULL-safe. */
void intake_stop(intake *in);

#endif
