/* SPDX-License-Identifier: Apache-2.0 */
/* Deflate and zlib data as a push stream, in bounded memory, counted against the job's decoding budget. Private to core/pdl. */
#ifndef PLATEN_CORE_PDL_INFLATE_H
#define PLATEN_CORE_PDL_INFLATE_H

#include "core/pdl/host.h"

typedef struct plt_inflate plt_inflate;

typedef enum plt_inflate_kind { PLT_ZLIB, PLT_DEFLATE } plt_inflate_kind;

/* Takes unpacked bytes; false: no more are wanted. */
typedef bool (*plt_inflate_sink)(void *ctx, const uint8_t *p, size_t n);

typedef enum plt_inflate_status {
    PLT_INFLATE_MORE, /* all input taken */
    PLT_INFLATE_END,  /* the stream's own end */
    PLT_INFLATE_BAD,  /* broken data, no memory, or beyond the budget */
    PLT_INFLATE_STOP, /* the sink wants no more */
} plt_inflate_status;

/* NULL without memory. About 48 KB, freed with the segment; one can be used again for the next stream by plt_inflate_reset. */
plt_inflate *plt_inflate_make(plt_pdl_host *h, plt_inflate_kind kind);
void plt_inflate_reset(plt_inflate *z, plt_inflate_kind kind);
/* *took: how many of the n bytes were used; fewer than n only with another status than MORE. After an end the status is given again. */
plt_inflate_status plt_inflate_feed(plt_inflate *z, const uint8_t *p, size_t n, size_t *took, plt_inflate_sink sink, void *ctx);

#endif
