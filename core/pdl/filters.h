/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The decoding filters that PostScript and PDF share, one behind the other, as a push stream in bounded memory. The first filter of a
 * chain is the one nearest to the job's bytes: it alone says where the data end. Private to core/pdl.
 */
#ifndef PLATEN_CORE_PDL_FILTERS_H
#define PLATEN_CORE_PDL_FILTERS_H

#include "core/pdl/host.h"

#define PLT_FILTERS_MAX 6

typedef enum plt_filter_kind {
    PLT_FILTER_ASCII85, /* ends at "~>" */
    PLT_FILTER_HEX,     /* ends at ">" */
    PLT_FILTER_RUNLENGTH,
    PLT_FILTER_LZW,
    PLT_FILTER_FLATE, /* a zlib stream */
    PLT_FILTER_PREDICTOR,
} plt_filter_kind;

typedef struct plt_filter_spec {
    plt_filter_kind kind;
    bool late; /* LZW: EarlyChange is 0 */
    /* of a predictor; 0 stands for the default of each: 1, 1, 8, 1. 2 is TIFF's, 10 and more PNG's */
    uint32_t predictor, colors, bits, columns;
} plt_filter_spec;

/* Takes decoded bytes; false: no more are wanted. */
typedef bool (*plt_filter_sink)(void *ctx, const uint8_t *p, size_t n);

typedef enum plt_filter_status {
    PLT_FILTER_MORE, /* all input taken */
    PLT_FILTER_END,  /* behind the first filter's own end of data */
    PLT_FILTER_BAD,  /* the first filter cannot tell any more where the data end */
} plt_filter_status;

typedef struct plt_filters plt_filters;

/* NULL without memory. Freed with the segment; used for one chain after the other. */
plt_filters *plt_filters_make(plt_pdl_host *h);
/* n filters; 0: all that is fed goes to the sink as it is. A NULL sink: only the end is looked for. False: a chain that cannot be decoded. */
bool plt_filters_begin(plt_filters *f, const plt_filter_spec *specs, size_t n, plt_filter_sink sink, void *ctx);
/* *took: how many of the n bytes were used; fewer than n only with another status than MORE. When the sink wants no more, or a later filter is
   broken or at its end, the rest is still walked to the first filter's end. */
plt_filter_status plt_filters_feed(plt_filters *f, const uint8_t *p, size_t n, size_t *took);
/* No more input: what is still held goes to the sink. Not needed behind PLT_FILTER_END. */
void plt_filters_end(plt_filters *f);
/* Something did not decode: broken data, no memory, or beyond the budget. */
bool plt_filters_broken(const plt_filters *f);

#endif
