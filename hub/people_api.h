/* SPDX-License-Identifier: Apache-2.0 */
/* Handlers of docs/api.md for who signs in, and for roles. They run on a worker. */
#ifndef PLATEN_HUB_PEOPLE_API_H
#define PLATEN_HUB_PEOPLE_API_H

#include "hub/task.h"

hub_step hub_api_users(hub_worker *w, hub_task *t);
hub_step hub_api_user_add(hub_worker *w, hub_task *t);
hub_step hub_api_user_change(hub_worker *w, hub_task *t);
hub_step hub_api_user_remove(hub_worker *w, hub_task *t);
hub_step hub_api_user_reset(hub_worker *w, hub_task *t);
hub_step hub_api_roles(hub_worker *w, hub_task *t);
hub_step hub_api_role_put(hub_worker *w, hub_task *t);
hub_step hub_api_role_remove(hub_worker *w, hub_task *t);

/* The account that the path names into p, if the caller may manage it: HUB_WRITE; else the refusal. */
hub_step hub_managed_person(hub_worker *w, hub_task *t, hub_person *p);

/* The refusal of what the caller does not hold, for somebody or somewhere. */
hub_step hub_beyond_own(hub_task *t);
/* A name that can stand in an address: 1 to 63 bytes, no slash, no control character. */
bool hub_name_fits(const char *name, size_t size);

/* The rights of a role, the hub's own or another one; PLT_NOTFOUND. */
plt_status hub_role_rights(hub_store *s, const char *name, hub_rights *rights);

#endif
