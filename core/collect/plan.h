/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is read of a printer: columns of the standard MIBs and the makers' own counters, each with the categories of a scan that want it.
 * Data only; the tables are in plan.c and counters.def.
 */
#ifndef PLATEN_CORE_COLLECT_PLAN_H
#define PLATEN_CORE_COLLECT_PLAN_H

#include "core/device/device.h"
#include "core/snmp/snmp.h"

/* What a scan is for. Discovery is in each: it tells whether this is a printer at all, and which. */
enum {
    PLT_SCAN_DISCOVERY = 1,
    PLT_SCAN_METERS = 2,
    PLT_SCAN_SUPPLIES = 4,
    PLT_SCAN_ERRORS = 8,
    PLT_SCAN_ATTRIBUTES = 16,
    PLT_SCAN_ALL = 31,
};

#define PLT_COLUMN_OID 24
#define PLT_COLUMNS_MOST 96 /* of one printer: the standard's and its maker's */

/* What a later scan asks again: values that move; tables whose rows come and go, as alerts do; the rest only with the attributes. */
enum { PLT_COLUMN_STAYS, PLT_COLUMN_MOVES, PLT_COLUMN_ROWS };

typedef struct plt_column {
    const char *text;            /* the OID, dotted */
    uint8_t wanted_by;           /* categories */
    uint8_t rows;                /* how many are usual: what is asked for at first */
    uint8_t width;               /* octets of a usual value */
    uint8_t change;              /* PLT_COLUMN_* */
    uint8_t oid[PLT_COLUMN_OID]; /* encoded by plt_plan_make */
    uint8_t oid_size;
    bool behind; /* asked for from behind its predecessor, so that it does not matter whether its OID ends with .0 */
} plt_column;

/* How a maker's table of counters is understood (reader_makers.c). */
typedef enum plt_decode {
    PLT_DECODE_NONE,
    PLT_DECODE_RICOH_TYPE,
    PLT_DECODE_RICOH_VALUE,
    PLT_DECODE_CANON_LABEL,
    PLT_DECODE_CANON_LABELLED,
    PLT_DECODE_CANON_COUNT,
} plt_decode;

/* A maker's private object (counters.def). */
typedef struct plt_counter {
    uint32_t enterprise; /* 1.3.6.1.4.1.N of sysObjectID */
    const char *text;    /* its OID */
    plt_decode decode;   /* of a table; else: */
    plt_what what;
    uint32_t row;
    char mark; /* how sure: see counters.def */
} plt_counter;

/* The first PLT_PLAN_PROBE columns are the question by which a printer is found: one GETNEXT. */
enum {
    PLT_COL_SYS_DESCR,
    PLT_COL_SYS_OBJECT,
    PLT_COL_SYS_UPTIME,
    PLT_COL_SYS_NAME,
    PLT_COL_SYS_LOCATION,
    PLT_COL_PRINTER_STATUS,
    PLT_COL_PRINTER_ERRORS,
    PLT_COL_CONFIG_CHANGES,
    PLT_COL_PRINTER_NAME,
    PLT_COL_SERIAL,
    PLT_COL_LIFE_COUNT,
    PLT_PLAN_PROBE,
};

#define PLT_MAKERS_MOST 24

typedef struct plt_maker {
    uint32_t enterprise;
    size_t first, count; /* of plt_plan's private ones */
} plt_maker;

typedef struct plt_plan {
    plt_column *columns;
    size_t count;
    plt_column private_columns[160];
    const plt_counter *private_counters[160]; /* the same places */
    size_t private_count;
    plt_maker makers[PLT_MAKERS_MOST];
    size_t maker_count;
} plt_plan;

/* The one plan, its OIDs encoded at the first call. */
const plt_plan *plt_plan_get(void);
/* The maker's columns for a value of sysObjectID; NULL: none known. */
const plt_maker *plt_plan_maker(const plt_plan *p, plt_octets sys_object);

#endif
