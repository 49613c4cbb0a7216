/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Meters and levels over time, as JSON and as CSV. A meter's row is told by one way at a time: the one that read it last, and before
 * its first reading the one that read it last before. It must never add up what two ways counted of the same pages.
 */
#include <stdlib.h>
#include <string.h>

#include "core/device/meter.h"
#include "core/util/text.h"
#include "hub/csv.h"
#include "hub/device_page.h"
#include "hub/device_view.h"
#include "hub/devices_api.h"
#include "hub/handler.h"
#include "os/clock.h"

#define POINTS_MAX 200000
#define DAYS_MAX 1000
#define BASE_DAYS 400 /* before the period: where its first count begins */
#define FORECAST_DAYS 400
#define READS_BUDGET_MS 20000

/* ---- rows of points ---- */

typedef struct points {
    hub_meter_point *of; /* owned */
    size_t n, cap;
    plt_status status;
} points;

static bool note_point(void *ctx, const hub_meter_point *p)
{
    points *all = ctx;
    if (all->n == POINTS_MAX) return false; /* the newest of the last meter are lost, and the reply says how many it holds */
    if (all->n == all->cap) {
        size_t cap = all->cap ? all->cap * 2 : 256;
        hub_meter_point *more = realloc(all->of, cap * sizeof *more);
        if (!more) {
            all->status = PLT_NOMEM;
            return false;
        }
        all->of = more;
        all->cap = cap;
    }
    all->of[all->n++] = *p;
    return true;
}

/* One meter's row in the making: the points of its ways, as far as each is asked. */
typedef struct row {
    uint32_t meter;
    hub_meter_point *of; /* owned; by time */
    plt_count *readings;
    plt_step *steps;
    size_t n;
} row;

static void row_free(row *r)
{
    free(r->of);
    free(r->readings);
    free(r->steps);
    memset(r, 0, sizeof *r);
}

/* The run of one way in p[from..]; the way that ends latest, among those that begin before `before`. */
static bool latest_run(const hub_meter_point *p, size_t n, int64_t before, size_t *from, size_t *to)
{
    int64_t best = INT64_MIN;
    for (size_t i = 0, k; i < n; i = k) {
        size_t last = i;
        for (k = i; k < n && p[k].way == p[i].way; k++)
            if (p[k].reading.at < before) last = k;
        int64_t until = p[last].until < before ? p[last].until : before - 1;
        if (p[i].reading.at >= before || until <= best) continue;
        best = until;
        *from = i;
        *to = last + 1;
    }
    return best != INT64_MIN;
}

/* The points of one meter, n of them sorted by way and time, as one row. */
static plt_status row_make(row *r, const hub_meter_point *p, size_t n)
{
    size_t from = 0, to = 0, at = n;
    *r = (row){.meter = p->meter, .of = calloc(n, sizeof *r->of), .readings = calloc(n, sizeof *r->readings), .steps = calloc(n, sizeof *r->steps)};
    if (!r->of || !r->readings || !r->steps) return PLT_NOMEM;
    for (int64_t before = INT64_MAX; at > 0 && latest_run(p, n, before, &from, &to); before = p[from].reading.at) {
        if (to - from > at) from = to - at;
        at -= to - from;
        memcpy(r->of + at, p + from, (to - from) * sizeof *p);
    }
    r->n = n - at;
    memmove(r->of, r->of + at, r->n * sizeof *r->of);
    for (size_t i = 0; i < r->n; i++) r->readings[i] = r->of[i].reading;
    plt_meter_steps(r->readings, r->n, r->steps);
    return PLT_OK;
}

/* Calls each with the row of every meter. */
static plt_status each_row(const points *all, bool (*each)(void *ctx, const row *r), void *ctx)
{
    plt_status s = all->status;
    for (size_t i = 0, k; s == PLT_OK && i < all->n; i = k) {
        row r;
        for (k = i; k < all->n && all->of[k].meter == all->of[i].meter; k++) continue;
        s = row_make(&r, all->of + i, k - i);
        bool on = s == PLT_OK && each(ctx, &r);
        row_free(&r);
        if (!on) break;
    }
    return s;
}

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
    hub_json_text(b, "meter", name);
    hub_json_text(b, "unit", plt_unit_name((uint32_t)parts.unit));
    hub_json_count(b, "slot", parts.slot);
}

/* The sum of the steps that begin inside the period, and whether any of them could not be told. */
static uint64_t counted_in(const row *r, int64_t from, int64_t to, bool *gap, size_t *first, size_t *last)
{
    uint64_t sum = 0;
    *gap = false;
    *first = *last = r->n;
    for (size_t i = 0; i < r->n && r->readings[i].at < to; i++) {
        if (r->readings[i].at < from) {
            *first = *last = i; /* the reading that stood when the period began */
            continue;
        }
        if (*first == r->n) *first = i;
        *last = i;
        if (i == *first) continue;
        sum += r->steps[i].n;
        *gap = *gap || r->steps[i].change == PLT_METER_RESET || r->steps[i].change == PLT_METER_IMPOSSIBLE;
    }
    return sum;
}

static void put_points(plt_buf *b, const row *r, const meters_page *p)
{
    hub_json_key(b, "points");
    plt_buf_byte(b, '[');
    for (size_t i = 0; i < r->n; i++) {
        if (r->readings[i].at < p->from || r->readings[i].at >= p->to) continue;
        hub_json_comma(b);
        plt_buf_byte(b, '{');
        hub_json_time(b, "at", r->readings[i].at);
        hub_json_time(b, "until", r->of[i].until);
        hub_json_count(b, "count", (int64_t)r->readings[i].n);
        hub_json_text(b, "source", plt_source_name(r->readings[i].source));
        hub_json_count(b, "way", r->of[i].way);
        hub_json_text(b, "change", i ? plt_meter_change_name(r->steps[i].change) : "first");
        hub_json_count(b, "counted", i ? (int64_t)r->steps[i].n : -1);
        plt_buf_byte(b, '}');
    }
    plt_buf_byte(b, ']');
}

static void put_days(plt_buf *b, const row *r, const meters_page *p)
{
    plt_meter_day *days = calloc(DAYS_MAX, sizeof *days);
    size_t n = days ? plt_meter_days(r->readings, r->steps, r->n, days, DAYS_MAX) : 0;
    if (!days) b->status = PLT_NOMEM;
    hub_json_key(b, "days");
    plt_buf_byte(b, '[');
    for (size_t i = 0; i < n; i++) {
        if (days[i].day + PLT_DAY_MS <= p->from || days[i].day >= p->to) continue;
        hub_json_comma(b);
        plt_buf_byte(b, '{');
        hub_json_time(b, "day", days[i].day);
        hub_json_count(b, "counted", (int64_t)days[i].counted);
        hub_json_time(b, "since", days[i].since);
        hub_json_bool(b, "gap", days[i].gap);
        plt_buf_byte(b, '}');
    }
    plt_buf_byte(b, ']');
    free(days);
}

static bool put_meter(void *ctx, const row *r)
{
    meters_page *p = ctx;
    bool gap;
    size_t first, last;
    uint64_t sum = counted_in(r, p->from, p->to, &gap, &first, &last);
    hub_json_comma(p->out);
    plt_buf_byte(p->out, '{');
    put_meter_name(p->out, r->meter);
    hub_json_count(p->out, "counted", (int64_t)sum);
    hub_json_bool(p->out, "gap", gap);
    put_points(p->out, r, p);
    put_days(p->out, r, p);
    plt_buf_byte(p->out, '}');
    return p->out->status == PLT_OK;
}

static bool put_meter_csv(void *ctx, const row *r)
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

/* The last point of a way's meter stands until the way was read last: what does not change makes no record. */
static bool extend(void *ctx, const hub_way *w, const char *model)
{
    points *all = ctx;
    (void)model;
    for (size_t i = 0; i < all->n; i++) {
        hub_meter_point *p = &all->of[i];
        bool last = i + 1 == all->n || p[1].meter != p->meter || p[1].way != p->way;
        if (last && p->way == w->way && w->last_read > p->until) p->until = w->last_read;
    }
    return true;
}

static plt_status load_points(hub_store *s, int64_t tenant_id, int64_t device, int64_t from, int64_t to, points *all)
{
    int64_t base = from < INT64_MIN + BASE_DAYS * PLT_DAY_MS ? INT64_MIN : from - BASE_DAYS * PLT_DAY_MS;
    *all = (points){.status = PLT_OK};
    plt_status status = s->ops->devices->meters(s, tenant_id, device, base, to, note_point, all);
    if (status == PLT_OK) status = s->ops->devices->ways_of(s, tenant_id, device, extend, all);
    return status == PLT_OK ? all->status : status;
}

hub_step hub_api_device_meters(hub_worker *w, hub_task *t)
{
    meters_page p = {.csv = hub_device_csv(t)};
    points all;
    int64_t tenant_id, no = hub_device_number(t->in.path_arg[0]);
    const char *fault = hub_device_period(t, &p.from, &p.to);
    if (fault) return hub_bad_query(t, fault);
    plt_status s = hub_device_of(w->store, t->session.scope, no, &tenant_id);
    if (s == PLT_NOTFOUND) return hub_not_there(t, "There is no such device");
    if (s == PLT_OK) s = load_points(w->store, tenant_id, no, p.from, p.to, &all);
    if (s != PLT_OK) return hub_store_failed(w, t, s);
    p.out = p.csv ? hub_csv_begin(&t->out) : hub_reply_json(&t->out);
    plt_buf_text(p.out, p.csv ? "meter,unit,at,until,count,counted,change,source\r\n" : "{\"items\":[");
    s = each_row(&all, p.csv ? put_meter_csv : put_meter, &p);
    if (!p.csv) plt_buf_text(p.out, "]}");
    free(all.of);
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
    if (all->n == POINTS_MAX) return false;
    if (all->n + 1 >= all->cap) { /* one more is kept free for the last reading */
        size_t cap = all->cap ? all->cap * 2 : 64;
        plt_level *more = realloc(all->of, cap * sizeof *more);
        if (!more) {
            all->status = PLT_NOMEM;
            return false;
        }
        all->of = more;
        all->cap = cap;
    }
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
        hub_json_comma(b);
        plt_buf_byte(b, '{');
        hub_json_count(b, "index", p->supply);
        hub_json_key(b, "points");
        plt_buf_byte(b, '[');
    }
    hub_json_comma(b);
    plt_buf_byte(b, '{');
    hub_json_time(b, "at", p->level.at);
    hub_json_time(b, "until", p->until);
    hub_json_count(b, "percent", p->level.percent);
    hub_json_text(b, "serial", p->level.serial);
    hub_json_text(b, "change", same ? plt_supply_change_name(plt_supply_compare(&page->last.level, &p->level)) : NULL);
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

typedef struct billed {
    int64_t tenant_id, no;
    char tenant[HUB_TENANT_SIZE], make[64], model[128], serial[64], name[128], location[128];
} billed;

typedef struct bills {
    billed *of; /* owned */
    size_t n, cap;
    plt_status status;
} bills;

static bool note_bill(void *ctx, const hub_device_row *d)
{
    bills *all = ctx;
    if (all->n == all->cap) {
        size_t cap = all->cap ? all->cap * 2 : 256;
        billed *more = realloc(all->of, cap * sizeof *more);
        if (!more) {
            all->status = PLT_NOMEM;
            return false;
        }
        all->of = more;
        all->cap = cap;
    }
    billed *one = &all->of[all->n++];
    *one = (billed){.tenant_id = d->tenant_id, .no = d->no};
    plt_copy(one->tenant, sizeof one->tenant, d->tenant);
    plt_copy(one->make, sizeof one->make, d->make);
    plt_copy(one->model, sizeof one->model, d->model);
    plt_copy(one->serial, sizeof one->serial, d->serial);
    plt_copy(one->name, sizeof one->name, d->name);
    plt_copy(one->location, sizeof one->location, d->location);
    return true;
}

typedef struct reads_page {
    plt_buf *out;
    const billed *device;
    int64_t from, to;
} reads_page;

static bool put_read(void *ctx, const row *r)
{
    reads_page *p = ctx;
    const billed *d = p->device;
    const char *const texts[] = {d->tenant, d->make, d->model, d->serial, d->name, d->location};
    char name[PLT_METER_NAME_SIZE];
    plt_meter_parts parts = {.unit = PLT_UNIT_IMPRESSIONS};
    bool gap;
    size_t first, last;
    uint64_t sum = counted_in(r, p->from, p->to, &gap, &first, &last);
    if (last == r->n) return true; /* no reading up to the period's end */
    plt_meter_name(r->meter, name);
    plt_meter_split(r->meter, &parts);
    hub_csv_number(p->out, d->no);
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) hub_csv_text(p->out, texts[i]);
    hub_csv_text(p->out, name);
    hub_csv_text(p->out, plt_unit_name((uint32_t)parts.unit));
    hub_csv_time(p->out, r->readings[first].at);
    hub_csv_number(p->out, (int64_t)r->readings[first].n);
    hub_csv_time(p->out, r->of[last].until < p->to ? r->of[last].until : p->to);
    hub_csv_number(p->out, (int64_t)r->readings[last].n);
    hub_csv_number(p->out, (int64_t)sum);
    hub_csv_text(p->out, gap ? "gap" : "");
    hub_csv_end(p->out);
    return p->out->status == PLT_OK;
}

hub_step hub_api_meter_reads(hub_worker *w, hub_task *t)
{
    bills all = {.status = PLT_OK};
    reads_page p = {.out = NULL};
    hub_device_query q = {.scope = t->session.scope, .sort = HUB_DEVICES_BY_NAME, .limit = POINTS_MAX, .budget_ms = READS_BUDGET_MS};
    uint64_t end = os_clock_mono_ms() + READS_BUDGET_MS;
    const char *fault = hub_device_period(t, &p.from, &p.to);
    if (fault) return hub_bad_query(t, fault);
    p.out = hub_csv_begin(&t->out);
    plt_buf_text(p.out, "device,tenant,make,model,serial,name,location,meter,unit,first_at,first,last_at,last,counted,note\r\n");
    plt_status s = w->store->ops->devices->devices(w->store, &q, note_bill, &all);
    if (s == PLT_OK) s = all.status;
    for (size_t i = 0; s == PLT_OK && i < all.n; i++) {
        points rows = {.status = PLT_OK};
        p.device = &all.of[i];
        s = os_clock_mono_ms() > end ? PLT_TIMEOUT : load_points(w->store, p.device->tenant_id, p.device->no, p.from, p.to, &rows);
        if (s == PLT_OK) s = each_row(&rows, put_read, &p);
        free(rows.of);
    }
    free(all.of);
    return s == PLT_OK ? hub_csv_done(&t->out) : hub_store_failed(w, t, s);
}
