/* SPDX-License-Identifier: Apache-2.0 */
/* PML, HP's SNMP-like protocol: the GET, which is the only request that can be built, and its reply. */
#ifndef PLATEN_CORE_PJL_PML_H
#define PLATEN_CORE_PJL_PML_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/util/status.h"

enum {
    PLT_PML_OID = 0x00,
    PLT_PML_ENUM = 0x04,
    PLT_PML_INTEGER = 0x08,
    PLT_PML_REAL = 0x0C,
    PLT_PML_STRING = 0x10,
    PLT_PML_BINARY = 0x14,
    PLT_PML_ERROR = 0x18,
    PLT_PML_NULL = 0x1C,
    PLT_PML_COLLECTION = 0x20,
};

typedef struct plt_pml_reply {
    uint8_t outcome;    /* 0x80 and above: an error */
    const uint8_t *oid; /* borrowed */
    size_t oid_len;
    uint8_t type;         /* PLT_PML_*; NULL when there is no value */
    const uint8_t *value; /* borrowed */
    size_t value_len;
} plt_pml_reply;

#define PLT_PML_OID_MAX 32
#define PLT_PML_GET_MAX (3 + PLT_PML_OID_MAX)

/* A GET of the object; gives its length, 0 when the object's is none that PML can name. */
size_t plt_pml_get(const uint8_t *oid, size_t n, uint8_t out[PLT_PML_GET_MAX]);
/* "1.4.1.2.5" as an object; 0 when it is none. */
size_t plt_pml_oid(const char *text, uint8_t out[PLT_PML_OID_MAX]);
/* PLT_BAD when it is not a whole reply to a GET. */
plt_status plt_pml_parse(const uint8_t *data, size_t n, plt_pml_reply *out);
/* Integers and enums are big endian, minimal and signed. False for other types and lengths. */
bool plt_pml_integer(uint8_t type, const uint8_t *value, size_t n, int64_t *out);
/* An IEEE 754 single in four bytes of a binary or string value, as the accounting objects of newer printers give counts; whole part only.
   False when it is no count: negative, not finite, beyond 2^53. */
bool plt_pml_float(uint8_t type, const uint8_t *value, size_t n, uint64_t *out);
/* Strings begin with a two-byte symbol set, which is left out; Latin-1 and Roman-8 letters beyond ASCII become '?'. */
bool plt_pml_string(uint8_t type, const uint8_t *value, size_t n, char *out, size_t size);

#endif
