/* SPDX-License-Identifier: Apache-2.0 */
/* The store's price lists. The newest one is in force; it must never change one that was added: there is no statement here that could. */
#include "hub/store_parts.h"

#define COLUMNS "SELECT p.version, p.created, p.from_version, p.since, p.author, p.note"
static const char newest[] = COLUMNS ", p.body FROM price_versions p WHERE p.tenant_id=?1 ORDER BY p.version DESC LIMIT 1";
static const char text_of[] = "SELECT body FROM price_versions WHERE tenant_id=?1 AND version=?2";
static const char list[] = COLUMNS ", (SELECT n.created FROM price_versions n WHERE n.tenant_id=p.tenant_id AND n.version=p.version+1)"
                                   " FROM price_versions p WHERE p.tenant_id=?1 AND p.version<?2 ORDER BY p.version DESC LIMIT ?3";
static const char add[] = "INSERT INTO price_versions(tenant_id, version, created, from_version, since, author, note, body)"
                          " VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)";

static void read_version(db_stmt *st, hub_price_version *v)
{
    *v = (hub_price_version){.version = db_int(st, 0), .created = db_int(st, 1), .from = db_int(st, 2)};
    db_copy(st, 3, v->since, sizeof v->since);
    db_copy(st, 4, v->author, sizeof v->author);
    db_copy(st, 5, v->note, sizeof v->note);
}

plt_status store_prices(hub_store *h, int64_t tenant_id, plt_buf *text, hub_price_version *v)
{
    db_stmt *st = db_get(of(h), newest);
    db_bind_int(st, 1, tenant_id);
    plt_status status = db_row(of(h), st);
    if (status != PLT_OK) return status;
    if (v) read_version(st, v);
    if (text) plt_buf_text(text, db_text(st, 6));
    db_reset(st);
    return text ? text->status : PLT_OK;
}

plt_status store_price_text(hub_store *h, int64_t tenant_id, int64_t version, plt_buf *text)
{
    db_stmt *st = db_get(of(h), text_of);
    db_bind_int(st, 1, tenant_id);
    db_bind_int(st, 2, version);
    return db_one_text(of(h), st, text);
}

plt_status store_price_versions(hub_store *h, int64_t tenant_id, int64_t before, int limit, bool (*each)(void *ctx, const hub_price_version *v),
                                void *ctx)
{
    db_stmt *st = db_get(of(h), list);
    db_bind_int(st, 1, tenant_id);
    db_bind_int(st, 2, before);
    db_bind_int(st, 3, limit);
    plt_status status;
    while ((status = db_row(of(h), st)) == PLT_OK) {
        hub_price_version v;
        read_version(st, &v);
        v.until = db_int(st, 6);
        if (!each(ctx, &v)) break;
    }
    db_reset(st);
    return status == PLT_NOTFOUND ? PLT_OK : status;
}

plt_status store_price_add(hub_store *h, int64_t tenant_id, const hub_price_version *v, const char *text)
{
    hub_price_version last = {.version = 0};
    plt_status status = store_prices(h, tenant_id, NULL, &last); /* asked first: a refused INSERT ends PostgreSQL's transaction */
    if (status != PLT_OK && status != PLT_NOTFOUND) return status;
    if (last.version + 1 != v->version) return db_fail_as(of(h), PLT_EXISTS, "another price list came in between");
    db_stmt *st = db_get(of(h), add);
    db_bind_int(st, 1, tenant_id);
    db_bind_int(st, 2, v->version);
    db_bind_int(st, 3, v->created);
    db_bind_int(st, 4, v->from);
    db_bind_text(st, 5, v->since);
    db_bind_text(st, 6, v->author);
    db_bind_text(st, 7, v->note);
    db_bind_text(st, 8, text);
    return db_run(of(h), st);
}
