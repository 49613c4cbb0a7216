/* SPDX-License-Identifier: Apache-2.0 */
/*
 * PCL XL (HP PCL XL Feature Reference, protocol class 1.1 to 3.0) in three parts: the grammar of tags and values (pclxl.c), what operators do to
 * pages and inks (pclxl_page.c), and the rows of images (pclxl_image.c). Private to core/pdl.
 */
#ifndef PLATEN_CORE_PDL_PCLXL_H
#define PLATEN_CORE_PDL_PCLXL_H

#include "core/pdl/host.h"
#include "core/pdl/jpeg.h"
#include "core/pdl/paper.h"
#include "core/pdl/pclxl_words.h"

/* What an operator without attributes comes to: it needs xl_page_operator, changes nothing, only marks the page, or is one of a drawing. */
enum { XL_ACT, XL_PASS, XL_MARK, XL_NEW_PATH, XL_DRAW, XL_PAINT };

#define XL_ATTRS 256
#define XL_SET_MAX 64
#define XL_ARRAY_MAX 1024 /* a palette of 256 colours fits */
#define XL_TEXT_MAX 24
#define XL_GS_MAX 32
#define XL_PATTERNS 64

typedef struct xl_attr {
    double x, y;
    bool set;
} xl_attr;

/* What a colour space and a paint are, as far as ink goes. */
typedef struct xl_gs {
    uint8_t space; /* ColorSpace: 1 gray, 2 RGB, 6 sRGB */
    uint8_t rop;
    plt_ink brush, pen; /* BLANK: white or none */
    uint32_t palette;   /* which one; 0: none was set */
} xl_gs;

/* One image, or one raster pattern. */
typedef struct xl_image {
    plt_ink ink;
    bool indexed, known; /* known: rows can be looked at */
    uint8_t bits, parts; /* of a component; components of a pixel */
    uint32_t width;
    uint64_t row_bytes; /* without padding */
    /* the block that is read */
    uint8_t method;
    uint32_t padded;
    uint8_t *row; /* of the host's memory */
    size_t row_cap, at;
    uint8_t phase, repeat; /* of run lengths */
    uint32_t left;         /* bytes of a run, or of a delta row */
    size_t hole, dirty;    /* where in the row a delta goes; from where on the row was not looked at */
    bool any_row;          /* the row holds one that was looked at */
    bool used[256];        /* palette indices, for those of 8 bits */
    plt_jpeg *jpeg;
} xl_image;

typedef struct xl_page {
    plt_pdl_host *host;
    bool session, open, path, count_only;
    bool marked;        /* painted on, if only in white */
    const bool *wanted; /* attributes that are looked at */
    uint8_t acts[256];  /* XL_ACT ... by operator; XL_ACT for all other bytes */
    plt_ink ink;
    int duplex;
    int source;
    plt_side side;
    bool new_sheet;
    char paper[PLT_PAPER_NAME];
    xl_gs gs;
    xl_gs saved[XL_GS_MAX];
    size_t depth;
    uint32_t palettes;
    uint32_t palette_n, palette_id; /* bytes of the newest palette, and which one it is */
    uint8_t palette[XL_ARRAY_MAX];
    plt_ink patterns[XL_PATTERNS];
    uint32_t pattern;
    bool in_image, in_pattern;
    xl_image image;
    /* the attributes of the next operator */
    xl_attr attr[XL_ATTRS];
    uint8_t set[XL_SET_MAX];
    size_t set_n;
    double color[3];
    bool color_set;
    char media[XL_TEXT_MAX];
    uint32_t new_palette_n;
    uint8_t new_palette[XL_ARRAY_MAX];
} xl_page;

void xl_page_begin(xl_page *p, plt_pdl_host *h);
/* An operator without attributes that is not XL_ACT. */
void xl_page_act(xl_page *p, uint8_t act);
/* Takes one attribute: a scalar or a pair, or an array of n elements of `size` bytes in the stream's byte order. */
void xl_page_scalar(xl_page *p, uint8_t id, double x, double y);
void xl_page_array(xl_page *p, uint8_t id, const uint8_t *bytes, size_t n, size_t size, bool real, bool little);
/* An operator with the attributes given before it, which it uses up. False: there is no such operator. */
bool xl_page_operator(xl_page *p, uint8_t op);
void xl_page_end(xl_page *p, bool cut_short);
double xl_real(uint32_t bits);

/* BeginImage and BeginRastPattern, ReadImage, its data, and its end. */
void xl_image_begin(xl_page *p);
void xl_image_block(xl_page *p);
bool xl_image_wants(const xl_page *p);
void xl_image_data(xl_page *p, const uint8_t *b, size_t n, bool little);
void xl_image_block_end(xl_page *p);
plt_ink xl_image_ink(const xl_page *p);

#endif
