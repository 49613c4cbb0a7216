/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The operators of a content stream (ISO 32000-1 annex A), as far as they paint or choose what paints. A stream can come before the resources
 * that it names, and in a form before it is known who draws it: so what it finds is kept as inks where they are known and as uses of names.
 */
#include "core/pdl/pdf_content.h"

#include <string.h>

pdf_content *pdf_content_make(pdf *f)
{
    pdf_content *c = plt_pdl_alloc(f->host, sizeof *c);
    if (!c) return NULL;
    c->f = f;
    c->build = (pdf_build){.host = f->host, .names = &f->names, .most = 8192};
    return c;
}

static const pdf_gstate first_state = {{PDF_N_DeviceGray, PDF_SRC_GIVEN}, {PDF_N_DeviceGray, PDF_SRC_GIVEN}, 0};

static void operands_end(pdf_content *c)
{
    c->nums_n = 0;
    c->name = 0;
    c->text = PDF_MARKS_NONE;
}

void pdf_content_begin(pdf_content *c)
{
    c->mode = PDF_OPERATORS;
    pdf_lex_begin(&c->lex, false);
    c->facts = (pdf_facts){.ink = PLT_INK_BLANK};
    c->now = first_state;
    c->depth = 0;
    c->total = 0;
    c->path = c->uncolored = c->glyph = c->junk = false;
    c->head_n = 0;
    memset(c->slots, 0, sizeof c->slots);
    operands_end(c);
}

/* ---- what is found ---- */

void pdf_content_ink(pdf_content *c, plt_ink ink)
{
    c->facts.ink = (uint8_t)plt_ink_add((plt_ink)c->facts.ink, ink);
}

static bool same_use(const pdf_use *a, const pdf_use *b)
{
    return a->name == b->name && a->kind == b->kind && a->a == b->a && a->b == b->b;
}

/* The use's place as a source; an unknown ink when there are too many. */
static uint16_t use(pdf_content *c, pdf_use u)
{
    uint32_t at = (u.name ^ u.kind * 97u ^ u.a * 7u ^ u.b * 31u) % PDF_USE_SLOTS;
    for (; c->slots[at]; at = (at + 1) % PDF_USE_SLOTS) {
        pdf_use *old = &c->uses[c->slots[at] - 1];
        if (!same_use(old, &u)) continue;
        old->painted |= u.painted;
        return (uint16_t)(PDF_SRC_USE + c->slots[at] - 1);
    }
    uint16_t n = c->facts.uses_n;
    if (n == PDF_USES_MAX) return PLT_INK_UNKNOWN;
    c->uses[n] = u;
    c->slots[at] = ++c->facts.uses_n;
    return (uint16_t)(PDF_SRC_USE + n);
}

static void paint_use(pdf_content *c, pdf_use_kind kind, uint32_t name, uint16_t a, uint16_t b)
{
    uint16_t source = use(c, (pdf_use){.kind = (uint8_t)kind, .painted = 1, .a = a, .b = b, .name = name});
    if (source < PDF_SRC_USE) pdf_content_ink(c, PLT_INK_UNKNOWN);
}

void pdf_content_paint(pdf_content *c, uint16_t source, uint8_t given_flag)
{
    if (source >= PDF_SRC_USE) {
        pdf_use *u = &c->uses[source - PDF_SRC_USE];
        u->painted = 1;
    } else if (source == PDF_SRC_GIVEN) {
        c->facts.flags |= given_flag;
    } else if (source == PDF_SRC_BEFORE) {
        c->facts.flags |= PDF_PAINTS_BEFORE;
    } else {
        pdf_content_ink(c, (plt_ink)source);
    }
}

static void fill(pdf_content *c)
{
    pdf_content_paint(c, c->now.fill.source, PDF_PAINTS_FILL);
}

static void stroke(pdf_content *c)
{
    pdf_content_paint(c, c->now.stroke.source, PDF_PAINTS_STROKE);
}

/* ---- colour ---- */

static void choose(pdf_content *c, bool stroking, uint32_t space, uint16_t source)
{
    if (c->uncolored) return;
    pdf_color *color = stroking ? &c->now.stroke : &c->now.fill;
    color->space = space;
    color->source = source;
}

/* The operand n from the end. */
static double last(const pdf_content *c, uint32_t n)
{
    return c->nums_n >= n ? c->nums[c->nums_n - n] : 0;
}

static plt_ink rgb(const pdf_content *c)
{
    return plt_ink_rgb_f(last(c, 3), last(c, 2), last(c, 1));
}

static plt_ink cmyk(const pdf_content *c)
{
    return plt_ink_cmyk_f(last(c, 4), last(c, 3), last(c, 2), last(c, 1));
}

static plt_ink gray(const pdf_content *c)
{
    return last(c, 1) >= 1 ? PLT_INK_BLANK : PLT_INK_MONO;
}

/* As L*, a*, b*: a few hundredths of the axes are no colour that is seen. */
static plt_ink lab(const pdf_content *c)
{
    double a = last(c, 2), b = last(c, 1);
    if (a > 1 || a < -1 || b > 1 || b < -1) return PLT_INK_COLOR;
    return last(c, 3) >= 100 ? PLT_INK_BLANK : PLT_INK_MONO;
}

/* Operands in the space of that name. */
static uint16_t operands(pdf_content *c, uint32_t space)
{
    pdf_use u = {.kind = PDF_USE_SPACE, .a = PDF_CLASS_OTHER, .name = space};
    double v = last(c, 1);
    switch (space) {
    case PDF_N_DeviceGray: return (uint16_t)gray(c);
    case PDF_N_DeviceRGB: return (uint16_t)rgb(c);
    case PDF_N_DeviceCMYK: return (uint16_t)cmyk(c);
    default: break;
    }
    switch (c->nums_n) {
    case 0: u.a = PDF_CLASS_FIRST; break;
    case 1:
        u.a = !(v > 0) ? PDF_CLASS_ZERO : v < 1 ? PDF_CLASS_MID : PDF_CLASS_ONE;
        u.b = (uint16_t)(v >= 255 ? 255 : v >= 1 ? (uint16_t)v : 0);
        break;
    case 3:
        u.a = PDF_CLASS_THREE;
        u.b = (uint16_t)((uint16_t)rgb(c) | (uint16_t)lab(c) << 4);
        break;
    case 4:
        u.a = PDF_CLASS_FOUR;
        u.b = (uint16_t)cmyk(c);
        break;
    default: u.b = 1; break;
    }
    for (uint32_t i = 0; u.a == PDF_CLASS_OTHER && i < c->nums_n; i++)
        if (c->nums[i] != 0) u.b = 0;
    return use(c, u);
}

/* cs, CS: the space's first colour. */
static void choose_space(pdf_content *c, bool stroking)
{
    c->nums_n = 0;
    switch (c->name) {
    case PDF_N_DeviceGray:
    case PDF_N_DeviceRGB:
    case PDF_N_DeviceCMYK: choose(c, stroking, c->name, PLT_INK_MONO); break;
    case PDF_N_Pattern: choose(c, stroking, c->name, PLT_INK_BLANK); break;
    default: choose(c, stroking, c->name, operands(c, c->name)); break;
    }
}

/* scn, SCN: operands, a pattern, or a pattern and the operands of what lies below it. */
static void choose_color(pdf_content *c, bool stroking)
{
    uint32_t space = stroking ? c->now.stroke.space : c->now.fill.space;
    if (c->uncolored) return;
    if (!c->name) {
        choose(c, stroking, space, operands(c, space));
        return;
    }
    uint16_t below = c->nums_n ? operands(c, space) : PLT_INK_UNKNOWN;
    choose(c, stroking, space, use(c, (pdf_use){.kind = PDF_USE_PATTERN, .a = below, .name = c->name}));
}

/* ---- state ---- */

static void save(pdf_content *c)
{
    if (c->depth < PDF_SAVES) c->saved[c->depth] = c->now;
    if (c->depth < UINT32_MAX) c->depth++;
}

static void restore(pdf_content *c)
{
    static const pdf_gstate unknown = {{PDF_N_DeviceGray, PLT_INK_UNKNOWN}, {PDF_N_DeviceGray, PLT_INK_UNKNOWN}, 0};
    static const pdf_gstate before = {{PDF_N_DeviceGray, PDF_SRC_BEFORE}, {PDF_N_DeviceGray, PDF_SRC_BEFORE}, 0};
    if (!c->depth) {
        c->now = before; /* an earlier stream of the page saved it */
        return;
    }
    c->depth--;
    c->now = c->depth < PDF_SAVES ? c->saved[c->depth] : unknown;
}

/* ---- painting ---- */

static void paint_path(pdf_content *c, bool filling, bool stroking)
{
    if (c->path && filling) fill(c);
    if (c->path && stroking) stroke(c);
    c->path = false;
}

/* What may be blanks only: it adds no colour and no blankness that is sure. */
static void maybe(pdf_content *c, const pdf_color *color)
{
    if (color->source >= PDF_SRC_USE || color->source == PDF_SRC_BEFORE)
        pdf_content_paint(c, color->source, 0);
    else if (color->source == PLT_INK_COLOR || color->source == PLT_INK_UNKNOWN)
        pdf_content_ink(c, PLT_INK_UNKNOWN);
    else if (color->source != PLT_INK_BLANK)
        pdf_content_ink(c, PLT_INK_PLAIN);
}

/* ISO 32000-1 table 106: 3 is invisible, 7 only clips. */
static void show(pdf_content *c)
{
    uint8_t mode = c->now.render & 3;
    if (c->text == PDF_MARKS_NONE) return;
    c->facts.flags |= PDF_SHOWS_TEXT;
    bool filling = mode == 0 || mode == 2, stroking = mode == 1 || mode == 2;
    if (filling && c->text == PDF_MARKS_SURE) fill(c);
    if (stroking && c->text == PDF_MARKS_SURE) stroke(c);
    if (filling && c->text == PDF_MARKS_MAYBE) maybe(c, &c->now.fill);
    if (stroking && c->text == PDF_MARKS_MAYBE) maybe(c, &c->now.stroke);
}

/* Blanks paint nothing. In fonts of two bytes a glyph, 3 is the usual number of the blank, and 1 and 32 are not rare. */
static pdf_marks marks_of(const pdf_lex *l)
{
    bool blank = true, pairs = l->len % 2 == 0;
    for (size_t i = 0; i < l->len; i++) {
        blank = blank && l->text[i] == ' ';
        pairs = pairs && (i % 2 ? l->text[i] == 3 || l->text[i] == ' ' || l->text[i] == 1 : l->text[i] == 0);
        if (!blank && !pairs) return PDF_MARKS_SURE;
    }
    return blank ? PDF_MARKS_NONE : PDF_MARKS_MAYBE;
}

#define OP1(a) (uint32_t)(a)
#define OP2(a, b) ((uint32_t)(a) | (uint32_t)(b) << 8)
#define OP3(a, b, c) ((uint32_t)(a) | (uint32_t)(b) << 8 | (uint32_t)(c) << 16)

static bool path_op(pdf_content *c, uint32_t op)
{
    switch (op) {
    case OP1('m'):
    case OP1('h'):
    case OP1('W'):
    case OP2('W', '*'): return true;
    case OP1('l'):
    case OP1('c'):
    case OP1('v'):
    case OP1('y'):
    case OP2('r', 'e'): c->path = true; return true;
    case OP1('n'): paint_path(c, false, false); return true;
    case OP1('f'):
    case OP1('F'):
    case OP2('f', '*'): paint_path(c, true, false); return true;
    case OP1('S'):
    case OP1('s'): paint_path(c, false, true); return true;
    case OP1('B'):
    case OP1('b'):
    case OP2('B', '*'):
    case OP2('b', '*'): paint_path(c, true, true); return true;
    default: return false;
    }
}

static bool color_op(pdf_content *c, uint32_t op)
{
    switch (op) {
    case OP1('g'): choose(c, false, PDF_N_DeviceGray, (uint16_t)gray(c)); return true;
    case OP1('G'): choose(c, true, PDF_N_DeviceGray, (uint16_t)gray(c)); return true;
    case OP2('r', 'g'): choose(c, false, PDF_N_DeviceRGB, (uint16_t)rgb(c)); return true;
    case OP2('R', 'G'): choose(c, true, PDF_N_DeviceRGB, (uint16_t)rgb(c)); return true;
    case OP1('k'): choose(c, false, PDF_N_DeviceCMYK, (uint16_t)cmyk(c)); return true;
    case OP1('K'): choose(c, true, PDF_N_DeviceCMYK, (uint16_t)cmyk(c)); return true;
    case OP2('c', 's'): choose_space(c, false); return true;
    case OP2('C', 'S'): choose_space(c, true); return true;
    case OP2('s', 'c'):
    case OP3('s', 'c', 'n'): choose_color(c, false); return true;
    case OP2('S', 'C'):
    case OP3('S', 'C', 'N'): choose_color(c, true); return true;
    default: return false;
    }
}

static bool other_op(pdf_content *c, uint32_t op)
{
    switch (op) {
    case OP1('q'): save(c); return true;
    case OP1('Q'): restore(c); return true;
    case OP2('T', 'j'):
    case OP2('T', 'J'):
    case OP1('\''):
    case OP1('"'): show(c); return true;
    case OP2('T', 'r'):
        if (last(c, 1) >= 0 && last(c, 1) < 8) c->now.render = (uint8_t)last(c, 1);
        return true;
    case OP2('D', 'o'): paint_use(c, PDF_USE_XOBJECT, c->name, c->now.fill.source, c->now.stroke.source); return true;
    case OP2('s', 'h'): paint_use(c, PDF_USE_SHADING, c->name, 0, 0); return true;
    case OP2('B', 'I'): pdf_inline_begin(c); return true;
    case OP2('d', '0'): /* a glyph's first operator: behind colour it is none, and may not be read any more */
        if (c->facts.ink != PLT_INK_COLOR) c->glyph = true;
        return true;
    case OP2('d', '1'): c->uncolored = true; return true;
    default: return false;
    }
}

/* Operators that neither paint nor choose a colour. */
static bool idle_op(uint32_t op)
{
    switch (op) {
    case OP1('w'):
    case OP1('J'):
    case OP1('j'):
    case OP1('M'):
    case OP1('d'):
    case OP1('i'):
    case OP2('r', 'i'):
    case OP2('g', 's'):
    case OP2('c', 'm'):
    case OP2('B', 'T'):
    case OP2('E', 'T'):
    case OP2('T', 'c'):
    case OP2('T', 'w'):
    case OP2('T', 'z'):
    case OP2('T', 'L'):
    case OP2('T', 'f'):
    case OP2('T', 's'):
    case OP2('T', 'd'):
    case OP2('T', 'D'):
    case OP2('T', 'm'):
    case OP2('T', '*'):
    case OP2('M', 'P'):
    case OP2('D', 'P'):
    case OP2('B', 'X'):
    case OP2('E', 'X'):
    case OP2('E', 'I'):
    case OP3('B', 'M', 'C'):
    case OP3('B', 'D', 'C'):
    case OP3('E', 'M', 'C'): return true;
    default: return false;
    }
}

static void word(pdf_content *c)
{
    const pdf_lex *l = &c->lex;
    uint32_t op = 0;
    for (size_t i = 0; i < l->len && i < 4; i++) op |= (uint32_t)l->text[i] << (8 * i);
    bool taken = l->len <= 3 && (path_op(c, op) || color_op(c, op) || other_op(c, op) || idle_op(op));
    if (!taken && !pdf_lex_is(l, "true") && !pdf_lex_is(l, "false") && !pdf_lex_is(l, "null")) c->junk = true;
    operands_end(c);
}

static void token(pdf_content *c)
{
    const pdf_lex *l = &c->lex;
    switch (l->kind) {
    case PDF_NUMBER:
        if (c->nums_n == PDF_OPERANDS) c->nums_n = 0;
        c->nums[c->nums_n++] = l->number;
        break;
    case PDF_NAME: c->name = pdf_name_id(&c->f->names, l->hash, l->text, l->len); break;
    case PDF_STRING: {
        pdf_marks m = marks_of(l);
        if (m > c->text) c->text = m;
        break;
    }
    case PDF_WORD: word(c); break;
    default: break;
    }
}

/* ---- the stream ---- */

static void head(pdf_content *c, const uint8_t *p, size_t n)
{
    size_t room = sizeof c->head - c->head_n, step = n < room ? n : room;
    memcpy(c->head + c->head_n, p, step);
    c->head_n += (uint32_t)step;
    c->total += n;
}

bool pdf_content_bytes(void *ctx, const uint8_t *p, size_t n)
{
    pdf_content *c = ctx;
    const uint8_t *end = p + n;
    head(c, p, n);
    while (p < end) {
        if (c->mode != PDF_OPERATORS)
            p += pdf_inline_bytes(c, p, (size_t)(end - p));
        else if (pdf_lex_next(&c->lex, &p, end))
            token(c);
    }
    return c->facts.ink != PLT_INK_COLOR || c->glyph; /* then nothing more can change */
}

static bool saved_colors(const pdf_content *c)
{
    for (uint32_t i = 0; i < c->depth && i < PDF_SAVES; i++)
        if (c->saved[i].fill.source != PDF_SRC_GIVEN || c->saved[i].stroke.source != PDF_SRC_GIVEN) return true;
    return c->depth > PDF_SAVES;
}

/* A palette is a short stream like any other, and names itself in no way: bytes that no text has are a sign of one. */
static bool may_be_palette(const pdf_content *c)
{
    if (c->total > sizeof c->head) return false;
    for (uint32_t i = 0; i < c->head_n; i++)
        if (c->head[i] >= 127 || (c->head[i] < ' ' && (!c->head[i] || !pdf_is_space(c->head[i])))) return true;
    return false;
}

void pdf_content_end(pdf_content *c, uint32_t num, pdf_val dict, bool broken)
{
    pdf_facts *facts = &c->facts;
    pdf_inline_finish(c);
    if (c->mode == PDF_OPERATORS && pdf_lex_last(&c->lex)) token(c);
    if (broken || c->mode > PDF_INLINE_DICT) pdf_content_ink(c, PLT_INK_UNKNOWN);
    if (c->junk && facts->ink == PLT_INK_BLANK && !facts->uses_n && !facts->flags) pdf_content_ink(c, PLT_INK_UNKNOWN);
    facts->fill = c->now.fill.source;
    facts->stroke = c->now.stroke.source;
    facts->bytes_n = (uint16_t)(may_be_palette(c) && !broken ? c->head_n : 0);
    if (saved_colors(c)) facts->flags |= PDF_LEAVES_SAVED;
    if (c->glyph && (facts->ink == PLT_INK_COLOR || facts->ink == PLT_INK_UNKNOWN || facts->uses_n)) c->f->colored_glyphs = true;
    const pdf_part parts[] = {{facts, sizeof *facts}, {c->uses, facts->uses_n * sizeof c->uses[0]}, {c->head, facts->bytes_n}};
    pdf_store_stream(c->f, num, PDF_R_CONTENT, parts, 3, dict);
}
