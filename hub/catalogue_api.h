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
/* catalogue_starter.c */
hub_step hub_api_catalogue_starter(hub_worker *w, hub_task *t);
/* catalogue_edit.c */
hub_step hub_api_catalogue_put(hub_worker *w, hub_task *t);
hub_step hub_api_catalogue_model_put(hub_worker *w, hub_task *t);
hub_step hub_api_catalogue_model_drop(hub_worker *w, hub_task *t);
/* The reply to a document that has an error. */
hub_step hub_catalogue_invalid(hub_task *t, const char *error);

/* The starter set as it was read (freed with plt_catalogue_free) and its text, borrowed. PLT_NOTFOUND: none comes with this hub; PLT_BAD with error.
 */
plt_status hub_catalogue_starter(const hub_worker *w, plt_catalogue **out, const plt_buf **text, char error[PLT_CATALOGUE_ERROR]);
#define HUB_CATALOGUE_DATE 32
/* "2026-11-26": its document's number is its day. */
void hub_catalogue_starter_date(const plt_catalogue *starter, char out[HUB_CATALOGUE_DATE]);
/* Has the catalogue (NULL: there is none) no entry for a printer of any of the model's names? */
bool hub_catalogue_lacks(const plt_catalogue *now, const plt_catalogue_model *m);

/* For the page of a device: a member "catalogue", its model's entry or null. */
void hub_catalogue_put_entry(plt_buf *b, const plt_catalogue_model *m, const char *by);
/* Members of a supply: what the entry has for it ("parts"), and the pages that are left by it. */
void hub_catalogue_put_supply(plt_buf *b, const plt_catalogue_model *m, const plt_device *d, uint32_t row);

#endif
