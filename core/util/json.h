/* SPDX-License-Identifier: Apache-2.0 */
/* Writing JSON into a buffer, piece by piece: for what is written thousands of times a second. Reading it is cJSON's. */
#ifndef PLATEN_CORE_UTIL_JSON_H
#define PLATEN_CORE_UTIL_JSON_H

#include "core/util/buf.h"

/* The comma before the next member or element, where one is due. */
void plt_json_comma(plt_buf *b);
/* A string in quotes. What is no UTF-8 stays as it is: see to that before. */
void plt_json_quote(plt_buf *b, const char *s);
/* The comma, the name, the colon. A name of ours: nothing in it is escaped. */
void plt_json_key(plt_buf *b, const char *name);
void plt_json_number(plt_buf *b, uint64_t n);

#endif
