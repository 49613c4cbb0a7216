/* SPDX-License-Identifier: Apache-2.0 */
/* Pixels to ink: tables for small pixels, loops for the usual ones, components one by one for the others. */
#include "core/pdl/raster_ink.h"

#include <string.h>

#define NONE 255

static const struct inks {
    raster_space space;
    uint8_t at[4], light[2];
} inks[] = {
    {RASTER_CMY, {0, 1, 2, NONE}, {NONE, NONE}}, {RASTER_YMC, {2, 1, 0, NONE}, {NONE, NONE}}, {RASTER_CMYK, {0, 1, 2, 3}, {NONE, NONE}},
    {RASTER_YMCK, {2, 1, 0, 3}, {NONE, NONE}},   {RASTER_KCMY, {1, 2, 3, 0}, {NONE, NONE}},   {RASTER_KCMYCM, {1, 2, 3, 0}, {4, 5}},
    {RASTER_RGB, {0, 1, 2, NONE}, {NONE, NONE}}, {RASTER_RGBW, {0, 1, 2, 3}, {NONE, NONE}},
};

static bool additive(raster_space s)
{
    return s == RASTER_GRAY || s == RASTER_RGB || s == RASTER_RGBW;
}

static plt_ink inked(const raster_pixels *p, const uint8_t *v)
{
    uint8_t c = v[p->at[0]], m = v[p->at[1]], y = v[p->at[2]], k = p->at[3] == NONE ? 0 : v[p->at[3]];
    if (p->light[0] != NONE && v[p->light[0]] > c) c = v[p->light[0]];
    if (p->light[1] != NONE && v[p->light[1]] > m) m = v[p->light[1]];
    return plt_ink_cmyk(c, m, y, k);
}

/* One pixel, its components scaled to 8 bits. */
static plt_ink pixel(const raster_pixels *p, const uint8_t *v)
{
    plt_ink ink;
    switch (p->space) {
    case RASTER_GRAY: return v[0] == 255 ? PLT_INK_BLANK : PLT_INK_MONO;
    case RASTER_BLACK: return v[0] ? PLT_INK_MONO : PLT_INK_BLANK;
    case RASTER_RGB: return plt_ink_rgb(v[0], v[1], v[2]);
    case RASTER_RGBW: ink = plt_ink_rgb(v[0], v[1], v[2]); return ink == PLT_INK_BLANK && v[3] + PLT_INK_ROUNDING < 255 ? PLT_INK_MONO : ink;
    case RASTER_INKS: return plt_ink_any_but(v, p->colors, 0) ? PLT_INK_UNKNOWN : PLT_INK_BLANK;
    case RASTER_UNSEEN: return PLT_INK_UNKNOWN;
    default: return inked(p, v);
    }
}

/* The components of the pixel that begins `first` bits into the bytes. */
static void components(const raster_pixels *p, const uint8_t *bytes, uint32_t first, uint8_t *v)
{
    uint32_t bit = first + p->pixel_bits - p->colors * p->bits; /* unused bits stand in front */
    for (uint32_t i = 0; i < p->colors; i++, bit += p->bits) {
        const uint8_t *b = bytes + bit / 8;
        if (p->bits == 16) {
            v[i] = b[p->little ? 1 : 0];
        } else {
            uint32_t most = (1u << p->bits) - 1;
            v[i] = (uint8_t)(((uint32_t)*b >> (8 - p->bits - bit % 8) & most) * 255 / most);
        }
    }
}

static plt_ink ink_of_byte(const raster_pixels *p, uint8_t byte)
{
    plt_ink ink = PLT_INK_BLANK;
    uint8_t v[RASTER_PIXEL_MAX] = {0};
    for (uint32_t bit = 0; bit < 8; bit += p->pixel_bits) {
        components(p, &byte, bit, v);
        ink = plt_ink_add(ink, pixel(p, v));
    }
    return ink;
}

static bool fits(const raster_pixels *p)
{
    bool bits = p->bits == 1 || p->bits == 2 || p->bits == 4 || p->bits == 8 || p->bits == 16;
    bool whole = p->pixel_bits == 1 || p->pixel_bits == 2 || p->pixel_bits == 4 || (p->pixel_bits && p->pixel_bits % 8 == 0);
    uint32_t n = p->order == RASTER_CHUNKY ? p->colors : 1;
    return bits && whole && p->colors && p->colors <= 15 && n * p->bits <= p->pixel_bits && p->pixel_bits <= RASTER_PIXEL_MAX * 8 - 8;
}

/* How many components the space needs. */
static uint32_t needed(const raster_pixels *p)
{
    uint32_t n = p->space == RASTER_RGB ? 3 : p->space == RASTER_RGBW ? 4 : 1;
    for (size_t i = 0; i < 4; i++)
        if (p->at[i] != NONE && p->at[i] >= n) n = p->at[i] + 1u;
    return p->light[1] != NONE ? 6 : n;
}

bool raster_pixels_set(raster_pixels *p)
{
    if (!fits(p)) return false;
    uint32_t key = (uint32_t)p->space << 24 | (uint32_t)p->order << 20 | p->colors << 16 | p->bits << 8 | p->pixel_bits;
    if (p->key == key) return true;
    memset(p->at, NONE, sizeof p->at);
    memset(p->light, NONE, sizeof p->light);
    for (size_t i = 0; i < sizeof inks / sizeof inks[0]; i++) {
        if (inks[i].space != p->space) continue;
        memcpy(p->at, inks[i].at, sizeof p->at);
        memcpy(p->light, inks[i].light, sizeof p->light);
    }
    p->key = 0;
    if (needed(p) > p->colors) return false;
    p->unit = (p->pixel_bits + 7) / 8;
    p->white = additive(p->space) ? 255 : 0;
    p->most = p->space == RASTER_GRAY || p->space == RASTER_BLACK ? PLT_INK_MONO : p->space == RASTER_UNSEEN ? PLT_INK_UNKNOWN : PLT_INK_COLOR;
    if (p->order == RASTER_CHUNKY && p->pixel_bits <= 8)
        for (uint32_t b = 0; b < 256; b++) p->by_byte[b] = (uint8_t)ink_of_byte(p, (uint8_t)b);
    p->key = key;
    return true;
}

static plt_ink small_pixels(const raster_pixels *p, const uint8_t *b, size_t n)
{
    if (!plt_ink_any_but(b, n, p->white)) return p->by_byte[p->white];
    plt_ink ink = PLT_INK_BLANK;
    for (size_t i = 0; i < n; i++) ink = plt_ink_add(ink, (plt_ink)p->by_byte[b[i]]);
    return ink;
}

static plt_ink rgb(const uint8_t *b, size_t n)
{
    uint32_t apart = 0, not_white = 0;
    for (size_t i = 0; i + 3 <= n; i += 3) {
        apart |= (uint32_t)(b[i] ^ b[i + 1]) | (uint32_t)(b[i] ^ b[i + 2]);
        not_white |= b[i] ^ 255u;
    }
    if (apart) return plt_ink_rgb_row(b, n); /* perhaps no more than rounding */
    return not_white ? PLT_INK_MONO : PLT_INK_BLANK;
}

plt_ink raster_ink(const raster_pixels *p, const uint8_t *b, size_t n)
{
    uint8_t v[RASTER_PIXEL_MAX] = {0};
    plt_ink ink = PLT_INK_BLANK;
    if (p->pixel_bits <= 8) return small_pixels(p, b, n);
    if (p->bits == 8 && p->space == RASTER_RGB && p->pixel_bits == 24) return rgb(b, n);
    if (p->bits == 8 && p->space == RASTER_CMYK && p->pixel_bits == 32) return plt_ink_cmyk_row(b, n);
    for (size_t i = 0; i + p->unit <= n && ink != p->most; i += p->unit) {
        components(p, b + i, 0, v);
        ink = plt_ink_add(ink, pixel(p, v));
    }
    return ink;
}

bool raster_inked(const raster_pixels *p, const uint8_t *b, size_t n)
{
    if (!plt_ink_any_but(b, n, p->white)) return false;
    if (p->bits != 8) return true;
    for (size_t i = 0; i < n; i++)
        if ((uint8_t)(b[i] ^ p->white) > PLT_INK_ROUNDING) return true;
    return false;
}

plt_ink raster_ink_of_planes(const raster_pixels *p, uint32_t inked)
{
    uint32_t tell = 0, have = 0;
    if (!inked) return PLT_INK_BLANK;
    if (p->space == RASTER_GRAY || p->space == RASTER_BLACK) return PLT_INK_MONO;
    if (p->space == RASTER_INKS || p->space == RASTER_UNSEEN) return PLT_INK_UNKNOWN;
    for (size_t i = 0; i < 3; i++, have++) tell += inked >> p->at[i] & 1;
    for (size_t i = 0; i < 2; i++)
        if (p->light[i] != NONE && inked >> p->light[i] & 1) return PLT_INK_COLOR;
    if (!tell) return PLT_INK_MONO;
    return tell < have ? PLT_INK_COLOR : PLT_INK_UNKNOWN; /* all three: grey of three inks, or colour */
}
