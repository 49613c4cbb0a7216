/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The authoritative side (RFC 3414 3.2 as seen by the engine that is asked): which user, at which level, in time or not, and the report that
 * says what was wrong. Counts what it refuses.
 */
#include "core/snmp/usm.h"

#include <string.h>

static plt_usm_entry *find(plt_usm_entry *users, size_t count, plt_octets name)
{
    for (size_t i = 0; i < count; i++)
        if (plt_octets_same(plt_usm_user_name(users[i].user), name)) return &users[i];
    return NULL;
}

/* RFC 3414 3.2 7a. */
static bool in_time(const plt_usm_engine *e, const plt_snmp_v3 *v, int32_t time)
{
    int64_t off = (int64_t)v->time - time;
    return e->boots != INT32_MAX && v->boots == e->boots && off <= PLT_USM_WINDOW && off >= -PLT_USM_WINDOW;
}

static plt_usm_verdict judge(plt_usm_engine *e, plt_usm_entry *users, size_t count, uint8_t *data, size_t n, int32_t time, plt_snmp_message *m,
                             plt_usm_entry **who)
{
    if (m->version != PLT_SNMP_V3) return PLT_USM_MALFORMED;
    if (!plt_octets_same(m->v3.engine, plt_octets_make(e->id, e->id_size))) return PLT_USM_UNKNOWN_ENGINE;
    plt_usm_entry *u = find(users, count, m->v3.user);
    if (!u) return PLT_USM_UNKNOWN_USER;
    uint8_t level = m->v3.flags & (PLT_SNMP_AUTH | PLT_SNMP_PRIV);
    if (level & ~plt_usm_user_level(u->user)) return PLT_USM_UNSUPPORTED_LEVEL;
    /* The time is looked at before the decryption, and both behind the digest: only then is the sender worth an answer. */
    plt_usm_verdict v = plt_usm_unseal(u->user, &u->keys, data, n, m);
    if (v == PLT_USM_WRONG_DIGEST || v == PLT_USM_MALFORMED) return v;
    *who = u;
    if (level & PLT_SNMP_AUTH && !in_time(e, &m->v3, time)) return PLT_USM_NOT_IN_TIME;
    return v;
}

plt_usm_verdict plt_usm_accept(plt_usm_engine *e, plt_usm_entry *users, size_t count, uint8_t *data, size_t n, int32_t time, plt_snmp_message *m,
                               plt_usm_entry **who)
{
    *who = NULL;
    plt_usm_verdict v = judge(e, users, count, data, n, time, m, who);
    if (v > PLT_USM_OK && v <= PLT_USM_DECRYPTION) e->stats[v]++;
    return v;
}

static plt_snmp_v3 header(const plt_usm_engine *e, const plt_snmp_message *m, uint8_t flags, int32_t time)
{
    return (plt_snmp_v3){
        .id = m->v3.id, .max_size = 65507, .flags = flags, .boots = e->boots, .time = time, .engine = plt_octets_make(e->id, e->id_size)};
}

bool plt_usm_answer(plt_usm_engine *e, plt_usm_entry *who, const plt_snmp_message *m, int32_t time, uint64_t *salt, plt_snmp_out *o)
{
    plt_snmp_v3 v = header(e, m, m->v3.flags & (PLT_SNMP_AUTH | PLT_SNMP_PRIV), time);
    plt_snmp_close_scoped(o, v.engine, m->v3.context);
    return plt_usm_seal(who->user, &who->keys, &v, salt, o);
}

size_t plt_usm_report(plt_usm_engine *e, plt_usm_verdict verdict, plt_usm_entry *who, const plt_snmp_message *m, int32_t time, plt_snmp_out *o)
{
    uint8_t name[] = {0x2B, 6, 1, 6, 3, 15, 1, 1, (uint8_t)verdict, 0}, *unused;
    bool signed_one = verdict == PLT_USM_NOT_IN_TIME && who; /* RFC 3414 3.2 7a: so that it can be believed */
    if (verdict < PLT_USM_UNSUPPORTED_LEVEL || verdict > PLT_USM_DECRYPTION || !(m->v3.flags & PLT_SNMP_REPORTABLE)) return 0;
    plt_snmp_put_unsigned(o, plt_octets_make(name, sizeof name), PLT_SNMP_COUNTER32, e->stats[verdict]);
    plt_snmp_close_pdu(o, &(plt_snmp_pdu){.kind = PLT_SNMP_REPORT, .request_id = m->pdu.kind ? m->pdu.request_id : 0});
    plt_snmp_v3 v = header(e, m, signed_one ? PLT_SNMP_AUTH : 0, time);
    plt_snmp_close_scoped(o, v.engine, plt_octets_make("", 0));
    if (signed_one) return plt_usm_seal(who->user, &who->keys, &v, NULL, o) ? plt_snmp_size(o) : 0;
    v.user = m->v3.user;
    plt_snmp_close_v3(o, &v, &unused);
    return plt_snmp_size(o);
}

const plt_usm_side plt_usm_answering = {plt_usm_accept, plt_usm_answer, plt_usm_report};
