/* SPDX-License-Identifier: Apache-2.0 */
/* Making what is issued: rows in the order of devices' numbers, meters and supplies by theirs, so that equal readings make equal bytes. */
#include "hub/issued.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "core/record/receipt.h"
#include "core/util/room.h"
#include "core/util/text.h"
#include "hub/device_view.h"
#include "hub/devices_api.h"
#include "hub/fleet.h"
#include "hub/json.h"
#include "hub/meter_rows.h"
#include "hub/months.h"
#include "hub/store_catalogue.h"
#include "os/clock.h"
#include "os/crypto.h"

#define FLEET_MAX 200000
#define PARTS_MAX 4096 /* 30 of 128 bytes, and what stands between */

const char *hub_issued_name(hub_issued_kind k)
{
    static const char *const names[HUB_ISSUED_KINDS] = {"meters", "supplies"};
    return names[k];
}

const char *hub_issue_period(hub_issue *i, const char *text)
{
    int64_t month;
    if (!plt_copy(i->period, sizeof i->period, text)) return "period is a month (2026-01), of supplies a day (2026-01-31).";
    if (i->kind == HUB_ISSUED_METERS) {
        if (!hub_month_read(text, &month)) return "period is a month, as 2026-01.";
        i->from = hub_month_day(month) * HUB_DAY_MS;
        i->to = hub_month_day(month + 1) * HUB_DAY_MS;
        return i->to > i->now ? "The month is not over." : NULL;
    }
    if (strlen(text) != 10 || !plt_time_parse(text, &i->from)) return "period is a day, as 2026-01-31.";
    i->to = i->from + HUB_DAY_MS;
    return i->from > i->now || i->to <= i->now ? "Supplies are issued for today; of an earlier day there is what was issued then." : NULL;
}

/* ---- rows ---- */

typedef struct making {
    const hub_issue *issue;
    const hub_fleet_device *device;
    plt_buf *out;
    hub_issue_devices *devices;
} making;

/* The device of the row at hand, in what is kept of the paper: the rows of one device come together. */
static hub_issued_device *device_of(const making *m)
{
    hub_issue_devices *d = m->devices;
    if (d->n && d->of[d->n - 1].no == m->device->no) return &d->of[d->n - 1];
    hub_issued_device *more = plt_room(d->of, d->n, &d->cap, sizeof *more);
    if (!more) {
        m->out->status = PLT_NOMEM;
        return NULL;
    }
    d->of = more;
    d->of[d->n] = (hub_issued_device){.no = m->device->no, .counted = -1};
    return &d->of[d->n++];
}

static void put_device(const making *m)
{
    const hub_fleet_device *d = m->device;
    plt_json_comma(m->out);
    plt_buf_byte(m->out, '{');
    plt_json_count(m->out, "device", d->no);
    plt_json_text(m->out, "site", d->tenant);
    plt_json_text(m->out, "make", d->make);
    plt_json_text(m->out, "model", d->model);
    plt_json_text(m->out, "serial", d->serial);
    plt_json_text(m->out, "name", d->name);
    plt_json_text(m->out, "location", d->location);
}

static void put_gaps(plt_buf *out, unsigned gaps)
{
    plt_json_key(out, "gaps");
    plt_buf_byte(out, '[');
    for (unsigned bit = 1; bit <= HUB_GAP_END; bit <<= 1) {
        if (!(gaps & bit)) continue;
        plt_json_comma(out);
        plt_json_quote(out, hub_gap_word(bit));
    }
    plt_buf_byte(out, ']');
}

static bool put_meter(void *ctx, const hub_meter_row *r)
{
    making *m = ctx;
    const hub_issue *i = m->issue;
    char name[PLT_METER_NAME_SIZE];
    plt_meter_parts parts = {.unit = PLT_UNIT_IMPRESSIONS};
    hub_meter_sum sum = hub_meter_counted(r, i->from, i->to);
    if (sum.last == r->n) return true; /* never read up to the period's end */
    hub_issued_device *kept = device_of(m);
    if (!kept) return false;
    unsigned gaps = hub_meter_gaps(r, &sum, i->from, i->to);
    plt_meter_name(r->meter, name);
    plt_meter_split(r->meter, &parts);
    bool total = strcmp(name, "total") == 0;
    if (total) kept->counted = (int64_t)sum.counted;
    kept->gaps = kept->gaps || gaps;
    put_device(m);
    plt_json_text(m->out, "meter", name);
    plt_json_text(m->out, "unit", plt_unit_name((uint32_t)parts.unit));
    hub_json_time(m->out, "first_at", r->readings[sum.first].at);
    plt_json_count(m->out, "first", (int64_t)r->readings[sum.first].n);
    hub_json_time(m->out, "last_at", hub_meter_read_last(r, &sum, i->to));
    plt_json_count(m->out, "last", (int64_t)r->readings[sum.last].n);
    plt_json_count(m->out, "counted", (int64_t)sum.counted);
    plt_json_count(m->out, "target", total ? i->target : -1);
    put_gaps(m->out, gaps);
    plt_buf_byte(m->out, '}');
    return m->out->status == PLT_OK;
}

/* Beside the part that the printer says, the catalogue's, and the pages that are left by its yield. */
static void put_catalogue(const making *m, const hub_view *v, const plt_catalogue_model *model, uint32_t supply)
{
    plt_catalogue_fit fit;
    plt_buf parts;
    int64_t pages;
    plt_buf_init(&parts, PARTS_MAX);
    plt_catalogue_fit_of(model, &v->model, supply, &fit);
    plt_catalogue_parts(&fit, &parts);
    plt_json_text(m->out, "catalogue_part", plt_buf_str(&parts));
    plt_json_count(m->out, "pages_left", plt_catalogue_pages_left(&fit, &v->model, supply, &pages) ? pages : -1);
    plt_buf_free(&parts);
}

static plt_status put_supply(making *m, hub_store *s, const hub_view *v, const plt_catalogue_model *model, uint32_t supply)
{
    uint32_t percent;
    plt_level *levels = NULL;
    plt_forecast f;
    size_t n = 0;
    plt_status status = hub_levels_of(s, v, supply, &levels, &n);
    plt_supply_forecast(levels, n, m->issue->now, &f);
    free(levels);
    if (status == PLT_OK && !device_of(m)) status = PLT_NOMEM;
    if (status != PLT_OK) return status;
    put_device(m);
    plt_json_count(m->out, "index", supply);
    plt_json_text(m->out, "supply", plt_device_text(&v->model, PLT_SUPPLY_TEXT, supply));
    plt_json_text(m->out, "part", plt_device_text(&v->model, PLT_SUPPLY_PART, supply));
    plt_json_count(m->out, "percent", plt_supply_percent(&v->model, supply, &percent) ? (int64_t)percent : -1);
    plt_json_count(m->out, "days", f.known ? (int64_t)(f.days + 0.5) : -1);
    hub_json_time(m->out, "read_at", m->device->last_read);
    put_catalogue(m, v, model, supply);
    plt_buf_byte(m->out, '}');
    return m->out->status;
}

static plt_status put_supplies(making *m, hub_store *s)
{
    hub_view v;
    uint32_t supply = PLT_NO_ROW;
    const plt_catalogue_model *model = NULL;
    plt_status status = hub_view_load(s, m->device->tenant_id, m->device->no, &v);
    if (status == PLT_OK)
        status = hub_catalogue_model(s, plt_device_text(&v.model, PLT_MAKE, 0), plt_device_text(&v.model, PLT_MODEL, 0), &model, NULL);
    while (status == PLT_OK && plt_device_next_row(&v.model, PLT_GROUP_SUPPLY, &supply))
        if (hub_supply_low(&v.model, supply)) status = put_supply(m, s, &v, model, supply);
    hub_view_free(&v);
    return status;
}

static int by_number(const void *a, const void *b)
{
    const hub_fleet_device *x = a, *y = b;
    return (x->no > y->no) - (x->no < y->no);
}

static plt_status put_rows(making *m, hub_store *s)
{
    const hub_issue *i = m->issue;
    hub_fleet all;
    hub_device_query q = {
        .scope = i->tenant_id, .sort = HUB_DEVICES_BY_NAME, .limit = FLEET_MAX, .low = i->kind == HUB_ISSUED_SUPPLIES, .budget_ms = i->budget_ms};
    uint64_t end = os_clock_mono_ms() + i->budget_ms;
    plt_status status = hub_fleet_load(s, &q, &all);
    if (status == PLT_OK && all.n) qsort(all.of, all.n, sizeof *all.of, by_number);
    for (size_t k = 0; status == PLT_OK && k < all.n; k++) {
        m->device = &all.of[k];
        if (os_clock_mono_ms() > end)
            status = PLT_TIMEOUT;
        else if (i->kind == HUB_ISSUED_METERS)
            status = hub_meter_rows(s, m->device->tenant_id, m->device->no, i->from, i->to, put_meter, m);
        else
            status = put_supplies(m, s);
    }
    hub_fleet_free(&all);
    return status == PLT_OK ? m->out->status : status;
}

/* ---- the whole ---- */

static plt_status make_body(const hub_issue *i, hub_store *s, const char *pem, plt_buf *body, hub_issue_devices *devices)
{
    uint8_t sum[OS_SHA256_SIZE];
    char signer[2 * OS_SHA256_SIZE + 1];
    os_sha256(pem, strlen(pem), sum);
    plt_hex(signer, sum, sizeof sum);
    plt_buf_byte(body, '{');
    plt_json_count(body, "v", 1);
    plt_json_text(body, "kind", hub_issued_name(i->kind));
    plt_json_text(body, "id", i->id);
    plt_json_text(body, "tenant", i->tenant);
    plt_json_text(body, "period", i->period);
    hub_json_time(body, "from", i->from);
    hub_json_time(body, "to", i->to);
    hub_json_time(body, "issued", i->now);
    if (*i->replaces) {
        plt_json_text(body, "replaces", i->replaces);
        plt_json_text(body, "reason", i->reason);
    }
    plt_json_text(body, "signer", signer);
    plt_json_key(body, "rows");
    plt_buf_byte(body, '[');
    making m = {.issue = i, .out = body, .devices = devices};
    plt_status status = put_rows(&m, s);
    plt_buf_text(body, "]}");
    return status == PLT_OK ? body->status : status;
}

plt_status hub_issue_make(const hub_issue *i, hub_store *s, hub_signer *signer, plt_buf *out, hub_issue_devices *devices)
{
    *devices = (hub_issue_devices){.n = 0};
    char signature[HUB_SIGNATURE_TEXT];
    plt_buf pem, body;
    plt_buf_init(&pem, PLT_RECEIPT_PEM_MAX);
    plt_buf_init(&body, HUB_ISSUED_MAX);
    plt_status status = hub_signer_certificate(signer, &pem);
    if (status == PLT_OK) status = make_body(i, s, plt_buf_str(&pem), &body, devices);
    if (status == PLT_OK) status = hub_signer_detached(signer, plt_buf_str(&pem), plt_buf_str(&body), body.len, signature);
    if (status == PLT_OK) status = plt_receipt_join(plt_buf_str(&body), body.len, plt_buf_str(&pem), signature, out);
    plt_buf_free(&body);
    plt_buf_free(&pem);
    return status;
}

void hub_issue_devices_free(hub_issue_devices *d)
{
    free(d->of);
    *d = (hub_issue_devices){.n = 0};
}

hub_issued hub_issued_row(const hub_issue *i, const hub_issue_devices *d, const char *who)
{
    hub_issued row = {.tenant_id = i->tenant_id,
                      .id = i->id,
                      .kind = hub_issued_name(i->kind),
                      .period = i->period,
                      .who = who,
                      .tenant = i->tenant,
                      .at = i->now,
                      .replaces = i->replaces,
                      .reason = i->reason,
                      .replaced_by = "",
                      .devices = (int64_t)d->n,
                      .counted = i->kind == HUB_ISSUED_METERS ? 0 : -1};
    for (size_t k = 0; k < d->n; k++) {
        row.gaps += d->of[k].gaps;
        if (d->of[k].counted > 0) row.counted += d->of[k].counted;
    }
    return row;
}
