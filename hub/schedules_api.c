/* SPDX-License-Identifier: Apache-2.0 */
/* Schedules for the console. Whoever saves one answers for it: it must never send what they could not ask for themselves. */
#include "hub/schedules_api.h"

#include <stdlib.h>
#include <string.h>

#include "core/util/room.h"
#include "core/util/text.h"
#include "hub/handler.h"
#include "hub/report.h"
#include "hub/reports_api.h"
#include "hub/store_device_groups.h"
#include "hub/store_schedules.h"
#include "hub/zone.h"
#include "os/clock.h"
#include "os/mail.h"

#define SCHEDULES_MAX 100

static const hub_schedule_ops *ops_of(hub_store *s)
{
    return s->ops->schedules;
}

/* ---- the list ---- */

typedef struct rows {
    hub_schedule_row *r; /* owned */
    size_t n, cap;
    bool full;
} rows;

static bool note_row(void *ctx, const hub_schedule_row *r)
{
    rows *l = ctx;
    hub_schedule_row *more = plt_room(l->r, l->n, &l->cap, sizeof *more);
    l->full = !more;
    if (!more) return false;
    l->r = more;
    l->r[l->n++] = *r;
    return true;
}

static bool add_mail(void *ctx, const hub_delivery *d)
{
    static const char *const states[] = {"waits", "sent", "given-up"};
    plt_buf *b = ctx;
    plt_json_comma(b);
    plt_buf_byte(b, '{');
    plt_json_text(b, "to", d->target);
    plt_json_text(b, "state", states[d->state]);
    plt_json_count(b, "attempts", d->attempts);
    plt_json_text(b, "reason", d->reason);
    plt_buf_byte(b, '}');
    return b->status == PLT_OK;
}

static plt_status put_row(hub_store *s, const hub_schedule_row *r, plt_buf *b)
{
    static const char *const outcomes[] = {"none", "sent", "failed"};
    plt_json_comma(b);
    plt_buf_byte(b, '{');
    plt_json_text(b, "id", r->id);
    plt_json_text(b, "tenant", r->tenant);
    hub_schedule_write(&r->schedule, b);
    plt_json_text(b, "author", r->author);
    hub_json_time(b, "changed", r->changed);
    hub_json_time(b, "next", r->next);
    hub_json_time(b, "last_due", r->last_due);
    hub_json_time(b, "last_at", r->last_at);
    plt_json_text(b, "outcome", outcomes[r->outcome]);
    plt_json_text(b, "reason", r->reason);
    plt_json_key(b, "mails");
    plt_buf_byte(b, '[');
    plt_status status = r->last_due ? ops_of(s)->mails(s, r, add_mail, b) : PLT_OK;
    plt_buf_text(b, "]}");
    return status;
}

hub_step hub_api_schedules(hub_worker *w, hub_task *t)
{
    rows l = {0};
    hub_mail_settings *m = calloc(1, sizeof *m);
    plt_status s = m ? ops_of(w->store)->schedules(w->store, t->session.scope, note_row, &l) : PLT_NOMEM;
    if (s == PLT_OK && l.full) s = PLT_NOMEM;
    plt_buf *b = hub_items_begin(t);
    for (size_t i = 0; s == PLT_OK && i < l.n; i++) s = put_row(w->store, &l.r[i], b);
    plt_status set = s == PLT_OK ? w->store->ops->alerts->mail_get(w->store, m) : s;
    free(m);
    free(l.r);
    if (set != PLT_OK && set != PLT_NOTFOUND) return hub_store_failed(w, t, set);
    plt_buf_text(b, "],\"zones\":[");
    for (size_t i = 0; hub_zone_name(i); i++) {
        plt_json_comma(b);
        plt_json_quote(b, hub_zone_name(i));
    }
    plt_buf_byte(b, ']');
    plt_json_bool(b, "mail_there", os_mail_there());
    plt_json_bool(b, "mail_server", set == PLT_OK);
    plt_buf_byte(b, '}');
    return HUB_DONE;
}

/* ---- changing ---- */

typedef struct change {
    hub_schedule_row row;
    bool made;
} change;

static plt_status refused(hub_task *t, const char *why)
{
    hub_bad_request(t, why);
    return PLT_DENIED; /* a refusal, no damage */
}

static plt_status no_schedule(hub_task *t)
{
    hub_not_there(t, "There is no such schedule");
    return PLT_NOTFOUND;
}

static bool count_row(void *ctx, const hub_schedule_row *r)
{
    (void)r;
    ++*(int *)ctx;
    return true;
}

static plt_status write_schedule(hub_store *s, hub_task *t, int64_t now)
{
    change *c = t->more;
    hub_schedule_row was;
    hub_device_group g;
    const hub_schedule *k = &c->row.schedule;
    int n = 0;
    plt_status status = c->made ? ops_of(s)->schedules(s, c->row.tenant_id, count_row, &n) : ops_of(s)->get(s, t->session.scope, c->row.id, &was);
    if (status == PLT_NOTFOUND) return no_schedule(t);
    if (status != PLT_OK) return status;
    if (n >= SCHEDULES_MAX) return refused(t, "There are 100 schedules, which is the most.");
    if (!c->made) c->row.tenant_id = t->audit_tenant = was.tenant_id;
    if (*k->group && s->ops->device_groups->get(s, t->session.scope, k->group, &g) != PLT_OK)
        return refused(t, "group names a group that there is not.");
    c->row.changed = now;
    c->row.next = k->enabled ? hub_schedule_next(k, now) : 0;
    return ops_of(s)->put(s, &c->row);
}

/* The report's own right: who may not ask for it has nobody told of it either. */
static bool may_have(hub_task *t, const char *report)
{
    hub_right right;
    if (hub_report_right(report, &right) && hub_holds(t->session.rights, right)) return true;
    hub_problem(&t->out, 403, "forbidden", "Your role does not allow this report", NULL,
                "Ask somebody who holds the right to it to save the schedule.");
    return false;
}

static hub_step put_schedule(hub_worker *w, hub_task *t, const char *id)
{
    change *c = calloc(1, sizeof *c);
    t->more = c;
    if (!c) return hub_store_failed(w, t, PLT_NOMEM);
    cJSON *o = hub_json_read(plt_buf_str(&t->in.body), t->in.body.len);
    const char *fault = !os_mail_there() ? "This hub was built without mail (its libcurl has no SMTP)."
                        : o              ? hub_schedule_read(o, &c->row.schedule)
                                         : "The body is no JSON object.";
    cJSON_Delete(o);
    if (fault) return hub_bad_request(t, fault);
    if (!may_have(t, c->row.schedule.report)) return HUB_DONE;
    c->made = !id;
    plt_copy(c->row.author, sizeof c->row.author, t->session.name);
    if (id) {
        plt_copy(c->row.id, sizeof c->row.id, id);
        hub_reply_empty(&t->out);
    } else {
        if (!hub_tenant_pick(w, t, &c->row.tenant_id, NULL)) return HUB_DONE;
        if (hub_new_id(c->row.id) != PLT_OK) return hub_store_failed(w, t, PLT_IO);
        plt_copy(t->object, sizeof t->object, c->row.id);
        hub_reply_id(t, c->row.id);
    }
    plt_copy(t->detail, sizeof t->detail, c->row.schedule.name);
    t->write = write_schedule;
    return HUB_WRITE;
}

hub_step hub_api_schedule_make(hub_worker *w, hub_task *t)
{
    return put_schedule(w, t, NULL);
}

hub_step hub_api_schedule_change(hub_worker *w, hub_task *t)
{
    return put_schedule(w, t, t->in.path_arg[0]);
}

static plt_status write_end(hub_store *s, hub_task *t, int64_t now)
{
    change *c = t->more;
    (void)now;
    plt_status status = ops_of(s)->get(s, t->session.scope, t->in.path_arg[0], &c->row);
    if (status == PLT_NOTFOUND) return no_schedule(t);
    if (status != PLT_OK) return status;
    t->audit_tenant = c->row.tenant_id;
    plt_copy(t->detail, sizeof t->detail, c->row.schedule.name);
    return ops_of(s)->drop(s, c->row.id);
}

/* Due now, once; the time after that is the usual one. */
static plt_status write_send(hub_store *s, hub_task *t, int64_t now)
{
    change *c = t->more;
    plt_status status = ops_of(s)->get(s, t->session.scope, t->in.path_arg[0], &c->row);
    if (status == PLT_NOTFOUND) return no_schedule(t);
    if (status != PLT_OK) return status;
    t->audit_tenant = c->row.tenant_id;
    if (!may_have(t, c->row.schedule.report)) return PLT_DENIED;
    plt_copy(t->detail, sizeof t->detail, c->row.schedule.name);
    c->row.next = now;
    return ops_of(s)->put(s, &c->row);
}

static hub_step change_one(hub_worker *w, hub_task *t, plt_status (*write)(hub_store *s, hub_task *t, int64_t now))
{
    t->more = calloc(1, sizeof(change));
    if (!t->more) return hub_store_failed(w, t, PLT_NOMEM);
    hub_reply_empty(&t->out);
    t->write = write;
    return HUB_WRITE;
}

hub_step hub_api_schedule_drop(hub_worker *w, hub_task *t)
{
    return change_one(w, t, write_end);
}

hub_step hub_api_schedule_send(hub_worker *w, hub_task *t)
{
    return change_one(w, t, write_send);
}
