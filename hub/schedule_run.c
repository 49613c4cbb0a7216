/* SPDX-License-Identifier: Apache-2.0 */
/* Claim, make, lay into the outbox and step on. The last three happen in one transaction: a hub that dies before it leaves a lease that ends. */
#include "hub/schedule_run.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "core/util/text.h"
#include "hub/handler.h"
#include "hub/json.h"
#include "hub/people.h"
#include "hub/report.h"
#include "hub/report_words.h"
#include "hub/reports_api.h"
#include "hub/store_device_groups.h"

#define BUDGET_MS 30000 /* nobody waits for it */
#define FILE_MAX (16u << 20)
#define BODY_MAX 16384
#define AGAIN_MS INT64_C(300000)
#define TRIES_MS INT64_C(21600000) /* then it is given up, and the next one is waited for */
#define LATE_MS INT64_C(3600000)
#define MISSED_MAX 4000

/* One due time on its way. */
typedef struct run {
    hub_scheduler *d;
    hub_schedule_row row;
    int64_t now, due; /* due: the last one that is over; earlier ones were missed */
    int64_t missed;
    int64_t from, to;
    hub_person author;
    const hub_report_spec *spec;
    plt_buf file;
    bool for_good; /* the failure is one that comes again */
} run;

static plt_status refuse(run *r, const char *why)
{
    r->for_good = true;
    plt_copy(r->row.reason, sizeof r->row.reason, why);
    return PLT_DENIED;
}

/* ---- may it be told? ---- */

/* As the author could ask for it now: the account, its right, its scope. */
static plt_status judge(run *r)
{
    hub_store *s = r->d->s;
    hub_right right;
    hub_device_group g;
    const hub_schedule *k = &r->row.schedule;
    r->spec = hub_report_find(k->report);
    if (!r->spec || !hub_report_right(k->report, &right)) return refuse(r, "this hub cannot read the schedule: enter it again");
    plt_status status = s->people->person(s, r->row.author, &r->author);
    if (status == PLT_NOTFOUND) return refuse(r, "its author's account was removed: somebody else saves it");
    if (status != PLT_OK) return status;
    if (r->author.disabled) return refuse(r, "its author's account is switched off: somebody else saves it");
    if (!hub_holds(r->author.rights, right) || !hub_holds(r->author.rights, HUB_RIGHT_SCHEDULES))
        return refuse(r, "its author does not hold the right to this report any more: somebody who does saves it");
    status = s->people->within(s, r->author.scope, r->row.tenant_id);
    if (status == PLT_OK && *k->group) {
        status = s->ops->device_groups->get(s, r->author.scope, k->group, &g);
        if (status == PLT_NOTFOUND) return refuse(r, "the group of devices was removed");
    }
    return status == PLT_NOTFOUND ? refuse(r, "its author does not see this tenant any more: somebody who does saves it") : status;
}

/* ---- the file ---- */

static plt_status make_file(run *r)
{
    const hub_schedule *k = &r->row.schedule;
    hub_report report;
    const hub_report_query q = {
        .scope = r->row.tenant_id, .from = r->from, .to = r->to, .now = r->now, .budget_ms = BUDGET_MS, .group = *k->group ? k->group : NULL};
    plt_status status = hub_report_run(&report, r->d->s, r->spec, &q);
    if (status == PLT_OK && k->pdf) status = hub_report_pdf(&report, hub_language_of(k->language), r->row.tenant, &r->file);
    if (status == PLT_OK && !k->pdf) hub_report_csv(&report, &r->file);
    hub_report_free(&report);
    if (status == PLT_OK) status = r->file.status;
    return status == PLT_FULL ? refuse(r, "the report is larger than 16 MiB: ask for a shorter period, or for one site") : status;
}

/* ---- the outbox ---- */

static void put_link(const run *r, plt_buf *b)
{
    char from[PLT_TIME_SIZE], to[PLT_TIME_SIZE];
    plt_buf link;
    plt_time_format(from, r->from);
    plt_time_format(to, r->to);
    plt_buf_init(&link, 2048);
    plt_buf_printf(&link, "%s/reports/%s?from=%.10s&to=%.10s&tenant=", r->d->console, r->row.schedule.report, from, to);
    hub_report_escape(&link, r->row.tenant);
    if (*r->row.schedule.group) plt_buf_printf(&link, "&group=%s", r->row.schedule.group);
    plt_json_text(b, "link", plt_buf_str(&link));
    if (link.status != PLT_OK) b->status = link.status;
    plt_buf_free(&link);
}

static void put_body(const run *r, const char *file, plt_buf *b)
{
    plt_buf_byte(b, '{');
    plt_json_text(b, "name", r->row.schedule.name);
    plt_json_text(b, "report", r->row.schedule.report);
    plt_json_text(b, "tenant", r->row.tenant);
    plt_json_text(b, "author", r->row.author);
    plt_json_text(b, "language", r->row.schedule.language);
    plt_json_bool(b, "state", r->spec->state);
    hub_json_time(b, "from", r->from);
    hub_json_time(b, "to", r->to);
    hub_json_time(b, "due", r->due);
    plt_json_bool(b, "late", r->now - r->due >= LATE_MS);
    plt_json_count(b, "missed", r->missed);
    plt_json_text(b, "file", file);
    plt_json_bool(b, "pdf", r->row.schedule.pdf);
    put_link(r, b);
    plt_buf_byte(b, '}');
}

static plt_status add_mails(run *r, const char *body)
{
    hub_delivery d = {.tenant_id = r->row.tenant_id, .created = r->now};
    char key[HUB_DELIVERY_KEY];
    plt_status status = PLT_OK;
    plt_copy(d.channel, sizeof d.channel, r->row.id);
    hub_schedule_key(key, r->row.id, r->due);
    const char *p = r->row.schedule.to;
    for (int i = 0; status == PLT_OK && *p; i++) {
        size_t n = strcspn(p, ",");
        plt_utf8_copy(d.target, sizeof d.target, p, n);
        snprintf(d.key, sizeof d.key, "%.48s-%d", key, i);
        status = r->d->s->ops->alerts->delivery_add(r->d->s, &d, body);
        p += n + (p[n] == ',');
    }
    return status;
}

/* A report with names of people is a look at them, wherever it goes. */
static plt_status note_look(const run *r)
{
    const char *action = hub_report_audit(r->row.schedule.report);
    const hub_audit a = {.tenant_id = r->row.tenant_id,
                         .who = r->row.author,
                         .how = "schedule",
                         .address = "",
                         .action = action ? action : "",
                         .object = r->row.schedule.name,
                         .detail = r->row.schedule.to};
    return action ? r->d->s->people->audit_add(r->d->s, &a, r->now) : PLT_OK;
}

static plt_status lay_out(run *r)
{
    hub_store *s = r->d->s;
    hub_report_file f = {.data = r->file.data, .n = r->file.len};
    plt_buf body;
    plt_buf_init(&body, BODY_MAX);
    bool attached = r->file.len <= r->d->most;
    plt_status status = hub_new_id(f.id);
    put_body(r, attached ? f.id : NULL, &body);
    if (status == PLT_OK) status = body.status;
    if (status == PLT_OK && attached) status = s->ops->schedules->file_put(s, r->row.tenant_id, &f, r->now);
    if (status == PLT_OK) status = add_mails(r, plt_buf_str(&body));
    if (status == PLT_OK) status = note_look(r);
    plt_buf_free(&body);
    return status;
}

/* ---- the way of one ---- */

static plt_status in_transaction(hub_store *s, plt_status status)
{
    if (status == PLT_OK) return s->ops->commit(s);
    s->ops->rollback(s);
    return status;
}

static plt_status claim(run *r)
{
    hub_store *s = r->d->s;
    plt_status status = s->ops->begin(s);
    if (status != PLT_OK) return status;
    return in_transaction(s, s->ops->schedules->claim(s, &r->row, r->d->who, r->now));
}

/* The claimed time is over: what was made goes into the outbox, what could not be made is said, and the next time is waited for. */
static plt_status finish(run *r, bool made)
{
    hub_store *s = r->d->s;
    int64_t claimed = r->row.next;
    plt_status status = s->ops->begin(s);
    if (status != PLT_OK) return status;
    r->row.outcome = made ? HUB_OUTCOME_SENT : HUB_OUTCOME_FAILED;
    r->row.last_at = r->now;
    if (made) *r->row.reason = 0;
    r->row.next = r->spec ? hub_schedule_next(&r->row.schedule, r->now) : 0;
    r->row.last_due = r->due;
    status = s->ops->schedules->finish(s, &r->row, claimed, r->d->who);
    if (status == PLT_OK && made) status = lay_out(r);
    return in_transaction(s, status);
}

static plt_status leave(run *r)
{
    hub_store *s = r->d->s;
    plt_status status = s->ops->begin(s);
    if (status != PLT_OK) return status;
    r->row.outcome = HUB_OUTCOME_FAILED;
    r->row.last_at = r->now;
    return in_transaction(s, s->ops->schedules->leave(s, &r->row, r->d->who, r->now + AGAIN_MS));
}

static void count_missed(run *r)
{
    r->due = r->row.next;
    for (int64_t next = r->due; r->missed < MISSED_MAX; r->missed++) {
        next = hub_schedule_next(&r->row.schedule, next);
        if (next > r->now) break;
        r->due = next;
    }
}

plt_status hub_schedule_round(hub_scheduler *d, int64_t now, bool *did)
{
    run r = {.d = d, .now = now};
    plt_status status = d->s->ops->schedules->due(d->s, now, &r.row);
    *did = status == PLT_OK;
    if (status != PLT_OK) return status == PLT_NOTFOUND ? PLT_OK : status;
    status = claim(&r);
    if (status != PLT_OK) return status == PLT_BUSY ? PLT_OK : status; /* another hub has it */
    plt_buf_init(&r.file, FILE_MAX);
    if (hub_report_find(r.row.schedule.report)) {
        count_missed(&r);
        hub_schedule_days(&r.row.schedule, r.due, &r.from, &r.to);
    }
    status = judge(&r);
    if (status == PLT_OK) status = make_file(&r);
    bool made = status == PLT_OK, again = !made && !r.for_good && now - r.row.next < TRIES_MS;
    if (!made && !r.for_good)
        plt_copy(r.row.reason, sizeof r.row.reason,
                 status == PLT_TIMEOUT ? "the report took longer than 30 seconds: ask for a shorter period, or for one site"
                                       : d->s->ops->problem(d->s));
    status = again ? leave(&r) : finish(&r, made);
    plt_buf_free(&r.file);
    return status == PLT_BUSY ? PLT_OK : status; /* the lease was lost: another hub has done it */
}
