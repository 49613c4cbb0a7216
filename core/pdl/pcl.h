/* SPDX-License-Identifier: Apache-2.0 */
/*
 * PCL 3 to 5, RTL and HP-GL/2 inside of them: three parts. pcl.c knows the escape grammar and nothing of pages, pcl_page.c
 * knows pages and nothing of bytes, pcl_hpgl.c knows HP-GL/2. Private to core/pdl.
 */
#ifndef PLATEN_CORE_PDL_PCL_H
#define PLATEN_CORE_PDL_PCL_H

#include "core/pdl/lang.h"

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
    uint32_t feeds;
} pcl_macro;

typedef struct pcl_page {
    plt_pdl_host *host;
    bool touched; /* anything but resets was seen */
    /* the page in the making */
    bool marked;
    bool after_reset;   /* the last thing seen was an ESC E that ejected */
    bool ink;           /* a colour raster of an inkjet: see pcl_page_feed */
    bool no_text_marks; /* PCL3GUI: drivers leak text that never prints */
    /* its state */
    uint32_t base_copies, copies;
    int base_duplex, duplex; /* -1 not said, else PLT_DUPLEX_* */
    plt_side side;           /* of the next page */
    int32_t tray, paper;
    bool landscape;
    /* the text cursor, for jobs that let text run over the bottom */
    int64_t x, y, vmi, hmi, length, top, text, unit;
    bool no_skip, wrap, cr_feeds, y_lost;
    /* macros */
    int32_t macro_id;
    pcl_macro *recording; /* into macros, NULL else */
    pcl_macro macros[PCL_MACROS];
} pcl_page;

void pcl_page_begin(pcl_page *p, plt_pdl_host *host);
/* The count is only an estimate. */
void pcl_page_doubt(pcl_page *p, const char *why);
/* Something became visible. */
void pcl_page_mark(pcl_page *p);
/* A page ends if something is on it. */
void pcl_page_eject_marked(pcl_page *p);
/* A page ends in any case: FF. */
void pcl_page_feed(pcl_page *p);
/* ESC E. */
void pcl_page_reset(pcl_page *p);
/* One character or control code of text. */
void pcl_page_text(pcl_page *p, uint8_t byte);
void pcl_page_half_line(pcl_page *p);
/* A parameterized command; values carry four decimals. `is_signed`: the value had a sign. */
void pcl_page_command(pcl_page *p, char prefix, char group, char upper, int64_t value, bool is_signed);
void pcl_page_end(pcl_page *p);

typedef struct pcl_hpgl {
    uint8_t state;
    char c1, c2;
    uint8_t terminator; /* of labels; 0 stands for ETX, the default */
    bool has_argument, label_text, quoted;
    bool pen_down, no_pen;
    bool plotter; /* HP-GL/2 is the job's own language: PG ends pages */
} pcl_hpgl;

void pcl_hpgl_enter(pcl_hpgl *h);
void pcl_hpgl_byte(pcl_hpgl *h, pcl_page *p, uint8_t byte);

/* The name of the paper that &l#A asks for; NULL when not in the table. Its size in portrait where known. */
const char *pcl_paper_name(int32_t code, int64_t *width, int64_t *height);

#endif
