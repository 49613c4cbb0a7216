/* SPDX-License-Identifier: Apache-2.0 */
/* What a device of the farm counts, holds and is called: everything from its number, the seed and how much it has printed. */
#include <stdlib.h>
#include <string.h>

#include "tests/lab/farm.h"
#include "tests/lab/farm_faults.h"

const char *const farm_meter_names[FARM_METERS] = {"total",      "print", "print_mono", "print_color", "copy",   "copy_mono",
                                                   "copy_color", "fax",   "mono",       "color",       "duplex", "scan"};

const farm_shape *farm_shape_of(const farm_device *d)
{
    return &farm_shapes[d->shape];
}

/* splitmix64: each call another number. */
uint64_t farm_random(farm *f)
{
    uint64_t z = f->random += 0x9E3779B97F4A7C15u;
    z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9u;
    z = (z ^ z >> 27) * 0x94D049BB133111EBu;
    return z ^ z >> 31;
}

/* By chance, but always the same for this device and purpose. */
static uint32_t chance(const farm_device *d, uint32_t purpose)
{
    uint32_t h = d->hash ^ purpose * 0x9E3779B1u;
    h = (h ^ h >> 16) * 0x85EBCA6Bu;
    h = (h ^ h >> 13) * 0xC2B2AE35u;
    return h ^ h >> 16;
}

enum { FOR_SHAPE = 1, FOR_CONDITION, FOR_FAULT, FOR_LIFE, FOR_BASE, FOR_PLACE, FOR_SUPPLY = 100, FOR_TRAY = 200, FOR_SERIAL = 300 };

/* Many young printers, some with over a million pages. */
static uint32_t total_of(const farm_device *d)
{
    uint32_t r = chance(d, FOR_BASE);
    return 37 + (r >> 12) % (1u << (9 + r % 12)) + d->printed;
}

static uint32_t part(uint32_t whole, uint32_t permille)
{
    return (uint32_t)((uint64_t)whole * permille / 1000);
}

void farm_meters(const farm_device *d, uint32_t out[FARM_METERS])
{
    const farm_shape *s = farm_shape_of(d);
    uint32_t total = total_of(d), copied = part(total, s->copy_permille);
    out[FARM_TOTAL] = total;
    out[FARM_FAX] = part(copied, 40);
    out[FARM_COPY] = copied - out[FARM_FAX];
    out[FARM_PRINT] = total - copied;
    out[FARM_COPY_COLOR] = part(out[FARM_COPY], s->color_permille / 2);
    out[FARM_COPY_MONO] = out[FARM_COPY] - out[FARM_COPY_COLOR];
    out[FARM_PRINT_COLOR] = part(out[FARM_PRINT], s->color_permille);
    out[FARM_PRINT_MONO] = out[FARM_PRINT] - out[FARM_PRINT_COLOR];
    out[FARM_COLOR] = out[FARM_COPY_COLOR] + out[FARM_PRINT_COLOR];
    out[FARM_MONO] = total - out[FARM_COLOR];
    out[FARM_DUPLEX] = part(total, 310);
    out[FARM_SCAN] = part(total, s->copy_permille * 2u);
}

static bool has_condition(const farm_device *d, unsigned group)
{
    const farm_alert *a = farm_conditions[d->condition].alerts;
    return a[0].code && a[0].group == group;
}

int32_t farm_supply_level(const farm_device *d, unsigned supply)
{
    const farm_supply *s = &farm_shape_of(d)->supplies[supply];
    if (!s->life) return s->level;
    uint32_t life = (uint32_t)s->life, used = (chance(d, FOR_SUPPLY + supply) % life + total_of(d)) % life;
    int32_t whole = s->max > 0 ? s->max : 100, gone = (int32_t)((int64_t)whole * used / life);
    if (supply == 0 && has_condition(d, 11)) gone = whole - whole * 3 / 100;
    return s->inverted ? gone : whole - gone;
}

int32_t farm_tray_level(const farm_device *d, unsigned tray)
{
    const farm_tray *t = &farm_shape_of(d)->trays[tray];
    if (tray == 0 && has_condition(d, 8)) return 0;
    if (t->level || t->max <= 0) return t->level;
    return 1 + (int32_t)(chance(d, FOR_TRAY + tray) % (uint32_t)t->max);
}

unsigned farm_alert_count(const farm_device *d)
{
    const farm_alert *a = farm_conditions[d->condition].alerts;
    return a[0].code == 0 ? 0 : a[1].code == 0 ? 1 : 2;
}

void farm_mac(const farm *f, const farm_device *d, uint8_t out[6])
{
    uint32_t oui = farm_shape_of(d)->oui, n = (uint32_t)(d - f->devices) ^ (f->options.seed & 0xFF) << 16;
    for (int i = 0; i < 3; i++) {
        out[i] = (uint8_t)(oui >> (16 - 8 * i));
        out[3 + i] = (uint8_t)(n >> (16 - 8 * i));
    }
}

const char *farm_location(const farm_device *d)
{
    static const char *const places[][FARM_LANGUAGES] = {
        {"Building A, 2nd floor, room 214",
         "Geb\xC3\xA4"
         "ude A, 2. Stock, Raum 214",
         "B\xC3\xA2timent A, 2e \xC3\xA9tage, salle 214", "\xE6\x9C\xAC\xE7\xA4\xBE 2\xE9\x9A\x8E"},
        {"Accounting", "Buchhaltung", "Comptabilit\xC3\xA9", "\xE7\xB5\x8C\xE7\x90\x86\xE9\x83\xA8"},
        {"", "", "", ""},
        {"Warehouse; gate \"B\"", "Lager; Tor \"B\"", "Entrep\xC3\xB4t ; porte \"B\"", "\xE5\x80\x89\xE5\xBA\xAB"},
    };
    return places[chance(d, FOR_PLACE) % 4][farm_shape_of(d)->language];
}

size_t farm_serial(const farm_device *d, char *out, size_t size)
{
    static const char letters[] = "ABCDEFGHJKLMNPQRSTUVWXYZ";
    size_t n = 0;
    for (const char *p = farm_shape_of(d)->serial; *p && n + 1 < size; p++, n++) {
        uint32_t r = chance(d, FOR_SERIAL + (uint32_t)n);
        out[n] = *p == '#' ? (char)('0' + r % 10) : *p == '@' ? letters[r % 24] : *p == '%' ? "0123456789ABCDEF"[r % 16] : *p;
    }
    out[n] = 0;
    return n;
}

static size_t append(char *out, size_t size, size_t at, const char *text)
{
    size_t n = strlen(text);
    if (n > size - 1 - at) n = size - 1 - at;
    memcpy(out + at, text, n);
    return at + n;
}

size_t farm_text(const farm *f, const farm_device *d, const char *pattern, char *out, size_t size)
{
    const farm_shape *s = farm_shape_of(d);
    char some[64];
    size_t n = 0;
    for (const char *p = pattern; *p && n + 1 < size; p++) {
        if (p[0] != '{' || !p[1] || p[2] != '}') {
            out[n++] = *p;
            continue;
        }
        uint8_t mac[6];
        const char *with = some;
        switch (p[1]) {
        case 's': farm_serial(d, some, sizeof some); break;
        case 'm': with = s->model; break;
        case 'f': with = s->firmware; break;
        case 'n': farm_text(f, d, s->sys_name, some, sizeof some); break; /* a name has no {n} in it */
        default: farm_mac(f, d, mac); snprintf(some, sizeof some, "%02X%02X%02X", mac[3], mac[4], mac[5]);
        }
        n = append(out, size, n, with);
        p += 2;
    }
    out[n] = 0;
    return n;
}

static uint8_t condition_of(uint32_t r)
{
    unsigned at = 0;
    r %= 256;
    for (unsigned i = 0; i < farm_condition_count; i++) {
        at += farm_conditions[i].weight;
        if (r < at) return (uint8_t)i;
    }
    return 0;
}

/* Is the word in the list by commas? */
static bool listed(const char *list, const char *word)
{
    size_t n = strlen(word);
    for (const char *p = list; p; p = strchr(p, ',') ? strchr(p, ',') + 1 : NULL)
        if (strncmp(p, word, n) == 0 && (p[n] == 0 || p[n] == ',')) return true;
    return false;
}

static size_t shapes_wanted(const char *list, uint8_t out[64])
{
    size_t n = 0;
    for (size_t i = 0; i < farm_shape_count && i < 64; i++)
        if (!list || listed(list, farm_shapes[i].id) || listed(list, farm_shapes[i].vendor)) out[n++] = (uint8_t)i;
    return n;
}

static uint8_t fault_of(const farm_options *o, uint32_t r)
{
    unsigned kinds = 0, nth;
    for (unsigned i = 1; i < FARM_FAULTS; i++) kinds += o->faults >> i & 1;
    if (!kinds || r % 1000 >= o->broken_permille) return FARM_SOUND;
    nth = r / 1000 % kinds;
    for (unsigned i = 1; i < FARM_FAULTS; i++)
        if (o->faults >> i & 1 && nth-- == 0) return (uint8_t)i;
    return FARM_SOUND;
}

static void be_born(farm *f, uint32_t i, const uint8_t *shapes, size_t shape_count)
{
    farm_device *d = &f->devices[i];
    d->hash = (uint32_t)farm_random(f);
    d->shape = shapes[i < shape_count ? i : chance(d, FOR_SHAPE) % shape_count]; /* the first ones are one of each */
    d->condition = condition_of(chance(d, FOR_CONDITION));
    d->fault = fault_of(&f->options, chance(d, FOR_FAULT));
    d->live = chance(d, FOR_LIFE) % 100 < f->options.live_percent;
}

static plt_mib_rows rows_of(const farm_shape *s, unsigned alerts)
{
    plt_mib_rows r = {.count = {[PLT_MIB_INTERFACE] = 1,
                                [PLT_MIB_COVER] = 1,
                                [PLT_MIB_LOCALE] = 1,
                                [PLT_MIB_OUTPUT] = 1,
                                [PLT_MIB_MARKER] = 1,
                                [PLT_MIB_CONSOLE] = 1,
                                [PLT_MIB_LIGHT] = 2,
                                [PLT_MIB_ALERT] = alerts}};
    while (s->supplies[r.count[PLT_MIB_SUPPLY]].text) r.count[PLT_MIB_SUPPLY]++;
    while (s->trays[r.count[PLT_MIB_INPUT]].name) r.count[PLT_MIB_INPUT]++;
    if (s->quirks & FARM_NO_SUPPLIES) r.count[PLT_MIB_SUPPLY] = 0;
    r.count[PLT_MIB_COLORANT] = s->quirks & FARM_NO_COLORANTS ? 0 : s->color_permille ? 4 : 1;
    r.count[PLT_MIB_ENTITY] = s->quirks & FARM_NO_ENTITY ? 0 : 1;
    return r;
}

static const char *build_mib(farm *f, uint8_t shape, unsigned alerts)
{
    enum { MOST = 400 };
    static plt_mib_object room[MOST];
    const farm_shape *s = &farm_shapes[shape];
    farm_device first = f->devices[0]; /* stands in for any: a list does not depend on the device */
    farm_asked asked = {f, &f->devices[0]};
    plt_mib m;
    plt_mib_rows rows = rows_of(s, alerts);
    plt_mib_init(&m, room, MOST);
    plt_mib_add_machine(&m, &rows);
    plt_mib_add_printer(&m, 0, &rows);
    for (uint16_t i = 0; s->privates[i].column; i++) plt_mib_add_private(&m, s->privates[i].column, s->privates[i].index, s->privates[i].type, 0, i);
    f->devices[0].shape = shape;
    plt_mib_end(&m, farm_value, &asked);
    f->devices[0] = first;
    if (m.full) return "a shape has more objects, or longer names, than there is room for";
    f->mibs[shape][alerts] = m;
    f->mibs[shape][alerts].objects = malloc(m.count * sizeof *m.objects);
    if (!f->mibs[shape][alerts].objects) return "out of memory";
    memcpy(f->mibs[shape][alerts].objects, room, m.count * sizeof *m.objects);
    return NULL;
}

const char *farm_open(farm *f, const farm_options *o)
{
    uint8_t shapes[64];
    size_t n = shapes_wanted(o->shapes, shapes);
    memset(f, 0, sizeof *f);
    f->options = *o;
    f->random = o->seed;
    if (!n) return "no shape has that name: see --list";
    if (!o->devices || o->devices > FARM_DEVICES_MAX || o->base >> 24 != 127 || o->devices - 1 > 0x7FFFFFFE - o->base)
        return "1 to 65536 devices, all within 127.0.0.0/8";
    f->devices = calloc(o->devices, sizeof *f->devices);
    if (!f->devices) return "out of memory";
    for (uint32_t i = 0; i < o->devices; i++) be_born(f, i, shapes, n);
    for (size_t i = 0; i < n; i++)
        for (unsigned alerts = 0; alerts <= FARM_ALERTS_MAX; alerts++) {
            const char *why = build_mib(f, shapes[i], alerts);
            if (why) return why;
        }
    return NULL;
}

void farm_close(farm *f)
{
    free(f->devices);
    for (size_t i = 0; i < 64; i++)
        for (unsigned alerts = 0; alerts <= FARM_ALERTS_MAX; alerts++) free(f->mibs[i][alerts].objects);
    memset(f, 0, sizeof *f);
}

const plt_mib *farm_mib(const farm *f, const farm_device *d)
{
    return &f->mibs[d->shape][farm_alert_count(d)];
}

plt_recording *farm_recording(const farm *f, const farm_device *d)
{
    return f->recording_count ? &f->recordings[(size_t)(d - f->devices) % f->recording_count] : NULL;
}

farm_device *farm_at(farm *f, uint32_t address)
{
    uint32_t i = address - f->options.base;
    return i < f->options.devices && f->devices[i].live ? &f->devices[i] : NULL;
}

uint32_t farm_address(const farm *f, const farm_device *d)
{
    return f->options.base + (uint32_t)(d - f->devices);
}

void farm_print(farm *f)
{
    uint64_t r = farm_random(f);
    farm_device *d = &f->devices[(r >> 16) % f->options.devices];
    uint32_t pages = 1 + (uint32_t)(r & 0xF);
    d->printed += pages;
    f->pages += pages;
}
