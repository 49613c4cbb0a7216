/* SPDX-License-Identifier: Apache-2.0 */
/*
 * PDF values in a compact form: made from tokens by a pdf_build, which leaves out what no page depends on, and read in place by pdf_val.
 * Private to core/pdl.
 */
#ifndef PLATEN_CORE_PDL_PDF_VALUE_H
#define PLATEN_CORE_PDL_PDF_VALUE_H

#include "core/pdl/host.h"
#include "core/pdl/pdf_lex.h"
#include "core/pdl/pdf_names.h"

/* ---- reading ---- */

typedef enum pdf_tag { PDF_V_NULL, PDF_V_BOOL, PDF_V_INT, PDF_V_REAL, PDF_V_NAME, PDF_V_REF, PDF_V_STRING, PDF_V_ARRAY, PDF_V_DICT } pdf_tag;

/* A value in memory that stays longer than it; p NULL: there is none. */
typedef struct pdf_val {
    const uint8_t *p, *end;
} pdf_val;

pdf_tag pdf_tag_of(pdf_val v); /* PDF_V_NULL for none */
bool pdf_is(pdf_val v, pdf_tag tag);
/* An integer, or a real that is cut; `other` for anything else. */
int64_t pdf_int(pdf_val v, int64_t other);
double pdf_real(pdf_val v, double other);
bool pdf_true(pdf_val v);
/* 0 for what is no name. */
uint32_t pdf_name_of(pdf_val v);
/* The object's number; 0 for what is no reference. */
uint32_t pdf_ref(pdf_val v);
/* NULL for what is no string. */
const uint8_t *pdf_string(pdf_val v, size_t *n);
/* Of a dictionary; none when it has no such key. */
pdf_val pdf_get(pdf_val dict, uint32_t name);
/* The first of the two names that is there: a long one, and its short form in inline images. */
pdf_val pdf_get2(pdf_val dict, uint32_t name, uint32_t other);
/* Walks an array or dictionary: starts with what pdf_inside gives and takes one value, and its key (0 in an array), after the other. */
pdf_val pdf_inside(pdf_val container);
bool pdf_next(pdf_val *rest, bool dict, uint32_t *key, pdf_val *value);
pdf_val pdf_at(pdf_val array, size_t index);
size_t pdf_length(pdf_val array);

/* Copies a dictionary without the keys that are not wanted: its size, and the copy. Nothing becomes an empty one. */
size_t pdf_copied_size(pdf_val dict, bool (*wanted)(uint32_t key));
void pdf_copy(pdf_val dict, bool (*wanted)(uint32_t key), uint8_t *out);

/* ---- making ---- */

#define PDF_DEPTH 24

typedef struct pdf_open {
    uint32_t at;      /* of the container's tag */
    uint32_t key;     /* of a dictionary: 0 when a key is expected */
    uint16_t scalars; /* of an array, kept so far */
    bool dict, strings, drop_value;
} pdf_open;

/* What to keep. */
typedef enum pdf_keep {
    PDF_KEEP_PAGES,  /* only what the page tree needs */
    PDF_KEEP_COLOR,  /* what colour needs too */
    PDF_KEEP_INLINE, /* all: an inline image's dictionary */
} pdf_keep;

typedef struct pdf_build {
    plt_pdl_host *host;
    const pdf_names *names;
    pdf_keep keep;
    size_t most; /* bytes */
    uint8_t *p;  /* a value from p[0] on, once `complete` */
    size_t n, cap;
    bool lost; /* it did not fit */
    bool complete;
    uint32_t skip; /* containers open inside what is not kept */
    uint8_t depth;
    uint8_t ints_n; /* numbers that may be a reference's */
    double ints[2];
    bool whole[2];
    pdf_open open[PDF_DEPTH];
} pdf_build;

void pdf_build_begin(pdf_build *b, pdf_keep keep);
/* A token of the value: false when it is a word that belongs to no value. */
bool pdf_build_token(pdf_build *b, const pdf_lex *l);
/* Writes numbers that turned out to be no reference. To be called before the value is used. */
void pdf_build_end(pdf_build *b);
pdf_val pdf_build_value(const pdf_build *b);

#endif
