/* SPDX-License-Identifier: Apache-2.0 */
/* The device model's few rules: origins are always set with values, sentinels never become numbers. */
#include "core/device/device.h"

#include <stdio.h>
#include <string.h>

#include "core/util/text.h"

#define UNIT_PERCENT 19

void plt_device_init(plt_device *d)
{
    memset(d, 0, sizeof *d);
}

static void origin(plt_origin *o, plt_source source, int64_t at, const char *raw)
{
    o->source = source;
    o->at = at;
    plt_utf8_copy(o->raw, sizeof o->raw, raw, strlen(raw));
}

void plt_device_set_text(plt_device_text *v, plt_source source, int64_t at, const char *text, const char *raw)
{
    if (!text[0]) return;
    plt_utf8_copy(v->text, sizeof v->text, text, strlen(text));
    origin(&v->from, source, at, raw ? raw : text);
}

static void set(plt_device_number *v, plt_number_kind kind, uint64_t n, plt_source source, int64_t at, const char *raw)
{
    v->kind = kind;
    v->n = n;
    origin(&v->from, source, at, raw ? raw : "");
}

void plt_device_set_number(plt_device_number *v, plt_source source, int64_t at, uint64_t n, const char *raw)
{
    char text[32];
    snprintf(text, sizeof text, "%llu", (unsigned long long)n);
    set(v, PLT_NUMBER_IS, n, source, at, raw ? raw : text);
}

void plt_device_set_mib(plt_device_number *v, plt_source source, int64_t at, int64_t mib, const char *raw)
{
    char text[32];
    snprintf(text, sizeof text, "%lld", (long long)mib);
    plt_number_kind kind = mib >= 0 ? PLT_NUMBER_IS : mib == -1 ? PLT_NUMBER_OTHER : mib == -3 ? PLT_NUMBER_SOME : PLT_NUMBER_UNKNOWN;
    set(v, kind, mib >= 0 ? (uint64_t)mib : 0, source, at, raw ? raw : text);
}

plt_supply *plt_device_supply(plt_device *d, uint32_t index)
{
    for (size_t i = 0; i < d->supply_count; i++)
        if (d->supplies[i].index == index) return &d->supplies[i];
    if (d->supply_count == PLT_SUPPLIES_MAX) return NULL;
    plt_supply *s = &d->supplies[d->supply_count++];
    memset(s, 0, sizeof *s);
    s->index = index;
    return s;
}

bool plt_supply_percent(const plt_supply *s, uint32_t *percent)
{
    *percent = 0;
    if (s->level.kind != PLT_NUMBER_IS) return false;
    /* In percent units many printers give no capacity, or one that is not 100. */
    if (s->unit == UNIT_PERCENT && s->level.n <= 100 && (s->capacity.kind != PLT_NUMBER_IS || s->capacity.n == 0)) {
        *percent = (uint32_t)s->level.n;
        return true;
    }
    if (s->capacity.kind != PLT_NUMBER_IS || !s->capacity.n || s->level.n > s->capacity.n || s->capacity.n > UINT64_MAX / 100) return false;
    *percent = (uint32_t)(s->level.n * 100 / s->capacity.n);
    return true;
}

const char *plt_source_name(plt_source s)
{
    switch (s) {
    case PLT_SOURCE_USB: return "usb";
    case PLT_SOURCE_1284: return "1284";
    case PLT_SOURCE_PJL: return "pjl";
    case PLT_SOURCE_PML: return "pml";
    case PLT_SOURCE_SNMP: return "snmp";
    case PLT_SOURCE_NONE: break;
    }
    return "none";
}
