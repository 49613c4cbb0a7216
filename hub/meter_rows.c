/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Rows of meters. A meter's row is told by one way at a time: the one that read it last, and before its first reading the one that read it last
 * before. It must never add up what two ways counted of the same pages.
 */
#include "hub/meter_rows.h"

#include <stdlib.h>
#include <string.h>

#include "core/util/room.h"
#include "hub/months.h"

#define BASE_DAYS 400 /* before the period: where its first count begins */

typedef struct points {
    hub_meter_point *of; /* owned */
    size_t n, cap;
    plt_status status;
} points;

static bool note_point(void *ctx, const hub_meter_point *p)
{
    points *all = ctx;
    if (all->n == HUB_METER_POINTS) return false; /* the newest of the last meter are lost, and the reply says how many it holds */
    hub_meter_point *more = plt_room(all->of, all->n, &all->cap, sizeof *more);
    if (!more) {
        all->status = PLT_NOMEM;
        return false;
    }
    all->of = more;
    all->of[all->n++] = *p;
    return true;
}

static void row_free(hub_meter_row *r)
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
static plt_status row_make(hub_meter_row *r, const hub_meter_point *p, size_t n)
{
    size_t from = 0, to = 0, at = n;
    *r = (hub_meter_row){
        .meter = p->meter, .of = calloc(n, sizeof *r->of), .readings = calloc(n, sizeof *r->readings), .steps = calloc(n, sizeof *r->steps)};
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
static plt_status each_row(const points *all, bool (*each)(void *ctx, const hub_meter_row *r), void *ctx)
{
    plt_status s = all->status;
    for (size_t i = 0, k; s == PLT_OK && i < all->n; i = k) {
        hub_meter_row r;
        for (k = i; k < all->n && all->of[k].meter == all->of[i].meter; k++) continue;
        s = row_make(&r, all->of + i, k - i);
        bool on = s == PLT_OK && each(ctx, &r);
        row_free(&r);
        if (!on) break;
    }
    return s;
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
    int64_t base = from < INT64_MIN + 2 * BASE_DAYS * PLT_DAY_MS ? INT64_MIN : from - BASE_DAYS * PLT_DAY_MS;
    if (base > 0) base = hub_month_day(hub_month_of_day(base / PLT_DAY_MS)) * PLT_DAY_MS; /* of a thinned month all that is left, or nothing */
    *all = (points){.status = PLT_OK};
    plt_status status = s->ops->devices->meters(s, tenant_id, device, base, to, note_point, all);
    if (status == PLT_OK) status = s->ops->devices->ways_of(s, tenant_id, device, extend, all);
    return status == PLT_OK ? all->status : status;
}

plt_status hub_meter_rows(hub_store *s, int64_t tenant_id, int64_t device, int64_t from, int64_t to, bool (*each)(void *ctx, const hub_meter_row *r),
                          void *ctx)
{
    points all;
    plt_status status = load_points(s, tenant_id, device, from, to, &all);
    if (status == PLT_OK) status = each_row(&all, each, ctx);
    free(all.of);
    return status;
}

hub_meter_sum hub_meter_counted(const hub_meter_row *r, int64_t from, int64_t to)
{
    hub_meter_sum m = {.first = r->n, .last = r->n};
    for (size_t i = 0; i < r->n && r->readings[i].at < to; i++) {
        if (r->readings[i].at < from) {
            m.first = m.last = i;
            continue;
        }
        if (m.first == r->n) m.first = i;
        m.last = i;
        if (i == m.first) continue;
        m.counted += r->steps[i].n;
        m.resets += r->steps[i].change == PLT_METER_RESET;
        m.doubts += r->steps[i].change == PLT_METER_IMPOSSIBLE;
    }
    return m;
}

int64_t hub_meter_read_last(const hub_meter_row *r, const hub_meter_sum *m, int64_t to)
{
    return r->of[m->last].until < to ? r->of[m->last].until : to;
}

unsigned hub_meter_gaps(const hub_meter_row *r, const hub_meter_sum *m, int64_t from, int64_t to)
{
    unsigned bits = (m->resets ? HUB_GAP_RESET : 0) | (m->doubts ? HUB_GAP_DOUBT : 0);
    if (r->readings[m->first].at > from) bits |= HUB_GAP_BEGIN;
    if (hub_meter_read_last(r, m, to) + PLT_DAY_MS <= to) bits |= HUB_GAP_END;
    return bits;
}

const char *hub_gap_word(unsigned bit)
{
    return bit & HUB_GAP_RESET ? "reset" : bit & HUB_GAP_DOUBT ? "doubt" : bit & HUB_GAP_BEGIN ? "begin" : bit & HUB_GAP_END ? "end" : "";
}
