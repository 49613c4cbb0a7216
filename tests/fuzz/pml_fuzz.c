/* SPDX-License-Identifier: Apache-2.0 */
/* PML replies: parsed, and read as each kind of value of the vendors' table; and objects from text, which must come back as GETs. */
#include <string.h>

#include "core/device/read.h"
#include "core/util/text.h"
#include "tests/fuzz/fuzz.h"

static void read_as_all(const plt_pml_reply *r)
{
    plt_device d;
    char text[64];
    int64_t whole;
    uint64_t n;
    plt_device_init(&d, 2048);
    for (size_t i = 0; i < plt_vendor_object_count; i++) plt_read_pml(&d, &plt_vendor_objects[i], 1 + i % 8, r, 1000);
    plt_read_state(&d, 1000);
    EXPECT(d.status == PLT_OK || d.status == PLT_FULL);
    for (size_t i = 0; i < d.count; i++) {
        const char *said = plt_value_text(&d, &d.values[i]);
        EXPECT(plt_utf8_valid(said, strlen(said)));
    }
    plt_device_free(&d);
    if (plt_pml_float(r->type, r->value, r->value_len, &n)) EXPECT(n < 1ull << 53);
    plt_pml_integer(r->type, r->value, r->value_len, &whole);
    plt_pml_string(r->type, r->value, r->value_len, text, sizeof text);
}

static void object_of(const uint8_t *data, size_t size)
{
    char text[80];
    uint8_t oid[PLT_PML_OID_MAX], get[PLT_PML_GET_MAX];
    size_t n = size < sizeof text - 1 ? size : sizeof text - 1;
    memcpy(text, data, n);
    text[n] = 0;
    size_t len = plt_pml_oid(text, oid);
    if (!len) return;
    EXPECT(len <= PLT_PML_OID_MAX && plt_pml_get(oid, len, get) == len + 3);
    EXPECT(get[0] == 0 && get[1] == 0 && get[2] == len);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    plt_pml_reply r;
    if (plt_pml_parse(data, size, &r) == PLT_OK) {
        EXPECT(!r.value || (r.value >= data && r.value + r.value_len <= data + size));
        EXPECT(r.oid >= data && r.oid + r.oid_len <= data + size);
        if (r.value) read_as_all(&r);
    }
    object_of(data, size);
    return 0;
}
