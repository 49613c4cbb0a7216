/* SPDX-License-Identifier: Apache-2.0 */
/* What agents ask of policies: their bundle, the live link, and what they say is in force. */
#ifndef PLATEN_HUB_POLICY_AGENT_API_H
#define PLATEN_HUB_POLICY_AGENT_API_H

#include "hub/task.h"

hub_step hub_api_agent_policy(hub_worker *w, hub_task *t);
hub_step hub_api_agent_live(hub_worker *w, hub_task *t);
hub_step hub_api_agent_report(hub_worker *w, hub_task *t);

#endif
