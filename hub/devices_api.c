/* SPDX-License-Identifier: Apache-2.0 */
/* The list of devices, one device with its evidence, and what a person says of them. Reading is the worker's, writing the writer's. */
#include "hub/devices_api.h"

#include <stdlib.h>
#include <string.h>

#include "core/util/text.h"
#include "hub/catalogue_api.h"
#include "hub/csv.h"
#include "hub/device_groups_api.h"
#include "hub/device_page.h"
#include "hub/device_view.h"
#include "hub/devices.h"
#include "hub/handler.h"
#include "hub/routes.h"
#include "os/clock.h"
#include "os/log.h"

#define BUDGET_MS 8000
#define SEARCH_MAX 512
#define EVENTS_MAX 100
#define ALERTS_MAX 60
#define UNREADABLE_MAX 5
#define CSV_ROWS 100000

static hub_step no_device(hub_task *t)
{
    return hub_not_there(t, "There is no such device");
}

/* ---- the list ---- */

static void put_row(plt_buf *b, const hub_device_row *d)
{
    plt_json_count(b, "no", d->no);
    plt_json_text(b, "tenant", d->tenant);
    plt_json_text(b, "name", d->name);
    plt_json_text(b, "make", d->make);
    plt_json_text(b, "model", d->model);
    plt_json_text(b, "serial", d->serial);
    plt_json_text(b, "mac", d->mac);
    plt_json_text(b, "location", d->location);
    plt_json_text(b, "address", d->address);
    plt_json_text(b, "state", d->state);
    plt_json_bool(b, "attention", d->attention);
    plt_json_bool(b, "low", d->low);
    plt_json_count(b, "lowest", d->lowest < HUB_NO_PERCENT ? d->lowest : -1);
    plt_json_count(b, "total", d->total);
    plt_json_count(b, "alerts", d->alerts);
    hub_json_time(b, "first_seen", d->first_seen);
    hub_json_time(b, "last_seen", d->last_seen);
    hub_json_time(b, "last_read", d->last_read);
}

/* A page in the making: one more than asked for is fetched, to know whether there is a next page. */
typedef struct page {
    plt_buf *out;
    const hub_device_query *query;
    int n;
    bool more;
    char next[HUB_DEVICE_CURSOR_TEXT];
} page;

static bool add_row(void *ctx, const hub_device_row *d)
{
    page *p = ctx;
    if (p->n == p->query->limit - 1) {
        p->more = true;
        return false;
    }
    p->n++;
    plt_json_comma(p->out);
    plt_buf_byte(p->out, '{');
    put_row(p->out, d);
    plt_json_count(p->out, "ways", d->ways);
    plt_json_key(p->out, "supplies");
    plt_buf_text(p->out, d->supplies); /* JSON of the hub's own */
    plt_buf_byte(p->out, '}');
    hub_device_cursor_of(p->query, d, p->next);
    return p->out->status == PLT_OK;
}

static bool add_make(void *ctx, const char *make, int64_t n)
{
    plt_buf *b = ctx;
    plt_json_comma(b);
    plt_buf_byte(b, '{');
    plt_json_text(b, "make", make);
    plt_json_count(b, "devices", n);
    plt_buf_byte(b, '}');
    return true;
}

static bool add_unreadable(void *ctx, const hub_device_event *e)
{
    plt_buf *b = ctx;
    plt_json_comma(b);
    plt_buf_byte(b, '{');
    hub_json_time(b, "at", e->at);
    plt_json_key(b, "detail");
    plt_buf_text(b, e->detail);
    plt_buf_byte(b, '}');
    return true;
}

static hub_step list_devices(hub_worker *w, hub_task *t, hub_device_query *q)
{
    const hub_device_ops *ops = w->store->ops->devices;
    int64_t total = 0;
    plt_status s = ops->devices_count(w->store, q, &total);
    if (s != PLT_OK) return hub_store_failed(w, t, s);
    page p = {.out = hub_items_begin(t), .query = q};
    q->limit++;
    s = ops->devices(w->store, q, add_row, &p);
    plt_buf_text(p.out, "],\"makes\":[");
    if (s == PLT_OK) s = ops->makes(w->store, q->scope, add_make, p.out);
    plt_buf_text(p.out, "],\"unreadable\":[");
    if (s == PLT_OK) s = ops->unreadable(w->store, q->scope, UNREADABLE_MAX, add_unreadable, p.out);
    if (s != PLT_OK) return hub_store_failed(w, t, s);
    plt_buf_byte(p.out, ']');
    plt_json_text(p.out, "next", p.more ? p.next : NULL);
    plt_json_count(p.out, "total", total);
    plt_buf_byte(p.out, '}');
    return HUB_DONE;
}

static bool add_csv_row(void *ctx, const hub_device_row *d)
{
    plt_buf *b = ctx;
    const char *const texts[] = {d->tenant, d->name, d->make, d->model, d->serial, d->mac, d->location, d->address, d->state};
    hub_csv_number(b, d->no);
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) hub_csv_text(b, texts[i]);
    hub_csv_number(b, d->lowest < HUB_NO_PERCENT ? d->lowest : -1);
    hub_csv_number(b, d->total);
    hub_csv_number(b, d->alerts);
    hub_csv_time(b, d->first_seen);
    hub_csv_time(b, d->last_seen);
    hub_csv_end(b);
    return b->status == PLT_OK;
}

static hub_step export_devices(hub_worker *w, hub_task *t, hub_device_query *q)
{
    plt_buf *b = hub_csv_begin(&t->out);
    q->limit = CSV_ROWS;
    plt_buf_text(b, "device,tenant,name,make,model,serial,mac,location,address,state,lowest_supply,total,alerts,first_seen,last_seen\r\n");
    plt_status s = w->store->ops->devices->devices(w->store, q, add_csv_row, b);
    return s == PLT_OK ? hub_csv_done(&t->out) : hub_store_failed(w, t, s);
}

hub_step hub_api_devices(hub_worker *w, hub_task *t)
{
    hub_device_query q;
    hub_device_cursor cursor;
    plt_buf search;
    plt_buf_init(&search, SEARCH_MAX);
    const char *fault = hub_device_query_read(t, &q, &cursor, &search);
    q.budget_ms = BUDGET_MS;
    q.scope = t->session.scope;
    hub_step step = fault                                    ? hub_bad_query(t, fault)
                    : !hub_device_group_pick(w, t, &q.group) ? HUB_DONE
                    : hub_device_csv(t)                      ? export_devices(w, t, &q)
                                                             : list_devices(w, t, &q);
    plt_buf_free(&search);
    return step;
}

/* ---- one device ---- */

typedef struct found_device {
    int64_t tenant_id, merged_into, first_seen;
    char tenant[HUB_TENANT_SIZE];
} found_device;

static bool note_device(void *ctx, const hub_device_row *d)
{
    found_device *f = ctx;
    *f = (found_device){.tenant_id = d->tenant_id, .merged_into = d->merged_into, .first_seen = d->first_seen};
    plt_copy(f->tenant, sizeof f->tenant, d->tenant);
    return true;
}

plt_status hub_device_of(hub_store *s, int64_t scope, int64_t no, int64_t *tenant_id)
{
    found_device f;
    plt_status status = no ? s->ops->devices->device_get(s, scope, no, note_device, &f) : PLT_NOTFOUND;
    *tenant_id = status == PLT_OK ? f.tenant_id : 0;
    return status;
}

static void put_ways(hub_store *s, const hub_view *v, plt_buf *b)
{
    hub_agent a;
    plt_json_key(b, "ways");
    plt_buf_byte(b, '[');
    for (size_t i = 0; i < v->n; i++) {
        const hub_way *w = &v->ways[i].way;
        bool known = s->ops->agent_find(s, v->tenant_id, w->agent, NULL, &a) == PLT_OK;
        plt_json_comma(b);
        plt_buf_byte(b, '{');
        plt_json_count(b, "way", w->way);
        plt_json_text(b, "agent", w->agent);
        plt_json_text(b, "machine", known ? a.machine : NULL);
        plt_json_text(b, "via", w->via);
        plt_json_text(b, "key", w->key);
        plt_json_text(b, "address", w->address);
        hub_json_time(b, "first_seen", w->first_seen);
        hub_json_time(b, "last_seen", w->last_seen);
        hub_json_time(b, "last_read", w->last_read);
        plt_json_text(b, "outcome", plt_reading_word(w->outcome));
        plt_json_text(b, "why", w->why);
        plt_json_bool(b, "pinned", w->pinned);
        hub_json_time(b, "ended", w->ended);
        plt_json_count(b, "home", w->home);
        plt_buf_byte(b, '}');
    }
    plt_buf_byte(b, ']');
}

/* What follows from a supply's numbers, beside the numbers themselves, which stand in the model. */
static plt_status put_supplies(hub_store *s, const hub_view *v, const plt_catalogue_model *m, plt_buf *b, int64_t now)
{
    uint32_t row = PLT_NO_ROW, percent;
    plt_status status = PLT_OK;
    plt_json_key(b, "supplies");
    plt_buf_byte(b, '[');
    while (status == PLT_OK && plt_device_next_row(&v->model, PLT_GROUP_SUPPLY, &row)) {
        plt_level *levels = NULL;
        plt_forecast f;
        size_t n = 0;
        status = hub_levels_of(s, v, row, &levels, &n);
        plt_supply_forecast(levels, n, now, &f);
        free(levels);
        plt_json_comma(b);
        plt_buf_byte(b, '{');
        plt_json_count(b, "index", row);
        plt_json_count(b, "percent", plt_supply_percent(&v->model, row, &percent) ? (int64_t)percent : -1);
        plt_json_bool(b, "low", hub_supply_low(&v->model, row));
        plt_json_count(b, "days", f.known ? (int64_t)(f.days + 0.5) : -1);
        plt_json_count(b, "least", f.known ? (int64_t)f.least : -1);
        plt_json_count(b, "most", f.known ? (int64_t)(f.most + 0.999) : -1);
        plt_json_count(b, "points", (int64_t)f.points);
        hub_catalogue_put_supply(b, m, &v->model, row);
        plt_buf_byte(b, '}');
    }
    plt_buf_byte(b, ']');
    return status;
}

typedef struct alerts_page {
    plt_buf *out;
    int64_t way; /* whose open ones are shown; 0 any */
} alerts_page;

static bool add_alert(void *ctx, const hub_device_alert *a)
{
    alerts_page *p = ctx;
    plt_buf *b = p->out;
    if (!a->closed && p->way && a->way != p->way) return true; /* what another way says of the same alert */
    plt_json_comma(b);
    plt_buf_byte(b, '{');
    plt_json_text(b, "severity", a->severity);
    plt_json_text(b, "code", a->code);
    plt_json_text(b, "text", a->text);
    plt_json_text(b, "remedy", a->remedy);
    hub_json_time(b, "opened", a->opened);
    hub_json_time(b, "closed", a->closed);
    plt_json_count(b, "way", a->way);
    plt_buf_byte(b, '}');
    return true;
}

static bool add_event(void *ctx, const hub_device_event *e)
{
    plt_buf *b = ctx;
    plt_json_comma(b);
    plt_buf_byte(b, '{');
    hub_json_time(b, "at", e->at);
    plt_json_text(b, "kind", e->kind);
    plt_json_count(b, "way", e->way ? e->way : -1);
    plt_json_count(b, "other", e->other ? e->other : -1);
    plt_json_key(b, "detail");
    plt_buf_text(b, e->detail); /* JSON of the hub's own */
    plt_buf_byte(b, '}');
    return true;
}

static plt_status put_lists(hub_store *s, const hub_view *v, plt_buf *b)
{
    const hub_device_ops *ops = s->ops->devices;
    alerts_page alerts = {b, v->of_group[PLT_GROUP_ALERT]};
    plt_json_key(b, "alerts_log");
    plt_buf_byte(b, '[');
    plt_status status = ops->alerts(s, v->tenant_id, v->device, ALERTS_MAX, add_alert, &alerts);
    plt_buf_byte(b, ']');
    plt_json_key(b, "events");
    plt_buf_byte(b, '[');
    if (status == PLT_OK) status = ops->events(s, v->tenant_id, v->device, EVENTS_MAX, add_event, b);
    plt_buf_byte(b, ']');
    return status;
}

static plt_status put_device(hub_worker *w, const hub_view *v, const found_device *f, plt_buf *b)
{
    hub_device_row row;
    hub_row_room room;
    const plt_catalogue_model *model = NULL;
    const char *by = "";
    plt_status s = hub_view_row(v, &row, &room);
    row.tenant = f->tenant;
    row.first_seen = f->first_seen;
    plt_buf_byte(b, '{');
    put_row(b, &row);
    if (s == PLT_OK) s = hub_catalogue_model(w->store, row.make, row.model, &model, &by);
    hub_row_room_free(&room);
    hub_catalogue_put_entry(b, model, by);
    plt_json_count(b, "merged_into", f->merged_into ? f->merged_into : -1);
    put_ways(w->store, v, b);
    plt_json_key(b, "values");
    if (s == PLT_OK) s = plt_device_to_json(&v->model, b);
    if (s == PLT_OK) s = put_supplies(w->store, v, model, b, os_clock_unix_ms());
    plt_json_count(b, "status_way", v->of_group[PLT_GROUP_STATUS] ? v->of_group[PLT_GROUP_STATUS] : -1);
    plt_json_count(b, "supplies_way", v->of_group[PLT_GROUP_SUPPLY] ? v->of_group[PLT_GROUP_SUPPLY] : -1);
    if (s == PLT_OK) s = put_lists(w->store, v, b);
    plt_buf_byte(b, '}');
    return s;
}

hub_step hub_api_device(hub_worker *w, hub_task *t)
{
    found_device f;
    hub_view v;
    int64_t no = hub_device_number(t->in.path_arg[0]);
    plt_status s = no ? w->store->ops->devices->device_get(w->store, t->session.scope, no, note_device, &f) : PLT_NOTFOUND;
    if (s == PLT_NOTFOUND) return no_device(t);
    if (s != PLT_OK) return hub_store_failed(w, t, s);
    s = hub_view_load(w->store, f.tenant_id, no, &v);
    if (s == PLT_OK) s = put_device(w, &v, &f, hub_reply_json(&t->out));
    hub_view_free(&v);
    return s == PLT_OK ? HUB_DONE : hub_store_failed(w, t, s);
}

/* ---- what a person says ---- */

static hub_step bad_body(hub_task *t, const char *detail)
{
    hub_problem(&t->out, 400, "malformed", "The request cannot be read", detail, "Load the device again.");
    return HUB_DONE;
}

static void log_change(hub_task *t)
{
    os_log(OS_LOG_INFO, "device %lld and %lld: changed by %s", (long long)t->device, (long long)t->other, t->session.name);
}

static plt_status write_merge(hub_store *s, hub_task *t, int64_t now)
{
    plt_status status = hub_devices_join(s, t->session.scope, t->device, t->other, t->session.name, now);
    if (status == PLT_NOTFOUND) no_device(t);
    if (status == PLT_EXISTS)
        hub_problem(&t->out, 409, "not-two", "These are not two devices", "They are one already, or of two tenants.", "Load the list again.");
    t->new_devices = 2;
    return status;
}

hub_step hub_api_device_merge(hub_worker *w, hub_task *t)
{
    (void)w;
    cJSON *o = hub_json_read(plt_buf_str(&t->in.body), t->in.body.len);
    const cJSON *other = cJSON_GetObjectItemCaseSensitive(o, "other");
    uint64_t n = 0;
    bool ok = cJSON_IsNumber(other) && plt_json_whole(other->valuedouble, &n);
    cJSON_Delete(o);
    t->device = hub_device_number(t->in.path_arg[0]);
    t->other = (int64_t)n;
    if (!t->device) return no_device(t);
    if (!ok) return bad_body(t, "The body is no JSON object with the number other.");
    hub_reply_empty(&t->out);
    t->write = write_merge;
    t->after = log_change;
    return HUB_WRITE;
}

static plt_status write_split(hub_store *s, hub_task *t, int64_t now)
{
    plt_status status = hub_devices_part(s, t->session.scope, t->device, t->ways, t->way_count, t->session.name, now, &t->other);
    if (status == PLT_NOTFOUND) no_device(t);
    if (status == PLT_BAD) {
        bad_body(t, "These are none of its ways, or all of them.");
        return PLT_EXISTS; /* a refusal, no damage */
    }
    if (status != PLT_OK) return status;
    plt_buf *b = hub_reply_json(&t->out);
    plt_buf_byte(b, '{');
    plt_json_count(b, "no", t->other);
    plt_buf_byte(b, '}');
    t->new_devices = 2;
    return PLT_OK;
}

hub_step hub_api_device_split(hub_worker *w, hub_task *t)
{
    (void)w;
    cJSON *o = hub_json_read(plt_buf_str(&t->in.body), t->in.body.len), *v;
    uint64_t n = 0;
    bool ok = true;
    cJSON_ArrayForEach(v, cJSON_GetObjectItemCaseSensitive(o, "ways"))
    {
        ok = ok && cJSON_IsNumber(v) && plt_json_whole(v->valuedouble, &n) && t->way_count < sizeof t->ways / sizeof *t->ways;
        if (ok) t->ways[t->way_count++] = (int64_t)n;
    }
    cJSON_Delete(o);
    t->device = hub_device_number(t->in.path_arg[0]);
    if (!t->device) return no_device(t);
    if (!ok || !t->way_count) return bad_body(t, "The body is no JSON object with the list ways.");
    hub_reply_json(&t->out);
    t->write = write_split;
    t->after = log_change;
    return HUB_WRITE;
}
