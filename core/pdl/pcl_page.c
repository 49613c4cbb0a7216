/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a PCL printer does with pages: when one is ejected, on which side, in how many copies (docs/page-analysis.md). FF
 * always ejects; changes of paper, side, orientation or source, ESC E and the end of the data eject a page that is
 * marked; text that runs over the bottom ejects, where that depends on the printer's own page length.
 */
#include "core/pdl/pcl.h"

#include <string.h>

#include "core/util/text.h"

#define HALF_INCH (PCL_INCH / 2)
#define FAR ((int64_t)1 << 40)

/* The printable area in lines depends on paper and orientation; without &l#A most printers hold Letter or A4: Letter is the shorter one. */
static void page_geometry(pcl_page *p)
{
    int64_t width = PCL_INCH * 17 / 2, height = PCL_INCH * 11;
    pcl_paper_name(p->paper, &width, &height);
    p->length = p->landscape ? width : height;
    p->top = HALF_INCH;
    p->text = p->length - PCL_INCH;
}

static void page_defaults(pcl_page *p)
{
    p->copies = p->base_copies;
    p->duplex = p->base_duplex;
    p->side = PLT_SIDE_NEXT;
    p->landscape = p->no_skip = p->wrap = p->cr_feeds = p->y_lost = false;
    p->tray = p->paper = -1;
    p->x = p->y = 0;
    p->vmi = PCL_INCH / 6;
    p->hmi = PCL_INCH / 10;
    p->unit = PCL_INCH / 300;
    page_geometry(p);
}

void pcl_page_doubt(pcl_page *p, const char *why)
{
    plt_pdl_doubt(p->host, PLT_ON_PAGES, PLT_CONF_ESTIMATED, why);
}

void pcl_page_begin(pcl_page *p, plt_pdl_host *host)
{
    const plt_pdl_env *env = plt_pdl_said(host);
    p->host = host;
    p->base_copies = env->copies ? env->copies : 1;
    p->base_duplex = env->duplex.known ? (int)env->duplex.n : -1;
    p->no_text_marks = !strcmp(env->entered, "PCL3GUI");
    page_defaults(p);
}

void pcl_page_mark(pcl_page *p)
{
    p->after_reset = false;
    p->touched = true;
    if (p->recording) {
        if (!p->recording->feeds) p->recording->marks_first = true;
        p->recording->marks_last = true;
        return;
    }
    p->marked = true;
}

static void eject(pcl_page *p)
{
    int64_t width, height;
    plt_pdl_page_info page = {
        .copies = p->copies, .duplex = p->duplex, .side = p->side, .ink = PLT_INK_UNKNOWN, .paper = pcl_paper_name(p->paper, &width, &height)};
    plt_pdl_page(p->host, &page);
    p->side = PLT_SIDE_NEXT;
    p->marked = p->y_lost = p->after_reset = false;
    p->y = 0;
}

void pcl_page_eject_marked(pcl_page *p)
{
    if (p->marked && !p->recording) eject(p);
}

void pcl_page_feed(pcl_page *p)
{
    p->touched = true;
    if (p->recording) {
        p->recording->feeds++;
        p->recording->marks_last = false;
        return;
    }
    /* PaintJet streams end each page by ESC E FF: an inkjet takes that for one eject. */
    bool same = p->after_reset && p->ink;
    p->after_reset = false;
    if (!same) eject(p);
}

void pcl_page_reset(pcl_page *p)
{
    bool ejects = p->marked;
    p->recording = NULL;
    pcl_page_eject_marked(p);
    page_defaults(p);
    p->after_reset = ejects;
}

static void line_feed(pcl_page *p, int64_t step)
{
    if (p->recording || p->y_lost) return;
    p->y += step;
    int64_t bottom = p->no_skip ? p->length - p->top : p->text;
    if (p->y + p->vmi * 3 / 4 <= bottom) return;
    pcl_page_doubt(p, "text runs over the bottom of pages: how many lines fit is up to the printer");
    eject(p);
}

void pcl_page_half_line(pcl_page *p)
{
    line_feed(p, p->vmi / 2);
}

/* End-of-line wrap: the printer breaks lines by itself, at the right edge of the logical page. */
static void advance(pcl_page *p)
{
    if (!p->wrap || p->recording) return;
    int64_t width = PCL_INCH * 17 / 2, height = PCL_INCH * 11;
    pcl_paper_name(p->paper, &width, &height);
    int64_t right = (p->landscape ? height : width) - HALF_INCH;
    if (p->x + p->hmi > right) {
        p->x = 0;
        line_feed(p, p->vmi);
    }
    p->x += p->hmi;
}

void pcl_page_text(pcl_page *p, uint8_t byte)
{
    switch (byte) {
    case '\f': pcl_page_feed(p); return;
    case '\n': line_feed(p, p->vmi); return;
    case '\r':
        p->x = 0;
        if (p->cr_feeds) line_feed(p, p->vmi);
        return;
    case ' ': advance(p); return;
    default: break;
    }
    if (byte < ' ' || byte == 0x7F || p->no_text_marks) return;
    advance(p);
    pcl_page_mark(p);
}

static void set_paper(pcl_page *p, int32_t code)
{
    if (code != p->paper) p->side = PLT_SIDE_FRONT;
    p->paper = code;
    page_geometry(p);
}

static void set_source(pcl_page *p, int32_t tray)
{
    if (tray < 0) return; /* &l-2H: preload, sent in the middle of pages */
    pcl_page_eject_marked(p);
    if (tray > 0 && tray != p->tray) p->side = PLT_SIDE_FRONT;
    if (tray > 0) p->tray = tray;
}

static void set_side(pcl_page *p, int32_t side)
{
    pcl_page_eject_marked(p);
    if (p->duplex <= 0) return;
    if (side == 1) p->side = PLT_SIDE_FRONT;
    if (side == 2) p->side = PLT_SIDE_BACK;
}

static int64_t lines_per_inch(int32_t n, int64_t vmi)
{
    return n > 0 && n <= 48 ? PCL_INCH / n : vmi;
}

/* ESC&l: page control. */
static void page_control(pcl_page *p, char c, int64_t value)
{
    int32_t n = (int32_t)(value / PCL_ONE);
    if (strchr("APOST", c)) pcl_page_eject_marked(p);
    switch (c) {
    case 'A': set_paper(p, n); return;
    case 'O':
        p->landscape = n == 1 || n == 3;
        page_geometry(p);
        return;
    case 'S':
        if (n < 0 || n > 2) return;
        if (n != p->duplex) p->side = PLT_SIDE_FRONT; /* said again on each page by some drivers */
        p->duplex = n;
        return;
    case 'H': set_source(p, n); return;
    case 'X':
        if (n > 0 && n <= 32767) p->copies = (uint32_t)n;
        return;
    case 'P':
        if (n > 0 && n < 1000) {
            p->length = n * p->vmi;
            p->text = p->length - p->top - HALF_INCH;
        }
        return;
    case 'E':
        p->top = n >= 0 && n < 1000 ? n * p->vmi : p->top;
        p->text = p->length - p->top - HALF_INCH;
        return;
    case 'F':
        if (n > 0 && n < 1000) p->text = n * p->vmi;
        return;
    case 'C':
        if (value >= 0 && n <= 336) p->vmi = value * (PCL_INCH / 48) / PCL_ONE;
        return;
    case 'D': p->vmi = lines_per_inch(n, p->vmi); return;
    case 'L': p->no_skip = n == 0; return;
    default: return;
    }
}

static void move_y(pcl_page *p, int64_t to, bool relative)
{
    p->y = relative ? p->y + to : to;
    if (p->y < -FAR || p->y > FAR) p->y = 0;
    if (!relative) p->y_lost = false;
}

static void move(pcl_page *p, char group, char c, int64_t value, bool relative)
{
    if (group == 'p' && c == 'Y') move_y(p, value * p->unit / PCL_ONE, relative);
    if (group == 'a' && c == 'V') move_y(p, value * (PCL_INCH / 720) / PCL_ONE, relative);
    if (group == 'a' && c == 'R') move_y(p, value * p->vmi / PCL_ONE, relative);
    if (c == 'X' || c == 'C' || c == 'H') p->x = 0; /* wrapping counts from the last known left edge */
}

static pcl_macro *macro_find(pcl_page *p, bool make)
{
    pcl_macro *room = NULL;
    for (size_t i = 0; i < PCL_MACROS; i++) {
        if (p->macros[i].used && p->macros[i].id == p->macro_id) return &p->macros[i];
        if (!p->macros[i].used && !room) room = &p->macros[i];
    }
    if (!make) return NULL;
    if (!room) pcl_page_doubt(p, "more macros than the analysis keeps");
    return room;
}

static void macro_run(pcl_page *p)
{
    const pcl_macro *m = macro_find(p, false);
    if (!m || p->recording) return;
    if (m->changes) pcl_page_doubt(p, "a macro changes copies, sides or paper");
    if (m->marks_first) pcl_page_mark(p);
    if (m->feeds > 1000) pcl_page_doubt(p, "a macro feeds pages");
    for (uint32_t i = 0; i < m->feeds && i < 1000; i++) pcl_page_feed(p);
    if (m->feeds && m->marks_last) pcl_page_mark(p);
}

static void macro_control(pcl_page *p, int32_t what)
{
    switch (what) {
    case 0: {
        pcl_macro *m = macro_find(p, true);
        if (m) *m = (pcl_macro){.id = p->macro_id, .used = true};
        p->recording = m;
        return;
    }
    case 1: p->recording = NULL; return;
    case 2:
    case 3: macro_run(p); return;
    case 6:
    case 7: memset(p->macros, 0, sizeof p->macros); return;
    case 8: {
        pcl_macro *m = macro_find(p, false);
        if (m) m->used = false;
        return;
    }
    default: return; /* 4 overlay: drawn on each page, ejects none; 5, 9, 10: nothing for the count */
    }
}

static void raster_and_fill(pcl_page *p, char group, char c, int64_t value)
{
    int32_t n = (int32_t)(value / PCL_ONE);
    bool rows = group == 'b' && (c == 'W' || c == 'V') && n != 0;
    bool start = group == 'r' && c == 'A';
    if (group == 'r' && c == 'U' && n) p->ink = true;
    if (rows || start) p->y_lost = true; /* rows move the cursor by what the resolution says */
    /* Some drivers' blank pages have nothing but a started raster: a page all the same. */
    if (rows || start || (group == 'c' && c == 'P' && n != 1)) pcl_page_mark(p);
}

void pcl_page_command(pcl_page *p, char prefix, char group, char c, int64_t value, bool is_signed)
{
    int32_t n = (int32_t)(value / PCL_ONE);
    p->after_reset = false;
    p->touched = true;
    if (prefix == '&' && group == 'f') {
        if (c == 'Y') p->macro_id = n;
        if (c == 'X') macro_control(p, n);
    } else if (p->recording) {
        if (prefix == '&' && group == 'l' && strchr("XSAHO", c)) p->recording->changes = true;
        if (prefix == '*') raster_and_fill(p, group, c, value);
    } else if (prefix == '&' && group == 'l') {
        page_control(p, c, value);
    } else if (prefix == '&' && group == 'a') {
        if (c == 'G')
            set_side(p, n);
        else
            move(p, group, c, value, is_signed);
    } else if (prefix == '&' && group == 'k') {
        if (c == 'G') p->cr_feeds = n == 1 || n == 3;
        if (c == 'H' && value > 0) p->hmi = value * (PCL_INCH / 120) / PCL_ONE;
    } else if (prefix == '&' && group == 's') {
        if (c == 'C') p->wrap = n == 0;
    } else if (prefix == '&' && group == 'u') {
        if (c == 'D' && n > 0 && n <= PCL_INCH) p->unit = PCL_INCH / n;
    } else if (prefix == '&' && group == 'p') {
        if (c == 'X' && n) pcl_page_mark(p);
    } else if (prefix == '*' && group == 'p') {
        move(p, group, c, value, is_signed);
    } else if (prefix == '*') {
        raster_and_fill(p, group, c, value);
    } else if (prefix == '(' && group == 's' && c == 'H' && n > 0) {
        p->hmi = PCL_INCH * (int64_t)PCL_ONE / value;
    }
}

void pcl_page_end(pcl_page *p)
{
    p->recording = NULL;
    pcl_page_eject_marked(p);
    if (p->touched) plt_pdl_touch(p->host);
}
