/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Tenants: their list, new ones, another name, another place (docs/rights.md). Who renames or moves one must hold the right where it stands and where
 * it goes to; all of that is asked in the transaction of the change, for the tree may have changed meanwhile.
 */
#include "hub/tenants_api.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/util/text.h"
#include "hub/handler.h"
#include "hub/people_api.h"
#include "hub/retention_api.h"
#include "hub/tenant_cuts.h"

static const char *const levels[] = {"dealer", "customer", "site", "group"};
#define LEVELS (sizeof levels / sizeof *levels)
#define LEVELS_DOWN "A tenant stands below one of a higher level."

static int level_of(const char *name)
{
    for (size_t i = 0; i < LEVELS; i++)
        if (strcmp(levels[i], name) == 0) return (int)i;
    return -1;
}

static bool put_tenant(void *ctx, const hub_tenant *t)
{
    plt_buf *b = ctx;
    plt_json_comma(b);
    plt_buf_byte(b, '{');
    plt_json_count(b, "id", t->id);
    plt_json_count(b, "parent", t->parent ? t->parent : -1);
    plt_json_text(b, "name", t->name);
    plt_json_text(b, "level", t->level);
    hub_json_time(b, "created", t->created);
    plt_json_count(b, "agents", t->agents);
    plt_buf_byte(b, '}');
    return b->status == PLT_OK;
}

hub_step hub_api_tenants(hub_worker *w, hub_task *t)
{
    return hub_items_end(w, t, w->store->people->tenants(w->store, t->session.scope, put_tenant, hub_items_begin(t)));
}

static void taken(hub_task *t)
{
    hub_problem(&t->out, 409, "exists", "There is a tenant of this name", NULL, "Choose another name.");
}

static plt_status write_tenant(hub_store *s, hub_task *t, int64_t now)
{
    hub_tenant *n = &t->change.tenant;
    plt_status status = s->people->tenant_add(s, n, now, &n->id);
    if (status == PLT_EXISTS) taken(t);
    if (status != PLT_OK) return status;
    n->created = now;
    t->audit_tenant = n->id;
    plt_buf *b = hub_reply_json(&t->out);
    put_tenant(b, n);
    return PLT_OK;
}

typedef struct parent_search {
    const char *name;
    hub_tenant found;
    bool hit;
} parent_search;

static bool match_parent(void *ctx, const hub_tenant *t)
{
    parent_search *p = ctx;
    if (strcmp(t->name, p->name) != 0) return true;
    p->found = *t;
    p->hit = true;
    return false;
}

/* The tree goes down only: a dealer's customers, their sites, groups in them. */
static hub_step add_tenant(hub_worker *w, hub_task *t, const cJSON *o)
{
    hub_tenant *n = &t->change.tenant;
    const char *name = hub_json_get(o, "name"), *level = hub_json_get(o, "level");
    parent_search p = {.name = hub_json_get(o, "parent")};
    if (!name || !level || level_of(level) < 0) return hub_bad_request(t, "name and level (dealer, customer, site or group) are needed.");
    if (!hub_name_fits(name, HUB_TENANT_MAX)) return hub_bad_request(t, "A tenant's name has 1 to 63 bytes, without a slash.");
    if (p.name) {
        plt_status s = w->store->people->tenants(w->store, t->session.scope, match_parent, &p);
        if (s != PLT_OK) return hub_store_failed(w, t, s);
        if (!p.hit) return hub_not_there(t, "There is no such parent");
        if (level_of(p.found.level) >= level_of(level)) return hub_bad_request(t, LEVELS_DOWN);
    } else if (t->session.scope != HUB_OPERATOR) {
        return hub_beyond_own(t);
    }
    plt_copy(n->name, sizeof n->name, name);
    plt_copy(n->level, sizeof n->level, level);
    n->parent = p.hit ? p.found.id : HUB_OPERATOR;
    plt_copy(t->object, sizeof t->object, name);
    hub_reply_json(&t->out);
    t->write = write_tenant;
    return HUB_WRITE;
}

hub_step hub_api_tenant_add(hub_worker *w, hub_task *t)
{
    cJSON *o = hub_json_read(plt_buf_str(&t->in.body), t->in.body.len);
    hub_step step = add_tenant(w, t, o);
    cJSON_Delete(o);
    return step;
}

/* ---- another name, another place ---- */

typedef struct move {
    int64_t id;
    char name[HUB_TENANT_SIZE];   /* "": as it is */
    char parent[HUB_TENANT_SIZE]; /* with `moves`; "": the operator */
    bool moves;
    bool shorter; /* also where it keeps less then */
} move;

/* The tenant, if the caller may say what it is called and where it stands: who holds the right above it. */
static plt_status find_managed(hub_store *s, hub_task *t, int64_t id, hub_tenant *out)
{
    plt_status status = s->people->tenant_get(s, id, out);
    if (status == PLT_OK) status = s->people->within(s, t->session.scope, id);
    if (status == PLT_NOTFOUND) hub_not_there(t, "There is no such tenant");
    if (status != PLT_OK) return status;
    status = s->people->within(s, t->session.scope, out->parent);
    if (status == PLT_NOTFOUND) hub_beyond_own(t);
    return status;
}

/* The one line that stands on each side: who sees one parent only does not read of the other. */
static plt_status note_side(hub_store *s, hub_task *t, int64_t parent, const char *action, int64_t now)
{
    hub_audit a;
    hub_task_audit(t, &a);
    a.tenant_id = parent;
    a.action = action;
    a.detail = "";
    return s->people->audit_add(s, &a, now);
}

/* Where it goes to, if it may stand there and the caller holds the right there, too. */
static plt_status find_parent(hub_store *s, hub_task *t, const move *m, const hub_tenant *is, hub_tenant *to)
{
    if (!*m->parent && t->session.scope != HUB_OPERATOR) {
        hub_beyond_own(t);
        return PLT_DENIED;
    }
    if (!*m->parent) return PLT_OK;
    plt_status status = hub_tenant_in(s, t->session.scope, m->parent, &to->id, NULL);
    if (status == PLT_NOTFOUND) hub_not_there(t, "There is no such parent");
    if (status == PLT_OK) status = s->people->tenant_get(s, to->id, to);
    if (status != PLT_OK) return status;
    status = s->people->within(s, is->id, to->id);
    if (status == PLT_OK) {
        hub_problem(&t->out, 409, "under-itself", "A tenant does not stand below itself", NULL, "Choose a place outside of it.");
        return PLT_DENIED;
    }
    if (status != PLT_NOTFOUND) return status;
    if (level_of(to->level) < level_of(is->level)) return PLT_OK;
    hub_bad_request(t, LEVELS_DOWN);
    return PLT_DENIED;
}

/* A tenant without times of retention of its own goes by those above: what it would lose by the move is said, and done only when it is meant. */
static plt_status ask_shorter(hub_store *s, hub_task *t, const move *m, int64_t id, int64_t to)
{
    hub_keeping is, then;
    int64_t below = 0;
    char detail[256];
    plt_status status = s->ops->keeping(s, id, &is);
    if (status == PLT_OK) status = s->ops->keeping(s, to, &then);
    if (status == PLT_OK) status = s->ops->keeping_below(s, id, &below);
    if (status != PLT_OK || is.tenant_id == id || !hub_keeping_shorter(&then, &is)) return status;
    hub_keeping_words(detail, sizeof detail, &then, &is);
    size_t used = strlen(t->detail);
    if (m->shorter) {
        snprintf(t->detail + used, sizeof t->detail - used, "%s%s", used ? "; " : "", detail);
        return PLT_OK;
    }
    hub_problem(&t->out, 409, "shorter-times", "Less is kept where it goes to", detail,
                "Send it again with shorter_times, or give the tenant times of retention of its own first.");
    hub_keeping_count(&t->out, &then);
    hub_problem_count(&t->out, "below", below);
    return PLT_DENIED;
}

static plt_status write_place(hub_store *s, hub_task *t, const move *m, hub_tenant *is, int64_t now)
{
    hub_tenant to = {.id = HUB_OPERATOR};
    int64_t from = is->parent;
    size_t cut = 0;
    plt_status status = find_parent(s, t, m, is, &to);
    if (status != PLT_OK || to.id == from) return status;
    status = ask_shorter(s, t, m, is->id, to.id);
    if (status == PLT_OK) status = s->people->tenant_move(s, is->id, to.id, now);
    if (status == PLT_OK) status = hub_tenant_cut_channels(s, is->id, &cut);
    if (status == PLT_OK) status = note_side(s, t, from, "tenants.leave", now);
    if (status == PLT_OK) status = note_side(s, t, to.id, "tenants.join", now);
    size_t used = strlen(t->detail);
    snprintf(t->detail + used, sizeof t->detail - used, "%smoved", used ? "; " : "");
    used = strlen(t->detail);
    if (cut) snprintf(t->detail + used, sizeof t->detail - used, "; %zu channels taken off rules of alerts", cut);
    is->parent = to.id;
    return status;
}

static plt_status write_change(hub_store *s, hub_task *t, int64_t now)
{
    const move *m = t->more;
    hub_tenant is;
    plt_status status = find_managed(s, t, m->id, &is);
    if (status != PLT_OK) return status;
    t->audit_tenant = is.id;
    plt_copy(t->object, sizeof t->object, is.name);
    if (*m->name && strcmp(m->name, is.name) != 0) {
        status = s->people->tenant_rename(s, is.id, m->name);
        if (status == PLT_EXISTS) taken(t);
        snprintf(t->detail, sizeof t->detail, "name %s (before: %s)", m->name, is.name);
        plt_copy(t->object, sizeof t->object, m->name);
        plt_copy(is.name, sizeof is.name, m->name);
    }
    if (status == PLT_OK && m->moves) status = write_place(s, t, m, &is, now);
    if (status == PLT_OK) put_tenant(hub_reply_json(&t->out), &is);
    return status;
}

/* NULL, or what is wrong with the body. */
static const char *read_change(const cJSON *o, move *m)
{
    const cJSON *parent = cJSON_GetObjectItemCaseSensitive(o, "parent");
    const char *name = hub_json_get(o, "name"), *to = hub_json_get(o, "parent");
    if (!o || (!name && !parent) || (cJSON_HasObjectItem(o, "name") && !name))
        return "The body is an object with name, parent (a name, or null) or both.";
    if (name && !hub_name_fits(name, HUB_TENANT_MAX)) return "A tenant's name has 1 to 63 bytes, without a slash.";
    if (parent && !cJSON_IsNull(parent) && (!to || !*to)) return "parent is a tenant's name, or null: the operator.";
    m->moves = parent != NULL;
    m->shorter = cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(o, "shorter_times"));
    if (name) plt_copy(m->name, sizeof m->name, name);
    if (to && !plt_copy(m->parent, sizeof m->parent, to)) return "parent is a tenant's name, or null: the operator.";
    return NULL;
}

hub_step hub_api_tenant_change(hub_worker *w, hub_task *t)
{
    move *m = calloc(1, sizeof *m);
    char *end;
    t->more = m;
    if (!m) return hub_store_failed(w, t, PLT_NOMEM);
    m->id = strtoll(t->in.path_arg[0], &end, 10);
    if (*end || m->id <= 0) return hub_not_there(t, "There is no such tenant");
    cJSON *o = hub_json_read(plt_buf_str(&t->in.body), t->in.body.len);
    const char *fault = read_change(o, m);
    cJSON_Delete(o);
    if (fault) return hub_bad_request(t, fault);
    hub_reply_json(&t->out);
    t->write = write_change;
    return HUB_WRITE;
}
