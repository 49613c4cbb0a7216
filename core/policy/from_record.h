/* SPDX-License-Identifier: Apache-2.0 */
/* From a record of the ledger to the facts that a policy asks about: the one place where the two meet, for the agent, the hub and the back-test
 * alike. */
#ifndef PLATEN_CORE_POLICY_FROM_RECORD_H
#define PLATEN_CORE_POLICY_FROM_RECORD_H

#include "core/policy/policy.h"
#include "core/record/record.h"

/* Groups, server, device, cost, quotas and whether it was printed before are not in a record: the caller adds them. Its hour is the
   one that it was ruled by; `east`, how many seconds local time is ahead of UTC when the job began, counts where the record does not say it. Texts
   point into the record. */
void plt_policy_job_of(const plt_job *record, int64_t east, plt_policy_job *out);

#endif
