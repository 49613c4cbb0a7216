/* SPDX-License-Identifier: Apache-2.0 */
/* What the tests of alerts share: a tenant with an agent, a webhook and a mail channel, a fake post, and a clock that the test moves. */
#ifndef PLATEN_TESTS_ALERTS_WORLD_H
#define PLATEN_TESTS_ALERTS_WORLD_H

#include "hub_kit.h"

#include "hub/store_alerts.h"

#define MIN INT64_C(60000)
#define HOUR (60 * MIN)
#define HOOK "00000000000000c1"
#define MAIL "00000000000000c2"
#define RULE "00000000000000f1"
#define AGENT "00000000000000aa"
#define COUNT(a) (sizeof(a) / sizeof(a)[0])

typedef struct sent_one {
    char to[256];
    plt_buf body;
    char header[200];
} sent_one;

/* What the fake post answers, and what it was given. */
typedef struct world_sent {
    plt_status result;
    int http, code;
    sent_one sent[64];
    int n;
} world_sent;

extern int64_t world_tenant, world_now;
extern world_sent world_box;

const hub_alert_ops *world_ops(hub_store *s);
void world_begin(hub_store *s);
/* A rule from its JSON, under the one name that rules have here. */
void world_rule(hub_store *s, const char *json);
void world_device(hub_store *s, int64_t *no, const char *name, const char *state, int percent, int64_t total);
/* One pass of everything; how many messages were made. */
int world_pass(hub_store *s);
/* How many alerts there are of a kind of state; the last one of the list. */
int world_alerts(hub_store *s, int which, hub_alert *last);
/* The newest message. */
hub_delivery world_newest(hub_store *s);
/* One round of the post by one hub; how many were sent. */
int world_post(hub_store *s, const char *who);
void world_empty_box(void);

#define STATUS_RULE                                                                                                                                  \
    "{\"name\":\"Stopped\",\"kind\":\"status\",\"when\":{\"states\":[\"stopped\",\"silent\"]},\"hold_minutes\":5,\"clear_minutes\":10,"              \
    "\"window_minutes\":30,\"channels\":[\"" HOOK "\"]}"

#endif
