/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a job's user may still use: people's groups and quotas as the hub keeps them, joined with the policy in force. Where the hub's policy is not
 * in force, groups are unknown and quotas are counted from this PC's own records (service/usage.h).
 */
#ifndef PLATEN_SERVICE_ALLOWANCE_H
#define PLATEN_SERVICE_ALLOWANCE_H

#include "core/policy/policy.h"
#include "service/agent.h"

#define ALLOWANCE_WAIT_MS 5000 /* for the hub, of the 30 s that a monitor waits */

/* `whose` below has the groups by which quotas go: those of the hub's directory, and no others, as the hub grants by them. */

/* Sets PLT_P_GROUP from what the hub said of the user; `groups` must live as long as the facts. False: it has said nothing yet. */
bool allowance_groups(agent *a, const plt_job *j, plt_policy_job *facts, char groups[PLT_POLICY_LIST_MAX]);
/* Can the hub still be asked? Then groups count as a fact that comes later. */
bool allowance_may_ask(agent *a);
/* The job is whole: takes its units of every quota, of its account's too if it names one; waits for the hub for `wait_ms` at most where that is not
   enough and a rule turns on it, and sets the facts. What it took before it keeps. Words for the record where the hub was needed and did not answer
   go to its note. */
void allowance_take(agent *a, const plt_policy *p, plt_job *j, const plt_policy_job *whose, plt_policy_job *facts, plt_policy_usage *usage,
                    uint32_t wait_ms);
/* Does the job count for a quota of its account, once it has one? */
bool allowance_of_accounts(agent *a, const plt_policy *p, const plt_policy_job *whose);
/* The usage of these quotas as of accounts that have used nothing. */
void allowance_as_if_free(const plt_policy *p, const plt_policy_job *whose, plt_policy_usage *usage);
/* What is used now, of the quotas of one user; nothing is taken. */
void allowance_usage(agent *a, const plt_policy *p, const char *user, plt_policy_usage *usage);
/* The job is over, its record is about to be written: what it took stays used or goes back, and what printed without a lease is noted. */
void allowance_settle(agent *a, const plt_job *j);

/* Before a call to the hub: asks for what the people who printed here since `idle` will need while the hub is away. */
void allowance_foresee(agent *a, int64_t now, int64_t idle);

#endif
