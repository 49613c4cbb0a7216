/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The agent's side of the hub: enrolment, renewal and the three calls of docs/protocol.md section 3. Each call gives a state for people
 * in words: what happened, to which hub, what to do.
 */
#ifndef PLATEN_SERVICE_HUBLINK_H
#define PLATEN_SERVICE_HUBLINK_H

#include <stdbool.h>
#include <stdint.h>

#include "core/collect/collection.h"
#include "core/policy/lease.h"
#include "core/record/held.h"
#include "core/record/order.h"
#include "core/record/wire.h"
#include "core/util/status.h"

#define HUBLINK_WORDS 512

typedef struct hublink hublink;

/* What a call came to. */
typedef enum hublink_result {
    HUBLINK_OK,
    HUBLINK_AGAIN,   /* not now: network, hub busy or away; try again later */
    HUBLINK_GAP,     /* send from durable + 1 */
    HUBLINK_SPLIT,   /* too large: send half */
    HUBLINK_REFUSED, /* a person must do something; trying again soon is no use */
} hublink_result;

typedef struct hublink_answer {
    hublink_result result;
    plt_durable durable;
    char words[HUBLINK_WORDS];
} hublink_answer;

/* Is this machine enrolled? */
bool hublink_enrolled(const char *data_dir);
/*
 * Enrols with the key at the hub: makes the key pair, asks for the certificate, keeps both under data_dir. The hub must prove the key's CA
 * fingerprint before anything is said.
 */
hublink_answer hublink_enrol(const char *data_dir, const char *hub, const char *key);

/* Loads what enrolment kept. PLT_NOTFOUND: not enrolled. `words` says what is wrong with it otherwise. Calls end early once cancelled(ctx). */
plt_status hublink_open(hublink **l, const char *data_dir, bool (*cancelled)(void *ctx), void *ctx, char words[HUBLINK_WORDS]);
void hublink_close(hublink *l);
const char *hublink_hub(const hublink *l);
const char *hublink_agent(const hublink *l);
/* Unix ms at which the certificate should be renewed. */
int64_t hublink_renew_at(const hublink *l);

/* A new certificate; on success the link must be opened anew. */
hublink_answer hublink_renew(hublink *l, const char *data_dir);
hublink_answer hublink_durable(hublink *l);

/* The CA certificate that enrolment pinned, PEM, appended to out. */
plt_status hublink_ca(const char *data_dir, plt_buf *out);
/* The signed policy, appended to out, unless its serial is `known`. *status: 200 here it is, 304 known, 204 there is none; 404 is such a hub, too. */
hublink_answer hublink_policy(hublink *l, int64_t known, plt_buf *out, int *status);
/* What is in force here. */
hublink_answer hublink_policy_report(hublink *l, const plt_policy_report *r);
/* Leases and people's groups; the reply is freed with plt_lease_reply_free. HUBLINK_REFUSED with *old: the hub is from before leases. */
hublink_answer hublink_leases(hublink *l, const plt_lease_request *said, plt_lease_reply *out, bool *old);
/* What this agent is asked to read now; none at a hub from before such orders. */
hublink_answer hublink_orders(hublink *l, plt_order list[PLT_ORDER_KINDS], size_t *count);
/* What the hub sets for reading the network, unless its serial is `known`: secrets, appended to out. *status as of hublink_policy. */
hublink_answer hublink_collection(hublink *l, int64_t known, plt_buf *out, int *status);
/* What is in force here. */
hublink_answer hublink_collection_said(hublink *l, const plt_collection_report *r);
/* What became of one. */
hublink_answer hublink_order_said(hublink *l, const plt_order *o);
/* Orders on held jobs, and the list that the hub has. *old: a hub from before held jobs were told, and then there are none. */
hublink_answer hublink_held_orders(hublink *l, plt_held_orders *out, bool *old);
/* The list of them. *taken: the hub holds this one now; else *seq is the number of the one it holds. */
hublink_answer hublink_held(hublink *l, const plt_held_list *list, int64_t *seq, bool *taken);
/* Listens for events until either side ends it or nothing came for silent_ms. on_data says false to end. */
hublink_answer hublink_live(hublink *l, uint32_t silent_ms, bool (*on_data)(void *ctx, const char *data, size_t n), void *ctx);

/* Lines of records, each with its newline; sent compressed. */
hublink_answer hublink_records(hublink *l, const void *lines, size_t n);

#endif
