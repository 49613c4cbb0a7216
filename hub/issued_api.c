/* SPDX-License-Identifier: Apache-2.0 */
/* Issuing, and giving out what was issued. It must never issue a period twice, but in place of what it names. */
#include "hub/issued_api.h"

#include <stdlib.h>
#include <string.h>

#include "core/util/text.h"
#include "hub/csv.h"
#include "hub/handler.h"
#include "hub/issued.h"
#include "hub/reports_api.h"
#include "os/clock.h"

#define LIST_MAX 1000
#define BUDGET_MS 20000
#define TARGET_MAX INT64_C(1000000000)

/* An issue between the worker and the writer; freed as one piece, so the devices are behind it. */
typedef struct issuing {
    hub_issue issue;
    int64_t devices, gaps, counted;
    size_t n;
    hub_issued_device of[];
} issuing;

typedef struct page {
    plt_buf *out;
    int64_t limit, n;
    char last[HUB_AGENT_ID]; /* of the page */
    bool more;
} page;

static bool put_issued(void *ctx, const hub_issued *i)
{
    plt_buf *b = ctx;
    plt_json_comma(b);
    plt_buf_byte(b, '{');
    plt_json_text(b, "id", i->id);
    plt_json_text(b, "kind", i->kind);
    plt_json_text(b, "period", i->period);
    plt_json_text(b, "tenant", i->tenant);
    hub_json_time(b, "issued", i->at);
    plt_json_text(b, "who", i->who);
    plt_json_count(b, "devices", i->devices);
    plt_json_count(b, "gaps", i->gaps);
    plt_json_count(b, "counted", i->counted);
    plt_json_text(b, "replaces", i->replaces);
    plt_json_text(b, "reason", i->reason);
    plt_json_text(b, "replaced_by", i->replaced_by);
    plt_buf_byte(b, '}');
    return b->status == PLT_OK;
}

static bool add_issued(void *ctx, const hub_issued *i)
{
    page *p = ctx;
    p->more = p->n == p->limit;
    if (p->more) return false;
    p->n++;
    plt_copy(p->last, sizeof p->last, i->id);
    return put_issued(p->out, i);
}

static int kind_of(const char *word)
{
    int k = 0;
    while (k < HUB_ISSUED_KINDS && strcmp(word, hub_issued_name((hub_issued_kind)k)) != 0) k++;
    return k;
}

hub_step hub_api_issued(hub_worker *w, hub_task *t)
{
    hub_issued_query q = {.scope = t->session.scope,
                          .kind = hub_query_text(t, "kind"),
                          .period = hub_query_text(t, "period"),
                          .device = hub_query_number(t, "device", 0, INT64_MAX / 2),
                          .after = hub_query_text(t, "cursor")};
    page p = {.limit = hub_query_number(t, "limit", LIST_MAX, LIST_MAX)};
    if (p.limit < 0) return hub_bad_query(t, "limit is a number from 1 to 1000.");
    if (q.after && !hub_id_valid(q.after)) return hub_bad_query(t, "cursor is not of this list.");
    q.limit = (int)p.limit + 1; /* is there a next page? */
    if (q.kind && kind_of(q.kind) == HUB_ISSUED_KINDS) return hub_bad_query(t, "kind is meters or supplies.");
    if (q.device < 0) return hub_bad_query(t, "device is the number of a device.");
    if (hub_query_text(t, "tenant") && !hub_tenant_pick(w, t, &q.scope, NULL)) return HUB_DONE;
    p.out = hub_items_begin(t);
    plt_status s = w->store->ops->issued(w->store, &q, add_issued, &p);
    if (s == PLT_NOTFOUND) return hub_bad_query(t, "There is no paper that cursor names.");
    if (s != PLT_OK) return hub_store_failed(w, t, s);
    plt_buf_byte(p.out, ']');
    plt_json_text(p.out, "next", p.more ? p.last : NULL);
    plt_buf_byte(p.out, '}');
    return HUB_DONE;
}

/* ---- issuing ---- */

static hub_step taken(hub_task *t)
{
    hub_problem(&t->out, 409, "issued", "The period was issued a moment ago, or what is to be replaced is not in force", NULL,
                "Load the list again: there it is.");
    return HUB_DONE;
}

static plt_status write_issue(hub_store *s, hub_task *t, int64_t now)
{
    const issuing *m = t->more;
    const hub_issue *i = &m->issue;
    const hub_issued row = {.tenant_id = i->tenant_id,
                            .id = i->id,
                            .kind = hub_issued_name(i->kind),
                            .period = i->period,
                            .who = t->session.name,
                            .at = i->now,
                            .replaces = i->replaces,
                            .reason = i->reason,
                            .devices = m->devices,
                            .gaps = m->gaps,
                            .counted = m->counted};
    (void)now;
    plt_status status = s->ops->issued_add(s, &row, plt_buf_str(&t->plain), t->plain.len, m->of, m->n);
    if (status == PLT_EXISTS) taken(t);
    return status;
}

static const char *read_replaces(const cJSON *o, hub_issue *i)
{
    const char *replaces = hub_json_get(o, "replaces"), *reason = hub_json_get(o, "reason");
    if (!replaces) return reason ? "reason is for what is replaced." : NULL;
    if (!hub_id_valid(replaces)) return "replaces is the id of what was issued.";
    if (!reason || !*reason || !plt_copy(i->reason, sizeof i->reason, reason)) return "reason is missing, empty or longer than 200 bytes.";
    plt_copy(i->replaces, sizeof i->replaces, replaces);
    return NULL;
}

/* NULL, or what is wrong with the body. */
static const char *read_issue(hub_task *t, hub_issue *i)
{
    cJSON *o = hub_json_read(plt_buf_str(&t->in.body), t->in.body.len);
    const char *kind = hub_json_get(o, "kind"), *period = hub_json_get(o, "period"), *fault = NULL;
    int k = kind ? kind_of(kind) : HUB_ISSUED_KINDS;
    i->kind = (hub_issued_kind)k;
    i->target = hub_json_whole(o, "target");
    if (k == HUB_ISSUED_KINDS) fault = "kind is meters or supplies.";
    if (!fault && !period) fault = "period is missing.";
    if (!fault && (i->target > TARGET_MAX || (i->target < 0 && cJSON_GetObjectItemCaseSensitive(o, "target"))))
        fault = "target is a number of pages.";
    if (!fault && !plt_copy(i->period, sizeof i->period, period)) fault = "period is longer than a day.";
    if (!fault) fault = read_replaces(o, i);
    cJSON_Delete(o);
    return fault;
}

/* What the writer needs of it, in one piece. */
static bool keep_for_write(hub_task *t, const hub_issue *i, const hub_issue_devices *d)
{
    issuing *m = calloc(1, sizeof *m + d->n * sizeof *m->of);
    if (!m) return false;
    const hub_issued row = hub_issued_row(i, d, t->session.name);
    m->issue = *i;
    m->issue.tenant = NULL;
    m->devices = row.devices;
    m->gaps = row.gaps;
    m->counted = row.counted;
    m->n = d->n;
    if (d->n) memcpy(m->of, d->of, d->n * sizeof *m->of);
    t->more = m;
    put_issued(hub_reply_json(&t->out), &row);
    t->write = write_issue;
    return true;
}

static hub_step make(hub_worker *w, hub_task *t, hub_issue *i)
{
    hub_issue_devices devices = {.n = 0};
    plt_buf_free(&t->plain);
    plt_buf_init(&t->plain, HUB_ISSUED_MAX + 65536);
    plt_status s = hub_new_id(i->id);
    if (s == PLT_OK) s = hub_issue_make(i, w->store, w->hub->receipts, &t->plain, &devices);
    if (s == PLT_OK && !keep_for_write(t, i, &devices)) s = PLT_NOMEM;
    hub_issue_devices_free(&devices);
    if (s == PLT_FULL) {
        hub_problem(&t->out, 413, "too-large", "There is more than one file holds", "12 MiB are allowed.", "Issue each site by itself.");
        return HUB_DONE;
    }
    return s == PLT_OK ? HUB_WRITE : hub_store_failed(w, t, s);
}

/* The id of what is in force of the period: put_issued's, kept. */
typedef struct in_force {
    char id[HUB_ISSUED_ID];
    plt_buf *reply;
} in_force;

static bool note_in_force(void *ctx, const hub_issued *i)
{
    in_force *f = ctx;
    plt_copy(f->id, sizeof f->id, i->id);
    return put_issued(f->reply, i);
}

hub_step hub_api_issue(hub_worker *w, hub_task *t)
{
    char tenant[HUB_TENANT_SIZE], period[16];
    hub_issue i = {.tenant = tenant, .budget_ms = BUDGET_MS};
    const char *fault = read_issue(t, &i);
    if (fault) return hub_bad_request(t, fault);
    if (!hub_tenant_pick(w, t, &i.tenant_id, tenant)) return HUB_DONE;
    plt_copy(period, sizeof period, i.period);
    in_force f = {.id = "", .reply = hub_reply_json(&t->out)};
    plt_status s = w->store->ops->issued_of(w->store, i.tenant_id, hub_issued_name(i.kind), period, note_in_force, &f);
    if (s != PLT_OK) return hub_store_failed(w, t, s);
    if (*f.id && !*i.replaces) return HUB_DONE; /* it stands: the same again */
    if (strcmp(f.id, i.replaces) != 0) return taken(t);
    i.now = os_clock_unix_ms();
    fault = hub_issue_period(&i, period);
    if (fault) return hub_bad_request(t, fault);
    if (!hub_heavy_take(w->hub)) {
        hub_reply_store(&t->out, PLT_BUSY);
        return HUB_DONE;
    }
    hub_step step = make(w, t, &i);
    hub_heavy_give(w->hub);
    return step;
}

/* ---- giving out ---- */

hub_step hub_api_issued_one(hub_worker *w, hub_task *t)
{
    hub_form form = hub_form_asked(t);
    plt_buf file;
    if (form == HUB_FORMS) return hub_bad_request(t, "format is json, csv or pdf.");
    plt_buf_init(&file, HUB_ISSUED_MAX + 65536);
    plt_status s = w->store->ops->issued_body(w->store, t->session.scope, t->in.path_arg[0], &file);
    plt_buf *b = form == HUB_FORM_CSV ? hub_csv_begin(&t->out) : hub_reply_json(&t->out);
    if (s == PLT_OK && form == HUB_FORM_CSV) s = hub_issued_csv(plt_buf_str(&file), file.len, b);
    if (s == PLT_OK && form == HUB_FORM_PDF) s = hub_issued_pdf(plt_buf_str(&file), file.len, hub_language_asked(t), b);
    if (s == PLT_OK && form == HUB_FORM_JSON) plt_buf_add(b, file.data, file.len);
    if (form == HUB_FORM_PDF) t->out.type = "application/pdf";
    plt_buf_free(&file);
    if (s == PLT_NOTFOUND) return hub_not_there(t, "Nothing was issued under this number");
    return s == PLT_OK || s == PLT_FULL ? hub_csv_done(&t->out) : hub_store_failed(w, t, s);
}
