/* SPDX-License-Identifier: Apache-2.0 */
/* Handlers of docs/api.md for tenants. They run on a worker. */
#ifndef PLATEN_HUB_TENANTS_API_H
#define PLATEN_HUB_TENANTS_API_H

#include "hub/task.h"

hub_step hub_api_tenants(hub_worker *w, hub_task *t);
hub_step hub_api_tenant_add(hub_worker *w, hub_task *t);
hub_step hub_api_tenant_change(hub_worker *w, hub_task *t);

#endif
