/* SPDX-License-Identifier: Apache-2.0 */
/* The quotas that are in force somewhere in a tenant: those of the versions that are assigned, each once, by the name that accounts go by. */
#ifndef PLATEN_HUB_QUOTA_TERMS_H
#define PLATEN_HUB_QUOTA_TERMS_H

#include "hub/store.h"

typedef struct hub_quota_known {
    char id[PLT_POLICY_ID_SIZE], name[PLT_QUOTA_NAME_SIZE];
    char group[HUB_PEOPLE_GROUP]; /* as the set has it, several joined by commas; "" everybody */
    plt_quota_whose whose;        /* USERS, GROUPS or ACCOUNTS */
    plt_policy_fact unit;
    plt_quota_terms terms; /* its first days are below: hub_quota_terms() */
    int64_t days[64];      /* the most that a set can have */
} hub_quota_known;

typedef struct hub_quota_list {
    hub_quota_known *of; /* owned */
    size_t n, cap;
} hub_quota_list;

/* On failure, too, the list is freed with hub_quota_list_free(). Where two versions have a quota of one name, that of the one for all counts, then
   that of the percentage, then those of groups. */
plt_status hub_quota_list_read(hub_store *s, int64_t tenant_id, hub_quota_list *out);
void hub_quota_list_free(hub_quota_list *l);
/* NULL: none such is in force. Borrowed from the list. */
const hub_quota_known *hub_quota_find(const hub_quota_list *l, const char *name);
/* Borrowed from k. */
plt_quota_terms hub_quota_terms(const hub_quota_known *k);

#endif
