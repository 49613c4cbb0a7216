/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The arithmetic decoder of ITU-T T.82 over a picture that is white so far. While it is, all neighbours are white, so that only two contexts
 * exist: the one of pixels and the one of typical prediction. Runs of likely symbols are taken at once: a white A4 plane at 600 dpi costs about
 * a thousand steps. At the first black pixel the question is answered and the rest is not looked at. Never allocates, never follows a size it
 * was told without a bound.
 */
#include "core/pdl/jbig.h"

#include <string.h>

#define TPBON 0x08   /* T.82 table 9: typical prediction in the lowest layer */
#define VLENGTH 0x20 /* the height may still change by NEWLEN */
#define ESC 0xFF
#define STUFF 0x00
#define SDNORM 0x02
#define SDRST 0x03
#define ABORT 0x04
#define NEWLEN 0x05
#define ATMOVE 0x06
#define COMMENT 0x07

/* No printer has more; a greater one is a lie, and to decode it would be work without end. */
#define SIDE_MAX (1u << 17)
#define PIXELS_MAX ((uint64_t)1 << 31)
#define STEP_COST 64

#define STATES 113
#define SWITCHES 0x80

/* T.82 table 24: LSZ, next state after a likely symbol, next state after an unlikely one with the switch in its top bit. */
static const uint16_t lsz[STATES] = {
    0x5a1d, 0x2586, 0x1114, 0x080b, 0x03d8, 0x01da, 0x00e5, 0x006f, 0x0036, 0x001a, 0x000d, 0x0006, 0x0003, 0x0001, 0x5a7f, 0x3f25, 0x2cf2,
    0x207c, 0x17b9, 0x1182, 0x0cef, 0x09a1, 0x072f, 0x055c, 0x0406, 0x0303, 0x0240, 0x01b1, 0x0144, 0x00f5, 0x00b7, 0x008a, 0x0068, 0x004e,
    0x003b, 0x002c, 0x5ae1, 0x484c, 0x3a0d, 0x2ef1, 0x261f, 0x1f33, 0x19a8, 0x1518, 0x1177, 0x0e74, 0x0bfb, 0x09f8, 0x0861, 0x0706, 0x05cd,
    0x04de, 0x040f, 0x0363, 0x02d4, 0x025c, 0x01f8, 0x01a4, 0x0160, 0x0125, 0x00f6, 0x00cb, 0x00ab, 0x008f, 0x5b12, 0x4d04, 0x412c, 0x37d8,
    0x2fe8, 0x293c, 0x2379, 0x1edf, 0x1aa9, 0x174e, 0x1424, 0x119c, 0x0f6b, 0x0d51, 0x0bb6, 0x0a40, 0x5832, 0x4d1c, 0x438e, 0x3bdd, 0x34ee,
    0x2eae, 0x299a, 0x2516, 0x5570, 0x4ca9, 0x44d9, 0x3e22, 0x3824, 0x32b4, 0x2e17, 0x56a8, 0x4f46, 0x47e5, 0x41cf, 0x3c3d, 0x375e, 0x5231,
    0x4c0f, 0x4639, 0x415e, 0x5627, 0x50e7, 0x4b85, 0x5597, 0x504f, 0x5a10, 0x5522, 0x59eb,
};
static const uint8_t after_likely[STATES] = {
    1,  2,  3,  4,  5,  6,  7,  8,  9,  10, 11, 12, 13,  13, 15,  16,  17,  18, 19,  20,  21,  22,  23,  24,  25,  26,  27, 28, 29,
    30, 31, 32, 33, 34, 35, 9,  37, 38, 39, 40, 41, 42,  43, 44,  45,  46,  47, 48,  49,  50,  51,  52,  53,  54,  55,  56, 57, 58,
    59, 60, 61, 62, 63, 32, 65, 66, 67, 68, 69, 70, 71,  72, 73,  74,  75,  76, 77,  78,  79,  48,  81,  82,  83,  84,  85, 86, 87,
    71, 89, 90, 91, 92, 93, 94, 86, 96, 97, 98, 99, 100, 93, 102, 103, 104, 99, 106, 107, 103, 109, 107, 111, 109, 111,
};
static const uint8_t after_unlikely[STATES] = {
    129, 14,  16, 18, 20, 23, 25,  28,  30,  33,  35,  9,   10,  12, 143, 36,  38,  39,  40,  42,  43,  45,  46,  48,  49,  51,  52, 54, 56,
    57,  59,  60, 62, 63, 32, 33,  165, 64,  65,  67,  68,  69,  70, 72,  73,  74,  75,  77,  78,  79,  48,  50,  50,  51,  52,  53, 54, 55,
    56,  57,  58, 59, 61, 61, 193, 80,  81,  82,  83,  84,  86,  87, 87,  72,  72,  74,  74,  75,  77,  77,  208, 88,  89,  90,  91, 92, 93,
    86,  216, 95, 96, 97, 99, 99,  93,  223, 101, 102, 103, 104, 99, 105, 106, 107, 103, 233, 108, 109, 110, 111, 238, 112, 240,
};

static uint32_t be32(const uint8_t *p)
{
    return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

static void settle(plt_jbig *j, plt_ink ink)
{
    j->ink = ink;
    j->settled = true;
}

static void reset_contexts(plt_jbig *j)
{
    j->white = j->typical = (plt_jbig_context){0, 0};
}

/* A stripe begins: the coder starts anew, what its contexts have learned stays (T.82 6.8). */
static void stripe_begin(plt_jbig *j)
{
    j->c = 0;
    j->a = 1;
    j->bits = 0;
    j->startup = true;
    j->stripe_rows = j->rows_left < j->per_stripe ? j->rows_left : j->per_stripe;
    j->rows_left -= j->stripe_rows;
    j->in_row = !(j->option & TPBON);
    j->run = (uint64_t)j->width * j->stripe_rows;
    /* The line above the picture counts as one that was not typical; between stripes the last one was white under white. */
    j->last_typical = j->any_stripe;
    j->any_stripe = true;
}

static void header(plt_jbig *j)
{
    const uint8_t *b = j->head;
    j->width = be32(b + 4);
    j->height = j->rows_left = be32(b + 8);
    j->per_stripe = be32(b + 12);
    j->option = b[19];
    bool plain = !b[0] && !b[1] && b[2] == 1 && !b[3]; /* one layer, one plane */
    bool sane = j->width && j->width <= SIDE_MAX && j->height && j->height <= SIDE_MAX && j->per_stripe;
    if (!plain || !sane || (j->option & VLENGTH) || (uint64_t)j->width * j->height > PIXELS_MAX) {
        settle(j, PLT_INK_UNKNOWN);
        return;
    }
    reset_contexts(j);
    stripe_begin(j);
}

void plt_jbig_begin(plt_jbig *j, plt_pdl_host *h)
{
    *j = (plt_jbig){.host = h, .ink = PLT_INK_BLANK};
}

void plt_jbig_begin_with(plt_jbig *j, plt_pdl_host *h, const uint8_t head[PLT_JBIG_HEADER])
{
    plt_jbig_begin(j, h);
    memcpy(j->head, head, PLT_JBIG_HEADER);
    j->head_n = PLT_JBIG_HEADER;
    header(j);
}

/* Renormalization, put off until the next symbol is wanted (T.82 figure 36). False while it needs another byte. */
static bool refill(plt_jbig *j)
{
    while (j->a < 0x8000 || j->startup) {
        if (j->bits >= 0 && j->bits <= 8) return false;
        j->c <<= 1;
        j->a <<= 1;
        if (j->bits > 0) j->bits--;
        if (j->a == 0x10000) j->startup = false;
    }
    return true;
}

/* One symbol, of which the coder's interval must be ready (T.82 figures 33 to 35). */
static unsigned symbol(plt_jbig *j, plt_jbig_context *cx)
{
    uint32_t l = lsz[cx->state];
    unsigned mps = cx->mps;
    bool likely;
    j->a -= l;
    if (j->c >> 16 < j->a) {
        if (j->a >= 0x8000) return mps;
        likely = j->a >= l;
    } else {
        likely = j->a < l;
        j->c -= j->a << 16;
        j->a = l;
    }
    if (likely) {
        cx->state = after_likely[cx->state];
        return mps;
    }
    uint8_t next = after_unlikely[cx->state];
    if (next & SWITCHES) cx->mps ^= 1;
    cx->state = next & (SWITCHES - 1);
    return mps ^ 1;
}

/* How many of the next n symbols are surely likely ones that change nothing but the interval; takes them. */
static uint64_t likely_run(plt_jbig *j, const plt_jbig_context *cx, uint64_t n)
{
    uint32_t l = lsz[cx->state], high = j->c >> 16;
    if (j->a < 0x8000 || high >= j->a) return 0;
    const uint32_t floor = high < 0x8000 ? 0x8000 : high + 1; /* of the interval behind the last of them */
    uint64_t k = (j->a - floor) / l;
    if (n < k) k = n;
    j->a -= (uint32_t)k * l;
    return k;
}

/* Pixels of white neighbours. False while more bytes are needed. */
static bool pixels(plt_jbig *j)
{
    while (j->run) {
        if (!refill(j)) return false;
        if (!plt_pdl_spend(j->host, STEP_COST)) {
            settle(j, PLT_INK_UNKNOWN);
            return true;
        }
        uint64_t k = j->white.mps ? 0 : likely_run(j, &j->white, j->run);
        j->run -= k;
        if (k) continue;
        if (symbol(j, &j->white)) {
            settle(j, PLT_INK_MONO);
            return true;
        }
        j->run--;
    }
    return true;
}

/* Rows with typical prediction (T.82 6.7): a typical one is equal to the row above, and white; another one has a black pixel, which is looked for. */
static bool rows(plt_jbig *j)
{
    while (j->stripe_rows && !j->settled) {
        if (j->in_row) {
            if (!pixels(j)) return false;
            j->in_row = false;
            j->stripe_rows--;
            continue;
        }
        if (!refill(j)) return false;
        if (!plt_pdl_spend(j->host, STEP_COST)) {
            settle(j, PLT_INK_UNKNOWN);
            return true;
        }
        if (j->last_typical && j->typical.mps) {
            uint64_t k = likely_run(j, &j->typical, j->stripe_rows);
            j->stripe_rows -= (uint32_t)k;
            if (k) continue;
        }
        bool same = symbol(j, &j->typical) != 0;
        j->last_typical = same == j->last_typical;
        j->in_row = !j->last_typical;
        j->run = j->width;
        if (!j->in_row) j->stripe_rows--;
    }
    return true;
}

/* Decodes as far as the bytes reach. */
static void decode(plt_jbig *j)
{
    if (j->option & TPBON)
        rows(j);
    else if (pixels(j))
        j->stripe_rows = 0;
}

static void stripe_end(plt_jbig *j, bool reset)
{
    j->bits = -1;
    decode(j);
    if (j->settled) return;
    if (!j->rows_left) {
        j->settled = true; /* white to the end */
        return;
    }
    if (reset) reset_contexts(j);
    stripe_begin(j);
    if (reset) j->last_typical = false;
}

static void marker(plt_jbig *j, uint8_t c)
{
    switch (c) {
    case SDNORM: stripe_end(j, false); break;
    case SDRST: stripe_end(j, true); break;
    case ATMOVE: j->marker_skip = 6; break; /* the moved pixel is as white as the others */
    case NEWLEN:
    case COMMENT:
    case ABORT:
    default: settle(j, PLT_INK_UNKNOWN); break;
    }
}

static void data_byte(plt_jbig *j, uint8_t c)
{
    if (j->bits < 0 || j->bits > 8) return; /* decode() has left no room: cannot be */
    j->c |= (uint32_t)c << (8 - j->bits);
    j->bits += 8;
    decode(j);
}

static void byte_in(plt_jbig *j, uint8_t c)
{
    if (j->head_n < PLT_JBIG_HEADER) {
        j->head[j->head_n++] = c;
        if (j->head_n == PLT_JBIG_HEADER) header(j);
    } else if (j->marker_skip) {
        j->marker_skip--;
    } else if (j->escape) {
        j->escape = false;
        if (c == STUFF)
            data_byte(j, ESC);
        else
            marker(j, c);
    } else if (c == ESC) {
        j->escape = true;
    } else {
        data_byte(j, c);
    }
}

void plt_jbig_feed(plt_jbig *j, const uint8_t *p, size_t n)
{
    for (size_t i = 0; i < n && !j->settled; i++) byte_in(j, p[i]);
}

plt_ink plt_jbig_end(const plt_jbig *j)
{
    return j->settled ? j->ink : PLT_INK_UNKNOWN;
}
