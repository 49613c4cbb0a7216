/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One page of raster data, packed in runs (PWG 5102.4, CUPS raster version 2, Apple raster) or not (CUPS raster versions 1 and 3). Runs are looked at
 * without expanding them. Private to these languages.
 */
#ifndef PLATEN_CORE_PDL_RASTER_RLE_H
#define PLATEN_CORE_PDL_RASTER_RLE_H

#include "core/pdl/raster_ink.h"

/* How one code of a row is followed: bytes of the stream, bytes of the row. */
typedef struct raster_code {
    uint32_t skip, fill;
} raster_code;

typedef struct raster_page {
    /* set before raster_page_begin */
    raster_pixels pixels;
    uint32_t row_bytes;
    uint64_t rows; /* of all planes together */
    bool packed;
    bool look; /* at colour and blank; else ink stays unknown */
    /* the answer */
    bool done;
    bool bad;   /* a run did not fit into its row */
    bool begun; /* there was a byte of data */
    plt_ink ink;
    /* private */
    uint8_t state;
    bool repeats; /* the data are one unit that repeats */
    uint32_t x, run_x, left, times;
    uint64_t row, plain_left;
    uint32_t inked, part_n;
    uint8_t part[RASTER_PIXEL_MAX];
    raster_code codes[256];
} raster_page;

void raster_page_begin(raster_page *r);
/* Takes bytes until the page is done. */
size_t raster_page_feed(raster_page *r, const uint8_t *p, size_t n);
/* The page ends here, done or not: completes `ink`. */
void raster_page_end(raster_page *r);

#endif
