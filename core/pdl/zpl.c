/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Zebra ZPL II (ZPL II Programming Guide): commands behind a caret or tilde, which ^CC and ~CT change; a format from ^XA to ^XZ prints ^PQ labels if
 * it holds something to print and does not only store or delete. Binary graphics carry their size and are skipped.
 */
#include <string.h>

#include "core/pdl/items.h"

#define ESC 0x1B
#define DLE 0x10
#define NAME_SIZE 32

typedef struct zpl {
    plt_items w; /* first: plt_items_feed */
    uint8_t caret, tilde, comma;
    bool stops[256]; /* where a command's characters end */
    bool open;       /* between ^XA and ^XZ */
    bool marked, stores, quiet;
    bool graphic_inked;                                /* the label places a graphic that has ink */
    bool awaits_data;                                  /* behind ^FD: any character is something to print */
    enum { ZPL_NONE, ZPL_SIZES, ZPL_DIGITS } download; /* behind ~DG: its two sizes, then its digits */
    uint32_t quantity;
    bool stored_inked;
    uint8_t stored_len;
    uint8_t stored[NAME_SIZE]; /* the name of the graphic that was sent last */
} zpl;

static void set_stops(zpl *s)
{
    memset(s->stops, 0, sizeof s->stops);
    s->stops[s->caret] = s->stops[s->tilde] = s->stops[ESC] = true;
}

static bool prefix(const zpl *s, uint8_t c)
{
    return c == s->caret || c == s->tilde;
}

static void format_begin(zpl *s)
{
    if (s->open) plt_items_strange(&s->w);
    s->open = true;
    s->marked = s->stores = s->quiet = false;
    s->quantity = 1;
}

static void format_end(zpl *s)
{
    if (!s->open) plt_items_strange(&s->w);
    if (s->open && s->marked && !s->stores && !s->quiet) plt_items_page(&s->w, s->quantity, s->graphic_inked ? PLT_INK_MONO : PLT_INK_BLANK);
    s->open = s->graphic_inked = false;
}

static void mark(zpl *s)
{
    s->marked = s->graphic_inked = true;
}

/* The parameter that begins at p[3]: its length; n when its end is not there. */
static size_t parameter(const zpl *s, const uint8_t *p, size_t n, size_t i)
{
    size_t from = i;
    while (i < n && p[i] != s->comma && !prefix(s, p[i]) && p[i] != '\r' && p[i] != '\n' && p[i] != ESC) i++;
    return i - from;
}

/* ^GFa,b,c,d,data and ~DYd:n,b,x,t,w,data: behind the fields, 0 when that is not there yet; *bytes of binary data follow. */
static size_t graphic(const zpl *s, const uint8_t *p, size_t n, bool download, uint64_t *bytes)
{
    size_t i = 3, fields = download ? 5 : 4;
    uint8_t format = 'A';
    uint32_t v = 0, size = 0;
    for (size_t k = 0; k < fields; k++) {
        size_t len = parameter(s, p, n, i);
        if (i + len == n) return n == PLT_ITEMS_ROOM ? 3 : 0;
        if (p[i + len] != s->comma) return 3;
        if (k == (download ? 1u : 0u) && len) format = p[i];
        plt_items_digits(p + i, len, 9, &v);
        if (k == (download ? 3u : 1u)) size = v;
        i += len + 1;
    }
    if (format >= 'a') format = (uint8_t)(format - 32);
    *bytes = format == 'B' || format == 'C' ? size : 0;
    return i;
}

static size_t quantity(zpl *s, const uint8_t *p, size_t n, bool last)
{
    size_t i = 3;
    while (i < n && p[i] == ' ') i++;
    i += plt_items_digits(p + i, n - i, 8, &s->quantity);
    if (i == n && !last && n < PLT_ITEMS_ROOM) return 0;
    if (!s->quantity) s->quantity = 1;
    return i;
}

/* ~DG and ^XG name a graphic. */
static size_t named(zpl *s, const uint8_t *p, size_t n, bool last, bool download)
{
    size_t len = parameter(s, p, n, 3);
    if (3 + len == n && !last && n < PLT_ITEMS_ROOM) return 0;
    if (download) {
        s->stored_len = (uint8_t)(len < NAME_SIZE ? len : 0);
        memcpy(s->stored, p + 3, s->stored_len);
        s->stored_inked = false;
        s->download = ZPL_SIZES;
    } else {
        bool same = len && len == s->stored_len && !memcmp(p + 3, s->stored, len);
        s->marked = true;
        if (!same || s->stored_inked) s->graphic_inked = true;
    }
    return 3 + len;
}

static bool is(const uint8_t *p, const char *code)
{
    return p[1] == (uint8_t)code[0] && p[2] == (uint8_t)code[1];
}

/* What a command that needs no parameter does. */
static void simple(zpl *s, const uint8_t *p)
{
    static const char prints[] = "GB GC GD GE GS XF IM IL SN FV";
    char code[3] = {(char)p[1], (char)p[2], 0};
    if (is(p, "XA"))
        format_begin(s);
    else if (is(p, "XZ"))
        format_end(s);
    else if (is(p, "DF"))
        s->stores = true;
    else if (is(p, "FD"))
        s->awaits_data = true;
    else if (is(p, "WC") || is(p, "WD"))
        plt_items_page(&s->w, 1, PLT_INK_MONO); /* its own configuration */
    else if (p[1] && p[2] && p[2] != ' ' && strstr(prints, code))
        mark(s);
}

static size_t command(zpl *s, const uint8_t *p, size_t n, bool last)
{
    uint64_t bytes = 0;
    if (n < 3) return last ? n : 0;
    s->awaits_data = false;
    s->download = ZPL_NONE;
    if (is(p, "CC") || is(p, "CT") || is(p, "CD")) {
        if (n < 4) return last ? n : 0;
        if (p[3] != ESC) *(p[2] == 'C' ? &s->caret : p[2] == 'T' ? &s->tilde : &s->comma) = p[3]; /* an ESC stays the start of a UEL */
        set_stops(s);
        return 4;
    }
    if (is(p, "PQ")) return quantity(s, p, n, last);
    if (is(p, "DG") || is(p, "XG")) return named(s, p, n, last, p[1] == 'D');
    if (is(p, "IS")) { /* saves the label as a picture; ",N": and does not print it */
        size_t len = parameter(s, p, n, 3);
        if (n < 3 + len + 2) return last || n == PLT_ITEMS_ROOM ? 3 : 0;
        if (p[3 + len] == s->comma && p[4 + len] == 'N') s->quiet = true;
        return 3;
    }
    if (is(p, "GF") || is(p, "DY")) {
        size_t head = graphic(s, p, n, p[1] == 'D', &bytes);
        if (!head) return last ? n : 0;
        if (p[1] == 'G') mark(s);
        plt_items_data(&s->w, bytes, PLT_ITEMS_BLIND);
        return head;
    }
    simple(s, p);
    return 3;
}

static bool ink_digit(uint8_t c)
{
    return (c >= '1' && c <= '9') || (c >= 'A' && c <= 'F');
}

/* Characters that belong to the command before them, up to the next one. An ESC at their front is no UEL. */
static size_t text(zpl *s, const uint8_t *p, size_t n)
{
    size_t i = *p == ESC;
    if (s->awaits_data) {
        while (i < n && !s->stops[p[i]] && (p[i] == '\r' || p[i] == '\n')) i++;
        if (i < n && !s->stops[p[i]]) {
            mark(s);
            s->awaits_data = false;
        }
    }
    if (s->download == ZPL_DIGITS && !s->stored_inked) {
        while (i < n && !s->stops[p[i]] && !ink_digit(p[i])) i++;
        s->stored_inked = i < n && !s->stops[p[i]];
    }
    while (i < n && !s->stops[p[i]]) i++;
    return i;
}

/* ~DGname,size,width,digits: the two numbers are no ink. 0: not all there. */
static size_t sizes(zpl *s, const uint8_t *p, size_t n, bool last)
{
    size_t i = 0;
    for (int k = 0; k < 3; k++) {
        if (k) i += parameter(s, p, n, i);
        if (i == n && !last && n < PLT_ITEMS_ROOM) return 0;
        if (i < n && p[i] == s->comma) i++;
    }
    s->download = ZPL_DIGITS;
    return i;
}

static size_t item(void *state, const uint8_t *p, size_t n, bool last)
{
    zpl *s = state;
    if (prefix(s, *p)) return command(s, p, n, last);
    if (s->download == ZPL_SIZES) {
        if (*p == s->comma) return sizes(s, p, n, last);
        s->download = ZPL_DIGITS; /* it has none */
    }
    return text(s, p, n);
}

static void begin(void *state, plt_pdl_host *h)
{
    zpl *s = state;
    plt_items_begin(&s->w, h, s, item);
    s->caret = '^';
    s->tilde = '~';
    s->comma = ',';
    set_stops(s);
    plt_pdl_touch(h);
}

static void end(void *state)
{
    zpl *s = state;
    plt_items_end(&s->w);
    if (s->open || s->w.cut)
        plt_pdl_doubt(s->w.h, PLT_ON_PAGES, PLT_CONF_ESTIMATED, "the data end in the middle of a label: the job was cut short");
    else if (s->download != ZPL_NONE)
        plt_pdl_doubt(s->w.h, PLT_ON_PAGES, PLT_CONF_ESTIMATED,
                      "the data end behind a graphic that no label places: the job may have been cut short");
}

/* ^XA, what Zebra's driver sends before it, or a download. */
static plt_probe probe(const plt_pdl_env *env, const uint8_t *p, size_t n, bool last)
{
    static const char *const starts[] = {
        "^XA", "CT~~CD,~CC^~CT~", "~DGR:", "~DGE:", "~DGB:", "~DGA:", "~DYR:", "~DYE:", "~DYB:", "~SD", "~TA", "~JA", "~JS", "~CC", "~CT", "~CD"};
    bool more = false;
    (void)env;
    if (n && *p == DLE) p++, n--;
    if (n && *p != '^' && *p != '~' && *p != 'C') return PLT_PROBE_NO;
    for (size_t i = 0; i < sizeof starts / sizeof starts[0]; i++) {
        size_t m = strlen(starts[i]);
        if (n >= m && !memcmp(p, starts[i], m)) return PLT_PROBE_YES;
        if (n < m && !memcmp(p, starts[i], n)) more = true;
    }
    return more && !last ? PLT_PROBE_MORE : PLT_PROBE_NO;
}

const plt_pdl_lang plt_pdl_zpl = {"ZPL", sizeof(zpl), probe, begin, plt_items_feed, end};
