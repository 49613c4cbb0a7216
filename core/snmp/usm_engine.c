/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The authoritative side (RFC 3414 3.2 as seen by the engine that is asked): which user, at which level, in time or not, and the report that
 * says what was wrong. Counts what it refuses.
 */
#include "core/snmp/usm.h"

#include <string.h>

#define MAX_SIZE_LEAST 484 /* RFC 3412 6: msgMaxSize */

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

/* Sizes and ranges of RFC 3412 6 and RFC 3414 2.4. Privacy without authentication is dropped unheard (RFC 3412 7.2 5d). */
static bool lawful(const plt_snmp_message *m)
{
    const plt_snmp_v3 *v = &m->v3;
    if (m->version != PLT_SNMP_V3 || (v->flags & (PLT_SNMP_AUTH | PLT_SNMP_PRIV)) == PLT_SNMP_PRIV) return false;
    return v->id >= 0 && v->max_size >= MAX_SIZE_LEAST && v->boots >= 0 && v->time >= 0 && v->user.n <= PLT_USM_NAME_MAX;
}

static plt_usm_verdict judge(plt_usm_engine *e, plt_usm_entry *users, size_t count, uint8_t *data, size_t n, int32_t time, plt_snmp_message *m,
                             plt_usm_entry **who)
{
    if (!lawful(m)) return PLT_USM_MALFORMED;
    if (!plt_octets_same(m->v3.engine, plt_octets_make(e->id, e->id_size))) return PLT_USM_UNKNOWN_ENGINE;
    plt_usm_entry *u = find(users, count, m->v3.user);
    if (!u) return PLT_USM_UNKNOWN_USER;
    uint8_t level = m->v3.flags & (PLT_SNMP_AUTH | PLT_SNMP_PRIV);
    if (level & ~plt_usm_user_level(u->user)) return PLT_USM_UNSUPPORTED_LEVEL;
    /* Digest, time, decryption: what is wrong first is what is said. Only behind the digest is the sender worth an authenticated report. */
    plt_usm_verdict v = plt_usm_unseal(u->user, &u->keys, data, n, m);
    if (v == PLT_USM_WRONG_DIGEST || v == PLT_USM_MALFORMED) return v;
    *who = u;
    if (level & PLT_SNMP_AUTH && !in_time(e, &m->v3, time)) return PLT_USM_NOT_IN_TIME;
    return v;
}

/* Of those that ask and expect an answer (the Confirmed Class, RFC 3411 2.8). */
static bool is_question(plt_snmp_kind k)
{
    return k == PLT_SNMP_GET || k == PLT_SNMP_GETNEXT || k == PLT_SNMP_GETBULK || k == PLT_SNMP_SET || k == PLT_SNMP_INFORM;
}

/* Is it for this engine's only context, and a question that an agent takes? */
static plt_usm_verdict dispatch(const plt_usm_engine *e, const plt_snmp_message *m)
{
    if (!plt_octets_same(m->v3.context_engine, plt_octets_make(e->id, e->id_size))) return PLT_USM_NO_HANDLER;
    if (!is_question(m->pdu.kind) || m->pdu.kind == PLT_SNMP_INFORM) return PLT_USM_NO_HANDLER;
    return m->v3.context.n ? PLT_USM_UNKNOWN_CONTEXT : PLT_USM_OK;
}

plt_usm_verdict plt_usm_accept(plt_usm_engine *e, plt_usm_entry *users, size_t count, uint8_t *data, size_t n, int32_t time, plt_snmp_message *m,
                               plt_usm_entry **who)
{
    *who = NULL;
    plt_usm_verdict v = judge(e, users, count, data, n, time, m, who);
    if (v == PLT_USM_OK) v = dispatch(e, m);
    if (v > PLT_USM_OK && v < PLT_USM_REPORTS) e->stats[v]++;
    return v;
}

static plt_snmp_v3 header(const plt_usm_engine *e, const plt_snmp_message *m, uint8_t flags, int32_t time)
{
    return (plt_snmp_v3){
        .id = m->v3.id, .max_size = PLT_SNMP_PACKET, .flags = flags, .boots = e->boots, .time = time, .engine = plt_octets_make(e->id, e->id_size)};
}

bool plt_usm_answer(plt_usm_engine *e, plt_usm_entry *who, const plt_snmp_message *m, int32_t time, uint64_t *salt, plt_snmp_out *o)
{
    plt_snmp_v3 v = header(e, m, m->v3.flags & (PLT_SNMP_AUTH | PLT_SNMP_PRIV), time);
    plt_snmp_close_scoped(o, v.engine, m->v3.context);
    return plt_usm_seal(who->user, &who->keys, &v, salt, o);
}

/* The counter that a verdict reports. */
static plt_octets counter(plt_usm_verdict v, uint8_t room[10])
{
    static const uint8_t usm_stats[] = {0x2B, 6, 1, 6, 3, 15, 1, 1};
    if (v == PLT_USM_UNKNOWN_CONTEXT) return PLT_OID("\x2B\x06\x01\x06\x03\x0C\x01\x05\x00");
    if (v == PLT_USM_NO_HANDLER) return PLT_OID("\x2B\x06\x01\x06\x03\x0B\x02\x01\x03\x00");
    memcpy(room, usm_stats, sizeof usm_stats);
    room[8] = (uint8_t)v;
    room[9] = 0;
    return plt_octets_make(room, 10);
}

/* A report of the time is authenticated so that it can be believed (RFC 3414 3.2 7a), one of the context as well protected as the question. What
 * comes before the digest cannot be protected. */
static uint8_t report_level(plt_usm_verdict v, const plt_snmp_message *m)
{
    if (v == PLT_USM_NOT_IN_TIME) return PLT_SNMP_AUTH;
    return v >= PLT_USM_UNKNOWN_CONTEXT ? m->v3.flags & (PLT_SNMP_AUTH | PLT_SNMP_PRIV) : 0;
}

size_t plt_usm_report(plt_usm_engine *e, plt_usm_verdict verdict, plt_usm_entry *who, const plt_snmp_message *m, int32_t time, uint64_t *salt,
                      plt_snmp_out *o)
{
    uint8_t room[10], *unused;
    if (verdict < PLT_USM_UNSUPPORTED_LEVEL || verdict >= PLT_USM_REPORTS || !(m->v3.flags & PLT_SNMP_REPORTABLE)) return 0;
    if (m->pdu.kind && !is_question(m->pdu.kind)) return 0; /* else two engines could report to each other for ever */
    plt_snmp_put_unsigned(o, counter(verdict, room), PLT_SNMP_COUNTER32, e->stats[verdict]);
    plt_snmp_close_pdu(o, &(plt_snmp_pdu){.kind = PLT_SNMP_REPORT, .request_id = m->pdu.kind ? m->pdu.request_id : 0});
    plt_snmp_v3 v = header(e, m, report_level(verdict, m), time);
    plt_snmp_close_scoped(o, v.engine, plt_octets_make("", 0));
    if (v.flags) return who && plt_usm_seal(who->user, &who->keys, &v, salt, o) ? plt_snmp_size(o) : 0;
    v.user = m->v3.user;
    plt_snmp_close_v3(o, &v, &unused);
    return plt_snmp_size(o);
}

const plt_usm_side plt_usm_answering = {plt_usm_accept, plt_usm_answer, plt_usm_report};
