/* SPDX-License-Identifier: Apache-2.0 */
/* What was issued, kept as it went out. A row is never changed: a period of a tenant is issued once, and what is issued again names what it replaces.
 */
#include "hub/store_parts.h"

#define COLUMNS "SELECT i.issue_id, i.kind, i.period, i.at, i.who, t.name, i.tenant_id, i.replaces, i.reason, coalesce(r.issue_id, ''), i.devices, "
#define FROM                                                                                                                                         \
    " FROM issued i JOIN tenants t ON t.tenant_id=i.tenant_id LEFT JOIN issued r ON r.tenant_id=i.tenant_id AND r.kind=i.kind AND"                   \
    " r.period=i.period AND r.replaces=i.issue_id "
/* A row is never changed, so what comes after the one that the cursor names is what came after it then. */
#define AFTER                                                                                                                                        \
    " AND (?5='' OR EXISTS(SELECT 1 FROM issued c WHERE c.issue_id=?5 AND (i.period<c.period OR (i.period=c.period AND (i.at<c.at OR"                \
    " (i.at=c.at AND i.issue_id>c.issue_id))))))"
#define WANTED " (?2='' OR i.kind=?2) AND (?3='' OR i.period=?3)" AFTER " ORDER BY i.period DESC, i.at DESC, i.issue_id LIMIT ?4"
static const char add[] = "INSERT INTO issued(tenant_id, issue_id, kind, period, at, who, body, replaces, reason, devices, gaps, counted)"
                          " VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)";
static const char add_device[] = "INSERT INTO issued_devices(tenant_id, issue_id, device_no, counted, gaps) VALUES(?1, ?2, ?3, ?4, ?5)";
static const char list[] = COLUMNS "i.gaps, i.counted" FROM "WHERE " IN_SCOPE("i.tenant_id") " AND" WANTED;
/* A device that was joined to another is that one's. */
static const char list_of_device[] =
    COLUMNS "x.gaps, x.counted" FROM "JOIN issued_devices x ON x.tenant_id=i.tenant_id AND x.issue_id=i.issue_id AND (x.device_no=?6 OR"
            " x.device_no IN (SELECT m.device_no FROM devices m WHERE m.merged_into=?6)) WHERE " IN_SCOPE("i.tenant_id") " AND" WANTED;
static const char of_period[] = COLUMNS "i.gaps, i.counted" FROM "WHERE i.tenant_id=?1 AND i.kind=?2 AND i.period=?3 AND r.issue_id IS NULL";
static const char known[] = "SELECT 1 FROM issued i WHERE " IN_SCOPE("i.tenant_id") " AND i.issue_id=?2";
static const char body[] = "SELECT i.body FROM issued i WHERE " IN_SCOPE("i.tenant_id") " AND i.issue_id=?2";

static plt_status add_devices(hub_store *h, const hub_issued *i, const hub_issued_device *of_it, size_t count)
{
    plt_status status = PLT_OK;
    for (size_t k = 0; status == PLT_OK && k < count; k++) {
        db_stmt *st = db_get(of(h), add_device);
        db_bind_int(st, 1, i->tenant_id);
        db_bind_text(st, 2, i->id);
        db_bind_int(st, 3, of_it[k].no);
        db_bind_int(st, 4, of_it[k].counted);
        db_bind_int(st, 5, of_it[k].gaps);
        status = db_many(of(h), st, 0, NULL);
    }
    return status == PLT_OK ? db_flush(of(h)) : status;
}

plt_status store_issued_add(hub_store *h, const hub_issued *i, const char *text, size_t n, const hub_issued_device *of_it, size_t count)
{
    db_stmt *st = db_get(of(h), add);
    db_bind_int(st, 1, i->tenant_id);
    db_bind_text(st, 2, i->id);
    db_bind_text(st, 3, i->kind);
    db_bind_text(st, 4, i->period);
    db_bind_int(st, 5, i->at);
    db_bind_text(st, 6, i->who);
    db_bind_text_n(st, 7, text, n);
    db_bind_text(st, 8, i->replaces);
    db_bind_text(st, 9, i->reason);
    db_bind_int(st, 10, i->devices);
    db_bind_int(st, 11, i->gaps);
    db_bind_int(st, 12, i->counted);
    plt_status status = db_run(of(h), st);
    return status == PLT_OK ? add_devices(h, i, of_it, count) : status;
}

static plt_status each_row(hub_store *h, db_stmt *st, bool (*each)(void *ctx, const hub_issued *i), void *ctx)
{
    plt_status status;
    while ((status = db_row(of(h), st)) == PLT_OK) {
        const hub_issued i = {.tenant_id = db_int(st, 6),
                              .id = db_text(st, 0),
                              .kind = db_text(st, 1),
                              .period = db_text(st, 2),
                              .who = db_text(st, 4),
                              .tenant = db_text(st, 5),
                              .at = db_int(st, 3),
                              .replaces = db_text(st, 7),
                              .reason = db_text(st, 8),
                              .replaced_by = db_text(st, 9),
                              .devices = db_int(st, 10),
                              .gaps = db_int(st, 11),
                              .counted = db_int(st, 12)};
        if (!each(ctx, &i)) break;
    }
    db_reset(st);
    return status == PLT_NOTFOUND ? PLT_OK : status;
}

plt_status store_issued(hub_store *h, const hub_issued_query *q, bool (*each)(void *ctx, const hub_issued *i), void *ctx)
{
    int64_t there;
    db_stmt *st = db_get(of(h), known);
    db_bind_int(st, 1, q->scope);
    db_bind_text(st, 2, q->after);
    plt_status status = q->after ? db_number(of(h), st, &there) : PLT_OK;
    if (status != PLT_OK) return status;
    st = db_get(of(h), q->device ? list_of_device : list);
    db_bind_int(st, 1, q->scope);
    db_bind_text(st, 2, q->kind);
    db_bind_text(st, 3, q->period);
    db_bind_int(st, 4, q->limit);
    db_bind_text(st, 5, q->after);
    if (q->device) db_bind_int(st, 6, q->device);
    return each_row(h, st, each, ctx);
}

plt_status store_issued_of(hub_store *h, int64_t tenant_id, const char *kind, const char *period, bool (*each)(void *ctx, const hub_issued *i),
                           void *ctx)
{
    db_stmt *st = db_get(of(h), of_period);
    db_bind_int(st, 1, tenant_id);
    db_bind_text(st, 2, kind);
    db_bind_text(st, 3, period);
    return each_row(h, st, each, ctx);
}

plt_status store_issued_body(hub_store *h, int64_t scope, const char *id, plt_buf *out)
{
    db_stmt *st = db_get(of(h), body);
    db_bind_int(st, 1, scope);
    db_bind_text(st, 2, id);
    return db_one_text(of(h), st, out);
}
