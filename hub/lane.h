/* SPDX-License-Identifier: Apache-2.0 */
/* Workers behind a bounded queue: they run the tasks' `work`, each with its own connection to the store. */
#ifndef PLATEN_HUB_LANE_H
#define PLATEN_HUB_LANE_H

#include "hub/hub.h"

/* Starts n threads. On failure *problem (of size size) says why. */
plt_status hub_lane_start(hub_lane **l, hub *h, size_t n, size_t queue, char *problem, size_t size);
/* Takes the task over; false when the queue is full or the lane stops: it stays the caller's. Any thread. */
bool hub_lane_push(hub_lane *l, hub_task *t);
/* Lets the threads finish what they are at, frees the tasks that still wait. NULL-safe. */
void hub_lane_stop(hub_lane *l);

#endif
