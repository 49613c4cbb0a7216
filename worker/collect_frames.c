/* SPDX-License-Identifier: Apache-2.0 */
/* The codec of the collecting worker's frames. Integers are little endian and assembled by octets. */
#include "worker/collect_frames.h"

#include <string.h>

#include "core/util/text.h"

static void put(plt_buf *b, uint64_t v, int octets)
{
    uint8_t room[8];
    for (int i = 0; i < octets; i++) room[i] = (uint8_t)(v >> 8 * i);
    plt_buf_add(b, room, (size_t)octets);
}

static void put_text(plt_buf *b, const char *s)
{
    size_t n = strlen(s);
    put(b, n, 1);
    plt_buf_add(b, s, n);
}

static void take_text(plt_cursor *c, char *out, size_t size)
{
    size_t n = plt_cursor_u8(c);
    const uint8_t *p = plt_cursor_take(c, n);
    out[0] = 0;
    if (!p || n >= size || memchr(p, 0, n)) {
        c->bad = true;
        return;
    }
    memcpy(out, p, n);
    out[n] = 0;
}

void plt_put_address(plt_buf *out, const plt_address *a)
{
    put(out, a->family, 1);
    put(out, a->port, 2);
    put(out, a->scope, 4);
    if (a->family) plt_buf_add(out, a->ip, plt_address_octets(a));
}

bool plt_take_address(plt_cursor *c, plt_address *a)
{
    *a = (plt_address){.family = plt_cursor_u8(c)};
    a->port = plt_cursor_le16(c);
    a->scope = plt_cursor_le32(c);
    if (a->family == 0) return !c->bad;
    if (a->family != 4 && a->family != 6) c->bad = true;
    const uint8_t *ip = c->bad ? NULL : plt_cursor_take(c, plt_address_octets(a));
    if (ip) memcpy(a->ip, ip, plt_address_octets(a));
    return ip != NULL;
}

void plt_put_datagram(plt_buf *out, const plt_address *peer, const uint8_t *data, size_t n)
{
    plt_put_address(out, peer);
    put(out, n, 2);
    plt_buf_add(out, data, n);
}

bool plt_take_datagram(plt_cursor *c, plt_address *peer, const uint8_t **data, size_t *n)
{
    if (c->bad || plt_cursor_left(c) == 0) return false;
    if (!plt_take_address(c, peer)) return false;
    *n = plt_cursor_le16(c);
    *data = plt_cursor_take(c, *n);
    if (!peer->family || *n > PLT_COLLECT_DATAGRAM) c->bad = true;
    return !c->bad;
}

/* ---- COLLECT ---- */

enum { FLAG_NO_V1 = 1, FLAG_NO_V2C = 2, FLAG_OTHER_ADDRESS = 4, FLAG_WHOLE_WHEN_NEW = 8, FLAG_SILENT = 16 };

plt_status plt_setup_encode(const plt_collect_setup *s, plt_buf *out)
{
    const plt_snmp_accounts *a = &s->accounts;
    put(out, s->categories, 1);
    put(out,
        (s->no_v1 ? FLAG_NO_V1 : 0) | (s->no_v2c ? FLAG_NO_V2C : 0) | (s->other_address ? FLAG_OTHER_ADDRESS : 0) |
            (s->whole_when_new ? FLAG_WHOLE_WHEN_NEW : 0) | (s->silent ? FLAG_SILENT : 0),
        1);
    put(out, s->rate, 4);
    put(out, s->in_flight, 4);
    put(out, s->tries, 4);
    put(out, s->timeout_ms, 4);
    put(out, (uint64_t)s->at, 8);
    put(out, s->seed[0], 8);
    put(out, s->seed[1], 8);
    put(out, a->community_count, 1);
    for (size_t i = 0; i < a->community_count; i++) put_text(out, a->communities[i]);
    put(out, a->user_count, 1);
    for (size_t i = 0; i < a->user_count; i++) {
        const plt_snmp_account *u = &a->users[i];
        put_text(out, u->name);
        put(out, u->auth, 1);
        put(out, u->priv, 1);
        put(out, u->weak, 1);
        put_text(out, u->auth_password);
        put_text(out, u->priv_password);
    }
    put(out, s->way_count, 1);
    for (size_t i = 0; i < s->way_count; i++) {
        put(out, s->ways[i].count, 1);
        plt_buf_add(out, s->ways[i].at, s->ways[i].count);
    }
    return out->status;
}

static void take_user(plt_cursor *c, plt_snmp_account *u)
{
    take_text(c, u->name, sizeof u->name);
    u->auth = (plt_usm_auth)plt_cursor_u8(c);
    u->priv = (plt_usm_priv)plt_cursor_u8(c);
    u->weak = plt_cursor_u8(c) != 0;
    take_text(c, u->auth_password, sizeof u->auth_password);
    take_text(c, u->priv_password, sizeof u->priv_password);
    if (u->auth > PLT_AUTH_SHA512 || u->priv > PLT_PRIV_AES256_REEDER) c->bad = true;
}

static void take_ways(plt_cursor *c, plt_collect_ways *w)
{
    w->count = plt_cursor_u8(c);
    const uint8_t *at = w->count <= PLT_WAYS_MOST ? plt_cursor_take(c, w->count) : NULL;
    if (at) memcpy(w->at, at, w->count);
    c->bad = c->bad || !at;
}

plt_status plt_setup_decode(const uint8_t *payload, size_t n, plt_collect_setup *s)
{
    plt_cursor c = plt_cursor_make(payload, n);
    memset(s, 0, sizeof *s);
    s->categories = plt_cursor_u8(&c);
    uint8_t flags = plt_cursor_u8(&c);
    s->no_v1 = flags & FLAG_NO_V1;
    s->no_v2c = flags & FLAG_NO_V2C;
    s->other_address = flags & FLAG_OTHER_ADDRESS;
    s->whole_when_new = flags & FLAG_WHOLE_WHEN_NEW;
    s->silent = flags & FLAG_SILENT;
    s->rate = plt_cursor_le32(&c);
    s->in_flight = plt_cursor_le32(&c);
    s->tries = plt_cursor_le32(&c);
    s->timeout_ms = plt_cursor_le32(&c);
    s->at = (int64_t)(plt_cursor_le64(&c) & INT64_MAX);
    s->seed[0] = plt_cursor_le64(&c);
    s->seed[1] = plt_cursor_le64(&c);
    s->accounts.community_count = plt_cursor_u8(&c);
    if (s->accounts.community_count > PLT_COMMUNITIES_MOST) return PLT_BAD;
    for (size_t i = 0; i < s->accounts.community_count; i++) take_text(&c, s->accounts.communities[i], PLT_SECRET_SIZE);
    s->accounts.user_count = plt_cursor_u8(&c);
    if (s->accounts.user_count > PLT_USERS_MOST) return PLT_BAD;
    for (size_t i = 0; i < s->accounts.user_count; i++) take_user(&c, &s->accounts.users[i]);
    s->way_count = plt_cursor_u8(&c);
    if (s->way_count > PLT_WAY_LISTS_MOST) return PLT_BAD;
    for (size_t i = 0; i < s->way_count; i++) take_ways(&c, &s->ways[i]);
    return c.bad || plt_cursor_left(&c) ? PLT_BAD : PLT_OK;
}

/* ---- FOUND, COLLECTED ---- */

void plt_found_encode(const plt_found *f, plt_buf *out)
{
    const plt_collect_result *r = &f->result;
    plt_put_address(out, &r->address);
    plt_put_address(out, &r->answered_from);
    put(out, r->outcome, 1);
    put(out, (uint64_t)r->version, 1);
    put(out, r->verdict, 1);
    put(out, (r->rescan ? 1 : 0) | (f->left_out ? 2 : 0), 1);
    put(out, r->credential, 2);
    put(out, r->notes, 4);
    put(out, r->rtt_us, 4);
    put(out, r->questions, 4);
    put(out, r->octets_out, 4);
    put(out, r->octets_in, 4);
    put(out, f->printer, 1);
    put(out, f->printers, 1);
    put(out, f->json_size, 4);
    plt_buf_add(out, f->json, f->json_size);
}

plt_status plt_found_decode(const uint8_t *payload, size_t n, plt_found *f)
{
    plt_cursor c = plt_cursor_make(payload, n);
    plt_collect_result *r = &f->result;
    memset(f, 0, sizeof *f);
    plt_take_address(&c, &r->address);
    plt_take_address(&c, &r->answered_from);
    unsigned outcome = plt_cursor_u8(&c);
    r->version = plt_cursor_u8(&c);
    unsigned verdict = plt_cursor_u8(&c), flags = plt_cursor_u8(&c);
    r->rescan = flags & 1;
    f->left_out = flags & 2;
    r->credential = plt_cursor_le16(&c);
    r->notes = plt_cursor_le32(&c);
    r->rtt_us = plt_cursor_le32(&c);
    r->questions = plt_cursor_le32(&c);
    r->octets_out = plt_cursor_le32(&c);
    r->octets_in = plt_cursor_le32(&c);
    f->printer = plt_cursor_u8(&c);
    f->printers = plt_cursor_u8(&c);
    f->json_size = plt_cursor_le32(&c);
    f->json = (const char *)plt_cursor_take(&c, f->json_size);
    if (c.bad || plt_cursor_left(&c) || !f->json || f->json_size > PLT_FOUND_JSON_MAX || !r->address.family) return PLT_BAD;
    if (outcome > PLT_COLLECT_READ || verdict > PLT_USM_OTHER_REPORT || f->printer >= 16 || f->printers > 16) return PLT_BAD;
    r->outcome = (plt_collect_outcome)outcome;
    r->verdict = (plt_usm_verdict)verdict;
    return PLT_OK;
}

void plt_totals_encode(const plt_collect_totals *t, uint64_t memory, plt_buf *out)
{
    const uint64_t n[] = {t->targets,  t->finished,   t->printers,  t->others, t->refused, t->silent,    t->sent,
                          t->received, t->octets_out, t->octets_in, t->resent, t->strays,  t->asked_now, memory};
    for (size_t i = 0; i < sizeof n / sizeof *n; i++) put(out, n[i], 8);
}

plt_status plt_totals_decode(const uint8_t *payload, size_t n, plt_collect_totals *t, uint64_t *memory)
{
    plt_cursor c = plt_cursor_make(payload, n);
    uint64_t asked = 0;
    *t = (plt_collect_totals){0};
    uint64_t *const to[] = {&t->targets,  &t->finished,   &t->printers,  &t->others, &t->refused, &t->silent, &t->sent,
                            &t->received, &t->octets_out, &t->octets_in, &t->resent, &t->strays,  &asked,     memory};
    for (size_t i = 0; i < sizeof to / sizeof *to; i++) *to[i] = plt_cursor_le64(&c);
    t->asked_now = asked < UINT32_MAX ? (uint32_t)asked : UINT32_MAX;
    return c.bad || plt_cursor_left(&c) ? PLT_BAD : PLT_OK;
}
