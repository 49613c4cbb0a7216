/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What changed between two readings, and putting it back in. A value that a reading does not have is gone only where the reading
 * says that its group was read to the end; else it was just not read.
 */
#include "core/device/device.h"

#include <string.h>

#include "core/util/text.h"

static bool equal(const plt_device *a, const plt_value *x, const plt_device *b, const plt_value *y)
{
    return x->kind == y->kind && x->n == y->n && !strcmp(plt_value_text(a, x), plt_value_text(b, y));
}

static const plt_value *same_place(const plt_device *d, const plt_value *v)
{
    return plt_device_evidence(d, (plt_what)v->what, v->row, (plt_source)v->source);
}

static void copy_value(plt_device *out, const plt_device *from, const plt_value *v)
{
    char room[32];
    plt_origin origin = {(plt_source)v->source, v->at};
    const char *raw = plt_value_raw(from, v, room);
    if (plt_field_of((plt_what)v->what)->type == PLT_TYPE_TEXT)
        plt_device_set_text(out, (plt_what)v->what, v->row, origin, plt_value_text(from, v), raw);
    else if (v->kind == PLT_IS)
        plt_device_set_number(out, (plt_what)v->what, v->row, origin, v->n, raw);
    else
        plt_device_set_mib(out, (plt_what)v->what, v->row, origin, v->kind == PLT_OTHER ? -1 : v->kind == PLT_SOME ? -3 : -2, raw);
}

plt_status plt_device_changes(const plt_device *before, const plt_device *now, plt_device *out)
{
    int64_t at = 0;
    uint32_t sources = 0; /* that speak in `now` */
    plt_device_free(out);
    for (size_t i = 0; i < now->count; i++) {
        const plt_value *v = &now->values[i], *old = same_place(before, v);
        if (v->at > at) at = v->at;
        sources |= 1u << v->source;
        if (!old || !equal(before, old, now, v)) copy_value(out, now, v);
    }
    for (size_t i = 0; i < before->count; i++) {
        const plt_value *v = &before->values[i];
        bool read = (now->complete >> plt_field_of((plt_what)v->what)->group & 1) && (sources >> v->source & 1);
        if (!read || same_place(now, v)) continue;
        plt_device_set_gone(out, (plt_what)v->what, v->row, (plt_origin){(plt_source)v->source, at});
    }
    return out->status;
}

plt_status plt_device_apply(plt_device *d, const plt_device *changes)
{
    for (size_t i = 0; i < changes->count; i++) {
        const plt_value *v = &changes->values[i];
        if (v->kind == PLT_GONE)
            plt_device_remove(d, (plt_what)v->what, v->row, (plt_source)v->source);
        else
            copy_value(d, changes, v);
    }
    return d->status;
}
