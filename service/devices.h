/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Readings of printers by the service itself (docs/readings.md): a lane for USB and one for the network, each with its own thread and schedule, both
 * into the ledger.
 */
#ifndef PLATEN_SERVICE_DEVICES_H
#define PLATEN_SERVICE_DEVICES_H

#include "service/agent.h"

typedef struct devices devices;

plt_status devices_start(devices **d, agent *a);
void devices_stop(devices *d);

/* Every printer is read now, whatever is due. */
void devices_read_now(agent *a);

/* A job is out of the service's hands: a printer that was busy is asked soon. */
void devices_job_ended(agent *a);

typedef struct devices_state {
    bool running;      /* a round is under way, or asked for */
    int64_t ended;     /* Unix ms of the last round's end; 0: none yet */
    unsigned printers; /* that the last rounds found */
    char words[1024];  /* what is wrong with settings, children or printers; "" nothing */
} devices_state;

/* All false and 0 where the lanes do not run. */
void devices_state_get(agent *a, devices_state *out);

#endif
