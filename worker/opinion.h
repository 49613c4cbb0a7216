/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A second opinion on a PostScript job whose pages no stream can tell: Ghostscript executes it in a child with limits, on a page of eight pixels,
 * and puts out one byte for each side that a printer would print. Its bytes are counted and never read. Off unless the administrator names the
 * program (setting SecondOpinion); it takes time and runs what the job says, so it comes after the job has printed.
 */
#ifndef PLATEN_WORKER_OPINION_H
#define PLATEN_WORKER_OPINION_H

#include <stdbool.h>

#include "core/pdl/result.h"

#define PLT_OPINION_SECONDS 30
#define PLT_OPINION_MEMORY (512ull << 20)
#define PLT_OPINION_PAGES 10000

/* Is one wanted of a job with this answer? Only of PostScript whose pages are estimated or unknown. */
bool plt_opinion_wanted(const plt_pdl_result *r);
/* Asks `ghostscript` (full path) about the job in the file and completes the answer: what it prints becomes `estimated`, with the reason. Otherwise
   r keeps its pages and the reason says why the opinion was not to be had. Takes `seconds` at the most. */
void plt_opinion_ask(const char *ghostscript, uint32_t seconds, const char *file, plt_pdl_result *r);

#endif
