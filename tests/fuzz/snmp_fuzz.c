/* SPDX-License-Identifier: Apache-2.0 */
/* SNMP messages: what is read lies within the packet, and what can be written again means the same then. */
#include <string.h>

#include "core/snmp/snmp.h"
#include "tests/fuzz/fuzz.h"

static const uint8_t *from, *until;

static void within(plt_octets o)
{
    EXPECT(o.n == 0 || (o.p >= from && o.n <= (size_t)(until - o.p)));
}

/* Writes the variable again; numbers in their shortest form. */
static bool again(plt_snmp_out *o, const plt_snmp_var *v)
{
    int64_t s;
    uint64_t u;
    if (v->type == PLT_SNMP_INTEGER) return plt_snmp_signed(v, &s) && s >= INT32_MIN && s <= INT32_MAX && plt_snmp_put_signed(o, v->name, (int32_t)s);
    if (plt_snmp_unsigned(v, &u)) return plt_snmp_put_unsigned(o, v->name, v->type, u);
    return plt_snmp_put(o, v->name, v->type, v->value);
}

static void same_number(const plt_snmp_var *a, const plt_snmp_var *b)
{
    int64_t s = 0, t = 0;
    uint64_t u = 0, w = 0;
    EXPECT(plt_snmp_signed(a, &s) == plt_snmp_signed(b, &t) && s == t);
    EXPECT(plt_snmp_unsigned(a, &u) == plt_snmp_unsigned(b, &w) && u == w);
}

static void same_list(plt_octets one, plt_octets two)
{
    plt_cursor a = plt_cursor_make(one.p, one.n), b = plt_cursor_make(two.p, two.n);
    plt_snmp_var v, w;
    while (plt_snmp_next(&a, &v)) {
        EXPECT(plt_snmp_next(&b, &w) && v.type == w.type && plt_octets_same(v.name, w.name));
        EXPECT(plt_oid_compare(v.name, w.name) == 0);
        same_number(&v, &w);
    }
}

static size_t write_message(plt_snmp_out *o, const plt_snmp_message *m)
{
    uint8_t *auth;
    plt_snmp_v3 v = m->v3;
    v.flags &= (uint8_t)~PLT_SNMP_PRIV;
    plt_snmp_close_pdu(o, &m->pdu);
    if (m->version == PLT_SNMP_V3) {
        plt_snmp_close_scoped(o, m->v3.context_engine, m->v3.context);
        plt_snmp_close_v3(o, &v, &auth);
    } else {
        plt_snmp_close(o, m->version, m->community);
    }
    return plt_snmp_size(o);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static uint8_t room[1u << 17];
    plt_snmp_message m, back;
    plt_snmp_out o;
    plt_snmp_var v;
    char text[64];
    from = data;
    until = data + size;
    if (plt_snmp_read(data, size, &m) != PLT_OK) return 0;
    if (m.pdu.kind == 0 && plt_snmp_read_scoped(m.v3.scoped.p, m.v3.scoped.n, &m) != PLT_OK) return 0;
    const plt_octets parts[] = {m.community, m.v3.engine,         m.v3.user,    m.v3.auth, m.v3.priv,
                                m.v3.scoped, m.v3.context_engine, m.v3.context, m.pdu.list};
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) within(parts[i]);
    plt_snmp_begin(&o, room, sizeof room);
    plt_cursor list = plt_cursor_make(m.pdu.list.p, m.pdu.list.n);
    bool whole = true;
    while (plt_snmp_next(&list, &v)) {
        within(v.name);
        within(v.value);
        EXPECT(plt_oid_valid(v.name) && plt_oid_below(v.name, v.name));
        plt_oid_format(v.name, text, sizeof text);
        whole = whole && again(&o, &v);
    }
    if (!whole || list.bad) return 0; /* a value that is read as it was meant, but that may not be written so */
    size_t n = write_message(&o, &m);
    if (!n) return 0;
    EXPECT(plt_snmp_read(o.p, n, &back) == PLT_OK);
    EXPECT(back.version == m.version && back.pdu.kind == m.pdu.kind && back.pdu.request_id == m.pdu.request_id);
    EXPECT(plt_octets_same(back.community, m.community) && plt_octets_same(back.v3.user, m.v3.user) && back.v3.time == m.v3.time);
    same_list(m.pdu.list, back.pdu.list);
    return 0;
}
