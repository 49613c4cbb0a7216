/* SPDX-License-Identifier: Apache-2.0 */
/* /api/v1/receipt-plans: whose receipts are issued by themselves, and when. */
#ifndef PLATEN_HUB_RECEIPTS_API_H
#define PLATEN_HUB_RECEIPTS_API_H

#include "hub/task.h"

hub_step hub_api_receipt_plans(hub_worker *w, hub_task *t);
hub_step hub_api_receipt_plan_put(hub_worker *w, hub_task *t);

#endif
