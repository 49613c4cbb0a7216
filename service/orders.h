/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the hub asks for: a thread that fetches the orders, has them carried out, and says what became of them. Reads (docs/readings.md, "Asked by the
 * hub") go to the lanes of devices.h: nothing that the schedule does not do, and no more often than once a minute. Held jobs (held_told.h) are told
 * by the same thread, so that a PC has one connection for all of it.
 */
#ifndef PLATEN_SERVICE_ORDERS_H
#define PLATEN_SERVICE_ORDERS_H

#include "service/agent.h"

typedef struct orders orders;

/* After devices_start(). */
plt_status orders_start(orders **o, agent *a);
/* After agent_stop(), before devices_stop(). NULL-safe. */
void orders_stop(orders *o);

/* There may be orders; returns at once. */
void orders_wake(agent *a);
/* The live link stands: there may be orders, and a wait behind a failure ends. */
void orders_link_up(agent *a);
/* What is held has changed. Under the desk's lock. */
void orders_held_changed(agent *a);

#endif
