/* SPDX-License-Identifier: Apache-2.0 */
/* What agents ask of quotas and of people's groups, in one call (docs/policy-hub.md, "Leases"), and what changes an account beside them. */
#ifndef PLATEN_HUB_LEASE_API_H
#define PLATEN_HUB_LEASE_API_H

#include "core/policy/lease.h"
#include "hub/task.h"

hub_step hub_api_leases(hub_worker *w, hub_task *t);

/* The quotas of a set, as the writer needs them: without the set. */
typedef struct hub_quotas {
    struct {
        char id[PLT_POLICY_ID_SIZE], name[PLT_QUOTA_NAME_SIZE];
        plt_quota_terms terms;
        int64_t days[64]; /* of terms: the most that a set can have */
    } at[PLT_POLICY_MAX_QUOTAS];
    size_t n;
} hub_quotas;
void hub_quotas_of(const plt_policy *p, hub_quotas *out);

/* One report and one grant, inside the writer's transaction. `day` is the hub's, as PLT_P_DATE; times are Unix seconds. PLT_NOTFOUND of a report:
 * this hub does not know the lease. */
plt_status hub_lease_close(hub_store *s, int64_t tenant_id, const char *agent, const hub_quotas *q, const plt_lease_closed *c);
plt_status hub_lease_beyond(hub_store *s, int64_t tenant_id, const hub_lease *l, const plt_quota_terms *q, int64_t day, int64_t units);
/* `l` has agent, id and key. An id that was granted before gives what it gave then. */
plt_status hub_lease_grant(hub_store *s, int64_t tenant_id, hub_lease *l, const plt_quota_terms *q, int64_t day, const plt_lease_ask *ask,
                           int64_t until, plt_lease_granted *out);
/* What an administrator gives (below 0: takes), after the period has begun anew where that is asked for. */
plt_status hub_quota_change(hub_store *s, int64_t tenant_id, const hub_quota_key *k, const plt_quota_terms *q, int64_t day, int64_t units,
                            bool reset);
/* After a grant that did not suffice for the job: could leases that others have out make up for it? Then they are named, a few of them: somebody is
 * to ask their agents to give back what lies idle. Nothing is taken from anybody. */
#define HUB_CALLED_MOST 8
typedef struct hub_called {
    struct {
        char agent[HUB_AGENT_ID], lease[PLT_LEASE_ID];
    } at[HUB_CALLED_MOST];
    size_t n;
} hub_called;
plt_status hub_lease_call_back(hub_store *s, int64_t tenant_id, const hub_lease *l, const plt_quota_terms *q, int64_t day, const plt_lease_ask *ask,
                               hub_called *out);
/* When a lease that is given now ends: with its period, after three days at most. */
int64_t hub_lease_until(const plt_quota_terms *q, int64_t day, int64_t now, int64_t east);

#endif
