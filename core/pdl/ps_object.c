/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Jobs that carry PDF objects ("5 0 obj ... stream ... endobj") for an interpreter of their own, as Ghostscript's ps2write makes them. Streams
 * that pages, forms and patterns are made of are read as page descriptions; what a picture, a form, a pattern or a colour space comes to
 * is kept by its number, which their names repeat ("/R7" is object 7). Everything else is passed over.
 */
#include <string.h>

#include "core/pdl/ps.h"

#define OBJECTS_FIRST 256
#define OBJECTS_MAX 65536

/* ---- kept objects ---- */

static size_t place(const ps_objects *o, uint32_t number)
{
    size_t i = (number * 2654435761u) & (o->cap - 1);
    while (o->table[i].number && o->table[i].number != number) i = (i + 1) & (o->cap - 1);
    return i;
}

static const ps_object *find(const ps_objects *o, uint32_t number)
{
    if (!o->cap || !number) return NULL;
    const ps_object *e = &o->table[place(o, number)];
    return e->number ? e : NULL;
}

static void keep(ps *s, const ps_object *e)
{
    ps_objects *o = &s->objects;
    if (o->n * 2 >= o->cap) {
        size_t cap = o->cap ? o->cap * 2 : OBJECTS_FIRST, n = o->cap;
        ps_object *old = o->table, *table = cap <= OBJECTS_MAX ? plt_pdl_alloc(s->host, cap * sizeof *table) : NULL;
        if (!table) return; /* what is not found is unknown */
        o->table = table;
        o->cap = cap;
        for (size_t i = 0; i < n; i++)
            if (old[i].number) o->table[place(o, old[i].number)] = old[i];
        plt_pdl_release(s->host, old);
    }
    ps_object *at = &o->table[place(o, e->number)];
    if (!at->number) o->n++;
    *at = *e;
}

/* "R7": 7. */
static uint32_t number_in(const ps_token *t)
{
    uint32_t v = 0;
    if (t->len < 2 || t->len > 9 || t->text[0] != 'R') return 0;
    for (size_t i = 1; i < t->len; i++) {
        if (t->text[i] < '0' || t->text[i] > '9') return 0;
        v = v * 10 + (uint32_t)(t->text[i] - '0');
    }
    return v;
}

void ps_objects_page(ps *s)
{
    s->objects.page_content = false;
    s->objects.contents_n = 0;
}

/* ---- dictionaries ---- */

static void object_begin(ps *s, double number)
{
    ps_objects *o = &s->objects;
    ps_paint *a = &s->paint;
    o->in = o->seen = true;
    o->content = o->has_length = o->streamed = o->inline_image = false;
    o->number = number > 0 && number < 1e9 ? (uint32_t)number : 0;
    o->key = o->subtype = o->type = W_NONE;
    o->pattern_type = o->paint_type = 0;
    memset(&a->image, 0, sizeof a->image);
    a->operand = (ps_space){0};
    a->arrays = 0;
    a->n = 0;
}

static void media_box(ps *s)
{
    const ps_paint *a = &s->paint;
    if (a->n < 4) return;
    const double *v = a->numbers + a->n - 4;
    ps_paper_is(s, v[2] - v[0], v[3] - v[1]);
}

static void reference(ps *s)
{
    ps_objects *o = &s->objects;
    ps_paint *a = &s->paint;
    if (a->n < 2) return;
    double v = a->numbers[a->n - 2];
    uint32_t number = v > 0 && v < 1e9 ? (uint32_t)v : 0;
    a->n -= 2;
    if (o->key == W_CONTENTS) {
        if (o->contents_n < sizeof o->contents / sizeof o->contents[0])
            o->contents[o->contents_n++] = number;
        else
            a->lost = true;
    } else if (o->key == W_COLORSPACE) {
        const ps_object *e = find(o, number);
        if (e && e->is_space) a->operand = e->space;
    } else if (o->key == W_LENGTH) {
        o->has_length = false;
    }
}

static void value(ps *s, ps_token *t)
{
    ps_objects *o = &s->objects;
    ps_paint *a = &s->paint;
    if (t->kind == PS_NUMBER) {
        if (o->key == W_LENGTH) {
            o->has_length = true;
            o->length = t->number > 0 && t->number < 1e12 ? (uint64_t)t->number : 0;
        }
        if (o->key == W_PATTERNTYPE) o->pattern_type = t->number == 1 ? 1 : 2;
        if (o->key == W_PAINTTYPE) o->paint_type = t->number == 1 ? 1 : 2;
        ps_image_token(a, t, o->key);
    } else {
        ps_image_token(a, t, o->key);
    }
}

static void object_literal(ps *s, ps_token *t)
{
    ps_objects *o = &s->objects;
    bool in_value = o->key == W_SUBTYPE || o->key == W_TYPE || o->key == W_COLORSPACE || o->key == W_FILTER;
    if (o->key == W_SUBTYPE) o->subtype = t->word;
    if (o->key == W_TYPE) o->type = t->word;
    bool filters = t->word >= W_A85 && t->word <= W_SUBFILE, space = t->word >= W_DEVICEGRAY && t->word <= W_PATTERN;
    if (filters) value(s, t);
    if (filters || (space && o->key == W_COLORSPACE) || s->paint.arrays) return;
    if (in_value && (o->key == W_SUBTYPE || o->key == W_TYPE)) {
        o->key = W_NONE;
        return;
    }
    /* A name behind /ColorSpace: of an object. */
    if (o->key == W_COLORSPACE && number_in(t)) {
        const ps_object *e = find(o, number_in(t));
        if (e && e->is_space) s->paint.operand = e->space;
    }
    o->key = t->word;
    o->media_box = t->word == W_MEDIABOX && o->type == W_PAGE;
    s->paint.n = 0;
    s->paint.literal_word = t->word;
}

/* ---- streams ---- */

static bool content_sink(void *ctx, const uint8_t *p, size_t n)
{
    ps *s = ctx;
    ps_source *src = &s->inner;
    for (size_t i = 0; i < n;) {
        if (src->data) {
            i += ps_data_feed(s, src, p + i, n - i);
            continue;
        }
        i += ps_scan_feed(s, src, p + i, n - i);
        src->scan.stop = false;
    }
    return true;
}

static bool is_contents(const ps_objects *o)
{
    for (size_t i = 0; i < o->contents_n; i++)
        if (o->contents[i] == o->number) return true;
    return false;
}

/* A form or pattern is looked at by itself, and the page put aside for it. */
static void aside(ps *s)
{
    ps_objects *o = &s->objects;
    ps_paint *a = &s->paint;
    o->page = a->page;
    o->gs = a->now;
    o->saves = a->saves;
    a->page = PLT_INK_BLANK;
    a->saves = 0;
    for (size_t i = 0; i < SLOTS; i++) a->now.slot[i] = (ps_color){.ink = PLT_INK_BLANK, .space = ps_space_of(W_DEVICEGRAY)};
}

static void back(ps *s)
{
    ps_objects *o = &s->objects;
    ps_paint *a = &s->paint;
    a->page = o->page;
    a->now = o->gs;
    a->saves = o->saves;
}

static void content_begin(ps *s)
{
    ps_objects *o = &s->objects;
    ps_paint *a = &s->paint;
    o->content = true;
    o->key = W_NONE;
    a->n = 0;
    a->text_mode = 0;
    if (is_contents(o))
        o->page_content = true;
    else
        aside(s);
    memset(&s->inner.scan, 0, sizeof s->inner.scan);
    s->inner.data = false;
}

static void stream_begin(ps *s, ps_source *src)
{
    ps_objects *o = &s->objects;
    ps_paint *a = &s->paint;
    ps_image im = a->image;
    bool content = is_contents(o) || o->subtype == W_FORM || o->pattern_type == 1;
    o->streamed = true;
    if (content) {
        content_begin(s);
        memset(&a->image, 0, sizeof a->image);
        if (!im.n && !im.last && !im.odd) {
            o->streamed = false; /* it stands here as it is, up to endstream */
            return;
        }
        if (im.last || im.odd || !ps_data_begin(s, src, &im, content_sink, s)) {
            ps_paint_mark(s, PLT_INK_UNKNOWN);
            o->streamed = false;
        }
        return;
    }
    bool picture = o->subtype == W_IMAGE && !im.mask;
    bool look = picture && ps_pixels_begin(s, &im, &a->operand);
    if (!ps_data_begin(s, src, &im, look ? ps_image_sink : NULL, s)) {
        if (look) a->pixels.ink = PLT_INK_UNKNOWN;
        a->pixels.jpeg = false;
        o->streamed = false;
    }
}

static void object_done(ps *s)
{
    ps_objects *o = &s->objects;
    ps_paint *a = &s->paint;
    ps_object e = {.number = o->number};
    if (o->content) {
        o->content = false;
        if (is_contents(o)) return;
        e.ink = (uint8_t)a->page;
        e.by = o->paint_type == 2 || o->subtype == W_FORM ? BY_FILL : 0;
        e.is_mark = true;
        e.uncolored = o->paint_type == 2;
        back(s);
    } else if (o->subtype == W_IMAGE) {
        e.is_mark = true;
        if (a->image.mask) e.by = BY_FILL;
        e.ink = (uint8_t)(a->image.mask ? PLT_INK_BLANK : ps_pixels_end(s));
    } else if (a->operand.word && o->type == W_NONE && !o->has_length) {
        e.is_space = true;
        e.space = a->operand;
    }
    if (e.number && (e.is_mark || e.is_space)) keep(s, &e);
}

void ps_object_data_end(ps *s)
{
    ps_source *src = &s->inner;
    static const uint8_t eol = '\n';
    s->objects.streamed = false;
    if (!s->objects.content) return;
    if (src->data)
        ps_paint_mark(s, PLT_INK_UNKNOWN);
    else
        content_sink(s, &eol, 1);
    src->data = false;
}

/* ---- page descriptions ---- */

static void do_object(ps *s, uint32_t number)
{
    const ps_object *e = find(&s->objects, number);
    if (!e || !e->is_mark) {
        ps_paint_mark(s, PLT_INK_UNKNOWN);
        return;
    }
    if (e->by && e->ink == PLT_INK_BLANK) ps_paint_by(s, e->by);
    ps_paint_mark(s, (plt_ink)e->ink);
}

static void space_operand(ps *s, const ps_token *t)
{
    const ps_object *e = find(&s->objects, number_in(t));
    if (e && e->is_space)
        s->paint.operand = e->space;
    else if (!(t->word >= W_DEVICEGRAY && t->word <= W_PATTERN))
        s->paint.operand = (ps_space){0};
}

/* A pattern's name behind a colour's operands. */
static bool pattern_color(ps *s, uint8_t slot, uint32_t named)
{
    ps_paint *a = &s->paint;
    ps_color *c = &a->now.slot[slot];
    const ps_object *e = find(&s->objects, named);
    if (!named || (c->space.word != W_PATTERN && !(e && e->is_mark))) return false;
    c->set = true;
    c->ink = e && e->is_mark && !e->uncolored ? (plt_ink)e->ink : PLT_INK_UNKNOWN;
    if (e && e->uncolored) c->ink = ps_operands_ink(a, A_COLOR, &c->space, false);
    return true;
}

static void inline_image(ps *s, ps_source *src)
{
    ps_paint *a = &s->paint;
    ps_image im = a->image;
    s->objects.inline_image = false;
    if (im.mask) {
        ps_paint_by(s, BY_FILL);
        a->operand = ps_space_of(W_DEVICEGRAY);
    }
    bool look = ps_pixels_begin(s, &im, &a->operand);
    if (im.mask) a->pixels.ink = PLT_INK_BLANK;
    bool streamed = s->objects.streamed;
    if (ps_data_begin(s, src, &im, look ? ps_image_sink : NULL, s)) return;
    s->objects.streamed = streamed;
    /* Not packed: its bytes are read on as operators. */
    ps_paint_mark(s, look ? PLT_INK_UNKNOWN : a->pixels.ink);
    memset(&a->image, 0, sizeof a->image);
}

static void page_operator(ps *s, ps_source *src, const ps_token *t)
{
    ps_objects *o = &s->objects;
    ps_paint *a = &s->paint;
    const ps_name *e = t->name;
    uint8_t op = e ? e->op : A_NONE;
    uint32_t named = a->object_named;
    switch (op) {
    case A_DO: do_object(s, named); break;
    case A_INLINE:
        o->inline_image = true;
        memset(&a->image, 0, sizeof a->image);
        a->operand = (ps_space){0};
        break;
    case A_DATA:
        if (o->inline_image) inline_image(s, src);
        break;
    case A_TEXTMODE: a->text_mode = a->n ? (uint8_t)(a->numbers[a->n - 1] < 8 && a->numbers[a->n - 1] > 0 ? a->numbers[a->n - 1] : 0) : 0; break;
    case A_COLOR:
        if (!pattern_color(s, e->slot, named)) ps_paint_act(s, src, op, e->slot);
        break;
    default:
        if (op) ps_paint_act(s, src, op, e->slot);
        break;
    }
    a->n = a->n_array = 0;
    a->string = a->inked = false;
    a->object_named = 0;
    a->literal_word = W_NONE;
}

static void page_token(ps *s, ps_source *src, ps_token *t)
{
    ps_objects *o = &s->objects;
    ps_paint *a = &s->paint;
    switch (t->kind) {
    case PS_NUMBER:
        if (o->inline_image) ps_image_token(a, t, a->literal_word);
        ps_paint_number(a, t->number);
        break;
    case PS_LITERAL:
        a->object_named = number_in(t);
        if (o->inline_image) ps_image_token(a, t, W_NONE);
        if (!o->inline_image || a->literal_word == W_COLORSPACE) space_operand(s, t);
        a->literal_word = t->word;
        break;
    case PS_STRING:
        a->string = true;
        if (!t->blank) a->inked = true;
        break;
    case PS_ARRAY: a->n_array = a->n; break;
    case PS_NAME:
        if (t->word == W_TRUE || t->word == W_FALSE)
            ps_image_token(a, t, a->literal_word);
        else
            page_operator(s, src, t);
        break;
    default: break;
    }
}

static void object_name(ps *s, ps_source *src, ps_token *t)
{
    ps_objects *o = &s->objects;
    switch (t->word) {
    case W_R: reference(s); break;
    case W_STREAM: stream_begin(s, src); break;
    case W_ENDSTREAM: break;
    case W_ENDOBJ:
        object_done(s);
        o->in = false;
        break;
    case W_TRUE:
    case W_FALSE: value(s, t); break;
    default: break;
    }
}

bool ps_object_token(ps *s, ps_source *src, ps_token *t)
{
    ps_objects *o = &s->objects;
    ps_paint *a = &s->paint;
    if (!o->in) {
        bool begins = t->word == W_OBJ && t->kind == PS_NAME && a->n >= 2 && !a->braces && src == &s->top && a->numbers[a->n - 1] == 0;
        if (begins) object_begin(s, a->numbers[a->n - 2]);
        return begins;
    }
    if (o->content && !(t->kind == PS_NAME && src == &s->top && (t->word == W_ENDSTREAM || t->word == W_ENDOBJ))) {
        ps_space_token(s, src, t);
        page_token(s, src, t);
        return true;
    }
    ps_space_token(s, src, t);
    switch (t->kind) {
    case PS_NUMBER:
        value(s, t);
        ps_paint_number(a, t->number);
        break;
    case PS_LITERAL: object_literal(s, t); break;
    case PS_ARRAY: a->n_array = a->n; break;
    case PS_ARRAY_END:
        if (o->media_box) media_box(s);
        break;
    case PS_NAME: object_name(s, src, t); break;
    default: break;
    }
    return true;
}
