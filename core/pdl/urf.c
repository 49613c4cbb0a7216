/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Apple raster (URF, of AirPrint): a file header, then pages of 32 bytes of header and packed rows. It holds neither copies nor the name
 * of the paper: those travel beside it, in IPP.
 */
#include <string.h>

#include "core/pdl/raster_job.h"

#define SIGN "UNIRAST"
#define SIGN_SIZE 8 /* with its NUL */
#define START_SIZE 12
#define HEADER_SIZE 32

/* Offsets in a page header. */
enum { PIXEL_BITS = 0, SPACE = 1, DUPLEX = 2, WIDTH = 12, HEIGHT = 16, RESOLUTION = 20 };

static const struct space {
    raster_space space;
    uint8_t colors;
} spaces[] = {
    {RASTER_GRAY, 1}, {RASTER_RGB, 3}, {RASTER_UNSEEN, 3}, {RASTER_RGB, 3}, {RASTER_GRAY, 1}, {RASTER_RGB, 3}, {RASTER_CMYK, 4},
};

static bool sign(raster_job *s)
{
    return !memcmp(s->head, SIGN, SIGN_SIZE);
}

static void start(raster_job *s)
{
    s->said = raster_job_number(s, SIGN_SIZE);
    s->head_size = HEADER_SIZE;
}

static void set_duplex(raster_job *s)
{
    static const int modes[] = {PLT_DUPLEX_NONE, PLT_DUPLEX_NONE, PLT_DUPLEX_SHORT, PLT_DUPLEX_LONG};
    uint8_t mode = s->head[DUPLEX];
    if (!mode) plt_pdl_doubt(s->host, PLT_ON_DUPLEX, PLT_CONF_ESTIMATED, "the page headers say nothing of sides, which readers take for one");
    if (mode < sizeof modes / sizeof modes[0]) s->info.duplex = modes[mode];
}

static bool header(raster_job *s)
{
    raster_pixels *x = &s->page.pixels;
    uint32_t w = raster_job_number(s, WIDTH), h = raster_job_number(s, HEIGHT), dpi = raster_job_number(s, RESOLUTION);
    uint8_t space = s->head[SPACE], bits = s->head[PIXEL_BITS];
    if (space >= sizeof spaces / sizeof spaces[0] || !bits || !w || w > RASTER_ROWS_MAX) return false;
    x->space = bits == 1 ? RASTER_BLACK : spaces[space].space; /* one bit: Ghostscript's device, where 1 is black */
    x->colors = spaces[space].colors;
    x->pixel_bits = bits;
    x->bits = bits / x->colors;
    if (bits % x->colors || (x->bits != 1 && x->bits != 8 && x->bits != 16)) return false;
    set_duplex(s);
    if (dpi) plt_paper_by_um(s->paper, (uint32_t)((uint64_t)w * 25400 / dpi), (uint32_t)((uint64_t)h * 25400 / dpi));
    return raster_job_page(s, w, h, (uint32_t)(((uint64_t)w * bits + 7) / 8));
}

static const raster_format format = {SIGN_SIZE, sign, START_SIZE, start, header};

static plt_probe probe(const plt_pdl_env *env, const uint8_t *p, size_t n, bool last)
{
    (void)env, (void)last;
    if (memcmp(p, SIGN, n < SIGN_SIZE ? n : SIGN_SIZE) != 0) return PLT_PROBE_NO;
    return n < SIGN_SIZE ? PLT_PROBE_MORE : PLT_PROBE_YES;
}

static void begin(void *state, plt_pdl_host *h)
{
    raster_job_begin(state, h, &format);
}

const plt_pdl_lang plt_pdl_urf = {"URF", sizeof(raster_job), probe, begin, raster_job_feed, raster_job_end};
