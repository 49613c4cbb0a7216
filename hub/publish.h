/* SPDX-License-Identifier: Apache-2.0 */
/* The words of assignments, shared by the handlers that list them and those that make them. */
#ifndef PLATEN_HUB_PUBLISH_H
#define PLATEN_HUB_PUBLISH_H

#include "hub/store_policy.h"

/* "all", "percent", "group". */
const char *hub_scope_name(hub_scope s);
/* -1: none of them. */
int hub_scope_of(const char *word);

#endif
