/* SPDX-License-Identifier: Apache-2.0 */
/* Handlers of the console's API: the audit log. docs/api.md says what each takes and answers. */
#ifndef PLATEN_HUB_AUDIT_API_H
#define PLATEN_HUB_AUDIT_API_H

#include "hub/hub.h"

hub_step hub_api_audit(hub_worker *w, hub_task *t);
hub_step hub_api_audit_check(hub_worker *w, hub_task *t);
/* audit_keep_api.c */
hub_step hub_api_audit_keeping(hub_worker *w, hub_task *t);
hub_step hub_api_audit_keeping_put(hub_worker *w, hub_task *t);

#endif
