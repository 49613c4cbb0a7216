/* SPDX-License-Identifier: Apache-2.0 */
/* What jobs cost: the price list, and what it would make of a job before it is in force. */
#ifndef PLATEN_HUB_PRICES_API_H
#define PLATEN_HUB_PRICES_API_H

#include "hub/task.h"

hub_step hub_api_prices(hub_worker *w, hub_task *t);
hub_step hub_api_price_versions(hub_worker *w, hub_task *t);
hub_step hub_api_price_version(hub_worker *w, hub_task *t);
hub_step hub_api_prices_put(hub_worker *w, hub_task *t);
hub_step hub_api_prices_check(hub_worker *w, hub_task *t);

/* The first day on which a job may cost something else by the second list than by the first; "" when there is none. */
void hub_prices_since(const char *before, const char *after, char day[HUB_DAY_SIZE]);

#endif
