/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Entropy-coded JPEG data (ITU-T T.81, annexes F and G), decoded just far enough to see chroma: luminance is skipped symbol by
 * symbol, no transform is made and no block is kept. A grey picture has chroma that is exactly zero, since encoders make the
 * coefficients of neutral colours cancel. Two things may still stand there without being colour: a level of rounding, and what
 * quantisation makes of that level. So the deviation of a block, bounded from above by its coefficients, may be one level.
 */
#include "core/pdl/jpeg_scan.h"

#include <string.h>

/* In eighths of a level. A DC coefficient moves every sample by an eighth of it; an AC coefficient of 1 moves none by more than a quarter. */
#define ONE_LEVEL 8
#define MAX_VALUE (1 << 24)

bool jpeg_table_build(jpeg_table *t, const uint8_t counts[16], const uint8_t *values, uint32_t n)
{
    uint32_t code = 0, at = 0;
    memset(t, 0, sizeof *t);
    memcpy(t->values, values, n);
    for (uint32_t len = 1; len <= 16; len++) {
        t->offset[len] = (int32_t)at - (int32_t)code;
        for (uint32_t i = 0; i < counts[len - 1]; i++, code++, at++) {
            if (code >= 1u << len) return false;
            if (len > JPEG_FAST_BITS) continue;
            uint32_t shift = JPEG_FAST_BITS - len;
            for (uint32_t k = 0; k < 1u << shift; k++) t->fast[(code << shift) + k] = (uint16_t)(len << 8 | values[at]);
        }
        t->last[len] = counts[len - 1] ? (int32_t)code - 1 : -1;
        code <<= 1;
    }
    t->defined = true;
    return true;
}

/* ---- bits ---- */

typedef enum got { GOT, SHORT, BAD } got;

/* A symbol and `extra` bits behind it, all or nothing. dc: all eight bits of the symbol count the extra ones; otherwise its lower four. */
typedef struct symbol {
    uint32_t value, length; /* of both together */
    uint32_t size, extra;
} symbol;

static got long_code(const jpeg_table *t, uint64_t bits, uint32_t bits_n, symbol *s)
{
    for (uint32_t len = JPEG_FAST_BITS + 1; len <= 16; len++) {
        int32_t code = (int32_t)(bits >> (64 - len));
        if (code > t->last[len]) continue;
        if (len > bits_n) return SHORT;
        s->value = t->values[(code + t->offset[len]) & 255];
        s->length = len;
        return GOT;
    }
    return bits_n < 16 ? SHORT : BAD;
}

static inline got find_code(const jpeg_table *t, uint64_t bits, uint32_t bits_n, symbol *s)
{
    uint32_t entry = t->fast[bits >> (64 - JPEG_FAST_BITS)];
    if (!entry) return long_code(t, bits, bits_n, s);
    s->length = entry >> 8;
    s->value = entry & 255;
    return s->length <= bits_n ? GOT : SHORT;
}

static inline void drop(plt_jpeg *j, uint32_t n)
{
    j->bits <<= n;
    j->bits_n -= n;
}

/* Bits from the chunk at hand, up to a marker. Zero bytes behind 0xFF are stuffing. */
static void refill(plt_jpeg *j)
{
    while (j->bits_n <= 56 && j->in < j->in_end && !j->met) {
        uint8_t c = *j->in++;
        if (j->escape && c == 0xFF) continue; /* fill */
        if (j->escape && c) {
            j->met = c;
        } else if (!j->escape && c == 0xFF) {
            j->escape = true;
            continue;
        } else {
            j->bits |= (uint64_t)(j->escape ? 0xFF : c) << (56 - j->bits_n);
            j->bits_n += 8;
        }
        j->escape = false;
    }
}

/* Enough for any symbol, while there is input. */
static inline void want_bits(plt_jpeg *j)
{
    if (j->bits_n < 32) refill(j);
}

/* The symbol with its `size` extra bits (at most 16) is taken whole; its length was looked at by find_code. */
static inline got take(plt_jpeg *j, symbol *s, uint32_t size)
{
    if (s->length + size > j->bits_n) return SHORT;
    s->size = size;
    s->extra = size ? (uint32_t)((j->bits << s->length) >> (64 - size)) : 0;
    drop(j, s->length + size);
    return GOT;
}

/* T.81 F.2.2.1: EXTEND. */
static inline int32_t extend(const symbol *s)
{
    if (!s->size) return 0;
    int32_t v = (int32_t)s->extra;
    return v < (int32_t)(1u << (s->size - 1)) ? v - (int32_t)(1u << s->size) + 1 : v;
}

/* ---- what coefficients say ---- */

static void add_bound(plt_jpeg *j, uint64_t more)
{
    j->bound = j->bound + more > MAX_VALUE ? MAX_VALUE : (uint32_t)(j->bound + more);
}

static uint64_t magnitude(int64_t v)
{
    return (uint64_t)(v < 0 ? -v : v);
}

/* A DC coefficient that lies off zero by no more than half a step of its quantiser beyond one level is that level, quantised. */
static void dc_bound(plt_jpeg *j, int64_t value, uint32_t q)
{
    uint64_t v = magnitude(value), slack = q / 2;
    add_bound(j, v > slack ? v - slack : 0);
}

static void compare_block(plt_jpeg *j, const jpeg_component *c)
{
    dc_bound(j, (int64_t)j->cur[0] - j->ref[0], j->quant[c->quant][0]);
    for (uint32_t i = 1; i < 64; i++)
        if (j->cur[i] != j->ref[i]) add_bound(j, 2 * magnitude((int64_t)j->cur[i] - j->ref[i]));
}

/* A block of a watched component is complete. */
static void block_done(plt_jpeg *j, jpeg_component *c)
{
    if (j->rule == JPEG_COMPARE) {
        if (c == &j->c[0])
            memcpy(j->ref, j->cur, sizeof j->ref);
        else
            compare_block(j, c);
        memset(j->cur, 0, sizeof j->cur);
    }
    if (j->bound > c->scan_bound) c->scan_bound = j->bound;
    if (c->total_bound + c->scan_bound > ONE_LEVEL) j->verdict = JPEG_COLORED;
    j->bound = 0;
}

static bool watch_dc(plt_jpeg *j, jpeg_component *c, int32_t diff)
{
    c->pred += diff;
    if (c->pred > MAX_VALUE >> 8 || c->pred < -(MAX_VALUE >> 8)) return false;
    int64_t value = (int64_t)c->pred * (1 << j->shift) * j->quant[c->quant][0];
    if (j->rule == JPEG_COMPARE)
        j->cur[0] = (int32_t)(value > INT32_MAX ? INT32_MAX : value < INT32_MIN ? INT32_MIN : value);
    else
        dc_bound(j, value, j->quant[c->quant][0]);
    return true;
}

static void watch_ac(plt_jpeg *j, const jpeg_component *c, const symbol *s)
{
    int32_t value = extend(s) * (int32_t)j->quant[c->quant][j->k];
    if (j->rule == JPEG_COMPARE)
        j->cur[j->k] = value;
    else
        add_bound(j, 2 * magnitude(value));
}

/* ---- blocks ---- */

static got dc_symbol(plt_jpeg *j, jpeg_component *c)
{
    symbol s;
    want_bits(j);
    got g = find_code(&j->dc[c->dc], j->bits, j->bits_n, &s);
    if (g != GOT) return g;
    if (s.value > 15) return BAD;
    g = take(j, &s, s.value);
    if (g != GOT) return g;
    return !c->watched || watch_dc(j, c, extend(&s)) ? GOT : BAD;
}

/* Sequential: DC and 63 AC coefficients. */
static got whole_block(plt_jpeg *j, jpeg_component *c)
{
    const jpeg_table *t = &j->ac[c->ac];
    if (!j->k) {
        got g = dc_symbol(j, c);
        if (g != GOT) return g;
        j->k = 1;
    }
    while (j->k < 64) {
        symbol s;
        want_bits(j);
        got g = find_code(t, j->bits, j->bits_n, &s);
        if (g == GOT) g = take(j, &s, s.value & 15);
        if (g != GOT) return g;
        if (!s.size && s.value != 0xF0) break; /* end of block */
        j->k += s.value >> 4;
        if (j->k > 63) return BAD;
        if (c->watched && s.size) watch_ac(j, c, &s);
        j->k++;
    }
    return GOT;
}

/* One bit more of the DC coefficient: in a grey picture it is 0. */
static got dc_refined(plt_jpeg *j, const jpeg_component *c)
{
    want_bits(j);
    if (!j->bits_n) return SHORT;
    if (j->bits >> 63 && c->watched) add_bound(j, (uint64_t)j->quant[c->quant][0] << j->shift);
    drop(j, 1);
    return GOT;
}

/*
 * A band of AC coefficients, first or refined. Refinement depends on which coefficients were not zero before: here none was, for a first one that
 * is not makes the picture coloured. (So a progressive file has no tolerance in AC: what the blocks hold is not kept.)
 */
static got ac_band(plt_jpeg *j, const jpeg_component *c)
{
    if (j->run) {
        j->run--;
        return GOT;
    }
    if (!j->k) j->k = j->first;
    while (j->k <= j->last) {
        symbol s;
        want_bits(j);
        got g = find_code(&j->ac[c->ac], j->bits, j->bits_n, &s);
        if (g != GOT) return g;
        uint32_t zeros = s.value >> 4;
        bool end = !(s.value & 15) && zeros < 15;
        g = take(j, &s, end ? zeros : s.value & 15);
        if (g != GOT) return g;
        if (end) {
            j->run = (1u << zeros) + s.extra - 1;
            return GOT;
        }
        j->k += zeros + 1;
        if (j->k > 64) return BAD;
        if (s.size) {
            j->verdict = JPEG_COLORED;
            return GOT;
        }
    }
    return GOT;
}

static got one_block(plt_jpeg *j, jpeg_component *c)
{
    switch (j->pass) {
    case JPEG_WHOLE: return whole_block(j, c);
    case JPEG_DC_FIRST: return dc_symbol(j, c);
    case JPEG_DC_MORE: return dc_refined(j, c);
    default: return ac_band(j, c);
    }
}

/* Decodes what the bits at hand allow. */
static void decode(plt_jpeg *j)
{
    while (j->verdict == JPEG_OPEN && j->units_left && j->interval_left) {
        jpeg_component *c = &j->c[j->blocks[j->block]];
        got g = one_block(j, c);
        if (g == SHORT) return;
        if (g == BAD) j->verdict = JPEG_UNSURE;
        if (c->watched && g == GOT) block_done(j, c);
        j->k = 0;
        if (++j->block < j->blocks_n) continue;
        j->block = 0;
        if (j->units_left != UINT64_MAX) j->units_left--;
        if (j->interval_left != UINT64_MAX) j->interval_left--;
    }
    j->bits = 0; /* nothing is to be decoded before the next marker */
    j->bits_n = 0;
}

/* ---- the scan ---- */

static uint64_t up(uint64_t n, uint64_t by)
{
    return (n + by - 1) / by;
}

static uint64_t units(const plt_jpeg *j, const jpeg_component *alone)
{
    uint64_t across = up(j->width, 8u * j->hmax), down = up(j->height, 8u * j->vmax);
    if (!j->height) return UINT64_MAX; /* said behind the scan, by DNL */
    if (alone) {
        across = up(up((uint64_t)j->width * alone->h, j->hmax), 8);
        down = up(up((uint64_t)j->height * alone->v, j->vmax), 8);
    }
    return across * down;
}

static void interval_begin(plt_jpeg *j)
{
    for (size_t i = 0; i < JPEG_COMPONENTS; i++) j->c[i].pred = 0;
    j->interval_left = j->restart ? j->restart : UINT64_MAX;
    j->bits = 0;
    j->bits_n = j->block = j->k = j->run = j->bound = 0;
}

void jpeg_scan_begin(plt_jpeg *j)
{
    bool alone = true;
    for (uint32_t i = 1; i < j->blocks_n; i++)
        if (j->blocks[i] != j->blocks[0]) alone = false;
    j->units_left = units(j, alone ? &j->c[j->blocks[0]] : NULL);
    if (alone) j->blocks_n = 1;
    j->escape = false;
    interval_begin(j);
}

/* Up to the next marker without decoding. */
static size_t pass_over(plt_jpeg *j, const uint8_t *p, size_t n, uint8_t *marker)
{
    for (size_t i = 0; i < n; i++) {
        if (!j->escape) {
            const uint8_t *ff = memchr(p + i, 0xFF, n - i);
            if (!ff) return n;
            i = (size_t)(ff - p);
            j->escape = true;
            continue;
        }
        if (p[i] == 0xFF) continue;
        j->escape = false;
        if (p[i]) {
            *marker = p[i];
            return i + 1;
        }
    }
    return n;
}

size_t jpeg_scan_feed(plt_jpeg *j, const uint8_t *p, size_t n, uint8_t *marker)
{
    *marker = 0;
    j->in = p;
    j->in_end = p + n;
    j->met = 0;
    while (j->in < j->in_end) {
        if (j->verdict != JPEG_OPEN || !j->units_left) {
            size_t took = (size_t)(j->in - p);
            return took + pass_over(j, j->in, n - took, marker);
        }
        refill(j);
        decode(j);
        if (!j->met) continue;
        *marker = j->met;
        break;
    }
    return (size_t)(j->in - p);
}

void jpeg_scan_restart(plt_jpeg *j)
{
    bool in_place = !j->units_left || !j->interval_left;
    if (j->verdict == JPEG_OPEN && !in_place) j->verdict = JPEG_UNSURE;
    interval_begin(j);
}

void jpeg_scan_end(plt_jpeg *j)
{
    bool whole = j->units_left == UINT64_MAX ? !j->block && !j->k : !j->units_left;
    if (j->verdict == JPEG_OPEN && !whole) j->verdict = JPEG_UNSURE;
    for (uint32_t i = 0; i < j->blocks_n; i++) {
        jpeg_component *c = &j->c[j->blocks[i]];
        if (j->pass <= JPEG_DC_FIRST) c->seen = true;
        c->total_bound += c->scan_bound;
        c->scan_bound = 0;
    }
}
