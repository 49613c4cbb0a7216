/* SPDX-License-Identifier: Apache-2.0 */
/* BER out. A message is written from its end to its front, so that every length is known when it is written. */
#include <string.h>

#include "core/snmp/snmp.h"

typedef struct writer {
    uint8_t *base, *p; /* p moves down from the end of the room to base */
    bool full;
} writer;

static void byte(writer *w, uint8_t v)
{
    if (w->p == w->base)
        w->full = true;
    else
        *--w->p = v;
}

static void bytes(writer *w, const void *data, size_t n)
{
    if (w->full || (size_t)(w->p - w->base) < n) {
        w->full = true;
        return;
    }
    w->p -= n;
    if (n) memcpy(w->p, data, n);
}

/* The tag and length of what has been written since `end`. */
static void close_tag(writer *w, uint8_t tag, const uint8_t *end)
{
    size_t n = (size_t)(end - w->p);
    if (n < 0x80) {
        byte(w, (uint8_t)n);
    } else {
        size_t octets = 0;
        for (size_t v = n; v; v >>= 8, octets++) byte(w, (uint8_t)v);
        byte(w, (uint8_t)(0x80 | octets));
    }
    byte(w, tag);
}

static void integer(writer *w, uint8_t tag, int64_t v)
{
    const uint8_t *end = w->p;
    for (;;) {
        byte(w, (uint8_t)(v & 0xFF));
        bool sign = v & 0x80;
        v = v < 0 ? ~(~v >> 8) : v >> 8;
        if ((v == 0 && !sign) || (v == -1 && sign)) break;
    }
    close_tag(w, tag, end);
}

static void unsigned_number(writer *w, uint8_t tag, uint64_t v)
{
    const uint8_t *end = w->p;
    bool high;
    do {
        high = v & 0x80;
        byte(w, (uint8_t)v);
        v >>= 8;
    } while (v);
    if (high) byte(w, 0);
    close_tag(w, tag, end);
}

static void sub_identifier(writer *w, uint32_t v)
{
    byte(w, (uint8_t)(v & 0x7F));
    while (v >>= 7) byte(w, (uint8_t)(0x80 | (v & 0x7F)));
}

static void oid(writer *w, const plt_oid *o)
{
    const uint8_t *end = w->p;
    /* The first two share an octet group: X.690 8.19.4. */
    if (o->n < 2 || o->n > PLT_SNMP_OID_MAX || o->id[0] > 2 || (o->id[0] < 2 && o->id[1] > 39) || o->id[1] > UINT32_MAX - 80) {
        w->full = true;
        return;
    }
    for (size_t i = o->n; i > 2; i--) sub_identifier(w, o->id[i - 1]);
    sub_identifier(w, o->id[0] * 40 + o->id[1]);
    close_tag(w, PLT_SNMP_OID, end);
}

static void value(writer *w, const plt_snmp_value *v)
{
    const uint8_t *end = w->p;
    switch (v->type) {
    case PLT_SNMP_INTEGER: integer(w, PLT_SNMP_INTEGER, v->integer); return;
    case PLT_SNMP_COUNTER32:
    case PLT_SNMP_GAUGE32:
    case PLT_SNMP_TIMETICKS:
        if (v->number > UINT32_MAX) w->full = true;
        unsigned_number(w, (uint8_t)v->type, v->number);
        return;
    case PLT_SNMP_COUNTER64: unsigned_number(w, (uint8_t)v->type, v->number); return;
    case PLT_SNMP_STRING:
    case PLT_SNMP_IPADDRESS:
    case PLT_SNMP_OPAQUE:
    case PLT_SNMP_OID:
        bytes(w, v->bytes, v->len);
        close_tag(w, (uint8_t)v->type, end);
        return;
    case PLT_SNMP_NULL:
    case PLT_SNMP_NO_OBJECT:
    case PLT_SNMP_NO_INSTANCE:
    case PLT_SNMP_END_OF_VIEW: close_tag(w, (uint8_t)v->type, end); return;
    }
    w->full = true;
}

static void pdu(writer *w, const plt_snmp_message *m)
{
    const uint8_t *end = w->p;
    for (size_t i = m->count; i > 0; i--) {
        const uint8_t *varbind_end = w->p;
        value(w, &m->varbinds[i - 1].value);
        oid(w, &m->varbinds[i - 1].name);
        close_tag(w, 0x30, varbind_end);
    }
    close_tag(w, 0x30, end);
    integer(w, PLT_SNMP_INTEGER, m->error_index);
    integer(w, PLT_SNMP_INTEGER, m->error_status);
    integer(w, PLT_SNMP_INTEGER, m->request_id);
    close_tag(w, (uint8_t)m->pdu, end);
}

size_t plt_snmp_encode(const plt_snmp_message *m, uint8_t *out, size_t cap)
{
    writer w = {out, out + cap, false};
    const uint8_t *end = w.p, *community_end;
    if (m->count > PLT_SNMP_VARBINDS) return 0;
    pdu(&w, m);
    community_end = w.p;
    bytes(&w, m->community, strlen(m->community));
    close_tag(&w, PLT_SNMP_STRING, community_end);
    integer(&w, PLT_SNMP_INTEGER, m->version);
    close_tag(&w, 0x30, end);
    if (w.full) return 0;
    size_t n = (size_t)(end - w.p);
    memmove(out, w.p, n);
    return n;
}
