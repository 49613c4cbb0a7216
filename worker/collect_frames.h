/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the service and a collecting worker say to each other (docs/protocol.md 1.4). The worker has no socket: it is given the datagrams that came
 * and gives those to send. Pure codec, both directions, bounded; what the worker says is read as what a stranger says.
 */
#ifndef PLATEN_WORKER_COLLECT_FRAMES_H
#define PLATEN_WORKER_COLLECT_FRAMES_H

#include "core/collect/collect.h"
#include "core/util/buf.h"
#include "core/util/cursor.h"
#include "core/util/frame.h"

#define PLT_COMMUNITIES_MOST 16
#define PLT_USERS_MOST 8
#define PLT_SECRET_SIZE 129
/* Of a device's JSON in a FOUND. */
#define PLT_FOUND_JSON_MAX 61440
/* Of the whole of what was learned. */
#define PLT_LEARNED_MAX (64u << 20)

typedef struct plt_snmp_account {
    char name[PLT_USM_NAME_MAX + 1];
    plt_usm_auth auth;
    plt_usm_priv priv;
    bool weak;
    char auth_password[PLT_SECRET_SIZE], priv_password[PLT_SECRET_SIZE];
} plt_snmp_account;

/* Who asks, and as whom: secrets. */
typedef struct plt_snmp_accounts {
    char communities[PLT_COMMUNITIES_MOST][PLT_SECRET_SIZE];
    size_t community_count;
    plt_snmp_account users[PLT_USERS_MOST];
    size_t user_count;
} plt_snmp_accounts;

typedef struct plt_collect_setup {
    uint8_t categories;
    bool no_v1, no_v2c, other_address, whole_when_new;
    bool silent; /* those that did not answer are told too */
    uint32_t rate, in_flight, tries, timeout_ms;
    int64_t at; /* Unix ms of the scan's begin */
    uint64_t seed[2];
    plt_snmp_accounts accounts;
    plt_collect_ways ways[PLT_WAY_LISTS_MOST]; /* which of them for which addresses; none: all of them for all */
    size_t way_count;
} plt_collect_setup;

/* COLLECT. `out` holds secrets then: plt_buf_free_secret. */
plt_status plt_setup_encode(const plt_collect_setup *s, plt_buf *out);
plt_status plt_setup_decode(const uint8_t *payload, size_t n, plt_collect_setup *s);

/* An address with its port: family (u8), port (u16), scope (u32), 4 or 16 octets. */
void plt_put_address(plt_buf *out, const plt_address *a);
bool plt_take_address(plt_cursor *c, plt_address *a);

/* One datagram of a TURN: address, length (u16), octets. */
void plt_put_datagram(plt_buf *out, const plt_address *peer, const uint8_t *data, size_t n);
/* False at the end or when malformed (c->bad). Borrowed from the cursor's octets. */
bool plt_take_datagram(plt_cursor *c, plt_address *peer, const uint8_t **data, size_t *n);
#define PLT_DATAGRAM_HEAD 25   /* what plt_put_datagram needs beside the octets, at most */
#define PLT_QUESTION_MOST 2048 /* octets of the longest question */

/* FOUND: what became of an address; with a printer, its device. `json` is borrowed, "" without. The result's list is not carried. */
typedef struct plt_found {
    plt_collect_result result;
    uint8_t printer, printers; /* behind one address: this one from 0, of so many */
    const char *json;
    size_t json_size;
    bool left_out; /* it said more than was kept */
} plt_found;

void plt_found_encode(const plt_found *f, plt_buf *out);
/* `json` is terminated by the caller's buffer only: use json_size. */
plt_status plt_found_decode(const uint8_t *payload, size_t n, plt_found *f);

void plt_totals_encode(const plt_collect_totals *t, uint64_t memory, plt_buf *out);
plt_status plt_totals_decode(const uint8_t *payload, size_t n, plt_collect_totals *t, uint64_t *memory);

#endif
