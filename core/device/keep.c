/* SPDX-License-Identifier: Apache-2.0 */
/* Taking away from a device: groups, addresses, and what does not fit. Which printer it is of. */
#include "core/device/keep.h"

#include <stdio.h>
#include <string.h>

/* Puts prefix, a, and (where there is one) / and b. What would be cut is no key: false. */
static bool make_key(char out[PLT_DEVICE_KEY_SIZE], const char *prefix, const char *a, const char *b)
{
    int n = snprintf(out, PLT_DEVICE_KEY_SIZE, "%s%s%s%s", prefix, a, b ? "/" : "", b ? b : "");
    return n > 0 && n < PLT_DEVICE_KEY_SIZE;
}

void plt_device_key(const plt_device *d, const char *way, char out[PLT_DEVICE_KEY_SIZE])
{
    const char *serial = plt_device_text(d, PLT_SERIAL, 0), *mac = plt_device_text(d, PLT_MAC, 0), *uuid = plt_device_text(d, PLT_UUID, 0);
    if (plt_serial_is_real(serial) && make_key(out, "serial:", plt_device_text(d, PLT_MAKE, 0), serial)) return;
    if (*mac && make_key(out, "mac:", mac, NULL)) return;
    if (*uuid && make_key(out, "uuid:", uuid, NULL)) return;
    snprintf(out, PLT_DEVICE_KEY_SIZE, "%s", way);
}

bool plt_device_shares_serial(const plt_device *a, const plt_device *b)
{
    for (int i = 0; i < PLT_SOURCE_COUNT; i++) {
        const char *x = plt_value_text(a, plt_device_evidence(a, PLT_SERIAL, 0, (plt_source)i));
        for (int k = 0; plt_serial_is_real(x) && k < PLT_SOURCE_COUNT; k++)
            if (!strcmp(x, plt_value_text(b, plt_device_evidence(b, PLT_SERIAL, 0, (plt_source)k)))) return true;
    }
    return false;
}

static plt_group group_of(const plt_value *v)
{
    return plt_field_of((plt_what)v->what)->group;
}

/* Takes away the values of which `goes` says so. Gives whether there were any. */
static bool take_away(plt_device *d, bool (*goes)(const plt_device *d, const plt_value *v, uint32_t arg), uint32_t arg)
{
    bool any = false;
    for (size_t i = d->count; i-- > 0;) {
        const plt_value v = d->values[i];
        if (!goes(d, &v, arg)) continue;
        plt_device_remove(d, (plt_what)v.what, v.row, (plt_source)v.source);
        any = true;
    }
    return any;
}

static bool outside(const plt_device *d, const plt_value *v, uint32_t groups)
{
    (void)d;
    return !(groups >> group_of(v) & 1);
}

void plt_device_keep_groups(plt_device *d, uint32_t groups)
{
    take_away(d, outside, groups);
    d->complete &= groups;
}

static bool is_address(const plt_device *d, const plt_value *v, uint32_t arg)
{
    (void)d;
    (void)arg;
    return v->what == PLT_ADDRESS || v->what == PLT_MAC || (v->what == PLT_NAME && v->source == PLT_SOURCE_SNMP);
}

void plt_device_mask(plt_device *d)
{
    take_away(d, is_address, 0);
}

bool plt_device_is_news(const plt_device *changes)
{
    for (size_t i = 0; i < changes->count; i++)
        if (changes->values[i].what != PLT_UPTIME && changes->values[i].what != PLT_ALERT_SINCE) return true;
    return false;
}

/* ---- fitting ---- */

static bool is_beside(const plt_device *d, const plt_value *v, uint32_t arg)
{
    (void)arg;
    const plt_value *best = plt_device_get(d, (plt_what)v->what, v->row);
    return best && best->source != v->source && v->kind != PLT_GONE;
}

static bool drop_evidence(plt_device *d)
{
    return take_away(d, is_beside, 0);
}

static bool drop_raw(plt_device *d)
{
    bool any = false;
    for (size_t i = 0; i < d->count; i++) {
        any = any || d->values[i].raw;
        d->values[i].raw = 0;
    }
    return any;
}

static bool drop_console(plt_device *d)
{
    d->complete &= ~(1u << PLT_GROUP_CONSOLE);
    return take_away(d, outside, ~(1u << PLT_GROUP_CONSOLE));
}

/* The table's last sixteenth: the fields stand in it by their use. */
static bool drop_tail(plt_device *d)
{
    size_t n = (d->count + 15) / 16;
    for (size_t i = d->count - n; i < d->count; i++) d->complete &= ~(1u << group_of(&d->values[i]));
    d->count -= n;
    return n > 0;
}

plt_status plt_device_fit(plt_device *d, size_t most, plt_buf *json, bool *left_out)
{
    static bool (*const steps[])(plt_device *) = {drop_evidence, drop_raw, drop_console, drop_tail};
    plt_status s = plt_device_to_json(d, json);
    *left_out = false;
    for (size_t i = 0; i < sizeof steps / sizeof *steps && (s == PLT_FULL || (s == PLT_OK && json->len > most));) {
        if (!steps[i](d)) {
            i++;
            continue;
        }
        *left_out = true;
        plt_buf_clear(json);
        s = plt_device_to_json(d, json);
    }
    return s == PLT_OK && json->len > most ? PLT_FULL : s;
}
