/* SPDX-License-Identifier: Apache-2.0 */
/* How long tenants keep what, and what would go. It must never delete: that is store_purge.c's, in its turn. */
#include "hub/store_parts.h"

#include "core/util/text.h"

#define TURN_MS 55000      /* hubs look once a minute */
#define TOO_FAR_MS 3600000 /* a turn so far ahead was taken by a clock that was wrong */

static const char get[] =
    "SELECT k.titles_days, k.jobs_days, k.readings_days, k.tenant_id, k.author, k.changed FROM retention k WHERE k.tenant_id=" KEEPER("?1");
static const char put[] = "INSERT INTO retention(tenant_id, titles_days, jobs_days, readings_days, author, changed) VALUES(?1, ?2, ?3, ?4, ?5, ?6)"
                          " ON CONFLICT(tenant_id) DO UPDATE SET titles_days=excluded.titles_days, jobs_days=excluded.jobs_days,"
                          " readings_days=excluded.readings_days, author=excluded.author, changed=excluded.changed";
static const char drop[] = "DELETE FROM retention WHERE tenant_id=?1";
static const char turn[] = "UPDATE upkeep SET at=?1 WHERE at<=?2 OR at>?3";

/* The tenant ?1, and those below it that have none of their own nor of anybody between. */
#define TAKERS                                                                                                                                       \
    " FROM tenant_tree s WHERE s.ancestor=?1 AND NOT EXISTS(SELECT 1 FROM tenant_tree x JOIN retention r ON r.tenant_id=x.ancestor"                  \
    " JOIN tenant_tree b ON b.tenant_id=x.ancestor AND b.ancestor=?1 WHERE x.tenant_id=s.tenant_id AND x.ancestor<>?1)"
static const char below[] = "SELECT count(*)-1" TAKERS;

#define EXPIRED(which)                                                                                                                               \
    "SELECT count(*) FROM (SELECT 1 FROM (SELECT s.tenant_id" TAKERS ") t CROSS JOIN jobs j ON j.tenant_id=t.tenant_id" which                        \
    " AND j.time<?2 LIMIT ?3) n"
static const char *const expired[HUB_KEPT_CLASSES] = {
    [HUB_KEPT_TITLES] = EXPIRED(" AND j.document<>''"),
    [HUB_KEPT_JOBS] = EXPIRED(""),
    [HUB_KEPT_READINGS] = "SELECT count(*) FROM (SELECT 1 FROM (SELECT s.tenant_id" TAKERS ") t CROSS JOIN device_ways w ON w.tenant_id=t.tenant_id"
                          " CROSS JOIN meter_readings m ON m.tenant_id=w.tenant_id AND m.way_no=w.way_no AND m.at>=w.thinned AND m.at<?2 LIMIT ?3) n",
};
#define OLDEST(which)                                                                                                                                \
    "SELECT o.time FROM (SELECT (SELECT j.time FROM jobs j WHERE j.tenant_id=s.tenant_id" which " ORDER BY j.time LIMIT 1) AS time" TAKERS           \
    ") o WHERE o.time IS NOT NULL ORDER BY o.time LIMIT 1"
static const char *const oldest[HUB_KEPT_CLASSES] = {
    [HUB_KEPT_TITLES] = OLDEST(" AND j.document<>''"),
    [HUB_KEPT_JOBS] = OLDEST(""),
    [HUB_KEPT_READINGS] =
        "SELECT o.time FROM (SELECT CASE WHEN w.thinned>0 THEN w.thinned ELSE w.first_seen END AS time FROM (SELECT s.tenant_id" TAKERS
        ") t CROSS JOIN device_ways w ON w.tenant_id=t.tenant_id) o ORDER BY o.time LIMIT 1",
};

plt_status store_keeping(hub_store *h, int64_t tenant_id, hub_keeping *out)
{
    *out = (hub_keeping){.days = {HUB_TITLES_DAYS, HUB_JOBS_DAYS, HUB_FOR_EVER}};
    db_stmt *st = db_get(of(h), get);
    db_bind_int(st, 1, tenant_id);
    plt_status status = db_row(of(h), st);
    if (status != PLT_OK) return status == PLT_NOTFOUND ? PLT_OK : status;
    for (int i = 0; i < HUB_KEPT_CLASSES; i++) out->days[i] = db_int(st, i);
    out->tenant_id = db_int(st, HUB_KEPT_CLASSES);
    db_copy(st, HUB_KEPT_CLASSES + 1, out->author, sizeof out->author);
    out->changed = db_int(st, HUB_KEPT_CLASSES + 2);
    db_reset(st);
    return PLT_OK;
}

plt_status store_keeping_put(hub_store *h, int64_t tenant_id, const hub_keeping *k, int64_t now)
{
    db_stmt *st = db_get(of(h), put);
    db_bind_int(st, 1, tenant_id);
    for (int i = 0; i < HUB_KEPT_CLASSES; i++) db_bind_int(st, 2 + i, k->days[i]);
    db_bind_text(st, 2 + HUB_KEPT_CLASSES, k->author);
    db_bind_int(st, 3 + HUB_KEPT_CLASSES, now);
    return db_run(of(h), st);
}

plt_status store_keeping_drop(hub_store *h, int64_t tenant_id)
{
    db_stmt *st = db_get(of(h), drop);
    db_bind_int(st, 1, tenant_id);
    return db_run(of(h), st);
}

plt_status store_keeping_below(hub_store *h, int64_t tenant_id, int64_t *n)
{
    db_stmt *st = db_get(of(h), below);
    db_bind_int(st, 1, tenant_id);
    return db_number(of(h), st, n);
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
