/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A print job rewritten as a stream to print on both sides, or in grey (docs/convert.md): begin, feed any number of times, end. What comes out does
 * not depend on how the bytes were cut. Both jobs, the one that goes in and the one that comes out, are analysed, and only what this analysis
 * confirms is called done: until then the output is nothing that may be printed. Pure; it parses what applications sent, so it runs in the worker.
 */
#ifndef PLATEN_CORE_CONVERT_CONVERT_H
#define PLATEN_CORE_CONVERT_CONVERT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/pdl/result.h"
#include "core/util/status.h"

typedef struct plt_convert_want {
    uint8_t duplex; /* PLT_DUPLEX_LONG or _SHORT; PLT_DUPLEX_NONE: as it is */
    bool grey;
    /* What is known of the printer, from its device ID or IPP attributes; a job alone does not say it. */
    bool pjl;         /* it reads PJL, though the job has none */
    bool grey_mode;   /* it obeys PJL's RENDERMODE=GRAYSCALE and PostScript's ProcessColorModel */
    bool plain_backs; /* it takes the raster of a back as that of a front (pwg-raster-document-sheet-back "normal") */
} plt_convert_want;

/* Numbers are part of the protocol. */
typedef enum plt_convert_end {
    PLT_CONVERT_DONE = 0,   /* what was put out is the job */
    PLT_CONVERT_SAME = 1,   /* the job was so before, or prints nothing: it is to be printed as it came, what was put out is nothing */
    PLT_CONVERT_CANNOT = 2, /* with the reason; what was put out is nothing */
} plt_convert_end;

typedef struct plt_convert_answer {
    plt_convert_end end;
    char why[PLT_REASON_SIZE]; /* of CANNOT; else "" */
} plt_convert_answer;

/* More than this is put out of no job: a few lines for each of its parts, or a picture whose rows pack worse than they did. */
#define PLT_CONVERT_GROWTH 8
#define PLT_CONVERT_ROOM (1u << 20)

/* Takes what is put out, in pieces of any size; false ends the conversion (CANNOT). */
typedef bool (*plt_convert_sink)(void *ctx, const void *data, size_t n);
typedef struct plt_convert plt_convert;

/* PLT_NOMEM; PLT_BAD when nothing is wanted. Free with plt_convert_free. */
plt_status plt_convert_begin(plt_convert **out, const plt_convert_want *want, plt_convert_sink sink, void *ctx);
void plt_convert_feed(plt_convert *c, const void *data, size_t n);
/* No more bytes. To be called once, before plt_convert_free. */
void plt_convert_finish(plt_convert *c, plt_convert_answer *out);
/* What of it a job with this analysis is not yet: nothing, when neither duplex nor grey is left. */
plt_convert_want plt_convert_left(const plt_convert_want *want, const plt_pdl_result *r);
/* NULL-safe. */
void plt_convert_free(plt_convert *c);

#endif
