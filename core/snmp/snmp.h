/* SPDX-License-Identifier: Apache-2.0 */
/*
 * SNMP messages in BER: v1 and v2c (RFC 1157, RFC 3416) and the outside of v3 (RFC 3412, RFC 3414 2.4), both ways, for the side that asks
 * and the side that answers. Nothing is allocated or copied: what is read is borrowed from the packet, an OID is its encoded octets, and
 * the list of variables is walked in place. Reading forgives what real printers do wrong, writing is strict. Nothing here sends,
 * receives, or knows a key; usm.h does the latter.
 */
#ifndef PLATEN_CORE_SNMP_SNMP_H
#define PLATEN_CORE_SNMP_SNMP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/util/cursor.h"
#include "core/util/status.h"

#define PLT_SNMP_PACKET 1472 /* what fits into one Ethernet frame over IPv4 */
#define PLT_OID_SIZE 640     /* RFC 3416: 128 sub-identifiers, of at most five octets each */

/* Borrowed octets: a string, an encoded OID. */
typedef struct plt_octets {
    const uint8_t *p;
    size_t n;
} plt_octets;

/* PLT_OID("\x2B\x06\x01"): a constant, already encoded. */
#define PLT_OID(literal) ((plt_octets){(const uint8_t *)(literal), sizeof(literal) - 1})

static inline plt_octets plt_octets_make(const void *p, size_t n)
{
    return (plt_octets){p, n};
}
bool plt_octets_same(plt_octets a, plt_octets b);

/* Encodes "1.3.6.1.2.1.1.1.0", a leading dot allowed. The length; 0 when the text is malformed or the OID does not fit. */
size_t plt_oid_parse(const char *text, uint8_t *out, size_t cap);
/* One more sub-identifier behind the n octets of an OID or of the tail of one. The new length; 0 when it does not fit. */
size_t plt_oid_add(uint8_t *oid, size_t n, size_t cap, uint32_t id);
/* Cut to size; gives false then, and for what is no OID. */
bool plt_oid_format(plt_octets oid, char *out, size_t size);
/* Whole sub-identifiers, none empty, padded or above 2^32-1. What plt_snmp_next gives as a name has been through this. */
bool plt_oid_valid(plt_octets oid);
/* Lexicographic by sub-identifiers, as a walk goes: negative, 0, positive. Both are valid. */
int plt_oid_compare(plt_octets a, plt_octets b);
/* Is `oid` the same as `prefix` or below it? */
bool plt_oid_below(plt_octets oid, plt_octets prefix);
/* Takes the next sub-identifier off the tail of an OID (what stands behind a column's OID, never its first octet). False at its end. */
bool plt_oid_take(plt_octets *tail, uint32_t *id);

enum { PLT_SNMP_V1 = 0, PLT_SNMP_V2C = 1, PLT_SNMP_V3 = 3 };

/* One layout for all; the Trap-PDU of v1 (0xA4) is another and is not read. */
typedef enum plt_snmp_kind {
    PLT_SNMP_GET = 0xA0,
    PLT_SNMP_GETNEXT = 0xA1,
    PLT_SNMP_RESPONSE = 0xA2,
    PLT_SNMP_SET = 0xA3,
    PLT_SNMP_GETBULK = 0xA5,
    PLT_SNMP_INFORM = 0xA6,
    PLT_SNMP_TRAP = 0xA7,
    PLT_SNMP_REPORT = 0xA8,
} plt_snmp_kind;

/* RFC 3416 3, as far as a reader and a read-only agent need them. */
enum {
    PLT_SNMP_NO_ERROR = 0,
    PLT_SNMP_TOO_BIG = 1,
    PLT_SNMP_NO_SUCH_NAME = 2, /* how v1 says that there is none, and ends a walk */
    PLT_SNMP_READ_ONLY = 4,
    PLT_SNMP_GEN_ERR = 5,
    PLT_SNMP_NO_ACCESS = 6,
    PLT_SNMP_AUTHORIZATION_ERROR = 16,
    PLT_SNMP_NOT_WRITABLE = 17,
};

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

typedef struct plt_snmp_pdu {
    plt_snmp_kind kind;
    int32_t request_id;
    int32_t error_status; /* GETBULK: non-repeaters */
    int32_t error_index;  /* GETBULK: max-repetitions */
    plt_octets list;      /* the variables, still encoded: plt_snmp_next */
} plt_snmp_pdu;

enum { PLT_SNMP_AUTH = 1, PLT_SNMP_PRIV = 2, PLT_SNMP_REPORTABLE = 4 };
#define PLT_SNMP_USM 3 /* msgSecurityModel */

/* The header of v3 and the parameters of USM. */
typedef struct plt_snmp_v3 {
    int32_t id, max_size;
    uint8_t flags;
    int32_t boots, time;
    plt_octets engine, user, auth, priv; /* auth, priv: msgAuthenticationParameters, msgPrivacyParameters */
    plt_octets scoped;                   /* the scoped PDU: encrypted with PLT_SNMP_PRIV, else plain */
    plt_octets context_engine, context;  /* of the scoped PDU */
} plt_snmp_v3;

typedef struct plt_snmp_message {
    int32_t version;
    plt_octets community; /* v1, v2c */
    plt_snmp_v3 v3;
    plt_snmp_pdu pdu; /* kind 0: still encrypted */
} plt_snmp_message;

/*
 * Reads a message. PLT_BAD: malformed or not whole; PLT_UNSUPPORTED: another version, PDU or security model. What stands behind the
 * message is passed over. The PDU of an encrypted message is read by plt_snmp_read_scoped once it is plain.
 */
plt_status plt_snmp_read(const uint8_t *data, size_t n, plt_snmp_message *out);
plt_status plt_snmp_read_scoped(const uint8_t *plain, size_t n, plt_snmp_message *out);

typedef struct plt_snmp_var {
    plt_octets name;
    plt_snmp_type type; /* any tag that stood there: look before you read */
    plt_octets value;   /* its content octets */
} plt_snmp_var;

/* Walks a list: `list` is plt_cursor_make of pdu.list. False at its end, and with list->bad where it is malformed. */
bool plt_snmp_next(plt_cursor *list, plt_snmp_var *out);
/* The number of any of the numeric types; false for other types and for what no 64 bits hold. */
bool plt_snmp_signed(const plt_snmp_var *v, int64_t *out);
bool plt_snmp_unsigned(const plt_snmp_var *v, uint64_t *out);
/* noSuchObject, noSuchInstance, endOfMibView, NULL. */
bool plt_snmp_absent(const plt_snmp_var *v);

/*
 * Writing. Variables go forwards into the caller's room behind PLT_SNMP_HEAD free bytes; the closing calls put the lengths and headers
 * in front of them, so that nothing is moved. The message is [p, q). `full` is sticky: put everything, ask plt_snmp_size once.
 */
#define PLT_SNMP_HEAD 448 /* the largest header: v3 with an engine, a user and a context of 32 bytes each */

typedef struct plt_snmp_out {
    uint8_t *base, *end; /* the room; borrowed */
    uint8_t *p, *q;      /* what is written */
    bool full;
} plt_snmp_out;

/* Empty; cap counts PLT_SNMP_HEAD as well. */
void plt_snmp_begin(plt_snmp_out *o, uint8_t *room, size_t cap);
/* A variable of any type by its content octets; none for PLT_SNMP_NULL and the exceptions. False, and full, when there is no room or it
 * is not lawful. */
bool plt_snmp_put(plt_snmp_out *o, plt_octets name, plt_snmp_type type, plt_octets value);
bool plt_snmp_put_signed(plt_snmp_out *o, plt_octets name, int32_t v);
bool plt_snmp_put_unsigned(plt_snmp_out *o, plt_octets name, plt_snmp_type type, uint64_t v);
/* The content octets of a number, the shortest there are: the last ones of `room`. */
plt_octets plt_snmp_octets_signed(int64_t v, uint8_t room[9]);
plt_octets plt_snmp_octets_unsigned(uint64_t v, uint8_t room[9]);
/* Variables that are encoded already. */
bool plt_snmp_put_list(plt_snmp_out *o, plt_octets list);
/* Takes back what was put since q was `mark`, and the fullness. */
void plt_snmp_rewind(plt_snmp_out *o, const uint8_t *mark);

/* Closes the list into a PDU; pdu->list is not looked at. */
void plt_snmp_close_pdu(plt_snmp_out *o, const plt_snmp_pdu *pdu);
/* Closes the PDU into a message of v1 or v2c. */
void plt_snmp_close(plt_snmp_out *o, int32_t version, plt_octets community);
/* Closes the PDU into a scoped PDU, to be encrypted in place or not. */
void plt_snmp_close_scoped(plt_snmp_out *o, plt_octets context_engine, plt_octets context);
/* Closes the scoped PDU, with PLT_SNMP_PRIV as an OCTET STRING, into a message of v3; scoped and the contexts are not looked at.
 * *auth is where its authentication parameters stand in the message (they are written as v->auth holds them). */
void plt_snmp_close_v3(plt_snmp_out *o, const plt_snmp_v3 *v, uint8_t **auth);
/* The length of [p, q); 0 when anything did not fit. */
size_t plt_snmp_size(const plt_snmp_out *o);

#endif
