/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The vendors' table. Order is the order of asking: what matters most comes first, since the time for a printer is bounded. To add a row,
 * name where you read it; what was only guessed gets 'U' and may not be a meter (device_test checks).
 */
#include "core/device/vendors.h"

#include <stdio.h>
#include <string.h>

#include "core/device/meter.h"
#include "core/util/text.h"

#define ANY {"*", "*"}
#define HP {"h*p*", "*"} /* "HP", "Hewlett-Packard" */
#define BROTHER {"brother*", "*"}
#define PANTUM {"pantum*", "*"}

static const char pjl_manual[] = "HP PJL Technical Reference", hplip[] = "HPLIP", user[] = "user reports",
                  laserjet_pro[] = "replies of LaserJet Pro printers", rfc3805[] = "RFC 3805 by PML's prefix 2",
                  rfc2790[] = "RFC 2790 by PML's prefix 3", monitors[] = "open SNMP monitors", e52645[] = "replies of an LaserJet E52645";

const plt_vendor_info plt_vendor_infos[] = {
    {ANY, PLT_PJL_ID, 'V', pjl_manual},        {ANY, PLT_PJL_STATUS, 'V', pjl_manual}, {ANY, PLT_PJL_PAGECOUNT, 'V', pjl_manual},
    {HP, PLT_PJL_PRODINFO, 'C', laserjet_pro}, {ANY, PLT_PJL_CONFIG, 'V', pjl_manual}, {BROTHER, PLT_PJL_DRUMLIFE, 'C', user},
    {PANTUM, PLT_PJL_USTATUS, 'C', user}, /* the toner stands nowhere else */
};
const size_t plt_vendor_info_count = sizeof plt_vendor_infos / sizeof plt_vendor_infos[0];

#define METER(did, ink, sides) PLT_METER(PLT_DID_##did, PLT_TINT_##ink, PLT_SIDES_##sides, PLT_SIZE_ALL, PLT_UNIT_IMPRESSIONS, 0)
#define SLOT(did, slot) PLT_METER(PLT_DID_##did, PLT_TINT_ALL, PLT_SIDES_ALL, PLT_SIZE_ALL, PLT_UNIT_IMPRESSIONS, slot)

const plt_vendor_line plt_vendor_lines[] = {
    {PLT_PJL_PRODINFO, "ProductName", PLT_MODEL, 0, 'C', laserjet_pro},
    {PLT_PJL_PRODINFO, "ProductSerialNumber", PLT_SERIAL, 0, 'C', laserjet_pro},
    {PLT_PJL_PRODINFO, "FirmwareDateCode", PLT_FIRMWARE, 0, 'C', laserjet_pro},
    {PLT_PJL_PRODINFO, "IPAddress", PLT_ADDRESS, 0, 'C', laserjet_pro},
    {PLT_PJL_PRODINFO, "HWAddress", PLT_MAC, 0, 'C', laserjet_pro},
    {PLT_PJL_PAGECOUNT, "PAGECOUNT", PLT_METER_COUNT, PLT_METER_TOTAL, 'V', pjl_manual},
    {PLT_PJL_PAGECOUNT, "TOTALPAGES", PLT_METER_COUNT, PLT_METER_TOTAL, 'C', user},
    {PLT_PJL_PAGECOUNT, "LINEARFEET", PLT_METER_COUNT, PLT_METER(PLT_DID_ALL, PLT_TINT_ALL, PLT_SIDES_ALL, PLT_SIZE_ALL, PLT_UNIT_FEET, 0), 'V',
     "Xerox AccXES manual"},
    {PLT_PJL_PAGECOUNT, "SQUARE METERS", PLT_METER_COUNT,
     PLT_METER(PLT_DID_ALL, PLT_TINT_ALL, PLT_SIDES_ALL, PLT_SIZE_ALL, PLT_UNIT_SQUARE_METERS, 0), 'V', "Xerox AccXES manual"},
    {PLT_PJL_DRUMLIFE, "DRUMLIFE", PLT_SUPPLY_TEXT, 2, 'C', user}, /* as text: nobody says what it counts */
    {PLT_PJL_USTATUS, "TONER", PLT_SUPPLY_LEVEL, 1, 'C', user},    /* Pantum: percent */
};
const size_t plt_vendor_line_count = sizeof plt_vendor_lines / sizeof plt_vendor_lines[0];

const plt_vendor_object plt_vendor_objects[] = {
    /* meters */
    {HP, "1.4.1.2.5", 0, PLT_METER_COUNT, PLT_METER_TOTAL, PLT_READ_INTEGER, 'V', hplip},
    {HP, "1.4.1.2.6", 0, PLT_METER_COUNT, PLT_METER_MONO, PLT_READ_INTEGER, 'C', monitors},
    {HP, "1.4.1.2.7", 0, PLT_METER_COUNT, PLT_METER_COLOR, PLT_READ_INTEGER, 'C', monitors},
    {HP, "1.4.1.2.22", 0, PLT_METER_COUNT, PLT_METER_DUPLEX, PLT_READ_INTEGER, 'C', monitors},
    {HP, "2.10.2.1.4.1.1", 0, PLT_METER_COUNT, PLT_METER_TOTAL, PLT_READ_INTEGER, 'V', rfc3805},
    /* identity */
    {HP, "1.1.3.2", 0, PLT_MODEL, 0, PLT_READ_TEXT, 'V', hplip},
    {HP, "1.1.3.3", 0, PLT_SERIAL, 0, PLT_READ_TEXT, 'V', hplip},
    {HP, "1.1.3.12", 0, PLT_SERIAL, 0, PLT_READ_TEXT, 'V', hplip},
    {HP, "2.5.1.1.17.1", 0, PLT_SERIAL, 0, PLT_READ_TEXT, 'V', rfc3805},
    {HP, "1.1.3.5", 0, PLT_FIRMWARE, 0, PLT_READ_TEXT, 'V', hplip},
    {HP, "1.1.3.6", 0, PLT_FIRMWARE, 0, PLT_READ_TEXT, 'V', hplip},
    /* status */
    {HP, "3.3.5.1.1.1", 0, PLT_PRINTER_STATUS, 0, PLT_READ_INTEGER, 'V', rfc2790},
    {HP, "3.3.5.1.2.1", 0, PLT_CONDITIONS, 0, PLT_READ_CONDITIONS, 'V', rfc2790},
    {HP, "3.3.2.1.5.1", 0, PLT_DEVICE_STATUS, 0, PLT_READ_INTEGER, 'V', rfc2790},
    {HP, "1.1.2.20.2.1.1", 0, PLT_CONSOLE_TEXT, 1, PLT_READ_TEXT, 'V', hplip},
    {HP, "1.1.2.20.2.2.1", 0, PLT_CONSOLE_TEXT, 2, PLT_READ_TEXT, 'V', hplip},
    /* supplies: each column until the printer knows no more of them */
    {HP, "2.11.1.1.6.1.#", 8, PLT_SUPPLY_TEXT, 0, PLT_READ_TEXT, 'V', rfc3805},
    {HP, "2.11.1.1.9.1.#", 8, PLT_SUPPLY_LEVEL, 0, PLT_READ_INTEGER, 'V', rfc3805},
    {HP, "2.11.1.1.8.1.#", 8, PLT_SUPPLY_CAPACITY, 0, PLT_READ_INTEGER, 'V', rfc3805},
    {HP, "2.11.1.1.5.1.#", 8, PLT_SUPPLY_TYPE, 0, PLT_READ_INTEGER, 'V', rfc3805},
    {HP, "2.11.1.1.7.1.#", 8, PLT_SUPPLY_UNIT, 0, PLT_READ_INTEGER, 'V', rfc3805},
    {HP, "2.11.1.1.4.1.#", 8, PLT_SUPPLY_CLASS, 0, PLT_READ_INTEGER, 'V', rfc3805},
    {HP, "1.4.1.10.1.1.3.#", 8, PLT_SUPPLY_SERIAL, 0, PLT_READ_TEXT, 'C', e52645},
    {HP, "1.4.1.10.1.1.56.#", 8, PLT_SUPPLY_PART, 0, PLT_READ_TEXT, 'C', e52645},
    {HP, "1.4.1.10.1.1.12.#", 8, PLT_SUPPLY_PAGES_DONE, 0, PLT_READ_INTEGER, 'C', e52645},
    {HP, "1.4.1.10.5.1.1.#", 8, PLT_SUPPLY_PAGES_LEFT, 0, PLT_READ_INTEGER, 'C', e52645},
    /* meters of multifunction printers */
    {HP, "1.1.16.1.44.1.1", 0, PLT_METER_COUNT, METER(PRINT, MONO, ALL), PLT_READ_FLOAT, 'C', monitors},
    {HP, "1.1.16.1.44.2.1", 0, PLT_METER_COUNT, METER(PRINT, COLOR, ALL), PLT_READ_FLOAT, 'C', monitors},
    {HP, "1.1.16.1.44.13.1", 0, PLT_METER_COUNT, METER(PRINT, ALL, ALL), PLT_READ_FLOAT, 'C', monitors},
    {HP, "1.1.16.1.44.1.2", 0, PLT_METER_COUNT, METER(COPY, MONO, ALL), PLT_READ_FLOAT, 'C', monitors},
    {HP, "1.1.16.1.44.2.2", 0, PLT_METER_COUNT, METER(COPY, COLOR, ALL), PLT_READ_FLOAT, 'C', monitors},
    {HP, "1.1.16.1.44.13.2", 0, PLT_METER_COUNT, METER(COPY, ALL, ALL), PLT_READ_FLOAT, 'C', monitors},
    {HP, "1.1.16.1.44.13.3", 0, PLT_METER_COUNT, METER(FAX, ALL, ALL), PLT_READ_FLOAT, 'C', monitors},
    {HP, "1.2.2.1.20", 0, PLT_METER_COUNT, SLOT(SCAN, 1), PLT_READ_INTEGER, 'C', "open SNMP monitors: by the document feeder"},
    {HP, "1.2.2.1.21", 0, PLT_METER_COUNT, SLOT(SCAN, 2), PLT_READ_INTEGER, 'C', "open SNMP monitors: on the glass"},
};
const size_t plt_vendor_object_count = sizeof plt_vendor_objects / sizeof plt_vendor_objects[0];

bool plt_family_has(const plt_family *f, const char *make, const char *model)
{
    return plt_glob(f->make, make) && plt_glob(f->model, model);
}

size_t plt_vendor_oid(const plt_vendor_object *o, unsigned index, uint8_t out[PLT_PML_OID_MAX])
{
    char text[128];
    size_t before = strcspn(o->oid, "#");
    if (!o->oid[before]) return plt_pml_oid(o->oid, out);
    snprintf(text, sizeof text, "%.*s%u%s", (int)before, o->oid, index, o->oid + before + 1);
    return plt_pml_oid(text, out);
}
