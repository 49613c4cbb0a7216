/* SPDX-License-Identifier: Apache-2.0 */
/*
 * JSON in and out. Out: what the API has beside core/util/json.h. In: cJSON behind checks of size,
 * depth and encoding, so that no body can exhaust a thread's stack.
 */
#ifndef PLATEN_HUB_JSON_H
#define PLATEN_HUB_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cjson/cJSON.h>

#include "core/util/buf.h"
#include "core/util/json.h"
#include "hub/rights.h"

/* A member; 0 is null. */
void hub_json_time(plt_buf *b, const char *name, int64_t unix_ms);

/* What is said of a version of a document: its members but for what only that document has. `from` 0: it came from no earlier one. */
void hub_json_version(plt_buf *b, int64_t version, int64_t created, int64_t from, const char *author, const char *note);

/* Their names, as a list. */
void hub_json_rights(plt_buf *b, const char *name, hub_rights rights);

/* The one JSON object in s, UTF-8 and nothing after it; NULL else. Freed with cJSON_Delete. */
cJSON *hub_json_read(const char *s, size_t n);
/* cJSON_Delete for an object whose own members may be secrets. NULL-safe. */
void hub_json_wipe(cJSON *o);
/* A member that is text without a NUL inside, or NULL. Borrowed from o. */
const char *hub_json_get(const cJSON *o, const char *name);
/* A member that is a whole number from 0 on; -1 when it is none. */
int64_t hub_json_whole(const cJSON *o, const char *name);
/* A list of rights' names; false when it is none, or one is not known. */
bool hub_json_get_rights(const cJSON *o, const char *name, hub_rights *out);

#endif
