/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Leases at the hub: accounts and leases as the store keeps them, the arithmetic of core/policy/quota.h between. Everything here runs inside the
 * writer's transaction, of which there is one at a time on a database: a unit is in one lease only. It must never take back a lease that its agent
 * has not closed, for the agent may have spent it.
 */
#include "hub/lease_api.h"

#include <string.h>

#include "core/util/text.h"

#define LEASE_DAYS 3

void hub_quotas_of(const plt_policy *p, hub_quotas *out)
{
    out->n = plt_policy_quotas(p);
    for (size_t i = 0; i < out->n; i++) {
        plt_quota_terms *t = &out->at[i].terms;
        plt_copy(out->at[i].id, sizeof out->at[i].id, plt_policy_quota_id(p, i));
        plt_quota_name(p, i, out->at[i].name);
        plt_quota_of(p, i, t);
        if (t->term_count) memcpy(out->at[i].days, t->terms, t->term_count * sizeof *t->terms);
        t->terms = out->at[i].days;
    }
}

int64_t hub_lease_until(const plt_quota_terms *q, int64_t day, int64_t now, int64_t east)
{
    for (int64_t d = day + 1; d <= day + LEASE_DAYS; d++)
        if (plt_quota_period(q, d) != plt_quota_period(q, day)) return d * 86400 - east;
    return now + LEASE_DAYS * 86400;
}

/* The account as it stands on that day; one that nobody has used yet is new. */
static plt_status account_on(hub_store *s, int64_t tenant_id, const hub_quota_key *k, const plt_quota_terms *q, int64_t day, plt_quota_account *a)
{
    plt_status status = s->ops->quota->account(s, tenant_id, k, a);
    if (status == PLT_OK) plt_quota_turn(a, q, day);
    if (status == PLT_NOTFOUND) plt_quota_open(a, q, day);
    return status == PLT_NOTFOUND ? PLT_OK : status;
}

plt_status hub_quota_change(hub_store *s, int64_t tenant_id, const hub_quota_key *k, const plt_quota_terms *q, int64_t day, int64_t units, bool reset)
{
    plt_quota_account a;
    plt_status status = account_on(s, tenant_id, k, q, day, &a);
    if (status != PLT_OK) return status;
    if (reset) plt_quota_reset(&a);
    plt_quota_give(&a, units);
    return s->ops->quota->account_put(s, tenant_id, k, &a);
}

plt_status hub_lease_close(hub_store *s, int64_t tenant_id, const char *agent, const hub_quotas *q, const plt_lease_closed *c)
{
    hub_lease l;
    plt_quota_account a;
    plt_quota_terms terms = {.limit = 0}; /* of a quota that the set has no more: nothing of it rolls over */
    plt_status status = s->ops->quota->lease(s, tenant_id, agent, c->id, &l);
    if (status == PLT_OK) status = s->ops->quota->account(s, tenant_id, &l.key, &a);
    if (status != PLT_OK) return status;
    for (size_t i = 0; i < q->n; i++)
        if (strcmp(q->at[i].name, l.key.quota) == 0) terms = q->at[i].terms;
    if (!plt_quota_settle(&a, &terms, &l.row, c->spent)) return PLT_OK; /* it came again */
    status = s->ops->quota->account_put(s, tenant_id, &l.key, &a);
    return status == PLT_OK ? s->ops->quota->lease_put(s, tenant_id, &l) : status;
}

plt_status hub_lease_beyond(hub_store *s, int64_t tenant_id, const hub_lease *l, const plt_quota_terms *q, int64_t day, int64_t units)
{
    hub_lease row = *l;
    plt_quota_account a;
    plt_status status = s->ops->quota->lease(s, tenant_id, l->agent, l->id, &row);
    if (status != PLT_NOTFOUND) return status; /* it came again */
    status = account_on(s, tenant_id, &l->key, q, day, &a);
    if (status != PLT_OK) return status;
    a.spent = a.spent > PLT_QUOTA_MOST - units ? PLT_QUOTA_MOST : a.spent + units;
    row = *l;
    row.row = (plt_quota_row){.period = a.period, .units = units, .until = day * 86400, .spent = units, .state = PLT_LEASE_SETTLED};
    status = s->ops->quota->account_put(s, tenant_id, &l->key, &a);
    return status == PLT_OK ? s->ops->quota->lease_put(s, tenant_id, &row) : status;
}

plt_status hub_lease_grant(hub_store *s, int64_t tenant_id, hub_lease *l, const plt_quota_terms *q, int64_t day, const plt_lease_ask *ask,
                           int64_t until, plt_lease_granted *out)
{
    plt_quota_account a;
    hub_lease known;
    int64_t own = 0;
    plt_status status = account_on(s, tenant_id, &l->key, q, day, &a);
    if (status == PLT_OK) status = s->ops->quota->lease(s, tenant_id, l->agent, l->id, &known);
    bool again = status == PLT_OK;
    if (again) l->row = known.row;
    if (status == PLT_NOTFOUND) {
        l->row = plt_lease_grant(&a, q, ask->want, ask->job, until);
        status = s->ops->quota->account_put(s, tenant_id, &l->key, &a);
        if (status == PLT_OK && l->row.units) status = s->ops->quota->lease_put(s, tenant_id, l);
    }
    if (status == PLT_OK) status = s->ops->quota->lease_out(s, tenant_id, l->agent, &l->key, a.period, &own);
    plt_policy_usage u = plt_quota_usage(&a, q);
    *out = (plt_lease_granted){.units = again && l->row.state != PLT_LEASE_OUT ? 0 : l->row.units,
                               .until = l->row.until,
                               .others = u.used > own ? u.used - own : 0,
                               .limit = u.limit,
                               .over = u.over > 0 ? u.over : 0};
    plt_copy(out->id, sizeof out->id, l->id);
    plt_copy(out->owner, sizeof out->owner, l->key.owner);
    return status;
}

static bool note_called(void *ctx, const char *agent, const char *id)
{
    hub_called *c = ctx;
    if (c->n == HUB_CALLED_MOST) return false;
    plt_copy(c->at[c->n].agent, sizeof c->at[0].agent, agent);
    plt_copy(c->at[c->n++].lease, sizeof c->at[0].lease, id);
    return true;
}

plt_status hub_lease_call_back(hub_store *s, int64_t tenant_id, const hub_lease *l, const plt_quota_terms *q, int64_t day, const plt_lease_ask *ask,
                               hub_called *out)
{
    plt_quota_account a;
    int64_t own = 0;
    if (!ask->job || l->row.units >= ask->job || out->n == HUB_CALLED_MOST) return PLT_OK;
    plt_status status = account_on(s, tenant_id, &l->key, q, day, &a);
    if (status == PLT_OK) status = s->ops->quota->lease_out(s, tenant_id, l->agent, &l->key, a.period, &own);
    if (status != PLT_OK || ask->job > plt_quota_left(&a, q) + (a.leased - own)) return status; /* all of it would not do */
    return s->ops->quota->lease_others(s, tenant_id, l->agent, &l->key, a.period, note_called, out);
}
