/* SPDX-License-Identifier: Apache-2.0 */
/* Groups. A change steps the tenant's serial: who is in a group decides which set is in force. */
#include "hub/groups_api.h"

#include <stdlib.h>
#include <string.h>

#include "core/util/text.h"
#include "hub/handler.h"
#include "hub/json.h"

#define GROUPS_MAX 500
#define MEMBERS_MAX 20000

static bool add_group(void *ctx, const hub_group *g)
{
    plt_buf *b = ctx;
    plt_json_comma(b);
    plt_buf_byte(b, '{');
    plt_json_text(b, "id", g->id);
    plt_json_text(b, "name", g->name);
    plt_json_count(b, "agents", g->agents);
    plt_buf_byte(b, '}');
    return b->status == PLT_OK;
}

hub_step hub_api_groups(hub_worker *w, hub_task *t)
{
    int64_t tenant;
    if (!hub_tenant_pick(w, t, &tenant, NULL)) return HUB_DONE;
    return hub_items_end(w, t, w->store->ops->policy->groups(w->store, tenant, add_group, hub_items_begin(t)));
}

static bool add_member(void *ctx, const char *id)
{
    plt_json_comma(ctx);
    plt_json_quote(ctx, id);
    return ((plt_buf *)ctx)->status == PLT_OK;
}

hub_step hub_api_group(hub_worker *w, hub_task *t)
{
    int64_t tenant;
    if (!hub_tenant_pick(w, t, &tenant, NULL)) return HUB_DONE;
    plt_buf *b = hub_reply_json(&t->out);
    plt_buf_text(b, "{\"agents\":[");
    plt_status s = w->store->ops->policy->members(w->store, tenant, t->in.path_arg[0], NULL, add_member, b);
    plt_buf_text(b, "]}");
    return s == PLT_OK ? HUB_DONE : hub_store_failed(w, t, s);
}

typedef struct change {
    int64_t tenant;
    hub_group group;
    bool drop;
} change;

/* The members stand in the task's plain: one name, one terminator, and so on. */
static plt_status write_members(hub_store *s, hub_task *t, const change *c)
{
    hub_agent a;
    plt_status status = s->ops->policy->group_put(s, c->tenant, &c->group);
    if (status == PLT_OK) status = s->ops->policy->group_clear(s, c->tenant, c->group.id);
    const char *p = plt_buf_str(&t->plain), *end = p + t->plain.len;
    for (; status == PLT_OK && p < end; p += strlen(p) + 1) {
        status = s->ops->agent_find(s, c->tenant, p, NULL, &a);
        if (status == PLT_OK) status = s->ops->policy->group_add(s, c->tenant, c->group.id, p);
    }
    if (status == PLT_NOTFOUND) hub_not_there(t, "There is no such agent in this tenant");
    return status;
}

static plt_status write_change(hub_store *s, hub_task *t, int64_t now)
{
    const change *c = t->more;
    plt_status status = c->drop ? s->ops->policy->group_drop(s, c->tenant, c->group.id) : write_members(s, t, c);
    if (c->drop && status == PLT_NOTFOUND) hub_not_there(t, "There is no such group");
    if (status == PLT_OK) status = s->ops->policy->serial_step(s, c->tenant, now, &t->policy_serial);
    t->policy_tenant = c->tenant;
    if (status != PLT_OK) t->policy_serial = 0;
    return status;
}

/* The body's members into the task's plain; NULL, or what is wrong. */
static const char *read_members(hub_task *t, const cJSON *o)
{
    const cJSON *list = cJSON_GetObjectItemCaseSensitive(o, "agents"), *v;
    if (!cJSON_IsArray(list) || cJSON_GetArraySize(list) > MEMBERS_MAX) return "agents is a list of at most 20,000 names of agents.";
    plt_buf_clear(&t->plain);
    cJSON_ArrayForEach(v, list)
    {
        if (!cJSON_IsString(v) || !hub_id_valid(v->valuestring)) return "agents has something that is no agent's name.";
        plt_buf_add(&t->plain, v->valuestring, strlen(v->valuestring) + 1);
    }
    return t->plain.status == PLT_OK ? NULL : "Out of memory.";
}

static hub_step put_group(hub_worker *w, hub_task *t, const char *id)
{
    change *c = calloc(1, sizeof *c);
    t->more = c;
    if (!c) return hub_store_failed(w, t, PLT_NOMEM);
    if (!hub_tenant_pick(w, t, &c->tenant, NULL)) return HUB_DONE;
    cJSON *o = hub_json_read(plt_buf_str(&t->in.body), t->in.body.len);
    const char *name = hub_json_get(o, "name");
    bool named = name && *name && plt_copy(c->group.name, sizeof c->group.name, name);
    const char *fault = named ? read_members(t, o) : "name is missing, empty or longer than 128 bytes.";
    cJSON_Delete(o);
    if (fault) return hub_bad_request(t, fault);
    if (id)
        plt_copy(c->group.id, sizeof c->group.id, id);
    else if (hub_new_id(c->group.id) != PLT_OK)
        return hub_store_failed(w, t, PLT_IO);
    if (id)
        hub_reply_empty(&t->out);
    else
        hub_reply_id(t, c->group.id);
    t->write = write_change;
    return HUB_WRITE;
}

typedef struct census {
    const char *wanted;
    int n;
    bool found;
} census;

static bool count_group(void *ctx, const hub_group *g)
{
    census *c = ctx;
    c->n++;
    c->found |= c->wanted && strcmp(g->id, c->wanted) == 0;
    return true;
}

hub_step hub_api_group_make(hub_worker *w, hub_task *t)
{
    int64_t tenant;
    census c = {.wanted = NULL};
    if (!hub_tenant_pick(w, t, &tenant, NULL)) return HUB_DONE;
    plt_status s = w->store->ops->policy->groups(w->store, tenant, count_group, &c);
    if (s != PLT_OK) return hub_store_failed(w, t, s);
    return c.n < GROUPS_MAX ? put_group(w, t, NULL) : hub_bad_request(t, "There are 500 groups, which is the most.");
}

hub_step hub_api_group_change(hub_worker *w, hub_task *t)
{
    int64_t tenant;
    census c = {.wanted = t->in.path_arg[0]};
    if (!hub_tenant_pick(w, t, &tenant, NULL)) return HUB_DONE;
    plt_status s = w->store->ops->policy->groups(w->store, tenant, count_group, &c);
    if (s != PLT_OK) return hub_store_failed(w, t, s);
    return c.found ? put_group(w, t, t->in.path_arg[0]) : hub_not_there(t, "There is no such group");
}

hub_step hub_api_group_drop(hub_worker *w, hub_task *t)
{
    change *c = calloc(1, sizeof *c);
    t->more = c;
    if (!c) return hub_store_failed(w, t, PLT_NOMEM);
    if (!hub_tenant_pick(w, t, &c->tenant, NULL)) return HUB_DONE;
    c->drop = true;
    plt_copy(c->group.id, sizeof c->group.id, t->in.path_arg[0]);
    hub_reply_empty(&t->out);
    t->write = write_change;
    return HUB_WRITE;
}
