/* SPDX-License-Identifier: Apache-2.0 */
/* What raster rows paint: each row is unpacked over the one before and looked at. Private to core/pdl. */
#ifndef PLATEN_CORE_PDL_PCL_RASTER_H
#define PLATEN_CORE_PDL_PCL_RASTER_H

#include "core/pdl/host.h"
#include "core/pdl/pcl_balance.h"
#include "core/pdl/pcl_rows.h"

#define PCL_PLANES 16
#define PCL_COLORS_MAX 256
/* One transfer: a row that compression made longer, or a block of method 5. */
#define PCL_TRANSFER_MAX (PCL_ROW_MAX + PCL_ROW_MAX / 8)

typedef enum pcl_kind {
    PCL_BITS,          /* one plane: a set bit is ink */
    PCL_INKS,          /* `black` planes, then three inks of `each` planes */
    PCL_INDEX_PLANES,  /* `planes` bits of an index into the palette */
    PCL_INDEX_PIXELS,  /* indexes of `bits` bits */
    PCL_DIRECT_PIXELS, /* `black` planes, then pixels of three bytes */
    PCL_STRANGE,       /* not known */
} pcl_kind;

/* How a row's transfers make pixels. */
typedef struct pcl_layout {
    pcl_kind kind;
    uint8_t planes; /* transfers a row */
    uint8_t black;  /* of these: of the black ink, at the front */
    uint8_t each;   /* of each coloured ink */
    uint8_t bits;
    bool additive;
    uint16_t dpi;     /* of the coloured inks; 0: ESC*t#R holds */
    bool own_methods; /* ESC*g#W of format 6: each transfer has its method, whatever ESC*b#M says */
    int method[PCL_PLANES];
} pcl_layout;

typedef struct pcl_raster {
    plt_pdl_host *host;
    bool off; /* nothing is to be unpacked */
    int method;
    pcl_layout layout;
    uint32_t width;      /* ESC*r#S in pixels; 0 not said */
    uint32_t dpi;        /* ESC*t#R */
    const uint8_t *inks; /* plt_ink of the 256 indexes */
    plt_ink fore;        /* of a set bit where there is but one plane */
    size_t plane;        /* of the next transfer */
    bool changed;        /* a plane, since the last finished row */
    bool guessed;        /* the layout */
    bool uneven;         /* the present row's inks differ */
    size_t work;         /* done and not yet charged */
    size_t repeats;      /* rows like the present one that are not yet counted */
    uint8_t *memory;     /* of some row */
    pcl_row rows[PCL_PLANES];
    plt_ink page;  /* of the page in the making */
    bool balanced; /* `balance` has something to say about the page */
    pcl_balance balance;
} pcl_raster;

void pcl_raster_begin(pcl_raster *r, plt_pdl_host *host);
/* ESC E: one plane, no compression. */
void pcl_raster_reset(pcl_raster *r);
void pcl_raster_set(pcl_raster *r, const pcl_layout *layout);
/* ESC*r#A and ESC*b#Y: rows begin anew. */
void pcl_raster_seed(pcl_raster *r);
/* Would the next transfer's data change the page's ink? If not, call pcl_raster_pass instead of pcl_raster_data. */
bool pcl_raster_wants(const pcl_raster *r, bool row_end);
void pcl_raster_pass(pcl_raster *r, size_t n, bool row_end);
/* One transfer: a plane (ESC*b#V) or the row's last or only one (ESC*b#W). */
void pcl_raster_data(pcl_raster *r, const uint8_t *p, size_t n, bool row_end);
/* The ink of the page's rows; what follows is another page. */
plt_ink pcl_raster_eject(pcl_raster *r);

#endif
