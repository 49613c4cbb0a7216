/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The row compressions of PCL. Methods 0 to 2 make a new row, the others change the one before. It must never write past a row, whatever
 * the counts in the data say; broken data end the row.
 */
#include "core/pdl/pcl_rows.h"

#include <string.h>

typedef struct source {
    const uint8_t *p, *end;
} source;

void pcl_row_clear(pcl_row *row)
{
    memset(row->data, row->empty, row->n);
    row->n = row->spans = 0;
}

bool pcl_row_method(int method)
{
    return (method >= PCL_RAW && method <= PCL_DELTA) || method == PCL_COMPRESSED_DELTA || method == PCL_NEAR_LOSSLESS;
}

bool pcl_row_seeded(int method)
{
    return method == PCL_DELTA || method == PCL_COMPRESSED_DELTA || method == PCL_NEAR_LOSSLESS;
}

/* Room for `want` bytes at `at`. */
static size_t room(size_t at, size_t want)
{
    if (at >= PCL_ROW_MAX) return 0;
    return want < PCL_ROW_MAX - at ? want : PCL_ROW_MAX - at;
}

static void wrote(pcl_row *row, size_t from, size_t to)
{
    if (to > row->n) row->n = to;
    size_t last = row->spans - 1;
    if (row->spans && (row->span[last].to == from || row->spans == PCL_SPANS)) {
        row->span[last].to = to;
        return;
    }
    row->span[row->spans].from = from;
    row->span[row->spans++].to = to;
}

#define SHORT 8

/* Puts n bytes of the data at `at`; how many fit. Most are fewer than what a call of memcpy costs. */
static size_t copy(pcl_row *row, size_t at, const uint8_t *p, size_t n)
{
    size_t fits = room(at, n);
    if (fits > SHORT)
        memcpy(row->data + at, p, fits);
    else
        for (size_t i = 0; i < fits; i++) row->data[at + i] = p[i];
    return fits;
}

static size_t repeat(pcl_row *row, size_t at, uint8_t value, size_t n)
{
    size_t fits = room(at, n);
    if (fits) memset(row->data + at, value, fits);
    return fits;
}

static bool put(pcl_row *row, size_t at, const uint8_t *p, size_t n)
{
    size_t fits = copy(row, at, p, n);
    if (fits) wrote(row, at, at + fits);
    return fits == n;
}

static bool fill(pcl_row *row, size_t at, uint8_t value, size_t n)
{
    size_t fits = repeat(row, at, value, n);
    if (fits) wrote(row, at, at + fits);
    return fits == n;
}

/* The row was made anew up to `at`: what is left of the old one behind it becomes empty. True when all of it fitted. */
static bool renewed(pcl_row *row, size_t at)
{
    size_t end = room(0, at);
    if (end) wrote(row, 0, end);
    if (end < row->n) memset(row->data + end, row->empty, row->n - end);
    row->n = end;
    return end == at;
}

static bool raw(pcl_row *row, source s)
{
    size_t n = (size_t)(s.end - s.p);
    copy(row, 0, s.p, n);
    return renewed(row, n);
}

static bool runs(pcl_row *row, source s)
{
    size_t at = 0;
    for (; s.end - s.p >= 2; s.p += 2) {
        size_t n = (size_t)s.p[0] + 1;
        repeat(row, at, s.p[1], n);
        at += n;
    }
    return renewed(row, at);
}

static bool packbits(pcl_row *row, source s)
{
    size_t at = 0;
    while (s.p < s.end) {
        uint8_t c = *s.p++;
        size_t left = (size_t)(s.end - s.p);
        if (c == 128) continue;
        if (c < 128) {
            size_t n = (size_t)c + 1 < left ? (size_t)c + 1 : left;
            copy(row, at, s.p, n);
            s.p += n;
            at += n;
        } else if (left) {
            size_t n = 257 - (size_t)c;
            repeat(row, at, *s.p++, n);
            at += n;
        }
    }
    return renewed(row, at);
}

/* Counts that are full go on in further bytes, until one is not 255. */
static size_t more(source *s, size_t n, size_t full)
{
    if (n != full) return n;
    while (s->p < s->end) {
        uint8_t c = *s->p++;
        n += c;
        if (c != 255) break;
    }
    return n;
}

static bool delta(pcl_row *row, source s)
{
    size_t at = 0;
    bool whole = true;
    while (s.p < s.end) {
        uint8_t c = *s.p++;
        size_t n = (size_t)(c >> 5) + 1;
        at += more(&s, c & 31u, 31);
        if (n > (size_t)(s.end - s.p)) n = (size_t)(s.end - s.p);
        whole &= put(row, at, s.p, n);
        s.p += n;
        at += n;
    }
    return whole;
}

/* Method 9: as delta, with runs and wider counts. */
static bool compressed_delta(pcl_row *row, source s)
{
    size_t at = 0;
    bool whole = true;
    while (s.p < s.end) {
        uint8_t c = *s.p++;
        if (c & 0x80) {
            at += more(&s, (c >> 5) & 3u, 3);
            size_t n = more(&s, (c & 31u) + 2, 33);
            if (s.p == s.end) break;
            whole &= fill(row, at, *s.p++, n);
            at += n;
        } else {
            at += more(&s, (c >> 3) & 15u, 15);
            size_t n = more(&s, (c & 7u) + 1, 8);
            if (n > (size_t)(s.end - s.p)) n = (size_t)(s.end - s.p);
            whole &= put(row, at, s.p, n);
            s.p += n;
            at += n;
        }
    }
    return whole;
}

/* ---- method 10: pixels of three bytes, told by their neighbours; blue loses its last bit ---- */

enum { NEW_PIXEL, WEST, NORTH_EAST, CACHED };

typedef struct pixels {
    pcl_row *row;
    source s;
    size_t at; /* in bytes */
    uint8_t cached[3];
    bool whole;
} pixels;

/* A component changed by a signed difference of five bits. */
static uint8_t differ(uint8_t old, unsigned bits, unsigned step)
{
    unsigned d = bits & 31u;
    return (uint8_t)(old + (d < 16 ? d : d + 224) * step);
}

/* A pixel from the data: a difference to the one above, or all but its last bit. */
static inline bool new_pixel(pixels *x, uint8_t out[3])
{
    const uint8_t *p = x->s.p;
    size_t left = (size_t)(x->s.end - p);
    if (left < 2 || (!(p[0] & 0x80) && left < 3)) {
        x->s.p = x->s.end;
        return false;
    }
    if (p[0] & 0x80) {
        unsigned bits = (unsigned)p[0] << 8 | p[1];
        uint8_t above[3] = {255, 255, 255};
        if (x->at + 3 <= PCL_ROW_MAX) memcpy(above, x->row->data + x->at, 3);
        out[0] = differ(above[0], bits >> 10, 1);
        out[1] = differ(above[1], bits >> 5, 1);
        out[2] = differ(above[2], bits, 2);
        x->s.p += 2;
        return true;
    }
    out[0] = (uint8_t)(p[0] << 1 | p[1] >> 7);
    out[1] = (uint8_t)(p[1] << 1 | p[2] >> 7);
    out[2] = (uint8_t)(p[2] << 1 | (p[2] >> 6 & 1)); /* white stays white, black stays black */
    x->s.p += 3;
    return true;
}

/* n pixels of one colour at x->at. */
static inline void put_pixels(pixels *x, const uint8_t pixel[3], size_t n)
{
    pcl_row *row = x->row;
    size_t fits = x->at + n * 3 <= PCL_ROW_MAX ? n : room(x->at, n * 3) / 3, end = x->at + fits * 3;
    uint8_t *to = row->data + x->at;
    if (fits == 1) {
        memcpy(to, pixel, 3);
    } else if (fits && pixel[0] == pixel[1] && pixel[1] == pixel[2]) {
        memset(to, pixel[0], fits * 3);
    } else {
        for (size_t i = 0; i < fits; i++) memcpy(to + i * 3, pixel, 3);
    }
    if (fits && end > row->n) row->n = end;
    bool white = (pixel[0] & pixel[1] & pixel[2]) == 255;
    if (fits && !white && x->at < row->limit && row->ink != PLT_INK_COLOR) {
        plt_ink ink = plt_ink_rgb(pixel[0], pixel[1], pixel[2]);
        if (ink > row->ink) row->ink = ink;
    }
    x->whole &= fits == n;
    x->at += n * 3;
}

/* The first pixel of a run or of literals; false at the end of the data. */
static inline bool first_pixel(pixels *x, unsigned from, uint8_t pixel[3])
{
    size_t at = from == WEST ? x->at - 3 : x->at + 3;
    if (from == NEW_PIXEL) {
        if (!new_pixel(x, pixel)) return false;
        memcpy(x->cached, pixel, 3);
    } else if (from == CACHED) {
        memcpy(pixel, x->cached, 3);
    } else if ((from == WEST && x->at < 3) || at + 3 > PCL_ROW_MAX) {
        memset(pixel, 255, 3);
    } else {
        memcpy(pixel, x->row->data + at, 3);
    }
    return true;
}

static void pixel_run(pixels *x, unsigned from, size_t n)
{
    uint8_t pixel[3];
    if (!first_pixel(x, from, pixel)) return;
    put_pixels(x, pixel, more(&x->s, n, 9));
}

static void literals(pixels *x, unsigned from, size_t n)
{
    uint8_t pixel[3];
    bool on = n == 8;
    if (!first_pixel(x, from, pixel)) return;
    put_pixels(x, pixel, 1);
    for (n--;;) {
        for (; n; n--) {
            if (!new_pixel(x, pixel)) return;
            put_pixels(x, pixel, 1);
        }
        if (!on || x->s.p == x->s.end) return;
        n = *x->s.p++;
        on = n == 255;
    }
}

static bool near_lossless(pcl_row *row, source s)
{
    row->ink = PLT_INK_BLANK;
    pixels x = {.row = row, .s = s, .cached = {255, 255, 255}, .whole = true};
    while (x.s.p < x.s.end) {
        uint8_t c = *x.s.p++;
        x.at += 3 * more(&x.s, (c >> 3) & 3u, 3);
        if (c & 0x80)
            pixel_run(&x, (c >> 5) & 3u, (c & 7u) + 2);
        else
            literals(&x, (c >> 5) & 3u, (c & 7u) + 1);
    }
    return x.whole;
}

bool pcl_row_decode(pcl_row *row, int method, const uint8_t *p, size_t n)
{
    source s = {p, p + n};
    row->spans = 0;
    switch (method) {
    case PCL_RAW: return raw(row, s);
    case PCL_RUNS: return runs(row, s);
    case PCL_PACKBITS: return packbits(row, s);
    case PCL_DELTA: return delta(row, s);
    case PCL_COMPRESSED_DELTA: return compressed_delta(row, s);
    case PCL_NEAR_LOSSLESS: return near_lossless(row, s);
    default: return false;
    }
}
