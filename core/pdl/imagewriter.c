/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Apple ImageWriter and Dot Matrix Printer (ImageWriter II Technical Reference): ESC and a letter, some with decimal parameters; G, S, g and C carry
 * columns of dots. FF ejects, and so does a set top of form never. ESC K chooses the ribbon's colour. Lines are not counted: fanfold has no pages of
 * its own.
 */
#include <string.h>

#include "core/pdl/items.h"

#define ESC 0x1B

typedef struct imagewriter {
    plt_items w; /* first: plt_items_feed */
    bool begun, color_ribbon;
    bool text, colored; /* on the page: black marks, coloured ones */
} imagewriter;

/* Which ribbon the dots since the last time were printed with. */
static void settle(imagewriter *s)
{
    if (s->w.inked && s->color_ribbon) s->colored = true;
    if (s->w.inked && !s->color_ribbon) s->text = true;
    s->w.inked = false;
}

static plt_ink ink(imagewriter *s)
{
    settle(s);
    return s->colored ? PLT_INK_COLOR : s->text ? PLT_INK_MONO : PLT_INK_BLANK;
}

static void eject(imagewriter *s)
{
    plt_items_page(&s->w, 0, ink(s));
    s->begun = s->text = s->colored = false;
}

/* Bytes behind ESC and this letter; -1: not a command of theirs. *digits: how many of them are a number. */
static int parameters(uint8_t c, int *digits)
{
    static const struct {
        const char *letters;
        int bytes, digits;
    } known[] = {
        {"GSCFH", 4, 4}, {"gLu", 3, 3}, {"V", 5, 4}, /* a column, repeated */
        {"U", 7, 4},     {"R", 4, 3},   {"T", 2, 2}, /* a column of three bytes, a character, repeated; the line's height */
        {"aKslm", 1, 1}, {"DZ", 2, 0},  {"><PpqQnNEeABrfcvOoXY!\"WwxyztkhijM$&*'-+0?", 0, 0},
    };
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        *digits = known[i].digits;
        if (c && strchr(known[i].letters, c)) return known[i].bytes;
    }
    return -1;
}

static void columns(imagewriter *s, uint32_t n)
{
    settle(s);
    s->begun = true;
    plt_items_data(&s->w, n, 0);
}

static size_t escape(imagewriter *s, const uint8_t *p, size_t n, bool last)
{
    int digits;
    uint32_t v;
    if (n < 2) return last;
    if (p[1] == '(' || p[1] == ')') { /* tab stops up to a full stop */
        for (size_t i = 2; i < n; i++)
            if (p[i] == '.') return i + 1;
        return last || n == PLT_ITEMS_ROOM ? n : 0;
    }
    int more = parameters(p[1], &digits);
    if (more < 0) {
        plt_items_strange(&s->w);
        return 2;
    }
    if (n < 2 + (size_t)more) return last ? n : 0;
    if (plt_items_digits(p + 2, (size_t)digits, (size_t)digits, &v) != (size_t)digits) plt_items_strange(&s->w);
    if (p[1] == 'G' || p[1] == 'S') {
        columns(s, v);
    } else if (p[1] == 'C' || p[1] == 'g') {
        columns(s, p[1] == 'C' ? v * 3 : v * 8);
    } else if (p[1] == 'V' || p[1] == 'R') {
        if (p[2 + digits] && p[2 + digits] != ' ') s->text = s->begun = true;
    } else if (p[1] == 'K') {
        settle(s);
        s->color_ribbon = v != 0;
    }
    return 2 + (size_t)more;
}

static size_t item(void *state, const uint8_t *p, size_t n, bool last)
{
    imagewriter *s = state;
    if (*p == '\f') {
        eject(s);
    } else if (*p == ESC) {
        return escape(s, p, n, last);
    } else if (*p > ' ' && *p != 127) {
        if (*p > 127) plt_items_strange(&s->w);
        s->text = s->begun = true;
        if (s->color_ribbon) s->colored = true;
    } else if (*p < 8) {
        plt_items_strange(&s->w);
    }
    return 1;
}

static void begin(void *state, plt_pdl_host *h)
{
    imagewriter *s = state;
    plt_items_begin(&s->w, h, s, item);
    plt_pdl_touch(h);
}

static void end(void *state)
{
    imagewriter *s = state;
    plt_items_end(&s->w);
    if (!s->begun && !s->w.cut) return;
    plt_pdl_doubt(s->w.h, PLT_ON_PAGES, PLT_CONF_ESTIMATED,
                  s->w.cut ? "the data end in the middle of a graphic: the job was cut short" : "the last page is not fed out");
    if (s->begun) eject(s);
}

/* ESC > and ESC T with two digits, or a graphic of theirs, among nothing but their commands. */
static plt_probe probe(const plt_pdl_env *env, const uint8_t *p, size_t n, bool last)
{
    size_t i = 0;
    int telling = 0;
    (void)env;
    while (i < n) {
        int digits;
        if (p[i] == '\r' || p[i] == '\n') {
            i++;
            continue;
        }
        if (p[i] != ESC) return PLT_PROBE_NO;
        if (i + 2 > n) break;
        int more = parameters(p[i + 1], &digits);
        if (more < 0) return PLT_PROBE_NO;
        if (i + 2 + (size_t)more > n) break;
        for (int k = 0; k < digits; k++)
            if (p[i + 2 + (size_t)k] < '0' || p[i + 2 + (size_t)k] > '9') return PLT_PROBE_NO;
        if (p[i + 1] == '>' || p[i + 1] == 'T') telling++;
        if (digits == 4) telling += 2;
        if (telling >= 3 || (telling >= 2 && digits == 4)) return PLT_PROBE_YES;
        i += 2 + (size_t)more;
    }
    return last || n == PLT_PDL_WINDOW ? PLT_PROBE_NO : PLT_PROBE_MORE;
}

const plt_pdl_lang plt_pdl_imagewriter = {"ImageWriter", sizeof(imagewriter), probe, begin, plt_items_feed, end};
