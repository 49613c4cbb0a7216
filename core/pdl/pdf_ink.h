/* SPDX-License-Identifier: Apache-2.0 */
/* Colour spaces, once all objects are known: pdf_space.c, for pdf_ink.c. Private to these two. */
#ifndef PLATEN_CORE_PDL_PDF_INK_H
#define PLATEN_CORE_PDL_PDF_INK_H

#include "core/pdl/pdf.h"

typedef enum pdf_space_kind {
    PDF_SPACE_UNKNOWN,
    PDF_SPACE_GRAY,
    PDF_SPACE_RGB,
    PDF_SPACE_CMYK,
    PDF_SPACE_LAB,
    PDF_SPACE_BLACK, /* one colorant that is black or all: 0 is no ink */
    PDF_SPACE_SPOT,  /* one colorant that is coloured */
    PDF_SPACE_INDEXED,
    PDF_SPACE_PATTERN,
} pdf_space_kind;

typedef struct pdf_space {
    pdf_space_kind kind;
    pdf_space_kind base; /* of a palette, or what lies below a pattern */
    const uint8_t *palette;
    size_t palette_n; /* bytes */
} pdf_space;

pdf_space pdf_space_of(const pdf *f, pdf_val v, pdf_val resources);
/* By a name of a content stream: a device's space or a resource. */
pdf_space pdf_space_named(const pdf *f, uint32_t name, pdf_val resources);
/* What operands of that class paint. */
plt_ink pdf_operands_ink(const pdf *f, const pdf_space *s, uint16_t a, uint16_t b);
plt_ink pdf_samples_ink(const pdf *f, const pdf_space *space, const pdf_samples *s, pdf_val decode);
/* The shading's dictionary. */
plt_ink pdf_shading_ink(const pdf *f, pdf_val shading, pdf_val resources);

#endif
