/* SPDX-License-Identifier: Apache-2.0 */
/* Removing a policy set. What was published stays readable, for records name it; nobody publishes it any more. */
#ifndef PLATEN_HUB_POLICY_REMOVE_H
#define PLATEN_HUB_POLICY_REMOVE_H

#include "hub/task.h"

hub_step hub_api_set_remove(hub_worker *w, hub_task *t);

/* On the writer: PLT_OK when it may be assigned; else with a reply. */
plt_status hub_set_stands(hub_store *s, hub_task *t, int64_t tenant_id, const char *set);
/* 409: it was removed. */
void hub_set_gone(hub_task *t);

#endif
