/* SPDX-License-Identifier: Apache-2.0 */
/* Usage by group of devices: what the meters of its devices counted. A device counts in each of its groups, and once in the total. */
#include <stdlib.h>
#include <string.h>

#include "core/util/room.h"
#include "core/util/text.h"
#include "hub/fleet.h"
#include "hub/meter_rows.h"
#include "hub/report.h"
#include "hub/store_device_groups.h"
#include "os/clock.h"

#define FLEET_MAX 200000

enum { GROUP, SITE, DEVICES, COUNTED, UNREAD };

typedef struct figure {
    int64_t no, counted; /* counted HUB_NOT_KNOWN: it was not read up to the period's end */
} figure;

typedef struct gathering {
    hub_report *r;
    hub_store *s;
    uint64_t end; /* monotonic ms */
    figure *of;   /* owned; by number */
    size_t n;
    hub_device_group *group; /* owned */
    size_t groups, cap;
    plt_status status;
} gathering;

typedef struct counting {
    const hub_report_query *q;
    figure *f;
} counting;

static bool count_total(void *ctx, const hub_meter_row *m)
{
    counting *c = ctx;
    char name[PLT_METER_NAME_SIZE];
    int64_t to = c->q->to < c->q->now ? c->q->to : c->q->now;
    hub_meter_sum sum = hub_meter_counted(m, c->q->from, to);
    plt_meter_name(m->meter, name);
    if (strcmp(name, "total") == 0 && sum.last != m->n) c->f->counted = (int64_t)sum.counted;
    return true;
}

static int by_number(const void *a, const void *b)
{
    int64_t x = ((const figure *)a)->no, y = ((const figure *)b)->no;
    return (x > y) - (x < y);
}

static plt_status load(gathering *g, const char *group, hub_fleet *out)
{
    const hub_report_query *q = &g->r->q;
    const hub_device_query d = {.scope = q->scope, .sort = HUB_DEVICES_BY_NAME, .limit = FLEET_MAX, .group = group, .budget_ms = q->budget_ms};
    return hub_fleet_load(g->s, &d, out);
}

/* What each device counted. */
static plt_status count_devices(gathering *g)
{
    hub_fleet all;
    const hub_report_query *q = &g->r->q;
    plt_status status = load(g, NULL, &all);
    g->of = status == PLT_OK ? calloc(all.n + 1, sizeof *g->of) : NULL;
    if (status == PLT_OK && !g->of) status = PLT_NOMEM;
    for (size_t i = 0; status == PLT_OK && i < all.n; i++) {
        figure *f = &g->of[g->n++];
        counting c = {q, f};
        *f = (figure){all.of[i].no, HUB_NOT_KNOWN};
        status = os_clock_mono_ms() > g->end
                     ? PLT_TIMEOUT
                     : hub_meter_rows(g->s, all.of[i].tenant_id, f->no, q->from, q->to < q->now ? q->to : q->now, count_total, &c);
    }
    if (status == PLT_OK && g->n) qsort(g->of, g->n, sizeof *g->of, by_number);
    hub_fleet_free(&all);
    return status;
}

static void add_to(hub_cell *row, int64_t counted)
{
    row[DEVICES]++;
    if (counted == HUB_NOT_KNOWN)
        row[UNREAD]++;
    else
        row[COUNTED] += counted;
}

static plt_status put_group(gathering *g, const hub_device_group *group)
{
    hub_fleet in;
    plt_status status = os_clock_mono_ms() > g->end ? PLT_TIMEOUT : PLT_OK;
    if (status == PLT_OK) status = load(g, group->id, &in);
    if (status != PLT_OK) return status;
    hub_cell *row = hub_report_row(g->r);
    if (row) {
        row[GROUP] = hub_report_text(g->r, group->name);
        row[SITE] = hub_report_text(g->r, group->tenant);
        row[DEVICES] = row[COUNTED] = row[UNREAD] = 0;
        plt_buf_add(&g->r->ids, group->id, sizeof group->id);
    }
    for (size_t i = 0; row && i < in.n; i++) {
        const figure want = {.no = in.of[i].no}, *f = bsearch(&want, g->of, g->n, sizeof want, by_number);
        if (f) add_to(row, f->counted); /* one that came meanwhile is in neither sum */
    }
    hub_fleet_free(&in);
    return PLT_OK;
}

static bool note_group(void *ctx, const hub_device_group *group)
{
    gathering *g = ctx;
    hub_device_group *more = plt_room(g->group, g->groups, &g->cap, sizeof *more);
    if (!more) {
        g->status = PLT_NOMEM;
        return false;
    }
    g->group = more;
    g->group[g->groups++] = *group;
    return true;
}

plt_status hub_fill_device_groups(hub_report *r, hub_store *s)
{
    gathering g = {.r = r, .s = s, .end = os_clock_mono_ms() + r->q.budget_ms};
    plt_status status = s->ops->device_groups->groups(s, r->q.scope, note_group, &g);
    if (status == PLT_OK) status = g.status;
    if (status == PLT_OK) status = count_devices(&g);
    for (size_t i = 0; status == PLT_OK && i < g.groups && !r->more; i++) status = put_group(&g, &g.group[i]);
    r->total[GROUP] = r->total[SITE] = r->total[DEVICES] = r->total[COUNTED] = r->total[UNREAD] = 0;
    for (size_t i = 0; i < g.n; i++) add_to(r->total, g.of[i].counted);
    r->has_total = true;
    free(g.group);
    free(g.of);
    return status;
}
