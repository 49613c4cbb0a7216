/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Fujitsu's FMPR and FMLBP: control sequences of ISO 6429, and private ones behind ESC Q with dots whose number they tell. A form feed ends a page;
 * one among the dots is data.
 */
#include "core/pdl/epson.h"

#include <string.h>

enum { STRING = EPSON_OWN, STRING_ESC, DOTS, PLACE };

typedef struct fmpr {
    epson_walk w;
    bool private; /* behind ESC Q */
    epson_page page;
} fmpr;

static void sequence_begin(fmpr *s, bool private)
{
    epson_walk_sequence(&s->w);
    s->private = private;
}

static void dots_begin(fmpr *s, uint64_t n)
{
    epson_walk_data(&s->w, DOTS, n);
    if (n) epson_page_mark(&s->page, PLT_INK_BLANK);
}

/* ESC Q n SP W: n columns of 24 pins; ESC Q n;m;0!a: n bytes of a row. */
static void sequence_end(void *st, uint8_t final)
{
    fmpr *s = st;
    s->page.touched = true;
    if (!s->private) return;
    if (s->w.last_mark == ' ' && final == 'W') dots_begin(s, (uint64_t)s->w.number[0] * 3);
    if (s->w.last_mark == '!' && final == 'a') dots_begin(s, s->w.number[0]);
}

static void text_byte(void *st, uint8_t c)
{
    fmpr *s = st;
    if (c == ESC)
        s->w.state = EPSON_ESC;
    else if (c == FS)
        s->w.state = PLACE;
    else if (c == 0x9B)
        sequence_begin(s, false);
    else if (c == 0x90)
        s->w.state = STRING;
    else if (c == '\f')
        epson_page_eject(&s->page);
    else if (c > ' ' && c != 0x7F && (c < 0x7F || c >= 0xA0))
        epson_page_mark(&s->page, PLT_INK_MONO);
}

static void behind_esc(void *st, uint8_t c)
{
    fmpr *s = st;
    s->w.state = EPSON_TEXT;
    if (c == '[')
        sequence_begin(s, false);
    else if (c == 'Q')
        sequence_begin(s, true);
    else if (c == 'P')
        s->w.state = STRING;
    else if (c == ESC)
        s->w.state = EPSON_ESC;
    else if (c == 'c')
        epson_page_eject_marked(&s->page);
    else if (c >= 0x20 && c <= 0x2F)
        epson_walk_marks(&s->w, c);
}

/* FS " and two numbers, whose last digit is 70h or more. */
static void place_byte(void *st, uint8_t c)
{
    fmpr *s = st;
    if (c >= 0x70 || c < 0x20) s->w.state = EPSON_TEXT;
}

static void string_byte(void *st, uint8_t c)
{
    fmpr *s = st;
    if (c == ESC) s->w.state = STRING_ESC;
    if (c == 0x9C) s->w.state = EPSON_TEXT;
}

static void string_esc(void *st, uint8_t c)
{
    fmpr *s = st;
    s->w.state = c == '\\' ? EPSON_TEXT : c == ESC ? STRING_ESC : STRING;
}

static void dots(void *st, const uint8_t *p, size_t n)
{
    fmpr *s = st;
    ink_planes_bytes(&s->page.planes, INK_K, 0, p, n);
}

static const epson_state states[] = {
    [EPSON_TEXT] = {.byte = text_byte},  [EPSON_ESC] = {.byte = behind_esc},
    [EPSON_SEQUENCE] = {.open = true},   [STRING] = {.byte = string_byte, .open = true},
    [STRING_ESC] = {.byte = string_esc}, [DOTS] = {.counted = true, .data = dots, .open = true},
    [PLACE] = {.byte = place_byte},
};

static void begin(void *st, plt_pdl_host *h)
{
    fmpr *s = st;
    epson_walk_begin(&s->w, states, sequence_end);
    epson_page_begin(&s->page, h, true);
}

static void end(void *st)
{
    fmpr *s = st;
    epson_page_end(&s->page, epson_walk_open(&s->w));
}

static plt_probe probe(const plt_pdl_env *env, const uint8_t *p, size_t n, bool last)
{
    (void)env;
    if (n >= 4) return !memcmp(p, "\033c\033Q", 4) ? PLT_PROBE_YES : PLT_PROBE_NO;
    return !last && n && *p == ESC ? PLT_PROBE_MORE : PLT_PROBE_NO;
}

const plt_pdl_lang plt_pdl_fmpr = {"FMPR", sizeof(fmpr), probe, begin, epson_walk_feed, end};
