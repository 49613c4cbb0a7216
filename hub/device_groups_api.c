/* SPDX-License-Identifier: Apache-2.0 */
/* Groups of devices. A group never shows or holds a device that does not stand at or under its tenant. */
#include "hub/device_groups_api.h"

#include <stdlib.h>
#include <string.h>

#include "core/util/text.h"
#include "hub/devices_api.h"
#include "hub/handler.h"
#include "hub/people.h"
#include "hub/store_device_groups.h"
#include "hub/store_devices.h"

#define GROUPS_MAX 200
#define RULES_MAX 20
#define DEVICES_MAX 2000

static const hub_device_group_ops *ops_of(hub_store *s)
{
    return s->ops->device_groups;
}

static hub_step no_group(hub_task *t)
{
    return hub_not_there(t, "There is no such group of devices");
}

/* ---- reading ---- */

static void put_group(plt_buf *b, const hub_device_group *g)
{
    plt_json_text(b, "id", g->id);
    plt_json_text(b, "tenant", g->tenant);
    plt_json_text(b, "name", g->name);
}

static bool add_group(void *ctx, const hub_device_group *g)
{
    plt_buf *b = ctx;
    plt_json_comma(b);
    plt_buf_byte(b, '{');
    put_group(b, g);
    plt_json_count(b, "rules", g->rules);
    plt_json_count(b, "devices", g->devices);
    plt_buf_byte(b, '}');
    return b->status == PLT_OK;
}

hub_step hub_api_device_groups(hub_worker *w, hub_task *t)
{
    return hub_items_end(w, t, ops_of(w->store)->groups(w->store, t->session.scope, add_group, hub_items_begin(t)));
}

static bool add_rule(void *ctx, const hub_device_part *p)
{
    plt_buf *b = ctx;
    if (p->device) return true;
    plt_json_comma(b);
    plt_buf_byte(b, '{');
    plt_json_text(b, "model", p->model);
    plt_json_text(b, "name", p->name);
    plt_json_text(b, "location", p->place);
    plt_json_text(b, "site", p->site ? p->tenant : NULL);
    plt_buf_byte(b, '}');
    return b->status == PLT_OK;
}

typedef struct by_hand {
    int64_t no[DEVICES_MAX];
    size_t n;
} by_hand;

static bool note_device(void *ctx, const hub_device_part *p)
{
    by_hand *h = ctx;
    if (p->device && h->n < DEVICES_MAX) h->no[h->n++] = p->device;
    return true;
}

static bool put_device(void *ctx, const hub_device_row *d)
{
    plt_buf *b = ctx;
    plt_json_comma(b);
    plt_buf_byte(b, '{');
    plt_json_count(b, "no", d->no);
    plt_json_text(b, "tenant", d->tenant);
    plt_json_text(b, "name", d->name);
    plt_json_text(b, "make", d->make);
    plt_json_text(b, "model", d->model);
    plt_json_count(b, "merged_into", d->merged_into ? d->merged_into : -1);
    plt_buf_byte(b, '}');
    return b->status == PLT_OK;
}

/* Those that were put in by hand, as they are now. */
static plt_status put_devices(hub_worker *w, const hub_device_group *g, plt_buf *b)
{
    by_hand *h = calloc(1, sizeof *h);
    plt_status s = h ? ops_of(w->store)->parts(w->store, g, note_device, h) : PLT_NOMEM;
    plt_json_key(b, "devices");
    plt_buf_byte(b, '[');
    for (size_t i = 0; s == PLT_OK && i < h->n; i++) {
        s = w->store->ops->devices->device_get(w->store, g->tenant_id, h->no[i], put_device, b);
        if (s == PLT_NOTFOUND) s = PLT_OK;
    }
    plt_buf_byte(b, ']');
    free(h);
    return s;
}

hub_step hub_api_device_group(hub_worker *w, hub_task *t)
{
    hub_device_group g;
    int64_t count = 0;
    plt_status s = ops_of(w->store)->get(w->store, t->session.scope, t->in.path_arg[0], &g);
    if (s == PLT_NOTFOUND) return no_group(t);
    const hub_device_query q = {.scope = t->session.scope, .group = g.id};
    if (s == PLT_OK) s = w->store->ops->devices->devices_count(w->store, &q, &count);
    plt_buf *b = hub_reply_json(&t->out);
    plt_buf_byte(b, '{');
    put_group(b, &g);
    plt_json_count(b, "count", count);
    plt_json_key(b, "rules");
    plt_buf_byte(b, '[');
    if (s == PLT_OK) s = ops_of(w->store)->parts(w->store, &g, add_rule, b);
    plt_buf_byte(b, ']');
    if (s == PLT_OK) s = put_devices(w, &g, b);
    plt_buf_byte(b, '}');
    return s == PLT_OK ? HUB_DONE : hub_store_failed(w, t, s);
}

bool hub_device_group_pick(hub_worker *w, hub_task *t, const char **id)
{
    hub_device_group g;
    *id = hub_query_text(t, "group");
    plt_status s = *id ? ops_of(w->store)->get(w->store, t->session.scope, *id, &g) : PLT_OK;
    if (s == PLT_NOTFOUND) no_group(t);
    if (s != PLT_OK && s != PLT_NOTFOUND) hub_store_failed(w, t, s);
    return s == PLT_OK;
}

/* ---- changing ---- */

typedef struct rule {
    int64_t site;
    char model[HUB_DEVICE_PATTERN], name[HUB_DEVICE_PATTERN], place[HUB_DEVICE_PATTERN];
} rule;

typedef struct change {
    hub_device_group group;
    bool made;
    rule rules[RULES_MAX];
    size_t rule_count;
    by_hand devices;
} change;

static plt_status refused(hub_task *t, const char *why)
{
    hub_bad_request(t, why);
    return PLT_DENIED; /* a refusal, no damage */
}

static plt_status write_parts(hub_store *s, const change *c)
{
    plt_status status = PLT_OK;
    int64_t no = 0;
    for (size_t i = 0; status == PLT_OK && i < c->rule_count; i++) {
        const rule *r = &c->rules[i];
        status =
            ops_of(s)->part_add(s, &c->group, ++no, &(const hub_device_part){.site = r->site, .model = r->model, .name = r->name, .place = r->place});
    }
    for (size_t i = 0; status == PLT_OK && i < c->devices.n; i++)
        status = ops_of(s)->part_add(s, &c->group, ++no, &(const hub_device_part){.device = c->devices.no[i]});
    return status;
}

static plt_status write_group(hub_store *s, hub_task *t, int64_t now)
{
    const change *c = t->more;
    int64_t n = 0;
    (void)now;
    plt_status status = c->made ? ops_of(s)->count(s, c->group.tenant_id, &n) : PLT_OK;
    if (n >= GROUPS_MAX) return refused(t, "There are 200 groups, which is the most.");
    if (status == PLT_OK) status = ops_of(s)->put(s, &c->group, c->made);
    if (status == PLT_NOTFOUND) no_group(t);
    if (status == PLT_EXISTS) hub_problem(&t->out, 409, "exists", "There is a group of this name", c->group.name, "Choose another name.");
    return status == PLT_OK ? write_parts(s, c) : status;
}

static bool read_pattern(const cJSON *o, const char *name, char out[HUB_DEVICE_PATTERN])
{
    const cJSON *v = cJSON_GetObjectItemCaseSensitive(o, name);
    if (!v || cJSON_IsNull(v)) return true;
    return cJSON_IsString(v) && plt_copy(out, HUB_DEVICE_PATTERN, v->valuestring);
}

typedef struct naming {
    const char *name;
    int64_t id;
} naming;

static bool find_tenant(void *ctx, const hub_tenant *t)
{
    naming *n = ctx;
    if (strcmp(t->name, n->name) == 0) n->id = t->id;
    return n->id == 0;
}

static const char *read_site(hub_worker *w, const cJSON *o, const change *c, int64_t *site)
{
    naming n = {.name = hub_json_get(o, "site")};
    if (!n.name || !*n.name) return NULL;
    plt_status s = w->store->people->tenants(w->store, c->group.tenant_id, find_tenant, &n);
    *site = n.id;
    return s == PLT_OK && n.id ? NULL : "rules names a site that does not stand at or under the group's tenant.";
}

static const char *read_rules(hub_worker *w, const cJSON *o, change *c)
{
    const cJSON *list = cJSON_GetObjectItemCaseSensitive(o, "rules"), *v;
    const char *fault = NULL;
    if (!cJSON_IsArray(list) || cJSON_GetArraySize(list) > RULES_MAX) return "rules is a list of at most 20.";
    cJSON_ArrayForEach(v, list)
    {
        rule *r = &c->rules[c->rule_count++];
        if (!read_pattern(v, "model", r->model) || !read_pattern(v, "name", r->name) || !read_pattern(v, "location", r->place))
            return "model, name and location of a rule are texts of at most 128 bytes, in which * and ? stand for any characters.";
        if ((fault = read_site(w, v, c, &r->site)) != NULL) return fault;
        if (!*r->model && !*r->name && !*r->place && !r->site) return "A rule says nothing: it would be every device.";
    }
    return NULL;
}

static int by_number(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

/* Each is there and under the group's tenant; a number that stands twice is one. */
static const char *read_devices(hub_worker *w, const cJSON *o, change *c)
{
    const cJSON *list = cJSON_GetObjectItemCaseSensitive(o, "devices"), *v;
    by_hand *h = &c->devices;
    int64_t tenant;
    size_t n = 0;
    if (!cJSON_IsArray(list) || cJSON_GetArraySize(list) > DEVICES_MAX) return "devices is a list of at most 2,000 numbers of devices.";
    cJSON_ArrayForEach(v, list)
    {
        uint64_t no;
        if (!cJSON_IsNumber(v) || !plt_json_whole(v->valuedouble, &no) || hub_device_of(w->store, c->group.tenant_id, (int64_t)no, &tenant) != PLT_OK)
            return "devices has a number that is no device at or under the group's tenant.";
        h->no[h->n++] = (int64_t)no;
    }
    qsort(h->no, h->n, sizeof *h->no, by_number);
    for (size_t i = 0; i < h->n; i++)
        if (n == 0 || h->no[i] != h->no[n - 1]) h->no[n++] = h->no[i];
    h->n = n;
    return NULL;
}

static const char *read_group(hub_worker *w, const cJSON *o, change *c)
{
    const char *name = hub_json_get(o, "name");
    if (!name || !*name || !plt_copy(c->group.name, sizeof c->group.name, name)) return "name is missing, empty or longer than 128 bytes.";
    const char *fault = read_rules(w, o, c);
    return fault ? fault : read_devices(w, o, c);
}

/* The group whose id the path has, in the scope of the caller. */
static change *begin_change(hub_worker *w, hub_task *t)
{
    change *c = calloc(1, sizeof *c);
    t->more = c;
    plt_status s = c ? PLT_OK : PLT_NOMEM;
    if (s == PLT_OK && *t->in.path_arg[0]) s = ops_of(w->store)->get(w->store, t->session.scope, t->in.path_arg[0], &c->group);
    if (s == PLT_NOTFOUND) no_group(t);
    if (s != PLT_OK && s != PLT_NOTFOUND) hub_store_failed(w, t, s);
    if (s == PLT_OK) t->audit_tenant = c->group.tenant_id;
    return s == PLT_OK ? c : NULL;
}

static hub_step put_change(hub_worker *w, hub_task *t, change *c)
{
    cJSON *o = hub_json_read(plt_buf_str(&t->in.body), t->in.body.len);
    const char *fault = o ? read_group(w, o, c) : "The body is no JSON object.";
    cJSON_Delete(o);
    if (fault) return hub_bad_request(t, fault);
    plt_copy(t->detail, sizeof t->detail, c->group.name);
    t->write = write_group;
    return HUB_WRITE;
}

hub_step hub_api_device_group_make(hub_worker *w, hub_task *t)
{
    change *c = begin_change(w, t);
    if (!c || !hub_tenant_pick(w, t, &c->group.tenant_id, NULL)) return HUB_DONE;
    if (hub_new_id(c->group.id) != PLT_OK) return hub_store_failed(w, t, PLT_IO);
    c->made = true;
    hub_step step = put_change(w, t, c);
    if (step == HUB_DONE) return step;
    plt_copy(t->object, sizeof t->object, c->group.id);
    hub_reply_id(t, c->group.id);
    return step;
}

hub_step hub_api_device_group_change(hub_worker *w, hub_task *t)
{
    change *c = begin_change(w, t);
    if (!c) return HUB_DONE;
    hub_reply_empty(&t->out);
    return put_change(w, t, c);
}

static plt_status write_end(hub_store *s, hub_task *t, int64_t now)
{
    const change *c = t->more;
    bool watched = false;
    (void)now;
    plt_status status = ops_of(s)->watched(s, c->group.id, &watched);
    if (status == PLT_OK && watched) {
        hub_problem(&t->out, 409, "in-use", "A rule of alerts looks at this group", NULL, "Change or remove the rule first.");
        return PLT_DENIED;
    }
    if (status == PLT_OK) status = ops_of(s)->drop(s, &c->group);
    if (status == PLT_NOTFOUND) no_group(t);
    return status;
}

hub_step hub_api_device_group_drop(hub_worker *w, hub_task *t)
{
    change *c = begin_change(w, t);
    if (!c) return HUB_DONE;
    plt_copy(t->detail, sizeof t->detail, c->group.name);
    hub_reply_empty(&t->out);
    t->write = write_end;
    return HUB_WRITE;
}
