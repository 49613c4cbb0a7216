/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What goes after its time, and what a person may have removed. Titles go first, then jobs; roll-ups and the hashes of the
 * records stay, so that sums hold and an agent's chain can still be compared. It works in bounded steps inside the caller's
 * transaction and must never hold up the writer for longer than a step.
 */
#include "hub/store_parts.h"

#include <stdlib.h>
#include <string.h>

#include "core/policy/quota.h"
#include "core/util/text.h"

#define STEP_MAX 10000
#define DAY_MS INT64_C(86400000)
#define LEASES_KEPT_MS ((int64_t)60 * 86400000) /* settled ones, so that a report that comes again is known */
#define ANSWERS_KEPT_MS ((int64_t)86400000)
#define BORDER "\x1F" /* between title, user, queue and machine in a job's search text (batch.c) */

#define KEYS "SELECT tenant_id, agent_id, seq, time FROM jobs"
#define ONE " WHERE tenant_id=?1 AND agent_id=?2 AND seq=?3 AND time=?4"
/* Tenant by tenant along an index of tenants and times: what a tenant keeps for longer is not looked at again each minute. Materialized: PostgreSQL
   would not take a time from an outer join along that index. */
#define OF_TENANTS(days, usual, which)                                                                                                               \
    "WITH kept AS MATERIALIZED (SELECT t.tenant_id, coalesce((SELECT k." days " FROM retention k WHERE k.tenant_id=" KEEPER(                         \
        "t.tenant_id") "), " DEFAULT(usual) ") AS days FROM tenants t) SELECT j.tenant_id, j.agent_id, j.seq, j.time FROM kept CROSS JOIN jobs j"    \
                                            " ON j.tenant_id=kept.tenant_id" which " AND j.time<?1-kept.days*86400000 WHERE kept.days<>0 LIMIT ?2"
static const char titled[] = OF_TENANTS("titles_days", HUB_TITLES_DAYS, " AND j.document<>''");
static const char old[] = OF_TENANTS("jobs_days", HUB_JOBS_DAYS, "");
/* Those who keep jobs for the longest; 0: somebody does for ever. */
static const char longest[] =
    "SELECT CASE WHEN min(coalesce(k.jobs_days, " DEFAULT(HUB_JOBS_DAYS) "))=0 THEN 0 ELSE max(coalesce(k.jobs_days, " DEFAULT(
        HUB_JOBS_DAYS) ")) END FROM tenants t LEFT JOIN retention k ON k.tenant_id=" KEEPER("t.tenant_id") " HAVING count(*)>0";
static const char of_user[] = KEYS " WHERE nocase(user_name)=nocase(?3) AND time<?1 LIMIT ?2";
static const char blank_title[] = "UPDATE jobs SET document='', search=substr(search, instr(search, ?5))" ONE;
static const char blank_user[] = "UPDATE jobs SET document='', user_name='', search=?5 || substr(substr(search, instr(search, ?5)+1),"
                                 " instr(substr(search, instr(search, ?5)+1), ?5))" ONE;
static const char drop_job[] = "DELETE FROM jobs" ONE;
static const char blank_line[] = "UPDATE records SET line='' WHERE tenant_id=?1 AND agent_id=?2 AND seq=?3";

#define NAMELESS(table, period)                                                                                                                      \
    "INSERT INTO " table "(tenant_id, kind, " period ", name, jobs, pages, color_pages, sheets)"                                                     \
    " SELECT tenant_id, kind, " period ", '', sum(jobs), sum(pages), sum(color_pages), sum(sheets) FROM " table                                      \
    " WHERE kind=0 AND nocase(name)=nocase(?1) GROUP BY tenant_id, kind, " period " ON CONFLICT(tenant_id, kind, " period                            \
    ", nocase(name)) DO UPDATE SET jobs=" table ".jobs+excluded.jobs, pages=" table ".pages+excluded.pages, color_pages=" table                      \
    ".color_pages+excluded.color_pages, sheets=" table ".sheets+excluded.sheets"
static const char nameless_days[] = NAMELESS("usage_days", "day");
static const char nameless_months[] = NAMELESS("usage_months", "month");
static const char forget_days[] = "DELETE FROM usage_days WHERE kind=0 AND nocase(name)=nocase(?1)";
static const char forget_months[] = "DELETE FROM usage_months WHERE kind=0 AND nocase(name)=nocase(?1)";

static const char forget_quotas[] = "DELETE FROM quota_accounts WHERE owner=?1";
static const char forget_leases[] = "DELETE FROM quota_leases WHERE owner=?1";
static const char forget_groups[] = "DELETE FROM people_groups WHERE person=?1";
static const char forget_print_name[] = "DELETE FROM print_names WHERE nocase(name)=nocase(?1)";
static const char nameless_held[] = "UPDATE held_jobs SET user_name='', document='' WHERE nocase(user_name)=nocase(?1)";

typedef struct key {
    int64_t tenant_id, seq, time;
    char agent[HUB_AGENT_ID];
} key;

/* `now` is when, or before when, as the statement has it. */
static plt_status gather(db *d, const char *sql, int64_t now, const char *user, key *keys, size_t max, size_t *n)
{
    db_stmt *st = db_get(d, sql);
    db_bind_int(st, 1, now);
    db_bind_int(st, 2, (int64_t)max);
    if (user) db_bind_text(st, 3, user);
    plt_status status;
    *n = 0;
    while ((status = db_row(d, st)) == PLT_OK && *n < max) {
        key *k = &keys[(*n)++];
        k->tenant_id = db_int(st, 0);
        db_copy(st, 1, k->agent, sizeof k->agent);
        k->seq = db_int(st, 2);
        k->time = db_int(st, 3);
    }
    db_reset(st);
    return status == PLT_NOTFOUND ? PLT_OK : status;
}

static db_stmt *with_key(db *d, const char *sql, const key *k)
{
    db_stmt *st = db_get(d, sql);
    db_bind_int(st, 1, k->tenant_id);
    db_bind_text(st, 2, k->agent);
    db_bind_int(st, 3, k->seq);
    if (sql == blank_line) return st;
    db_bind_int(st, 4, k->time);
    if (sql != drop_job) db_bind_text(st, 5, BORDER);
    return st;
}

/* Up to `max` jobs that `which` finds become what `change` makes of them; their records lose the line. */
static plt_status change(db *d, const char *which, const char *change_sql, int64_t now, const char *user, size_t max, size_t *n)
{
    key *keys = calloc(max, sizeof *keys);
    if (!keys) return db_fail_as(d, PLT_NOMEM, "out of memory");
    plt_status status = gather(d, which, now, user, keys, max, n);
    for (size_t i = 0; status == PLT_OK && i < *n; i++) {
        status = db_later(d, with_key(d, change_sql, &keys[i]), NULL);
        if (status == PLT_OK) status = db_later(d, with_key(d, blank_line, &keys[i]), NULL);
    }
    plt_status flushed = db_flush(d);
    free(keys);
    return status == PLT_OK ? flushed : status;
}

/* PostgreSQL's months go as a whole where nobody keeps anything of them any more. */
static plt_status drop_months(db *d, int64_t now)
{
    int64_t days = HUB_JOBS_DAYS;
    plt_status status = db_number(d, db_get(d, longest), &days);
    if (status != PLT_OK && status != PLT_NOTFOUND) return status;
    return store_months_keep(d, now, days == HUB_FOR_EVER ? 0 : now - days * DAY_MS);
}

plt_status store_purge(hub_store *h, int64_t now, size_t max, bool *more)
{
    size_t titles = 0, jobs = 0;
    if (max > STEP_MAX) max = STEP_MAX;
    plt_status status = change(of(h), titled, blank_title, now, NULL, max, &titles);
    if (status == PLT_OK && titles < max) status = drop_months(of(h), now); /* what goes with its month has no title left */
    if (status == PLT_OK) status = change(of(h), old, drop_job, now, NULL, max, &jobs);
    if (status == PLT_OK) status = store_quota_ops.lease_purge(h, (now - LEASES_KEPT_MS) / 1000);
    if (status == PLT_OK) status = store_answers_forget(of(h), now - ANSWERS_KEPT_MS, max);
    if (status == PLT_OK) status = store_held_forget(of(h), now);
    if (status == PLT_OK && (titles || jobs)) db_scrub(of(h));
    *more = status == PLT_OK && (titles == max || jobs == max);
    if (status == PLT_OK) status = store_thin(h, now, max, more);
    if (status == PLT_OK) status = store_audit_cut(h, now, max, more);
    return status;
}

static plt_status with_name(db *d, const char *sql, const char *user)
{
    db_stmt *st = db_get(d, sql);
    db_bind_text(st, 1, user);
    return db_run(d, st);
}

plt_status store_erase_user(hub_store *h, const char *user, size_t max, size_t *jobs)
{
    static const char *const sums[] = {nameless_days, forget_days, nameless_months, forget_months, nameless_held, forget_print_name};
    static const char *const kept[] = {forget_quotas, forget_leases, forget_groups};
    char person[PLT_PERSON_SIZE];
    bool known = plt_person(user, person);
    *jobs = 0;
    if (!*user) return db_fail_as(of(h), PLT_BAD, "an empty name is nobody's");
    plt_status status = store_sums_write(of(h), sums_of(h));
    if (status == PLT_OK) status = change(of(h), of_user, blank_user, INT64_MAX, user, max > STEP_MAX ? STEP_MAX : max, jobs);
    for (size_t i = 0; status == PLT_OK && i < sizeof sums / sizeof *sums; i++) status = with_name(of(h), sums[i], user);
    db_scrub(of(h));
    for (size_t i = 0; status == PLT_OK && known && i < sizeof kept / sizeof *kept; i++) status = with_name(of(h), kept[i], person);
    return status;
}
