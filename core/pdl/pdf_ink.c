/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A page's colour, once all objects are known: what its content streams found, with the names they used looked up in its resources. Forms in
 * forms are gone through with a stack of our own, loops are cut, and results are remembered: how often one thing is drawn is the job's choice,
 * how long this takes is not.
 */
#include <string.h>

#include "core/pdl/pdf_ink.h"

#define STEPS_MAX 4000000u
#define MEMO 512
#define FORMS 16

typedef struct frame {
    const uint8_t *at; /* the stream's facts */
    pdf_facts facts;
    pdf_val resources;
    plt_ink fill, stroke; /* what it was given */
    plt_ink ink;
    uint16_t next;
} frame;

typedef struct memo {
    const uint8_t *at, *resources;
    plt_ink fill, stroke, ink;
} memo;

struct pdf_inker {
    const pdf *f;
    const char *reason;
    uint32_t steps;
    size_t depth;
    frame frames[FORMS];
    memo memos[MEMO];
};

pdf_inker *pdf_inker_make(const pdf *f)
{
    pdf_inker *k = plt_pdl_alloc(f->host, sizeof *k);
    if (k) k->f = f;
    return k;
}

const char *pdf_inker_reason(const pdf_inker *k)
{
    return k->reason;
}

static plt_ink unknown(pdf_inker *k, const char *why)
{
    if (!k->reason) k->reason = why;
    return PLT_INK_UNKNOWN;
}

/* Looking through n bytes of values. Once too much was done nothing more is. */
static bool afford(pdf_inker *k, size_t n)
{
    if (k->steps < STEPS_MAX) k->steps += 1 + (uint32_t)(n / 64);
    return k->steps < STEPS_MAX;
}

static plt_ink too_much(pdf_inker *k)
{
    return unknown(k, "too many things are drawn in one another");
}

/* ---- names ---- */

/* What a reference leads to, streams included. */
static pdf_record record_of(const pdf *f, pdf_val v)
{
    pdf_record r = {PDF_R_VALUE, NULL, v};
    for (int i = 0; i < 8 && r.kind == PDF_R_VALUE && pdf_is(r.value, PDF_V_REF); i++) r = pdf_store_get(f, pdf_ref(r.value));
    return r;
}

static size_t size_of(pdf_val v)
{
    pdf_val inside = pdf_inside(v);
    return (size_t)(inside.end - inside.p);
}

static pdf_val list_of(pdf_inker *k, pdf_val resources, uint32_t kind)
{
    pdf_val all = pdf_follow(k->f, resources), list = pdf_follow(k->f, pdf_get(all, kind)), none = {NULL, NULL};
    return afford(k, size_of(all) + size_of(list)) ? list : none;
}

static pdf_val resource(pdf_inker *k, pdf_val resources, uint32_t kind, uint32_t name)
{
    return pdf_get(list_of(k, resources, kind), name);
}

static pdf_use use_at(const uint8_t *facts, uint32_t i)
{
    pdf_use u;
    memcpy(&u, facts + sizeof(pdf_facts) + i * sizeof u, sizeof u);
    return u;
}

static plt_ink seen(pdf_inker *k, plt_ink ink)
{
    return ink == PLT_INK_UNKNOWN ? unknown(k, "a colour space or function is not one that can be worked out") : ink;
}

/* ---- sources ---- */

static plt_ink space_ink(pdf_inker *k, pdf_val resources, const pdf_use *u)
{
    list_of(k, resources, PDF_N_ColorSpace); /* what it costs */
    pdf_space space = pdf_space_named(k->f, u->name, resources);
    return seen(k, pdf_operands_ink(k->f, &space, u->a, u->b));
}

static plt_ink shading_ink(pdf_inker *k, pdf_val shading, pdf_val resources)
{
    if (!afford(k, 512)) return too_much(k);
    return seen(k, pdf_shading_ink(k->f, pdf_follow(k->f, shading), resources));
}

/* A pattern's, as far as no content stream must be gone through for it: then *tile is set. */
static plt_ink pattern_ink(pdf_inker *k, const frame *fr, const pdf_use *u, pdf_record *tile)
{
    pdf_record r = record_of(k->f, resource(k, fr->resources, PDF_N_Pattern, u->name));
    tile->kind = PDF_R_NONE;
    if (r.kind == PDF_R_CONTENT) {
        *tile = r;
        return PLT_INK_BLANK;
    }
    if (!pdf_is(r.value, PDF_V_DICT)) return unknown(k, "a pattern is not there");
    return shading_ink(k, pdf_get(r.value, PDF_N_Shading), fr->resources);
}

static plt_ink source_ink(pdf_inker *k, const frame *fr, uint16_t source, plt_ink given)
{
    if (source == PDF_SRC_GIVEN) return given;
    if (source == PDF_SRC_BEFORE) return PLT_INK_MONO;
    if (source < PDF_SRC_USE) return (plt_ink)source;
    pdf_use u = use_at(fr->at, source - (uint32_t)PDF_SRC_USE);
    if (u.kind == PDF_USE_SPACE) return space_ink(k, fr->resources, &u);
    pdf_record tile;
    plt_ink ink = pattern_ink(k, fr, &u, &tile);
    return tile.kind == PDF_R_NONE ? ink : unknown(k, "a tile pattern paints a form");
}

/* ---- streams ---- */

static memo *memo_of(pdf_inker *k, const frame *fr)
{
    uintptr_t h = (uintptr_t)fr->at * 31 + (uintptr_t)fr->resources.p * 7 + (uintptr_t)fr->fill * 5 + (uintptr_t)fr->stroke;
    return &k->memos[h % MEMO];
}

static bool same(const memo *m, const frame *fr)
{
    return m->at == fr->at && m->resources == fr->resources.p && m->fill == fr->fill && m->stroke == fr->stroke;
}

/* Adds what this stream needs no name for. */
static void frame_begin(pdf_inker *k, frame *fr, plt_ink before)
{
    uint8_t flags = fr->facts.flags;
    fr->ink = (plt_ink)fr->facts.ink;
    if (fr->ink == PLT_INK_UNKNOWN) unknown(k, "a stream could not be read");
    if (flags & PDF_PAINTS_FILL) fr->ink = plt_ink_add(fr->ink, fr->fill);
    if (flags & PDF_PAINTS_STROKE) fr->ink = plt_ink_add(fr->ink, fr->stroke);
    if (flags & PDF_PAINTS_BEFORE) fr->ink = plt_ink_add(fr->ink, before);
    if (flags & PDF_SHOWS_TEXT && k->f->colored_glyphs) fr->ink = plt_ink_add(fr->ink, unknown(k, "glyphs of a font have colours of their own"));
}

static frame frame_of(const pdf_record *r, pdf_val resources, plt_ink fill, plt_ink stroke)
{
    frame fr = {.at = r->facts, .resources = resources, .fill = fill, .stroke = stroke};
    pdf_val own = pdf_get(r->value, PDF_N_Resources);
    if (own.p) fr.resources = own;
    memcpy(&fr.facts, r->facts, sizeof fr.facts);
    return fr;
}

/* Draws a form or a tile inside the topmost stream: at once when it is known, else as a new topmost one. */
static void draw(pdf_inker *k, const pdf_record *r, plt_ink fill, plt_ink stroke)
{
    frame *top = &k->frames[k->depth - 1];
    frame fr = frame_of(r, top->resources, fill, stroke);
    for (size_t i = 0; i < k->depth; i++)
        if (k->frames[i].at == fr.at) return; /* inside itself: not drawn */
    const memo *m = memo_of(k, &fr);
    if (same(m, &fr)) {
        top->ink = plt_ink_add(top->ink, m->ink);
    } else if (k->depth == FORMS) {
        top->ink = plt_ink_add(top->ink, unknown(k, "forms are drawn in too many others"));
    } else {
        frame_begin(k, &fr, PLT_INK_UNKNOWN);
        k->frames[k->depth++] = fr;
    }
}

static plt_ink image_ink(pdf_inker *k, const frame *fr, const pdf_record *r, const pdf_use *u)
{
    pdf_samples s;
    memcpy(&s, r->facts, sizeof s);
    if (s.mask) return source_ink(k, fr, u->a, fr->fill);
    pdf_space space = pdf_space_of(k->f, pdf_get(r->value, PDF_N_ColorSpace), fr->resources);
    plt_ink ink = pdf_samples_ink(k->f, &space, &s, pdf_follow(k->f, pdf_get(r->value, PDF_N_Decode)));
    return ink == PLT_INK_UNKNOWN ? unknown(k, "a picture could not be decoded") : ink;
}

static void xobject(pdf_inker *k, const pdf_use *u)
{
    frame *fr = &k->frames[k->depth - 1];
    pdf_record r = record_of(k->f, resource(k, fr->resources, PDF_N_XObject, u->name));
    if (r.kind == PDF_R_CONTENT) {
        /* Form and stroke may each be unknown without the form using them. */
        const char *reason = k->reason;
        plt_ink fill = source_ink(k, fr, u->a, fr->fill), stroke = source_ink(k, fr, u->b, fr->stroke);
        pdf_facts facts;
        memcpy(&facts, r.facts, sizeof facts);
        if (!(facts.flags & (PDF_PAINTS_FILL | PDF_PAINTS_STROKE)) && !facts.uses_n) k->reason = reason;
        draw(k, &r, fill, stroke);
    } else if (r.kind == PDF_R_IMAGE) {
        fr->ink = plt_ink_add(fr->ink, image_ink(k, fr, &r, u));
    } else {
        fr->ink = plt_ink_add(fr->ink, unknown(k, "something that is drawn is not there"));
    }
}

static void pattern(pdf_inker *k, const pdf_use *u)
{
    frame *fr = &k->frames[k->depth - 1];
    pdf_record tile;
    plt_ink ink = pattern_ink(k, fr, u, &tile);
    if (tile.kind == PDF_R_NONE) {
        fr->ink = plt_ink_add(fr->ink, ink);
        return;
    }
    plt_ink below = PLT_INK_MONO;
    if (pdf_int(pdf_follow(k->f, pdf_get(tile.value, PDF_N_PaintType)), 1) == 2) below = source_ink(k, fr, u->a, PLT_INK_UNKNOWN);
    draw(k, &tile, below, below);
}

static void one_use(pdf_inker *k, const pdf_use *u)
{
    frame *fr = &k->frames[k->depth - 1];
    switch (u->kind) {
    case PDF_USE_SPACE: fr->ink = plt_ink_add(fr->ink, space_ink(k, fr->resources, u)); break;
    case PDF_USE_SHADING: fr->ink = plt_ink_add(fr->ink, shading_ink(k, resource(k, fr->resources, PDF_N_Shading, u->name), fr->resources)); break;
    case PDF_USE_PATTERN: pattern(k, u); break;
    default: xobject(k, u); break;
    }
}

/* The topmost stream is done: what it painted is on the one below. */
static void frame_end(pdf_inker *k)
{
    frame *fr = &k->frames[--k->depth];
    memo *m = memo_of(k, fr);
    *m = (memo){fr->at, fr->resources.p, fr->fill, fr->stroke, fr->ink};
    if (k->depth) k->frames[k->depth - 1].ink = plt_ink_add(k->frames[k->depth - 1].ink, fr->ink);
}

static plt_ink run(pdf_inker *k)
{
    for (;;) {
        frame *fr = &k->frames[k->depth - 1];
        if (fr->ink != PLT_INK_COLOR && fr->next < fr->facts.uses_n) {
            pdf_use u = use_at(fr->at, fr->next++);
            if (!afford(k, 0))
                fr->ink = too_much(k);
            else if (u.painted)
                one_use(k, &u);
        } else if (k->depth > 1) {
            frame_end(k);
        } else {
            k->depth = 0;
            return fr->ink;
        }
    }
}

/* ---- pages ---- */

/* The graphics state goes on from one stream of a page to the next. */
typedef struct page_state {
    plt_ink fill, stroke, before;
} page_state;

static plt_ink content(pdf_inker *k, pdf_val stream, pdf_val resources, page_state *state)
{
    pdf_record r = record_of(k->f, stream);
    if (r.kind != PDF_R_CONTENT) return unknown(k, "a page's content is not there or could not be read");
    frame fr = frame_of(&r, resources, state->fill, state->stroke);
    frame_begin(k, &fr, state->before);
    k->frames[0] = fr;
    k->depth = 1;
    plt_ink ink = run(k);
    const char *reason = k->reason; /* what the last colour is may not matter */
    state->fill = fr.facts.fill == PDF_SRC_BEFORE ? state->before : source_ink(k, &fr, fr.facts.fill, state->fill);
    state->stroke = fr.facts.stroke == PDF_SRC_BEFORE ? state->before : source_ink(k, &fr, fr.facts.stroke, state->stroke);
    k->reason = reason;
    if (fr.facts.flags & PDF_LEAVES_SAVED) state->before = PLT_INK_UNKNOWN;
    return ink;
}

static plt_ink contents(pdf_inker *k, pdf_val page, pdf_val resources)
{
    page_state state = {PLT_INK_MONO, PLT_INK_MONO, PLT_INK_MONO};
    pdf_val all = pdf_get(page, PDF_N_Contents), list = pdf_follow(k->f, all), one;
    plt_ink ink = PLT_INK_BLANK;
    uint32_t key;
    if (!all.p) return ink;
    if (!pdf_is(list, PDF_V_ARRAY)) return content(k, all, resources, &state);
    pdf_val rest = pdf_inside(list);
    while (pdf_next(&rest, false, &key, &one) && ink != PLT_INK_COLOR)
        ink = plt_ink_add(ink, afford(k, 0) ? content(k, one, resources, &state) : too_much(k));
    return ink;
}

/* ISO 32000-1 table 165: annotations are printed when their flags say so, by their normal appearance. */
static plt_ink annotation(pdf_inker *k, pdf_val note)
{
    const pdf *f = k->f;
    int64_t flags = pdf_int(pdf_follow(f, pdf_get(note, PDF_N_F)), 0);
    page_state state = {PLT_INK_MONO, PLT_INK_MONO, PLT_INK_MONO};
    pdf_val looks = pdf_get(pdf_follow(f, pdf_get(note, PDF_N_AP)), PDF_N_N);
    bool printed = (flags & 4) && !(flags & 2);
    if (!printed || !looks.p) return PLT_INK_BLANK;
    pdf_record r = record_of(f, looks);
    if (r.kind == PDF_R_VALUE && pdf_is(r.value, PDF_V_DICT)) { /* one for each state */
        looks = pdf_get(r.value, pdf_name_of(pdf_get(note, PDF_N_AS)));
        if (!looks.p) return PLT_INK_BLANK;
    }
    return content(k, looks, (pdf_val){NULL, NULL}, &state);
}

static plt_ink annotations(pdf_inker *k, pdf_val page)
{
    pdf_val rest = pdf_inside(pdf_follow(k->f, pdf_get(page, PDF_N_Annots))), one;
    plt_ink ink = PLT_INK_BLANK;
    uint32_t key;
    while (pdf_next(&rest, false, &key, &one) && ink != PLT_INK_COLOR) {
        pdf_val note = pdf_follow(k->f, one);
        if (!pdf_is(note, PDF_V_DICT)) continue;
        ink = plt_ink_add(ink, afford(k, size_of(note)) ? annotation(k, note) : too_much(k));
    }
    return ink;
}

plt_ink pdf_page_ink(pdf_inker *k, pdf_val page, pdf_val resources)
{
    if (!afford(k, 0)) return too_much(k);
    plt_ink ink = contents(k, page, resources);
    return ink == PLT_INK_COLOR ? ink : plt_ink_add(ink, annotations(k, page));
}
