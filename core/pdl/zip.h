/* SPDX-License-Identifier: Apache-2.0 */
/* A ZIP archive as a push stream, by its local headers; the directory at the end is only passed over. Private to core/pdl. */
#ifndef PLATEN_CORE_PDL_ZIP_H
#define PLATEN_CORE_PDL_ZIP_H

#include "core/pdl/inflate.h"

#define ZIP_NAME_SIZE 512
#define ZIP_BLOCK 1024 /* of a part: where a change from unpacking to passing over does not depend on the chunks */
#define ZIP_BEHIND 24  /* a descriptor's lengths, at most, and a signature */

/* Who takes the parts. */
typedef struct zip_sink {
    void *ctx;
    /* A part begins; false: its data are not wanted (and are passed over without being unpacked where that is possible). */
    bool (*begin)(void *ctx, const char *name);
    /* False: the rest of the part is not wanted either. */
    bool (*data)(void *ctx, const uint8_t *p, size_t n);
    /* whole: all its data came, as wanted. */
    void (*end)(void *ctx, bool whole);
} zip_sink;

typedef struct zip {
    plt_pdl_host *host;
    zip_sink sink;
    uint8_t state;
    bool wanted, streamed, overlong;
    bool enough;    /* of this part */
    bool passing;   /* the rest of it, whose length stands behind it, is passed over */
    bool damaged;   /* it cannot be unpacked, and need not be */
    bool directory; /* it was reached: all parts were seen */
    bool last;      /* in the record that ends the archive, or its comment */
    bool done;      /* the archive's own end */
    uint16_t method, name_n, extra_n;
    uint64_t left, seen; /* packed bytes to come, when they are known; that came */
    uint32_t head_n, head_size, gap, window;
    uint8_t head[64];
    char name[ZIP_NAME_SIZE];
    uint8_t behind[ZIP_BEHIND]; /* the last bytes of data that are passed over */
    uint32_t name_have, extra_have;
    uint8_t extra[256];
    plt_inflate *inflate;
    const char *broken; /* why it cannot be read any further; NULL */
} zip;

void zip_begin(zip *z, plt_pdl_host *h, const zip_sink *sink);
/* Takes bytes up to the archive's end, or to where it is broken. */
size_t zip_feed(zip *z, const uint8_t *p, size_t n);
/* The data end: closes a part that is open. */
void zip_end(zip *z);

#endif
