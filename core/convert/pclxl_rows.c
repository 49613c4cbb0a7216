/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One block of an RGB image in PCL XL made grey: unpacked row by row, each pixel's luma, packed again. Delta rows become delta rows; run lengths and
 * plain rows become run lengths (Feature Reference 5.7.2 and 5.7.3). Rows that the block does not hold are white in no printer's book: a block whose
 * data end early is refused.
 */
#include <string.h>

#include "core/convert/pclxl.h"

#define UNPACKED_MAX (8ull << 30)
#define RUN_MAX 128
#define DELTA_MAX 8 /* bytes of one command */
#define OFFSET_MAX 31

typedef struct rows {
    const uint8_t *p, *end;
    bool short_of;
    uint32_t run; /* of run lengths: left */
    bool repeats;
    uint8_t byte;
} rows;

static uint8_t next(rows *r)
{
    if (r->p == r->end) {
        r->short_of = true;
        return 0;
    }
    return *r->p++;
}

static void raw_row(rows *r, uint8_t *row, size_t n)
{
    if ((size_t)(r->end - r->p) < n) {
        r->short_of = true;
        return;
    }
    memcpy(row, r->p, n);
    r->p += n;
}

static void run_row(rows *r, uint8_t *row, size_t n)
{
    for (size_t i = 0; i < n && !r->short_of;) {
        if (!r->run) {
            uint8_t c = next(r);
            if (c == 128) continue;
            r->repeats = c > 128;
            r->run = r->repeats ? 257u - c : c + 1u;
            if (r->repeats) r->byte = next(r);
        }
        size_t step = r->run < n - i ? r->run : n - i;
        if (r->repeats)
            memset(row + i, r->byte, step);
        else
            raw_row(r, row + i, step);
        i += step;
        r->run -= (uint32_t)step;
    }
}

/* The row holds the one before. Counts of delta rows are little-endian in both bindings. */
static void delta_row(rows *r, uint8_t *row, size_t n)
{
    uint32_t count = next(r);
    count |= (uint32_t)next(r) << 8;
    if ((size_t)(r->end - r->p) < count) {
        r->short_of = true;
        return;
    }
    rows part = {.p = r->p, .end = r->p + count};
    r->p += count;
    for (size_t at = 0; part.p < part.end;) {
        uint8_t command = next(&part), more = OFFSET_MAX;
        at += command & OFFSET_MAX;
        if ((command & OFFSET_MAX) == OFFSET_MAX) do
                at += more = next(&part);
            while (more == 255);
        for (uint32_t k = (command >> 5) + 1u; k && part.p < part.end; k--, at++) {
            uint8_t byte = next(&part);
            if (at < n) row[at] = byte;
        }
    }
}

/* ---- packing ---- */

static void pack_runs(plt_buf *out, const uint8_t *row, size_t n)
{
    for (size_t i = 0; i < n;) {
        size_t same = 1, other = 1;
        while (i + same < n && same < RUN_MAX && row[i + same] == row[i]) same++;
        if (same > 1) {
            plt_buf_byte(out, (uint8_t)(257 - same));
            plt_buf_byte(out, row[i]);
            i += same;
            continue;
        }
        while (i + other < n && other < RUN_MAX && (i + other + 1 >= n || row[i + other] != row[i + other + 1])) other++;
        plt_buf_byte(out, (uint8_t)(other - 1));
        plt_buf_add(out, row + i, other);
        i += other;
    }
}

static void delta_command(plt_buf *out, size_t offset, const uint8_t *bytes, size_t n)
{
    plt_buf_byte(out, (uint8_t)((n - 1) << 5 | (offset < OFFSET_MAX ? offset : OFFSET_MAX)));
    if (offset >= OFFSET_MAX) {
        for (offset -= OFFSET_MAX; offset >= 255; offset -= 255) plt_buf_byte(out, 255);
        plt_buf_byte(out, (uint8_t)offset);
    }
    plt_buf_add(out, bytes, n);
}

/* False when the row's count does not fit into its two bytes. */
static bool pack_delta(plt_buf *out, const uint8_t *row, const uint8_t *seed, size_t n)
{
    size_t start = out->len, at = 0;
    plt_buf_add(out, "\0\0", 2);
    for (size_t i = 0; i < n;) {
        if (row[i] == seed[i]) {
            i++;
            continue;
        }
        size_t run = 1;
        while (run < DELTA_MAX && i + run < n && row[i + run] != seed[i + run]) run++;
        delta_command(out, i - at, row + i, run);
        i += run;
        at = i;
    }
    size_t count = out->len - start - 2;
    if (out->status != PLT_OK || count > 65535) return false;
    out->data[start] = (uint8_t)count;
    out->data[start + 1] = (uint8_t)(count >> 8);
    return true;
}

/* ---- a block ---- */

static size_t padded(size_t n, size_t to)
{
    return (n + to - 1) / to * to;
}

/* Rows through three buffers in one: RGB, grey, the grey one before. */
static bool convert(xl *s, uint8_t *rgb, size_t rgb_n, uint8_t *grey, uint8_t *seed, size_t grey_n)
{
    const uint8_t *packed = s->block.len ? s->block.data : (const uint8_t *)"";
    rows r = {.p = packed, .end = packed + s->block.len};
    for (uint32_t y = 0; y < s->height; y++) {
        if (s->method == METHOD_RAW)
            raw_row(&r, rgb, rgb_n);
        else if (s->method == METHOD_RLE)
            run_row(&r, rgb, rgb_n);
        else
            delta_row(&r, rgb, rgb_n);
        for (uint32_t x = 0; x < s->width; x++) grey[x] = (uint8_t)conv_luma(rgb[x * 3], rgb[x * 3 + 1], rgb[x * 3 + 2]);
        if (s->method != METHOD_DELTA)
            pack_runs(&s->made, grey, grey_n);
        else if (!pack_delta(&s->made, grey, seed, grey_n))
            return false;
        if (r.short_of || s->made.status != PLT_OK) return false;
        memcpy(seed, grey, grey_n);
    }
    return true;
}

void xl_block_grey(xl *s)
{
    size_t rgb_n = padded((size_t)s->width * 3, s->pad), grey_n = padded(s->width, s->pad);
    plt_buf work;
    s->unpacked += (uint64_t)rgb_n * s->height;
    if (s->unpacked > UNPACKED_MAX) {
        conv_refuse(s->c, "its pictures unpack to more than any job prints");
        return;
    }
    plt_buf_init(&work, rgb_n + 2 * grey_n);
    plt_buf_clear(&s->made);
    uint8_t *rgb = plt_buf_reserve(&work, rgb_n + 2 * grey_n);
    bool good = rgb != NULL;
    if (good) memset(rgb, 0, rgb_n + 2 * grey_n);
    good = good && convert(s, rgb, rgb_n, rgb + rgb_n, rgb + rgb_n + grey_n, grey_n);
    plt_buf_free(&work);
    if (!good) {
        conv_refuse(s->c, "a picture's rows are not as long as it says");
        return;
    }
    uint32_t n = (uint32_t)s->made.len;
    uint8_t head[5] = {0xFA}; /* embedded data with a length of four bytes */
    for (size_t i = 0; i < 4; i++) head[1 + i] = (uint8_t)(n >> 8 * (s->little ? i : 3 - i));
    conv_put(s->c, head, sizeof head);
    conv_put(s->c, s->made.data, s->made.len);
}
