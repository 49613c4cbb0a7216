/* SPDX-License-Identifier: Apache-2.0 */
/* TIFF files as a push stream: how many pictures, and are they coloured? Private to core/pdl. */
#ifndef PLATEN_CORE_PDL_TIFF_H
#define PLATEN_CORE_PDL_TIFF_H

#include "core/pdl/host.h"

typedef struct plt_tiff plt_tiff;

/* One picture, when its directory and all its data were passed. */
typedef struct plt_tiff_picture {
    plt_ink ink;
    uint32_t width_um, height_um; /* 0 unless the resolution is said */
    uint32_t fax_um;              /* of the paper that a fax with lines of so many dots is for; 0: it is none */
} plt_tiff_picture;

/* NULL without memory. Freed with the segment; may be used for one file after the other. */
plt_tiff *plt_tiff_make(plt_pdl_host *h);
void plt_tiff_begin(plt_tiff *t);
void plt_tiff_feed(plt_tiff *t, const uint8_t *p, size_t n);
/* The file ended. How many pictures its chain of directories has; *reason: why that is not certain, or NULL; *cut: pixels of the last ones are
 * missing. */
uint64_t plt_tiff_end(plt_tiff *t, const char **reason, bool *cut);
/* All of them together: COLOR, MONO, BLANK or UNKNOWN. */
plt_ink plt_tiff_ink(const plt_tiff *t);
/* The i-th of the first pictures, in the order of the chain; NULL beyond what is kept. */
const plt_tiff_picture *plt_tiff_at(const plt_tiff *t, uint64_t i);

#endif
