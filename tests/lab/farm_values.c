/* SPDX-License-Identifier: Apache-2.0 */
/* A device's objects as SNMP values: which fact stands where, encoded. Facts themselves are farm_device.c's. */
#include <stdlib.h>
#include <string.h>

#include "tests/lab/farm.h"

#define PML "1.3.6.1.4.1.11.2.3.9.4.2."

/* What the value functions below share. */
typedef struct ask {
    const farm *farm;
    const farm_device *device;
    const farm_shape *shape;
    const farm_condition *condition;
    plt_serve_value *out;
    uint8_t *text; /* PLT_SERVE_TEXT octets */
} ask;

static bool number(const ask *a, int64_t v)
{
    if (a->out->type == PLT_SNMP_INTEGER)
        a->out->integer = (int32_t)v;
    else
        a->out->number = (uint32_t)v;
    return true;
}

static bool octets(const ask *a, const void *p, size_t n)
{
    a->out->octets = plt_octets_make(p, n);
    return true;
}

/* UTF-8 to Latin-1, in place; what Latin-1 has not stays as it is. */
static size_t latin1(uint8_t *text, size_t n)
{
    size_t to = 0;
    for (size_t i = 0; i < n; i++) {
        bool two = (text[i] == 0xC2 || text[i] == 0xC3) && i + 1 < n;
        text[to++] = two ? (uint8_t)((text[i] & 3) << 6 | (text[i + 1] & 0x3F)) : text[i];
        if (two) i++;
    }
    return to;
}

static bool text(const ask *a, const char *pattern)
{
    size_t n = strlen(pattern);
    bool plain = !memchr(pattern, '{', n) && !(a->shape->quirks & (FARM_LATIN1 | FARM_NUL_ENDED));
    if (plain) return octets(a, pattern, n);
    n = farm_text(a->farm, a->device, pattern, (char *)a->text, PLT_SERVE_TEXT);
    if (a->shape->quirks & FARM_LATIN1) n = latin1(a->text, n);
    if (a->shape->quirks & FARM_NUL_ENDED && n < PLT_SERVE_TEXT) n++; /* farm_text has put it there; Latin-1 is not shorter in these */
    return octets(a, a->text, n);
}

static bool oid(const ask *a, const char *dotted)
{
    size_t n = plt_oid_parse(dotted, a->text, PLT_SERVE_TEXT);
    return n && octets(a, a->text, n);
}

static bool system_value(const ask *a, unsigned column)
{
    switch (column) {
    case PLT_MIB_SYS_DESCR: return text(a, a->shape->sys_descr);
    case PLT_MIB_SYS_OBJECT_ID: return oid(a, a->shape->sys_object_id);
    case PLT_MIB_SYS_UPTIME: return number(a, (int64_t)((a->device->hash & 0xFFFFFF) + a->farm->now_ms / 10));
    case PLT_MIB_SYS_CONTACT: return text(a, "");
    case PLT_MIB_SYS_NAME: return text(a, a->shape->sys_name);
    case PLT_MIB_SYS_LOCATION: return text(a, farm_location(a->device));
    case PLT_MIB_SYS_SERVICES: return number(a, 72);
    case PLT_MIB_IF_NUMBER:
    case PLT_MIB_IF_INDEX:
    case PLT_MIB_IF_ADMIN_STATUS:
    case PLT_MIB_IF_OPER_STATUS: return number(a, 1);
    case PLT_MIB_IF_DESCR: return text(a, "eth0");
    case PLT_MIB_IF_TYPE: return number(a, 6);
    case PLT_MIB_IF_MTU: return number(a, 1500);
    case PLT_MIB_IF_SPEED: return number(a, 100000000);
    case PLT_MIB_IF_PHYS_ADDRESS: farm_mac(a->farm, a->device, a->text); return octets(a, a->text, 6);
    default: return false;
    }
}

static bool host_value(const ask *a, unsigned column)
{
    bool has_printer = !(a->shape->quirks & FARM_NO_HR_PRINTER);
    switch (column) {
    case PLT_MIB_HR_INDEX: return number(a, 1);
    case PLT_MIB_HR_TYPE: return oid(a, "1.3.6.1.2.1.25.3.1.5"); /* hrDevicePrinter */
    case PLT_MIB_HR_DESCR: return text(a, a->shape->hr_descr);
    case PLT_MIB_HR_ID: return oid(a, "0.0");
    case PLT_MIB_HR_STATUS: return number(a, a->condition->hr_status);
    case PLT_MIB_HR_ERRORS: return number(a, farm_alert_count(a->device));
    case PLT_MIB_HR_PRINTER_STATUS: return has_printer && number(a, a->condition->printer_status);
    case PLT_MIB_HR_PRINTER_ERRORS: return has_printer && octets(a, a->condition->errors, a->shape->quirks & FARM_SHORT_ERRORS ? 1 : 2);
    default: return false;
    }
}

static bool general_value(const ask *a, unsigned column)
{
    static const char *const languages[] = {"en", "de", "fr", "ja"}, *const countries[] = {"US", "DE", "FR", "JP"};
    switch (column) {
    case PLT_MIB_PRT_CHANGES: return number(a, 1 + (a->device->hash & 7));
    case PLT_MIB_PRT_LOCALE: return number(a, 1);
    case PLT_MIB_PRT_RESET: return number(a, 3); /* notResetting */
    case PLT_MIB_PRT_DISPLAY_LINES: return number(a, 1);
    case PLT_MIB_PRT_DISPLAY_CHARS: return number(a, 40);
    case PLT_MIB_PRT_NAME: return text(a, a->shape->model);
    case PLT_MIB_PRT_SERIAL: return !(a->shape->quirks & FARM_NO_SERIAL) && text(a, "{s}");
    case PLT_MIB_PRT_CRITICAL_EVENTS: return number(a, a->device->hash >> 8 & 63);
    case PLT_MIB_PRT_ALL_EVENTS: return number(a, (a->device->hash >> 8 & 63) + (a->device->hash >> 16 & 255));
    case PLT_MIB_COVER_DESCR: return text(a, "Front Cover");
    case PLT_MIB_COVER_STATUS: return number(a, a->condition->alerts[0].group == 6 ? 3 : 4); /* open, closed */
    case PLT_MIB_LOCALE_LANGUAGE: return text(a, languages[a->shape->language]);
    case PLT_MIB_LOCALE_COUNTRY: return text(a, countries[a->shape->language]);
    case PLT_MIB_LOCALE_CHARSET: return number(a, 106); /* UTF-8, says it */
    case PLT_MIB_CONSOLE_TEXT: return text(a, a->condition->console[a->shape->language]);
    default: return false;
    }
}

static bool tray_value(const ask *a, unsigned column, unsigned row)
{
    const farm_tray *t = &a->shape->trays[row];
    int32_t level;
    switch (column) {
    case PLT_MIB_INPUT_TYPE: return number(a, row ? 3 : 2); /* sheetFeedAutoRemovableTray, sheetFeedAutoNonRemovable */
    case PLT_MIB_INPUT_UNIT: return number(a, 8);           /* sheets */
    case PLT_MIB_INPUT_MAX: return number(a, t->max);
    case PLT_MIB_INPUT_LEVEL: return number(a, farm_tray_level(a->device, row));
    case PLT_MIB_INPUT_STATUS:
        level = farm_tray_level(a->device, row);
        return number(a, level == 0 ? 9 : 0); /* unavailable, on request, with an alert */
    case PLT_MIB_INPUT_MEDIA: return text(a, t->media);
    case PLT_MIB_INPUT_NAME: return text(a, t->name);
    case PLT_MIB_INPUT_DESCR: return text(a, t->descr);
    default: return false;
    }
}

static bool output_value(const ask *a, unsigned column)
{
    switch (column) {
    case PLT_MIB_OUTPUT_TYPE: return number(a, 3); /* unRemovableBin */
    case PLT_MIB_OUTPUT_UNIT: return number(a, 8);
    case PLT_MIB_OUTPUT_MAX: return number(a, 150);
    case PLT_MIB_OUTPUT_REMAINING: return number(a, -3);
    case PLT_MIB_OUTPUT_STATUS: return number(a, 0);
    case PLT_MIB_OUTPUT_NAME: return text(a, "Face Down");
    default: return false;
    }
}

static bool marker_value(const ask *a, unsigned column)
{
    uint32_t meters[FARM_METERS];
    switch (column) {
    case PLT_MIB_MARKER_TECH: return number(a, a->shape->supplies[0].type == 6 ? 12 : 4); /* inkjetAqueous, electrophotographicLaser */
    case PLT_MIB_MARKER_UNIT: return number(a, 7);                                        /* impressions */
    case PLT_MIB_MARKER_LIFE: farm_meters(a->device, meters); return number(a, meters[FARM_TOTAL]);
    case PLT_MIB_MARKER_POWER_ON: return number(a, a->device->printed);
    case PLT_MIB_MARKER_PROCESS: return number(a, a->shape->color_permille ? 4 : 1);
    case PLT_MIB_MARKER_SPOT: return number(a, 0);
    case PLT_MIB_MARKER_STATUS: return number(a, 0);
    default: return false;
    }
}

static bool supply_value(const ask *a, unsigned column, unsigned row)
{
    const farm_supply *s = &a->shape->supplies[row];
    switch (column) {
    case PLT_MIB_SUPPLY_MARKER: return number(a, 1);
    case PLT_MIB_SUPPLY_COLORANT: return number(a, a->shape->quirks & FARM_NO_COLORANTS ? 0 : s->color);
    case PLT_MIB_SUPPLY_CLASS: return number(a, s->receptacle ? 4 : 3);
    case PLT_MIB_SUPPLY_TYPE: return number(a, s->type);
    case PLT_MIB_SUPPLY_DESCR: return text(a, s->text);
    case PLT_MIB_SUPPLY_UNIT: return number(a, s->unit);
    case PLT_MIB_SUPPLY_MAX: return number(a, s->max);
    case PLT_MIB_SUPPLY_LEVEL: return number(a, farm_supply_level(a->device, row));
    default: return false;
    }
}

static bool colorant_value(const ask *a, unsigned column, unsigned row)
{
    static const char *const names[] = {"black", "cyan", "magenta", "yellow"};
    switch (column) {
    case PLT_MIB_COLORANT_MARKER: return number(a, 1);
    case PLT_MIB_COLORANT_ROLE: return number(a, 3); /* process */
    case PLT_MIB_COLORANT_VALUE: return text(a, names[row]);
    case PLT_MIB_COLORANT_TONALITY: return number(a, 256);
    default: return false;
    }
}

static bool alert_value(const ask *a, unsigned column, unsigned row)
{
    const farm_alert *e = &a->condition->alerts[row];
    switch (column) {
    case PLT_MIB_LIGHT_ON: return number(a, row == 0 || a->condition->alerts[0].code ? 1 : 0);
    case PLT_MIB_LIGHT_OFF: return number(a, row == 0 || a->condition->alerts[0].code ? 0 : 1);
    case PLT_MIB_LIGHT_COLOR: return number(a, row ? 4 : 5); /* red, green */
    case PLT_MIB_LIGHT_DESCR: return text(a, row ? "Attention" : "Ready");
    case PLT_MIB_ALERT_SEVERITY: return number(a, e->severity);
    case PLT_MIB_ALERT_TRAINING: return number(a, e->training);
    case PLT_MIB_ALERT_GROUP: return number(a, e->group);
    case PLT_MIB_ALERT_GROUP_INDEX: return number(a, e->group_index);
    case PLT_MIB_ALERT_LOCATION: return number(a, e->location);
    case PLT_MIB_ALERT_CODE: return number(a, e->code);
    case PLT_MIB_ALERT_DESCR: return text(a, e->text[a->shape->language] ? e->text[a->shape->language] : "");
    case PLT_MIB_ALERT_TIME: return number(a, a->device->hash & 0xFFFF);
    default: return false;
    }
}

static bool entity_value(const ask *a, unsigned column)
{
    switch (column) {
    case PLT_MIB_ENTITY_DESCR: return text(a, a->shape->hr_descr);
    case PLT_MIB_ENTITY_CLASS: return number(a, 3); /* chassis */
    case PLT_MIB_ENTITY_NAME: return text(a, "{n}");
    case PLT_MIB_ENTITY_HARDWARE: return text(a, "");
    case PLT_MIB_ENTITY_FIRMWARE:
    case PLT_MIB_ENTITY_SOFTWARE: return text(a, a->shape->firmware);
    case PLT_MIB_ENTITY_SERIAL: return text(a, "{s}");
    case PLT_MIB_ENTITY_MAKER: return text(a, a->shape->vendor);
    case PLT_MIB_ENTITY_MODEL: return text(a, a->shape->model);
    default: return false;
    }
}

static bool private_value(const ask *a, unsigned row)
{
    const farm_private *p = &a->shape->privates[row];
    uint32_t meters[FARM_METERS];
    if (!p->text) {
        farm_meters(a->device, meters);
        return number(a, meters[p->meter]);
    }
    if (p->type == PLT_SNMP_INTEGER) return number(a, strtol(p->text, NULL, 10));
    if (!(a->shape->quirks & FARM_HP_TEXT) || strncmp(p->column, PML, sizeof PML - 1) != 0) return text(a, p->text);
    a->text[0] = 0x01; /* PML's texts begin with a symbol set: Roman-8 */
    a->text[1] = 0x15;
    return octets(a, a->text, 2 + farm_text(a->farm, a->device, p->text, (char *)a->text + 2, PLT_SERVE_TEXT - 2));
}

bool farm_value(void *arg, const plt_mib_object *o, plt_serve_value *out, uint8_t room[PLT_SERVE_TEXT])
{
    const farm_asked *asked = arg;
    const farm_shape *s = farm_shape_of(asked->device);
    ask a = {asked->farm, asked->device, s, &farm_conditions[asked->device->condition], out, room};
    unsigned c = o->column;
    out->type = (plt_snmp_type)o->type;
    if (c <= PLT_MIB_IF_OPER_STATUS) return system_value(&a, c);
    if (c <= PLT_MIB_HR_PRINTER_ERRORS) return host_value(&a, c);
    if (c <= PLT_MIB_LOCALE_CHARSET || c == PLT_MIB_CONSOLE_TEXT) return general_value(&a, c);
    if (c <= PLT_MIB_INPUT_DESCR) return tray_value(&a, c, o->row);
    if (c <= PLT_MIB_OUTPUT_NAME) return output_value(&a, c);
    if (c <= PLT_MIB_MARKER_STATUS) return marker_value(&a, c);
    if (c <= PLT_MIB_SUPPLY_LEVEL) return supply_value(&a, c, o->row);
    if (c <= PLT_MIB_COLORANT_TONALITY) return colorant_value(&a, c, o->row);
    if (c <= PLT_MIB_ALERT_TIME) return alert_value(&a, c, o->row);
    if (c < PLT_MIB_COLUMNS) return entity_value(&a, c);
    return private_value(&a, o->row);
}
