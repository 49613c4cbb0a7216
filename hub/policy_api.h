/* SPDX-License-Identifier: Apache-2.0 */
/* The console's calls for policy sets (docs/api.md, "Policies"): lists, drafts, versions, publishing, what is proved, what PCs have. */
#ifndef PLATEN_HUB_POLICY_API_H
#define PLATEN_HUB_POLICY_API_H

#include "hub/task.h"

hub_step hub_api_sets(hub_worker *w, hub_task *t);
hub_step hub_api_set(hub_worker *w, hub_task *t);
hub_step hub_api_set_make(hub_worker *w, hub_task *t);
hub_step hub_api_draft(hub_worker *w, hub_task *t);
hub_step hub_api_version(hub_worker *w, hub_task *t);
hub_step hub_api_publish(hub_worker *w, hub_task *t);
hub_step hub_api_withdraw(hub_worker *w, hub_task *t);
hub_step hub_api_policy_agents(hub_worker *w, hub_task *t);
hub_step hub_api_check(hub_worker *w, hub_task *t);
hub_step hub_api_backtest(hub_worker *w, hub_task *t);
hub_step hub_api_violations(hub_worker *w, hub_task *t);

#endif
