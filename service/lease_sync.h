/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Leases from the hub: a thread that says what the book (service/leases.h) has to say and takes the answer down. It asks when a job is short of
 * units, when people's groups may have changed, and every few minutes for what will be needed while the hub is away.
 */
#ifndef PLATEN_SERVICE_LEASE_SYNC_H
#define PLATEN_SERVICE_LEASE_SYNC_H

#include "service/agent.h"

typedef struct lease_sync lease_sync;

plt_status lease_sync_start(lease_sync **s, agent *a);
/* After agent_stop(). NULL-safe. */
void lease_sync_stop(lease_sync *s);

/* Are quotas and groups the hub's? Not before its policy is in force here, nor with a hub from before leases. */
bool lease_sync_rules(agent *a);
/* Something is to be asked; returns at once. */
void lease_sync_wake(agent *a);
/* The same, and waits for the answer, up to ms. False: there was none; soon after a call that failed it is said at once. */
bool lease_sync_ask(agent *a, uint32_t ms);

/* The hub wants the lease of that id back. */
void lease_sync_call_back(agent *a, const char *id);
/* Did the last answer say that what is missing is called back elsewhere? Then another question in a moment may bring it. */
bool lease_sync_soon(agent *a);

#endif
