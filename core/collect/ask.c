/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What goes out, and when: slots hold the questions under way, a heap their deadlines, a window and a rate how many there may be. A printer
 * is asked one question at a time. Timers follow its round trips as in RFC 6298, but that an answer to a question that was repeated counts
 * from the first time: a slow printer is not to be asked twice each time. The window shrinks when printers that had answered fall silent.
 */
#include <string.h>

#include "core/collect/inside.h"

#define MS 1000ull
#define QUIET_LEAST (20 * MS)
#define QUIET_MOST (250 * MS)
#define RTO_LEAST (200 * MS) /* printers' controllers think that long */
#define RTO_MOST (8000 * MS)
#define CUT_AGAIN (200 * MS) /* the window shrinks once for one congestion */
#define WINDOW_LEAST 8.0

/* -- the heap of deadlines */

static void heap_set(plt_collect *c, size_t at, uint16_t i)
{
    c->heap[at] = i;
    c->slots[i].heap_at = (uint16_t)at;
}

static void heap_sift(plt_collect *c, size_t at)
{
    uint16_t i = c->heap[at];
    uint64_t when = c->slots[i].deadline;
    for (; at > 0 && c->slots[c->heap[(at - 1) / 2]].deadline > when; at = (at - 1) / 2) heap_set(c, at, c->heap[(at - 1) / 2]);
    for (;;) {
        size_t child = 2 * at + 1;
        if (child >= c->heap_count) break;
        if (child + 1 < c->heap_count && c->slots[c->heap[child + 1]].deadline < c->slots[c->heap[child]].deadline) child++;
        if (c->slots[c->heap[child]].deadline >= when) break;
        heap_set(c, at, c->heap[child]);
        at = child;
    }
    heap_set(c, at, i);
}

static uint16_t place(const plt_collect *c, const slot *s)
{
    return (uint16_t)(s - c->slots);
}

static void heap_add(plt_collect *c, slot *s)
{
    c->heap[c->heap_count] = place(c, s);
    heap_sift(c, c->heap_count++);
}

static void heap_remove(plt_collect *c, slot *s)
{
    size_t at = s->heap_at;
    uint16_t last = c->heap[--c->heap_count];
    if (at == c->heap_count) return;
    heap_set(c, at, last);
    heap_sift(c, at);
}

/* -- slots */

/* SipHash-2-4 of a counter: numbers that a printer cannot guess from those that it has seen. */
static uint64_t rotate(uint64_t v, int n)
{
    return v << n | v >> (64 - n);
}

static void sip_round(uint64_t v[4])
{
    v[0] += v[1], v[1] = rotate(v[1], 13) ^ v[0], v[0] = rotate(v[0], 32);
    v[2] += v[3], v[3] = rotate(v[3], 16) ^ v[2];
    v[0] += v[3], v[3] = rotate(v[3], 21) ^ v[0];
    v[2] += v[1], v[1] = rotate(v[1], 17) ^ v[2], v[2] = rotate(v[2], 32);
}

static uint64_t sip(const uint64_t key[2], uint64_t m)
{
    uint64_t v[4] = {key[0] ^ 0x736f6d6570736575, key[1] ^ 0x646f72616e646f6d, key[0] ^ 0x6c7967656e657261, key[1] ^ 0x7465646279746573};
    const uint64_t end = 8ull << 56;
    v[3] ^= m;
    for (int i = 0; i < 2; i++) sip_round(v);
    v[0] ^= m;
    v[3] ^= end;
    for (int i = 0; i < 2; i++) sip_round(v);
    v[0] ^= end;
    v[2] ^= 0xFF;
    for (int i = 0; i < 4; i++) sip_round(v);
    return v[0] ^ v[1] ^ v[2] ^ v[3];
}

/* 0x40000000 | 17 bits at random | the slot: four octets, always positive. */
void slot_number(plt_collect *c, slot *s)
{
    uint32_t random = (uint32_t)(sip(c->o.seed, c->number++) & 0x1FFFF);
    s->id = 0x40000000u | random << SLOT_BITS | place(c, s);
    s->first_at = 0;
}

slot *slot_of(plt_collect *c, uint32_t id)
{
    slot *s = &c->slots[id & (SLOTS - 1)];
    if ((id & (SLOTS - 1)) >= c->slot_count) return NULL;
    return s->id == id && (s->state == SLOT_ASKED || s->state == SLOT_QUIET) ? s : NULL;
}

void slot_ready(plt_collect *c, slot *s)
{
    if (s->state == SLOT_FREE || s->state == SLOT_QUIET) c->active++;
    s->state = SLOT_READY;
    s->next = NO_SLOT;
    if (c->ready_last == NO_SLOT)
        c->ready_first = place(c, s);
    else
        c->slots[c->ready_last].next = place(c, s);
    c->ready_last = place(c, s);
}

static slot *take_ready(plt_collect *c)
{
    if (c->ready_first == NO_SLOT) return NULL;
    slot *s = &c->slots[c->ready_first];
    c->ready_first = s->next;
    if (c->ready_first == NO_SLOT) c->ready_last = NO_SLOT;
    return s;
}

void slot_answered(plt_collect *c, slot *s)
{
    heap_remove(c, s);
    if (s->state == SLOT_QUIET) c->active++;
    s->state = SLOT_READY; /* of no list: by the caller */
}

bool slot_take_session(plt_collect *c, slot *s)
{
    if (!s->session && c->free_session_count) s->session = &c->sessions[c->free_sessions[--c->free_session_count]];
    return s->session != NULL;
}

static void count_outcome(plt_collect_totals *t, plt_collect_outcome o)
{
    t->finished++;
    if (o == PLT_COLLECT_SILENT) t->silent++;
    if (o == PLT_COLLECT_REFUSED) t->refused++;
    if (o == PLT_COLLECT_OTHER) t->others++;
    if (o == PLT_COLLECT_READ || o == PLT_COLLECT_PARTLY) t->printers++;
}

/* What is remembered of it until the next scan. */
static void remember(plt_collect *c, slot *s, plt_collect_outcome outcome)
{
    target *t = &c->targets[s->target];
    const session *r = s->session;
    t->candidate = outcome == PLT_COLLECT_SILENT || outcome == PLT_COLLECT_REFUSED ? UINT8_MAX : s->candidate;
    if (!r || outcome < PLT_COLLECT_PARTLY) return;
    if (r->notes & PLT_NOTE_SMALLER) {
        t->most_asked = r->most_asked;
        t->most_repeats = r->most_repeats;
    }
    if (outcome == PLT_COLLECT_READ && !t->profile && !r->walking && r->categories == PLT_SCAN_ALL) profile_learn(c, t, r);
}

void slot_finish(plt_collect *c, slot *s, plt_collect_outcome outcome)
{
    const target *t = &c->targets[s->target];
    const candidate *k = &c->candidates[outcome == PLT_COLLECT_REFUSED ? s->refused_by : s->candidate];
    session *r = s->session;
    if (r && r->notes && outcome == PLT_COLLECT_READ && r->notes & (PLT_NOTE_TIMEOUT | PLT_NOTE_LIMIT | PLT_NOTE_DAMAGED))
        outcome = PLT_COLLECT_PARTLY;
    count_outcome(&c->totals, outcome);
    plt_collect_result result = {
        .address = t->address,
        .answered_from = s->elsewhere,
        .outcome = outcome,
        .version = k->version,
        .credential = k->credential,
        .verdict = (plt_usm_verdict)s->verdict,
        .notes = s->notes | (r ? r->notes : 0) | (outcome == PLT_COLLECT_SILENT ? t->strays : 0),
        .rtt_us = t->srtt,
        .questions = s->questions,
        .octets_out = s->octets_out,
        .octets_in = s->octets_in,
        .rescan = r && r->profile && !r->misfit,
    };
    if (r) result.list = plt_octets_make(r->arena, r->used);
    remember(c, s, outcome);
    c->o.done(c->o.ctx, &result);
    if (r) c->free_sessions[c->free_session_count++] = (uint32_t)(r - c->sessions);
    if (s->state != SLOT_QUIET) c->active--;
    *s = (slot){.next = c->free_slot};
    c->free_slot = place(c, s);
}

void slot_next_candidate(plt_collect *c, slot *s)
{
    const way_list *l = list_of(c, &c->targets[s->target]);
    size_t all = (size_t)l->count * c->o.tries;
    bool v3 = c->candidates[s->candidate].version == PLT_SNMP_V3;
    s->tries = 0;
    s->turns = 0;
    s->without_privacy = false;
    memset(&s->peer, 0, sizeof s->peer);
    if (c->targets[s->target].candidate != UINT8_MAX) { /* what worked once works no more: all anew */
        c->targets[s->target].candidate = UINT8_MAX;
        s->attempt = 0;
        s->candidate = l->at[0];
    } else {
        s->attempt++;
        s->candidate = l->at[s->attempt % l->count];
    }
    if (s->attempt >= all) {
        slot_finish(c, s, s->verdict != PLT_USM_OK ? PLT_COLLECT_REFUSED : PLT_COLLECT_SILENT);
        return;
    }
    if (!s->id || v3 || c->candidates[s->candidate].version == PLT_SNMP_V3) slot_number(c, s);
    slot_ready(c, s);
}

/* -- time */

static uint64_t timeout_of(const plt_collect *c, const slot *s)
{
    const target *t = &c->targets[s->target];
    uint64_t rto = t->srtt ? t->srtt + 4ull * t->rttvar : c->o.timeout_ms * MS << (s->session ? 0 : s->attempt / list_of(c, t)->count);
    if (rto < RTO_LEAST && t->srtt) rto = RTO_LEAST;
    rto <<= s->tries > 1 ? (s->tries - 1 < 4 ? s->tries - 1 : 4) : 0; /* each time as long again */
    return rto < RTO_MOST ? rto : RTO_MOST;
}

/* Too many at a time are asked when many are not answered that should have been: one in sixteen within a stretch. */
static void lost(plt_collect *c, uint64_t now)
{
    c->lost++;
    if (now - c->last_cut < CUT_AGAIN || c->lost < 4 || c->lost * 16 < c->answered) return;
    c->last_cut = now;
    c->lost = c->answered = 0;
    c->threshold = c->window * 0.7 > WINDOW_LEAST ? c->window * 0.7 : WINDOW_LEAST;
    c->window = c->threshold;
}

/* A printer that had answered has not answered this. */
static void expired_session(plt_collect *c, slot *s, uint64_t now)
{
    session *r = s->session;
    bool known = session_answers(r);
    if (known) lost(c, now);
    if (s->octets_in == 0 && s->tries >= c->o.tries) {
        slot_finish(c, s, PLT_COLLECT_SILENT);
        return;
    }
    if (s->tries >= 2 && s->octets_in && session_ask_less(r)) {
        session_choose(r, c);
        slot_number(c, s);
        s->tries = 1;
    } else if (s->tries >= c->o.tries) {
        r->notes |= PLT_NOTE_TIMEOUT;
        slot_finish(c, s, PLT_COLLECT_PARTLY);
        return;
    }
    c->totals.resent++;
    slot_ready(c, s);
}

/* An engine that answers but not to what is encrypted (some do so without a report): is it the privacy? Then it answers when asked without. */
static bool ask_of_privacy(plt_collect *c, slot *s)
{
    const candidate *k = &c->candidates[s->candidate];
    if (k->version != PLT_SNMP_V3 || !s->peer.engine_size || s->without_privacy || !(plt_usm_user_level(k->user) & PLT_SNMP_PRIV)) return false;
    s->without_privacy = true;
    s->tries = 0;
    slot_number(c, s);
    slot_ready(c, s);
    return true;
}

uint8_t slot_level(const plt_collect *c, const slot *s)
{
    uint8_t level = plt_usm_user_level(c->candidates[s->candidate].user);
    return s->without_privacy ? level & (uint8_t)~PLT_SNMP_PRIV : level;
}

static void expire(plt_collect *c, uint64_t now)
{
    while (c->heap_count && c->slots[c->heap[0]].deadline <= now) {
        slot *s = &c->slots[c->heap[0]];
        if (s->state == SLOT_ASKED && !s->session && s->sent_at + timeout_of(c, s) > now) {
            s->state = SLOT_QUIET;
            c->active--;
            s->deadline = s->sent_at + timeout_of(c, s);
            heap_sift(c, s->heap_at);
            continue;
        }
        slot_answered(c, s);
        if (s->session)
            expired_session(c, s, now);
        else if (!ask_of_privacy(c, s))
            slot_next_candidate(c, s);
    }
}

/* -- out */

static bool ask_v3(plt_collect *c, slot *s, plt_snmp_out *o, const plt_snmp_pdu *pdu, uint64_t now)
{
    plt_usm_user *u = c->candidates[s->candidate].user;
    plt_snmp_close_pdu(o, pdu);
    return plt_usm_ask(&s->peer, u, slot_level(c, s), (int32_t)s->id, (int64_t)(now / MS), &c->salt, o);
}

static void patch_number(uint8_t *p, uint32_t id)
{
    for (int i = 0; i < 4; i++) p[i] = (uint8_t)(id >> (24 - 8 * i));
}

static void put_probe(const plt_collect *c, plt_snmp_out *o, plt_snmp_pdu *pdu)
{
    *pdu = (plt_snmp_pdu){.kind = PLT_SNMP_GETNEXT};
    for (size_t i = 0; i < PLT_PLAN_PROBE; i++)
        plt_snmp_put(o, plt_octets_make(c->plan->columns[i].oid, c->plan->columns[i].oid_size), PLT_SNMP_NULL, plt_octets_make("", 0));
}

/* The slot's question as a datagram. */
static bool write_question(plt_collect *c, slot *s, uint64_t now, uint8_t room[QUESTION_ROOM], plt_collect_datagram *out)
{
    const candidate *k = &c->candidates[s->candidate];
    plt_snmp_out o;
    plt_snmp_pdu pdu;
    out->to = c->targets[s->target].address;
    if (!s->session && k->version != PLT_SNMP_V3) {
        memcpy(room, k->probe, k->probe_size);
        patch_number(room + k->id_at, s->id);
        out->data = room;
        out->n = k->probe_size;
        return true;
    }
    plt_snmp_begin(&o, room, QUESTION_ROOM);
    if (s->session)
        session_put(s->session, c, &o, &pdu);
    else
        put_probe(c, &o, &pdu);
    pdu.request_id = (int32_t)s->id;
    if (k->version == PLT_SNMP_V3) {
        if (!ask_v3(c, s, &o, &pdu, now)) return false;
    } else {
        plt_snmp_close_pdu(&o, &pdu);
        plt_snmp_close(&o, k->version, k->community);
    }
    out->data = o.p;
    out->n = plt_snmp_size(&o);
    return out->n != 0;
}

static bool may_send(plt_collect *c, uint64_t now)
{
    if (c->o.rate == 0) return true;
    double burst = c->o.rate / 50.0 > 1 ? c->o.rate / 50.0 : 1;
    if (c->token_at == 0) c->token_at = now;
    c->tokens += (double)(now - c->token_at) * c->o.rate / 1e6;
    if (c->tokens > burst) c->tokens = burst;
    c->token_at = now;
    return c->tokens >= 1;
}

/* A slot for the next address, if it may be asked now. */
static slot *next_target(plt_collect *c)
{
    if (c->next_target == c->target_count || c->active >= (uint32_t)c->window || c->free_slot == NO_SLOT || !c->free_session_count) return NULL;
    slot *s = &c->slots[c->free_slot];
    c->free_slot = s->next;
    *s = (slot){.target = (uint32_t)c->next_target, .next = NO_SLOT};
    const target *t = &c->targets[c->next_target++];
    s->candidate = t->candidate != UINT8_MAX ? t->candidate : list_of(c, t)->at[0];
    slot_number(c, s);
    const profile *p = c->o.walk ? NULL : profile_of(c, t);
    if (p && slot_take_session(c, s)) {
        session_begin(s->session, c, t, c->candidates[s->candidate].version, p);
        session_choose(s->session, c);
    }
    c->active++;
    return s;
}

/* A probe without an answer for so long gives its place in the window to another: most addresses are empty, and answers come soon. */
static uint64_t quiet_after(const plt_collect *c)
{
    uint64_t t = c->srtt ? 4 * c->srtt : 30 * MS;
    return t < QUIET_LEAST ? QUIET_LEAST : t > QUIET_MOST ? QUIET_MOST : t;
}

static void sent(plt_collect *c, slot *s, size_t octets, uint64_t now)
{
    s->state = SLOT_ASKED;
    s->sent_at = now;
    if (!s->first_at) s->first_at = now;
    s->tries++;
    s->questions++;
    s->octets_out += (uint32_t)octets;
    c->totals.sent++;
    c->totals.octets_out += octets;
    uint64_t wait = timeout_of(c, s), quiet = quiet_after(c);
    s->deadline = now + (!s->session && wait > quiet ? quiet : wait);
    heap_add(c, s);
    if (c->o.rate) c->tokens -= 1;
}

size_t plt_collect_send(plt_collect *c, uint64_t now, plt_collect_datagram *out, size_t most)
{
    size_t n = 0;
    expire(c, now);
    if (most > BATCH) most = BATCH;
    while (n < most && may_send(c, now)) {
        slot *s = take_ready(c);
        if (!s) s = next_target(c);
        if (!s) break;
        if (!write_question(c, s, now, c->room[n], &out[n])) { /* OpenSSL failed: nothing can be asked this way */
            s->verdict = PLT_USM_MALFORMED;
            s->refused_by = s->candidate;
            slot_next_candidate(c, s);
            continue;
        }
        sent(c, s, out[n].n, now);
        n++;
    }
    return n;
}

uint64_t plt_collect_deadline(const plt_collect *c, uint64_t now)
{
    uint64_t when = c->heap_count ? c->slots[c->heap[0]].deadline : UINT64_MAX;
    bool waiting = c->ready_first != NO_SLOT ||
                   (c->next_target < c->target_count && c->active < (uint32_t)c->window && c->free_slot != NO_SLOT && c->free_session_count);
    if (!waiting) return when;
    uint64_t token = c->o.rate && c->tokens < 1 ? now + (uint64_t)((1 - c->tokens) * 1e6 / c->o.rate) + 1 : now;
    return token < when ? token : when;
}
