/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The part of the store that holds policies (docs/policy-hub.md): sets with their versions, who gets which, prices, accounts that jobs are charged
 * to, groups of agents, and what each agent says is in force. The rules of hub/store.h hold: results, borrowing, threads. A version that was added is
 * never changed. Everything is a tenant's own.
 */
#ifndef PLATEN_HUB_STORE_POLICY_H
#define PLATEN_HUB_STORE_POLICY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/util/buf.h"
#include "core/util/status.h"
#include "hub/cursor.h"

#define HUB_SET_ID 17
#define HUB_GROUP_ID 17
#define HUB_POLICY_NAME 129  /* of a set or a group */
#define HUB_POLICY_WORDS 513 /* a note, a problem */
#define HUB_AUTHOR_SIZE 129

struct hub_store;

typedef struct hub_set {
    char id[HUB_SET_ID], name[HUB_POLICY_NAME], draft_by[HUB_AUTHOR_SIZE];
    int64_t created, draft_at; /* Unix ms */
    int64_t latest;            /* its highest version; 0: none was published */
    int64_t removed;           /* Unix ms; 0: it is not. A removed one is only read any more */
    char removed_by[HUB_AUTHOR_SIZE];
} hub_set;

typedef struct hub_set_version {
    int64_t version, created;
    int64_t from; /* the version that it repeats (a roll-back); 0: none */
    char author[HUB_AUTHOR_SIZE], note[HUB_POLICY_WORDS];
} hub_set_version;

typedef enum hub_scope { HUB_SCOPE_ALL, HUB_SCOPE_PERCENT, HUB_SCOPE_GROUP } hub_scope;

/* One a tenant for all, one for a percentage, one a group. */
typedef struct hub_assignment {
    hub_scope scope;
    char group[HUB_GROUP_ID]; /* of HUB_SCOPE_GROUP, else "" */
    int percent;              /* of HUB_SCOPE_PERCENT: 1 to 99 */
    char set[HUB_SET_ID];
    int64_t version;
    bool shadow;
    char author[HUB_AUTHOR_SIZE];
    int64_t created;
} hub_assignment;

typedef struct hub_group {
    char id[HUB_GROUP_ID], name[HUB_POLICY_NAME];
    int64_t agents;
} hub_group;

/* What a job is charged to. Texts are borrowed. */
typedef struct hub_charge {
    const char *code, *name;
    const char *kind;   /* client, matter, project */
    const char *parent; /* a code, or "" */
    const char *pin;    /* as os_pin_hash() made it, or "" */
} hub_charge;

#define HUB_DAY_SIZE 11 /* YYYY-MM-DD */

/* One saved price list. */
typedef struct hub_price_version {
    int64_t version;          /* from 1, without a gap */
    int64_t created;          /* Unix ms: in force from then on */
    int64_t until;            /* when the next one came; 0: it is in force. Only on the way out of a list */
    int64_t from;             /* the version that it repeats; 0: none */
    char since[HUB_DAY_SIZE]; /* the first day whose prices differ from the version before; "": none does, or it is not known */
    char author[HUB_AUTHOR_SIZE], note[HUB_POLICY_WORDS];
} hub_price_version;

typedef struct hub_policy_report {
    char agent[HUB_AGENT_ID];
    int64_t serial; /* of the bundle in force; 0: none of this hub's */
    char set[HUB_SET_ID];
    int64_t version;
    bool shadow;
    char problem[HUB_POLICY_WORDS]; /* why a later one was refused; "" none was */
    int64_t at;
} hub_policy_report;

typedef struct hub_line_query {
    int64_t tenant_id, from, to;  /* Unix ms */
    int64_t after_time, after_no; /* only what comes behind this line; INT64_MAX: from the start */
    int64_t most;
    bool ruled;
    uint32_t budget_ms;
} hub_line_query;

typedef struct hub_line {               /* borrowed */
    const char *agent, *machine, *text; /* machine: of the agent, "" when it is gone */
    size_t n;
    int64_t seq, time;
    int64_t no; /* tells lines of one time apart */
} hub_line;

/* A past job as a ruling wants it; borrowed. */
typedef struct hub_past_job {
    int64_t time;
    const char *machine, *user, *queue, *port, *document, *language, *paper;
    int64_t bytes, pages, copies, impressions, sheets, color_pages; /* -1: not known */
    const void *facts;
    size_t facts_size; /* 0: it was stored before there were facts, and `line` is its record */
    const char *line;
    size_t n;
} hub_past_job;

typedef struct hub_policy_ops {
    /* The tenant's serial; 0: nothing was ever published. A step makes it greater, and never smaller than the time: a hub whose store was
       restored from a backup still goes forward. */
    plt_status (*serial)(struct hub_store *s, int64_t tenant_id, int64_t *serial);
    plt_status (*serial_step)(struct hub_store *s, int64_t tenant_id, int64_t now, int64_t *serial);

    plt_status (*sets)(struct hub_store *s, int64_t tenant_id, bool (*each)(void *ctx, const hub_set *p), void *ctx);
    /* The set, its draft appended to `draft`. */
    plt_status (*set_get)(struct hub_store *s, int64_t tenant_id, const char *set, hub_set *out, plt_buf *draft);
    /* Makes the set or changes its name and draft; PLT_NOTFOUND: it was removed. */
    plt_status (*draft_put)(struct hub_store *s, int64_t tenant_id, const hub_set *p, const char *draft);
    plt_status (*versions)(struct hub_store *s, int64_t tenant_id, const char *set, bool (*each)(void *ctx, const hub_set_version *v), void *ctx);
    plt_status (*version_text)(struct hub_store *s, int64_t tenant_id, const char *set, int64_t version, plt_buf *text);
    plt_status (*version_add)(struct hub_store *s, int64_t tenant_id, const char *set, const hub_set_version *v, const char *text, int64_t *version);

    /* From now on it is only read; a second time changes nothing. PLT_NOTFOUND: there is no such set. */
    plt_status (*set_remove)(struct hub_store *s, int64_t tenant_id, const char *set, const char *who, int64_t now);

    /* For all first, then the percentage, then groups. */
    plt_status (*assignments)(struct hub_store *s, int64_t tenant_id, bool (*each)(void *ctx, const hub_assignment *a), void *ctx);
    plt_status (*assign)(struct hub_store *s, int64_t tenant_id, const hub_assignment *a);
    plt_status (*unassign)(struct hub_store *s, int64_t tenant_id, hub_scope scope, const char *group);

    plt_status (*groups)(struct hub_store *s, int64_t tenant_id, bool (*each)(void *ctx, const hub_group *g), void *ctx);
    plt_status (*group_put)(struct hub_store *s, int64_t tenant_id, const hub_group *g);
    plt_status (*group_drop)(struct hub_store *s, int64_t tenant_id, const char *group); /* with its members and its assignment */
    plt_status (*group_clear)(struct hub_store *s, int64_t tenant_id, const char *group);
    plt_status (*group_add)(struct hub_store *s, int64_t tenant_id, const char *group, const char *agent);
    /* Agents of a group, or groups of an agent: the other one is NULL. */
    plt_status (*members)(struct hub_store *s, int64_t tenant_id, const char *group, const char *agent, bool (*each)(void *ctx, const char *id),
                          void *ctx);

    plt_status (*charges)(struct hub_store *s, int64_t tenant_id, bool (*each)(void *ctx, const hub_charge *c), void *ctx);
    plt_status (*charge_put)(struct hub_store *s, int64_t tenant_id, const hub_charge *c);
    plt_status (*charge_drop)(struct hub_store *s, int64_t tenant_id, const char *code);

    /* The newest price list; PLT_NOTFOUND: there is none. `v` may be NULL. */
    plt_status (*prices)(struct hub_store *s, int64_t tenant_id, plt_buf *text, hub_price_version *v);
    plt_status (*price_text)(struct hub_store *s, int64_t tenant_id, int64_t version, plt_buf *text);
    /* The newest first, only those below `before`. */
    plt_status (*price_versions)(struct hub_store *s, int64_t tenant_id, int64_t before, int limit,
                                 bool (*each)(void *ctx, const hub_price_version *v), void *ctx);
    /* PLT_EXISTS: there is a version of this number. */
    plt_status (*price_add)(struct hub_store *s, int64_t tenant_id, const hub_price_version *v, const char *text);

    plt_status (*report_put)(struct hub_store *s, int64_t tenant_id, const hub_policy_report *r);
    /* Lines of job records, the newest first, from <= time < to, `most` at the most; `ruled`: only those that say what a policy did. */
    plt_status (*job_lines)(struct hub_store *s, const hub_line_query *q, bool (*each)(void *ctx, const hub_line *l), void *ctx);

    /* The same jobs without their records. */
    plt_status (*past_jobs)(struct hub_store *s, const hub_line_query *q, bool (*each)(void *ctx, const hub_past_job *j), void *ctx);

    plt_status (*reports)(struct hub_store *s, int64_t tenant_id, bool (*each)(void *ctx, const hub_policy_report *r), void *ctx);
} hub_policy_ops;

#endif
