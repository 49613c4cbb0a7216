/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Printronix P-series plot lines: rows of six dots a byte that end with ENQ (or EOT) and LF. A picture has no page of its own: FF ejects, and rows
 * fill a form of 11 inches at 72 an inch. Always an estimate.
 */
#include "core/pdl/items.h"

#define ENQ 5
#define FORM_ROWS 792 /* 11 inches of 72 */

typedef struct printronix {
    plt_items w; /* first: plt_items_feed */
    uint32_t rows;
    bool inked;
} printronix;

static void eject(printronix *s)
{
    plt_items_page(&s->w, 0, s->inked ? PLT_INK_MONO : PLT_INK_BLANK);
    s->rows = 0;
    s->inked = false;
}

static size_t item(void *state, const uint8_t *p, size_t n, bool last)
{
    printronix *s = state;
    size_t i = 0;
    (void)last;
    if (*p == '\f') {
        eject(s);
        return 1;
    }
    if (*p == '\n') {
        if (s->rows == FORM_ROWS) eject(s);
        s->rows++;
        return 1;
    }
    for (; i < n && p[i] != '\n' && p[i] != '\f'; i++)
        if (p[i] > '@') s->inked = true; /* '@' has no dot set */
    return i;
}

static void begin(void *state, plt_pdl_host *h)
{
    printronix *s = state;
    plt_items_begin(&s->w, h, s, item);
    s->w.raw = true;
    plt_pdl_touch(h);
    plt_pdl_doubt(h, PLT_ON_PAGES, PLT_CONF_ESTIMATED, "rows of dots: the form's length is set at the printer");
}

static void end(void *state)
{
    printronix *s = state;
    plt_items_end(&s->w);
    if (s->rows) eject(s);
}

static plt_probe probe(const plt_pdl_env *env, const uint8_t *p, size_t n, bool last)
{
    size_t lines = 0, dots = 0;
    (void)env;
    for (size_t i = 0; i < n; i++) {
        if (p[i] >= '@' && p[i] < 128) {
            dots++;
        } else if (p[i] == ENQ && dots) {
            if (i + 1 == n) break;
            if (p[i + 1] != '\n') return PLT_PROBE_NO;
            if (++lines == 2) return PLT_PROBE_YES;
            dots = 0;
            i++;
        } else {
            return PLT_PROBE_NO;
        }
    }
    return last || n == PLT_PDL_WINDOW ? PLT_PROBE_NO : PLT_PROBE_MORE;
}

const plt_pdl_lang plt_pdl_printronix = {"Printronix", sizeof(printronix), probe, begin, plt_items_feed, end};
