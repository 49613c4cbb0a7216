/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Object streams (ISO 32000-1 section 7.5.7): pairs of object numbers and offsets, then the objects. Objects are cut by the offsets, so that
 * a malformed one does not reach into the next. What it may unpack to is bounded.
 */
#include <stdlib.h>
#include <string.h>

#include "core/pdl/pdf.h"

#define OBJECTS_MAX 65536u
#define BYTES_MAX (64u << 20)

typedef struct pair {
    uint32_t num, at;
} pair;

struct pdf_inner {
    pdf *f;
    pdf_lex lex;
    pdf_build build;
    pair *pairs;
    uint32_t pairs_cap;
    uint32_t n;    /* that should come */
    uint32_t read; /* numbers of pairs read: two for each */
    uint32_t next; /* the object to begin */
    uint64_t first, at;
    bool sorted, open, bad;
};

pdf_inner *pdf_inner_make(pdf *f)
{
    pdf_inner *in = plt_pdl_alloc(f->host, sizeof *in);
    if (!in) return NULL;
    in->f = f;
    in->build = (pdf_build){.host = f->host, .names = &f->names, .most = PDF_OBJECT_MAX};
    return in;
}

void pdf_inner_begin(pdf_inner *in, pdf_val dict)
{
    int64_t n = pdf_int(pdf_follow(in->f, pdf_get(dict, PDF_N_N)), -1), first = pdf_int(pdf_follow(in->f, pdf_get(dict, PDF_N_First)), -1);
    in->bad = n < 0 || n > OBJECTS_MAX || first < 0 || first > BYTES_MAX;
    in->n = in->bad ? 0 : (uint32_t)n;
    in->first = in->bad ? 0 : (uint64_t)first;
    in->read = in->next = 0;
    in->at = 0;
    in->sorted = in->open = false;
    pdf_lex_begin(&in->lex, true);
}

static void pair_number(pdf_inner *in)
{
    if (in->lex.kind != PDF_NUMBER || !in->lex.integer || in->lex.number < 0 || in->lex.number > BYTES_MAX) {
        in->bad = true;
        return;
    }
    uint32_t i = in->read / 2;
    if (i == in->pairs_cap) {
        uint32_t cap = i + i / 2 + 64;
        pair *p = plt_pdl_resize(in->f->host, in->pairs, cap * sizeof *p);
        if (!p) {
            in->bad = true;
            return;
        }
        in->pairs = p;
        in->pairs_cap = cap;
    }
    uint32_t v = (uint32_t)in->lex.number;
    if (in->read++ % 2)
        in->pairs[i].at = v;
    else
        in->pairs[i].num = v;
}

static int by_place(const void *a, const void *b)
{
    const pair *x = a, *y = b;
    if (x->at != y->at) return x->at < y->at ? -1 : 1;
    return x->num < y->num ? -1 : x->num > y->num;
}

static void pairs_token(pdf_inner *in)
{
    if (in->read < 2 * in->n) pair_number(in);
}

static void pairs_end(pdf_inner *in)
{
    if (pdf_lex_last(&in->lex)) pairs_token(in);
    in->sorted = true;
    if (in->read < 2 * in->n) in->bad = true;
    in->n = in->read / 2;
    if (in->n) qsort(in->pairs, in->n, sizeof *in->pairs, by_place);
}

static void object_end(pdf_inner *in)
{
    if (!in->open) return;
    in->open = false;
    if (pdf_lex_last(&in->lex)) pdf_build_token(&in->build, &in->lex);
    pdf_build_end(&in->build);
    if (in->build.lost) in->f->store.dropped = true;
    pdf_object(in->f, in->pairs[in->next - 1].num, pdf_build_value(&in->build));
}

static void object_begin(pdf_inner *in)
{
    object_end(in);
    in->next++;
    in->open = true;
    pdf_lex_begin(&in->lex, false);
    pdf_build_begin(&in->build, pdf_keep_now(in->f));
}

/* Tokens up to p + n: of the pairs, of an object, or of what stands before the first one. */
static void tokens(pdf_inner *in, const uint8_t *p, size_t n)
{
    const uint8_t *end = p + n;
    in->at += n;
    if (in->sorted && !in->open) return;
    while (!in->bad && pdf_lex_next(&in->lex, &p, end)) {
        if (in->sorted)
            pdf_build_token(&in->build, &in->lex);
        else
            pairs_token(in);
    }
}

bool pdf_inner_bytes(void *ctx, const uint8_t *p, size_t n)
{
    pdf_inner *in = ctx;
    if (in->bad || in->at > BYTES_MAX) {
        in->bad = true;
        return false;
    }
    while (n && !in->bad) {
        uint64_t border = UINT64_MAX;
        if (!in->sorted && in->at == in->first) pairs_end(in);
        if (!in->sorted)
            border = in->first;
        else if (in->next < in->n)
            border = in->first + in->pairs[in->next].at;
        if (in->at >= border) {
            object_begin(in);
            continue;
        }
        size_t step = border - in->at < n ? (size_t)(border - in->at) : n;
        tokens(in, p, step);
        p += step;
        n -= step;
    }
    return !in->bad;
}

bool pdf_inner_end(pdf_inner *in)
{
    if (!in->sorted && in->at == in->first && !in->bad) pairs_end(in);
    object_end(in);
    return in->sorted && in->next == in->n && !in->bad;
}
