/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What an agent and the hub say to each other of leases and of people's groups (docs/policy-hub.md, "Leases"): POST /agent/v1/leases, one request,
 * one reply, JSON. Pure: bytes in, rows out. A lease's id is the agent's choice, so that a request that is sent again gives nothing twice. It must
 * never take more rows than its bounds, nor a number that is not whole.
 */
#ifndef PLATEN_CORE_POLICY_LEASE_H
#define PLATEN_CORE_POLICY_LEASE_H

#include <stddef.h>
#include <stdint.h>

#include "core/policy/quota.h"
#include "core/util/buf.h"
#include "core/util/status.h"

#define PLT_LEASE_ID 33     /* 32 hex digits and the terminator */
#define PLT_LEASE_ROWS 256  /* of each kind in a request */
#define PLT_LEASE_OWNER 257 /* a person, an account's code; "" is a group's */
#define PLT_LEASE_REQUEST_MAX (512u << 10)
#define PLT_LEASE_REPLY_MAX (2u << 20)

/* "I want units of this quota for this person." */
typedef struct plt_lease_ask {
    char id[PLT_LEASE_ID];
    char quota[PLT_POLICY_ID_SIZE];
    char user[PLT_PERSON_SIZE];
    char account[65]; /* of a quota of accounts; "" else */
    int64_t want;     /* in all */
    int64_t job;      /* of them, for a job that waits */
} plt_lease_ask;

/* "The lease is closed; so much of it was spent." */
typedef struct plt_lease_closed {
    char id[PLT_LEASE_ID];
    int64_t spent;
} plt_lease_closed;

typedef struct plt_lease_request {
    char people[PLT_LEASE_ROWS][PLT_PERSON_SIZE]; /* whose groups are asked */
    plt_lease_ask ask[PLT_LEASE_ROWS];
    plt_lease_ask beyond[PLT_LEASE_ROWS]; /* what was printed without a lease: `want` units */
    plt_lease_closed closed[PLT_LEASE_ROWS];
    size_t person_n, ask_n, beyond_n, closed_n;
} plt_lease_request;

typedef struct plt_lease_granted {
    char id[PLT_LEASE_ID];
    char owner[PLT_LEASE_OWNER];
    int64_t units;               /* 0: nothing is left */
    int64_t until;               /* Unix seconds */
    int64_t others, limit, over; /* what everybody else used or leased; of this period; how far beyond */
} plt_lease_granted;

typedef struct plt_lease_person {
    char name[PLT_PERSON_SIZE];
    const char *groups; /* one a line; "" none. Into the reply's text */
} plt_lease_person;

typedef struct plt_lease_reply {
    plt_lease_granted lease[PLT_LEASE_ROWS];
    plt_lease_person person[PLT_LEASE_ROWS];
    size_t lease_n, person_n;
    int64_t now;  /* the hub's, Unix seconds: what `until` is to be compared with */
    bool soon;    /* what did not suffice lies idle elsewhere and is called back: ask again in a moment */
    plt_buf text; /* owned: plt_lease_reply_free */
} plt_lease_reply;

plt_status plt_lease_request_write(const plt_lease_request *r, plt_buf *out);
/* PLT_BAD: malformed, or beyond the bounds. */
plt_status plt_lease_request_read(const char *json, size_t n, plt_lease_request *out);
plt_status plt_lease_reply_write(const plt_lease_reply *r, plt_buf *out);
/* On failure there is nothing to free. */
plt_status plt_lease_reply_read(const char *json, size_t n, plt_lease_reply *out);
void plt_lease_reply_free(plt_lease_reply *r);

/* How much of what is left the hub gives: all of the job, and of the rest at most a quarter, so that the first PC to ask does not empty a quota. */
int64_t plt_lease_share(int64_t left, int64_t want, int64_t job);
/* The hub's grant by that share. A job that does not fit gets nothing: half of it would lie idle where others could use it. */
plt_quota_row plt_lease_grant(plt_quota_account *a, const plt_quota_terms *q, int64_t want, int64_t job, int64_t until);

#endif
