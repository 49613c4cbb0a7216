/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The side that asks (RFC 3414 3.2 and 4): who the engine is, what time it has, and what its reports mean. A report without a digest can
 * only make us ask again or give up, never make us believe a value.
 */
#include "core/snmp/usm.h"

#include <string.h>

#define USM_STATS PLT_OID("\x2B\x06\x01\x06\x03\x0F\x01\x01")

static int32_t time_there(const plt_usm_peer *p, int64_t now)
{
    int64_t t = p->time + (now - p->at) / 1000;
    return t > INT32_MAX ? INT32_MAX : (int32_t)t;
}

bool plt_usm_ask(plt_usm_peer *p, plt_usm_user *u, uint8_t level, int32_t id, int64_t now, uint64_t *salt, plt_snmp_out *o)
{
    plt_snmp_v3 v = {.id = id, .max_size = 65507, .flags = PLT_SNMP_REPORTABLE};
    uint8_t *unused;
    plt_octets engine = plt_octets_make(p->engine, p->engine_size);
    if (p->engine_size == 0) { /* RFC 3414 4: neither user, nor digest, nor variables */
        plt_snmp_begin(o, o->base, (size_t)(o->end - o->base));
        plt_snmp_close_pdu(o, &(plt_snmp_pdu){.kind = PLT_SNMP_GET, .request_id = id});
    }
    plt_snmp_close_scoped(o, engine, plt_octets_make("", 0));
    if (p->engine_size == 0) {
        plt_snmp_close_v3(o, &v, &unused);
        return plt_snmp_size(o) != 0;
    }
    v.flags |= level;
    v.engine = engine;
    if (level & PLT_SNMP_AUTH) {
        v.boots = p->boots;
        v.time = time_there(p, now);
    }
    return plt_usm_seal(u, &p->keys, &v, salt, o);
}

static plt_usm_verdict report_verdict(const plt_snmp_message *m)
{
    plt_snmp_var v;
    uint32_t which = 0;
    plt_octets stats = USM_STATS;
    plt_cursor list = plt_cursor_make(m->pdu.list.p, m->pdu.list.n);
    if (!plt_snmp_next(&list, &v)) return PLT_USM_MALFORMED;
    if (!plt_oid_below(v.name, stats)) return PLT_USM_OTHER_REPORT;
    plt_octets tail = plt_octets_make(v.name.p + stats.n, v.name.n - stats.n);
    if (!plt_oid_take(&tail, &which) || which == 0 || which > PLT_USM_DECRYPTION) return PLT_USM_OTHER_REPORT;
    return (plt_usm_verdict)which;
}

static void set_time(plt_usm_peer *p, const plt_snmp_v3 *v, int64_t now)
{
    p->boots = v->boots;
    p->time = p->latest = v->time;
    p->at = now;
}

static plt_usm_verdict learn_engine(plt_usm_peer *p, plt_usm_user *u, const plt_snmp_v3 *v, int64_t now)
{
    if (v->engine.n == 0 || v->engine.n > sizeof p->engine) return PLT_USM_MALFORMED;
    if (p->proven) return PLT_USM_FORGED;
    memcpy(p->engine, v->engine.p, v->engine.n);
    p->engine_size = (uint8_t)v->engine.n;
    set_time(p, v, now);
    return plt_usm_localize(u, plt_octets_make(p->engine, p->engine_size), &p->keys) ? PLT_USM_UNKNOWN_ENGINE : PLT_USM_MALFORMED;
}

/* A report without a digest. */
static plt_usm_verdict bare_report(plt_usm_peer *p, plt_usm_user *u, const plt_snmp_message *m, int64_t now)
{
    plt_usm_verdict v = report_verdict(m);
    if (v == PLT_USM_UNKNOWN_ENGINE || p->engine_size == 0) return learn_engine(p, u, &m->v3, now);
    if (v == PLT_USM_NOT_IN_TIME && !p->proven) set_time(p, &m->v3, now);
    return v;
}

/*
 * RFC 3414 3.2 7b: newer is taken over, older than the window is refused. The window ends at the latest time that was heard, where the RFC has our
 * notion of the time: so an engine whose clock stands still is heard saying "not in time", and that can be told.
 */
static bool in_time(plt_usm_peer *p, const plt_snmp_v3 *v, int64_t now)
{
    if (v->boots < 0 || v->time < 0) return false; /* RFC 3414 2.4 has none below 0 */
    if (!p->proven || v->boots > p->boots || (v->boots == p->boots && v->time > p->latest)) {
        set_time(p, v, now);
        p->proven = true;
    }
    return v->boots != INT32_MAX && v->boots == p->boots && v->time >= p->latest - PLT_USM_WINDOW;
}

plt_usm_verdict plt_usm_hear(plt_usm_peer *p, plt_usm_user *u, uint8_t level, uint8_t *data, size_t n, int64_t now, plt_snmp_message *m)
{
    if (plt_snmp_read(data, n, m) != PLT_OK || m->version != PLT_SNMP_V3) return PLT_USM_MALFORMED;
    uint8_t got = m->v3.flags & (PLT_SNMP_AUTH | PLT_SNMP_PRIV);
    if (m->pdu.kind == PLT_SNMP_REPORT && !(got & PLT_SNMP_AUTH)) return bare_report(p, u, m, now);
    if (p->engine_size == 0 || !plt_octets_same(m->v3.engine, plt_octets_make(p->engine, p->engine_size))) return PLT_USM_FORGED;
    if (!plt_octets_same(m->v3.user, plt_usm_user_name(u))) return PLT_USM_FORGED;
    plt_usm_verdict v = plt_usm_unseal(u, &p->keys, data, n, m);
    if (v != PLT_USM_OK && v != PLT_USM_DECRYPTION) return v == PLT_USM_MALFORMED ? v : PLT_USM_FORGED;
    if (got & PLT_SNMP_AUTH && !in_time(p, &m->v3, now)) return PLT_USM_FORGED;
    if (v != PLT_USM_OK) return v;
    if (m->pdu.kind == PLT_SNMP_REPORT) return report_verdict(m);
    return got == level ? PLT_USM_OK : PLT_USM_FORGED;
}
