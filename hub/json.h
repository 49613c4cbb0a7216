/* SPDX-License-Identifier: Apache-2.0 */
/*
 * JSON in and out. Out: a plt_buf that is appended to, commas by themselves. In: cJSON behind checks of size,
 * depth and encoding, so that no body can exhaust a thread's stack.
 */
#ifndef PLATEN_HUB_JSON_H
#define PLATEN_HUB_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cjson/cJSON.h>

#include "core/util/buf.h"
#include "hub/rights.h"

/* A quoted string; malformed UTF-8 becomes '?', control characters are escaped. */
void hub_json_quote(plt_buf *b, const char *s);
/* `"name":`, with a comma unless an object has just begun. */
void hub_json_key(plt_buf *b, const char *name);
/* A comma unless a list or an object has just begun, or a member's value is due. */
void hub_json_comma(plt_buf *b);
/* Members. text: NULL and "" are null; count: negative is null; time: 0 is null. */
void hub_json_text(plt_buf *b, const char *name, const char *v);
void hub_json_count(plt_buf *b, const char *name, int64_t v);
void hub_json_time(plt_buf *b, const char *name, int64_t unix_ms);
void hub_json_bool(plt_buf *b, const char *name, bool v);

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
