/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The rows of PCL XL images and raster patterns: raw, run lengths, delta rows and JPEG, looked at one row at a time. It stops looking as soon as the
 * answer cannot change, and never keeps more than one row.
 */
#include "core/pdl/pclxl.h"

#include <string.h>

enum { RUN_CONTROL, RUN_LITERAL, RUN_REPEAT };
enum { DELTA_LOW, DELTA_HIGH, DELTA_COMMAND, DELTA_OFFSET, DELTA_BYTES };

#define SPACE_GRAY 1
#define SPACE_RGB 2
#define SPACE_SRGB 6
#define ROW_MAX (256u << 10) /* 65,535 pixels of three bytes fit */

static int attr(const xl_page *p, uint8_t id, int otherwise)
{
    double v = p->attr[id].x;
    return p->attr[id].set && v >= 0 && v < 1e9 ? (int)v : otherwise;
}

static uint8_t parts_of(uint8_t space)
{
    return space == SPACE_GRAY ? 1 : space == SPACE_RGB || space == SPACE_SRGB ? 3 : 0;
}

void xl_image_begin(xl_page *p)
{
    static const uint8_t bits[] = {1, 4, 8};
    xl_image *m = &p->image;
    uint8_t *row = m->row;
    size_t cap = m->row_cap;
    plt_jpeg *jpeg = m->jpeg;
    int depth = attr(p, XL_COLOR_DEPTH, -1), mapping = attr(p, XL_COLOR_MAPPING, -1);
    memset(m, 0, sizeof *m);
    m->row = row;
    m->row_cap = cap;
    m->jpeg = jpeg;
    m->ink = PLT_INK_BLANK;
    m->indexed = mapping == 1;
    m->bits = depth >= 0 && depth < 3 ? bits[depth] : 0;
    m->parts = m->indexed ? 1 : parts_of(p->gs.space);
    m->width = (uint32_t)attr(p, XL_SOURCE_WIDTH, 0) & 0xFFFF;
    m->row_bytes = ((uint64_t)m->width * m->parts * m->bits + 7) / 8;
    bool palette = p->gs.palette && p->gs.palette == p->palette_id;
    m->known = m->bits && m->parts && m->width && (mapping == 0 || (m->indexed && palette));
}

/* Nothing more can change it. */
static bool settled(const xl_page *p)
{
    const xl_image *m = &p->image;
    if (p->count_only || m->ink == PLT_INK_COLOR || m->ink == PLT_INK_UNKNOWN) return true;
    if (!p->in_pattern && p->ink == PLT_INK_COLOR) return true;
    return m->ink == PLT_INK_MONO && !m->indexed && m->parts == 1;
}

void xl_image_block(xl_page *p)
{
    xl_image *m = &p->image;
    int pad = attr(p, XL_PAD, 4);
    if (pad < 1 || pad > 256) pad = 4;
    m->method = (uint8_t)attr(p, XL_COMPRESS, 0);
    m->padded = (uint32_t)((m->row_bytes + (uint64_t)pad - 1) / (uint64_t)pad * (uint64_t)pad);
    m->at = m->left = 0;
    m->hole = m->dirty = 0;
    m->any_row = false;
    m->phase = 0;
    if (settled(p)) return;
    if (m->method == METHOD_JPEG) {
        if (!m->jpeg) m->jpeg = plt_jpeg_make(p->host);
        if (m->jpeg) plt_jpeg_begin(m->jpeg);
        if (!m->jpeg) m->ink = PLT_INK_UNKNOWN;
        return;
    }
    if (m->known && m->padded <= ROW_MAX && m->method <= METHOD_DELTA && m->row_cap < m->padded) {
        uint8_t *row = plt_pdl_resize(p->host, m->row, m->padded);
        if (row) {
            m->row = row;
            m->row_cap = m->padded;
        }
    }
    bool able = m->known && m->method <= METHOD_DELTA && m->row_cap >= m->padded && m->padded;
    if (!able) m->ink = PLT_INK_UNKNOWN;
    if (able) memset(m->row, 0, m->padded);
}

bool xl_image_wants(const xl_page *p)
{
    return p->in_image && !settled(p);
}

/* ---- what is in a row ---- */

static unsigned sample(const uint8_t *row, uint32_t at, unsigned bits)
{
    if (bits == 8) return row[at];
    if (bits == 4) return row[at / 2] >> (at % 2 ? 0 : 4) & 15;
    return row[at / 8] >> (7 - at % 8) & 1;
}

static void mark_used(xl_image *m, const uint8_t *row)
{
    if (m->bits == 8) {
        for (uint32_t i = 0; i < m->width; i++) m->used[row[i]] = true;
        return;
    }
    for (uint32_t i = 0; i < m->width; i++) m->used[sample(row, i, m->bits)] = true;
}

static plt_ink small_row(const xl_image *m, const uint8_t *row)
{
    unsigned full = (1u << m->bits) - 1;
    plt_ink ink = PLT_INK_BLANK;
    for (uint32_t i = 0; i < m->width; i++) {
        uint8_t c[3];
        for (uint32_t k = 0; k < 3; k++) c[k] = (uint8_t)(sample(row, m->parts == 3 ? i * 3 + k : i, m->bits) * 255 / full);
        ink = plt_ink_add(ink, plt_ink_rgb(c[0], c[1], c[2]));
        if (ink == PLT_INK_COLOR) break;
    }
    return ink;
}

static void look(xl_page *p, const uint8_t *row)
{
    xl_image *m = &p->image;
    size_t n = (size_t)m->row_bytes;
    if (m->indexed)
        mark_used(m, row);
    else if (m->bits == 8 && m->parts == 3)
        m->ink = plt_ink_add(m->ink, plt_ink_rgb_row(row, n));
    else if (!plt_ink_any_but(row, n, 0xFF))
        return; /* white in every depth */
    else if (m->bits == 8)
        m->ink = PLT_INK_MONO;
    else
        m->ink = plt_ink_add(m->ink, small_row(m, row));
}

static void row_done(xl_page *p)
{
    look(p, p->image.row);
    p->image.at = 0;
}

/* ---- the three codings ---- */

/* Puts n bytes (or one n times) where rows are made. */
static void put(xl_page *p, const uint8_t *b, size_t n, int repeated)
{
    xl_image *m = &p->image;
    while (n) {
        size_t step = m->padded - m->at < n ? m->padded - m->at : n;
        if (repeated >= 0)
            memset(m->row + m->at, repeated, step);
        else
            memcpy(m->row + m->at, b, step);
        if (repeated < 0) b += step;
        m->at += step;
        n -= step;
        if (m->at == m->padded) row_done(p);
    }
}

static void raw(xl_page *p, const uint8_t *b, size_t n)
{
    xl_image *m = &p->image;
    size_t i = 0;
    if (m->at) {
        i = m->padded - m->at < n ? m->padded - m->at : n;
        put(p, b, i, -1);
    }
    for (; n - i >= m->padded && !settled(p); i += m->padded) look(p, b + i);
    if (!settled(p)) put(p, b + i, n - i, -1);
}

static void run_lengths(xl_page *p, const uint8_t *b, size_t n)
{
    xl_image *m = &p->image;
    for (size_t i = 0; i < n;) {
        if (m->phase == RUN_CONTROL) {
            uint8_t c = b[i++];
            if (c == 128) continue;
            m->left = c < 128 ? c + 1u : 257u - c;
            m->phase = c < 128 ? RUN_LITERAL : RUN_REPEAT;
        } else if (m->phase == RUN_REPEAT) {
            put(p, NULL, m->left, b[i++]);
            m->phase = RUN_CONTROL;
        } else {
            size_t step = m->left < n - i ? m->left : n - i;
            put(p, b + i, step, -1);
            i += step;
            m->left -= (uint32_t)step;
            if (!m->left) m->phase = RUN_CONTROL;
        }
    }
}

/* Looks at the replaced bytes from `dirty` to `hole` with the whole pixels that they are in: the others are as in the row before. */
static void look_at_change(xl_page *p)
{
    xl_image *m = &p->image;
    size_t from = m->dirty / 3 * 3, to = (m->hole + 2) / 3 * 3;
    if (to > m->row_bytes) to = (size_t)m->row_bytes;
    if (from < to) m->ink = plt_ink_add(m->ink, plt_ink_rgb_row(m->row + from, to - from));
    m->dirty = m->hole;
}

static bool by_change(const xl_image *m)
{
    return m->bits == 8 && m->parts == 3 && m->any_row;
}

static void delta_row_end(xl_page *p)
{
    xl_image *m = &p->image;
    if (by_change(m))
        look_at_change(p);
    else
        look(p, m->row);
    m->any_row = true;
    m->phase = DELTA_LOW;
}

/* A command: how many bytes (1 to 8) are replaced how far behind those before. */
static void delta_command(xl_page *p, uint8_t c)
{
    xl_image *m = &p->image;
    m->repeat = (uint8_t)((c >> 5) + 1);
    m->phase = (c & 31) == 31 ? DELTA_OFFSET : DELTA_BYTES;
    if (c & 31 && by_change(m)) {
        /* Up to the next pixel's first byte it may belong to the pixel that comes. */
        if ((c & 31) > 2) look_at_change(p);
        if ((c & 31) > 2) m->dirty = m->hole + (c & 31);
    }
    m->hole += c & 31;
}

/* One byte of a row's count or of a command. */
static void delta_byte(xl_page *p, uint8_t c)
{
    xl_image *m = &p->image;
    if (m->phase == DELTA_LOW) {
        m->left = c;
        m->phase = DELTA_HIGH;
        return;
    }
    if (m->phase == DELTA_HIGH) {
        m->left |= (uint32_t)c << 8;
        m->hole = m->dirty = 0;
        m->phase = DELTA_COMMAND;
        if (!m->left) delta_row_end(p);
        return;
    }
    if (m->phase == DELTA_COMMAND) {
        delta_command(p, c);
    } else { /* DELTA_OFFSET */
        m->hole += c;
        m->dirty = m->hole;
        if (c != 255) m->phase = DELTA_BYTES;
    }
    if (!--m->left) delta_row_end(p);
}

static void delta_rows(xl_page *p, const uint8_t *b, size_t n)
{
    xl_image *m = &p->image;
    for (size_t i = 0; i < n && !settled(p);) {
        if (m->phase != DELTA_BYTES) {
            delta_byte(p, b[i++]);
            continue;
        }
        size_t step = m->repeat;
        if (step > n - i) step = n - i;
        if (step > m->left) step = m->left;
        if (m->hole < m->padded) memcpy(m->row + m->hole, b + i, step < m->padded - m->hole ? step : m->padded - m->hole);
        m->hole += step;
        i += step;
        m->repeat = (uint8_t)(m->repeat - step);
        m->left -= (uint32_t)step;
        if (!m->repeat) m->phase = DELTA_COMMAND;
        if (!m->left) delta_row_end(p);
    }
}

void xl_image_data(xl_page *p, const uint8_t *b, size_t n, bool little)
{
    xl_image *m = &p->image;
    (void)little; /* counts of delta rows are little-endian in both bindings */
    if (m->method == METHOD_JPEG) {
        plt_jpeg_feed(m->jpeg, b, n);
    } else if (settled(p)) {
        return;
    } else if (m->method == METHOD_RAW) {
        raw(p, b, n);
    } else if (m->method == METHOD_RLE) {
        run_lengths(p, b, n);
    } else {
        delta_rows(p, b, n);
    }
}

void xl_image_block_end(xl_page *p)
{
    xl_image *m = &p->image;
    if (m->method == METHOD_JPEG && m->jpeg) m->ink = plt_ink_add(m->ink, plt_jpeg_end(m->jpeg));
}

static plt_ink palette_ink(const xl_page *p, unsigned index)
{
    size_t parts = parts_of(p->gs.space);
    if (!parts || (index + 1) * parts > p->palette_n) return PLT_INK_UNKNOWN;
    const uint8_t *c = p->palette + index * parts;
    return parts == 3 ? plt_ink_rgb(c[0], c[1], c[2]) : plt_ink_rgb(c[0], c[0], c[0]);
}

plt_ink xl_image_ink(const xl_page *p)
{
    const xl_image *m = &p->image;
    plt_ink ink = m->ink;
    for (unsigned i = 0; i < 256 && m->indexed; i++)
        if (m->used[i]) ink = plt_ink_add(ink, palette_ink(p, i));
    return ink;
}
