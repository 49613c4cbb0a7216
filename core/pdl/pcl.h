/* SPDX-License-Identifier: Apache-2.0 */
/*
 * PCL 3 to 5, RTL, LAVAFLOW and HP-GL/2: pcl.c knows the escape grammar and nothing of pages, pcl_page.c knows pages and nothing of bytes,
 * pcl_macro.c keeps macros, pcl_hpgl.c knows HP-GL/2, pcl_color.c palettes, pcl_raster.c and pcl_rows.c what raster rows paint. Private to
 * core/pdl.
 */
#ifndef PLATEN_CORE_PDL_PCL_H
#define PLATEN_CORE_PDL_PCL_H

#include "core/pdl/lang.h"
#include "core/pdl/pcl_color.h"
#include "core/pdl/pcl_raster.h"

/* Lengths and positions are in 1/7200 inch: PCL units, decipoints and 1/48 inch all go into it. */
#define PCL_INCH 7200
/* Numbers of the grammar carry four decimals. */
#define PCL_ONE 10000

#define PCL_MACROS 64

typedef struct pcl_macro {
    int32_t id;
    bool used;
    bool marks_first; /* marks before its first form feed */
    bool marks_last;  /* marks behind its last one */
    bool changes;     /* copies, sides or paper: not followed */
    bool colors;      /* palettes or colours: not followed */
    plt_ink rows;     /* of its rasters, which are not unpacked */
    uint32_t feeds;
} pcl_macro;

typedef struct pcl_page {
    plt_pdl_host *host;
    bool touched; /* anything but resets was seen */
    /* the page in the making */
    bool marked;
    bool after_reset;   /* the last thing seen was an ESC E that ejected */
    bool inkjet;        /* a colour raster of an inkjet: see pcl_page_feed */
    bool no_text_marks; /* PCL3GUI: drivers leak text that never prints */
    bool configured;    /* by ESC*g#W: with ESC*rC a page, though nothing be on it */
    bool raster_ended;  /* ESC*rC was seen */
    plt_ink paint;      /* what is on it, but for its raster */
    plt_ink ejected;    /* what was on the one before */
    pcl_color color;
    pcl_raster raster;
    /* its state */
    uint32_t base_copies, copies;
    int base_duplex, duplex; /* -1 not said, else PLT_DUPLEX_* */
    plt_side side;           /* of the next page */
    int32_t tray, paper;
    int64_t custom_width, custom_length; /* ESC&f#I and #J, for paper 101 */
    bool landscape;
    /* the text cursor, for jobs that let text run over the bottom */
    int64_t x, y, vmi, hmi, length, right, top, text, unit;
    bool no_skip, wrap, cr_feeds, y_lost;
    /* macros */
    int32_t macro_id;
    bool overlay_on;
    int32_t overlay_id;
    pcl_macro *recording; /* into macros, NULL else */
    pcl_macro macros[PCL_MACROS];
} pcl_page;

void pcl_page_begin(pcl_page *p, plt_pdl_host *host);
/* The count is only an estimate. */
void pcl_page_doubt(pcl_page *p, const char *why);
/* Something was drawn, in ink that may be white. */
void pcl_page_mark(pcl_page *p, plt_ink ink);
/* A page ends if something is on it. */
void pcl_page_eject_marked(pcl_page *p);
/* A page ends in any case: FF. */
void pcl_page_feed(pcl_page *p);
/* The page that was ejected last, n more times. */
void pcl_page_again(pcl_page *p, uint32_t n);
/* ESC E. */
void pcl_page_reset(pcl_page *p);
/* One character or control code of text. */
void pcl_page_text(pcl_page *p, uint8_t byte);
/* Printable bytes at the front of these n, where text neither wraps nor moves pages; 0: take them one by one. */
size_t pcl_page_text_run(pcl_page *p, const uint8_t *s, size_t n);
void pcl_page_half_line(pcl_page *p);
/* A parameterized command; values carry four decimals. `is_signed`: the value had a sign. */
void pcl_page_command(pcl_page *p, char prefix, char group, char upper, int64_t value, bool is_signed);
/* A row of raster graphics, or a plane of it, begins: n bytes. Are its data wanted? */
bool pcl_page_row(pcl_page *p, uint64_t n, bool row_end);
/* Is no row looked at? Then many rows in sequence are the same to pcl_page_row as one of them that is not empty. */
bool pcl_page_passes_rows(const pcl_page *p);
/* Its data, when they were wanted. */
void pcl_page_row_data(pcl_page *p, const uint8_t *s, size_t n, bool row_end);
/* ESC*g#W, whatever its data. */
void pcl_page_configured(pcl_page *p);
/* Data of ESC*v#W or ESC*g#W. */
void pcl_page_color_data(pcl_page *p, char group, const uint8_t *s, size_t n);
void pcl_page_end(pcl_page *p);

/* ESC&f#X with the present id. */
void pcl_macro_control(pcl_page *p, int32_t what);
/* What the overlay adds to each page. */
plt_ink pcl_macro_overlay(const pcl_page *p);
/* A mark while a macro is recorded. */
void pcl_macro_mark(pcl_macro *m, plt_ink rows);

#define PCL_PENS 256
#define PCL_NUMBERS 8

typedef struct pcl_hpgl {
    uint8_t state;
    char c1, c2;
    uint8_t terminator; /* of labels; 0 stands for ETX, the default */
    bool has_argument, label_text, quoted, wants;
    bool pen_down, no_pen;
    bool plotter;   /* HP-GL/2 is the job's own language: PG ends pages */
    bool pen_begun; /* in encoded lines: a pen's number follows */
    plt_ink pen;    /* of the pen in hand */
    bool told;      /* that pens are taken to have their default colours */
    uint8_t pens[PCL_PENS];
    int32_t range[6]; /* CR: black and white of each component */
    /* the numbers of the present instruction, whole parts */
    int32_t number[PCL_NUMBERS];
    size_t numbers;
    bool in_number, negative, fraction;
} pcl_hpgl;

void pcl_hpgl_begin(pcl_hpgl *h);
/* ESC%#B: behind it instructions follow. */
void pcl_hpgl_enter(pcl_hpgl *h);
/* Bytes up to an ESC, which is not taken; how many were. */
size_t pcl_hpgl_feed(pcl_hpgl *h, pcl_page *p, const uint8_t *s, size_t n);
/* Do these bytes begin with HP-GL instructions? */
plt_probe pcl_hpgl_probe(const uint8_t *s, size_t n, bool last);

/* A size of one's own. */
#define PCL_CUSTOM 101

/* The name of the paper that &l#A asks for; NULL when not in the table. Its size in portrait where known. */
const char *pcl_paper_name(int32_t code, int64_t *width, int64_t *height);

#endif
