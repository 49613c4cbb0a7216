/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is kept of a file's objects, newest definition first: records one behind the other in one block, found by the object's number. Old
 * definitions stay as garbage, for updates are few. When the block is half full of a large file, colour is given up so that pages still fit.
 */
#include <string.h>

#include "core/pdl/pdf.h"

#define ROW 256

static uint32_t *place(pdf *f, uint32_t num, bool make)
{
    pdf_store *s = &f->store;
    size_t row = num / ROW;
    if (row >= s->rows_n) {
        size_t n = row + row / 2 + 16;
        uint32_t **rows = make ? plt_pdl_resize(f->host, s->rows, n * sizeof *rows) : NULL;
        if (!rows) return NULL;
        s->rows = rows;
        s->rows_n = n;
    }
    if (!s->rows[row] && make) s->rows[row] = plt_pdl_alloc(f->host, ROW * sizeof(uint32_t));
    return s->rows[row] ? &s->rows[row][num % ROW] : NULL;
}

static bool fits(pdf *f, size_t n)
{
    pdf_store *s = &f->store;
    if (!s->n) n++; /* no record stands at 0 */
    if (s->cap - s->n < n) {
        size_t cap = s->cap + s->cap / 2 + n + 16384;
        if (cap > PDF_STORE_MAX) cap = PDF_STORE_MAX;
        uint8_t *p = s->n + n <= cap ? plt_pdl_resize(f->host, s->p, cap) : NULL;
        if (!p) return false;
        s->p = p;
        s->cap = cap;
    }
    if (!s->n) s->n = 1;
    return true;
}

/* n bytes for object num's new record; NULL: it is dropped, and the old one is gone. */
static uint8_t *room(pdf *f, uint32_t num, size_t n)
{
    pdf_store *s = &f->store;
    if (num > PDF_NUMBER_MAX) return NULL; /* no reader finds it */
    uint32_t *at = place(f, num, n > 0);
    if (at) *at = 0;
    if (!n) return NULL;
    if (!at || !fits(f, n)) {
        s->dropped = true;
        return NULL;
    }
    *at = (uint32_t)s->n;
    s->n += n;
    if (num >= s->numbers) s->numbers = num + 1;
    if (s->n > PDF_STORE_COLOR) s->lean = true;
    return s->p + *at;
}

pdf_keep pdf_keep_now(const pdf *f)
{
    return plt_pdl_count_only(f->host) || f->store.lean ? PDF_KEEP_PAGES : PDF_KEEP_COLOR;
}

/* ---- values ---- */

static bool useless_type(uint32_t type)
{
    switch (type) {
    case PDF_N_Font:
    case PDF_N_FontDescriptor:
    case PDF_N_StructElem:
    case PDF_N_StructTreeRoot:
    case PDF_N_Encoding:
    case PDF_N_Metadata:
    case PDF_N_Outlines:
    case PDF_N_Action:
    case PDF_N_Filespec:
    case PDF_N_OBJR:
    case PDF_N_MCR: return true;
    default: return false;
    }
}

/* Most objects of a file are fonts, links, tags and bookmarks: nothing on a page's side depends on them. */
static bool useless(pdf_val v)
{
    switch (pdf_tag_of(v)) {
    case PDF_V_NULL:
    case PDF_V_BOOL:
    case PDF_V_REAL: return true;
    case PDF_V_DICT: {
        pdf_val inside = pdf_inside(v);
        bool tag = pdf_name_of(pdf_get(v, PDF_N_S)) && pdf_ref(pdf_get(v, PDF_N_P)); /* a structure element without its type */
        return inside.p == inside.end || tag || useless_type(pdf_name_of(pdf_get(v, PDF_N_Type))) ||
               pdf_name_of(pdf_get(v, PDF_N_Subtype)) == PDF_N_Link;
    }
    default: return false;
    }
}

void pdf_store_value(pdf *f, uint32_t num, pdf_val v)
{
    size_t n = useless(v) ? 0 : 1 + (size_t)(v.end - v.p);
    uint8_t *p = room(f, num, n);
    if (!p) return;
    *p++ = PDF_R_VALUE;
    memcpy(p, v.p, n - 1);
}

/* ---- streams ---- */

static bool of_stream(uint32_t key)
{
    switch (key) {
    case PDF_N_Length:
    case PDF_N_Filter:
    case PDF_N_DecodeParms:
    case PDF_N_Width:
    case PDF_N_Height:
    case PDF_N_BitsPerComponent:
    case PDF_N_BitsPerSample:
    case PDF_N_First: return false;
    default: return true;
    }
}

void pdf_store_stream(pdf *f, uint32_t num, pdf_record_kind kind, const pdf_part *facts, size_t n, pdf_val dict)
{
    size_t size = 1 + pdf_copied_size(dict, of_stream);
    for (size_t i = 0; i < n; i++) size += facts[i].n;
    uint8_t *p = room(f, num, f->store.lean ? 0 : size);
    if (!p) return;
    *p++ = (uint8_t)kind;
    for (size_t i = 0; i < n; p += facts[i++].n)
        if (facts[i].n) memcpy(p, facts[i].p, facts[i].n);
    pdf_copy(dict, of_stream, p);
}

/* ---- reading ---- */

static size_t facts_size(pdf_record_kind kind, const uint8_t *p)
{
    pdf_facts facts;
    switch (kind) {
    case PDF_R_CONTENT: memcpy(&facts, p, sizeof facts); return sizeof facts + facts.uses_n * sizeof(pdf_use) + facts.bytes_n;
    case PDF_R_IMAGE: return sizeof(pdf_samples);
    default: return 0;
    }
}

pdf_record pdf_store_get(const pdf *f, uint32_t num)
{
    const pdf_store *s = &f->store;
    pdf_record r = {PDF_R_NONE, NULL, {NULL, NULL}};
    if (num / ROW >= s->rows_n || !s->rows[num / ROW]) return r;
    uint32_t at = s->rows[num / ROW][num % ROW];
    if (!at) return r;
    r.kind = (pdf_record_kind)s->p[at];
    r.facts = s->p + at + 1;
    r.value.p = r.facts + facts_size(r.kind, r.facts);
    r.value.end = s->p + s->n;
    return r;
}

bool pdf_store_next(const pdf *f, uint32_t *num)
{
    const pdf_store *s = &f->store;
    while (*num < s->numbers) {
        const uint32_t *row = s->rows[*num / ROW];
        if (row && row[*num % ROW]) return true;
        *num = row ? *num + 1 : (*num / ROW + 1) * ROW;
    }
    return false;
}

pdf_val pdf_follow(const pdf *f, pdf_val v)
{
    for (int i = 0; i < 8 && pdf_is(v, PDF_V_REF); i++) v = pdf_store_get(f, pdf_ref(v)).value;
    return v;
}
