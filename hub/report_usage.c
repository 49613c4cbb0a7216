/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reports of what was printed, from the roll-ups by day, or by month where the period is whole months. The sums of a report are those of all names
 * in the period, also of those beyond its last row.
 */
#include <stdlib.h>
#include <string.h>

#include "core/policy/cost.h"
#include "core/util/room.h"
#include "core/util/text.h"
#include "hub/months.h"
#include "hub/report.h"
#include "hub/report_people.h"

#define BY_MONTH_DAYS 93 /* a longer period is drawn by month */
#define NAME_MAX 1024

/* ---- the period ---- */

static bool month_begins(int64_t ms)
{
    int64_t day = ms / HUB_DAY_MS;
    return ms % HUB_DAY_MS == 0 && hub_month_of_day(day) != hub_month_of_day(day - 1);
}

hub_usage_query hub_report_usage(const hub_report *r, int64_t from, int64_t to)
{
    return (hub_usage_query){.scope = r->q.scope,
                             .kind = r->spec->kind,
                             .by_tenant = r->spec->by_tenant,
                             .apart = r->q.people != NULL,
                             .months = month_begins(from) && month_begins(to),
                             .from = from,
                             .to = to,
                             .limit = 1000000,
                             .budget_ms = r->q.budget_ms};
}

/* ---- one group of people ---- */

/* NULL: everybody. */
static bool wanted_person(const hub_members *only, const hub_usage *u)
{
    size_t n = 1;
    if (only) hub_members_find(only, u, &n);
    return n > 0;
}

/* ---- the period before ---- */

typedef struct old_row {
    char *name; /* owned */
    int64_t pages;
} old_row;

typedef struct old_rows {
    old_row *of; /* owned; by name */
    size_t n, cap;
    const hub_members *only;
    plt_status status;
} old_rows;

/* As the roll-ups compare names: without ASCII case. */
static int compare_folded(const char *a, const char *b)
{
    for (;; a++, b++) {
        int x = *a >= 'A' && *a <= 'Z' ? *a + 32 : (unsigned char)*a, y = *b >= 'A' && *b <= 'Z' ? *b + 32 : (unsigned char)*b;
        if (x != y || !x) return x - y;
    }
}

static int by_name(const void *a, const void *b)
{
    return compare_folded(((const old_row *)a)->name, ((const old_row *)b)->name);
}

static bool note_old(void *ctx, const hub_usage *u)
{
    old_rows *all = ctx;
    if (!wanted_person(all->only, u)) return true;
    old_row *more = plt_room(all->of, all->n, &all->cap, sizeof *more);
    if (more) all->of = more;
    char *name = more ? plt_text_copy(u->name) : NULL;
    if (!name) {
        all->status = PLT_NOMEM;
        return false;
    }
    all->of[all->n++] = (old_row){name, u->pages};
    return true;
}

static int64_t old_pages(const old_rows *all, const char *name)
{
    old_row key = {(char *)(uintptr_t)name, 0};
    const old_row *found = all->n ? bsearch(&key, all->of, all->n, sizeof *all->of, by_name) : NULL;
    return found ? found->pages : 0;
}

static void free_old(old_rows *all)
{
    for (size_t i = 0; i < all->n; i++) free(all->of[i].name);
    free(all->of);
}

/* ---- rows ---- */

/* The at-th part of a name, from 0. */
static hub_cell part(hub_report *r, const char *name, int at)
{
    char text[NAME_MAX];
    while (at-- && *name) {
        name += strcspn(name, HUB_USAGE_BORDER);
        name += *name != 0;
    }
    size_t n = strcspn(name, HUB_USAGE_BORDER);
    plt_utf8_copy(text, sizeof text, name, n);
    return hub_report_text(r, text);
}

static int64_t rate(int64_t of, int64_t all)
{
    return all > 0 ? (of * 10000 + all / 2) / all : HUB_NOT_KNOWN;
}

static hub_cell measure(hub_report *r, hub_measure m, const hub_usage *u)
{
    switch (m) {
    case HUB_M_NONE: return HUB_NOT_KNOWN;
    case HUB_M_NAME: return hub_report_text(r, u->name);
    case HUB_M_PART1: return part(r, u->name, 0);
    case HUB_M_PART2: return part(r, u->name, 1);
    case HUB_M_PART3: return part(r, u->name, 2);
    case HUB_M_JOBS: return u->jobs;
    case HUB_M_PAGES: return u->pages;
    case HUB_M_COLOR_PAGES: return u->color_pages;
    case HUB_M_SHEETS: return u->sheets;
    case HUB_M_COLOR_RATE: return rate(u->color_pages, u->pages);
    case HUB_M_DUPLEX_PAGES: return u->duplex_pages;
    case HUB_M_DUPLEX_RATE: return rate(u->duplex_pages, u->pages);
    case HUB_M_SAVED: return u->duplex_pages > u->duplex_sheets ? u->duplex_pages - u->duplex_sheets : 0;
    case HUB_M_COST: return u->cost;
    case HUB_M_UNPRICED: return u->unpriced;
    case HUB_M_TREES: return plt_impact_of(u->sheets).trees / 1000;
    case HUB_M_CO2: return plt_impact_of(u->sheets).co2 / 1000;
    case HUB_M_WATER: return plt_impact_of(u->sheets).water_ml;
    case HUB_M_BEFORE: return HUB_NOT_KNOWN; /* known beside the row */
    }
    return HUB_NOT_KNOWN;
}

static void add_usage(hub_usage *to, const hub_usage *u)
{
    to->jobs += u->jobs;
    to->pages += u->pages;
    to->color_pages += u->color_pages;
    to->sheets += u->sheets;
    to->duplex_pages += u->duplex_pages;
    to->duplex_sheets += u->duplex_sheets;
    to->cost += u->cost;
    to->unpriced += u->unpriced;
}

typedef struct filling {
    hub_report *r;
    const old_rows *old;
    hub_usage sum;
    char currency[16];
    bool currencies; /* several: costs have no sum */
} filling;

/* Costs of one currency add up. */
static void note_currency(filling *f, const char *name)
{
    const char *at = strchr(name, HUB_USAGE_BORDER[0]);
    if (f->r->spec->kind != HUB_USAGE_ACCOUNT || !at || !at[1]) return;
    if (*f->currency && strcmp(f->currency, at + 1) != 0) f->currencies = true;
    plt_copy(f->currency, sizeof f->currency, at + 1);
}

static bool add_row(void *ctx, const hub_usage *u)
{
    filling *f = ctx;
    hub_report *r = f->r;
    if ((r->spec->wanted && !r->spec->wanted(u->name)) || !wanted_person(f->old->only, u)) return true;
    add_usage(&f->sum, u);
    note_currency(f, u->name);
    hub_cell *row = hub_report_row(r);
    for (size_t i = 0; row && i < r->columns; i++) {
        hub_measure m = r->spec->columns[i].measure;
        row[i] = m == HUB_M_BEFORE ? old_pages(f->old, u->name) : measure(r, m, u);
    }
    return r->status == PLT_OK;
}

static void put_total(hub_report *r, const filling *f)
{
    for (size_t i = 0; i < r->columns; i++) {
        const hub_column *c = &r->spec->columns[i];
        bool text = c->kind == HUB_CELL_TEXT || c->kind == HUB_CELL_WORD;
        if (text)
            r->total[i] = c->measure == HUB_M_PART2 && c->kind == HUB_CELL_TEXT && !f->currencies ? hub_report_text(r, f->currency) : 0;
        else if (c->measure == HUB_M_BEFORE)
            r->total[i] = r->before_pages;
        else if (c->kind != HUB_CELL_MONEY || !f->currencies)
            r->total[i] = measure(r, c->measure, &f->sum);
    }
    r->has_total = true;
}

static bool add_day(void *ctx, const hub_usage *u)
{
    hub_report *r = ctx;
    if (r->day_count == HUB_REPORT_DAYS) return false;
    r->days[r->day_count++] = (hub_day){u->period, u->pages};
    return true;
}

static plt_status put_trend(hub_report *r, hub_store *s)
{
    hub_usage_query q = hub_report_usage(r, r->q.from, r->q.to);
    q.months = r->months = (r->q.to - r->q.from) / HUB_DAY_MS > BY_MONTH_DAYS && q.months;
    q.hours = !q.months && q.kind <= HUB_USAGE_MACHINE; /* each job has one of these */
    q.limit = HUB_REPORT_DAYS;
    r->days = calloc(HUB_REPORT_DAYS, sizeof *r->days);
    if (!r->days) return PLT_NOMEM;
    plt_status status = s->ops->usage_trend(s, &q, add_day, r);
    for (size_t i = 0; i < r->day_count; i++) r->days[i].at = (r->months ? hub_month_day(r->days[i].at) : r->days[i].at) * HUB_DAY_MS;
    return status;
}

/* As long as the period itself: whole months before whole months, else as many days. */
int64_t hub_report_before(const hub_report *r)
{
    if (!month_begins(r->q.from) || !month_begins(r->q.to)) return r->q.from - (r->q.to - r->q.from);
    int64_t from = hub_month_of_day(r->q.from / HUB_DAY_MS), to = hub_month_of_day(r->q.to / HUB_DAY_MS);
    return hub_month_day(from - (to - from)) * HUB_DAY_MS;
}

static plt_status load_before(hub_report *r, hub_store *s, old_rows *old)
{
    bool asked = false;
    for (size_t i = 0; i < r->columns; i++) asked = asked || r->spec->columns[i].measure == HUB_M_BEFORE;
    r->before_from = hub_report_before(r);
    if (!asked || r->before_from < 0) return PLT_OK;
    hub_usage_query q = hub_report_usage(r, r->before_from, r->q.from);
    plt_status status = s->ops->usage(s, &q, note_old, old);
    if (status == PLT_OK) status = old->status;
    if (status != PLT_OK) return status;
    r->before_pages = 0;
    for (size_t i = 0; i < old->n; i++) r->before_pages += old->of[i].pages;
    if (old->n) qsort(old->of, old->n, sizeof *old->of, by_name);
    return PLT_OK;
}

plt_status hub_fill_usage(hub_report *r, hub_store *s)
{
    hub_members only = {.status = PLT_OK};
    old_rows old = {.only = r->q.people ? &only : NULL, .status = PLT_OK};
    filling f = {.r = r, .old = &old};
    hub_usage_query q = hub_report_usage(r, r->q.from, r->q.to);
    plt_status status = r->q.people ? hub_members_load(&only, s, r->q.scope, r->q.people) : PLT_OK;
    if (status == PLT_OK) status = load_before(r, s, &old);
    if (status == PLT_OK) status = s->ops->usage(s, &q, add_row, &f);
    if (status == PLT_OK && !r->spec->wanted && !r->q.people) status = put_trend(r, s);
    if (status == PLT_OK) put_total(r, &f);
    free_old(&old);
    hub_members_free(&only);
    return status;
}
