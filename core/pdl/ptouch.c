/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Brother P-touch and QL in raster mode (Raster Command Reference): rows behind G, g, w or Z, and FF or SUB prints the label. The format has no
 * copies: drivers repeat the label. Two-colour tape has rows of red. Template and ESC/P mode of the same printers are not walked.
 */
#include <string.h>

#include "core/pdl/items.h"

#define ESC 0x1B
#define FF 0x0C
#define SUB 0x1A

typedef struct ptouch {
    plt_items w; /* first: plt_items_feed */
    bool rows;   /* since the last label */
    bool packed; /* M 2: rows of G are packed */
    bool inked;  /* by packed rows */
    bool red;
    bool in_red;      /* the row that is being skipped is red */
    uint32_t left;    /* bytes of a packed row still to come */
    uint32_t literal; /* of it: bytes of a literal run */
    bool repeats;     /* the next one is repeated */
} ptouch;

static void settle(ptouch *s)
{
    if (!s->w.inked) return;
    if (s->in_red)
        s->red = true;
    else
        s->inked = true;
    s->w.inked = false;
}

static void label(ptouch *s)
{
    settle(s);
    if (s->rows) plt_items_page(&s->w, 0, s->red ? PLT_INK_COLOR : s->inked ? PLT_INK_MONO : PLT_INK_BLANK);
    s->rows = s->inked = s->red = false;
}

static void row(ptouch *s, uint32_t n, bool packed, bool red)
{
    settle(s);
    s->rows = true;
    s->in_red = red;
    if (!packed) {
        plt_items_data(&s->w, n, 0);
        return;
    }
    s->left = n;
    s->literal = 0;
    s->repeats = false;
    s->w.raw = n != 0;
}

/* TIFF packed bits: a literal run's length less one, or the negative length of a repeated byte. */
static size_t unpack(ptouch *s, const uint8_t *p, size_t n)
{
    size_t i = 0;
    while (i < n && s->left) {
        size_t step = 1;
        if (s->literal) {
            step = n - i < s->left ? n - i : s->left;
            if (step > s->literal) step = s->literal;
            if (!s->w.inked) s->w.inked = plt_ink_any_but(p + i, step, 0);
            s->literal -= (uint32_t)step;
        } else if (s->repeats) {
            if (p[i]) s->w.inked = true;
            s->repeats = false;
        } else if (p[i] < 128) {
            s->literal = p[i] + 1u;
        } else if (p[i] > 128) {
            s->repeats = true;
        }
        i += step;
        s->left -= (uint32_t)step;
    }
    s->w.raw = s->left != 0;
    return i;
}

/* Bytes of parameters behind ESC i and this letter; -1: not known. */
static int parameters(uint8_t c)
{
    static const struct {
        char letter;
        int8_t n;
    } known[] = {{'a', 1}, {'R', 1}, {'M', 1}, {'K', 1}, {'D', 1}, {'A', 1}, {'d', 2}, {'z', 10}, {'c', 5}, {'S', 0},
                 {'!', 1}, {'L', 1}, {'C', 1}, {'H', 1}, {'F', 1}, {'P', 1}, {'r', 1}, {'N', 1},  {'V', 1}, {'Q', 1}};
    for (size_t k = 0; k < sizeof known / sizeof known[0]; k++)
        if (known[k].letter == (char)c) return known[k].n;
    return -1;
}

static size_t escape(ptouch *s, const uint8_t *p, size_t n, bool last)
{
    if (n < 2) return last;
    if (p[1] == '@') {
        s->packed = false;
        return 2;
    }
    if (p[1] == '*') { /* rows of 24 dots: ESC * 39 n */
        if (n < 5) return last ? n : 0;
        row(s, 3u * (p[3] | (uint32_t)p[4] << 8), false, false);
        return 5;
    }
    if (p[1] != 'i') {
        plt_items_strange(&s->w);
        return 2;
    }
    if (n < 3) return last ? n : 0;
    int more = parameters(p[2]);
    if (more < 0) {
        plt_items_strange(&s->w);
        return 3;
    }
    if (n < 3 + (size_t)more) return last ? n : 0;
    if (p[2] == 'a' && p[3] != 1 && p[3] != '1')
        plt_pdl_doubt(s->w.h, PLT_ON_PAGES, PLT_CONF_UNKNOWN, "a template in the printer says what is printed");
    return 3 + (size_t)more;
}

static size_t item(void *state, const uint8_t *p, size_t n, bool last)
{
    ptouch *s = state;
    size_t i = 0;
    if (s->left) return unpack(s, p, n);
    while (i < n && p[i] == 'Z') i++; /* rows without a dot come in long runs */
    if (i) {
        s->rows = true;
        return i;
    }
    if (*p == FF || *p == SUB) {
        label(s);
    } else if (*p == ESC) {
        return escape(s, p, n, last);
    } else if (*p == 'M') {
        if (n < 2) return last;
        s->packed = p[1] == 2;
        return 2;
    } else if (*p == 'G' || *p == 'g' || *p == 'w') {
        if (n < 3) return last ? n : 0;
        uint32_t bytes = *p == 'G' ? p[1] | (uint32_t)p[2] << 8 : p[2];
        row(s, bytes, *p == 'G' && s->packed, *p == 'w' && p[1] == 2);
        return 3;
    } else if (*p && *p != '\r' && *p != '\n') {
        plt_items_strange(&s->w);
    }
    return 1;
}

static void begin(void *state, plt_pdl_host *h)
{
    ptouch *s = state;
    plt_items_begin(&s->w, h, s, item);
}

static void end(void *state)
{
    ptouch *s = state;
    plt_items_end(&s->w);
    if (!s->rows && !s->w.cut) return;
    plt_pdl_touch(s->w.h);
    plt_pdl_doubt(s->w.h, PLT_ON_PAGES, PLT_CONF_ESTIMATED, "the data end in the middle of a label: the job was cut short");
}

/* ESC @ ESC i and a letter of theirs; or straight ESC i a 1. */
static plt_probe probe(const plt_pdl_env *env, const uint8_t *p, size_t n, bool last)
{
    static const uint8_t start[] = {ESC, '@', ESC, 'i'};
    (void)env;
    size_t from = n > 1 && p[1] == 'i' ? 2 : 0, i = 0;
    for (; i < n && i + from < sizeof start; i++)
        if (p[i] != start[i + from]) return PLT_PROBE_NO;
    if (i + from == sizeof start && i < n) {
        if (p[i] == 'a' && i + 1 < n) return p[i + 1] == 1 || p[i + 1] == '1' ? PLT_PROBE_YES : PLT_PROBE_NO;
        if (p[i] != 'a') return parameters(p[i]) < 0 ? PLT_PROBE_NO : PLT_PROBE_YES;
    }
    return last ? PLT_PROBE_NO : PLT_PROBE_MORE;
}

const plt_pdl_lang plt_pdl_ptouch = {"PTouch", sizeof(ptouch), probe, begin, plt_items_feed, end};
