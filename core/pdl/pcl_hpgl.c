/* SPDX-License-Identifier: Apache-2.0 */
/*
 * HP-GL/2 as far as pages go: which instructions draw, and PG. Labels, comments and encoded polylines are skipped as a whole
 * so that no letter in them is taken for an instruction; a form feed is data here. ESC never comes in (pcl.c keeps it).
 */
#include <string.h>

#include "core/pdl/pcl.h"

enum { H_IDLE, H_SECOND, H_ARGUMENTS, H_LABEL, H_ENCODED, H_TERMINATOR, H_SYMBOL };

#define ETX 3

/* `list` holds two-letter names with one blank between them. */
static bool one_of(const char *list, char a, char b)
{
    for (;; list += 3) {
        if (list[0] == a && list[1] == b) return true;
        if (!list[2]) return false;
    }
}

void pcl_hpgl_enter(pcl_hpgl *h)
{
    h->state = H_IDLE;
    h->quoted = false;
}

static bool is_letter(uint8_t c)
{
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

static char to_upper(uint8_t c)
{
    return (char)(c >= 'a' && c <= 'z' ? c - 32 : c);
}

/* The instruction and its arguments are complete. */
static void execute(pcl_hpgl *h, pcl_page *p)
{
    char a = h->c1, b = h->c2;
    bool drawn = one_of("EA RA ER RR EW WG EP FP CI AA AR AT RT BZ BR SB", a, b);
    if (a == 'P' && b == 'D') h->pen_down = drawn = true;
    if (a == 'P' && b == 'U') h->pen_down = false;
    if (a == 'P' && (b == 'A' || b == 'R')) drawn = h->pen_down && h->has_argument;
    if (a == 'I' && b == 'N') h->pen_down = false;
    if (a == 'P' && b == 'G' && h->plotter) {
        if (h->has_argument)
            pcl_page_feed(p);
        else
            pcl_page_eject_marked(p);
    }
    if (a == 'R' && b == 'P' && h->plotter) pcl_page_doubt(p, "HP-GL/2 RP: the plotter repeats pages by itself");
    if (drawn && !h->no_pen) pcl_page_mark(p);
}

static void begin_instruction(pcl_hpgl *h)
{
    h->has_argument = h->label_text = h->quoted = false;
    if (h->c1 == 'L' && h->c2 == 'B')
        h->state = H_LABEL;
    else if (one_of("BL WD", h->c1, h->c2))
        h->state = H_LABEL;
    else if (h->c1 == 'P' && h->c2 == 'E')
        h->state = H_ENCODED;
    else if (h->c1 == 'D' && h->c2 == 'T')
        h->state = H_TERMINATOR;
    else if (h->c1 == 'S' && h->c2 == 'M')
        h->state = H_SYMBOL;
    else
        h->state = H_ARGUMENTS;
}

static void argument(pcl_hpgl *h, pcl_page *p, uint8_t c)
{
    if (c == '"') h->quoted = !h->quoted;
    if (h->quoted) return;
    if (is_letter(c) || c == ';') {
        execute(h, p);
        h->state = is_letter(c) ? H_SECOND : H_IDLE;
        h->c1 = to_upper(c);
    } else if (c > ' ') {
        /* SP0 puts the pen away: what follows draws nothing. */
        if (!h->has_argument && h->c1 == 'S' && h->c2 == 'P') h->no_pen = c == '0';
        h->has_argument = true;
    }
}

static void label(pcl_hpgl *h, pcl_page *p, uint8_t c)
{
    if (c == (h->terminator ? h->terminator : ETX)) {
        h->state = H_IDLE;
        if (h->label_text && h->c1 == 'L' && !h->no_pen) pcl_page_mark(p);
    } else if (c > ' ') {
        h->label_text = true;
    }
}

void pcl_hpgl_byte(pcl_hpgl *h, pcl_page *p, uint8_t c)
{
    switch (h->state) {
    case H_IDLE:
        if (!is_letter(c)) return;
        h->c1 = to_upper(c);
        h->state = H_SECOND;
        return;
    case H_SECOND:
        if (!is_letter(c)) {
            if (c > ' ') h->state = H_IDLE;
            return;
        }
        h->c2 = to_upper(c);
        begin_instruction(h);
        return;
    case H_ARGUMENTS: argument(h, p, c); return;
    case H_LABEL: label(h, p, c); return;
    case H_ENCODED:
        if (c != ';') return;
        if (!h->no_pen) pcl_page_mark(p);
        h->state = H_IDLE;
        return;
    case H_TERMINATOR:
        h->terminator = c == ';' ? 0 : c;
        h->state = H_ARGUMENTS;
        return;
    case H_SYMBOL: h->state = H_ARGUMENTS; return;
    }
}
