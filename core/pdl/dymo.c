/* SPDX-License-Identifier: Apache-2.0 */
/*
 * DYMO LabelWriter and its forerunner CoStar (LabelWriter Technical Reference): rows of dots behind SYN or ETB, ESC E and ESC G feed the label
 * out. A feed straight behind a short feed only moves the paper to the tear bar. The format has no copies: drivers repeat the label.
 */
#include <string.h>

#include "core/pdl/items.h"

#define ESC 0x1B
#define SYN 0x16
#define ETB 0x17

typedef struct dymo {
    plt_items w;   /* first: plt_items_feed */
    uint8_t bytes; /* of a row: ESC D */
    uint32_t dots; /* of a run-length row still to come */
    bool begun;    /* something was sent for the label */
    bool fed;      /* the last label was fed by ESC G */
    bool late;     /* LabelWriter 5xx: ESC D heads the whole picture */
} dymo;

static void feed_out(dymo *s, bool brief)
{
    if (s->begun || !s->fed) plt_items_page(&s->w, 0, s->w.inked ? PLT_INK_MONO : PLT_INK_BLANK);
    s->begun = s->w.inked = false;
    s->fed = brief;
}

/* Bytes of parameters behind ESC and this letter; -1: not a command of theirs. */
static int parameters(const dymo *s, uint8_t c)
{
    if (!c) return -1;
    if (c == 'D') return s->late ? 10 : 1;
    if (c == 'Q') return s->late ? 0 : 1;
    if (c == 'M') return 8;
    if (c == 's') return 4;
    return strchr("@*AEGcdeghiyzVWU", c) ? 0 : strchr("BqCT", c) ? 1 : strchr("Lfnxo", c) ? 2 : -1;
}

/* A LabelWriter 5xx sends the whole label behind ESC D: bits, alignment, lines and dots, little endian. */
static void picture(dymo *s, const uint8_t *p)
{
    uint64_t lines = p[2] | (uint64_t)p[3] << 8 | (uint64_t)p[4] << 16 | (uint64_t)p[5] << 24;
    uint64_t dots = p[6] | (uint64_t)p[7] << 8 | (uint64_t)p[8] << 16 | (uint64_t)p[9] << 24;
    plt_items_data(&s->w, (lines & 0xFFFFF) * ((dots & 0xFFFFF) + 7) / 8, 0);
}

static size_t escape(dymo *s, const uint8_t *p, size_t n, bool last)
{
    if (n < 2) return last;
    if (p[1] == ESC) return 1; /* a run of them wakes the printer */
    int more = parameters(s, p[1]);
    if (more < 0) {
        plt_items_strange(&s->w);
        return 2;
    }
    if (n < 2 + (size_t)more) return last ? n : 0;
    if (p[1] == 'E' || p[1] == 'G') {
        feed_out(s, p[1] == 'G');
    } else if (p[1] == 's') {
        s->late = true;
    } else if (p[1] == 'D') {
        s->begun = true;
        if (s->late)
            picture(s, p + 2);
        else
            s->bytes = p[2];
    } else if (strchr("LfB", p[1])) {
        s->begun = true;
    }
    return 2 + (size_t)more;
}

/* ETB: each byte is a run, its high bit the colour, the others its length less one. */
static size_t runs(dymo *s, const uint8_t *p, size_t n)
{
    size_t i = 0;
    for (; i < n && s->dots; i++) {
        uint32_t run = (p[i] & 0x7Fu) + 1;
        if (p[i] & 0x80) s->w.inked = true;
        s->dots -= run < s->dots ? run : s->dots;
    }
    s->w.raw = s->dots != 0;
    return i;
}

static size_t item(void *state, const uint8_t *p, size_t n, bool last)
{
    dymo *s = state;
    if (s->dots) return runs(s, p, n);
    if (*p == SYN) {
        plt_items_data(&s->w, s->bytes, 0);
        s->begun = true;
    } else if (*p == ETB) {
        s->dots = s->bytes * 8u;
        s->w.raw = s->dots != 0;
        s->begun = true;
    } else if (*p == ESC) {
        return escape(s, p, n, last);
    } else if (*p && *p != '\r' && *p != '\n') {
        plt_items_strange(&s->w);
    }
    return 1;
}

static void begin(void *state, plt_pdl_host *h)
{
    dymo *s = state;
    plt_items_begin(&s->w, h, s, item);
    s->bytes = 84;
}

static void end(void *state)
{
    dymo *s = state;
    plt_items_end(&s->w);
    if (!s->begun && !s->w.cut) return;
    plt_pdl_touch(s->w.h);
    plt_pdl_doubt(s->w.h, PLT_ON_PAGES, PLT_CONF_ESTIMATED, "the data end in the middle of a label: the job was cut short");
}

/* ESC commands of theirs up to a row, and behind the row another row or command. Many an ESC in front of commands is theirs alone: DYMO's driver then
   asks for the printer's state (ESC A), thousands of times when nobody answers. */
static plt_probe probe(const plt_pdl_env *env, const uint8_t *p, size_t n, bool last)
{
    dymo s = {.bytes = 0};
    size_t i = 0, wakes = 0;
    (void)env;
    for (; i < n && p[i] == ESC && i + 1 < n && p[i + 1] == ESC; i++) wakes++;
    while (i < n) {
        size_t row = (size_t)s.bytes + 1;
        if (p[i] == SYN && s.bytes) {
            if (wakes > 8) return PLT_PROBE_YES;
            if (i + row >= n) return last || n == PLT_PDL_WINDOW ? PLT_PROBE_NO : PLT_PROBE_MORE;
            return p[i + row] == SYN || p[i + row] == ESC ? PLT_PROBE_YES : PLT_PROBE_NO;
        }
        if (!p[i] && wakes > 8) { /* their ESC Q has two bytes */
            i++;
            continue;
        }
        if (p[i] != ESC) return PLT_PROBE_NO;
        if (i + 2 > n) break;
        int more = p[i + 1] == ESC ? -1 : parameters(&s, p[i + 1]);
        if (more < 0 || (p[i + 1] == 'f' && i + 2 < n && p[i + 2] != 1)) return PLT_PROBE_NO;
        if (i + 2 + (size_t)more > n) break;
        if (p[i + 1] == 'D') s.bytes = p[i + 2];
        if (p[i + 1] == 's') s.late = true;
        if (s.late && p[i + 1] == 'D') return p[i + 2] <= 2 ? PLT_PROBE_YES : PLT_PROBE_NO;
        if (p[i + 1] == 'E' && wakes > 8) return PLT_PROBE_YES;
        i += 2 + (size_t)more;
    }
    if (n == PLT_PDL_WINDOW && wakes > 8 && wakes + 8 < n) return PLT_PROBE_YES;
    return last ? PLT_PROBE_NO : PLT_PROBE_MORE;
}

const plt_pdl_lang plt_pdl_dymo = {"DYMO", sizeof(dymo), probe, begin, plt_items_feed, end};
