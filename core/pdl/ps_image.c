/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Pictures: what their dictionary or operands say, the data that follow in the job, and the ink of their pixels. Data are framed by their
 * outermost filter or by the picture's size; where neither is in sight, they are read on as if they were program, and the page's ink is unknown.
 */
#include <string.h>

#include "core/pdl/ps.h"

#define PLANES_MAX (1u << 20)

/* ---- what is said of it ---- */

void ps_image_filter(ps_image *im, uint8_t word)
{
    static const uint8_t kinds[] = {
        [W_A85 - W_A85] = PLT_FILTER_ASCII85, [W_AHX - W_A85] = PLT_FILTER_HEX,     [W_RL - W_A85] = PLT_FILTER_RUNLENGTH,
        [W_LZW - W_A85] = PLT_FILTER_LZW,     [W_FLATE - W_A85] = PLT_FILTER_FLATE,
    };
    if (im->last || im->n == PS_CHAIN || word == W_SUBFILE)
        im->odd = true;
    else if (word == W_DCT || word == W_CCITT)
        im->last = word;
    else
        im->chain[im->n++] = (plt_filter_spec){.kind = (plt_filter_kind)kinds[word - W_A85]};
}

static uint32_t whole(double v)
{
    return v > 0 && v < 1e9 ? (uint32_t)v : 0;
}

/* key: the word before, when the token is its value. */
void ps_image_token(ps_paint *a, const ps_token *t, uint8_t key)
{
    ps_image *im = &a->image;
    if (t->kind == PS_LITERAL) {
        if (t->word == W_IMAGETYPE) im->dict = true;
        if (t->word >= W_A85 && t->word <= W_SUBFILE) ps_image_filter(im, t->word);
        return;
    }
    if (t->kind == PS_NAME) {
        if (key == W_IMAGEMASK) im->mask = t->word == W_TRUE;
        if (key == W_MULTIPLE) im->multiple = t->word == W_TRUE;
        return;
    }
    switch (key) {
    case W_WIDTH: im->width = whole(t->number); break;
    case W_HEIGHT: im->height = whole(t->number); break;
    case W_BITS: im->bits = whole(t->number); break;
    case W_PREDICTOR: im->predictor = whole(t->number); break;
    case W_COLUMNS: im->columns = whole(t->number); break;
    case W_COLORS: im->colors = whole(t->number); break;
    case W_EARLYCHANGE: im->late = t->number == 0; break;
    case W_DECODE:
        if (!a->arrays) break;
        if (a->n == a->n_array) im->inverted = t->number >= 1;
        if (t->number != 0 && t->number != 1) im->wide = true;
        break;
    default: break;
    }
}

/* ---- data ---- */

/* Filters of the chain with their parameters; how many. */
static size_t specs_of(const ps_image *im, plt_filter_spec out[PLT_FILTERS_MAX])
{
    size_t n = 0;
    for (size_t i = 0; i < im->n && n < PLT_FILTERS_MAX - 1; i++) {
        out[n] = im->chain[i];
        bool packs = out[n].kind == PLT_FILTER_LZW || out[n].kind == PLT_FILTER_FLATE;
        out[n++].late = im->late;
        if (packs && im->predictor > 1)
            out[n++] = (plt_filter_spec){
                .kind = PLT_FILTER_PREDICTOR, .predictor = im->predictor, .colors = im->colors, .columns = im->columns, .bits = im->bits};
    }
    return n;
}

bool ps_data_begin(ps *s, ps_source *src, const ps_image *im, plt_filter_sink sink, void *ctx)
{
    plt_filter_spec specs[PLT_FILTERS_MAX];
    size_t n = specs_of(im, specs);
    if (!n || (im->odd && !im->n)) return false;
    if (!src->chain) src->chain = plt_filters_make(s->host);
    if (!src->chain) return false;
    if (!plt_filters_begin(src->chain, specs, n, sink, ctx)) {
        /* At least its end. */
        ps_paint_mark(s, PLT_INK_UNKNOWN);
        if (!plt_filters_begin(src->chain, specs, 1, NULL, NULL)) return false;
    }
    src->data = src->before = src->scan.stop = true;
    src->before_cr = src->counted = false;
    return true;
}

/* The end of the line behind the operator. */
static size_t before_data(ps_source *src, uint8_t c)
{
    if (src->before_cr) {
        src->before = src->before_cr = false;
        return c == '\n';
    }
    src->before_cr = c == '\r';
    src->before = src->before_cr;
    return c == '\r' || c == '\n' || c == ' ' || c == '\t' || c == '\f' || c == 0;
}

static int hex_digit(uint8_t c)
{
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

/* readhexstring: what is no digit is passed over. */
static size_t hex_data(ps *s, ps_source *src, const uint8_t *p, size_t n)
{
    ps_pixels *x = &s->paint.pixels;
    uint8_t out[256];
    size_t i = 0, k = 0;
    while (i < n && k < sizeof out && src->left > k) {
        int v = hex_digit(p[i++]);
        if (v < 0 && p[i - 1] > ' ') { /* the program goes on: fewer data than the picture's size says */
            ps_paint_mark(s, PLT_INK_UNKNOWN);
            ps_image_sink(s, out, k);
            src->left = 0;
            return i - 1;
        }
        if (v < 0) continue;
        if (x->half) out[k++] = (uint8_t)(x->digit << 4 | v);
        x->digit = (uint8_t)v;
        x->half = !x->half;
    }
    ps_image_sink(s, out, k);
    src->left -= k;
    return i;
}

static size_t counted_data(ps *s, ps_source *src, const uint8_t *p, size_t n)
{
    size_t took = src->left < n ? (size_t)src->left : n;
    if (s->paint.image.hex) {
        took = hex_data(s, src, p, n);
    } else {
        ps_image_sink(s, p, took);
        src->left -= took;
    }
    if (!src->left) ps_data_end(s, src);
    return took;
}

size_t ps_data_feed(ps *s, ps_source *src, const uint8_t *p, size_t n)
{
    size_t took;
    if (src->before) return before_data(src, *p);
    if (src->counted) return counted_data(s, src, p, n);
    plt_filter_status status = plt_filters_feed(src->chain, p, n, &took);
    if (status == PLT_FILTER_MORE) return took;
    bool hidden = src == &s->top && s->flow.hide.on;
    if (hidden && (status == PLT_FILTER_BAD || plt_filters_broken(src->chain))) s->flow.hide.broken = true;
    if (status == PLT_FILTER_BAD || plt_filters_broken(src->chain)) ps_paint_mark(s, PLT_INK_UNKNOWN);
    ps_data_end(s, src);
    return took;
}

void ps_data_end(ps *s, ps_source *src)
{
    src->data = false;
    if (src == &s->top && s->flow.hide.on) {
        ps_hidden_end(s, true);
        return;
    }
    if (src == &s->top && s->objects.streamed) {
        ps_object_data_end(s);
        return;
    }
    ps_paint_mark(s, ps_pixels_end(s));
    memset(&s->paint.image, 0, sizeof s->paint.image);
}

/* ---- pixels ---- */

static bool jpeg_begin(ps *s)
{
    ps_paint *a = &s->paint;
    if (!a->jpeg) a->jpeg = plt_jpeg_make(s->host);
    if (!a->jpeg) return false;
    plt_jpeg_begin(a->jpeg);
    a->pixels.jpeg = true;
    return true;
}

/* Separate rows of each component, as colorimage takes them from several procedures. */
static bool planes_begin(ps *s, const ps_image *im)
{
    ps_pixels *x = &s->paint.pixels;
    if (!im->width || im->width > PLANES_MAX / x->components || x->bits != 8) return false;
    uint8_t *rows = plt_pdl_resize(s->host, x->rows, (size_t)im->width * x->components);
    if (!rows) return false;
    x->rows = rows;
    x->row = im->width;
    return true;
}

static plt_ink known_ink(const ps_image *im, const ps_space *space)
{
    switch (space->word) {
    case W_DEVICEGRAY:
    case W_CIEA: return PLT_INK_MONO;
    case W_SEPARATION: return (plt_ink)space->ink;
    case W_INDEXED:
        if (space->ink != PLT_INK_COLOR) return (plt_ink)space->ink;
        return PLT_INK_UNKNOWN;
    default: return im->last == W_CCITT ? PLT_INK_MONO : PLT_INK_UNKNOWN;
    }
}

bool ps_pixels_begin(ps *s, const ps_image *im, const ps_space *space)
{
    ps_pixels *x = &s->paint.pixels;
    uint8_t *rows = x->rows;
    memset(x, 0, sizeof *x);
    x->rows = rows;
    x->ink = known_ink(im, space);
    if (x->ink != PLT_INK_UNKNOWN || im->odd || im->last == W_CCITT) return false;
    uint8_t word = space->word == W_CIEABC ? W_DEVICERGB : space->word;
    x->components = word == W_DEVICERGB ? 3 : word == W_DEVICECMYK ? 4 : 1;
    x->bits = (uint8_t)(im->bits <= 16 ? im->bits : 0);
    x->inverted = im->inverted;
    x->palette = space->palette;
    if (im->last == W_DCT) {
        if (word == W_DEVICERGB || word == W_DEVICECMYK) x->word = jpeg_begin(s) ? word : W_NONE;
        return x->word != W_NONE;
    }
    bool direct = (word == W_DEVICERGB || word == W_DEVICECMYK) && x->bits == 8 && !im->wide;
    bool indexed = word == W_INDEXED && space->palette && (x->bits == 8 || ((x->bits == 1 || x->bits == 2 || x->bits == 4) && im->width));
    if (!direct && !indexed) return false;
    if (im->multiple && !planes_begin(s, im)) return false;
    if (indexed) x->row = im->width;
    x->word = word;
    x->ink = PLT_INK_BLANK;
    return true;
}

static void pixel_rows(ps_pixels *x, const uint8_t *p, size_t n)
{
    plt_ink ink = PLT_INK_BLANK;
    if (x->word == W_DEVICERGB) {
        ink = plt_ink_rgb_row(p, n);
        if (x->inverted && ink != PLT_INK_COLOR) ink = PLT_INK_MONO;
    } else if (!x->inverted) {
        ink = plt_ink_cmyk_row(p, n);
    } else {
        for (size_t i = 0; i + 4 <= n && ink != PLT_INK_COLOR; i += 4)
            ink = plt_ink_add(ink, plt_ink_cmyk((uint8_t)~p[i], (uint8_t)~p[i + 1], (uint8_t)~p[i + 2], (uint8_t)~p[i + 3]));
    }
    x->ink = plt_ink_add(x->ink, ink);
}

/* Whole pixels at once, and one that is cut put together. */
static void direct_pixels(ps_pixels *x, const uint8_t *p, size_t n)
{
    while (n && x->have) {
        x->rest[x->have++] = *p++;
        n--;
        if (x->have < x->components) continue;
        x->have = 0;
        pixel_rows(x, x->rest, x->components);
    }
    size_t all = n / x->components * x->components;
    if (all) pixel_rows(x, p, all);
    while (all < n) x->rest[x->have++] = p[all++];
}

static void plane_pixels(ps_pixels *x, const uint8_t *p, size_t n)
{
    uint32_t full = x->row * x->components;
    while (n) {
        size_t step = full - x->at < n ? full - x->at : n;
        memcpy(x->rows + x->at, p, step);
        x->at += (uint32_t)step;
        p += step;
        n -= step;
        if (x->at < full) return;
        x->at = 0;
        for (uint32_t i = 0; i < x->row; i++) {
            uint8_t pixel[4] = {0};
            for (uint32_t k = 0; k < x->components; k++) pixel[k] = x->rows[k * x->row + i];
            pixel_rows(x, pixel, x->components);
        }
    }
}

/* Rows begin with a byte of their own: `at` is the pixel in its row. */
static void indexed_pixels(const ps_paint *a, ps_pixels *x, const uint8_t *p, size_t n)
{
    const uint8_t *inks = a->palettes + (size_t)(x->palette - 1u) * 256;
    plt_ink ink = x->ink;
    for (size_t i = 0; i < n && ink != PLT_INK_COLOR; i++) {
        if (x->bits == 8) {
            ink = plt_ink_add(ink, (plt_ink)inks[p[i]]);
            continue;
        }
        uint32_t mask = (1u << x->bits) - 1;
        for (int shift = 8 - x->bits; shift >= 0 && x->at < x->row; shift -= x->bits, x->at++)
            ink = plt_ink_add(ink, (plt_ink)inks[p[i] >> shift & mask]);
        if (x->at == x->row) x->at = 0;
    }
    x->ink = ink;
}

bool ps_image_sink(void *ctx, const uint8_t *p, size_t n)
{
    ps *s = ctx;
    ps_paint *a = &s->paint;
    ps_pixels *x = &a->pixels;
    if (x->word == W_NONE || x->ink == PLT_INK_COLOR) return false;
    if (x->jpeg)
        plt_jpeg_feed(a->jpeg, p, n);
    else if (x->word == W_INDEXED)
        indexed_pixels(a, x, p, n);
    else if (x->row)
        plane_pixels(x, p, n);
    else
        direct_pixels(x, p, n);
    return x->ink != PLT_INK_COLOR; /* at once: what is broken behind it is then heard by nobody, however the data are cut */
}

plt_ink ps_pixels_end(ps *s)
{
    ps_paint *a = &s->paint;
    ps_pixels *x = &a->pixels;
    plt_ink ink = x->jpeg ? plt_jpeg_end(a->jpeg) : x->ink;
    if (x->inverted && ink == PLT_INK_BLANK) ink = PLT_INK_MONO;
    x->word = W_NONE;
    x->jpeg = false;
    x->ink = PLT_INK_BLANK;
    return ink;
}

/* ---- painting one ---- */

/* width height bits [matrix] ... image: the numbers before the matrix. */
static void operands(ps_paint *a, ps_image *im)
{
    if (a->n_array < 3 || a->n_array > a->n) return;
    const double *v = a->numbers + a->n_array - 3;
    im->width = whole(v[0]);
    im->height = whole(v[1]);
    im->bits = whole(v[2]);
}

/* Data that procedures read from the job, by the picture's size. */
static bool sized_data(ps *s, ps_source *src, const ps_image *im, uint32_t components)
{
    if (im->odd || !im->file || !(im->hex || im->raw) || !im->width || !im->height || !im->bits || im->bits > 16) return false;
    uint64_t row = im->multiple ? ((uint64_t)im->width * im->bits + 7) / 8 * components : ((uint64_t)im->width * components * im->bits + 7) / 8;
    src->left = row * im->height;
    src->data = src->before = src->counted = src->scan.stop = true;
    src->before_cr = false;
    s->paint.pixels.half = false;
    return true;
}

void ps_image_paint(ps *s, ps_source *src, uint8_t act)
{
    ps_paint *a = &s->paint;
    ps_image *im = &a->image;
    ps_space space = a->now.slot[SLOT_MAIN].space;
    uint32_t components = 1;
    if (!im->dict) {
        operands(a, im);
        space = ps_space_of(W_DEVICEGRAY);
    }
    if (act == A_COLORIMAGE) {
        double v = a->n ? a->numbers[a->n - 1] : 0;
        components = v == 3 ? 3 : v == 4 ? 4 : 1;
        space = ps_space_of(v == 3 ? W_DEVICERGB : v == 4 ? W_DEVICECMYK : v == 1 ? W_DEVICEGRAY : W_NONE);
        im->multiple = a->flag;
    } else if (act == A_MASK) {
        ps_paint_by(s, BY_FILL);
        im->bits = 1;
        space = ps_space_of(W_DEVICEGRAY);
    } else if (im->dict) {
        components = space.word == W_DEVICERGB || space.word == W_CIEABC ? 3 : space.word == W_DEVICECMYK ? 4 : 1;
    } else if (!im->width) {
        space = ps_space_of(W_NONE); /* a procedure's picture, of which nothing is in sight */
    }
    if (act != A_MASK && space.word == W_NONE) im->odd = true;
    bool looked = ps_pixels_begin(s, im, &space);
    bool follows = !a->braces && im->file && (ps_data_begin(s, src, im, ps_image_sink, s) || sized_data(s, src, im, components));
    if (act == A_MASK) a->pixels.ink = PLT_INK_BLANK;
    if (looked && !follows) a->pixels.ink = PLT_INK_UNKNOWN;
    if (follows) return;
    ps_paint_mark(s, a->pixels.ink);
    a->pixels.word = W_NONE;
    a->pixels.jpeg = false;
    memset(im, 0, sizeof *im);
}
