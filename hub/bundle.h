/* SPDX-License-Identifier: Apache-2.0 */
/* Which policy an agent gets, and the signed piece that brings it (docs/policy-hub.md, "Who gets which"). */
#ifndef PLATEN_HUB_BUNDLE_H
#define PLATEN_HUB_BUNDLE_H

#include "hub/signer.h"
#include "hub/store.h"

#define HUB_GROUPS_OF_AGENT 64
#define HUB_SHARES 10000

/* The groups that an agent is in. */
typedef struct hub_groups_of {
    char id[HUB_GROUPS_OF_AGENT][HUB_GROUP_ID];
    size_t n;
} hub_groups_of;

/* Where the agent stands among HUB_SHARES equal shares, by its name alone: who gets a set at 10 % keeps it at 50 %. */
unsigned hub_agent_share(const char *agent);
bool hub_assignment_covers(const hub_assignment *a, const char *agent, const hub_groups_of *groups);
/* Does `a` go before `b`, both covering the agent? A group's goes before the percentage's, that before the one for all; of two groups the later made.
 */
bool hub_assignment_first(const hub_assignment *a, const hub_assignment *b);

/* The assignment that counts for an agent. PLT_NOTFOUND: none does. */
plt_status hub_assignment_of(hub_store *s, int64_t tenant_id, const char *agent, hub_assignment *out);

/* The agent's bundle, signed, appended to out. *serial 0 and nothing appended: the tenant never published anything. */
plt_status hub_bundle_make(hub_store *s, hub_signer *k, int64_t tenant_id, const char *agent, int64_t now, plt_buf *out, int64_t *serial);

/* The accounts' document: {"v":1,"accounts":[{"code","name","kind","parent","pin"}]}, appended to out. */
plt_status hub_charges_text(hub_store *s, int64_t tenant_id, plt_buf *out);

#endif
