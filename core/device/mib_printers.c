/* SPDX-License-Identifier: Apache-2.0 */
/* Which field of a device stands behind which object. Most are a row of a table; the others are derived here, by the RFCs' rules. */
#include "core/device/mib_printers.h"

#include <stdio.h>
#include <string.h>

#include "core/device/meter.h"

#define PML "1.3.6.1.4.1.11.2.3.9.4.2."
#define ENDED PLT_WHAT_COUNT
#define ABSENT (-1000) /* no object rather than a number that stands for "not known" */

/* RFC 3805's and RFC 2790's ways to say that it is not known. */
enum { UNKNOWN_LEVEL = -2, TC_UNKNOWN = 2, TC_OTHER = 1 };

/* Columns that are a field of the row. `otherwise`: the number where nobody said one. */
static const struct direct {
    uint8_t column;
    uint8_t what;
    int16_t otherwise;
} direct[] = {
    {PLT_MIB_SYS_CONTACT, PLT_CONTACT, ABSENT},
    {PLT_MIB_SYS_LOCATION, PLT_LOCATION, ABSENT},
    {PLT_MIB_PRT_NAME, PLT_NAME, ABSENT},
    {PLT_MIB_PRT_SERIAL, PLT_SERIAL, ABSENT},
    {PLT_MIB_INPUT_TYPE, PLT_INPUT_TYPE, TC_UNKNOWN},
    {PLT_MIB_INPUT_UNIT, PLT_INPUT_UNIT, ABSENT},
    {PLT_MIB_INPUT_MAX, PLT_INPUT_CAPACITY, UNKNOWN_LEVEL},
    {PLT_MIB_INPUT_LEVEL, PLT_INPUT_LEVEL, UNKNOWN_LEVEL},
    {PLT_MIB_INPUT_STATUS, PLT_INPUT_STATUS, ABSENT},
    {PLT_MIB_INPUT_MEDIA, PLT_INPUT_MEDIA, ABSENT},
    {PLT_MIB_INPUT_NAME, PLT_INPUT_NAME, ABSENT},
    {PLT_MIB_INPUT_DESCR, PLT_INPUT_NAME, ABSENT},
    {PLT_MIB_OUTPUT_TYPE, PLT_OUTPUT_TYPE, TC_UNKNOWN},
    {PLT_MIB_OUTPUT_UNIT, PLT_OUTPUT_UNIT, ABSENT},
    {PLT_MIB_OUTPUT_MAX, PLT_OUTPUT_CAPACITY, UNKNOWN_LEVEL},
    {PLT_MIB_OUTPUT_REMAINING, PLT_OUTPUT_LEFT, UNKNOWN_LEVEL},
    {PLT_MIB_OUTPUT_STATUS, PLT_OUTPUT_STATUS, ABSENT},
    {PLT_MIB_OUTPUT_NAME, PLT_OUTPUT_NAME, ABSENT},
    {PLT_MIB_SUPPLY_TYPE, PLT_SUPPLY_TYPE, TC_UNKNOWN},
    {PLT_MIB_SUPPLY_UNIT, PLT_SUPPLY_UNIT, TC_UNKNOWN},
    {PLT_MIB_SUPPLY_MAX, PLT_SUPPLY_CAPACITY, UNKNOWN_LEVEL},
    {PLT_MIB_CONSOLE_TEXT, PLT_CONSOLE_TEXT, ABSENT},
    {PLT_MIB_ALERT_SEVERITY, PLT_ALERT_SEVERITY, TC_OTHER},
    {PLT_MIB_ALERT_TRAINING, PLT_ALERT_TRAINING, TC_UNKNOWN},
    {PLT_MIB_ALERT_GROUP, PLT_ALERT_GROUP, TC_OTHER},
    {PLT_MIB_ALERT_GROUP_INDEX, PLT_ALERT_GROUP_INDEX, -1},
    {PLT_MIB_ALERT_LOCATION, PLT_ALERT_LOCATION, UNKNOWN_LEVEL},
    {PLT_MIB_ALERT_CODE, PLT_ALERT_CODE, TC_UNKNOWN},
    {PLT_MIB_ALERT_DESCR, PLT_ALERT_TEXT, ABSENT},
    {PLT_MIB_ENTITY_NAME, PLT_NAME, ABSENT},
    {PLT_MIB_ENTITY_FIRMWARE, PLT_FIRMWARE, ABSENT},
    {PLT_MIB_ENTITY_SERIAL, PLT_SERIAL, ABSENT},
    {PLT_MIB_ENTITY_MAKER, PLT_MAKE, ABSENT},
    {PLT_MIB_ENTITY_MODEL, PLT_MODEL, ABSENT},
};

/* HP's objects, by their PML numbers: of the first printer, if it is HP's. Tools that know HP ask for these. */
static const struct pml {
    const char *id;
    uint8_t what;
    uint32_t row;
} pml[] = {
    {"1.1.3.2", PLT_MODEL, 0},
    {"1.1.3.3", PLT_SERIAL, 0},
    {"1.1.3.6", PLT_FIRMWARE, 0},
    {"1.4.1.2.5", PLT_METER_COUNT, PLT_METER_TOTAL},
    {"1.4.1.2.6", PLT_METER_COUNT, PLT_METER_MONO},
    {"1.4.1.2.7", PLT_METER_COUNT, PLT_METER_COLOR},
    {"1.4.1.2.22", PLT_METER_COUNT, PLT_METER_DUPLEX},
};
enum { PMLS = sizeof pml / sizeof pml[0], HP_DEVICE_ID = PMLS, PWG_DEVICE_ID };

/* sysObjectID by maker: by it collectors choose what they ask. */
static const struct {
    const char *make, *id;
} makers[] = {
    {"HP", "1.3.6.1.4.1.11.2.3.9.1"},
    {"Hewlett-Packard", "1.3.6.1.4.1.11.2.3.9.1"},
    {"Brother", "1.3.6.1.4.1.2435.2.3.9.1"},
    {"Canon", "1.3.6.1.4.1.1602.4.7"},
    {"EPSON", "1.3.6.1.4.1.1248.1.1.2"},
    {"KYOCERA", "1.3.6.1.4.1.1347.41"},
    {"Lexmark", "1.3.6.1.4.1.641.1"},
    {"RICOH", "1.3.6.1.4.1.367.1.1"},
    {"Samsung", "1.3.6.1.4.1.236.11.5.1"},
    {"Xerox", "1.3.6.1.4.1.253.8.62.1"},
    {"OKI", "1.3.6.1.4.1.2001.1.1.1.1"},
    {"Pantum", "1.3.6.1.4.1.40093.1.1"},
    {"KONICA MINOLTA", "1.3.6.1.4.1.18334.1.1.1.2.1"},
};

typedef struct ask {
    const plt_mib_printers *all;
    const plt_mib_printer *printer;
    const plt_device *device;
    uint32_t row; /* the printer's own index */
    plt_serve_value *out;
    char *text; /* PLT_SERVE_TEXT octets */
} ask;

static bool octets(const ask *a, const char *text)
{
    a->out->octets = plt_octets_make(text, strlen(text));
    return true;
}

static bool number(const ask *a, int64_t v)
{
    if (a->out->type == PLT_SNMP_INTEGER)
        a->out->integer = v > INT32_MAX ? INT32_MAX : v < INT32_MIN ? INT32_MIN : (int32_t)v;
    else
        a->out->number = (uint32_t)(uint64_t)v; /* counters wrap */
    return true;
}

/* The Printer MIB's numbers for the ways of not having one. */
static bool mib_number(const ask *a, const plt_value *v, int16_t otherwise)
{
    static const int8_t sentinels[] = {[PLT_OTHER] = -1, [PLT_UNKNOWN] = -2, [PLT_SOME] = -3, [PLT_GONE] = -2};
    if (v && v->kind == PLT_IS) return number(a, (int64_t)v->n);
    if (otherwise == ABSENT) return false;
    return number(a, v && otherwise == UNKNOWN_LEVEL ? sentinels[v->kind] : otherwise);
}

static bool field(const ask *a, plt_what what, uint32_t row, int16_t otherwise)
{
    if (plt_field_of(what)->type != PLT_TYPE_TEXT) return mib_number(a, plt_device_get(a->device, what, row), otherwise);
    const char *text = plt_device_text(a->device, what, row);
    return text[0] && octets(a, text);
}

static bool oid(const ask *a, const char *dotted)
{
    size_t n = plt_oid_parse(dotted, (uint8_t *)a->text, PLT_SERVE_TEXT);
    a->out->octets = plt_octets_make(a->text, n);
    return n > 0;
}

static bool is_hp(const plt_device *d)
{
    const char *make = plt_device_text(d, PLT_MAKE, 0);
    return strcmp(make, "HP") == 0 || strcmp(make, "Hewlett-Packard") == 0;
}

/* "HP LaserJet 4": the maker in front unless the model begins with it, in one of its names. */
static bool full_model(const ask *a)
{
    const char *make = plt_device_text(a->device, PLT_MAKE, 0), *model = plt_device_text(a->device, PLT_MODEL, 0);
    bool named = strncmp(model, make, strlen(make)) == 0 || (is_hp(a->device) && strncmp(model, "HP ", 3) == 0);
    if (!model[0]) return false;
    snprintf(a->text, PLT_SERVE_TEXT, "%s%s%s", named ? "" : make, named || !make[0] ? "" : " ", model);
    return octets(a, a->text);
}

static bool object_id(const ask *a)
{
    const char *own = plt_device_text(a->device, PLT_OBJECT_ID, 0), *make = plt_device_text(a->device, PLT_MAKE, 0);
    if (own[0]) return oid(a, own);
    for (size_t i = 0; i < sizeof makers / sizeof makers[0]; i++)
        if (strcmp(make, makers[i].make) == 0) return oid(a, makers[i].id);
    return oid(a, "0.0");
}

static bool device_id(const ask *a)
{
    const plt_device *d = a->device;
    const char *serial = plt_device_text(d, PLT_SERIAL, 0);
    if (!plt_device_text(d, PLT_MODEL, 0)[0]) return false;
    snprintf(a->text, PLT_SERVE_TEXT, "MFG:%s;MDL:%s;CMD:%s;CLS:PRINTER;%s%s%s", plt_device_text(d, PLT_MAKE, 0), plt_device_text(d, PLT_MODEL, 0),
             plt_device_text(d, PLT_LANGUAGES, 0), serial[0] ? "SN:" : "", serial, serial[0] ? ";" : "");
    return octets(a, a->text);
}

/* RFC 2790: how the device is, and how the printer is, from our own word where it did not say so itself. */
static bool status(const ask *a, bool of_printer)
{
    enum { RUNNING = 2, WARNING, TESTING, DOWN };
    enum { P_OTHER = 1, P_UNKNOWN, P_IDLE, P_PRINTING, P_WARMUP };
    static const uint8_t words[][2] = {
        [PLT_STATE_UNKNOWN] = {1, P_UNKNOWN},  [PLT_STATE_READY] = {RUNNING, P_IDLE},      [PLT_STATE_PRINTING] = {RUNNING, P_PRINTING},
        [PLT_STATE_BUSY] = {RUNNING, P_OTHER}, [PLT_STATE_ASLEEP] = {RUNNING, P_OTHER},    [PLT_STATE_WARMING] = {RUNNING, P_WARMUP},
        [PLT_STATE_OFFLINE] = {DOWN, P_OTHER}, [PLT_STATE_ATTENTION] = {WARNING, P_OTHER}, [PLT_STATE_STOPPED] = {DOWN, P_OTHER},
        [PLT_STATE_BROKEN] = {DOWN, P_OTHER},
    };
    uint64_t v;
    if (plt_device_number(a->device, of_printer ? PLT_PRINTER_STATUS : PLT_DEVICE_STATUS, 0, &v)) return number(a, (int64_t)v);
    if (!plt_device_number(a->device, PLT_STATE, 0, &v) || v >= sizeof words / sizeof words[0]) v = PLT_STATE_UNKNOWN;
    return number(a, words[v][of_printer]);
}

static bool error_bits(const ask *a)
{
    uint64_t set;
    memset(a->text, 0, 2);
    if (!plt_device_number(a->device, PLT_CONDITIONS, 0, &set)) return false;
    for (unsigned i = 0; i < PLT_CONDITION_COUNT; i++)
        if (set >> i & 1) a->text[i / 8] = (char)((uint8_t)a->text[i / 8] | 0x80 >> i % 8);
    a->out->octets = plt_octets_make(a->text, 2);
    return true;
}

/* A printer that knows only "low" or "empty" says so in the Printer MIB's words: some, or none. */
static bool supply_level(const ask *a)
{
    const plt_value *v = plt_device_get(a->device, PLT_SUPPLY_LEVEL, a->row);
    uint64_t state;
    if (v || !plt_device_number(a->device, PLT_SUPPLY_STATE, a->row, &state)) return mib_number(a, v, UNKNOWN_LEVEL);
    bool none = state == PLT_SUPPLY_EMPTY || state == PLT_SUPPLY_FULL,
         some = state == PLT_SUPPLY_OK || state == PLT_SUPPLY_LOW || state == PLT_SUPPLY_NEAR_FULL;
    return number(a, none ? 0 : some ? -3 : UNKNOWN_LEVEL);
}

/* What it is says whether it runs out or fills up, where the printer does not. */
static bool supply_class(const ask *a)
{
    enum { OTHER = 1, CONSUMED = 3, FILLED = 4, WASTE_TONER = 4, WASTE_INK = 8, WASTE_WAX = 14 };
    uint64_t type;
    if (field(a, PLT_SUPPLY_CLASS, a->row, ABSENT)) return true;
    if (!plt_device_number(a->device, PLT_SUPPLY_TYPE, a->row, &type) || type < 3) return number(a, OTHER);
    return number(a, type == WASTE_TONER || type == WASTE_INK || type == WASTE_WAX ? FILLED : CONSUMED);
}

static bool supply_colorant(const ask *a)
{
    const char *color = plt_device_text(a->device, PLT_SUPPLY_COLOR, a->row);
    for (size_t i = 0; color[0] && i < a->printer->counts[PLT_MIB_COLORANT]; i++)
        if (strcmp(a->printer->colors[i], color) == 0) return number(a, (int64_t)i + 1);
    return number(a, 0);
}

static bool private_value(const ask *a, unsigned which)
{
    return which < PMLS ? field(a, (plt_what)pml[which].what, pml[which].row, ABSENT) : device_id(a);
}

/* What is no plain field. */
static bool derived(const ask *a, const plt_mib_object *o)
{
    switch (o->column) {
    case PLT_MIB_SYS_DESCR:
    case PLT_MIB_HR_DESCR:
    case PLT_MIB_ENTITY_DESCR: return full_model(a);
    case PLT_MIB_SYS_OBJECT_ID: return object_id(a);
    case PLT_MIB_SYS_UPTIME: return number(a, (int64_t)(a->all->uptime_ms / 10));
    case PLT_MIB_SYS_NAME: return octets(a, a->all->name);
    case PLT_MIB_SYS_SERVICES: return number(a, 64); /* applications */
    case PLT_MIB_HR_INDEX: return number(a, o->printer + 1);
    case PLT_MIB_HR_TYPE: return oid(a, "1.3.6.1.2.1.25.3.1.5"); /* hrDevicePrinter */
    case PLT_MIB_HR_ID: return oid(a, "0.0");
    case PLT_MIB_HR_STATUS: return status(a, false);
    case PLT_MIB_HR_PRINTER_STATUS: return status(a, true);
    case PLT_MIB_HR_PRINTER_ERRORS: return error_bits(a);
    case PLT_MIB_PRT_RESET: return number(a, 3); /* notResetting */
    case PLT_MIB_MARKER_TECH: return number(a, TC_UNKNOWN);
    case PLT_MIB_MARKER_UNIT: return number(a, PLT_UNIT_IMPRESSIONS);
    case PLT_MIB_MARKER_LIFE: return field(a, PLT_METER_COUNT, PLT_METER_TOTAL, ABSENT);
    case PLT_MIB_SUPPLY_MARKER:
    case PLT_MIB_COLORANT_MARKER: return number(a, 1);
    case PLT_MIB_SUPPLY_CLASS: return supply_class(a);
    case PLT_MIB_SUPPLY_COLORANT: return supply_colorant(a);
    case PLT_MIB_SUPPLY_DESCR:
        if (field(a, PLT_SUPPLY_TEXT, a->row, ABSENT) || field(a, PLT_SUPPLY_PART, a->row, ABSENT)) return true;
        return octets(a, plt_device_text(a->device, PLT_SUPPLY_COLOR, a->row));
    case PLT_MIB_SUPPLY_LEVEL: return supply_level(a);
    case PLT_MIB_COLORANT_ROLE: return number(a, 3); /* process */
    case PLT_MIB_COLORANT_VALUE: return octets(a, a->printer->colors[o->row]);
    case PLT_MIB_ENTITY_CLASS: return number(a, 3); /* chassis */
    case PLT_MIB_PRIVATE: return private_value(a, o->row);
    default: return false;
    }
}

bool plt_mib_printers_value(void *arg, const plt_mib_object *o, plt_serve_value *out, uint8_t text[PLT_SERVE_TEXT])
{
    const plt_mib_printers *m = arg;
    bool entity = o->column >= PLT_MIB_ENTITY_DESCR && o->column <= PLT_MIB_ENTITY_MODEL;
    const plt_mib_printer *p = &m->printers[entity ? o->row : o->printer];
    ask a = {m, p, p->device, 0, out, (char *)text};
    out->type = (plt_snmp_type)o->type;
    if (o->column < PLT_MIB_COLUMNS && !entity && o->row < PLT_MIB_PRINTER_ROWS) a.row = p->rows[plt_mib_table_of(o->column)][o->row];
    for (size_t i = 0; i < sizeof direct / sizeof direct[0]; i++)
        if (direct[i].column == o->column) return field(&a, (plt_what)direct[i].what, a.row, direct[i].otherwise);
    return derived(&a, o);
}

static void take_rows(plt_mib_printer *p, plt_mib_table table, plt_group group)
{
    for (uint32_t row = PLT_NO_ROW; p->counts[table] < PLT_MIB_PRINTER_ROWS && plt_device_next_row(p->device, group, &row);)
        p->rows[table][p->counts[table]++] = row;
}

static void take_colors(plt_mib_printer *p)
{
    size_t n = 0;
    for (size_t i = 0; i < p->counts[PLT_MIB_SUPPLY]; i++) {
        const char *color = plt_device_text(p->device, PLT_SUPPLY_COLOR, p->rows[PLT_MIB_SUPPLY][i]);
        size_t k = 0;
        while (k < n && strcmp(p->colors[k], color) != 0) k++;
        if (color[0] && k == n) p->colors[n++] = color;
    }
    p->counts[PLT_MIB_COLORANT] = n;
}

static void take_printer(plt_mib_printer *p, const plt_device *d)
{
    memset(p, 0, sizeof *p);
    p->device = d;
    take_rows(p, PLT_MIB_INPUT, PLT_GROUP_INPUT);
    take_rows(p, PLT_MIB_OUTPUT, PLT_GROUP_OUTPUT);
    take_rows(p, PLT_MIB_SUPPLY, PLT_GROUP_SUPPLY);
    take_rows(p, PLT_MIB_CONSOLE, PLT_GROUP_CONSOLE);
    take_rows(p, PLT_MIB_ALERT, PLT_GROUP_ALERT);
    take_colors(p);
    p->counts[PLT_MIB_MARKER] = 1;
}

static plt_mib_rows rows_of(const plt_mib_printer *p)
{
    plt_mib_rows r = {{0}, {NULL}};
    for (unsigned t = PLT_MIB_COVER; t < PLT_MIB_TABLES; t++) {
        r.count[t] = p->counts[t];
        if (t != PLT_MIB_MARKER && t != PLT_MIB_COLORANT) r.index[t] = p->rows[t];
    }
    return r;
}

void plt_mib_printers_set(plt_mib_printers *m, const plt_device *const *devices, size_t n, const char *name)
{
    plt_mib_rows machine = {{0}, {NULL}};
    m->count = n < PLT_MIB_PRINTERS_MAX ? n : PLT_MIB_PRINTERS_MAX;
    m->name = name;
    plt_mib_init(&m->mib, m->room, sizeof m->room / sizeof m->room[0]);
    machine.count[PLT_MIB_ENTITY] = m->count;
    for (size_t i = 0; i < m->count; i++) take_printer(&m->printers[i], devices[i]);
    if (m->count) plt_mib_add_machine(&m->mib, &machine);
    for (unsigned i = 0; i < m->count; i++) {
        plt_mib_rows rows = rows_of(&m->printers[i]);
        plt_mib_add_printer(&m->mib, i, &rows);
    }
    if (m->count && is_hp(devices[0])) {
        for (uint16_t i = 0; i < PMLS; i++) {
            char column[64];
            snprintf(column, sizeof column, PML "%s", pml[i].id);
            bool text = plt_field_of((plt_what)pml[i].what)->type == PLT_TYPE_TEXT;
            plt_mib_add_private(&m->mib, column, "0", text ? PLT_SNMP_STRING : PLT_SNMP_INTEGER, 0, i);
        }
        plt_mib_add_private(&m->mib, "1.3.6.1.4.1.11.2.3.9.1.1.7", "0", PLT_SNMP_STRING, 0, HP_DEVICE_ID);
    }
    if (m->count) plt_mib_add_private(&m->mib, "1.3.6.1.4.1.2699.1.2.1.2.1.1.3", "1", PLT_SNMP_STRING, 0, PWG_DEVICE_ID);
    plt_mib_end(&m->mib, plt_mib_printers_value, m);
}
