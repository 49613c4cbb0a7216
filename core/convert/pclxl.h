/* SPDX-License-Identifier: Apache-2.0 */
/*
 * PCL XL in three parts: the grammar (pclxl.c), what becomes of operators (pclxl_operators.c), and the rows of images (pclxl_rows.c). What belongs to
 * one operator is held until the operator is there. Private to core/convert.
 */
#ifndef PLATEN_CORE_CONVERT_PCLXL_H
#define PLATEN_CORE_CONVERT_PCLXL_H

#include "core/convert/conv.h"
#include "core/pdl/pclxl_words.h"
#include "core/util/buf.h"

#define XL_ATTRS_MAX 64
#define XL_STACK 64
#define XL_HEADER_MAX 256
#define XL_TOKEN_MAX 24
/* One operator's values: arrays of 65,535 points fit. */
#define XL_HOLD_MAX (1u << 20)
/* One block of an image, packed, as it comes and as it is put out. */
#define XL_BLOCK_MAX (32u << 20)

/* A value with its attribute, as it stands in what is held. */
typedef struct xl_held {
    uint8_t id, type;
    uint32_t count; /* of elements; 1 for a scalar */
    bool array;
    size_t at, len; /* from the value's tag to the attribute's end */
    size_t data;    /* where the elements begin */
} xl_held;

typedef struct xl {
    conv *c;
    enum { XL_HEADER, XL_TOKENS, XL_ARRAY, XL_DATA, XL_IMAGE } state;
    bool little, in_esc;
    uint8_t uel;
    size_t header_n, carry_n;
    char header[XL_HEADER_MAX];
    uint8_t carry[XL_TOKEN_MAX];
    uint64_t left;  /* of an array, of data or of an image's block */
    plt_buf hold;   /* of the operator that comes */
    bool has_value; /* one that waits for its attribute: */
    xl_held value;
    size_t attrs_n;
    xl_held attrs[XL_ATTRS_MAX];
    /* grey */
    bool grey; /* wanted, and not by RENDERMODE */
    uint8_t space;
    size_t depth;
    uint8_t saved[XL_STACK];
    bool image;   /* the image's rows become grey */
    bool expects; /* the data that come are a block of it */
    uint32_t width, height, pad;
    uint8_t method;
    uint64_t unpacked;
    plt_buf block, made;
} xl;

uint32_t xl_number(const xl *s, const uint8_t *p, size_t size);
/* Puts out what belongs to the operator, rewritten where need be, and the operator itself; how many raw bytes follow it (VendorUnique). */
uint64_t xl_operator(xl *s, uint8_t op);
/* s->block is complete: puts it out in grey with its tag and length. */
void xl_block_grey(xl *s);

#endif
