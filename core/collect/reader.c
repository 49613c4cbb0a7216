/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reading: one table says which column is which field, one pass puts the values in. Rows are the printer's own indexes: the last number of
 * a name, the first being hrDeviceIndex. What belongs to another printer behind the address is passed over.
 */
#include "core/collect/reader.h"

#include <stdio.h>
#include <string.h>

#include "core/collect/reader_makers.h"
#include "core/device/meter.h"
#include "core/pjl/ieee1284.h"
#include "core/util/text.h"

#define BEFORE_KEY 3 /* octets of 1.3.6.1 */
#define MARKERS 8
#define COLORANTS 32

typedef enum how {
    TEXT,
    NUMBER,
    MIB,    /* a number that may be a sentinel */
    OBJECT, /* an OID as text */
    TICKS,  /* hundredths of a second as seconds */
    MAC,
    BITS,     /* octets, highest bit first */
    COLORANT, /* prtMarkerSuppliesColorantIndex: the color is that one's name */
    LIFE,     /* the marker's life count, in its unit */
    SINCE,    /* sysUpTime then, as a time */
    ID_1284,
    LANGUAGE,    /* prtInterpreterLangFamily */
    SERIAL_MORE, /* another place of the serial number, and of the firmware */
    FIRMWARE_MORE,
} how;

/* Whose row it is. */
typedef enum whose { MACHINE, PRINTER, PRINTER_ROW } whose;

typedef struct field {
    const char *text;
    how how;
    whose whose;
    plt_what what;
    uint8_t oid[PLT_COLUMN_OID], size; /* encoded at the first call */
    uint64_t key;                      /* of its OID */
} field;

#define MIB2 "1.3.6.1.2.1."
#define PRT MIB2 "43."

/* In the order of a walk: they are searched by halves. */
#define FIELD(text, how, whose, what) {text, how, whose, what, {0}, 0, 0}
static field fields[] = {
    FIELD(MIB2 "1.1", TEXT, MACHINE, PLT_DESCRIPTION),
    FIELD(MIB2 "1.2", OBJECT, MACHINE, PLT_OBJECT_ID),
    FIELD(MIB2 "1.3", TICKS, MACHINE, PLT_UPTIME),
    FIELD(MIB2 "1.4", TEXT, MACHINE, PLT_CONTACT),
    FIELD(MIB2 "1.5", TEXT, MACHINE, PLT_NAME),
    FIELD(MIB2 "1.6", TEXT, MACHINE, PLT_LOCATION),
    FIELD(MIB2 "2.2.1.6", MAC, MACHINE, PLT_MAC),
    FIELD(MIB2 "25.3.2.1.3", TEXT, PRINTER, PLT_MODEL),
    FIELD(MIB2 "25.3.2.1.5", NUMBER, PRINTER, PLT_DEVICE_STATUS),
    FIELD(MIB2 "25.3.5.1.1", NUMBER, PRINTER, PLT_PRINTER_STATUS),
    FIELD(MIB2 "25.3.5.1.2", BITS, PRINTER, PLT_CONDITIONS),
    FIELD(PRT "5.1.1.17", TEXT, PRINTER, PLT_SERIAL),
    FIELD(PRT "8.2.1.2", NUMBER, PRINTER_ROW, PLT_INPUT_TYPE),
    FIELD(PRT "8.2.1.8", NUMBER, PRINTER_ROW, PLT_INPUT_UNIT),
    FIELD(PRT "8.2.1.9", MIB, PRINTER_ROW, PLT_INPUT_CAPACITY),
    FIELD(PRT "8.2.1.10", MIB, PRINTER_ROW, PLT_INPUT_LEVEL),
    FIELD(PRT "8.2.1.11", NUMBER, PRINTER_ROW, PLT_INPUT_STATUS),
    FIELD(PRT "8.2.1.12", TEXT, PRINTER_ROW, PLT_INPUT_MEDIA),
    FIELD(PRT "8.2.1.13", TEXT, PRINTER_ROW, PLT_INPUT_NAME),
    FIELD(PRT "9.2.1.2", NUMBER, PRINTER_ROW, PLT_OUTPUT_TYPE),
    FIELD(PRT "9.2.1.4", MIB, PRINTER_ROW, PLT_OUTPUT_CAPACITY),
    FIELD(PRT "9.2.1.5", MIB, PRINTER_ROW, PLT_OUTPUT_LEFT),
    FIELD(PRT "9.2.1.6", NUMBER, PRINTER_ROW, PLT_OUTPUT_STATUS),
    FIELD(PRT "10.2.1.4", LIFE, PRINTER_ROW, PLT_METER_COUNT),
    FIELD(PRT "11.1.1.3", COLORANT, PRINTER_ROW, PLT_SUPPLY_COLOR),
    FIELD(PRT "11.1.1.4", NUMBER, PRINTER_ROW, PLT_SUPPLY_CLASS),
    FIELD(PRT "11.1.1.5", NUMBER, PRINTER_ROW, PLT_SUPPLY_TYPE),
    FIELD(PRT "11.1.1.6", TEXT, PRINTER_ROW, PLT_SUPPLY_TEXT),
    FIELD(PRT "11.1.1.7", NUMBER, PRINTER_ROW, PLT_SUPPLY_UNIT),
    FIELD(PRT "11.1.1.8", MIB, PRINTER_ROW, PLT_SUPPLY_CAPACITY),
    FIELD(PRT "11.1.1.9", MIB, PRINTER_ROW, PLT_SUPPLY_LEVEL),
    FIELD(PRT "15.1.1.2", LANGUAGE, PRINTER_ROW, PLT_LANGUAGES),
    FIELD(PRT "16.5.1.2", TEXT, PRINTER_ROW, PLT_CONSOLE_TEXT),
    FIELD(PRT "18.1.1.2", NUMBER, PRINTER_ROW, PLT_ALERT_SEVERITY),
    FIELD(PRT "18.1.1.4", NUMBER, PRINTER_ROW, PLT_ALERT_GROUP),
    FIELD(PRT "18.1.1.5", MIB, PRINTER_ROW, PLT_ALERT_GROUP_INDEX),
    FIELD(PRT "18.1.1.6", MIB, PRINTER_ROW, PLT_ALERT_LOCATION),
    FIELD(PRT "18.1.1.7", NUMBER, PRINTER_ROW, PLT_ALERT_CODE),
    FIELD(PRT "18.1.1.8", TEXT, PRINTER_ROW, PLT_ALERT_TEXT),
    FIELD(PRT "18.1.1.9", SINCE, PRINTER_ROW, PLT_ALERT_SINCE),
    FIELD(MIB2 "47.1.1.1.1.10", FIRMWARE_MORE, MACHINE, PLT_FIRMWARE),
    FIELD(MIB2 "47.1.1.1.1.11", SERIAL_MORE, MACHINE, PLT_SERIAL),
    FIELD("1.3.6.1.4.1.2699.1.2.1.2.1.1.3", ID_1284, PRINTER, PLT_DESCRIPTION),
};

#define COUNT(a) (sizeof(a) / sizeof *(a))

/* What other rows need to be understood. */
typedef struct reading {
    plt_device *d;
    plt_origin from;
    uint32_t printer;
    uint64_t uptime; /* hundredths of a second; 0 unknown */
    uint32_t unit_row[MARKERS], unit[MARKERS], color_row[COLORANTS];
    plt_octets color[COLORANTS];
    size_t units, colors;
    const plt_plan *plan;
    const plt_maker *maker;
    uint32_t enterprise;
    maker_tables tables;
} reading;

static plt_octets oid_of(const field *f)
{
    return plt_octets_make(f->oid, f->size);
}

/* What tells the columns apart: eight octets behind 1.3.6.1, as a number that rises as they do. */
static uint64_t key_of(plt_octets oid)
{
    uint64_t key = 0;
    for (size_t i = BEFORE_KEY; i < BEFORE_KEY + 8; i++) key = key << 8 | (i < oid.n ? oid.p[i] : 0);
    return key;
}

static void encode_fields(void)
{
    if (fields[0].size) return;
    for (size_t i = 0; i < COUNT(fields); i++) {
        fields[i].size = (uint8_t)plt_oid_parse(fields[i].text, fields[i].oid, sizeof fields[i].oid);
        fields[i].key = key_of(oid_of(&fields[i]));
    }
}

static const field *field_of(plt_octets name)
{
    uint64_t key = key_of(name);
    size_t low = 0, high = COUNT(fields); /* the last that is not above it */
    while (low < high) {
        size_t mid = (low + high) / 2;
        if (fields[mid].key <= key)
            low = mid + 1;
        else
            high = mid;
    }
    return low && plt_oid_below(name, oid_of(&fields[low - 1])) ? &fields[low - 1] : NULL;
}

static plt_octets trimmed(plt_octets o)
{
    while (o.n && (o.p[o.n - 1] <= ' ' || o.p[o.n - 1] == 0x7F)) o.n--;
    if (o.n >= 2 && ((o.p[0] == 0x01 && o.p[1] == 0x15) || (o.p[0] == 0 && o.p[1] == 0x0E))) o.p += 2, o.n -= 2; /* PML: Roman-8, Latin-1 */
    while (o.n && o.p[0] <= ' ') o.p++, o.n--;
    return o;
}

void plt_reader_text(plt_octets o, char *out, size_t size)
{
    size_t n = 0;
    o = trimmed(o);
    if (o.n && plt_utf8_valid((const char *)o.p, o.n)) {
        plt_utf8_copy(out, size, (const char *)o.p, o.n);
        return;
    }
    for (size_t i = 0; i < o.n && n + 3 <= size; i++) {
        uint8_t c = o.p[i];
        if (c < 0x80) {
            out[n++] = (char)(c < ' ' || c == 0x7F ? '?' : c);
        } else {
            out[n++] = (char)(0xC0 | c >> 6);
            out[n++] = (char)(0x80 | (c & 0x3F));
        }
    }
    out[n] = 0;
}

static void set_text(reading *r, plt_what what, uint32_t row, plt_octets value)
{
    char text[PLT_TEXT_MAX + 1];
    plt_reader_text(value, text, sizeof text);
    plt_device_set_text(r->d, what, row, r->from, text, NULL);
}

/* Only where the better place said nothing. */
static void set_if_missing(reading *r, plt_what what, plt_octets value)
{
    char text[PLT_TEXT_MAX + 1];
    if (plt_device_evidence(r->d, what, 0, r->from.source)) return;
    plt_reader_text(value, text, sizeof text);
    if (what != PLT_SERIAL || plt_serial_is_real(text)) plt_device_set_text(r->d, what, 0, r->from, text, NULL);
}

static void set_mac(reading *r, plt_octets value)
{
    char text[13];
    static const uint8_t none[6];
    if (value.n != 6 || memcmp(value.p, none, 6) == 0 || *plt_device_text(r->d, PLT_MAC, 0)) return;
    plt_hex(text, value.p, 6);
    plt_device_set_text(r->d, PLT_MAC, 0, r->from, text, NULL);
}

/* RFC 2790 hrPrinterDetectedErrorState: the first bit is the highest of the first octet; octets that are left out are 0. */
static void set_bits(reading *r, plt_what what, plt_octets value)
{
    uint64_t bits = 0;
    char raw[17];
    size_t n = value.n < 8 ? value.n : 8;
    for (size_t bit = 0; bit < 8 * n && bit < PLT_CONDITION_COUNT; bit++)
        if (value.p[bit / 8] & 0x80 >> bit % 8) bits |= 1ull << bit;
    plt_hex(raw, value.p, n);
    plt_device_set_number(r->d, what, 0, r->from, bits, raw);
}

static void set_life(reading *r, uint32_t row, const plt_snmp_var *v)
{
    int64_t n;
    uint32_t unit = PLT_UNIT_IMPRESSIONS;
    for (size_t i = 0; i < r->units; i++)
        if (r->unit_row[i] == row) unit = r->unit[i];
    if (unit == 0 || unit >= PLT_UNIT_LIMIT || !plt_unit_name(unit) || !plt_snmp_signed(v, &n) || row > PLT_METER_SLOT_MAX) return;
    plt_device_set_mib(r->d, PLT_METER_COUNT, PLT_METER(PLT_DID_ALL, PLT_TINT_ALL, PLT_SIDES_ALL, PLT_SIZE_ALL, unit, row > 1 ? row : 0), r->from, n,
                       NULL);
}

static void set_since(reading *r, uint32_t row, const plt_snmp_var *v)
{
    uint64_t then;
    if (!plt_snmp_unsigned(v, &then) || !r->uptime || then > r->uptime) return;
    int64_t at = r->from.at - (int64_t)(r->uptime - then) * 10;
    if (at > 0) plt_device_set_number(r->d, PLT_ALERT_SINCE, row, r->from, (uint64_t)at, NULL);
}

static void set_color(reading *r, uint32_t row, const plt_snmp_var *v)
{
    uint64_t index;
    if (!plt_snmp_unsigned(v, &index) || index == 0) return;
    for (size_t i = 0; i < r->colors; i++)
        if (r->color_row[i] == index) set_text(r, PLT_SUPPLY_COLOR, row, r->color[i]);
}

/* PrtInterpreterLangFamilyTC, the ones that matter; others are left out. */
static void add_language(reading *r, const plt_snmp_var *v)
{
    static const struct {
        uint8_t n;
        const char *name;
    } names[] = {{3, "PCL"},        {5, "PJL"},    {6, "PS"},   {8, "PPDS"}, {9, "ESC/P"},
                 {37, "PRESCRIBE"}, {47, "PCLXL"}, {54, "PDF"}, {63, "XPS"}, {30, "LIPS"}};
    uint64_t n;
    char text[PLT_TEXT_MAX + 1];
    if (!plt_snmp_unsigned(v, &n)) return;
    for (size_t i = 0; i < COUNT(names); i++) {
        if (names[i].n != n) continue;
        const char *so_far = plt_device_text(r->d, PLT_LANGUAGES, 0);
        if (strstr(so_far, names[i].name)) return;
        snprintf(text, sizeof text, "%s%s%s", so_far, *so_far ? "," : "", names[i].name);
        plt_device_set_text(r->d, PLT_LANGUAGES, 0, r->from, text, NULL);
    }
}

/* PWG 5107.2 ppmPrinterIEEE1284DeviceId: where it says more than the MIB did. */
static void set_1284(reading *r, plt_octets value)
{
    plt_1284 id;
    if (plt_1284_parse(value.p, value.n, &id) != PLT_OK) return;
    plt_device_set_text(r->d, PLT_MAKE, 0, r->from, id.make, NULL);
    if (*id.model) plt_device_set_text(r->d, PLT_MODEL, 0, r->from, id.model, NULL);
    if (*id.commands) plt_device_set_text(r->d, PLT_LANGUAGES, 0, r->from, id.commands, NULL);
    set_if_missing(r, PLT_SERIAL, plt_octets_make(id.serial, strlen(id.serial)));
}

static void set_value(reading *r, const field *f, uint32_t row, const plt_snmp_var *v)
{
    int64_t n = 0;
    char text[PLT_TEXT_MAX + 1];
    bool string = v->type == PLT_SNMP_STRING, number = plt_snmp_signed(v, &n);
    switch (f->how) {
    case TEXT:
        if (string) set_text(r, f->what, row, v->value);
        return;
    case NUMBER:
        if (number && n >= 0) plt_device_set_number(r->d, f->what, row, r->from, (uint64_t)n, NULL);
        return;
    case MIB:
        if (number) plt_device_set_mib(r->d, f->what, row, r->from, n, NULL);
        return;
    case TICKS:
        if (number && n >= 0) plt_device_set_number(r->d, f->what, row, r->from, (uint64_t)n / 100, NULL);
        return;
    case OBJECT:
        if (v->type == PLT_SNMP_OID && plt_oid_format(v->value, text, sizeof text)) plt_device_set_text(r->d, f->what, row, r->from, text, NULL);
        return;
    case MAC:
        if (string) set_mac(r, v->value);
        return;
    case BITS:
        if (string) set_bits(r, f->what, v->value);
        return;
    case COLORANT: set_color(r, row, v); return;
    case LIFE: set_life(r, row, v); return;
    case SINCE: set_since(r, row, v); return;
    case LANGUAGE: add_language(r, v); return;
    case SERIAL_MORE:
    case FIRMWARE_MORE:
        if (string) set_if_missing(r, f->what, v->value);
        return;
    case ID_1284:
        if (string) set_1284(r, v->value);
        return;
    }
}

/* The row of a name; false: it is another printer's. */
static bool row_of(const reading *r, const field *f, plt_octets name, uint32_t *row)
{
    plt_octets tail = plt_octets_make(name.p + f->size, name.n - f->size);
    uint32_t id = 0, first = 0;
    if (!plt_oid_take(&tail, &first)) return false;
    id = first;
    while (plt_oid_take(&tail, &id)) {
    }
    *row = f->whose == PRINTER_ROW ? id : 0;
    if (f->how == LANGUAGE) *row = 0;
    return f->whose == MACHINE || r->printer == 0 || first == r->printer;
}

static void private_value(reading *r, const plt_snmp_var *v)
{
    for (size_t i = 0; r->maker && i < r->maker->count; i++) {
        const plt_column *col = &r->plan->private_columns[r->maker->first + i];
        const plt_counter *k = r->plan->private_counters[r->maker->first + i];
        uint64_t n;
        if (!plt_oid_below(v->name, plt_octets_make(col->oid, col->oid_size))) continue;
        if (k->decode != PLT_DECODE_NONE)
            maker_row(&r->tables, k->decode, plt_octets_make(v->name.p + col->oid_size, v->name.n - col->oid_size), v, r->from, r->d);
        else if (k->what != PLT_METER_COUNT && v->type == PLT_SNMP_STRING)
            set_if_missing(r, k->what, v->value);
        else if (k->what == PLT_METER_COUNT && plt_snmp_unsigned(v, &n) &&
                 !(k->row == PLT_METER_TOTAL && plt_device_evidence(r->d, PLT_METER_COUNT, PLT_METER_TOTAL, r->from.source)))
            plt_device_set_number(r->d, PLT_METER_COUNT, k->row, r->from, n, NULL);
        return;
    }
}

static bool index_below(plt_octets name, plt_octets column, uint32_t index[2])
{
    if (!plt_oid_below(name, column)) return false;
    plt_octets tail = plt_octets_make(name.p + column.n, name.n - column.n);
    return plt_oid_take(&tail, &index[0]) && plt_oid_take(&tail, &index[1]);
}

/* What other rows lean on. */
static void prepare(reading *r, plt_octets variables)
{
    const plt_octets unit = PLT_OID("\x2B\x06\x01\x02\x01\x2B\x0A\x02\x01\x03"), colorant = PLT_OID("\x2B\x06\x01\x02\x01\x2B\x0C\x01\x01\x04"),
                     uptime = PLT_OID("\x2B\x06\x01\x02\x01\x01\x03"), object = PLT_OID("\x2B\x06\x01\x02\x01\x01\x02"),
                     enterprises = PLT_OID("\x2B\x06\x01\x04\x01");
    plt_cursor list = plt_cursor_make(variables.p, variables.n);
    for (plt_snmp_var v; plt_snmp_next(&list, &v);) {
        uint32_t index[2];
        uint64_t n = 0;
        bool number = plt_snmp_unsigned(&v, &n);
        if (number && plt_oid_below(v.name, uptime)) r->uptime = n;
        if (plt_oid_below(v.name, object) && v.type == PLT_SNMP_OID && plt_oid_valid(v.value)) {
            r->maker = plt_plan_maker(r->plan, v.value);
            plt_octets tail = plt_octets_make(v.value.p + enterprises.n, v.value.n - enterprises.n);
            if (plt_oid_below(v.value, enterprises)) plt_oid_take(&tail, &r->enterprise);
        }
        if (number && r->units < MARKERS && n < UINT32_MAX && index_below(v.name, unit, index) && (!r->printer || index[0] == r->printer)) {
            r->unit_row[r->units] = index[1];
            r->unit[r->units++] = (uint32_t)n;
        }
        if (r->colors < COLORANTS && index_below(v.name, colorant, index) && (!r->printer || index[0] == r->printer)) {
            r->color_row[r->colors] = index[1];
            r->color[r->colors++] = v.value;
        }
    }
}

/* Our word for it: what stops it, what it wants, what it does. */
static void set_state(reading *r)
{
    const uint64_t stops = 1u << PLT_NO_PAPER | 1u << PLT_NO_TONER | 1u << PLT_DOOR_OPEN | 1u << PLT_JAMMED | 1u << PLT_INPUT_MISSING |
                           1u << PLT_MARKER_MISSING | 1u << PLT_OUTPUT_FULL | 1u << PLT_OUTPUT_MISSING;
    uint64_t bits = 0, device = 0, printer = 0;
    bool any = plt_device_number(r->d, PLT_CONDITIONS, 0, &bits);
    any = plt_device_number(r->d, PLT_DEVICE_STATUS, 0, &device) || any;
    any = plt_device_number(r->d, PLT_PRINTER_STATUS, 0, &printer) || any;
    if (!any) return;
    plt_state s = printer == 4                  ? PLT_STATE_PRINTING
                  : printer == 5                ? PLT_STATE_WARMING
                  : printer == 3 || device == 2 ? PLT_STATE_READY
                                                : PLT_STATE_UNKNOWN;
    if (bits || device == 3) s = PLT_STATE_ATTENTION;
    if (bits & 1u << PLT_IS_OFFLINE) s = PLT_STATE_OFFLINE;
    if (device == 5 || bits & stops) s = PLT_STATE_STOPPED;
    if (bits & 1u << PLT_SERVICE_REQUESTED && device == 5) s = PLT_STATE_BROKEN;
    plt_device_set_number(r->d, PLT_STATE, 0, r->from, s, NULL);
}

static void set_complete(const plt_collect_result *res, uint8_t categories, plt_device *d)
{
    static const struct {
        uint8_t category;
        plt_group group;
    } groups[] = {{PLT_SCAN_SUPPLIES, PLT_GROUP_SUPPLY},
                  {PLT_SCAN_SUPPLIES, PLT_GROUP_INPUT},
                  {PLT_SCAN_SUPPLIES, PLT_GROUP_OUTPUT},
                  {PLT_SCAN_ERRORS, PLT_GROUP_ALERT},
                  {PLT_SCAN_ERRORS, PLT_GROUP_CONSOLE}};
    if (res->outcome != PLT_COLLECT_READ || res->notes & (PLT_NOTE_LOOP | PLT_NOTE_ERRORS)) return;
    for (size_t i = 0; i < COUNT(groups); i++)
        if (categories & groups[i].category) plt_device_set_complete(d, groups[i].group);
}

void plt_reader_device(const plt_collect_result *res, uint32_t printer, uint8_t categories, int64_t at, plt_device *d)
{
    reading r = {.d = d, .from = {PLT_SOURCE_SNMP, at}, .printer = printer, .plan = plt_plan_get()};
    char address[PLT_ADDRESS_TEXT];
    encode_fields();
    prepare(&r, res->list);
    plt_cursor list = plt_cursor_make(res->list.p, res->list.n);
    for (plt_snmp_var v; plt_snmp_next(&list, &v);) {
        uint32_t row;
        const field *f = field_of(v.name);
        if (!f)
            private_value(&r, &v);
        else if (row_of(&r, f, v.name, &row))
            set_value(&r, f, row, &v);
    }
    maker_end(&r.tables, r.from, d);
    if (maker_name(r.enterprise) && !*plt_device_text(d, PLT_MAKE, 0)) plt_device_set_text(d, PLT_MAKE, 0, r.from, maker_name(r.enterprise), NULL);
    plt_address a = res->address;
    a.port = 0;
    plt_address_format(&a, address);
    plt_device_set_text(d, PLT_ADDRESS, 0, r.from, address, NULL);
    set_state(&r);
    set_complete(res, categories, d);
}

size_t plt_reader_printers(plt_octets variables, uint32_t index[PLT_PRINTERS_MOST])
{
    static const plt_octets columns[] = {{(const uint8_t *)"\x2B\x06\x01\x02\x01\x19\x03\x05\x01\x01", 10},  /* hrPrinterStatus */
                                         {(const uint8_t *)"\x2B\x06\x01\x02\x01\x2B\x05\x01\x01\x01", 10}}; /* prtGeneralConfigChanges */
    size_t n = 0;
    plt_cursor list = plt_cursor_make(variables.p, variables.n);
    for (plt_snmp_var v; plt_snmp_next(&list, &v);) {
        for (size_t i = 0; i < COUNT(columns); i++) {
            uint32_t id;
            size_t at = 0;
            if (!plt_oid_below(v.name, columns[i])) continue;
            plt_octets tail = plt_octets_make(v.name.p + columns[i].n, v.name.n - columns[i].n);
            if (!plt_oid_take(&tail, &id)) continue;
            while (at < n && index[at] < id) at++;
            if ((at < n && index[at] == id) || n == PLT_PRINTERS_MOST) continue;
            memmove(&index[at + 1], &index[at], (n - at) * sizeof *index);
            index[at] = id;
            n++;
        }
    }
    return n;
}
