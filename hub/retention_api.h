/* SPDX-License-Identifier: Apache-2.0 */
/* How long a tenant keeps what (docs/hub.md, "Store"). */
#ifndef PLATEN_HUB_RETENTION_API_H
#define PLATEN_HUB_RETENTION_API_H

#include "hub/store.h"
#include "hub/task.h"

hub_step hub_api_retention(hub_worker *w, hub_task *t);
hub_step hub_api_retention_preview(hub_worker *w, hub_task *t);
hub_step hub_api_retention_put(hub_worker *w, hub_task *t);

/* Is anything kept for a shorter time than before? */
bool hub_keeping_shorter(const hub_keeping *k, const hub_keeping *before);
/* "titles 7 days (before: 60 days), jobs ..." */
void hub_keeping_words(char *out, size_t n, const hub_keeping *k, const hub_keeping *before);
/* Adds titles_days and so on to a problem. */
void hub_keeping_count(hub_reply *r, const hub_keeping *k);

#endif
