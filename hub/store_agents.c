/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The SQLite store's agents and what they upload. A record, its job, its hour's usage and the agent's durable sequence
 * change together or not at all: the caller's transaction sees to it.
 */
#include "hub/store_sqlite.h"

#include <string.h>

#define HOUR_MS 3600000

static const char agent_add[] = "INSERT INTO agents(tenant_id, agent_id, machine, os, version, enrolled, last_seen, revoked, durable, durable_hash)"
                                " VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?6, 0, 0, ?7)";
static const char certificate_add[] = "INSERT INTO certificates(tenant_id, agent_id, serial, issued, expires) VALUES(?1, ?2, ?3, ?4, ?5)";
static const char certificate_purge[] = "DELETE FROM certificates WHERE tenant_id=?1 AND agent_id=?2 AND expires<?3";
#define AGENT_COLUMNS                                                                                                                                \
    "SELECT a.tenant_id, a.agent_id, t.name, a.machine, a.os, a.version, a.enrolled, a.last_seen, a.revoked, a.durable, a.durable_hash,"             \
    " (SELECT max(c.expires) FROM certificates c WHERE c.tenant_id=a.tenant_id AND c.agent_id=a.agent_id)"                                           \
    " FROM agents a JOIN tenants t ON t.tenant_id=a.tenant_id"
static const char agent_find[] = AGENT_COLUMNS " WHERE a.tenant_id=?1 AND a.agent_id=?2 AND (?3='' OR EXISTS(SELECT 1 FROM certificates c"
                                               " WHERE c.tenant_id=a.tenant_id AND c.agent_id=a.agent_id AND c.serial=?3))";
static const char agent_list[] = AGENT_COLUMNS " ORDER BY t.name, a.machine COLLATE NOCASE, a.agent_id";
static const char agent_revoke[] = "UPDATE agents SET revoked=1 WHERE agent_id=?1";
static const char agent_seen[] = "UPDATE agents SET last_seen=?3 WHERE tenant_id=?1 AND agent_id=?2 AND last_seen<?3";
static const char agent_durable[] = "UPDATE agents SET durable=?3, durable_hash=?4, last_seen=max(last_seen, ?5) WHERE tenant_id=?1 AND agent_id=?2";
static const char record_hash[] = "SELECT hash FROM records WHERE tenant_id=?1 AND agent_id=?2 AND seq=?3";
static const char record_add[] =
    "INSERT INTO records(tenant_id, agent_id, seq, hash, uid, type, received, duplicate, line) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)";
static const char job_add[] =
    "INSERT INTO jobs(tenant_id, agent_id, seq, uid, time, received, machine, user_name, queue, port, document, outcome, bytes,"
    " language, pages, copies, impressions, sheets, color_pages, duplex, paper, confidence, source, search)"
    " VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22, ?23, ?24)"
    " ON CONFLICT(tenant_id, uid) DO NOTHING";
static const char usage_add[] = "INSERT INTO usage_hours(tenant_id, hour, jobs, pages, color_pages) VALUES(?1, ?2, 1, ?3, ?4)"
                                " ON CONFLICT(tenant_id, hour) DO UPDATE SET jobs=jobs+1, pages=pages+excluded.pages,"
                                " color_pages=color_pages+excluded.color_pages";

static sq *of(hub_store *h)
{
    return (sq *)h;
}

plt_status sq_agent_add(hub_store *h, const hub_agent *a)
{
    static const uint8_t none[32];
    sqlite3_stmt *st = sq_get(of(h), agent_add);
    sq_bind_int(st, 1, a->tenant_id);
    sq_bind_text(st, 2, a->id);
    sq_bind_text(st, 3, a->machine);
    sq_bind_text(st, 4, a->os);
    sq_bind_text(st, 5, a->version);
    sq_bind_int(st, 6, a->enrolled);
    sq_bind_blob(st, 7, none, sizeof none);
    return sq_run(of(h), st);
}

plt_status sq_certificate_add(hub_store *h, int64_t tenant_id, const char *agent, const char *serial, int64_t now, int64_t expires)
{
    sqlite3_stmt *st = sq_get(of(h), certificate_purge);
    sq_bind_int(st, 1, tenant_id);
    sq_bind_text(st, 2, agent);
    sq_bind_int(st, 3, now);
    plt_status status = sq_run(of(h), st);
    if (status != PLT_OK) return status;
    st = sq_get(of(h), certificate_add);
    sq_bind_int(st, 1, tenant_id);
    sq_bind_text(st, 2, agent);
    sq_bind_text(st, 3, serial);
    sq_bind_int(st, 4, now);
    sq_bind_int(st, 5, expires);
    return sq_run(of(h), st);
}

static bool read_agent(sqlite3_stmt *st, hub_agent *a)
{
    memset(a, 0, sizeof *a);
    a->tenant_id = sq_int(st, 0);
    sq_copy(st, 1, a->id, sizeof a->id);
    sq_copy(st, 2, a->tenant, sizeof a->tenant);
    sq_copy(st, 3, a->machine, sizeof a->machine);
    sq_copy(st, 4, a->os, sizeof a->os);
    sq_copy(st, 5, a->version, sizeof a->version);
    a->enrolled = sq_int(st, 6);
    a->last_seen = sq_int(st, 7);
    a->revoked = sq_int(st, 8) != 0;
    a->durable = sq_int(st, 9);
    a->certificate_expires = sq_int(st, 11);
    return sq_blob(st, 10, a->durable_hash, sizeof a->durable_hash);
}

plt_status sq_agent_find(hub_store *h, int64_t tenant_id, const char *agent, const char *serial, hub_agent *out)
{
    sqlite3_stmt *st = sq_get(of(h), agent_find);
    sq_bind_int(st, 1, tenant_id);
    sq_bind_text(st, 2, agent);
    sq_bind_text(st, 3, serial);
    plt_status status = sq_row(of(h), st);
    if (status != PLT_OK) return status;
    if (!read_agent(st, out)) status = sq_fail_as(of(h), PLT_BAD, "an agent's row is damaged");
    sqlite3_reset(st);
    return status;
}

plt_status sq_agent_list(hub_store *h, bool (*each)(void *ctx, const hub_agent *a), void *ctx)
{
    sqlite3_stmt *st = sq_get(of(h), agent_list);
    plt_status status;
    while ((status = sq_row(of(h), st)) == PLT_OK) {
        hub_agent a;
        if (!read_agent(st, &a)) status = sq_fail_as(of(h), PLT_BAD, "an agent's row is damaged");
        if (status != PLT_OK || !each(ctx, &a)) break;
    }
    if (st) sqlite3_reset(st);
    return status == PLT_NOTFOUND ? PLT_OK : status;
}

plt_status sq_agent_revoke(hub_store *h, const char *agent)
{
    sqlite3_stmt *st = sq_get(of(h), agent_revoke);
    sq_bind_text(st, 1, agent);
    plt_status status = sq_run(of(h), st);
    return status == PLT_OK && sqlite3_changes(of(h)->db) == 0 ? PLT_NOTFOUND : status;
}

plt_status sq_agent_seen(hub_store *h, int64_t tenant_id, const char *agent, int64_t now)
{
    sqlite3_stmt *st = sq_get(of(h), agent_seen);
    sq_bind_int(st, 1, tenant_id);
    sq_bind_text(st, 2, agent);
    sq_bind_int(st, 3, now);
    return sq_run(of(h), st);
}

plt_status sq_record_hash(hub_store *h, int64_t tenant_id, const char *agent, int64_t seq, uint8_t hash[32])
{
    sqlite3_stmt *st = sq_get(of(h), record_hash);
    sq_bind_int(st, 1, tenant_id);
    sq_bind_text(st, 2, agent);
    sq_bind_int(st, 3, seq);
    plt_status status = sq_row(of(h), st);
    if (status != PLT_OK) return status;
    if (!sq_blob(st, 0, hash, 32)) status = sq_fail_as(of(h), PLT_BAD, "a record's row is damaged");
    sqlite3_reset(st);
    return status;
}

static plt_status add_job(sq *s, int64_t tenant_id, const char *agent, const hub_job *j, int64_t now)
{
    sqlite3_stmt *st = sq_get(s, job_add);
    const char *const texts[] = {j->machine, j->user, j->queue, j->port, j->document, j->outcome};
    sq_bind_int(st, 1, tenant_id);
    sq_bind_text(st, 2, agent);
    sq_bind_int(st, 3, j->seq);
    sq_bind_text(st, 4, j->uid);
    sq_bind_int(st, 5, j->time);
    sq_bind_int(st, 6, now);
    for (int i = 0; i < 6; i++) sq_bind_text(st, 7 + i, texts[i]);
    sq_bind_int(st, 13, j->bytes);
    sq_bind_text(st, 14, j->language);
    sq_bind_int(st, 15, j->pages);
    sq_bind_int(st, 16, j->copies);
    sq_bind_int(st, 17, j->impressions);
    sq_bind_int(st, 18, j->sheets);
    sq_bind_int(st, 19, j->color_pages);
    sq_bind_text(st, 20, j->duplex);
    sq_bind_text(st, 21, j->paper);
    sq_bind_text(st, 22, j->confidence);
    sq_bind_text(st, 23, j->source);
    sq_bind_text(st, 24, j->search);
    return sq_run(s, st);
}

static int64_t known(int64_t n)
{
    return n < 0 ? 0 : n;
}

/* What reached paper: the sides of printed jobs; where the analysis does not know them, the pages. */
static plt_status add_usage(sq *s, int64_t tenant_id, const hub_job *j)
{
    bool printed = strcmp(j->outcome, "printed") == 0;
    sqlite3_stmt *st = sq_get(s, usage_add);
    sq_bind_int(st, 1, tenant_id);
    sq_bind_int(st, 2, j->time / HOUR_MS);
    sq_bind_int(st, 3, printed ? known(j->impressions >= 0 ? j->impressions : j->pages) : 0);
    sq_bind_int(st, 4, printed ? known(j->color_pages) : 0);
    return sq_run(s, st);
}

static plt_status add_record(sq *s, int64_t tenant_id, const char *agent, const hub_record *r, int64_t now, bool duplicate)
{
    sqlite3_stmt *st = sq_get(s, record_add);
    sq_bind_int(st, 1, tenant_id);
    sq_bind_text(st, 2, agent);
    sq_bind_int(st, 3, r->seq);
    sq_bind_blob(st, 4, r->hash, sizeof r->hash);
    sq_bind_text(st, 5, r->uid);
    sq_bind_text(st, 6, r->type);
    sq_bind_int(st, 7, now);
    sq_bind_int(st, 8, duplicate);
    if (st) sqlite3_bind_text(st, 9, r->line, (int)r->n, SQLITE_STATIC);
    return sq_run(s, st);
}

static plt_status set_durable(sq *s, int64_t tenant_id, const char *agent, const hub_record *last, int64_t now)
{
    sqlite3_stmt *st = sq_get(s, agent_durable);
    sq_bind_int(st, 1, tenant_id);
    sq_bind_text(st, 2, agent);
    sq_bind_int(st, 3, last->seq);
    sq_bind_blob(st, 4, last->hash, sizeof last->hash);
    sq_bind_int(st, 5, now);
    plt_status status = sq_run(s, st);
    return status == PLT_OK && sqlite3_changes(s->db) == 0 ? PLT_NOTFOUND : status;
}

plt_status sq_records_add(hub_store *h, int64_t tenant_id, const char *agent, const hub_record *r, size_t n, int64_t now, int64_t *new_jobs)
{
    sq *s = of(h);
    plt_status status = PLT_OK;
    *new_jobs = 0;
    for (size_t i = 0; status == PLT_OK && i < n; i++) {
        bool listed = false;
        if (r[i].job) {
            status = add_job(s, tenant_id, agent, r[i].job, now);
            listed = status == PLT_OK && sqlite3_changes(s->db) == 1;
            if (listed) status = add_usage(s, tenant_id, r[i].job);
            *new_jobs += listed;
        }
        if (status == PLT_OK) status = add_record(s, tenant_id, agent, &r[i], now, r[i].job && !listed);
    }
    return status == PLT_OK && n ? set_durable(s, tenant_id, agent, &r[n - 1], now) : status;
}
