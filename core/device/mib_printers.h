/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Printers as they were read last (device.h), as SNMP objects: system, Host Resources, Printer MIB, entities, and HP's PML objects below
 * HP's number. What nobody said is no object, or -2 where the Printer MIB wants a number; nothing is ever made up. docs/usb-snmp.md
 */
#ifndef PLATEN_CORE_DEVICE_MIB_PRINTERS_H
#define PLATEN_CORE_DEVICE_MIB_PRINTERS_H

#include "core/device/device.h"
#include "core/device/mib.h"

#define PLT_MIB_PRINTERS_MAX 8  /* hrDeviceIndex 1 to 8 */
#define PLT_MIB_PRINTER_ROWS 24 /* of each table of a printer; more are left out */
#define PLT_MIB_PRINTER_OBJECTS 640

typedef struct plt_mib_printer {
    const plt_device *device; /* borrowed */
    /* The printer's own indexes, by table; colours instead, by name, since a colorant's index is ours. */
    uint32_t rows[PLT_MIB_TABLES][PLT_MIB_PRINTER_ROWS];
    const char *colors[PLT_MIB_PRINTER_ROWS];
    size_t counts[PLT_MIB_TABLES];
} plt_mib_printer;

typedef struct plt_mib_printers {
    plt_mib_printer printers[PLT_MIB_PRINTERS_MAX];
    size_t count;
    const char *name;   /* sysName: the machine's; borrowed */
    uint64_t uptime_ms; /* sysUpTime: of the agent; may be set at any time */
    plt_mib_object room[PLT_MIB_PRINTERS_MAX * PLT_MIB_PRINTER_OBJECTS];
    plt_mib mib;
} plt_mib_printers;

/* Lists the objects of so many printers, of which those beyond PLT_MIB_PRINTERS_MAX are left out. The devices must stay as they are while it is
 * asked. */
void plt_mib_printers_set(plt_mib_printers *m, const plt_device *const *devices, size_t n, const char *name);
/* A plt_mib_value; arg: a plt_mib_printers. */
bool plt_mib_printers_value(void *arg, const plt_mib_object *o, plt_serve_value *out, uint8_t text[PLT_SERVE_TEXT]);

#endif
