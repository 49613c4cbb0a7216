/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Policy sets for the console. Whatever is published was compiled by the very code that agents run; a version, once added, is never written again:
 * going back is publishing an older text anew.
 */
#include "hub/policy_api.h"

#include <stdlib.h>
#include <string.h>

#include "core/policy/bundle.h"
#include "core/util/room.h"
#include "core/util/text.h"
#include "hub/bundle.h"
#include "hub/handler.h"
#include "hub/json.h"
#include "hub/policy_remove.h"
#include "hub/publish.h"
#include "os/clock.h"
#include "os/log.h"

/* ---- lists ---- */

static void put_set(plt_buf *b, const hub_set *p)
{
    plt_json_text(b, "id", p->id);
    plt_json_text(b, "name", p->name);
    hub_json_time(b, "created", p->created);
    plt_json_text(b, "draft_by", p->draft_by);
    hub_json_time(b, "draft_at", p->draft_at);
    plt_json_count(b, "latest", p->latest);
    hub_json_time(b, "removed", p->removed);
    plt_json_text(b, "removed_by", p->removed_by);
}

static bool add_set(void *ctx, const hub_set *p)
{
    plt_buf *b = ctx;
    plt_json_comma(b);
    plt_buf_byte(b, '{');
    put_set(b, p);
    plt_buf_byte(b, '}');
    return b->status == PLT_OK;
}

static bool add_assignment(void *ctx, const hub_assignment *a)
{
    plt_buf *b = ctx;
    plt_json_comma(b);
    plt_buf_byte(b, '{');
    plt_json_text(b, "scope", hub_scope_name(a->scope));
    plt_json_text(b, "group", a->group);
    plt_json_count(b, "percent", a->scope == HUB_SCOPE_PERCENT ? a->percent : -1);
    plt_json_text(b, "set", a->set);
    plt_json_count(b, "version", a->version);
    plt_json_text(b, "state", a->shadow ? "shadow" : "live");
    plt_json_text(b, "author", a->author);
    hub_json_time(b, "created", a->created);
    plt_buf_byte(b, '}');
    return b->status == PLT_OK;
}

hub_step hub_api_sets(hub_worker *w, hub_task *t)
{
    int64_t tenant, serial = 0;
    char name[HUB_TENANT_SIZE];
    const hub_policy_ops *ops = w->store->ops->policy;
    if (!hub_tenant_pick(w, t, &tenant, name)) return HUB_DONE;
    plt_status s = ops->serial(w->store, tenant, &serial);
    plt_buf *b = hub_reply_json(&t->out);
    plt_buf_byte(b, '{');
    plt_json_text(b, "tenant", name);
    plt_json_count(b, "serial", serial);
    plt_json_key(b, "sets");
    plt_buf_byte(b, '[');
    if (s == PLT_OK) s = ops->sets(w->store, tenant, add_set, b);
    plt_buf_text(b, "],\"assignments\":[");
    if (s == PLT_OK) s = ops->assignments(w->store, tenant, add_assignment, b);
    plt_buf_text(b, "]}");
    return s == PLT_OK ? HUB_DONE : hub_store_failed(w, t, s);
}

static bool add_version(void *ctx, const hub_set_version *v)
{
    plt_buf *b = ctx;
    plt_json_comma(b);
    plt_buf_byte(b, '{');
    hub_json_version(b, v->version, v->created, v->from, v->author, v->note);
    plt_buf_byte(b, '}');
    return b->status == PLT_OK;
}

hub_step hub_api_set(hub_worker *w, hub_task *t)
{
    int64_t tenant;
    hub_set p;
    plt_buf draft;
    if (!hub_tenant_pick(w, t, &tenant, NULL)) return HUB_DONE;
    plt_buf_init(&draft, PLT_POLICY_MAX_BYTES + 1);
    plt_status s = w->store->ops->policy->set_get(w->store, tenant, t->in.path_arg[0], &p, &draft);
    plt_buf *b = hub_reply_json(&t->out);
    if (s == PLT_OK) {
        plt_buf_byte(b, '{');
        put_set(b, &p);
        plt_json_text(b, "draft", plt_buf_str(&draft));
        plt_json_key(b, "versions");
        plt_buf_byte(b, '[');
        s = w->store->ops->policy->versions(w->store, tenant, p.id, add_version, b);
        plt_buf_text(b, "]}");
    }
    plt_buf_free(&draft);
    return s == PLT_OK ? HUB_DONE : s == PLT_NOTFOUND ? hub_not_there(t, "There is no such policy set") : hub_store_failed(w, t, s);
}

hub_step hub_api_version(hub_worker *w, hub_task *t)
{
    int64_t tenant, version = strtoll(t->in.path_arg[1], NULL, 10);
    plt_buf text;
    if (!hub_tenant_pick(w, t, &tenant, NULL)) return HUB_DONE;
    plt_buf_init(&text, PLT_POLICY_MAX_BYTES + 1);
    plt_status s = w->store->ops->policy->version_text(w->store, tenant, t->in.path_arg[0], version, &text);
    hub_step step = hub_reply_version(w, t, s, version, plt_buf_str(&text), "There is no such version");
    plt_buf_free(&text);
    return step;
}

/* ---- drafts ---- */

typedef struct draft {
    int64_t tenant;
    hub_set set;
} draft;

static plt_status write_draft(hub_store *s, hub_task *t, int64_t now)
{
    draft *d = t->more;
    d->set.draft_at = now;
    plt_status status = s->ops->policy->draft_put(s, d->tenant, &d->set, plt_buf_str(&t->plain));
    if (status == PLT_NOTFOUND) hub_set_gone(t);
    return status;
}

static bool good_name(const char *name)
{
    size_t n = name ? strlen(name) : 0;
    return n > 0 && n < HUB_POLICY_NAME && plt_utf8_valid(name, n) && strspn(name, " ") < n;
}

/* A draft may have any mistake but one: it is text, and no larger than a set may be. `id` NULL: a new set. */
static hub_step put_draft(hub_worker *w, hub_task *t, const char *id)
{
    int64_t tenant;
    if (!hub_tenant_pick(w, t, &tenant, NULL)) return HUB_DONE;
    cJSON *o = hub_json_read(plt_buf_str(&t->in.body), t->in.body.len);
    const char *name = hub_json_get(o, "name"), *text = hub_json_get(o, "text");
    draft *d = calloc(1, sizeof *d);
    t->more = d;
    const char *fault = !d                                       ? "Out of memory."
                        : !good_name(name)                       ? "name is missing, empty or longer than 128 bytes."
                        : !text                                  ? "text is missing."
                        : strlen(text) > PLT_POLICY_MAX_BYTES    ? "The set is larger than 1 MiB."
                        : !id && hub_new_id(d->set.id) != PLT_OK ? "There is no randomness for a name."
                                                                 : NULL;
    if (!fault) {
        d->tenant = tenant;
        if (id) plt_copy(d->set.id, sizeof d->set.id, id);
        plt_copy(d->set.name, sizeof d->set.name, name);
        plt_copy(d->set.draft_by, sizeof d->set.draft_by, t->session.name);
        plt_buf_clear(&t->plain);
        plt_buf_text(&t->plain, text);
        if (t->plain.status != PLT_OK) fault = "Out of memory.";
    }
    cJSON_Delete(o);
    if (fault) return hub_bad_request(t, fault);
    hub_reply_id(t, d->set.id);
    t->write = write_draft;
    return HUB_WRITE;
}

hub_step hub_api_set_make(hub_worker *w, hub_task *t)
{
    return put_draft(w, t, NULL);
}

hub_step hub_api_draft(hub_worker *w, hub_task *t)
{
    int64_t tenant;
    hub_set p;
    if (!hub_tenant_pick(w, t, &tenant, NULL)) return HUB_DONE;
    plt_status s = w->store->ops->policy->set_get(w->store, tenant, t->in.path_arg[0], &p, NULL);
    if (s == PLT_NOTFOUND) return hub_not_there(t, "There is no such policy set");
    return s == PLT_OK ? put_draft(w, t, t->in.path_arg[0]) : hub_store_failed(w, t, s);
}

/* ---- what PCs have ---- */

typedef struct fleet {
    hub_worker *w;
    plt_buf *out;
    int64_t tenant_id;
    hub_policy_report *reports;
    size_t n, cap;
    plt_status status;
} fleet;

static bool keep_report(void *ctx, const hub_policy_report *r)
{
    fleet *f = ctx;
    hub_policy_report *more = plt_room(f->reports, f->n, &f->cap, sizeof *more);
    if (!more) {
        f->status = PLT_NOMEM;
        return false;
    }
    f->reports = more;
    f->reports[f->n++] = *r;
    return true;
}

static int by_agent(const void *a, const void *b)
{
    return strcmp(((const hub_policy_report *)a)->agent, ((const hub_policy_report *)b)->agent);
}

static bool add_agent(void *ctx, const hub_agent *a)
{
    fleet *f = ctx;
    hub_policy_report key;
    if (a->tenant_id != f->tenant_id || a->revoked) return true;
    plt_copy(key.agent, sizeof key.agent, a->id);
    const hub_policy_report *r = f->n ? bsearch(&key, f->reports, f->n, sizeof *f->reports, by_agent) : NULL;
    plt_json_comma(f->out);
    plt_buf_byte(f->out, '{');
    plt_json_text(f->out, "agent", a->id);
    plt_json_text(f->out, "machine", a->machine);
    hub_json_time(f->out, "last_seen", a->last_seen);
    plt_json_count(f->out, "share", hub_agent_share(a->id) / (HUB_SHARES / 100));
    plt_json_count(f->out, "serial", r && r->serial ? r->serial : -1);
    plt_json_text(f->out, "set", r ? r->set : NULL);
    plt_json_count(f->out, "version", r && *r->set ? r->version : -1);
    plt_json_text(f->out, "state", r && *r->set ? (r->shadow ? "shadow" : "live") : NULL);
    plt_json_text(f->out, "problem", r ? r->problem : NULL);
    hub_json_time(f->out, "at", r ? r->at : 0);
    plt_buf_byte(f->out, '}');
    return f->out->status == PLT_OK;
}

hub_step hub_api_policy_agents(hub_worker *w, hub_task *t)
{
    fleet f = {.w = w};
    if (!hub_tenant_pick(w, t, &f.tenant_id, NULL)) return HUB_DONE;
    plt_status s = w->store->ops->policy->reports(w->store, f.tenant_id, keep_report, &f);
    if (s == PLT_OK) s = f.status;
    f.out = hub_items_begin(t);
    if (s == PLT_OK) s = w->store->ops->agent_list(w->store, f.tenant_id, add_agent, &f);
    free(f.reports);
    return hub_items_end(w, t, s);
}
