/* SPDX-License-Identifier: Apache-2.0 */
/*
 * BER in. Definite lengths only, checked against what was received, never against what was promised. Forgiven, as printers do it and the
 * meaning is plain: lengths and numbers longer than needed, numbers of no octets (0), unsigned numbers without their zero octet in front
 * of a high bit or with their sign extended, and whatever stands behind a whole message.
 */
#include <string.h>

#include "core/snmp/snmp.h"

#define SEQUENCE 0x30

static size_t length(plt_cursor *c)
{
    size_t n = plt_cursor_u8(c);
    if (n < 0x80) return n;
    size_t octets = n & 0x7F;
    if (octets == 0 || octets > 8) { /* indefinite, or absurd */
        c->bad = true;
        return 0;
    }
    for (n = 0; octets; octets--) {
        if (n >> 24) c->bad = true; /* no message is that long */
        n = n << 8 | plt_cursor_u8(c);
    }
    return n;
}

/* The content of the next element; with its tag where `tag` is 0. */
static plt_octets element(plt_cursor *c, uint8_t tag, uint8_t *got)
{
    size_t left = (size_t)(c->end - c->p);
    if (left >= 2 && c->p[1] < 0x80 && c->p[1] <= left - 2 && !c->bad && (!tag || c->p[0] == tag)) { /* nearly all are so; the rest says why not */
        plt_octets o = {c->p + 2, c->p[1]};
        if (got) *got = c->p[0];
        c->p += 2 + o.n;
        return o;
    }
    uint8_t t = plt_cursor_u8(c);
    size_t n = length(c);
    const uint8_t *p = plt_cursor_take(c, n);
    if (got) *got = t;
    if (!p || (tag && t != tag)) {
        c->bad = true;
        return plt_octets_make(c->p, 0);
    }
    return plt_octets_make(p, n);
}

static plt_cursor inside(plt_cursor *c, uint8_t tag, uint8_t *got)
{
    plt_octets o = element(c, tag, got);
    return plt_cursor_make(o.p, o.n);
}

/* Without the octets above the last `most` that only repeat a sign; false when they say more than that. */
static bool trim(plt_octets *o, size_t most)
{
    for (; o->n > most; o->p++, o->n--)
        if ((o->p[0] != 0 && o->p[0] != 0xFF) || (o->n - 1 > most && o->p[1] != o->p[0])) return false;
    return true;
}

static uint64_t octets_number(plt_octets o, bool sign)
{
    uint64_t v = sign && o.n && o.p[0] & 0x80 ? UINT64_MAX : 0;
    for (size_t i = 0; i < o.n; i++) v = v << 8 | o.p[i];
    return v;
}

static int64_t as_signed(uint64_t v)
{
    int64_t out;
    memcpy(&out, &v, sizeof out);
    return out;
}

/* Of a header: 32 bits are taken; those that some agents write as unsigned come back the same. */
static int32_t header_number(plt_cursor *c)
{
    plt_octets o = element(c, PLT_SNMP_INTEGER, NULL);
    if (!trim(&o, 8)) c->bad = true;
    uint64_t v = octets_number(o, true);
    int64_t s = as_signed(v);
    if (s < INT32_MIN || s > UINT32_MAX) c->bad = true;
    uint32_t u = (uint32_t)v;
    int32_t out;
    memcpy(&out, &u, sizeof out);
    return c->bad ? 0 : out;
}

static plt_status read_pdu(plt_cursor *c, plt_snmp_pdu *out)
{
    uint8_t tag = 0;
    plt_cursor pdu = inside(c, 0, &tag);
    if (c->bad) return PLT_BAD;
    if (tag < PLT_SNMP_GET || tag > PLT_SNMP_REPORT || tag == 0xA4) return PLT_UNSUPPORTED;
    out->request_id = header_number(&pdu);
    out->error_status = header_number(&pdu);
    out->error_index = header_number(&pdu);
    out->list = element(&pdu, SEQUENCE, NULL);
    if (pdu.bad) return PLT_BAD;
    out->kind = (plt_snmp_kind)tag;
    return PLT_OK;
}

plt_status plt_snmp_read_scoped(const uint8_t *plain, size_t n, plt_snmp_message *out)
{
    plt_cursor all = plt_cursor_make(plain, n); /* privacy pads what it encrypts: more may follow */
    plt_cursor c = inside(&all, SEQUENCE, NULL);
    if (all.bad) return PLT_BAD;
    out->v3.context_engine = element(&c, PLT_SNMP_STRING, NULL);
    out->v3.context = element(&c, PLT_SNMP_STRING, NULL);
    return c.bad ? PLT_BAD : read_pdu(&c, &out->pdu);
}

static bool read_usm(plt_octets parameters, plt_snmp_v3 *v)
{
    plt_cursor all = plt_cursor_make(parameters.p, parameters.n);
    plt_cursor c = inside(&all, SEQUENCE, NULL);
    v->engine = element(&c, PLT_SNMP_STRING, NULL);
    v->boots = header_number(&c);
    v->time = header_number(&c);
    v->user = element(&c, PLT_SNMP_STRING, NULL);
    v->auth = element(&c, PLT_SNMP_STRING, NULL);
    v->priv = element(&c, PLT_SNMP_STRING, NULL);
    return !all.bad && !c.bad;
}

static plt_status read_v3(plt_cursor *c, plt_snmp_message *out)
{
    plt_snmp_v3 *v = &out->v3;
    plt_cursor header = inside(c, SEQUENCE, NULL);
    v->id = header_number(&header);
    v->max_size = header_number(&header);
    plt_octets flags = element(&header, PLT_SNMP_STRING, NULL);
    int32_t model = header_number(&header);
    plt_octets parameters = element(c, PLT_SNMP_STRING, NULL);
    if (c->bad || header.bad || flags.n != 1) return PLT_BAD;
    if (model != PLT_SNMP_USM) return PLT_UNSUPPORTED;
    v->flags = flags.p[0];
    if (!read_usm(parameters, v)) return PLT_BAD;
    if (v->flags & PLT_SNMP_PRIV) {
        v->scoped = element(c, PLT_SNMP_STRING, NULL);
        return c->bad ? PLT_BAD : PLT_OK;
    }
    v->scoped = plt_octets_make(c->p, plt_cursor_left(c));
    return plt_snmp_read_scoped(v->scoped.p, v->scoped.n, out);
}

plt_status plt_snmp_read(const uint8_t *data, size_t n, plt_snmp_message *out)
{
    plt_cursor packet = plt_cursor_make(data, n);
    memset(out, 0, sizeof *out);
    plt_cursor c = inside(&packet, SEQUENCE, NULL);
    out->version = header_number(&c);
    if (packet.bad || c.bad) return PLT_BAD;
    if (out->version == PLT_SNMP_V3) return read_v3(&c, out);
    if (out->version != PLT_SNMP_V1 && out->version != PLT_SNMP_V2C) return PLT_UNSUPPORTED;
    out->community = element(&c, PLT_SNMP_STRING, NULL);
    return c.bad ? PLT_BAD : read_pdu(&c, &out->pdu);
}

/* A variable whose three lengths are of one octet each, as nearly all are. False: it is none, and nothing was taken. */
static bool take_short(plt_cursor *list, plt_snmp_var *out)
{
    const uint8_t *p = list->p;
    size_t left = (size_t)(list->end - p);
    if (left < 6 || p[0] != SEQUENCE || p[1] >= 0x80 || p[1] > left - 2 || p[1] < 4) return false;
    size_t pair = p[1], name = p[3];
    if (p[2] != PLT_SNMP_OID || name >= 0x80 || name > pair - 4) return false;
    const uint8_t *value = p + 4 + name;
    if (value[1] >= 0x80 || value[1] > pair - 4 - name) return false;
    out->name = plt_octets_make(p + 4, name);
    out->type = (plt_snmp_type)value[0];
    out->value = plt_octets_make(value + 2, value[1]);
    if (!plt_oid_valid(out->name)) return false;
    list->p = p + 2 + pair;
    return true;
}

bool plt_snmp_next(plt_cursor *list, plt_snmp_var *out)
{
    uint8_t tag = 0;
    if (list->bad || list->p == list->end) return false;
    if (take_short(list, out)) return true;
    plt_cursor pair = inside(list, SEQUENCE, NULL);
    out->name = element(&pair, PLT_SNMP_OID, NULL);
    out->value = element(&pair, 0, &tag);
    out->type = (plt_snmp_type)tag;
    if (pair.bad || !plt_oid_valid(out->name)) list->bad = true;
    return !list->bad;
}

bool plt_snmp_unsigned(const plt_snmp_var *v, uint64_t *out)
{
    plt_octets o = v->value;
    int64_t s;
    switch (v->type) {
    case PLT_SNMP_COUNTER64:
    case PLT_SNMP_COUNTER32:
    case PLT_SNMP_GAUGE32:
    case PLT_SNMP_TIMETICKS:
        if (!trim(&o, v->type == PLT_SNMP_COUNTER64 ? 8 : 4)) return false;
        *out = octets_number(o, false);
        return true;
    default:
        if (!plt_snmp_signed(v, &s) || s < 0) return false;
        *out = (uint64_t)s;
        return true;
    }
}

bool plt_snmp_signed(const plt_snmp_var *v, int64_t *out)
{
    plt_octets o = v->value;
    uint64_t u;
    switch (v->type) {
    case PLT_SNMP_INTEGER:
        if (!trim(&o, 8)) return false;
        *out = as_signed(octets_number(o, true));
        return true;
    case PLT_SNMP_COUNTER64:
    case PLT_SNMP_COUNTER32:
    case PLT_SNMP_GAUGE32:
    case PLT_SNMP_TIMETICKS:
        if (!plt_snmp_unsigned(v, &u) || u > INT64_MAX) return false;
        *out = as_signed(u);
        return true;
    default: return false;
    }
}

bool plt_snmp_absent(const plt_snmp_var *v)
{
    return v->type == PLT_SNMP_NULL || v->type == PLT_SNMP_NO_OBJECT || v->type == PLT_SNMP_NO_INSTANCE || v->type == PLT_SNMP_END_OF_VIEW;
}
