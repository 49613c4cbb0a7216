/* SPDX-License-Identifier: Apache-2.0 */
/*
 * PNG (ISO/IEC 15948): chunks, inflated image data, rows unfiltered against the row above, pixels looked at. Grey types are grey without
 * a look, a palette without a coloured entry too. Memory: two rows, with a limit. Interlaced pictures are seven smaller ones.
 */
#include "core/pdl/png.h"

#include <stdlib.h>
#include <string.h>

#include "core/pdl/inflate.h"

#define ROW_MAX (1u << 18)
#define SIGN_SIZE 8

enum { P_SIGN, P_HEAD, P_BODY, P_CHECK, P_DONE };
enum { GREY = 0, RGB = 2, PALETTE = 3, GREY_ALPHA = 4, RGB_ALPHA = 6 };

struct plt_png {
    plt_pdl_host *host;
    plt_inflate *inflate;
    uint8_t state;
    uint8_t head[SIGN_SIZE];
    uint32_t have, left, at;
    uint8_t header[13];
    uint8_t palette[768];
    bool open, broken, data_ended, ended, colored_palette;
    uint8_t depth, type, interlace, pass, pixel_bytes;
    uint32_t width, height, row_bytes, row_have, rows_left, row_room, row_pixels;
    uint8_t filter;
    uint8_t *row, *above; /* with one pixel of zeros in front */
    plt_ink ink;
};

plt_png *plt_png_make(plt_pdl_host *h)
{
    plt_png *g = plt_pdl_alloc(h, sizeof *g);
    if (g) g->host = h;
    return g;
}

void plt_png_begin(plt_png *g)
{
    plt_png old = *g;
    *g = (plt_png){.host = old.host, .inflate = old.inflate, .row = old.row, .above = old.above, .row_room = old.row_room, .ink = PLT_INK_BLANK};
}

static uint32_t be32(const uint8_t *p)
{
    return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

/* ---- rows ---- */

/* Adam7: first column, row, and steps of the seven passes. */
static const uint8_t adam[7][4] = {{0, 0, 8, 8}, {4, 0, 8, 8}, {0, 4, 4, 8}, {2, 0, 4, 4}, {0, 2, 2, 4}, {1, 0, 2, 2}, {0, 1, 1, 2}};

static uint32_t steps(uint32_t size, uint32_t first, uint32_t step)
{
    return size > first ? (size - first + step - 1) / step : 0;
}

static uint32_t samples(uint8_t type)
{
    return type == RGB ? 3 : type == RGB_ALPHA ? 4 : type == GREY_ALPHA ? 2 : 1;
}

static void pass_begin(plt_png *g)
{
    uint32_t width = g->width;
    g->rows_left = g->height;
    for (; g->interlace && g->pass < 7; g->pass++) {
        width = steps(g->width, adam[g->pass][0], adam[g->pass][2]);
        g->rows_left = steps(g->height, adam[g->pass][1], adam[g->pass][3]);
        if (width && g->rows_left) break;
        g->rows_left = 0;
    }
    g->row_pixels = width;
    g->row_bytes = (uint32_t)(((uint64_t)width * samples(g->type) * g->depth + 7) / 8);
    g->row_have = 0;
    memset(g->above, 0, g->row_bytes + 8);
}

static bool rows_begin(plt_png *g)
{
    uint64_t bits = (uint64_t)g->width * samples(g->type) * g->depth;
    if ((bits + 7) / 8 > ROW_MAX) return false;
    uint32_t need = (uint32_t)((bits + 7) / 8) + 8;
    if (need > g->row_room) {
        uint8_t *row = plt_pdl_resize(g->host, g->row, need);
        if (row) g->row = row;
        uint8_t *above = row ? plt_pdl_resize(g->host, g->above, need) : NULL;
        if (!above) return false;
        g->above = above;
        g->row_room = need;
    }
    g->pixel_bytes = (uint8_t)((samples(g->type) * g->depth + 7) / 8);
    if (!g->inflate)
        g->inflate = plt_inflate_make(g->host, PLT_ZLIB);
    else
        plt_inflate_reset(g->inflate, PLT_ZLIB);
    if (!g->inflate) return false;
    memset(g->row, 0, need);
    pass_begin(g);
    return true;
}

static uint8_t paeth(int a, int b, int c)
{
    int p = a + b - c, pa = abs(p - a), pb = abs(p - b), pc = abs(p - c);
    return (uint8_t)(pa <= pb && pa <= pc ? a : pb <= pc ? b : c);
}

static void unfilter(plt_png *g)
{
    uint8_t *row = g->row + 8, *up = g->above + 8;
    ptrdiff_t back = g->pixel_bytes;
    for (ptrdiff_t i = 0; i < (ptrdiff_t)g->row_bytes; i++) {
        uint8_t a = i < back ? 0 : row[i - back], c = i < back ? 0 : up[i - back], add = 0;
        switch (g->filter) {
        case 0: return;
        case 1: add = a; break;
        case 2: add = up[i]; break;
        case 3: add = (uint8_t)((a + up[i]) / 2); break;
        case 4: add = paeth(a, up[i], c); break;
        default: g->broken = true; return;
        }
        row[i] = (uint8_t)(row[i] + add);
    }
}

/* Palette entries, or greys of fewer than 8 bits. */
static plt_ink packed(const plt_png *g, const uint8_t *row)
{
    plt_ink ink = PLT_INK_BLANK;
    uint32_t per = 8u / g->depth, mask = (1u << g->depth) - 1;
    for (uint32_t i = 0; i < g->row_pixels && ink != PLT_INK_COLOR; i++) {
        uint32_t v = row[i / per] >> (8 - g->depth * (i % per + 1)) & mask;
        const uint8_t *c = g->palette + 3 * (size_t)v;
        ink = plt_ink_add(ink, g->type == GREY ? (v == mask ? PLT_INK_BLANK : PLT_INK_MONO) : plt_ink_rgb(c[0], c[1], c[2]));
    }
    return ink;
}

/* Transparent pixels paint nothing. 16 bits: by the upper byte. */
static plt_ink direct(const plt_png *g, const uint8_t *row)
{
    uint32_t b = g->depth / 8, n = samples(g->type), step = n * b;
    bool alpha = g->type == RGB_ALPHA || g->type == GREY_ALPHA;
    plt_ink ink = PLT_INK_BLANK;
    for (uint32_t i = 0; i + step <= g->row_bytes && ink != PLT_INK_COLOR; i += step) {
        const uint8_t *p = row + i;
        if (alpha && !plt_ink_any_but(p + (n - 1) * b, b, 0)) continue;
        ink = plt_ink_add(ink, n < 3 ? plt_ink_rgb(*p, *p, *p) : plt_ink_rgb(p[0], p[b], p[2 * b]));
    }
    return ink;
}

static void row_end(plt_png *g)
{
    const uint8_t *row = g->row + 8;
    unfilter(g);
    if (g->ink != PLT_INK_COLOR) {
        bool rgb = g->type == RGB && g->depth == 8;
        plt_ink ink = g->type == PALETTE || g->depth < 8 ? packed(g, row) : rgb ? plt_ink_rgb_row(row, g->row_bytes) : direct(g, row);
        g->ink = plt_ink_add(g->ink, ink);
    }
    uint8_t *swap = g->row;
    g->row = g->above;
    g->above = swap;
    g->row_have = 0;
    if (--g->rows_left || !g->interlace || g->pass >= 6) return;
    g->pass++;
    pass_begin(g);
}

static bool unpacked(void *ctx, const uint8_t *p, size_t n)
{
    plt_png *g = ctx;
    while (n && g->rows_left && !g->broken) {
        if (!g->row_have) {
            g->filter = *p++;
            n--;
            g->row_have = 1;
            continue;
        }
        size_t take = g->row_bytes + 1 - g->row_have;
        if (take > n) take = n;
        memcpy(g->row + 8 + g->row_have - 1, p, take);
        g->row_have += (uint32_t)take;
        p += take, n -= take;
        if (g->row_have == g->row_bytes + 1) row_end(g);
    }
    return !g->broken;
}

/* ---- chunks ---- */

static void header(plt_png *g)
{
    const uint8_t *p = g->header;
    g->width = be32(p);
    g->height = be32(p + 4);
    g->depth = p[8];
    g->type = p[9];
    g->interlace = p[12];
    bool small = g->depth == 1 || g->depth == 2 || g->depth == 4, deep = g->depth == 8 || g->depth == 16;
    bool type = g->type == GREY      ? small || deep
                : g->type == PALETTE ? small || g->depth == 8
                                     : deep && (g->type == RGB || g->type == GREY_ALPHA || g->type == RGB_ALPHA);
    if (!g->width || !g->height || g->width >> 31 || !type || g->interlace > 1) g->broken = true;
    if (!g->broken) g->open = rows_begin(g);
}

static bool is_chunk(const plt_png *g, const char *name)
{
    return !memcmp(g->head + 4, name, 4);
}

static void image_data(plt_png *g, const uint8_t *p, size_t n)
{
    size_t took;
    bool idle = !g->open || g->broken || g->data_ended || g->ink == PLT_INK_COLOR || plt_pdl_count_only(g->host);
    if (idle) return;
    plt_inflate_status s = plt_inflate_feed(g->inflate, p, n, &took, unpacked, g);
    if (s == PLT_INFLATE_END) g->data_ended = true;
    if (s == PLT_INFLATE_BAD || s == PLT_INFLATE_STOP) {
        g->data_ended = true;
        if (g->rows_left) g->broken = true; /* else only the check sum is wrong */
    }
}

static size_t body(plt_png *g, const uint8_t *p, size_t n)
{
    size_t take = n < g->left ? n : g->left;
    if (is_chunk(g, "IDAT")) image_data(g, p, take);
    for (size_t i = 0; i < take && g->at + i < sizeof g->palette; i++) {
        if (is_chunk(g, "PLTE")) g->palette[g->at + i] = p[i];
        if (is_chunk(g, "IHDR") && g->at + i < sizeof g->header) g->header[g->at + i] = p[i];
    }
    g->at += (uint32_t)take;
    g->left -= (uint32_t)take;
    return take;
}

static void chunk_end(plt_png *g)
{
    if (is_chunk(g, "IHDR") && g->at >= sizeof g->header && !g->open) header(g);
    g->have = 0;
    g->state = P_HEAD;
    if (is_chunk(g, "IEND")) {
        g->ended = true;
        g->state = P_DONE;
    }
}

size_t plt_png_feed(plt_png *g, const uint8_t *p, size_t n)
{
    size_t i = 0;
    while (i < n && g->state != P_DONE) {
        if (g->state == P_BODY && g->left) {
            i += body(g, p + i, n - i);
            continue;
        }
        if (g->state == P_BODY) {
            g->state = P_CHECK;
            g->have = 0;
        }
        if (g->state == P_CHECK) {
            i++;
            if (++g->have == 4) chunk_end(g);
            continue;
        }
        g->head[g->have++] = p[i++];
        if (g->have < SIGN_SIZE) continue;
        if (g->state == P_SIGN) {
            g->state = P_HEAD;
            g->have = 0;
            continue;
        }
        g->left = be32(g->head);
        g->at = 0;
        g->state = P_BODY;
    }
    return i;
}

bool plt_png_ended(const plt_png *g)
{
    return g->ended;
}

plt_ink plt_png_end(const plt_png *g)
{
    if (g->ink == PLT_INK_COLOR) return PLT_INK_COLOR;
    if (!g->open || g->broken || g->rows_left) return PLT_INK_UNKNOWN;
    return g->ink;
}
