/* SPDX-License-Identifier: Apache-2.0 */
/* What the pixels of PWG, CUPS and Apple raster say of colour, run by run. Private to these languages. */
#ifndef PLATEN_CORE_PDL_RASTER_INK_H
#define PLATEN_CORE_PDL_RASTER_INK_H

#include "core/pdl/ink.h"

#define RASTER_PIXEL_MAX 32 /* bytes: 15 colours of 16 bits fit */

/* Colour spaces by what is white and what is grey in them. */
typedef enum raster_space {
    RASTER_GRAY,  /* the greatest value is white */
    RASTER_BLACK, /* 0 is white */
    RASTER_RGB,
    RASTER_RGBW, /* the fourth takes black off */
    RASTER_CMY,
    RASTER_YMC,
    RASTER_CMYK,
    RASTER_YMCK,
    RASTER_KCMY,
    RASTER_KCMYCM, /* with light cyan and magenta */
    RASTER_INKS,   /* inks without names: 0 is white */
    RASTER_UNSEEN, /* colour cannot be told */
} raster_space;

typedef enum raster_order { RASTER_CHUNKY, RASTER_BANDED, RASTER_PLANAR } raster_order;

typedef struct raster_pixels {
    raster_space space;
    raster_order order;
    uint32_t colors, bits, pixel_bits; /* of a color; of a pixel, or of one color of it unless chunky */
    bool little;                       /* 16-bit values */
    bool padded;                       /* the last byte of a row has bits that are no pixel */
    /* by raster_pixels_set */
    uint32_t key;            /* of what was set last: most pages are alike */
    uint32_t unit;           /* bytes that a run repeats */
    uint8_t white;           /* every byte of a white pixel */
    plt_ink most;            /* when a page has this, nothing can change any more */
    uint8_t by_byte[256];    /* plt_ink, for pixels of up to 8 bits */
    uint8_t at[4], light[2]; /* places of C, M, Y, K and the light ones; 255: none */
} raster_pixels;

/* Fills in what follows from the upper fields. False: no such pixels. */
bool raster_pixels_set(raster_pixels *p);
/* n bytes of whole units. */
plt_ink raster_ink(const raster_pixels *p, const uint8_t *bytes, size_t n);
/* Do n bytes of one component hold more than white and its rounding? */
bool raster_inked(const raster_pixels *p, const uint8_t *b, size_t n);
/* Bits of the components that have ink somewhere on a page or a row (1 << index): what that tells when their pixels cannot be compared. */
plt_ink raster_ink_of_planes(const raster_pixels *p, uint32_t inked);

#endif
