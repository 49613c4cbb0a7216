/* SPDX-License-Identifier: Apache-2.0 */
/* Issuing, and giving out what was issued. It must never issue a period twice. */
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

static bool add_issued(void *ctx, const hub_issued *i)
{
    plt_buf *b = ctx;
    hub_json_comma(b);
    plt_buf_byte(b, '{');
    hub_json_text(b, "id", i->id);
    hub_json_text(b, "kind", i->kind);
    hub_json_text(b, "period", i->period);
    hub_json_text(b, "tenant", i->tenant);
    hub_json_time(b, "issued", i->at);
    hub_json_text(b, "who", i->who);
    plt_buf_byte(b, '}');
    return b->status == PLT_OK;
}

hub_step hub_api_issued(hub_worker *w, hub_task *t)
{
    return hub_items_end(w, t, w->store->ops->issued(w->store, t->session.scope, LIST_MAX, add_issued, hub_items_begin(t)));
}

/* ---- issuing ---- */

static plt_status write_issue(hub_store *s, hub_task *t, int64_t now)
{
    const hub_issue *i = t->more;
    const hub_issued row = {i->tenant_id, i->id, hub_issued_name(i->kind), i->period, t->session.name, NULL, now};
    plt_status status = s->ops->issued_add(s, &row, plt_buf_str(&t->plain), t->plain.len);
    if (status == PLT_EXISTS) hub_problem(&t->out, 409, "issued", "The period was issued a moment ago", NULL, "Load the list again: there it is.");
    return status;
}

/* NULL, or what is wrong with the body. */
static const char *read_issue(hub_task *t, hub_issue *i)
{
    cJSON *o = hub_json_read(plt_buf_str(&t->in.body), t->in.body.len);
    const char *kind = hub_json_get(o, "kind"), *period = hub_json_get(o, "period"), *fault = NULL;
    int k = 0;
    while (kind && k < HUB_ISSUED_KINDS && strcmp(kind, hub_issued_name((hub_issued_kind)k)) != 0) k++;
    i->kind = (hub_issued_kind)k;
    i->target = hub_json_whole(o, "target");
    if (!kind || k == HUB_ISSUED_KINDS) fault = "kind is meters or supplies.";
    if (!fault && !period) fault = "period is missing.";
    if (!fault && (i->target > TARGET_MAX || (i->target < 0 && cJSON_GetObjectItemCaseSensitive(o, "target"))))
        fault = "target is a number of pages.";
    if (!fault) plt_copy(i->period, sizeof i->period, period);
    if (!fault && strlen(period) >= sizeof i->period) fault = "period is longer than a day.";
    cJSON_Delete(o);
    return fault;
}

static hub_step make(hub_worker *w, hub_task *t, hub_issue *i)
{
    plt_buf_free(&t->plain);
    plt_buf_init(&t->plain, HUB_ISSUED_MAX + 65536);
    plt_status s = hub_new_id(i->id);
    if (s == PLT_OK) s = hub_issue_make(i, w->store, w->hub->receipts, &t->plain);
    if (s == PLT_FULL) {
        hub_problem(&t->out, 413, "too-large", "There is more than one file holds", "12 MiB are allowed.", "Issue each site by itself.");
        return HUB_DONE;
    }
    if (s != PLT_OK) return hub_store_failed(w, t, s);
    const hub_issued row = {i->tenant_id, i->id, hub_issued_name(i->kind), i->period, t->session.name, i->tenant, i->now};
    add_issued(hub_reply_json(&t->out), &row);
    t->write = write_issue;
    return HUB_WRITE;
}

hub_step hub_api_issue(hub_worker *w, hub_task *t)
{
    char tenant[HUB_TENANT_SIZE], period[16];
    hub_issue *i = calloc(1, sizeof *i);
    t->more = i;
    if (!i) return hub_store_failed(w, t, PLT_NOMEM);
    const char *fault = read_issue(t, i);
    if (fault) return hub_bad_request(t, fault);
    if (!hub_tenant_pick(w, t, &i->tenant_id, tenant)) return HUB_DONE;
    plt_copy(period, sizeof period, i->period);
    plt_buf *b = hub_reply_json(&t->out);
    plt_status s = w->store->ops->issued_of(w->store, i->tenant_id, hub_issued_name(i->kind), period, add_issued, b);
    if (s != PLT_OK) return hub_store_failed(w, t, s);
    if (b->len) return HUB_DONE; /* it stands: the same again */
    i->tenant = tenant;
    i->now = os_clock_unix_ms();
    i->budget_ms = BUDGET_MS;
    fault = hub_issue_period(i, period);
    if (fault) return hub_bad_request(t, fault);
    if (!hub_heavy_take(w->hub)) {
        hub_reply_store(&t->out, PLT_BUSY);
        return HUB_DONE;
    }
    hub_step step = make(w, t, i);
    hub_heavy_give(w->hub);
    i->tenant = NULL;
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
