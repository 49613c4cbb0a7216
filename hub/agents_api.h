/* SPDX-License-Identifier: Apache-2.0 */
/* Handlers of docs/protocol.md section 3. They run on a worker; the caller has been judged by the table of routes. */
#ifndef PLATEN_HUB_AGENTS_API_H
#define PLATEN_HUB_AGENTS_API_H

#include "hub/task.h"

hub_step hub_api_enrol(hub_worker *w, hub_task *t);
hub_step hub_api_renew(hub_worker *w, hub_task *t);
hub_step hub_api_records(hub_worker *w, hub_task *t); /* ingest.c */
hub_step hub_api_durable(hub_worker *w, hub_task *t);

#endif
