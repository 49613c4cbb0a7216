/* SPDX-License-Identifier: Apache-2.0 */
/* Handlers of docs/api.md around the session. They run on a worker. */
#ifndef PLATEN_HUB_SESSION_API_H
#define PLATEN_HUB_SESSION_API_H

#include "hub/task.h"

hub_step hub_api_session(hub_worker *w, hub_task *t);
hub_step hub_api_sign_in(hub_worker *w, hub_task *t);
hub_step hub_api_sign_out(hub_worker *w, hub_task *t);
hub_step hub_api_password(hub_worker *w, hub_task *t);

/* A new session's token, and its hash in the task; then, on the writer, its row for t->account: the old session of this browser ends. */
plt_status hub_session_make(hub_task *t, char token[HUB_TOKEN_SIZE]);
plt_status hub_session_write(hub_store *s, hub_task *t, int64_t now);

#define HUB_FIRST_LOGIN "first-login.txt"

/* Gives an account a new one-time password, ends its sessions and its second factor, and lets it in again; creates it when it is missing. Inside a
 * transaction of the caller's. */
plt_status hub_account_reset(hub_store *s, const char *name, int64_t now, char password[24]);

#endif
