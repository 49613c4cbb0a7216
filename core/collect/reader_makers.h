/* SPDX-License-Identifier: Apache-2.0 */
/* Makers' tables of counters, understood row by row; and who made it. For reader.c. */
#ifndef PLATEN_CORE_COLLECT_READER_MAKERS_H
#define PLATEN_CORE_COLLECT_READER_MAKERS_H

#include "core/collect/plan.h"
#include "core/device/device.h"

#define MAKER_ROWS 64

/* Rows of a table whose meaning stands in another column, until both are there. */
typedef struct maker_tables {
    uint32_t index[MAKER_ROWS], type[MAKER_ROWS];
    size_t count;
    uint64_t sums[8]; /* of counters that are several of the maker's */
    uint8_t summed;   /* bits */
} maker_tables;

/* A row of a maker's table; `index` is what stands behind the column. */
void maker_row(maker_tables *t, plt_decode decode, plt_octets index, const plt_snmp_var *v, plt_origin from, plt_device *d);
void maker_end(maker_tables *t, plt_origin from, plt_device *d);
/* "HP" for 11; NULL for an unknown enterprise. */
const char *maker_name(uint32_t enterprise);

#endif
