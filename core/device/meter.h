/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Meters: what a counter counts, as a number that can be a row, and as a name; and what two readings of one counter say. A meter is
 * made of what was done, in which colour, on which sides, on which size, in which unit; what is not told counts all of them.
 */
#ifndef PLATEN_CORE_DEVICE_METER_H
#define PLATEN_CORE_DEVICE_METER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/device/device.h"

typedef enum plt_did {
    PLT_DID_ALL,
    PLT_DID_PRINT,
    PLT_DID_COPY,
    PLT_DID_FAX,
    PLT_DID_SCAN,
    PLT_DID_REPORT,
    PLT_DID_FAX_SENT,
    PLT_DID_FEED,
    PLT_DID_OTHER,
    PLT_DID_COUNT
} plt_did;
typedef enum plt_tint { PLT_TINT_ALL, PLT_TINT_MONO, PLT_TINT_COLOR, PLT_TINT_TWIN, PLT_TINT_SINGLE, PLT_TINT_ACCENT, PLT_TINT_COUNT } plt_tint;
typedef enum plt_sides { PLT_SIDES_ALL, PLT_SIDES_DUPLEX, PLT_SIDES_SIMPLEX, PLT_SIDES_COUNT } plt_sides;
typedef enum plt_size {
    PLT_SIZE_ALL,
    PLT_SIZE_LARGE,
    PLT_SIZE_SMALL,
    PLT_SIZE_A3,
    PLT_SIZE_A4,
    PLT_SIZE_A5,
    PLT_SIZE_B4,
    PLT_SIZE_B5,
    PLT_SIZE_LETTER,
    PLT_SIZE_LEGAL,
    PLT_SIZE_LEDGER,
    PLT_SIZE_EXECUTIVE,
    PLT_SIZE_ENVELOPE,
    PLT_SIZE_BANNER,
    PLT_SIZE_COUNT
} plt_size;
/* Numbers of PrtMarkerCounterUnitTC (RFC 3805). */
typedef enum plt_unit {
    PLT_UNIT_IMPRESSIONS = 7,
    PLT_UNIT_SHEETS = 8,
    PLT_UNIT_HOURS = 11,
    PLT_UNIT_FEET = 16,
    PLT_UNIT_METERS = 17,
    PLT_UNIT_ITEMS = 18,
    PLT_UNIT_PERCENT = 19,
    PLT_UNIT_SQUARE_METERS = 30,
    PLT_UNIT_LIMIT = 32
} plt_unit;

/* The row of a meter in the device's table. `slot` tells apart what else is equal: a dealer's counter 101, marker 2; else 0. */
#define PLT_METER(did, ink, sides, size, unit, slot)                                                                                                 \
    ((uint32_t)(did) << 26 | (uint32_t)(ink) << 23 | (uint32_t)(sides) << 21 | (uint32_t)(size) << 15 | (uint32_t)(unit) << 10 | (uint32_t)(slot))
#define PLT_METER_SLOT_MAX 1023

/* The ones most asked for. */
enum {
    PLT_METER_TOTAL = PLT_METER(PLT_DID_ALL, PLT_TINT_ALL, PLT_SIDES_ALL, PLT_SIZE_ALL, PLT_UNIT_IMPRESSIONS, 0),
    PLT_METER_MONO = PLT_METER(PLT_DID_ALL, PLT_TINT_MONO, PLT_SIDES_ALL, PLT_SIZE_ALL, PLT_UNIT_IMPRESSIONS, 0),
    PLT_METER_COLOR = PLT_METER(PLT_DID_ALL, PLT_TINT_COLOR, PLT_SIDES_ALL, PLT_SIZE_ALL, PLT_UNIT_IMPRESSIONS, 0),
    PLT_METER_PRINT = PLT_METER(PLT_DID_PRINT, PLT_TINT_ALL, PLT_SIDES_ALL, PLT_SIZE_ALL, PLT_UNIT_IMPRESSIONS, 0),
    PLT_METER_PRINT_MONO = PLT_METER(PLT_DID_PRINT, PLT_TINT_MONO, PLT_SIDES_ALL, PLT_SIZE_ALL, PLT_UNIT_IMPRESSIONS, 0),
    PLT_METER_PRINT_COLOR = PLT_METER(PLT_DID_PRINT, PLT_TINT_COLOR, PLT_SIDES_ALL, PLT_SIZE_ALL, PLT_UNIT_IMPRESSIONS, 0),
    PLT_METER_COPY = PLT_METER(PLT_DID_COPY, PLT_TINT_ALL, PLT_SIDES_ALL, PLT_SIZE_ALL, PLT_UNIT_IMPRESSIONS, 0),
    PLT_METER_COPY_MONO = PLT_METER(PLT_DID_COPY, PLT_TINT_MONO, PLT_SIDES_ALL, PLT_SIZE_ALL, PLT_UNIT_IMPRESSIONS, 0),
    PLT_METER_COPY_COLOR = PLT_METER(PLT_DID_COPY, PLT_TINT_COLOR, PLT_SIDES_ALL, PLT_SIZE_ALL, PLT_UNIT_IMPRESSIONS, 0),
    PLT_METER_FAX = PLT_METER(PLT_DID_FAX, PLT_TINT_ALL, PLT_SIDES_ALL, PLT_SIZE_ALL, PLT_UNIT_IMPRESSIONS, 0),
    PLT_METER_SCAN = PLT_METER(PLT_DID_SCAN, PLT_TINT_ALL, PLT_SIDES_ALL, PLT_SIZE_ALL, PLT_UNIT_IMPRESSIONS, 0),
    PLT_METER_DUPLEX = PLT_METER(PLT_DID_ALL, PLT_TINT_ALL, PLT_SIDES_DUPLEX, PLT_SIZE_ALL, PLT_UNIT_IMPRESSIONS, 0),
    PLT_METER_DUPLEX_SHEETS = PLT_METER(PLT_DID_ALL, PLT_TINT_ALL, PLT_SIDES_DUPLEX, PLT_SIZE_ALL, PLT_UNIT_SHEETS, 0),
    PLT_METER_LARGE = PLT_METER(PLT_DID_ALL, PLT_TINT_ALL, PLT_SIDES_ALL, PLT_SIZE_LARGE, PLT_UNIT_IMPRESSIONS, 0),
};

typedef struct plt_meter_parts {
    plt_did did;
    plt_tint ink;
    plt_sides sides;
    plt_size size;
    plt_unit unit;
    uint32_t slot;
} plt_meter_parts;

/* False when the row is no meter's. */
bool plt_meter_split(uint32_t row, plt_meter_parts *out);
/* "total", "mono", "print.color", "duplex", "copy.color.duplex.a3": unit and slot are not in it. */
#define PLT_METER_NAME_SIZE 64
void plt_meter_name(uint32_t row, char out[PLT_METER_NAME_SIZE]);
/* The row of a name, with the unit and slot given; false when there is no such meter. */
bool plt_meter_find(const char *name, plt_unit unit, uint32_t slot, uint32_t *row);
/* "impressions", "sheets" ...; NULL when it is no unit. */
const char *plt_unit_name(uint32_t unit);
bool plt_unit_find(const char *name, plt_unit *out);

typedef enum plt_meter_change {
    PLT_METER_SAME,
    PLT_METER_GREW,       /* by *n */
    PLT_METER_WRAPPED,    /* it reached its end and began again: grew by *n */
    PLT_METER_RESET,      /* it began again from 0, and counted *n since; what it counted between the older reading and its end is not known */
    PLT_METER_IMPOSSIBLE, /* more than a printer can do in that time, or less than before for no reason: another printer, or a misread number */
    PLT_METER_UNKNOWN,    /* one of the two is no number */
} plt_meter_change;

#define PLT_METER_FASTEST 1000 /* impressions a minute: faster than the presses that answer to the Printer MIB */

/* Compares two readings of one meter. `fastest` a minute, 0: PLT_METER_FASTEST. */
plt_meter_change plt_meter_compare(const plt_value *older, const plt_value *newer, uint32_t fastest, uint64_t *n);
const char *plt_meter_change_name(plt_meter_change c);

#endif
