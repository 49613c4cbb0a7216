/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Programs hidden in filters: "currentfile /ASCII85Decode filter cvx exec" and chains of such filters. What they decode to is read as the part
 * of the program that it is. One level is followed; whatever else executes the job's bytes is not.
 */
#include <string.h>

#include "core/pdl/ps.h"

enum { H_NONE, H_SOURCE, H_NAMED, H_EXECUTABLE, H_DICT };

static bool sink(void *ctx, const uint8_t *p, size_t n)
{
    ps *s = ctx;
    ps_source *src = &s->inner;
    s->flow.hide.seen = true;
    for (size_t i = 0; i < n && !s->doc.over;) {
        if (src->data) {
            i += ps_data_feed(s, src, p + i, n - i);
            continue;
        }
        i += ps_scan_feed(s, src, p + i, n - i);
        src->scan.stop = false;
    }
    return !s->doc.over;
}

static void begin(ps *s, ps_source *src)
{
    ps_hide *h = &s->flow.hide;
    ps_image im = h->im;
    memset(h, 0, sizeof *h);
    if (src != &s->top) {
        s->doc.alarm = "a program is hidden in a hidden program";
        return;
    }
    memset(&s->inner.scan, 0, sizeof s->inner.scan);
    s->inner.data = false;
    if (s->objects.in || !ps_data_begin(s, src, &im, sink, s)) {
        s->doc.alarm = "a program hidden in a filter cannot be read";
        return;
    }
    memset(&s->paint.image, 0, sizeof s->paint.image);
    h->on = true;
    h->chain = im.n > 1;
}

void ps_hidden_end(ps *s, bool whole)
{
    static const uint8_t eol = '\n';
    ps_hide *h = &s->flow.hide;
    ps_document *d = &s->doc;
    ps_source *src = &s->inner;
    if (!src->data && !d->over) ps_scan_feed(s, src, &eol, 1);
    bool bad = src->data || ps_scan_inside(&src->scan) || s->braces || !h->seen || h->broken;
    src->data = false;
    h->on = false;
    s->top.data = false;
    if (d->over) return;
    if (bad) d->alarm = "a program hidden in a filter cannot be read to its end";
    d->doubt = whole ? "a program hidden in a filter was read" : "the job ends inside of a program hidden in a filter";
    /* Behind the innermost filter's end the outer ones may still hold bytes, which are an error. */
    if (h->chain) d->maybe = "a program hidden in several filters may end with an error";
    memset(&s->paint.image, 0, sizeof s->paint.image);
}

/* The operand is executed, or used, in a way that is not followed. */
void ps_hidden_lost(ps *s)
{
    ps_hide *h = &s->flow.hide;
    if (h->state == H_EXECUTABLE && !s->doc.dsc) s->doc.alarm = "a program hidden in a filter is not simply executed";
    h->state = H_NONE;
    s->flow.wild = true;
}

static uint8_t next(ps_hide *h, const ps_token *t)
{
    bool name = t->kind == PS_NAME;
    switch (h->state) {
    case H_SOURCE:
        if (t->kind == PS_DICT) return H_DICT;
        if (name && t->word == W_CVX && h->im.n) return H_EXECUTABLE;
        if (t->kind != PS_LITERAL || t->word < W_A85 || t->word > W_FLATE || h->im.n == PS_CHAIN) return H_NONE;
        ps_image_filter(&h->im, t->word);
        return H_NAMED;
    case H_DICT: return t->kind == PS_DICT_END ? H_SOURCE : H_NONE;
    case H_NAMED: return name && t->word == W_FILTERED ? H_SOURCE : H_NONE;
    default: return H_NONE;
    }
}

void ps_hidden_token(ps *s, ps_source *src, const ps_token *t)
{
    ps_hide *h = &s->flow.hide;
    bool file = t->kind == PS_NAME && t->name && t->name->act == A_CURRENTFILE;
    bool runs = t->kind == PS_NAME && (t->word == W_EXEC || t->word == W_CVX || t->word == W_EEXEC || t->word == W_WILD);
    if (h->on && t->kind == PS_NAME && (t->word == W_EEXEC)) s->doc.alarm = "a program hidden in a filter cannot be read";
    if (h->state == H_EXECUTABLE && t->kind == PS_NAME && t->word == W_EXEC) {
        begin(s, src);
        return;
    }
    if (h->state) {
        uint8_t state = next(h, t);
        if (!state) ps_hidden_lost(s);
        h->state = state;
        if (state) return;
    }
    if (file && !s->braces) {
        memset(&h->im, 0, sizeof h->im);
        h->state = H_SOURCE;
    } else if (file || runs) {
        s->flow.wild = true;
    }
}
