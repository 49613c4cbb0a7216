/* SPDX-License-Identifier: Apache-2.0 */
/*
 * DEC's printers (LN03, LA50 ... LA75, DEClaser; ANSI X3.64 and the LN03 Programmer Reference): control sequences, sixel graphics between DCS and ST,
 * and text. FF ejects. A DCS that is not sixel is skipped to its ST. Also steps over the ESC%8 by which the LJ250 enters PCL.
 */
#include <string.h>

#include "core/pdl/eight.h"
#include "core/pdl/items.h"

#define ESC 0x1B
#define CSI 0x9B
#define DCS 0x90
#define ST 0x9C
#define REGISTERS 256

typedef struct dec {
    plt_items w; /* first: plt_items_feed */
    bool string; /* between DCS and ST */
    bool sixel;
    plt_ink ink;
    bool marked; /* since the last FF; text or sixels, even empty ones */
    uint8_t known[REGISTERS / 8], colored[REGISTERS / 8];
    uint8_t chosen;
} dec;

static void eject(dec *s)
{
    plt_items_page(&s->w, 0, s->ink);
    s->ink = PLT_INK_BLANK;
    s->marked = false;
}

static bool bit(const uint8_t *set, uint8_t i)
{
    return set[i / 8] >> i % 8 & 1;
}

/* What the chosen register paints with; registers that nobody set are the printer's: 0 is black, and printers of one colour have no others. */
static plt_ink register_ink(const dec *s)
{
    if (bit(s->colored, s->chosen)) return PLT_INK_COLOR;
    return s->chosen && !bit(s->known, s->chosen) ? PLT_INK_UNKNOWN : PLT_INK_MONO;
}

/* #register or #register;2;red;green;blue (percent) or #register;1;hue;lightness;saturation. 0: not all there. */
static size_t color(dec *s, const uint8_t *p, size_t n, bool last)
{
    uint32_t v[5] = {0};
    size_t i = 1, count = 0;
    for (;;) {
        i += plt_items_digits(p + i, n - i, 6, &v[count]);
        if (i == n && !last && n < PLT_ITEMS_ROOM) return 0;
        if (++count == 5 || i == n || p[i] != ';') break;
        i++;
    }
    s->chosen = (uint8_t)v[0];
    if (count < 5) return i;
    plt_ink ink = v[1] == 2 ? plt_ink_rgb_f(v[2] / 100.0, v[3] / 100.0, v[4] / 100.0) : v[4] ? PLT_INK_COLOR : PLT_INK_MONO;
    uint8_t mask = (uint8_t)(1u << s->chosen % 8);
    s->known[s->chosen / 8] |= mask;
    s->colored[s->chosen / 8] &= (uint8_t)~mask;
    if (ink == PLT_INK_COLOR) s->colored[s->chosen / 8] |= mask;
    return i;
}

/* Inside a DCS, up to what is no sixel: a sixel above '?' paints. */
static size_t string_data(dec *s, const uint8_t *p, size_t n, bool last)
{
    if (*p == ESC) {
        if (n < 2) return last;
        if (p[1] == '\\') s->string = false;
        return p[1] == '\\' ? 2 : 1;
    }
    if (*p == '#' && s->sixel) return color(s, p, n, last);
    size_t len = eight_before(p, n, ESC, ST, s->sixel ? '#' : ST);
    if (s->sixel && eight_any(p, len, '@', 126)) s->ink = plt_ink_add(s->ink, register_ink(s));
    if (len) return len;
    s->string = false; /* ST */
    return 1;
}

/* DCS parameters and a final letter: q begins sixels. p[i] is behind the introducer. 0: not all there. */
static size_t string_begin(dec *s, const uint8_t *p, size_t n, size_t i, bool last)
{
    while (i < n && p[i] < '@' && p[i] >= ' ') i++;
    if (i == n) return last || n == PLT_ITEMS_ROOM ? n : 0;
    s->string = true;
    s->sixel = p[i] == 'q';
    if (s->sixel) s->marked = true;
    s->chosen = 0;
    return p[i] == ESC || p[i] == ST ? i : i + 1;
}

/* CSI parameters and a final character, which eject nothing. */
static size_t sequence(const uint8_t *p, size_t n, size_t i, bool last)
{
    while (i < n && p[i] < '@' && p[i] >= ' ') i++;
    if (i == n) return last || n == PLT_ITEMS_ROOM ? n : 0;
    return p[i] == ESC ? i : i + 1;
}

static size_t item(void *state, const uint8_t *p, size_t n, bool last)
{
    dec *s = state;
    if (s->string) return string_data(s, p, n, last);
    if (*p == '\f') {
        eject(s);
    } else if (*p == ESC) {
        if (n < 2) return last;
        if (p[1] == '[') {
            size_t took = sequence(p, n, 2, last);
            if (took == 6 && !memcmp(p + 2, "?38l", 4)) plt_pdl_doubt(s->w.h, PLT_ON_PAGES, PLT_CONF_UNKNOWN, "it is made for a screen");
            return took;
        }
        if (p[1] == 'P') return string_begin(s, p, n, 2, last);
        size_t i = 1; /* ESC, intermediate characters, a final one */
        while (i < n && p[i] >= ' ' && p[i] < '0') i++;
        if (i == n) return last || n == PLT_ITEMS_ROOM ? n : 0;
        return p[i] == ESC ? i : i + 1;
    } else if (*p == CSI) {
        return sequence(p, n, 1, last);
    } else if (*p == DCS) {
        return string_begin(s, p, n, 1, last);
    } else if (*p > ' ' && *p != 127 && (*p < 128 || *p >= 0xA0)) {
        s->marked = true;
        s->ink = plt_ink_add(s->ink, PLT_INK_MONO);
    } else if (*p && *p < 8) {
        plt_items_strange(&s->w);
    }
    return 1;
}

static void begin(void *state, plt_pdl_host *h)
{
    dec *s = state;
    plt_items_begin(&s->w, h, s, item);
    s->ink = PLT_INK_BLANK;
    plt_pdl_touch(h);
}

static void end(void *state)
{
    dec *s = state;
    plt_items_end(&s->w);
    if (!s->marked) return;
    if (s->string)
        plt_pdl_doubt(s->w.h, PLT_ON_PAGES, PLT_CONF_ESTIMATED, "the data end in the middle of a picture: the job was cut short");
    else
        plt_pdl_doubt(s->w.h, PLT_ON_PAGES, PLT_CONF_ESTIMATED, "the last page is not fed out");
    eject(s);
}

/* Control sequences up to a DCS of sixels. */
static plt_probe probe(const plt_pdl_env *env, const uint8_t *p, size_t n, bool last)
{
    size_t i = 0;
    (void)env;
    while (i < n) {
        bool escape = p[i] == ESC;
        if (escape && i + 1 == n) break;
        uint8_t c = escape ? p[i + 1] : p[i];
        i += escape ? 2 : 1;
        bool string = escape ? c == 'P' : c == DCS;
        if (escape && c == 'c') continue;
        if (!string && !(escape ? c == '[' : c == CSI)) return PLT_PROBE_NO;
        while (i < n && p[i] < '@' && p[i] >= ' ') i++;
        if (i == n) break;
        if (p[i] < '@' || p[i] > 126) return PLT_PROBE_NO;
        if (string) return p[i] == 'q' ? PLT_PROBE_YES : PLT_PROBE_NO;
        i++;
    }
    return last || n > 200 ? PLT_PROBE_NO : PLT_PROBE_MORE;
}

const plt_pdl_lang plt_pdl_dec = {"DEC-sixel", sizeof(dec), probe, begin, plt_items_feed, end};

/* ---- LJ250: what follows ESC%8 is PCL ---- */

typedef struct enters {
    uint8_t left;
} enters;

static void enter_begin(void *state, plt_pdl_host *h)
{
    (void)h;
    ((enters *)state)->left = 3;
}

static size_t enter_feed(void *state, const uint8_t *p, size_t n, plt_feed_end *how)
{
    enters *s = state;
    size_t took = n < s->left ? n : s->left;
    (void)p;
    s->left -= (uint8_t)took;
    if (!s->left) *how = PLT_FEED_NEXT;
    return took;
}

static void enter_end(void *state)
{
    (void)state;
}

static plt_probe enter_probe(const plt_pdl_env *env, const uint8_t *p, size_t n, bool last)
{
    static const uint8_t start[] = {ESC, '%', '8', ESC, '*'};
    (void)env;
    if (memcmp(p, start, n < sizeof start ? n : sizeof start) != 0) return PLT_PROBE_NO;
    return n >= sizeof start ? PLT_PROBE_YES : last ? PLT_PROBE_NO : PLT_PROBE_MORE;
}

const plt_pdl_lang plt_pdl_lj250 = {"DEC-LJ250", sizeof(enters), enter_probe, enter_begin, enter_feed, enter_end};
