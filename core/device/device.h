/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is known of one printer: identity, meters, supplies, status. Every value carries where it comes from, the raw text it was
 * read from and when, and knows the difference between a number and the ways of not having one.
 */
#ifndef PLATEN_CORE_DEVICE_DEVICE_H
#define PLATEN_CORE_DEVICE_DEVICE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef enum plt_source {
    PLT_SOURCE_NONE,
    PLT_SOURCE_USB,  /* USB descriptors */
    PLT_SOURCE_1284, /* IEEE 1284 device ID */
    PLT_SOURCE_PJL,
    PLT_SOURCE_PML,
    PLT_SOURCE_SNMP,
} plt_source;

#define PLT_RAW_SIZE 128
#define PLT_VALUE_TEXT 128
#define PLT_SUPPLIES_MAX 32

typedef struct plt_origin {
    plt_source source;
    int64_t at;             /* Unix ms */
    char raw[PLT_RAW_SIZE]; /* as the printer said it */
} plt_origin;

typedef struct plt_device_text {
    char text[PLT_VALUE_TEXT]; /* "" unknown */
    plt_origin from;
} plt_device_text;

/* RFC 3805 gives -1, -2 and -3 instead of levels and capacities: not numbers, and never to be summed as such. */
typedef enum plt_number_kind {
    PLT_NUMBER_NOT_READ,
    PLT_NUMBER_IS,      /* a number */
    PLT_NUMBER_OTHER,   /* -1: no restriction, or not given */
    PLT_NUMBER_UNKNOWN, /* -2: the printer does not know either */
    PLT_NUMBER_SOME,    /* -3: there is something left */
} plt_number_kind;

typedef struct plt_device_number {
    plt_number_kind kind;
    uint64_t n; /* 0 unless kind is PLT_NUMBER_IS */
    plt_origin from;
} plt_device_number;

typedef struct plt_supply {
    uint32_t index; /* the printer's own */
    plt_device_text description;
    uint32_t type;   /* prtMarkerSuppliesType; 0 unknown */
    uint32_t unit;   /* prtMarkerSuppliesSupplyUnit; 0 unknown, 19 percent */
    bool receptacle; /* fills up instead of running out */
    plt_device_text color;
    plt_device_number level, capacity;
} plt_supply;

typedef struct plt_device {
    plt_device_text make, model, serial, firmware, name, location;
    plt_device_number pages; /* life count of the engine */
    plt_device_number mono_pages, color_pages, duplex_sheets;
    plt_device_number status_code; /* PJL's */
    plt_device_text status;        /* our word for it */
    plt_device_text display;       /* what stands on its panel */
    size_t supply_count;
    plt_supply supplies[PLT_SUPPLIES_MAX];
} plt_device;

void plt_device_init(plt_device *d);
/* Sets a value with its origin; `raw` NULL: the text itself. Empty text sets nothing. */
void plt_device_set_text(plt_device_text *v, plt_source source, int64_t at, const char *text, const char *raw);
void plt_device_set_number(plt_device_number *v, plt_source source, int64_t at, uint64_t n, const char *raw);
/* A value of the Printer MIB, sentinels sorted out; other negative numbers are PLT_NUMBER_UNKNOWN. */
void plt_device_set_mib(plt_device_number *v, plt_source source, int64_t at, int64_t mib, const char *raw);
/* The supply with this index, made if need be; NULL when there are too many. */
plt_supply *plt_device_supply(plt_device *d, uint32_t index);
/* 0 to 100; false when it cannot be told. */
bool plt_supply_percent(const plt_supply *s, uint32_t *percent);

/* "pjl", "snmp" ...: never NULL. */
const char *plt_source_name(plt_source s);

#endif
