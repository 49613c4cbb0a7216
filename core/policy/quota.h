/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The arithmetic of quotas (docs/policy.md, "Quotas"). The hub keeps one account for each quota and person, group or account; agents spend from
 * leases, so that a PC without the hub spends only what it was given and two PCs never the same unit. Pure: who stores an account or a lease, and
 * writes it before the job prints, is the caller's. For every order of calls, what all leases of a period spend is at most
 * limit + rolled + overdraft + grace. Times are Unix seconds, days are those of PLT_P_DATE.
 */
#ifndef PLATEN_CORE_POLICY_QUOTA_H
#define PLATEN_CORE_POLICY_QUOTA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/policy/policy.h"

#define PLT_QUOTA_MOST 1000000000000000 /* of any amount; what is beyond counts as this */

typedef enum plt_quota_per { PLT_PER_DAY, PLT_PER_WEEK, PLT_PER_MONTH, PLT_PER_TERM } plt_quota_per;

typedef struct plt_quota_terms {
    plt_quota_per per;
    int64_t limit;
    int64_t overdraft; /* always allowed beyond the limit; paid back from the next period */
    int64_t grace;     /* one job that begins below limit + overdraft may go so far beyond; paid back too */
    int64_t rollover;  /* at most so much of what is left goes into the next period */
    const int64_t *terms;
    size_t term_count; /* PLT_PER_TERM: the first days, in order */
} plt_quota_terms;

/* What a set says of its quota. */
bool plt_quota_of(const plt_policy *p, size_t quota, plt_quota_terms *out);

/* The fact that the quota counts: PLT_P_IMPRESSIONS, PLT_P_COLOR_IMPRESSIONS, PLT_P_SHEETS or PLT_P_COST; PLT_P_QUOTA past the last. */
plt_policy_fact plt_quota_unit(const plt_policy *p, size_t quota);
/* Does everybody have it for himself? Else it is a group's or an account's, or only a group's members have it. */
bool plt_quota_of_each_user(const plt_policy *p, size_t quota);

/* Whose units a job takes of a quota, by what is known of its user's groups (PLT_P_GROUP). */
typedef enum plt_quota_whose {
    PLT_QUOTA_NOBODYS, /* the user is none of those who have it */
    PLT_QUOTA_USERS,   /* his own */
    PLT_QUOTA_GROUPS,  /* one account for all members of the group */
    PLT_QUOTA_ACCOUNTS,
    PLT_QUOTA_UNKNOWN, /* his groups are not known */
} plt_quota_whose;
plt_quota_whose plt_quota_who(const plt_policy *p, size_t quota, const plt_policy_job *job);
/* Whose units the quota counts, whoever has it: USERS, GROUPS or ACCOUNTS; NOBODYS past the last. */
plt_quota_whose plt_quota_kind(const plt_policy *p, size_t quota);
/* The name under which the hub keeps a quota's accounts: a quota that changes its period or unit begins anew. */
#define PLT_QUOTA_NAME_SIZE (PLT_POLICY_ID_SIZE + 24)
bool plt_quota_name(const plt_policy *p, size_t quota, char out[PLT_QUOTA_NAME_SIZE]);
/* A user as quotas and groups know him on every PC: without the domain, ASCII letters small. False: the name is empty or too long. */
#define PLT_PERSON_SIZE 257
bool plt_person(const char *user, char out[PLT_PERSON_SIZE]);

/* The number of the period that a day is in; consecutive periods have consecutive numbers. Days before the first term are in period -1. */
int64_t plt_quota_period(const plt_quota_terms *q, int64_t day);

/* ---- The hub's side ---- */

typedef struct plt_quota_account {
    int64_t period;
    int64_t rolled; /* from the period before; below 0: its overdraft */
    int64_t spent;  /* reported in this period */
    int64_t leased; /* out with agents, not reported yet */
} plt_quota_account;

/* One lease as the hub keeps it: who has it is the caller's business. */
typedef struct plt_quota_row {
    int64_t period, units, until;
    int64_t spent; /* once settled or written off */
    uint8_t state; /* plt_quota_state */
} plt_quota_row;

typedef enum plt_quota_state { PLT_LEASE_OUT, PLT_LEASE_WRITTEN_OFF, PLT_LEASE_SETTLED } plt_quota_state;

void plt_quota_open(plt_quota_account *a, const plt_quota_terms *q, int64_t day);
/* Goes to the period of `day` if that is later. What is out counts as spent until it is settled. */
void plt_quota_turn(plt_quota_account *a, const plt_quota_terms *q, int64_t day);
/* What is left, overdraft included, grace not; below 0 after a grace or when the limit was lowered. */
int64_t plt_quota_left(const plt_quota_account *a, const plt_quota_terms *q);
/* For the engine: over_quota and quota_percent. */
plt_policy_usage plt_quota_usage(const plt_quota_account *a, const plt_quota_terms *q);
/* An administrator adds units to this period, or takes some away (below 0): they count like those that rolled over. */
void plt_quota_give(plt_quota_account *a, int64_t units);
/* The period begins anew: what was reported and what was overdrawn before is forgotten. What is out with agents stays out, for it may be spent. */
void plt_quota_reset(plt_quota_account *a);
/* The first day of the next period; INT64_MAX: there is none, the last term goes on. */
int64_t plt_quota_next(const plt_quota_terms *q, int64_t day);
/* Gives out at most `want` units until a time; the lease. `job`: so many of them are for one job that begins now, for which the grace counts. 0
 * units: nothing is left. */
plt_quota_row plt_quota_grant(plt_quota_account *a, const plt_quota_terms *q, int64_t want, int64_t job, int64_t until);
/* An agent reports: closes the lease. Again, or for more than the lease: nothing happens twice, and no more than the lease counts. False: it had been
 * settled. */
bool plt_quota_settle(plt_quota_account *a, const plt_quota_terms *q, plt_quota_row *row, int64_t spent);
/* An agent is gone for good: all of its lease counts as spent. It may still settle. */
void plt_quota_write_off(plt_quota_account *a, plt_quota_row *row);

/* ---- The agent's side ---- */

typedef struct plt_lease {
    int64_t units, spent, until;
    bool closed; /* given back: nothing more is spent from it */
} plt_lease;

typedef enum plt_spend {
    PLT_SPEND_OK,
    PLT_SPEND_SHORT,   /* not enough is left of the lease: ask the hub */
    PLT_SPEND_EXPIRED, /* ask the hub */
} plt_spend;

/* Takes n units, all or none. The lease must be written to disk before the job prints. `high` is the latest time that was ever seen, kept by the
   caller across restarts; a clock that was set back is overruled by it, and `back` tells by how many seconds (NULL: never mind). */
plt_spend plt_lease_spend(plt_lease *l, int64_t n, int64_t now, int64_t *high, int64_t *back);
/* A job that took n units did not print. */
void plt_lease_refund(plt_lease *l, int64_t n);
/* Closes the lease; what is to be reported. The same again. */
int64_t plt_lease_close(plt_lease *l);

/* Of several quotas that all count for one job, the one with the least left after it; SIZE_MAX when none is known. `amount[i]` is what the job takes
 * of quota i, below 0: unknown. */
size_t plt_quota_strictest(const plt_policy_usage *usage, const int64_t *amount, size_t n);

#endif
