/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The form: a byte of tag, then for integers and references a number of 7-bit groups, for reals four bytes of a float, for strings a 16-bit length
 * and the bytes, for containers a 32-bit length and what is inside. A dictionary holds names and values in turn. Only this file knows the form;
 * it reads nothing that it did not write.
 */
#include "core/pdl/pdf_value.h"

#include <assert.h>
#include <string.h>

#include "core/util/attr.h"

#define OTHER PDF_N_OTHER

/* ---- reading ---- */

static uint64_t groups(const uint8_t **p)
{
    uint64_t v = 0;
    uint32_t shift = 0;
    uint8_t c;
    do {
        c = *(*p)++;
        v |= (uint64_t)(c & 127) << shift;
        shift += 7;
    } while (c & 128);
    return v;
}

static uint32_t le32(const uint8_t *p)
{
    return p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}

static uint32_t read_name(const uint8_t **p)
{
    const uint8_t *q = *p;
    if (q[0] < 128) {
        (*p)++;
        return q[0];
    }
    *p += 4;
    uint32_t v = (uint32_t)q[0] << 24 | (uint32_t)q[1] << 16 | (uint32_t)q[2] << 8 | q[3];
    return v < (OTHER | 256) ? v & 255 : v;
}

static const uint8_t *behind(const uint8_t *p)
{
    pdf_tag tag = (pdf_tag)*p++;
    switch (tag) {
    case PDF_V_BOOL: return p + 1;
    case PDF_V_REAL: return p + 4;
    case PDF_V_INT:
    case PDF_V_REF: groups(&p); return p;
    case PDF_V_NAME: read_name(&p); return p;
    case PDF_V_STRING: return p + 2 + (p[0] | (size_t)p[1] << 8);
    case PDF_V_ARRAY:
    case PDF_V_DICT: return p + 4 + le32(p);
    default: return p;
    }
}

pdf_tag pdf_tag_of(pdf_val v)
{
    return v.p ? (pdf_tag)*v.p : PDF_V_NULL;
}

bool pdf_is(pdf_val v, pdf_tag tag)
{
    return v.p && *v.p == tag;
}

double pdf_real(pdf_val v, double other)
{
    if (pdf_is(v, PDF_V_REAL)) {
        float f;
        memcpy(&f, v.p + 1, sizeof f);
        return f;
    }
    if (!pdf_is(v, PDF_V_INT)) return other;
    const uint8_t *p = v.p + 1;
    uint64_t n = groups(&p);
    return n & 1 ? -(double)(n >> 1) : (double)(n >> 1);
}

int64_t pdf_int(pdf_val v, int64_t other)
{
    if (!pdf_is(v, PDF_V_INT) && !pdf_is(v, PDF_V_REAL)) return other;
    double d = pdf_real(v, 0);
    return d > 1e15 || d < -1e15 ? other : (int64_t)d;
}

bool pdf_true(pdf_val v)
{
    return pdf_is(v, PDF_V_BOOL) && v.p[1];
}

uint32_t pdf_name_of(pdf_val v)
{
    if (!pdf_is(v, PDF_V_NAME)) return PDF_N_NO_NAME;
    const uint8_t *p = v.p + 1;
    return read_name(&p);
}

uint32_t pdf_ref(pdf_val v)
{
    if (!pdf_is(v, PDF_V_REF)) return 0;
    const uint8_t *p = v.p + 1;
    return (uint32_t)groups(&p);
}

const uint8_t *pdf_string(pdf_val v, size_t *n)
{
    *n = 0;
    if (!pdf_is(v, PDF_V_STRING)) return NULL;
    *n = v.p[1] | (size_t)v.p[2] << 8;
    return v.p + 3;
}

pdf_val pdf_inside(pdf_val c)
{
    if (!pdf_is(c, PDF_V_ARRAY) && !pdf_is(c, PDF_V_DICT)) return (pdf_val){NULL, NULL};
    return (pdf_val){c.p + 5, c.p + 5 + le32(c.p + 1)};
}

bool pdf_next(pdf_val *rest, bool dict, uint32_t *key, pdf_val *value)
{
    if (!rest->p || rest->p >= rest->end) return false;
    *key = dict ? read_name(&rest->p) : 0;
    value->p = rest->p;
    rest->p = value->end = behind(rest->p);
    return true;
}

pdf_val pdf_get(pdf_val dict, uint32_t name)
{
    uint32_t key;
    pdf_val v, rest = pdf_is(dict, PDF_V_DICT) ? pdf_inside(dict) : (pdf_val){NULL, NULL};
    while (pdf_next(&rest, true, &key, &v))
        if (key == name) return v;
    return (pdf_val){NULL, NULL};
}

pdf_val pdf_get2(pdf_val dict, uint32_t name, uint32_t other)
{
    pdf_val v = pdf_get(dict, name);
    return v.p ? v : pdf_get(dict, other);
}

pdf_val pdf_at(pdf_val array, size_t index)
{
    uint32_t key;
    pdf_val v, rest = pdf_is(array, PDF_V_ARRAY) ? pdf_inside(array) : (pdf_val){NULL, NULL};
    while (pdf_next(&rest, false, &key, &v))
        if (!index--) return v;
    return (pdf_val){NULL, NULL};
}

size_t pdf_length(pdf_val array)
{
    uint32_t key;
    size_t n = 0;
    pdf_val v, rest = pdf_is(array, PDF_V_ARRAY) ? pdf_inside(array) : (pdf_val){NULL, NULL};
    while (pdf_next(&rest, false, &key, &v)) n++;
    return n;
}

static size_t copy_pairs(pdf_val dict, bool (*wanted)(uint32_t key), uint8_t *out)
{
    uint32_t key;
    size_t n = 0;
    pdf_val v, rest = pdf_inside(dict);
    for (const uint8_t *pair = rest.p; pdf_next(&rest, true, &key, &v); pair = rest.p) {
        if (!wanted(key)) continue;
        size_t size = (size_t)(rest.p - pair);
        if (out) memcpy(out + n, pair, size);
        n += size;
    }
    return n;
}

size_t pdf_copied_size(pdf_val dict, bool (*wanted)(uint32_t key))
{
    return 5 + copy_pairs(dict, wanted, NULL);
}

void pdf_copy(pdf_val dict, bool (*wanted)(uint32_t key), uint8_t *out)
{
    uint32_t n = (uint32_t)copy_pairs(dict, wanted, out + 5);
    *out = PDF_V_DICT;
    for (uint32_t i = 0; i < 4; i++) out[1 + i] = (uint8_t)(n >> (8 * i));
}

/* ---- writing ---- */

#define STEP 4096

static PLT_APART bool grow(pdf_build *b, size_t n)
{
    size_t cap = b->cap + b->cap / 2 + n + STEP;
    uint8_t *p = cap <= b->most || b->n + n <= b->most ? plt_pdl_resize(b->host, b->p, cap < b->most ? cap : b->most) : NULL;
    b->lost = !p;
    if (!p) return false;
    b->p = p;
    b->cap = cap < b->most ? cap : b->most;
    return true;
}

static inline uint8_t *room(pdf_build *b, size_t n)
{
    if (b->lost || (b->cap - b->n < n && !grow(b, n))) return NULL;
    uint8_t *at = b->p + b->n;
    b->n += n;
    return at;
}

static inline void write(pdf_build *b, const uint8_t *p, size_t n)
{
    uint8_t *at = room(b, n);
    if (at) memcpy(at, p, n);
}

static void write_byte(pdf_build *b, uint8_t c)
{
    write(b, &c, 1);
}

static void write_groups(pdf_build *b, pdf_tag tag, uint64_t v)
{
    uint8_t bytes[12] = {(uint8_t)tag};
    size_t n = 1;
    for (; v > 127; v >>= 7) bytes[n++] = (uint8_t)(v | 128);
    bytes[n++] = (uint8_t)v;
    uint8_t *at = room(b, n);
    for (size_t i = 0; at && i < n; i++) at[i] = bytes[i];
}

static void write_name(pdf_build *b, uint32_t id)
{
    id = id < 128 ? id : id | OTHER;
    const uint8_t four[4] = {(uint8_t)(id >> 24), (uint8_t)(id >> 16), (uint8_t)(id >> 8), (uint8_t)id};
    if (id < 128)
        write_byte(b, (uint8_t)id);
    else
        write(b, four, 4);
}

void pdf_build_begin(pdf_build *b, pdf_keep keep)
{
    b->keep = keep;
    b->n = 0;
    b->lost = b->complete = false;
    b->skip = 0;
    b->depth = 0;
    b->ints_n = 0;
}

pdf_val pdf_build_value(const pdf_build *b)
{
    return b->complete && !b->lost && b->n ? (pdf_val){b->p, b->p + b->n} : (pdf_val){NULL, NULL};
}

static pdf_open *top(pdf_build *b)
{
    return b->depth ? &b->open[b->depth - 1] : NULL;
}

/* May a value of this kind stand here? Its key is written, and used up. */
static bool admit(pdf_build *b, pdf_tag tag)
{
    pdf_open *c = top(b);
    bool container = tag == PDF_V_ARRAY || tag == PDF_V_DICT;
    if (!c) {
        bool ok = !b->complete;
        if (!container) b->complete = true;
        return ok;
    }
    if (!c->dict) {
        if (b->keep == PDF_KEEP_PAGES && container) return false;
        return tag == PDF_V_REF || container || c->scalars++ < 64;
    }
    uint32_t key = c->key;
    c->key = 0;
    if (!key || c->drop_value) return false;
    bool named = key < PDF_N_OTHERS, text = tag == PDF_V_STRING;
    if (b->keep != PDF_KEEP_INLINE) {
        if (text && !(key > PDF_N_STRINGS && key < PDF_N_COLOR)) return false;
        if (!named && tag < PDF_V_NAME) return false;
    }
    write_name(b, key);
    return true;
}

static void key(pdf_build *b, pdf_open *c, uint32_t id)
{
    c->key = id;
    if (b->keep == PDF_KEEP_INLINE)
        c->drop_value = false;
    else if (b->keep == PDF_KEEP_COLOR)
        c->drop_value = id > PDF_N_DROPPED && id < PDF_N_OTHERS;
    else
        c->drop_value = id > PDF_N_COLOR;
    if (id != PDF_N_Parent || b->keep == PDF_KEEP_INLINE) return;
    /* That a page has a parent may be all that is left of it, and tells it from objects that are left out. */
    write_name(b, id);
    write_byte(b, PDF_V_NULL);
}

static void number(pdf_build *b, double v, bool whole)
{
    if (!admit(b, whole ? PDF_V_INT : PDF_V_REAL)) return;
    if (whole && v < 9e15 && v > -9e15) {
        write_groups(b, PDF_V_INT, v < 0 ? (uint64_t)-v << 1 | 1 : (uint64_t)v << 1);
    } else {
        uint8_t bytes[5] = {PDF_V_REAL};
        float f = v > 1e30 ? 1e30f : v < -1e30 ? -1e30f : (float)v;
        memcpy(bytes + 1, &f, 4);
        write(b, bytes, 5);
    }
}

static void oldest(pdf_build *b)
{
    number(b, b->ints[0], b->whole[0]);
    b->ints[0] = b->ints[1];
    b->whole[0] = b->whole[1];
    b->ints_n--;
}

static void flush(pdf_build *b)
{
    while (b->ints_n) oldest(b);
}

static void name(pdf_build *b, const pdf_lex *l)
{
    pdf_open *c = top(b);
    uint32_t id = pdf_name_id(b->names, l->hash, l->text, l->len);
    if (c && c->dict && !c->key) {
        key(b, c, id);
        return;
    }
    if (c && !c->dict && !c->scalars && (id == PDF_N_Indexed || id == PDF_N_I)) c->strings = true;
    if (!admit(b, PDF_V_NAME)) return;
    write_byte(b, PDF_V_NAME);
    write_name(b, id);
}

static void string(pdf_build *b, const pdf_lex *l)
{
    pdf_open *c = top(b);
    bool kept = !l->cut && (!c || c->dict || c->strings || b->keep == PDF_KEEP_INLINE);
    if (!admit(b, kept ? PDF_V_STRING : PDF_V_NULL)) return;
    if (kept) {
        const uint8_t head[3] = {PDF_V_STRING, (uint8_t)l->len, (uint8_t)(l->len >> 8)};
        write(b, head, 3);
        write(b, l->text, l->len);
    } else {
        write_byte(b, PDF_V_NULL);
    }
}

static void open_container(pdf_build *b, bool dict)
{
    pdf_open *outer = top(b);
    bool strings = outer && outer->dict && outer->key == PDF_N_ID;
    if (!admit(b, dict ? PDF_V_DICT : PDF_V_ARRAY) || b->depth == PDF_DEPTH) {
        if (b->depth == PDF_DEPTH) write_byte(b, PDF_V_NULL);
        b->skip = 1;
        return;
    }
    const uint8_t head[5] = {dict ? PDF_V_DICT : PDF_V_ARRAY};
    b->open[b->depth++] = (pdf_open){.at = (uint32_t)b->n, .dict = dict, .strings = strings};
    write(b, head, 5);
}

static void close_container(pdf_build *b)
{
    if (!b->depth) return;
    const pdf_open *c = &b->open[--b->depth];
    if (!b->lost) {
        uint32_t n = (uint32_t)(b->n - c->at - 5);
        for (uint32_t i = 0; i < 4; i++) b->p[c->at + 1 + i] = (uint8_t)(n >> (8 * i));
    }
    if (!b->depth) b->complete = true;
}

static bool word(pdf_build *b, const pdf_lex *l)
{
    bool yes = pdf_lex_is(l, "true");
    if (yes || pdf_lex_is(l, "false")) {
        const uint8_t two[2] = {PDF_V_BOOL, yes};
        if (!b->skip && admit(b, PDF_V_BOOL)) write(b, two, 2);
    } else if (pdf_lex_is(l, "null")) {
        if (!b->skip && admit(b, PDF_V_NULL)) write_byte(b, PDF_V_NULL);
    } else {
        return false;
    }
    return true;
}

/* "12 0 R": its two numbers are those that wait. */
static void reference(pdf_build *b)
{
    double num = b->ints[0];
    bool good = b->ints_n == 2 && b->whole[0] && b->whole[1] && num >= 0 && num <= UINT32_MAX;
    b->ints_n = 0;
    if (!admit(b, good ? PDF_V_REF : PDF_V_NULL)) return;
    if (good)
        write_groups(b, PDF_V_REF, (uint32_t)num);
    else
        write_byte(b, PDF_V_NULL);
}

static bool skipped(pdf_build *b, const pdf_lex *l)
{
    if (l->kind == PDF_ARRAY_OPEN || l->kind == PDF_DICT_OPEN) {
        if (b->skip < UINT32_MAX) b->skip++;
    } else if (l->kind == PDF_ARRAY_CLOSE || l->kind == PDF_DICT_CLOSE) {
        b->skip--;
        if (!b->skip && !b->depth) b->complete = true;
    } else if (l->kind == PDF_WORD) {
        return pdf_lex_is(l, "R") || word(b, l);
    }
    return true;
}

bool pdf_build_token(pdf_build *b, const pdf_lex *l)
{
    if (b->skip) return skipped(b, l);
    if (l->kind == PDF_NUMBER) {
        if (b->ints_n == 2) oldest(b);
        b->ints[b->ints_n] = l->number;
        b->whole[b->ints_n++] = l->integer;
        return true;
    }
    if (pdf_lex_is(l, "R")) {
        reference(b);
        return true;
    }
    if (l->kind == PDF_WORD && !(l->len == 4 || l->len == 5)) return false;
    if (b->ints_n && l->kind != PDF_WORD && l->kind != PDF_COMMENT) flush(b);
    switch (l->kind) {
    case PDF_NAME: name(b, l); break;
    case PDF_STRING: string(b, l); break;
    case PDF_ARRAY_OPEN: open_container(b, false); break;
    case PDF_DICT_OPEN: open_container(b, true); break;
    case PDF_ARRAY_CLOSE:
    case PDF_DICT_CLOSE: close_container(b); break;
    case PDF_WORD:
        if (!pdf_lex_is(l, "true") && !pdf_lex_is(l, "false") && !pdf_lex_is(l, "null")) return false;
        flush(b);
        return word(b, l);
    default: break;
    }
    return true;
}

void pdf_build_end(pdf_build *b)
{
    flush(b);
}
