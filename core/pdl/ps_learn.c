/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Learns from "/name {...}" what a procedure does to its caller: which colours it sets, from constants or from its operands, and what it paints
 * in the caller's, its operands' or its own colours. Each word behind a definition counts ("bind def", "B", "put"): definitions look alike.
 * Bodies are read, not executed: loops and conditions count as if all of them were taken.
 */
#include <string.h>

#include "core/pdl/ps.h"

/* ---- the colour in force inside a body ---- */

static void body_paint(ps_frame *f, uint8_t by)
{
    ps_effect *e = &f->e;
    const struct ps_body_color *c = &f->now;
    if (c->set == A_NONE) {
        e->by |= by;
    } else if (c->fixed || c->varies || c->set == A_SPACE || c->set == A_TABLE) {
        plt_ink ink = c->fixed ? (plt_ink)c->ink : c->set == A_GRAY || c->set == A_SPACE ? PLT_INK_MONO : PLT_INK_UNKNOWN;
        e->own_ink = (uint8_t)(e->own ? plt_ink_add((plt_ink)e->own_ink, ink) : ink);
        e->own = true;
    } else {
        e->by_operand |= by;
        e->operand_act = c->set;
    }
}

static void body_color(ps_paint *a, ps_frame *f, uint8_t act)
{
    static const uint8_t wanted[] = {[A_GRAY] = 1, [A_RGB] = 3, [A_HSB] = 3, [A_CMYK] = 4, [A_COLOR] = 1};
    bool fixed = a->n - a->base >= wanted[act] && !f->reckoned;
    struct ps_body_color c = {.set = act, .fixed = fixed, .space = f->now.space};
    if (fixed) c.ink = (uint8_t)ps_operands_ink(a, act, &f->now.space, false);
    c.varies = !fixed && f->touched;
    c.scaled = f->reckoned;
    f->now = c;
    f->touched = f->reckoned = false;
}

static void body_space(ps_paint *a, ps_frame *f)
{
    bool fixed = a->operand.word != W_NONE;
    f->now = (struct ps_body_color){.set = A_SPACE, .fixed = fixed, .ink = PLT_INK_MONO, .varies = f->touched && !fixed, .space = a->operand};
    a->operand = (ps_space){0};
}

static void body_restore(ps_frame *f)
{
    if (f->saves > 0) {
        f->saves--;
        f->now = f->saves < PS_BODY_SAVES ? f->saved[f->saves] : (struct ps_body_color){0};
        return;
    }
    if (f->e.saves > -8) f->e.saves--;
    f->now = (struct ps_body_color){0};
}

static void body_save(ps_frame *f)
{
    if (f->saves < PS_BODY_SAVES) f->saved[f->saves] = f->now;
    f->saves++;
}

static void body_act(ps_paint *a, ps_frame *f, uint8_t act)
{
    ps_effect *e = &f->e;
    switch (act) {
    case A_GRAY:
    case A_RGB:
    case A_HSB:
    case A_CMYK:
    case A_COLOR: body_color(a, f, act); break;
    case A_SPACE: body_space(a, f); break;
    case A_PATTERN: f->now = (struct ps_body_color){.set = A_COLOR, .fixed = true, .ink = PLT_INK_UNKNOWN}; break;
    case A_INIT: f->now = (struct ps_body_color){.set = A_GRAY, .fixed = true, .ink = PLT_INK_MONO}; break;
    case A_FILL: body_paint(f, BY_FILL); break;
    case A_STROKE: body_paint(f, BY_STROKE); break;
    case A_TEXT: body_paint(f, BY_TEXT); break;
    case A_SHADE:
        e->own = true;
        e->own_ink = (uint8_t)plt_ink_add((plt_ink)e->own_ink, PLT_INK_UNKNOWN);
        break;
    case A_MASK:
        body_paint(f, BY_FILL);
        e->image = act;
        break;
    case A_IMAGE:
    case A_COLORIMAGE: e->image = act; break;
    case A_SAVE: body_save(f); break;
    case A_RESTORE: body_restore(f); break;
    case A_STACK: f->reckoned = true; break;
    case A_FLOW:
        e->flow = true;
        f->reckoned = true;
        break;
    case A_STORE: e->stores = true; break;
    case A_LOAD: e->loads = true; break;
    case A_CURRENTFILE: e->file = true; break;
    case A_READHEX: e->hex = true; break;
    case A_READSTRING: e->raw = true; break;
    default: break;
    }
}

/* ---- a known procedure inside a body ---- */

static void body_set(ps_paint *a, ps_frame *f, const ps_effect *in)
{
    if (in->set == A_SPACE && !in->fixed) {
        body_space(a, f);
        return;
    }
    if (in->varies && in->stores) return; /* brings back a colour of the caller's */
    if (in->set == A_TABLE) {
        const double index = a->n > a->base ? a->numbers[a->n - 1] : -1;
        bool chosen = index >= 0 && index < in->table_n;
        if (chosen) a->n--;
        if (chosen)
            body_color(a, f, in->table[(size_t)index]);
        else
            f->now = (struct ps_body_color){.set = A_RGB, .varies = true};
        return;
    }
    if (in->fixed || in->varies) {
        f->now = (struct ps_body_color){.set = in->set, .fixed = in->fixed, .varies = in->varies, .ink = in->ink, .space = in->space};
        return;
    }
    body_color(a, f, in->set);
    f->now.scaled |= in->scaled;
}

static void body_apply(ps_paint *a, ps_frame *f, const ps_effect *in)
{
    ps_effect *e = &f->e;
    if (in->by_operand) {
        struct ps_body_color before = f->now;
        body_color(a, f, in->operand_act);
        body_paint(f, in->by_operand);
        f->now = before;
    }
    if (in->own) {
        e->own_ink = (uint8_t)(e->own ? plt_ink_add((plt_ink)e->own_ink, (plt_ink)in->own_ink) : in->own_ink);
        e->own = true;
    }
    if (in->by) body_paint(f, in->by);
    for (int i = 0; i < in->saves; i++) body_save(f);
    for (int i = 0; i > in->saves; i--) body_restore(f);
    if (in->set) body_set(a, f, in);
    if (in->image) e->image = in->image;
    e->file |= in->file;
    e->hex |= in->hex;
    e->raw |= in->raw;
    e->loads |= in->loads;
    e->flow |= in->flow;
    if (in->stores && !in->set) e->stores = true;
}

/* "[/setgray /setrgbcolor] exch get cvx exec", "systemdict /setrgbcolor get exec" */
void ps_learn_literal(ps *s, const ps_token *t)
{
    ps_paint *a = &s->paint;
    ps_frame *f = &a->frames[a->frames_n - 1];
    uint8_t act = t->name ? t->name->act : A_NONE;
    if (act < A_GRAY || act > A_COLOR) return;
    if (!a->arrays)
        f->quoted = act;
    else if (f->e.table_n < PS_TABLE)
        f->e.table[f->e.table_n++] = act;
}

void ps_learn_name(ps *s, ps_token *t)
{
    ps_paint *a = &s->paint;
    ps_frame *f = &a->frames[a->frames_n - 1];
    const ps_name *e = t->name;
    if (t->word == W_EXEC && f->e.table_n)
        f->now = (struct ps_body_color){.set = A_TABLE};
    else if (t->word == W_EXEC && f->quoted)
        f->now = (struct ps_body_color){.set = f->quoted, .varies = true};
    if (e && e->learnt)
        body_apply(a, f, &e->effect);
    else if (e && e->act)
        body_act(a, f, e->act);
    else
        f->touched = true;
}

/* ---- definitions ---- */

static void merge(ps_effect *old, const ps_effect *now, bool nested)
{
    bool differs = old->set != now->set || old->fixed != now->fixed || (now->fixed && old->ink != now->ink);
    ps_effect e = *now;
    e.by |= old->by;
    e.by_operand |= old->by_operand;
    if (!e.operand_act) e.operand_act = old->operand_act;
    if (old->own) {
        e.own_ink = (uint8_t)(e.own ? plt_ink_add((plt_ink)e.own_ink, (plt_ink)old->own_ink) : old->own_ink);
        e.own = true;
    }
    if (!e.image) e.image = old->image;
    e.loads |= old->loads;
    /* One of two definitions, by a condition: which is not known. */
    if (nested && differs && old->set != A_NONE) {
        if (e.set == A_NONE) e.set = old->set;
        e.fixed = false;
        e.varies = true;
        e.stores = false;
    }
    *old = e;
}

static void learn(ps *s, uint64_t key, const ps_effect *effect, bool nested)
{
    ps_name *e = ps_name_add(s, key);
    /* An operator is replaced inside of braces only where the printer has none. */
    if (!e || (nested && e->act)) return;
    if (e->learnt)
        merge(&e->effect, effect, nested);
    else
        e->effect = *effect;
    e->learnt = true;
}

static void finish(ps *s, ps_frame *f)
{
    ps_effect *e = &f->e;
    const struct ps_body_color *c = &f->now;
    if (f->saves > 0) e->saves = (int8_t)(e->saves + (f->saves < 8 ? f->saves : 8));
    e->set = c->set;
    e->fixed = c->fixed;
    e->varies = c->varies;
    e->scaled |= c->scaled;
    e->ink = c->ink;
    e->space = c->space;
    /* A colour that is kept for later is one of two: of fills or, by the custom of PDF's names, of strokes. */
    if (e->set && e->stores && !e->fixed) e->slot = f->slot;
    learn(s, f->key, e, f->depth > 0);
}

void ps_learn_open(ps *s)
{
    ps_paint *a = &s->paint;
    uint32_t depth = a->braces++;
    if (!depth) { /* what it does inside does not use up the operands outside */
        a->base = a->n;
        a->base_array = a->n_array;
    }
    if (!a->named) return;
    if (a->frames_n == PS_FRAMES) {
        a->lost = true;
        return;
    }
    ps_frame *f = &a->frames[a->frames_n++];
    memset(f, 0, sizeof *f);
    f->key = a->literal;
    f->depth = depth;
    f->slot = a->literal_upper ? SLOT_STROKE : SLOT_FILL;
    f->image = a->image;
    f->operand = a->operand;
    a->operand = (ps_space){0};
}

void ps_learn_close(ps *s)
{
    ps_paint *a = &s->paint;
    if (a->braces && !--a->braces) {
        a->n = a->base;
        a->n_array = a->base_array;
        a->base = a->base_array = 0;
    }
    if (!a->frames_n || a->frames[a->frames_n - 1].depth != a->braces) return;
    ps_frame *f = &a->frames[--a->frames_n];
    a->image = f->image;
    a->operand = f->operand;
    finish(s, f);
}

void ps_learn_alias(ps *s, uint64_t alias, uint64_t of)
{
    ps_paint *a = &s->paint;
    ps_name *from = ps_name_find(s, of);
    ps_effect e = {0};
    if (!from) return;
    if (from->learnt) {
        e = from->effect;
    } else if (from->act) {
        ps_frame f = {0};
        a->n = a->base;
        body_act(a, &f, from->act);
        e = f.e;
        e.set = f.now.set;
        e.fixed = f.now.fixed;
        e.saves = (int8_t)(e.saves + f.saves);
    }
    learn(s, alias, &e, a->braces > 0);
}
