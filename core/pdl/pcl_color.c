/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Colour as PCL 5c sets it up (HP PCL 5 Color Technical Reference, chapters 2 and 3; ESC*g#W from the DeskJet references): of each index only
 * its ink is kept, white, grey or colour. A colour space whose values are not understood makes its inks unknown.
 */
#include "core/pdl/pcl_color.h"

#include <string.h>

enum { SPACE_RGB = 0, SPACE_CMY = 1, SPACE_CIE_RGB = 2 };
enum { BY_INDEX_PLANES = 0, BY_INDEX_PIXELS = 1, BY_PLANES = 2, BY_PIXELS = 3 };

#define ONE 10000

void pcl_color_reset(pcl_color *c)
{
    memset(c, 0, sizeof *c);
    memset(c->ink, PLT_INK_MONO, sizeof c->ink);
    c->ink[0] = PLT_INK_BLANK;
    c->fore = PLT_INK_MONO;
    c->bits = 1;
}

plt_ink pcl_color_seen(const pcl_color *c, plt_ink ink)
{
    if (!c->grey) return ink;
    return ink == PLT_INK_COLOR ? PLT_INK_MONO : ink == PLT_INK_UNKNOWN ? PLT_INK_PLAIN : ink;
}

plt_ink pcl_color_fore(const pcl_color *c)
{
    return c->white ? PLT_INK_BLANK : pcl_color_seen(c, c->fore);
}

/* The default palettes of eight: black and white at its ends, colours between; of four, of two likewise. */
static void default_palette(pcl_color *c, bool additive, unsigned bits)
{
    size_t last = bits == 0 ? 1 : bits < 3 ? ((size_t)1 << bits) - 1 : 7;
    memset(c->ink, PLT_INK_MONO, sizeof c->ink); /* beyond the eight: black */
    for (size_t i = 1; i < last; i++) c->ink[i] = PLT_INK_COLOR;
    c->ink[0] = additive ? PLT_INK_MONO : PLT_INK_BLANK;
    c->ink[last] = additive ? PLT_INK_BLANK : PLT_INK_MONO;
    if (bits == 1) c->ink[0] = PLT_INK_BLANK, c->ink[1] = PLT_INK_MONO; /* white comes first in either space */
    c->bits = (uint8_t)bits;
}

static void inks(pcl_layout *out, uint8_t black, uint8_t each, bool additive)
{
    *out = (pcl_layout){.kind = PCL_INKS, .planes = (uint8_t)(black + 3 * each), .black = black, .each = each, .additive = additive};
}

void pcl_color_simple(pcl_color *c, int32_t n, pcl_layout *out)
{
    c->simple = c->declared = true;
    if (n == 1 || n == -1) {
        default_palette(c, false, 1);
        *out = (pcl_layout){.kind = PCL_BITS, .planes = 1};
    } else if (n == 3 || n == -3) {
        default_palette(c, n > 0, 3);
        inks(out, 0, 1, n > 0);
    } else if (n == -4) { /* KCMY of DeskJets: rasters only */
        default_palette(c, false, 1);
        inks(out, 1, 1, false);
    } else {
        *out = (pcl_layout){.kind = PCL_STRANGE, .planes = 1};
        pcl_color_lose(c);
    }
}

static unsigned be16(const uint8_t *p)
{
    return (unsigned)p[0] << 8 | p[1];
}

/* Long forms say what is white and black in each component: only equal ones keep greys grey. */
static bool even_references(const uint8_t *p, size_t n)
{
    if (n < 18) return true;
    return be16(p + 6) == be16(p + 8) && be16(p + 8) == be16(p + 10) && be16(p + 12) == be16(p + 14) && be16(p + 14) == be16(p + 16);
}

static void data_layout(const pcl_color *c, const uint8_t *p, pcl_layout *out)
{
    bool additive = c->space != SPACE_CMY, known = c->space <= SPACE_CIE_RGB;
    *out = (pcl_layout){.kind = PCL_STRANGE, .planes = 1};
    if (c->encoding == BY_INDEX_PLANES && c->bits == 3)
        inks(out, 0, 1, additive); /* the default palette */
    else if (c->encoding == BY_INDEX_PLANES && c->bits >= 1 && c->bits <= 8)
        *out = (pcl_layout){.kind = PCL_INDEX_PLANES, .planes = c->bits};
    else if (c->encoding == BY_INDEX_PIXELS && (c->bits == 1 || c->bits == 2 || c->bits == 4 || c->bits == 8))
        *out = (pcl_layout){.kind = PCL_INDEX_PIXELS, .planes = 1, .bits = c->bits};
    else if (c->encoding == BY_PLANES && known && p[3] == 1 && p[4] == 1 && p[5] == 1)
        inks(out, 0, 1, additive);
    else if (c->encoding == BY_PIXELS && known && p[3] == 8 && p[4] == 8 && p[5] == 8)
        *out = (pcl_layout){.kind = PCL_DIRECT_PIXELS, .planes = 1, .additive = additive};
}

void pcl_color_data(pcl_color *c, const uint8_t *p, size_t n, pcl_layout *out)
{
    *out = (pcl_layout){.kind = PCL_STRANGE, .planes = 1};
    c->declared = true;
    c->simple = false;
    if (n < 6) {
        pcl_color_lose(c);
        return;
    }
    c->space = p[0];
    c->encoding = p[1];
    for (size_t i = 0; i < 3; i++) {
        c->top[i] = p[3 + i] && p[3 + i] <= 16 ? (1u << p[3 + i]) - 1 : 255;
        c->part[i] = 0;
    }
    default_palette(c, c->space != SPACE_CMY, p[2] && p[2] <= 8 ? p[2] : 8);
    data_layout(c, p, out);
    if (c->space > SPACE_CIE_RGB || !even_references(p, n)) {
        pcl_color_lose(c);
        out->kind = PCL_STRANGE;
    }
}

/* Format 2: for each ink its resolutions and levels. Black, then three inks; or one alone. */
static void inks_of_levels(const uint8_t *p, size_t n, pcl_layout *out)
{
    unsigned many = p[1], rows[4] = {0}, planes[4] = {0};
    if ((many != 1 && many != 3 && many != 4) || n < 2 + 6u * many) return;
    unsigned low = be16(p + 4);
    for (size_t i = 0; i < many; i++)
        if (be16(p + 4 + i * 6) < low) low = be16(p + 4 + i * 6);
    for (size_t i = 0; i < many; i++) {
        unsigned levels = be16(p + 6 + i * 6);
        rows[i] = low ? be16(p + 4 + i * 6) / low : 0;
        planes[i] = rows[i] * (levels <= 2 ? 1 : levels <= 4 ? 2 : 9);
        if (!planes[i] || planes[i] > 4) return;
    }
    if (many == 1) {
        if (planes[0] == 1) *out = (pcl_layout){.kind = PCL_BITS, .planes = 1};
        return;
    }
    size_t first = many - 3;
    if (planes[first] != planes[first + 1] || planes[first] != planes[first + 2] || planes[first] > 2) return;
    inks(out, (uint8_t)(first ? planes[0] : 0), (uint8_t)planes[first], false);
    out->dpi = (uint16_t)be16(p + 2 + first * 6);
}

/* Format 6: for each part its resolutions, method, order, bits a pixel and planes. Black of one bit, then pixels of three bytes; or one alone. */
static void parts_of_pixels(const uint8_t *p, size_t n, pcl_layout *out)
{
    pcl_layout l = {.own_methods = true, .additive = true};
    unsigned many = n >= 4 ? be16(p + 2) : 0;
    if (many < 1 || many > 2 || n < 4 + 8u * many) return;
    for (size_t i = 0; i < many; i++) {
        const uint8_t *part = p + 4 + 8 * i;
        bool color = part[6] == 32 || part[6] == 24, black = part[6] == 1;
        if ((!color && !black) || part[7] != 1 || (many == 2 && color != (i == 1))) return;
        l.method[i] = part[4];
        l.kind = color ? PCL_DIRECT_PIXELS : PCL_BITS;
    }
    l.planes = (uint8_t)many;
    l.black = (uint8_t)(many - 1);
    *out = l;
}

void pcl_color_configure(const uint8_t *p, size_t n, pcl_layout *out)
{
    *out = (pcl_layout){.kind = PCL_STRANGE, .planes = 1};
    if (n < 2) return;
    if (p[0] == 2) inks_of_levels(p, n, out);
    if (p[0] == 6) parts_of_pixels(p, n, out);
}

static uint8_t component(const pcl_color *c, size_t i)
{
    int64_t top = (int64_t)(c->top[i] ? c->top[i] : 255) * ONE, v = c->part[i];
    v = v < 0 ? 0 : v > top ? top : v;
    v = v * 255 / top;
    return (uint8_t)(c->space == SPACE_CMY ? 255 - v : v);
}

static bool assign(pcl_color *c, int64_t index)
{
    bool fits = index >= 0 && index < (int64_t)1 << c->bits;
    if (fits && !c->simple) {
        bool known = c->space <= SPACE_CIE_RGB;
        c->ink[index] = (uint8_t)(known ? plt_ink_rgb(component(c, 0), component(c, 1), component(c, 2)) : PLT_INK_UNKNOWN);
    }
    c->part[0] = c->part[1] = c->part[2] = 0;
    return fits && !c->simple;
}

bool pcl_color_command(pcl_color *c, char upper, int64_t value)
{
    int64_t n = value / ONE;
    switch (upper) {
    case 'A':
    case 'B':
    case 'C': c->part[upper - 'A'] = value; return false;
    case 'I': return assign(c, n);
    case 'S':
        if (n >= 0) c->fore = (plt_ink)c->ink[n % ((int64_t)1 << c->bits)];
        return false;
    case 'T': c->white = n == 1; return false;
    default: return false;
    }
}

void pcl_color_stack(pcl_color *c, int32_t what)
{
    if (what == 0) {
        if (c->depth < PCL_PALETTES) {
            memcpy(c->saved[c->depth], c->ink, sizeof c->ink);
            c->saved_bits[c->depth] = c->bits;
        }
        if (c->depth < SIZE_MAX) c->depth++;
    } else if (what == 1 && c->depth) {
        c->depth--;
        if (c->depth >= PCL_PALETTES) {
            pcl_color_lose(c);
            return;
        }
        memcpy(c->ink, c->saved[c->depth], sizeof c->ink);
        c->bits = c->saved_bits[c->depth];
    }
}

void pcl_color_repaint(pcl_layout *layout)
{
    if (layout->kind == PCL_INKS && !layout->black && layout->each == 1) layout->kind = PCL_INDEX_PLANES;
}

void pcl_color_lose(pcl_color *c)
{
    memset(c->ink, PLT_INK_UNKNOWN, sizeof c->ink);
}
