/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Readings of printers by the service itself (docs/readings.md): a lane for USB and one for the network, each with its own thread and schedule, both
 * into the ledger.
 */
#ifndef PLATEN_SERVICE_DEVICES_H
#define PLATEN_SERVICE_DEVICES_H

#include "core/collect/demand.h"
#include "service/agent.h"

typedef struct devices devices;

plt_status devices_start(devices **d, agent *a);
void devices_stop(devices *d);

typedef enum devices_lane { DEVICES_USB, DEVICES_NET, DEVICES_LANES } devices_lane;

/* Every printer is read now, whatever is due: an administrator of this machine asks. */
void devices_read_now(agent *a);
/* The network's addresses are asked now: other ranges hold. */
void devices_net_now(agent *a);
/*
 * One lane reads now: local printers whole, of network printers those that are known, with what moves. No more than the schedule does. A ticket for
 * devices_answered(); 0: too soon, *wait_ms says by how much. The agent's `wake` is told when it is answered.
 */
uint64_t devices_ask(agent *a, devices_lane lane, plt_asker who, uint64_t *wait_ms);

/* What the last round of a lane came to. */
typedef struct devices_outcome {
    bool off;                /* the settings leave these printers alone */
    bool whole;              /* every known printer was looked for */
    unsigned printers, busy; /* found; of these with a job: they are read behind it */
    char words[512];         /* what went wrong; "" nothing */
} devices_outcome;

/* False: its round is not over. */
bool devices_answered(agent *a, devices_lane lane, uint64_t ticket, devices_outcome *out);

/* A job is out of the service's hands: a printer that was busy is asked soon. */
void devices_job_ended(agent *a);

typedef struct devices_state {
    bool running;      /* a round is under way, or asked for */
    int64_t ended;     /* Unix ms of the last round's end; 0: none yet */
    unsigned printers; /* that the last rounds found */
    char words[1024];  /* what is wrong with settings, children or printers; "" nothing */
} devices_state;

/* How one lane is: an asked round of it under way, when its last one ended, and what that came to. */
typedef struct devices_lane_state {
    bool running;
    int64_t ended;
    devices_outcome last;
} devices_lane_state;
void devices_lane_get(agent *a, devices_lane lane, devices_lane_state *out);

/* All false and 0 where the lanes do not run. */
void devices_state_get(agent *a, devices_state *out);

#endif
