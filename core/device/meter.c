/* SPDX-License-Identifier: Apache-2.0 */
/* Names of meters, and what two readings of one say. It never guesses pages that no counter showed. */
#include "core/device/meter.h"

#include <stdio.h>
#include <string.h>

static const char *const dids[PLT_DID_COUNT] = {"", "print", "copy", "fax", "scan", "report", "fax_sent", "feed", "other"};
static const char *const inks[PLT_TINT_COUNT] = {"", "mono", "color", "twin", "single", "accent"};
static const char *const sides[PLT_SIDES_COUNT] = {"", "duplex", "simplex"};
static const char *const sizes[PLT_SIZE_COUNT] = {"",   "large",  "small", "a3",     "a4",        "a5",       "b4",
                                                  "b5", "letter", "legal", "ledger", "executive", "envelope", "banner"};

/* The parts of a name in their order, and where each lies in the row. */
static const struct part {
    const char *const *names;
    unsigned count, shift;
} parts[] = {{dids, PLT_DID_COUNT, 26}, {inks, PLT_TINT_COUNT, 23}, {sides, PLT_SIDES_COUNT, 21}, {sizes, PLT_SIZE_COUNT, 15}};
static const unsigned widths[] = {0x3F, 7, 3, 0x3F};
#define PARTS (sizeof parts / sizeof parts[0])

static const struct unit {
    plt_unit n;
    const char *name;
} units[] = {{PLT_UNIT_IMPRESSIONS, "impressions"},
             {PLT_UNIT_SHEETS, "sheets"},
             {PLT_UNIT_HOURS, "hours"},
             {PLT_UNIT_FEET, "feet"},
             {PLT_UNIT_METERS, "meters"},
             {PLT_UNIT_ITEMS, "items"},
             {PLT_UNIT_SQUARE_METERS, "square_meters"}};
#define UNITS (sizeof units / sizeof units[0])

const char *plt_unit_name(uint32_t unit)
{
    for (size_t i = 0; i < UNITS; i++)
        if ((uint32_t)units[i].n == unit) return units[i].name;
    return NULL;
}

bool plt_unit_find(const char *name, plt_unit *out)
{
    for (size_t i = 0; i < UNITS; i++) {
        if (strcmp(units[i].name, name) != 0) continue;
        *out = units[i].n;
        return true;
    }
    return false;
}

static unsigned part_of(uint32_t row, size_t i)
{
    return row >> parts[i].shift & widths[i];
}

bool plt_meter_split(uint32_t row, plt_meter_parts *out)
{
    memset(out, 0, sizeof *out);
    for (size_t i = 0; i < PARTS; i++)
        if (part_of(row, i) >= parts[i].count) return false;
    uint32_t unit = row >> 10 & 31;
    if (!plt_unit_name(unit)) return false;
    *out = (plt_meter_parts){(plt_did)part_of(row, 0), (plt_tint)part_of(row, 1), (plt_sides)part_of(row, 2), (plt_size)part_of(row, 3),
                             (plt_unit)unit,           row & PLT_METER_SLOT_MAX};
    return true;
}

void plt_meter_name(uint32_t row, char out[PLT_METER_NAME_SIZE])
{
    size_t n = 0;
    out[0] = 0;
    for (size_t i = 0; i < PARTS; i++) {
        unsigned v = part_of(row, i);
        if (!v || v >= parts[i].count) continue;
        n += (size_t)snprintf(out + n, PLT_METER_NAME_SIZE - n, "%s%s", n ? "." : "", parts[i].names[v]);
    }
    if (!n) memcpy(out, "total", sizeof "total");
}

bool plt_meter_find(const char *name, plt_unit unit, uint32_t slot, uint32_t *row)
{
    uint32_t found = 0;
    size_t part = 0;
    const char *p = strcmp(name, "total") != 0 ? name : "";
    if (!*name || slot > PLT_METER_SLOT_MAX || !plt_unit_name((uint32_t)unit)) return false;
    while (*p) {
        size_t n = strcspn(p, ".");
        unsigned v = 0;
        for (; part < PARTS && !v; part++) {
            for (v = parts[part].count - 1; v && (strlen(parts[part].names[v]) != n || memcmp(parts[part].names[v], p, n) != 0); v--) continue;
            found |= v << parts[part].shift;
        }
        if (!v || (p[n] == '.' && !p[n + 1])) return false;
        p += n + (p[n] == '.');
    }
    *row = found | (uint32_t)unit << 10 | slot;
    return true;
}

/* Where counters end: HP's engine counters at 24 bits, the Printer MIB's at 31 or 32. Zero ends the list. */
static const uint64_t *ends_of(plt_source s)
{
    static const uint64_t pml[] = {1u << 24, 0}, snmp[] = {1u << 24, 1ull << 31, 1ull << 32, 0}, others[] = {1u << 24, 0};
    return s == PLT_SOURCE_PML ? pml : s == PLT_SOURCE_SNMP ? snmp : others;
}

plt_meter_change plt_meter_compare(const plt_value *older, const plt_value *newer, uint32_t fastest, uint64_t *n)
{
    *n = 0;
    if (!older || !newer || older->kind != PLT_IS || newer->kind != PLT_IS) return PLT_METER_UNKNOWN;
    if (older->n == newer->n) return PLT_METER_SAME;
    if (newer->at < older->at) return PLT_METER_IMPOSSIBLE; /* not in order */
    uint64_t minutes = ((uint64_t)newer->at - (uint64_t)older->at) / 60000 + 1;
    uint64_t per_minute = fastest ? fastest : PLT_METER_FASTEST;
    uint64_t most = minutes > PLT_NUMBER_MAX / per_minute ? PLT_NUMBER_MAX : minutes * per_minute;
    if (newer->n > older->n) {
        if (newer->n - older->n > most) return PLT_METER_IMPOSSIBLE;
        *n = newer->n - older->n;
        return PLT_METER_GREW;
    }
    for (const uint64_t *end = ends_of((plt_source)newer->source); *end; end++) {
        /* From its last quarter into its first. */
        if (older->n >= *end || older->n < *end / 4 * 3 || newer->n > *end / 4 || *end - older->n + newer->n > most) continue;
        *n = *end - older->n + newer->n;
        return PLT_METER_WRAPPED;
    }
    if (newer->n > most) return PLT_METER_IMPOSSIBLE;
    *n = newer->n;
    return PLT_METER_RESET;
}

const char *plt_meter_change_name(plt_meter_change c)
{
    static const char *const names[] = {"same", "grew", "wrapped", "reset", "impossible", "unknown"};
    return (unsigned)c < sizeof names / sizeof names[0] ? names[c] : "unknown";
}
