/* SPDX-License-Identifier: Apache-2.0 */
/* The model catalogue on the console's side (docs/catalogue.md): all may read it who see devices, the operator's people change it. */
#ifndef PLATEN_HUB_CATALOGUE_API_H
#define PLATEN_HUB_CATALOGUE_API_H

#include "hub/store_catalogue.h"
#include "hub/task.h"

hub_step hub_api_catalogue(hub_worker *w, hub_task *t);
hub_step hub_api_catalogue_missing(hub_worker *w, hub_task *t);
hub_step hub_api_catalogue_versions(hub_worker *w, hub_task *t);
hub_step hub_api_catalogue_version(hub_worker *w, hub_task *t);
/* catalogue_edit.c */
hub_step hub_api_catalogue_put(hub_worker *w, hub_task *t);
hub_step hub_api_catalogue_model_put(hub_worker *w, hub_task *t);
hub_step hub_api_catalogue_model_drop(hub_worker *w, hub_task *t);

/* For the page of a device: a member "catalogue", its model's entry or null. */
void hub_catalogue_put_entry(plt_buf *b, const plt_catalogue_model *m, const char *by);
/* Members of a supply: what the entry has for it ("parts"), and the pages that are left by it. */
void hub_catalogue_put_supply(plt_buf *b, const plt_catalogue_model *m, const plt_device *d, uint32_t row);

#endif
