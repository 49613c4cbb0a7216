/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Pictures inside a content stream: BI, a dictionary, ID, samples, EI (ISO 32000-1 section 8.9.7). Nothing says how long the samples are but
 * what they are: raw ones are counted, filters know their own end, and only for the others is EI searched between blanks and before text.
 */
#include <string.h>

#include "core/pdl/pdf_content.h"

#define LOOK 8

static void bracket(pdf_content *c, pdf_kind kind)
{
    c->lex.kind = kind;
    pdf_build_token(&c->build, &c->lex);
}

void pdf_inline_begin(pdf_content *c)
{
    c->mode = PDF_INLINE_DICT;
    pdf_build_begin(&c->build, PDF_KEEP_INLINE);
    bracket(c, PDF_DICT_OPEN);
}

static pdf_val dict_of(const pdf_content *c)
{
    return pdf_build_value(&c->build);
}

/* ID was read. */
static void samples_begin(pdf_content *c)
{
    bracket(c, PDF_DICT_CLOSE);
    pdf_val dict = dict_of(c);
    c->unreadable = !pdf_coder_set(c->f, &c->coder, dict);
    pdf_image_begin(c->f, &c->image, dict, &c->coder);
    c->unreadable = c->unreadable || c->coder.codec > PDF_CODEC_DCT || !pdf_coder_begin(c->f, &c->coder, pdf_image_bytes, &c->image);
    c->mode = PDF_INLINE_SPACE;
    c->end_at = 1; /* the blank behind ID */
    c->look_n = 0;
}

static pdf_content_mode samples_mode(const pdf_content *c)
{
    if (c->unreadable) return PDF_INLINE_SEARCH;
    if (c->coder.n) return PDF_INLINE_CODED;
    return c->coder.codec == PDF_CODEC_NONE && c->image.left != UINT64_MAX ? PDF_INLINE_COUNTED : PDF_INLINE_SEARCH;
}

static void samples_end(pdf_content *c)
{
    if (!c->unreadable) plt_filters_end(c->coder.chain);
    pdf_image_end(&c->image, c->unreadable || plt_filters_broken(c->coder.chain));
    if (c->image.facts.mask)
        pdf_content_paint(c, c->now.fill.source, PDF_PAINTS_FILL);
    else
        pdf_content_ink(c, pdf_inline_ink(c->f, &c->image.facts, dict_of(c)));
}

static size_t dict_bytes(pdf_content *c, const uint8_t *p, size_t n)
{
    const uint8_t *at = p, *end = p + n;
    while (at < end && c->mode == PDF_INLINE_DICT) {
        if (!pdf_lex_next(&c->lex, &at, end)) break;
        if (pdf_lex_is(&c->lex, "ID"))
            samples_begin(c);
        else if (pdf_lex_is(&c->lex, "EI"))
            c->mode = PDF_OPERATORS;
        else
            pdf_build_token(&c->build, &c->lex);
    }
    return (size_t)(at - p);
}

static void behind_samples(pdf_content *c, pdf_content_mode mode)
{
    samples_end(c);
    c->mode = mode;
    pdf_lex_begin(&c->lex, mode == PDF_INLINE_EI);
}

static size_t counted(pdf_content *c, const uint8_t *p, size_t n)
{
    if (n > c->image.left) n = (size_t)c->image.left;
    pdf_image_bytes(&c->image, p, n); /* a mask, too: it counts */
    if (!c->image.left) behind_samples(c, PDF_INLINE_EI);
    return n;
}

static size_t coded(pdf_content *c, const uint8_t *p, size_t n)
{
    size_t took;
    plt_filter_status status = plt_filters_feed(c->coder.chain, p, n, &took);
    if (status == PLT_FILTER_END) behind_samples(c, PDF_INLINE_EI);
    if (status == PLT_FILTER_BAD) {
        c->unreadable = true;
        c->mode = PDF_INLINE_SEARCH;
    }
    return took;
}

static void sample_bytes(pdf_content *c, const uint8_t *p, size_t n)
{
    size_t took;
    if (!c->unreadable && n) plt_filters_feed(c->coder.chain, p, n, &took);
}

/* The bytes that looked like the end's beginning were samples. */
static void look_again(pdf_content *c)
{
    sample_bytes(c, c->look, c->look_n);
    c->look_n = 0;
}

static bool is_text(uint8_t c)
{
    return pdf_is_space(c) ? c != 0 : c >= ' ' && c < 127;
}

/* look: a blank, "EI", a blank, and LOOK bytes of text. */
static bool may_be_end(const uint8_t *look, uint8_t n)
{
    switch (n) {
    case 1: return pdf_is_space(look[0]);
    case 2: return look[1] == 'E';
    case 3: return look[2] == 'I';
    case 4: return pdf_is_space(look[3]);
    default: return is_text(look[n - 1]);
    }
}

/* What was looked at behind EI is operators. */
static void search_end(pdf_content *c)
{
    uint8_t behind[sizeof c->look];
    size_t n = c->look_n > 3 ? (size_t)(c->look_n - 3) : 0;
    memcpy(behind, c->look + 3, n);
    c->look_n = 0;
    behind_samples(c, PDF_OPERATORS);
    pdf_content_bytes(c, behind, n);
}

static void search_byte(pdf_content *c, uint8_t byte)
{
    c->look[c->look_n++] = byte;
    if (may_be_end(c->look, c->look_n)) {
        if (c->look_n == 4 + LOOK) search_end(c);
        return;
    }
    c->look_n--;
    look_again(c);
    if (pdf_is_space(byte))
        c->look[c->look_n++] = byte;
    else
        sample_bytes(c, &byte, 1);
}

static size_t search(pdf_content *c, const uint8_t *p, size_t n)
{
    size_t i = 0;
    while (i < n && c->mode == PDF_INLINE_SEARCH) {
        size_t run = 0;
        while (!c->look_n && i + run < n && !pdf_is_space(p[i + run])) run++;
        sample_bytes(c, p + i, run);
        i += run;
        if (i < n) search_byte(c, p[i++]);
    }
    return i;
}

static size_t ei_bytes(pdf_content *c, const uint8_t *p, size_t n)
{
    const uint8_t *at = p;
    if (pdf_lex_next(&c->lex, &at, p + n) && pdf_lex_is(&c->lex, "EI")) {
        c->mode = PDF_OPERATORS;
        c->lex.flat = false;
    }
    return (size_t)(at - p);
}

size_t pdf_inline_bytes(pdf_content *c, const uint8_t *p, size_t n)
{
    switch (c->mode) {
    case PDF_INLINE_DICT: return dict_bytes(c, p, n);
    case PDF_INLINE_SPACE: c->mode = samples_mode(c); return pdf_is_space(*p) ? 1 : 0;
    case PDF_INLINE_COUNTED: return counted(c, p, n);
    case PDF_INLINE_CODED: return coded(c, p, n);
    case PDF_INLINE_SEARCH: return search(c, p, n);
    default: return ei_bytes(c, p, n);
    }
}

void pdf_inline_finish(pdf_content *c)
{
    if (c->mode == PDF_INLINE_SEARCH && c->look_n >= 3) search_end(c);
}
