/* SPDX-License-Identifier: Apache-2.0 */
/* Devices and their ways in the store. Changes of several rows are the caller's transaction. */
#include "hub/store_devices.h"

#include <string.h>

#include "core/util/text.h"
#include "hub/store_parts.h"

#define ALIKE_MAX "64"

#define WAY_COLUMNS                                                                                                                                  \
    "w.way_no, w.device_no, w.home, w.ended, w.pinned, w.agent_id, w.via, w.way_key, w.address, w.first_seen, w.last_seen, w.last_read, w.outcome,"  \
    " w.why, w.make, w.model, w.serial, w.mac, w.uuid"
#define WAY_COLUMN_COUNT 19
static const char way_find[] = "SELECT " WAY_COLUMNS " FROM device_ways w WHERE w.tenant_id=?1 AND w.agent_id=?2 AND w.via=?3 AND w.way_key=?4 AND"
                               " w.ended=0";
static const char way_at[] = "SELECT " WAY_COLUMNS " FROM device_ways w WHERE w.tenant_id=?1 AND w.agent_id=?2 AND w.via=?3 AND w.address=?4 AND"
                             " w.ended=0 ORDER BY w.last_seen DESC, w.way_no DESC LIMIT 1";
static const char way_put[] =
    "INSERT INTO device_ways(tenant_id, way_no, device_no, home, ended, pinned, agent_id, via, way_key, address, first_seen, last_seen, last_read,"
    " outcome, why, make, model, serial, mac, uuid)"
    " VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20)"
    " ON CONFLICT(tenant_id, way_no) DO UPDATE SET device_no=excluded.device_no, home=excluded.home, ended=excluded.ended, pinned=excluded.pinned,"
    " way_key=excluded.way_key, address=excluded.address, last_seen=excluded.last_seen, last_read=excluded.last_read, outcome=excluded.outcome,"
    " why=excluded.why, make=excluded.make, model=excluded.model, serial=excluded.serial, mac=excluded.mac, uuid=excluded.uuid";
static const char ways_alike[] =
    "SELECT " WAY_COLUMNS " FROM device_ways w WHERE w.tenant_id=?1 AND w.device_no IN ("
    "SELECT device_no FROM device_ways WHERE tenant_id=?1 AND serial=?2 AND serial<>''"
    " UNION SELECT device_no FROM device_ways WHERE tenant_id=?1 AND mac=?3 AND mac<>''"
    " UNION SELECT device_no FROM device_ways WHERE tenant_id=?1 AND uuid=?4 AND uuid<>''"
    " UNION SELECT device_no FROM device_ways WHERE tenant_id=?1 AND device_no=?5) ORDER BY w.device_no, w.way_no LIMIT " ALIKE_MAX;
static const char ways_of[] =
    "SELECT " WAY_COLUMNS ", coalesce(v.model, '') FROM device_ways w LEFT JOIN device_values v ON v.tenant_id=w.tenant_id AND"
    " v.way_no=w.way_no WHERE w.tenant_id=?1 AND w.device_no=?2 ORDER BY w.way_no";
static const char join_ways[] = "UPDATE device_ways SET device_no=?3 WHERE tenant_id=?1 AND device_no=?2";
static const char join_device[] = "UPDATE devices SET merged_into=?3 WHERE tenant_id=?1 AND (device_no=?2 OR merged_into=?2)";
static const char stand[] = "UPDATE devices SET merged_into=0 WHERE tenant_id=?1 AND device_no=?2";
static const char model_get[] = "SELECT model FROM device_values WHERE tenant_id=?1 AND way_no=?2";
static const char model_put[] = "INSERT INTO device_values(tenant_id, way_no, model) VALUES(?1, ?2, ?3)"
                                " ON CONFLICT(tenant_id, way_no) DO UPDATE SET model=excluded.model";
static const char device_make[] =
    "INSERT INTO devices(tenant_id, device_no, merged_into, make, model, serial, mac, name, location, address, state, supplies, lowest, low,"
    " attention, total, alerts, ways, first_seen, last_seen, last_read, search, sort_name, sort_place)"
    " VALUES(?1, ?2, 0, '', '', '', '', '', '', '', 'unknown', '[]', 101, 0, 0, -1, 0, 0, ?3, ?3, 0, '', '', '')";
static const char device_put[] =
    "UPDATE devices SET make=?3, model=?4, serial=?5, mac=?6, name=?7, location=?8, address=?9, state=?10, supplies=?11, lowest=?12, low=?13,"
    " attention=?14, total=?15, alerts=?16, ways=?17, last_seen=?18, last_read=?19, search=?20, sort_name=?21, sort_place=?22"
    " WHERE tenant_id=?1 AND device_no=?2";
static const char device_touch[] = "UPDATE devices SET last_seen=?3 WHERE tenant_id=?1 AND device_no=?2 AND last_seen<?3";

/* ---- ways ---- */

static void read_way(db_stmt *st, hub_way *w)
{
    memset(w, 0, sizeof *w);
    w->way = db_int(st, 0);
    w->device = db_int(st, 1);
    w->home = db_int(st, 2);
    w->ended = db_int(st, 3);
    w->pinned = db_int(st, 4) != 0;
    db_copy(st, 5, w->agent, sizeof w->agent);
    db_copy(st, 6, w->via, sizeof w->via);
    db_copy(st, 7, w->key, sizeof w->key);
    db_copy(st, 8, w->address, sizeof w->address);
    w->first_seen = db_int(st, 9);
    w->last_seen = db_int(st, 10);
    w->last_read = db_int(st, 11);
    w->outcome = (plt_reading_outcome)db_int(st, 12);
    db_copy(st, 13, w->why, sizeof w->why);
    db_copy(st, 14, w->id.make, sizeof w->id.make);
    db_copy(st, 15, w->id.model, sizeof w->id.model);
    db_copy(st, 16, w->id.serial, sizeof w->id.serial);
    db_copy(st, 17, w->id.mac, sizeof w->id.mac);
    db_copy(st, 18, w->id.uuid, sizeof w->id.uuid);
}

static plt_status one_way(hub_store *h, const char *sql, int64_t tenant_id, const char *agent, const char *via, const char *what, hub_way *out)
{
    db_stmt *st = db_get(of(h), sql);
    db_bind_int(st, 1, tenant_id);
    db_bind_text(st, 2, agent);
    db_bind_text(st, 3, via);
    db_bind_text(st, 4, what);
    plt_status status = db_row(of(h), st);
    if (status != PLT_OK) return status;
    read_way(st, out);
    db_reset(st);
    return PLT_OK;
}

static plt_status find_way(hub_store *h, int64_t tenant_id, const char *agent, const char *via, const char *key, hub_way *out)
{
    return one_way(h, way_find, tenant_id, agent, via, key, out);
}

static plt_status find_way_at(hub_store *h, int64_t tenant_id, const char *agent, const char *via, const char *address, hub_way *out)
{
    return one_way(h, way_at, tenant_id, agent, via, address, out);
}

static plt_status put_way(hub_store *h, int64_t tenant_id, hub_way *w)
{
    plt_status status = w->way ? PLT_OK : store_next_number(of(h), tenant_id, "way", &w->way);
    if (status != PLT_OK) return status;
    db_stmt *st = db_get(of(h), way_put);
    const int64_t numbers[] = {tenant_id, w->way, w->device, w->home, w->ended, w->pinned};
    const char *const names[] = {w->agent, w->via, w->key, w->address};
    const char *const id[] = {w->why, w->id.make, w->id.model, w->id.serial, w->id.mac, w->id.uuid};
    for (int i = 0; i < 6; i++) db_bind_int(st, 1 + i, numbers[i]);
    for (int i = 0; i < 4; i++) db_bind_text(st, 7 + i, names[i]);
    db_bind_int(st, 11, w->first_seen);
    db_bind_int(st, 12, w->last_seen);
    db_bind_int(st, 13, w->last_read);
    db_bind_int(st, 14, w->outcome);
    for (int i = 0; i < 6; i++) db_bind_text(st, 15 + i, id[i]);
    return db_run(of(h), st);
}

static plt_status list_alike(hub_store *h, int64_t tenant_id, const plt_identity *id, int64_t device, bool (*each)(void *ctx, const hub_way *w),
                             void *ctx)
{
    db_stmt *st = db_get(of(h), ways_alike);
    plt_status status;
    db_bind_int(st, 1, tenant_id);
    db_bind_text(st, 2, id->serial);
    db_bind_text(st, 3, id->mac);
    db_bind_text(st, 4, id->uuid);
    db_bind_int(st, 5, device);
    while ((status = db_row(of(h), st)) == PLT_OK) {
        hub_way w;
        read_way(st, &w);
        if (!each(ctx, &w)) break;
    }
    db_reset(st);
    return status == PLT_NOTFOUND ? PLT_OK : status;
}

static plt_status list_ways(hub_store *h, int64_t tenant_id, int64_t device, bool (*each)(void *ctx, const hub_way *w, const char *model), void *ctx)
{
    db_stmt *st = db_get(of(h), ways_of);
    plt_status status;
    db_bind_int(st, 1, tenant_id);
    db_bind_int(st, 2, device);
    while ((status = db_row(of(h), st)) == PLT_OK) {
        hub_way w;
        read_way(st, &w);
        if (!each(ctx, &w, db_text(st, WAY_COLUMN_COUNT))) break;
    }
    db_reset(st);
    return status == PLT_NOTFOUND ? PLT_OK : status;
}

static plt_status run_with(hub_store *h, const char *sql, int64_t a, int64_t b, int64_t c)
{
    db_stmt *st = db_get(of(h), sql);
    db_bind_int(st, 1, a);
    db_bind_int(st, 2, b);
    if (c) db_bind_int(st, 3, c);
    return db_run(of(h), st);
}

static plt_status join(hub_store *h, int64_t tenant_id, int64_t from, int64_t into)
{
    plt_status status = run_with(h, join_ways, tenant_id, from, into);
    return status == PLT_OK ? run_with(h, join_device, tenant_id, from, into) : status;
}

static plt_status stand_again(hub_store *h, int64_t tenant_id, int64_t device)
{
    return run_with(h, stand, tenant_id, device, 0);
}

static plt_status get_model(hub_store *h, int64_t tenant_id, int64_t way, plt_buf *out)
{
    db_stmt *st = db_get(of(h), model_get);
    db_bind_int(st, 1, tenant_id);
    db_bind_int(st, 2, way);
    return db_one_text(of(h), st, out);
}

static plt_status put_model(hub_store *h, int64_t tenant_id, int64_t way, const char *json)
{
    db_stmt *st = db_get(of(h), model_put);
    db_bind_int(st, 1, tenant_id);
    db_bind_int(st, 2, way);
    db_bind_text(st, 3, json);
    return db_run(of(h), st);
}

/* ---- devices ---- */

static plt_status make_device(hub_store *h, int64_t tenant_id, int64_t now, int64_t *no)
{
    plt_status status = store_next_number(of(h), 0, "device", no);
    return status == PLT_OK ? run_with(h, device_make, tenant_id, *no, now) : status;
}

static plt_status put_device(hub_store *h, const hub_device_row *d)
{
    db_stmt *st = db_get(of(h), device_put);
    const char *const texts[] = {d->make, d->model, d->serial, d->mac, d->name, d->location, d->address, d->state, d->supplies};
    const int64_t numbers[] = {d->lowest, d->low, d->attention, d->total, d->alerts, d->ways, d->last_seen, d->last_read};
    db_bind_int(st, 1, d->tenant_id);
    db_bind_int(st, 2, d->no);
    for (int i = 0; i < 9; i++) db_bind_text(st, 3 + i, texts[i]);
    for (int i = 0; i < 8; i++) db_bind_int(st, 12 + i, numbers[i]);
    db_bind_text(st, 20, d->search);
    db_bind_text(st, 21, d->sort_name);
    db_bind_text(st, 22, d->sort_place);
    return db_run(of(h), st);
}

static plt_status touch_device(hub_store *h, int64_t tenant_id, int64_t no, int64_t at)
{
    return run_with(h, device_touch, tenant_id, no, at);
}

const hub_device_ops hub_device_store = {
    .way_find = find_way,
    .way_at = find_way_at,
    .way_put = put_way,
    .ways_alike = list_alike,
    .ways_of = list_ways,
    .join = join,
    .stand = stand_again,
    .model_get = get_model,
    .model_put = put_model,
    .device_make = make_device,
    .device_put = put_device,
    .device_touch = touch_device,
    .device_get = store_device_get,
    .devices = store_devices,
    .devices_count = store_devices_count,
    .makes = store_device_makes,
    .sums = store_device_sums,
    .meter_last = store_meter_last,
    .meter_add = store_meter_add,
    .meter_on_paper = store_meter_on_paper,
    .meter_again = store_meter_again,
    .meters = store_meters,
    .level_last = store_level_last,
    .level_add = store_level_add,
    .level_again = store_level_again,
    .levels = store_levels,
    .alert_open = store_alert_open,
    .alert_close = store_alert_close,
    .alerts_of_way = store_alerts_of_way,
    .alerts = store_alerts,
    .event_add = store_event_add,
    .events = store_device_events,
    .unreadable = store_device_unreadable,
};
