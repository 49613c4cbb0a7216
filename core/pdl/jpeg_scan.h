/* SPDX-License-Identifier: Apache-2.0 */
/* The state that a JPEG's markers (jpeg.c) and its entropy-coded data (jpeg_scan.c) share. Private to these two. */
#ifndef PLATEN_CORE_PDL_JPEG_SCAN_H
#define PLATEN_CORE_PDL_JPEG_SCAN_H

#include "core/pdl/jpeg.h"

#define JPEG_FAST_BITS 9
#define JPEG_COMPONENTS 4
#define JPEG_MCU_BLOCKS 10 /* ITU-T T.81, B.2.3: at most ten blocks in an interleaved unit */

typedef struct jpeg_table {
    bool defined;
    uint8_t values[256];
    uint16_t fast[1 << JPEG_FAST_BITS]; /* length << 8 | value; 0: a longer code, or none */
    int32_t last[17];                   /* greatest code of each length; -1 none */
    int32_t offset[17];                 /* of the value of a code of this length */
} jpeg_table;

typedef struct jpeg_component {
    uint8_t id, h, v, quant;
    uint8_t dc, ac;       /* tables of the present scan */
    bool watched;         /* its coefficients tell colour */
    bool seen;            /* a whole scan with its DC was read */
    int32_t pred;         /* DC prediction */
    uint32_t scan_bound;  /* progressive: the greatest bound of a block in this scan */
    uint32_t total_bound; /* and the sum over scans */
} jpeg_component;

typedef enum jpeg_rule {
    JPEG_CHROMA,  /* the watched components are zero in a grey picture */
    JPEG_COMPARE, /* they are equal in a grey picture: RGB, CMYK */
} jpeg_rule;

typedef enum jpeg_pass { JPEG_WHOLE, JPEG_DC_FIRST, JPEG_DC_MORE, JPEG_AC } jpeg_pass;

typedef enum jpeg_verdict { JPEG_OPEN, JPEG_COLORED, JPEG_UNSURE } jpeg_verdict;

#define JPEG_KEPT 2400 /* of a segment: all tables at once fit */

struct plt_jpeg {
    bool blind; /* only the number of components is wanted */
    uint8_t state, marker;
    uint32_t left, at;
    jpeg_verdict verdict;
    bool framed, ended, progressive, adobe;
    uint8_t transform; /* of the Adobe marker */
    uint16_t width, height, restart;
    uint8_t n, hmax, vmax;
    jpeg_rule rule;
    jpeg_component c[JPEG_COMPONENTS];
    uint16_t quant[4][64]; /* in zigzag order, like everything here */
    jpeg_table dc[4], ac[4];
    /* the scan */
    jpeg_pass pass;
    uint8_t blocks_n, blocks[JPEG_MCU_BLOCKS];
    uint8_t first, last, shift;         /* Ss, Se, Al */
    uint64_t units_left, interval_left; /* MCUs; UINT64_MAX: not known */
    bool escape;                        /* behind 0xFF */
    const uint8_t *in, *in_end;         /* within a call: what is left of the chunk */
    uint8_t met;                        /* a marker's code, behind the bits at hand */
    uint64_t bits;                      /* left-aligned */
    uint32_t bits_n;
    uint32_t block, k, run; /* in the MCU; in the block; end-of-band run */
    uint32_t bound;
    int32_t cur[64], ref[64]; /* JPEG_COMPARE only */
    uint32_t kept_n;
    uint8_t kept[JPEG_KEPT];
};

/* False when the code lengths do not make a code. `p`: counts of the 16 lengths and n values. */
bool jpeg_table_build(jpeg_table *t, const uint8_t counts[16], const uint8_t *values, uint32_t n);
/* A scan whose components, passes and tables were set begins. */
void jpeg_scan_begin(plt_jpeg *j);
/* Takes entropy-coded bytes up to a marker, whose code is the last byte taken and then in *marker; 0 while there was none. */
size_t jpeg_scan_feed(plt_jpeg *j, const uint8_t *p, size_t n, uint8_t *marker);
/* The marker was a restart: the scan goes on. */
void jpeg_scan_restart(plt_jpeg *j);
/* The scan ended by a marker, or with the data. */
void jpeg_scan_end(plt_jpeg *j);

#endif
