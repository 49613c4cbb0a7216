/* SPDX-License-Identifier: Apache-2.0 */
/* What the handlers of policies share: whose data a console request is about, failures of the store, and one heavy task at a time. */
#ifndef PLATEN_HUB_TENANT_H
#define PLATEN_HUB_TENANT_H

#include "hub/hub.h"
#include "hub/json.h"

/* The tenant of the caller's scope that the query names, or the only one in it; the audit log hears of it. False with a reply when there is none
 * such. `name` may be NULL. */
bool hub_tenant_pick(hub_worker *w, hub_task *t, int64_t *id, char name[HUB_TENANT_SIZE]);
/* Logs and replies. */
hub_step hub_store_failed(hub_worker *w, hub_task *t, plt_status s);
hub_step hub_not_there(hub_task *t, const char *title);
hub_step hub_bad_request(hub_task *t, const char *detail);
/* A member that is a whole number from 0 on; -1 when it is none. */
int64_t hub_json_whole(const cJSON *o, const char *name);
/* 16 hex digits of randomness. */
plt_status hub_new_id(char out[17]);
/* Hex digits as hub_new_id() makes them? */
bool hub_id_valid(const char *id);

#endif
