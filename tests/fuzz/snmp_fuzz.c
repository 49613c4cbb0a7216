/* SPDX-License-Identifier: Apache-2.0 */
/* SNMP messages: what is decoded can be encoded, and means the same then. */
#include <string.h>

#include "core/snmp/snmp.h"
#include "tests/fuzz/fuzz.h"

static void same_value(const plt_snmp_value *a, const plt_snmp_value *b)
{
    EXPECT(a->type == b->type);
    EXPECT(a->integer == b->integer && a->number == b->number);
    if (a->type != PLT_SNMP_STRING && a->type != PLT_SNMP_OPAQUE) return;
    EXPECT(a->len == b->len && (!a->len || !memcmp(a->bytes, b->bytes, a->len)));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static plt_snmp_message m, back;
    static uint8_t out[1u << 16];
    char text[64];
    plt_oid o;
    if (size > sizeof out / 2 || plt_snmp_decode(data, size, &m) != PLT_OK) return 0;
    for (size_t i = 0; i < m.count; i++) {
        const plt_snmp_value *v = &m.varbinds[i].value;
        EXPECT(v->len == 0 || (v->bytes >= data && v->bytes + v->len <= data + size));
        plt_oid_format(&m.varbinds[i].name, text, sizeof text);
        EXPECT(v->type != PLT_SNMP_OID || plt_snmp_value_oid(v, &o));
    }
    size_t n = plt_snmp_encode(&m, out, sizeof out);
    if (!n) return 0; /* an OID whose first octet group is beyond what can be written */
    EXPECT(plt_snmp_decode(out, n, &back) == PLT_OK);
    EXPECT(back.count == m.count && back.request_id == m.request_id && back.error_status == m.error_status);
    EXPECT(!strcmp(back.community, m.community));
    for (size_t i = 0; i < m.count; i++) {
        EXPECT(plt_oid_compare(&m.varbinds[i].name, &back.varbinds[i].name) == 0);
        same_value(&m.varbinds[i].value, &back.varbinds[i].value);
    }
    return 0;
}
