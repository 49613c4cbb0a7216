/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Grey or colour, where dots of three inks are all there is? Inkjets print grey as equal shares of cyan, magenta and yellow, each ink dithered by
 * itself: the dots differ, their shares do not. Pure. Private to core/pdl.
 */
#ifndef PLATEN_CORE_PDL_PCL_BALANCE_H
#define PLATEN_CORE_PDL_PCL_BALANCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/pdl/ink.h"
#include "core/pdl/pcl_rows.h"

#define PCL_BALANCE_TILES (PCL_ROW_MAX / 8)
#define PCL_BALANCE_AREAS (PCL_BALANCE_TILES / 4)

/* Dots of the three inks in tiles of 64 columns and rows, and in areas of 4 by 4 tiles. */
typedef struct pcl_balance {
    uint16_t (*tiles)[3]; /* PCL_BALANCE_TILES, zeroed */
    uint32_t (*areas)[3]; /* PCL_BALANCE_AREAS, zeroed */
    size_t n;             /* tiles in use */
    uint32_t rows;        /* in the present tiles */
    uint32_t tile_rows;   /* in the present areas */
    uint32_t dpi;
    size_t looked_at; /* parts of tiles, in the last row */
    bool color;       /* some row or tile is clearly colour */
    plt_ink areas_found;
} pcl_balance;

/* Three inks of a row: `each` planes an ink (1 or 2, the low bits first), from planes[0] on. A set bit is a dot, or with `additive` none. */
typedef struct pcl_inks {
    const uint8_t *const *planes;
    size_t each, columns;
    bool additive;
} pcl_inks;

/* `times` equal rows whose inks are not all alike. True as soon as they are clearly colour. */
bool pcl_balance_row(pcl_balance *b, const pcl_inks *inks, size_t times);
/* The page's answer for all such rows: COLOR, MONO for even shares, UNKNOWN for what is neither. What follows is another page. */
plt_ink pcl_balance_end(pcl_balance *b);

#endif
