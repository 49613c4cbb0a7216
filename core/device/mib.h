/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A printer's SNMP objects: the columns of RFC 1213, 2790, 3805 and 4133 for each row it has, and private ones, in the order of a
 * walk. The list holds names and what each of them means; values are asked of whoever made the list when a request comes. So one list
 * serves every printer of the same build. Nothing here allocates or knows where a value comes from.
 */
#ifndef PLATEN_CORE_DEVICE_MIB_H
#define PLATEN_CORE_DEVICE_MIB_H

#include "core/snmp/serve.h"

#define PLT_MIB_NAME 40 /* octets of the longest name served */

/* What there may be several of; the index of a row is the printer's own. */
typedef enum plt_mib_table {
    PLT_MIB_SCALAR,    /* one, index 0 */
    PLT_MIB_PRINTER,   /* index: hrDeviceIndex */
    PLT_MIB_INTERFACE, /* index: the row; of the machine, not of a printer */
    PLT_MIB_ENTITY,    /* likewise */
    /* Those of a printer, index hrDeviceIndex and the row: */
    PLT_MIB_COVER,
    PLT_MIB_LOCALE,
    PLT_MIB_INPUT,
    PLT_MIB_OUTPUT,
    PLT_MIB_MARKER,
    PLT_MIB_SUPPLY,   /* index: hrDeviceIndex, the row (RFC 3805: its marker is a column) */
    PLT_MIB_COLORANT, /* likewise */
    PLT_MIB_CONSOLE,
    PLT_MIB_LIGHT,
    PLT_MIB_ALERT,
    PLT_MIB_TABLES
} plt_mib_table;

/* What an object means. */
typedef enum plt_mib_column {
    /* RFC 3418 */
    PLT_MIB_SYS_DESCR,
    PLT_MIB_SYS_OBJECT_ID,
    PLT_MIB_SYS_UPTIME,
    PLT_MIB_SYS_CONTACT,
    PLT_MIB_SYS_NAME,
    PLT_MIB_SYS_LOCATION,
    PLT_MIB_SYS_SERVICES,
    /* RFC 2863 */
    PLT_MIB_IF_NUMBER,
    PLT_MIB_IF_INDEX,
    PLT_MIB_IF_DESCR,
    PLT_MIB_IF_TYPE,
    PLT_MIB_IF_MTU,
    PLT_MIB_IF_SPEED,
    PLT_MIB_IF_PHYS_ADDRESS,
    PLT_MIB_IF_ADMIN_STATUS,
    PLT_MIB_IF_OPER_STATUS,
    /* RFC 2790 */
    PLT_MIB_HR_INDEX,
    PLT_MIB_HR_TYPE,
    PLT_MIB_HR_DESCR,
    PLT_MIB_HR_ID,
    PLT_MIB_HR_STATUS,
    PLT_MIB_HR_ERRORS,
    PLT_MIB_HR_PRINTER_STATUS,
    PLT_MIB_HR_PRINTER_ERRORS,
    /* RFC 3805 */
    PLT_MIB_PRT_CHANGES,
    PLT_MIB_PRT_LOCALE,
    PLT_MIB_PRT_RESET,
    PLT_MIB_PRT_DISPLAY_LINES,
    PLT_MIB_PRT_DISPLAY_CHARS,
    PLT_MIB_PRT_NAME,
    PLT_MIB_PRT_SERIAL,
    PLT_MIB_PRT_CRITICAL_EVENTS,
    PLT_MIB_PRT_ALL_EVENTS,
    PLT_MIB_COVER_DESCR,
    PLT_MIB_COVER_STATUS,
    PLT_MIB_LOCALE_LANGUAGE,
    PLT_MIB_LOCALE_COUNTRY,
    PLT_MIB_LOCALE_CHARSET,
    PLT_MIB_INPUT_TYPE,
    PLT_MIB_INPUT_UNIT,
    PLT_MIB_INPUT_MAX,
    PLT_MIB_INPUT_LEVEL,
    PLT_MIB_INPUT_STATUS,
    PLT_MIB_INPUT_MEDIA,
    PLT_MIB_INPUT_NAME,
    PLT_MIB_INPUT_DESCR,
    PLT_MIB_OUTPUT_TYPE,
    PLT_MIB_OUTPUT_UNIT,
    PLT_MIB_OUTPUT_MAX,
    PLT_MIB_OUTPUT_REMAINING,
    PLT_MIB_OUTPUT_STATUS,
    PLT_MIB_OUTPUT_NAME,
    PLT_MIB_MARKER_TECH,
    PLT_MIB_MARKER_UNIT,
    PLT_MIB_MARKER_LIFE,
    PLT_MIB_MARKER_POWER_ON,
    PLT_MIB_MARKER_PROCESS,
    PLT_MIB_MARKER_SPOT,
    PLT_MIB_MARKER_STATUS,
    PLT_MIB_SUPPLY_MARKER,
    PLT_MIB_SUPPLY_COLORANT,
    PLT_MIB_SUPPLY_CLASS,
    PLT_MIB_SUPPLY_TYPE,
    PLT_MIB_SUPPLY_DESCR,
    PLT_MIB_SUPPLY_UNIT,
    PLT_MIB_SUPPLY_MAX,
    PLT_MIB_SUPPLY_LEVEL,
    PLT_MIB_COLORANT_MARKER,
    PLT_MIB_COLORANT_ROLE,
    PLT_MIB_COLORANT_VALUE,
    PLT_MIB_COLORANT_TONALITY,
    PLT_MIB_CONSOLE_TEXT,
    PLT_MIB_LIGHT_ON,
    PLT_MIB_LIGHT_OFF,
    PLT_MIB_LIGHT_COLOR,
    PLT_MIB_LIGHT_DESCR,
    PLT_MIB_ALERT_SEVERITY,
    PLT_MIB_ALERT_TRAINING,
    PLT_MIB_ALERT_GROUP,
    PLT_MIB_ALERT_GROUP_INDEX,
    PLT_MIB_ALERT_LOCATION,
    PLT_MIB_ALERT_CODE,
    PLT_MIB_ALERT_DESCR,
    PLT_MIB_ALERT_TIME,
    /* RFC 6933 (4133) */
    PLT_MIB_ENTITY_DESCR,
    PLT_MIB_ENTITY_CLASS,
    PLT_MIB_ENTITY_NAME,
    PLT_MIB_ENTITY_HARDWARE,
    PLT_MIB_ENTITY_FIRMWARE,
    PLT_MIB_ENTITY_SOFTWARE,
    PLT_MIB_ENTITY_SERIAL,
    PLT_MIB_ENTITY_MAKER,
    PLT_MIB_ENTITY_MODEL,
    PLT_MIB_COLUMNS,
    PLT_MIB_PRIVATE = PLT_MIB_COLUMNS /* `row` is the number that plt_mib_add_private was given */
} plt_mib_column;

typedef struct plt_mib_object {
    uint8_t name[PLT_MIB_NAME]; /* encoded */
    uint8_t len;
    uint8_t stem; /* how much of the name is the column's: the rest is its index */
    uint8_t type; /* plt_snmp_type */
    uint8_t column;
    uint8_t printer; /* which one, from 0 */
    uint16_t row;    /* which row of its table, from 0 */
    uint16_t then;   /* what was asked for after this one, last time */
} plt_mib_object;

typedef struct plt_mib {
    plt_mib_object *objects; /* the caller's */
    size_t count, cap;
    bool full; /* something found no room */
} plt_mib;

/* How many rows of each table, and their indexes where these are not 1, 2, 3 ... */
typedef struct plt_mib_rows {
    size_t count[PLT_MIB_TABLES];
    const uint32_t *index[PLT_MIB_TABLES];
} plt_mib_rows;

/* The value of an object. False: this printer has no such thing. Texts may be made in `text`. */
typedef bool (*plt_mib_value)(void *arg, const plt_mib_object *o, plt_serve_value *out, uint8_t text[PLT_SERVE_TEXT]);

/* PLT_MIB_SCALAR ...; of a standard column. */
plt_mib_table plt_mib_table_of(unsigned column);

/* An empty list in the caller's memory. */
void plt_mib_init(plt_mib *m, plt_mib_object *room, size_t cap);
/* The objects of the machine: system, interfaces, entities. */
void plt_mib_add_machine(plt_mib *m, const plt_mib_rows *rows);
/* Those of the printer number `printer` (from 0), whose hrDeviceIndex is printer + 1. */
void plt_mib_add_printer(plt_mib *m, unsigned printer, const plt_mib_rows *rows);
/* One more: its column, and its index as text ("0", "1.3"). A name that is malformed or too long finds no room. */
void plt_mib_add_private(plt_mib *m, const char *column, const char *index, plt_snmp_type type, unsigned printer, uint16_t number);
/* Takes out what has no value and sorts; of two of the same name the first stays. After that the list may be asked. */
void plt_mib_end(plt_mib *m, plt_mib_value value, void *arg);

/*
 * The view of plt_serve over such a list. Whoever asks, asks everybody in the same order: the list learns it, and then nothing is searched.
 * So views of one list are for one thread.
 */
typedef struct plt_mib_view {
    const plt_mib *mib;
    plt_mib_value value;
    void *arg;
    size_t last; /* what was asked for last; begin with 0 */
} plt_mib_view;

extern const plt_serve_view plt_mib_serve; /* its arg: a plt_mib_view */

#endif
