/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Signs of colour: a run of columns that one ink fills and another leaves empty, longer than a cell of a halftone screen; and a tile or an area
 * where one ink has far fewer dots than another. Dithered grey has neither: its inks have even shares wherever the area is larger than a few
 * cells. Between clearly even and clearly uneven the answer is that it cannot be told. The numbers come from black and grey text, grey ramps,
 * pale and dark colours through the drivers named in docs/page-languages/pcl.md.
 */
#include "core/pdl/pcl_balance.h"

#include <string.h>

#define TILE_ROWS 64
#define AREA_TILES 4
/* A run: 1/30 inch, within these. */
#define RUN_MIN 6u
#define RUN_MAX 32u
/* A tile is colour when an ink has a quarter of another's dots or less, and so many fewer. Grey: down to a third. */
#define TILE_APART 128
/* An area is colour at 55 of 100 (grey: down to 65), even from 93 of 100 on or when it is nearly empty. */
#define AREA_DOTS 400
#define AREA_COLOR 55
#define AREA_EVEN 93
#define AREA_APART 48

/* Up to 64 columns, the leftmost in the highest bit. */
static uint64_t word(const uint8_t *p, size_t n)
{
    uint64_t v = 0;
    if (n == 8) { /* written out, compilers make one load of it */
        return (uint64_t)p[0] << 56 | (uint64_t)p[1] << 48 | (uint64_t)p[2] << 40 | (uint64_t)p[3] << 32 | (uint64_t)p[4] << 24 |
               (uint64_t)p[5] << 16 | (uint64_t)p[6] << 8 | p[7];
    }
    for (size_t i = 0; i < n; i++) v |= (uint64_t)p[i] << (56 - 8 * i);
    return v;
}

static unsigned dots(uint64_t v)
{
    v -= v >> 1 & 0x5555555555555555u;
    v = (v & 0x3333333333333333u) + (v >> 2 & 0x3333333333333333u);
    v = (v + (v >> 4)) & 0x0F0F0F0F0F0F0F0Fu;
    return (unsigned)(v * 0x0101010101010101u >> 56);
}

/* Are there n set bits side by side? n from 1 to 64. */
static bool has_run(uint64_t v, unsigned n)
{
    unsigned k = 1;
    for (; v && k * 2 <= n; k *= 2) v &= v << k;
    return k < n ? (v & v << (n - k)) != 0 : v != 0;
}

static void range(uint32_t a, uint32_t b, uint32_t c, uint32_t *lo, uint32_t *hi)
{
    *lo = a < b ? a : b;
    *hi = a > b ? a : b;
    if (c < *lo) *lo = c;
    if (c > *hi) *hi = c;
}

static plt_ink judge_area(const uint32_t area[3])
{
    uint32_t lo, hi;
    range(area[0], area[1], area[2], &lo, &hi);
    if (!hi) return PLT_INK_BLANK;
    if (hi >= AREA_DOTS && lo * 100 <= hi * AREA_COLOR) return PLT_INK_COLOR;
    /* Few dots: shares that are about even are grey. A small coloured mark has dots of one ink and hardly any of another. */
    bool even = hi - lo <= AREA_APART ? lo * 2 >= hi : lo * 100 >= hi * AREA_EVEN;
    return even ? PLT_INK_MONO : PLT_INK_UNKNOWN;
}

static void end_areas(pcl_balance *b)
{
    for (size_t i = 0; i * AREA_TILES < b->n; i++) {
        b->areas_found = plt_ink_add(b->areas_found, judge_area(b->areas[i]));
        memset(b->areas[i], 0, sizeof b->areas[i]);
    }
    b->tile_rows = 0;
}

static void end_tiles(pcl_balance *b)
{
    for (size_t i = 0; i < b->n; i++) {
        uint16_t *tile = b->tiles[i];
        uint32_t lo, hi;
        range(tile[0], tile[1], tile[2], &lo, &hi);
        if (hi - lo >= TILE_APART && lo * 4 <= hi) b->color = true;
        for (size_t k = 0; k < 3; k++) b->areas[i / AREA_TILES][k] += tile[k];
        memset(tile, 0, sizeof b->tiles[i]);
    }
    b->rows = 0;
    if (++b->tile_rows == AREA_TILES) end_areas(b);
}

/* Are the inks alike in these n bytes? */
static bool alike(const pcl_inks *inks, size_t at, size_t n)
{
    uint64_t a, b;
    for (size_t k = 0; k < 2 * inks->each && n == 8; k++) {
        memcpy(&a, inks->planes[k] + at, 8);
        memcpy(&b, inks->planes[k + inks->each] + at, 8);
        if (a != b) return false;
    }
    for (size_t k = 0; k < 2 * inks->each && n < 8; k++)
        if (memcmp(inks->planes[k] + at, inks->planes[k + inks->each] + at, n) != 0) return false;
    return true;
}

/* Adds one tile's part of a row. True when a run in it makes it colour. */
static bool tile_row(uint16_t tile[3], const pcl_inks *inks, size_t at, unsigned run, unsigned times)
{
    size_t columns = inks->columns - at * 8, n = columns < 64 ? (columns + 7) / 8 : 8;
    uint64_t any[3] = {0, 0, 0}, flip = inks->additive ? UINT64_MAX : 0, used = columns < 64 ? ~(UINT64_MAX >> columns) : UINT64_MAX;
    for (size_t i = 0; i < 3; i++) {
        unsigned sum = 0;
        for (size_t k = 0; k < inks->each; k++) {
            uint64_t v = (word(inks->planes[i * inks->each + k] + at, n) ^ flip) & used;
            any[i] |= v;
            sum += dots(v) << k;
        }
        tile[i] = (uint16_t)(tile[i] + sum * times);
    }
    /* The first questions are asked only to save the others. */
    if (!has_run((any[0] | any[1] | any[2]) & ~(any[0] & any[1] & any[2]), run)) return false;
    for (size_t i = 0; i < 3; i++) {
        uint64_t b = ~any[(i + 1) % 3], c = ~any[(i + 2) % 3];
        if (has_run(any[i] & (b | c), run) && (has_run(any[i] & b, run) || has_run(any[i] & c, run))) return true;
    }
    return false;
}

bool pcl_balance_row(pcl_balance *b, const pcl_inks *inks, size_t times)
{
    unsigned run = b->dpi / 30 < RUN_MIN ? RUN_MIN : b->dpi / 30 > RUN_MAX ? RUN_MAX : b->dpi / 30;
    size_t enough = (size_t)2 * TILE_ROWS * AREA_TILES; /* more of the same tells no more */
    if (times > enough) times = enough;
    b->looked_at = 0;
    for (size_t step; times; times -= step) {
        step = times < TILE_ROWS - b->rows ? times : TILE_ROWS - b->rows;
        for (size_t at = 0; at * 8 < inks->columns; at += 8) {
            size_t left = inks->columns - at * 8;
            if (alike(inks, at, left < 64 ? (left + 7) / 8 : 8)) continue;
            b->looked_at++;
            if (tile_row(b->tiles[at / 8], inks, at, run, (unsigned)step)) b->color = true;
            if (at / 8 >= b->n) b->n = at / 8 + 1;
        }
        b->rows += (uint32_t)step;
        if (b->rows == TILE_ROWS) end_tiles(b);
    }
    return b->color;
}

plt_ink pcl_balance_end(pcl_balance *b)
{
    end_tiles(b);
    end_areas(b);
    plt_ink found = b->color ? PLT_INK_COLOR : b->areas_found;
    b->areas_found = PLT_INK_BLANK;
    b->color = false;
    b->n = 0;
    return found;
}
