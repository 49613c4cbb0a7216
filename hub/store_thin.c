/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Readings of meters and supplies that are over their time are thinned, a month of a device at a time: the last of the month stays, and whatever else
 * a count over whole months (hub/meter_rows.c) or a paper stands on. It must never change such a count: what is not sure to say nothing more stays.
 */
#include "hub/store_parts.h"

#include <stdlib.h>
#include <string.h>

#include "core/device/history.h"
#include "core/util/room.h"
#include "hub/months.h"

#define BEFORE_MS (100 * HUB_DAY_MS) /* is looked at, too: what the first step of a month is measured against */
#define LONGEST_MONTH "31"
#define MONTHS_STEP 64 /* of devices, in a step */

/* Ways of which a whole month is over its time, each with where it begins and its tenant's days. */
static const char due[] =
    "SELECT w.tenant_id, w.device_no, CASE WHEN w.thinned>0 THEN w.thinned ELSE w.first_seen END, k.readings_days FROM tenants t"
    " JOIN retention k ON k.tenant_id=" KEEPER("t.tenant_id") " CROSS JOIN device_ways w ON w.tenant_id=t.tenant_id"
                                                              " AND w.thinned<?1-(k.readings_days+" LONGEST_MONTH
                                                              ")*86400000 WHERE k.readings_days>0 LIMIT ?2";
static const char done[] = "UPDATE device_ways SET thinned=?3 WHERE tenant_id=?1 AND device_no=?2 AND thinned<?3";
static const char ways[] = "SELECT count(*) FROM device_ways WHERE tenant_id=?1 AND device_no=?2";
#define OF_DEVICE(columns, table)                                                                                                                    \
    "SELECT " columns " FROM " table                                                                                                                 \
    " WHERE tenant_id=?1 AND way_no IN (SELECT w.way_no FROM device_ways w WHERE w.tenant_id=?1 AND w.device_no=?2)"                                 \
    " AND at>=?3 AND at<?4 ORDER BY 1, 2, 3"
static const char meters[] = OF_DEVICE("meter, way_no, at, paper, count, source", "meter_readings");
static const char levels[] = OF_DEVICE("supply, way_no, at, 0, percent, serial", "supply_levels");
static const char drop_meter[] = "DELETE FROM meter_readings WHERE tenant_id=?1 AND way_no=?2 AND meter=?3 AND at=?4";
static const char drop_level[] = "DELETE FROM supply_levels WHERE tenant_id=?1 AND way_no=?2 AND supply=?3 AND at=?4";
/* Where the points begin that a forecast stands on. */
static const char newest[] =
    "SELECT at FROM supply_levels WHERE tenant_id=?1 AND way_no=?2 AND supply=?3 ORDER BY at DESC LIMIT 1 OFFSET " DEFAULT(PLT_FORECAST_POINTS);

typedef struct point {
    uint32_t row; /* the meter, or the supply */
    int64_t way;
    plt_count count;
    plt_level level;
    bool keep;
} point;

typedef struct points {
    point *of; /* owned; by row, way and time */
    size_t n, cap;
} points;

typedef struct month {
    int64_t tenant_id, device, from, to;
    bool several; /* the device has more than one way */
} month;

static plt_status load(db *d, const char *sql, const month *m, points *all)
{
    db_stmt *st = db_get(d, sql);
    const int64_t numbers[] = {m->tenant_id, m->device, m->from - BEFORE_MS, m->to};
    plt_status status;
    all->n = 0;
    for (int i = 0; i < 4; i++) db_bind_int(st, 1 + i, numbers[i]);
    while ((status = db_row(d, st)) == PLT_OK) {
        point *more = plt_room(all->of, all->n, &all->cap, sizeof *more);
        if (!more) break;
        all->of = more;
        point *p = &all->of[all->n++];
        int64_t at = db_int(st, 2);
        *p = (point){.row = (uint32_t)db_int(st, 0), .way = db_int(st, 1), .keep = at < m->from || db_int(st, 3)};
        p->count.at = p->level.at = at;
        if (sql == meters) {
            p->count.n = (uint64_t)db_int(st, 4);
            p->count.source = (plt_source)db_int(st, 5);
        } else {
            p->level.percent = (uint32_t)db_int(st, 4);
            db_copy(st, 5, p->level.serial, sizeof p->level.serial);
        }
    }
    db_reset(st);
    return status == PLT_NOTFOUND ? PLT_OK : status == PLT_OK ? db_fail_as(d, PLT_NOMEM, "out of memory") : status;
}

static bool same_row(const point *a, const point *b)
{
    return a->row == b->row && a->way == b->way;
}

/* Says from one reading to the next nothing but that it grew. */
static bool plain(const point *a, const point *b)
{
    const plt_count two[] = {a->count, b->count};
    plt_step steps[2];
    plt_meter_steps(two, 2, steps);
    return steps[1].change == PLT_METER_SAME || steps[1].change == PLT_METER_GREW;
}

static bool as_was(const point *a, const point *b)
{
    return plt_supply_compare(&a->level, &b->level) == PLT_SUPPLY_AS_WAS;
}

/* What is left of a row must still say `follows` from each point to the next: a point goes only where the one before and the one behind it do. */
static void thin_row(point *p, size_t n, bool (*follows)(const point *a, const point *b))
{
    size_t last = 0;
    p[0].keep = p[n - 1].keep = true;
    for (size_t i = 1; i + 1 < n; i++) {
        if (!p[i].keep) p[i].keep = !follows(&p[last], &p[i + 1]);
        if (p[i].keep) last = i;
    }
}

/* A break of the row is told by the points around it: the last that was believed, and the two that decide what is believed next. */
static plt_status mark_breaks(point *p, size_t n)
{
    plt_count *counts = calloc(n, sizeof *counts);
    plt_step *steps = calloc(n, sizeof *steps);
    plt_status status = counts && steps ? PLT_OK : PLT_NOMEM;
    for (size_t i = 0; status == PLT_OK && i < n; i++) counts[i] = p[i].count;
    if (status == PLT_OK) plt_meter_steps(counts, n, steps);
    for (size_t i = 0; status == PLT_OK && i < n; i++)
        if (steps[i].change != PLT_METER_SAME && steps[i].change != PLT_METER_GREW)
            for (size_t k = i ? i - 1 : 0; k < n && k <= i + 2; k++) p[k].keep = true;
    free(counts);
    free(steps);
    return status;
}

/* Of a device with several ways a meter's row goes over from one to another where one begins, in whichever period: its first two points of the month
   stay, and the last that each other way has before. */
static void mark_beginning(const month *m, points *all, size_t from, size_t n)
{
    size_t first = from;
    while (first < from + n && all->of[first].count.at < m->from) first++;
    for (size_t i = first; i < from + n && i < first + 2; i++) all->of[i].keep = true;
    if (first == from + n) return;
    for (size_t i = 0; i < all->n; i++) {
        point *p = &all->of[i], *next = i + 1 < all->n ? p + 1 : NULL;
        bool other = p->row == all->of[first].row && p->way != all->of[first].way && p->count.at < all->of[first].count.at;
        if (other && (!next || !same_row(p, next) || next->count.at >= all->of[first].count.at)) p->keep = true;
    }
}

static size_t row_of(const points *all, size_t from)
{
    size_t n = 1;
    while (from + n < all->n && same_row(&all->of[from], &all->of[from + n])) n++;
    return n;
}

static plt_status thin_meters(const month *m, points *all)
{
    plt_status status = PLT_OK;
    for (size_t i = 0, n; status == PLT_OK && i < all->n; i += n) {
        n = row_of(all, i);
        status = mark_breaks(&all->of[i], n);
        if (m->several) mark_beginning(m, all, i, n);
    }
    for (size_t i = 0, n; status == PLT_OK && i < all->n; i += n) {
        n = row_of(all, i);
        thin_row(&all->of[i], n, plain);
    }
    return status;
}

static plt_status thin_levels(db *d, const month *m, points *all)
{
    plt_status status = PLT_OK;
    for (size_t i = 0, n; status == PLT_OK && i < all->n; i += n) {
        int64_t fresh = 0;
        db_stmt *st = db_get(d, newest);
        n = row_of(all, i);
        db_bind_int(st, 1, m->tenant_id);
        db_bind_int(st, 2, all->of[i].way);
        db_bind_int(st, 3, all->of[i].row);
        status = db_number(d, st, &fresh);
        if (status == PLT_NOTFOUND) status = PLT_OK; /* there are no more than those */
        for (size_t k = i; k < i + n; k++) {
            bool change = k > i && !as_was(&all->of[k - 1], &all->of[k]);
            if (all->of[k].level.at > fresh || change) all->of[k].keep = true;
            if (change) all->of[k - 1].keep = true;
        }
        thin_row(&all->of[i], n, as_was);
    }
    return status;
}

static plt_status drop(db *d, const char *sql, const month *m, const points *all, size_t *gone)
{
    plt_status status = PLT_OK;
    for (size_t i = 0; status == PLT_OK && i < all->n; i++) {
        const point *p = &all->of[i];
        if (p->keep) continue;
        db_stmt *st = db_get(d, sql);
        db_bind_int(st, 1, m->tenant_id);
        db_bind_int(st, 2, p->way);
        db_bind_int(st, 3, p->row);
        db_bind_int(st, 4, p->count.at);
        status = db_later(d, st, NULL);
        (*gone)++;
    }
    plt_status flushed = db_flush(d);
    return status == PLT_OK ? flushed : status;
}

static plt_status thin_month(db *d, const month *m, points *all, size_t *gone)
{
    plt_status status = load(d, meters, m, all);
    if (status == PLT_OK) status = thin_meters(m, all);
    if (status == PLT_OK) status = drop(d, drop_meter, m, all, gone);
    if (status == PLT_OK) status = load(d, levels, m, all);
    if (status == PLT_OK) status = thin_levels(d, m, all);
    if (status == PLT_OK) status = drop(d, drop_level, m, all, gone);
    db_stmt *st = db_get(d, done);
    db_bind_int(st, 1, m->tenant_id);
    db_bind_int(st, 2, m->device);
    db_bind_int(st, 3, m->to);
    return status == PLT_OK ? db_run(d, st) : status;
}

typedef struct due_device {
    int64_t tenant_id, device, at, days;
} due_device;

static bool listed(const due_device *of, size_t n, const due_device *is)
{
    for (size_t i = 0; i < n; i++)
        if (of[i].tenant_id == is->tenant_id && of[i].device == is->device) return true;
    return false;
}

static plt_status list_due(db *d, int64_t now, due_device of[MONTHS_STEP], size_t *n)
{
    db_stmt *st = db_get(d, due);
    plt_status status;
    *n = 0;
    db_bind_int(st, 1, now);
    db_bind_int(st, 2, MONTHS_STEP);
    while ((status = db_row(d, st)) == PLT_OK && *n < MONTHS_STEP) {
        of[*n] = (due_device){db_int(st, 0), db_int(st, 1), db_int(st, 2), db_int(st, 3)};
        if (!listed(of, *n, &of[*n])) (*n)++;
    }
    db_reset(st);
    return status == PLT_NOTFOUND ? PLT_OK : status;
}

static plt_status thin_device(db *d, const due_device *is, int64_t now, size_t max, points *all, int *months, size_t *gone)
{
    int64_t next = hub_month_of_day(is->at / HUB_DAY_MS), end = hub_month_of_day((now - is->days * HUB_DAY_MS) / HUB_DAY_MS), n = 0;
    if (next >= end) next = end - 1; /* it was first seen later: there is nothing, and it is not asked again this month */
    db_stmt *st = db_get(d, ways);
    db_bind_int(st, 1, is->tenant_id);
    db_bind_int(st, 2, is->device);
    plt_status status = db_number(d, st, &n);
    for (; status == PLT_OK && next < end && *months < MONTHS_STEP && *gone < max; next++, (*months)++) {
        const month m = {is->tenant_id, is->device, hub_month_day(next) * HUB_DAY_MS, hub_month_day(next + 1) * HUB_DAY_MS, n > 1};
        status = thin_month(d, &m, all, gone);
    }
    return status;
}

plt_status store_thin(hub_store *h, int64_t now, size_t max, bool *more)
{
    due_device found[MONTHS_STEP];
    points all = {.n = 0};
    size_t n = 0, gone = 0;
    int months = 0;
    plt_status status = list_due(of(h), now, found, &n);
    for (size_t i = 0; status == PLT_OK && i < n; i++) status = thin_device(of(h), &found[i], now, max, &all, &months, &gone);
    free(all.of);
    if (months == MONTHS_STEP || gone >= max) *more = true;
    return status;
}
