/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The model catalogue, in SQL. A connection keeps the one in force as it was read, and asks for its number alone each time: a report looks at
 * thousands of devices. It must never change a version that was added.
 */
#include "hub/store_catalogue.h"

#include <stdlib.h>

#include "hub/store_parts.h"

/* The hub's own: there is one for all tenants. */
#define COLUMNS "SELECT version, created, from_version, models, author, note FROM catalogue_versions WHERE tenant_id=0"
static const char newest_row[] = COLUMNS " ORDER BY version DESC LIMIT 1";
static const char list[] = COLUMNS " AND version<?1 ORDER BY version DESC LIMIT ?2";
static const char text_of[] = "SELECT body FROM catalogue_versions WHERE tenant_id=0 AND version=?1";
static const char insert[] = "INSERT INTO catalogue_versions(tenant_id, version, created, from_version, models, author, note, body)"
                             " VALUES(0, ?1, ?2, ?3, ?4, ?5, ?6, ?7)";
static const char forget[] = "DELETE FROM catalogue_versions WHERE tenant_id=0 AND version<=(SELECT v.version FROM catalogue_versions v"
                             " WHERE v.tenant_id=0 ORDER BY v.version DESC LIMIT 1 OFFSET ?1)";
static const char of_devices[] =
    "SELECT d.make, d.model, count(*) FROM devices d WHERE d.merged_into=0 AND (d.make<>'' OR d.model<>'') AND " IN_SCOPE(
        "d.tenant_id") " GROUP BY d.make, d.model ORDER BY count(*) DESC, d.make, d.model";

struct store_catalogue {
    int64_t version;
    plt_catalogue *read; /* owned */
};

void store_catalogue_free(struct store_catalogue *c)
{
    if (c) plt_catalogue_free(c->read);
    free(c);
}

static void read_version(db_stmt *st, hub_catalogue_version *v)
{
    *v = (hub_catalogue_version){.version = db_int(st, 0), .created = db_int(st, 1), .from = db_int(st, 2), .models = db_int(st, 3)};
    db_copy(st, 4, v->author, sizeof v->author);
    db_copy(st, 5, v->note, sizeof v->note);
}

static plt_status newest(hub_store *h, hub_catalogue_version *v)
{
    db_stmt *st = db_get(of(h), newest_row);
    plt_status status = db_row(of(h), st);
    *v = (hub_catalogue_version){.version = 0};
    if (status != PLT_OK) return status;
    read_version(st, v);
    db_reset(st);
    return PLT_OK;
}

static plt_status text(hub_store *h, int64_t version, plt_buf *out)
{
    db_stmt *st = db_get(of(h), text_of);
    db_bind_int(st, 1, version);
    return db_one_text(of(h), st, out);
}

static plt_status versions(hub_store *h, int64_t before, int limit, bool (*each)(void *ctx, const hub_catalogue_version *v), void *ctx)
{
    db_stmt *st = db_get(of(h), list);
    plt_status status;
    db_bind_int(st, 1, before);
    db_bind_int(st, 2, limit);
    while ((status = db_row(of(h), st)) == PLT_OK) {
        hub_catalogue_version v;
        read_version(st, &v);
        if (!each(ctx, &v)) break;
    }
    db_reset(st);
    return status == PLT_NOTFOUND ? PLT_OK : status;
}

static plt_status add(hub_store *h, int64_t on, const hub_catalogue_version *v, const char *body)
{
    hub_catalogue_version last;
    plt_status status = newest(h, &last); /* asked first: a refused INSERT ends PostgreSQL's transaction */
    if (status != PLT_OK && status != PLT_NOTFOUND) return status;
    if (last.version != on || v->version <= on) return db_fail_as(of(h), PLT_EXISTS, "another catalogue came in between");
    db_stmt *st = db_get(of(h), insert);
    const int64_t numbers[] = {v->version, v->created, v->from, v->models};
    for (int i = 0; i < 4; i++) db_bind_int(st, 1 + i, numbers[i]);
    db_bind_text(st, 5, v->author);
    db_bind_text(st, 6, v->note);
    db_bind_text(st, 7, body);
    status = db_run(of(h), st);
    if (status != PLT_OK) return status;
    st = db_get(of(h), forget);
    db_bind_int(st, 1, HUB_CATALOGUES_KEPT);
    return db_run(of(h), st);
}

static plt_status read_current(hub_store *h, struct store_catalogue *c, int64_t version)
{
    char error[PLT_CATALOGUE_ERROR];
    plt_buf body;
    plt_catalogue_free(c->read);
    *c = (struct store_catalogue){.version = 0};
    plt_buf_init(&body, PLT_CATALOGUE_BYTES + 1);
    plt_status status = text(h, version, &body);
    if (status == PLT_OK) status = plt_catalogue_read(&c->read, plt_buf_str(&body), body.len, error);
    if (status == PLT_BAD) db_fail_as(of(h), status, error);
    plt_buf_free(&body);
    if (status == PLT_OK) c->version = version;
    return status;
}

static plt_status current(hub_store *h, const plt_catalogue **out)
{
    struct store_catalogue **kept = &((sql_store *)h)->catalogue;
    hub_catalogue_version v;
    *out = NULL;
    plt_status status = newest(h, &v);
    if (status != PLT_OK) return status;
    if (!*kept) *kept = calloc(1, sizeof **kept);
    if (!*kept) return PLT_NOMEM;
    if ((*kept)->version != v.version) status = read_current(h, *kept, v.version);
    if (status == PLT_OK) *out = (*kept)->read;
    return status;
}

static plt_status models(hub_store *h, int64_t scope, bool (*each)(void *ctx, const char *make, const char *model, int64_t devices), void *ctx)
{
    db_stmt *st = db_get(of(h), of_devices);
    plt_status status;
    db_bind_int(st, 1, scope);
    while ((status = db_row(of(h), st)) == PLT_OK)
        if (!each(ctx, db_text(st, 0), db_text(st, 1), db_int(st, 2))) break;
    db_reset(st);
    return status == PLT_NOTFOUND ? PLT_OK : status;
}

const hub_catalogue_ops hub_catalogue_store = {
    .current = current, .newest = newest, .text = text, .versions = versions, .add = add, .models = models};

plt_status hub_catalogue_model(hub_store *s, const char *make, const char *model, const plt_catalogue_model **out, const char **by)
{
    const plt_catalogue *c;
    plt_status status = s->ops->catalogue->current(s, &c);
    if (by) *by = "";
    *out = c ? plt_catalogue_find(c, make, model, by) : NULL;
    return status == PLT_NOTFOUND ? PLT_OK : status;
}
