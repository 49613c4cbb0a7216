/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is done with a stream, by its dictionary: objects are taken out, operators and samples are looked at, everything else is skipped. A
 * stream that does not look like what its filter makes is probably encrypted, and the key may stand at the end of the file: such streams are
 * held, in bounded memory, until then.
 */
#include <string.h>

#include "core/pdl/jpeg.h"
#include "core/pdl/pdf.h"

/* Of one stream, and of all of them. */
#define HELD_ONE (256u << 10)
#define HELD_ALL (1u << 20)

/* ---- filters ---- */

static bool set_codec(pdf_coder *c, pdf_codec codec)
{
    c->codec = codec;
    return true;
}

static bool add(pdf_coder *c, plt_filter_kind kind)
{
    if (c->codec != PDF_CODEC_NONE || c->n + 1 >= PLT_FILTERS_MAX) return false;
    c->specs[c->n++] = (plt_filter_spec){.kind = kind};
    return true;
}

static uint32_t small(pdf_val v, uint32_t other)
{
    int64_t n = pdf_int(v, other);
    return n >= 0 && n <= INT32_MAX ? (uint32_t)n : other;
}

static bool add_packed(const pdf *f, pdf_coder *c, plt_filter_kind kind, pdf_val parms)
{
    if (!add(c, kind)) return false;
    c->specs[c->n - 1].late = small(pdf_follow(f, pdf_get(parms, PDF_N_EarlyChange)), 1) == 0;
    uint32_t predictor = small(pdf_follow(f, pdf_get(parms, PDF_N_Predictor)), 1);
    if (predictor < 2) return true;
    if (!add(c, PLT_FILTER_PREDICTOR)) return false;
    plt_filter_spec *s = &c->specs[c->n - 1];
    s->predictor = predictor;
    s->colors = c->colors = small(pdf_follow(f, pdf_get(parms, PDF_N_Colors)), 1);
    s->bits = small(pdf_follow(f, pdf_get2(parms, PDF_N_BitsPerComponent, PDF_N_BPC)), 8);
    s->columns = small(pdf_follow(f, pdf_get(parms, PDF_N_Columns)), 1);
    return true;
}

static bool add_filter(const pdf *f, pdf_coder *c, uint32_t name, pdf_val parms)
{
    switch (name) {
    case PDF_N_FlateDecode:
    case PDF_N_Fl: return add_packed(f, c, PLT_FILTER_FLATE, parms);
    case PDF_N_LZWDecode:
    case PDF_N_LZW: return add_packed(f, c, PLT_FILTER_LZW, parms);
    case PDF_N_ASCII85Decode:
    case PDF_N_A85: return add(c, PLT_FILTER_ASCII85);
    case PDF_N_ASCIIHexDecode:
    case PDF_N_AHx: return add(c, PLT_FILTER_HEX);
    case PDF_N_RunLengthDecode:
    case PDF_N_RL: return add(c, PLT_FILTER_RUNLENGTH);
    case PDF_N_DCTDecode:
    case PDF_N_DCT: return set_codec(c, PDF_CODEC_DCT);
    case PDF_N_CCITTFaxDecode:
    case PDF_N_CCF:
    case PDF_N_JBIG2Decode: return set_codec(c, PDF_CODEC_FAX);
    case PDF_N_JPXDecode: return set_codec(c, PDF_CODEC_JPX);
    case PDF_N_Crypt: c->plain = pdf_name_of(pdf_get(parms, PDF_N_Name)) != PDF_N_StdCF; return true;
    default: return false;
    }
}

bool pdf_coder_set(const pdf *f, pdf_coder *c, pdf_val dict)
{
    pdf_val filter = pdf_follow(f, pdf_get2(dict, PDF_N_Filter, PDF_N_F)), parms = pdf_follow(f, pdf_get2(dict, PDF_N_DecodeParms, PDF_N_DP)), name;
    c->n = 0;
    c->colors = 0;
    c->codec = PDF_CODEC_NONE;
    c->plain = false;
    if (!pdf_is(filter, PDF_V_ARRAY)) return !filter.p || pdf_is(filter, PDF_V_NULL) || add_filter(f, c, pdf_name_of(filter), parms);
    for (size_t i = 0; name = pdf_at(filter, i), name.p; i++)
        if (i >= PLT_FILTERS_MAX || !add_filter(f, c, pdf_name_of(pdf_follow(f, name)), pdf_follow(f, pdf_at(parms, i)))) return false;
    return true;
}

bool pdf_coder_begin(pdf *f, pdf_coder *c, plt_filter_sink sink, void *ctx)
{
    if (!c->chain) c->chain = plt_filters_make(f->host);
    return c->chain && plt_filters_begin(c->chain, c->specs, c->n, sink, ctx);
}

/* ---- which kind ---- */

static bool no_content(pdf_val dict)
{
    static const uint32_t signs[] = {PDF_N_Length1, PDF_N_Length2, PDF_N_Length3, PDF_N_N, PDF_N_ShadingType, PDF_N_FunctionType};
    for (size_t i = 0; i < sizeof signs / sizeof signs[0]; i++)
        if (pdf_get(dict, signs[i]).p) return true;
    switch (pdf_name_of(pdf_get(dict, PDF_N_Type))) {
    case PDF_N_NO_NAME:
    case PDF_N_XObject:
    case PDF_N_Pattern: break;
    default: return true;
    }
    switch (pdf_name_of(pdf_get(dict, PDF_N_Subtype))) {
    case PDF_N_NO_NAME:
    case PDF_N_Form: return false;
    default: return true;
    }
}

static pdf_stream_kind kind_of(const pdf *f, pdf_val dict)
{
    if (pdf_name_of(pdf_get(dict, PDF_N_Type)) == PDF_N_ObjStm) return PDF_S_OBJECTS;
    if (pdf_keep_now(f) == PDF_KEEP_PAGES) return PDF_S_SKIP;
    if (pdf_name_of(pdf_get(dict, PDF_N_Subtype)) == PDF_N_Image) return PDF_S_IMAGE;
    if (pdf_int(pdf_get(dict, PDF_N_FunctionType), -1) == 0) return PDF_S_IMAGE;
    return no_content(dict) ? PDF_S_SKIP : PDF_S_CONTENT;
}

/* ---- decoding ---- */

static plt_filter_sink sink_of(pdf *f, void **ctx)
{
    pdf_stream *s = &f->stream;
    switch (s->kind) {
    case PDF_S_OBJECTS:
        if (!f->inner) f->inner = pdf_inner_make(f);
        *ctx = f->inner;
        if (f->inner) pdf_inner_begin(f->inner, s->dict);
        return pdf_inner_bytes;
    case PDF_S_CONTENT:
        if (!f->content) f->content = pdf_content_make(f);
        *ctx = f->content;
        if (f->content) pdf_content_begin(f->content);
        return pdf_content_bytes;
    default:
        *ctx = &f->image;
        if (pdf_get(s->dict, PDF_N_FunctionType).p)
            pdf_table_begin(f, &f->image, s->dict);
        else
            pdf_image_begin(f, &f->image, s->dict, &s->coder);
        return pdf_image_bytes;
    }
}

static void decode_begin(pdf *f)
{
    pdf_stream *s = &f->stream;
    void *ctx = NULL;
    plt_filter_sink sink = sink_of(f, &ctx);
    bool locked = f->crypt.failed && !s->coder.plain;
    s->begun = true;
    s->deciphering = f->crypt.ready && pdf_crypt_begin(f, &s->decipher, s->num, s->gen, s->coder.plain);
    if (locked || !ctx) s->unreadable = true;
    if (!s->unreadable) s->unreadable = !pdf_coder_begin(f, &s->coder, sink, ctx);
    s->deaf = s->unreadable;
}

static void decoded(void *ctx, const uint8_t *p, size_t n)
{
    pdf_stream *s = ctx;
    size_t took;
    if (!s->deaf && plt_filters_feed(s->coder.chain, p, n, &took) != PLT_FILTER_MORE) s->deaf = true;
}

static void decode(pdf *f, const uint8_t *p, size_t n)
{
    pdf_stream *s = &f->stream;
    if (s->deaf) return;
    if (!s->deciphering)
        decoded(s, p, n);
    else if (!pdf_crypt_feed(&s->decipher, p, n, decoded, s))
        s->unreadable = s->deaf = true;
    if (s->kind == PDF_S_IMAGE && pdf_image_settled(&f->image)) s->deaf = true;
}

static void decode_end(pdf *f)
{
    pdf_stream *s = &f->stream;
    if (s->deciphering && !s->deaf) pdf_crypt_end(&s->decipher, decoded, s);
    if (!s->unreadable) plt_filters_end(s->coder.chain);
    bool broken = s->unreadable || plt_filters_broken(s->coder.chain);
    switch (s->kind) {
    case PDF_S_OBJECTS:
        if (!f->inner || !pdf_inner_end(f->inner) || broken) f->unread_objects = true;
        break;
    case PDF_S_CONTENT:
        if (f->content) pdf_content_end(f->content, s->num, s->dict, broken);
        break;
    default:
        pdf_image_end(&f->image, broken);
        pdf_store_stream(f, s->num, PDF_R_IMAGE, &(pdf_part){&f->image.facts, sizeof f->image.facts}, 1, s->dict);
        break;
    }
}

/* ---- holding ---- */

/* Do the first bytes look like what the first filter takes? RFC 1950 section 2.2, ITU T.81 annex B. */
static bool plausible(const pdf_stream *s)
{
    const uint8_t *h = s->head;
    if (s->coder.n && s->coder.specs[0].kind == PLT_FILTER_FLATE) return (h[0] & 15) == 8 && h[0] >> 4 <= 7 && (h[0] << 8 | h[1]) % 31 == 0;
    if (s->coder.n && s->coder.specs[0].kind == PLT_FILTER_LZW) return h[0] == 0x80; /* a clear code of nine bits */
    if (!s->coder.n && s->coder.codec == PDF_CODEC_DCT) return h[0] == 0xFF && h[1] == 0xD8;
    if (s->kind == PDF_S_IMAGE) return true;
    for (size_t i = 0; i < sizeof s->head; i++)
        if (h[i] >= 127 || (h[i] < ' ' && !pdf_is_space(h[i]))) return false;
    return true;
}

static void hold_begin(pdf *f)
{
    pdf_stream *s = &f->stream;
    pdf_held *h = plt_pdl_alloc(f->host, sizeof *h);
    size_t n = (size_t)(s->dict.end - s->dict.p);
    s->deaf = true;
    if (h && n <= HELD_ONE) h->data = plt_pdl_alloc(f->host, n + 4096);
    if (!h || !h->data) {
        plt_pdl_release(f->host, h);
        f->held_lost = true;
        return;
    }
    memcpy(h->data, s->dict.p, n);
    h->num = s->num;
    h->gen = s->gen;
    h->dict_n = h->n = n;
    h->cap = n + 4096;
    f->held_n += h->cap;
    s->hold = h;
}

static void hold_drop(pdf *f)
{
    pdf_held *h = f->stream.hold;
    f->stream.hold = NULL;
    f->held_n -= h->cap;
    plt_pdl_release(f->host, h->data);
    plt_pdl_release(f->host, h);
}

static void hold(pdf *f, const uint8_t *p, size_t n)
{
    pdf_held *h = f->stream.hold;
    if (!h) return;
    if (h->cap - h->n < n) {
        size_t cap = h->n + n + h->n / 2;
        uint8_t *data = cap <= HELD_ONE + h->dict_n && f->held_n - h->cap + cap <= HELD_ALL ? plt_pdl_resize(f->host, h->data, cap) : NULL;
        if (!data) {
            hold_drop(f);
            f->held_lost = true;
            return;
        }
        f->held_n += cap - h->cap;
        h->data = data;
        h->cap = cap;
    }
    memcpy(h->data + h->n, p, n);
    h->n += n;
}

/* Newest first: of two definitions of an object the later one counts. */
static void hold_end(pdf *f)
{
    f->stream.hold->next = f->held;
    f->held = f->stream.hold;
    f->stream.hold = NULL;
}

/* ---- streams ---- */

void pdf_stream_begin(pdf *f, uint32_t num, uint32_t gen, pdf_val dict)
{
    pdf_stream *s = &f->stream;
    s->num = num;
    s->gen = gen;
    s->dict = dict;
    s->begun = s->deaf = s->deciphering = s->unreadable = false;
    s->head_n = 0;
    s->hold = NULL;
    s->kind = kind_of(f, dict);
    if (s->kind == PDF_S_SKIP) return;
    s->unreadable = !pdf_coder_set(f, &s->coder, dict);
    if (s->kind == PDF_S_IMAGE ? s->coder.codec > PDF_CODEC_DCT : s->coder.codec != PDF_CODEC_NONE) s->unreadable = true;
    pdf_crypt_set(f);
}

bool pdf_stream_idle(const pdf *f)
{
    const pdf_stream *s = &f->stream;
    return s->kind == PDF_S_SKIP || ((s->unreadable || s->deaf) && !s->hold);
}

/* The first bytes decide whether the stream can be read now. */
static bool to_be_held(pdf *f)
{
    const pdf_stream *s = &f->stream;
    if (f->at_end || f->crypt.ready || f->crypt.failed || s->coder.plain) return false;
    if (f->trailer.seen && !f->trailer.encrypt) return false;
    if (plausible(s)) return f->suspect;
    if (s->coder.n || s->coder.codec != PDF_CODEC_NONE) f->suspect = true;
    return true;
}

static void head_done(pdf *f)
{
    pdf_stream *s = &f->stream;
    if (to_be_held(f)) {
        hold_begin(f);
        hold(f, s->head, s->head_n);
    } else {
        decode_begin(f);
        decode(f, s->head, s->head_n);
    }
}

void pdf_stream_feed(pdf *f, const uint8_t *p, size_t n)
{
    pdf_stream *s = &f->stream;
    while (n && s->head_n < sizeof s->head) {
        s->head[s->head_n++] = *p++;
        n--;
        if (s->head_n == sizeof s->head) head_done(f);
    }
    if (!n) return;
    if (s->hold)
        hold(f, p, n);
    else
        decode(f, p, n);
}

static bool described(pdf_val dict)
{
    uint32_t key;
    pdf_val v, rest = pdf_is(dict, PDF_V_DICT) ? pdf_inside(dict) : (pdf_val){NULL, NULL};
    while (pdf_next(&rest, true, &key, &v))
        if (key == PDF_N_N || key == PDF_N_ShadingType || key == PDF_N_FunctionType) return true;
    return false;
}

void pdf_stream_end(pdf *f)
{
    pdf_stream *s = &f->stream;
    pdf_val none = {NULL, NULL};
    if (s->kind == PDF_S_SKIP && described(s->dict)) {
        pdf_store_stream(f, s->num, PDF_R_VALUE, NULL, 0, s->dict); /* a profile, a shading, a function */
    } else if (s->kind == PDF_S_SKIP || s->hold) {
        pdf_store_value(f, s->num, none);
        if (s->hold) hold_end(f);
    } else {
        if (!s->begun) {
            decode_begin(f);
            decode(f, s->head, s->head_n);
        }
        decode_end(f);
    }
    s->kind = PDF_S_SKIP;
}

void pdf_held_run(pdf *f)
{
    pdf_held *next;
    f->at_end = true;
    if (f->held) pdf_crypt_set(f);
    for (pdf_held *h = f->held; h; h = next) {
        next = h->next;
        if (pdf_store_get(f, h->num).kind == PDF_R_NONE) {
            pdf_stream_begin(f, h->num, h->gen, (pdf_val){h->data, h->data + h->dict_n});
            if (!pdf_stream_idle(f)) pdf_stream_feed(f, h->data + h->dict_n, h->n - h->dict_n);
            pdf_stream_end(f);
        }
        plt_pdl_release(f->host, h->data);
        plt_pdl_release(f->host, h);
    }
    f->held = NULL;
}
