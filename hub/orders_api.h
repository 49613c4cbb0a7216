/* SPDX-License-Identifier: Apache-2.0 */
/* "Read now": people ask for it of an agent or a device, the agent fetches what it is asked and says what became of it (docs/readings.md). */
#ifndef PLATEN_HUB_ORDERS_API_H
#define PLATEN_HUB_ORDERS_API_H

#include "hub/task.h"

/* Agents' side. */
hub_step hub_api_orders(hub_worker *w, hub_task *t);
hub_step hub_api_order_report(hub_worker *w, hub_task *t);
/* The newest order that an agent is to know of; 0: none. For the live link. */
plt_status hub_order_open(hub_store *s, int64_t tenant_id, const char *agent, int64_t now, int64_t *no);

/* Console's side. */
hub_step hub_api_agent_read(hub_worker *w, hub_task *t);
hub_step hub_api_agent_reads(hub_worker *w, hub_task *t);
hub_step hub_api_device_read(hub_worker *w, hub_task *t);
hub_step hub_api_device_reads(hub_worker *w, hub_task *t);

#endif
