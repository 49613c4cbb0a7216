/* SPDX-License-Identifier: Apache-2.0 */
/* What an agent reads of the network: people set it, the agent fetches it and says what it makes of it (docs/collection.md). */
#ifndef PLATEN_HUB_COLLECTIONS_API_H
#define PLATEN_HUB_COLLECTIONS_API_H

#include "hub/task.h"

/* Agents' side. */
hub_step hub_api_agent_collection(hub_worker *w, hub_task *t);
hub_step hub_api_agent_collection_said(hub_worker *w, hub_task *t);
/* A number for the live link when the agent has another one than what is set, or none; 0: it has what is set, or refused it. */
plt_status hub_collection_news(hub_store *s, int64_t tenant_id, const char *agent, int64_t *no);

/* Console's side. */
hub_step hub_api_collection(hub_worker *w, hub_task *t);
hub_step hub_api_collection_put(hub_worker *w, hub_task *t);
hub_step hub_api_collection_drop(hub_worker *w, hub_task *t);

#endif
