/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is true of each device, as JSON lines: what a collector should have found. Facts come from farm_device.c and the shapes, not from
 * the encoded objects, so that an error in the encoding shows as a difference; with objects the encoded values follow as well.
 */
#include <inttypes.h>
#include <string.h>

#include "tests/lab/args.h"
#include "tests/lab/farm.h"
#include "tests/lab/farm_faults.h"

static void put_text(FILE *to, const char *name, const char *text)
{
    char escaped[1024];
    lab_json(escaped, sizeof escaped, text);
    fprintf(to, ",\"%s\":\"%s\"", name, escaped);
}

static void put_pattern(FILE *to, const farm *f, const farm_device *d, const char *name, const char *pattern)
{
    char text[PLT_SERVE_TEXT];
    farm_text(f, d, pattern, text, sizeof text);
    put_text(to, name, text);
}

static void put_address(FILE *to, uint32_t a)
{
    fprintf(to, "{\"address\":\"%u.%u.%u.%u\"", a >> 24, a >> 16 & 255, a >> 8 & 255, a & 255);
}

static void put_quirks(FILE *to, unsigned quirks)
{
    const char *comma = "";
    fputs(",\"quirks\":[", to);
    for (unsigned i = 0; farm_quirk_names[i]; i++)
        if (quirks >> i & 1) {
            fprintf(to, "%s\"%s\"", comma, farm_quirk_names[i]);
            comma = ",";
        }
    fputc(']', to);
}

static void put_identity(FILE *to, const farm *f, const farm_device *d)
{
    const farm_shape *s = farm_shape_of(d);
    uint8_t m[6];
    farm_mac(f, d, m);
    put_text(to, "shape", s->id);
    put_text(to, "vendor", s->vendor);
    put_text(to, "model", s->model);
    put_pattern(to, f, d, "sys_descr", s->sys_descr);
    put_text(to, "sys_object_id", s->sys_object_id);
    put_pattern(to, f, d, "sys_name", s->sys_name);
    put_text(to, "location", farm_location(d));
    put_text(to, "hr_descr", s->hr_descr);
    put_pattern(to, f, d, "serial", "{s}");
    put_text(to, "firmware", s->firmware);
    fprintf(to, ",\"mac\":\"%02x:%02x:%02x:%02x:%02x:%02x\"", m[0], m[1], m[2], m[3], m[4], m[5]);
    put_quirks(to, s->quirks);
}

/* All meters; `private` names those that its private objects tell. */
static void put_meters(FILE *to, const farm_device *d)
{
    const farm_private *p = farm_shape_of(d)->privates;
    uint32_t v[FARM_METERS];
    const char *comma = "";
    farm_meters(d, v);
    fprintf(to, ",\"pages\":%" PRIu32 ",\"printed\":%" PRIu32 ",\"meters\":{", v[FARM_TOTAL], d->printed);
    for (unsigned i = 0; i < FARM_METERS; i++) fprintf(to, "%s\"%s\":%" PRIu32, i ? "," : "", farm_meter_names[i], v[i]);
    fputs("},\"private\":{", to);
    for (; p->column; p++)
        if (!p->text) {
            fprintf(to, "%s\"%s.%s\":\"%s\"", comma, p->column, p->index, farm_meter_names[p->meter]);
            comma = ",";
        }
    fputc('}', to);
}

static void put_supplies(FILE *to, const farm_device *d)
{
    const farm_shape *s = farm_shape_of(d);
    fputs(",\"supplies\":[", to);
    for (unsigned i = 0; s->supplies[i].text && !(s->quirks & FARM_NO_SUPPLIES); i++) {
        const farm_supply *u = &s->supplies[i];
        fprintf(to, "%s{\"index\":%u", i ? "," : "", i + 1);
        put_text(to, "description", u->text);
        fprintf(to, ",\"class\":%u,\"type\":%u,\"unit\":%u,\"colorant\":%u,\"max\":%" PRId32 ",\"level\":%" PRId32 ",\"inverted\":%s}",
                u->receptacle ? 4u : 3u, u->type, u->unit, s->quirks & FARM_NO_COLORANTS ? 0u : u->color, u->max, farm_supply_level(d, i),
                u->inverted ? "true" : "false");
    }
    fputs("],\"trays\":[", to);
    for (unsigned i = 0; s->trays[i].name; i++) {
        fprintf(to, "%s{\"index\":%u", i ? "," : "", i + 1);
        put_text(to, "name", s->trays[i].name);
        fprintf(to, ",\"max\":%" PRId32 ",\"level\":%" PRId32 "}", s->trays[i].max, farm_tray_level(d, i));
    }
    fputc(']', to);
}

static void put_state(FILE *to, const farm_device *d)
{
    const farm_condition *c = &farm_conditions[d->condition];
    fprintf(to, ",\"condition\":\"%s\",\"device_status\":%u,\"printer_status\":%u,\"errors\":\"%02x%02x\"", c->name, c->hr_status, c->printer_status,
            c->errors[0], c->errors[1]);
    put_text(to, "console", c->console[farm_shape_of(d)->language]);
    fputs(",\"alerts\":[", to);
    for (unsigned i = 0; i < farm_alert_count(d); i++) {
        const farm_alert *a = &c->alerts[i];
        fprintf(to, "%s{\"severity\":%u,\"group\":%u,\"code\":%u", i ? "," : "", a->severity, a->group, a->code);
        put_text(to, "description", a->text[farm_shape_of(d)->language]);
        fputc('}', to);
    }
    fputc(']', to);
}

static void put_value(FILE *to, const plt_serve_value *v)
{
    char text[PLT_OID_SIZE];
    switch (v->type) {
    case PLT_SNMP_INTEGER: fprintf(to, "[\"INTEGER\",%" PRId32 "]", v->integer); return;
    case PLT_SNMP_COUNTER32: fprintf(to, "[\"Counter32\",%" PRIu64 "]", v->number); return;
    case PLT_SNMP_GAUGE32: fprintf(to, "[\"Gauge32\",%" PRIu64 "]", v->number); return;
    case PLT_SNMP_TIMETICKS: fprintf(to, "[\"Timeticks\",%" PRIu64 "]", v->number); return;
    case PLT_SNMP_OID:
        plt_oid_format(v->octets, text, sizeof text);
        fprintf(to, "[\"OID\",\"%s\"]", text);
        return;
    default:
        fputs("[\"STRING\",\"", to);
        for (size_t i = 0; i < v->octets.n; i++) fprintf(to, "%02x", v->octets.p[i]);
        fputs("\"]", to);
    }
}

static void put_objects(FILE *to, farm *f, const farm_device *d)
{
    const plt_mib *m = farm_mib(f, d);
    farm_asked asked = {f, d};
    char name[256];
    fputs(",\"objects\":{", to);
    for (size_t i = 0; i < m->count; i++) {
        plt_serve_value v;
        uint8_t text[PLT_SERVE_TEXT];
        if (!farm_value(&asked, &m->objects[i], &v, text)) continue;
        plt_oid_format(plt_octets_make(m->objects[i].name, m->objects[i].len), name, sizeof name);
        fprintf(to, "%s\"%s\":", i ? "," : "", name);
        put_value(to, &v);
    }
    fputc('}', to);
}

bool farm_write_truth(farm *f, FILE *to, bool objects)
{
    for (uint32_t i = 0; i < f->options.devices; i++) {
        const farm_device *d = &f->devices[i];
        put_address(to, farm_address(f, d));
        fprintf(to, ",\"live\":%s,\"broken\":", d->live ? "true" : "false");
        fprintf(to, d->fault ? "\"%s\"" : "null", farm_faults[d->fault].name);
        put_identity(to, f, d);
        put_meters(to, d);
        put_supplies(to, d);
        put_state(to, d);
        if (objects) put_objects(to, f, d);
        fputs("}\n", to);
    }
    return !fflush(to) && !ferror(to);
}
