/* SPDX-License-Identifier: Apache-2.0 */
/* What agents are set to read, in SQL. Setting and report are columns of one row, each written without the other. */
#include "hub/store_collections.h"

#include <string.h>

#include "core/util/text.h"
#include "hub/store_parts.h"

static const char row_get[] = "SELECT serial, addresses, author, changed, held, refused, reported, sealed, report FROM collections"
                              " WHERE tenant_id=?1 AND agent_id=?2";
static const char row_put[] =
    "INSERT INTO collections(tenant_id, agent_id, serial, addresses, author, changed, sealed, held, refused, reported, report)"
    " VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, 0, 0, 0, '') ON CONFLICT(tenant_id, agent_id) DO UPDATE SET serial=excluded.serial,"
    " addresses=excluded.addresses, author=excluded.author, changed=excluded.changed, sealed=excluded.sealed";
static const char row_said[] =
    "INSERT INTO collections(tenant_id, agent_id, held, refused, reported, report, serial, addresses, author, changed, sealed)"
    " VALUES(?1, ?2, ?3, ?4, ?5, ?6, 0, 0, '', 0, ?7) ON CONFLICT(tenant_id, agent_id) DO UPDATE SET held=excluded.held,"
    " refused=excluded.refused, reported=excluded.reported, report=excluded.report";

static plt_status get(hub_store *h, int64_t tenant_id, const char *agent, hub_collection_row *out, plt_buf *sealed, plt_buf *report)
{
    int64_t *const numbers[] = {&out->serial, &out->addresses, NULL, &out->changed, &out->held, &out->refused, &out->reported};
    size_t n;
    memset(out, 0, sizeof *out);
    db_stmt *st = db_get(of(h), row_get);
    db_bind_int(st, 1, tenant_id);
    db_bind_text(st, 2, agent);
    plt_status status = db_row(of(h), st);
    if (status != PLT_OK) return status;
    plt_copy(out->agent, sizeof out->agent, agent);
    for (int i = 0; i < 7; i++)
        if (numbers[i]) *numbers[i] = db_int(st, i);
    db_copy(st, 2, out->author, sizeof out->author);
    const void *p = db_bytes(st, 7, &n);
    if (sealed && n) plt_buf_add(sealed, p, n);
    if (report) plt_buf_add(report, db_text(st, 8), db_text_size(st, 8));
    db_reset(st);
    return sealed && sealed->status != PLT_OK ? sealed->status : PLT_OK;
}

static plt_status next(hub_store *h, int64_t tenant_id, int64_t *serial)
{
    return store_next_number(of(h), tenant_id, "collection", serial);
}

static plt_status put(hub_store *h, int64_t tenant_id, const hub_collection_row *row, const void *sealed, size_t n)
{
    db_stmt *st = db_get(of(h), row_put);
    db_bind_int(st, 1, tenant_id);
    db_bind_text(st, 2, row->agent);
    db_bind_int(st, 3, row->serial);
    db_bind_int(st, 4, row->addresses);
    db_bind_text(st, 5, row->author);
    db_bind_int(st, 6, row->changed);
    db_bind_blob(st, 7, n ? sealed : "", n);
    return db_run(of(h), st);
}

static plt_status said(hub_store *h, int64_t tenant_id, const hub_collection_row *row, const char *report)
{
    db_stmt *st = db_get(of(h), row_said);
    db_bind_int(st, 1, tenant_id);
    db_bind_text(st, 2, row->agent);
    db_bind_int(st, 3, row->held);
    db_bind_int(st, 4, row->refused);
    db_bind_int(st, 5, row->reported);
    db_bind_text(st, 6, report);
    db_bind_blob(st, 7, "", 0);
    return db_run(of(h), st);
}

const hub_collection_ops hub_collection_store = {.get = get, .next = next, .put = put, .said = said};
