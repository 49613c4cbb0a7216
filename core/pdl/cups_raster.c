/* SPDX-License-Identifier: Apache-2.0 */
/*
 * CUPS raster in its three versions and both byte orders, and PWG raster (PWG 5102.4), which is version 2 with the name
 * PwgRaster in its headers. A header gives the size of the page's pixels, so a page never ends by what its data look like.
 */
#include <string.h>

#include "core/pdl/raster_job.h"

/* Offsets of cups_page_header2_t (CUPS Raster Format); a header of version 1 ends behind ROW_STEP. */
enum {
    DUPLEX = 272,
    RESOLUTION_X = 276,
    RESOLUTION_Y = 280,
    COPIES = 340,
    PAGE_WIDTH = 352, /* points */
    PAGE_HEIGHT = 356,
    TUMBLE = 368,
    WIDTH = 372,
    HEIGHT = 376,
    BITS_PER_COLOR = 384,
    BITS_PER_PIXEL = 388,
    ROW_BYTES = 392,
    ORDER = 396,
    SPACE = 400,
    V1_SIZE = 420,
    V2_SIZE = RASTER_HEAD_MAX,
};

static const struct sync {
    char bytes[5];
    bool little, packed;
    size_t head_size;
} syncs[] = {
    {"RaS2", false, true, V2_SIZE}, {"2SaR", true, true, V2_SIZE},   {"RaS3", false, false, V2_SIZE},
    {"3SaR", true, false, V2_SIZE}, {"RaSt", false, false, V1_SIZE}, {"tSaR", true, false, V1_SIZE},
};

/* cups_cspace_t. RGBA: Ghostscript puts its fourth component first, so that white cannot be told. */
static const struct space {
    uint8_t number;
    raster_space space;
    uint8_t colors;
} spaces[] = {
    {0, RASTER_GRAY, 1},  {1, RASTER_RGB, 3},   {2, RASTER_UNSEEN, 4}, {3, RASTER_BLACK, 1},   {4, RASTER_CMY, 3},     {5, RASTER_YMC, 3},
    {6, RASTER_CMYK, 4},  {7, RASTER_YMCK, 4},  {8, RASTER_KCMY, 4},   {9, RASTER_KCMYCM, 6},  {10, RASTER_INKS, 4},   {11, RASTER_INKS, 4},
    {12, RASTER_INKS, 1}, {13, RASTER_INKS, 1}, {14, RASTER_INKS, 1},  {15, RASTER_UNSEEN, 3}, {16, RASTER_UNSEEN, 3}, {17, RASTER_RGBW, 4},
    {18, RASTER_GRAY, 1}, {19, RASTER_RGB, 3},  {20, RASTER_RGB, 3},
};
#define ICC_1 32
#define DEVICE_1 48
#define COLORS_MAX 15

#define PWG_CLASS "PwgRaster" /* the media class, ended by a NUL */

typedef struct cups {
    raster_job job;
    bool pwg;
} cups;

static const struct sync *sync_of(const uint8_t *p)
{
    for (size_t i = 0; i < sizeof syncs / sizeof syncs[0]; i++)
        if (!memcmp(p, syncs[i].bytes, 4)) return &syncs[i];
    return NULL;
}

static bool sign(raster_job *s)
{
    const struct sync *y = sync_of(s->head);
    if (!y) return false;
    s->little = y->little;
    s->packed = y->packed;
    s->head_size = y->head_size;
    return true;
}

static void set_space(raster_pixels *x, uint32_t number)
{
    x->space = RASTER_UNSEEN;
    x->colors = 1;
    for (size_t i = 0; i < sizeof spaces / sizeof spaces[0]; i++) {
        if (spaces[i].number != number) continue;
        x->space = spaces[i].space;
        x->colors = spaces[i].colors;
    }
    if (number >= ICC_1 && number < ICC_1 + COLORS_MAX) x->colors = number - ICC_1 + 1;
    if (number >= DEVICE_1 && number < DEVICE_1 + COLORS_MAX) {
        x->space = RASTER_INKS;
        x->colors = number - DEVICE_1 + 1;
    }
    if (x->space == RASTER_KCMYCM && x->bits > 1) { /* the light inks exist with one bit only */
        x->space = RASTER_KCMY;
        x->colors = 4;
    }
}

/* Points of the paper; of the pixels where the header does not say. */
static void set_paper(raster_job *s)
{
    uint32_t w = raster_job_number(s, PAGE_WIDTH), h = raster_job_number(s, PAGE_HEIGHT);
    uint32_t x = raster_job_number(s, RESOLUTION_X), y = raster_job_number(s, RESOLUTION_Y);
    if (w && h && w < 100000 && h < 100000)
        plt_paper_by_points(s->paper, w * 100, h * 100);
    else if (x && y)
        plt_paper_by_um(s->paper, (uint32_t)((uint64_t)raster_job_number(s, WIDTH) * 25400 / x),
                        (uint32_t)((uint64_t)raster_job_number(s, HEIGHT) * 25400 / y));
}

static bool header(raster_job *s)
{
    raster_pixels *x = &s->page.pixels;
    uint32_t order = raster_job_number(s, ORDER);
    if (((cups *)s)->pwg && memcmp(s->head, PWG_CLASS, sizeof PWG_CLASS) != 0) return false;
    x->bits = raster_job_number(s, BITS_PER_COLOR);
    x->order = order == 1 ? RASTER_BANDED : order == 2 ? RASTER_PLANAR : RASTER_CHUNKY;
    x->pixel_bits = x->order == RASTER_CHUNKY ? raster_job_number(s, BITS_PER_PIXEL) : x->bits;
    set_space(x, raster_job_number(s, SPACE));
    if (order > 2 || !x->bits || x->bits > 16) return false;
    s->info.copies = raster_job_number(s, COPIES);
    s->info.duplex = !raster_job_number(s, DUPLEX) ? PLT_DUPLEX_NONE : raster_job_number(s, TUMBLE) ? PLT_DUPLEX_SHORT : PLT_DUPLEX_LONG;
    set_paper(s);
    /* Few levels of CMY or RGB: a grey is a pattern of coloured dots. */
    bool dithered = x->bits < 8 && (x->space == RASTER_RGB || x->space == RASTER_CMY || x->space == RASTER_YMC);
    if (dithered) plt_pdl_doubt(s->host, PLT_ON_COLOR, PLT_CONF_ESTIMATED, "grey may be composed of coloured dots");
    return raster_job_page(s, raster_job_number(s, WIDTH), raster_job_number(s, HEIGHT), raster_job_number(s, ROW_BYTES));
}

static const raster_format format = {4, sign, 4, NULL, header};

static plt_probe probe(const plt_pdl_env *env, const uint8_t *p, size_t n, bool last)
{
    (void)env, (void)last;
    if (n < 4) return *p == 'R' || *p == '2' || *p == '3' || *p == 't' ? PLT_PROBE_MORE : PLT_PROBE_NO;
    return sync_of(p) ? PLT_PROBE_YES : PLT_PROBE_NO;
}

static plt_probe probe_pwg(const plt_pdl_env *env, const uint8_t *p, size_t n, bool last)
{
    static const char start[] = "RaS2" PWG_CLASS;
    (void)env, (void)last;
    if (memcmp(p, start, n < sizeof start - 1 ? n : sizeof start - 1) != 0) return PLT_PROBE_NO;
    return n < sizeof start - 1 ? PLT_PROBE_MORE : PLT_PROBE_YES;
}

static void begin(void *state, plt_pdl_host *h)
{
    raster_job_begin(&((cups *)state)->job, h, &format);
}

static void begin_pwg(void *state, plt_pdl_host *h)
{
    begin(state, h);
    ((cups *)state)->pwg = true;
}

const plt_pdl_lang plt_pdl_pwg = {"PWG", sizeof(cups), probe_pwg, begin_pwg, raster_job_feed, raster_job_end};
const plt_pdl_lang plt_pdl_cups_raster = {"CUPS-raster", sizeof(cups), probe, begin, raster_job_feed, raster_job_end};
