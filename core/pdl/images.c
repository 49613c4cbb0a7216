/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Pictures sent as they are. A picture is a page (HP QuickConnect sends a JPEG for each page, one behind the other); a TIFF file is as many as it has
 * directories. JPEG, PNG and GIF say where they end; a BMP says how long it is; TIFF ends with the job or at a UEL. What follows
 * a picture and is neither another one nor filler makes the count an estimate.
 */
#include <string.h>

#include "core/pdl/jpeg.h"
#include "core/pdl/lang.h"
#include "core/pdl/paper.h"
#include "core/pdl/png.h"
#include "core/pdl/tiff.h"

/* ---- what all have in common ---- */

/* One kind of picture file. */
typedef struct kind {
    const uint8_t sign[8];
    size_t sign_n;
} kind;

typedef struct images {
    plt_pdl_host *host;
    const kind *kind;
    bool in_picture, ended, junk;
    bool whole; /* the picture at hand reached its end */
    uint8_t uel;
    size_t sign_have; /* of another picture's sign, behind a picture */
    plt_jpeg *jpeg;
    plt_png *png;
    plt_tiff *tiff;
    /* GIF and BMP */
    uint8_t state, flags;
    uint32_t have;
    uint64_t left, at;
    uint8_t b[64];
    plt_ink ink;
    uint32_t row_bytes, bits, data_at;
    uint8_t rgb[4];
} images;

static const kind jpeg_kind = {{0xFF, 0xD8, 0xFF}, 3};
static const kind png_kind = {{0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n'}, 8};
static const kind gif_kind = {{'G', 'I', 'F', '8'}, 4};
static const kind bmp_kind = {{'B', 'M'}, 2};

static plt_probe probe_sign(const kind *k, const uint8_t *p, size_t n)
{
    if (memcmp(p, k->sign, n < k->sign_n ? n : k->sign_n) != 0) return PLT_PROBE_NO;
    return n < k->sign_n ? PLT_PROBE_MORE : PLT_PROBE_YES;
}

static void begin_kind(images *s, plt_pdl_host *h, const kind *k)
{
    s->host = h;
    s->kind = k;
    s->in_picture = true;
    plt_pdl_touch(h);
}

static void page(images *s, plt_ink ink)
{
    plt_pdl_page(s->host,
                 &(plt_pdl_page_info){.duplex = PLT_UNSAID, .ink = plt_pdl_count_only(s->host) && ink != PLT_INK_PLAIN ? PLT_INK_UNKNOWN : ink});
}

/* The picture is over: another one of its kind may follow. */
static void picture_end(images *s, plt_ink ink)
{
    page(s, ink);
    s->in_picture = false;
    s->sign_have = 0;
}

static bool filler(uint8_t c)
{
    return c == 0 || c == '\r' || c == '\n' || c == ' ' || c == 4;
}

/* A byte between pictures; a reset of the printer (ESC E) is none of another language. True when a UEL is complete; *again when another picture's
 * sign is. */
static bool between(images *s, uint8_t c, bool *again)
{
    bool escape = s->uel == 1;
    *again = false;
    if (plt_pdl_uel(&s->uel, c)) return true;
    if (s->uel || (escape && c == 'E')) return false;
    if (c == s->kind->sign[s->sign_have]) {
        s->sign_have++;
        *again = s->sign_have == s->kind->sign_n;
    } else {
        if (s->sign_have || !filler(c)) s->junk = true;
        s->sign_have = c == s->kind->sign[0];
    }
    return false;
}

/* Cut short: it was begun, and devices print what they have. */
static void end_of_job(images *s, plt_ink ink)
{
    if (s->in_picture) {
        page(s, ink);
        plt_pdl_doubt(s->host, PLT_ON_PAGES, PLT_CONF_ESTIMATED, "the picture does not end");
    }
    if (s->junk) plt_pdl_doubt(s->host, PLT_ON_PAGES, PLT_CONF_ESTIMATED, "other data follow the picture");
}

typedef size_t feed_picture(images *s, const uint8_t *p, size_t n);

/* Feeds the picture at hand, or looks for the next one. `restart` begins another one, whose sign is given to it. */
static size_t feed_all(images *s, const uint8_t *p, size_t n, plt_feed_end *end, feed_picture *feed, void (*restart)(images *s))
{
    size_t i = 0;
    while (i < n) {
        if (s->in_picture) {
            i += feed(s, p + i, n - i);
            continue;
        }
        bool again;
        if (between(s, p[i++], &again)) {
            *end = PLT_FEED_UEL;
            return i;
        }
        if (!again) continue;
        restart(s);
        s->in_picture = true;
        feed(s, s->kind->sign, s->kind->sign_n);
    }
    return n;
}

/* ---- JPEG ---- */

static plt_probe probe_jpeg(const plt_pdl_env *env, const uint8_t *p, size_t n, bool last)
{
    (void)env, (void)last;
    return probe_sign(&jpeg_kind, p, n);
}

static void begin_jpeg(void *state, plt_pdl_host *h)
{
    images *s = state;
    begin_kind(s, h, &jpeg_kind);
    s->jpeg = plt_jpeg_make(h);
    if (s->jpeg)
        plt_jpeg_begin(s->jpeg);
    else
        plt_pdl_doubt(h, PLT_ON_PAGES, PLT_CONF_UNKNOWN, "the analysis ran out of memory");
}

/* A grey picture may be all white: that was not looked at. */
static plt_ink jpeg_ink(const images *s)
{
    plt_ink ink = s->jpeg ? plt_jpeg_end(s->jpeg) : PLT_INK_UNKNOWN;
    return ink == PLT_INK_MONO ? PLT_INK_PLAIN : ink;
}

static size_t jpeg_bytes(images *s, const uint8_t *p, size_t n)
{
    size_t took = plt_jpeg_feed(s->jpeg, p, n);
    if (plt_jpeg_ended(s->jpeg)) picture_end(s, jpeg_ink(s));
    return took;
}

static void restart_jpeg(images *s)
{
    plt_jpeg_begin(s->jpeg);
}

static size_t feed_jpeg(void *state, const uint8_t *p, size_t n, plt_feed_end *end)
{
    images *s = state;
    return s->jpeg ? feed_all(s, p, n, end, jpeg_bytes, restart_jpeg) : n;
}

static void end_jpeg(void *state)
{
    images *s = state;
    end_of_job(s, jpeg_ink(s));
}

const plt_pdl_lang plt_pdl_jpeg = {"JPEG", sizeof(images), probe_jpeg, begin_jpeg, feed_jpeg, end_jpeg};

/* ---- PNG ---- */

static plt_probe probe_png(const plt_pdl_env *env, const uint8_t *p, size_t n, bool last)
{
    (void)env, (void)last;
    return probe_sign(&png_kind, p, n);
}

static void begin_png(void *state, plt_pdl_host *h)
{
    images *s = state;
    begin_kind(s, h, &png_kind);
    s->png = plt_png_make(h);
    if (s->png)
        plt_png_begin(s->png);
    else
        plt_pdl_doubt(h, PLT_ON_PAGES, PLT_CONF_UNKNOWN, "the analysis ran out of memory");
}

static size_t png_bytes(images *s, const uint8_t *p, size_t n)
{
    size_t took = plt_png_feed(s->png, p, n);
    if (plt_png_ended(s->png)) picture_end(s, plt_png_end(s->png));
    return took;
}

static void restart_png(images *s)
{
    plt_png_begin(s->png);
}

static size_t feed_png(void *state, const uint8_t *p, size_t n, plt_feed_end *end)
{
    images *s = state;
    return s->png ? feed_all(s, p, n, end, png_bytes, restart_png) : n;
}

static void end_png(void *state)
{
    images *s = state;
    end_of_job(s, s->png ? plt_png_end(s->png) : PLT_INK_UNKNOWN);
}

const plt_pdl_lang plt_pdl_png = {"PNG", sizeof(images), probe_png, begin_png, feed_png, end_png};

/* ---- GIF (89a): blocks; grey when no palette has a coloured entry ---- */

enum { G_HEAD, G_COLORS, G_BLOCK, G_LABEL, G_IMAGE, G_CODE, G_LENGTH, G_DATA };

static plt_probe probe_gif(const plt_pdl_env *env, const uint8_t *p, size_t n, bool last)
{
    (void)env, (void)last;
    return probe_sign(&gif_kind, p, n);
}

static void restart_gif(images *s)
{
    s->state = G_HEAD;
    s->have = 0;
    s->ink = PLT_INK_PLAIN;
}

static void begin_gif(void *state, plt_pdl_host *h)
{
    begin_kind(state, h, &gif_kind);
    restart_gif(state);
}

static void gif_table(images *s, uint8_t flags, uint8_t otherwise)
{
    s->flags = otherwise;
    s->have = 0;
    s->left = flags & 0x80 ? (uint64_t)3 << ((flags & 7) + 1) : 0;
    s->state = s->left ? G_COLORS : otherwise;
}

static void gif_byte(images *s, uint8_t c)
{
    switch (s->state) {
    case G_HEAD:
        s->b[s->have++] = c;
        if (s->have == 13) gif_table(s, s->b[10], G_BLOCK);
        break;
    case G_COLORS:
        s->rgb[s->have++] = c;
        if (s->have == 3) {
            s->have = 0;
            if (plt_ink_rgb(s->rgb[0], s->rgb[1], s->rgb[2]) == PLT_INK_COLOR) s->ink = PLT_INK_UNKNOWN; /* perhaps not used */
        }
        if (!--s->left) s->state = s->flags;
        break;
    case G_BLOCK:
        s->have = 0;
        s->state = c == 0x2C ? G_IMAGE : G_LABEL;
        if (c == 0x3B) picture_end(s, s->ink);
        break;
    case G_LABEL: s->state = G_LENGTH; break;
    case G_IMAGE:
        s->b[s->have++] = c;
        if (s->have == 9) gif_table(s, s->b[8], G_CODE);
        break;
    case G_CODE: s->state = G_LENGTH; break;
    case G_LENGTH:
        s->left = c;
        s->state = c ? G_DATA : G_BLOCK;
        break;
    default:
        if (!--s->left) s->state = G_LENGTH;
        break;
    }
}

static size_t gif_bytes(images *s, const uint8_t *p, size_t n)
{
    size_t i = 0;
    while (i < n && s->in_picture) gif_byte(s, p[i++]);
    return i;
}

static size_t feed_gif(void *state, const uint8_t *p, size_t n, plt_feed_end *end)
{
    return feed_all(state, p, n, end, gif_bytes, restart_gif);
}

static void end_blocks(void *state)
{
    images *s = state;
    end_of_job(s, s->ink == PLT_INK_COLOR ? s->ink : PLT_INK_UNKNOWN);
}

const plt_pdl_lang plt_pdl_gif = {"GIF", sizeof(images), probe_gif, begin_gif, feed_gif, end_blocks};

/* ---- BMP: rows of pixels as they are, 24 and 32 bits; others by their palette ---- */

enum { B_HEAD = 54, B_SIZE_AT = 2, B_DATA_AT = 10, B_WIDTH_AT = 18, B_BITS_AT = 28, B_PACKED_AT = 30, B_USED_AT = 46 };

static uint32_t le32(const uint8_t *p)
{
    return (uint32_t)p[3] << 24 | (uint32_t)p[2] << 16 | (uint32_t)p[1] << 8 | p[0];
}

/* "BM" alone is how a text may begin: the header must agree with itself. */
static plt_probe probe_bmp(const plt_pdl_env *env, const uint8_t *p, size_t n, bool last)
{
    plt_probe sign = probe_sign(&bmp_kind, p, n);
    (void)env, (void)last;
    if (sign != PLT_PROBE_YES) return sign;
    if (n < B_HEAD) return PLT_PROBE_MORE;
    uint32_t size = le32(p + B_SIZE_AT), data = le32(p + B_DATA_AT), head = le32(p + 14);
    bool fits = !p[6] && !p[7] && !p[8] && !p[9] && data >= 14 + head && head >= 40 && head <= 124 && (size >= data || !size) && p[26] == 1 && !p[27];
    return fits ? PLT_PROBE_YES : PLT_PROBE_NO;
}

static void restart_bmp(images *s)
{
    s->have = 0;
    s->at = 0;
    s->left = 0;
    s->row_bytes = 0;
    s->ink = PLT_INK_PLAIN;
}

static void begin_bmp(void *state, plt_pdl_host *h)
{
    begin_kind(state, h, &bmp_kind);
    restart_bmp(state);
}

static void bmp_head(images *s)
{
    uint32_t width = le32(s->b + B_WIDTH_AT), height = le32(s->b + B_WIDTH_AT + 4);
    if (height >> 31) height = 0u - height; /* from the top */
    s->bits = s->b[B_BITS_AT];
    s->data_at = le32(s->b + B_DATA_AT);
    s->left = le32(s->b + B_SIZE_AT);
    uint64_t row = ((uint64_t)width * s->bits + 31) / 32 * 4;
    bool direct = (s->bits == 24 || s->bits == 32) && !le32(s->b + B_PACKED_AT) && width && row < 1u << 30;
    s->row_bytes = direct ? (uint32_t)(width * (uint64_t)s->bits / 8) : 0;
    if (direct) s->left = s->data_at + row * height;
    bool palette = s->bits <= 8 && s->data_at > B_HEAD && s->b[14] == 40;
    if (direct && s->bits == 24) s->ink = PLT_INK_BLANK;
    if (!direct) s->ink = palette ? PLT_INK_PLAIN : PLT_INK_UNKNOWN;
    if (s->left < B_HEAD) s->left = UINT64_MAX; /* not said: to the end */
}

/* Grey when no entry is coloured: which ones are used is not looked at. */
static void bmp_palette_byte(images *s, uint8_t c)
{
    uint64_t at = s->at - B_HEAD;
    s->rgb[at % 4] = c;
    if (at % 4 == 3 && plt_ink_rgb(s->rgb[0], s->rgb[1], s->rgb[2]) == PLT_INK_COLOR) s->ink = PLT_INK_UNKNOWN;
}

static void bmp_pixel_byte(images *s, uint8_t c)
{
    uint32_t step = s->bits / 8;
    uint64_t row = (s->row_bytes + 3u) / 4u * 4u, at = (s->at - s->data_at) % row;
    if (at >= s->row_bytes || s->ink == PLT_INK_COLOR) return;
    s->rgb[at % step] = c;
    if (at % step != step - 1) return;
    plt_ink ink = plt_ink_rgb(s->rgb[0], s->rgb[1], s->rgb[2]);
    s->ink = plt_ink_add(s->ink, step == 4 && ink != PLT_INK_COLOR ? PLT_INK_PLAIN : ink); /* the fourth byte may be anything */
}

/* Whole pixels up to the end of the row, or all that is left once the answer is certain; 0: byte by byte. */
static size_t bmp_run(images *s, const uint8_t *p, size_t n)
{
    if (s->have < B_HEAD || s->at < s->data_at || s->left - s->at < 2) return 0;
    size_t most = s->left - s->at - 1 < n ? (size_t)(s->left - s->at - 1) : n;
    if (!s->row_bytes || s->ink == PLT_INK_COLOR || plt_pdl_count_only(s->host)) return most;
    uint64_t row = (s->row_bytes + 3u) / 4u * 4u, at = (s->at - s->data_at) % row;
    if (s->bits != 24 || at % 3 || at >= s->row_bytes) return 0;
    size_t here = (size_t)(s->row_bytes - at) < most ? (size_t)(s->row_bytes - at) : most;
    here -= here % 3;
    if (here) s->ink = plt_ink_add(s->ink, plt_ink_rgb_row(p, here));
    return here;
}

static size_t bmp_bytes(images *s, const uint8_t *p, size_t n)
{
    size_t i = 0;
    for (; i < n && s->in_picture; i++, s->at++) {
        size_t run = bmp_run(s, p + i, n - i);
        if (run) {
            s->at += run - 1;
            i += run - 1;
            continue;
        }
        if (s->have < B_HEAD) {
            s->b[s->have++] = p[i];
            if (s->have == B_HEAD) bmp_head(s);
        } else if (s->row_bytes && s->at >= s->data_at) {
            bmp_pixel_byte(s, p[i]);
        } else if (!s->row_bytes && s->at < s->data_at) {
            bmp_palette_byte(s, p[i]);
        }
        if (s->have == B_HEAD && s->at + 1 >= s->left) picture_end(s, s->ink);
    }
    return i;
}

static size_t feed_bmp(void *state, const uint8_t *p, size_t n, plt_feed_end *end)
{
    return feed_all(state, p, n, end, bmp_bytes, restart_bmp);
}

const plt_pdl_lang plt_pdl_bmp = {"BMP", sizeof(images), probe_bmp, begin_bmp, feed_bmp, end_blocks};

/* ---- TIFF ---- */

static plt_probe probe_tiff(const plt_pdl_env *env, const uint8_t *p, size_t n, bool last)
{
    (void)env, (void)last;
    size_t m = n < 4 ? n : 4;
    if (memcmp(p, "II*\0", m) != 0 && memcmp(p, "MM\0*", m) != 0) return PLT_PROBE_NO;
    return n < 4 ? PLT_PROBE_MORE : PLT_PROBE_YES;
}

static void begin_tiff(void *state, plt_pdl_host *h)
{
    images *s = state;
    s->host = h;
    plt_pdl_touch(h);
    s->tiff = plt_tiff_make(h);
    if (s->tiff)
        plt_tiff_begin(s->tiff);
    else
        plt_pdl_doubt(h, PLT_ON_PAGES, PLT_CONF_UNKNOWN, "the analysis ran out of memory");
}

/* Nothing says where a TIFF file ends: nine bytes of a UEL among its pixels are too unlikely to be thought of. */
static size_t feed_tiff(void *state, const uint8_t *p, size_t n, plt_feed_end *end)
{
    images *s = state;
    bool uel;
    size_t took = plt_pdl_find_uel(&s->uel, p, n, &uel);
    if (s->tiff) plt_tiff_feed(s->tiff, p, took);
    if (uel) *end = PLT_FEED_UEL;
    return took;
}

static void end_tiff(void *state)
{
    images *s = state;
    const char *why = NULL;
    if (!s->tiff) return;
    bool cut;
    uint64_t n = plt_tiff_end(s->tiff, &why, &cut);
    if (cut) plt_pdl_doubt(s->host, PLT_ON_PAGES, PLT_CONF_ESTIMATED, "the file ends within a picture");
    for (uint64_t i = 0; i < n; i++) {
        const plt_tiff_picture *p = plt_tiff_at(s->tiff, i);
        char paper[PLT_PAPER_NAME] = "";
        bool fax = p && p->fax_um && !plt_paper_known(p->width_um, p->height_um);
        if (p) plt_paper_by_um(paper, fax ? p->fax_um : p->width_um, p->height_um);
        plt_pdl_page(s->host, &(plt_pdl_page_info){.duplex = PLT_UNSAID, .ink = p ? p->ink : plt_tiff_ink(s->tiff), .paper = paper});
    }
    if (why || !n) plt_pdl_doubt(s->host, PLT_ON_PAGES, PLT_CONF_UNKNOWN, why ? why : "the TIFF file has no picture");
}

const plt_pdl_lang plt_pdl_tiff = {"TIFF", sizeof(images), probe_tiff, begin_tiff, feed_tiff, end_tiff};
