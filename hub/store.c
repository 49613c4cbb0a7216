/* SPDX-License-Identifier: Apache-2.0 */
/* The store's ops table: its transactions are the connection's, the rest is in store_*.c. */
#include "hub/store_collections.h"
#include "hub/store_orders.h"
#include "hub/store_parts.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "hub/store_alerts.h"
#include "hub/store_catalogue.h"
#include "hub/store_device_groups.h"
#include "hub/store_held.h"
#include "hub/store_receipts.h"
#include "hub/store_schedules.h"
#include "os/clock.h"
#include "os/file.h"

static void close_store(hub_store *h)
{
    if (!h) return;
    db_close(of(h));
    store_sums_free(sums_of(h));
    store_catalogue_free(((sql_store *)h)->catalogue);
    free(h);
}

static const char *problem_of(hub_store *h)
{
    return db_problem(of(h));
}

static plt_status begin(hub_store *h)
{
    return db_begin(of(h));
}

static plt_status commit(hub_store *h)
{
    plt_status status = store_sums_write(of(h), sums_of(h));
    if (status == PLT_OK) return db_commit(of(h));
    db_rollback(of(h));
    return status;
}

static void rollback(hub_store *h)
{
    store_sums_clear(sums_of(h));
    db_rollback(of(h));
}

static plt_status mark(hub_store *h)
{
    store_sums_mark(sums_of(h));
    return db_mark(of(h));
}

static plt_status keep(hub_store *h)
{
    plt_status status = db_keep(of(h));
    return status == PLT_OK ? store_sums_keep(of(h), sums_of(h)) : status;
}

static plt_status undo(hub_store *h)
{
    store_sums_undo(sums_of(h));
    return db_undo(of(h));
}

plt_status store_two_sums(db *d, const char *sql, int64_t scope, int64_t *a, int64_t *b)
{
    db_stmt *st = db_get(d, sql);
    db_bind_int(st, 1, scope);
    plt_status status = db_row(d, st);
    if (status != PLT_OK) return status;
    *a = db_int(st, 0);
    *b = db_int(st, 1);
    db_reset(st);
    return PLT_OK;
}

/* The row's lock makes those who ask at once take turns until the commit. */
plt_status store_next_number(db *d, int64_t tenant_id, const char *what, int64_t *no)
{
    db_stmt *st = db_get(d, "INSERT INTO numbers(tenant_id, what, last) VALUES(?1, ?2, 1)"
                            " ON CONFLICT(tenant_id, what) DO UPDATE SET last=numbers.last+1 RETURNING last");
    db_bind_int(st, 1, tenant_id);
    db_bind_text(st, 2, what);
    plt_status status = db_row(d, st);
    if (status != PLT_OK) return status == PLT_NOTFOUND ? db_fail_as(d, PLT_IO, "the database gave no number") : status;
    *no = db_int(st, 0);
    db_reset(st);
    return PLT_OK;
}

#define TOLD_WORDS 192 /* a kind, four numbers or ids of up to 20 digits, a lease's id */

static const char *const told[HUB_TOLD_KINDS] = {"jobs", "devices", "policy", "lease", "order"};

static plt_status tell(hub_store *h, const hub_telling *t)
{
    char words[TOLD_WORDS];
    snprintf(words, sizeof words, "%s %" PRIx64 " %" PRId64 " %" PRId64 " %s %s", told[t->what], h->hub, t->n, t->tenant_id, t->agent, t->lease);
    return db_tell(of(h), words);
}

static plt_status hear(hub_store *h, uint32_t wait_ms, hub_telling *t)
{
    char words[TOLD_WORDS], what[16];
    uint64_t hub = 0;
    plt_status status = db_hear(of(h), wait_ms, words, sizeof words);
    if (status != PLT_OK) return status;
    t->agent[0] = t->lease[0] = 0;
    int fields = sscanf(words, "%15s %" SCNx64 " %" SCNd64 " %" SCNd64 " %16s %32s", what, &hub, &t->n, &t->tenant_id, t->agent, t->lease);
    bool others = fields >= 4 && hub != h->hub && t->n > 0;
    for (int i = 0; others && i < HUB_TOLD_KINDS; i++) {
        t->what = i;
        if (strcmp(told[i], what) == 0) return PLT_OK;
    }
    return PLT_NOTFOUND;
}

static const hub_store_ops ops = {
    .close = close_store,
    .problem = problem_of,
    .begin = begin,
    .commit = commit,
    .rollback = rollback,
    .mark = mark,
    .keep = keep,
    .undo = undo,
    .tell = tell,
    .hear = hear,
    .tenant_find = store_tenant_find,
    .tenant_make = store_tenant_make,
    .key_add = store_key_add,
    .key_list = store_key_list,
    .key_revoke = store_key_revoke,
    .key_find = store_key_find,
    .key_use = store_key_use,
    .agent_add = store_agent_add,
    .certificate_add = store_certificate_add,
    .agent_find = store_agent_find,
    .agent_list = store_agent_list,
    .agents = store_agents,
    .agents_count = store_agents_count,
    .agent_revoke = store_agent_revoke,
    .agent_seen = store_agent_seen,
    .record_hash = store_record_hash,
    .records_add = store_records_add,
    .job_get = store_job_get,
    .jobs = store_jobs,
    .jobs_count = store_jobs_count,
    .own_jobs = store_own_jobs,
    .overview = store_overview,
    .usage = store_usage,
    .usage_trend = store_usage_trend,
    .purge = store_purge,
    .upkeep_turn = store_upkeep_turn,
    .keeping = store_keeping,
    .keeping_put = store_keeping_put,
    .keeping_drop = store_keeping_drop,
    .keeping_below = store_keeping_below,
    .expired = store_expired,
    .oldest = store_oldest,
    .erase_user = store_erase_user,
    .issued_add = store_issued_add,
    .issued = store_issued,
    .issued_of = store_issued_of,
    .issued_body = store_issued_body,
    .answer_get = store_answer_get,
    .answer_put = store_answer_put,
    .answer_count = store_answer_count,
    .account_find = store_account_find,
    .account_put = store_account_put,
    .session_add = store_session_add,
    .session_find = store_session_find,
    .session_touch = store_session_touch,
    .session_drop = store_session_drop,
    .session_drop_all = store_session_drop_all,
    .session_purge = store_session_purge,
    .devices = &hub_device_store,
    .device_groups = &hub_device_group_store,
    .orders = &hub_order_store,
    .held = &hub_held_store,
    .collections = &hub_collection_store,
    .policy = &store_policy_ops,
    .quota = &store_quota_ops,
    .alerts = &hub_alert_store,
    .schedules = &hub_schedule_store,
    .receipts = &hub_receipt_store,
    .catalogue = &hub_catalogue_store,
};

/* Takes over the connection; brings it to the current schema. */
static plt_status wrap(hub_store **out, db *d, char *problem, size_t n)
{
    sql_store *s = calloc(1, sizeof *s);
    plt_status status = s ? store_migrate(d) : db_fail_as(d, PLT_NOMEM, "out of memory");
    if (status == PLT_OK) status = store_months_make(d, os_clock_unix_ms());
    if (status != PLT_OK) {
        snprintf(problem, n, "%s", db_problem(d));
        db_close(d);
        free(s);
        return status;
    }
    *s = (sql_store){.base = {.ops = &ops, .people = &store_people}, .db = d};
    store_sums_init(&s->sums);
    *out = &s->base;
    return PLT_OK;
}

plt_status hub_store_open(hub_store **out, const hub_store_where *where, bool writer, char *problem, size_t n)
{
    char path[OS_PATH_MAX];
    db *d;
    *out = NULL;
    if (where->url && *where->url) {
        plt_status status = db_postgres_open(&d, where->url, problem, n);
        return status == PLT_OK ? wrap(out, d, problem, n) : status;
    }
    if (!os_path_join(path, sizeof path, where->data_dir, "hub.db")) {
        snprintf(problem, n, "the data folder's name is too long");
        return PLT_BAD;
    }
    plt_status status = db_sqlite_open(&d, path, writer, problem, n);
    return status == PLT_OK ? wrap(out, d, problem, n) : status;
}

plt_status hub_store_sqlite_open(hub_store **out, const char *data_dir, bool writer, char *problem, size_t n)
{
    return hub_store_open(out, &(hub_store_where){.data_dir = data_dir}, writer, problem, n);
}
