/* SPDX-License-Identifier: Apache-2.0 */
/* What makers' tables mean. A counter whose meaning is not known is kept with its label or left out, never guessed. */
#include "core/collect/reader_makers.h"

#include "core/collect/reader.h"
#include "core/device/meter.h"

enum { SUM_COPY_COLOR, SUM_PRINT_COLOR, SUM_SCAN, SUM_MONO, SUM_COLOR };

typedef struct type_row {
    uint32_t type, row;
    int sum; /* added to this one, else -1 */
} type_row;

/* Types of Ricoh's table: GLPI's reading; 202 and 203, 402 and 403, 870 and 871 are parts of one. */
static const type_row ricoh[] = {
    {10, PLT_METER_TOTAL, -1}, {200, PLT_METER_COPY, -1},  {201, PLT_METER_COPY_MONO, -1},  {202, 0, SUM_COPY_COLOR},  {203, 0, SUM_COPY_COLOR},
    {300, PLT_METER_FAX, -1},  {400, PLT_METER_PRINT, -1}, {401, PLT_METER_PRINT_MONO, -1}, {402, 0, SUM_PRINT_COLOR}, {403, 0, SUM_PRINT_COLOR},
    {870, 0, SUM_SCAN},        {871, 0, SUM_SCAN},
};
/* Canon's numbers, where the dealer left them as they come: large and small of mono and colour are apart. */
static const type_row canon[] = {
    {101, PLT_METER_TOTAL, -1}, {112, 0, SUM_MONO},         {113, 0, SUM_MONO}, {122, 0, SUM_COLOR},
    {123, 0, SUM_COLOR},        {301, PLT_METER_PRINT, -1}, {501, 0, SUM_SCAN},
};
static const uint32_t sums[] = {PLT_METER_COPY_COLOR, PLT_METER_PRINT_COLOR, PLT_METER_SCAN, PLT_METER_MONO, PLT_METER_COLOR};

#define COUNT(a) (sizeof(a) / sizeof *(a))

static const struct {
    uint32_t enterprise;
    const char *name;
} makers[] = {
    {11, "HP"},       {236, "Samsung"},          {253, "Xerox"},    {367, "Ricoh"}, {641, "Lexmark"}, {683, "Zebra"},    {1129, "Toshiba"},
    {1248, "Epson"},  {1347, "Kyocera"},         {1602, "Canon"},   {2001, "Oki"},  {2385, "Sharp"},  {2435, "Brother"}, {2590, "Konica Minolta"},
    {10642, "Zebra"}, {18334, "Konica Minolta"}, {40093, "Pantum"}, {297, "Xerox"}, {674, "Dell"},
};

const char *maker_name(uint32_t enterprise)
{
    for (size_t i = 0; i < COUNT(makers); i++)
        if (makers[i].enterprise == enterprise) return makers[i].name;
    return NULL;
}

static void count(maker_tables *t, const type_row *rows, size_t n, uint32_t type, uint64_t value, plt_origin from, plt_device *d)
{
    for (size_t i = 0; i < n; i++) {
        if (rows[i].type != type) continue;
        if (rows[i].sum < 0) {
            bool said = rows[i].row == PLT_METER_TOTAL && plt_device_evidence(d, PLT_METER_COUNT, PLT_METER_TOTAL, from.source);
            if (!said) plt_device_set_number(d, PLT_METER_COUNT, rows[i].row, from, value, NULL);
        } else {
            t->sums[rows[i].sum] += value;
            t->summed |= (uint8_t)(1u << rows[i].sum);
        }
    }
}

static uint32_t last_id(plt_octets index)
{
    uint32_t id = 0;
    while (plt_oid_take(&index, &id)) {
    }
    return id;
}

/* The dealer's counter with this number; the label says what it is. */
static uint32_t labelled(uint32_t index)
{
    return PLT_METER(PLT_DID_OTHER, PLT_TINT_ALL, PLT_SIDES_ALL, PLT_SIZE_ALL, PLT_UNIT_IMPRESSIONS,
                     index <= PLT_METER_SLOT_MAX ? index : PLT_METER_SLOT_MAX);
}

static void ricoh_type(maker_tables *t, uint32_t index, uint64_t type)
{
    if (t->count == MAKER_ROWS || type > UINT32_MAX) return;
    t->index[t->count] = index;
    t->type[t->count++] = (uint32_t)type;
}

void maker_row(maker_tables *t, plt_decode decode, plt_octets tail, const plt_snmp_var *v, plt_origin from, plt_device *d)
{
    uint32_t index = last_id(tail);
    uint64_t n = 0;
    char text[PLT_TEXT_MAX + 1];
    bool number = plt_snmp_unsigned(v, &n);
    switch (decode) {
    case PLT_DECODE_RICOH_TYPE:
        if (number) ricoh_type(t, index, n);
        return;
    case PLT_DECODE_RICOH_VALUE:
        for (size_t i = 0; number && i < t->count; i++)
            if (t->index[i] == index) count(t, ricoh, COUNT(ricoh), t->type[i], n, from, d);
        return;
    case PLT_DECODE_CANON_LABEL:
        if (v->type != PLT_SNMP_STRING) return;
        plt_reader_text(v->value, text, sizeof text);
        plt_device_set_text(d, PLT_METER_LABEL, labelled(index), from, text, NULL);
        return;
    case PLT_DECODE_CANON_LABELLED:
        if (number) plt_device_set_number(d, PLT_METER_COUNT, labelled(index), from, n, NULL);
        return;
    case PLT_DECODE_CANON_COUNT:
        if (number) count(t, canon, COUNT(canon), index, n, from, d);
        return;
    case PLT_DECODE_NONE: return;
    }
}

void maker_end(maker_tables *t, plt_origin from, plt_device *d)
{
    for (size_t i = 0; i < COUNT(sums); i++)
        if (t->summed & 1u << i) plt_device_set_number(d, PLT_METER_COUNT, sums[i], from, t->sums[i], NULL);
}
