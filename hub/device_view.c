/* SPDX-License-Identifier: Apache-2.0 */
/* Merging the ways of a device. It must never show a row put together from two sources, nor a number that no way read. */
#include "hub/device_view.h"

#include <stdlib.h>
#include <string.h>

#include "core/device/meter.h"
#include "core/util/text.h"
#include "hub/fold.h"
#include "hub/json.h"

#define WAYS_MAX 64
#define ROOM_MAX 16384
#define BARS_MAX 12
#define SORT_MAX 128

/* ---- loading ---- */

static bool add_way(void *ctx, const hub_way *w, const char *json)
{
    hub_view *v = ctx;
    char why[128];
    if (v->n == WAYS_MAX) return false;
    hub_way_view *all = realloc(v->ways, (v->n + 1) * sizeof *all);
    if (!all) {
        v->status = PLT_NOMEM;
        return false;
    }
    v->ways = all;
    hub_way_view *one = &all[v->n++];
    one->way = *w;
    plt_device_init(&one->model, 0);
    plt_status s = *json ? plt_device_from_json(&one->model, json, strlen(json), why, sizeof why) : PLT_NOTFOUND;
    one->has_model = s == PLT_OK;
    if (s == PLT_NOMEM) v->status = s;
    return v->status == PLT_OK;
}

static size_t rows_of(const plt_device *d, plt_group g)
{
    uint32_t row = PLT_NO_ROW;
    size_t n = 0;
    while (plt_device_next_row(d, g, &row)) n++;
    return n;
}

static bool answers(const hub_way *w)
{
    return hub_outcome_alive(w->outcome) && w->outcome != PLT_READING_REFUSED;
}

/* Which of two ways is asked for a group: one that answers and was read lately, then the one with more rows, then the network, then the newer. */
static bool better(const hub_way_view *a, const hub_way_view *b, plt_group g, int64_t newest)
{
    const bool fresh[2] = {answers(&a->way) && a->way.last_read > newest - HUB_FRESH_MS,
                           answers(&b->way) && b->way.last_read > newest - HUB_FRESH_MS};
    if (fresh[0] != fresh[1]) return fresh[0];
    if (g == PLT_GROUP_STATUS) return a->way.last_read > b->way.last_read;
    size_t rows[2] = {rows_of(&a->model, g), rows_of(&b->model, g)};
    if (rows[0] != rows[1]) return rows[0] > rows[1];
    bool net[2] = {!strcmp(a->way.via, "net"), !strcmp(b->way.via, "net")};
    if (net[0] != net[1]) return net[0];
    return a->way.last_read > b->way.last_read;
}

static bool shared(plt_group g)
{
    return g == PLT_GROUP_IDENTITY || g == PLT_GROUP_METER;
}

/* Ended ways speak only where no other is left. */
static bool counts(const hub_view *v, const hub_way_view *w)
{
    bool standing = false;
    for (size_t i = 0; i < v->n; i++) standing = standing || (v->ways[i].way.ended == 0 && v->ways[i].has_model);
    return w->has_model && (w->way.ended == 0 || !standing);
}

static void choose_ways(hub_view *v)
{
    int64_t newest = 0;
    for (size_t i = 0; i < v->n; i++)
        if (v->ways[i].way.last_read > newest) newest = v->ways[i].way.last_read;
    for (int g = 0; g < PLT_GROUP_COUNT; g++) {
        const hub_way_view *best = NULL;
        for (size_t i = 0; i < v->n && !shared((plt_group)g); i++) {
            const hub_way_view *w = &v->ways[i];
            if (counts(v, w) && rows_of(&w->model, (plt_group)g) && (!best || better(w, best, (plt_group)g, newest))) best = w;
        }
        v->of_group[g] = best ? best->way.way : 0;
    }
}

/* A way's model without the groups that another way was chosen for. */
static plt_status part_of(const hub_view *v, const hub_way_view *w, plt_device *out)
{
    plt_device_init(out, 0);
    plt_status s = plt_device_copy(out, &w->model);
    for (size_t i = out->count; i-- > 0;) {
        const plt_value *x = &out->values[i];
        plt_group g = plt_field_of((plt_what)x->what)->group;
        if (!shared(g) && v->of_group[g] != w->way.way) plt_device_remove(out, (plt_what)x->what, x->row, (plt_source)x->source);
    }
    return s;
}

static int by_last_read(const void *a, const void *b)
{
    const hub_way_view *x = *(const hub_way_view *const *)a, *y = *(const hub_way_view *const *)b;
    return (x->way.last_read > y->way.last_read) - (x->way.last_read < y->way.last_read);
}

/* The older first: what a newer way says of the same field by the same source takes its place. */
static plt_status merge(hub_view *v)
{
    const hub_way_view *order[WAYS_MAX];
    size_t n = 0;
    for (size_t i = 0; i < v->n; i++)
        if (counts(v, &v->ways[i])) order[n++] = &v->ways[i];
    qsort(order, n, sizeof *order, by_last_read);
    plt_status s = PLT_OK;
    for (size_t i = 0; i < n && s == PLT_OK; i++) {
        plt_device part;
        s = part_of(v, order[i], &part);
        if (s == PLT_OK || s == PLT_FULL) s = plt_device_apply(&v->model, &part);
        if (s == PLT_FULL) s = PLT_OK; /* what did not fit is left out, and the model says so */
        plt_device_free(&part);
    }
    return s;
}

plt_status hub_view_load(hub_store *s, int64_t tenant_id, int64_t device, hub_view *v)
{
    memset(v, 0, sizeof *v);
    v->tenant_id = tenant_id;
    v->device = device;
    plt_device_init(&v->model, 2 * PLT_DEVICE_BUDGET);
    plt_status status = s->ops->devices->ways_of(s, tenant_id, device, add_way, v);
    if (v->status == PLT_OK) v->status = status;
    if (v->status != PLT_OK) return v->status;
    choose_ways(v);
    v->status = merge(v);
    return v->status;
}

void hub_view_free(hub_view *v)
{
    for (size_t i = 0; i < v->n; i++) plt_device_free(&v->ways[i].model);
    free(v->ways);
    plt_device_free(&v->model);
    memset(v, 0, sizeof *v);
}

/* ---- what follows ---- */

const char *hub_view_state(const hub_view *v)
{
    size_t standing = 0, gone = 0, silent = 0, refused = 0;
    uint64_t state = 0;
    for (size_t i = 0; i < v->n; i++) {
        const hub_way *w = &v->ways[i].way;
        if (w->ended) continue;
        standing++;
        gone += w->outcome == PLT_READING_GONE;
        silent += w->outcome == PLT_READING_SILENT;
        refused += w->outcome == PLT_READING_REFUSED;
    }
    if (gone == standing) return "gone"; /* also when no way is left */
    if (gone + silent == standing) return "silent";
    if (gone + silent + refused == standing) return "refused";
    plt_device_number(&v->model, PLT_STATE, 0, &state);
    const char *word = plt_word_of(PLT_STATE, state);
    return word ? word : "unknown";
}

bool hub_alert_counts(const plt_device *d, uint32_t row)
{
    uint64_t severity = 0;
    return plt_device_number(d, PLT_ALERT_SEVERITY, row, &severity) && (severity == 3 || severity == 4); /* critical, warning (RFC 3805) */
}

bool hub_supply_low(const plt_device *d, uint32_t row)
{
    uint32_t percent;
    uint64_t state = 0;
    if (plt_supply_percent(d, row, &percent)) return percent <= HUB_LOW_PERCENT;
    plt_device_number(d, PLT_SUPPLY_STATE, row, &state);
    return state == PLT_SUPPLY_LOW || state == PLT_SUPPLY_EMPTY || state == PLT_SUPPLY_MISSING || state == PLT_SUPPLY_FULL;
}

bool hub_meter_newest(const plt_device *d, uint32_t row, plt_count *out)
{
    const plt_value *best = NULL;
    for (int s = PLT_SOURCE_COUNT - 1; s > 0; s--) {
        const plt_value *v = plt_device_evidence(d, PLT_METER_COUNT, row, (plt_source)s);
        if (v && v->kind == PLT_IS && (!best || v->at > best->at)) best = v;
    }
    if (best) *out = (plt_count){best->at, best->n, (plt_source)best->source};
    return best != NULL;
}

/* A text that a person may change at the printer: from the way that is asked first, however its source ranks; else an old name would stay. */
static const char *present_text(const hub_view *v, plt_what what)
{
    const hub_way_view *best = NULL;
    int64_t newest = 0;
    for (size_t i = 0; i < v->n; i++)
        if (v->ways[i].way.last_read > newest) newest = v->ways[i].way.last_read;
    for (size_t i = 0; i < v->n; i++) {
        const hub_way_view *w = &v->ways[i];
        if (!counts(v, w) || !*plt_device_text(&w->model, what, 0)) continue;
        if (!best || better(w, best, PLT_GROUP_IDENTITY, newest)) best = w;
    }
    return best ? plt_device_text(&best->model, what, 0) : "";
}

static void put_word(plt_buf *b, const char *name, const plt_device *d, plt_what what, uint32_t row)
{
    uint64_t n = 0;
    const char *word = plt_device_number(d, what, row, &n) ? plt_word_of(what, n) : NULL;
    plt_json_text(b, name, word);
}

static void put_bars(const plt_device *d, plt_buf *b)
{
    uint32_t row = PLT_NO_ROW, percent;
    plt_buf_byte(b, '[');
    for (int n = 0; n < BARS_MAX && plt_device_next_row(d, PLT_GROUP_SUPPLY, &row); n++) {
        plt_json_comma(b);
        plt_buf_byte(b, '{');
        plt_json_count(b, "index", row);
        plt_json_text(b, "text", plt_device_text(d, PLT_SUPPLY_TEXT, row));
        plt_json_text(b, "color", plt_device_text(d, PLT_SUPPLY_COLOR, row));
        put_word(b, "type", d, PLT_SUPPLY_TYPE, row);
        put_word(b, "state", d, PLT_SUPPLY_STATE, row);
        plt_json_count(b, "percent", plt_supply_percent(d, row, &percent) ? (int64_t)percent : -1);
        plt_json_bool(b, "low", hub_supply_low(d, row));
        plt_buf_byte(b, '}');
    }
    plt_buf_byte(b, ']');
}

static void sum_supplies(const plt_device *d, hub_device_row *out)
{
    uint32_t row = PLT_NO_ROW, percent;
    out->lowest = HUB_NO_PERCENT;
    while (plt_device_next_row(d, PLT_GROUP_SUPPLY, &row)) {
        if (plt_supply_percent(d, row, &percent) && (int64_t)percent < out->lowest) out->lowest = percent;
        out->low = out->low || hub_supply_low(d, row);
    }
}

static void sum_ways(const hub_view *v, hub_device_row *out)
{
    int64_t newest = -1;
    out->address = "";
    for (size_t i = 0; i < v->n; i++) {
        const hub_way *w = &v->ways[i].way;
        if (w->last_seen > out->last_seen) out->last_seen = w->last_seen;
        if (w->last_read > out->last_read) out->last_read = w->last_read;
        if (w->ended) continue;
        out->ways++;
        /* An address of the network before a port. */
        int64_t rank = w->last_seen + (strcmp(w->via, "net") ? 0 : INT64_MAX / 4);
        if (!*w->address || rank <= newest) continue;
        newest = rank;
        out->address = w->address;
    }
}

static bool wants_person(const char *state)
{
    static const char *const words[] = {"attention", "stopped", "broken", "offline", "silent", "refused"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (!strcmp(state, words[i])) return true;
    return false;
}

static void fill_search(const hub_view *v, const hub_device_row *d, plt_buf *b)
{
    const char *const fields[] = {d->name, d->make, d->model, d->serial, d->mac, d->location, d->address, plt_device_text(&v->model, PLT_ASSET, 0)};
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
        if (i) plt_buf_byte(b, 0x1F); /* between fields: no search can contain it */
        hub_fold(b, fields[i]);
    }
}

/* What a list is sorted by stands whole in its cursor. */
static void fold_short(plt_buf *b, const char *text)
{
    char cut[SORT_MAX];
    plt_utf8_copy(cut, sizeof cut, text, strlen(text));
    hub_fold(b, cut);
}

plt_status hub_view_row(const hub_view *v, hub_device_row *out, hub_row_room *room)
{
    const plt_device *d = &v->model;
    plt_buf *const bufs[] = {&room->supplies, &room->search, &room->name, &room->place};
    plt_count total;
    uint32_t row = PLT_NO_ROW;
    for (size_t i = 0; i < 4; i++) plt_buf_init(bufs[i], ROOM_MAX);
    *out = (hub_device_row){.tenant_id = v->tenant_id,
                            .no = v->device,
                            .make = plt_device_text(d, PLT_MAKE, 0),
                            .model = plt_device_text(d, PLT_MODEL, 0),
                            .serial = plt_device_text(d, PLT_SERIAL, 0),
                            .mac = plt_device_text(d, PLT_MAC, 0),
                            .name = present_text(v, PLT_NAME),
                            .location = present_text(v, PLT_LOCATION),
                            .state = hub_view_state(v),
                            .total = hub_meter_newest(d, PLT_METER_TOTAL, &total) ? (int64_t)total.n : -1};
    sum_ways(v, out);
    sum_supplies(d, out);
    bool gone = !strcmp(out->state, "gone");
    while (!gone && plt_device_next_row(d, PLT_GROUP_ALERT, &row)) out->alerts += hub_alert_counts(d, row);
    out->attention = !gone && (wants_person(out->state) || out->alerts > 0 || out->low);
    put_bars(d, &room->supplies);
    fill_search(v, out, &room->search);
    fold_short(&room->name, *out->name ? out->name : *out->model ? out->model : out->make);
    fold_short(&room->place, out->location);
    out->supplies = plt_buf_str(&room->supplies);
    out->search = plt_buf_str(&room->search);
    out->sort_name = plt_buf_str(&room->name);
    out->sort_place = plt_buf_str(&room->place);
    plt_status s = PLT_OK;
    for (size_t i = 0; i < 4; i++)
        if (bufs[i]->status != PLT_OK) s = bufs[i]->status == PLT_NOMEM ? PLT_NOMEM : s;
    if (room->supplies.status == PLT_FULL) out->supplies = "[]";
    return s;
}

void hub_row_room_free(hub_row_room *room)
{
    plt_buf_free(&room->supplies);
    plt_buf_free(&room->search);
    plt_buf_free(&room->name);
    plt_buf_free(&room->place);
}
