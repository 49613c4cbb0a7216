/* SPDX-License-Identifier: Apache-2.0 */
/* Jobs that agents hold now: the agents tell them, people release or cancel them (docs/enforcement.md, "Held jobs at the hub"). */
#ifndef PLATEN_HUB_HELD_API_H
#define PLATEN_HUB_HELD_API_H

#include "hub/task.h"

/* Agents' side. */
hub_step hub_api_held_orders(hub_worker *w, hub_task *t);
hub_step hub_api_held_told(hub_worker *w, hub_task *t);

/* Console's side. */
hub_step hub_api_held(hub_worker *w, hub_task *t);
hub_step hub_api_held_act(hub_worker *w, hub_task *t);
/* Whoever is signed in, on jobs of their own print names. */
hub_step hub_api_own_held(hub_worker *w, hub_task *t);
hub_step hub_api_own_held_act(hub_worker *w, hub_task *t);

#endif
