/* SPDX-License-Identifier: Apache-2.0 */
/* The list of agents for the console and programs: a page, or a file in parts (docs/api.md). */
#ifndef PLATEN_HUB_AGENTS_LIST_H
#define PLATEN_HUB_AGENTS_LIST_H

#include "hub/task.h"

hub_step hub_api_agents(hub_worker *w, hub_task *t);

#endif
