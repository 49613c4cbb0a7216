/* SPDX-License-Identifier: Apache-2.0 */
/* Meters and levels over time, as JSON and as CSV. */
#include <stdlib.h>
#include <string.h>

#include "core/device/meter.h"
#include "core/util/room.h"
#include "core/util/text.h"
#include "hub/csv.h"
#include "hub/device_page.h"
#include "hub/device_view.h"
#include "hub/devices_api.h"
#include "hub/fleet.h"
#include "hub/handler.h"
#include "hub/meter_rows.h"
#include "os/clock.h"

#define DAYS_MAX 1000
#define FORECAST_DAYS 400
#define READS_BUDGET_MS 20000

/* ---- one device's meters ---- */

typedef struct meters_page {
    plt_buf *out;
    int64_t from, to;
    bool csv;
} meters_page;

static void put_meter_name(plt_buf *b, uint32_t meter)
{
    char name[PLT_METER_NAME_SIZE];
    plt_meter_parts parts = {.unit = PLT_UNIT_IMPRESSIONS};
    plt_meter_name(meter, name);
    plt_meter_split(meter, &parts);
    plt_json_text(b, "meter", name);
    plt_json_text(b, "unit", plt_unit_name((uint32_t)parts.unit));
    plt_json_count(b, "slot", parts.slot);
}

static void put_points(plt_buf *b, const hub_meter_row *r, const meters_page *p)
{
    plt_json_key(b, "points");
    plt_buf_byte(b, '[');
    for (size_t i = 0; i < r->n; i++) {
        if (r->readings[i].at < p->from || r->readings[i].at >= p->to) continue;
        plt_json_comma(b);
        plt_buf_byte(b, '{');
        hub_json_time(b, "at", r->readings[i].at);
        hub_json_time(b, "until", r->of[i].until);
        plt_json_count(b, "count", (int64_t)r->readings[i].n);
        plt_json_text(b, "source", plt_source_name(r->readings[i].source));
        plt_json_count(b, "way", r->of[i].way);
        plt_json_text(b, "change", i ? plt_meter_change_name(r->steps[i].change) : "first");
        plt_json_count(b, "counted", i ? (int64_t)r->steps[i].n : -1);
        plt_buf_byte(b, '}');
    }
    plt_buf_byte(b, ']');
}

static void put_days(plt_buf *b, const hub_meter_row *r, const meters_page *p)
{
    plt_meter_day *days = calloc(DAYS_MAX, sizeof *days);
    size_t n = days ? plt_meter_days(r->readings, r->steps, r->n, days, DAYS_MAX) : 0;
    if (!days) b->status = PLT_NOMEM;
    plt_json_key(b, "days");
    plt_buf_byte(b, '[');
    for (size_t i = 0; i < n; i++) {
        if (days[i].day + PLT_DAY_MS <= p->from || days[i].day >= p->to) continue;
        plt_json_comma(b);
        plt_buf_byte(b, '{');
        hub_json_time(b, "day", days[i].day);
        plt_json_count(b, "counted", (int64_t)days[i].counted);
        hub_json_time(b, "since", days[i].since);
        plt_json_bool(b, "gap", days[i].gap);
        plt_buf_byte(b, '}');
    }
    plt_buf_byte(b, ']');
    free(days);
}

static bool put_meter(void *ctx, const hub_meter_row *r)
{
    meters_page *p = ctx;
    hub_meter_sum m = hub_meter_counted(r, p->from, p->to);
    plt_json_comma(p->out);
    plt_buf_byte(p->out, '{');
    put_meter_name(p->out, r->meter);
    plt_json_count(p->out, "counted", (int64_t)m.counted);
    plt_json_bool(p->out, "gap", m.resets || m.doubts);
    put_points(p->out, r, p);
    put_days(p->out, r, p);
    plt_buf_byte(p->out, '}');
    return p->out->status == PLT_OK;
}

static bool put_meter_csv(void *ctx, const hub_meter_row *r)
{
    meters_page *p = ctx;
    char name[PLT_METER_NAME_SIZE];
    plt_meter_parts parts = {.unit = PLT_UNIT_IMPRESSIONS};
    plt_meter_name(r->meter, name);
    plt_meter_split(r->meter, &parts);
    for (size_t i = 0; i < r->n; i++) {
        if (r->readings[i].at < p->from || r->readings[i].at >= p->to) continue;
        hub_csv_text(p->out, name);
        hub_csv_text(p->out, plt_unit_name((uint32_t)parts.unit));
        hub_csv_time(p->out, r->readings[i].at);
        hub_csv_time(p->out, r->of[i].until);
        hub_csv_number(p->out, (int64_t)r->readings[i].n);
        hub_csv_number(p->out, i ? (int64_t)r->steps[i].n : -1);
        hub_csv_text(p->out, i ? plt_meter_change_name(r->steps[i].change) : "first");
        hub_csv_text(p->out, plt_source_name(r->readings[i].source));
        hub_csv_end(p->out);
    }
    return p->out->status == PLT_OK;
}

hub_step hub_api_device_meters(hub_worker *w, hub_task *t)
{
    meters_page p = {.csv = hub_device_csv(t)};
    int64_t tenant_id, no = hub_device_number(t->in.path_arg[0]);
    const char *fault = hub_device_period(t, &p.from, &p.to);
    if (fault) return hub_bad_query(t, fault);
    plt_status s = hub_device_of(w->store, t->session.scope, no, &tenant_id);
    if (s == PLT_NOTFOUND) return hub_not_there(t, "There is no such device");
    if (s != PLT_OK) return hub_store_failed(w, t, s);
    p.out = p.csv ? hub_csv_begin(&t->out) : hub_reply_json(&t->out);
    plt_buf_text(p.out, p.csv ? "meter,unit,at,until,count,counted,change,source\r\n" : "{\"items\":[");
    s = hub_meter_rows(w->store, tenant_id, no, p.from, p.to, p.csv ? put_meter_csv : put_meter, &p);
    if (!p.csv) plt_buf_text(p.out, "]}");
    return s == PLT_OK ? hub_csv_done(&t->out) : hub_store_failed(w, t, s);
}

/* ---- supplies ---- */

typedef struct levels {
    plt_level *of; /* owned */
    size_t n, cap;
    int64_t way, until;
    uint32_t supply;
    plt_status status;
} levels;

static bool note_level(void *ctx, const hub_level_point *p)
{
    levels *all = ctx;
    if (p->supply != all->supply || (all->way && p->way != all->way)) return true;
    if (all->n == HUB_METER_POINTS) return false;
    plt_level *more = plt_room(all->of, all->n + 1, &all->cap, sizeof *more); /* one more is kept free for the last reading */
    if (!more) {
        all->status = PLT_NOMEM;
        return false;
    }
    all->of = more;
    all->of[all->n++] = p->level;
    all->until = p->until;
    return true;
}

/* As for meters, where the level is still told; else 0. */
static int64_t stands_until(const hub_view *v, uint32_t supply)
{
    uint32_t percent;
    int64_t read = 0;
    for (size_t i = 0; i < v->n; i++)
        if (v->ways[i].way.way == v->of_group[PLT_GROUP_SUPPLY]) read = v->ways[i].way.last_read;
    return plt_supply_percent(&v->model, supply, &percent) ? read : 0;
}

plt_status hub_levels_of(hub_store *s, const hub_view *v, uint32_t supply, plt_level **out, size_t *n)
{
    levels all = {.way = v->of_group[PLT_GROUP_SUPPLY], .supply = supply};
    int64_t from = os_clock_unix_ms() - FORECAST_DAYS * PLT_DAY_MS;
    plt_status status = s->ops->devices->levels(s, v->tenant_id, v->device, from, INT64_MAX, note_level, &all);
    if (status == PLT_OK) status = all.status;
    int64_t read = stands_until(v, supply);
    if (all.n && read > all.until) all.until = read;
    if (all.n && all.until > all.of[all.n - 1].at) {
        all.of[all.n] = all.of[all.n - 1];
        all.of[all.n++].at = all.until;
    }
    *out = all.of;
    *n = all.n;
    return status;
}

/* Levels as they come: by supply, way and time. */
typedef struct levels_page {
    plt_buf *out;
    int64_t way; /* the one that is shown */
    bool open;   /* a supply's list is begun */
    hub_level_point last;
} levels_page;

static bool put_level(void *ctx, const hub_level_point *p)
{
    levels_page *page = ctx;
    plt_buf *b = page->out;
    if (page->way && p->way != page->way) return true;
    bool same = page->open && page->last.supply == p->supply;
    if (page->open && !same) plt_buf_text(b, "]}");
    if (!same) {
        plt_json_comma(b);
        plt_buf_byte(b, '{');
        plt_json_count(b, "index", p->supply);
        plt_json_key(b, "points");
        plt_buf_byte(b, '[');
    }
    plt_json_comma(b);
    plt_buf_byte(b, '{');
    hub_json_time(b, "at", p->level.at);
    hub_json_time(b, "until", p->until);
    plt_json_count(b, "percent", p->level.percent);
    plt_json_text(b, "serial", p->level.serial);
    plt_json_text(b, "change", same ? plt_supply_change_name(plt_supply_compare(&page->last.level, &p->level)) : NULL);
    plt_buf_byte(b, '}');
    page->open = true;
    page->last = *p;
    return b->status == PLT_OK;
}

hub_step hub_api_device_supplies(hub_worker *w, hub_task *t)
{
    int64_t tenant_id, from, to, no = hub_device_number(t->in.path_arg[0]);
    hub_view v;
    const char *fault = hub_device_period(t, &from, &to);
    if (fault) return hub_bad_query(t, fault);
    plt_status s = hub_device_of(w->store, t->session.scope, no, &tenant_id);
    if (s == PLT_NOTFOUND) return hub_not_there(t, "There is no such device");
    if (s != PLT_OK) return hub_store_failed(w, t, s);
    s = hub_view_load(w->store, tenant_id, no, &v);
    levels_page p = {.out = hub_items_begin(t), .way = v.of_group[PLT_GROUP_SUPPLY]};
    if (s == PLT_OK) s = w->store->ops->devices->levels(w->store, tenant_id, no, from, to, put_level, &p);
    plt_buf_text(p.out, p.open ? "]}]}" : "]}");
    hub_view_free(&v);
    return s == PLT_OK ? HUB_DONE : hub_store_failed(w, t, s);
}

/* ---- all devices' reads of a period, for a bill ---- */

typedef struct reads_page {
    plt_buf *out;
    const hub_fleet_device *device;
    int64_t from, to;
} reads_page;

static bool put_read(void *ctx, const hub_meter_row *r)
{
    reads_page *p = ctx;
    const hub_fleet_device *d = p->device;
    const char *const texts[] = {d->tenant, d->make, d->model, d->serial, d->name, d->location};
    char name[PLT_METER_NAME_SIZE];
    plt_meter_parts parts = {.unit = PLT_UNIT_IMPRESSIONS};
    hub_meter_sum m = hub_meter_counted(r, p->from, p->to);
    if (m.last == r->n) return true; /* no reading up to the period's end */
    plt_meter_name(r->meter, name);
    plt_meter_split(r->meter, &parts);
    hub_csv_number(p->out, d->no);
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) hub_csv_text(p->out, texts[i]);
    hub_csv_text(p->out, name);
    hub_csv_text(p->out, plt_unit_name((uint32_t)parts.unit));
    hub_csv_time(p->out, r->readings[m.first].at);
    hub_csv_number(p->out, (int64_t)r->readings[m.first].n);
    hub_csv_time(p->out, hub_meter_read_last(r, &m, p->to));
    hub_csv_number(p->out, (int64_t)r->readings[m.last].n);
    hub_csv_number(p->out, (int64_t)m.counted);
    hub_csv_text(p->out, m.resets || m.doubts ? "gap" : "");
    hub_csv_end(p->out);
    return p->out->status == PLT_OK;
}

hub_step hub_api_meter_reads(hub_worker *w, hub_task *t)
{
    hub_fleet all;
    reads_page p = {.out = NULL};
    hub_device_query q = {.scope = t->session.scope, .sort = HUB_DEVICES_BY_NAME, .limit = HUB_METER_POINTS, .budget_ms = READS_BUDGET_MS};
    uint64_t end = os_clock_mono_ms() + READS_BUDGET_MS;
    const char *fault = hub_device_period(t, &p.from, &p.to);
    if (fault) return hub_bad_query(t, fault);
    p.out = hub_csv_begin(&t->out);
    plt_buf_text(p.out, "device,tenant,make,model,serial,name,location,meter,unit,first_at,first,last_at,last,counted,note\r\n");
    plt_status s = hub_fleet_load(w->store, &q, &all);
    for (size_t i = 0; s == PLT_OK && i < all.n; i++) {
        p.device = &all.of[i];
        s = os_clock_mono_ms() > end ? PLT_TIMEOUT : hub_meter_rows(w->store, p.device->tenant_id, p.device->no, p.from, p.to, put_read, &p);
    }
    hub_fleet_free(&all);
    return s == PLT_OK ? hub_csv_done(&t->out) : hub_store_failed(w, t, s);
}
