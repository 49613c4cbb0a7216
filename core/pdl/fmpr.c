/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Fujitsu's FMPR and FMLBP: control sequences of ISO 6429, and private ones behind ESC Q with dots whose number they tell. A form feed ends a page;
 * one among the dots is data.
 */
#include "core/pdl/epson.h"

#include <string.h>

typedef enum state { TEXT, BEHIND_ESC, MARKS, SEQUENCE, STRING, STRING_ESC, DOTS, PLACE, UEL } state;

typedef struct fmpr {
    state state;
    bool private; /* behind ESC Q */
    uint8_t mark, numbers, match;
    uint32_t number[4];
    uint64_t left;
    epson_page page;
} fmpr;

static void begin(void *st, plt_pdl_host *h)
{
    fmpr *s = st;
    epson_page_begin(&s->page, h, true);
}

static void sequence_begin(fmpr *s, bool private)
{
    s->state = SEQUENCE;
    s->private = private;
    s->mark = s->numbers = 0;
    memset(s->number, 0, sizeof s->number);
}

static void dots_begin(fmpr *s, uint64_t n)
{
    s->left = n;
    s->state = n ? DOTS : TEXT;
    if (n) epson_page_mark(&s->page, PLT_INK_BLANK);
}

/* ESC Q n SP W: n columns of 24 pins; ESC Q n;m;0!a: n bytes of a row. */
static void sequence_end(fmpr *s, uint8_t final)
{
    s->state = TEXT;
    s->page.touched = true;
    if (!s->private) return;
    if (s->mark == ' ' && final == 'W') dots_begin(s, (uint64_t)s->number[0] * 3);
    if (s->mark == '!' && final == 'a') dots_begin(s, s->number[0]);
}

static void sequence_byte(fmpr *s, uint8_t c)
{
    if (c >= '0' && c <= '9') {
        uint32_t *n = &s->number[s->numbers];
        if (*n < 100000000) *n = *n * 10 + (uint32_t)(c - '0');
    } else if (c == ';') {
        if (s->numbers < 3) s->numbers++;
    } else if (c >= 0x20 && c <= 0x2F) {
        s->mark = c;
    } else if (c >= 0x40 && c <= 0x7E) {
        sequence_end(s, c);
    } else if (c == ESC) {
        s->state = BEHIND_ESC;
    } else if (c < 0x20) {
        s->state = TEXT;
    }
}

static void text_byte(fmpr *s, uint8_t c)
{
    if (c == ESC)
        s->state = BEHIND_ESC;
    else if (c == FS)
        s->state = PLACE;
    else if (c == 0x9B)
        sequence_begin(s, false);
    else if (c == 0x90)
        s->state = STRING;
    else if (c == '\f')
        epson_page_eject(&s->page);
    else if (c > ' ' && c != 0x7F && (c < 0x7F || c >= 0xA0))
        epson_page_mark(&s->page, PLT_INK_MONO);
}

static void behind_esc(fmpr *s, uint8_t c)
{
    s->state = TEXT;
    if (c == '[')
        sequence_begin(s, false);
    else if (c == 'Q')
        sequence_begin(s, true);
    else if (c == 'P')
        s->state = STRING;
    else if (c == ESC)
        s->state = BEHIND_ESC;
    else if (c == 'c')
        epson_page_eject_marked(&s->page);
    else if (c >= 0x20 && c <= 0x2F) {
        s->mark = c;
        s->state = MARKS;
    }
}

/* FS " and two numbers, whose last digit is 70h or more. */
static void place_byte(fmpr *s, uint8_t c)
{
    if (c >= 0x70 || c < 0x20) s->state = TEXT;
}

static bool byte_in(fmpr *s, uint8_t c)
{
    static const char uel[] = "\033%-12345X";
    switch (s->state) {
    case BEHIND_ESC: behind_esc(s, c); return false;
    case MARKS:
        if (s->mark == '%' && c == '-') {
            s->state = UEL;
            s->match = 3;
        } else if (c < 0x20 || c > 0x2F) {
            s->state = c == ESC ? BEHIND_ESC : TEXT;
        }
        return false;
    case SEQUENCE: sequence_byte(s, c); return false;
    case STRING:
        if (c == ESC) s->state = STRING_ESC;
        if (c == 0x9C) s->state = TEXT;
        return false;
    case STRING_ESC: s->state = c == '\\' ? TEXT : c == ESC ? STRING_ESC : STRING; return false;
    case PLACE: place_byte(s, c); return false;
    case UEL:
        if (c == (uint8_t)uel[s->match]) return ++s->match == 9;
        s->state = c == ESC ? BEHIND_ESC : TEXT;
        return false;
    default: text_byte(s, c); return false;
    }
}

static size_t feed(void *st, const uint8_t *p, size_t n, plt_feed_end *how)
{
    fmpr *s = st;
    for (size_t i = 0; i < n;) {
        if (s->state == DOTS) {
            size_t step = epson_step(s->left, n - i);
            ink_planes_bytes(&s->page.planes, INK_K, 0, p + i, step);
            s->left -= step;
            i += step;
            if (!s->left) s->state = TEXT;
        } else if (byte_in(s, p[i++])) {
            *how = PLT_FEED_UEL;
            return i;
        }
    }
    return n;
}

static void end(void *st)
{
    fmpr *s = st;
    epson_page_end(&s->page, s->state == DOTS || s->state == SEQUENCE || s->state == STRING);
}

static plt_probe probe(const plt_pdl_env *env, const uint8_t *p, size_t n, bool last)
{
    (void)env;
    if (n >= 4) return !memcmp(p, "\033c\033Q", 4) ? PLT_PROBE_YES : PLT_PROBE_NO;
    return !last && n && *p == ESC ? PLT_PROBE_MORE : PLT_PROBE_NO;
}

const plt_pdl_lang plt_pdl_fmpr = {"FMPR", sizeof(fmpr), probe, begin, feed, end};
