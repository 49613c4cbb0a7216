/* SPDX-License-Identifier: Apache-2.0 */
/* What jobs are charged to: accounts, their CSV. */
#ifndef PLATEN_HUB_CHARGES_API_H
#define PLATEN_HUB_CHARGES_API_H

#include "hub/task.h"

hub_step hub_api_charges(hub_worker *w, hub_task *t);
hub_step hub_api_charges_csv(hub_worker *w, hub_task *t);
hub_step hub_api_charge_put(hub_worker *w, hub_task *t);
hub_step hub_api_charge_drop(hub_worker *w, hub_task *t);
hub_step hub_api_charges_import(hub_worker *w, hub_task *t);

#endif
