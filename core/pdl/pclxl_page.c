/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What PCL XL's operators do to pages: BeginPage and EndPage make one, its attributes name paper, sides and copies, and painting operators mark it
 * with the ink of brush or pen. Clipping, text that is all spaces and what is painted over are not followed: what is painted counts.
 */
#include "core/pdl/pclxl.h"

#include <string.h>

/* All of 0x41 to 0xBF that exist, a bit each from 0x40 on. */
static const uint32_t operators[4] = {0xF9FF8FDE, 0xFFFFFFFF, 0xEFAA007F, 0x837F030F};

#define ROP_COPY 0xCC    /* source over what is there */
#define ROP_PATTERN 0xF0 /* brush over what is there */
#define ROP_DEFAULT 0xFC /* source or brush */
#define ROP_AND 0x88
#define ROP_MERGE 0xB8
#define FASTRASTER 0x68702006 /* HP's black-only raster in VendorUnique */
#define FASTRASTER_OPEN 0x68702011

double xl_real(uint32_t bits)
{
    float f;
    memcpy(&f, &bits, sizeof f);
    return f > -1e9f && f < 1e9f ? (double)f : 0;
}

static void defaults(xl_page *p)
{
    p->gs = (xl_gs){.space = 1, .rop = ROP_DEFAULT, .brush = PLT_INK_MONO, .pen = PLT_INK_MONO};
    p->depth = 0;
    p->path = false;
}

/* Attributes that operators look at; those that matter when only pages are counted. */
static const bool page_attributes[XL_ATTRS] = {
    [XL_MEDIA_SIZE] = true,   [XL_MEDIA_SOURCE] = true, [XL_CUSTOM_SIZE] = true, [XL_CUSTOM_UNITS] = true,
    [XL_PAGE_COPIES] = true,  [XL_SIMPLEX] = true,      [XL_DUPLEX] = true,      [XL_DUPLEX_SIDE] = true,
    [XL_VU_EXTENSION] = true, [XL_VU_LENGTH] = true,    [XL_PATTERN_ID] = true,
};
static const bool attributes[XL_ATTRS] = {
    [XL_PALETTE_DEPTH] = true,  [XL_COLOR_SPACE] = true, [XL_NULL_BRUSH] = true,   [XL_NULL_PEN] = true,     [XL_PALETTE_DATA] = true,
    [XL_PATTERN_SELECT] = true, [XL_GRAY_LEVEL] = true,  [XL_RGB_COLOR] = true,    [XL_MEDIA_SIZE] = true,   [XL_MEDIA_SOURCE] = true,
    [XL_ROP3] = true,           [XL_CUSTOM_SIZE] = true, [XL_CUSTOM_UNITS] = true, [XL_PAGE_COPIES] = true,  [XL_SIMPLEX] = true,
    [XL_DUPLEX] = true,         [XL_DUPLEX_SIDE] = true, [XL_POINTS] = true,       [XL_COLOR_DEPTH] = true,  [XL_BLOCK_HEIGHT] = true,
    [XL_COLOR_MAPPING] = true,  [XL_COMPRESS] = true,    [XL_PATTERN_ID] = true,   [XL_SOURCE_WIDTH] = true, [XL_PAD] = true,
    [XL_VU_EXTENSION] = true,   [XL_VU_LENGTH] = true,
};

static bool exists(uint8_t op)
{
    return op >= 0x40 && op <= 0xBF && (operators[(op - 0x40) / 32] >> (op - 0x40) % 32 & 1);
}

static bool draws_path(uint8_t op)
{
    if (op == OP_TEXT_PATH) return true;
    return op >= 0x91 && op <= 0xA3 && op != OP_CHORD && op != OP_ELLIPSE && op != OP_PIE && op != OP_RECTANGLE && op != OP_ROUND_RECTANGLE;
}

/* The operators of drawings, when ink is looked at: most of a page. */
static uint8_t act_of(uint8_t op)
{
    if (!exists(op)) return XL_ACT;
    if (draws_path(op)) return XL_DRAW;
    switch (op) {
    case OP_NEW_PATH: return XL_NEW_PATH;
    case OP_PAINT_PATH: return XL_PAINT;
    case OP_CURSOR:
    case OP_CURSOR_REL:
    case OP_CLOSE_PATH: return XL_PASS;
    default: return XL_ACT;
    }
}

/* The same when only pages are counted. */
static uint8_t counting_act_of(uint8_t op)
{
    switch (op) {
    case OP_BEGIN_SESSION:
    case OP_END_SESSION:
    case OP_BEGIN_PAGE:
    case OP_END_PAGE:
    case OP_VENDOR:
    case OP_BEGIN_PATTERN:
    case OP_END_PATTERN:
    case OP_PASSTHROUGH: return XL_ACT;
    case OP_PAINT_PATH:
    case OP_CHORD:
    case OP_ELLIPSE:
    case OP_PIE:
    case OP_RECTANGLE:
    case OP_ROUND_RECTANGLE:
    case OP_TEXT:
    case OP_SCAN_LINE:
    case OP_EXEC_STREAM:
    case OP_END_IMAGE: return XL_MARK;
    default: return exists(op) ? XL_PASS : XL_ACT;
    }
}

void xl_page_begin(xl_page *p, plt_pdl_host *h)
{
    p->host = h;
    p->count_only = plt_pdl_count_only(h);
    p->wanted = p->count_only ? page_attributes : attributes;
    for (uint32_t op = OP_FIRST; op <= OP_LAST; op++) p->acts[op] = p->count_only ? counting_act_of((uint8_t)op) : act_of((uint8_t)op);
    p->duplex = PLT_UNSAID;
    p->source = -1;
    defaults(p);
}

/* ---- attributes ---- */

void xl_page_scalar(xl_page *p, uint8_t id, double x, double y)
{
    xl_attr *a = &p->attr[id];
    if (!a->set && p->set_n < XL_SET_MAX) p->set[p->set_n++] = id;
    *a = (xl_attr){x, y, true};
}

static uint32_t element(const uint8_t *b, size_t size, bool little)
{
    uint32_t v = 0;
    for (size_t i = 0; i < size; i++) v = v << 8 | b[little ? size - 1 - i : i];
    return v;
}

void xl_page_array(xl_page *p, uint8_t id, const uint8_t *b, size_t n, size_t size, bool real, bool little)
{
    if (id == XL_RGB_COLOR && n >= 3) {
        for (size_t i = 0; i < 3; i++)
            p->color[i] = real ? xl_real(element(b + i * size, size, little)) * 255 : (double)element(b + i * size, size, little);
        p->color_set = true;
    } else if (id == XL_PALETTE_DATA) {
        p->new_palette_n = (uint32_t)(n * size);
        memcpy(p->new_palette, b, p->new_palette_n);
    } else if (id == XL_MEDIA_SIZE && size == 1) {
        size_t len = n < XL_TEXT_MAX - 1 ? n : XL_TEXT_MAX - 1;
        memcpy(p->media, b, len);
        p->media[len] = 0;
    }
    xl_page_scalar(p, id, n ? (double)element(b, size, little) : 0, 0);
}

static bool has(const xl_page *p, uint8_t id)
{
    return p->attr[id].set;
}

static int whole(const xl_page *p, uint8_t id, int otherwise)
{
    double v = p->attr[id].x;
    return p->attr[id].set && v > -1e9 && v < 1e9 ? (int)v : otherwise;
}

static void forget_attributes(xl_page *p)
{
    for (size_t i = 0; i < p->set_n; i++) p->attr[p->set[i]].set = false;
    if (p->set_n == XL_SET_MAX) memset(p->attr, 0, sizeof p->attr);
    p->set_n = 0;
    p->color_set = false;
    p->media[0] = 0;
    p->new_palette_n = 0;
}

/* ---- ink ---- */

/* White is no ink where it only covers; another raster operation may make something of it. */
static plt_ink under_rop(const xl_page *p, plt_ink ink)
{
    uint8_t r = p->gs.rop;
    bool covers = r == ROP_COPY || r == ROP_PATTERN || r == ROP_DEFAULT || r == ROP_AND || r == ROP_MERGE;
    return ink == PLT_INK_BLANK && !covers ? PLT_INK_PLAIN : ink;
}

static plt_ink add(plt_ink a, plt_ink b)
{
    if (a == PLT_INK_PLAIN && b == PLT_INK_BLANK) return a;
    if (b == PLT_INK_PLAIN && a == PLT_INK_BLANK) return b;
    return plt_ink_add(a, b);
}

static void mark(xl_page *p, plt_ink ink)
{
    if (!p->open || p->in_pattern) return;
    p->marked = true;
    p->ink = add(p->ink, under_rop(p, ink));
}

static void paint_path(xl_page *p)
{
    p->marked |= p->open && !p->in_pattern;
    if (!p->path) return;
    mark(p, p->gs.brush);
    mark(p, p->gs.pen);
}

void xl_page_act(xl_page *p, uint8_t act)
{
    if (act == XL_MARK) mark(p, PLT_INK_PLAIN);
    if (act == XL_NEW_PATH) p->path = false;
    if (act == XL_DRAW) p->path = true;
    if (act == XL_PAINT) paint_path(p);
}

static uint8_t byte_of(double v)
{
    return !(v > 0) ? 0 : v >= 255 ? 255 : (uint8_t)v;
}

/* SetBrushSource and SetPenSource. */
static plt_ink paint(const xl_page *p)
{
    if (has(p, XL_NULL_BRUSH) || has(p, XL_NULL_PEN)) return PLT_INK_BLANK;
    if (p->color_set) return plt_ink_rgb(byte_of(p->color[0]), byte_of(p->color[1]), byte_of(p->color[2]));
    if (has(p, XL_GRAY_LEVEL)) return p->attr[XL_GRAY_LEVEL].x >= 255 ? PLT_INK_BLANK : PLT_INK_MONO;
    if (has(p, XL_PATTERN_SELECT)) {
        int id = whole(p, XL_PATTERN_SELECT, -1);
        return id >= 0 && id < XL_PATTERNS ? p->patterns[id] : PLT_INK_UNKNOWN;
    }
    return PLT_INK_UNKNOWN;
}

static void set_color_space(xl_page *p)
{
    int space = whole(p, XL_COLOR_SPACE, p->gs.space);
    p->gs.space = space > 0 && space < 256 ? (uint8_t)space : 0;
    if (!p->new_palette_n) return;
    memcpy(p->palette, p->new_palette, p->new_palette_n);
    p->palette_n = p->new_palette_n;
    p->gs.palette = p->palette_id = ++p->palettes;
}

static void push(xl_page *p)
{
    if (p->depth < XL_GS_MAX) p->saved[p->depth] = p->gs;
    p->depth++;
}

static void pop(xl_page *p)
{
    if (!p->depth) return;
    p->depth--;
    if (p->depth < XL_GS_MAX) {
        p->gs = p->saved[p->depth];
    } else { /* deeper than is kept */
        p->gs.brush = p->gs.pen = PLT_INK_UNKNOWN;
        p->gs.palette = 0;
    }
}

static void vendor(xl_page *p)
{
    double value = has(p, XL_VU_EXTENSION) ? p->attr[XL_VU_EXTENSION].x : 0;
    uint32_t id = value >= 0 && value <= UINT32_MAX ? (uint32_t)value : 0;
    if (id == FASTRASTER_OPEN || !p->open) return;
    if (id == FASTRASTER) {
        mark(p, PLT_INK_PLAIN);
        p->marked = true;
        return;
    }
    p->marked = true;
    p->ink = add(p->ink, PLT_INK_UNKNOWN);
    plt_pdl_doubt(p->host, PLT_ON_COLOR, PLT_CONF_UNKNOWN, "the pages are in a raster of the printer's maker, which is not decoded");
}

/* ---- pages ---- */

/* MediaSize, Feature Reference appendix. */
static const char *media_name(int code)
{
    static const char *const names[] = {"Letter", "Legal", "A4", "Executive", "Ledger", "A3",    "Com10", "Monarch", "C5",
                                        "DL",     "B4",    "B5", "EnvB5",     "",       "JPost", "",      "A5",      "A6"};
    return code >= 0 && (size_t)code < sizeof names / sizeof names[0] ? names[code] : "";
}

static void custom_size(xl_page *p)
{
    static const double um[] = {25400, 1000, 100}; /* inch, millimetre, tenth of one */
    int unit = whole(p, XL_CUSTOM_UNITS, 0);
    double scale = unit >= 0 && unit < 3 ? um[unit] : 0;
    double w = p->attr[XL_CUSTOM_SIZE].x * scale, h = p->attr[XL_CUSTOM_SIZE].y * scale;
    if (w > 0 && h > 0 && w < 5e6 && h < 5e6) plt_paper_by_um(p->paper, (uint32_t)w, (uint32_t)h);
}

static void set_paper(xl_page *p)
{
    char before[PLT_PAPER_NAME];
    memcpy(before, p->paper, sizeof before);
    if (has(p, XL_CUSTOM_SIZE)) {
        custom_size(p);
    } else if (p->media[0]) {
        memcpy(p->paper, p->media, sizeof p->paper);
    } else if (has(p, XL_MEDIA_SIZE)) {
        const char *name = media_name(whole(p, XL_MEDIA_SIZE, -1));
        memset(p->paper, 0, sizeof p->paper);
        memcpy(p->paper, name, strlen(name));
    }
    if (memcmp(before, p->paper, sizeof before) != 0) p->new_sheet = true;
}

static void begin_page(xl_page *p)
{
    if (p->open) plt_pdl_doubt(p->host, PLT_ON_PAGES, PLT_CONF_ESTIMATED, "a page begins within another one");
    int source = whole(p, XL_MEDIA_SOURCE, p->source);
    p->new_sheet = source != p->source;
    p->source = source;
    set_paper(p);
    if (has(p, XL_SIMPLEX)) p->duplex = PLT_DUPLEX_NONE;
    if (has(p, XL_DUPLEX)) p->duplex = whole(p, XL_DUPLEX, 0) == 0 ? PLT_DUPLEX_SHORT : PLT_DUPLEX_LONG;
    p->side = p->new_sheet ? PLT_SIDE_FRONT : PLT_SIDE_NEXT;
    if (has(p, XL_DUPLEX_SIDE)) p->side = whole(p, XL_DUPLEX_SIDE, 0) == 0 ? PLT_SIDE_FRONT : PLT_SIDE_BACK;
    p->open = true;
    p->marked = false;
    p->ink = PLT_INK_BLANK;
    defaults(p);
}

static void report(xl_page *p, uint32_t copies)
{
    plt_ink ink = p->count_only ? PLT_INK_UNKNOWN : p->ink;
    plt_pdl_page_info page = {.copies = copies, .ink = ink, .duplex = p->duplex, .side = p->side, .paper = p->paper};
    plt_pdl_page(p->host, &page);
    p->open = false;
}

static void end_page(xl_page *p)
{
    int copies = whole(p, XL_PAGE_COPIES, 0);
    if (!p->open) return;
    if (has(p, XL_PAGE_COPIES) && (copies < 1 || copies > 32767)) {
        plt_pdl_doubt(p->host, PLT_ON_COPIES, PLT_CONF_ESTIMATED, "the number of copies is out of its range");
        copies = 1;
    }
    report(p, (uint32_t)copies);
}

void xl_page_end(xl_page *p, bool cut_short)
{
    bool inside = cut_short || p->open;
    if (p->open && p->marked) report(p, 0);
    /* Before its first page nothing is known of a job. */
    plt_confidence most = plt_pdl_page_count(p->host) ? PLT_CONF_ESTIMATED : PLT_CONF_UNKNOWN;
    if (inside) plt_pdl_doubt(p->host, PLT_ON_PAGES, most, "the data end before the session does: the job was cut short");
}

/* ---- images and patterns ---- */

static void end_image(xl_page *p)
{
    plt_ink ink = xl_image_ink(p);
    if (p->in_pattern) {
        if (p->pattern < XL_PATTERNS) p->patterns[p->pattern] = ink;
        p->in_pattern = p->in_image = false;
        return;
    }
    p->in_image = false;
    mark(p, ink);
}

static void begin_pattern(xl_page *p)
{
    int id = whole(p, XL_PATTERN_ID, -1);
    p->pattern = id >= 0 && id < XL_PATTERNS ? (uint32_t)id : XL_PATTERNS;
    xl_image_begin(p);
    p->in_image = p->in_pattern = true;
}

/* ---- operators ---- */

static void paint_operator(xl_page *p, uint8_t op)
{
    switch (op) {
    case OP_PAINT_PATH: paint_path(p); break;
    case OP_CHORD:
    case OP_ELLIPSE:
    case OP_PIE:
    case OP_RECTANGLE:
    case OP_ROUND_RECTANGLE:
        mark(p, p->gs.brush);
        mark(p, p->gs.pen);
        break;
    case OP_TEXT:
    case OP_SCAN_LINE: mark(p, p->gs.brush); break;
    case OP_BEGIN_IMAGE:
        xl_image_begin(p);
        p->in_image = true;
        break;
    case OP_READ_IMAGE:
    case OP_READ_PATTERN:
        if (p->in_image) xl_image_block(p);
        break;
    case OP_END_IMAGE: /* each ends its own: counting steps over images, and not over patterns */
        p->marked |= p->open && !p->in_pattern;
        if (p->in_image && !p->in_pattern) end_image(p);
        break;
    case OP_END_PATTERN:
        if (p->in_pattern) end_image(p);
        break;
    case OP_BEGIN_PATTERN: begin_pattern(p); break;
    default: break;
    }
}

static void state_operator(xl_page *p, uint8_t op)
{
    switch (op) {
    case OP_BEGIN_SESSION:
        p->session = true;
        p->duplex = PLT_UNSAID;
        break;
    case OP_END_SESSION: p->session = false; break;
    case OP_BEGIN_PAGE: begin_page(p); break;
    case OP_END_PAGE: end_page(p); break;
    case OP_VENDOR: vendor(p); break;
    case OP_DEFAULT_GS: defaults(p); break;
    case OP_POP_GS: pop(p); break;
    case OP_PUSH_GS: push(p); break;
    case OP_BRUSH: p->gs.brush = paint(p); break;
    case OP_PEN: p->gs.pen = paint(p); break;
    case OP_COLOR_SPACE: set_color_space(p); break;
    case OP_ROP: p->gs.rop = (uint8_t)(whole(p, XL_ROP3, ROP_DEFAULT) & 0xFF); break;
    case OP_NEW_PATH: p->path = false; break;
    case OP_EXEC_STREAM:
        if (p->open) mark(p, PLT_INK_UNKNOWN);
        break;
    case OP_PASSTHROUGH:
        plt_pdl_doubt(p->host, PLT_ON_PAGES, PLT_CONF_ESTIMATED, "it embeds another language, which may eject pages by itself");
        if (p->open) mark(p, PLT_INK_UNKNOWN);
        break;
    default: break;
    }
}

bool xl_page_operator(xl_page *p, uint8_t op)
{
    if (!exists(op)) return false;
    if (op == OP_PAINT_PATH || op >= OP_CHORD)
        paint_operator(p, op);
    else
        state_operator(p, op);
    if (op == OP_PASSTHROUGH) state_operator(p, op);
    if (draws_path(op) && (!has(p, XL_POINTS) || p->attr[XL_POINTS].x > 0)) p->path = true;
    forget_attributes(p);
    return true;
}
