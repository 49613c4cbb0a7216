/* SPDX-License-Identifier: Apache-2.0 */
/*
 * POST /agent/v1/leases. What is read (the agent's set, people's groups) is read on a worker; what is written, on the writer. Whose quota a lease is
 * of is the hub's word, by its own set and its own directory: an agent cannot ask for units of a quota that its set does not have, nor of one that
 * the person does not have. Which day it is, is the hub's word too.
 */
#include "hub/lease_api.h"

#include <stdlib.h>
#include <string.h>

#include "core/util/text.h"
#include "hub/bundle.h"
#include "hub/handler.h"
#include "hub/hub.h"
#include "os/clock.h"

#define NO_QUOTA SIZE_MAX

/* One allocation, freed with the task. */
typedef struct lease_call {
    plt_lease_request in;
    plt_lease_reply out;
    hub_quotas quotas;
    size_t groups[PLT_LEASE_ROWS];                            /* of each person asked for: where they begin in the task's plain */
    size_t ask_of[PLT_LEASE_ROWS], beyond_of[PLT_LEASE_ROWS]; /* which quota; NO_QUOTA: none of the person's */
    hub *hub;                                                 /* NULL: nobody is told */
    hub_called called;
    char ask_owner[PLT_LEASE_ROWS][PLT_LEASE_OWNER], beyond_owner[PLT_LEASE_ROWS][PLT_LEASE_OWNER];
} lease_call;

static bool add_group(void *ctx, const char *group)
{
    plt_buf *b = ctx;
    if (b->len && b->data[b->len - 1]) plt_buf_byte(b, '\n');
    plt_buf_text(b, group);
    return b->status == PLT_OK;
}

/* The person's groups, one a line, appended with a terminator. */
static plt_status read_groups(hub_store *s, int64_t tenant_id, const char *person, plt_buf *b)
{
    plt_status status = s->ops->quota->groups_of(s, tenant_id, person, add_group, b);
    plt_buf_byte(b, 0);
    return status == PLT_OK ? b->status : status;
}

static plt_status read_people(hub_worker *w, hub_task *t, lease_call *c)
{
    plt_status status = PLT_OK;
    plt_buf_clear(&t->plain);
    for (size_t i = 0; status == PLT_OK && i < c->in.person_n; i++) {
        c->groups[i] = t->plain.len;
        status = read_groups(w->store, t->agent.tenant_id, c->in.people[i], &t->plain);
    }
    return status;
}

/* The quota that the ask is of, and whose; NO_QUOTA when the set has none such, or the person does not have it. */
static plt_status place(hub_worker *w, int64_t tenant_id, const plt_policy *p, const plt_lease_ask *ask, size_t *quota, char owner[PLT_LEASE_OWNER])
{
    plt_policy_job job;
    plt_buf groups;
    char person[PLT_PERSON_SIZE];
    size_t i = 0, n = plt_policy_quotas(p);
    *quota = NO_QUOTA;
    owner[0] = 0;
    while (i < n && strcmp(plt_policy_quota_id(p, i), ask->quota) != 0) i++;
    if (i == n || !plt_person(ask->user, person)) return PLT_OK;
    plt_buf_init(&groups, PLT_LEASE_REPLY_MAX);
    plt_status status = read_groups(w->store, tenant_id, person, &groups);
    plt_policy_job_init(&job);
    plt_policy_set_text(&job, PLT_P_GROUP, plt_buf_str(&groups), PLT_POLICY_EXACT);
    plt_quota_whose whose = status == PLT_OK ? plt_quota_who(p, i, &job) : PLT_QUOTA_NOBODYS;
    plt_buf_free(&groups);
    if (whose == PLT_QUOTA_NOBODYS || whose == PLT_QUOTA_UNKNOWN || (whose == PLT_QUOTA_ACCOUNTS && !*ask->account)) return status;
    *quota = i;
    if (whose != PLT_QUOTA_GROUPS) plt_copy(owner, PLT_LEASE_OWNER, whose == PLT_QUOTA_USERS ? person : ask->account);
    return status;
}

/* What of the request is of which quota, by the set that is assigned to the agent. */
static plt_status read_quotas(hub_worker *w, hub_task *t, lease_call *c)
{
    hub_assignment a;
    plt_buf text;
    plt_policy *p = NULL;
    char error[PLT_POLICY_ERROR_SIZE];
    int64_t tenant = t->agent.tenant_id;
    plt_status status = hub_assignment_of(w->store, tenant, t->agent.id, &a);
    if (status == PLT_NOTFOUND) return PLT_OK;
    plt_buf_init(&text, PLT_POLICY_MAX_BYTES + 1);
    if (status == PLT_OK) status = w->store->ops->policy->version_text(w->store, tenant, a.set, a.version, &text);
    if (status == PLT_OK) status = plt_policy_compile(&p, plt_buf_str(&text), text.len, error);
    plt_buf_free(&text);
    if (status == PLT_OK) hub_quotas_of(p, &c->quotas);
    for (size_t i = 0; status == PLT_OK && i < c->in.ask_n; i++) status = place(w, tenant, p, &c->in.ask[i], &c->ask_of[i], c->ask_owner[i]);
    for (size_t i = 0; status == PLT_OK && i < c->in.beyond_n; i++)
        status = place(w, tenant, p, &c->in.beyond[i], &c->beyond_of[i], c->beyond_owner[i]);
    plt_policy_free(p);
    return status;
}

static hub_lease lease_of(const hub_task *t, const lease_call *c, const char *id, size_t quota, const char *owner)
{
    hub_lease l = {.agent = ""};
    plt_copy(l.agent, sizeof l.agent, t->agent.id);
    plt_copy(l.id, sizeof l.id, id);
    plt_copy(l.key.quota, sizeof l.key.quota, c->quotas.at[quota].name);
    plt_copy(l.key.owner, sizeof l.key.owner, owner);
    return l;
}

/* Reports first: what they give back can be granted. */
static plt_status write_reports(hub_store *s, hub_task *t, lease_call *c, int64_t day)
{
    plt_status status = PLT_OK;
    for (size_t i = 0; status == PLT_OK && i < c->in.closed_n; i++) {
        status = hub_lease_close(s, t->agent.tenant_id, t->agent.id, &c->quotas, &c->in.closed[i]);
        if (status == PLT_NOTFOUND) status = PLT_OK; /* a hub whose store came from a backup does not know it any more */
    }
    for (size_t i = 0; status == PLT_OK && i < c->in.beyond_n; i++) {
        size_t q = c->beyond_of[i];
        if (q == NO_QUOTA) continue;
        hub_lease l = lease_of(t, c, c->in.beyond[i].id, q, c->beyond_owner[i]);
        status = hub_lease_beyond(s, t->agent.tenant_id, &l, &c->quotas.at[q].terms, day, c->in.beyond[i].want);
    }
    return status;
}

/* Links of other hubs on this store. */
static plt_status tell_others(hub_store *s, const hub_called *called)
{
    plt_status status = PLT_OK;
    for (size_t i = 0; status == PLT_OK && i < called->n; i++) {
        hub_telling t = {.what = HUB_TOLD_LEASE, .n = 1};
        plt_copy(t.agent, sizeof t.agent, called->at[i].agent);
        plt_copy(t.lease, sizeof t.lease, called->at[i].lease);
        status = s->ops->tell(s, &t);
    }
    return status;
}

static void tell_own(hub_task *t)
{
    const lease_call *c = t->more;
    for (size_t i = 0; c->hub && i < c->called.n; i++) hub_told_lease(c->hub, c->called.at[i].agent, c->called.at[i].lease);
}

static plt_status write_leases(hub_store *s, hub_task *t, int64_t now_ms)
{
    lease_call *c = t->more;
    int64_t now = now_ms / 1000, east = os_clock_east_s(now_ms), day = (now + east) / 86400;
    plt_status status = write_reports(s, t, c, day);
    for (size_t i = 0; status == PLT_OK && i < c->in.ask_n; i++) {
        size_t q = c->ask_of[i];
        if (q == NO_QUOTA) continue;
        hub_lease l = lease_of(t, c, c->in.ask[i].id, q, c->ask_owner[i]);
        const plt_quota_terms *terms = &c->quotas.at[q].terms;
        int64_t until = hub_lease_until(terms, day, now, east);
        status = hub_lease_grant(s, t->agent.tenant_id, &l, terms, day, &c->in.ask[i], until, &c->out.lease[c->out.lease_n++]);
        if (status == PLT_OK) status = hub_lease_call_back(s, t->agent.tenant_id, &l, terms, day, &c->in.ask[i], &c->called);
    }
    if (status == PLT_OK) status = tell_others(s, &c->called);
    c->out.soon = c->called.n > 0;
    c->out.now = now;
    c->out.person_n = c->in.person_n;
    for (size_t i = 0; i < c->in.person_n; i++) {
        plt_copy(c->out.person[i].name, sizeof c->out.person[i].name, c->in.people[i]);
        c->out.person[i].groups = (const char *)t->plain.data + c->groups[i];
    }
    return status == PLT_OK ? plt_lease_reply_write(&c->out, hub_reply_json(&t->out)) : status;
}

hub_step hub_api_leases(hub_worker *w, hub_task *t)
{
    lease_call *c = calloc(1, sizeof *c);
    t->more = c;
    if (!c) return hub_store_failed(w, t, PLT_NOMEM);
    for (size_t i = 0; i < PLT_LEASE_ROWS; i++) c->ask_of[i] = c->beyond_of[i] = NO_QUOTA;
    if (plt_lease_request_read(plt_buf_str(&t->in.body), t->in.body.len, &c->in) != PLT_OK) {
        hub_problem(&t->out, 400, "malformed", "The request cannot be read", "It is no request for leases.", "Update the agent.");
        return HUB_DONE;
    }
    plt_status status = read_people(w, t, c);
    if (status == PLT_OK) status = read_quotas(w, t, c);
    if (status != PLT_OK) return hub_store_failed(w, t, status);
    c->hub = w->hub;
    t->write = write_leases;
    t->after = tell_own;
    return HUB_WRITE;
}
