/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One content stream on its way through: pdf_content.c runs the operators, pdf_inline.c the pictures inside of it. Private to these two.
 */
#ifndef PLATEN_CORE_PDL_PDF_CONTENT_H
#define PLATEN_CORE_PDL_PDF_CONTENT_H

#include "core/pdl/pdf.h"

#define PDF_SAVES 64
#define PDF_OPERANDS 32
#define PDF_USE_SLOTS 2048

/* A colour: which space, and what paints with it. */
typedef struct pdf_color {
    uint32_t space; /* a name: PDF_N_DeviceGray ... or a resource */
    uint16_t source;
} pdf_color;

typedef struct pdf_gstate {
    pdf_color fill, stroke;
    uint8_t render; /* Tr */
} pdf_gstate;

typedef enum pdf_marks { PDF_MARKS_NONE, PDF_MARKS_MAYBE, PDF_MARKS_SURE } pdf_marks;

typedef enum pdf_content_mode {
    PDF_OPERATORS,
    PDF_INLINE_DICT,
    PDF_INLINE_SPACE,
    PDF_INLINE_COUNTED,
    PDF_INLINE_CODED,
    PDF_INLINE_SEARCH,
    PDF_INLINE_EI
} pdf_content_mode;

struct pdf_content {
    pdf *f;
    pdf_content_mode mode;
    pdf_lex lex;
    pdf_facts facts;
    uint64_t total;
    pdf_gstate now, saved[PDF_SAVES];
    uint32_t depth;
    bool path, uncolored, glyph;
    bool junk; /* a word that is no operator */
    /* operands */
    double nums[PDF_OPERANDS];
    uint32_t nums_n, name;
    pdf_marks text;
    /* the inline image */
    pdf_build build;
    pdf_coder coder;
    pdf_image image;
    bool unreadable;
    uint8_t end_at, look_n, look[16];
    /* the first bytes: a palette looks like nothing else */
    uint32_t head_n;
    uint8_t head[PDF_TEXT];
    uint16_t slots[PDF_USE_SLOTS]; /* where a use is, plus 1 */
    pdf_use uses[PDF_USES_MAX];
};

/* Paints with the fill colour. */
void pdf_content_paint(pdf_content *c, uint16_t source, uint8_t given_flag);
void pdf_content_ink(pdf_content *c, plt_ink ink);

/* BI was read. */
void pdf_inline_begin(pdf_content *c);
/* The stream has ended: what was looked at behind a picture's end is operators. */
void pdf_inline_finish(pdf_content *c);
/* Takes bytes while the mode is one of the image's; how many. */
size_t pdf_inline_bytes(pdf_content *c, const uint8_t *p, size_t n);

#endif
