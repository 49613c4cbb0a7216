/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the analyser gives a language for one segment: what the envelope said, bounded memory, and where to put what it finds. A language
 * reports one side after the other (plt_pdl_page) and what it doubts (plt_pdl_doubt); copies, sheets, papers, colour counts, the list of pages and
 * the certainty of each fact are worked out here, once for all languages. Private to core/pdl.
 */
#ifndef PLATEN_CORE_PDL_HOST_H
#define PLATEN_CORE_PDL_HOST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/pdl/ink.h"
#include "core/pdl/result.h"

#define PLT_ENTER_SIZE 24

/* What the envelope says before the data. */
typedef struct plt_pdl_env {
    char entered[PLT_ENTER_SIZE]; /* ENTER LANGUAGE in upper case; "" none */
    uint32_t copies;              /* PJL COPIES: of each page, uncollated; 0 not said */
    uint32_t quantity;            /* PJL QTY: of the whole job; 0 not said */
    plt_maybe duplex;
    bool tumble; /* BINDING=SHORTEDGE, which may stand before or after DUPLEX=ON */
    char paper[PLT_PAPER_SIZE];
    bool mono;          /* RENDERMODE=GRAYSCALE: grey whatever the data says */
    bool held;          /* HOLD: stored in the printer, perhaps printed later or never */
    bool range;         /* JOB START= or END=: the printer leaves pages out */
    uint32_t range_end; /* of a range from the first page on: its last page; 0: it begins later */
    uint32_t nup;       /* pages that the printer puts on one side; 0 or 1: one */
    bool booklet;       /* the printer puts the pages into another order, two on a side */
    bool ticket;        /* the copies are from a job ticket in comments */
    uint32_t image;     /* IMAGELEN: so many bytes of a picture follow the line (Ricoh DDST); 0 not said */
} plt_pdl_env;

typedef struct plt_pdl_host plt_pdl_host;

/* ---- what the language may ask ---- */

const plt_pdl_env *plt_pdl_said(const plt_pdl_host *h);
/* Only pages are wanted: ink may stay unknown, and nothing need be decoded for it. */
bool plt_pdl_count_only(const plt_pdl_host *h);
/* Zeroed memory, freed with the segment; NULL beyond PLT_PDL_MEMORY_MAX for the whole analysis or without memory: then give up on what it was
   for, with plt_pdl_doubt. */
void *plt_pdl_alloc(plt_pdl_host *h, size_t n);
/* p (NULL: a new block) with at least n bytes, its content kept, new bytes zeroed; NULL as above, and p is still there. Grow in large steps. */
void *plt_pdl_resize(plt_pdl_host *h, void *p, size_t n);
/* Before p's segment ends, when it is large. NULL-safe. */
void plt_pdl_release(plt_pdl_host *h, void *p);
/* Counts n bytes that a decoder put out; false once a job has unpacked more than PLT_PDL_DECODE_MAX: a bomb, to be left alone. */
bool plt_pdl_spend(plt_pdl_host *h, size_t n);

/* ---- what it reports ---- */

#define PLT_UNSAID (-1)

typedef enum plt_side {
    PLT_SIDE_NEXT,  /* the next one of the sheet, or of a new sheet */
    PLT_SIDE_FRONT, /* starts a sheet: another tray or paper, or forced */
    PLT_SIDE_BACK,  /* forced: if no front is waiting, an empty front is passed through */
} plt_side;

/* One side as a device prints it. */
typedef struct plt_pdl_page_info {
    uint32_t copies; /* of this page by itself; 0: the data do not say, and the envelope's COPIES holds */
    plt_ink ink;
    int duplex; /* PLT_DUPLEX_*, or PLT_UNSAID: the envelope's holds */
    plt_side side;
    const char *paper; /* "A4"; NULL or "": not said. Copied */
} plt_pdl_page_info;

void plt_pdl_page(plt_pdl_host *h, const plt_pdl_page_info *page);
/* n more pages like this one. */
void plt_pdl_pages(plt_pdl_host *h, const plt_pdl_page_info *page, uint64_t n);
/* How many sides were reported so far. */
uint64_t plt_pdl_page_count(const plt_pdl_host *h);
/* Collated copies of the whole segment, where the data say so (they replace PJL's QTY); 1 is the default. */
void plt_pdl_job_copies(plt_pdl_host *h, uint32_t n);
/* The fact is known no better than this; the first reason for the lowest level stands. PLT_CONF_UNKNOWN makes it unknown. Facts begin as exact.
   `reason`: what a person can read, without the fact's name. */
void plt_pdl_doubt(plt_pdl_host *h, plt_fact fact, plt_confidence at_most, const char *reason);
/* What made the data ("Creator"): cut, control characters made visible. The first one stands. */
void plt_pdl_producer(plt_pdl_host *h, const void *text, size_t n);
/* Another name than the language's own: a dialect. */
void plt_pdl_language(plt_pdl_host *h, const char *name);
/* Logical pages on each side. */
void plt_pdl_nup(plt_pdl_host *h, uint32_t n);
/* Copies of each page (0: as before) and sides (PLT_UNSAID: as before) that hold for what follows this segment without a UEL, as if PJL had set them.
 */
void plt_pdl_carry(plt_pdl_host *h, uint32_t copies, int duplex);
/* The segment held something that only this language could mean, though no page of it was reported: without this and without a page it is
   skipped, as resets and white space between segments are. */
void plt_pdl_touch(plt_pdl_host *h);

#endif
