/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reads many printers by SNMP: a machine that is given the time and the datagrams that came, and gives the datagrams to send and when it
 * wants to be called again. No socket, no clock: whoever drives it has those (docs/network.md has the design). Memory is taken when it is
 * created and when addresses are added, never while it works. One thread.
 */
#ifndef PLATEN_CORE_COLLECT_COLLECT_H
#define PLATEN_CORE_COLLECT_COLLECT_H

#include "core/collect/plan.h"
#include "core/snmp/usm.h"
#include "core/util/address.h"
#include "core/util/buf.h"

#define PLT_COLLECT_IN_FLIGHT_MOST 4096
#define PLT_COLLECT_DATAGRAM 4096 /* room for one that came; what is longer is cut, and asked for in smaller pieces */

typedef enum plt_collect_outcome {
    PLT_COLLECT_SILENT,  /* nothing answered, or nothing that may be believed */
    PLT_COLLECT_REFUSED, /* it speaks SNMPv3, but not with our users: verdict says why */
    PLT_COLLECT_OTHER,   /* it answers, and is no printer */
    PLT_COLLECT_PARTLY,  /* a printer that stopped answering, or of which something was left out: notes say what */
    PLT_COLLECT_READ,
} plt_collect_outcome;

/* What happened on the way: bits. */
enum {
    PLT_NOTE_TIMEOUT = 1,    /* it fell silent in the middle */
    PLT_NOTE_LOOP = 2,       /* a table, or a walk, gave the same or an earlier row again: what came before it is kept */
    PLT_NOTE_LIMIT = 4,      /* more rows, questions or octets than one printer may have */
    PLT_NOTE_DAMAGED = 8,    /* replies that ended in the middle */
    PLT_NOTE_ELSEWHERE = 16, /* it answers from another address: answered_from; not taken unless allowed */
    PLT_NOTE_ERRORS = 32,    /* it answered genErr or the like for some objects */
    PLT_NOTE_SMALLER = 64,   /* it took only smaller questions */
    /* Why it counts as silent, though something came from its address: */
    PLT_NOTE_UNREADABLE = 128, /* what is no SNMP message, or ends in the middle */
    PLT_NOTE_UNASKED = 256,    /* messages that answer no question of ours: another number, version or community */
};

typedef struct plt_collect_result {
    plt_address address, answered_from;
    plt_collect_outcome outcome;
    int version;       /* PLT_SNMP_V1 ...; the one that worked */
    size_t credential; /* the community's or user's place in the options; of a refusal: whose it was */
    plt_usm_verdict verdict;
    uint32_t notes; /* PLT_NOTE_* */
    uint32_t rtt_us;
    uint32_t questions, octets_out, octets_in; /* of this printer in this scan */
    bool rescan;                               /* by what was learned the last time */
    plt_octets list;                           /* the variables that came, as plt_snmp_next walks them; borrowed during the call */
} plt_collect_result;

/*
 * With what some of the addresses are asked, in this order: users by their place, communities by theirs with PLT_WAY_COMMUNITY. A community is tried
 * by v2c in its turn, and by v1 when all else has been tried.
 */
#define PLT_WAYS_MOST 8
#define PLT_WAY_LISTS_MOST 64
#define PLT_WAY_COMMUNITY 0x80
typedef struct plt_collect_ways {
    uint8_t count, at[PLT_WAYS_MOST];
} plt_collect_ways;

typedef struct plt_collect_options {
    const char *const *communities; /* tried in this order, each by v2c, then by v1 */
    size_t community_count;
    plt_usm_user *const *users; /* tried before the communities */
    size_t user_count;
    const plt_collect_ways *ways; /* lists for plt_collect_add_to; NULL: one of all users, then all communities. Read by plt_collect_create only */
    size_t way_count;
    bool no_v1, no_v2c;
    bool other_address;   /* take replies from another address, if all else fits */
    uint32_t in_flight;   /* printers that are asked at a time, at most */
    uint32_t rate;        /* datagrams a second, 0: as many as the printers can take */
    uint32_t tries;       /* of each question */
    uint32_t timeout_ms;  /* of the first question to a printer; later its round trips are known */
    uint8_t categories;   /* PLT_READ_* */
    bool whole_when_new;  /* a printer of which nothing was learned is read in all categories (and learned); its result is no rescan */
    bool walk;            /* instead: everything there is, as it comes */
    plt_octets walk_from; /* below this OID; 1.3.6.1 when empty; borrowed */
    uint32_t walk_most;   /* so many variables; 0: 100,000 */
    uint64_t seed[2];     /* at random */
    void *ctx;
    void (*done)(void *ctx, const plt_collect_result *r);
    void (*walked)(void *ctx, const plt_address *from, plt_octets list); /* with walk: piece by piece */
} plt_collect_options;

typedef struct plt_collect plt_collect;

typedef struct plt_collect_datagram {
    plt_address to;
    uint8_t *data; /* the machine's own, until the next call of plt_collect_send */
    size_t n;
} plt_collect_datagram;

typedef struct plt_collect_totals {
    uint64_t targets, finished, printers, others, refused, silent;  /* of this scan */
    uint64_t sent, received, octets_out, octets_in, resent, strays; /* strays: what belonged to no question */
    uint32_t asked_now, window;
} plt_collect_totals;

/* Options are copied; the strings and users stay the caller's and must outlive it. PLT_BAD: nothing to ask with. */
plt_status plt_collect_create(plt_collect **out, const plt_collect_options *o);
void plt_collect_free(plt_collect *c); /* NULL-safe */
/* An address with its port. What is known of it from earlier scans is kept until plt_collect_free. */
plt_status plt_collect_add(plt_collect *c, const plt_address *a);
/* The same for an address that is asked by another list than the first. PLT_BAD: there is no such list. */
plt_status plt_collect_add_to(plt_collect *c, const plt_address *a, size_t list);
/* (Re)starts a scan of all addresses with these categories. */
void plt_collect_start(plt_collect *c, uint8_t categories);
/*
 * What was learned, to be kept over restarts: which way each address answers, which instances its printer has. Nothing of what it said, no community
 * and no password. plt_collect_learn is called when all addresses are there and before the scan; it leaves them sorted. PLT_BAD: it is damaged or of
 * another plan; what was taken before that stays, and costs at most some questions.
 */
plt_status plt_collect_learned(const plt_collect *c, plt_buf *out);
plt_status plt_collect_learn(plt_collect *c, const void *data, size_t n);
bool plt_collect_finished(const plt_collect *c);

/* Up to `most` datagrams that may go out now. `now` is a monotonic clock in us. */
size_t plt_collect_send(plt_collect *c, uint64_t now, plt_collect_datagram *out, size_t most);
/* A datagram that came; it is changed when it has to be decrypted. One that was cut counts as none: less will be asked for. */
void plt_collect_receive(plt_collect *c, uint64_t now, const plt_address *from, uint8_t *data, size_t n);
/* When plt_collect_send wants to be called again, though nothing comes; UINT64_MAX: never. */
uint64_t plt_collect_deadline(const plt_collect *c, uint64_t now);
void plt_collect_totals_get(const plt_collect *c, plt_collect_totals *out);
/* Octets of memory that it holds. */
size_t plt_collect_memory(const plt_collect *c);

#endif
