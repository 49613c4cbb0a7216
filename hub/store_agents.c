/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The store's agents and what they upload. A record, its job, what is added up of it and the agent's durable sequence
 * change together or not at all: the caller's transaction sees to it.
 */
#include "hub/store_parts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/util/text.h"
#include "hub/fold.h"
#include "hub/natural.h"

#define FILL_ONCE 500

static const char agent_add[] = "INSERT INTO agents(tenant_id, agent_id, machine, os, version, enrolled, last_seen, revoked, durable, durable_hash,"
                                " sort_machine, sort_version, search) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?6, 0, 0, ?7, ?8, ?9, ?10)";
static const char certificate_add[] = "INSERT INTO certificates(tenant_id, agent_id, serial, issued, expires) VALUES(?1, ?2, ?3, ?4, ?5)";
static const char certificate_note[] =
    "UPDATE agents SET certificate_expires=?3 WHERE tenant_id=?1 AND agent_id=?2 AND certificate_expires<?3"; /* the list is sorted by it */
static const char certificate_purge[] = "DELETE FROM certificates WHERE tenant_id=?1 AND agent_id=?2 AND expires<?3";
#define AGENT STORE_AGENT_COLUMNS " FROM agents a JOIN tenants t ON t.tenant_id=a.tenant_id"
#define OF_AGENT                                                                                                                                     \
    "a.agent_id=?2 AND (?3='' OR EXISTS(SELECT 1 FROM certificates c WHERE c.tenant_id=a.tenant_id AND c.agent_id=a.agent_id AND c.serial=?3))"
static const char agent_find[] = AGENT " WHERE a.tenant_id=?1 AND " OF_AGENT;
static const char agent_find_any[] = AGENT " WHERE ?1=0 AND " OF_AGENT;
static const char agent_list[] = AGENT " WHERE " IN_SCOPE("a.tenant_id") " ORDER BY t.name, lower(a.machine), a.agent_id";
static const char agent_revoke[] = "UPDATE agents SET revoked=1 WHERE agent_id=?2 AND " IN_SCOPE("tenant_id");
static const char agent_seen[] = "UPDATE agents SET last_seen=?3 WHERE tenant_id=?1 AND agent_id=?2 AND last_seen<?3";
static const char agent_durable[] =
    "UPDATE agents SET durable=?3, durable_hash=?4, last_seen=CASE WHEN last_seen<?5 THEN ?5 ELSE last_seen END WHERE tenant_id=?1 AND agent_id=?2";
static const char record_hash[] = "SELECT hash FROM records WHERE tenant_id=?1 AND agent_id=?2 AND seq=?3";
static const char record_add[] =
    "INSERT INTO records(tenant_id, agent_id, seq, hash, uid, type, received, duplicate, line) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)"
    " ON CONFLICT(tenant_id, uid) WHERE type='job' AND duplicate=0 DO NOTHING";
#define RECORD_KEY 3 /* seq */
static const char job_add[] =
    "INSERT INTO jobs(tenant_id, agent_id, seq, uid, time, received, machine, user_name, queue, port, document, outcome, bytes,"
    " language, pages, copies, impressions, sheets, color_pages, duplex, paper, confidence, source, search, facts, account)"
    " VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22, ?23, ?24, ?25, ?26)";

plt_status store_agent_add(hub_store *h, const hub_agent *a)
{
    static const uint8_t none[32];
    store_agent_keys keys;
    store_agent_keys_of(&keys, a->id, a->machine, a->os, a->version);
    db_stmt *st = db_get(of(h), agent_add);
    db_bind_int(st, 1, a->tenant_id);
    db_bind_text(st, 2, a->id);
    db_bind_text(st, 3, a->machine);
    db_bind_text(st, 4, a->os);
    db_bind_text(st, 5, a->version);
    db_bind_int(st, 6, a->enrolled);
    db_bind_blob(st, 7, none, sizeof none);
    db_bind_text(st, 8, keys.machine);
    db_bind_text(st, 9, keys.version);
    db_bind_text(st, 10, keys.search);
    return db_run(of(h), st);
}

plt_status store_certificate_add(hub_store *h, int64_t tenant_id, const char *agent, const char *serial, int64_t now, int64_t expires)
{
    db_stmt *st = db_get(of(h), certificate_purge);
    db_bind_int(st, 1, tenant_id);
    db_bind_text(st, 2, agent);
    db_bind_int(st, 3, now);
    plt_status status = db_run(of(h), st);
    if (status != PLT_OK) return status;
    st = db_get(of(h), certificate_add);
    db_bind_int(st, 1, tenant_id);
    db_bind_text(st, 2, agent);
    db_bind_text(st, 3, serial);
    db_bind_int(st, 4, now);
    db_bind_int(st, 5, expires);
    status = db_run(of(h), st);
    if (status != PLT_OK) return status;
    st = db_get(of(h), certificate_note);
    db_bind_int(st, 1, tenant_id);
    db_bind_text(st, 2, agent);
    db_bind_int(st, 3, expires);
    return db_run(of(h), st);
}

bool store_agent_read(db_stmt *st, hub_agent *a)
{
    memset(a, 0, sizeof *a);
    a->tenant_id = db_int(st, 0);
    db_copy(st, 1, a->id, sizeof a->id);
    db_copy(st, 2, a->tenant, sizeof a->tenant);
    db_copy(st, 3, a->machine, sizeof a->machine);
    db_copy(st, 4, a->os, sizeof a->os);
    db_copy(st, 5, a->version, sizeof a->version);
    a->enrolled = db_int(st, 6);
    a->last_seen = db_int(st, 7);
    a->revoked = db_int(st, 8) != 0;
    a->durable = db_int(st, 9);
    a->certificate_expires = db_int(st, 11);
    return db_blob(st, 10, a->durable_hash, sizeof a->durable_hash);
}

plt_status store_agent_find(hub_store *h, int64_t tenant_id, const char *agent, const char *serial, hub_agent *out)
{
    db_stmt *st = db_get(of(h), tenant_id == HUB_OPERATOR ? agent_find_any : agent_find);
    db_bind_int(st, 1, tenant_id);
    db_bind_text(st, 2, agent);
    db_bind_text(st, 3, serial);
    plt_status status = db_row(of(h), st);
    if (status != PLT_OK) return status;
    if (!store_agent_read(st, out)) status = db_fail_as(of(h), PLT_BAD, "an agent's row is damaged");
    db_reset(st);
    return status;
}

plt_status store_agent_list(hub_store *h, int64_t scope, bool (*each)(void *ctx, const hub_agent *a), void *ctx)
{
    db_stmt *st = db_get(of(h), agent_list);
    plt_status status;
    db_bind_int(st, 1, scope);
    while ((status = db_row(of(h), st)) == PLT_OK) {
        hub_agent a;
        if (!store_agent_read(st, &a)) status = db_fail_as(of(h), PLT_BAD, "an agent's row is damaged");
        if (status != PLT_OK || !each(ctx, &a)) break;
    }
    db_reset(st);
    return status == PLT_NOTFOUND ? PLT_OK : status;
}

plt_status store_agent_revoke(hub_store *h, int64_t scope, const char *agent)
{
    db_stmt *st = db_get(of(h), agent_revoke);
    db_bind_int(st, 1, scope);
    db_bind_text(st, 2, agent);
    return db_run_some(of(h), st);
}

plt_status store_agent_seen(hub_store *h, int64_t tenant_id, const char *agent, int64_t now)
{
    db_stmt *st = db_get(of(h), agent_seen);
    db_bind_int(st, 1, tenant_id);
    db_bind_text(st, 2, agent);
    db_bind_int(st, 3, now);
    return db_run(of(h), st);
}

plt_status store_record_hash(hub_store *h, int64_t tenant_id, const char *agent, int64_t seq, uint8_t hash[32])
{
    db_stmt *st = db_get(of(h), record_hash);
    db_bind_int(st, 1, tenant_id);
    db_bind_text(st, 2, agent);
    db_bind_int(st, 3, seq);
    plt_status status = db_row(of(h), st);
    if (status != PLT_OK) return status;
    if (!db_blob(st, 0, hash, 32)) status = db_fail_as(of(h), PLT_BAD, "a record's row is damaged");
    db_reset(st);
    return status;
}

static plt_status add_job(db *d, int64_t tenant_id, const char *agent, const hub_job *j, int64_t now)
{
    db_stmt *st = db_get(d, job_add);
    const char *const texts[] = {j->machine, j->user, j->queue, j->port, j->document, j->outcome};
    db_bind_int(st, 1, tenant_id);
    db_bind_text(st, 2, agent);
    db_bind_int(st, 3, j->seq);
    db_bind_text(st, 4, j->uid);
    db_bind_int(st, 5, j->time);
    db_bind_int(st, 6, now);
    for (int i = 0; i < 6; i++) db_bind_text(st, 7 + i, texts[i]);
    db_bind_int(st, 13, j->bytes);
    db_bind_text(st, 14, j->language);
    db_bind_int(st, 15, j->pages);
    db_bind_int(st, 16, j->copies);
    db_bind_int(st, 17, j->impressions);
    db_bind_int(st, 18, j->sheets);
    db_bind_int(st, 19, j->color_pages);
    db_bind_text(st, 20, j->duplex);
    db_bind_text(st, 21, j->paper);
    db_bind_text(st, 22, j->confidence);
    db_bind_text(st, 23, j->source);
    db_bind_text(st, 24, j->search);
    db_bind_blob(st, 25, j->facts_size ? j->facts : "", j->facts_size);
    db_bind_text(st, 26, j->account);
    return db_many(d, st, 0, NULL);
}

/* *added becomes 0 where a job of that uid came before: it is kept, too, as a duplicate. */
static plt_status add_record(db *d, int64_t tenant_id, const char *agent, const hub_record *r, int64_t now, bool duplicate, int64_t *added)
{
    db_stmt *st = db_get(d, record_add);
    db_bind_int(st, 1, tenant_id);
    db_bind_text(st, 2, agent);
    db_bind_int(st, 3, r->seq);
    db_bind_blob(st, 4, r->hash, sizeof r->hash);
    db_bind_text(st, 5, r->uid);
    db_bind_text(st, 6, r->type);
    db_bind_int(st, 7, now);
    db_bind_int(st, 8, duplicate);
    db_bind_text_n(st, 9, r->line, r->n);
    return db_many(d, st, RECORD_KEY, added);
}

static plt_status set_durable(db *d, int64_t tenant_id, const char *agent, const hub_record *last, int64_t now, int64_t *found)
{
    db_stmt *st = db_get(d, agent_durable);
    db_bind_int(st, 1, tenant_id);
    db_bind_text(st, 2, agent);
    db_bind_int(st, 3, last->seq);
    db_bind_blob(st, 4, last->hash, sizeof last->hash);
    db_bind_int(st, 5, now);
    return db_later(d, st, found);
}

static plt_status add_jobs(hub_store *h, int64_t tenant_id, const char *agent, const hub_record *r, size_t n, int64_t now, const int64_t *added,
                           int64_t *new_jobs)
{
    db *d = of(h);
    plt_status status = PLT_OK;
    for (size_t i = 0; status == PLT_OK && i < n; i++) {
        if (!added[i] || !r[i].job) continue;
        status = add_job(d, tenant_id, agent, r[i].job, now);
        ++*new_jobs;
    }
    return status == PLT_OK && *new_jobs ? store_usage_add(d, sums_of(h), tenant_id, r, added, n) : status;
}

/*
 * Two ways there and back, however many records: which are new is asked of all, then what follows from it is written of all,
 * rows of one table one after the other. What the statements point to is the caller's and stands until the end.
 */
static plt_status add_records(hub_store *h, int64_t tenant_id, const char *agent, const hub_record *r, size_t n, int64_t now, int64_t *added,
                              int64_t *new_jobs)
{
    db *d = of(h);
    int64_t found = 0;
    plt_status status = PLT_OK;
    for (size_t i = 0; status == PLT_OK && i < n; i++) status = add_record(d, tenant_id, agent, &r[i], now, false, &added[i]);
    if (status == PLT_OK) status = db_flush(d);
    for (size_t i = 0; status == PLT_OK && i < n; i++)
        if (!added[i]) status = add_record(d, tenant_id, agent, &r[i], now, true, NULL);
    if (status == PLT_OK) status = add_jobs(h, tenant_id, agent, r, n, now, added, new_jobs);
    if (status == PLT_OK) status = set_durable(d, tenant_id, agent, &r[n - 1], now, &found);
    plt_status flushed = db_flush(d); /* after a failure, too: what waits points into this call */
    if (status == PLT_OK) status = flushed;
    return status == PLT_OK && !found ? PLT_NOTFOUND : status;
}

plt_status store_records_add(hub_store *h, int64_t tenant_id, const char *agent, const hub_record *r, size_t n, int64_t now, int64_t *new_jobs)
{
    *new_jobs = 0;
    if (!n) return PLT_OK;
    int64_t *added = calloc(n, sizeof *added);
    if (!added) return db_fail_as(of(h), PLT_NOMEM, "out of memory");
    plt_status status = add_records(h, tenant_id, agent, r, n, now, added, new_jobs);
    free(added);
    return status;
}

/* ---- what the list is sorted and searched by ---- */

void store_agent_keys_of(store_agent_keys *k, const char *id, const char *machine, const char *os, const char *version)
{
    plt_buf folded;
    hub_natural_key(k->machine, sizeof k->machine, machine);
    hub_natural_key(k->version, sizeof k->version, version);
    char text[sizeof k->search];
    snprintf(text, sizeof text, "%s\n%s\n%s\n%s", machine, os, version, id);
    plt_buf_init(&folded, sizeof k->search);
    hub_fold(&folded, text);
    plt_copy(k->search, sizeof k->search, plt_buf_str(&folded));
    plt_buf_free(&folded);
}

typedef struct unfilled {
    int64_t tenant_id;
    char id[HUB_AGENT_ID];
    store_agent_keys keys;
} unfilled;

static plt_status write_keys(db *d, const unfilled *u)
{
    db_stmt *st = db_get(d, "UPDATE agents SET sort_machine=?3, sort_version=?4, search=?5 WHERE tenant_id=?1 AND agent_id=?2");
    db_bind_int(st, 1, u->tenant_id);
    db_bind_text(st, 2, u->id);
    db_bind_text(st, 3, u->keys.machine);
    db_bind_text(st, 4, u->keys.version);
    db_bind_text(st, 5, u->keys.search);
    return db_run(d, st);
}

plt_status store_agents_fill(db *d)
{
    unfilled *u = calloc(FILL_ONCE, sizeof *u);
    char last[HUB_AGENT_ID] = "";
    plt_status status = u ? PLT_OK : db_fail_as(d, PLT_NOMEM, "out of memory");
    for (size_t n = FILL_ONCE; status == PLT_OK && n == FILL_ONCE;) {
        db_stmt *st = db_get(d, "SELECT tenant_id, agent_id, machine, os, version FROM agents WHERE agent_id>?1 ORDER BY agent_id LIMIT ?2");
        db_bind_text(st, 1, last);
        db_bind_int(st, 2, FILL_ONCE);
        for (n = 0; n < FILL_ONCE && (status = db_row(d, st)) == PLT_OK; n++) {
            u[n].tenant_id = db_int(st, 0);
            db_copy(st, 1, u[n].id, sizeof u[n].id);
            store_agent_keys_of(&u[n].keys, u[n].id, db_text(st, 2), db_text(st, 3), db_text(st, 4));
        }
        if (status == PLT_OK) db_reset(st);
        if (status == PLT_NOTFOUND) status = PLT_OK;
        for (size_t i = 0; status == PLT_OK && i < n; i++) status = write_keys(d, &u[i]);
        if (n) plt_copy(last, sizeof last, u[n - 1].id);
    }
    free(u);
    return status;
}
