/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is painted on a page, and in which colours. The program is not executed: a procedure's body is read once, where it is defined, for what
 * it does to its caller (ps_learn.c), and the page is read as it stands, each name by its operator's or procedure's effect.
 * What cannot be followed makes the page's ink unknown.
 */
#include <string.h>

#include "core/pdl/ps.h"

/* ---- the page ---- */

static void graphics_begin(ps_graphics *g)
{
    memset(g, 0, sizeof *g);
    for (size_t i = 0; i < SLOTS; i++) g->slot[i] = (ps_color){.ink = PLT_INK_MONO, .space = ps_space_of(W_DEVICEGRAY)};
}

/* What is told of one page only. */
static void fresh_page(ps *s)
{
    ps_paint *a = &s->paint;
    a->text_mode = 0;
    a->n = a->n_array = a->base = a->base_array = 0;
    memset(&a->image, 0, sizeof a->image);
    ps_objects_page(s);
}

void ps_paint_clear(ps *s)
{
    s->paint.page = PLT_INK_BLANK;
    s->paint.lost = false;
    fresh_page(s);
}

void ps_paint_page(ps *s)
{
    ps_paint_clear(s);
    graphics_begin(&s->paint.now);
    s->paint.saves = 0;
}

void ps_paint_showpage(ps *s)
{
    graphics_begin(&s->paint.now);
}

void ps_paint_first(ps *s)
{
    s->paint.setup = s->paint.now;
    fresh_page(s);
}

void ps_paint_next(ps *s, bool seen)
{
    ps_paint *a = &s->paint;
    if (seen) return;
    graphics_begin(&a->now);
    a->saves = 0;
    for (size_t i = 0; i < SLOTS; i++) {
        const ps_color *was = &a->setup.slot[i];
        if (was->set && was->ink != PLT_INK_MONO) a->now.slot[i] = (ps_color){.set = true, .ink = PLT_INK_UNKNOWN, .space = was->space};
    }
}

plt_ink ps_paint_ink(const ps *s)
{
    const ps_paint *a = &s->paint;
    plt_ink ink = a->page;
    bool blind = a->hidden || a->lost || s->names.full || (s->top.data && !s->flow.hide.on) || (s->objects.seen && !s->objects.page_content);
    if (!a->on) ink = PLT_INK_UNKNOWN;
    if (blind) ink = plt_ink_add(ink, PLT_INK_UNKNOWN);
    if (s->grey && ink == PLT_INK_COLOR) return PLT_INK_MONO;
    if (s->grey && ink == PLT_INK_UNKNOWN) return PLT_INK_PLAIN;
    return ink;
}

void ps_paint_mark(ps *s, plt_ink ink)
{
    s->paint.page = plt_ink_add(s->paint.page, ink);
}

/* Procedures that keep the colours of fills and strokes apart set these; the operators have only one. */
static plt_ink slot_ink(const ps_graphics *g, size_t slot)
{
    const ps_color *own = &g->slot[slot], *one = &g->slot[SLOT_MAIN];
    if (!own->set) return one->ink;
    return one->set ? plt_ink_add(own->ink, one->ink) : own->ink;
}

void ps_paint_by(ps *s, uint8_t by)
{
    ps_paint *a = &s->paint;
    if (by & BY_TEXT) {
        bool visible = !a->string || a->inked;
        uint8_t mode = a->text_mode & 3; /* PDF: fill, stroke, both, neither */
        by = (uint8_t)(by & ~BY_TEXT);
        if (visible && (mode == 0 || mode == 2)) by |= BY_FILL;
        if (visible && (mode == 1 || mode == 2)) by |= BY_STROKE;
    }
    if (by & BY_FILL) ps_paint_mark(s, slot_ink(&a->now, SLOT_FILL));
    if (by & BY_STROKE) ps_paint_mark(s, slot_ink(&a->now, SLOT_STROKE));
}

void ps_paint_save(ps *s)
{
    ps_paint *a = &s->paint;
    if (a->saves < PS_SAVES)
        a->saved[a->saves] = a->now;
    else
        a->lost = true;
    a->saves++;
}

void ps_paint_restore(ps *s)
{
    ps_paint *a = &s->paint;
    if (!a->saves) return;
    a->saves--;
    if (a->saves < PS_SAVES) a->now = a->saved[a->saves];
}

/* ---- operators ---- */

static void set_color(ps *s, uint8_t slot, uint8_t act, plt_ink ink)
{
    ps_color *c = &s->paint.now.slot[slot];
    c->set = true;
    c->ink = ink;
    switch (act) {
    case A_GRAY: c->space = ps_space_of(W_DEVICEGRAY); break;
    case A_RGB:
    case A_HSB: c->space = ps_space_of(W_DEVICERGB); break;
    case A_CMYK: c->space = ps_space_of(W_DEVICECMYK); break;
    default: break;
    }
}

static void set_space(ps *s, uint8_t slot, ps_space space)
{
    ps_color *c = &s->paint.now.slot[slot];
    c->set = true;
    c->space = space;
    c->ink = space.word ? PLT_INK_MONO : PLT_INK_UNKNOWN; /* the first colour of nearly every space is black */
    if (space.word == W_PATTERN || space.word == W_DEVICEN) c->ink = PLT_INK_UNKNOWN;
    if (space.word == W_SEPARATION) c->ink = (plt_ink)space.ink; /* full tint */
}

void ps_paint_act(ps *s, ps_source *src, uint8_t act, uint8_t slot)
{
    ps_paint *a = &s->paint;
    switch (act) {
    case A_GRAY:
    case A_RGB:
    case A_HSB:
    case A_CMYK:
    case A_COLOR: set_color(s, slot, act, ps_operands_ink(a, act, &a->now.slot[slot].space, false)); break;
    case A_SPACE: set_space(s, slot, a->operand); break;
    case A_PATTERN: set_color(s, slot, act, PLT_INK_UNKNOWN); break;
    case A_FILL: ps_paint_by(s, BY_FILL); break;
    case A_STROKE: ps_paint_by(s, BY_STROKE); break;
    case A_BOTH: ps_paint_by(s, BY_FILL | BY_STROKE); break;
    case A_TEXT: ps_paint_by(s, BY_TEXT); break;
    case A_SHADE: ps_paint_mark(s, PLT_INK_UNKNOWN); break;
    case A_SAVE: ps_paint_save(s); break;
    case A_RESTORE: ps_paint_restore(s); break;
    case A_RESTOREALL:
        while (a->saves) ps_paint_restore(s);
        break;
    case A_INIT: graphics_begin(&a->now); break;
    case A_IMAGE:
    case A_COLORIMAGE:
    case A_MASK: ps_image_paint(s, src, act); break;
    case A_CURRENTFILE: a->image.file = true; break;
    case A_READHEX: a->image.hex = true; break;
    case A_READSTRING: a->image.raw = true; break;
    default: break;
    }
}

/* ---- procedures ---- */

static void set_by_effect(ps *s, const ps_effect *e)
{
    ps_paint *a = &s->paint;
    if (e->set == A_SPACE) {
        if (e->fixed || a->operand.word) set_space(s, e->slot, e->fixed ? e->space : a->operand);
        return;
    }
    if (e->varies && e->stores && !a->n) return; /* brings back a colour that was set before */
    plt_ink ink = (plt_ink)e->ink;
    if (e->set == A_TABLE) {
        double index = a->n ? a->numbers[a->n - 1] : -1;
        bool chosen = index >= 0 && index < e->table_n;
        if (chosen) a->n--;
        ps_color *c = &a->now.slot[e->slot];
        set_color(s, e->slot, A_NONE, chosen ? ps_operands_ink(a, e->table[(size_t)index], &c->space, false) : PLT_INK_UNKNOWN);
        return;
    }
    if (!e->fixed) {
        bool blind = e->varies && !e->stores && e->set != A_GRAY;
        ink = blind ? PLT_INK_UNKNOWN : ps_operands_ink(a, e->set, &a->now.slot[e->slot].space, e->scaled || e->varies);
    }
    set_color(s, e->slot, e->set, ink);
}

static void apply(ps *s, ps_source *src, const ps_effect *e)
{
    ps_paint *a = &s->paint;
    if (e->by_operand) ps_paint_mark(s, ps_operands_ink(a, e->operand_act, &a->now.slot[SLOT_MAIN].space, e->scaled));
    if (e->own) ps_paint_mark(s, (plt_ink)e->own_ink);
    if (e->by) ps_paint_by(s, e->by);
    for (int i = 0; i < e->saves; i++) ps_paint_save(s);
    for (int i = 0; i > e->saves; i--) ps_paint_restore(s);
    if (e->set) set_by_effect(s, e);
    a->image.file |= e->file;
    a->image.hex |= e->hex;
    a->image.raw |= e->raw;
    if ((e->hex || e->raw) && e->flow) a->image.odd = true;
    if (e->image) ps_image_paint(s, src, e->image);
}

/* ---- tokens ---- */

/* Behind an operator its operands are gone. */
static void done(ps_paint *a)
{
    a->n = a->base;
    a->n_array = a->base_array;
    a->literal = a->literal_before = 0;
    a->literal_word = W_NONE;
    a->string = a->inked = false;
}

void ps_paint_number(ps_paint *a, double v)
{
    if (a->n == PS_NUMBERS) { /* the older half is forgotten */
        memcpy(a->numbers, a->numbers + PS_NUMBERS / 2, sizeof a->numbers / 2);
        a->n -= PS_NUMBERS / 2;
        a->n_array = a->n_array > PS_NUMBERS / 2 ? a->n_array - PS_NUMBERS / 2 : 0;
        a->base = a->base_array = 0;
    }
    a->numbers[a->n++] = v;
}

static inline void literal(ps_paint *a, const ps_token *t)
{
    a->literal_before = a->named ? a->literal : 0;
    a->literal = t->key;
    a->literal_word = t->word;
    a->literal_upper = t->len && t->text[0] >= 'A' && t->text[0] <= 'Z';
}

/* One that means something. */
static void known_literal(ps *s, const ps_token *t)
{
    ps_paint *a = &s->paint;
    if (a->frames_n) ps_learn_literal(s, t);
    if (t->word == W_FONTTYPE) a->font = true;
    if (t->word) ps_image_token(a, t, W_NONE);
}

/* Is what stands here executed on this page? */
static bool on_page(const ps *s)
{
    const ps_document *d = &s->doc;
    return !d->resources && d->section != PS_PROLOG && d->section != PS_SETUP;
}

/* Is it executed before the first page, as what prologs and set-ups define is not? */
static bool in_setup(const ps *s)
{
    const ps_document *d = &s->doc;
    return !d->pages && !d->documents && (d->dsc || !on_page(s));
}

/* Before the first page: what it sets is left to that page, which begins with what it paints. Pictures are not looked for there. */
static void set_up(ps *s, ps_source *src, const ps_name *e)
{
    if (e->learnt) {
        ps_effect quiet = e->effect;
        quiet.image = A_NONE;
        quiet.file = quiet.hex = quiet.raw = false;
        apply(s, src, &quiet);
    } else if (e->act >= A_GRAY && e->act <= A_INIT && (e->act < A_IMAGE || e->act > A_MASK)) {
        ps_paint_act(s, src, e->act, SLOT_MAIN);
    }
}

/* Whether braces that define nothing are executed is not known there: a colour set in them is one of two. */
static void perhaps(ps_paint *a, const ps_graphics *was)
{
    for (size_t i = 0; i < SLOTS; i++)
        if (a->now.slot[i].ink != was->slot[i].ink) a->now.slot[i].ink = PLT_INK_UNKNOWN;
}

static void act_on_page(ps *s, ps_source *src, const ps_name *e)
{
    if (e->learnt)
        apply(s, src, &e->effect);
    else if (e->act)
        ps_paint_act(s, src, e->act, SLOT_MAIN);
}

/* A name outside of definitions. */
static void run(ps *s, ps_source *src, const ps_name *e)
{
    ps_paint *a = &s->paint;
    if (!in_setup(s)) {
        if (on_page(s)) act_on_page(s, src, e);
        return;
    }
    ps_graphics was = a->now;
    plt_ink page = a->page;
    if (on_page(s)) {
        act_on_page(s, src, e);
    } else {
        set_up(s, src, e);
        if (a->braces) a->page = page;
    }
    if (a->braces && e->act != A_RESTORE) perhaps(a, &was);
}

static inline void unknown_name(ps_paint *a)
{
    if (a->frames_n) a->frames[a->frames_n - 1].touched = true;
    done(a);
}

/* A name that means something. */
static void known_name(ps *s, ps_source *src, ps_token *t)
{
    ps_paint *a = &s->paint;
    const ps_name *e = t->name;
    bool loads = e->act == A_LOAD || (e->learnt && e->effect.loads);
    if (t->word == W_TRUE || t->word == W_FALSE) {
        a->flag = t->word == W_TRUE;
        if (a->named) ps_image_token(a, t, a->literal_word);
        return;
    }
    if (t->word == W_EXEC && a->before_name == W_CVX && a->image.file) a->hidden = true;
    if (t->word == W_EEXEC) {
        if (on_page(s) && !a->font) a->hidden = true;
        a->font = false;
    }
    if (loads && a->literal_before)
        ps_learn_alias(s, a->literal_before, a->literal);
    else if (a->frames_n)
        ps_learn_name(s, t);
    else
        run(s, src, e);
    done(a);
}

static PLT_APART void known_token(ps *s, ps_source *src, ps_token *t)
{
    ps_paint *a = &s->paint;
    if ((s->objects.in || t->word == W_OBJ) && ps_object_token(s, src, t)) return;
    if (t->kind != PS_NAME && t->kind != PS_NUMBER) ps_space_token(s, src, t);
    switch (t->kind) {
    case PS_NUMBER:
        if (a->literal_word) ps_image_token(a, t, a->named || a->literal_word == W_DECODE ? a->literal_word : W_NONE);
        ps_paint_number(a, t->number);
        break;
    case PS_LITERAL:
        literal(a, t);
        if (t->name) known_literal(s, t);
        break;
    case PS_STRING:
        a->string = true;
        if (!t->blank) a->inked = true;
        break;
    case PS_ARRAY: a->n_array = a->n; break;
    case PS_OPEN: ps_learn_open(s); break;
    case PS_CLOSE: ps_learn_close(s); break;
    case PS_NAME:
        if (t->name)
            known_name(s, src, t);
        else
            unknown_name(a);
        break;
    default: break;
    }
    a->named = t->kind == PS_LITERAL;
    a->before_name = t->kind == PS_NAME ? t->word : W_NONE;
}

/* Most words of a prolog mean nothing here, and go no further than this. */
void ps_paint_token(ps *s, ps_source *src, ps_token *t)
{
    ps_paint *a = &s->paint;
    if (t->kind > PS_LITERAL || t->name || a->arrays || s->objects.in) {
        known_token(s, src, t);
        return;
    }
    if (t->kind == PS_LITERAL)
        literal(a, t);
    else
        unknown_name(a);
    a->named = t->kind == PS_LITERAL;
    a->before_name = W_NONE;
}
