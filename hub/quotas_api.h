/* SPDX-License-Identifier: Apache-2.0 */
/* The console's calls for quotas: what they allow, who has used what, and what an administrator gives or forgives; and for one person all of that. */
#ifndef PLATEN_HUB_QUOTAS_API_H
#define PLATEN_HUB_QUOTAS_API_H

#include "hub/task.h"

hub_step hub_api_quotas(hub_worker *w, hub_task *t);
hub_step hub_api_quotas_change(hub_worker *w, hub_task *t);
/* Groups, quotas and months of one person. */
hub_step hub_api_person(hub_worker *w, hub_task *t);

#endif
