/* SPDX-License-Identifier: Apache-2.0 */
/* Schedules, and the files that their mails have, for as long as a mail may wait. */
#include "hub/store_schedules.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "core/util/text.h"
#include "hub/json.h"
#include "hub/store_alert_parts.h"
#include "hub/store_parts.h"

#define BODY_MAX 32768
#define COLUMNS                                                                                                                                      \
    "SELECT s.tenant_id, t.name, s.schedule_id, s.author, s.changed, s.body, s.next, s.last_due, s.last_at, s.outcome, s.reason FROM schedules s"    \
    " JOIN tenants t ON t.tenant_id=s.tenant_id WHERE "
static const char list[] = COLUMNS IN_SCOPE("s.tenant_id") " ORDER BY t.name, s.schedule_id";
static const char one[] = COLUMNS IN_SCOPE("s.tenant_id") " AND s.schedule_id=?2";
static const char due_one[] = COLUMNS "s.next>0 AND s.next<=?1 AND s.lease_until<=?1 ORDER BY s.next, s.schedule_id LIMIT 1";
static const char put[] =
    "INSERT INTO schedules(tenant_id, schedule_id, author, changed, body, next, last_due, last_at, outcome, reason, lease_until,"
    " lease_by) VALUES(?1, ?2, ?3, ?4, ?5, ?6, 0, 0, 0, '', 0, '') ON CONFLICT(tenant_id, schedule_id) DO UPDATE SET"
    " author=excluded.author, changed=excluded.changed, body=excluded.body, next=excluded.next, lease_until=0, lease_by=''";
static const char drop[] = "DELETE FROM schedules WHERE schedule_id=?1";
static const char drop_mails[] = "UPDATE alert_deliveries SET state=2, reason='the schedule was removed' WHERE channel_id=?1 AND state=0";
static const char claim[] = "UPDATE schedules SET lease_until=?3, lease_by=?4 WHERE schedule_id=?1 AND next=?2 AND changed=?6 AND lease_until<=?5";
static const char finish[] = "UPDATE schedules SET next=?3, last_due=?8, last_at=?4, outcome=?5, reason=?6, lease_until=0, lease_by='' WHERE"
                             " schedule_id=?1 AND next=?2 AND lease_by=?7";
static const char leave[] = "UPDATE schedules SET lease_until=?3, lease_by='', outcome=?4, reason=?5, last_at=?6 WHERE schedule_id=?1 AND next=?2"
                            " AND lease_by=?7";
static const char file_put[] = "INSERT INTO report_files(tenant_id, file_id, at, content) VALUES(?1, ?2, ?3, ?4)";
static const char file_get[] = "SELECT content FROM report_files WHERE tenant_id=?1 AND file_id=?2";
static const char files_forget[] = "DELETE FROM report_files WHERE at<?1";
static const char mails[] =
    "SELECT delivery_no, tenant_id, rule_id, channel_id, delivery_key, target, created, due, attempts, finished, state, reason"
    " FROM alert_deliveries WHERE tenant_id=?1 AND delivery_key LIKE ?2 ORDER BY delivery_no";

void hub_schedule_key(char out[HUB_DELIVERY_KEY], const char *id, int64_t due)
{
    snprintf(out, HUB_DELIVERY_KEY, "report-%s-%" PRId64, id, due);
}

/* What this hub cannot read (a report or a zone that it has no more) comes out empty: it can be seen, changed and removed, and sends nothing. */
static void read_row(db_stmt *st, hub_schedule_row *r)
{
    *r = (hub_schedule_row){.tenant_id = db_int(st, 0),
                            .changed = db_int(st, 4),
                            .next = db_int(st, 6),
                            .last_due = db_int(st, 7),
                            .last_at = db_int(st, 8),
                            .outcome = (hub_outcome)db_int(st, 9)};
    db_copy(st, 1, r->tenant, sizeof r->tenant);
    db_copy(st, 2, r->id, sizeof r->id);
    db_copy(st, 3, r->author, sizeof r->author);
    db_copy(st, 10, r->reason, sizeof r->reason);
    if (!hub_schedule_parse(db_text(st, 5), db_text_size(st, 5), &r->schedule)) memset(&r->schedule, 0, sizeof r->schedule);
}

/* One row, or PLT_NOTFOUND. */
static plt_status take_row(hub_store *h, db_stmt *st, hub_schedule_row *out)
{
    plt_status status = db_row(of(h), st);
    if (status != PLT_OK) return status;
    read_row(st, out);
    db_reset(st);
    return PLT_OK;
}

typedef struct sink {
    bool (*row)(void *ctx, const hub_schedule_row *r);
    bool (*mail)(void *ctx, const hub_delivery *d);
    void *ctx;
    hub_schedule_row r;
} sink;

static bool each_row(void *ctx, db_stmt *st)
{
    sink *s = ctx;
    read_row(st, &s->r);
    return s->row(s->ctx, &s->r);
}

static plt_status list_them(hub_store *h, int64_t scope, bool (*each)(void *ctx, const hub_schedule_row *r), void *ctx)
{
    sink s = {.row = each, .ctx = ctx};
    db_stmt *st = db_get(of(h), list);
    db_bind_int(st, 1, scope);
    return store_each(h, st, each_row, &s);
}

static plt_status get(hub_store *h, int64_t scope, const char *id, hub_schedule_row *out)
{
    db_stmt *st = db_get(of(h), one);
    db_bind_int(st, 1, scope);
    db_bind_text(st, 2, id);
    return take_row(h, st, out);
}

static plt_status put_row(hub_store *h, const hub_schedule_row *r)
{
    plt_buf body;
    plt_buf_init(&body, BODY_MAX);
    plt_buf_byte(&body, '{');
    hub_schedule_write(&r->schedule, &body);
    plt_buf_byte(&body, '}');
    db_stmt *st = db_get(of(h), put);
    db_bind_int(st, 1, r->tenant_id);
    db_bind_text(st, 2, r->id);
    db_bind_text(st, 3, r->author);
    db_bind_int(st, 4, r->changed);
    db_bind_text(st, 5, plt_buf_str(&body));
    db_bind_int(st, 6, r->next);
    plt_status status = body.status == PLT_OK ? db_run(of(h), st) : body.status;
    plt_buf_free(&body);
    return status;
}

static plt_status drop_row(hub_store *h, const char *id)
{
    plt_status status = db_run_some(of(h), store_with(h, drop, id));
    return status == PLT_OK ? db_run(of(h), store_with(h, drop_mails, id)) : status;
}

static plt_status due(hub_store *h, int64_t now, hub_schedule_row *out)
{
    db_stmt *st = db_get(of(h), due_one);
    db_bind_int(st, 1, now);
    return take_row(h, st, out);
}

/* A change that found nothing to change: somebody else was there. */
static plt_status or_busy(plt_status status)
{
    return status == PLT_NOTFOUND ? PLT_BUSY : status;
}

static plt_status claim_it(hub_store *h, const hub_schedule_row *r, const char *who, int64_t now)
{
    db_stmt *st = store_with(h, claim, r->id);
    db_bind_int(st, 2, r->next);
    db_bind_int(st, 3, now + HUB_LEASE_MS);
    db_bind_text(st, 4, who);
    db_bind_int(st, 5, now);
    db_bind_int(st, 6, r->changed);
    return or_busy(db_run_some(of(h), st));
}

static plt_status finish_it(hub_store *h, const hub_schedule_row *r, int64_t was_due, const char *who)
{
    db_stmt *st = store_with(h, finish, r->id);
    db_bind_int(st, 2, was_due);
    db_bind_int(st, 3, r->next);
    db_bind_int(st, 4, r->last_at);
    db_bind_int(st, 5, r->outcome);
    db_bind_text(st, 6, r->reason);
    db_bind_text(st, 7, who);
    db_bind_int(st, 8, r->last_due);
    return or_busy(db_run_some(of(h), st));
}

static plt_status leave_it(hub_store *h, const hub_schedule_row *r, const char *who, int64_t until)
{
    db_stmt *st = store_with(h, leave, r->id);
    db_bind_int(st, 2, r->next);
    db_bind_int(st, 3, until);
    db_bind_int(st, 4, r->outcome);
    db_bind_text(st, 5, r->reason);
    db_bind_int(st, 6, r->last_at);
    db_bind_text(st, 7, who);
    return or_busy(db_run_some(of(h), st));
}

static plt_status put_file(hub_store *h, int64_t tenant_id, const hub_report_file *f, int64_t now)
{
    db_stmt *st = db_get(of(h), file_put);
    db_bind_int(st, 1, tenant_id);
    db_bind_text(st, 2, f->id);
    db_bind_int(st, 3, now);
    db_bind_blob(st, 4, f->data, f->n);
    return db_run(of(h), st);
}

static plt_status get_file(hub_store *h, int64_t tenant_id, const char *id, plt_buf *out)
{
    size_t n = 0;
    db_stmt *st = db_get(of(h), file_get);
    db_bind_int(st, 1, tenant_id);
    db_bind_text(st, 2, id);
    plt_status status = db_row(of(h), st);
    if (status != PLT_OK) return status;
    const void *p = db_bytes(st, 0, &n);
    plt_buf_add(out, p ? p : "", n);
    db_reset(st);
    return out->status;
}

static plt_status forget_files(hub_store *h, int64_t before)
{
    db_stmt *st = db_get(of(h), files_forget);
    db_bind_int(st, 1, before);
    return db_run(of(h), st);
}

static bool each_mail(void *ctx, db_stmt *st)
{
    sink *s = ctx;
    hub_delivery d = {.no = db_int(st, 0), .finished = db_int(st, 9), .attempts = db_int(st, 8), .state = (hub_delivery_state)db_int(st, 10)};
    db_copy(st, 5, d.target, sizeof d.target);
    db_copy(st, 11, d.reason, sizeof d.reason);
    return s->mail(s->ctx, &d);
}

static plt_status list_mails(hub_store *h, const hub_schedule_row *r, bool (*each)(void *ctx, const hub_delivery *d), void *ctx)
{
    sink s = {.mail = each, .ctx = ctx};
    char like[HUB_DELIVERY_KEY + 2];
    hub_schedule_key(like, r->id, r->last_due);
    size_t n = strlen(like);
    plt_copy(like + n, sizeof like - n, "-%");
    db_stmt *st = db_get(of(h), mails);
    db_bind_int(st, 1, r->tenant_id);
    db_bind_text(st, 2, like);
    return store_each(h, st, each_mail, &s);
}

const hub_schedule_ops hub_schedule_store = {
    .schedules = list_them,
    .get = get,
    .put = put_row,
    .drop = drop_row,
    .due = due,
    .claim = claim_it,
    .finish = finish_it,
    .leave = leave_it,
    .file_put = put_file,
    .file_get = get_file,
    .files_forget = forget_files,
    .mails = list_mails,
};
