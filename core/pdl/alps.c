/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ALPS MD printers (MD-1000 to MD-5000), as the free drivers write it: PCL's prefixes with binary parameters, rows with counts, one ribbon after the
 * other over the same page. FF ejects; the FF that ends a rewind command does not.
 */
#include "core/pdl/items.h"

#define ESC 0x1B
#define SUB 0x1A

typedef struct alps {
    plt_items w;        /* first: plt_items_feed */
    bool headed, begun; /* a page was set up; something was painted */
    uint8_t ribbon;     /* 0 black, 8 and 22 other blacks; the others colour */
    plt_ink ink;
    const char *paper;
} alps;

static void eject(alps *s)
{
    plt_pdl_page(s->w.h, &(plt_pdl_page_info){.ink = s->ink, .duplex = PLT_UNSAID, .paper = s->paper});
    s->headed = s->begun = false;
    s->ink = PLT_INK_BLANK;
}

static const char *paper_of(unsigned code)
{
    static const char *const papers[] = {NULL, NULL, "Letter", NULL, "A4", "B5", "JPost"};
    return code < sizeof papers / sizeof papers[0] ? papers[code] : NULL;
}

static void row(alps *s, unsigned n)
{
    bool black = s->ribbon == 0 || s->ribbon == 8 || s->ribbon == 22;
    s->begun = true;
    s->ink = plt_ink_add(s->ink, black ? PLT_INK_MONO : PLT_INK_COLOR);
    plt_items_data(&s->w, n, PLT_ITEMS_BLIND);
}

/* ESC & l and ESC * b: two bytes of a number and a letter. */
static size_t wide(alps *s, const uint8_t *p, size_t n, bool last)
{
    if (n < 6) return last ? n : 0;
    unsigned v = p[3] | (unsigned)p[4] << 8;
    if (p[1] == '&') {
        if (p[5] == 'A') {
            s->paper = paper_of(v);
            s->headed = true;
        }
        if (p[5] == 'C') plt_items_data(&s->w, v, PLT_ITEMS_BLIND);
    } else if (p[5] == 'W') {
        row(s, v);
    } else if (p[5] == 'T') { /* and how many bytes to leave out at the left */
        if (n < 8) return last ? n : 0;
        row(s, v);
        return 8;
    }
    return 6;
}

static size_t item(void *state, const uint8_t *p, size_t n, bool last)
{
    alps *s = state;
    if (*p == '\f') eject(s);
    if (*p && *p != '\f' && *p != ESC) plt_items_strange(&s->w);
    if (*p != ESC) return 1;
    if (n < 4) return last ? n : 0;
    if (p[1] == 'e') { /* reset: what is on the page comes out */
        if (s->begun)
            eject(s);
        else if (s->headed)
            plt_pdl_doubt(s->w.h, PLT_ON_PAGES, PLT_CONF_UNKNOWN, "a page was set up and nothing painted: whether the printer feeds it is not known");
        return 2;
    }
    if (p[1] == '%') return 4;
    if (p[1] == SUB) { /* n n letter: r chooses the ribbon, FF rewinds to the top */
        if (n < 5) return last ? n : 0;
        if (p[4] == 'r') s->ribbon = p[2];
        return 5;
    }
    if ((p[1] == '&' && p[2] == 'l') || (p[1] == '*' && p[2] == 'b')) return wide(s, p, n, last);
    if (p[1] == '*' && p[3] == 'C') return 4;
    if (p[1] != '*') plt_items_strange(&s->w);
    return n < 5 ? last ? n : 0 : p[1] == '*' ? 5 : 2;
}

static void begin(void *state, plt_pdl_host *h)
{
    alps *s = state;
    plt_items_begin(&s->w, h, s, item);
    s->ink = PLT_INK_BLANK;
    plt_pdl_touch(h);
}

static void end(void *state)
{
    alps *s = state;
    plt_items_end(&s->w);
    if (!s->begun && !s->w.cut) return;
    plt_pdl_doubt(s->w.h, PLT_ON_PAGES, PLT_CONF_ESTIMATED, "the data end in the middle of a page: the job was cut short");
    if (s->begun) eject(s);
}

/* ESC e ESC % 128 A */
static plt_probe probe(const plt_pdl_env *env, const uint8_t *p, size_t n, bool last)
{
    static const uint8_t start[] = {ESC, 'e', ESC, '%', 0x80, 'A'};
    (void)env;
    for (size_t i = 0; i < n && i < sizeof start; i++)
        if (p[i] != start[i]) return PLT_PROBE_NO;
    return n >= sizeof start ? PLT_PROBE_YES : last ? PLT_PROBE_NO : PLT_PROBE_MORE;
}

const plt_pdl_lang plt_pdl_alps = {"ALPS-MD", sizeof(alps), probe, begin, plt_items_feed, end};
