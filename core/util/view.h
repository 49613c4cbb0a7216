/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reading JSON that comes thousands of times a second: one pass turns a text into a row of values, in the order of the text, in two pieces of memory
 * that serve the next text too. Everything else is read by cJSON. RFC 8259 and no more: no control character in a string, no 01, no \u0000.
 */
#ifndef PLATEN_CORE_UTIL_VIEW_H
#define PLATEN_CORE_UTIL_VIEW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/util/status.h"

typedef enum plt_view_kind {
    PLT_VIEW_NULL,
    PLT_VIEW_FALSE,
    PLT_VIEW_TRUE,
    PLT_VIEW_NUMBER,
    PLT_VIEW_TEXT,
    PLT_VIEW_LIST,
    PLT_VIEW_OBJECT
} plt_view_kind;

typedef struct plt_value {
    const char *name; /* of a member; "" for others */
    const char *text; /* of a text, of a number its digits; "" for others */
    uint32_t span;    /* values up to its next sibling: itself and all that is in it */
    uint8_t kind;     /* plt_view_kind */
} plt_value;

typedef struct plt_view {
    plt_value *values; /* the first is the whole text's */
    uint32_t count, room;
    char *text;
    size_t text_room;
    size_t read; /* PLT_OK: where the value ended; PLT_BAD: where it went wrong */
} plt_view;

void plt_view_init(plt_view *v);
void plt_view_free(plt_view *v);
/* The one value at the beginning of a text of well-formed UTF-8. PLT_BAD: it is no JSON, or nests deeper than max. PLT_NOMEM. */
plt_status plt_view_read(plt_view *v, const char *json, size_t n, uint32_t max);

/* A member by its name, the first of that name; NULL: o is no object, or has none. */
const plt_value *plt_view_member(const plt_value *o, const char *name);
bool plt_view_is(const plt_value *v, plt_view_kind kind); /* false for NULL */
/* A whole number from 0 to 2^53-1, however it is written. */
bool plt_view_whole(const plt_value *v, uint64_t *n);

#endif
