/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A farm of virtual SNMP printers: what one is (a shape, its number, a few bytes of state) and what follows from that. The values of a
 * device are computed from its number when they are asked for, so that 65,536 of them need a megabyte. Nothing here sends or receives;
 * farm_net.h does. Same seed, same printers.
 */
#ifndef PLATEN_LAB_FARM_H
#define PLATEN_LAB_FARM_H

#include <stdio.h>

#include "core/device/mib.h"
#include "core/snmp/recording.h"

#define FARM_DEVICES_MAX 65536u
#define FARM_ALERTS_MAX 2

/* What a printer counts. Each is the sum of its parts and none ever falls. */
typedef enum farm_meter {
    FARM_TOTAL,
    FARM_PRINT,
    FARM_PRINT_MONO,
    FARM_PRINT_COLOR,
    FARM_COPY,
    FARM_COPY_MONO,
    FARM_COPY_COLOR,
    FARM_FAX,
    FARM_MONO,
    FARM_COLOR,
    FARM_DUPLEX,
    FARM_SCAN,
    FARM_METERS
} farm_meter;

extern const char *const farm_meter_names[FARM_METERS];

/* How a device differs from what the standards ask. */
enum {
    FARM_V1_ONLY = 1u << 0,
    FARM_NO_BULK = 1u << 1,
    FARM_SLOW = 1u << 2,
    FARM_LATIN1 = 1u << 3,    /* its texts are Latin-1, whatever it says */
    FARM_NUL_ENDED = 1u << 4, /* its texts end with a NUL octet */
    FARM_NO_HR_PRINTER = 1u << 5,
    FARM_NO_SUPPLIES = 1u << 6,
    FARM_NO_COLORANTS = 1u << 7,
    FARM_NO_SERIAL = 1u << 8, /* not in prtGeneral, that is */
    FARM_NO_ENTITY = 1u << 9,
    FARM_SHORT_ERRORS = 1u << 10, /* hrPrinterDetectedErrorState of one octet */
    FARM_HP_TEXT = 1u << 11,      /* private texts begin with PML's symbol set */
};
extern const char *const farm_quirk_names[];

typedef struct farm_supply {
    const char *text;
    uint8_t type;  /* prtMarkerSuppliesType */
    uint8_t unit;  /* prtMarkerSuppliesSupplyUnit */
    uint8_t color; /* index of its colorant; 0 none */
    bool receptacle;
    int32_t max;  /* may be a sentinel */
    int32_t life; /* pages until it is empty or full; 0: `level` is what it says, always */
    int32_t level;
    bool inverted; /* a receptacle that tells how full it is instead of what room is left */
} farm_supply;

typedef struct farm_tray {
    const char *name, *descr, *media;
    int32_t max;
    int32_t level; /* a sentinel; 0: a number, by chance */
} farm_tray;

/* A private object: a meter, or a text where `text` is not NULL. */
typedef struct farm_private {
    const char *column, *index;
    plt_snmp_type type;
    farm_meter meter;
    const char *text; /* a pattern */
} farm_private;

typedef enum farm_language { FARM_EN, FARM_DE, FARM_FR, FARM_JA, FARM_LANGUAGES } farm_language;

/*
 * Patterns: {s} serial number, {m} model, {f} firmware, {n} sysName, {x} the last six digits of its MAC address. In serial numbers
 * # is a digit, @ a letter, % a hexadecimal digit, by chance.
 */
typedef struct farm_shape {
    const char *id, *vendor, *model;
    const char *sys_descr, *sys_object_id, *sys_name, *hr_descr, *serial, *firmware;
    uint32_t oui; /* of its MAC address */
    farm_language language;
    unsigned quirks;
    uint16_t color_permille; /* of pages; 0: it has no colour */
    uint16_t copy_permille;  /* of pages; 0: it only prints */
    const farm_supply *supplies;
    const farm_tray *trays; /* ended by a NULL name, as the others are */
    const farm_private *privates;
} farm_shape;

extern const farm_shape farm_shapes[];
extern const size_t farm_shape_count;

typedef struct farm_alert {
    uint8_t severity, training, group, group_index;
    int32_t location;
    uint16_t code;
    const char *text[FARM_LANGUAGES];
} farm_alert;

typedef struct farm_condition {
    const char *name;
    uint8_t hr_status, printer_status, errors[2];
    uint8_t weight; /* of 256 */
    const char *console[FARM_LANGUAGES];
    farm_alert alerts[FARM_ALERTS_MAX]; /* ended by code 0 */
} farm_condition;

extern const farm_condition farm_conditions[];
extern const size_t farm_condition_count;

typedef struct farm_device {
    uint32_t hash;    /* what is by chance comes from it */
    uint32_t printed; /* pages since the farm began */
    uint8_t shape, condition, fault, live;
} farm_device;

typedef struct farm_options {
    uint32_t devices, seed;
    uint32_t base;            /* first address, host order */
    unsigned live_percent;    /* of the addresses */
    unsigned broken_permille; /* of the live ones */
    uint32_t faults;          /* which: bits by number */
    const char *shapes;       /* ids or vendors, by commas; NULL: all */
} farm_options;

typedef struct farm {
    farm_options options;
    farm_device *devices;
    uint64_t now_ms;                       /* since the farm began */
    plt_mib mibs[64][FARM_ALERTS_MAX + 1]; /* by shape, by number of alerts */
    uint64_t pages;                        /* printed by all since it began */
    uint64_t random;
    plt_recording *recordings; /* when there are any, each device says what its recording says, and has no quirks; the caller's */
    size_t recording_count;
} farm;

/* 0, or why not. Free with farm_close, in either case. */
const char *farm_open(farm *f, const farm_options *o);
void farm_close(farm *f);
/* The device of an address (host order); NULL: none, or a dead one. */
farm_device *farm_at(farm *f, uint32_t address);
uint32_t farm_address(const farm *f, const farm_device *d);
/* A job of a few pages on a device by chance. */
void farm_print(farm *f);
uint64_t farm_random(farm *f);

typedef struct farm_asked {
    farm *farm;
    const farm_device *device;
} farm_asked;

/* The objects of a device, and their values; arg is a farm_asked. */
const plt_mib *farm_mib(const farm *f, const farm_device *d);
bool farm_value(void *arg, const plt_mib_object *o, plt_serve_value *out, uint8_t text[PLT_SERVE_TEXT]);

/* What the device replays; NULL: it is a printer of the farm's own. */
plt_recording *farm_recording(const farm *f, const farm_device *d);

/* Single facts; farm_value encodes these and nothing else. Texts are cut to size. */
const farm_shape *farm_shape_of(const farm_device *d);
void farm_meters(const farm_device *d, uint32_t out[FARM_METERS]);
int32_t farm_supply_level(const farm_device *d, unsigned supply);
int32_t farm_tray_level(const farm_device *d, unsigned tray);
size_t farm_text(const farm *f, const farm_device *d, const char *pattern, char *out, size_t size);
size_t farm_serial(const farm_device *d, char *out, size_t size);
void farm_mac(const farm *f, const farm_device *d, uint8_t out[6]);
const char *farm_location(const farm_device *d);
unsigned farm_alert_count(const farm_device *d);

/* One JSON line a device; with all objects if asked. False: could not be written. */
bool farm_write_truth(farm *f, FILE *to, bool objects);

#endif
