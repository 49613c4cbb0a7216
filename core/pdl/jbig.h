/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Is a JBIG plane (ITU-T T.82) blank? Host-based languages send their planes so coded, and a plane that is white to its last pixel prints nothing.
 * A push stream that decodes only as far as the first black pixel: a white plane is proved from its bytes, not guessed from its size.
 * Private to core/pdl.
 */
#ifndef PLATEN_CORE_PDL_JBIG_H
#define PLATEN_CORE_PDL_JBIG_H

#include "core/pdl/host.h"

#define PLT_JBIG_HEADER 20 /* T.82 6.2: the bi-level image header */

/* One adaptive context of the arithmetic coder: T.82 6.8.2. */
typedef struct plt_jbig_context {
    uint8_t state, mps;
} plt_jbig_context;

typedef struct plt_jbig {
    plt_pdl_host *host;
    plt_ink ink;    /* BLANK so far; MONO: a black pixel; UNKNOWN: of a kind that is not decoded */
    bool settled;   /* nothing that follows can change it */
    uint8_t option; /* T.82 options byte */
    uint8_t head_n, head[PLT_JBIG_HEADER];
    uint32_t width, height, per_stripe;
    uint32_t rows_left, stripe_rows;
    uint64_t run; /* pixels of this row, or of the stripe without prediction, that are still to be decoded */
    bool in_row, last_typical, any_stripe;
    plt_jbig_context white, typical;
    uint32_t c, a;
    int bits; /* of c that were read ahead; -1: the stripe's end was met and zeros follow */
    bool startup, escape;
    uint8_t marker_skip; /* parameter bytes of a marker that are still to come */
} plt_jbig;

/* A new picture: its header comes first in the fed bytes. */
void plt_jbig_begin(plt_jbig *j, plt_pdl_host *h);
/* The same with a header that came by another way. */
void plt_jbig_begin_with(plt_jbig *j, plt_pdl_host *h, const uint8_t header[PLT_JBIG_HEADER]);
void plt_jbig_feed(plt_jbig *j, const uint8_t *p, size_t n);
/* BLANK, MONO or UNKNOWN. A picture that breaks off before its last row and is white so far is UNKNOWN. */
plt_ink plt_jbig_end(const plt_jbig *j);

#endif
