/* SPDX-License-Identifier: Apache-2.0 */
/* What this PC's own ledger says of earlier jobs, for rules on "again" and on quotas. Other PCs' jobs are not in it, nor what was rolled over. */
#ifndef PLATEN_SERVICE_USAGE_H
#define PLATEN_SERVICE_USAGE_H

#include "core/policy/policy.h"
#include "core/policy/quota.h"
#include "service/ledger.h"

/* Sets PLT_P_AGAIN if a rule of the set may turn on it; what cannot be told stays unknown. `j` is whole: its size is known. `now`: Unix ms by the
   time that rules go by. */
void usage_again(ledger *l, const plt_policy *p, const plt_job *j, int64_t now, plt_policy_job *facts);

/* What `user` has used of each quota in the period of `day` (as PLT_P_DATE); those that are not each user's own stay unknown. usage takes
   PLT_POLICY_MAX_QUOTAS. */
void usage_quotas(ledger *l, const plt_policy *p, const char *user, int64_t day, plt_policy_usage *usage);
/* The same into the facts, if a rule of the set may turn on it; `usage` must live as long as they do. */
void usage_quota_facts(ledger *l, const plt_policy *p, const plt_job *j, plt_policy_job *facts, plt_policy_usage *usage);

#endif
