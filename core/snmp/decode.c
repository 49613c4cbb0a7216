/* SPDX-License-Identifier: Apache-2.0 */
/* BER in. Definite lengths only, checked against what was received; numbers must fit their types. */
#include <string.h>

#include "core/snmp/snmp.h"
#include "core/util/cursor.h"

/* The content of the next element; its tag must be `tag` unless that is 0. */
static plt_cursor element(plt_cursor *c, uint8_t tag, uint8_t *got)
{
    uint8_t t = plt_cursor_u8(c);
    size_t n = plt_cursor_u8(c);
    if (n > 0x80 && n <= 0x84) { /* long form: the number of octets follows */
        size_t octets = n & 0x7F;
        n = 0;
        while (octets--) n = n << 8 | plt_cursor_u8(c);
    } else if (n >= 0x80) { /* indefinite or absurd */
        c->bad = true;
    }
    const uint8_t *p = plt_cursor_take(c, n);
    if (tag && t != tag) c->bad = true;
    if (got) *got = t;
    if (!p || c->bad) return plt_cursor_make(NULL, 0);
    return plt_cursor_make(p, n);
}

static int64_t signed_content(plt_cursor *content, bool *bad)
{
    size_t n = plt_cursor_left(content);
    const uint8_t *p = plt_cursor_take(content, n);
    if (!n || n > 8 || !p) {
        *bad = true;
        return 0;
    }
    uint64_t v = p[0] & 0x80 ? UINT64_MAX : 0;
    for (size_t i = 0; i < n; i++) v = v << 8 | p[i];
    int64_t out;
    memcpy(&out, &v, sizeof out);
    return out;
}

/* Some agents leave out the zero octet in front of a high bit: taken as it is meant. */
static uint64_t unsigned_content(plt_cursor *content, size_t max_octets, bool *bad)
{
    size_t n = plt_cursor_left(content);
    const uint8_t *p = plt_cursor_take(content, n);
    uint64_t v = 0;
    if (!n || !p || n > max_octets + 1 || (n == max_octets + 1 && p[0] != 0)) {
        *bad = true;
        return 0;
    }
    for (size_t i = 0; i < n; i++) v = v << 8 | p[i];
    return v;
}

static int32_t small_integer(plt_cursor *c)
{
    plt_cursor content = element(c, PLT_SNMP_INTEGER, NULL);
    int64_t v = signed_content(&content, &c->bad);
    if (v < INT32_MIN || v > INT32_MAX) c->bad = true;
    return c->bad ? 0 : (int32_t)v;
}

static bool oid_content(plt_cursor content, plt_oid *out)
{
    out->n = 0;
    while (plt_cursor_left(&content)) {
        uint64_t v = 0;
        uint8_t b;
        do {
            b = plt_cursor_u8(&content);
            v = v << 7 | (b & 0x7F);
            if (content.bad || v > UINT32_MAX) return false;
        } while (b & 0x80);
        if (out->n == 0) {
            out->id[0] = v < 40 ? 0 : v < 80 ? 1 : 2;
            out->id[1] = (uint32_t)v - out->id[0] * 40;
            out->n = 2;
        } else {
            if (out->n == PLT_SNMP_OID_MAX) return false;
            out->id[out->n++] = (uint32_t)v;
        }
    }
    return out->n >= 2;
}

bool plt_snmp_value_oid(const plt_snmp_value *v, plt_oid *out)
{
    out->n = 0;
    return v->type == PLT_SNMP_OID && oid_content(plt_cursor_make(v->bytes, v->len), out);
}

static void value(plt_cursor *c, plt_snmp_value *out)
{
    uint8_t tag = 0;
    plt_cursor content = element(c, 0, &tag);
    plt_oid unused;
    memset(out, 0, sizeof *out);
    out->type = (plt_snmp_type)tag;
    out->bytes = content.p;
    out->len = plt_cursor_left(&content);
    if (c->bad) return;
    switch (tag) {
    case PLT_SNMP_INTEGER: out->integer = signed_content(&content, &c->bad); return;
    case PLT_SNMP_COUNTER32:
    case PLT_SNMP_GAUGE32:
    case PLT_SNMP_TIMETICKS: out->number = unsigned_content(&content, 4, &c->bad); return;
    case PLT_SNMP_COUNTER64: out->number = unsigned_content(&content, 8, &c->bad); return;
    case PLT_SNMP_OID:
        if (!oid_content(content, &unused)) c->bad = true;
        return;
    case PLT_SNMP_IPADDRESS:
        if (out->len != 4) c->bad = true;
        return;
    case PLT_SNMP_STRING:
    case PLT_SNMP_OPAQUE: return;
    case PLT_SNMP_NULL:
    case PLT_SNMP_NO_OBJECT:
    case PLT_SNMP_NO_INSTANCE:
    case PLT_SNMP_END_OF_VIEW:
        if (out->len) c->bad = true;
        return;
    default: c->bad = true; return;
    }
}

static plt_status varbinds(plt_cursor list, plt_snmp_message *m)
{
    while (plt_cursor_left(&list) && !list.bad) {
        if (m->count == PLT_SNMP_VARBINDS) return PLT_FULL;
        plt_snmp_varbind *v = &m->varbinds[m->count];
        plt_cursor pair = element(&list, 0x30, NULL);
        plt_cursor name = element(&pair, PLT_SNMP_OID, NULL);
        value(&pair, &v->value);
        if (list.bad || pair.bad || plt_cursor_left(&pair) || !oid_content(name, &v->name)) return PLT_BAD;
        m->count++;
    }
    return list.bad ? PLT_BAD : PLT_OK;
}

plt_status plt_snmp_decode(const uint8_t *data, size_t n, plt_snmp_message *out)
{
    plt_cursor packet = plt_cursor_make(data, n);
    memset(out, 0, sizeof *out);
    plt_cursor c = element(&packet, 0x30, NULL);
    out->version = small_integer(&c);
    plt_cursor community = element(&c, PLT_SNMP_STRING, NULL);
    size_t len = plt_cursor_left(&community);
    if (packet.bad || c.bad || plt_cursor_left(&packet) || len >= sizeof out->community) return PLT_BAD;
    if (len) memcpy(out->community, community.p, len);
    if (memchr(out->community, 0, len)) return PLT_BAD;
    if (out->version != PLT_SNMP_V1 && out->version != PLT_SNMP_V2C) return PLT_UNSUPPORTED;
    uint8_t tag = 0;
    plt_cursor pdu = element(&c, 0, &tag);
    if (c.bad || plt_cursor_left(&c)) return PLT_BAD;
    if (tag != PLT_SNMP_GET && tag != PLT_SNMP_GETNEXT && tag != PLT_SNMP_RESPONSE) return PLT_UNSUPPORTED;
    out->pdu = (plt_snmp_pdu)tag;
    out->request_id = small_integer(&pdu);
    out->error_status = small_integer(&pdu);
    out->error_index = small_integer(&pdu);
    plt_cursor list = element(&pdu, 0x30, NULL);
    if (pdu.bad || plt_cursor_left(&pdu)) return PLT_BAD;
    return varbinds(list, out);
}
