/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What Ghostscript's lj3100sw sends to the HP LaserJet 3100 software: sections of type, two numbers (little endian) and, for type 0, data. Type 3
 * begins a page and says its copies.
 */
#include "core/pdl/items.h"

#define SECTION 6
enum { DATA = 0, JOB = 1, JOB_END = 2, PAGE = 3, PAGE_END = 4, PAD = 54 };

typedef struct lj3100 {
    plt_items w; /* first: plt_items_feed */
    bool begun;
    uint32_t copies;
} lj3100;

static void page(lj3100 *s)
{
    plt_items_page(&s->w, s->copies, PLT_INK_PLAIN);
    s->begun = false;
}

static size_t item(void *state, const uint8_t *p, size_t n, bool last)
{
    lj3100 *s = state;
    if (n < SECTION) return last ? n : 0;
    unsigned type = p[0] | (unsigned)p[1] << 8, size = p[2] | (unsigned)p[3] << 8;
    if (type == DATA) {
        plt_items_data(&s->w, size, PLT_ITEMS_BLIND);
    } else if (type == PAGE) {
        if (s->begun) page(s);
        s->begun = true;
        s->copies = size;
    } else if (type == PAGE_END) {
        if (s->begun) page(s);
    } else if (type != JOB && type != JOB_END && type != PAD) {
        plt_items_strange(&s->w);
    }
    return SECTION;
}

static void begin(void *state, plt_pdl_host *h)
{
    lj3100 *s = state;
    plt_items_begin(&s->w, h, s, item);
    s->w.raw = true;
    plt_pdl_touch(h);
}

static void end(void *state)
{
    lj3100 *s = state;
    plt_items_end(&s->w);
    if (!s->begun && !s->w.cut) return;
    plt_pdl_doubt(s->w.h, PLT_ON_PAGES, PLT_CONF_ESTIMATED, "the data end in the middle of a page: the job was cut short");
    if (s->begun) page(s);
}

/* A job section, then data that begin with a dozen ESC. */
static plt_probe probe(const plt_pdl_env *env, const uint8_t *p, size_t n, bool last)
{
    (void)env;
    for (size_t i = 0; i < n && i < 24; i++) {
        bool good = i == 0 ? p[i] == JOB : i == 8 || i == 9 ? true : i < 12 ? p[i] == 0 : p[i] == 0x1B;
        if (!good) return PLT_PROBE_NO;
    }
    return n >= 24 ? PLT_PROBE_YES : last ? PLT_PROBE_NO : PLT_PROBE_MORE;
}

const plt_pdl_lang plt_pdl_lj3100 = {"HP-LJ3100", sizeof(lj3100), probe, begin, plt_items_feed, end};
