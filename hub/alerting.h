/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The two threads of alerts: one looks (alert_watch.h), one sends (post.h), each with a connection of its own. Both read the clock; nothing waits for
 * them. Several hubs on a store may run them at once.
 */
#ifndef PLATEN_HUB_ALERTING_H
#define PLATEN_HUB_ALERTING_H

#include "hub/hub.h"

typedef struct hub_alerting hub_alerting;

/* `local`: webhooks may go to this machine and private networks. On failure *problem (of size n) says why. */
plt_status hub_alerting_start(hub_alerting **a, hub *h, bool local, char *problem, size_t n);
/* A message on its way is broken off, and sent again by whoever comes next. NULL-safe. */
void hub_alerting_stop(hub_alerting *a);

#endif
