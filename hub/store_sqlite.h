/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of the SQLite store share. Nothing else includes it. */
#ifndef PLATEN_HUB_STORE_SQLITE_H
#define PLATEN_HUB_STORE_SQLITE_H

#include <sqlite3.h>

#include "hub/store.h"

#define SQ_STATEMENTS 64

typedef struct sq {
    hub_store base; /* first: a hub_store * is an sq * */
    sqlite3 *db;
    struct {
        const char *sql; /* a literal; its address is the key */
        sqlite3_stmt *st;
    } kept[SQ_STATEMENTS];
    uint64_t deadline; /* monotonic ms; 0: none */
    char problem[512];
} sq;

/* Keeps what SQLite says of a failure of `what`, gives its status. */
plt_status sq_fail(sq *s, const char *what);
plt_status sq_fail_as(sq *s, plt_status status, const char *words);

/* The prepared statement of a literal, reset and without parameters; NULL (and a problem) when it cannot be made. Kept until the store closes. */
sqlite3_stmt *sq_get(sq *s, const char *sql);
/* Runs a statement that gives no rows and resets it. */
plt_status sq_run(sq *s, sqlite3_stmt *st);
/* One row: PLT_OK with st on it (reset it afterwards), or PLT_NOTFOUND. */
plt_status sq_row(sq *s, sqlite3_stmt *st);
/* A statement without parameters and rows, not kept. */
plt_status sq_exec(sq *s, const char *sql);
void sq_limit(sq *s, uint32_t budget_ms); /* 0: none */

/* Parameters from 1, columns from 0. Text that goes in stays the caller's; NULL goes in as ''. Columns that are NULL come out as "". */
void sq_bind_text(sqlite3_stmt *st, int at, const char *v);
void sq_bind_int(sqlite3_stmt *st, int at, int64_t v);
void sq_bind_blob(sqlite3_stmt *st, int at, const void *p, size_t n);
const char *sq_text(sqlite3_stmt *st, int at);
void sq_copy(sqlite3_stmt *st, int at, char *out, size_t size);
int64_t sq_int(sqlite3_stmt *st, int at);
bool sq_blob(sqlite3_stmt *st, int at, void *out, size_t n); /* exactly n bytes */

/* store_schema.c: brings an open database to the current schema. */
plt_status sq_migrate(sq *s);

/* store_directory.c */
plt_status sq_tenant_find(hub_store *h, const char *name, int64_t *id);
plt_status sq_tenant_make(hub_store *h, const char *name, int64_t now, int64_t *id);
plt_status sq_key_add(hub_store *h, int64_t tenant_id, const hub_key_row *k, const uint8_t secret_sha256[32]);
plt_status sq_key_list(hub_store *h, bool (*each)(void *ctx, const hub_key_row *k), void *ctx);
plt_status sq_key_revoke(hub_store *h, const char *key_id);
plt_status sq_key_find(hub_store *h, const uint8_t secret_sha256[32], int64_t now, int64_t *tenant_id, char tenant[HUB_TENANT_SIZE]);
plt_status sq_key_use(hub_store *h, const uint8_t secret_sha256[32], int64_t now, int64_t *tenant_id, char tenant[HUB_TENANT_SIZE]);
plt_status sq_account_find(hub_store *h, const char *name, hub_account *out);
plt_status sq_account_put(hub_store *h, const hub_account *a, int64_t now);
plt_status sq_session_add(hub_store *h, const uint8_t token_sha256[32], const char *name, int64_t now);
plt_status sq_session_find(hub_store *h, const uint8_t token_sha256[32], int64_t idle_since, int64_t made_since, hub_session_row *out);
plt_status sq_session_touch(hub_store *h, const uint8_t token_sha256[32], int64_t now);
plt_status sq_session_drop(hub_store *h, const uint8_t token_sha256[32]);
plt_status sq_session_drop_all(hub_store *h, const char *name, const uint8_t *keep);
plt_status sq_session_purge(hub_store *h, int64_t idle_since, int64_t made_since);

/* store_agents.c */
plt_status sq_agent_add(hub_store *h, const hub_agent *a);
plt_status sq_certificate_add(hub_store *h, int64_t tenant_id, const char *agent, const char *serial, int64_t now, int64_t expires);
plt_status sq_agent_find(hub_store *h, int64_t tenant_id, const char *agent, const char *serial, hub_agent *out);
plt_status sq_agent_list(hub_store *h, bool (*each)(void *ctx, const hub_agent *a), void *ctx);
plt_status sq_agent_revoke(hub_store *h, const char *agent);
plt_status sq_agent_seen(hub_store *h, int64_t tenant_id, const char *agent, int64_t now);
plt_status sq_record_hash(hub_store *h, int64_t tenant_id, const char *agent, int64_t seq, uint8_t hash[32]);
plt_status sq_records_add(hub_store *h, int64_t tenant_id, const char *agent, const hub_record *r, size_t n, int64_t now, int64_t *new_jobs);

/* store_jobs.c */
plt_status sq_job_get(hub_store *h, const char *agent, int64_t seq, bool (*each)(void *ctx, const hub_job *j, const hub_record *r), void *ctx);
plt_status sq_jobs(hub_store *h, const hub_job_query *q, bool (*each)(void *ctx, const hub_job *j), void *ctx);
plt_status sq_jobs_count(hub_store *h, const hub_job_query *q, int64_t cap, int64_t *n, bool *capped);
plt_status sq_overview(hub_store *h, int64_t day, int64_t silent_before, hub_overview *out);

#endif
