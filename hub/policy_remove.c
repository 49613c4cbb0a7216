/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Removing a policy set. It is refused while the set is assigned to anybody or a PC says that it is in force there, and the answer names the places.
 * Both are looked at on the writer, in the transaction of the removal: nobody can publish in between. It must never delete a version.
 */
#include "hub/policy_remove.h"

#include <stdlib.h>
#include <string.h>

#include "core/util/text.h"
#include "hub/handler.h"

#define NAMED 3 /* PCs that the answer names; the others are counted */
#define WORDS 900

void hub_set_gone(hub_task *t)
{
    hub_problem(&t->out, 409, "policy-removed", "The policy set was removed", NULL, "Make a new set of the version's text.");
}

plt_status hub_set_stands(hub_store *s, hub_task *t, int64_t tenant_id, const char *set)
{
    hub_set p;
    plt_status status = s->ops->policy->set_get(s, tenant_id, set, &p, NULL);
    if (status != PLT_OK || !p.removed) return status;
    hub_set_gone(t);
    return PLT_EXISTS;
}

/* Where the set is, in words. */
typedef struct places {
    hub_store *store;
    int64_t tenant;
    const char *set;
    plt_buf words;
    size_t pcs;
    plt_status status;
} places;

static void say(places *p, const char *words)
{
    plt_buf_text(&p->words, p->words.len ? ", " : "");
    plt_buf_text(&p->words, words);
}

typedef struct wanted {
    const char *id;
    char name[HUB_POLICY_NAME];
} wanted;

static bool take_group(void *ctx, const hub_group *g)
{
    wanted *w = ctx;
    if (strcmp(g->id, w->id) != 0) return true;
    plt_copy(w->name, sizeof w->name, g->name);
    return false;
}

static bool take_assignment(void *ctx, const hub_assignment *a)
{
    places *p = ctx;
    if (strcmp(a->set, p->set) != 0) return true;
    say(p, a->scope == HUB_SCOPE_ALL ? "all PCs" : a->scope == HUB_SCOPE_PERCENT ? "" : "the group ");
    if (a->scope == HUB_SCOPE_PERCENT) plt_buf_printf(&p->words, "%d %% of the PCs", a->percent);
    if (a->scope != HUB_SCOPE_GROUP) return true;
    wanted w = {.id = a->group};
    plt_copy(w.name, sizeof w.name, a->group);
    p->status = p->store->ops->policy->groups(p->store, p->tenant, take_group, &w);
    plt_buf_printf(&p->words, "\"%s\"", w.name);
    return p->status == PLT_OK;
}

/* A PC that was revoked gets nothing any more and says nothing any more: it is not waited for. */
static bool take_report(void *ctx, const hub_policy_report *r)
{
    places *p = ctx;
    hub_agent a;
    if (strcmp(r->set, p->set) != 0) return true;
    p->status = p->store->ops->agent_find(p->store, p->tenant, r->agent, NULL, &a);
    if (p->status == PLT_NOTFOUND || (p->status == PLT_OK && a.revoked)) {
        p->status = PLT_OK;
        return true;
    }
    if (p->status != PLT_OK) return false;
    if (p->pcs++ < NAMED) {
        say(p, "the PC ");
        plt_buf_text(&p->words, a.machine);
    }
    return true;
}

static plt_status find_places(places *p)
{
    const hub_policy_ops *ops = p->store->ops->policy;
    plt_status status = ops->assignments(p->store, p->tenant, take_assignment, p);
    if (status == PLT_OK) status = p->status;
    if (status == PLT_OK) status = ops->reports(p->store, p->tenant, take_report, p);
    if (p->pcs > NAMED) plt_buf_printf(&p->words, " and %zu more", p->pcs - NAMED);
    return status == PLT_OK ? p->status : status;
}

static plt_status write_removal(hub_store *s, hub_task *t, int64_t now)
{
    const int64_t *tenant = t->more;
    places p = {.store = s, .tenant = *tenant, .set = t->in.path_arg[0]};
    plt_buf_init(&p.words, WORDS);
    plt_status status = find_places(&p);
    if (status == PLT_OK && p.words.len) {
        hub_problem(&t->out, 409, "policy-in-force", "The policy set is in force", plt_buf_str(&p.words),
                    "Withdraw it there first. A PC that does not come back can be revoked.");
        status = PLT_EXISTS;
    }
    plt_buf_free(&p.words);
    if (status == PLT_OK) status = s->ops->policy->set_remove(s, *tenant, p.set, t->session.name, now);
    if (status == PLT_NOTFOUND) hub_not_there(t, "There is no such policy set");
    return status;
}

hub_step hub_api_set_remove(hub_worker *w, hub_task *t)
{
    int64_t *tenant = calloc(1, sizeof *tenant);
    t->more = tenant;
    if (!tenant) return hub_store_failed(w, t, PLT_NOMEM);
    if (!hub_tenant_pick(w, t, tenant, NULL)) return HUB_DONE;
    hub_reply_empty(&t->out);
    t->write = write_removal;
    return HUB_WRITE;
}
