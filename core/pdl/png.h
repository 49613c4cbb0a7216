/* SPDX-License-Identifier: Apache-2.0 */
/* Is a PNG picture coloured? A push stream. Private to core/pdl. */
#ifndef PLATEN_CORE_PDL_PNG_H
#define PLATEN_CORE_PDL_PNG_H

#include "core/pdl/host.h"

typedef struct plt_png plt_png;

/* NULL without memory. Freed with the segment; may be used for one picture after the other. */
plt_png *plt_png_make(plt_pdl_host *h);
void plt_png_begin(plt_png *g);
/* How many bytes belong to the picture: fewer than n only behind its end chunk. */
size_t plt_png_feed(plt_png *g, const uint8_t *p, size_t n);
bool plt_png_ended(const plt_png *g);
/* COLOR, MONO, BLANK, or UNKNOWN when the file is broken or too wide. */
plt_ink plt_png_end(const plt_png *g);

#endif
