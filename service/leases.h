/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The leases that this PC holds, in the ledger's database: what is left of each, which job took how much, what is to be asked and told at the hub,
 * and the groups of the people who print here (docs/policy-hub.md, "Leases"). Every change is on the disk when its function returns. Units are taken
 * before a job prints; a crash in between leaves them taken. It never asks a clock or the network: who calls says what time it is, in Unix seconds.
 */
#ifndef PLATEN_SERVICE_LEASES_H
#define PLATEN_SERVICE_LEASES_H

#include "core/policy/lease.h"
#include "service/ledger.h"

/* Whose units of which quota. Borrowed. */
typedef struct lease_key {
    const char *quota; /* by plt_quota_name() */
    const char *owner; /* a person, an account's code; "" a group's */
} lease_key;

typedef enum lease_take {
    LEASE_TOOK,
    LEASE_SHORT,  /* the hub was asked before; not enough is left here now */
    LEASE_NONE,   /* the hub never said anything of it */
    LEASE_FAILED, /* the disk */
} lease_take;

/* Takes n units for a job, all or none; a job that took some of this quota before takes nothing more. */
lease_take leases_take(ledger *l, const char *uid, const lease_key *k, int64_t n, int64_t now);
/* What can be taken now. */
int64_t leases_left(ledger *l, const lease_key *k, int64_t now);
/* The job is over: what it took stays spent, or goes back. To be followed by leases_forget once the job's record is written. */
plt_status leases_settle(ledger *l, const char *uid, bool spent);
plt_status leases_forget(ledger *l, const char *uid);
/* The job came to be smaller than what it took (it was made grey, or printed both sides): what is beyond n goes back. Before leases_settle. */
plt_status leases_lower(ledger *l, const char *uid, const lease_key *k, int64_t n);
/* The job printed without units of this quota: they are told at the hub. Again: nothing. `ask` as for leases_want, its `want` the units. */
plt_status leases_beyond(ledger *l, const char *uid, const lease_key *k, const plt_lease_ask *ask);
/* For the engine; `known` is false until the hub has answered. */
plt_policy_usage leases_usage(ledger *l, const lease_key *k);

/* The hub asks for a lease back because somebody needs it elsewhere. True: it is closed now, and is to be reported; false: a job under way holds
   units of it, or it is not here. */
bool leases_call_back(ledger *l, const char *id, int64_t now);
/* Was one given back within the last minute? Then nothing is asked for ahead of its time: it would take back what somebody waits for. */
bool leases_called_lately(ledger *l, int64_t now);

/* Something is to be asked; its id is made here. An open question of the same units is made larger. */
plt_status leases_want(ledger *l, const lease_key *k, const plt_lease_ask *ask);
/* When the lease that ends last ends; 0: there is none. */
int64_t leases_until(ledger *l, const lease_key *k, int64_t now);
/* Everything that is to be said: closes what is used up, over, or of people who have not printed here since `idle`; what a job still holds stays. */
plt_status leases_request(ledger *l, int64_t now, int64_t idle, plt_lease_request *out);
/* The hub has taken the request. */
plt_status leases_reply(ledger *l, const plt_lease_request *said, const plt_lease_reply *r, int64_t now);

/* Somebody prints here (by plt_person()). */
plt_status leases_person(ledger *l, const char *person, int64_t now);
/* Those who have printed here since `idle`, the latest first, into the request. */
plt_status leases_people(ledger *l, int64_t idle, plt_lease_request *out);
/* His groups, one a line. False: the hub has not said. */
bool leases_groups(ledger *l, const char *person, char *out, size_t size);

#endif
