/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a picture's samples say of its colour. Often its colour space is an object that comes later in the file, so samples are looked at as one,
 * three and four components at once, and the right answer is taken in the end. No sample is left out.
 */
#include <string.h>

#include "core/pdl/jpeg.h"
#include "core/pdl/pdf.h"

/* Up to this size a picture is read to its end, even when its colour is known, to see that it is whole. */
#define WHOLE_MAX 65536u

static uint32_t size(const pdf *f, pdf_val dict, uint32_t name, uint32_t other)
{
    int64_t n = pdf_int(pdf_follow(f, pdf_get2(dict, name, other)), 0);
    return n > 0 && n <= INT32_MAX ? (uint32_t)n : 0;
}

static void blank(pdf_image *im)
{
    memset(&im->facts, 0, sizeof im->facts);
    im->facts.rgb = im->parts == 0 || im->parts == 3 ? PLT_INK_BLANK : PLT_INK_UNKNOWN;
    im->facts.cmyk = im->parts == 0 || im->parts == 4 ? PLT_INK_BLANK : PLT_INK_UNKNOWN;
    if (im->parts > 1) im->facts.gray = 4;
    im->row_at = 0;
    im->carry_n = 0;
    im->low = im->is_jpeg = im->done = false;
}

static void no_samples(pdf_image *im)
{
    im->facts.rgb = im->facts.cmyk = PLT_INK_UNKNOWN;
    im->facts.gray = 4;
    memset(im->facts.used, 255, sizeof im->facts.used);
    im->done = true;
}

void pdf_image_begin(pdf *f, pdf_image *im, pdf_val dict, const pdf_coder *c)
{
    pdf_val space = pdf_get2(dict, PDF_N_ColorSpace, PDF_N_CS);
    bool mask = pdf_true(pdf_follow(f, pdf_get2(dict, PDF_N_ImageMask, PDF_N_IM)));
    im->width = size(f, dict, PDF_N_Width, PDF_N_W);
    im->height = size(f, dict, PDF_N_Height, PDF_N_H);
    im->bits = size(f, dict, PDF_N_BitsPerComponent, PDF_N_BPC);
    if (!im->bits || im->bits > 16) im->bits = 8;
    im->parts = pdf_space_parts(f, space);
    if (!im->parts) im->parts = c->colors;
    if (mask) im->parts = im->bits = 1;
    if (!im->parts && im->bits < 8) im->parts = 1; /* rows are padded: others are not expected, and are not looked at */
    blank(im);
    uint64_t bits = (uint64_t)im->width * im->parts * im->bits;
    im->row_n = (uint32_t)((uint64_t)im->width * im->parts > UINT32_MAX ? UINT32_MAX : im->width * im->parts);
    im->left = im->parts && bits / 8 < UINT32_MAX ? (bits + 7) / 8 * im->height : UINT64_MAX;
    im->whole = im->left <= WHOLE_MAX;
    im->index = im->parts <= 1 && im->bits <= 8 && !pdf_name_of(pdf_follow(f, space));
    im->facts.mask = mask;
    im->done = mask;
    if (im->bits != 1 && im->bits != 2 && im->bits != 4 && im->bits != 8 && im->bits != 16) no_samples(im);
    if (c->codec != PDF_CODEC_DCT) return;
    if (!im->jpeg) im->jpeg = plt_jpeg_make(f->host);
    if (im->jpeg) plt_jpeg_begin(im->jpeg);
    im->is_jpeg = true;
    im->left = UINT64_MAX;
}

void pdf_table_begin(const pdf *f, pdf_image *im, pdf_val dict)
{
    im->parts = (uint32_t)pdf_length(pdf_follow(f, pdf_get(dict, PDF_N_Range))) / 2;
    im->bits = size(f, dict, PDF_N_BitsPerSample, PDF_N_BitsPerSample);
    im->width = im->height = 1;
    if (!im->parts || im->parts > 4) im->parts = 2;
    blank(im);
    im->facts.mask = 0;
    im->index = false;
    im->left = UINT64_MAX;
    im->whole = false;
    if (im->bits == 8 || im->bits == 16) return;
    no_samples(im); /* packed across its rows, which is rare */
}

/* ---- bytes of whole samples ---- */

static void mark_used(pdf_image *im, const uint8_t *p, size_t n)
{
    bool all = true;
    for (size_t i = 0; i < n; i++) im->facts.used[p[i] >> 3] |= (uint8_t)(1u << (p[i] & 7));
    for (size_t i = 0; i < sizeof im->facts.used; i++) all = all && im->facts.used[i] == 255;
    if (all) im->index = false;
}

static void one_part(pdf_image *im, const uint8_t *p, size_t n)
{
    uint8_t *gray = &im->facts.gray;
    if (!(*gray & 1) && plt_ink_any_but(p, n, 255)) *gray |= 1;
    if (!(*gray & 2) && plt_ink_any_but(p, n, 0)) *gray |= 2;
    if (im->index) mark_used(im, p, n);
}

/* A multiple of twelve bytes, or the last ones. */
static void bytes(pdf_image *im, const uint8_t *p, size_t n)
{
    pdf_samples *s = &im->facts;
    if (im->parts <= 1) one_part(im, p, n);
    if ((im->parts == 0 || im->parts == 3) && s->rgb != PLT_INK_COLOR) s->rgb = (uint8_t)plt_ink_add((plt_ink)s->rgb, plt_ink_rgb_row(p, n));
    if ((im->parts == 0 || im->parts == 4) && s->cmyk != PLT_INK_COLOR) s->cmyk = (uint8_t)plt_ink_add((plt_ink)s->cmyk, plt_ink_cmyk_row(p, n));
    bool one = im->parts > 1 || ((s->gray & 3) == 3 && !im->index);
    bool three = s->rgb == PLT_INK_COLOR || (im->parts != 0 && im->parts != 3);
    bool four = s->cmyk == PLT_INK_COLOR || (im->parts != 0 && im->parts != 4);
    if (one && three && four) im->done = true;
}

static void twelves(pdf_image *im, const uint8_t *p, size_t n)
{
    const size_t unit = sizeof im->carry;
    if (im->carry_n) {
        size_t step = unit - im->carry_n < n ? unit - im->carry_n : n;
        memcpy(im->carry + im->carry_n, p, step);
        im->carry_n = (uint8_t)(im->carry_n + step);
        p += step;
        n -= step;
        if (im->carry_n < unit) return;
        im->carry_n = 0;
        bytes(im, im->carry, unit);
    }
    size_t whole = n / unit * unit;
    if (whole) bytes(im, p, whole);
    memcpy(im->carry, p + whole, n - whole);
    im->carry_n = (uint8_t)(n - whole);
}

static void sixteen(pdf_image *im, const uint8_t *p, size_t n)
{
    uint8_t high[480];
    size_t m = 0;
    for (size_t i = 0; i < n; i++) {
        if (!im->low) high[m++] = p[i];
        im->low = !im->low;
        if (m == sizeof high) twelves(im, high, m), m = 0;
    }
    if (m) twelves(im, high, m);
}

/* ---- below eight bits ---- */

static void bit_used(pdf_image *im, uint8_t value)
{
    im->facts.used[0] |= (uint8_t)(1u << value);
    im->facts.gray |= value ? 2 : 1;
    if ((im->facts.gray & 3) == 3) im->done = true;
}

/* Rows of one bit: bytes that are alike go in runs; in a row's last byte some bits are none of it. */
static void one_bit(pdf_image *im, const uint8_t *p, size_t n)
{
    for (size_t i = 0; i < n && !im->done;) {
        uint32_t left = im->row_n - im->row_at;
        size_t whole = left / 8 < n - i ? left / 8 : n - i;
        if (whole) {
            if (plt_ink_any_but(p + i, whole, 0xFF)) bit_used(im, 0);
            if (plt_ink_any_but(p + i, whole, 0)) bit_used(im, 1);
            i += whole;
            im->row_at += (uint32_t)whole * 8;
        } else {
            uint8_t in_row = (uint8_t)(0xFF00u >> left);
            if ((p[i] & in_row) != in_row) bit_used(im, 0);
            if (p[i] & in_row) bit_used(im, 1);
            im->row_at = im->row_n;
            i++;
        }
        if (im->row_at == im->row_n) im->row_at = 0;
    }
}

static void few_bits(pdf_image *im, const uint8_t *p, size_t n)
{
    uint8_t out[512];
    size_t m = 0;
    const uint32_t bits = im->bits, most = (1u << bits) - 1;
    bool index = im->index;
    im->index = false; /* the values are marked here, before they are scaled */
    for (size_t i = 0; i < n && (index || !im->done); i++) {
        for (uint32_t shift = 8; shift >= bits && im->row_at < im->row_n; im->row_at++) {
            shift -= bits;
            uint32_t v = (uint32_t)p[i] >> shift & most;
            if (index) im->facts.used[v >> 3] |= (uint8_t)(1u << (v & 7));
            out[m++] = (uint8_t)(v * 255 / most);
        }
        if (im->row_at == im->row_n) im->row_at = 0;
        if (m > sizeof out - 8) twelves(im, out, m), m = 0;
    }
    if (m) twelves(im, out, m);
    im->index = index;
    if (index) im->done = false;
}

/* ---- the picture ---- */

bool pdf_image_settled(const pdf_image *im)
{
    return im->done && (!im->whole || im->facts.mask);
}

bool pdf_image_bytes(void *ctx, const uint8_t *p, size_t n)
{
    pdf_image *im = ctx;
    if (n > im->left) n = (size_t)im->left;
    if (im->left != UINT64_MAX) im->left -= n;
    if (im->done) return !pdf_image_settled(im);
    if (im->is_jpeg) {
        if (im->jpeg) plt_jpeg_feed(im->jpeg, p, n);
    } else if (im->bits == 8) {
        twelves(im, p, n);
    } else if (im->bits == 16) {
        sixteen(im, p, n);
    } else if (!im->row_n) {
        im->done = true;
    } else if (im->bits == 1 && im->parts == 1) {
        one_bit(im, p, n);
    } else {
        few_bits(im, p, n);
    }
    return !pdf_image_settled(im);
}

/* Fewer samples than its size wants: broken in a way that no filter sees. Large pictures that are coloured are not read to their end. */
static bool cut_short(const pdf_image *im)
{
    return !im->is_jpeg && im->left != UINT64_MAX && im->left > 0 && !pdf_image_settled(im);
}

void pdf_image_end(pdf_image *im, bool broken)
{
    pdf_samples *s = &im->facts;
    if (im->carry_n) bytes(im, im->carry, im->carry_n);
    im->carry_n = 0;
    if (im->is_jpeg && !broken) {
        plt_ink ink = im->jpeg ? plt_jpeg_end(im->jpeg) : PLT_INK_UNKNOWN;
        if (ink == PLT_INK_MONO) ink = PLT_INK_PLAIN; /* whether anything is on it was not looked at */
        s->rgb = s->cmyk = (uint8_t)ink;
        s->gray = 4;
    }
    if (!broken && !cut_short(im)) return;
    if (cut_short(im)) s->rgb = s->cmyk = PLT_INK_UNKNOWN;
    if (s->rgb != PLT_INK_COLOR) s->rgb = PLT_INK_UNKNOWN;
    if (s->cmyk != PLT_INK_COLOR) s->cmyk = PLT_INK_UNKNOWN;
    s->gray |= 4;
    memset(s->used, 255, sizeof s->used);
}
