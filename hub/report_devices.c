/* SPDX-License-Identifier: Apache-2.0 */
/* Reports of devices and agents, from what was read of them. A number that nobody read is not known; nothing is spread over days without a reading.
 */
#include <stdlib.h>
#include <string.h>

#include "core/util/text.h"
#include "hub/device_view.h"
#include "hub/devices_api.h"
#include "hub/fleet.h"
#include "hub/meter_rows.h"
#include "hub/report.h"
#include "hub/store_catalogue.h"
#include "os/clock.h"

#define EXPIRES_MS (30 * (int64_t)86400 * 1000)
#define FLEET_MAX 200000
#define PARTS_MAX 4096 /* 30 of 128 bytes, and what stands between */

/* The devices of a report one after the other, within its budget. */
static plt_status each_device(hub_report *r, hub_store *s, bool low, plt_status (*each)(hub_report *r, hub_store *s, const hub_fleet_device *d))
{
    hub_fleet all;
    hub_device_query q = {
        .scope = r->q.scope, .sort = HUB_DEVICES_BY_NAME, .limit = FLEET_MAX, .low = low, .group = r->q.group, .budget_ms = r->q.budget_ms};
    uint64_t end = os_clock_mono_ms() + r->q.budget_ms;
    plt_status status = hub_fleet_load(s, &q, &all);
    for (size_t i = 0; status == PLT_OK && i < all.n && !r->more; i++) status = os_clock_mono_ms() > end ? PLT_TIMEOUT : each(r, s, &all.of[i]);
    hub_fleet_free(&all);
    return status;
}

/* Number, name, model, serial number, site: the first cells of each. */
static void put_device(hub_report *r, hub_cell *row, const hub_fleet_device *d)
{
    char model[256];
    plt_copy(model, sizeof model, d->make);
    size_t n = strlen(model);
    if (n && n + 1 < sizeof model) model[n++] = ' ';
    plt_copy(model + n, sizeof model - n, d->model);
    row[0] = d->no;
    row[1] = hub_report_text(r, d->name);
    row[2] = hub_report_text(r, model);
    row[3] = hub_report_text(r, d->serial);
    row[4] = hub_report_text(r, d->tenant);
}

/* ---- meters ---- */

typedef struct metering {
    hub_report *r;
    const hub_fleet_device *device;
    int64_t to; /* of the period, or now */
} metering;

static bool put_meter(void *ctx, const hub_meter_row *m)
{
    metering *p = ctx;
    char name[PLT_METER_NAME_SIZE];
    hub_meter_sum sum = hub_meter_counted(m, p->r->q.from, p->to);
    hub_cell *row = sum.last == m->n ? NULL : hub_report_row(p->r);
    if (!row) return !p->r->more && p->r->status == PLT_OK;
    plt_meter_name(m->meter, name);
    put_device(p->r, row, p->device);
    row[5] = hub_report_text(p->r, name);
    row[6] = m->readings[sum.first].at;
    row[7] = (int64_t)m->readings[sum.first].n;
    row[8] = hub_meter_read_last(m, &sum, p->to);
    row[9] = (int64_t)m->readings[sum.last].n;
    row[10] = (int64_t)sum.counted;
    row[11] = hub_report_text(p->r, hub_gap_word(hub_meter_gaps(m, &sum, p->r->q.from, p->to)));
    return true;
}

static metering metering_of(hub_report *r, const hub_fleet_device *d)
{
    return (metering){r, d, r->q.to < r->q.now ? r->q.to : r->q.now};
}

static plt_status meters_of(hub_report *r, hub_store *s, const hub_fleet_device *d)
{
    metering p = metering_of(r, d);
    return hub_meter_rows(s, d->tenant_id, d->no, r->q.from, p.to, put_meter, &p);
}

plt_status hub_fill_meters(hub_report *r, hub_store *s)
{
    return each_device(r, s, false, meters_of);
}

/* The one meter of all impressions. */
static bool put_total_meter(void *ctx, const hub_meter_row *m)
{
    metering *p = ctx;
    char name[PLT_METER_NAME_SIZE];
    plt_meter_name(m->meter, name);
    hub_meter_sum sum = hub_meter_counted(m, p->r->q.from, p->to);
    if (strcmp(name, "total") != 0 || sum.last == m->n) return true;
    hub_cell *row = hub_report_row(p->r);
    if (!row) return false;
    put_device(p->r, row, p->device);
    row[5] = (int64_t)sum.counted;
    row[6] = hub_report_text(p->r, hub_gap_word(hub_meter_gaps(m, &sum, p->r->q.from, p->to)));
    p->r->total[5] = (p->r->total[5] == HUB_NOT_KNOWN ? 0 : p->r->total[5]) + row[5];
    return true;
}

static plt_status total_of(hub_report *r, hub_store *s, const hub_fleet_device *d)
{
    metering p = metering_of(r, d);
    return hub_meter_rows(s, d->tenant_id, d->no, r->q.from, p.to, put_total_meter, &p);
}

plt_status hub_fill_devices(hub_report *r, hub_store *s)
{
    plt_status status = each_device(r, s, false, total_of);
    for (size_t i = 0; i < 5; i++) r->total[i] = i ? 0 : HUB_NOT_KNOWN;
    r->total[6] = 0;
    r->has_total = true;
    return status;
}

/* ---- supplies ---- */

/* What to order: the catalogue's part numbers; where it has none, the printer's own word. */
static void put_part(hub_report *r, hub_cell *row, const hub_view *v, const plt_catalogue_model *m, uint32_t supply)
{
    plt_catalogue_fit fit;
    plt_buf parts;
    plt_buf_init(&parts, PARTS_MAX);
    plt_catalogue_fit_of(m, &v->model, supply, &fit);
    plt_catalogue_parts(&fit, &parts);
    row[9] = hub_report_text(r, parts.len ? plt_buf_str(&parts) : plt_device_text(&v->model, PLT_SUPPLY_PART, supply));
    if (!plt_catalogue_pages_left(&fit, &v->model, supply, &row[10])) row[10] = HUB_NOT_KNOWN;
    plt_buf_free(&parts);
}

static plt_status put_supply(hub_report *r, hub_store *s, const hub_view *v, const hub_fleet_device *d, const plt_catalogue_model *m, uint32_t supply)
{
    uint32_t percent;
    plt_level *levels = NULL;
    plt_forecast f;
    size_t n = 0;
    plt_status status = hub_levels_of(s, v, supply, &levels, &n);
    plt_supply_forecast(levels, n, r->q.now, &f);
    free(levels);
    hub_cell *row = status == PLT_OK ? hub_report_row(r) : NULL;
    if (!row) return status;
    put_device(r, row, d);
    row[5] = hub_report_text(r, plt_device_text(&v->model, PLT_SUPPLY_TEXT, supply));
    row[6] = plt_supply_percent(&v->model, supply, &percent) ? (int64_t)percent : HUB_NOT_KNOWN;
    row[7] = f.known ? (int64_t)(f.days + 0.5) : HUB_NOT_KNOWN;
    row[8] = d->last_read;
    put_part(r, row, v, m, supply);
    return PLT_OK;
}

static plt_status supplies_of(hub_report *r, hub_store *s, const hub_fleet_device *d)
{
    hub_view v;
    uint32_t supply = PLT_NO_ROW;
    const plt_catalogue_model *m = NULL;
    plt_status status = hub_view_load(s, d->tenant_id, d->no, &v);
    if (status == PLT_OK) status = hub_catalogue_model(s, plt_device_text(&v.model, PLT_MAKE, 0), plt_device_text(&v.model, PLT_MODEL, 0), &m, NULL);
    while (status == PLT_OK && plt_device_next_row(&v.model, PLT_GROUP_SUPPLY, &supply))
        if (hub_supply_low(&v.model, supply)) status = put_supply(r, s, &v, d, m, supply);
    hub_view_free(&v);
    return status;
}

plt_status hub_fill_supplies(hub_report *r, hub_store *s)
{
    return each_device(r, s, true, supplies_of);
}

/* ---- agents ---- */

static const char *state_of(const hub_agent *a, int64_t now)
{
    if (a->revoked) return "revoked";
    if (a->certificate_expires < now) return "expired";
    if (a->last_seen < now - HUB_SILENT_MS) return "silent";
    return a->certificate_expires < now + EXPIRES_MS ? "expires" : "active";
}

static bool put_agent(void *ctx, const hub_agent *a)
{
    hub_report *r = ctx;
    hub_cell *row = hub_report_row(r);
    if (!row) return false;
    row[0] = hub_report_text(r, a->machine);
    row[1] = hub_report_text(r, a->tenant);
    row[2] = hub_report_text(r, a->os);
    row[3] = hub_report_text(r, a->version);
    row[4] = hub_report_text(r, state_of(a, r->q.now));
    row[5] = a->last_seen ? a->last_seen : HUB_NOT_KNOWN;
    row[6] = a->durable;
    row[7] = a->certificate_expires ? a->certificate_expires : HUB_NOT_KNOWN;
    return true;
}

plt_status hub_fill_agents(hub_report *r, hub_store *s)
{
    return s->ops->agent_list(s, r->q.scope, put_agent, r);
}
