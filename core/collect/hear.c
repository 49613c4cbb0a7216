/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What comes in: to which question it belongs, whether it may be believed, and what follows from it. A reply counts only with the number of
 * a question that is under way, from the host that was asked (another port of it is taken: some printers answer so), by the same version
 * and community, or sealed by the user's key.
 */
#include <string.h>

#include "core/collect/inside.h"

#define TURNS_MOST 3 /* its engine, its time, and one for an engine that restarts meanwhile */

static void measure(target *t, uint64_t rtt)
{
    uint32_t r = rtt < 1 ? 1 : rtt > UINT32_MAX / 8 ? UINT32_MAX / 8 : (uint32_t)rtt;
    if (t->srtt == 0) {
        t->srtt = r;
        t->rttvar = r / 2;
        return;
    }
    uint32_t off = r > t->srtt ? r - t->srtt : t->srtt - r; /* RFC 6298 2.3 */
    t->rttvar = (uint32_t)((3ull * t->rttvar + off) / 4);
    t->srtt = (uint32_t)((7ull * t->srtt + r) / 8);
    if (t->srtt == 0) t->srtt = 1;
}

static void widen(plt_collect *c)
{
    c->answered++;
    if (c->window >= c->o.in_flight) return;
    c->window += c->window < c->threshold ? 1 : 1 / c->window;
}

/* The next question to this printer, or its end. */
static void go_on(plt_collect *c, slot *s)
{
    s->tries = 0;
    s->turns = 0;
    slot_number(c, s);
    uint32_t most = s->session->walking ? WALK_QUESTIONS_MOST : QUESTIONS_MOST;
    if (s->questions >= most) s->session->notes |= PLT_NOTE_LIMIT;
    if (s->questions < most && session_choose(s->session, c))
        slot_ready(c, s);
    else
        slot_finish(c, s, PLT_COLLECT_READ);
}

/* The printer is not as it was: forget what was learned of it and read it in full. */
static void begin_anew(plt_collect *c, slot *s)
{
    target *t = &c->targets[s->target];
    profile_forget(c, t);
    session_begin(s->session, c, t, c->candidates[s->candidate].version, NULL);
    s->tries = 0;
    slot_number(c, s);
    slot_ready(c, s);
}

static void take_pdu(plt_collect *c, slot *s, const plt_snmp_pdu *pdu)
{
    target *t = &c->targets[s->target];
    bool first = !s->session;
    if (first) {
        if (!slot_take_session(c, s)) { /* all are reading: ask it again when one is done */
            s->tries = 0;
            slot_ready(c, s);
            return;
        }
        session_begin(s->session, c, t, c->candidates[s->candidate].version, NULL);
    }
    session *r = s->session;
    if (r->walking) {
        mib_walk_take(r, c, &t->address, pdu);
        go_on(c, s);
        return;
    }
    session_take(r, c, pdu);
    if (r->by_profile &&
        (r->misfit || (r->next_variable >= r->profile->count && profile_identity(c->plan, plt_octets_make(r->arena, r->used)) != t->identity))) {
        begin_anew(c, s);
        return;
    }
    if (!r->planned && !session_choose(r, c)) { /* the probe is over */
        if (c->o.walk) {
            mib_walk_begin(r, c);
        } else if (!session_is_printer(r)) {
            slot_finish(c, s, PLT_COLLECT_OTHER);
            return;
        } else {
            session_plan(r, c);
        }
    }
    go_on(c, s);
}

static bool believed_v3(plt_collect *c, slot *s, uint64_t now, uint8_t *data, size_t n, plt_snmp_message *m)
{
    plt_usm_user *u = c->candidates[s->candidate].user;
    plt_usm_verdict v = plt_usm_hear(&s->peer, u, slot_level(c, s), data, n, (int64_t)(now / 1000), m);
    if (s->without_privacy && (v == PLT_USM_OK || v == PLT_USM_UNSUPPORTED_LEVEL || v == PLT_USM_OTHER_REPORT)) v = PLT_USM_DECRYPTION;
    if (v == PLT_USM_OK) return m->pdu.kind == PLT_SNMP_RESPONSE;
    if (v == PLT_USM_FORGED || v == PLT_USM_MALFORMED) return false; /* the right one may come yet */
    slot_answered(c, s);
    if ((v == PLT_USM_UNKNOWN_ENGINE || v == PLT_USM_NOT_IN_TIME) && ++s->turns <= TURNS_MOST) {
        s->tries = 0;
        slot_number(c, s);
        slot_ready(c, s);
        return false;
    }
    s->verdict = (uint8_t)v;
    s->refused_by = s->candidate;
    if (s->session)
        slot_finish(c, s, PLT_COLLECT_PARTLY);
    else
        slot_next_candidate(c, s);
    return false;
}

static bool is_of(const candidate *k, const plt_snmp_message *m)
{
    if (m->version != k->version) return false;
    return m->version == PLT_SNMP_V3 || (m->pdu.kind == PLT_SNMP_RESPONSE && plt_octets_same(m->community, k->community));
}

/* Is it an answer to the way it was asked? While a printer is looked for, also to a way tried before: it may only be slow. */
static bool fits_candidate(plt_collect *c, slot *s, const plt_snmp_message *m)
{
    if (is_of(&c->candidates[s->candidate], m)) return true;
    if (s->session || m->version == PLT_SNMP_V3 || c->candidates[s->candidate].version == PLT_SNMP_V3) return false;
    const way_list *l = list_of(c, &c->targets[s->target]);
    for (size_t i = 0; i < l->count && i <= s->attempt; i++) {
        if (!is_of(&c->candidates[l->at[i]], m)) continue;
        s->candidate = l->at[i];
        return true;
    }
    return false;
}

static bool from_there(plt_collect *c, slot *s, const plt_address *from)
{
    if (plt_address_same_host(from, &c->targets[s->target].address)) return true;
    s->elsewhere = *from;
    s->notes |= PLT_NOTE_ELSEWHERE;
    return c->o.other_address;
}

/*
 * What came from an address and is not believed, so that its silence can be explained. Found by halves, as a flood of these must cost little: where
 * the targets were not added in order, one may be missed.
 */
static void stray(plt_collect *c, const plt_address *from, uint16_t note)
{
    size_t low = 0, high = c->target_count;
    plt_address first = *from;
    c->totals.strays++;
    first.port = 0;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (plt_address_compare(&c->targets[middle].address, &first) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    if (low < c->target_count && plt_address_same_host(&c->targets[low].address, from)) c->targets[low].strays |= note;
}

void plt_collect_receive(plt_collect *c, uint64_t now, const plt_address *from, uint8_t *data, size_t n)
{
    plt_snmp_message m;
    c->totals.received++;
    c->totals.octets_in += n;
    plt_status read = plt_snmp_read(data, n, &m);
    bool v3 = read == PLT_OK && m.version == PLT_SNMP_V3;
    slot *s = read == PLT_OK ? slot_of(c, (uint32_t)(v3 ? m.v3.id : m.pdu.request_id)) : NULL;
    if (!s || !fits_candidate(c, s, &m) || !from_there(c, s, from)) {
        stray(c, from, read == PLT_OK ? PLT_NOTE_UNASKED : PLT_NOTE_UNREADABLE);
        return;
    }
    if (v3 && !believed_v3(c, s, now, data, n, &m)) return;
    s->octets_in += (uint32_t)n;
    measure(&c->targets[s->target], now - s->first_at);
    c->srtt = c->srtt ? (15 * c->srtt + (now - s->first_at)) / 16 + 1 : now - s->first_at + 1;
    widen(c);
    slot_answered(c, s);
    take_pdu(c, s, &m.pdu);
}
