/* SPDX-License-Identifier: Apache-2.0 */
/*
 * PWG raster (PWG 5102.4), CUPS raster and Apple raster, page header by page header. Sides are a field of each header; but many printers want the
 * raster of a back turned or mirrored (pwg-raster-document-sheet-back), and nothing in a job of one side says which: more than one page is done only
 * for a printer that is known to take backs as they are. Grey: each pixel of 8 or 16 bits becomes its luma, run by run, so that the packed rows keep
 * their structure and nothing has to be unpacked. Counted rows are the only way to the next header: what does not fit is refused.
 */
#include <string.h>

#include "core/convert/conv.h"

#define ESC 0x1B
#define HEAD_MAX 1796
#define EXTENT_MAX (1u << 24)
#define ROW_MAX (1u << 28)
#define PIXEL_MAX 32

/* Offsets of cups_page_header2_t, which PWG raster shares. */
enum {
    C_DUPLEX = 272,
    C_TUMBLE = 368,
    C_WIDTH = 372,
    C_HEIGHT = 376,
    C_BITS = 384,
    C_PIXEL_BITS = 388,
    C_ROW_BYTES = 392,
    C_ORDER = 396,
    C_SPACE = 400,
    C_COLORS = 420, /* behind the end of version 1's header */
};
/* Offsets of Apple raster's page header. */
enum { U_PIXEL_BITS = 0, U_SPACE = 1, U_DUPLEX = 2, U_WIDTH = 12, U_HEIGHT = 16 };

static const struct format {
    char sign[9];
    uint8_t sign_n, start_n;
    bool urf, little, packed;
    uint16_t head_n;
} formats[] = {
    {"RaS2", 4, 4, false, false, true, HEAD_MAX}, {"2SaR", 4, 4, false, true, true, HEAD_MAX}, {"RaS3", 4, 4, false, false, false, HEAD_MAX},
    {"3SaR", 4, 4, false, true, false, HEAD_MAX}, {"RaSt", 4, 4, false, false, false, 420},    {"tSaR", 4, 4, false, true, false, 420},
    {"UNIRAST", 8, 12, true, false, true, 32},
};
#define FORMATS (sizeof formats / sizeof formats[0])

typedef enum raster_state { ST_START, ST_HEADER, ST_REPEAT, ST_CODE, ST_PIXELS, ST_PLAIN } raster_state;

typedef struct raster {
    conv *c;
    const struct format *format; /* NULL until the sign is complete */
    raster_state state;
    uint8_t uel;
    size_t head_n;
    uint8_t head[HEAD_MAX];
    uint64_t pages;
    /* the page */
    uint32_t width, unit; /* of a pixel in bytes */
    uint8_t bytes, parts; /* of a component; components of a pixel, when it is made grey, else 0 */
    bool inks;            /* CMYK */
    uint64_t rows, plain; /* left */
    uint32_t x, times;    /* in the row; rows it stands for */
    uint64_t left;        /* bytes of pixels to come */
    size_t pixel_n;
    uint8_t pixel[PIXEL_MAX];
} raster;

static void begin(void *state, conv *c)
{
    ((raster *)state)->c = c;
}

static uint32_t get(const raster *s, size_t at)
{
    const uint8_t *p = s->head + at;
    if (s->format->little) return (uint32_t)p[3] << 24 | (uint32_t)p[2] << 16 | (uint32_t)p[1] << 8 | p[0];
    return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

static void set(raster *s, size_t at, uint32_t v)
{
    uint8_t *p = s->head + at;
    for (size_t i = 0; i < 4; i++) p[s->format->little ? i : 3 - i] = (uint8_t)(v >> 8 * i);
}

/* ---- headers ---- */

static void set_sides(raster *s)
{
    uint8_t duplex = conv_want(s->c)->duplex;
    if (!duplex) return;
    if (s->pages && !conv_want(s->c)->plain_backs) conv_refuse(s->c, "the printer may want the raster of backs turned, and which way is not known");
    if (s->format->urf) {
        s->head[U_DUPLEX] = duplex == PLT_DUPLEX_SHORT ? 2 : 3;
    } else {
        set(s, C_DUPLEX, 1);
        set(s, C_TUMBLE, duplex == PLT_DUPLEX_SHORT);
    }
}

/* Colour spaces that become grey, by their numbers in CUPS raster and in Apple raster. */
static const struct space {
    bool urf;
    uint8_t from, to, parts;
} spaces[] = {
    {false, 19, 18, 3}, {false, 20, 18, 3}, {false, 1, 0, 3}, {true, 1, 0, 3}, {true, 3, 0, 3}, {true, 5, 4, 3}, {true, 6, 4, 4},
};

static void set_grey(raster *s, uint32_t number, uint32_t bits, uint32_t pixel_bits)
{
    const struct space *found = NULL;
    if (!conv_want(s->c)->grey) return;
    conv_unable(s->c, CONV_GREY, "its colours are not RGB or CMYK of 8 or 16 bits");
    for (size_t i = 0; i < sizeof spaces / sizeof spaces[0]; i++)
        if (spaces[i].urf == s->format->urf && spaces[i].from == number) found = &spaces[i];
    if (!found || (bits != 8 && bits != 16) || pixel_bits != bits * found->parts) return;
    if (!s->format->urf && get(s, C_ORDER) != 0) return;
    s->parts = found->parts;
    s->bytes = (uint8_t)(bits / 8);
    s->inks = found->parts == 4;
    if (s->format->urf) {
        s->head[U_PIXEL_BITS] = (uint8_t)bits;
        s->head[U_SPACE] = found->to;
        return;
    }
    set(s, C_PIXEL_BITS, bits);
    set(s, C_ROW_BYTES, s->width * s->bytes);
    set(s, C_SPACE, found->to);
    if (s->format->head_n == HEAD_MAX) set(s, C_COLORS, 1);
}

static bool page_of_cups(raster *s)
{
    uint32_t bits = get(s, C_BITS), order = get(s, C_ORDER), pixel = order ? bits : get(s, C_PIXEL_BITS), row = get(s, C_ROW_BYTES);
    s->width = get(s, C_WIDTH);
    uint32_t height = get(s, C_HEIGHT);
    if (order > 1 || !bits || bits > 16 || !pixel || pixel > PIXEL_MAX * 8 || !s->width || s->width > EXTENT_MAX || !height || height > EXTENT_MAX)
        return false;
    s->unit = (pixel + 7) / 8;
    if (row > ROW_MAX || row < ((uint64_t)s->width * pixel + 7) / 8) return false;
    set_grey(s, get(s, C_SPACE), bits, pixel);
    if (s->parts && row != s->width * s->unit) return false;
    s->rows = height;
    s->plain = s->format->packed ? 0 : s->rows * row;
    if (s->format->packed) s->width = (row + s->unit - 1) / s->unit; /* runs are of bytes where a pixel is smaller */
    return true;
}

static bool page_of_urf(raster *s)
{
    uint8_t bits = s->head[U_PIXEL_BITS], space = s->head[U_SPACE], parts = space == 6 ? 4 : space == 0 || space == 4 ? 1 : 3;
    s->width = get(s, U_WIDTH);
    s->rows = get(s, U_HEIGHT);
    if (space > 6 || !bits || bits > 64 || bits % parts || !s->width || s->width > EXTENT_MAX || !s->rows || s->rows > EXTENT_MAX) return false;
    s->unit = (bits + 7u) / 8;
    set_grey(s, space, bits / parts, bits);
    if (bits < 8) s->width = (uint32_t)(((uint64_t)s->width * bits + 7) / 8);
    return true;
}

static void page_begin(raster *s)
{
    s->parts = 0;
    s->plain = 0;
    if (!(s->format->urf ? page_of_urf(s) : page_of_cups(s))) {
        conv_refuse(s->c, "a page header gives a size that no page has");
        return;
    }
    set_sides(s);
    s->pages++;
    conv_put(s->c, s->head, s->format->head_n);
    s->head_n = 0;
    s->pixel_n = 0;
    s->left = s->plain;
    s->state = s->plain ? ST_PLAIN : ST_REPEAT;
}

static void find_format(raster *s)
{
    for (size_t i = 0; i < FORMATS; i++)
        if (s->head_n >= formats[i].sign_n && !memcmp(s->head, formats[i].sign, formats[i].sign_n)) s->format = &formats[i];
}

/* Another file's start may stand where a page header could. */
static void head_byte(raster *s, uint8_t c)
{
    s->head[s->head_n++] = c;
    if (s->state == ST_HEADER && s->head_n == s->format->sign_n && !memcmp(s->head, s->format->sign, s->head_n)) s->state = ST_START;
    if (s->state == ST_START) {
        if (!s->format) find_format(s);
        if (!s->format && s->head_n >= 8) conv_refuse(s->c, "its beginning is not that of a raster");
        if (!s->format || s->head_n < s->format->start_n) return;
        conv_put(s->c, s->head, s->head_n);
        s->head_n = 0;
        s->state = ST_HEADER;
    } else if (s->head_n == s->format->head_n) {
        page_begin(s);
    }
}

/* ---- pixels ---- */

static void put_pixel(raster *s)
{
    uint32_t v[4] = {0};
    uint8_t out[2];
    for (size_t i = 0; i < s->parts; i++) {
        const uint8_t *p = s->pixel + i * s->bytes;
        v[i] = s->bytes == 1 ? *p : s->format->little ? (uint32_t)p[1] << 8 | p[0] : (uint32_t)p[0] << 8 | p[1];
    }
    uint32_t most = s->bytes == 1 ? 255 : 65535, y = conv_luma(v[0], v[1], v[2]);
    if (s->inks) y = y + v[3] >= most ? 0 : most - y - v[3];
    out[0] = (uint8_t)(s->bytes == 1 || s->format->little ? y : y >> 8);
    out[1] = (uint8_t)(s->format->little ? y >> 8 : y);
    conv_put(s->c, out, s->bytes);
}

/* Pixels' bytes: made grey, or passed on. */
static size_t pixels(raster *s, const uint8_t *p, size_t n)
{
    size_t step = s->left < n ? (size_t)s->left : n;
    s->left -= step;
    if (!s->parts) conv_put(s->c, p, step);
    for (size_t i = 0; s->parts && i < step; i++) {
        s->pixel[s->pixel_n++] = p[i];
        if (s->pixel_n < s->unit) continue;
        put_pixel(s);
        s->pixel_n = 0;
    }
    return step;
}

static void row_end(raster *s)
{
    s->rows = s->rows > s->times ? s->rows - s->times : 0;
    s->state = s->rows ? ST_REPEAT : ST_HEADER;
}

/* PWG 5102.4 section 3: 0 to 127 repeat a pixel, 129 to 255 are pixels as they are; 128: the rest is white (Apple raster). */
static void code(raster *s, uint8_t c)
{
    uint32_t run = c < 128 ? c + 1u : 257u - c;
    conv_put(s->c, &c, 1);
    if (c == 128) {
        row_end(s);
        return;
    }
    s->x += run;
    s->left = (uint64_t)s->unit * (c < 128 ? 1 : run);
    if (s->x > s->width) conv_refuse(s->c, "a row is longer than its page is wide");
    s->state = ST_PIXELS;
}

static size_t data(raster *s, const uint8_t *p, size_t n)
{
    size_t took = 1;
    switch (s->state) {
    case ST_REPEAT:
        s->times = *p + 1u;
        s->x = 0;
        conv_put(s->c, p, 1);
        s->state = ST_CODE;
        break;
    case ST_CODE: code(s, *p); break;
    case ST_PIXELS:
        took = pixels(s, p, n);
        if (s->left) break;
        s->state = ST_CODE;
        if (s->x == s->width) row_end(s);
        break;
    default:
        took = pixels(s, p, n);
        if (!s->left) s->state = ST_HEADER;
        break;
    }
    return took;
}

/* Where a header could begin, ESC is a UEL's. True when it is complete. */
static bool between(raster *s, uint8_t c)
{
    if (!s->uel && c != ESC) {
        head_byte(s, c);
        return false;
    }
    conv_put(s->c, &c, 1);
    if (plt_pdl_uel(&s->uel, c)) return true;
    if (!s->uel) conv_refuse(s->c, "what follows the last page is no page header");
    return false;
}

static size_t feed(void *state, const uint8_t *p, size_t n, plt_feed_end *end)
{
    raster *s = state;
    for (size_t i = 0; i < n && !conv_refused(s->c);) {
        if (s->state == ST_START || (s->state == ST_HEADER && s->head_n)) {
            head_byte(s, p[i++]);
        } else if (s->state == ST_HEADER) {
            if (!between(s, p[i++])) continue;
            *end = PLT_FEED_UEL;
            return i;
        } else {
            i += data(s, p + i, n - i);
        }
    }
    return n;
}

static void end(void *state)
{
    raster *s = state;
    conv_put(s->c, s->head, s->head_n);
}

const conv_lang conv_raster = {sizeof(raster), begin, feed, end};
