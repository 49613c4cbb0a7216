/* SPDX-License-Identifier: Apache-2.0 */
/* What this PC's own ledger says of earlier jobs, for rules on "again". Other PCs' jobs are not in it. */
#ifndef PLATEN_SERVICE_USAGE_H
#define PLATEN_SERVICE_USAGE_H

#include "core/policy/policy.h"
#include "service/ledger.h"

/* Sets PLT_P_AGAIN if a rule of the set may turn on it; what cannot be told stays unknown. `j` is whole: its size is known. */
void usage_again(ledger *l, const plt_policy *p, const plt_job *j, plt_policy_job *facts);

#endif
