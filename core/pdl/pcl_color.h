/* SPDX-License-Identifier: Apache-2.0 */
/* Palettes, the foreground colour and how raster rows make colours. Private to core/pdl. */
#ifndef PLATEN_CORE_PDL_PCL_COLOR_H
#define PLATEN_CORE_PDL_PCL_COLOR_H

#include "core/pdl/pcl_raster.h"

#define PCL_COLORS PCL_COLORS_MAX
#define PCL_PALETTES 8

typedef struct pcl_color {
    uint8_t ink[PCL_COLORS]; /* plt_ink of each index */
    bool declared;           /* a palette was set up: ESC*r#U or ESC*v#W */
    uint8_t space, encoding, bits;
    uint32_t top[3]; /* full components */
    int64_t part[3]; /* ESC*v#A, #B, #C with four decimals, for the next #I */
    plt_ink fore;    /* of text, rules and patterns */
    bool white;      /* ESC*v1T: the pattern is white */
    bool grey;       /* ESC&b1M, ESC*o5W 0Bh 1: everything in grey */
    bool simple;     /* the palette of ESC*r#U, which cannot be changed */
    uint8_t saved[PCL_PALETTES][PCL_COLORS], saved_bits[PCL_PALETTES];
    size_t depth;
} pcl_color;

void pcl_color_reset(pcl_color *c);
/* What painting with the foreground puts on the page. */
plt_ink pcl_color_fore(const pcl_color *c);
/* An ink under ESC&b#M. */
plt_ink pcl_color_seen(const pcl_color *c, plt_ink ink);
/* ESC*r#U, ESC*v#W, ESC*g#W: palettes and layouts. */
void pcl_color_simple(pcl_color *c, int32_t n, pcl_layout *out);
void pcl_color_data(pcl_color *c, const uint8_t *p, size_t n, pcl_layout *out);
void pcl_color_configure(const uint8_t *p, size_t n, pcl_layout *out);
/* ESC*v#A, B, C, I, S and T; value with four decimals. True when it changed the palette. */
bool pcl_color_command(pcl_color *c, char upper, int64_t value);
/* ESC*p#P: 0 pushes the palette, 1 pops it. */
void pcl_color_stack(pcl_color *c, int32_t what);
/* Where a palette was changed, planes of one ink each are indexes into it. */
void pcl_color_repaint(pcl_layout *layout);
/* A palette that is not followed. */
void pcl_color_lose(pcl_color *c);

#endif
