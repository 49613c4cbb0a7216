/* SPDX-License-Identifier: Apache-2.0 */
/* How long a tenant keeps what (docs/hub.md, "Store"). */
#ifndef PLATEN_HUB_RETENTION_API_H
#define PLATEN_HUB_RETENTION_API_H

#include "hub/task.h"

hub_step hub_api_retention(hub_worker *w, hub_task *t);
hub_step hub_api_retention_preview(hub_worker *w, hub_task *t);
hub_step hub_api_retention_put(hub_worker *w, hub_task *t);

#endif
