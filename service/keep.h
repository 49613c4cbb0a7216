/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A copy of a PostScript job's bytes while it prints, for a second opinion when it has printed (worker/opinion.h). Only where the administrator asked
 * for one (setting SecondOpinion); readable by the service alone, bounded, and gone when the answer is there, or with the next start.
 */
#ifndef PLATEN_SERVICE_KEEP_H
#define PLATEN_SERVICE_KEEP_H

#include "service/agent.h"

typedef struct keep {
    os_file *file; /* NULL: nothing is kept */
    uint64_t size;
    bool looked; /* at the job's first bytes */
    char path[OS_PATH_MAX];
} keep;

/* What an earlier run left. */
void keep_clear(const agent *a);
void keep_begin(keep *k, const agent *a, const char *uid);
/* Bytes of the job, in order; a gap in them ends the copy. */
void keep_add(keep *k, const void *data, size_t n);
void keep_lost(keep *k);
/* Asks, if the answer wants it, and completes it. */
void keep_ask(keep *k, const agent *a, plt_pdl_result *r);
/* Removes the copy. */
void keep_end(keep *k);

#endif
