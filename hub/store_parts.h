/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of the store share: its connection, and the functions of the ops table. Nothing else includes it. */
#ifndef PLATEN_HUB_STORE_PARTS_H
#define PLATEN_HUB_STORE_PARTS_H

#include "core/util/buf.h"
#include "hub/db.h"
#include "hub/months.h"
#include "hub/people.h"
#include "hub/store.h"
#include "hub/store_devices.h"

/* Roll-ups that a transaction has yet to write (store_usage.c). */
typedef struct store_sums {
    struct sum *sum; /* owned */
    size_t n, cap;
    plt_buf names;
    bool marked;             /* behind a mark: what comes is kept until the commit */
    size_t kept, names_kept; /* at the mark */
} store_sums;

typedef struct sql_store {
    hub_store base; /* first: a hub_store * is an sql_store * */
    db *db;
    store_sums sums;
    struct store_catalogue *catalogue; /* owned; store_catalogue.c */
} sql_store;

static inline db *of(hub_store *h)
{
    return ((sql_store *)h)->db;
}

static inline store_sums *sums_of(hub_store *h)
{
    return &((sql_store *)h)->sums;
}

/* The first parameter is a scope: does the column's tenant stand under it? */
#define IN_SCOPE(column) "(?1=0 OR " column " IN (SELECT d.tenant_id FROM tenant_tree d WHERE d.ancestor=?1))"

/* A number in SQL. */
#define WORDS_OF(n) #n
#define DEFAULT(n) WORDS_OF(n)
/* Whose times of retention a tenant goes by: its own, else those of the nearest above it that has some; else NULL. */
#define KEEPER(tenant)                                                                                                                               \
    "(SELECT r.tenant_id FROM tenant_tree x JOIN retention r ON r.tenant_id=x.ancestor WHERE x.tenant_id=" tenant                                    \
    " ORDER BY (SELECT count(*) FROM tenant_tree y WHERE y.tenant_id=x.ancestor) DESC LIMIT 1)"
/* The days for which a tenant keeps titles; 0: for ever. */
#define TITLES_KEPT(tenant) "coalesce((SELECT k.titles_days FROM retention k WHERE k.tenant_id=" KEEPER(tenant) "), " DEFAULT(HUB_TITLES_DAYS) ")"

/*
 * Is the device d in the group of devices that the parameter names ('': any)? By hand, also as what another was joined to; or by a rule, whose
 * patterns are small letters (store_device_groups.c).
 */
#define IN_DEVICE_GROUP(p)                                                                                                                           \
    "(" p "='' OR EXISTS(SELECT 1 FROM device_group_parts g WHERE g.group_id=" p " AND g.device_no=d.device_no)"                                     \
    " OR EXISTS(SELECT 1 FROM devices m JOIN device_group_parts g ON g.device_no=m.device_no WHERE m.merged_into>0 AND m.merged_into=d.device_no"    \
    " AND g.group_id=" p ") OR EXISTS(SELECT 1 FROM device_group_parts g WHERE g.group_id=" p " AND g.device_no=0"                                   \
    " AND EXISTS(SELECT 1 FROM tenant_tree x WHERE x.ancestor=g.site AND x.tenant_id=d.tenant_id)"                                                   \
    " AND (g.model_like='' OR nocase(d.make || ' ' || d.model) LIKE g.model_like ESCAPE '\\')"                                                       \
    " AND (g.name_like='' OR d.sort_name LIKE g.name_like ESCAPE '\\') AND (g.place_like='' OR d.sort_place LIKE g.place_like ESCAPE '\\')))"

/* store.c: the two numbers of the one row that is about a scope (?1). */
plt_status store_two_sums(db *d, const char *sql, int64_t scope, int64_t *a, int64_t *b);

/* store_schema.c: brings an open database to the current schema. */
#define STORE_VERSION 25
plt_status store_migrate(db *d);
/* To an earlier one, for tests of what follows it. */
plt_status store_migrate_to(db *d, int64_t to);

/* store.c: the next number of a tenant's (0: the hub's) ways, devices or events. A number that was given is never given again, nor by another hub. */
plt_status store_next_number(db *d, int64_t tenant_id, const char *what, int64_t *no);

/* store_months.c: PostgreSQL's partitions of jobs, one a month: makes those that are missing around `now`. */
plt_status store_months_make(db *d, int64_t now);
/* The same inside a transaction; months that ended before `before` go, with their jobs. */
plt_status store_months_keep(db *d, int64_t now, int64_t before);

/* store_usage.c: the roll-ups of those jobs of r that were added (a number per record): behind a mark they wait in g, else they are written. */
plt_status store_usage_add(db *d, store_sums *g, int64_t tenant_id, const hub_record *r, const int64_t *added, size_t n);
void store_sums_init(store_sums *g);
void store_sums_free(store_sums *g);
void store_sums_mark(store_sums *g);
plt_status store_sums_keep(db *d, store_sums *g);
void store_sums_undo(store_sums *g);
/* Writes what waits: before the commit, and before anything that reads or renames sums in the same transaction. */
plt_status store_sums_write(db *d, store_sums *g);
void store_sums_clear(store_sums *g);
plt_status store_usage(hub_store *h, const hub_usage_query *q, bool (*each)(void *ctx, const hub_usage *u), void *ctx);
plt_status store_usage_trend(hub_store *h, const hub_usage_query *q, bool (*each)(void *ctx, const hub_usage *u), void *ctx);

/* store_purge.c */
plt_status store_purge(hub_store *h, int64_t now, size_t max, bool *more);
plt_status store_erase_user(hub_store *h, const char *user, size_t max, size_t *jobs);

/* store_thin.c: a step of readings that are over their time; *more is set where there are more. */
plt_status store_thin(hub_store *h, int64_t now, size_t max, bool *more);

/* store_issued.c */
plt_status store_issued_add(hub_store *h, const hub_issued *i, const char *text, size_t n, const hub_issued_device *of, size_t count);
plt_status store_issued(hub_store *h, const hub_issued_query *q, bool (*each)(void *ctx, const hub_issued *i), void *ctx);
plt_status store_issued_of(hub_store *h, int64_t tenant_id, const char *kind, const char *period, bool (*each)(void *ctx, const hub_issued *i),
                           void *ctx);
plt_status store_issued_body(hub_store *h, int64_t scope, const char *id, plt_buf *out);

/* store_answers.c */
plt_status store_answer_get(hub_store *h, const hub_once *k, int64_t since, void (*take)(void *ctx, const hub_answer *a), void *ctx);
plt_status store_answer_put(hub_store *h, const hub_once *k, const hub_answer *a, int64_t now);
plt_status store_answer_count(hub_store *h, int64_t scope, int64_t since, int64_t *n);
plt_status store_answers_forget(db *d, int64_t before, size_t max);

/* store_held.c: what is over for an hour, or will never be told of again; titles of before. */
plt_status store_held_forget(db *d, int64_t now);

/* store_directory.c */
plt_status store_tenant_find(hub_store *h, const char *name, int64_t *id);
plt_status store_tenant_make(hub_store *h, const char *name, int64_t now, int64_t *id);
plt_status store_key_add(hub_store *h, int64_t tenant_id, const hub_key_row *k, const uint8_t secret_sha256[32]);
plt_status store_key_list(hub_store *h, bool (*each)(void *ctx, const hub_key_row *k), void *ctx);
plt_status store_key_revoke(hub_store *h, const char *key_id);
plt_status store_key_find(hub_store *h, const uint8_t secret_sha256[32], int64_t now, int64_t *tenant_id, char tenant[HUB_TENANT_SIZE]);
plt_status store_key_use(hub_store *h, const uint8_t secret_sha256[32], int64_t now, int64_t *tenant_id, char tenant[HUB_TENANT_SIZE]);
plt_status store_account_find(hub_store *h, const char *name, hub_account *out);
plt_status store_account_put(hub_store *h, const hub_account *a, int64_t now);
plt_status store_session_add(hub_store *h, const uint8_t token_sha256[32], const char *name, const char *address, const char *client, int64_t now);
plt_status store_session_find(hub_store *h, const uint8_t token_sha256[32], int64_t idle_since, int64_t made_since, hub_session_row *out);
plt_status store_session_touch(hub_store *h, const uint8_t token_sha256[32], int64_t now);
plt_status store_session_drop(hub_store *h, const uint8_t token_sha256[32]);
plt_status store_session_drop_all(hub_store *h, const char *name, const uint8_t *keep);
plt_status store_session_purge(hub_store *h, int64_t idle_since, int64_t made_since);

/* store_agents.c */
plt_status store_agent_add(hub_store *h, const hub_agent *a);
plt_status store_certificate_add(hub_store *h, int64_t tenant_id, const char *agent, const char *serial, int64_t now, int64_t expires);
plt_status store_agent_find(hub_store *h, int64_t tenant_id, const char *agent, const char *serial, hub_agent *out);
plt_status store_agent_list(hub_store *h, int64_t scope, bool (*each)(void *ctx, const hub_agent *a), void *ctx);
/* What agents are read by: the columns, from agents a and tenants t, and a row of them. False: it is damaged. */
#define STORE_AGENT_COLUMNS                                                                                                                          \
    "SELECT a.tenant_id, a.agent_id, t.name, a.machine, a.os, a.version, a.enrolled, a.last_seen, a.revoked, a.durable, a.durable_hash,"             \
    " a.certificate_expires"
bool store_agent_read(db_stmt *st, hub_agent *a);
typedef struct store_agent_keys {
    char machine[256], version[64];
    char search[512];
} store_agent_keys;
/* What an agent is sorted and searched by. */
void store_agent_keys_of(store_agent_keys *k, const char *id, const char *machine, const char *os, const char *version);
/* Those of agents from before there were any. In the transaction of the schema's step. */
plt_status store_agents_fill(db *d);
plt_status store_agent_revoke(hub_store *h, int64_t scope, const char *agent);
plt_status store_agent_seen(hub_store *h, int64_t tenant_id, const char *agent, int64_t now);
plt_status store_record_hash(hub_store *h, int64_t tenant_id, const char *agent, int64_t seq, uint8_t hash[32]);
plt_status store_records_add(hub_store *h, int64_t tenant_id, const char *agent, const hub_record *r, size_t n, int64_t now, int64_t *new_jobs);

/* store_agents_list.c */
plt_status store_agents(hub_store *h, const hub_agent_query *q, bool (*each)(void *ctx, const hub_agent *a), void *ctx);
plt_status store_agents_count(hub_store *h, const hub_agent_query *q, int64_t cap, int64_t *n, bool *capped);

/* store_jobs.c */
plt_status store_job_get(hub_store *h, int64_t scope, const char *agent, int64_t seq, bool (*each)(void *ctx, const hub_job *j, const hub_record *r),
                         void *ctx);
plt_status store_jobs(hub_store *h, const hub_job_query *q, bool (*each)(void *ctx, const hub_job *j), void *ctx);
plt_status store_jobs_count(hub_store *h, const hub_job_query *q, int64_t cap, int64_t *n, bool *capped);
plt_status store_overview(hub_store *h, int64_t scope, int64_t day, int64_t silent_before, hub_overview *out);
plt_status store_own_jobs(hub_store *h, int64_t scope, const char *account, int64_t from, int limit, bool (*each)(void *ctx, const hub_job *j),
                          void *ctx);

/* store_people.c */
extern const hub_people_ops store_people;
/* The rights of a role: the hub's own one, else those of the custom one. */
hub_rights store_rights(const char *role, int64_t custom);

/* store_tenants.c */
plt_status store_tenant_add(hub_store *h, const hub_tenant *t, int64_t now, int64_t *id);
plt_status store_tenant_get(hub_store *h, int64_t id, hub_tenant *out);
plt_status store_tenant_rename(hub_store *h, int64_t id, const char *name);
plt_status store_tenant_move(hub_store *h, int64_t id, int64_t parent, int64_t now);
plt_status store_tenants(hub_store *h, int64_t scope, bool (*each)(void *ctx, const hub_tenant *t), void *ctx);
plt_status store_within(hub_store *h, int64_t scope, int64_t tenant_id);
/* Puts a new tenant into the tree. */
plt_status store_tenant_grow(db *d, int64_t id, int64_t parent);

/* store_access.c */
plt_status store_token_add(hub_store *h, const hub_token_row *t, const uint8_t hash[32]);
plt_status store_tokens(hub_store *h, int64_t scope, const char *name, bool (*each)(void *ctx, const hub_token_row *t), void *ctx);
plt_status store_token_find(hub_store *h, const uint8_t hash[32], int64_t now, hub_session_row *out);
plt_status store_token_touch(hub_store *h, const uint8_t hash[32], int64_t now);
plt_status store_token_revoke(hub_store *h, int64_t scope, const char *name, const char *id);
plt_status store_sessions(hub_store *h, const char *name, bool (*each)(void *ctx, const hub_open_session *o), void *ctx);
plt_status store_session_end(hub_store *h, const char *name, const char *id);

/* store_audit.c */
plt_status store_audit_add(hub_store *h, const hub_audit *a, int64_t now);
plt_status store_audited(hub_store *h, const hub_audit *a, int64_t since);
plt_status store_audit(hub_store *h, int64_t scope, const hub_audit_query *q, bool (*each)(void *ctx, int64_t seq, const char *line), void *ctx);
plt_status store_audit_check(hub_store *h, int64_t *seq, int64_t *from);
plt_status store_audit_keeping(hub_store *h, hub_audit_keeping *out);
plt_status store_audit_keep(hub_store *h, int64_t days);
plt_status store_audit_older(hub_store *h, int64_t before, int64_t cap, int64_t *n);
/* A step of what is over: at most `max` lines from the beginning on. In a transaction; *more is set where there are more. */
plt_status store_audit_cut(hub_store *h, int64_t now, size_t max, bool *more);

/* store_sso.c */
struct hub_sso;
plt_status store_sso_get(hub_store *h, int64_t tenant_id, struct hub_sso *out);
plt_status store_sso_put(hub_store *h, struct hub_sso *s);
plt_status store_sso_drop(hub_store *h, int64_t tenant_id);
plt_status store_subject_get(hub_store *h, const struct hub_sso *s, const char *subject, char name[HUB_NAME_SIZE], bool *made);
plt_status store_subject_put(hub_store *h, const struct hub_sso *s, const char *subject, const char *name, bool made);

/* store_print_names.c */
plt_status store_print_names(hub_store *h, const char *account, bool (*each)(void *ctx, const hub_print_name *n), void *ctx);
plt_status store_print_name_add(hub_store *h, const char *account, const hub_print_name *n);
plt_status store_print_name_owner(hub_store *h, const hub_print_name *n, char account[HUB_NAME_SIZE]);
plt_status store_print_names_clear(hub_store *h, const char *account, int64_t provider);
/* Those that are not of the scope go. */
plt_status store_print_names_keep(db *d, const char *account, int64_t scope);

/* store_devices_list.c */
plt_status store_device_get(hub_store *h, int64_t scope, int64_t no, bool (*each)(void *ctx, const hub_device_row *d), void *ctx);
plt_status store_devices(hub_store *h, const hub_device_query *q, bool (*each)(void *ctx, const hub_device_row *d), void *ctx);
plt_status store_devices_count(hub_store *h, const hub_device_query *q, int64_t *n);
plt_status store_device_makes(hub_store *h, int64_t scope, bool (*each)(void *ctx, const char *make, int64_t n), void *ctx);
plt_status store_device_sums(hub_store *h, int64_t scope, int64_t *devices, int64_t *attention);

/* store_devices_history.c */
plt_status store_meter_last(hub_store *h, int64_t tenant_id, int64_t way, uint32_t meter, plt_count *out, size_t max, size_t *n);
plt_status store_meter_add(hub_store *h, int64_t tenant_id, int64_t way, uint32_t meter, const plt_count *r);
plt_status store_meter_on_paper(hub_store *h, int64_t tenant_id, int64_t way, uint32_t meter, int64_t at);
plt_status store_meter_again(hub_store *h, int64_t tenant_id, int64_t way, uint32_t meter, int64_t at);
plt_status store_meters(hub_store *h, int64_t tenant_id, int64_t device, int64_t from, int64_t to, bool (*each)(void *ctx, const hub_meter_point *p),
                        void *ctx);
plt_status store_level_last(hub_store *h, int64_t tenant_id, int64_t way, uint32_t supply, plt_level *out);
plt_status store_level_add(hub_store *h, int64_t tenant_id, int64_t way, uint32_t supply, const plt_level *l);
plt_status store_level_again(hub_store *h, int64_t tenant_id, int64_t way, uint32_t supply, int64_t at);
plt_status store_levels(hub_store *h, int64_t tenant_id, int64_t device, int64_t from, int64_t to, bool (*each)(void *ctx, const hub_level_point *p),
                        void *ctx);
plt_status store_alert_open(hub_store *h, int64_t tenant_id, const hub_device_alert *a);
plt_status store_alert_close(hub_store *h, int64_t tenant_id, int64_t way, uint32_t row, int64_t opened, int64_t now);
plt_status store_alerts_of_way(hub_store *h, int64_t tenant_id, int64_t way, bool (*each)(void *ctx, const hub_device_alert *a), void *ctx);
plt_status store_alerts(hub_store *h, int64_t tenant_id, int64_t device, int max, bool (*each)(void *ctx, const hub_device_alert *a), void *ctx);
plt_status store_event_add(hub_store *h, int64_t tenant_id, const hub_device_event *e);
plt_status store_device_unreadable(hub_store *h, int64_t scope, int max, bool (*each)(void *ctx, const hub_device_event *e), void *ctx);
plt_status store_device_events(hub_store *h, int64_t tenant_id, int64_t device, int max, bool (*each)(void *ctx, const hub_device_event *e),
                               void *ctx);

/* store_policy.c */
extern const hub_policy_ops store_policy_ops;

/* store_prices.c */
plt_status store_prices(hub_store *h, int64_t tenant_id, plt_buf *text, hub_price_version *v);
plt_status store_price_text(hub_store *h, int64_t tenant_id, int64_t version, plt_buf *text);
plt_status store_price_versions(hub_store *h, int64_t tenant_id, int64_t before, int limit, bool (*each)(void *ctx, const hub_price_version *v),
                                void *ctx);
plt_status store_price_add(hub_store *h, int64_t tenant_id, const hub_price_version *v, const char *text);

/* store_retention.c */
plt_status store_keeping(hub_store *h, int64_t tenant_id, hub_keeping *out);
plt_status store_keeping_put(hub_store *h, int64_t tenant_id, const hub_keeping *k, int64_t now);
plt_status store_keeping_drop(hub_store *h, int64_t tenant_id);
plt_status store_keeping_below(hub_store *h, int64_t tenant_id, int64_t *n);
plt_status store_expired(hub_store *h, int64_t tenant_id, hub_kept what, int64_t before, int64_t cap, uint32_t budget_ms, int64_t *n);
plt_status store_oldest(hub_store *h, int64_t tenant_id, hub_kept what, int64_t *time);
plt_status store_upkeep_turn(hub_store *h, int64_t now);

/* store_quota.c */
extern const hub_quota_ops store_quota_ops;

#endif
