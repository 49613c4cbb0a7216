/* SPDX-License-Identifier: Apache-2.0 */
/*
 * An SNMP agent as a pure function: a request's datagram in, a reply's datagram out (RFC 1157, RFC 3416, RFC 3584; RFC 3414 with users). It only
 * reads: whatever is to be set is refused. What it serves is a view, asked object by object. A reply is never larger than the limit, a request that
 * is malformed, of another version or of an unknown community gets none. Nothing here allocates, sends, or keeps anything.
 */
#ifndef PLATEN_CORE_SNMP_SERVE_H
#define PLATEN_CORE_SNMP_SERVE_H

#include "core/snmp/snmp.h"
#include "core/snmp/usm.h"

#define PLT_SERVE_TEXT 256                               /* the longest text that a view makes rather than points at */
#define PLT_SERVE_ROOM (PLT_SNMP_HEAD + PLT_SNMP_PACKET) /* what the caller gives for a reply of the usual limit */

typedef struct plt_serve_value {
    plt_snmp_type type;
    int32_t integer;   /* INTEGER */
    uint64_t number;   /* COUNTER32, GAUGE32, TIMETICKS, COUNTER64 */
    plt_octets octets; /* the others; borrowed until the view is asked again */
} plt_serve_value;

typedef struct plt_serve_object {
    plt_octets name; /* encoded; borrowed for as long as the view stands */
    plt_serve_value value;
    size_t at; /* the view's own note of where the object stands: `next` gets it back together with its name */
    uint8_t text[PLT_SERVE_TEXT];
} plt_serve_object;

typedef enum plt_serve_found {
    PLT_SERVE_FOUND,
    PLT_SERVE_NO_OBJECT,   /* get: nothing like that in this view */
    PLT_SERVE_NO_INSTANCE, /* get: the object, but not this row */
    PLT_SERVE_END,         /* next: there is none behind */
    PLT_SERVE_FAILED,      /* there is one, but its value cannot be had: genErr */
} plt_serve_found;

/* What is served. `name` is a valid OID, borrowed; asked from one thread, must not block. */
typedef struct plt_serve_view {
    plt_serve_found (*get)(void *arg, plt_octets name, plt_serve_object *out);
    /* The first one behind `name`. out->at is that of the object named, where out gave it; else SIZE_MAX. */
    plt_serve_found (*next)(void *arg, plt_octets name, plt_serve_object *out);
} plt_serve_view;

enum { PLT_SERVE_V1 = 1, PLT_SERVE_V2C = 2 };

/* What version 3 needs: who the agent is, who may ask and how well protected, and the time. All borrowed. */
typedef struct plt_serve_usm {
    const plt_usm_side *side; /* &plt_usm_answering */
    plt_usm_engine *engine;
    plt_usm_entry *users;
    size_t user_count; /* a question with less than its user's `least` is refused (authorizationError) */
    int32_t time;      /* snmpEngineTime */
    uint64_t *salt;
} plt_serve_usm;

typedef struct plt_serve_agent {
    const plt_serve_view *view;
    void *arg;
    const plt_octets *communities; /* borrowed; none: nobody is answered */
    size_t community_count;
    const plt_serve_usm *usm; /* NULL: no version 3 */
    unsigned versions;        /* PLT_SERVE_V1 | PLT_SERVE_V2C */
    uint32_t repetitions;     /* of a GETBULK, at most; 0: it is left unanswered, as agents do that do not know it */
    size_t reply_max;         /* octets of a reply; at most what its room holds behind PLT_SNMP_HEAD */
} plt_serve_agent;

typedef enum plt_serve_outcome {
    PLT_SERVE_ANSWERED,
    PLT_SERVE_REPORTED, /* version 3: the reply says what was wrong: the engine, the time, the user, the digest, the context */
    PLT_SERVE_MALFORMED,
    PLT_SERVE_VERSION,   /* one that is not answered */
    PLT_SERVE_COMMUNITY, /* a community or context that is not known */
    PLT_SERVE_KIND,      /* no request, or GETBULK where there is none */
    PLT_SERVE_TOO_BIG,   /* not even the refusal fits into reply_max */
    PLT_SERVE_OUTCOMES
} plt_serve_outcome;

/* Answers one datagram, which is decrypted in place. *reply lies in `room`, whose size is `cap`; empty unless answered or reported. */
plt_serve_outcome plt_serve(const plt_serve_agent *a, uint8_t *request, size_t n, uint8_t *room, size_t cap, plt_octets *reply);

#endif
