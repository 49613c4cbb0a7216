/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The walk from page header to page header. Between them stands a counted number of rows, so the end of a page is certain; a UEL is
 * one only where a header could begin. What is no header ends the count: the rest cannot be understood.
 */
#include "core/pdl/raster_job.h"

#include <stdio.h>
#include <string.h>

#define ESC 0x1B

void raster_job_begin(raster_job *s, plt_pdl_host *h, const raster_format *format)
{
    s->host = h;
    s->format = format;
    s->phase = RASTER_START;
    s->packed = true;
    s->head_size = format->start_n;
}

uint32_t raster_job_number(const raster_job *s, size_t at)
{
    const uint8_t *p = s->head + at;
    if (s->little) return (uint32_t)p[3] << 24 | (uint32_t)p[2] << 16 | (uint32_t)p[1] << 8 | p[0];
    return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

/* Pixels whose colours are not known can still be counted. */
static bool count_pixels(raster_pixels *x)
{
    if (!x->pixel_bits || x->pixel_bits > RASTER_PIXEL_MAX * 8) return false;
    x->key = 0;
    x->space = RASTER_UNSEEN;
    x->order = RASTER_CHUNKY;
    x->most = PLT_INK_UNKNOWN;
    x->unit = (x->pixel_bits + 7) / 8;
    return true;
}

bool raster_job_page(raster_job *s, uint32_t width, uint32_t height, uint32_t row_bytes)
{
    raster_page *r = &s->page;
    raster_pixels *x = &r->pixels;
    if (!width || width > RASTER_ROWS_MAX || !height || height > RASTER_ROWS_MAX || !row_bytes || row_bytes > RASTER_ROW_BYTES_MAX) return false;
    if (row_bytes < ((uint64_t)width * x->pixel_bits + 7) / 8) return false;
    x->padded = (uint64_t)width * x->pixel_bits % 8 != 0;
    x->little = s->little;
    r->rows = x->order == RASTER_PLANAR ? (uint64_t)height * x->colors : height;
    uint64_t band = ((uint64_t)width * x->bits + 7) / 8;
    bool bands = x->order != RASTER_BANDED || row_bytes == band * x->colors; /* else they cannot be told apart */
    if (!(bands && raster_pixels_set(x)) && !count_pixels(x)) return false;
    r->row_bytes = row_bytes;
    r->packed = s->packed;
    r->look = !plt_pdl_count_only(s->host);
    raster_page_begin(r);
    return true;
}

static void give_up(raster_job *s, const char *why)
{
    plt_pdl_doubt(s->host, PLT_ON_PAGES, PLT_CONF_UNKNOWN, why);
    s->phase = RASTER_SKIP;
    s->head_n = 0;
}

static void await_header(raster_job *s)
{
    s->phase = RASTER_HEADER;
    s->head_n = 0;
}

static void page_end(raster_job *s)
{
    raster_page_end(&s->page);
    s->info.ink = s->page.ink;
    s->info.paper = s->paper;
    if (s->page.bad) plt_pdl_doubt(s->host, PLT_ON_PAGES, PLT_CONF_ESTIMATED, "rows of a page do not have the length that its header gives");
    if (s->info.copies > RASTER_COPIES_MAX) plt_pdl_doubt(s->host, PLT_ON_COPIES, PLT_CONF_UNKNOWN, "a page asks for an absurd number of copies");
    plt_pdl_page(s->host, &s->info);
    await_header(s);
}

/* The file's own word on its pages, which is 0 in most files. */
static void file_end(raster_job *s)
{
    char why[PLT_REASON_SIZE];
    uint64_t pages = plt_pdl_page_count(s->host) - s->said_above;
    if (s->said && s->said != pages) {
        snprintf(why, sizeof why, "the file says that it has %lu pages, but %llu are in it", (unsigned long)s->said, (unsigned long long)pages);
        plt_pdl_doubt(s->host, PLT_ON_PAGES, PLT_CONF_ESTIMATED, why);
    }
    s->said = 0;
    s->said_above += pages;
}

/* A byte of a header or of the file's start. */
static void head_byte(raster_job *s, uint8_t c)
{
    const raster_format *f = s->format;
    s->head[s->head_n++] = c;
    if (s->head_n == f->sign_n && f->sign(s)) {
        if (s->phase != RASTER_START) file_end(s);
        s->phase = RASTER_START;
    }
    if (s->phase == RASTER_START) {
        if (s->head_n < f->start_n) return;
        if (f->start) f->start(s);
        await_header(s);
    } else if (s->head_n == s->head_size) {
        s->info = (plt_pdl_page_info){.duplex = PLT_UNSAID};
        s->paper[0] = 0;
        if (f->header(s))
            s->phase = RASTER_DATA;
        else
            give_up(s, "what follows the last page is no page header");
    }
}

/* Bytes of a header at which nothing is to be asked. */
static size_t head_run(raster_job *s, const uint8_t *p, size_t n)
{
    const size_t at = s->phase == RASTER_START ? s->format->start_n : s->head_size, next = s->head_n < s->format->sign_n ? s->format->sign_n : at;
    size_t run = next - 1 - s->head_n;
    if (run > n) run = n;
    memcpy(s->head + s->head_n, p, run);
    s->head_n += run;
    return run;
}

/* Where a header could begin, ESC is the beginning of a UEL. True when it is complete. */
static bool between_pages(raster_job *s, uint8_t c)
{
    if (!s->uel && c != ESC) {
        head_byte(s, c);
        return false;
    }
    if (plt_pdl_uel(&s->uel, c)) return true;
    if (!s->uel) give_up(s, "what follows the last page is no page header");
    return false;
}

size_t raster_job_feed(void *state, const uint8_t *p, size_t n, plt_feed_end *end)
{
    raster_job *s = state;
    size_t i = 0;
    while (i < n) {
        bool uel = false;
        if (s->phase == RASTER_DATA) {
            i += raster_page_feed(&s->page, p + i, n - i);
            if (s->page.done) page_end(s);
        } else if (s->phase == RASTER_SKIP) {
            i += plt_pdl_find_uel(&s->uel, p + i, n - i, &uel);
        } else if (s->phase == RASTER_HEADER && !s->head_n) {
            uel = between_pages(s, p[i++]);
        } else {
            i += head_run(s, p + i, n - i);
            if (i < n) head_byte(s, p[i++]);
        }
        if (!uel) continue;
        *end = PLT_FEED_UEL;
        return i;
    }
    return n;
}

static bool only_filler(const raster_job *s)
{
    for (size_t i = 0; i < s->head_n; i++)
        if (s->head[i] != 0 && s->head[i] != '\r' && s->head[i] != '\n' && s->head[i] != ' ' && s->head[i] != 4) return false;
    return true;
}

void raster_job_end(void *state)
{
    raster_job *s = state;
    bool in_page = s->phase == RASTER_DATA;
    bool in_head = s->phase == RASTER_START || (s->phase == RASTER_HEADER && !only_filler(s));
    if (in_page && s->page.begun) page_end(s);
    if (in_page || in_head) {
        bool none = !plt_pdl_page_count(s->host);
        plt_pdl_doubt(s->host, PLT_ON_PAGES, none ? PLT_CONF_UNKNOWN : PLT_CONF_ESTIMATED, "the job ends within a page");
    }
    file_end(s);
    plt_pdl_touch(s->host);
}
