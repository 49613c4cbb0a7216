/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The part of the store that holds alerts (docs/alerts.md): rules, channels, the hub's mail server, alerts and the messages that are to go out. The
 * rules of hub/store.h hold: results, borrowing, threads. `scope`: HUB_OPERATOR is everything, else a tenant and what is under it.
 */
#ifndef PLATEN_HUB_STORE_ALERTS_H
#define PLATEN_HUB_STORE_ALERTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/util/buf.h"
#include "hub/alert_rule.h"
#include "hub/cursor.h"
#include "hub/store_devices.h"

#define HUB_TARGETS_MAX 20   /* mail addresses of a channel */
#define HUB_TARGET_SIZE 1024 /* a URL */
#define HUB_DELIVERY_KEY 64
#define HUB_REASON_SIZE 400
#define HUB_LEASE_MS INT64_C(120000) /* longer than any delivery takes */

typedef struct hub_rule_row {
    int64_t tenant_id;
    char tenant[HUB_TENANT_SIZE];
    char id[HUB_ALERT_ID], author[HUB_AUTHOR_SIZE];
    int64_t changed;
    hub_alert_rule rule;
    hub_gate gate;
    int64_t number; /* of the last message */
    int64_t open;   /* its alerts that are; only on the way out */
} hub_rule_row;

typedef enum hub_channel_kind { HUB_CHANNEL_MAIL, HUB_CHANNEL_WEBHOOK } hub_channel_kind;

typedef struct hub_channel {
    int64_t tenant_id;
    char tenant[HUB_TENANT_SIZE];
    char id[HUB_ALERT_ID], name[HUB_ALERT_NAME];
    hub_channel_kind kind;
    bool enabled;
    char language[3];
    char target[4096];  /* addresses, a comma between two; or a URL */
    char ca[8192];      /* PEM that the receiver's certificate must end in; "": the system's */
    int64_t generation; /* of the webhook's secret */
} hub_channel;

typedef struct hub_mail_settings {
    char host[256];
    int64_t port;
    bool tls; /* from the first octet (SMTPS); else STARTTLS, which is required */
    char user[256];
    uint8_t secret[512]; /* the password, sealed (hub/seal.h) */
    size_t secret_n;
    char sender[256];
    char ca[8192];
} hub_mail_settings;

/* Texts: what a person reads; the subject is what tells alerts of one rule apart. */
typedef struct hub_alert {
    int64_t no; /* 0: not stored yet */
    int64_t tenant_id;
    char tenant[HUB_TENANT_SIZE]; /* only on the way out */
    char rule[HUB_ALERT_ID], rule_name[HUB_ALERT_NAME];
    hub_alert_kind kind;
    char subject[64], label[256], place[160], agent[HUB_AGENT_ID];
    int64_t device, value;
    char detail[640]; /* a JSON object: the evidence */
    hub_look look;
    hub_alert_state state;
    int64_t opened, closed; /* Unix ms; 0: not */
    int64_t acked;
    char acked_by[HUB_NAME_SIZE], note[256];
    int64_t told; /* HUB_TOLD_... */
} hub_alert;

enum { HUB_TOLD_NOTHING, HUB_TOLD_OPEN, HUB_TOLD_OVER };

typedef struct hub_alert_query {
    int64_t scope;
    enum { HUB_ALERTS_OPEN, HUB_ALERTS_CLOSED } which;
    int kind;         /* -1: any */
    const char *rule; /* NULL: any */
    int64_t before;   /* only numbers below it; 0: from the newest */
    int limit;
} hub_alert_query;

typedef enum hub_delivery_state { HUB_DELIVERY_WAITS, HUB_DELIVERY_SENT, HUB_DELIVERY_GIVEN_UP } hub_delivery_state;

typedef struct hub_delivery {
    int64_t no, tenant_id;
    char rule[HUB_ALERT_ID], channel[HUB_ALERT_ID]; /* rule "": a test message */
    char key[HUB_DELIVERY_KEY];
    char target[HUB_TARGET_SIZE];
    int64_t created, due, attempts, finished;
    hub_delivery_state state;
    char reason[HUB_REASON_SIZE]; /* of the last failure */
} hub_delivery;

/* A device as the rules look at it. */
typedef struct hub_watch_query {
    int64_t scope, device;    /* device 0: any */
    const char *group;        /* of agents; "": any */
    const char *device_group; /* "": any */
    int64_t since;            /* last seen from then on, and those that no longer answer: nothing was seen of them; 0: any */
    int64_t after;            /* numbers above it */
    int limit;
} hub_watch_query;

typedef struct hub_agent_watch {
    int64_t tenant_id, last_seen, enrolled, certificate_expires;
    const char *id, *machine, *problem; /* problem: with its policies */
} hub_agent_watch;

typedef struct hub_alert_ops {
    /* ---- rules ---- */
    plt_status (*rules)(hub_store *s, int64_t scope, bool (*each)(void *ctx, const hub_rule_row *r), void *ctx);
    plt_status (*rule_get)(hub_store *s, int64_t scope, const char *id, hub_rule_row *out);
    plt_status (*rule_put)(hub_store *s, const hub_rule_row *r); /* the gate stays as it is */
    plt_status (*rule_drop)(hub_store *s, const char *id);
    plt_status (*gate_put)(hub_store *s, const char *id, const hub_gate *g, int64_t number);

    /* ---- alerts ---- */
    /* Those of a rule that are not closed, pending ones too. */
    plt_status (*live)(hub_store *s, const char *rule, bool (*each)(void *ctx, const hub_alert *a), void *ctx);
    plt_status (*live_find)(hub_store *s, const char *rule, const char *subject, hub_alert *out);
    /* When the last one of this subject closed, and its flaps; PLT_NOTFOUND. */
    plt_status (*last_closed)(hub_store *s, const char *rule, const char *subject, int64_t *closed, int32_t *flaps);
    plt_status (*alert_put)(hub_store *s, const hub_alert *a);
    plt_status (*alert_drop)(hub_store *s, int64_t no);
    /* Those that time alone changes, due by now; at most max. */
    plt_status (*due)(hub_store *s, int64_t now, int max, bool (*each)(void *ctx, const hub_alert *a), void *ctx);
    /* Open ones that nobody was told of and nobody took, and closed ones that were told as open; at most max. */
    plt_status (*to_tell)(hub_store *s, const char *rule, int max, bool (*each)(void *ctx, const hub_alert *a), void *ctx);
    plt_status (*told)(hub_store *s, int64_t no, int64_t told);
    /* The newest first. */
    plt_status (*alerts)(hub_store *s, const hub_alert_query *q, bool (*each)(void *ctx, const hub_alert *a), void *ctx);
    plt_status (*acknowledge)(hub_store *s, int64_t scope, int64_t no, const char *who, const char *note, int64_t now);
    /* All live alerts of a rule end, untold. */
    plt_status (*close_all)(hub_store *s, const char *rule, int64_t now);
    plt_status (*sums)(hub_store *s, int64_t scope, int64_t *open, int64_t *unseen);
    /* What closed or finished before goes, at most max of each. */
    plt_status (*forget)(hub_store *s, int64_t alerts_before, int64_t deliveries_before, int max);

    /* ---- channels ---- */
    plt_status (*channels)(hub_store *s, int64_t scope, bool (*each)(void *ctx, const hub_channel *c), void *ctx);
    plt_status (*channel_get)(hub_store *s, int64_t scope, const char *id, hub_channel *out);
    plt_status (*channel_put)(hub_store *s, const hub_channel *c);
    plt_status (*channel_drop)(hub_store *s, const char *id);
    plt_status (*mail_get)(hub_store *s, hub_mail_settings *out); /* PLT_NOTFOUND: none */
    plt_status (*mail_put)(hub_store *s, const hub_mail_settings *m);
    plt_status (*mail_drop)(hub_store *s);

    /* ---- messages ---- */
    /* PLT_OK also when one of this key is there already: it is not added twice. */
    plt_status (*delivery_add)(hub_store *s, const hub_delivery *d, const char *body);
    plt_status (*deliveries_due)(hub_store *s, int64_t now, int max, bool (*each)(void *ctx, const hub_delivery *d), void *ctx);
    /* Takes it for HUB_LEASE_MS, counts the attempt and appends the body; PLT_BUSY when another one has it or it is done. */
    plt_status (*delivery_claim)(hub_store *s, int64_t no, const char *who, int64_t now, plt_buf *body);
    /* Ends the attempt of who claimed it; PLT_NOTFOUND when the lease is another's by now. */
    plt_status (*delivery_end)(hub_store *s, const hub_delivery *d, const char *who);
    plt_status (*deliveries)(hub_store *s, int64_t scope, int max, bool (*each)(void *ctx, const hub_delivery *d), void *ctx);

    /* ---- what is watched ---- */
    plt_status (*devices)(hub_store *s, const hub_watch_query *q, bool (*each)(void *ctx, const hub_device_row *d), void *ctx);
    plt_status (*agents)(hub_store *s, int64_t scope, const char *group, bool (*each)(void *ctx, const hub_agent_watch *a), void *ctx);
    /* When the device's meter last changed; 0: it has no point. */
    plt_status (*meter_moved)(hub_store *s, int64_t tenant_id, int64_t device, uint32_t meter, int64_t *at);
    /* The newest event of a kind since; 0: none. */
    plt_status (*event_since)(hub_store *s, int64_t device, const char *kind, int64_t since, int64_t *at);
} hub_alert_ops;

extern const hub_alert_ops hub_alert_store;

#endif
