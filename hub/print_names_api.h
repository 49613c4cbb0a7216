/* SPDX-License-Identifier: Apache-2.0 */
/* Handlers of docs/api.md for the names that an account prints under (docs/rights.md). They run on a worker. */
#ifndef PLATEN_HUB_PRINT_NAMES_API_H
#define PLATEN_HUB_PRINT_NAMES_API_H

#include "hub/task.h"

hub_step hub_api_print_names(hub_worker *w, hub_task *t);
hub_step hub_api_print_names_put(hub_worker *w, hub_task *t);

/* A name and where it counts: members of an object. */
void hub_print_name_put(plt_buf *b, const hub_print_name *n);
/* 1 to 255 bytes of UTF-8 without control characters. */
bool hub_print_name_fits(const char *name);
/* The tenant in which an account of that scope has a name: the one that is wanted; with NULL its own, or the only one that there is. PLT_NOTFOUND:
 * outside the scope; PLT_EXISTS: several, and none is wanted. */
plt_status hub_print_name_place(hub_store *s, int64_t scope, const char *wanted, hub_print_name *n);

#endif
