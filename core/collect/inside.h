/* SPDX-License-Identifier: Apache-2.0 */
/* The collector's own structures: targets (all addresses, small), slots (questions under way), sessions (printers being read). */
#ifndef PLATEN_CORE_COLLECT_INSIDE_H
#define PLATEN_CORE_COLLECT_INSIDE_H

#include "core/collect/collect.h"

#define TAIL 23        /* octets of a row's index */
#define ARENA 24576    /* octets that one printer's variables may have */
#define ROWS_MOST 200  /* of one column */
#define KEPT_MOST 1200 /* variables of one printer */
#define ASKED_MOST 48  /* variables of one question */
#define QUESTIONS_MOST 400
#define WALK_QUESTIONS_MOST 120000
#define BUDGET 1400 /* octets of an answer that are asked for, until a printer wants less */
#define BUDGET_LEAST 96
#define QUESTION_ROOM (PLT_SNMP_HEAD + 1600)
#define CANDIDATES_MOST 64
#define BATCH 256 /* datagrams that one call of plt_collect_send makes at most */

/* One column of one printer. */
typedef struct row_state {
    uint8_t done, rows, tail_size, tail[TAIL];
} row_state;

/* A list of instances that printers of the same build have: what a later scan asks for, learned by the first. */
typedef struct profile {
    uint64_t hash;
    uint32_t used;    /* printers that have it */
    uint16_t count;   /* variables */
    uint16_t size;    /* octets of list */
    uint8_t *list;    /* NULL-valued variables, encoded */
    uint8_t *columns; /* of each variable: its column's place */
    uint16_t *starts; /* and where it stands in list */
    const plt_maker *maker;
} profile;

#define PROFILES_MOST 4096

typedef struct session {
    bool bulk;       /* else GETNEXT */
    bool by_profile; /* GET of known instances first */
    bool misfit;     /* they are not there: this printer is not as it was */
    bool planned;
    bool bulk_answered;
    uint8_t repeats; /* of the question under way */
    uint8_t asked_count, most_asked, most_repeats;
    uint8_t asked[ASKED_MOST];
    uint8_t categories;
    uint16_t next_variable; /* of the profile */
    const profile *profile;
    const plt_maker *maker;
    uint32_t notes;
    bool walking, walk_done; /* walk.c */
    uint16_t walk_size;
    uint32_t walked;
    uint8_t walk_name[PLT_OID_SIZE];
    row_state rows[PLT_COLUMNS_MOST];
    size_t used;
    uint16_t kept; /* variables in the arena; of each, its column's place */
    uint8_t columns[KEPT_MOST];
    uint8_t arena[ARENA];
} session;

typedef struct target {
    plt_address address;
    uint8_t candidate;                /* 255: unknown yet */
    uint8_t list;                     /* of ways to ask it */
    uint16_t profile;                 /* 1 + its place; 0: none */
    uint8_t most_asked, most_repeats; /* what it took; 0: as many as fit */
    uint16_t strays;                  /* PLT_NOTE_UNREADABLE, PLT_NOTE_UNASKED: what came from its address in this scan and was not believed */
    uint32_t identity;                /* of serial number and configuration, as the profile was learned */
    uint32_t srtt, rttvar;            /* us; 0: not measured */
} target;

/* A way to ask: a version with a community or a user. */
typedef struct candidate {
    int version;
    size_t credential;
    plt_octets community;
    plt_usm_user *user;
    uint8_t probe[600]; /* v1, v2c: the question by which a printer is found, but for its number */
    uint16_t probe_size, id_at;
} candidate;

/* The candidates of some addresses, in their order. */
typedef struct way_list {
    uint8_t count, at[CANDIDATES_MOST];
} way_list;

typedef enum slot_state { SLOT_FREE, SLOT_READY, SLOT_ASKED, SLOT_QUIET } slot_state; /* QUIET: asked so long ago that it holds no place */

typedef struct slot {
    uint32_t target, id;
    uint64_t first_at, sent_at, deadline; /* the question was sent first, last; runs out */
    uint8_t state, tries, candidate;
    uint8_t refused_by; /* the candidate of `verdict` */
    uint16_t attempt;
    bool without_privacy; /* v3: only to find out why it does not answer */
    uint8_t turns;        /* v3: engine or time were learned from a report; once */
    uint8_t verdict;
    uint16_t heap_at, next;
    uint32_t notes, octets_out, octets_in, questions;
    plt_address elsewhere;
    session *session;
    plt_usm_peer peer;
} slot;

#define SLOT_BITS 13
#define SLOTS (1u << SLOT_BITS)
#define NO_SLOT 0xFFFF

struct plt_collect {
    plt_collect_options o;
    const plt_plan *plan;
    candidate *candidates;
    size_t candidate_count;
    way_list *lists;
    size_t list_count;
    target *targets;
    size_t target_count, target_cap, next_target;
    slot *slots;
    uint32_t slot_count;
    uint16_t free_slot, ready_first, ready_last;
    uint16_t heap[SLOTS];
    uint16_t heap_count;
    session *sessions;
    uint32_t *free_sessions;
    size_t free_session_count;
    profile *profiles;
    size_t profile_count;
    uint32_t active; /* slots that are ready or asked, not quiet */
    double window, threshold;
    uint64_t srtt; /* us, of all printers; 0: nobody has answered yet */
    uint64_t last_cut, token_at;
    uint32_t lost, answered; /* questions, since the window was cut */
    double tokens;
    uint64_t number, salt;
    plt_collect_totals totals;
    uint8_t (*room)[QUESTION_ROOM];
};

/* ask.c: slots, their timers, and the datagrams that go out. */
/* The slot has a question to send. */
void slot_ready(plt_collect *c, slot *s);
/* The slot's question is answered: no timer runs any more, the slot is nobody's until slot_ready or slot_finish. */
void slot_answered(plt_collect *c, slot *s);
/* Another number, so that late answers to the question before are not taken for this one's. */
void slot_number(plt_collect *c, slot *s);
void slot_finish(plt_collect *c, slot *s, plt_collect_outcome outcome);
/* No session is free: false. */
bool slot_take_session(plt_collect *c, slot *s);
/* This way of asking leads nowhere: the next one, or the end. */
void slot_next_candidate(plt_collect *c, slot *s);
slot *slot_of(plt_collect *c, uint32_t id);
const way_list *list_of(const plt_collect *c, const target *t);
/* The security level of its question. */
uint8_t slot_level(const plt_collect *c, const slot *s);

/* session.c: what to ask a printer next, and what its answer says. */
void session_begin(session *s, const plt_collect *c, const target *t, int version, const profile *p);
/* Is there more to ask? Then session_put writes it: the same again until session_take or session_ask_less. */
bool session_choose(session *s, const plt_collect *c);
void session_put(const session *s, const plt_collect *c, plt_snmp_out *o, plt_snmp_pdu *pdu);
/* Takes the answer to the last question. */
void session_take(session *s, const plt_collect *c, const plt_snmp_pdu *pdu);
/* The question was not answered in time, or its answer did not fit: ask for less. False: it is as small as can be. */
bool session_ask_less(session *s);
/* Has it answered a question of the kind that is under way? */
bool session_answers(const session *s);
/* Is it known by now to be a printer? */
bool session_is_printer(const session *s);
/* Behind the probe: its maker, and what the scan's categories leave out. */
void session_plan(session *s, const plt_collect *c);
const plt_column *session_column(const session *s, const plt_plan *plan, size_t i);
size_t session_columns(const session *s, const plt_plan *plan);

/* walk.c: the same for a walk through everything. */
void mib_walk_begin(session *s, const plt_collect *c);
bool mib_walk_choose(session *s);
void mib_walk_put(const session *s, plt_snmp_out *o, plt_snmp_pdu *pdu);
void mib_walk_take(session *s, const plt_collect *c, const plt_address *from, const plt_snmp_pdu *pdu);

/* profile.c */
/* Keeps what this printer has, shared with those that have the same. Out of memory: it is read in full the next time, too. */
void profile_learn(plt_collect *c, target *t, const session *s);
const profile *profile_of(const plt_collect *c, const target *t);
void profile_forget(plt_collect *c, target *t);
/* Of serial number and configuration as they stand among the variables read. */
uint32_t profile_identity(const plt_plan *plan, plt_octets list);
/* Takes a list of `count` instances with their columns: 1 + its place among the profiles, 0 when it is none or there is no room. */
uint16_t profile_add(plt_collect *c, const plt_maker *maker, plt_octets list, const uint8_t *columns, size_t count);
void profiles_free(plt_collect *c);

#endif
