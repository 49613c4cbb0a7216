/* SPDX-License-Identifier: Apache-2.0 */
/*
 * SNMP v1 and v2c messages (RFC 1157, RFC 3416) in BER: encode and decode, bounded, without allocation. Decoded values are
 * borrowed from the packet. Nothing here is sent or received.
 */
#ifndef PLATEN_CORE_SNMP_SNMP_H
#define PLATEN_CORE_SNMP_SNMP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/util/status.h"

#define PLT_SNMP_OID_MAX 128 /* RFC 3416: sub-identifiers of an OID */
#define PLT_SNMP_VARBINDS 32
#define PLT_SNMP_COMMUNITY 64
#define PLT_SNMP_PACKET 1472 /* what fits into one Ethernet frame */

typedef struct plt_oid {
    uint32_t id[PLT_SNMP_OID_MAX];
    size_t n;
} plt_oid;

/* "1.3.6.1.2.1.1.1.0", a leading dot allowed. False when malformed or too long. */
bool plt_oid_parse(plt_oid *out, const char *text);
/* Cut to size; gives false then. */
bool plt_oid_format(const plt_oid *o, char *out, size_t size);
/* Lexicographic, as a walk goes: negative, 0, positive. */
int plt_oid_compare(const plt_oid *a, const plt_oid *b);
/* Is `o` the same as `prefix` or below it? */
bool plt_oid_below(const plt_oid *o, const plt_oid *prefix);

enum { PLT_SNMP_V1 = 0, PLT_SNMP_V2C = 1 };

typedef enum plt_snmp_pdu {
    PLT_SNMP_GET = 0xA0,
    PLT_SNMP_GETNEXT = 0xA1,
    PLT_SNMP_RESPONSE = 0xA2,
} plt_snmp_pdu;

typedef enum plt_snmp_type {
    PLT_SNMP_INTEGER = 0x02,
    PLT_SNMP_STRING = 0x04,
    PLT_SNMP_NULL = 0x05,
    PLT_SNMP_OID = 0x06,
    PLT_SNMP_IPADDRESS = 0x40,
    PLT_SNMP_COUNTER32 = 0x41,
    PLT_SNMP_GAUGE32 = 0x42,
    PLT_SNMP_TIMETICKS = 0x43,
    PLT_SNMP_OPAQUE = 0x44,
    PLT_SNMP_COUNTER64 = 0x46,
    PLT_SNMP_NO_OBJECT = 0x80,   /* v2c: noSuchObject */
    PLT_SNMP_NO_INSTANCE = 0x81, /* v2c: noSuchInstance */
    PLT_SNMP_END_OF_VIEW = 0x82, /* v2c: endOfMibView */
} plt_snmp_type;

typedef struct plt_snmp_value {
    plt_snmp_type type;
    int64_t integer;      /* INTEGER */
    uint64_t number;      /* COUNTER32, GAUGE32, TIMETICKS, COUNTER64 */
    const uint8_t *bytes; /* STRING, IPADDRESS, OPAQUE and OID (still encoded); borrowed */
    size_t len;
} plt_snmp_value;

typedef struct plt_snmp_varbind {
    plt_oid name;
    plt_snmp_value value;
} plt_snmp_varbind;

typedef struct plt_snmp_message {
    int version;
    char community[PLT_SNMP_COMMUNITY];
    plt_snmp_pdu pdu;
    int32_t request_id;
    int32_t error_status; /* RFC 3416; 2 noSuchName is how v1 ends a walk */
    int32_t error_index;
    size_t count;
    plt_snmp_varbind varbinds[PLT_SNMP_VARBINDS];
} plt_snmp_message;

/* The length of the message in `out`; 0 when it does not fit or holds a value that cannot be encoded. */
size_t plt_snmp_encode(const plt_snmp_message *m, uint8_t *out, size_t cap);
/* PLT_BAD: malformed, PLT_UNSUPPORTED: another version or PDU, PLT_FULL: more varbinds than fit. */
plt_status plt_snmp_decode(const uint8_t *data, size_t n, plt_snmp_message *out);
/* The value of type OID, decoded. */
bool plt_snmp_value_oid(const plt_snmp_value *v, plt_oid *out);

#endif
