/* SPDX-License-Identifier: Apache-2.0 */
/* Row compression of PCL (ESC*b#M): one transfer into one row. Pure. Private to core/pdl. */
#ifndef PLATEN_CORE_PDL_PCL_ROWS_H
#define PLATEN_CORE_PDL_PCL_ROWS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/pdl/ink.h"

/* ESC*b#M, HP PCL 5 and PCL 3 references; 1027 to 1234 belong to other makers. */
enum {
    PCL_RAW = 0,
    PCL_RUNS = 1,
    PCL_PACKBITS = 2,
    PCL_DELTA = 3,
    PCL_ADAPTIVE = 5,
    PCL_COMPRESSED_DELTA = 9,
    PCL_NEAR_LOSSLESS = 10,
    PCL_BROTHER = 1030,
    PCL_KONICA_JBIG = 1234,
};

/* A4 at 2,400 dpi in bits, or 36 inches at 600 dpi in 24 bits. */
#define PCL_ROW_MAX 65536u

#define PCL_SPANS 64

/* A row, and the seed of the next one. Bytes from n on have the value `empty`. */
typedef struct pcl_row {
    uint8_t *data; /* PCL_ROW_MAX bytes */
    size_t n;      /* no byte behind was written */
    uint8_t empty; /* 0, or 255 for additive pixels */
    size_t limit;  /* method 10 looks at pixels up to here ... */
    plt_ink ink;   /* ... and leaves what it found */
    size_t spans;  /* what the last transfer wrote by the other methods: the rest was looked at before */
    struct {
        size_t from, to;
    } span[PCL_SPANS];
} pcl_row;

void pcl_row_clear(pcl_row *row);
/* Is the method one of 0, 1, 2, 3, 9, 10? */
bool pcl_row_method(int method);
/* Does a transfer of no bytes leave the row as it was? */
bool pcl_row_seeded(int method);
/* What does not fit is left out: false. */
bool pcl_row_decode(pcl_row *row, int method, const uint8_t *p, size_t n);

#endif
