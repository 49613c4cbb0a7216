/* SPDX-License-Identifier: Apache-2.0 */
/* Plans of receipts. */
#include "hub/store_receipts.h"

#include "hub/months.h"
#include "hub/store_alert_parts.h"
#include "hub/store_parts.h"

#define HOUR_MS INT64_C(3600000)
#define COLUMNS                                                                                                                                      \
    "SELECT p.tenant_id, t.name, p.automatic, p.hours, p.month, p.due, p.at, p.reason FROM receipt_plans p"                                          \
    " JOIN tenants t ON t.tenant_id=p.tenant_id WHERE "
#define WITHOUT " FROM tenants t WHERE t.level='customer' AND NOT EXISTS(SELECT 1 FROM receipt_plans p WHERE p.tenant_id=t.tenant_id)"
static const char list[] = COLUMNS IN_SCOPE("p.tenant_id") " ORDER BY t.name";
static const char one[] = COLUMNS "p.tenant_id=?1";
static const char due_one[] = COLUMNS "p.due>0 AND p.due<=?1 AND p.lease_until<=?1 ORDER BY p.due, p.tenant_id LIMIT 1";
static const char without[] = "SELECT count(*)" WITHOUT;
static const char adopt[] = "INSERT INTO receipt_plans(tenant_id, automatic, hours, month, due, at, reason, lease_until, lease_by)"
                            " SELECT t.tenant_id, 1, ?1, ?2, ?3, 0, '', 0, ''" WITHOUT " ON CONFLICT(tenant_id) DO NOTHING";
static const char put[] = "INSERT INTO receipt_plans(tenant_id, automatic, hours, month, due, at, reason, lease_until, lease_by)"
                          " VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, 0, '') ON CONFLICT(tenant_id) DO UPDATE SET automatic=excluded.automatic,"
                          " hours=excluded.hours, month=excluded.month, due=excluded.due, at=excluded.at, reason=excluded.reason, lease_until=0,"
                          " lease_by=''";
static const char claim[] = "UPDATE receipt_plans SET lease_until=?3, lease_by=?4 WHERE tenant_id=?1 AND due=?2 AND lease_until<=?5";
static const char finish[] = "UPDATE receipt_plans SET month=?3, due=?4, at=?5, reason=?6, lease_until=0, lease_by='' WHERE tenant_id=?1 AND due=?2"
                             " AND lease_by=?7";
static const char leave[] = "UPDATE receipt_plans SET at=?3, reason=?4, lease_until=?5, lease_by='' WHERE tenant_id=?1 AND due=?2 AND lease_by=?6";

int64_t hub_receipt_due(int64_t month, int hours)
{
    return hub_month_day(month + 1) * HUB_DAY_MS + hours * HOUR_MS;
}

int64_t hub_receipt_month(int64_t unix_ms)
{
    return hub_month_of_day(unix_ms / HUB_DAY_MS);
}

static void read_plan(db_stmt *st, hub_receipt_plan *p)
{
    *p = (hub_receipt_plan){.tenant_id = db_int(st, 0),
                            .automatic = db_int(st, 2) != 0,
                            .hours = (int)db_int(st, 3),
                            .month = db_int(st, 4),
                            .due = db_int(st, 5),
                            .at = db_int(st, 6)};
    db_copy(st, 1, p->tenant, sizeof p->tenant);
    db_copy(st, 7, p->reason, sizeof p->reason);
}

static plt_status take_plan(hub_store *h, db_stmt *st, hub_receipt_plan *out)
{
    plt_status status = db_row(of(h), st);
    if (status != PLT_OK) return status;
    read_plan(st, out);
    db_reset(st);
    return PLT_OK;
}

/* Asked often and seldom true, so it is read before anything is written. */
static plt_status adopt_them(hub_store *h, int64_t now)
{
    int64_t n = 0, month = hub_receipt_month(now);
    plt_status status = db_number(of(h), db_get(of(h), without), &n);
    if (status != PLT_OK || n == 0) return status;
    db_stmt *st = db_get(of(h), adopt);
    db_bind_int(st, 1, HUB_RECEIPT_HOURS);
    db_bind_int(st, 2, month);
    db_bind_int(st, 3, hub_receipt_due(month, HUB_RECEIPT_HOURS));
    return db_run(of(h), st);
}

typedef struct sink {
    bool (*plan)(void *ctx, const hub_receipt_plan *p);
    void *ctx;
} sink;

static bool each_plan(void *ctx, db_stmt *st)
{
    const sink *s = ctx;
    hub_receipt_plan p;
    read_plan(st, &p);
    return s->plan(s->ctx, &p);
}

static plt_status list_them(hub_store *h, int64_t scope, bool (*each)(void *ctx, const hub_receipt_plan *p), void *ctx)
{
    sink s = {each, ctx};
    db_stmt *st = db_get(of(h), list);
    db_bind_int(st, 1, scope);
    return store_each(h, st, each_plan, &s);
}

static plt_status get(hub_store *h, int64_t tenant_id, hub_receipt_plan *out)
{
    db_stmt *st = db_get(of(h), one);
    db_bind_int(st, 1, tenant_id);
    return take_plan(h, st, out);
}

static plt_status put_plan(hub_store *h, const hub_receipt_plan *p)
{
    db_stmt *st = db_get(of(h), put);
    db_bind_int(st, 1, p->tenant_id);
    db_bind_int(st, 2, p->automatic);
    db_bind_int(st, 3, p->hours);
    db_bind_int(st, 4, p->month);
    db_bind_int(st, 5, p->due);
    db_bind_int(st, 6, p->at);
    db_bind_text(st, 7, p->reason);
    return db_run(of(h), st);
}

static plt_status due(hub_store *h, int64_t now, hub_receipt_plan *out)
{
    db_stmt *st = db_get(of(h), due_one);
    db_bind_int(st, 1, now);
    return take_plan(h, st, out);
}

/* A change that found nothing to change: somebody else was there. */
static plt_status run_or_busy(hub_store *h, db_stmt *st)
{
    plt_status status = db_run_some(of(h), st);
    return status == PLT_NOTFOUND ? PLT_BUSY : status;
}

static plt_status claim_it(hub_store *h, const hub_receipt_plan *p, const char *who, int64_t now)
{
    db_stmt *st = db_get(of(h), claim);
    db_bind_int(st, 1, p->tenant_id);
    db_bind_int(st, 2, p->due);
    db_bind_int(st, 3, now + HUB_LEASE_MS);
    db_bind_text(st, 4, who);
    db_bind_int(st, 5, now);
    return run_or_busy(h, st);
}

static plt_status finish_it(hub_store *h, const hub_receipt_plan *p, int64_t was_due, const char *who)
{
    db_stmt *st = db_get(of(h), finish);
    db_bind_int(st, 1, p->tenant_id);
    db_bind_int(st, 2, was_due);
    db_bind_int(st, 3, p->month);
    db_bind_int(st, 4, p->due);
    db_bind_int(st, 5, p->at);
    db_bind_text(st, 6, p->reason);
    db_bind_text(st, 7, who);
    return run_or_busy(h, st);
}

static plt_status leave_it(hub_store *h, const hub_receipt_plan *p, const char *who, int64_t until)
{
    db_stmt *st = db_get(of(h), leave);
    db_bind_int(st, 1, p->tenant_id);
    db_bind_int(st, 2, p->due);
    db_bind_int(st, 3, p->at);
    db_bind_text(st, 4, p->reason);
    db_bind_int(st, 5, until);
    db_bind_text(st, 6, who);
    return run_or_busy(h, st);
}

const hub_receipt_ops hub_receipt_store = {
    .adopt = adopt_them,
    .plans = list_them,
    .get = get,
    .put = put_plan,
    .due = due,
    .claim = claim_it,
    .finish = finish_it,
    .leave = leave_it,
};
