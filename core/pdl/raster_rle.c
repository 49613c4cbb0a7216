/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A row is a count of repetitions less one and then codes: up to 127, the next pixel code + 1 times; from 129, 257 - code pixels as they are; 128,
 * the rest of the row is white. Most of a page is passed by two additions a run; a run of one pixel is one test for colour.
 */
#include "core/pdl/raster_rle.h"

#include <string.h>

enum { AT_ROW, AT_CODE, AT_DATA };

#define LITERALS_MAX 128
#define REST 128               /* the code: the rest of the row is white */
#define REST_OF_ROW (1u << 30) /* more than any row */

static void set_codes(raster_page *r)
{
    uint32_t unit = r->pixels.unit;
    if (r->codes[0].skip == unit) return;
    for (uint32_t c = 0; c < REST; c++) r->codes[c] = (raster_code){unit, (c + 1) * unit};
    for (uint32_t c = REST + 1; c < 256; c++) r->codes[c] = (raster_code){(257 - c) * unit, (257 - c) * unit};
    r->codes[REST] = (raster_code){0, REST_OF_ROW};
}

void raster_page_begin(raster_page *r)
{
    if (r->packed) set_codes(r);
    r->state = r->packed ? AT_ROW : AT_DATA;
    r->bad = r->begun = r->repeats = false;
    r->x = r->run_x = r->times = r->inked = r->part_n = 0;
    r->row = 0;
    r->left = r->row_bytes;
    r->plain_left = r->row_bytes * r->rows; /* both were checked: no overflow */
    r->done = !r->plain_left;
    r->ink = r->look && r->pixels.space != RASTER_UNSEEN ? PLT_INK_BLANK : PLT_INK_UNKNOWN;
}

/* ---- colour ---- */

static bool settled(const raster_page *r)
{
    return !r->look || r->ink == r->pixels.most;
}

/* The row of a banded page is over, or all planes of a planar one. */
static void planes_end(raster_page *r)
{
    if (r->look && r->inked) r->ink = plt_ink_add(r->ink, raster_ink_of_planes(&r->pixels, r->inked));
    r->inked = 0;
}

/* Bytes that fill the row from `from` up to `to`. */
static void mark_planes(raster_page *r, const uint8_t *p, size_t n, uint32_t from, uint32_t to)
{
    const raster_pixels *x = &r->pixels;
    if (!raster_inked(x, p, n)) return;
    if (x->order == RASTER_PLANAR) {
        uint64_t plane = r->rows / x->colors, last = r->row + (r->times ? r->times - 1 : 0);
        for (uint64_t i = r->row / plane; i <= last / plane && i < x->colors; i++) r->inked |= 1u << i;
        return;
    }
    uint32_t band = r->row_bytes / x->colors;
    if (!band) return;
    for (uint32_t at = from; r->repeats && at < to; at = (at / band + 1) * band) r->inked |= 1u << (at / band & 31);
    for (uint32_t i = 0; !r->repeats && i < n; i++)
        if (raster_inked(x, p + i, 1)) r->inked |= 1u << ((from + i) / band & 31);
}

static void look_at_units(raster_page *r, const uint8_t *p, size_t n)
{
    r->ink = plt_ink_add(r->ink, raster_ink(&r->pixels, p, n));
}

/* Bytes of a row in any pieces. */
static void look_at(raster_page *r, const uint8_t *p, size_t n)
{
    uint32_t unit = r->pixels.unit;
    if (settled(r)) return;
    if (r->pixels.order != RASTER_CHUNKY) {
        uint32_t from = r->repeats ? r->run_x : r->x - r->left;
        mark_planes(r, p, n, from, r->x);
        return;
    }
    if (r->part_n) {
        size_t more = unit - r->part_n < n ? unit - r->part_n : n;
        memcpy(r->part + r->part_n, p, more);
        r->part_n += (uint32_t)more;
        p += more;
        n -= more;
        if (r->part_n < unit) return;
        look_at_units(r, r->part, unit);
        r->part_n = 0;
    }
    size_t whole = n - n % unit;
    if (whole) look_at_units(r, p, whole);
    r->part_n = (uint32_t)(n - whole);
    memcpy(r->part, p + whole, r->part_n);
}

/* ---- runs ---- */

static void row_end(raster_page *r)
{
    if (r->x > r->row_bytes) r->bad = true;
    if (r->pixels.order == RASTER_BANDED) planes_end(r);
    uint64_t rows_left = r->rows - r->row;
    if (r->times > rows_left) r->bad = true;
    r->row += r->times < rows_left ? r->times : rows_left;
    r->done = r->row == r->rows;
    r->x = 0;
    r->state = AT_ROW;
}

static void run_end(raster_page *r)
{
    r->part_n = 0;
    r->state = AT_CODE;
    if (r->row_bytes - r->x < r->pixels.unit || r->x > r->row_bytes) row_end(r);
}

static void code(raster_page *r, uint8_t c)
{
    r->run_x = r->x;
    r->x = c == REST ? r->row_bytes : r->x + r->codes[c].fill;
    r->repeats = c < REST;
    r->left = r->codes[c].skip;
    r->state = AT_DATA;
    if (c == REST) run_end(r);
}

static size_t data(raster_page *r, const uint8_t *p, size_t n)
{
    size_t take = n < r->left ? n : r->left;
    look_at(r, p, take);
    r->left -= (uint32_t)take;
    if (!r->left) run_end(r);
    return take;
}

/* What the look of one run or many leaves behind; added to the page's ink when it is asked for. */
typedef struct glance {
    uint32_t marks; /* bits of bytes that are not white */
    uint32_t apart; /* RGB: bits in which components differ */
} glance;

/* RGB of 8 bits is common enough for a loop of its own. Pixels that differ by no more than rounding are left to the thorough look. */
static inline void glance_rgb(glance *g, const uint8_t *p, size_t n)
{
    for (size_t i = 0; i < n; i += 3) {
        g->apart |= (uint32_t)(p[i] ^ p[i + 1]) | (uint32_t)(p[i] ^ p[i + 2]);
        g->marks |= p[i] ^ 255u;
    }
}

static inline void run_look(raster_page *r, glance *g, const uint8_t *p, uint32_t n, const uint32_t unit, const bool rgb)
{
    if (rgb) {
        glance_rgb(g, p, n);
        if (!g->apart) return;
        look_at_units(r, p, n);
        g->apart = 0;
        return;
    }
    uint32_t marks = 0;
    for (uint32_t i = 0; i < unit; i++) marks |= (uint32_t)(p[i] ^ r->pixels.white);
    if (marks || n > unit) look_at_units(r, p, n);
}

static inline void glance_end(raster_page *r, glance *g)
{
    if (g->marks) r->ink = plt_ink_add(r->ink, PLT_INK_MONO);
    g->marks = 0;
}

/* The row is over and its repetitions are counted; the next one's stand in `times`. False: that was the last one. */
static bool next_row(raster_page *r, uint32_t x, uint8_t times)
{
    r->x = x < REST_OF_ROW ? x : r->row_bytes;
    row_end(r);
    if (r->done) return false;
    r->times = times + 1u;
    r->state = AT_CODE;
    return true;
}

/*
 * Looks at runs that are wholly in sight and within one chunk. `unit` and `rgb` are constants where it is called.
 */
static inline size_t look_runs(raster_page *r, const uint8_t *p, size_t n, const uint32_t unit, const bool rgb)
{
    const size_t most = 2 + (size_t)LITERALS_MAX * unit;
    const uint32_t full = r->row_bytes - unit; /* beyond this the row is over */
    glance g = {0};
    uint32_t x = r->x;
    size_t i = 0;
    while (n - i >= most) {
        const raster_code c = r->codes[p[i++]];
        if (c.skip) run_look(r, &g, p + i, c.skip, unit, rgb);
        i += c.skip;
        x += c.fill;
        if (x <= full) continue;
        if (rgb) glance_end(r, &g);
        bool more = next_row(r, x, p[i]);
        x = 0;
        if (!more) break;
        i++;
        if (settled(r)) break;
    }
    if (rgb) glance_end(r, &g);
    r->x = x;
    return i;
}

/* The pixels of four repetitions, which stand `step` apart; 0 when one of the codes is another one. */
static inline uint32_t four(const uint8_t *p, size_t step)
{
    uint32_t a = p[0], b = p[step], c = p[2 * step], d = p[3 * step];
    return ((a | b | c | d) & 128) ? 0 : a + b + c + d + 4;
}

/* What a code skips beyond one pixel: nothing for a repetition. Not for REST. */
static inline size_t beyond(uint32_t c, uint32_t unit)
{
    return ((256 - c) * unit) & (0u - (c >> 7));
}

/*
 * Passes over runs. Where the next code stands depends on this one, and whether that is a repetition or not is as good as random: a branch
 * that is guessed wrong costs more than a sum. Behind a repetition, the place of the next code is known at once, so that two are taken
 * in the time of one. `unit` is a constant where it is called.
 */
static inline size_t skip_runs(raster_page *r, const uint8_t *p, size_t n, const uint32_t unit)
{
    const raster_code *codes = r->codes;
    const uint32_t full = r->row_bytes - unit;
    const size_t most = 2 * (2 + (size_t)LITERALS_MAX * unit);
    uint32_t x = r->x;
    size_t i = 0;
    bool fours = true;
    while (n - i >= most) {
        if (fours) {
            const uint32_t sum = four(p + i, 1 + (size_t)unit);
            fours = sum; /* else not again in this row */
            if (sum && x + sum * unit <= full) {
                x += sum * unit;
                i += 4 * (1 + (size_t)unit);
                continue;
            }
        }
        const uint32_t a = p[i], b = p[i + 1 + unit];
        const size_t repeats = (size_t)(a >> 7) - 1; /* all bits or none */
        x += codes[a].fill;
        if (x <= full) {
            const size_t at = i + 1 + unit + beyond(a, unit);
            x += codes[b].fill & (uint32_t)repeats;
            i = at + ((1 + unit + beyond(b, unit)) & repeats);
            if (x <= full) continue;
            i = at + 1 + codes[b].skip;
        } else {
            i += 1 + codes[a].skip;
        }
        bool more = next_row(r, x, p[i]);
        x = 0;
        fours = true;
        if (!more) break;
        i++;
    }
    r->x = x;
    return i;
}

static size_t fast(raster_page *r, const uint8_t *p, size_t n)
{
    uint32_t unit = r->pixels.unit;
    bool look = !settled(r);
    if ((look && r->pixels.order != RASTER_CHUNKY) || r->row_bytes < unit) return 0;
    bool rgb = unit == 3 && r->pixels.space == RASTER_RGB && r->pixels.bits == 8;
    if (!look) return unit == 1 ? skip_runs(r, p, n, 1) : unit == 3 ? skip_runs(r, p, n, 3) : skip_runs(r, p, n, unit);
    if (rgb) return look_runs(r, p, n, 3, true);
    return unit == 4 ? look_runs(r, p, n, 4, false) : look_runs(r, p, n, unit, false);
}

static size_t packed(raster_page *r, const uint8_t *p, size_t n)
{
    size_t took = r->state == AT_CODE ? fast(r, p, n) : 0;
    if (took) return took;
    if (r->state == AT_DATA) return data(r, p, n);
    if (r->state == AT_CODE) {
        code(r, *p);
    } else {
        r->times = *p + 1u;
        r->state = AT_CODE;
    }
    return 1;
}

/* ---- rows as they are ---- */

static size_t plain(raster_page *r, const uint8_t *p, size_t n)
{
    size_t take = n < r->plain_left ? n : (size_t)r->plain_left;
    if (r->look) {
        if (take > r->left) take = r->left;
        r->x = r->row_bytes;
        look_at(r, p, take);
        r->left -= (uint32_t)take;
        if (!r->left) {
            r->part_n = 0;
            r->times = 1;
            row_end(r);
            r->left = r->row_bytes;
            r->state = AT_DATA;
        }
    }
    r->plain_left -= take;
    r->done = !r->plain_left;
    return take;
}

size_t raster_page_feed(raster_page *r, const uint8_t *p, size_t n)
{
    size_t i = 0;
    if (n) r->begun = true;
    while (i < n && !r->done) i += r->packed ? packed(r, p + i, n - i) : plain(r, p + i, n - i);
    return i;
}

void raster_page_end(raster_page *r)
{
    planes_end(r);
    if (r->pixels.padded && r->pixels.white && r->ink == PLT_INK_MONO) r->ink = PLT_INK_PLAIN; /* the bits at the ends of rows may be all there is */
}
