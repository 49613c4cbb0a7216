/* SPDX-License-Identifier: Apache-2.0 */
/* Writing JSON into a buffer, piece by piece: for what is written thousands of times a second, and in a fixed order. Reading it is cJSON's, or
 * view.h's. */
#ifndef PLATEN_CORE_UTIL_JSON_H
#define PLATEN_CORE_UTIL_JSON_H

#include <stdbool.h>
#include <stdint.h>

#include "core/util/buf.h"

/* A comma unless a list or an object has just begun, or a member's value is due. */
void plt_json_comma(plt_buf *b);
/* A quoted string; malformed UTF-8 becomes '?', control characters are escaped. */
void plt_json_quote(plt_buf *b, const char *s);
/* The comma, the name, the colon. A name of ours: nothing in it is escaped. */
void plt_json_key(plt_buf *b, const char *name);
void plt_json_number(plt_buf *b, uint64_t n);

/* Members. text: NULL and "" are null; string: "" is a string; count: negative is null. */
void plt_json_text(plt_buf *b, const char *name, const char *v);
void plt_json_string(plt_buf *b, const char *name, const char *v);
void plt_json_count(plt_buf *b, const char *name, int64_t v);
void plt_json_bool(plt_buf *b, const char *name, bool v);

#endif
