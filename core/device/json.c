/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A device as JSON and back (docs/device.md has the form). The origin that most values share stands once; a value with that origin and
 * no raw form of its own stands bare. What is no number stands as {"is":"some"}, so that nobody can sum it.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cjson/cJSON.h>

#include "core/device/device.h"
#include "core/device/meter.h"
#include "core/util/text.h"

static const char *const kinds[] = {NULL, "other", "unknown", "some", "gone"};
#define KINDS (sizeof kinds / sizeof kinds[0])
#define SET_TEXT 512

static bool single(plt_group g)
{
    return g == PLT_GROUP_IDENTITY || g == PLT_GROUP_STATUS;
}

/* ---- writing ---- */

typedef struct writer {
    const plt_device *d;
    plt_origin usual;
    bool failed; /* no memory */
} writer;

static cJSON *made(writer *w, cJSON *o)
{
    if (!o) w->failed = true;
    return o;
}

static void hang(writer *w, cJSON *parent, const char *name, cJSON *item)
{
    if (made(w, item) && (name ? cJSON_AddItemToObject(parent, name, item) : cJSON_AddItemToArray(parent, item))) return;
    w->failed = true;
    cJSON_Delete(item);
}

static plt_origin usual_origin(const plt_device *d)
{
    plt_origin best = {PLT_SOURCE_NONE, 0};
    size_t most = 0;
    for (size_t i = 0; i < d->count && most < d->count - i; i++) {
        size_t n = 0;
        for (size_t k = i; k < d->count; k++) n += d->values[k].source == d->values[i].source && d->values[k].at == d->values[i].at;
        if (n <= most) continue;
        most = n;
        best = (plt_origin){(plt_source)d->values[i].source, d->values[i].at};
    }
    return best;
}

/* "low_toner,door_open"; a bit without a word makes it a number. */
static cJSON *set_of(plt_what what, uint64_t bits)
{
    char text[SET_TEXT] = "";
    size_t n = 0;
    for (unsigned bit = 0; bit < 53; bit++) {
        if (!(bits >> bit & 1)) continue;
        const char *word = plt_word_of(what, bit);
        if (!word || n + strlen(word) + 2 > sizeof text) return cJSON_CreateNumber((double)bits);
        n += (size_t)snprintf(text + n, sizeof text - n, "%s%s", n ? "," : "", word);
    }
    return cJSON_CreateString(text);
}

static cJSON *bare(const plt_device *d, const plt_value *v)
{
    char at[PLT_TIME_SIZE];
    const char *word;
    switch (plt_field_of((plt_what)v->what)->type) {
    case PLT_TYPE_TEXT: return cJSON_CreateString(plt_value_text(d, v));
    case PLT_TYPE_SET: return set_of((plt_what)v->what, v->n);
    case PLT_TYPE_TIME: plt_time_format(at, (int64_t)v->n); return cJSON_CreateString(at);
    case PLT_TYPE_WORD: word = plt_word_of((plt_what)v->what, v->n); return word ? cJSON_CreateString(word) : cJSON_CreateNumber((double)v->n);
    case PLT_TYPE_NUMBER: break;
    }
    return cJSON_CreateNumber((double)v->n);
}

static cJSON *value_json(writer *w, const plt_value *v)
{
    char at[PLT_TIME_SIZE], room[32];
    bool usual_source = v->source == w->usual.source, usual_time = v->at == w->usual.at;
    if (v->kind == PLT_IS && usual_source && usual_time && !v->raw) return bare(w->d, v);
    cJSON *o = made(w, cJSON_CreateObject());
    if (v->kind == PLT_IS)
        hang(w, o, "value", bare(w->d, v));
    else
        hang(w, o, "is", cJSON_CreateString(kinds[v->kind < KINDS ? v->kind : PLT_UNKNOWN]));
    if (!usual_source) hang(w, o, "source", cJSON_CreateString(plt_source_name((plt_source)v->source)));
    plt_time_format(at, v->at);
    if (!usual_time) hang(w, o, "at", cJSON_CreateString(at));
    if (v->raw) hang(w, o, "raw", cJSON_CreateString(plt_value_raw(w->d, v, room)));
    return o;
}

/* One value bare or as an object; the evidence of several sources as a list. */
static void field_json(writer *w, cJSON *parent, plt_what what, uint32_t row)
{
    cJSON *found[PLT_SOURCE_COUNT];
    int n = 0;
    for (int s = PLT_SOURCE_COUNT - 1; s >= 0; s--) {
        const plt_value *v = plt_device_evidence(w->d, what, row, (plt_source)s);
        if (v) found[n++] = value_json(w, v);
    }
    if (!n) return;
    if (n == 1) {
        hang(w, parent, plt_field_of(what)->name, found[0]);
        return;
    }
    cJSON *list = made(w, cJSON_CreateArray());
    for (int i = 0; i < n; i++) hang(w, list, NULL, found[i]); /* without a list each is deleted */
    hang(w, parent, plt_field_of(what)->name, list);
}

static cJSON *row_json(writer *w, plt_group g, uint32_t row)
{
    cJSON *o = made(w, cJSON_CreateObject());
    plt_meter_parts m;
    char name[PLT_METER_NAME_SIZE];
    if (g == PLT_GROUP_METER && plt_meter_split(row, &m)) {
        plt_meter_name(row, name);
        hang(w, o, "meter", cJSON_CreateString(name));
        hang(w, o, "unit", cJSON_CreateString(plt_unit_name((uint32_t)m.unit)));
        if (m.slot) hang(w, o, "slot", cJSON_CreateNumber(m.slot));
    } else if (!single(g)) {
        hang(w, o, "index", cJSON_CreateNumber(row));
    }
    for (int what = 0; what < PLT_WHAT_COUNT; what++)
        if (plt_field_of((plt_what)what)->group == g) field_json(w, o, (plt_what)what, row);
    return o;
}

static void group_json(writer *w, cJSON *root, plt_group g)
{
    uint32_t row = PLT_NO_ROW;
    cJSON *list = NULL;
    while (plt_device_next_row(w->d, g, &row)) {
        if (single(g)) {
            hang(w, root, plt_group_name(g), row_json(w, g, row));
            return;
        }
        if (!list) {
            list = made(w, cJSON_CreateArray());
            if (!list) return;
            hang(w, root, plt_group_name(g), list);
        }
        hang(w, list, NULL, row_json(w, g, row));
    }
}

static cJSON *device_json(writer *w)
{
    char at[PLT_TIME_SIZE];
    cJSON *o = made(w, cJSON_CreateObject());
    if (!o) return NULL;
    hang(w, o, "v", cJSON_CreateNumber(1));
    plt_time_format(at, w->usual.at);
    hang(w, o, "source", cJSON_CreateString(plt_source_name(w->usual.source)));
    hang(w, o, "at", cJSON_CreateString(at));
    if (w->d->status == PLT_FULL) hang(w, o, "full", cJSON_CreateTrue()); /* there was more than fitted */
    if (w->d->complete) {
        cJSON *list = made(w, cJSON_CreateArray());
        for (int g = 0; g < PLT_GROUP_COUNT; g++)
            if (w->d->complete >> g & 1) hang(w, list, NULL, cJSON_CreateString(plt_group_name((plt_group)g)));
        hang(w, o, "complete", list);
    }
    for (int g = 0; g < PLT_GROUP_COUNT; g++) group_json(w, o, (plt_group)g);
    return o;
}

plt_status plt_device_to_json(const plt_device *d, plt_buf *out)
{
    if (d->status != PLT_OK && d->status != PLT_FULL) return d->status;
    writer w = {.d = d, .usual = usual_origin(d)};
    cJSON *o = device_json(&w);
    char *text = w.failed ? NULL : cJSON_PrintUnformatted(o);
    cJSON_Delete(o);
    if (!text) return PLT_NOMEM;
    plt_buf_text(out, text);
    cJSON_free(text);
    return out->status;
}

/* ---- reading: the first complaint wins ---- */

typedef struct reader {
    plt_device *d;
    plt_origin usual;
    plt_complaint complaint;
} reader;

static void complain(reader *r, const char *name, const char *what)
{
    plt_complain(&r->complaint, name, what);
}

static const cJSON *item(const cJSON *o, const char *name)
{
    return cJSON_GetObjectItemCaseSensitive(o, name);
}

static bool whole(const cJSON *v, uint64_t *n)
{
    return cJSON_IsNumber(v) && plt_json_whole(v->valuedouble, n);
}

static bool read_set(plt_what what, const char *text, uint64_t *bits)
{
    char word[64];
    *bits = 0;
    while (*text) {
        size_t n = strcspn(text, ",");
        uint64_t bit;
        if (n >= sizeof word) return false;
        memcpy(word, text, n);
        word[n] = 0;
        if (!plt_word_find(what, word, &bit)) return false;
        *bits |= 1ull << bit;
        text += n + (text[n] == ',');
    }
    return true;
}

static bool read_number(plt_what what, const cJSON *v, uint64_t *n)
{
    int64_t at;
    const char *text = cJSON_IsString(v) ? v->valuestring : NULL;
    if (!text) return plt_field_of(what)->type != PLT_TYPE_TIME && whole(v, n);
    switch (plt_field_of(what)->type) {
    case PLT_TYPE_SET: return read_set(what, text, n);
    case PLT_TYPE_WORD: return plt_word_find(what, text, n);
    case PLT_TYPE_TIME:
        if (!plt_time_parse(text, &at) || at < 0) return false;
        *n = (uint64_t)at;
        return true;
    default: return false;
    }
}

static void read_no_value(reader *r, plt_what what, uint32_t row, plt_origin from, const char *kind, const char *raw)
{
    static const int64_t mib[] = {0, -1, -2, -3};
    bool text = plt_field_of(what)->type == PLT_TYPE_TEXT;
    for (size_t k = 1; k < KINDS; k++) {
        if (strcmp(kinds[k], kind) != 0 || (text && k != PLT_GONE)) continue;
        if (k == PLT_GONE)
            plt_device_set_gone(r->d, what, row, from);
        else
            plt_device_set_mib(r->d, what, row, from, mib[k], raw);
        return;
    }
    complain(r, plt_field_of(what)->name, "is what no value can be");
}

/* A bare value, or {"value" or "is", "source", "at", "raw"}. */
static void read_value(reader *r, plt_what what, uint32_t row, const cJSON *v)
{
    const char *name = plt_field_of(what)->name, *raw = NULL;
    plt_origin from = r->usual;
    const cJSON *no_value = NULL;
    uint64_t n;
    if (cJSON_IsObject(v)) {
        const cJSON *source = item(v, "source"), *at = item(v, "at"), *as_said = item(v, "raw");
        if (source && !(cJSON_IsString(source) && plt_source_find(source->valuestring, &from.source))) complain(r, name, "has an unknown source");
        if (at && !(cJSON_IsString(at) && plt_time_parse(at->valuestring, &from.at))) complain(r, name, "has no time");
        if (cJSON_IsString(as_said)) raw = as_said->valuestring;
        no_value = item(v, "is");
        v = item(v, "value");
    }
    if (r->complaint.bad) return;
    if (cJSON_IsString(no_value))
        read_no_value(r, what, row, from, no_value->valuestring, raw);
    else if (plt_field_of(what)->type == PLT_TYPE_TEXT && cJSON_IsString(v))
        plt_device_set_text(r->d, what, row, from, v->valuestring, raw);
    else if (plt_field_of(what)->type != PLT_TYPE_TEXT && read_number(what, v, &n))
        plt_device_set_number(r->d, what, row, from, n, raw);
    else
        complain(r, name, "has a value of the wrong kind");
}

static void read_row(reader *r, plt_group g, uint32_t row, const cJSON *o)
{
    const cJSON *v;
    cJSON_ArrayForEach(v, o)
    {
        plt_what what = v->string ? plt_field_find(g, v->string) : PLT_WHAT_COUNT;
        if (what == PLT_WHAT_COUNT) continue;
        if (!cJSON_IsArray(v)) {
            read_value(r, what, row, v);
            continue;
        }
        const cJSON *one;
        cJSON_ArrayForEach(one, v) read_value(r, what, row, one);
    }
}

static bool read_index(plt_group g, const cJSON *o, uint32_t *row)
{
    uint64_t n = 0;
    plt_unit unit;
    *row = 0;
    if (single(g)) return true;
    if (g != PLT_GROUP_METER) {
        bool ok = whole(item(o, "index"), &n) && n < PLT_NO_ROW;
        *row = (uint32_t)n;
        return ok;
    }
    const cJSON *name = item(o, "meter"), *in = item(o, "unit"), *slot = item(o, "slot");
    if (!cJSON_IsString(name) || !cJSON_IsString(in) || !plt_unit_find(in->valuestring, &unit)) return false;
    if (slot && !(whole(slot, &n) && n <= PLT_METER_SLOT_MAX)) return false;
    return plt_meter_find(name->valuestring, unit, (uint32_t)n, row);
}

static void read_group(reader *r, plt_group g, const cJSON *v)
{
    uint32_t row;
    if (!v) return;
    if (single(g)) {
        if (cJSON_IsObject(v))
            read_row(r, g, 0, v);
        else
            complain(r, plt_group_name(g), "is no object");
        return;
    }
    if (!cJSON_IsArray(v)) complain(r, plt_group_name(g), "is no list");
    const cJSON *o;
    cJSON_ArrayForEach(o, v)
    {
        if (cJSON_IsObject(o) && read_index(g, o, &row))
            read_row(r, g, row, o);
        else
            complain(r, plt_group_name(g), "has a row without a number");
    }
}

static void read_device(reader *r, const cJSON *o)
{
    const cJSON *source = item(o, "source"), *at = item(o, "at"), *name;
    if (!cJSON_IsObject(o)) complain(r, "v", "is missing");
    if (!cJSON_IsString(source) || !plt_source_find(source->valuestring, &r->usual.source)) complain(r, "source", "is no source");
    if (!cJSON_IsString(at) || !plt_time_parse(at->valuestring, &r->usual.at)) complain(r, "at", "is no time");
    cJSON_ArrayForEach(name, item(o, "complete"))
    {
        for (int g = 0; g < PLT_GROUP_COUNT; g++)
            if (cJSON_IsString(name) && !strcmp(name->valuestring, plt_group_name((plt_group)g))) plt_device_set_complete(r->d, (plt_group)g);
    }
    for (int g = 0; g < PLT_GROUP_COUNT && !r->complaint.bad; g++) read_group(r, (plt_group)g, item(o, plt_group_name((plt_group)g)));
    if (cJSON_IsTrue(item(o, "full")) && r->d->status == PLT_OK) r->d->status = PLT_FULL;
}

plt_status plt_device_from_json(plt_device *out, const char *json, size_t n, char *why, size_t why_size)
{
    reader r = {.d = out, .complaint = {why, why_size, false}};
    plt_device_free(out);
    if (why_size) why[0] = 0;
    cJSON *o = plt_json_shallow(json, n, PLT_JSON_DEPTH) ? cJSON_ParseWithLength(json, n) : NULL;
    if (o)
        read_device(&r, o);
    else
        complain(&r, "v", "is in no JSON object");
    cJSON_Delete(o);
    plt_status s = r.complaint.bad ? PLT_BAD : out->status == PLT_FULL ? PLT_OK : out->status;
    if (s != PLT_OK) plt_device_free(out);
    return s;
}
