/* SPDX-License-Identifier: Apache-2.0 */
/* Handlers of what is issued: receipts of meters, and supplies to order, for an ERP. */
#ifndef PLATEN_HUB_ISSUED_API_H
#define PLATEN_HUB_ISSUED_API_H

#include "hub/task.h"

hub_step hub_api_issued(hub_worker *w, hub_task *t);
hub_step hub_api_issue(hub_worker *w, hub_task *t);
hub_step hub_api_issued_one(hub_worker *w, hub_task *t);

#endif
