/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A bounded reader with a sticky error: read everything, look at `bad` once. A read past the end
 * gives zeros and sets `bad`; it never touches memory outside the given range.
 */
#ifndef PLATEN_CORE_UTIL_CURSOR_H
#define PLATEN_CORE_UTIL_CURSOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct plt_cursor {
    const uint8_t *p;   /* borrowed */
    const uint8_t *end; /* one past the last byte */
    bool bad;
} plt_cursor;

plt_cursor plt_cursor_make(const void *data, size_t n);
size_t plt_cursor_left(const plt_cursor *c);
/* n bytes at the cursor, which moves past them; NULL (and bad) when fewer are left. */
const uint8_t *plt_cursor_take(plt_cursor *c, size_t n);
uint8_t plt_cursor_u8(plt_cursor *c);
uint16_t plt_cursor_le16(plt_cursor *c);
uint32_t plt_cursor_le32(plt_cursor *c);
uint64_t plt_cursor_le64(plt_cursor *c);
uint16_t plt_cursor_be16(plt_cursor *c);
uint32_t plt_cursor_be32(plt_cursor *c);

#endif
