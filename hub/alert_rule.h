/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A rule of alerts: what it looks at, when that is an alert, whom it tells. Read from the JSON of docs/api.md and written back in one form, which the
 * store keeps. Pure.
 */
#ifndef PLATEN_HUB_ALERT_RULE_H
#define PLATEN_HUB_ALERT_RULE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cjson/cJSON.h>

#include "core/util/buf.h"
#include "hub/alert_state.h"

#define HUB_ALERT_ID 17
#define HUB_ALERT_NAME 129
#define HUB_ALERT_CHANNELS 8
#define HUB_ALERT_STATES 7

typedef enum hub_alert_kind {
    HUB_ALERT_STATUS,
    HUB_ALERT_SUPPLY,
    HUB_ALERT_METER,
    HUB_ALERT_AGENT,
    HUB_ALERT_POLICY,
    HUB_ALERT_KINDS
} hub_alert_kind;
typedef enum hub_meter_what { HUB_METER_TARGET, HUB_METER_STUCK, HUB_METER_RESET, HUB_METER_WHATS } hub_meter_what;

typedef struct hub_alert_rule {
    char name[HUB_ALERT_NAME];
    hub_alert_kind kind;
    bool enabled, tell_closed;
    /* Scope, within the tenant: 0 and "" everything. */
    int64_t device;
    char group[HUB_ALERT_ID];        /* of agents: what they read, or they themselves */
    char device_group[HUB_ALERT_ID]; /* of devices */
    char queue[HUB_ALERT_NAME];
    /* When. */
    unsigned states;       /* status: bit of hub_alert_state_word */
    int64_t on, off;       /* supply: percent; meter: the target; policy: jobs in the window */
    int64_t days;          /* supply: fewer left (0: not asked); stuck: so many without a page */
    int64_t hours;         /* agent */
    int64_t count_minutes; /* policy: the window that is counted */
    bool notify;           /* policy: only jobs of which a rule wants somebody told, by that rule */
    hub_meter_what what;
    hub_hold hold;
    /* Whom. */
    hub_gate_terms gate;
    char zone[64];
    char channels[HUB_ALERT_CHANNELS][HUB_ALERT_ID];
    size_t channel_count;
} hub_alert_rule;

const char *hub_alert_kind_word(hub_alert_kind k);
const char *hub_alert_state_word(int i); /* i < HUB_ALERT_STATES */
const char *hub_meter_word(hub_meter_what w);

/* NULL, or what is wrong, for a person. */
const char *hub_alert_rule_read(const cJSON *o, hub_alert_rule *out);
/* From what hub_alert_rule_write wrote; false when it is none. */
bool hub_alert_rule_parse(const char *text, size_t n, hub_alert_rule *out);
/* Members of an object that has begun. */
void hub_alert_rule_write(const hub_alert_rule *r, plt_buf *b);

#endif
