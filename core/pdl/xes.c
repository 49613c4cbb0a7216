/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Xerox XES of the 2700 and 4045 (4045 Programmer's Reference): text with ESC commands; ESC gw opens a graphic window whose dots follow as characters
 * and counts up to the next FF or ESC. FF ejects.
 */
#include <string.h>

#include "core/pdl/eight.h"
#include "core/pdl/items.h"

#define ESC 0x1B

typedef struct xes {
    plt_items w; /* first: plt_items_feed */
    bool graphic, begun, inked;
} xes;

static void eject(xes *s)
{
    plt_items_page(&s->w, 0, s->inked ? PLT_INK_MONO : PLT_INK_BLANK);
    s->begun = s->inked = s->graphic = false;
}

/* Dots: digits are counts, '?' is white. Text: anything but blanks. */
static size_t run(xes *s, const uint8_t *p, size_t n)
{
    const size_t len = eight_before(p, n, ESC, '\f', '\f');
    if (eight_any(p, len, 1, 7)) plt_items_strange(&s->w);
    bool inked = eight_any(p, len, s->graphic ? '@' : '!', 127);
    for (size_t i = 0; i < len && !s->graphic && !inked; i++) inked = p[i] > 127;
    if (inked) s->inked = true;
    if (inked || s->graphic) s->begun = true;
    return len;
}

static size_t item(void *state, const uint8_t *p, size_t n, bool last)
{
    xes *s = state;
    if (*p == '\f') {
        eject(s);
        return 1;
    }
    if (*p != ESC) return run(s, p, n);
    if (n < 2) return last;
    for (size_t i = 1; i < n; i++) { /* commands end with the line, as the drivers write them */
        if (p[i] == ESC || p[i] == '\f') return i;
        if (p[i] != '\n') continue;
        s->graphic = p[1] == 'g' && p[2] == 'w';
        return i + 1;
    }
    return last || n == PLT_ITEMS_ROOM ? n : 0;
}

static void begin(void *state, plt_pdl_host *h)
{
    xes *s = state;
    plt_items_begin(&s->w, h, s, item);
    plt_pdl_touch(h);
}

static void end(void *state)
{
    xes *s = state;
    plt_items_end(&s->w);
    if (!s->begun) return;
    plt_pdl_doubt(s->w.h, PLT_ON_PAGES, PLT_CONF_ESTIMATED, "the last page is not fed out");
    eject(s);
}

/* ESC + X: the reset. */
static plt_probe probe(const plt_pdl_env *env, const uint8_t *p, size_t n, bool last)
{
    static const uint8_t start[] = {ESC, '+', 'X'};
    (void)env;
    if (memcmp(p, start, n < sizeof start ? n : sizeof start) != 0) return PLT_PROBE_NO;
    if (n <= sizeof start) return last || n < sizeof start ? (n < sizeof start && !last ? PLT_PROBE_MORE : PLT_PROBE_NO) : PLT_PROBE_MORE;
    return p[3] == '\n' || p[3] == '\r' || p[3] == ESC ? PLT_PROBE_YES : PLT_PROBE_NO;
}

const plt_pdl_lang plt_pdl_xes = {"XES", sizeof(xes), probe, begin, plt_items_feed, end};
