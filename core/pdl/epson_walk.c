/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The walk of the languages that are made of text, escape sequences and counted data: a language is a table of states, and this is the loop over it.
 * Counted data are handed on in one step and are never looked at for a UEL; what a byte means is the language's to say.
 */
#include <string.h>

#include "core/pdl/epson.h"

void epson_walk_begin(epson_walk *w, const epson_state *states, void (*sequence)(void *st, uint8_t final))
{
    w->states = states;
    w->sequence = sequence;
    w->state = EPSON_TEXT;
}

void epson_walk_data(epson_walk *w, uint8_t state, uint64_t n)
{
    w->left = n;
    w->state = n ? state : EPSON_TEXT;
}

void epson_walk_uel(epson_walk *w, uint8_t seen)
{
    w->state = EPSON_UEL;
    w->match = seen;
}

bool epson_walk_open(const epson_walk *w)
{
    return w->states[w->state].open;
}

/* ---- ISO 6429 ---- */

void epson_walk_marks(epson_walk *w, uint8_t mark)
{
    w->state = EPSON_MARKS;
    w->mark = mark;
}

void epson_walk_sequence(epson_walk *w)
{
    w->state = EPSON_SEQUENCE;
    w->mark = w->last_mark = 0;
    w->numbers = 1;
    memset(w->number, 0, sizeof w->number);
}

static void marks_byte(epson_walk *w, uint8_t c)
{
    if (w->mark == '%' && c == '-')
        epson_walk_uel(w, 3);
    else if (c < 0x20 || c > 0x2F)
        w->state = c == ESC ? EPSON_ESC : EPSON_TEXT;
}

static void sequence_byte(epson_walk *w, uint8_t c)
{
    if (c >= 0x20 && c <= 0x2F) {
        if (!w->mark) w->mark = c;
        w->last_mark = c;
    } else if (c >= 0x40 && c <= 0x7E) {
        w->state = EPSON_TEXT;
        w->sequence(w, c);
    } else if (c == ESC) {
        w->state = EPSON_ESC;
    } else if (c < 0x20) {
        w->state = EPSON_TEXT;
    }
}

/* Numbers and what separates them, in one step: most of a sequence. */
static size_t sequence_numbers(epson_walk *w, const uint8_t *p, size_t n)
{
    size_t i = 0;
    uint32_t *to = &w->number[w->numbers - 1], v = *to;
    for (; i < n; i++) {
        const uint8_t digit = (uint8_t)(p[i] - '0');
        if (digit <= 9) {
            if (v < 100000000) v = v * 10 + digit;
        } else if (p[i] != ';') {
            break;
        } else if (w->numbers < EPSON_NUMBERS) {
            *to++ = v;
            v = *to;
            w->numbers++;
        }
    }
    *to = v;
    return i;
}

/* ---- the loop ---- */

static bool uel_byte(epson_walk *w, uint8_t c)
{
    static const char uel[] = "\033%-12345X";
    if (c == (uint8_t)uel[w->match]) return ++w->match == sizeof uel - 1;
    w->state = c == ESC ? EPSON_ESC : EPSON_TEXT;
    return false;
}

/* True with the last byte of a UEL. */
static bool byte_in(epson_walk *w, uint8_t c)
{
    switch (w->state) {
    case EPSON_UEL: return uel_byte(w, c);
    case EPSON_MARKS: marks_byte(w, c); return false;
    case EPSON_SEQUENCE: sequence_byte(w, c); return false;
    default: w->states[w->state].byte(w, c); return false;
    }
}

static size_t counted(epson_walk *w, const epson_state *now, const uint8_t *p, size_t n)
{
    size_t step = w->left < n ? (size_t)w->left : n;
    if (now->data) now->data(w, p, step);
    w->left -= step;
    if (!w->left) w->state = now->then;
    return step;
}

size_t epson_walk_feed(void *st, const uint8_t *p, size_t n, plt_feed_end *how)
{
    epson_walk *w = st;
    for (size_t i = 0; i < n;) {
        const epson_state *now = &w->states[w->state];
        if (now->counted) {
            i += counted(w, now, p + i, n - i);
        } else if (now->run) {
            i += now->run(st, p + i, n - i);
        } else if (w->state == EPSON_SEQUENCE && (p[i] == ';' || (p[i] >= '0' && p[i] <= '9'))) {
            i += sequence_numbers(w, p + i, n - i);
        } else if (byte_in(w, p[i++])) {
            *how = PLT_FEED_UEL;
            return i;
        }
    }
    return n;
}
