/* SPDX-License-Identifier: Apache-2.0 */
/* Claim, make, keep and step on. The last two happen in one transaction: a hub that dies before it leaves a lease that ends. */
#include "hub/receipt_run.h"

#include <stdio.h>

#include "core/record/receipt.h"
#include "core/util/text.h"
#include "hub/handler.h"
#include "hub/issued.h"
#include "hub/months.h"
#include "hub/people.h"

#define BUDGET_MS 60000 /* nobody waits for it; half of a lease */
#define AGAIN_MS INT64_C(300000)

/* One month of one tenant on its way. */
typedef struct run {
    hub_receipter *d;
    hub_receipt_plan plan;
    hub_issue issue;
    hub_issue_devices devices; /* owned */
    plt_buf file;
} run;

static plt_status in_transaction(hub_store *s, plt_status status)
{
    if (status == PLT_OK) return s->ops->commit(s);
    s->ops->rollback(s);
    return status;
}

static plt_status claim(run *r, int64_t now)
{
    hub_store *s = r->d->s;
    plt_status status = s->ops->begin(s);
    if (status != PLT_OK) return status;
    return in_transaction(s, s->ops->receipts->claim(s, &r->plan, r->d->who, now));
}

static plt_status make(run *r, int64_t now)
{
    r->issue = (hub_issue){
        .kind = HUB_ISSUED_METERS, .tenant_id = r->plan.tenant_id, .tenant = r->plan.tenant, .now = now, .target = -1, .budget_ms = BUDGET_MS};
    hub_month_write(r->issue.period, r->plan.month);
    plt_status status = hub_new_id(r->issue.id);
    if (status == PLT_OK && hub_issue_period(&r->issue, r->issue.period)) status = PLT_BAD;
    return status == PLT_OK ? hub_issue_make(&r->issue, r->d->s, r->d->signer, &r->file, &r->devices) : status;
}

static bool note_one(void *ctx, const hub_issued *i)
{
    (void)i;
    *(bool *)ctx = true;
    return false;
}

/* Unless a person has issued the month meanwhile. */
static plt_status keep(run *r)
{
    hub_store *s = r->d->s;
    bool there = false;
    plt_status status = s->ops->issued_of(s, r->plan.tenant_id, hub_issued_name(HUB_ISSUED_METERS), r->issue.period, note_one, &there);
    if (status != PLT_OK || there) return status;
    const hub_issued row = hub_issued_row(&r->issue, &r->devices, "");
    status = s->ops->issued_add(s, &row, plt_buf_str(&r->file), r->file.len, r->devices.of, r->devices.n);
    const hub_audit line = {.tenant_id = r->plan.tenant_id,
                            .who = "platen-hub",
                            .how = "schedule",
                            .address = "",
                            .action = "issued.add",
                            .object = r->issue.id,
                            .detail = r->issue.period};
    return status == PLT_OK ? s->people->audit_add(s, &line, r->issue.now) : status;
}

/* The month is over: it is kept, has nothing to keep, or cannot be made, which is said; the next month is waited for. */
static plt_status finish(run *r, const char *reason)
{
    hub_store *s = r->d->s;
    int64_t claimed = r->plan.due;
    plt_status status = s->ops->begin(s);
    if (status != PLT_OK) return status;
    plt_copy(r->plan.reason, sizeof r->plan.reason, reason);
    r->plan.at = r->issue.now;
    r->plan.month++;
    r->plan.due = hub_receipt_due(r->plan.month, r->plan.hours);
    status = s->ops->receipts->finish(s, &r->plan, claimed, r->d->who);
    if (status == PLT_OK && !*reason) status = keep(r);
    return in_transaction(s, status);
}

static plt_status leave(run *r, const char *reason)
{
    hub_store *s = r->d->s;
    plt_status status = s->ops->begin(s);
    if (status != PLT_OK) return status;
    plt_copy(r->plan.reason, sizeof r->plan.reason, reason);
    r->plan.at = r->issue.now;
    return in_transaction(s, s->ops->receipts->leave(s, &r->plan, r->d->who, r->issue.now + AGAIN_MS));
}

static plt_status end(run *r, plt_status made)
{
    char reason[HUB_REASON_SIZE];
    bool empty = made == PLT_OK && r->devices.n == 0, for_good = empty || made == PLT_FULL;
    const char *why = empty                 ? "no device was read"
                      : made == PLT_FULL    ? "there is more than one file holds (12 MiB): issue each site by itself"
                      : made == PLT_TIMEOUT ? "reading the devices took longer than a minute"
                                            : "the hub could not make it, and its log says why";
    snprintf(reason, sizeof reason, "%s: %s", r->issue.period, why);
    if (made == PLT_OK && !empty) return finish(r, "");
    return for_good ? finish(r, reason) : leave(r, reason);
}

plt_status hub_receipt_round(hub_receipter *d, int64_t now, bool *did)
{
    run r = {.d = d};
    plt_status status = d->s->ops->receipts->adopt(d->s, now);
    if (status == PLT_OK) status = d->s->ops->receipts->due(d->s, now, &r.plan);
    *did = status == PLT_OK;
    if (status != PLT_OK) return status == PLT_NOTFOUND ? PLT_OK : status;
    status = claim(&r, now);
    if (status != PLT_OK) return status == PLT_BUSY ? PLT_OK : status; /* another hub has it */
    plt_buf_init(&r.file, PLT_RECEIPT_MAX);
    plt_status made = make(&r, now);
    status = end(&r, made);
    hub_issue_devices_free(&r.devices);
    plt_buf_free(&r.file);
    if (status == PLT_BUSY || status == PLT_EXISTS) return PLT_OK; /* another hub, or a person, was there first */
    return status == PLT_OK && made != PLT_OK && made != PLT_FULL && made != PLT_TIMEOUT ? made : status;
}
