/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The seam to the hub's store. What it asks of a database is written once, against the SQL layer (hub/db.h), whose engine is
 * SQLite or PostgreSQL.
 *
 * A hub_store is one connection: one thread at a time uses it, and each thread opens its own. Every call may block: on
 * the disk, and up to ten seconds on another connection's transaction; the event loop calls none. Strings and
 * rows that go in are borrowed for the call; rows that come out through a function are borrowed until it returns.
 * Results: PLT_OK, PLT_NOTFOUND, PLT_EXISTS, PLT_BUSY (try again), PLT_FULL (disk), PLT_BAD (the store is damaged),
 * PLT_TIMEOUT (a query took longer than its budget), PLT_NOMEM, PLT_DENIED, PLT_IO; `problem` has the words.
 *
 * Tenants lead every key of what agents bring (agents, certificates, records, jobs, usage), so that a sharded store
 * splits by tenant. Tenants, enrolment keys, accounts and sessions are the hub's own small directory.
 */
#ifndef PLATEN_HUB_STORE_H
#define PLATEN_HUB_STORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/util/buf.h"
#include "core/util/status.h"
#include "hub/cursor.h"
#include "hub/rights.h"
#include "hub/store_policy.h"
#include "hub/store_quota.h"

#define HUB_TENANT_MAX 64   /* characters; X.509's bound for O= */
#define HUB_TENANT_SIZE 128 /* bytes with the terminator, as agents read it */
#define HUB_SERIAL_SIZE 41  /* 20 bytes in hex */
#define HUB_KEY_ID 9
#define HUB_NAME_SIZE 129 /* an account's name */
#define HUB_URL_SIZE 1024 /* of a PostgreSQL database */
#define HUB_OPERATOR 0    /* the tenant number of accounts that see every tenant */

typedef struct hub_store hub_store;

typedef struct hub_agent {
    int64_t tenant_id;
    char id[HUB_AGENT_ID];
    char tenant[HUB_TENANT_SIZE];
    char machine[256], os[128], version[64];
    int64_t enrolled, last_seen; /* Unix ms; last_seen 0: never */
    int64_t durable;             /* the highest sequence number stored */
    uint8_t durable_hash[32];
    int64_t certificate_expires;
    bool revoked;
} hub_agent;

#define HUB_SILENT_MS (15 * 60 * (int64_t)1000) /* who is not heard of for so long */

typedef enum hub_agent_sort {
    HUB_AGENTS_BY_MACHINE,
    HUB_AGENTS_BY_TENANT, /* and machine */
    HUB_AGENTS_BY_SEEN,
    HUB_AGENTS_BY_VERSION,
    HUB_AGENTS_BY_OS,
    HUB_AGENTS_BY_CERTIFICATE, /* its end */
    HUB_AGENT_SORTS
} hub_agent_sort;

typedef enum hub_agent_state {
    HUB_AGENTS_ANY,
    HUB_AGENTS_ACTIVE,    /* heard of after silent_before */
    HUB_AGENTS_SILENT,    /* not revoked, and not heard of since */
    HUB_AGENTS_REVOKED,   /* by a person */
    HUB_AGENTS_EXPIRING,  /* its certificate ends before expires_before, or has */
    HUB_AGENTS_ATTENTION, /* silent or expiring */
    HUB_AGENT_STATES
} hub_agent_state;

/* Where the last page ended: the values of its last row, so that rows which come, go and change meanwhile move no others. */
typedef struct hub_agent_cursor {
    hub_agent_sort sort;
    bool descending;
    int64_t tenant_id;
    char id[HUB_AGENT_ID];
    char tenant[HUB_TENANT_SIZE];
    int64_t number; /* what an order by time is by; the others are by a text */
    char text[256];
} hub_agent_cursor;

typedef struct hub_agent_query {
    int64_t scope; /* HUB_OPERATOR: all */
    hub_agent_sort sort;
    bool descending;
    int limit;
    const hub_agent_cursor *after; /* NULL: from the start */
    const char *search;            /* part of machine, system, version, tenant or name; folded; NULL: anything */
    hub_agent_state state;
    int64_t silent_before, expires_before; /* Unix ms, of the states */
    int64_t expected;                      /* about how many match, from agents_count; -1: not known. A hint for the way to search, nothing else */
    uint32_t budget_ms;
} hub_agent_query;

typedef struct hub_key_row {
    char id[HUB_KEY_ID];
    char tenant[HUB_TENANT_SIZE];
    int64_t created, expires; /* expires 0: never */
    int64_t uses_left;        /* -1: unlimited */
    int64_t used;
    bool revoked;
} hub_key_row;

typedef struct hub_account {
    char name[HUB_NAME_SIZE];
    char role[HUB_ROLE_SIZE];
    char password[256]; /* the hash in its text form */
    bool must_change;   /* the password is a one-time one */
    bool disabled;
} hub_account;

/* Who calls: by a session, or by an API token. */
typedef struct hub_session_row {
    char name[HUB_NAME_SIZE];
    char role[HUB_ROLE_SIZE];
    hub_rights rights;
    int64_t scope; /* the tenant under which they hold; HUB_OPERATOR: everywhere */
    bool must_change;
    char token_id[HUB_KEY_ID]; /* "": a session */
    int64_t created, last_used;
} hub_session_row;

/* What the console lists of a job. Text "" and numbers -1 are unknown. */
typedef struct hub_job {
    int64_t tenant_id;
    const char *tenant; /* its name; only on the way out */
    const char *agent;
    int64_t seq;
    const char *uid;
    int64_t time, received; /* Unix ms */
    const char *machine, *user, *queue, *port, *document, *outcome, *language, *duplex, *paper, *confidence, *source;
    int64_t bytes, pages, copies, impressions, sheets, color_pages;
    const char *account; /* the code that it was charged to; NULL on the way in is "" */
    const char *search;  /* only on the way in: what a substring search looks at, folded (hub/fold.h) */
    /* Only on the way in, for the roll-ups; NULL: none. Parts are joined by HUB_USAGE_BORDER. */
    const char *charged; /* account and currency */
    const char *ruled;   /* rule, action and outcome of a job that a policy did something to */
    int64_t cost;        /* millionths of the currency */
    const void *facts;   /* only on the way in: what else a ruling needs (core/record/facts.h) */
    size_t facts_size;
} hub_job;

typedef struct hub_record {
    int64_t seq;
    uint8_t hash[32];
    const char *uid, *type;
    const char *line; /* as the agent wrote it, not terminated */
    size_t n;
    const hub_job *job;                /* NULL unless type is "job" */
    const struct hub_reading *reading; /* NULL unless type is "device" or "seen" */
} hub_record;

typedef struct hub_job_query {
    int64_t scope; /* HUB_OPERATOR: all */
    hub_sort sort;
    bool descending;
    int limit;
    const hub_cursor *after; /* NULL: from the start */
    const char *search;      /* folded; NULL: anything. The other texts: equal but for ASCII case */
    const char *user, *queue, *machine, *account, *outcome;
    int64_t from, to; /* Unix ms, from <= time < to; INT64_MIN, INT64_MAX: open */
    int64_t expected; /* about how many match, from jobs_count; -1: not known. A hint for the way to search, nothing else */
    uint32_t budget_ms;
} hub_job_query;

typedef struct hub_overview {
    int64_t agents, agents_silent;
    struct {
        int64_t jobs, pages, color_pages;
    } hour[24];
} hub_overview;

typedef enum hub_usage_kind {
    HUB_USAGE_USER,
    HUB_USAGE_QUEUE,
    HUB_USAGE_MACHINE,
    HUB_USAGE_ACCOUNT, /* names as hub_job.charged */
    HUB_USAGE_RULE,    /* names as hub_job.ruled: what such jobs would have printed, whether they did or not */
    HUB_USAGE_KINDS
} hub_usage_kind;

#define HUB_USAGE_BORDER "\x1F"

/* Roll-ups: of what, over which time. They count printed jobs' pages, and every job. */
typedef struct hub_usage_query {
    int64_t scope; /* HUB_OPERATOR: all */
    hub_usage_kind kind;
    const char *name; /* a trend's: NULL all together; "": what has no name, and what was erased */
    bool months;      /* count whole months, not days (UTC) */
    bool hours;       /* a trend by days of all together, from the tenants' hours: jobs, pages and pages in colour only, and fast */
    bool by_tenant;   /* the names are the tenants', whatever the kind */
    bool apart;       /* a name of two tenants is two rows */
    int64_t from, to; /* Unix ms: the days (months) from that of `from` to before that of `to` */
    int limit;
    uint32_t budget_ms;
} hub_usage_query;

typedef struct hub_usage {
    const char *name;  /* as first written; a trend's: "" */
    int64_t period;    /* a trend's: days since 1970, or months since January 1970 */
    int64_t tenant_id; /* of rows apart; else 0 */
    int64_t jobs, pages, color_pages, sheets;
    int64_t duplex_pages, duplex_sheets; /* of jobs on both sides, where both numbers are known */
    int64_t cost, unpriced;              /* an account's only: millionths, and printed jobs without a price */
} hub_usage;

/* What goes after its time. Roll-ups and the hashes of records stay. Readings are thinned: counts of whole months stay as they are. */
typedef enum hub_kept { HUB_KEPT_TITLES, HUB_KEPT_JOBS, HUB_KEPT_READINGS, HUB_KEPT_CLASSES } hub_kept;

#define HUB_TITLES_DAYS 60
#define HUB_JOBS_DAYS 730
#define HUB_FOR_EVER 0

/* How long a tenant keeps it: its own times, else those of the nearest above it that has some, else the defaults. */
typedef struct hub_keeping {
    int64_t days[HUB_KEPT_CLASSES]; /* HUB_FOR_EVER: it never goes */
    int64_t tenant_id;              /* whose they are; HUB_OPERATOR: nobody's, these are the defaults */
    char author[HUB_NAME_SIZE];     /* "": nobody chose */
    int64_t changed;                /* Unix ms */
} hub_keeping;

/* What was issued (hub/issued.h), without its text. */
typedef struct hub_issued {
    int64_t tenant_id;
    const char *id, *kind, *period, *who; /* who "": the hub by itself */
    const char *tenant;                   /* its name; only on the way out */
    int64_t at;                           /* Unix ms */
    const char *replaces, *reason;        /* the id of the one before it of the period, and why; "": it is the first */
    const char *replaced_by;              /* only on the way out; "": it is in force */
    int64_t devices, gaps, counted;       /* on it; of them with gaps; pages of their totals. -1: not known (issued before these were kept) */
} hub_issued;

/* A device on such a paper. */
typedef struct hub_issued_device {
    int64_t no, counted; /* its total meter; -1: it has none */
    bool gaps;
} hub_issued_device;

/* NULL: any. With a device, what is listed has that device's gaps and count instead of the whole's. */
typedef struct hub_issued_query {
    int64_t scope;
    const char *kind, *period;
    int64_t device;    /* 0: any */
    const char *after; /* the id of the last one that was shown */
    int limit;
} hub_issued_query;

/* A key that a caller gave to a change (hub/once.h). */
#define HUB_ONCE_KEY 129
typedef struct hub_once {
    int64_t scope; /* the caller's tenant */
    char who[HUB_NAME_SIZE], how[HUB_KEY_ID];
    char key[HUB_ONCE_KEY]; /* "": none */
    uint8_t print[32];      /* of the request */
    bool under_way;         /* in the hub's list of them, whose next one is: */
    struct hub_task *next;
} hub_once;

/* What such a change was answered with. */
typedef struct hub_answer {
    uint8_t print[32];
    bool kept; /* false: the change was made, its answer is not here */
    int status;
    const char *body;
    size_t n;
} hub_answer;

/* What hubs on one store tell each other. */
typedef struct hub_telling {
    enum { HUB_TOLD_JOBS, HUB_TOLD_DEVICES, HUB_TOLD_POLICY, HUB_TOLD_LEASE, HUB_TOLD_ORDER, HUB_TOLD_KINDS } what;
    int64_t n;                /* how many are new; of policies the serial, of an order its number */
    int64_t tenant_id;        /* of policies and orders */
    char agent[HUB_AGENT_ID]; /* of an order; who has the lease */
    char lease[PLT_LEASE_ID]; /* one that is called back */
} hub_telling;

typedef struct hub_store_ops {
    /* NULL-safe. */
    void (*close)(hub_store *s);
    /* Words on the last failure, for the log. Borrowed until the next call. */
    const char *(*problem)(hub_store *s);

    /* A transaction; writes outside one are each their own. After a failed commit nothing of it is stored. */
    plt_status (*begin)(hub_store *s);
    plt_status (*commit)(hub_store *s);
    void (*rollback)(hub_store *s);
    /* A mark inside a transaction: keep() forgets it, undo() takes back everything since. */
    plt_status (*mark)(hub_store *s);
    plt_status (*keep)(hub_store *s);
    plt_status (*undo)(hub_store *s);

    /* Tells the other hubs on this store, with the transaction's commit. */
    plt_status (*tell)(hub_store *s, const hub_telling *t);
    /* Waits for what they tell: PLT_NOTFOUND when nothing came in time, PLT_UNSUPPORTED when there can be no others. */
    plt_status (*hear)(hub_store *s, uint32_t wait_ms, hub_telling *t);

    /* The tenant's number; make creates it when it is missing. */
    plt_status (*tenant_find)(hub_store *s, const char *name, int64_t *id);
    plt_status (*tenant_make)(hub_store *s, const char *name, int64_t now, int64_t *id);

    plt_status (*key_add)(hub_store *s, int64_t tenant_id, const hub_key_row *k, const uint8_t secret_sha256[32]);
    plt_status (*key_list)(hub_store *s, bool (*each)(void *ctx, const hub_key_row *k), void *ctx);
    plt_status (*key_revoke)(hub_store *s, const char *key_id);
    /* Whose key it is, if it could be used now; takes nothing. PLT_DENIED as key_use. */
    plt_status (*key_find)(hub_store *s, const uint8_t secret_sha256[32], int64_t now, int64_t *tenant_id, char tenant[HUB_TENANT_SIZE]);
    /* Takes one use. PLT_DENIED: unknown, used up, expired or revoked. */
    plt_status (*key_use)(hub_store *s, const uint8_t secret_sha256[32], int64_t now, int64_t *tenant_id, char tenant[HUB_TENANT_SIZE]);

    plt_status (*agent_add)(hub_store *s, const hub_agent *a);
    plt_status (*certificate_add)(hub_store *s, int64_t tenant_id, const char *agent, const char *serial, int64_t now, int64_t expires);
    /* The agent, if the certificate with this serial was given to it; PLT_NOTFOUND else. serial NULL: any; tenant_id HUB_OPERATOR: of any. */
    plt_status (*agent_find)(hub_store *s, int64_t tenant_id, const char *agent, const char *serial, hub_agent *out);
    plt_status (*agent_list)(hub_store *s, int64_t scope, bool (*each)(void *ctx, const hub_agent *a), void *ctx);
    /* In the query's order; each gives false to stop. */
    plt_status (*agents)(hub_store *s, const hub_agent_query *q, bool (*each)(void *ctx, const hub_agent *a), void *ctx);
    /* How many agents the query matches, without its cursor and limit: at most `cap`; *capped says that there may be more. */
    plt_status (*agents_count)(hub_store *s, const hub_agent_query *q, int64_t cap, int64_t *n, bool *capped);
    /* Agent names are unique in a hub; PLT_NOTFOUND for one outside the scope. */
    plt_status (*agent_revoke)(hub_store *s, int64_t scope, const char *agent);
    plt_status (*agent_seen)(hub_store *s, int64_t tenant_id, const char *agent, int64_t now);

    /* The hash of one stored record. */
    plt_status (*record_hash)(hub_store *s, int64_t tenant_id, const char *agent, int64_t seq, uint8_t hash[32]);
    /* Stores n records of an agent and makes the last one its durable one. *new_jobs: those whose uid the tenant did not
       have; the other jobs are kept, too, flagged as duplicates and not listed. */
    plt_status (*records_add)(hub_store *s, int64_t tenant_id, const char *agent, const hub_record *r, size_t n, int64_t now, int64_t *new_jobs);
    /* One record and its job. */
    plt_status (*job_get)(hub_store *s, int64_t scope, const char *agent, int64_t seq, bool (*each)(void *ctx, const hub_job *j, const hub_record *r),
                          void *ctx);
    /* In the query's order; each gives false to stop. PLT_BAD is never the cursor: one that names no row is PLT_NOTFOUND. */
    plt_status (*jobs)(hub_store *s, const hub_job_query *q, bool (*each)(void *ctx, const hub_job *j), void *ctx);
    /* How many jobs the query matches, without its cursor and limit: at most `cap`, at most as many as the budget
       allows; *capped says that there may be more. */
    plt_status (*jobs_count)(hub_store *s, const hub_job_query *q, int64_t cap, int64_t *n, bool *capped);
    /* The newest ones that an account's print names printed since `from`, of tenants in the scope. */
    plt_status (*own_jobs)(hub_store *s, int64_t scope, const char *account, int64_t from, int limit, bool (*each)(void *ctx, const hub_job *j),
                           void *ctx);
    /* The 24 hours from `day` (Unix ms); agents not seen since `silent_before`. Revoked agents do not count. */
    plt_status (*overview)(hub_store *s, int64_t scope, int64_t day, int64_t silent_before, hub_overview *out);

    /* The `limit` names with the most pages, and what was printed in each day or month that has anything. */
    plt_status (*usage)(hub_store *s, const hub_usage_query *q, bool (*each)(void *ctx, const hub_usage *u), void *ctx);
    plt_status (*usage_trend)(hub_store *s, const hub_usage_query *q, bool (*each)(void *ctx, const hub_usage *u), void *ctx);
    /* One step of what goes after its tenant's time: at most `max` rows of each class, of readings as many months of devices as it takes to pass
     * that; *more says to go on. In a transaction. */
    plt_status (*purge)(hub_store *s, int64_t now, size_t max, bool *more);
    /* Takes this minute's turn at it; PLT_NOTFOUND: another hub on the store had it. */
    plt_status (*upkeep_turn)(hub_store *s, int64_t now);
    plt_status (*keeping)(hub_store *s, int64_t tenant_id, hub_keeping *out);
    plt_status (*keeping_put)(hub_store *s, int64_t tenant_id, const hub_keeping *k, int64_t now);
    /* The tenant has no times of its own any more. */
    plt_status (*keeping_drop)(hub_store *s, int64_t tenant_id);
    /* How many tenants below have no nearer times than this one's. */
    plt_status (*keeping_below)(hub_store *s, int64_t tenant_id, int64_t *n);
    /* Of the tenant and of those below that have no nearer times, together: how many there are from before a time, at most `cap`; PLT_TIMEOUT when
       they cannot be counted within the budget. */
    plt_status (*expired)(hub_store *s, int64_t tenant_id, hub_kept what, int64_t before, int64_t cap, uint32_t budget_ms, int64_t *n);
    /* The time of the oldest one, of readings of those that are not thinned; PLT_NOTFOUND: there is none. */
    plt_status (*oldest)(hub_store *s, int64_t tenant_id, hub_kept what, int64_t *time);
    /* A person's name goes from at most `max` jobs, with titles and lines; it is all done once *jobs is below it. Sums stay. In a transaction. */
    plt_status (*erase_user)(hub_store *s, const char *user, size_t max, size_t *jobs);

    /* Kept for ever, with the devices on it. PLT_EXISTS: the tenant's period was issued before, or the one that is replaced was replaced before. */
    plt_status (*issued_add)(hub_store *s, const hub_issued *i, const char *text, size_t n, const hub_issued_device *of, size_t count);
    /* The newest first. PLT_NOTFOUND: there is none that `after` names. */
    plt_status (*issued)(hub_store *s, const hub_issued_query *q, bool (*each)(void *ctx, const hub_issued *i), void *ctx);
    /* The one of the period that is in force. */
    plt_status (*issued_of)(hub_store *s, int64_t tenant_id, const char *kind, const char *period, bool (*each)(void *ctx, const hub_issued *i),
                            void *ctx);
    plt_status (*issued_body)(hub_store *s, int64_t scope, const char *id, plt_buf *out);

    /* The answer that the key has since `since`, if there is one. */
    plt_status (*answer_get)(hub_store *s, const hub_once *key, int64_t since, void (*take)(void *ctx, const hub_answer *a), void *ctx);
    plt_status (*answer_put)(hub_store *s, const hub_once *key, const hub_answer *a, int64_t now);
    /* How many a tenant has. */
    plt_status (*answer_count)(hub_store *s, int64_t scope, int64_t since, int64_t *n);

    plt_status (*account_find)(hub_store *s, const char *name, hub_account *out);
    plt_status (*account_put)(hub_store *s, const hub_account *a, int64_t now);
    plt_status (*session_add)(hub_store *s, const uint8_t token_sha256[32], const char *name, const char *address, const char *client, int64_t now);
    /* The session and its account; PLT_NOTFOUND also when it was used last before `idle_since` or made before `made_since`. */
    plt_status (*session_find)(hub_store *s, const uint8_t token_sha256[32], int64_t idle_since, int64_t made_since, hub_session_row *out);
    plt_status (*session_touch)(hub_store *s, const uint8_t token_sha256[32], int64_t now);
    plt_status (*session_drop)(hub_store *s, const uint8_t token_sha256[32]);
    /* All sessions of an account but `keep` (NULL: none kept). */
    plt_status (*session_drop_all)(hub_store *s, const char *name, const uint8_t *keep);
    plt_status (*session_purge)(hub_store *s, int64_t idle_since, int64_t made_since);

    const struct hub_device_ops *devices;             /* hub/store_devices.h */
    const struct hub_device_group_ops *device_groups; /* hub/store_device_groups.h */
    const struct hub_order_ops *orders;               /* hub/store_orders.h */
    const struct hub_held_ops *held;                  /* hub/store_held.h */
    const struct hub_collection_ops *collections;     /* hub/store_collections.h */

    const hub_policy_ops *policy; /* store_policy.h */

    const hub_quota_ops *quota;                /* store_quota.h */
    const struct hub_alert_ops *alerts;        /* store_alerts.h */
    const struct hub_schedule_ops *schedules;  /* store_schedules.h */
    const struct hub_receipt_ops *receipts;    /* store_receipts.h */
    const struct hub_catalogue_ops *catalogue; /* store_catalogue.h */
} hub_store_ops;

struct hub_people_ops; /* hub/people.h */

struct hub_store {
    const hub_store_ops *ops;
    const struct hub_people_ops *people;
    uint64_t hub; /* which hub uses it: what it tells is not heard by itself */
};

typedef struct hub_store_where {
    const char *data_dir;
    const char *url; /* of a PostgreSQL database; NULL or "": SQLite in the data folder */
} hub_store_where;

/*
 * Opens and brings to the current schema: <data>/hub.db, which it creates, or a PostgreSQL database. `writer`: the connection
 * that a hub writes through; SQLite's has the larger cache, and looks at the database's consistency first, for at most ten
 * seconds. On failure *problem (of size n) says what to do.
 */
plt_status hub_store_open(hub_store **s, const hub_store_where *where, bool writer, char *problem, size_t n);
plt_status hub_store_sqlite_open(hub_store **s, const char *data_dir, bool writer, char *problem, size_t n);

#endif
