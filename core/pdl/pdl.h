/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Page analysis of print data, as a stream: begin, feed any number of times, end. The answer does not depend on how
 * the bytes were cut into chunks. Memory is bounded by PLT_PDL_MEMORY_MAX whatever the job says of itself; bytes are
 * looked at once and not kept. Pure: no I/O, no clock. It parses what applications sent, so it runs in the worker.
 */
#ifndef PLATEN_CORE_PDL_PDL_H
#define PLATEN_CORE_PDL_PDL_H

#include <stddef.h>
#include <stdint.h>

#include "core/pdl/pages.h"
#include "core/pdl/result.h"
#include "core/util/status.h"

/* A little of the 8 MB stays for the analyser itself and the list of pages. */
#define PLT_PDL_MEMORY_MAX (6u << 20)
/* What decoders may put out for one job. */
#define PLT_PDL_DECODE_MAX (8ull << 30)

typedef struct plt_pdl plt_pdl;

typedef struct plt_pdl_options {
    bool count_only; /* no colour: nothing is decoded for it */
    bool page_list;  /* keep what plt_pdl_page_list gives */
} plt_pdl_options;

/* PLT_NOMEM. `options` NULL: none set. Free with plt_pdl_free. */
plt_status plt_pdl_begin(plt_pdl **out, const plt_pdl_options *options);
void plt_pdl_feed(plt_pdl *a, const void *data, size_t n);
/* n bytes of the job are missing here. What came before still counts for the language, pages become unknown. */
void plt_pdl_lost(plt_pdl *a, uint64_t n);
/* No more bytes: the answer. To be called once, before plt_pdl_free. */
void plt_pdl_end(plt_pdl *a, plt_pdl_result *out);
/* After plt_pdl_end: the pages one by one, in runs. Means something only when the result's pages are known. Borrowed; empty if not asked for. */
const plt_page_list *plt_pdl_page_list(const plt_pdl *a);
/* NULL-safe. */
void plt_pdl_free(plt_pdl *a);

#endif
