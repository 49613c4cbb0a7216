/* SPDX-License-Identifier: Apache-2.0 */
/* GET /api/v1/reports and the reports below it. The route has judged the caller; here is only the period, the scope and the form. */
#include "hub/reports_api.h"

#include <string.h>

#include "core/util/text.h"
#include "hub/csv.h"
#include "hub/device_groups_api.h"
#include "hub/handler.h"
#include "hub/months.h"
#include "hub/report.h"
#include "hub/report_words.h"
#include "hub/routes.h"
#include "os/clock.h"

#define BUDGET_MS 8000
#define USUAL_DAYS 30
#define YEARS_MS (11 * 366 * HUB_DAY_MS)

hub_form hub_form_asked(const hub_task *t)
{
    static const char *const forms[HUB_FORMS] = {"json", "csv", "pdf"};
    const char *v = hub_query_text(t, "format");
    int form = v ? hub_word_of(v, forms, HUB_FORMS) : t->in.pdf ? HUB_FORM_PDF : t->in.csv ? HUB_FORM_CSV : HUB_FORM_JSON;
    return form < 0 ? HUB_FORMS : (hub_form)form;
}

int hub_language_asked(const hub_task *t)
{
    const char *v = hub_query_text(t, "lang");
    return hub_language_of(v ? v : t->in.language);
}

/* ---- the list ---- */

static const hub_route *route_of(const char *name)
{
    size_t n;
    const hub_route *routes = hub_routes(&n);
    for (size_t i = 0; i < n; i++)
        if (strncmp(routes[i].path, HUB_REPORTS, sizeof HUB_REPORTS - 1) == 0 && strcmp(routes[i].path + sizeof HUB_REPORTS - 1, name) == 0)
            return &routes[i];
    return NULL;
}

bool hub_report_right(const char *name, hub_right *out)
{
    const hub_route *r = route_of(name);
    if (r) *out = r->right;
    return r != NULL;
}

const char *hub_report_audit(const char *name)
{
    const hub_route *r = route_of(name);
    return r ? r->audit : NULL;
}

/* May the caller have it? By its route's right. */
static bool may(const hub_task *t, const hub_report_spec *spec)
{
    hub_right right;
    return hub_report_right(spec->name, &right) && hub_holds(t->session.rights, right);
}

hub_step hub_api_reports(hub_worker *w, hub_task *t)
{
    plt_buf *b = hub_items_begin(t);
    const hub_report_spec *spec;
    for (size_t i = 0; (spec = hub_reports(i)) != NULL; i++) {
        if (!may(t, spec)) continue;
        plt_json_comma(b);
        plt_buf_byte(b, '{');
        plt_json_text(b, "name", spec->name);
        plt_json_bool(b, "state", spec->state);
        plt_json_bool(b, "by_device", spec->by_device);
        plt_json_bool(b, "by_person", spec->by_person);
        plt_buf_byte(b, '}');
    }
    return hub_items_end(w, t, PLT_OK);
}

/* ---- one report ---- */

static int64_t day_of(int64_t ms)
{
    return ms / HUB_DAY_MS * HUB_DAY_MS;
}

/* Whole days: those in which from and to lie are all of it. */
static const char *read_period(const hub_task *t, hub_report_query *q)
{
    const char *from = hub_query_text(t, "from"), *to = hub_query_text(t, "to");
    q->to = day_of(q->now) + HUB_DAY_MS;
    if (to && (!plt_time_parse(to, &q->to) || q->to < 0)) return "to is a day or an RFC 3339 time.";
    q->to = day_of(q->to + HUB_DAY_MS - 1);
    q->from = q->to - USUAL_DAYS * HUB_DAY_MS;
    if (from && (!plt_time_parse(from, &q->from) || q->from < 0)) return "from is a day or an RFC 3339 time.";
    q->from = day_of(q->from);
    if (q->from < 0 || q->from >= q->to) return "The period is empty: from is a day before to.";
    return q->to - q->from > YEARS_MS ? "The period is longer than eleven years." : NULL;
}

static hub_step reply(hub_worker *w, hub_task *t, const hub_report *r, hub_form form, const char *whose)
{
    plt_buf *b = form == HUB_FORM_CSV ? hub_csv_begin(&t->out) : hub_reply_json(&t->out);
    plt_status s = PLT_OK;
    if (form == HUB_FORM_PDF) {
        t->out.type = "application/pdf";
        s = hub_report_pdf(r, hub_language_asked(t), whose, b);
    } else if (form == HUB_FORM_CSV) {
        hub_report_csv(r, b);
    } else {
        hub_report_json(r, b);
    }
    if (s == PLT_NOMEM) return hub_store_failed(w, t, s);
    if (s == PLT_FULL) b->status = s;
    return hub_csv_done(&t->out);
}

hub_step hub_api_report(hub_worker *w, hub_task *t)
{
    const hub_report_spec *spec = hub_report_find(t->in.route->path + sizeof HUB_REPORTS - 1);
    hub_report_query q = {.scope = t->session.scope, .now = os_clock_unix_ms(), .budget_ms = BUDGET_MS};
    hub_form form = hub_form_asked(t);
    char whose[HUB_TENANT_SIZE] = "";
    hub_report r;
    const char *fault = read_period(t, &q);
    if (!fault && form == HUB_FORMS) fault = "format is json, csv or pdf.";
    if (!fault && hub_query_text(t, "group") && !spec->by_device) fault = "This report cannot be asked for a group of devices.";
    q.people = hub_query_text(t, "people");
    if (!fault && q.people && !spec->by_person) fault = "This report cannot be asked for a group of people.";
    if (!fault && q.people && !hub_query_text(t, "tenant")) fault = "A group of people is a tenant's: say which tenant.";
    if (fault) return hub_bad_request(t, fault);
    if (!hub_device_group_pick(w, t, &q.group)) return HUB_DONE;
    if (hub_query_text(t, "tenant") && !hub_tenant_pick(w, t, &q.scope, whose)) return HUB_DONE;
    plt_status s = hub_report_run(&r, w->store, spec, &q);
    hub_step step = s == PLT_OK ? reply(w, t, &r, form, whose) : hub_store_failed(w, t, s);
    hub_report_free(&r);
    return step;
}
