/* SPDX-License-Identifier: Apache-2.0 */
/* The bounded reader. */
#include "core/util/cursor.h"

plt_cursor plt_cursor_make(const void *data, size_t n)
{
    static const uint8_t nothing[1];
    const uint8_t *p = n ? data : nothing;
    return (plt_cursor){p, p + n, false};
}

size_t plt_cursor_left(const plt_cursor *c)
{
    return (size_t)(c->end - c->p);
}

const uint8_t *plt_cursor_take(plt_cursor *c, size_t n)
{
    if (c->bad || n > plt_cursor_left(c)) {
        c->bad = true;
        return NULL;
    }
    const uint8_t *p = c->p;
    c->p += n;
    return p;
}

static uint64_t little(plt_cursor *c, size_t n)
{
    const uint8_t *p = plt_cursor_take(c, n);
    uint64_t v = 0;
    for (size_t i = n; p && i-- > 0;) v = v << 8 | p[i];
    return v;
}

static uint64_t big(plt_cursor *c, size_t n)
{
    const uint8_t *p = plt_cursor_take(c, n);
    uint64_t v = 0;
    for (size_t i = 0; p && i < n; i++) v = v << 8 | p[i];
    return v;
}

uint8_t plt_cursor_u8(plt_cursor *c)
{
    return (uint8_t)little(c, 1);
}

uint16_t plt_cursor_le16(plt_cursor *c)
{
    return (uint16_t)little(c, 2);
}

uint32_t plt_cursor_le32(plt_cursor *c)
{
    return (uint32_t)little(c, 4);
}

uint64_t plt_cursor_le64(plt_cursor *c)
{
    return little(c, 8);
}

uint16_t plt_cursor_be16(plt_cursor *c)
{
    return (uint16_t)big(c, 2);
}

uint32_t plt_cursor_be32(plt_cursor *c)
{
    return (uint32_t)big(c, 4);
}
