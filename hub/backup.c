/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Backup and restore. Between engines the rows of each table of the list below are copied; from SQLite to a file the database
 * copies itself (VACUUM INTO), in one read transaction, so that the hub goes on writing. It must never write over a database.
 */
#include "hub/backup.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/util/buf.h"
#include "core/util/text.h"
#include "hub/store_parts.h"
#include "os/error.h"
#include "os/file.h"

#define FETCH 2000 /* rows of PostgreSQL in memory at a time */
#define SQL_MAX 4096
#define CHUNK (1u << 20)

const hub_backup_table hub_backup_tables[] = {
    {"tenants", "tenant_id, name, created, parent, level", "itiit"},
    {"tenant_tree", "ancestor, tenant_id", "ii"},
    {"enrolment_keys", "tenant_id, key_id, secret_hash, created, expires, uses_left, used, revoked", "itbiiiii"},
    {"agents",
     "tenant_id, agent_id, machine, os, version, enrolled, last_seen, revoked, durable, durable_hash, certificate_expires, sort_machine,"
     " sort_version, search",
     "ittttiiiibittt"},
    {"certificates", "tenant_id, agent_id, serial, issued, expires", "ittii"},
    {"records", "tenant_id, agent_id, seq, hash, uid, type, received, duplicate, line", "itibttiit"},
    {"jobs",
     "job_no, tenant_id, agent_id, seq, uid, time, received, machine, user_name, queue, port, document, outcome, bytes, language, pages, copies,"
     " impressions, sheets, color_pages, duplex, paper, confidence, source, search, facts, account",
     "iititiittttttitiiiiitttttbt"},
    {"usage_hours", "tenant_id, hour, jobs, pages, color_pages", "iiiii"},
    {"usage_days", "tenant_id, kind, day, name, jobs, pages, color_pages, sheets, duplex_pages, duplex_sheets, cost, unpriced", "iiitiiiiiiii"},
    {"usage_months", "tenant_id, kind, month, name, jobs, pages, color_pages, sheets, duplex_pages, duplex_sheets, cost, unpriced", "iiitiiiiiiii"},
    {"accounts", "tenant_id, name, role, password, must_change, changed, scope, disabled, totp, totp_step, last_sign_in", "itttiiiitii"},
    {"recovery_codes", "name, code_hash", "tb"},
    {"roles", "name, rights", "ti"},
    {"sso_providers",
     "tenant_id, label, issuer, client_id, client_secret, console, authorize, token, key_url, ca, group_claim, roles, provision,"
     " name_claim",
     "itttttttttttit"},
    {"sso_subjects", "tenant_id, issuer, subject, name, made", "ittti"},
    {"print_names", "tenant_id, name, account, provider", "itti"},
    {"tokens", "token_id, secret_hash, label, name, rights, created, expires, last_used, revoked", "tbttiiiii"},
    {"sessions", "tenant_id, token_hash, name, created, last_used, address, client", "ibtiitt"},
    {"audit", "seq, tenant_id, at, who, action, object, line, hash", "iiittttt"},
    {"audit_head", "seq, hash, days, cut, cut_hash", "itiit"},
    {"devices",
     "tenant_id, device_no, merged_into, make, model, serial, mac, name, location, address, state, supplies, lowest, low, attention,"
     " total, alerts, ways, first_seen, last_seen, last_read, search, sort_name, sort_place",
     "iiitttttttttiiiiiiiiittt"},
    {"device_ways",
     "tenant_id, way_no, device_no, home, ended, pinned, agent_id, via, way_key, address, first_seen, last_seen, last_read, outcome,"
     " why, make, model, serial, mac, uuid, thinned",
     "iiiiiittttiiiitttttti"},
    {"device_values", "tenant_id, way_no, model", "iit"},
    {"meter_readings", "tenant_id, way_no, meter, at, until, count, source, paper", "iiiiiiii"},
    {"supply_levels", "tenant_id, way_no, supply, at, until, percent, serial", "iiiiiit"},
    {"device_alerts", "tenant_id, way_no, alert, opened, closed, severity, code, words, remedy", "iiiiitttt"},
    {"device_events", "tenant_id, event_no, device_no, way_no, at, other, kind, detail", "iiiiiitt"},
    {"numbers", "tenant_id, what, last", "iti"},
    {"policy_serials", "tenant_id, serial", "ii"},
    {"policy_sets", "tenant_id, set_id, name, draft, draft_by, created, draft_at, removed, removed_by", "ittttiiit"},
    {"policy_versions", "tenant_id, set_id, version, created, from_version, author, note, body", "itiiittt"},
    {"policy_assignments", "tenant_id, scope, group_id, percent, set_id, version, shadow, author, created", "iititiiti"},
    {"agent_groups", "tenant_id, group_id, name", "itt"},
    {"agent_group_members", "tenant_id, group_id, agent_id", "itt"},
    {"charge_accounts", "tenant_id, code, name, kind, parent, pin", "ittttt"},
    {"price_versions", "tenant_id, version, created, from_version, since, author, note, body", "iiiitttt"},
    {"catalogue_versions", "tenant_id, version, created, from_version, models, author, note, body", "iiiiittt"},
    {"upkeep", "at", "i"},
    {"retention", "tenant_id, titles_days, jobs_days, readings_days, author, changed", "iiiiti"},
    {"issued", "tenant_id, issue_id, kind, period, at, who, body, replaces, reason, devices, gaps, counted", "itttittttiii"},
    {"issued_devices", "tenant_id, issue_id, device_no, counted, gaps", "itiii"},
    {"receipt_plans", "tenant_id, automatic, hours, month, due, at, reason, lease_until, lease_by", "iiiiiitit"},
    {"policy_reports", "tenant_id, agent_id, serial, set_id, version, shadow, problem, at", "ititiiti"},
    {"quota_accounts", "tenant_id, quota, owner, period, rolled, spent, leased", "ittiiii"},
    {"quota_leases", "tenant_id, agent_id, lease_id, quota, owner, period, units, until, spent, state", "ittttiiiii"},
    {"people_groups", "tenant_id, group_name, person", "itt"},
    {"held_lists", "tenant_id, agent_id, seq, told", "itii"},
    {"held_jobs",
     "tenant_id, agent_id, uid, user_name, document, machine, queue, device, rule, currency, pages, copies, sheets, color_pages, cost, since, ends, "
     "gone,"
     " order_no, act, state, asked_by, asked, changed, until",
     "itttttttttiiiiiiiiiiitiii"},
    {"collections", "tenant_id, agent_id, serial, addresses, author, changed, sealed, held, refused, reported, report", "itiitibiiit"},
    {"read_orders", "tenant_id, agent_id, what, order_no, state, printers, reason, asked, changed, until", "itiiiitiii"},
    {"alert_rules", "tenant_id, rule_id, name, author, changed, body, last, first, day, count, number", "itttitiiiii"},
    {"alerts",
     "alert_no, tenant_id, rule_id, kind, subject, label, place, agent_id, device_no, value, detail, look, phase, since, turned, due, flaps, opened,"
     " closed, acked, acked_by, note, told",
     "iittttttiitiiiiiiiiitti"},
    {"alert_channels", "tenant_id, channel_id, name, kind, enabled, language, target, ca, generation", "ittiittti"},
    {"mail_server", "tenant_id, host, port, tls, user_name, secret, sender, ca", "itiitbtt"},
    {"alert_deliveries",
     "delivery_no, tenant_id, rule_id, channel_id, delivery_key, target, body, created, due, attempts, lease_until, lease_by, state, reason, "
     "finished",
     "iitttttiiiititi"},
    {"answers", "tenant_id, who, how, request_key, at, print, kept, status, body", "itttibiit"},
    {"device_groups", "tenant_id, group_id, name", "itt"},
    {"device_group_parts", "tenant_id, group_id, part_no, device_no, site, model, name, place, model_like, name_like, place_like", "itiiitttttt"},
    {"schedules", "tenant_id, schedule_id, author, changed, body, next, last_due, last_at, outcome, reason, lease_until, lease_by", "ittitiiiitit"},
    {"report_files", "tenant_id, file_id, at, content", "itib"},
    {NULL, NULL, NULL},
};

static plt_status said(char *problem, size_t n, plt_status status, const char *words, const char *object)
{
    snprintf(problem, n, "%s: %s", object, words);
    return status;
}

/* ---- copying rows ---- */

static void copy_column(db_stmt *from, db_stmt *to, int at, char type)
{
    size_t n;
    if (type == 'i')
        db_bind_int(to, at + 1, db_int(from, at));
    else if (type == 't')
        db_bind_text_n(to, at + 1, db_text(from, at), db_text_size(from, at));
    else {
        const void *p = db_bytes(from, at, &n);
        db_bind_blob(to, at + 1, n ? p : "", n);
    }
}

/* All rows that a statement gives; *rows counts them. */
static plt_status copy_rows(db *from, db_stmt *read, db *to, db_stmt *write, const char *types, int64_t *rows)
{
    plt_status status;
    while ((status = db_row(from, read)) == PLT_OK) {
        for (int i = 0; types[i]; i++) copy_column(read, write, i, types[i]);
        status = db_later(to, write, NULL);
        if (status != PLT_OK) return status;
        ++*rows;
    }
    return status == PLT_NOTFOUND ? PLT_OK : status;
}

/* PostgreSQL's answers come whole: a cursor takes them in portions. */
static plt_status copy_by_cursor(db *from, const char *select, db *to, db_stmt *write, const char *types)
{
    plt_buf sql;
    plt_buf_init(&sql, SQL_MAX);
    plt_buf_printf(&sql, "DECLARE portion CURSOR FOR %s", select);
    plt_status status = sql.status == PLT_OK ? db_exec(from, plt_buf_str(&sql)) : PLT_NOMEM;
    plt_buf_free(&sql);
    char fetch[64];
    snprintf(fetch, sizeof fetch, "FETCH %d FROM portion", FETCH);
    for (int64_t rows = FETCH; status == PLT_OK && rows == FETCH;) {
        db_stmt *read = db_prepare(from, fetch);
        rows = 0;
        status = copy_rows(from, read, to, write, types, &rows);
        db_finalize(read);
    }
    return status == PLT_OK ? db_exec(from, "CLOSE portion") : status;
}

static plt_status copy_table(db *from, db *to, const hub_backup_table *t)
{
    plt_buf select, insert, empty;
    int64_t rows = 0;
    plt_buf_init(&select, SQL_MAX);
    plt_buf_init(&insert, SQL_MAX);
    plt_buf_init(&empty, SQL_MAX);
    plt_buf_printf(&select, "SELECT %s FROM %s", t->columns, t->name);
    plt_buf_printf(&insert, "INSERT INTO %s(%s) VALUES(", t->name, t->columns);
    for (int i = 0; t->types[i]; i++) plt_buf_printf(&insert, "%s?%d", i ? ", " : "", i + 1);
    plt_buf_text(&insert, ")");
    plt_buf_printf(&empty, "DELETE FROM %s", t->name);
    plt_status status = select.status != PLT_OK ? select.status : insert.status;
    if (status == PLT_OK) status = db_exec(to, plt_buf_str(&empty)); /* of what the schema, or a first start, put there */
    db_stmt *write = status == PLT_OK ? db_prepare(to, plt_buf_str(&insert)) : NULL;
    if (status == PLT_OK && from->engine == DB_POSTGRES) {
        status = copy_by_cursor(from, plt_buf_str(&select), to, write, t->types);
    } else if (status == PLT_OK) {
        db_stmt *read = db_prepare(from, plt_buf_str(&select));
        status = copy_rows(from, read, to, write, t->types, &rows);
        db_finalize(read);
    }
    plt_status flushed = db_flush(to);
    db_finalize(write);
    plt_buf_free(&select);
    plt_buf_free(&insert);
    plt_buf_free(&empty);
    return status == PLT_OK ? flushed : status;
}

/* In a transaction of the target; a failure is in the words of whichever side failed last. */
static plt_status copy_all(db *from, db *to, char *problem, size_t n)
{
    plt_status status = db_begin(to);
    from->problem[0] = to->problem[0] = 0;
    for (const hub_backup_table *t = hub_backup_tables; status == PLT_OK && t->name; t++) status = copy_table(from, to, t);
    if (status == PLT_OK && to->engine == DB_POSTGRES)
        status = db_exec(to, "SELECT setval(pg_get_serial_sequence('tenants', 'tenant_id'), (SELECT coalesce(max(tenant_id), 1) FROM tenants));"
                             "SELECT setval('job_numbers', (SELECT coalesce(max(job_no), 1) FROM jobs))");
    if (status == PLT_OK) status = db_commit(to);
    if (status == PLT_OK) return status;
    snprintf(problem, n, "%s", *from->problem ? from->problem : to->problem);
    db_rollback(to);
    return status;
}

/* ---- backup ---- */

static plt_status from_sqlite(db *d, const char *part, char *problem, size_t n)
{
    db_stmt *st = db_prepare(d, "VACUUM INTO ?1");
    db_bind_text(st, 1, part);
    plt_status status = db_run(d, st);
    db_finalize(st);
    return status == PLT_OK ? status : said(problem, n, status, db_problem(d), part);
}

static plt_status from_postgres(db *d, const char *part, char *problem, size_t n)
{
    db *to;
    plt_status status = db_exec(d, "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
    if (status != PLT_OK) return said(problem, n, status, db_problem(d), "PostgreSQL");
    status = db_sqlite_open(&to, part, false, problem, n);
    if (status != PLT_OK) return status;
    status = store_migrate(to);
    if (status == PLT_OK)
        status = copy_all(d, to, problem, n);
    else
        said(problem, n, status, db_problem(to), part);
    db_close(to); /* takes what is in its log into the file */
    return status;
}

static plt_status sync_file(const char *path)
{
    os_file *f = NULL;
    plt_status status = os_file_open(&f, path, OS_FILE_READ | OS_FILE_WRITE);
    if (status == PLT_OK) status = os_file_sync(f);
    os_file_close(f);
    return status;
}

/* Made private and under another name; what is cut short never has the name that was asked for. */
static plt_status write_part(db *d, const char *part, char *problem, size_t n)
{
    os_file *f = NULL;
    plt_status status = os_file_open(&f, part, OS_FILE_WRITE | OS_FILE_NEW | OS_FILE_PRIVATE);
    os_file_close(f);
    if (status != PLT_OK) return said(problem, n, status, os_error_text(), part);
    status = d->engine == DB_POSTGRES ? from_postgres(d, part, problem, n) : from_sqlite(d, part, problem, n);
    if (status != PLT_OK) return status;
    status = sync_file(part);
    return status == PLT_OK ? status : said(problem, n, status, os_error_text(), part);
}

plt_status hub_backup(const hub_store_where *where, const char *file, char *problem, size_t n)
{
    char part[OS_PATH_MAX];
    hub_store *s = NULL;
    if (snprintf(part, sizeof part, "%s.part", file) >= (int)sizeof part) return said(problem, n, PLT_BAD, "the name is too long", file);
    if (os_file_exists(file)) return said(problem, n, PLT_EXISTS, "there is such a file already; name another", file);
    if (os_file_exists(part)) os_file_remove(part); /* of one that was cut short */
    plt_status status = hub_store_open(&s, where, false, problem, n);
    if (status != PLT_OK) return status;
    status = write_part(of(s), part, problem, n);
    s->ops->close(s);
    if (status == PLT_OK && os_file_rename(part, file) != PLT_OK) status = said(problem, n, PLT_IO, os_error_text(), file);
    if (status != PLT_OK) os_file_remove(part);
    return status;
}

/* ---- restore ---- */

static plt_status copy_file(const char *from, const char *to)
{
    os_file *in = NULL, *out = NULL;
    char *chunk = malloc(CHUNK);
    size_t got = 1;
    plt_status status = chunk ? os_file_open(&in, from, OS_FILE_READ) : PLT_NOMEM;
    if (status == PLT_OK) status = os_file_open(&out, to, OS_FILE_WRITE | OS_FILE_CREATE | OS_FILE_TRUNCATE | OS_FILE_PRIVATE);
    while (status == PLT_OK && got) {
        status = os_file_read(in, chunk, CHUNK, &got);
        if (status == PLT_OK && got) status = os_file_write(out, chunk, got);
    }
    if (status == PLT_OK) status = os_file_sync(out);
    os_file_close(in);
    os_file_close(out);
    free(chunk);
    return status;
}

/* Is it a backup, whole and of a version that is known? Brings it to the current one. */
static plt_status open_copy(db **d, const char *path, char *problem, size_t n)
{
    plt_status status = db_sqlite_open(d, path, true, problem, n);
    if (status != PLT_OK) return status;
    db_stmt *st = db_prepare(*d, "SELECT max(version) FROM schema_version");
    status = db_row(*d, st);
    db_finalize(st);
    if (status != PLT_OK) status = db_fail_as(*d, PLT_BAD, "the file is no backup of a hub");
    if (status == PLT_OK) status = store_migrate(*d);
    if (status == PLT_OK) return status;
    snprintf(problem, n, "%s", db_problem(*d));
    db_close(*d);
    *d = NULL;
    return status;
}

static plt_status into_postgres(const hub_store_where *where, db *from, char *problem, size_t n)
{
    hub_store *s;
    plt_status status = hub_store_open(&s, where, false, problem, n);
    if (status != PLT_OK) return status;
    db_stmt *st = db_prepare(of(s), "SELECT 1 FROM tenants LIMIT 1");
    status = db_row(of(s), st);
    db_finalize(st);
    if (status == PLT_OK)
        status = said(problem, n, PLT_EXISTS, "the database is not empty; name another", "restore");
    else if (status == PLT_NOTFOUND)
        status = copy_all(from, of(s), problem, n);
    else
        said(problem, n, status, db_problem(of(s)), "restore");
    s->ops->close(s);
    return status;
}

static bool there(const char *dir, const char *name)
{
    char path[OS_PATH_MAX];
    return os_path_join(path, sizeof path, dir, name) && os_file_exists(path);
}

plt_status hub_restore(const hub_store_where *where, const char *file, char *problem, size_t n)
{
    char part[OS_PATH_MAX], path[OS_PATH_MAX];
    bool postgres = where->url && *where->url;
    db *d = NULL;
    if (!os_path_join(part, sizeof part, where->data_dir, "hub.db.part") || !os_path_join(path, sizeof path, where->data_dir, "hub.db"))
        return said(problem, n, PLT_BAD, "the name is too long", where->data_dir);
    if (!postgres && (there(where->data_dir, "hub.db") || there(where->data_dir, "hub.db-wal")))
        return said(problem, n, PLT_EXISTS, "there is a database already; move hub.db, hub.db-wal and hub.db-shm away first", where->data_dir);
    plt_status status = copy_file(file, part);
    if (status != PLT_OK) return said(problem, n, status, os_error_text(), file);
    status = open_copy(&d, part, problem, n);
    if (status == PLT_OK && postgres) status = into_postgres(where, d, problem, n);
    db_close(d);
    if (status == PLT_OK && !postgres && os_file_rename(part, path) != PLT_OK) status = said(problem, n, PLT_IO, os_error_text(), path);
    if (status != PLT_OK || postgres) os_file_remove(part);
    return status;
}
