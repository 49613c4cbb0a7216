/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Publishing and withdrawing. A new version, who gets it and the tenant's next serial are one write: no agent can be told of a serial whose content
 * is not there. Nothing goes out that this hub's own engine does not compile.
 */
#include "hub/publish.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/policy/bundle.h"
#include "core/util/text.h"
#include "hub/handler.h"
#include "hub/json.h"
#include "hub/policy_api.h"
#include "hub/policy_remove.h"
#include "os/log.h"

static const char *const scopes[] = {"all", "percent", "group"};

const char *hub_scope_name(hub_scope s)
{
    return scopes[s];
}

int hub_scope_of(const char *word)
{
    for (int i = 0; i < 3; i++)
        if (word && strcmp(word, scopes[i]) == 0) return i;
    return -1;
}

typedef struct change {
    int64_t tenant;
    bool fresh; /* a new version is added, of the text in the task's plain */
    bool drop;  /* withdraw */
    hub_set_version version;
    hub_assignment to;
} change;

static bool is_group(void *ctx, const hub_group *g)
{
    const char **wanted = ctx;
    if (strcmp(g->id, *wanted) == 0) *wanted = NULL;
    return *wanted != NULL;
}

/* Who it is for; NULL, or what is wrong. */
static const char *read_scope(hub_worker *w, const cJSON *o, change *c)
{
    const char *group = hub_json_get(o, "group"), *wanted = group;
    int scope = hub_scope_of(hub_json_get(o, "scope"));
    int64_t percent = hub_json_whole(o, "percent");
    if (scope < 0) return "scope is all, percent or group.";
    c->to.scope = (hub_scope)scope;
    if (scope == HUB_SCOPE_PERCENT && !c->drop && (percent < 1 || percent > 99)) return "percent is a number from 1 to 99.";
    if (scope == HUB_SCOPE_PERCENT && !c->drop) c->to.percent = (int)percent;
    if (scope != HUB_SCOPE_GROUP) return NULL;
    if (!group || !hub_id_valid(group)) return "group is not the name of a group.";
    if (w->store->ops->policy->groups(w->store, c->tenant, is_group, &wanted) != PLT_OK) return "The groups cannot be read.";
    if (wanted) return "There is no such group.";
    plt_copy(c->to.group, sizeof c->to.group, group);
    return NULL;
}

/* The text that is to be published, into the task's plain: the draft, or an older version's. */
static plt_status read_text(hub_worker *w, hub_task *t, const cJSON *o, change *c)
{
    hub_set p;
    const char *set = t->in.path_arg[0];
    int64_t version = hub_json_whole(o, "version"), from = hub_json_whole(o, "from");
    const hub_policy_ops *ops = w->store->ops->policy;
    plt_buf_clear(&t->plain);
    c->fresh = version < 1;
    c->to.version = c->fresh ? 0 : version;
    c->version.from = c->fresh && from > 0 ? from : 0;
    if (version > 0 || from > 0) return ops->version_text(w->store, c->tenant, set, version > 0 ? version : from, &t->plain);
    return ops->set_get(w->store, c->tenant, set, &p, &t->plain);
}

static hub_step invalid(hub_task *t, const char *detail)
{
    hub_problem(&t->out, 422, "policy-invalid", "The set cannot be published", detail, "Correct the draft; the check shows the place.");
    return HUB_DONE;
}

/* Is it a set that agents will take? Filled reply when not. */
static bool publishable(hub_task *t, const change *c)
{
    char error[PLT_POLICY_ERROR_SIZE] = "";
    plt_policy *p = NULL;
    plt_buf shadow;
    plt_status s = plt_policy_compile(&p, plt_buf_str(&t->plain), t->plain.len, error);
    plt_policy_free(p);
    plt_buf_init(&shadow, 2 * PLT_POLICY_MAX_BYTES);
    if (s == PLT_OK && c->to.shadow && (s = plt_bundle_in_shadow(plt_buf_str(&t->plain), t->plain.len, &shadow)) != PLT_OK)
        plt_copy(error, sizeof error, "a set of \"v\": 1 has no shadow; write it as \"v\": 2");
    if (s == PLT_OK && shadow.len > PLT_POLICY_MAX_BYTES) {
        plt_copy(error, sizeof error, "in shadow the set is larger than 1 MiB");
        s = PLT_FULL;
    }
    plt_buf_free(&shadow);
    if (s != PLT_OK) invalid(t, error);
    return s == PLT_OK;
}

static plt_status write_change(hub_store *s, hub_task *t, int64_t now)
{
    change *c = t->more;
    const hub_policy_ops *ops = s->ops->policy;
    plt_status status = PLT_OK;
    c->version.created = c->to.created = now;
    if (c->fresh) status = ops->version_add(s, c->tenant, c->to.set, &c->version, plt_buf_str(&t->plain), &c->to.version);
    if (status == PLT_OK && c->drop && (status = ops->unassign(s, c->tenant, c->to.scope, c->to.group)) == PLT_NOTFOUND)
        hub_not_there(t, "Nothing is assigned so");
    if (status == PLT_OK && !c->drop && (status = hub_set_stands(s, t, c->tenant, c->to.set)) == PLT_OK) status = ops->assign(s, c->tenant, &c->to);
    /* For all is the end of a roll-out: nobody is left at an earlier share of it. */
    if (status == PLT_OK && !c->drop && c->to.scope == HUB_SCOPE_ALL && (status = ops->unassign(s, c->tenant, HUB_SCOPE_PERCENT, "")) == PLT_NOTFOUND)
        status = PLT_OK;
    if (status == PLT_OK) status = ops->serial_step(s, c->tenant, now, &t->policy_serial);
    if (status != PLT_OK) {
        t->policy_serial = 0;
        return status;
    }
    t->policy_tenant = c->tenant;
    plt_copy(t->object, sizeof t->object, c->to.set);
    snprintf(t->detail, sizeof t->detail, "version %lld, %s %s%d, %s", (long long)c->to.version, scopes[c->to.scope], c->to.group, c->to.percent,
             c->to.shadow ? "shadow" : "live");
    plt_buf *b = hub_reply_json(&t->out);
    plt_buf_byte(b, '{');
    plt_json_count(b, "version", c->to.version);
    plt_json_count(b, "serial", t->policy_serial);
    plt_buf_byte(b, '}');
    return PLT_OK;
}

static void log_change(hub_task *t)
{
    const change *c = t->more;
    if (c->drop)
        os_log(OS_LOG_INFO, "policy withdrawn (%s %s) by %s, serial %lld", scopes[c->to.scope], c->to.group, t->session.name,
               (long long)t->policy_serial);
    else
        os_log(OS_LOG_INFO, "policy set %s version %lld assigned (%s %s%d, %s) by %s, serial %lld", c->to.set, (long long)c->to.version,
               scopes[c->to.scope], c->to.group, c->to.percent, c->to.shadow ? "shadow" : "live", t->session.name, (long long)t->policy_serial);
}

static hub_step begin(hub_worker *w, hub_task *t, const cJSON *o, bool drop)
{
    change *c = calloc(1, sizeof *c);
    const char *state = hub_json_get(o, "state"), *note = hub_json_get(o, "note");
    if (!c) return hub_store_failed(w, t, PLT_NOMEM);
    t->more = c;
    c->drop = drop;
    if (!hub_tenant_pick(w, t, &c->tenant, NULL)) return HUB_DONE;
    if (!o) return hub_bad_request(t, "The body is no JSON object.");
    const char *fault = read_scope(w, o, c);
    if (!fault && !drop && (!state || (strcmp(state, "live") != 0 && strcmp(state, "shadow") != 0))) fault = "state is live or shadow.";
    if (fault) return hub_bad_request(t, fault);
    c->to.shadow = state && strcmp(state, "shadow") == 0;
    plt_copy(c->to.set, sizeof c->to.set, t->in.path_arg[0]);
    plt_copy(c->to.author, sizeof c->to.author, t->session.name);
    plt_copy(c->version.author, sizeof c->version.author, t->session.name);
    if (note) plt_utf8_copy(c->version.note, sizeof c->version.note, note, strlen(note));
    plt_status s = drop ? PLT_OK : read_text(w, t, o, c);
    if (s == PLT_NOTFOUND) return hub_not_there(t, "There is no such policy set or version");
    if (s != PLT_OK) return hub_store_failed(w, t, s);
    if (!drop && !publishable(t, c)) return HUB_DONE;
    hub_reply_json(&t->out);
    t->write = write_change;
    t->after = log_change;
    return HUB_WRITE;
}

static hub_step change_by(hub_worker *w, hub_task *t, bool drop)
{
    cJSON *o = hub_json_read(plt_buf_str(&t->in.body), t->in.body.len);
    hub_step step = begin(w, t, o, drop);
    cJSON_Delete(o);
    return step;
}

hub_step hub_api_publish(hub_worker *w, hub_task *t)
{
    return change_by(w, t, false);
}

hub_step hub_api_withdraw(hub_worker *w, hub_task *t)
{
    return change_by(w, t, true);
}
