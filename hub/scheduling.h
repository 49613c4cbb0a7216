/* SPDX-License-Identifier: Apache-2.0 */
/* The thread that makes reports and issues receipts that are due. It has a connection of its own and is waited for by nobody. */
#ifndef PLATEN_HUB_SCHEDULING_H
#define PLATEN_HUB_SCHEDULING_H

#include "hub/hub.h"

typedef struct hub_scheduling hub_scheduling;

/* `console`: the console's address, for links; outlives it. On failure *problem (of size n) says what to do. */
plt_status hub_scheduling_start(hub_scheduling **out, hub *h, const char *console, char *problem, size_t n);
/* Ends it after the report that is being made. NULL-safe. */
void hub_scheduling_stop(hub_scheduling *s);

#endif
