/* SPDX-License-Identifier: Apache-2.0 */
/* The bounded growing buffer. It must never exceed its maximum nor lose an error. */
#include "core/util/buf.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void plt_buf_init(plt_buf *b, size_t max)
{
    memset(b, 0, sizeof *b);
    b->max = max;
}

void plt_buf_free(plt_buf *b)
{
    size_t max = b->max;
    free(b->data);
    plt_buf_init(b, max);
}

void plt_buf_free_secret(plt_buf *b)
{
    volatile uint8_t *p = b->data;
    for (size_t i = 0; i < b->cap; i++) p[i] = 0;
    plt_buf_free(b);
}

void plt_buf_clear(plt_buf *b)
{
    b->len = 0;
    b->status = PLT_OK;
    if (b->data) b->data[0] = 0;
}

uint8_t *plt_buf_reserve(plt_buf *b, size_t n)
{
    if (b->status != PLT_OK) return NULL;
    if (n > b->max || b->len > b->max - n) {
        b->status = PLT_FULL;
        return NULL;
    }
    size_t need = b->len + n + 1;
    if (need > b->cap) {
        size_t cap = b->cap ? b->cap : 64;
        while (cap < need) cap = cap > SIZE_MAX / 2 ? need : cap * 2;
        if (cap > b->max + 1) cap = b->max + 1;
        uint8_t *p = realloc(b->data, cap);
        if (!p) {
            b->status = PLT_NOMEM;
            return NULL;
        }
        b->data = p;
        b->cap = cap;
    }
    return b->data + b->len;
}

void plt_buf_add(plt_buf *b, const void *data, size_t n)
{
    uint8_t *p = plt_buf_reserve(b, n);
    if (!p) return;
    if (n) memcpy(p, data, n);
    b->len += n;
    b->data[b->len] = 0;
}

void plt_buf_byte(plt_buf *b, uint8_t v)
{
    uint8_t *p = plt_buf_reserve(b, 1);
    if (!p) return;
    p[0] = v;
    p[1] = 0;
    b->len++;
}

void plt_buf_text(plt_buf *b, const char *s)
{
    plt_buf_add(b, s, strlen(s));
}

void plt_buf_printf(plt_buf *b, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    int n = vsnprintf(NULL, 0, fmt, ap);
    va_end(ap);
    if (n < 0) {
        if (b->status == PLT_OK) b->status = PLT_BAD;
        return;
    }
    uint8_t *p = plt_buf_reserve(b, (size_t)n);
    if (!p) return;
    va_start(ap, fmt);
    vsnprintf((char *)p, (size_t)n + 1, fmt, ap);
    va_end(ap);
    b->len += (size_t)n;
}

void plt_buf_consume(plt_buf *b, size_t n)
{
    if (n > b->len) n = b->len;
    if (!n) return;
    memmove(b->data, b->data + n, b->len - n);
    b->len -= n;
    b->data[b->len] = 0;
}

const char *plt_buf_str(const plt_buf *b)
{
    return b->data && b->len ? (const char *)b->data : "";
}
