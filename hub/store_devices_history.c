/* SPDX-License-Identifier: Apache-2.0 */
/* What was read of devices over time: meters and levels (a row where the value changed), alerts and events. */
#include <string.h>

#include "core/util/text.h"
#include "hub/months.h"
#include "hub/store_devices.h"
#include "hub/store_parts.h"

/* The newest points, newest first. */
static const char meter_last[] =
    "SELECT at, count, source FROM meter_readings WHERE tenant_id=?1 AND way_no=?2 AND meter=?3 ORDER BY at DESC LIMIT ?4";
/* Two readings of one millisecond are one: the later stands. */
static const char meter_add[] = "INSERT INTO meter_readings(tenant_id, way_no, meter, at, until, count, source) VALUES(?1, ?2, ?3, ?4, ?4, ?5, ?6)"
                                " ON CONFLICT(tenant_id, way_no, meter, at) DO UPDATE SET count=excluded.count, source=excluded.source";
static const char meter_on_paper[] =
    "UPDATE meter_readings SET paper=1 WHERE tenant_id=?1 AND way_no=?2 AND meter=?3 AND at=?4 AND EXISTS(SELECT 1 FROM device_ways w"
    " JOIN issued_devices p ON p.device_no=w.device_no JOIN issued i ON i.tenant_id=p.tenant_id AND i.issue_id=p.issue_id"
    " WHERE w.tenant_id=?1 AND w.way_no=?2 AND i.kind='meters' AND i.period=?5)";
static const char meter_again[] = "UPDATE meter_readings SET until=?4 WHERE tenant_id=?1 AND way_no=?2 AND meter=?3 AND until<?4 AND"
                                  " at=(SELECT max(m.at) FROM meter_readings m WHERE m.tenant_id=?1 AND m.way_no=?2 AND m.meter=?3)";
/* The ways first: joined the other way round, all readings of the tenant would be looked at. */
#define OF_DEVICE(t) " WHERE " t ".tenant_id=?1 AND " t ".way_no IN (SELECT w.way_no FROM device_ways w WHERE w.tenant_id=?1 AND w.device_no=?2)"
static const char meters[] =
    "SELECT m.meter, m.way_no, m.at, m.until, m.count, m.source FROM meter_readings m" OF_DEVICE("m") " AND m.at>=?3 AND m.at<?4"
                                                                                                      " ORDER BY m.meter, m.way_no, m.at";
static const char level_last[] =
    "SELECT at, percent, serial FROM supply_levels WHERE tenant_id=?1 AND way_no=?2 AND supply=?3 ORDER BY at DESC LIMIT 1";
static const char level_add[] = "INSERT INTO supply_levels(tenant_id, way_no, supply, at, until, percent, serial) VALUES(?1, ?2, ?3, ?4, ?4, ?5, ?6)"
                                " ON CONFLICT(tenant_id, way_no, supply, at) DO UPDATE SET percent=excluded.percent, serial=excluded.serial";
static const char level_again[] = "UPDATE supply_levels SET until=?4 WHERE tenant_id=?1 AND way_no=?2 AND supply=?3 AND until<?4 AND"
                                  " at=(SELECT max(l.at) FROM supply_levels l WHERE l.tenant_id=?1 AND l.way_no=?2 AND l.supply=?3)";
static const char levels[] =
    "SELECT l.supply, l.way_no, l.at, l.until, l.percent, l.serial FROM supply_levels l" OF_DEVICE("l") " AND l.at>=?3 AND l.at<?4"
                                                                                                        " ORDER BY l.supply, l.way_no, l.at";
static const char alert_open[] =
    "INSERT INTO device_alerts(tenant_id, way_no, alert, opened, closed, severity, code, words, remedy) VALUES(?1, ?2, ?3, ?4, 0, ?5, ?6, ?7, ?8)"
    " ON CONFLICT(tenant_id, way_no, alert, opened) DO UPDATE SET severity=excluded.severity, code=excluded.code, words=excluded.words,"
    " remedy=excluded.remedy";
static const char alert_close[] = "UPDATE device_alerts SET closed=?5 WHERE tenant_id=?1 AND way_no=?2 AND alert=?3 AND opened=?4 AND closed=0";
#define ALERT_COLUMNS "SELECT a.way_no, a.alert, a.opened, a.closed, a.severity, a.code, a.words, a.remedy FROM "
static const char alerts_of_way[] = ALERT_COLUMNS "device_alerts a WHERE a.tenant_id=?1 AND a.way_no=?2 AND a.closed=0 ORDER BY a.alert";
static const char alerts[] =
    ALERT_COLUMNS "device_alerts a" OF_DEVICE("a") " ORDER BY CASE a.closed WHEN 0 THEN 0 ELSE 1 END, a.closed DESC, a.opened DESC LIMIT ?3";
static const char event_add[] = "INSERT INTO device_events(tenant_id, event_no, device_no, way_no, at, other, kind, detail)"
                                " VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)";
static const char events[] = "SELECT device_no, way_no, at, other, kind, detail FROM device_events WHERE tenant_id=?1 AND device_no=?2"
                             " ORDER BY at DESC, event_no DESC LIMIT ?3";
static const char unreadable[] = "SELECT device_no, way_no, at, other, kind, detail FROM device_events WHERE device_no=0 AND (?1=0 OR tenant_id IN"
                                 " (SELECT x.tenant_id FROM tenant_tree x WHERE x.ancestor=?1)) ORDER BY at DESC, event_no DESC LIMIT ?2";

/* A statement whose first parameters are tenant, way and row: meters, supplies, alerts. */
static db_stmt *begin(hub_store *h, const char *sql, int64_t tenant_id, int64_t way, uint32_t row)
{
    db_stmt *st = db_get(of(h), sql);
    db_bind_int(st, 1, tenant_id);
    db_bind_int(st, 2, way);
    db_bind_int(st, 3, row);
    return st;
}

/* What a list gives when it ran out, or was told to stop. */
static plt_status finish(db_stmt *st, plt_status status)
{
    db_reset(st);
    return status == PLT_NOTFOUND ? PLT_OK : status;
}

/* ---- meters ---- */

plt_status store_meter_last(hub_store *h, int64_t tenant_id, int64_t way, uint32_t meter, plt_count *out, size_t max, size_t *n)
{
    db_stmt *st = begin(h, meter_last, tenant_id, way, meter);
    plt_status status;
    *n = 0;
    db_bind_int(st, 4, (int64_t)max);
    while (*n < max && (status = db_row(of(h), st)) == PLT_OK)
        out[(*n)++] = (plt_count){db_int(st, 0), (uint64_t)db_int(st, 1), (plt_source)db_int(st, 2)};
    if (*n == max) status = PLT_OK;
    for (size_t i = 0; i < *n / 2; i++) {
        plt_count r = out[i];
        out[i] = out[*n - 1 - i];
        out[*n - 1 - i] = r;
    }
    return finish(st, status);
}

plt_status store_meter_add(hub_store *h, int64_t tenant_id, int64_t way, uint32_t meter, const plt_count *r)
{
    db_stmt *st = begin(h, meter_add, tenant_id, way, meter);
    db_bind_int(st, 4, r->at);
    db_bind_int(st, 5, (int64_t)r->n);
    db_bind_int(st, 6, r->source);
    return db_run(of(h), st);
}

plt_status store_meter_on_paper(hub_store *h, int64_t tenant_id, int64_t way, uint32_t meter, int64_t at)
{
    char period[16];
    hub_month_write(period, hub_month_of_day(at / HUB_DAY_MS));
    db_stmt *st = begin(h, meter_on_paper, tenant_id, way, meter);
    db_bind_int(st, 4, at);
    db_bind_text(st, 5, period);
    return db_run(of(h), st);
}

plt_status store_meter_again(hub_store *h, int64_t tenant_id, int64_t way, uint32_t meter, int64_t at)
{
    db_stmt *st = begin(h, meter_again, tenant_id, way, meter);
    db_bind_int(st, 4, at);
    return db_run(of(h), st);
}

static db_stmt *begin_period(hub_store *h, const char *sql, int64_t tenant_id, int64_t device, int64_t from, int64_t to)
{
    db_stmt *st = db_get(of(h), sql);
    db_bind_int(st, 1, tenant_id);
    db_bind_int(st, 2, device);
    db_bind_int(st, 3, from);
    db_bind_int(st, 4, to);
    return st;
}

plt_status store_meters(hub_store *h, int64_t tenant_id, int64_t device, int64_t from, int64_t to, bool (*each)(void *ctx, const hub_meter_point *p),
                        void *ctx)
{
    db_stmt *st = begin_period(h, meters, tenant_id, device, from, to);
    plt_status status;
    while ((status = db_row(of(h), st)) == PLT_OK) {
        const hub_meter_point p = {.meter = (uint32_t)db_int(st, 0),
                                   .way = db_int(st, 1),
                                   .until = db_int(st, 3),
                                   .reading = {db_int(st, 2), (uint64_t)db_int(st, 4), (plt_source)db_int(st, 5)}};
        if (!each(ctx, &p)) break;
    }
    return finish(st, status);
}

/* ---- levels ---- */

plt_status store_level_last(hub_store *h, int64_t tenant_id, int64_t way, uint32_t supply, plt_level *out)
{
    db_stmt *st = begin(h, level_last, tenant_id, way, supply);
    plt_status status = db_row(of(h), st);
    if (status != PLT_OK) return status;
    *out = (plt_level){.at = db_int(st, 0), .percent = (uint32_t)db_int(st, 1)};
    db_copy(st, 2, out->serial, sizeof out->serial);
    db_reset(st);
    return PLT_OK;
}

plt_status store_level_add(hub_store *h, int64_t tenant_id, int64_t way, uint32_t supply, const plt_level *l)
{
    db_stmt *st = begin(h, level_add, tenant_id, way, supply);
    db_bind_int(st, 4, l->at);
    db_bind_int(st, 5, l->percent);
    db_bind_text(st, 6, l->serial);
    return db_run(of(h), st);
}

plt_status store_level_again(hub_store *h, int64_t tenant_id, int64_t way, uint32_t supply, int64_t at)
{
    db_stmt *st = begin(h, level_again, tenant_id, way, supply);
    db_bind_int(st, 4, at);
    return db_run(of(h), st);
}

plt_status store_levels(hub_store *h, int64_t tenant_id, int64_t device, int64_t from, int64_t to, bool (*each)(void *ctx, const hub_level_point *p),
                        void *ctx)
{
    db_stmt *st = begin_period(h, levels, tenant_id, device, from, to);
    plt_status status;
    while ((status = db_row(of(h), st)) == PLT_OK) {
        hub_level_point p = {.supply = (uint32_t)db_int(st, 0),
                             .way = db_int(st, 1),
                             .until = db_int(st, 3),
                             .level = {.at = db_int(st, 2), .percent = (uint32_t)db_int(st, 4)}};
        db_copy(st, 5, p.level.serial, sizeof p.level.serial);
        if (!each(ctx, &p)) break;
    }
    return finish(st, status);
}

/* ---- alerts ---- */

plt_status store_alert_open(hub_store *h, int64_t tenant_id, const hub_device_alert *a)
{
    db_stmt *st = begin(h, alert_open, tenant_id, a->way, a->row);
    db_bind_int(st, 4, a->opened);
    db_bind_text(st, 5, a->severity);
    db_bind_text(st, 6, a->code);
    db_bind_text(st, 7, a->text);
    db_bind_text(st, 8, a->remedy);
    return db_run(of(h), st);
}

plt_status store_alert_close(hub_store *h, int64_t tenant_id, int64_t way, uint32_t row, int64_t opened, int64_t now)
{
    db_stmt *st = begin(h, alert_close, tenant_id, way, row);
    db_bind_int(st, 4, opened);
    db_bind_int(st, 5, now);
    return db_run(of(h), st);
}

static plt_status list_alerts(hub_store *h, db_stmt *st, bool (*each)(void *ctx, const hub_device_alert *a), void *ctx)
{
    plt_status status;
    while ((status = db_row(of(h), st)) == PLT_OK) {
        const hub_device_alert a = {db_int(st, 0),  (uint32_t)db_int(st, 1), db_text(st, 4), db_text(st, 5),
                                    db_text(st, 6), db_text(st, 7),          db_int(st, 2),  db_int(st, 3)};
        if (!each(ctx, &a)) break;
    }
    return finish(st, status);
}

plt_status store_alerts_of_way(hub_store *h, int64_t tenant_id, int64_t way, bool (*each)(void *ctx, const hub_device_alert *a), void *ctx)
{
    db_stmt *st = db_get(of(h), alerts_of_way);
    db_bind_int(st, 1, tenant_id);
    db_bind_int(st, 2, way);
    return list_alerts(h, st, each, ctx);
}

plt_status store_alerts(hub_store *h, int64_t tenant_id, int64_t device, int max, bool (*each)(void *ctx, const hub_device_alert *a), void *ctx)
{
    db_stmt *st = db_get(of(h), alerts);
    db_bind_int(st, 1, tenant_id);
    db_bind_int(st, 2, device);
    db_bind_int(st, 3, max);
    return list_alerts(h, st, each, ctx);
}

/* ---- events ---- */

plt_status store_event_add(hub_store *h, int64_t tenant_id, const hub_device_event *e)
{
    int64_t no;
    plt_status status = store_next_number(of(h), tenant_id, "event", &no);
    if (status != PLT_OK) return status;
    db_stmt *st = db_get(of(h), event_add);
    const int64_t numbers[] = {tenant_id, no, e->device, e->way, e->at, e->other};
    for (int i = 0; i < 6; i++) db_bind_int(st, 1 + i, numbers[i]);
    db_bind_text(st, 7, e->kind);
    db_bind_text(st, 8, e->detail);
    return db_run(of(h), st);
}

static plt_status list_events(hub_store *h, db_stmt *st, bool (*each)(void *ctx, const hub_device_event *e), void *ctx)
{
    plt_status status;
    while ((status = db_row(of(h), st)) == PLT_OK) {
        const hub_device_event e = {db_int(st, 0), db_int(st, 1), db_int(st, 2), db_int(st, 3), db_text(st, 4), db_text(st, 5)};
        if (!each(ctx, &e)) break;
    }
    return finish(st, status);
}

plt_status store_device_events(hub_store *h, int64_t tenant_id, int64_t device, int max, bool (*each)(void *ctx, const hub_device_event *e),
                               void *ctx)
{
    db_stmt *st = db_get(of(h), events);
    db_bind_int(st, 1, tenant_id);
    db_bind_int(st, 2, device);
    db_bind_int(st, 3, max);
    return list_events(h, st, each, ctx);
}

plt_status store_device_unreadable(hub_store *h, int64_t scope, int max, bool (*each)(void *ctx, const hub_device_event *e), void *ctx)
{
    db_stmt *st = db_get(of(h), unreadable);
    db_bind_int(st, 1, scope);
    db_bind_int(st, 2, max);
    return list_events(h, st, each, ctx);
}
