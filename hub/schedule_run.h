/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Making the reports that are due and laying them into the outbox. It must never make what it has not claimed, nor tell anybody what the schedule's
 * author may not see at that moment.
 */
#ifndef PLATEN_HUB_SCHEDULE_RUN_H
#define PLATEN_HUB_SCHEDULE_RUN_H

#include "hub/store_schedules.h"

#define HUB_ATTACHED_MOST (5u << 20) /* a larger file is a link */

typedef struct hub_scheduler {
    hub_store *s;
    char who[20];        /* this hub, among those on the store */
    const char *console; /* the console's address, for links */
    size_t most;         /* bytes that are attached */
} hub_scheduler;

/* One that is due, if there is one. *did: there was; ask again at once. */
plt_status hub_schedule_round(hub_scheduler *d, int64_t now, bool *did);

#endif
