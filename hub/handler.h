/* SPDX-License-Identifier: Apache-2.0 */
/* What handlers share: the replies of what goes wrong, lists, arguments of a query, and whose data a request is about. They run on a worker. */
#ifndef PLATEN_HUB_HANDLER_H
#define PLATEN_HUB_HANDLER_H

#include "hub/hub.h"
#include "hub/json.h"

/* Logs a failure of the store (but a query that took too long) and replies; the step of the handler that failed. */
hub_step hub_store_failed(hub_worker *w, hub_task *t, plt_status s);
hub_step hub_not_there(hub_task *t, const char *title);
hub_step hub_bad_request(hub_task *t, const char *detail);
hub_step hub_bad_query(hub_task *t, const char *detail);

/* `{"id":"..."}`: what was made. */
void hub_reply_id(hub_task *t, const char *id);
/* `{"version":n,"text":"..."}`: what the store gave; `missing`: what there is none of. */
hub_step hub_reply_version(hub_worker *w, hub_task *t, plt_status s, int64_t version, const char *text, const char *missing);

/* `{"items":[...]}`: the reply's body, for the items; its end, or the failure of what gave them. */
plt_buf *hub_items_begin(hub_task *t);
hub_step hub_items_end(hub_worker *w, hub_task *t, plt_status s);

/* An argument of the query; an absent or empty one is none (NULL). */
const char *hub_query_text(const hub_task *t, const char *name);
/* A whole number from 1 to most; `without` where there is no argument; -1 where it is none. */
int64_t hub_query_number(const hub_task *t, const char *name, int64_t without, int64_t most);
/* A word of a list as its number; -1 when it is none of them. */
int hub_word_of(const char *v, const char *const *words, int n);

/* The tenant of the caller's scope that the query names, or the only one in it; the audit log hears of it. False with a reply when there is none
 * such. `name` may be NULL. */
bool hub_tenant_pick(hub_worker *w, hub_task *t, int64_t *id, char name[HUB_TENANT_SIZE]);
/* The tenant of a scope that has the name, or, with NULL, the only one in it. PLT_NOTFOUND: none; PLT_EXISTS: several. `name` may be NULL. */
plt_status hub_tenant_in(hub_store *s, int64_t scope, const char *wanted, int64_t *id, char name[HUB_TENANT_SIZE]);
/* 16 hex digits of randomness, as hub_id_valid() knows them. */
plt_status hub_new_id(char out[17]);

#endif
