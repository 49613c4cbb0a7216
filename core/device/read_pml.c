/* SPDX-License-Identifier: Apache-2.0 */
/* What PML replies say, and the state that all sources together give. */
#include <stdio.h>
#include <string.h>

#include "core/device/meter.h"
#include "core/device/read.h"
#include "core/util/text.h"

/* The value's bytes in hex, or as text: its raw form. */
static void raw_of(const plt_pml_reply *r, char out[PLT_TEXT_MAX + 1])
{
    size_t n = r->value_len < PLT_TEXT_MAX / 2 ? r->value_len : PLT_TEXT_MAX / 2;
    out[0] = 0;
    if (n) plt_hex(out, r->value, n);
}

/* hrPrinterDetectedErrorState: the first byte's highest bit is condition 0. */
static bool read_conditions(const plt_pml_reply *r, uint64_t *bits)
{
    *bits = 0;
    if ((r->type != PLT_PML_BINARY && r->type != PLT_PML_STRING) || r->value_len < 1 || r->value_len > 8) return false;
    for (unsigned i = 0; i < PLT_CONDITION_COUNT && i / 8 < r->value_len; i++)
        if (r->value[i / 8] & 0x80 >> i % 8) *bits |= 1ull << i;
    return true;
}

bool plt_read_pml(plt_device *d, const plt_vendor_object *o, unsigned index, const plt_pml_reply *r, int64_t at)
{
    plt_origin from = {PLT_SOURCE_PML, at};
    uint32_t row = strchr(o->oid, '#') ? index : o->row;
    char text[PLT_TEXT_MAX + 1], raw[PLT_TEXT_MAX + 1];
    int64_t whole;
    uint64_t n;
    if (r->outcome >= 0x80 || !r->value) return false;
    raw_of(r, raw);
    switch (o->read) {
    case PLT_READ_INTEGER:
        if (!plt_pml_integer(r->type, r->value, r->value_len, &whole)) return false;
        plt_device_set_mib(d, o->what, row, from, whole, NULL);
        return true;
    case PLT_READ_TEXT:
        if (!plt_pml_string(r->type, r->value, r->value_len, text, sizeof text) || !text[0]) return false;
        if (o->what == PLT_SERIAL && !plt_serial_is_real(text)) return false;
        plt_device_set_text(d, o->what, row, from, text, NULL);
        return true;
    case PLT_READ_FLOAT:
        if (!plt_pml_float(r->type, r->value, r->value_len, &n)) return false;
        plt_device_set_number(d, o->what, row, from, n, raw);
        return true;
    case PLT_READ_CONDITIONS:
        if (!read_conditions(r, &n)) return false;
        plt_device_set_number(d, o->what, row, from, n, raw);
        return true;
    }
    return false;
}

/* hrDeviceStatus and hrPrinterStatus (RFC 2790) as a state of ours. */
static plt_state state_of(uint64_t device, uint64_t printer)
{
    if (device == 5) return PLT_STATE_STOPPED;
    if (printer == 4) return PLT_STATE_PRINTING;
    if (printer == 5) return PLT_STATE_WARMING;
    if (device == 3) return PLT_STATE_ATTENTION;
    return printer == 3 ? PLT_STATE_READY : PLT_STATE_UNKNOWN;
}

void plt_read_state(plt_device *d, int64_t at)
{
    uint64_t device, printer;
    plt_device_number(d, PLT_DEVICE_STATUS, 0, &device);
    if (!plt_device_number(d, PLT_PRINTER_STATUS, 0, &printer)) return;
    const plt_value *v = plt_device_get(d, PLT_PRINTER_STATUS, 0);
    plt_state s = state_of(device, printer);
    if (s != PLT_STATE_UNKNOWN && !plt_device_evidence(d, PLT_STATE, 0, PLT_SOURCE_PJL))
        plt_device_set_number(d, PLT_STATE, 0, (plt_origin){(plt_source)v->source, at}, s, NULL);
}
