/* SPDX-License-Identifier: Apache-2.0 */
/*
 * HP-GL/2 as far as pages go: which instructions draw and with which pen, PG and RP. Labels, comments and encoded polylines are skipped as a
 * whole so that no letter in them is taken for an instruction; a form feed is data here. ESC never comes in (pcl.c keeps it).
 */
#include <string.h>

#include "core/pdl/pcl.h"

enum { H_IDLE, H_SECOND, H_ARGUMENTS, H_LABEL, H_ENCODED, H_TERMINATOR, H_SYMBOL };

#define ETX 3
#define NAME(a, b) ((unsigned)(a) << 8 | (unsigned)(b))
#define NUMBER_MAX 1000000
/* In pens[]: one of the eight colours that HP-GL/2 begins with, if the device has it. */
#define PEN_DEFAULT 255
#define AGAIN_MAX 99

/* `list` holds two-letter names with one blank between them. */
static bool one_of(const char *list, char a, char b)
{
    for (;; list += 3) {
        if (list[0] == a && list[1] == b) return true;
        if (!list[2]) return false;
    }
}

/* IN and BP: white, black, then colours. */
static void default_pens(pcl_hpgl *h)
{
    memset(h->pens, PEN_DEFAULT, sizeof h->pens);
    h->pens[0] = PLT_INK_BLANK;
    h->pens[1] = PLT_INK_MONO;
    h->pen = PLT_INK_MONO;
    for (size_t i = 0; i < 3; i++) {
        h->range[2 * i] = 0;
        h->range[2 * i + 1] = 255;
    }
}

void pcl_hpgl_begin(pcl_hpgl *h)
{
    bool plotter = h->plotter;
    memset(h, 0, sizeof *h);
    h->plotter = plotter;
    default_pens(h);
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

/* ---- pens: PCL's palette where it has set one up, else HP-GL's own ---- */

static void select_pen(pcl_hpgl *h, pcl_page *p, int32_t n)
{
    h->no_pen = n == 0; /* SP0 puts the pen away: what follows draws nothing */
    if (n < 0 || n >= PCL_PENS) {
        h->pen = PLT_INK_UNKNOWN;
    } else if (p->color.declared) {
        h->pen = (plt_ink)p->color.ink[(size_t)n % ((size_t)1 << p->color.bits)];
    } else if (h->pens[n] == PEN_DEFAULT) {
        h->pen = n < 8 ? PLT_INK_COLOR : PLT_INK_UNKNOWN;
        if (!h->told) plt_pdl_doubt(p->host, PLT_ON_COLOR, PLT_CONF_ESTIMATED, "its pens are taken to have their default colours");
        h->told = true;
    } else {
        h->pen = (plt_ink)h->pens[n];
    }
}

static uint8_t component(const pcl_hpgl *h, size_t i)
{
    int64_t black = h->range[2 * i], white = h->range[2 * i + 1], v = h->number[1 + i];
    if (black == white) return 0;
    v = (v - black) * 255 / (white - black);
    return (uint8_t)(v < 0 ? 0 : v > 255 ? 255 : v);
}

static void pen_color(pcl_hpgl *h, pcl_page *p)
{
    if (!h->numbers) {
        if (!p->color.declared) default_pens(h);
        return;
    }
    int32_t n = h->number[0];
    if (n < 0 || n >= PCL_PENS) return;
    uint8_t *pen = p->color.declared ? &p->color.ink[n] : &h->pens[n];
    if (h->numbers >= 4)
        *pen = (uint8_t)plt_ink_rgb(component(h, 0), component(h, 1), component(h, 2));
    else if (h->numbers == 1 && !p->color.declared)
        *pen = n == 0 ? PLT_INK_BLANK : n == 1 ? PLT_INK_MONO : PEN_DEFAULT;
    else
        *pen = PLT_INK_UNKNOWN;
}

static void color_range(pcl_hpgl *h)
{
    for (size_t i = 0; i < 6; i++) h->range[i] = h->numbers == 6 ? h->number[i] : i % 2 ? 255 : 0;
}

static void draw(pcl_hpgl *h, pcl_page *p)
{
    if (!h->no_pen) pcl_page_mark(p, pcl_color_seen(&p->color, h->pen));
}

/* ---- pages ---- */

static void advance(pcl_hpgl *h, pcl_page *p)
{
    if (h->has_argument)
        pcl_page_feed(p);
    else
        pcl_page_eject_marked(p);
}

static void replot(pcl_hpgl *h, pcl_page *p)
{
    int32_t n = h->numbers ? h->number[0] : 1;
    pcl_page_doubt(p, "HP-GL/2 RP: the plotter repeats pages by itself");
    pcl_page_eject_marked(p);
    if (n > 0) pcl_page_again(p, n < AGAIN_MAX ? (uint32_t)n : AGAIN_MAX);
}

/* The instruction and its arguments are complete. */
static void execute(pcl_hpgl *h, pcl_page *p)
{
    p->touched = true;
    switch (NAME(h->c1, h->c2)) {
    case NAME('P', 'D'):
        h->pen_down = true;
        draw(h, p);
        return;
    case NAME('P', 'U'): h->pen_down = false; return;
    case NAME('P', 'A'):
    case NAME('P', 'R'):
        if (h->pen_down && h->has_argument) draw(h, p);
        return;
    case NAME('I', 'N'):
    case NAME('B', 'P'):
        h->pen_down = false;
        if (!p->color.declared) default_pens(h);
        return;
    case NAME('D', 'F'): h->pen_down = false; return;
    case NAME('S', 'P'): select_pen(h, p, h->numbers ? h->number[0] : 0); return;
    case NAME('P', 'C'): pen_color(h, p); return;
    case NAME('C', 'R'): color_range(h); return;
    case NAME('R', 'F'): /* a pattern of many pens */
        if (h->numbers > 3) p->paint = plt_ink_add(p->paint, PLT_INK_UNKNOWN);
        return;
    case NAME('P', 'G'):
        if (h->plotter) advance(h, p);
        return;
    case NAME('R', 'P'):
        if (h->plotter) replot(h, p);
        return;
    case NAME('E', 'A'): /* rectangles, wedges, polygons, circles, arcs, curves, text */
    case NAME('R', 'A'):
    case NAME('E', 'R'):
    case NAME('R', 'R'):
    case NAME('E', 'W'):
    case NAME('W', 'G'):
    case NAME('E', 'P'):
    case NAME('F', 'P'):
    case NAME('C', 'I'):
    case NAME('A', 'A'):
    case NAME('A', 'R'):
    case NAME('A', 'T'):
    case NAME('R', 'T'):
    case NAME('B', 'Z'):
    case NAME('B', 'R'):
    case NAME('S', 'B'): draw(h, p); return;
    default: return;
    }
}

static void begin_instruction(pcl_hpgl *h)
{
    h->has_argument = h->label_text = h->quoted = h->in_number = h->pen_begun = h->wants = false;
    h->numbers = 0;
    h->state = H_ARGUMENTS;
    switch (NAME(h->c1, h->c2)) {
    case NAME('L', 'B'):
    case NAME('B', 'L'):
    case NAME('W', 'D'): h->state = H_LABEL; return;
    case NAME('P', 'E'): h->state = H_ENCODED; return;
    case NAME('D', 'T'): h->state = H_TERMINATOR; return;
    case NAME('S', 'M'): h->state = H_SYMBOL; return;
    case NAME('S', 'P'):
    case NAME('P', 'C'):
    case NAME('C', 'R'):
    case NAME('R', 'P'):
    case NAME('R', 'F'): h->wants = true; return;
    default: return;
    }
}

static void number_byte(pcl_hpgl *h, uint8_t c)
{
    bool digit = c >= '0' && c <= '9';
    if (!digit && c != '-' && c != '+' && c != '.') {
        h->in_number = false;
        return;
    }
    if (!h->in_number) {
        if (h->numbers == PCL_NUMBERS) return;
        h->number[h->numbers++] = 0;
        h->in_number = true;
        h->negative = c == '-';
        h->fraction = false;
    }
    int32_t *n = &h->number[h->numbers - 1];
    if (c == '.') h->fraction = true;
    if (digit && !h->fraction && *n > -NUMBER_MAX && *n < NUMBER_MAX) *n = *n * 10 + (h->negative ? -(c - '0') : c - '0');
}

static void argument(pcl_hpgl *h, pcl_page *p, uint8_t c)
{
    if (c == '"') h->quoted = !h->quoted;
    if (h->quoted) return;
    if (is_letter(c) || c == ';') {
        execute(h, p);
        h->state = is_letter(c) ? H_SECOND : H_IDLE;
        h->c1 = to_upper(c);
        return;
    }
    if (c > ' ') h->has_argument = true;
    if (h->wants) number_byte(h, c);
}

static void label(pcl_hpgl *h, pcl_page *p, uint8_t c)
{
    if (c == (h->terminator ? h->terminator : ETX)) {
        h->state = H_IDLE;
        if (h->label_text && h->c1 == 'L') draw(h, p);
    } else if (c > ' ') {
        h->label_text = true;
    }
}

/* PE: lines in numbers to the base of 64; ':' takes another pen, whose number ends with its first byte from 191 on. */
static void encoded(pcl_hpgl *h, pcl_page *p, uint8_t c)
{
    if (h->pen_begun) {
        h->pen_begun = false;
        select_pen(h, p, c >= 191 ? (c - 191) >> 1 : PCL_PENS);
    } else if (c == ':') {
        draw(h, p);
        h->pen_begun = true;
    } else if (c == ';') {
        draw(h, p);
        h->state = H_IDLE;
    }
}

static void byte_in(pcl_hpgl *h, pcl_page *p, uint8_t c)
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
    case H_ENCODED: encoded(h, p, c); return;
    case H_TERMINATOR:
        h->terminator = c == ';' ? 0 : c;
        h->state = H_ARGUMENTS;
        return;
    case H_SYMBOL: h->state = H_ARGUMENTS; return;
    }
}

size_t pcl_hpgl_feed(pcl_hpgl *h, pcl_page *p, const uint8_t *s, size_t n)
{
    const uint8_t *esc = memchr(s, 0x1B, n);
    if (esc) n = (size_t)(esc - s);
    for (size_t i = 0; i < n; i++) {
        if (h->state == H_ARGUMENTS && !h->wants && !h->quoted) { /* coordinates, which are most of a plot */
            const size_t from = i;
            while (i < n && s[i] >= '+' && s[i] <= '9') i++;
            if (i > from) h->has_argument = true;
            if (i == n) break;
        }
        byte_in(h, p, s[i]);
    }
    return n;
}

/* ---- is it HP-GL? ---- */

/* Instructions that stand at a plot's beginning. */
static const char first_names[] = "IN BP DF CO PG PS IP SC SP PU PD PA PR RO VS LT PW WU TR NP PC CR EC MG MT QL SD SI SR DT LB IW FT UL PM MC "
                                  "AC CA CS SS SA AD AF AH BF FS VF NR RP PP SL DI DR ES LO CP EA EP RA CI AA AR AT WG EW";

/* The length of an instruction at s, 0 when it is none, n + 1 when more bytes are needed. */
static size_t instruction(const uint8_t *s, size_t n)
{
    size_t i = 2;
    if (n < 2) return n + 1;
    if (!one_of(first_names, to_upper(s[0]), to_upper(s[1])) || !is_letter(s[0]) || !is_letter(s[1])) return 0;
    if (i < n && s[i] == '"') {
        const uint8_t *end = memchr(s + i + 1, '"', n - i - 1);
        if (!end) return n + 1;
        i = (size_t)(end - s) + 1;
    }
    while (i < n && ((s[i] >= '0' && s[i] <= '9') || s[i] == '+' || s[i] == '-' || s[i] == '.' || s[i] == ',' || s[i] == ' ')) i++;
    if (i == n) return n + 1;
    if (s[i] == ';') return i + 1;
    return is_letter(s[i]) || s[i] == '\r' || s[i] == '\n' ? i : 0;
}

plt_probe pcl_hpgl_probe(const uint8_t *s, size_t n, bool last)
{
    size_t i = 0;
    int found = 0;
    bool ends = false; /* an instruction ended by ';' or another without a blank between them: no English */
    while (i < n) {
        if (s[i] == '\r' || s[i] == '\n' || s[i] == ' ' || (!i && !s[i])) {
            i++;
            continue;
        }
        if (i + 1 == n) return last ? PLT_PROBE_NO : PLT_PROBE_MORE;
        if (!found && !one_of("IN BP DF", to_upper(s[i]), to_upper(s[i + 1]))) return PLT_PROBE_NO;
        size_t len = instruction(s + i, n - i);
        if (!len) return found >= 2 && ends && s[i] == 0x1B ? PLT_PROBE_YES : PLT_PROBE_NO;
        if (len > n - i) return last && found && ends ? PLT_PROBE_YES : last ? PLT_PROBE_NO : PLT_PROBE_MORE;
        i += len;
        if (s[i - 1] == ';') ends = true;
        if (++found >= 3 && ends) return PLT_PROBE_YES;
    }
    if (last) return found && ends ? PLT_PROBE_YES : PLT_PROBE_NO;
    return PLT_PROBE_MORE;
}
