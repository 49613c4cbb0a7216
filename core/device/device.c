/* SPDX-License-Identifier: Apache-2.0 */
/* The device's table of values and its pool of texts. Nothing here makes a number out of something that is none. */
#include "core/device/device.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/device/meter.h"

#define FIRST_VALUES 16

void plt_device_init(plt_device *d, size_t budget)
{
    memset(d, 0, sizeof *d);
    d->budget = budget ? budget : PLT_DEVICE_BUDGET;
    plt_buf_init(&d->pool, d->budget);
}

void plt_device_free(plt_device *d)
{
    size_t budget = d->budget;
    free(d->values);
    plt_buf_free(&d->pool);
    plt_device_init(d, budget);
}

/* ---- finding ---- */

static int compare(const plt_value *v, plt_what what, uint32_t row, plt_source source)
{
    if (v->what != what) return v->what < what ? -1 : 1;
    if (v->row != row) return v->row < row ? -1 : 1;
    return v->source == source ? 0 : v->source < source ? -1 : 1;
}

/* Where the value is, or would be. */
static size_t place(const plt_device *d, plt_what what, uint32_t row, plt_source source)
{
    size_t low = 0, high = d->count;
    while (low < high) {
        size_t mid = low + (high - low) / 2;
        if (compare(&d->values[mid], what, row, source) < 0)
            low = mid + 1;
        else
            high = mid;
    }
    return low;
}

const plt_value *plt_device_evidence(const plt_device *d, plt_what what, uint32_t row, plt_source source)
{
    size_t at = place(d, what, row, source);
    return at < d->count && compare(&d->values[at], what, row, source) == 0 ? &d->values[at] : NULL;
}

const plt_value *plt_device_get(const plt_device *d, plt_what what, uint32_t row)
{
    const plt_value *best = NULL;
    for (size_t at = place(d, what, row, PLT_SOURCE_NONE); at < d->count; at++) {
        const plt_value *v = &d->values[at];
        if (v->what != what || v->row != row) break;
        if (!best || v->kind == PLT_IS || best->kind != PLT_IS) best = v;
    }
    return best;
}

static const char *pooled(const plt_device *d, uint32_t at)
{
    return at ? (const char *)d->pool.data + at : "";
}

const char *plt_value_text(const plt_device *d, const plt_value *v)
{
    return v ? pooled(d, v->text) : "";
}

const char *plt_value_raw(const plt_device *d, const plt_value *v, char room[32])
{
    if (v->raw) return pooled(d, v->raw);
    if (v->text) return pooled(d, v->text);
    if (v->kind == PLT_IS)
        snprintf(room, 32, "%llu", (unsigned long long)v->n);
    else
        snprintf(room, 32, "%s", v->kind == PLT_OTHER ? "-1" : v->kind == PLT_UNKNOWN ? "-2" : v->kind == PLT_SOME ? "-3" : "");
    return room;
}

const char *plt_device_text(const plt_device *d, plt_what what, uint32_t row)
{
    return plt_value_text(d, plt_device_get(d, what, row));
}

bool plt_device_number(const plt_device *d, plt_what what, uint32_t row, uint64_t *n)
{
    const plt_value *v = plt_device_get(d, what, row);
    bool is = v && v->kind == PLT_IS && plt_field_of(what)->type != PLT_TYPE_TEXT;
    *n = is ? v->n : 0;
    return is;
}

bool plt_device_next_row(const plt_device *d, plt_group group, uint32_t *row)
{
    bool any = false;
    uint32_t best = 0, behind = *row;
    for (size_t i = 0; i < d->count; i++) {
        const plt_value *v = &d->values[i];
        if (plt_field_of((plt_what)v->what)->group != group || (behind != PLT_NO_ROW && v->row <= behind)) continue;
        if (!any || v->row < best) best = v->row;
        any = true;
    }
    if (any) *row = best;
    return any;
}

/* ---- setting ---- */

static uint32_t keep(plt_buf *pool, const char *text)
{
    if (!*text) return 0;
    if (!pool->len) plt_buf_byte(pool, 0); /* place 0 is none */
    uint32_t at = (uint32_t)pool->len;
    plt_buf_add(pool, text, strlen(text) + 1);
    return pool->status == PLT_OK ? at : 0;
}

/* Replaced texts stay behind in the pool until there is no room any more. */
static void compact(plt_device *d)
{
    plt_buf fresh;
    plt_buf_init(&fresh, d->budget);
    for (size_t i = 0; i < d->count; i++) {
        keep(&fresh, pooled(d, d->values[i].text));
        keep(&fresh, pooled(d, d->values[i].raw));
    }
    if (fresh.status != PLT_OK) { /* no memory: the old pool stays as it is */
        plt_buf_free(&fresh);
        return;
    }
    uint32_t at = 1;
    for (size_t i = 0; i < d->count; i++) {
        uint32_t *places[] = {&d->values[i].text, &d->values[i].raw};
        for (size_t k = 0; k < 2; k++) {
            if (!*places[k]) continue;
            uint32_t n = (uint32_t)strlen(pooled(d, *places[k])) + 1;
            *places[k] = at;
            at += n;
        }
    }
    plt_buf_free(&d->pool);
    d->pool = fresh;
}

static bool fits(const plt_device *d, size_t values, size_t bytes)
{
    return (d->count + values) * sizeof *d->values + d->pool.len + bytes <= d->budget;
}

/* Room for one more value and so many bytes of text; makes the sticky error. */
static bool make_room(plt_device *d, size_t values, size_t bytes)
{
    if (d->status == PLT_NOMEM || d->status == PLT_BAD) return false;
    if (!fits(d, values, bytes)) compact(d);
    if (!fits(d, values, bytes)) {
        d->status = PLT_FULL;
        return false;
    }
    if (d->count + values > d->cap) {
        size_t cap = d->cap + d->cap / 2 + FIRST_VALUES;
        plt_value *p = realloc(d->values, cap * sizeof *p);
        if (!p) {
            d->status = PLT_NOMEM;
            return false;
        }
        d->values = p;
        d->cap = cap;
    }
    if (!plt_buf_reserve(&d->pool, bytes)) {
        d->status = d->pool.status;
        return false;
    }
    return true;
}

/* Puts `v` with its texts, clean and not too long, at its place. */
static void put(plt_device *d, plt_value v, const char *text, const char *raw)
{
    size_t at = place(d, v.what, v.row, v.source);
    plt_value *old = at < d->count && compare(&d->values[at], v.what, v.row, v.source) == 0 ? &d->values[at] : NULL;
    if (old && !strcmp(pooled(d, old->text), text) && !strcmp(pooled(d, old->raw), raw)) {
        v.text = old->text;
        v.raw = old->raw;
        *old = v;
        return;
    }
    if (!make_room(d, old ? 0 : 1, strlen(text) + strlen(raw) + 3)) return;
    v.text = keep(&d->pool, text);
    v.raw = keep(&d->pool, raw);
    if (!old) {
        memmove(&d->values[at + 1], &d->values[at], (d->count - at) * sizeof v);
        d->count++;
    }
    d->values[at] = v;
}

static bool row_fits(plt_group group, uint32_t row)
{
    plt_meter_parts parts;
    if (group == PLT_GROUP_IDENTITY || group == PLT_GROUP_STATUS) return row == 0;
    return group == PLT_GROUP_METER ? plt_meter_split(row, &parts) : row != PLT_NO_ROW;
}

/* False, and a sticky error, for what only a caller's mistake can be. */
static bool valid(plt_device *d, plt_what what, uint32_t row, plt_origin from)
{
    if ((unsigned)what < PLT_WHAT_COUNT && (unsigned)from.source < PLT_SOURCE_COUNT && row_fits(plt_field_of(what)->group, row)) return true;
    d->status = PLT_BAD;
    return false;
}

static bool valid_type(plt_device *d, plt_what what, bool text)
{
    if ((plt_field_of(what)->type == PLT_TYPE_TEXT) != text) d->status = PLT_BAD;
    return d->status != PLT_BAD;
}

void plt_device_set_text(plt_device *d, plt_what what, uint32_t row, plt_origin from, const char *text, const char *raw)
{
    char clean[PLT_TEXT_MAX + 1], clean_raw[PLT_TEXT_MAX + 1] = "";
    if (!valid(d, what, row, from) || !valid_type(d, what, true)) return;
    plt_utf8_copy(clean, sizeof clean, text, strlen(text));
    if (!clean[0]) return;
    if (raw) plt_utf8_copy(clean_raw, sizeof clean_raw, raw, strlen(raw));
    if (!strcmp(clean, clean_raw)) clean_raw[0] = 0;
    put(d, (plt_value){.what = (uint8_t)what, .source = (uint8_t)from.source, .row = row, .at = from.at}, clean, clean_raw);
}

static void set(plt_device *d, plt_what what, uint32_t row, plt_origin from, plt_kind kind, uint64_t n, const char *raw)
{
    char clean[PLT_TEXT_MAX + 1] = "", room[32];
    if (!valid(d, what, row, from) || !valid_type(d, what, false)) return;
    plt_value v = {
        .what = (uint8_t)what, .source = (uint8_t)from.source, .kind = (uint8_t)kind, .row = row, .n = kind == PLT_IS ? n : 0, .at = from.at};
    if (raw) {
        plt_utf8_copy(clean, sizeof clean, raw, strlen(raw));
        if (!strcmp(clean, plt_value_raw(d, &v, room))) clean[0] = 0;
    }
    put(d, v, "", clean);
}

void plt_device_set_number(plt_device *d, plt_what what, uint32_t row, plt_origin from, uint64_t n, const char *raw)
{
    char text[32];
    bool is = n <= PLT_NUMBER_MAX;
    if (!raw && !is) {
        snprintf(text, sizeof text, "%llu", (unsigned long long)n);
        raw = text;
    }
    set(d, what, row, from, is ? PLT_IS : PLT_UNKNOWN, n, raw);
}

void plt_device_set_mib(plt_device *d, plt_what what, uint32_t row, plt_origin from, int64_t mib, const char *raw)
{
    char text[32];
    if (mib >= 0) {
        plt_device_set_number(d, what, row, from, (uint64_t)mib, raw);
        return;
    }
    if (!raw && mib < -3) { /* the others say by their kind what they were */
        snprintf(text, sizeof text, "%lld", (long long)mib);
        raw = text;
    }
    set(d, what, row, from, mib == -1 ? PLT_OTHER : mib == -3 ? PLT_SOME : PLT_UNKNOWN, 0, raw);
}

void plt_device_set_gone(plt_device *d, plt_what what, uint32_t row, plt_origin from)
{
    if (!valid(d, what, row, from)) return;
    put(d, (plt_value){.what = (uint8_t)what, .source = (uint8_t)from.source, .kind = PLT_GONE, .row = row, .at = from.at}, "", "");
}

void plt_device_remove(plt_device *d, plt_what what, uint32_t row, plt_source source)
{
    size_t at = place(d, what, row, source);
    if (at >= d->count || compare(&d->values[at], what, row, source) != 0) return;
    d->count--;
    memmove(&d->values[at], &d->values[at + 1], (d->count - at) * sizeof d->values[0]);
}

void plt_device_set_complete(plt_device *d, plt_group group)
{
    if ((unsigned)group < PLT_GROUP_COUNT) d->complete |= 1u << group;
}

plt_status plt_device_copy(plt_device *to, const plt_device *from)
{
    plt_device_free(to);
    to->budget = from->budget;
    plt_buf_init(&to->pool, to->budget);
    to->complete = from->complete;
    to->status = from->status;
    plt_buf_add(&to->pool, from->pool.data, from->pool.len);
    if (from->count) to->values = malloc(from->count * sizeof *to->values);
    if (to->pool.status != PLT_OK || (from->count && !to->values)) {
        plt_device_free(to);
        return to->status = PLT_NOMEM;
    }
    if (from->count) memcpy(to->values, from->values, from->count * sizeof *to->values);
    to->count = to->cap = from->count;
    return PLT_OK;
}

/* ---- meaning ---- */

bool plt_supply_percent(const plt_device *d, uint32_t row, uint32_t *percent)
{
    uint64_t level, capacity, unit;
    *percent = 0;
    if (!plt_device_number(d, PLT_SUPPLY_LEVEL, row, &level)) return false;
    bool has_capacity = plt_device_number(d, PLT_SUPPLY_CAPACITY, row, &capacity) && capacity > 0;
    plt_device_number(d, PLT_SUPPLY_UNIT, row, &unit);
    if (unit == PLT_UNIT_PERCENT && level <= 100 && !has_capacity) { /* many give no capacity with percents, or 0 */
        *percent = (uint32_t)level;
        return true;
    }
    if (!has_capacity || level > capacity || capacity > UINT64_MAX / 100) return false;
    *percent = (uint32_t)(level * 100 / capacity);
    return true;
}

bool plt_serial_is_real(const char *serial)
{
    static const char *const fillings[] = {"unknown",       "none",          "n/a",        "na",        "null",
                                           "default",       "not available", "not set",    "serial",    "serialnumber",
                                           "serial number", "0123456789",    "1234567890", "123456789", "12345678"};
    size_t n = strlen(serial), same = 0;
    for (size_t i = 0; i < n; i++) same += serial[i] == serial[0] || serial[i] == '-' || serial[i] == ' ';
    if (n < 4 || same == n) return false;
    for (size_t i = 0; i < sizeof fillings / sizeof fillings[0]; i++)
        if (plt_same(serial, fillings[i])) return false;
    return true;
}
