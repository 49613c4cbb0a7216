/* SPDX-License-Identifier: Apache-2.0 */
/* How long tenants keep what, and what would go. It must never delete: that is store_purge.c's, in its turn. */
#include "hub/store_parts.h"

#include "core/util/text.h"

#define TURN_MS 55000      /* hubs look once a minute */
#define TOO_FAR_MS 3600000 /* a turn so far ahead was taken by a clock that was wrong */

static const char get[] = "SELECT titles_days, jobs_days, author, changed FROM retention WHERE tenant_id=?1";
static const char put[] = "INSERT INTO retention(tenant_id, titles_days, jobs_days, author, changed) VALUES(?1, ?2, ?3, ?4, ?5)"
                          " ON CONFLICT(tenant_id) DO UPDATE SET titles_days=excluded.titles_days, jobs_days=excluded.jobs_days,"
                          " author=excluded.author, changed=excluded.changed";
static const char turn[] = "UPDATE upkeep SET at=?1 WHERE at<=?2 OR at>?3";

static const char *const expired[HUB_KEPT_CLASSES] = {
    [HUB_KEPT_TITLES] = "SELECT count(*) FROM (SELECT 1 FROM jobs WHERE tenant_id=?1 AND document<>'' AND time<?2 LIMIT ?3) x",
    [HUB_KEPT_JOBS] = "SELECT count(*) FROM (SELECT 1 FROM jobs WHERE tenant_id=?1 AND time<?2 LIMIT ?3) x",
};
static const char *const oldest[HUB_KEPT_CLASSES] = {
    [HUB_KEPT_TITLES] = "SELECT time FROM jobs WHERE tenant_id=?1 AND document<>'' ORDER BY time LIMIT 1",
    [HUB_KEPT_JOBS] = "SELECT time FROM jobs WHERE tenant_id=?1 ORDER BY time LIMIT 1",
};

plt_status store_keeping(hub_store *h, int64_t tenant_id, hub_keeping *out)
{
    *out = (hub_keeping){.days = {HUB_TITLES_DAYS, HUB_JOBS_DAYS}};
    db_stmt *st = db_get(of(h), get);
    db_bind_int(st, 1, tenant_id);
    plt_status status = db_row(of(h), st);
    if (status != PLT_OK) return status == PLT_NOTFOUND ? PLT_OK : status;
    for (int i = 0; i < HUB_KEPT_CLASSES; i++) out->days[i] = db_int(st, i);
    db_copy(st, 2, out->author, sizeof out->author);
    out->changed = db_int(st, 3);
    db_reset(st);
    return PLT_OK;
}

plt_status store_keeping_put(hub_store *h, int64_t tenant_id, const hub_keeping *k, int64_t now)
{
    db_stmt *st = db_get(of(h), put);
    db_bind_int(st, 1, tenant_id);
    for (int i = 0; i < HUB_KEPT_CLASSES; i++) db_bind_int(st, 2 + i, k->days[i]);
    db_bind_text(st, 4, k->author);
    db_bind_int(st, 5, now);
    return db_run(of(h), st);
}

plt_status store_expired(hub_store *h, int64_t tenant_id, hub_kept what, int64_t before, int64_t cap, uint32_t budget_ms, int64_t *n)
{
    db_limit(of(h), budget_ms);
    db_stmt *st = db_get(of(h), expired[what]);
    db_bind_int(st, 1, tenant_id);
    db_bind_int(st, 2, before);
    db_bind_int(st, 3, cap);
    plt_status status = db_number(of(h), st, n);
    db_limit(of(h), 0);
    return status;
}

plt_status store_oldest(hub_store *h, int64_t tenant_id, hub_kept what, int64_t *time)
{
    db_stmt *st = db_get(of(h), oldest[what]);
    db_bind_int(st, 1, tenant_id);
    return db_number(of(h), st, time);
}

plt_status store_upkeep_turn(hub_store *h, int64_t now)
{
    db_stmt *st = db_get(of(h), turn);
    db_bind_int(st, 1, now);
    db_bind_int(st, 2, now - TURN_MS);
    db_bind_int(st, 3, now + TOO_FAR_MS);
    return db_run_some(of(h), st);
}
