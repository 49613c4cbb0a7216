/* SPDX-License-Identifier: Apache-2.0 */
/*
 * TeX's device-independent files (DVItype, version 2): a page is what stands between BOP and EOP, and the postamble says how many there are.
 * Every command has a length of its own, so the file is walked command by command. Copies and sides are not in it.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/pdl/lang.h"
#include "core/pdl/paper.h"

enum {
    SET1 = 128,
    SET_RULE = 132,
    PUT1 = 133,
    PUT_RULE = 137,
    NOP = 138,
    BOP = 139,
    EOP = 140,
    PUSH = 141,
    POP = 142,
    RIGHT1 = 143,
    FNT_NUM_0 = 171,
    FNT1 = 235,
    XXX1 = 239,
    FNT_DEF1 = 243,
    PRE = 247,
    POST = 248,
    POST_POST = 249
};

#define SPECIAL_SIZE 128
#define POST_TOTAL 26 /* offset of the postamble's page count */

typedef struct dvi {
    plt_pdl_host *host;
    uint8_t op, uel;
    bool at_op, in_page, ended, bad, declared;
    uint32_t want, have; /* of the parameters that are kept */
    uint64_t skip;       /* bytes that mean nothing */
    uint8_t b[64];
    uint32_t special_left, special_n;
    char special[SPECIAL_SIZE];
    plt_ink ink;
    plt_ink now; /* what a mark is painted with */
    char paper[PLT_PAPER_NAME];
    uint32_t total;
} dvi;

static plt_probe probe(const plt_pdl_env *env, const uint8_t *p, size_t n, bool last)
{
    static const uint8_t start[] = {PRE, 2, 1, 0x83, 0x92, 0xC0}; /* TeX's units; other programs write them too */
    (void)env, (void)last;
    if (memcmp(p, start, n < sizeof start ? n : sizeof start) != 0) return PLT_PROBE_NO;
    return n < sizeof start ? PLT_PROBE_MORE : PLT_PROBE_YES;
}

static void begin(void *state, plt_pdl_host *h)
{
    dvi *s = state;
    s->host = h;
    s->at_op = true;
    s->now = PLT_INK_MONO;
}

/* How many parameter bytes follow an operation. */
static uint32_t parameters(uint8_t op)
{
    if (op < SET1 || (op >= FNT_NUM_0 && op < FNT1) || op == NOP || op == EOP || op == PUSH || op == POP) return 0;
    if (op >= SET1 && op < SET_RULE) return op - SET1 + 1u;
    if (op == SET_RULE || op == PUT_RULE) return 8;
    if (op >= PUT1 && op < PUT_RULE) return op - PUT1 + 1u;
    if (op == BOP) return 44;
    if (op >= RIGHT1 && op < FNT_NUM_0) {
        static const uint8_t moves[] = {1, 2, 3, 4, 0, 1, 2, 3, 4, 0, 1, 2, 3, 4, 1, 2, 3, 4, 0, 1, 2, 3, 4, 0, 1, 2, 3, 4};
        return moves[op - RIGHT1];
    }
    if (op >= FNT1 && op < XXX1) return op - FNT1 + 1u;
    if (op >= XXX1 && op < FNT_DEF1) return op - XXX1 + 1u;
    if (op >= FNT_DEF1 && op < PRE) return op - FNT_DEF1 + 1u + 14u;
    if (op == PRE) return 14;
    if (op == POST) return 28;
    return op == POST_POST ? 5 : 0;
}

static uint32_t number(const uint8_t *p, uint32_t n)
{
    uint32_t v = 0;
    for (uint32_t i = 0; i < n; i++) v = v << 8 | p[i];
    return v;
}

static void add_ink(dvi *s, plt_ink ink)
{
    s->ink = plt_ink_add(s->ink, ink);
}

/* ---- specials ---- */

static bool starts(const char *text, const char *with)
{
    return !strncmp(text, with, strlen(with));
}

static double decimal(const char **p)
{
    double v = 0, unit = 1;
    while (**p == ' ') ++*p;
    for (; **p >= '0' && **p <= '9'; ++*p) v = v < 1e9 ? v * 10 + (**p - '0') : v;
    if (**p == '.')
        for (++*p; **p >= '0' && **p <= '9'; ++*p) v += (**p - '0') * (unit /= 10);
    return v;
}

/* "rgb 1 0 0", "gray 0.5", "cmyk 0 0 0 1", "Black": of the color specials of dvips. */
static plt_ink color_of(const char *p)
{
    double v[4];
    while (*p == ' ') p++;
    size_t n = starts(p, "rgb ") ? 3 : starts(p, "cmyk ") ? 4 : starts(p, "gray ") ? 1 : 0;
    if (!n) return starts(p, "Black") || starts(p, "White") || starts(p, "Gray") ? PLT_INK_MONO : PLT_INK_COLOR;
    p += strcspn(p, " ");
    for (size_t i = 0; i < n; i++) v[i] = decimal(&p);
    return n == 1 ? PLT_INK_MONO : n == 3 ? plt_ink_rgb_f(v[0], v[1], v[2]) : plt_ink_cmyk_f(v[0], v[1], v[2], v[3]);
}

static void set_paper(dvi *s, const char *p)
{
    double w = decimal(&p), um = starts(p, "mm")   ? 1000
                                 : starts(p, "cm") ? 10000
                                 : starts(p, "in") ? 25400
                                 : starts(p, "bp") ? 25400.0 / 72
                                                   : 25400.0 / 72.27;
    p += strcspn(p, ",");
    if (*p) p++;
    double h = decimal(&p);
    if (w > 0 && h > 0 && w < 1e5 && h < 1e5) plt_paper_by_um(s->paper, (uint32_t)(w * um), (uint32_t)(h * um));
}

static void special(dvi *s)
{
    const char *p = s->special;
    while (*p == ' ') p++;
    if (starts(p, "papersize=")) {
        set_paper(s, p + 10);
    } else if (starts(p, "color push ")) {
        s->now = color_of(p + 11);
    } else if (starts(p, "color pop")) {
        s->now = PLT_INK_MONO; /* nested colours are rare; the outer one was seen, if it painted */
    } else if (starts(p, "background ")) {
        add_ink(s, color_of(p + 11));
    } else if (starts(p, "src:") || starts(p, "header=") || starts(p, "landscape") || starts(p, "html:") || starts(p, "pdf:dest") || starts(p, "!") ||
               starts(p, "x:")) {
        return;
    } else if (s->in_page) {
        add_ink(s, PLT_INK_UNKNOWN); /* a picture, PostScript ... */
    }
}

/* ---- commands ---- */

static void page_end(dvi *s)
{
    plt_ink ink = plt_pdl_count_only(s->host) ? PLT_INK_UNKNOWN : s->ink;
    plt_pdl_page(s->host, &(plt_pdl_page_info){.duplex = PLT_UNSAID, .ink = ink, .paper = s->paper});
    s->in_page = false;
}

static void command(dvi *s)
{
    uint8_t op = s->op;
    s->at_op = true;
    if (op < PUT_RULE + 1) {
        add_ink(s, s->now);
        if (!s->in_page) s->bad = true;
    } else if (op == BOP) {
        if (s->in_page) s->bad = true;
        s->in_page = true;
        s->ink = PLT_INK_BLANK;
    } else if (op == EOP) {
        if (!s->in_page)
            s->bad = true;
        else
            page_end(s);
    } else if (op >= XXX1 && op < FNT_DEF1) {
        s->special_left = number(s->b, s->have);
        s->special_n = 0;
        s->special[0] = 0;
    } else if (op >= FNT_DEF1 && op < PRE) {
        s->skip = (uint64_t)s->b[s->have - 1] + s->b[s->have - 2];
    } else if (op == PRE) {
        s->skip = s->b[13];
    } else if (op == POST) {
        s->total = number(s->b + POST_TOTAL, 2);
        s->declared = true;
    } else if (op == POST_POST) {
        s->ended = true;
    } else if (op > POST_POST) {
        s->bad = true;
    }
}

static void byte(dvi *s, uint8_t c)
{
    if (s->at_op) {
        s->op = c;
        s->want = parameters(c);
        s->have = 0;
        s->at_op = false;
    } else {
        s->b[s->have++] = c;
    }
    if (s->have == s->want) command(s);
}

static size_t special_bytes(dvi *s, const uint8_t *p, size_t n)
{
    size_t take = n < s->special_left ? n : s->special_left;
    for (size_t i = 0; i < take && s->special_n + 1 < SPECIAL_SIZE; i++) {
        s->special[s->special_n++] = (char)p[i];
        s->special[s->special_n] = 0;
    }
    s->special_left -= (uint32_t)take;
    if (!s->special_left) special(s);
    return take;
}

static size_t feed(void *state, const uint8_t *p, size_t n, plt_feed_end *end)
{
    dvi *s = state;
    size_t i = 0;
    while (i < n) {
        if (s->ended || s->bad) { /* what follows is filler: 223, as often as needed */
            bool uel;
            i += plt_pdl_find_uel(&s->uel, p + i, n - i, &uel);
            if (uel) *end = PLT_FEED_UEL;
            return i;
        }
        if (s->skip) {
            size_t take = n - i < s->skip ? n - i : (size_t)s->skip;
            s->skip -= take;
            i += take;
        } else if (s->special_left) {
            i += special_bytes(s, p + i, n - i);
        } else {
            byte(s, p[i++]);
        }
    }
    return n;
}

static void end(void *state)
{
    dvi *s = state;
    char why[PLT_REASON_SIZE];
    uint64_t pages = plt_pdl_page_count(s->host);
    plt_pdl_touch(s->host);
    if (s->bad) {
        plt_pdl_doubt(s->host, PLT_ON_PAGES, PLT_CONF_UNKNOWN, "the DVI file is broken");
    } else if (!s->declared) {
        plt_pdl_doubt(s->host, PLT_ON_PAGES, pages ? PLT_CONF_ESTIMATED : PLT_CONF_UNKNOWN, "the DVI file does not end: it was cut short");
    } else if (s->total != (pages & 0xFFFF)) { /* two bytes: it wraps */
        snprintf(why, sizeof why, "the DVI file says that it has %lu pages, but %llu are in it", (unsigned long)s->total, (unsigned long long)pages);
        plt_pdl_doubt(s->host, PLT_ON_PAGES, PLT_CONF_ESTIMATED, why);
    }
}

const plt_pdl_lang plt_pdl_dvi = {"DVI", sizeof(dvi), probe, begin, feed, end};
