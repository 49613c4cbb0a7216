/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The store's part for scheduled reports. One that is due is claimed by a lease and finished by one conditional change, so that of several hubs one
 * sends it and steps it on. Rules of memory, threads and results as in hub/store.h.
 */
#ifndef PLATEN_HUB_STORE_SCHEDULES_H
#define PLATEN_HUB_STORE_SCHEDULES_H

#include "hub/schedule.h"
#include "hub/store_alerts.h"

#define HUB_SCHEDULE_ID 17

typedef enum hub_outcome { HUB_OUTCOME_NONE, HUB_OUTCOME_SENT, HUB_OUTCOME_FAILED } hub_outcome;

typedef struct hub_schedule_row {
    int64_t tenant_id;
    char tenant[HUB_TENANT_SIZE]; /* only on the way out */
    char id[HUB_SCHEDULE_ID], author[HUB_NAME_SIZE];
    hub_schedule schedule;
    int64_t changed;
    int64_t next;              /* when it is due; 0: it is switched off */
    int64_t last_due, last_at; /* of the last one; 0: none yet */
    hub_outcome outcome;       /* handed to the outbox, or why it could not be made */
    char reason[HUB_REASON_SIZE];
} hub_schedule_row;

typedef struct hub_report_file {
    char id[HUB_SCHEDULE_ID];
    const char *type; /* of its content; borrowed */
    const void *data;
    size_t n;
} hub_report_file;

typedef struct hub_schedule_ops {
    plt_status (*schedules)(hub_store *s, int64_t scope, bool (*each)(void *ctx, const hub_schedule_row *r), void *ctx);
    plt_status (*get)(hub_store *s, int64_t scope, const char *id, hub_schedule_row *out);
    /* New, or as it is now; what was sent last stays. */
    plt_status (*put)(hub_store *s, const hub_schedule_row *r);
    /* With what still waits of it. */
    plt_status (*drop)(hub_store *s, const char *id);
    /* The one that has been due the longest and that nobody makes; PLT_NOTFOUND. */
    plt_status (*due)(hub_store *s, int64_t now, hub_schedule_row *out);
    /* For HUB_LEASE_MS. PLT_BUSY: another has it, or it was changed. */
    plt_status (*claim)(hub_store *s, const hub_schedule_row *r, const char *who, int64_t now);
    /* Steps from the claimed `due` to r->next and writes last_due, last_at and the outcome. PLT_BUSY: the lease was lost, and another has done it. */
    plt_status (*finish)(hub_store *s, const hub_schedule_row *r, int64_t due, const char *who);
    /* The claim is over, and it may be tried again from `until` on; the reason is written. */
    plt_status (*leave)(hub_store *s, const hub_schedule_row *r, const char *who, int64_t until);

    plt_status (*file_put)(hub_store *s, int64_t tenant_id, const hub_report_file *f, int64_t now);
    plt_status (*file_get)(hub_store *s, int64_t tenant_id, const char *id, plt_buf *out);
    plt_status (*files_forget)(hub_store *s, int64_t before);
    /* The mails of the last due time, by address. */
    plt_status (*mails)(hub_store *s, const hub_schedule_row *r, bool (*each)(void *ctx, const hub_delivery *d), void *ctx);
} hub_schedule_ops;

extern const hub_schedule_ops hub_schedule_store;

/* "report-ID-DUE": what the deliveries of one due time are called, followed by "-N". */
void hub_schedule_key(char out[HUB_DELIVERY_KEY], const char *id, int64_t due);

#endif
