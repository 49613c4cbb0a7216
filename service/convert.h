/* SPDX-License-Identifier: Apache-2.0 */
/* Rewriting a job's file to both sides or to grey (docs/convert.md): the service's one door to it. The work is a worker's. */
#ifndef PLATEN_SERVICE_CONVERT_H
#define PLATEN_SERVICE_CONVERT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/pdl/result.h"
#include "core/util/status.h"

#define CONVERT_WHY 256
/* While a monitor waits for the ruling: with the analysis' ten seconds well within its thirty. */
#define CONVERT_AT_GATE_MS 15000

typedef struct convert_wish {
    bool duplex, grey;
    uint32_t edge; /* duplex: 1 long, 2 short */
} convert_wish;

typedef struct convert_result {
    plt_pdl_result analysis; /* of the new job */
    uint64_t bytes;
    char why[CONVERT_WHY]; /* why not; "" when it was done */
} convert_result;

/* Writes the job in file `from` to the new private file `to`, within ms (0: as long as a worker may take). PLT_UNSUPPORTED: this job cannot be
   rewritten so. On failure there is no `to`, and `why` says why. */
plt_status convert_job(const char *from, const char *to, const convert_wish *w, uint32_t ms, convert_result *out);

#endif
