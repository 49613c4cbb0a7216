/* SPDX-License-Identifier: Apache-2.0 */
/* The list of a job's pages in runs of equal ones: bounded, and small for real jobs. */
#ifndef PLATEN_CORE_PDL_PAGES_H
#define PLATEN_CORE_PDL_PAGES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/pdl/ink.h"

#define PLT_RUNS_MAX 65536u
#define PLT_RUN_PAPERS 32
#define PLT_RUN_PAPER_SIZE 24

typedef struct plt_page_run {
    uint32_t pages;
    uint16_t copies; /* of each page by itself */
    uint8_t ink;     /* plt_ink */
    int8_t duplex;   /* PLT_DUPLEX_*, or -1 not said */
    uint8_t paper;   /* 1 + index into the list's papers; 0 not known */
} plt_page_run;

typedef struct plt_page_list {
    plt_page_run *runs; /* owned */
    size_t n, cap;
    bool cut; /* more runs than are kept */
    uint8_t papers_n;
    char papers[PLT_RUN_PAPERS][PLT_RUN_PAPER_SIZE];
} plt_page_list;

/* Adds n pages; what does not fit sets `cut`. */
void plt_page_list_add(plt_page_list *l, uint32_t n, plt_ink ink, uint32_t copies, int duplex, const char *paper);
/* The same for a run as it came over a wire, its paper among l's own. */
void plt_page_list_run(plt_page_list *l, const plt_page_run *run);
void plt_page_list_clear(plt_page_list *l);

#endif
