/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Groups of people. They come from whoever keeps the directory, one group a call, whole. A change steps the tenant's serial, so that agents ask again
 * for the groups of the people who print there.
 */
#include "hub/directory_api.h"

#include <stdlib.h>
#include <string.h>

#include "core/util/text.h"
#include "hub/handler.h"

#define PEOPLE_MAX 50000

static bool add_group(void *ctx, const char *group, int64_t people)
{
    plt_buf *b = ctx;
    plt_json_comma(b);
    plt_buf_byte(b, '{');
    plt_json_text(b, "group", group);
    plt_json_count(b, "people", people);
    plt_buf_byte(b, '}');
    return b->status == PLT_OK;
}

hub_step hub_api_directory(hub_worker *w, hub_task *t)
{
    int64_t tenant;
    if (!hub_tenant_pick(w, t, &tenant, NULL)) return HUB_DONE;
    return hub_items_end(w, t, w->store->ops->quota->groups(w->store, tenant, add_group, hub_items_begin(t)));
}

static bool add_name(void *ctx, const char *name)
{
    plt_json_comma(ctx);
    plt_json_quote(ctx, name);
    return ((plt_buf *)ctx)->status == PLT_OK;
}

hub_step hub_api_directory_people(hub_worker *w, hub_task *t)
{
    int64_t tenant;
    char person[PLT_PERSON_SIZE];
    const char *group = hub_query_text(t, "group"), *user = hub_query_text(t, "user");
    if (!group == !user) return hub_bad_query(t, "Name one of group and user.");
    if (user && !plt_person(user, person)) return hub_bad_query(t, "user is no name.");
    if (!hub_tenant_pick(w, t, &tenant, NULL)) return HUB_DONE;
    plt_buf *b = hub_items_begin(t);
    return hub_items_end(w, t,
                         group ? w->store->ops->quota->people_of(w->store, tenant, group, add_name, b)
                               : w->store->ops->quota->groups_of(w->store, tenant, person, add_name, b));
}

typedef struct change {
    int64_t tenant;
    char group[HUB_PEOPLE_GROUP];
} change;

/* The people stand in the task's plain: one name, one terminator, and so on. */
static plt_status write_change(hub_store *s, hub_task *t, int64_t now)
{
    const change *c = t->more;
    plt_status status = s->ops->quota->group_clear(s, c->tenant, c->group);
    const char *p = plt_buf_str(&t->plain), *end = p + t->plain.len;
    for (; status == PLT_OK && p < end; p += strlen(p) + 1) status = s->ops->quota->group_add(s, c->tenant, c->group, p);
    if (status == PLT_OK) status = s->ops->policy->serial_step(s, c->tenant, now, &t->policy_serial);
    t->policy_tenant = c->tenant;
    if (status != PLT_OK) t->policy_serial = 0;
    return status;
}

/* The body's people into the task's plain; NULL, or what is wrong. */
static const char *read_change(hub_task *t, const cJSON *o, change *c)
{
    char person[PLT_PERSON_SIZE];
    const char *group = hub_json_get(o, "group");
    const cJSON *list = cJSON_GetObjectItemCaseSensitive(o, "people"), *v;
    if (!group || !*group || strchr(group, '\n') || !plt_copy(c->group, sizeof c->group, group)) return "group is missing, or longer than 256 bytes.";
    if (!cJSON_IsArray(list) || cJSON_GetArraySize(list) > PEOPLE_MAX) return "people is a list of at most 50,000 names.";
    plt_buf_clear(&t->plain);
    cJSON_ArrayForEach(v, list)
    {
        if (!cJSON_IsString(v) || !plt_person(v->valuestring, person)) return "people has something that is no user's name.";
        plt_buf_add(&t->plain, person, strlen(person) + 1);
    }
    return t->plain.status == PLT_OK ? NULL : "Out of memory.";
}

hub_step hub_api_directory_put(hub_worker *w, hub_task *t)
{
    change *c = calloc(1, sizeof *c);
    t->more = c;
    if (!c) return hub_store_failed(w, t, PLT_NOMEM);
    if (!hub_tenant_pick(w, t, &c->tenant, NULL)) return HUB_DONE;
    cJSON *o = hub_json_read(plt_buf_str(&t->in.body), t->in.body.len);
    const char *fault = read_change(t, o, c);
    cJSON_Delete(o);
    if (fault) return hub_bad_request(t, fault);
    plt_utf8_copy(t->object, sizeof t->object, c->group, strlen(c->group));
    hub_reply_empty(&t->out);
    t->write = write_change;
    return HUB_WRITE;
}
