/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The collector's life: made, given addresses, started, asked how it is, freed. Everything is allocated here and in profile.c; what sends
 * and receives takes no memory.
 */
#include "core/collect/collect.h"

#include <stdlib.h>
#include <string.h>

#include "core/collect/inside.h"

#define QUIET_SLOTS 16 /* addresses that may be waited for in silence, for each that may be asked at a time */

static bool make_probe(const plt_plan *plan, candidate *k)
{
    uint8_t room[QUESTION_ROOM];
    plt_snmp_out o;
    plt_snmp_message m;
    plt_snmp_begin(&o, room, sizeof room);
    for (size_t i = 0; i < PLT_PLAN_PROBE; i++)
        plt_snmp_put(&o, plt_octets_make(plan->columns[i].oid, plan->columns[i].oid_size), PLT_SNMP_NULL, plt_octets_make("", 0));
    /* A number of four octets, as all are that are put in its place. */
    plt_snmp_close_pdu(&o, &(plt_snmp_pdu){.kind = PLT_SNMP_GETNEXT, .request_id = 0x7FFFFFFF});
    plt_snmp_close(&o, k->version, k->community);
    size_t n = plt_snmp_size(&o);
    if (n == 0 || n > sizeof k->probe || plt_snmp_read(o.p, n, &m) != PLT_OK) return false;
    memcpy(k->probe, o.p, n);
    k->probe_size = (uint16_t)n;
    /* In front of the list: its head, error-index and error-status (3 octets each), then the number. */
    size_t list_head = m.pdu.list.n < 0x80 ? 2 : m.pdu.list.n < 0x100 ? 3 : 4;
    k->id_at = (uint16_t)((size_t)(m.pdu.list.p - o.p) - list_head - 6 - 4);
    return memcmp(k->probe + k->id_at, "\x7F\xFF\xFF\xFF", 4) == 0;
}

static bool add_candidate(plt_collect *c, int version, size_t credential)
{
    candidate *k = &c->candidates[c->candidate_count];
    k->version = version;
    k->credential = credential;
    if (version == PLT_SNMP_V3) {
        k->user = c->o.users[credential];
    } else {
        const char *name = c->o.communities[credential];
        k->community = plt_octets_make(name, strlen(name));
        if (!make_probe(c->plan, k)) return false;
    }
    c->candidate_count++;
    return true;
}

static bool add_candidates(plt_collect *c)
{
    size_t most = c->o.user_count + 2 * c->o.community_count;
    if (most == 0 || most > CANDIDATES_MOST) return false;
    c->candidates = calloc(most, sizeof *c->candidates);
    if (!c->candidates) return false;
    for (size_t i = 0; i < c->o.user_count; i++)
        if (!add_candidate(c, PLT_SNMP_V3, i)) return false;
    for (size_t i = 0; i < c->o.community_count; i++)
        if (!c->o.no_v2c && !add_candidate(c, PLT_SNMP_V2C, i)) return false;
    for (size_t i = 0; i < c->o.community_count; i++)
        if (!c->o.no_v1 && !add_candidate(c, PLT_SNMP_V1, i)) return false;
    return c->candidate_count > 0;
}

/* ---- lists of ways ---- */

static void list_add(const plt_collect *c, way_list *l, int version, size_t credential)
{
    for (size_t i = 0; i < c->candidate_count; i++)
        if (c->candidates[i].version == version && c->candidates[i].credential == credential) l->at[l->count++] = (uint8_t)i;
}

/* False: one names no credential, or nothing is left to ask with. */
static bool make_list(const plt_collect *c, way_list *l, const plt_collect_ways *w)
{
    if (w->count > PLT_WAYS_MOST) return false;
    for (size_t i = 0; i < w->count; i++) {
        size_t at = w->at[i] & ~(size_t)PLT_WAY_COMMUNITY;
        bool community = w->at[i] & PLT_WAY_COMMUNITY;
        if (at >= (community ? c->o.community_count : c->o.user_count)) return false;
        list_add(c, l, community ? PLT_SNMP_V2C : PLT_SNMP_V3, at);
    }
    for (size_t i = 0; i < w->count; i++)
        if (w->at[i] & PLT_WAY_COMMUNITY) list_add(c, l, PLT_SNMP_V1, w->at[i] & ~(size_t)PLT_WAY_COMMUNITY);
    return l->count > 0;
}

static plt_status make_lists(plt_collect *c)
{
    bool good = c->o.way_count <= PLT_WAY_LISTS_MOST;
    c->list_count = c->o.ways ? c->o.way_count : 1;
    c->lists = good && c->list_count ? calloc(c->list_count, sizeof *c->lists) : NULL;
    if (!c->lists) return good && c->list_count ? PLT_NOMEM : PLT_BAD;
    for (size_t i = 0; c->o.ways && good && i < c->list_count; i++) good = make_list(c, &c->lists[i], &c->o.ways[i]);
    for (size_t i = 0; !c->o.ways && i < c->candidate_count; i++) c->lists[0].at[c->lists[0].count++] = (uint8_t)i;
    c->o.ways = NULL; /* the caller's, and read */
    return good ? PLT_OK : PLT_BAD;
}

const way_list *list_of(const plt_collect *c, const target *t)
{
    return &c->lists[t->list];
}

static void limit_options(plt_collect_options *o)
{
    if (o->in_flight == 0) o->in_flight = 512;
    if (o->in_flight > PLT_COLLECT_IN_FLIGHT_MOST) o->in_flight = PLT_COLLECT_IN_FLIGHT_MOST;
    if (o->tries == 0) o->tries = 1;
    if (o->tries > 10) o->tries = 10;
    if (o->timeout_ms < 10) o->timeout_ms = 10;
    if (o->timeout_ms > 60000) o->timeout_ms = 60000;
}

plt_status plt_collect_create(plt_collect **out, const plt_collect_options *o)
{
    *out = NULL;
    plt_collect *c = calloc(1, sizeof *c);
    if (!c) return PLT_NOMEM;
    c->o = *o;
    limit_options(&c->o);
    c->plan = plt_plan_get();
    c->salt = o->seed[0] ^ o->seed[1] << 1;
    plt_status s = add_candidates(c) ? make_lists(c) : PLT_BAD;
    if (s != PLT_OK) {
        plt_collect_free(c);
        return s;
    }
    c->slot_count = c->o.in_flight * QUIET_SLOTS < SLOTS ? c->o.in_flight * QUIET_SLOTS : SLOTS;
    c->slots = calloc(c->slot_count, sizeof *c->slots);
    c->sessions = malloc(c->o.in_flight * sizeof *c->sessions); /* touched only as printers answer */
    c->free_sessions = malloc(c->o.in_flight * sizeof *c->free_sessions);
    c->profiles = calloc(PROFILES_MOST, sizeof *c->profiles);
    c->room = malloc(BATCH * sizeof *c->room);
    if (!c->slots || !c->sessions || !c->free_sessions || !c->profiles || !c->room) {
        plt_collect_free(c);
        return PLT_NOMEM;
    }
    plt_collect_start(c, o->categories);
    *out = c;
    return PLT_OK;
}

void plt_collect_free(plt_collect *c)
{
    if (!c) return;
    if (c->profiles) profiles_free(c);
    free(c->profiles);
    free(c->candidates);
    free(c->lists);
    free(c->slots);
    free(c->sessions);
    free(c->free_sessions);
    free(c->room);
    free(c->targets);
    free(c);
}

plt_status plt_collect_add_to(plt_collect *c, const plt_address *a, size_t list)
{
    if (list >= c->list_count) return PLT_BAD;
    if (c->target_count == c->target_cap) {
        size_t cap = c->target_cap ? c->target_cap * 2 : 256;
        target *grown = cap <= UINT32_MAX / 2 ? realloc(c->targets, cap * sizeof *grown) : NULL;
        if (!grown) return PLT_NOMEM;
        c->targets = grown;
        c->target_cap = cap;
    }
    c->targets[c->target_count++] = (target){.address = *a, .candidate = UINT8_MAX, .list = (uint8_t)list};
    c->totals.targets++;
    return PLT_OK;
}

plt_status plt_collect_add(plt_collect *c, const plt_address *a)
{
    return plt_collect_add_to(c, a, 0);
}

void plt_collect_start(plt_collect *c, uint8_t categories)
{
    c->o.categories = categories | PLT_SCAN_DISCOVERY;
    c->next_target = 0;
    c->totals = (plt_collect_totals){.targets = c->target_count};
    c->active = 0;
    c->heap_count = 0;
    c->window = c->o.in_flight < 128 ? c->o.in_flight : 128;
    c->threshold = c->o.in_flight;
    c->tokens = 0;
    c->token_at = c->last_cut = c->srtt = 0;
    c->lost = c->answered = 0;
    c->ready_first = c->ready_last = NO_SLOT;
    for (size_t i = 0; i < c->target_count; i++) c->targets[i].strays = 0;
    for (size_t i = 0; i < c->slot_count; i++) c->slots[i] = (slot){.next = i + 1 < c->slot_count ? (uint16_t)(i + 1) : NO_SLOT};
    c->free_slot = 0;
    for (size_t i = 0; i < c->o.in_flight; i++) c->free_sessions[i] = (uint32_t)(c->o.in_flight - 1 - i);
    c->free_session_count = c->o.in_flight;
}

bool plt_collect_finished(const plt_collect *c)
{
    return c->totals.finished == c->target_count;
}

void plt_collect_totals_get(const plt_collect *c, plt_collect_totals *out)
{
    *out = c->totals;
    out->asked_now = c->active;
    out->window = (uint32_t)c->window;
}

size_t plt_collect_memory(const plt_collect *c)
{
    size_t n = sizeof *c + c->list_count * sizeof *c->lists + c->target_cap * sizeof *c->targets + c->slot_count * sizeof *c->slots +
               c->o.in_flight * (sizeof *c->sessions + sizeof *c->free_sessions);
    n += PROFILES_MOST * sizeof *c->profiles + BATCH * sizeof *c->room + (c->o.user_count + 2 * c->o.community_count) * sizeof *c->candidates;
    for (size_t i = 0; i < c->profile_count; i++) n += c->profiles[i].size + 3u * c->profiles[i].count;
    return n;
}
