/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Two small raster languages of roll printers: Tektronix 4695/4696 (rows of four inks, plots parted by line feeds or FF) and Practical Automation
 * ATX/ITK (rows with counts, ESC e ends the page).
 */
#include "core/pdl/items.h"

#define ESC 0x1B
#define PLOT_FEEDS 5 /* line feeds behind a plot on a roll */

/* ---- Tektronix: ESC I ink-and-row nnn data, ESC A moves on by four rows ---- */

typedef struct tek {
    plt_items w; /* first: plt_items_feed */
    bool rows, colored;
    uint32_t feeds;
} tek;

static void plot(tek *s)
{
    plt_items_page(&s->w, 0, s->colored ? PLT_INK_COLOR : s->rows ? PLT_INK_MONO : PLT_INK_BLANK);
    s->rows = s->colored = false;
    s->feeds = 0;
}

static size_t tek_item(void *state, const uint8_t *p, size_t n, bool last)
{
    tek *s = state;
    uint32_t bytes;
    if (*p == '\f' || (*p == '\n' && ++s->feeds == PLOT_FEEDS)) plot(s);
    if (*p != ESC && *p != '\f' && *p != '\n' && *p != '\r') plt_items_strange(&s->w);
    if (*p != ESC) return 1;
    if (n < 2) return last;
    if (p[1] != 'I' && p[1] != 'A') plt_items_strange(&s->w);
    if (p[1] != 'I') return 2;
    if (n < 6) return last ? n : 0;
    if (plt_items_digits(p + 3, 3, 3, &bytes) != 3) plt_items_strange(&s->w);
    plt_items_data(&s->w, bytes, PLT_ITEMS_BLIND);
    s->rows = true;
    s->feeds = 0;
    if (p[2] >= '4') s->colored = true; /* black's four rows are 0 to 3 */
    return 6;
}

static void tek_begin(void *state, plt_pdl_host *h)
{
    tek *s = state;
    plt_items_begin(&s->w, h, s, tek_item);
    plt_pdl_touch(h);
}

static void tek_end(void *state)
{
    tek *s = state;
    plt_items_end(&s->w);
    if (!s->rows && !s->w.cut) return;
    plt_pdl_doubt(s->w.h, PLT_ON_PAGES, PLT_CONF_ESTIMATED, "the last page is not fed out");
    if (s->rows) plot(s);
}

static plt_probe tek_probe(const plt_pdl_env *env, const uint8_t *p, size_t n, bool last)
{
    uint32_t bytes;
    (void)env;
    if (p[0] != ESC || (n > 1 && p[1] != 'I')) return PLT_PROBE_NO;
    if (n < 6) return last ? PLT_PROBE_NO : PLT_PROBE_MORE;
    if (p[2] < '0' || p[2] > '?' || plt_items_digits(p + 3, 3, 3, &bytes) != 3) return PLT_PROBE_NO;
    size_t next = 6 + (size_t)bytes;
    if (n < next + 2) return last || n == PLT_PDL_WINDOW ? PLT_PROBE_NO : PLT_PROBE_MORE;
    return p[next] == ESC && (p[next + 1] == 'I' || p[next + 1] == 'A') ? PLT_PROBE_YES : PLT_PROBE_NO;
}

const plt_pdl_lang plt_pdl_tek = {"Tektronix-4696", sizeof(tek), tek_probe, tek_begin, plt_items_feed, tek_end};

/* ---- ATX: ESC f length, ESC L rows, ESC d count data, ESC x words data, ESC e ---- */

typedef struct atx {
    plt_items w; /* first: plt_items_feed */
    bool begun, rows;
} atx;

static void atx_page(atx *s)
{
    plt_items_page(&s->w, 0, s->rows ? PLT_INK_MONO : PLT_INK_BLANK);
    s->begun = s->rows = false;
}

static size_t atx_item(void *state, const uint8_t *p, size_t n, bool last)
{
    atx *s = state;
    if (*p != ESC) {
        plt_items_strange(&s->w);
        return 1;
    }
    if (n < 2) return last;
    if (p[1] == 'e') {
        atx_page(s);
        return 2;
    }
    size_t head = p[1] == 'x' ? 3 : p[1] == 'f' || p[1] == 'L' || p[1] == 'd' ? 4 : 2;
    if (head == 2) plt_items_strange(&s->w);
    if (n < head) return last ? n : 0;
    s->begun = true;
    if (p[1] == 'x') plt_items_data(&s->w, p[2] * 2u, PLT_ITEMS_BLIND);
    if (p[1] == 'd') plt_items_data(&s->w, p[2] | (uint64_t)p[3] << 8, PLT_ITEMS_BLIND);
    if (p[1] == 'x' || p[1] == 'd') s->rows = true;
    return head;
}

static void atx_begin(void *state, plt_pdl_host *h)
{
    atx *s = state;
    plt_items_begin(&s->w, h, s, atx_item);
    plt_pdl_touch(h);
}

static void atx_end(void *state)
{
    atx *s = state;
    plt_items_end(&s->w);
    if (!s->begun && !s->w.cut) return;
    plt_pdl_doubt(s->w.h, PLT_ON_PAGES, PLT_CONF_ESTIMATED, "the data end in the middle of a page: the job was cut short");
    if (s->rows) atx_page(s);
}

/* ESC f and a length of three inches or more, then a command of theirs. */
static plt_probe atx_probe(const plt_pdl_env *env, const uint8_t *p, size_t n, bool last)
{
    (void)env;
    if (p[0] != ESC || (n > 1 && p[1] != 'f')) return PLT_PROBE_NO;
    if (n < 6) return last ? PLT_PROBE_NO : PLT_PROBE_MORE;
    unsigned length = p[2] | (unsigned)p[3] << 8;
    if (length < 300 || p[4] != ESC) return PLT_PROBE_NO;
    return p[5] == 'L' || p[5] == 'd' || p[5] == 'x' || p[5] == 'e' ? PLT_PROBE_YES : PLT_PROBE_NO;
}

const plt_pdl_lang plt_pdl_atx = {"ATX", sizeof(atx), atx_probe, atx_begin, plt_items_feed, atx_end};
