/* SPDX-License-Identifier: Apache-2.0 */
/* The way of the records to the hub. */
#ifndef PLATEN_SERVICE_SYNC_H
#define PLATEN_SERVICE_SYNC_H

#include "service/agent.h"

typedef struct hubsync hubsync;

plt_status sync_start(hubsync **s, agent *a);
/* Ends the thread; a call in progress is waited for. NULL-safe. */
void sync_stop(hubsync *s);

#endif
