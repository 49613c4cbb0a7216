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
#include "core/util/json.h"
#include "core/util/text.h"

static const char *const kinds[] = {NULL, "other", "unknown", "some", "gone"};
#define KINDS (sizeof kinds / sizeof kinds[0])
#define SET_TEXT 512

static bool single(plt_group g)
{
    return g == PLT_GROUP_IDENTITY || g == PLT_GROUP_STATUS;
}

/* ---- writing: into the buffer at once, since a scan writes thousands a second ---- */

/* Fields of one group, at most. */
#define COLUMNS_MOST 32

typedef struct writer {
    const plt_device *d;
    plt_origin usual;
    plt_buf *out;
} writer;

/* What is left to write of one field: its values stand by row, then by source. */
typedef struct column {
    size_t at, end;
} column;

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

static void put_number(plt_buf *b, const char *name, uint64_t n)
{
    plt_json_key(b, name);
    plt_json_number(b, n);
}

static void put_time(plt_buf *b, int64_t at)
{
    char text[PLT_TIME_SIZE];
    plt_time_format(text, at);
    plt_json_quote(b, text);
}

/* "low_toner,door_open"; a bit without a word makes it a number. */
static void put_set(plt_buf *b, plt_what what, uint64_t bits)
{
    char text[SET_TEXT] = "";
    size_t n = 0;
    for (unsigned bit = 0; bit < 53; bit++) {
        if (!(bits >> bit & 1)) continue;
        const char *word = plt_word_of(what, bit);
        if (!word || n + strlen(word) + 2 > sizeof text) {
            plt_json_number(b, bits);
            return;
        }
        n += (size_t)snprintf(text + n, sizeof text - n, "%s%s", n ? "," : "", word);
    }
    plt_json_quote(b, text);
}

static void put_bare(writer *w, const plt_value *v)
{
    plt_what what = (plt_what)v->what;
    const char *word;
    switch (plt_field_of(what)->type) {
    case PLT_TYPE_TEXT: plt_json_quote(w->out, plt_value_text(w->d, v)); return;
    case PLT_TYPE_SET: put_set(w->out, what, v->n); return;
    case PLT_TYPE_TIME: put_time(w->out, (int64_t)v->n); return;
    case PLT_TYPE_WORD:
        word = plt_word_of(what, v->n);
        if (word) {
            plt_json_quote(w->out, word);
            return;
        }
        break;
    case PLT_TYPE_NUMBER: break;
    }
    plt_json_number(w->out, v->n);
}

static void put_value(writer *w, const plt_value *v)
{
    char room[32];
    bool usual_source = v->source == w->usual.source, usual_time = v->at == w->usual.at;
    if (v->kind == PLT_IS && usual_source && usual_time && !v->raw) {
        put_bare(w, v);
        return;
    }
    plt_buf_byte(w->out, '{');
    if (v->kind == PLT_IS) {
        plt_json_key(w->out, "value");
        put_bare(w, v);
    } else {
        plt_json_string(w->out, "is", kinds[v->kind < KINDS ? v->kind : PLT_UNKNOWN]);
    }
    if (!usual_source) plt_json_string(w->out, "source", plt_source_name((plt_source)v->source));
    if (!usual_time) {
        plt_json_key(w->out, "at");
        put_time(w->out, v->at);
    }
    if (v->raw) plt_json_string(w->out, "raw", plt_value_raw(w->d, v, room));
    plt_buf_byte(w->out, '}');
}

/* One value bare or as an object; the evidence of several sources as a list, the best first. */
static void put_field(writer *w, column *c, uint32_t row)
{
    const plt_value *v = w->d->values;
    size_t from = c->at;
    if (from == c->end || v[from].row != row) return;
    while (c->at < c->end && v[c->at].row == row) c->at++;
    plt_json_key(w->out, plt_field_of((plt_what)v[from].what)->name);
    if (c->at - from == 1) {
        put_value(w, &v[from]);
        return;
    }
    plt_buf_byte(w->out, '[');
    for (size_t i = c->at; i-- > from;) {
        plt_json_comma(w->out);
        put_value(w, &v[i]);
    }
    plt_buf_byte(w->out, ']');
}

static void put_row(writer *w, plt_group g, uint32_t row, column *columns, size_t n)
{
    plt_meter_parts m;
    char name[PLT_METER_NAME_SIZE];
    plt_json_comma(w->out);
    plt_buf_byte(w->out, '{');
    if (g == PLT_GROUP_METER && plt_meter_split(row, &m)) {
        plt_meter_name(row, name);
        plt_json_string(w->out, "meter", name);
        plt_json_string(w->out, "unit", plt_unit_name((uint32_t)m.unit));
        if (m.slot) put_number(w->out, "slot", (uint64_t)m.slot);
    } else if (!single(g)) {
        put_number(w->out, "index", row);
    }
    for (size_t i = 0; i < n; i++) put_field(w, &columns[i], row);
    plt_buf_byte(w->out, '}');
}

/* The lowest row that is left. False: none. */
static bool next_row(const plt_device *d, const column *columns, size_t n, uint32_t *row)
{
    bool any = false;
    for (size_t i = 0; i < n; i++) {
        if (columns[i].at == columns[i].end) continue;
        uint32_t its = d->values[columns[i].at].row;
        if (!any || its < *row) *row = its;
        any = true;
    }
    return any;
}

/* The group's values from *at on, which moves behind them: fields stand in the table by groups, in the groups' order. */
static void put_group(writer *w, plt_group g, size_t *at)
{
    const plt_device *d = w->d;
    column columns[COLUMNS_MOST];
    size_t n = 0;
    uint32_t row = 0;
    while (*at < d->count && n < COLUMNS_MOST && plt_field_of((plt_what)d->values[*at].what)->group == g) {
        column *c = &columns[n++];
        c->at = *at;
        while (*at < d->count && d->values[*at].what == d->values[c->at].what) (*at)++;
        c->end = *at;
    }
    if (!n) return;
    plt_json_key(w->out, plt_group_name(g));
    if (!single(g)) plt_buf_byte(w->out, '[');
    while (next_row(d, columns, n, &row)) put_row(w, g, row, columns, n);
    if (!single(g)) plt_buf_byte(w->out, ']');
}

static void put_complete(writer *w)
{
    plt_json_key(w->out, "complete");
    plt_buf_byte(w->out, '[');
    for (int g = 0; g < PLT_GROUP_COUNT; g++) {
        if (!(w->d->complete >> g & 1)) continue;
        plt_json_comma(w->out);
        plt_json_quote(w->out, plt_group_name((plt_group)g));
    }
    plt_buf_byte(w->out, ']');
}

plt_status plt_device_to_json(const plt_device *d, plt_buf *out)
{
    if (d->status != PLT_OK && d->status != PLT_FULL) return d->status;
    writer w = {.d = d, .usual = usual_origin(d), .out = out};
    size_t at = 0;
    plt_buf_byte(out, '{');
    put_number(out, "v", 1);
    plt_json_string(out, "source", plt_source_name(w.usual.source));
    plt_json_key(out, "at");
    put_time(out, w.usual.at);
    if (d->status == PLT_FULL) { /* there was more than fitted */
        plt_json_key(out, "full");
        plt_buf_text(out, "true");
    }
    if (d->complete) put_complete(&w);
    for (int g = 0; g < PLT_GROUP_COUNT; g++) put_group(&w, (plt_group)g, &at);
    plt_buf_byte(out, '}');
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
