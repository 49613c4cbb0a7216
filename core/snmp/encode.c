/* SPDX-License-Identifier: Apache-2.0 */
/*
 * BER out: variables forwards, then headers backwards in front of them, each with the shortest length there is. Writes nothing that the
 * standards forbid, and never outside the caller's room.
 */
#include <string.h>

#include "core/snmp/snmp.h"

#define SEQUENCE 0x30

static size_t head_size(size_t n)
{
    return n < 0x80 ? 2 : n < 0x100 ? 3 : n < 0x10000 ? 4 : 5;
}

/* Tag and length at p, which has the room; behind them. Nothing here is longer than the three octets of a length hold. */
static uint8_t *head(uint8_t *p, uint8_t tag, size_t n)
{
    *p++ = tag;
    if (n >= 0x80) *p++ = (uint8_t)(0x80 | (head_size(n) - 2));
    if (n >= 0x10000) *p++ = (uint8_t)(n >> 16);
    if (n >= 0x100) *p++ = (uint8_t)(n >> 8);
    *p++ = (uint8_t)n;
    return p;
}

static uint8_t *whole(uint8_t *p, uint8_t tag, plt_octets o)
{
    p = head(p, tag, o.n);
    if (o.n) memcpy(p, o.p, o.n);
    return p + o.n;
}

void plt_snmp_begin(plt_snmp_out *o, uint8_t *room, size_t cap)
{
    bool fits = cap >= PLT_SNMP_HEAD;
    o->base = room;
    o->end = room + cap;
    o->p = o->q = fits ? room + PLT_SNMP_HEAD : room;
    o->full = !fits;
}

size_t plt_snmp_size(const plt_snmp_out *o)
{
    return o->full ? 0 : (size_t)(o->q - o->p);
}

void plt_snmp_rewind(plt_snmp_out *o, const uint8_t *mark)
{
    o->q = o->base + (mark - o->base);
    o->full = false;
}

/* Forwards: n bytes of room, or NULL. */
static uint8_t *behind(plt_snmp_out *o, size_t n)
{
    uint8_t *p = o->q;
    if (o->full || (size_t)(o->end - p) < n) {
        o->full = true;
        return NULL;
    }
    o->q += n;
    return p;
}

/* Backwards. */
static uint8_t *before(plt_snmp_out *o, size_t n)
{
    if (o->full || (size_t)(o->p - o->base) < n) {
        o->full = true;
        return NULL;
    }
    return o->p -= n;
}

static bool lawful(plt_snmp_type type, plt_octets value)
{
    switch (type) {
    case PLT_SNMP_INTEGER:
    case PLT_SNMP_COUNTER32:
    case PLT_SNMP_GAUGE32:
    case PLT_SNMP_TIMETICKS: return value.n >= 1 && value.n <= 5;
    case PLT_SNMP_COUNTER64: return value.n >= 1 && value.n <= 9;
    case PLT_SNMP_IPADDRESS: return value.n == 4;
    case PLT_SNMP_OID: return plt_oid_valid(value);
    case PLT_SNMP_STRING:
    case PLT_SNMP_OPAQUE: return value.n <= 65535;
    case PLT_SNMP_NULL:
    case PLT_SNMP_NO_OBJECT:
    case PLT_SNMP_NO_INSTANCE:
    case PLT_SNMP_END_OF_VIEW: return value.n == 0;
    }
    return false;
}

bool plt_snmp_put(plt_snmp_out *o, plt_octets name, plt_snmp_type type, plt_octets value)
{
    if (!plt_oid_valid(name) || !lawful(type, value)) o->full = true;
    if (o->full) return false;
    size_t n = head_size(name.n) + name.n + head_size(value.n) + value.n;
    uint8_t *p = behind(o, head_size(n) + n);
    if (!p) return false;
    p = head(p, SEQUENCE, n);
    p = whole(p, PLT_SNMP_OID, name);
    whole(p, (uint8_t)type, value);
    return true;
}

bool plt_snmp_put_list(plt_snmp_out *o, plt_octets list)
{
    uint8_t *p = behind(o, list.n);
    if (p && list.n) memcpy(p, list.p, list.n);
    return p != NULL;
}

plt_octets plt_snmp_octets_signed(int64_t v, uint8_t room[9])
{
    size_t at = 9;
    for (;;) {
        uint8_t low = (uint8_t)(v & 0xFF);
        room[--at] = low;
        v = v < 0 ? ~(~v >> 8) : v >> 8;
        if ((v == 0 && !(low & 0x80)) || (v == -1 && low & 0x80)) return plt_octets_make(room + at, 9 - at);
    }
}

plt_octets plt_snmp_octets_unsigned(uint64_t v, uint8_t room[9])
{
    size_t at = 9;
    do {
        room[--at] = (uint8_t)(v & 0xFF);
        v >>= 8;
    } while (v);
    if (room[at] & 0x80) room[--at] = 0;
    return plt_octets_make(room + at, 9 - at);
}

bool plt_snmp_put_signed(plt_snmp_out *o, plt_octets name, int32_t v)
{
    uint8_t room[9];
    return plt_snmp_put(o, name, PLT_SNMP_INTEGER, plt_snmp_octets_signed(v, room));
}

bool plt_snmp_put_unsigned(plt_snmp_out *o, plt_octets name, plt_snmp_type type, uint64_t v)
{
    uint8_t room[9];
    bool wide = type == PLT_SNMP_COUNTER64;
    if (!wide && (v > UINT32_MAX || type < PLT_SNMP_COUNTER32 || type > PLT_SNMP_TIMETICKS)) o->full = true;
    return plt_snmp_put(o, name, type, plt_snmp_octets_unsigned(v, room));
}

/* A whole element in front of what is written. */
static uint8_t *lead(plt_snmp_out *o, uint8_t tag, plt_octets value)
{
    uint8_t *p = before(o, head_size(value.n) + value.n);
    return p ? whole(p, tag, value) - value.n : NULL;
}

static void lead_number(plt_snmp_out *o, int32_t v)
{
    uint8_t room[9];
    lead(o, PLT_SNMP_INTEGER, plt_snmp_octets_signed(v, room));
}

/* Tag and length of what is written from p to `until`. */
static void wrap(plt_snmp_out *o, uint8_t tag, const uint8_t *until)
{
    size_t n = (size_t)(until - o->p);
    uint8_t *p = n < 0x1000000 ? before(o, head_size(n)) : NULL;
    if (p)
        head(p, tag, n);
    else
        o->full = true;
}

void plt_snmp_close_pdu(plt_snmp_out *o, const plt_snmp_pdu *pdu)
{
    wrap(o, SEQUENCE, o->q);
    lead_number(o, pdu->error_index);
    lead_number(o, pdu->error_status);
    lead_number(o, pdu->request_id);
    wrap(o, (uint8_t)pdu->kind, o->q);
}

void plt_snmp_close(plt_snmp_out *o, int32_t version, plt_octets community)
{
    lead(o, PLT_SNMP_STRING, community);
    lead_number(o, version);
    wrap(o, SEQUENCE, o->q);
}

void plt_snmp_close_scoped(plt_snmp_out *o, plt_octets context_engine, plt_octets context)
{
    lead(o, PLT_SNMP_STRING, context);
    lead(o, PLT_SNMP_STRING, context_engine);
    wrap(o, SEQUENCE, o->q);
}

void plt_snmp_close_v3(plt_snmp_out *o, const plt_snmp_v3 *v, uint8_t **auth)
{
    if (v->flags & PLT_SNMP_PRIV) wrap(o, PLT_SNMP_STRING, o->q);
    const uint8_t *parameters_end = o->p;
    lead(o, PLT_SNMP_STRING, v->priv);
    *auth = lead(o, PLT_SNMP_STRING, v->auth);
    lead(o, PLT_SNMP_STRING, v->user);
    lead_number(o, v->time);
    lead_number(o, v->boots);
    lead(o, PLT_SNMP_STRING, v->engine);
    wrap(o, SEQUENCE, parameters_end);
    wrap(o, PLT_SNMP_STRING, parameters_end);
    const uint8_t *header_end = o->p;
    lead_number(o, PLT_SNMP_USM);
    lead(o, PLT_SNMP_STRING, plt_octets_make(&v->flags, 1));
    lead_number(o, v->max_size);
    lead_number(o, v->id);
    wrap(o, SEQUENCE, header_end);
    lead_number(o, PLT_SNMP_V3);
    wrap(o, SEQUENCE, o->q);
}
