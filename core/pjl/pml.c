/* SPDX-License-Identifier: Apache-2.0 */
/* PML: a GET is 00, 00 n, and n bytes of object; its reply 80 outcome [18 01 error] 00 n object type|length value. */
#include "core/pjl/pml.h"

#include <string.h>

#include "core/util/cursor.h"
#include "core/util/text.h"

#define GET_REPLY 0x80
#define TYPE_MASK 0xFC

typedef struct pml_item {
    uint8_t type;
    const uint8_t *data;
    size_t n;
} pml_item;

static pml_item take_item(plt_cursor *c)
{
    uint8_t head = plt_cursor_u8(c);
    size_t n = (size_t)(head & 3) << 8 | plt_cursor_u8(c);
    const uint8_t *data = plt_cursor_take(c, n);
    return (pml_item){head & TYPE_MASK, data, data ? n : 0};
}

plt_status plt_pml_parse(const uint8_t *data, size_t n, plt_pml_reply *out)
{
    plt_cursor c = plt_cursor_make(data, n);
    memset(out, 0, sizeof *out);
    out->type = PLT_PML_NULL;
    if (plt_cursor_u8(&c) != GET_REPLY) return PLT_BAD;
    out->outcome = plt_cursor_u8(&c);
    pml_item i = take_item(&c);
    if (i.type == PLT_PML_ERROR) i = take_item(&c);
    if (c.bad || i.type != PLT_PML_OID) return PLT_BAD;
    out->oid = i.data;
    out->oid_len = i.n;
    if (!plt_cursor_left(&c)) return out->outcome >= 0x80 ? PLT_OK : PLT_BAD;
    i = take_item(&c);
    if (c.bad) return PLT_BAD;
    out->type = i.type;
    out->value = i.data;
    out->value_len = i.n;
    return PLT_OK;
}

size_t plt_pml_get(const uint8_t *oid, size_t n, uint8_t out[PLT_PML_GET_MAX])
{
    if (!n || n > PLT_PML_OID_MAX) return 0;
    out[0] = 0x00; /* GET */
    out[1] = PLT_PML_OID;
    out[2] = (uint8_t)n;
    memcpy(out + 3, oid, n);
    return n + 3;
}

size_t plt_pml_oid(const char *text, uint8_t out[PLT_PML_OID_MAX])
{
    size_t n = 0;
    for (;; text++) {
        unsigned v = 0, digits = 0;
        for (; *text >= '0' && *text <= '9' && v < 256; text++, digits++) v = v * 10 + (unsigned)(*text - '0');
        if (!digits || v > 255 || n == PLT_PML_OID_MAX) return 0;
        out[n++] = (uint8_t)v;
        if (!*text) return n;
        if (*text != '.') return 0;
    }
}

bool plt_pml_integer(uint8_t type, const uint8_t *value, size_t n, int64_t *out)
{
    if ((type != PLT_PML_INTEGER && type != PLT_PML_ENUM) || n < 1 || n > 8) return false;
    uint64_t v = value[0] & 0x80 ? UINT64_MAX : 0;
    for (size_t i = 0; i < n; i++) v = v << 8 | value[i];
    memcpy(out, &v, sizeof v); /* two's complement either way */
    return true;
}

bool plt_pml_float(uint8_t type, const uint8_t *value, size_t n, uint64_t *out)
{
    *out = 0;
    if ((type != PLT_PML_REAL && type != PLT_PML_BINARY && type != PLT_PML_STRING) || n != 4) return false;
    uint32_t bits = (uint32_t)value[0] << 24 | (uint32_t)value[1] << 16 | (uint32_t)value[2] << 8 | value[3];
    unsigned exponent = bits >> 23 & 0xFF;
    uint64_t mantissa = (bits & 0x7FFFFF) | 0x800000;
    if (bits == 0) return true;
    if (bits >> 31 || exponent < 127 || exponent > 127 + 52) return bits >> 31 == 0 && exponent < 127; /* below one: 0 */
    *out = exponent >= 127 + 23 ? mantissa << (exponent - 150) : mantissa >> (150 - exponent);
    return true;
}

bool plt_pml_string(uint8_t type, const uint8_t *value, size_t n, char *out, size_t size)
{
    out[0] = 0;
    if (type != PLT_PML_STRING || n < 2) return false;
    plt_utf8_copy(out, size, (const char *)value + 2, n - 2);
    return true;
}
