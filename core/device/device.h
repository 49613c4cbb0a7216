/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is known of one printer, whoever read it: over USB (PJL, PML, its IEEE 1284 ID) or over the network (SNMP, IPP). One sorted
 * table of values, each with its source, its raw form and its time, and a pool of texts, within a budget of bytes (docs/device.md).
 * A field may have a value from each source: that is its evidence. There is a difference between a number and the ways of not
 * having one, and no function here turns the one into the other. Memory: malloc, only within the budget; errors are sticky.
 */
#ifndef PLATEN_CORE_DEVICE_DEVICE_H
#define PLATEN_CORE_DEVICE_DEVICE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/util/buf.h"
#include "core/util/status.h"
#include "core/util/text.h"

/* Who said it; of several, the later in this list is believed. */
typedef enum plt_source {
    PLT_SOURCE_NONE,
    PLT_SOURCE_WINDOWS, /* the queue, its port, its driver */
    PLT_SOURCE_USB,     /* USB descriptors */
    PLT_SOURCE_MDNS,
    PLT_SOURCE_1284, /* IEEE 1284 device ID */
    PLT_SOURCE_PJL,
    PLT_SOURCE_IPP,
    PLT_SOURCE_SNMP,
    PLT_SOURCE_PML,
    PLT_SOURCE_COUNT,
} plt_source;

typedef enum plt_group {
    PLT_GROUP_IDENTITY, /* one row, 0 */
    PLT_GROUP_STATUS,   /* one row, 0 */
    PLT_GROUP_CONSOLE,  /* rows: lines from 1 */
    PLT_GROUP_METER,    /* rows: PLT_METER(...), meter.h */
    PLT_GROUP_SUPPLY,   /* rows: the printer's own index; so below */
    PLT_GROUP_INPUT,
    PLT_GROUP_OUTPUT,
    PLT_GROUP_ALERT,
    PLT_GROUP_COUNT,
} plt_group;

typedef enum plt_type {
    PLT_TYPE_TEXT,
    PLT_TYPE_NUMBER,
    PLT_TYPE_WORD, /* a number of the RFC's (or our) enumeration, shown as its word */
    PLT_TYPE_SET,  /* bits, shown as words */
    PLT_TYPE_TIME, /* Unix ms */
} plt_type;

/* Fields of a group stand together; fields.c describes each. */
typedef enum plt_what {
    PLT_MAKE,
    PLT_MODEL,
    PLT_SERIAL,
    PLT_FIRMWARE,
    PLT_NAME,        /* what it calls itself: PJL's ID, sysName */
    PLT_DESCRIPTION, /* 1284's DES, sysDescr */
    PLT_LANGUAGES,   /* comma separated */
    PLT_LOCATION,
    PLT_CONTACT,
    PLT_ASSET,
    PLT_MAC,       /* 12 hex digits */
    PLT_UUID,      /* 36 letters */
    PLT_ADDRESS,   /* IP address or host name */
    PLT_OBJECT_ID, /* sysObjectID */
    PLT_USB_ID,    /* "03f0:1234" */
    PLT_PORT,      /* Windows' port, or the device's file */
    PLT_QUEUE,     /* Windows' queue */

    PLT_STATE,      /* plt_state */
    PLT_CONDITIONS, /* bits: plt_condition */
    PLT_ONLINE,     /* 1 yes, 2 no */
    PLT_CODE,       /* PJL's status code */
    PLT_DEVICE_STATUS,
    PLT_PRINTER_STATUS, /* hrDeviceStatus, hrPrinterStatus */
    PLT_STATUS_TEXT,    /* 1284's STATUS or S as it stands */
    PLT_UPTIME,         /* seconds */

    PLT_CONSOLE_TEXT,

    PLT_METER_COUNT,
    PLT_METER_LABEL, /* the printer's own name for it, where a dealer chose what it counts */

    PLT_SUPPLY_TEXT,
    PLT_SUPPLY_TYPE,  /* prtMarkerSuppliesType */
    PLT_SUPPLY_CLASS, /* 3 runs out, 4 fills up */
    PLT_SUPPLY_UNIT,
    PLT_SUPPLY_COLOR,
    PLT_SUPPLY_SERIAL,
    PLT_SUPPLY_PART,
    PLT_SUPPLY_LEVEL,
    PLT_SUPPLY_CAPACITY,
    PLT_SUPPLY_PAGES_LEFT,
    PLT_SUPPLY_PAGES_DONE,
    PLT_SUPPLY_STATE, /* plt_supply_state: for printers that know no more than "low" */

    PLT_INPUT_NAME,
    PLT_INPUT_TYPE,
    PLT_INPUT_UNIT,
    PLT_INPUT_LEVEL,
    PLT_INPUT_CAPACITY,
    PLT_INPUT_MEDIA,
    PLT_INPUT_STATUS, /* PrtSubUnitStatusTC */

    PLT_OUTPUT_NAME,
    PLT_OUTPUT_TYPE,
    PLT_OUTPUT_UNIT,
    PLT_OUTPUT_LEFT, /* room left */
    PLT_OUTPUT_CAPACITY,
    PLT_OUTPUT_STATUS,

    PLT_ALERT_SEVERITY,
    PLT_ALERT_TRAINING,
    PLT_ALERT_GROUP,
    PLT_ALERT_GROUP_INDEX,
    PLT_ALERT_LOCATION,
    PLT_ALERT_CODE,   /* prtAlertCode */
    PLT_ALERT_NATIVE, /* the printer's own code: PJL's */
    PLT_ALERT_TEXT,
    PLT_ALERT_REMEDY, /* what to do, in our words */
    PLT_ALERT_SINCE,
    PLT_WHAT_COUNT,
} plt_what;

/* Our own words for how a printer is. */
typedef enum plt_state {
    PLT_STATE_UNKNOWN,
    PLT_STATE_READY,
    PLT_STATE_PRINTING,
    PLT_STATE_BUSY,
    PLT_STATE_ASLEEP,
    PLT_STATE_WARMING,
    PLT_STATE_OFFLINE,
    PLT_STATE_ATTENTION, /* prints, but wants something */
    PLT_STATE_STOPPED,   /* does not print until somebody helps */
    PLT_STATE_BROKEN,    /* needs service */
} plt_state;

/* Bit numbers of hrPrinterDetectedErrorState (RFC 2790), first byte's highest bit = 0. */
typedef enum plt_condition {
    PLT_LOW_PAPER,
    PLT_NO_PAPER,
    PLT_LOW_TONER,
    PLT_NO_TONER,
    PLT_DOOR_OPEN,
    PLT_JAMMED,
    PLT_IS_OFFLINE,
    PLT_SERVICE_REQUESTED,
    PLT_INPUT_MISSING,
    PLT_OUTPUT_MISSING,
    PLT_MARKER_MISSING,
    PLT_OUTPUT_NEAR_FULL,
    PLT_OUTPUT_FULL,
    PLT_INPUT_EMPTY,
    PLT_MAINTENANCE_OVERDUE,
    PLT_CONDITION_COUNT,
} plt_condition;

typedef enum plt_supply_state {
    PLT_SUPPLY_OK = 1,
    PLT_SUPPLY_LOW,
    PLT_SUPPLY_EMPTY,
    PLT_SUPPLY_MISSING,
    PLT_SUPPLY_FULL,
    PLT_SUPPLY_NEAR_FULL
} plt_supply_state;

/* RFC 3805 gives -1, -2 and -3 instead of levels and capacities: not numbers, and never to be summed as such. */
typedef enum plt_kind {
    PLT_IS,      /* a number, a word, a text */
    PLT_OTHER,   /* -1: no restriction, or not given */
    PLT_UNKNOWN, /* -2: the printer does not know either, or what it said is no possible number */
    PLT_SOME,    /* -3: there is something left */
    PLT_GONE,    /* only in a set of changes: it was there and is no more */
} plt_kind;

#define PLT_TEXT_MAX 255 /* bytes of a text or a raw form; longer ones are cut at a letter's border */
#define PLT_DEVICE_BUDGET 32768

/* Where and when. */
typedef struct plt_origin {
    plt_source source;
    int64_t at; /* Unix ms */
} plt_origin;

typedef struct plt_value {
    uint8_t what, source, kind;
    uint32_t row;
    uint64_t n;         /* 0 unless kind is PLT_IS and the type is not text */
    int64_t at;         /* Unix ms */
    uint32_t text, raw; /* places in the pool; 0 none. raw 0: the value as it is written */
} plt_value;

typedef struct plt_device {
    plt_value *values; /* owned; by what, row, source */
    size_t count, cap;
    plt_buf pool;
    size_t budget;     /* bytes of values and texts together */
    uint32_t complete; /* bits of groups whose rows were all read: what is not here is not there */
    plt_status status; /* sticky: PLT_FULL, PLT_NOMEM, or PLT_BAD for a value of the wrong type */
} plt_device;

/* `budget` 0: PLT_DEVICE_BUDGET. Free with plt_device_free. */
void plt_device_init(plt_device *d, size_t budget);
void plt_device_free(plt_device *d);
/* PLT_OK, or why `to` (initialised) is not the same as `from` now. */
plt_status plt_device_copy(plt_device *to, const plt_device *from);

/* A field's value from one source, put in place of the one before. `raw` NULL: as it is written. Empty text sets nothing. */
void plt_device_set_text(plt_device *d, plt_what what, uint32_t row, plt_origin from, const char *text, const char *raw);
/* Numbers, words, sets and times. Beyond PLT_NUMBER_MAX it is PLT_UNKNOWN, with its raw form. */
void plt_device_set_number(plt_device *d, plt_what what, uint32_t row, plt_origin from, uint64_t n, const char *raw);
/* A number of the Printer MIB, sentinels sorted out; negative ones that mean nothing are PLT_UNKNOWN. */
void plt_device_set_mib(plt_device *d, plt_what what, uint32_t row, plt_origin from, int64_t mib, const char *raw);
/* For sets of changes: this was there and is no more. */
void plt_device_set_gone(plt_device *d, plt_what what, uint32_t row, plt_origin from);
/* Forgets one source's value; nothing when there is none. */
void plt_device_remove(plt_device *d, plt_what what, uint32_t row, plt_source source);
/* All rows of the group have been read, also when there was none. */
void plt_device_set_complete(plt_device *d, plt_group group);

/* The believed value: that of the best source that has one, else of the best source; NULL: nobody said anything. Borrowed until the next change. */
const plt_value *plt_device_get(const plt_device *d, plt_what what, uint32_t row);
/* What one source said. */
const plt_value *plt_device_evidence(const plt_device *d, plt_what what, uint32_t row, plt_source source);
/* "" when there is none. Borrowed until the next change. */
const char *plt_device_text(const plt_device *d, plt_what what, uint32_t row);
/* False, and 0, unless there is a true number. */
bool plt_device_number(const plt_device *d, plt_what what, uint32_t row, uint64_t *n);
const char *plt_value_text(const plt_device *d, const plt_value *v);
/* The raw form; writes it into `room` where it is the value as written. */
const char *plt_value_raw(const plt_device *d, const plt_value *v, char room[32]);

/* The group's next row behind *row; start with *row = PLT_NO_ROW. False: no more. Rows come in ascending order. */
#define PLT_NO_ROW UINT32_MAX
bool plt_device_next_row(const plt_device *d, plt_group group, uint32_t *row);

/* 0 to 100; false when it cannot be told. */
bool plt_supply_percent(const plt_device *d, uint32_t row, uint32_t *percent);
/* Is it a serial number, and not a maker's filling ("00000000", "XXXXXXX", "n/a")? */
bool plt_serial_is_real(const char *serial);

/* ---- fields.c ---- */
typedef struct plt_word {
    uint16_t n;
    const char *text;
} plt_word;

typedef struct plt_field_info {
    plt_group group;
    plt_type type;
    const char *name;      /* in JSON */
    const plt_word *words; /* of words and sets, ends with text NULL; else NULL */
} plt_field_info;

/* Never NULL; an unknown `what` gives the first field's. */
const plt_field_info *plt_field_of(plt_what what);
/* "supplies", "meters" ...: as in JSON. */
const char *plt_group_name(plt_group g);
/* PLT_WHAT_COUNT when the group has no such field. */
plt_what plt_field_find(plt_group g, const char *name);
/* "toner", "percent", "jam" ...; NULL when the number has no word. */
const char *plt_word_of(plt_what what, uint64_t n);
bool plt_word_find(plt_what what, const char *text, uint64_t *n);
/* "pjl", "snmp" ...: never NULL. */
const char *plt_source_name(plt_source s);
bool plt_source_find(const char *name, plt_source *out);

/* ---- json.c: the ledger's form (docs/device.md) ---- */
plt_status plt_device_to_json(const plt_device *d, plt_buf *out);
/* Unknown names are skipped. PLT_BAD: `why` says what is wrong; `out` (initialised) is empty then. */
plt_status plt_device_from_json(plt_device *out, const char *json, size_t n, char *why, size_t why_size);

/* ---- changes.c ---- */
/* What `now` says otherwise than `before`, into `out` (initialised): values that changed, and those gone: which a source that speaks
   in `now` gave before, in a group that `now` has read completely, and does not give any more. */
plt_status plt_device_changes(const plt_device *before, const plt_device *now, plt_device *out);
/* Puts changes in. apply(before, changes(before, now)) has the values of `now`. */
plt_status plt_device_apply(plt_device *d, const plt_device *changes);

#endif
