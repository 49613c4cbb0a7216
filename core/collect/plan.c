/* SPDX-License-Identifier: Apache-2.0 */
/* The plan: columns of RFC 1213, 2790, 3805, 4133 and the makers' counters. Never asks for anything that a printer could take as an order. */
#include "core/collect/plan.h"

#include <string.h>

#include "core/device/meter.h"

#define MIB2 "1.3.6.1.2.1."
#define PRT MIB2 "43."
#define D PLT_SCAN_ALL /* discovery: each scan */
#define M PLT_SCAN_METERS
#define S PLT_SCAN_SUPPLIES
#define E PLT_SCAN_ERRORS
#define A PLT_SCAN_ATTRIBUTES
#define STAYS PLT_COLUMN_STAYS
#define MOVES PLT_COLUMN_MOVES
#define ROWS PLT_COLUMN_ROWS

/* Behind the probe by usual rows, the most first: so questions fill up without asking any table for much more than it has. */
#define COLUMN(text, wanted_by, rows, width, change) {text, wanted_by, rows, width, change, {0}, 0, false}
static plt_column columns[] = {
    [PLT_COL_SYS_DESCR] = COLUMN(MIB2 "1.1", D, 0, 80, STAYS),
    [PLT_COL_SYS_OBJECT] = COLUMN(MIB2 "1.2", D, 0, 12, STAYS),
    [PLT_COL_SYS_UPTIME] = COLUMN(MIB2 "1.3", D, 0, 4, MOVES),
    [PLT_COL_SYS_NAME] = COLUMN(MIB2 "1.5", D, 0, 20, STAYS),
    [PLT_COL_SYS_LOCATION] = COLUMN(MIB2 "1.6", D, 0, 20, STAYS),
    [PLT_COL_PRINTER_STATUS] = COLUMN(MIB2 "25.3.5.1.1", D, 1, 1, MOVES),
    [PLT_COL_PRINTER_ERRORS] = COLUMN(MIB2 "25.3.5.1.2", D, 1, 2, MOVES),
    [PLT_COL_CONFIG_CHANGES] = COLUMN(PRT "5.1.1.1", D, 1, 2, MOVES),
    [PLT_COL_PRINTER_NAME] = COLUMN(PRT "5.1.1.16", D, 1, 20, STAYS),
    [PLT_COL_SERIAL] = COLUMN(PRT "5.1.1.17", D, 1, 12, MOVES),
    [PLT_COL_LIFE_COUNT] = COLUMN(PRT "10.2.1.4", D, 1, 4, MOVES),
    /* prtMarkerSupplies */
    COLUMN(PRT "11.1.1.2", S, 5, 1, STAYS),
    COLUMN(PRT "11.1.1.3", S, 5, 1, STAYS),
    COLUMN(PRT "11.1.1.4", S, 5, 1, STAYS),
    COLUMN(PRT "11.1.1.5", S, 5, 1, STAYS),
    COLUMN(PRT "11.1.1.6", S, 5, 30, STAYS),
    COLUMN(PRT "11.1.1.7", S, 5, 1, STAYS),
    COLUMN(PRT "11.1.1.8", S, 5, 2, STAYS),
    COLUMN(PRT "11.1.1.9", S, 5, 2, MOVES),
    COLUMN(PRT "12.1.1.4", S, 5, 8, STAYS), /* prtMarkerColorantValue */
    /* prtInput: type, unit, max, level, status, media, name, description */
    COLUMN(PRT "8.2.1.2", S, 3, 1, STAYS),
    COLUMN(PRT "8.2.1.8", S, 3, 1, STAYS),
    COLUMN(PRT "8.2.1.9", S, 3, 2, STAYS),
    COLUMN(PRT "8.2.1.10", S, 3, 2, MOVES),
    COLUMN(PRT "8.2.1.11", S, 3, 1, MOVES),
    COLUMN(PRT "8.2.1.12", S, 3, 12, MOVES),
    COLUMN(PRT "8.2.1.13", S, 3, 12, STAYS),
    COLUMN(PRT "8.2.1.18", S, 3, 12, STAYS),
    /* prtCover, prtConsoleDisplayBufferText, prtInterpreterLangFamily */
    COLUMN(PRT "6.1.1.2", E, 3, 16, ROWS),
    COLUMN(PRT "6.1.1.3", E, 3, 1, ROWS),
    COLUMN(PRT "16.5.1.2", E, 3, 18, ROWS),
    COLUMN(PRT "15.1.1.2", A, 3, 1, STAYS),
    /* prtAlert: severity, group, index, location, code, description, time */
    COLUMN(PRT "18.1.1.2", E, 2, 1, ROWS),
    COLUMN(PRT "18.1.1.4", E, 2, 1, ROWS),
    COLUMN(PRT "18.1.1.5", E, 2, 1, ROWS),
    COLUMN(PRT "18.1.1.6", E, 2, 1, ROWS),
    COLUMN(PRT "18.1.1.7", E, 2, 1, ROWS),
    COLUMN(PRT "18.1.1.8", E, 2, 24, ROWS),
    COLUMN(PRT "18.1.1.9", E, 2, 4, ROWS),
    /* hrDeviceType, -Descr, -Status, -Errors */
    COLUMN(MIB2 "25.3.2.1.2", A, 2, 9, STAYS),
    COLUMN(MIB2 "25.3.2.1.3", D, 2, 30, STAYS),
    COLUMN(MIB2 "25.3.2.1.5", E, 2, 1, MOVES),
    COLUMN(MIB2 "2.2.1.6", A, 2, 6, STAYS), /* ifPhysAddress */
    /* prtMarker: technology, unit, power-on count, process and spot colorants, status */
    COLUMN(PRT "10.2.1.2", M, 1, 1, STAYS),
    COLUMN(PRT "10.2.1.3", M, 1, 1, STAYS),
    COLUMN(PRT "10.2.1.5", M, 1, 2, MOVES),
    COLUMN(PRT "10.2.1.6", M, 1, 1, STAYS),
    COLUMN(PRT "10.2.1.7", M, 1, 1, STAYS),
    COLUMN(PRT "10.2.1.15", E, 1, 1, MOVES),
    /* prtOutput: type, max, remaining, status */
    COLUMN(PRT "9.2.1.2", S, 1, 1, STAYS),
    COLUMN(PRT "9.2.1.4", S, 1, 2, STAYS),
    COLUMN(PRT "9.2.1.5", S, 1, 2, MOVES),
    COLUMN(PRT "9.2.1.6", S, 1, 1, MOVES),
    COLUMN(PRT "13.4.1.4", A, 1, 2, STAYS),                     /* prtMediaPathMaxSpeed */
    COLUMN(PRT "13.4.1.9", A, 1, 1, STAYS),                     /* prtMediaPathType */
    COLUMN(MIB2 "1.4", A, 0, 20, STAYS),                        /* sysContact */
    COLUMN(MIB2 "47.1.1.1.1.10", A, 1, 12, STAYS),              /* entPhysicalSoftwareRev */
    COLUMN(MIB2 "47.1.1.1.1.11", A, 1, 12, STAYS),              /* entPhysicalSerialNum */
    COLUMN("1.3.6.1.4.1.2699.1.2.1.2.1.1.3", A, 0, 120, STAYS), /* PWG 5107.2: the 1284 device ID */
};

static const plt_counter counters[] = {
#define COUNTER(enterprise, oid, what, row, mark) {enterprise, "1.3.6.1.4.1." oid, PLT_DECODE_NONE, what, row, mark},
#define TABLE(enterprise, oid, decode, mark) {enterprise, "1.3.6.1.4.1." oid, decode, PLT_METER_COUNT, 0, mark},
#include "core/collect/counters.def"
#undef COUNTER
#undef TABLE
};

#define COUNT(a) (sizeof(a) / sizeof *(a))
_Static_assert(COUNT(counters) <= 160, "plt_plan holds too few private columns");

static void encode(plt_column *c)
{
    c->oid_size = (uint8_t)plt_oid_parse(c->text, c->oid, sizeof c->oid);
}

static void add_private(plt_plan *p, const plt_counter *k)
{
    plt_maker *m = p->maker_count ? &p->makers[p->maker_count - 1] : NULL;
    if (!m || m->enterprise != k->enterprise) {
        if (p->maker_count == PLT_MAKERS_MOST) return;
        m = &p->makers[p->maker_count++];
        *m = (plt_maker){k->enterprise, p->private_count, 0};
    }
    plt_column *c = &p->private_columns[p->private_count];
    bool table = k->decode != PLT_DECODE_NONE, count = k->what == PLT_METER_COUNT;
    *c = (plt_column){
        .text = k->text, .wanted_by = count ? M : A, .rows = table ? 12 : 0, .width = 4, .change = count ? MOVES : STAYS, .behind = !table};
    encode(c);
    p->private_counters[p->private_count++] = k;
    m->count++;
}

const plt_plan *plt_plan_get(void)
{
    static plt_plan plan;
    if (plan.count) return &plan;
    for (size_t i = 0; i < COUNT(columns); i++) encode(&columns[i]);
    for (size_t i = 0; i < COUNT(counters); i++) add_private(&plan, &counters[i]);
    plan.columns = columns;
    plan.count = COUNT(columns);
    return &plan;
}

const plt_maker *plt_plan_maker(const plt_plan *p, plt_octets sys_object)
{
    plt_octets enterprises = PLT_OID("\x2B\x06\x01\x04\x01");
    uint32_t number = 0;
    if (!plt_oid_valid(sys_object) || !plt_oid_below(sys_object, enterprises)) return NULL;
    plt_octets tail = plt_octets_make(sys_object.p + enterprises.n, sys_object.n - enterprises.n);
    if (!plt_oid_take(&tail, &number)) return NULL;
    for (size_t i = 0; i < p->maker_count; i++)
        if (p->makers[i].enterprise == number) return &p->makers[i];
    return NULL;
}
