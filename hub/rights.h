/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Who may do what: rights, the roles that the hub brings along, and what a caller holds. Pure. A role is a set of rights;
 * where they hold (which tenants) is the caller's scope, not its role. docs/rights.md prints these tables.
 */
#ifndef PLATEN_HUB_RIGHTS_H
#define PLATEN_HUB_RIGHTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define HUB_ROLE_SIZE 32

typedef enum hub_right {
    HUB_RIGHT_NONE, /* of a route: whoever is signed in */
    HUB_RIGHT_JOBS, /* jobs, usage, the overview: without names of people and documents */
    HUB_RIGHT_PERSONS,
    HUB_RIGHT_AGENTS,
    HUB_RIGHT_AGENTS_CHANGE,
    HUB_RIGHT_DEVICES,
    HUB_RIGHT_DEVICES_CHANGE,
    HUB_RIGHT_POLICIES,
    HUB_RIGHT_POLICIES_CHANGE,
    HUB_RIGHT_ACCOUNTS, /* what jobs are charged to */
    HUB_RIGHT_ACCOUNTS_CHANGE,
    HUB_RIGHT_BILLING, /* meter reads, receipts, costs */
    HUB_RIGHT_USERS,   /* who signs in, with which role and token */
    HUB_RIGHT_TENANTS,
    HUB_RIGHT_AUDIT,
    HUB_RIGHT_ERASE,       /* a person's data */
    HUB_RIGHT_ALERTS,      /* alerts, their rules and what was sent */
    HUB_RIGHT_ALERTS_TAKE, /* acknowledge */
    HUB_RIGHT_ALERTS_CHANGE,
    HUB_RIGHT_SCHEDULES,    /* reports that go out by mail by themselves */
    HUB_RIGHT_JOBS_RELEASE, /* let a held job print, or cancel it */
    HUB_RIGHT_COUNT,
} hub_right;

typedef uint32_t hub_rights; /* bit of each right */
#define HUB_RIGHTS_ALL (((hub_rights)1 << HUB_RIGHT_COUNT) - 2)

static inline bool hub_holds(hub_rights rights, hub_right r)
{
    return r == HUB_RIGHT_NONE || ((rights >> r) & 1) != 0;
}

/* "jobs", "agents.change"; NULL beyond the last. */
const char *hub_right_name(hub_right r);
bool hub_right_find(const char *name, hub_right *out);

/* What a print name gives of one person's jobs: whoever ties one to an account, or manages an account that has one, holds as much of everybody's. */
#define HUB_RIGHTS_OF_A_NAME (((hub_rights)1 << HUB_RIGHT_JOBS) | ((hub_rights)1 << HUB_RIGHT_PERSONS) | ((hub_rights)1 << HUB_RIGHT_JOBS_RELEASE))

typedef struct hub_role {
    const char *name;
    hub_rights rights;
} hub_role;

/* The roles that the hub brings along; they cannot be changed. */
const hub_role *hub_roles(size_t *n);
/* NULL: none of them. */
const hub_role *hub_role_find(const char *name);

#endif
