/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of the store share: its connection, and the functions of the ops table. Nothing else includes it. */
#ifndef PLATEN_HUB_STORE_PARTS_H
#define PLATEN_HUB_STORE_PARTS_H

#include "hub/db.h"
#include "hub/store.h"

typedef struct sql_store {
    hub_store base; /* first: a hub_store * is an sql_store * */
    db *db;
} sql_store;

static inline db *of(hub_store *h)
{
    return ((sql_store *)h)->db;
}

/* store_schema.c: brings an open database to the current schema. */
plt_status store_migrate(db *d);

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
plt_status store_session_add(hub_store *h, const uint8_t token_sha256[32], const char *name, int64_t now);
plt_status store_session_find(hub_store *h, const uint8_t token_sha256[32], int64_t idle_since, int64_t made_since, hub_session_row *out);
plt_status store_session_touch(hub_store *h, const uint8_t token_sha256[32], int64_t now);
plt_status store_session_drop(hub_store *h, const uint8_t token_sha256[32]);
plt_status store_session_drop_all(hub_store *h, const char *name, const uint8_t *keep);
plt_status store_session_purge(hub_store *h, int64_t idle_since, int64_t made_since);

/* store_agents.c */
plt_status store_agent_add(hub_store *h, const hub_agent *a);
plt_status store_certificate_add(hub_store *h, int64_t tenant_id, const char *agent, const char *serial, int64_t now, int64_t expires);
plt_status store_agent_find(hub_store *h, int64_t tenant_id, const char *agent, const char *serial, hub_agent *out);
plt_status store_agent_list(hub_store *h, bool (*each)(void *ctx, const hub_agent *a), void *ctx);
plt_status store_agent_revoke(hub_store *h, const char *agent);
plt_status store_agent_seen(hub_store *h, int64_t tenant_id, const char *agent, int64_t now);
plt_status store_record_hash(hub_store *h, int64_t tenant_id, const char *agent, int64_t seq, uint8_t hash[32]);
plt_status store_records_add(hub_store *h, int64_t tenant_id, const char *agent, const hub_record *r, size_t n, int64_t now, int64_t *new_jobs);

/* store_jobs.c */
plt_status store_job_get(hub_store *h, const char *agent, int64_t seq, bool (*each)(void *ctx, const hub_job *j, const hub_record *r), void *ctx);
plt_status store_jobs(hub_store *h, const hub_job_query *q, bool (*each)(void *ctx, const hub_job *j), void *ctx);
plt_status store_jobs_count(hub_store *h, const hub_job_query *q, int64_t cap, int64_t *n, bool *capped);
plt_status store_overview(hub_store *h, int64_t day, int64_t silent_before, hub_overview *out);

#endif
