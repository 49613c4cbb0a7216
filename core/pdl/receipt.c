/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Receipt printers: ESC/POS (Epson's command reference) and Star raster mode (Star Line Mode specification). Paper comes off a roll: a page is what
 * is cut off, or what is left at the end of the job. Always an estimate. Must not take the ESC/P of page printers, which begins alike.
 */
#include <string.h>

#include "core/pdl/items.h"

#define ESC 0x1B
#define GS 0x1D
#define DLE 0x10
#define FS 0x1C

typedef struct receipt {
    plt_items w; /* first: plt_items_feed */
    bool begun, star_raster;
} receipt;

static void cut(receipt *s)
{
    if (s->begun || s->w.inked) plt_items_page(&s->w, 0, PLT_INK_MONO);
    s->begun = s->w.inked = false;
}

/* ---- ESC/POS ---- */

/* How long the command at p is; -1: not one of theirs; 0: not all there. *data: counted bytes behind it. *telling: ESC/P has no such thing. */
static int escpos(const uint8_t *p, size_t n, uint64_t *data, bool *telling)
{
    static const char esc1[] = " !-3=DEGJMRTUVacdprt{&%", esc0[] = "@2LSi<m";
    *data = 0;
    *telling = *p == GS;
    if (n < 2) return 0;
    if (*p == DLE) return 3;
    if (*p == FS) return strchr("!-SWCg", p[1]) && p[1] ? 3 : strchr(".&", p[1]) && p[1] ? 2 : p[1] == 'p' ? 4 : -1;
    if (*p == ESC) {
        if (p[1] == '*') {
            if (n < 5) return 0;
            *data = (uint64_t)(p[3] | (unsigned)p[4] << 8) * (p[2] == 32 || p[2] == 33 ? 3 : 1);
            return p[2] == 0 || p[2] == 1 || p[2] == 32 || p[2] == 33 ? 5 : -1;
        }
        if (p[1] == '$' || p[1] == '\\') return 4;
        if (p[1] == 'p') return 5;
        if (p[1] == 'W') return 10;
        return p[1] && strchr(esc0, p[1]) ? 2 : p[1] && strchr(esc1, p[1]) ? 3 : -1;
    }
    if (p[1] == '(') {
        if (n < 5) return 0;
        *data = p[3] | (uint64_t)p[4] << 8;
        return 5;
    }
    if (p[1] == 'v') {
        if (n < 8) return 0;
        *data = (uint64_t)(p[4] | (unsigned)p[5] << 8) * (p[6] | (unsigned)p[7] << 8);
        return p[2] == '0' ? 8 : -1;
    }
    if (p[1] == 'V') return n < 3 ? 0 : p[2] == 0 || p[2] == 1 || p[2] == '0' || p[2] == '1' ? 3 : 4;
    if (p[1] == '*') {
        if (n < 4) return 0;
        *data = (uint64_t)p[2] * p[3] * 8;
        return 4;
    }
    if (p[1] == 'k') { /* a bar code: text up to NUL, or counted */
        if (n < 4) return 0;
        *data = p[2] > 6 ? p[3] : 0;
        return p[2] > 6 ? 4 : 3;
    }
    return strchr("LWP$\\", p[1]) && p[1] ? 4 : p[1] == ':' ? 2 : p[1] >= ' ' && p[1] < 127 ? 3 : -1;
}

static size_t item(void *state, const uint8_t *p, size_t n, bool last)
{
    receipt *s = state;
    uint64_t bytes;
    bool telling;
    if (*p != ESC && *p != GS && *p != DLE && *p != FS) {
        if (*p > ' ' && *p != 127) s->begun = true;
        return 1;
    }
    int len = escpos(p, n, &bytes, &telling);
    if (len < 0) return n < 2 ? 1 : 2;
    if (!len || n < (size_t)len) return last ? n : 0;
    bool cuts = (*p == GS && p[1] == 'V') || (*p == ESC && (p[1] == 'i' || p[1] == 'm'));
    if (cuts) cut(s);
    plt_items_data(&s->w, bytes, 0);
    if (*p == GS && p[1] == 'k') s->begun = true;
    return (size_t)len;
}

static void begin(void *state, plt_pdl_host *h)
{
    receipt *s = state;
    plt_items_begin(&s->w, h, s, item);
    plt_pdl_touch(h);
    plt_pdl_doubt(h, PLT_ON_PAGES, PLT_CONF_ESTIMATED, "a receipt printer: what is cut off the roll is counted as a page");
}

static void end(void *state)
{
    receipt *s = state;
    plt_items_end(&s->w);
    cut(s);
}

/* ESC @, then nothing but its commands and text up to one that only a receipt printer has. */
static plt_probe probe(const plt_pdl_env *env, const uint8_t *p, size_t n, bool last)
{
    size_t i = 2;
    (void)env;
    if (p[0] != ESC || (n > 1 && p[1] != '@')) return PLT_PROBE_NO;
    while (i < n) {
        uint64_t bytes = 0;
        bool telling = false;
        bool command = p[i] == ESC || p[i] == GS || p[i] == DLE || p[i] == FS;
        if (!command && p[i] < ' ' && !(p[i] && strchr("\t\n\r\f", p[i]))) return PLT_PROBE_NO;
        int len = command ? escpos(p + i, n - i, &bytes, &telling) : 1;
        if (len < 0) return PLT_PROBE_NO;
        if (!len || n - i < (size_t)len) break;
        if (telling) return PLT_PROBE_YES;
        if (bytes > n - i) break;
        i += (size_t)len + (size_t)bytes;
    }
    return last || n == PLT_PDL_WINDOW ? PLT_PROBE_NO : PLT_PROBE_MORE;
}

const plt_pdl_lang plt_pdl_escpos = {"ESC/POS", sizeof(receipt), probe, begin, plt_items_feed, end};

/* ---- Star raster: ESC * r letter parameters NUL, b and k rows, ESC FF NUL ends a page, ESC * r B the job ---- */

static size_t star_item(void *state, const uint8_t *p, size_t n, bool last)
{
    receipt *s = state;
    if (*p == ESC) {
        if (n < 3) return last ? n : 0;
        if (p[1] == '\f') {
            if (s->begun) cut(s);
            return 3;
        }
        if (p[1] != '*' || p[2] != 'r') return 2;
        if (n < 4) return last ? n : 0;
        if (p[3] == 'B') cut(s);
        if (p[3] == 'A' || p[3] == 'B') s->star_raster = p[3] == 'A';
        if (strchr("ABCR", p[3]) && p[3]) return 4;
        for (size_t i = 4; i < n; i++)
            if (!p[i]) return i + 1;
        return last || n == PLT_ITEMS_ROOM ? n : 0;
    }
    if (s->star_raster && (*p == 'b' || *p == 'k')) {
        if (n < 3) return last ? n : 0;
        s->begun = true;
        plt_items_data(&s->w, p[1] | (uint64_t)p[2] << 8, 0);
        return 3;
    }
    return 1;
}

static void star_begin(void *state, plt_pdl_host *h)
{
    begin(state, h);
    ((receipt *)state)->w.item = star_item;
}

/* ESC * r commands with parameters that end with NUL, which PCL's never do. */
static plt_probe star_probe(const plt_pdl_env *env, const uint8_t *p, size_t n, bool last)
{
    static const uint8_t start[] = {ESC, '*', 'r'};
    size_t i = 0;
    (void)env;
    for (;;) {
        for (size_t k = 0; k < sizeof start; k++, i++) {
            if (i == n) return last ? PLT_PROBE_NO : PLT_PROBE_MORE;
            if (p[i] != start[k]) return PLT_PROBE_NO;
        }
        if (i == n) return last ? PLT_PROBE_NO : PLT_PROBE_MORE;
        uint8_t c = p[i++];
        if (c == 'A' || c == 'R' || c == 'C') continue;
        if (c < 'D' || c > 'Z') return PLT_PROBE_NO;
        while (i < n && p[i] >= '0' && p[i] <= '9') i++;
        if (i == n) return last ? PLT_PROBE_NO : PLT_PROBE_MORE;
        return p[i] ? PLT_PROBE_NO : PLT_PROBE_YES;
    }
}

const plt_pdl_lang plt_pdl_star = {"Star-raster", sizeof(receipt), star_probe, star_begin, plt_items_feed, end};
