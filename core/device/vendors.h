/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which question gives which value on which printers: one reviewed table (vendors.c), a source mark on every row. A model that is missing
 * is asked the rows of "*" only; a wrong row is removed there and nowhere else.
 */
#ifndef PLATEN_CORE_DEVICE_VENDORS_H
#define PLATEN_CORE_DEVICE_VENDORS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/device/device.h"
#include "core/pjl/request.h"

/* Where a row comes from. */
typedef enum plt_mark {
    PLT_MARK_DOCUMENTED = 'V', /* read in a vendor's or standard's document, or a vendor's own driver */
    PLT_MARK_COMMUNITY = 'C',  /* reports of users or open monitors */
    PLT_MARK_UNVERIFIED = 'U', /* plausible, seen by nobody: never used for a meter */
} plt_mark;

/* A make as IEEE 1284 IDs spell it, and models: globs, case does not count. */
typedef struct plt_family {
    const char *make, *model;
} plt_family;

bool plt_family_has(const plt_family *f, const char *make, const char *model);

/* An INFO category that the family answers; PLT_PJL_USTATUS: its status, asked while it is to report that by itself. */
typedef struct plt_vendor_info {
    plt_family family;
    plt_pjl_info info;
    char mark;
    const char *source;
} plt_vendor_info;

/* A line NAME=VALUE of an INFO reply, or of a USTATUS block (info PLT_PJL_USTATUS). */
typedef struct plt_vendor_line {
    plt_pjl_info info;
    const char *name;
    plt_what what;
    uint32_t row;
    char mark;
    const char *source;
} plt_vendor_line;

typedef enum plt_reading {
    PLT_READ_INTEGER,
    PLT_READ_TEXT,
    PLT_READ_FLOAT,
    PLT_READ_CONDITIONS, /* hrPrinterDetectedErrorState's bytes */
} plt_reading;

/* A PML object. '#' in it is 1, 2 ... up to `repeat`, and the row of its value; else `row` is. A row is left out when one before gave the value. */
typedef struct plt_vendor_object {
    plt_family family;
    const char *oid;
    uint8_t repeat; /* no more than 8 */
    plt_what what;
    uint32_t row;
    plt_reading read;
    char mark;
    const char *source;
} plt_vendor_object;

extern const plt_vendor_info plt_vendor_infos[];
extern const size_t plt_vendor_info_count;
extern const plt_vendor_line plt_vendor_lines[];
extern const size_t plt_vendor_line_count;
extern const plt_vendor_object plt_vendor_objects[];
extern const size_t plt_vendor_object_count;

/* The object of a row with '#' filled in; its length, or 0. */
size_t plt_vendor_oid(const plt_vendor_object *o, unsigned index, uint8_t out[PLT_PML_OID_MAX]);

#endif
