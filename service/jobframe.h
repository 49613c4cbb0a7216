/* SPDX-License-Identifier: Apache-2.0 */
/* From the monitor's frames (pipe or journal) to a job. Pure. */
#ifndef PLATEN_SERVICE_JOBFRAME_H
#define PLATEN_SERVICE_JOBFRAME_H

#include "core/record/record.h"
#include "core/util/status.h"

/* PLT_BAD: malformed, or BEGIN without a UID. */
plt_status jobframe_begin(const uint8_t *payload, size_t n, plt_job *j);
plt_status jobframe_end(const uint8_t *payload, size_t n, plt_job *j);
/* The job is whole: its size. PLT_BAD: not this job. */
plt_status jobframe_gated(const uint8_t *payload, size_t n, plt_job *j);
plt_status jobframe_lost(const uint8_t *payload, size_t n, uint64_t *offset, uint64_t *bytes);

/* The job ends for a reason of ours; the record's words may say more than the code's. */
void jobframe_why(plt_job *j, plt_why_code code, const char *words);

#endif
