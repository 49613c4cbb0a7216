/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a PCL printer does with pages: when one is ejected, on which side, in how many copies (docs/page-analysis.md). FF
 * always ejects; changes of paper, side, orientation or source, ESC E and the end of the data eject a page that is
 * marked; text that runs over the bottom ejects, where that depends on the printer's own page length.
 */
#include "core/pdl/pcl.h"

#include <string.h>

#include "core/pdl/paper.h"
#include "core/util/text.h"

#define HALF_INCH (PCL_INCH / 2)
#define FAR ((int64_t)1 << 40)

/* The printable area in lines depends on paper and orientation; without &l#A most printers hold Letter or A4: Letter is the shorter one. */
static void page_size(const pcl_page *p, int64_t *width, int64_t *height)
{
    *width = PCL_INCH * 17 / 2;
    *height = PCL_INCH * 11;
    pcl_paper_name(p->paper, width, height);
    if (p->paper == PCL_CUSTOM && p->custom_width && p->custom_length) {
        *width = p->custom_width;
        *height = p->custom_length;
    }
}

static void page_geometry(pcl_page *p)
{
    int64_t width, height;
    page_size(p, &width, &height);
    p->length = p->landscape ? width : height;
    p->right = (p->landscape ? height : width) - HALF_INCH;
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
    p->base_duplex = env->duplex.known ? (int)env->duplex.n : PLT_UNSAID;
    p->no_text_marks = !strcmp(env->entered, "PCL3GUI");
    p->paint = PLT_INK_BLANK;
    p->raster.inks = p->color.ink;
    pcl_color_reset(&p->color);
    pcl_raster_begin(&p->raster, host);
    page_defaults(p);
}

void pcl_page_mark(pcl_page *p, plt_ink ink)
{
    p->after_reset = false;
    p->touched = true;
    if (p->recording) {
        pcl_macro_mark(p->recording, PLT_INK_BLANK);
        return;
    }
    p->marked = true;
    p->paint = plt_ink_add(p->paint, ink);
}

#define UM_PER_INCH 25400

/* The present paper's name: of its code, or of the size that was set for it. */
static void paper_name(const pcl_page *p, char out[PLT_PAPER_NAME])
{
    int64_t width, height;
    const char *name = pcl_paper_name(p->paper, &width, &height);
    plt_copy(out, PLT_PAPER_NAME, name ? name : "");
    if (p->paper != PCL_CUSTOM || !p->custom_width || !p->custom_length) return;
    plt_paper_by_um(out, (uint32_t)(p->custom_width * UM_PER_INCH / PCL_INCH), (uint32_t)(p->custom_length * UM_PER_INCH / PCL_INCH));
}

static void report(pcl_page *p, uint32_t n)
{
    char paper[PLT_PAPER_NAME];
    paper_name(p, paper);
    plt_ink ink = plt_pdl_count_only(p->host) ? PLT_INK_UNKNOWN : p->ejected;
    plt_pdl_page_info page = {.copies = p->copies, .duplex = p->duplex, .side = p->side, .ink = ink, .paper = paper};
    plt_pdl_pages(p->host, &page, n);
}

static void eject(pcl_page *p)
{
    p->ejected = plt_ink_add(p->paint, pcl_color_seen(&p->color, pcl_raster_eject(&p->raster)));
    p->ejected = plt_ink_add(p->ejected, pcl_macro_overlay(p));
    report(p, 1);
    p->side = PLT_SIDE_NEXT;
    p->paint = PLT_INK_BLANK;
    p->marked = p->y_lost = p->after_reset = p->configured = false;
    p->y = 0;
}

void pcl_page_again(pcl_page *p, uint32_t n)
{
    if (n && plt_pdl_page_count(p->host)) report(p, n);
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
    bool same = p->after_reset && p->inkjet;
    p->after_reset = false;
    if (!same) eject(p);
}

void pcl_page_reset(pcl_page *p)
{
    bool ejects = p->marked;
    p->recording = NULL;
    pcl_page_eject_marked(p);
    page_defaults(p);
    pcl_color_reset(&p->color);
    pcl_raster_reset(&p->raster);
    p->overlay_on = false;
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
    if (p->x + p->hmi > p->right) {
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
    pcl_page_mark(p, pcl_color_fore(&p->color));
}

static bool is_text(uint8_t c)
{
    return c >= ' ' && c != 0x7F;
}

/* How many characters go on this line before it wraps, of at most n. */
static size_t line_room(const pcl_page *p, size_t n)
{
    if (p->x > p->right) return 0;
    int64_t room = p->hmi > 0 ? (p->right - p->x) / p->hmi : INT64_MAX;
    return (uint64_t)room < n ? (size_t)room : n;
}

static size_t glyphs_end(const uint8_t *s, size_t n, bool *glyph)
{
    size_t len = 0;
    bool any = false;
    for (; len < n && is_text(s[len]); len++) any |= s[len] != ' ';
    *glyph = any;
    return len;
}

/* Line by line: as character by character, but that only the first one of a line may wrap. */
static size_t wrapped_run(pcl_page *p, const uint8_t *s, size_t n)
{
    size_t len = 0;
    while (len < n && is_text(s[len])) {
        bool glyph = false;
        size_t fits = p->recording || p->no_text_marks ? 0 : glyphs_end(s + len, line_room(p, n - len), &glyph);
        p->x += (int64_t)fits * p->hmi;
        if (glyph) pcl_page_mark(p, pcl_color_fore(&p->color));
        len += fits;
        if (!fits) pcl_page_text(p, s[len++]);
    }
    return len;
}

size_t pcl_page_text_run(pcl_page *p, const uint8_t *s, size_t n)
{
    bool glyph = false;
    if (p->wrap) return wrapped_run(p, s, n);
    size_t len = glyphs_end(s, n, &glyph);
    if (glyph && !p->no_text_marks) pcl_page_mark(p, pcl_color_fore(&p->color));
    return len;
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

static void set_copies(pcl_page *p, int32_t n)
{
    if (n > 0 && n <= 32767) p->copies = (uint32_t)n;
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
        if (n == 2 && p->no_text_marks)
            plt_pdl_doubt(p->host, PLT_ON_DUPLEX, PLT_CONF_ESTIMATED, "HP's drivers say the short edge for both and turn the pictures");
        return;
    case 'H': set_source(p, n); return;
    case 'X': set_copies(p, n); return;
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

/* ---- raster graphics, rules, colour ---- */

/* Rows in a macro are not unpacked. */
static void macro_row(pcl_page *p)
{
    pcl_macro_mark(p->recording, p->raster.layout.kind == PCL_BITS ? PLT_INK_PLAIN : PLT_INK_UNKNOWN);
    pcl_raster_pass(&p->raster, 0, true);
}

bool pcl_page_passes_rows(const pcl_page *p)
{
    return p->raster.off && !p->recording;
}

bool pcl_page_row(pcl_page *p, uint64_t n, bool row_end)
{
    p->after_reset = false;
    p->touched = true;
    if (p->recording) {
        if (n) macro_row(p);
        return false;
    }
    if (n) p->y_lost = p->marked = true; /* rows move the cursor by what the resolution says */
    if (n <= PCL_TRANSFER_MAX && pcl_raster_wants(&p->raster, row_end)) return true;
    pcl_raster_pass(&p->raster, n, row_end);
    return false;
}

void pcl_page_row_data(pcl_page *p, const uint8_t *s, size_t n, bool row_end)
{
    p->raster.fore = p->color.fore == PLT_INK_MONO ? PLT_INK_MONO : PLT_INK_UNKNOWN;
    pcl_raster_data(&p->raster, s, n, row_end);
}

void pcl_page_color_data(pcl_page *p, char group, const uint8_t *s, size_t n)
{
    pcl_layout layout;
    if (p->recording) {
        p->recording->colors = true;
        return;
    }
    if (group == 'o') { /* HP's inkjets: 1 grey of the coloured inks, 2 black only */
        if (n == 5 && s[0] == 0x0B && s[1] == 1) p->color.grey = s[4] != 0;
        return;
    }
    if (group == 'v') {
        pcl_color_data(&p->color, s, n, &layout);
    } else {
        pcl_color_configure(s, n, &layout);
    }
    pcl_raster_set(&p->raster, &layout);
}

void pcl_page_configured(pcl_page *p)
{
    p->configured = true;
}

/* The palette changed under the raster's feet. */
static void repaint(pcl_page *p)
{
    pcl_layout layout = p->raster.layout;
    pcl_color_repaint(&layout);
    pcl_raster_set(&p->raster, &layout);
}

static void raster_control(pcl_page *p, char c, int32_t n)
{
    pcl_layout layout;
    switch (c) {
    case 'A':
        p->y_lost = true;
        pcl_raster_seed(&p->raster);
        pcl_page_mark(p, PLT_INK_BLANK); /* some drivers' blank pages have nothing else: a page all the same */
        return;
    case 'C':
        p->raster_ended = true;
        if (p->configured) pcl_page_mark(p, PLT_INK_BLANK);
        return;
    case 'S': p->raster.width = n > 0 ? (uint32_t)n : 0; return;
    case 'U':
        if (n) p->inkjet = true;
        pcl_color_simple(&p->color, n, &layout);
        pcl_raster_set(&p->raster, &layout);
        return;
    default: return;
    }
}

/* ESC*: graphics. */
static void graphics(pcl_page *p, char group, char c, int64_t value)
{
    int32_t n = (int32_t)(value / PCL_ONE);
    if (p->recording) {
        if (group == 'v' || (group == 'r' && c == 'U')) p->recording->colors = true;
        if ((group == 'r' && c == 'A') || (group == 'c' && c == 'P' && n != 1)) pcl_page_mark(p, PLT_INK_BLANK);
        return;
    }
    if (group == 'r') raster_control(p, c, n);
    if (group == 'b' && c == 'M') p->raster.method = n;
    if (group == 't' && c == 'R' && n > 0) p->raster.dpi = (uint32_t)n;
    if (group == 'b' && c == 'Y') pcl_raster_seed(&p->raster);
    if (group == 'v' && pcl_color_command(&p->color, c, value)) repaint(p);
    if (group == 'p' && c == 'P') {
        pcl_color_stack(&p->color, n);
        repaint(p);
    }
    if (group == 'c' && c == 'P' && n != 1) pcl_page_mark(p, pcl_color_fore(&p->color)); /* 1 erases */
}

/* Decipoints. */
static void custom_size(pcl_page *p, char c, int64_t value)
{
    int64_t size = value * (PCL_INCH / 720) / PCL_ONE;
    if (size < PCL_INCH / 2 || size > 200 * (int64_t)PCL_INCH) return;
    if (c == 'I') p->custom_width = size;
    if (c == 'J') p->custom_length = size;
    if (p->paper == PCL_CUSTOM) page_geometry(p);
}

static void ampersand(pcl_page *p, char group, char c, int64_t value, bool is_signed)
{
    int32_t n = (int32_t)(value / PCL_ONE);
    switch (group) {
    case 'l': page_control(p, c, value); return;
    case 'a':
        if (c == 'G')
            set_side(p, n);
        else
            move(p, group, c, value, is_signed);
        return;
    case 'b':
        if (c == 'M') p->color.grey = n == 1;
        return;
    case 'k':
        if (c == 'G') p->cr_feeds = n == 1 || n == 3;
        if (c == 'H' && value > 0) p->hmi = value * (PCL_INCH / 120) / PCL_ONE;
        return;
    case 's':
        if (c == 'C') p->wrap = n == 0;
        return;
    case 'u':
        if (c == 'D' && n > 0 && n <= PCL_INCH) p->unit = PCL_INCH / n;
        return;
    case 'p':
        if (c == 'X' && n) pcl_page_mark(p, pcl_color_fore(&p->color));
        if (c == 'S' || c == 'I') pcl_color_lose(&p->color); /* another palette */
        return;
    case 'x': /* LAVAFLOW's copies */
        if (c == 'X') set_copies(p, n);
        return;
    default: return;
    }
}

void pcl_page_command(pcl_page *p, char prefix, char group, char c, int64_t value, bool is_signed)
{
    int32_t n = (int32_t)(value / PCL_ONE);
    p->after_reset = false;
    p->touched = true;
    if (prefix == '&' && group == 'f') {
        if (c == 'Y') p->macro_id = n;
        if (c == 'X') pcl_macro_control(p, n);
        if (c == 'I' || c == 'J') custom_size(p, c, value);
    } else if (p->recording) {
        if (prefix == '&' && group == 'l' && strchr("XSAHO", c)) p->recording->changes = true;
        if (prefix == '*') graphics(p, group, c, value);
    } else if (prefix == '&') {
        ampersand(p, group, c, value, is_signed);
    } else if (prefix == '*' && group == 'p' && c != 'P') {
        move(p, group, c, value, is_signed);
    } else if (prefix == '*') {
        graphics(p, group, c, value);
    } else if (prefix == '(' && group == 's' && c == 'H' && n > 0) {
        p->hmi = PCL_INCH * (int64_t)PCL_ONE / value;
    }
}

void pcl_page_end(pcl_page *p)
{
    p->recording = NULL;
    /* A plotter's page with nothing on it: some drivers send no more than the end of its graphics. */
    if (p->no_text_marks && p->raster_ended && !p->marked && !plt_pdl_page_count(p->host)) {
        pcl_page_doubt(p, "a page with nothing on it: whether it comes out is up to the printer");
        pcl_page_mark(p, PLT_INK_BLANK);
    }
    pcl_page_eject_marked(p);
    if (p->touched) plt_pdl_touch(p->host);
}
