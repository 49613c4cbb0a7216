/* SPDX-License-Identifier: Apache-2.0 */
/* Who is in which group of people (hub/store_quota.h), for reports: a person is a tenant's, and may be in several of its groups. */
#ifndef PLATEN_HUB_REPORT_PEOPLE_H
#define PLATEN_HUB_REPORT_PEOPLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "hub/store.h"

typedef struct hub_member {
    int64_t tenant_id;
    const char *person; /* by plt_person(); owned by the list */
    size_t group;       /* of the list's groups */
    bool counted;       /* a filler's own: it was there already */
} hub_member;

typedef struct hub_member_group {
    int64_t tenant_id;
    const char *name, *tenant; /* owned by the list */
} hub_member_group;

typedef struct hub_members {
    hub_member *of; /* owned; by tenant and person */
    size_t n, cap;
    hub_member_group *group; /* owned; by tenant and name */
    size_t groups, group_cap;
    char **text; /* owned, and each of them */
    size_t texts, text_cap;
    plt_status status;
} hub_members;

/* Those of the scope, or of one group of the tenant `scope`. Freed in any case. */
plt_status hub_members_load(hub_members *m, hub_store *s, int64_t scope, const char *group);
void hub_members_free(hub_members *m);

/* The first of the entries that a row of usage (query.apart) belongs to, and how many; 0: a person of no group. */
hub_member *hub_members_find(const hub_members *m, const hub_usage *u, size_t *n);

#endif
