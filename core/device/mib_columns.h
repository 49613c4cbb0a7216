/* SPDX-License-Identifier: Apache-2.0 */
/* The table of the standard columns; for mib.c. */
#ifndef PLATEN_CORE_DEVICE_MIB_COLUMNS_H
#define PLATEN_CORE_DEVICE_MIB_COLUMNS_H

#include "core/device/mib.h"

typedef struct plt_mib_column_facts {
    const char *oid;
    uint8_t table; /* plt_mib_table */
    uint8_t type;  /* plt_snmp_type */
} plt_mib_column_facts;

extern const plt_mib_column_facts plt_mib_columns[PLT_MIB_COLUMNS];

#endif
