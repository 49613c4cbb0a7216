/* SPDX-License-Identifier: Apache-2.0 */
/* One segment's sums and the sum over a job's segments. Private to pdl.c, host.c and job.c. */
#ifndef PLATEN_CORE_PDL_JOB_H
#define PLATEN_CORE_PDL_JOB_H

#include "core/pdl/lang.h"
#include "core/pdl/pages.h"

/* What the whole analysis may use. */
typedef struct plt_pdl_budget {
    size_t memory;    /* bytes in use */
    uint64_t decoded; /* bytes put out by decoders */
} plt_pdl_budget;

struct plt_pdl_host {
    const plt_pdl_env *env; /* borrowed for the segment */
    plt_pdl_budget *budget;
    plt_page_list *list; /* NULL: not wanted */
    bool count_only;
    struct plt_pdl_block *blocks;
    /* counted */
    uint64_t pages, impressions, sheets, colored, blank;
    uint32_t first_copies, job_copies, front_copies;
    int first_duplex;
    bool copies_differ, duplex_differ, sheets_unknown, front_waits;
    bool ink_unknown, blank_unknown, touched;
    char papers[PLT_PAPER_SIZE], last_paper[PLT_PAPER_SIZE];
    char language[PLT_LANGUAGE_SIZE], producer[PLT_PRODUCER_SIZE];
    uint32_t nup;
    uint32_t carried_copies;
    int carried_duplex;
    plt_certainty certainty[PLT_FACTS];
};

void plt_pdl_host_begin(plt_pdl_host *h, const plt_pdl_env *env, plt_pdl_budget *budget, plt_page_list *list, bool count_only);
/* The segment's result; frees what the language allocated. `name`: the language's own. */
void plt_pdl_host_end(plt_pdl_host *h, const char *name, plt_pdl_segment *out);

typedef struct plt_pdl_total {
    plt_pdl_result r;
    uint32_t segments;       /* that print something, or may */
    plt_pdl_segment nothing; /* one that prints nothing but has a language: the answer if there is no other */
    bool has_nothing;
} plt_pdl_total;

void plt_pdl_total_add(plt_pdl_total *t, const plt_pdl_segment *s, const plt_pdl_env *env);
/* The job's answer; `lost` bytes of it were never seen. */
void plt_pdl_total_end(plt_pdl_total *t, uint64_t bytes, uint64_t lost, plt_pdl_result *out);

#endif
