/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A growing byte buffer that is born with its maximum. Errors are sticky: append everything, look at
 * `status` once. Always NUL-terminated one byte past `len`, so that text in it can be passed on.
 */
#ifndef PLATEN_CORE_UTIL_BUF_H
#define PLATEN_CORE_UTIL_BUF_H

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include "core/util/attr.h"
#include "core/util/status.h"

typedef struct plt_buf {
    uint8_t *data; /* owned; NULL while empty */
    size_t len;
    size_t cap;
    size_t max;
    plt_status status; /* PLT_OK, PLT_NOMEM or PLT_FULL */
} plt_buf;

void plt_buf_init(plt_buf *b, size_t max);
/* Wipes nothing; for secrets use plt_buf_free_secret. Both leave an empty, usable buffer. */
void plt_buf_free(plt_buf *b);
void plt_buf_free_secret(plt_buf *b);
/* Forgets the content and the error, keeps the memory. */
void plt_buf_clear(plt_buf *b);

void plt_buf_add(plt_buf *b, const void *data, size_t n);
void plt_buf_byte(plt_buf *b, uint8_t v);
void plt_buf_text(plt_buf *b, const char *s);
void plt_buf_printf(plt_buf *b, const char *fmt, ...) PLT_PRINTF(2, 3);
/* Room for n more bytes at data + len without changing len; NULL when the maximum forbids it. */
uint8_t *plt_buf_reserve(plt_buf *b, size_t n);
/* Removes the first n bytes. */
void plt_buf_consume(plt_buf *b, size_t n);
/* The content as text; "" while empty. Borrowed until the next change. */
const char *plt_buf_str(const plt_buf *b);

#endif
