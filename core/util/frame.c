/* SPDX-License-Identifier: Apache-2.0 */
/* The frame codec. It must accept no frame that the other side's rules forbid and read nothing past the payload. */
#include "core/util/frame.h"

#include <string.h>

#include "core/util/cursor.h"
#include "core/util/text.h"

static void put_le(uint8_t *p, uint64_t v, size_t n)
{
    for (size_t i = 0; i < n; i++) p[i] = (uint8_t)(v >> 8 * i);
}

void plt_frame_header(uint8_t out[PLT_FRAME_HEADER], plt_frame_type type, size_t n)
{
    put_le(out, n, 4);
    out[4] = (uint8_t)type;
    out[5] = PLT_FRAME_VERSION;
    out[6] = 'P';
    out[7] = 'L';
}

plt_status plt_frame_parse(const uint8_t in[PLT_FRAME_HEADER], uint8_t *type, size_t *n)
{
    plt_cursor c = plt_cursor_make(in, PLT_FRAME_HEADER);
    uint32_t len = plt_cursor_le32(&c);
    *n = 0;
    *type = 0;
    if (in[5] != PLT_FRAME_VERSION || in[6] != 'P' || in[7] != 'L' || len > PLT_FRAME_MAX_PAYLOAD) return PLT_BAD;
    *type = in[4];
    *n = len;
    return PLT_OK;
}

void plt_frame_begin(plt_frame_builder *b, void *out, size_t cap, plt_frame_type type)
{
    *b = (plt_frame_builder){.out = out, .cap = cap, .len = PLT_FRAME_HEADER, .type = type};
    if (cap < PLT_FRAME_HEADER) b->full = true;
    if (cap > PLT_FRAME_HEADER + PLT_FRAME_MAX_PAYLOAD) b->cap = PLT_FRAME_HEADER + PLT_FRAME_MAX_PAYLOAD;
}

void plt_frame_bytes(plt_frame_builder *b, plt_tag tag, const void *data, size_t n)
{
    if (b->full || n > UINT16_MAX || b->cap - b->len < n + 4) {
        b->full = true;
        return;
    }
    put_le(b->out + b->len, (uint64_t)tag, 2);
    put_le(b->out + b->len + 2, n, 2);
    if (n) memcpy(b->out + b->len + 4, data, n);
    b->len += n + 4;
}

void plt_frame_u64(plt_frame_builder *b, plt_tag tag, uint64_t v)
{
    uint8_t le[8];
    put_le(le, v, sizeof le);
    plt_frame_bytes(b, tag, le, sizeof le);
}

void plt_frame_text(plt_frame_builder *b, plt_tag tag, const char *s)
{
    if (!s) return;
    size_t n = strlen(s);
    size_t keep = plt_utf8_cut(s, n, PLT_FIELD_MAX);
    plt_frame_bytes(b, tag, s, keep);
    if (keep < n) plt_frame_u64(b, PLT_T_TRUNCATED, (uint64_t)tag);
}

size_t plt_frame_end(plt_frame_builder *b)
{
    if (b->full) return 0;
    plt_frame_header(b->out, b->type, b->len - PLT_FRAME_HEADER);
    return b->len;
}

bool plt_field_next(const uint8_t *payload, size_t n, size_t *at, plt_field *out, bool *bad)
{
    if (*at >= n) return false;
    plt_cursor c = plt_cursor_make(payload + *at, n - *at);
    out->tag = plt_cursor_le16(&c);
    out->len = plt_cursor_le16(&c);
    out->data = plt_cursor_take(&c, out->len);
    if (c.bad) {
        *bad = true;
        return false;
    }
    *at = n - plt_cursor_left(&c);
    return true;
}

uint64_t plt_field_u64(const plt_field *f)
{
    if (f->len != 8) return 0;
    plt_cursor c = plt_cursor_make(f->data, 8);
    return plt_cursor_le64(&c);
}

void plt_field_str(const plt_field *f, char *out, size_t size)
{
    plt_utf8_copy(out, size, (const char *)f->data, f->len);
}
