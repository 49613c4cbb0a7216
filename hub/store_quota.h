/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The part of the store that holds quotas' accounts, leases of agents, and which people are in which group (docs/policy-hub.md, "Leases"). The rules
 * of hub/store.h hold. Accounts and leases are changed only inside a transaction of the writer, of which there is one at a time on a database,
 * however many hubs use it: so no two grants see the same units.
 */
#ifndef PLATEN_HUB_STORE_QUOTA_H
#define PLATEN_HUB_STORE_QUOTA_H

#include "core/policy/lease.h"
#include "hub/cursor.h"

#define HUB_PEOPLE_GROUP 257 /* a group's name as policies write it: ACME\Marketing */

struct hub_store;

/* Whose account: the quota by plt_quota_name(), and a person, an account's code, or "" for a group's. */
typedef struct hub_quota_key {
    char quota[PLT_QUOTA_NAME_SIZE], owner[PLT_LEASE_OWNER];
} hub_quota_key;

typedef struct hub_lease {
    char agent[HUB_AGENT_ID], id[PLT_LEASE_ID];
    hub_quota_key key;
    plt_quota_row row;
} hub_lease;

typedef struct hub_quota_ops {
    /* PLT_NOTFOUND: nobody has used it yet. */
    plt_status (*account)(struct hub_store *s, int64_t tenant_id, const hub_quota_key *k, plt_quota_account *out);
    plt_status (*account_put)(struct hub_store *s, int64_t tenant_id, const hub_quota_key *k, const plt_quota_account *a);
    plt_status (*accounts)(struct hub_store *s, int64_t tenant_id, bool (*each)(void *ctx, const hub_quota_key *k, const plt_quota_account *a),
                           void *ctx);
    plt_status (*lease)(struct hub_store *s, int64_t tenant_id, const char *agent, const char *id, hub_lease *out);
    plt_status (*lease_put)(struct hub_store *s, int64_t tenant_id, const hub_lease *l);
    /* Units of the account's period that the agent has out. */
    plt_status (*lease_out)(struct hub_store *s, int64_t tenant_id, const char *agent, const hub_quota_key *k, int64_t period, int64_t *units);
    /* Leases of the account's period that others have out, those that end last first: those were given last. */
    plt_status (*lease_others)(struct hub_store *s, int64_t tenant_id, const char *agent, const hub_quota_key *k, int64_t period,
                               bool (*each)(void *ctx, const char *agent, const char *id), void *ctx);
    /* Settled leases that ended before that time (Unix seconds) go. */
    plt_status (*lease_purge)(struct hub_store *s, int64_t before);

    /* The groups of a person (by plt_person()); the groups there are, with how many people; the people of one. */
    plt_status (*groups_of)(struct hub_store *s, int64_t tenant_id, const char *person, bool (*each)(void *ctx, const char *group), void *ctx);
    plt_status (*groups)(struct hub_store *s, int64_t tenant_id, bool (*each)(void *ctx, const char *group, int64_t people), void *ctx);
    plt_status (*people_of)(struct hub_store *s, int64_t tenant_id, const char *group, bool (*each)(void *ctx, const char *person), void *ctx);
    /* Who is in which group of the scope's tenants, by tenant and group; of one group of the tenant `scope` where it is named. */
    plt_status (*members)(struct hub_store *s, int64_t scope, const char *group,
                          bool (*each)(void *ctx, int64_t tenant_id, const char *tenant, const char *group, const char *person), void *ctx);
    plt_status (*group_clear)(struct hub_store *s, int64_t tenant_id, const char *group);
    plt_status (*group_add)(struct hub_store *s, int64_t tenant_id, const char *group, const char *person);
} hub_quota_ops;

#endif
