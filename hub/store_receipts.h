/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The store's part for receipts that are issued by themselves: a plan for each tenant that has them, with the month that comes next. It is claimed by
 * a lease and stepped on by one conditional change, so that of several hubs one issues a month. Rules of memory, threads and results as in
 * hub/store.h.
 */
#ifndef PLATEN_HUB_STORE_RECEIPTS_H
#define PLATEN_HUB_STORE_RECEIPTS_H

#include "hub/store_alerts.h"

#define HUB_RECEIPT_HOURS 24       /* after the month's end (UTC), unless said otherwise: agents have brought its last day by then */
#define HUB_RECEIPT_HOURS_MOST 240 /* ten days */

typedef struct hub_receipt_plan {
    int64_t tenant_id;
    char tenant[HUB_TENANT_SIZE]; /* only on the way out */
    bool automatic;
    int hours;                    /* after the month's end */
    int64_t month;                /* the next one to issue, counted from January 1970 */
    int64_t due;                  /* Unix ms; 0: it is switched off */
    int64_t at;                   /* when the last one was issued, or failed; 0: none yet */
    char reason[HUB_REASON_SIZE]; /* why the last one was not issued; "": it was */
} hub_receipt_plan;

typedef struct hub_receipt_ops {
    /* Tenants of the level customer that have no plan get one, from the month on in which `now` is. */
    plt_status (*adopt)(hub_store *s, int64_t now);
    plt_status (*plans)(hub_store *s, int64_t scope, bool (*each)(void *ctx, const hub_receipt_plan *p), void *ctx);
    /* PLT_NOTFOUND: the tenant has none. */
    plt_status (*get)(hub_store *s, int64_t tenant_id, hub_receipt_plan *out);
    plt_status (*put)(hub_store *s, const hub_receipt_plan *p);
    /* The one that has been due the longest and that nobody issues; PLT_NOTFOUND. */
    plt_status (*due)(hub_store *s, int64_t now, hub_receipt_plan *out);
    /* For HUB_LEASE_MS. PLT_BUSY: another has it, or it was changed. */
    plt_status (*claim)(hub_store *s, const hub_receipt_plan *p, const char *who, int64_t now);
    /* From the claimed `due` to what p says now. PLT_BUSY: the lease was lost, and another has done it. */
    plt_status (*finish)(hub_store *s, const hub_receipt_plan *p, int64_t due, const char *who);
    /* The claim is over, and it may be tried again from `until` on; `at` and the reason are written. */
    plt_status (*leave)(hub_store *s, const hub_receipt_plan *p, const char *who, int64_t until);
} hub_receipt_ops;

extern const hub_receipt_ops hub_receipt_store;

/* When the month is issued: so many hours after its end. */
int64_t hub_receipt_due(int64_t month, int hours);
/* The month in which a moment is (UTC). */
int64_t hub_receipt_month(int64_t unix_ms);

#endif
