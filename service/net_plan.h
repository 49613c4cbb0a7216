/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Whom a round of the network asks, and with what: from the hub's collection or this machine's settings, whichever holds. Holds secrets: free it with
 * net_plan_free, which wipes it.
 */
#ifndef PLATEN_SERVICE_NET_PLAN_H
#define PLATEN_SERVICE_NET_PLAN_H

#include "core/collect/collection.h"
#include "service/device_settings.h"
#include "service/readings.h"
#include "worker/collect_frames.h"

typedef struct net_plan {
    plt_address *addresses; /* owned, as the next: sorted, each once */
    uint8_t *lists;         /* of each, by which of `ways` it is asked */
    size_t count;
    bool full;     /* no memory, or too many */
    bool complete; /* every range could be read: a known printer that is in none is not ours any more */
    plt_snmp_accounts accounts;
    plt_collect_ways ways[PLT_WAY_LISTS_MOST];
    size_t way_count;                                          /* 0: all accounts for all */
    plt_credential_result results[PLT_COLLECTION_CREDENTIALS]; /* of the hub's credentials, for the round to count */
    size_t result_count;
    uint8_t of_community[PLT_COMMUNITIES_MOST], of_user[PLT_USERS_MOST]; /* the credential that it is */
    char words[512];                                                     /* what is wrong; "" nothing */
} net_plan;

/* Names are looked up, which may take seconds. Known printers that no range has any more are told to r as left. What is wrong with a range is added
 * to s->words. */
void net_plan_make(net_plan *p, const char *data_dir, device_settings *s, readings *r, bool discovery);
/* The credential that a result is of; NULL: it is none of the hub's. */
plt_credential_result *net_plan_credential(net_plan *p, const plt_collect_result *r);
void net_plan_free(net_plan *p);

#endif
