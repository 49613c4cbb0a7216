/* SPDX-License-Identifier: Apache-2.0 */
/* Handlers of alerts and rules. A rule is the tenant's that it was made in, and about what is at and under it. */
#include "hub/alerts_api.h"

#include <stdlib.h>
#include <string.h>

#include "core/util/text.h"
#include "hub/device_page.h"
#include "hub/devices_api.h"
#include "hub/handler.h"
#include "hub/store_alerts.h"
#include "hub/store_device_groups.h"

#define LIMIT_DEFAULT 100
#define LIMIT_MAX 500
#define RULES_MAX 200 /* of a tenant */
#define DELIVERIES_MAX 200

/* ---- alerts ---- */

static void put_alert(plt_buf *b, const hub_alert *a)
{
    plt_json_comma(b);
    plt_buf_byte(b, '{');
    plt_json_count(b, "no", a->no);
    plt_json_text(b, "tenant", a->tenant);
    plt_json_text(b, "rule", a->rule);
    plt_json_text(b, "rule_name", a->rule_name);
    plt_json_text(b, "kind", hub_alert_kind_word(a->kind));
    plt_json_text(b, "state", a->state.phase == HUB_ALERT_CLOSED ? "closed" : a->acked ? "acknowledged" : "open");
    plt_json_text(b, "label", a->label);
    plt_json_text(b, "place", a->place);
    plt_json_count(b, "device", a->device ? a->device : -1);
    plt_json_text(b, "agent", a->agent);
    hub_json_time(b, "since", a->state.since);
    hub_json_time(b, "opened", a->opened);
    hub_json_time(b, "closed", a->closed);
    hub_json_time(b, "acknowledged", a->acked);
    plt_json_text(b, "acknowledged_by", a->acked_by);
    plt_json_text(b, "note", a->note);
    plt_json_count(b, "flaps", a->state.flaps);
    plt_json_key(b, "detail");
    plt_buf_text(b, *a->detail ? a->detail : "{}");
    plt_buf_byte(b, '}');
}

typedef struct alert_page {
    plt_buf *out;
    int64_t last;
    int n, limit;
    bool more;
} alert_page;

static bool add_alert(void *ctx, const hub_alert *a)
{
    alert_page *p = ctx;
    p->more = p->n == p->limit;
    if (p->more) return false;
    put_alert(p->out, a);
    p->last = a->no;
    p->n++;
    return p->out->status == PLT_OK;
}

hub_step hub_api_alerts(hub_worker *w, hub_task *t)
{
    const char *state = hub_query_text(t, "state"), *kind = hub_query_text(t, "kind");
    hub_alert_query q = {.scope = t->session.scope, .kind = -1, .rule = hub_query_text(t, "rule")};
    int64_t limit = hub_query_number(t, "limit", LIMIT_DEFAULT, LIMIT_MAX), open = 0, unseen = 0;
    q.before = hub_query_number(t, "before", 0, INT64_MAX / 2);
    if (limit < 0 || q.before < 0) return hub_bad_query(t, "limit is a number from 1 to 500, before the number of an alert.");
    if (state && strcmp(state, "open") != 0 && strcmp(state, "closed") != 0) return hub_bad_query(t, "state is open or closed.");
    q.which = state && !strcmp(state, "closed") ? HUB_ALERTS_CLOSED : HUB_ALERTS_OPEN;
    for (int k = 0; kind && k < HUB_ALERT_KINDS; k++)
        if (!strcmp(kind, hub_alert_kind_word((hub_alert_kind)k))) q.kind = k;
    if (kind && q.kind < 0) return hub_bad_query(t, "kind is status, supply, meter, agent or policy.");
    q.limit = (int)limit + 1;
    alert_page p = {.out = hub_items_begin(t), .limit = (int)limit};
    plt_status s = w->store->ops->alerts->alerts(w->store, &q, add_alert, &p);
    if (s == PLT_OK) s = w->store->ops->alerts->sums(w->store, t->session.scope, &open, &unseen);
    if (s != PLT_OK) return hub_store_failed(w, t, s);
    plt_buf_byte(p.out, ']');
    plt_json_count(p.out, "next", p.more ? p.last : -1);
    plt_json_count(p.out, "open", open);
    plt_json_count(p.out, "unacknowledged", unseen);
    plt_buf_byte(p.out, '}');
    return HUB_DONE;
}

typedef struct taking {
    int64_t no;
    char note[256];
} taking;

static plt_status write_taking(hub_store *s, hub_task *t, int64_t now)
{
    const taking *k = t->more;
    plt_status status = s->ops->alerts->acknowledge(s, t->session.scope, k->no, t->session.name, k->note, now);
    if (status == PLT_NOTFOUND) hub_not_there(t, "There is no such open alert");
    return status;
}

hub_step hub_api_alert_take(hub_worker *w, hub_task *t)
{
    taking *k = calloc(1, sizeof *k);
    t->more = k;
    if (!k) return hub_store_failed(w, t, PLT_NOMEM);
    cJSON *o = hub_json_read(plt_buf_str(&t->in.body), t->in.body.len);
    const char *note = hub_json_get(o, "note");
    bool fits = o && (!note || plt_copy(k->note, sizeof k->note, note));
    cJSON_Delete(o);
    k->no = hub_device_number(t->in.path_arg[0]);
    if (!fits) return hub_bad_request(t, "The body is no JSON object, or note is longer than 255 bytes.");
    if (!k->no) return hub_not_there(t, "There is no such open alert");
    hub_reply_empty(&t->out);
    t->write = write_taking;
    return HUB_WRITE;
}

/* ---- rules ---- */

static bool add_rule(void *ctx, const hub_rule_row *r)
{
    plt_buf *b = ctx;
    plt_json_comma(b);
    plt_buf_byte(b, '{');
    plt_json_text(b, "id", r->id);
    plt_json_text(b, "tenant", r->tenant);
    hub_alert_rule_write(&r->rule, b);
    plt_json_text(b, "author", r->author);
    hub_json_time(b, "changed", r->changed);
    plt_json_count(b, "open", r->open);
    hub_json_time(b, "last_message", r->gate.last);
    plt_buf_byte(b, '}');
    return b->status == PLT_OK;
}

hub_step hub_api_alert_rules(hub_worker *w, hub_task *t)
{
    plt_buf *b = hub_items_begin(t);
    plt_status s = w->store->ops->alerts->rules(w->store, t->session.scope, add_rule, b);
    if (s != PLT_OK) return hub_store_failed(w, t, s);
    plt_buf_text(b, "],\"zones\":[");
    for (size_t i = 0; hub_zone_name(i); i++) {
        plt_json_comma(b);
        plt_json_quote(b, hub_zone_name(i));
    }
    plt_buf_text(b, "]}");
    return HUB_DONE;
}

typedef struct change {
    hub *hub;
    hub_rule_row row;
    bool made;
} change;

static bool count_rule(void *ctx, const hub_rule_row *r)
{
    (void)r;
    ++*(int *)ctx;
    return true;
}

/* What a rule names must be there, in the scope of who names it. */
static const char *check_names(hub_store *s, const hub_task *t, const change *c)
{
    hub_device_group g;
    const char *devices = c->row.rule.device_group;
    if (*devices && s->ops->device_groups->get(s, t->session.scope, devices, &g) != PLT_OK)
        return "scope.device_group names a group that there is not.";
    hub_channel *ch = calloc(1, sizeof *ch);
    const char *fault = ch ? NULL : "Out of memory.";
    for (size_t i = 0; !fault && i < c->row.rule.channel_count; i++)
        if (s->ops->alerts->channel_get(s, t->session.scope, c->row.rule.channels[i], ch) != PLT_OK)
            fault = "channels names a channel that there is not.";
    free(ch);
    return fault;
}

static plt_status write_rule(hub_store *s, hub_task *t, int64_t now)
{
    change *c = t->more;
    hub_rule_row was;
    int n = 0;
    plt_status status = PLT_OK;
    const char *fault = check_names(s, t, c);
    if (c->made) {
        status = s->ops->alerts->rules(s, c->row.tenant_id, count_rule, &n);
        if (n >= RULES_MAX) fault = "There are 200 rules, which is the most.";
    } else {
        status = s->ops->alerts->rule_get(s, t->session.scope, c->row.id, &was);
        if (status == PLT_NOTFOUND) hub_not_there(t, "There is no such rule");
        c->row.tenant_id = t->audit_tenant = was.tenant_id;
    }
    if (status != PLT_OK) return status;
    if (fault) {
        hub_bad_request(t, fault);
        return PLT_EXISTS; /* a refusal, no damage */
    }
    c->row.changed = now;
    status = s->ops->alerts->rule_put(s, &c->row);
    /* Another kind, another meaning of every subject. */
    bool anew = !c->made && (was.rule.kind != c->row.rule.kind || !c->row.rule.enabled);
    return status == PLT_OK && anew ? s->ops->alerts->close_all(s, c->row.id, now) : status;
}

static plt_status write_rule_end(hub_store *s, hub_task *t, int64_t now)
{
    change *c = t->more;
    plt_status status = s->ops->alerts->rule_get(s, t->session.scope, c->row.id, &c->row);
    if (status == PLT_NOTFOUND) hub_not_there(t, "There is no such rule");
    if (status == PLT_OK) status = s->ops->alerts->close_all(s, c->row.id, now);
    return status == PLT_OK ? s->ops->alerts->rule_drop(s, c->row.id) : status;
}

static void look_anew(hub_task *t)
{
    hub_told_rules(((change *)t->more)->hub);
}

static change *begin_change(hub_worker *w, hub_task *t)
{
    change *c = calloc(1, sizeof *c);
    t->more = c;
    if (!c) {
        hub_store_failed(w, t, PLT_NOMEM);
        return NULL;
    }
    c->hub = w->hub;
    t->after = look_anew;
    plt_copy(c->row.author, sizeof c->row.author, t->session.name);
    return c;
}

static hub_step put_rule(hub_worker *w, hub_task *t, const char *id)
{
    change *c = begin_change(w, t);
    if (!c) return HUB_DONE;
    cJSON *o = hub_json_read(plt_buf_str(&t->in.body), t->in.body.len);
    const char *fault = o ? hub_alert_rule_read(o, &c->row.rule) : "The body is no JSON object.";
    cJSON_Delete(o);
    if (fault) return hub_bad_request(t, fault);
    c->made = !id;
    if (id) {
        plt_copy(c->row.id, sizeof c->row.id, id);
        hub_reply_empty(&t->out);
    } else {
        if (!hub_tenant_pick(w, t, &c->row.tenant_id, NULL)) return HUB_DONE;
        if (hub_new_id(c->row.id) != PLT_OK) return hub_store_failed(w, t, PLT_IO);
        hub_reply_id(t, c->row.id);
    }
    plt_copy(t->detail, sizeof t->detail, c->row.rule.name);
    t->write = write_rule;
    return HUB_WRITE;
}

hub_step hub_api_alert_rule_make(hub_worker *w, hub_task *t)
{
    return put_rule(w, t, NULL);
}

hub_step hub_api_alert_rule_change(hub_worker *w, hub_task *t)
{
    return put_rule(w, t, t->in.path_arg[0]);
}

hub_step hub_api_alert_rule_drop(hub_worker *w, hub_task *t)
{
    change *c = begin_change(w, t);
    if (!c) return HUB_DONE;
    plt_copy(c->row.id, sizeof c->row.id, t->in.path_arg[0]);
    hub_reply_empty(&t->out);
    t->write = write_rule_end;
    return HUB_WRITE;
}

/* ---- messages ---- */

static bool add_delivery(void *ctx, const hub_delivery *d)
{
    static const char *const states[] = {"waits", "sent", "given-up"};
    plt_buf *b = ctx;
    plt_json_comma(b);
    plt_buf_byte(b, '{');
    plt_json_text(b, "key", d->key);
    plt_json_text(b, "rule", d->rule);
    plt_json_text(b, "channel", d->channel);
    plt_json_text(b, "target", d->target);
    plt_json_text(b, "state", states[d->state]);
    hub_json_time(b, "created", d->created);
    hub_json_time(b, "due", d->state == HUB_DELIVERY_WAITS ? d->due : 0);
    hub_json_time(b, "finished", d->finished);
    plt_json_count(b, "attempts", d->attempts);
    plt_json_text(b, "reason", d->reason);
    plt_buf_byte(b, '}');
    return b->status == PLT_OK;
}

hub_step hub_api_alert_deliveries(hub_worker *w, hub_task *t)
{
    plt_buf *b = hub_items_begin(t);
    return hub_items_end(w, t, w->store->ops->alerts->deliveries(w->store, t->session.scope, DELIVERIES_MAX, add_delivery, b));
}
