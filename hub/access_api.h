/* SPDX-License-Identifier: Apache-2.0 */
/* Handlers of docs/api.md for one's own second factor and sessions, for API tokens. They run on a worker. */
#ifndef PLATEN_HUB_ACCESS_API_H
#define PLATEN_HUB_ACCESS_API_H

#include "hub/task.h"

hub_step hub_api_factor_offer(hub_worker *w, hub_task *t);
hub_step hub_api_factor_take(hub_worker *w, hub_task *t);
hub_step hub_api_factor_drop(hub_worker *w, hub_task *t);
hub_step hub_api_sessions(hub_worker *w, hub_task *t);
hub_step hub_api_session_end(hub_worker *w, hub_task *t);
hub_step hub_api_tokens(hub_worker *w, hub_task *t);
hub_step hub_api_token_add(hub_worker *w, hub_task *t);
hub_step hub_api_token_revoke(hub_worker *w, hub_task *t);

#endif
