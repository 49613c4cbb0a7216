/* SPDX-License-Identifier: Apache-2.0 */
/* What was issued, kept as it went out. A row is never changed: a period of a tenant is issued once. */
#include "hub/store_parts.h"

#define COLUMNS "SELECT i.issue_id, i.kind, i.period, i.at, i.who, t.name, i.tenant_id FROM issued i JOIN tenants t ON t.tenant_id=i.tenant_id WHERE "
static const char add[] = "INSERT INTO issued(tenant_id, issue_id, kind, period, at, who, body) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7)";
static const char list[] = COLUMNS IN_SCOPE("i.tenant_id") " ORDER BY i.at DESC, i.issue_id LIMIT ?2";
static const char of_period[] = COLUMNS "i.tenant_id=?1 AND i.kind=?2 AND i.period=?3";
static const char body[] = "SELECT i.body FROM issued i WHERE " IN_SCOPE("i.tenant_id") " AND i.issue_id=?2";

plt_status store_issued_add(hub_store *h, const hub_issued *i, const char *text, size_t n)
{
    db_stmt *st = db_get(of(h), add);
    db_bind_int(st, 1, i->tenant_id);
    db_bind_text(st, 2, i->id);
    db_bind_text(st, 3, i->kind);
    db_bind_text(st, 4, i->period);
    db_bind_int(st, 5, i->at);
    db_bind_text(st, 6, i->who);
    db_bind_text_n(st, 7, text, n);
    return db_run(of(h), st);
}

static plt_status each_row(hub_store *h, db_stmt *st, bool (*each)(void *ctx, const hub_issued *i), void *ctx)
{
    plt_status status;
    while ((status = db_row(of(h), st)) == PLT_OK) {
        const hub_issued i = {db_int(st, 6), db_text(st, 0), db_text(st, 1), db_text(st, 2), db_text(st, 4), db_text(st, 5), db_int(st, 3)};
        if (!each(ctx, &i)) break;
    }
    db_reset(st);
    return status == PLT_NOTFOUND ? PLT_OK : status;
}

plt_status store_issued(hub_store *h, int64_t scope, int limit, bool (*each)(void *ctx, const hub_issued *i), void *ctx)
{
    db_stmt *st = db_get(of(h), list);
    db_bind_int(st, 1, scope);
    db_bind_int(st, 2, limit);
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
    plt_status status = db_row(of(h), st);
    if (status != PLT_OK) return status;
    plt_buf_add(out, db_text(st, 0), db_text_size(st, 0));
    db_reset(st);
    return out->status;
}
