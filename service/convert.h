/* SPDX-License-Identifier: Apache-2.0 */
/* Rewriting a job's data to both sides or to grey: the one door to it (docs/enforcement.md). */
#ifndef PLATEN_SERVICE_CONVERT_H
#define PLATEN_SERVICE_CONVERT_H

#include <stdbool.h>
#include <stdint.h>

#include "core/util/status.h"

typedef struct convert_wish {
    bool duplex, grey;
    uint32_t edge; /* duplex: 1 long, 2 short */
} convert_wish;

/* Can any job be rewritten so here? What it says costs nothing: it is asked before a job is kept back. */
bool convert_possible(const convert_wish *w);
/* Writes the job in file `from` to the new private file `to`. PLT_UNSUPPORTED: this job cannot be; os_error_text() says why. On failure there is no
   `to`. */
plt_status convert_job(const char *from, const char *to, const convert_wish *w);

#endif
