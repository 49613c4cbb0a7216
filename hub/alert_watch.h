/* SPDX-License-Identifier: Apache-2.0 */
/*
 * From facts to alerts to messages that wait: the three passes of the alerts thread, each in bounded transactions of its own, with the caller's
 * clock. What a pass reads, it reads without a transaction; only what changes is read again and written inside one, so that two hubs on a store may
 * run the same pass at once and write it once. It must never send anything, nor read further back than a rule's own window.
 */
#ifndef PLATEN_HUB_ALERT_WATCH_H
#define PLATEN_HUB_ALERT_WATCH_H

#include "hub/store_alerts.h"

typedef enum hub_span {
    HUB_SPAN_NEWS,   /* devices that were seen since */
    HUB_SPAN_MINUTE, /* agents and policies */
    HUB_SPAN_ALL,    /* everything */
} hub_span;

/* Looks at what rules are about. But for HUB_SPAN_NEWS, whatever a rule has an alert of and did not find counts as over. */
plt_status hub_alerts_look(hub_store *s, hub_span span, int64_t since, int64_t now);
/* Turns what time alone turns. */
plt_status hub_alerts_tick(hub_store *s, int64_t now);
/* Makes the messages of rules whose gate is open. *made: how many deliveries. */
plt_status hub_alerts_speak(hub_store *s, int64_t now, int64_t *made);

/* ---- what the files of this room share ---- */

typedef struct hub_watch {
    hub_store *s;
    const hub_rule_row *rule;
    int64_t now;
    hub_alert *live; /* the rule's, by subject */
    bool *met;
    size_t live_n, live_room;
    hub_alert *turned; /* what is to be written */
    size_t turned_n;
    plt_status status;
} hub_watch;

/* Takes a sight; writes when enough has come together. */
void hub_watch_take(hub_watch *w, const hub_alert *seen);
/* alert_facts.c: gives every subject of the rule to hub_watch_take. */
void hub_watch_facts(hub_watch *w, int64_t since);

#endif
