/* SPDX-License-Identifier: Apache-2.0 */
/* Is a JPEG picture coloured? A push stream over baseline and progressive files, in constant memory. Private to core/pdl. */
#ifndef PLATEN_CORE_PDL_JPEG_H
#define PLATEN_CORE_PDL_JPEG_H

#include "core/pdl/host.h"

typedef struct plt_jpeg plt_jpeg;

/* NULL without memory. Freed with the segment; may be used for one picture after the other. */
plt_jpeg *plt_jpeg_make(plt_pdl_host *h);
void plt_jpeg_begin(plt_jpeg *j);
/* How many bytes belong to the picture: fewer than n only behind its end marker. */
size_t plt_jpeg_feed(plt_jpeg *j, const uint8_t *p, size_t n);
/* The end marker was seen. */
bool plt_jpeg_ended(const plt_jpeg *j);
/* COLOR, MONO (one component, or flat chroma), or UNKNOWN when the file is broken or of a kind that is not decoded. */
plt_ink plt_jpeg_end(const plt_jpeg *j);
/* From the frame header, 0 before it was seen. */
uint32_t plt_jpeg_width(const plt_jpeg *j);
uint32_t plt_jpeg_height(const plt_jpeg *j);

#endif
