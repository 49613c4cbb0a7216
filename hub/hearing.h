/* SPDX-License-Identifier: Apache-2.0 */
/* What other hubs on the same store tell: one thread, one connection, where the store can do it; none where it cannot. */
#ifndef PLATEN_HUB_HEARING_H
#define PLATEN_HUB_HEARING_H

#include "hub/hub.h"

typedef struct hub_hearing hub_hearing;

/* *out stays NULL where the store has nobody to hear (SQLite). */
plt_status hub_hearing_start(hub_hearing **out, hub *h, char *problem, size_t n);
/* NULL-safe. Takes up to half a second. */
void hub_hearing_stop(hub_hearing *l);

#endif
