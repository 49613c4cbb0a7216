/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The SQLite store: connections, transactions, statements, errors in words. WAL with synchronous=FULL: what a commit
 * returned from is on the disk. It must never build SQL from what came over the network.
 */
#include "hub/store_sqlite.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/util/text.h"
#include "os/clock.h"
#include "os/error.h"
#include "os/file.h"
#include "os/log.h"

#define CHECK_MS 10000
#define PROGRESS_STEPS 2000 /* of SQLite's virtual machine: well below a millisecond */

static sq *of(hub_store *h)
{
    return (sq *)h;
}

static plt_status status_of(int code)
{
    switch (code & 0xFF) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED: return PLT_BUSY;
    case SQLITE_FULL: return PLT_FULL;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB: return PLT_BAD;
    case SQLITE_NOMEM: return PLT_NOMEM;
    case SQLITE_INTERRUPT: return PLT_TIMEOUT;
    case SQLITE_CONSTRAINT: return PLT_EXISTS;
    case SQLITE_READONLY:
    case SQLITE_PERM:
    case SQLITE_AUTH:
    case SQLITE_CANTOPEN: return PLT_DENIED;
    default: return PLT_IO;
    }
}

static const char *words_of(plt_status s)
{
    switch (s) {
    case PLT_BUSY: return "another process holds the database";
    case PLT_FULL: return "the disk is full";
    case PLT_BAD: return "the database is damaged: stop the hub, restore hub.db from the backup";
    case PLT_NOMEM: return "out of memory";
    case PLT_TIMEOUT: return "the query took too long";
    case PLT_DENIED: return "the database cannot be opened or written: look at the rights of the data folder";
    default: return "the database failed";
    }
}

plt_status sq_fail(sq *s, const char *what)
{
    int code = s->db ? sqlite3_extended_errcode(s->db) : SQLITE_NOMEM;
    plt_status status = status_of(code);
    snprintf(s->problem, sizeof s->problem, "%s: %s (SQLite %d: %s)", what, words_of(status), code, s->db ? sqlite3_errmsg(s->db) : "no handle");
    return status;
}

plt_status sq_fail_as(sq *s, plt_status status, const char *words)
{
    plt_copy(s->problem, sizeof s->problem, words);
    return status;
}

sqlite3_stmt *sq_get(sq *s, const char *sql)
{
    int i = 0;
    while (i < SQ_STATEMENTS && s->kept[i].sql && s->kept[i].sql != sql) i++;
    if (i == SQ_STATEMENTS) {
        sq_fail_as(s, PLT_IO, "too many prepared statements");
        return NULL;
    }
    if (!s->kept[i].st) {
        if (sqlite3_prepare_v3(s->db, sql, -1, SQLITE_PREPARE_PERSISTENT, &s->kept[i].st, NULL) != SQLITE_OK) {
            sq_fail(s, "prepare");
            return NULL;
        }
        s->kept[i].sql = sql;
    }
    sqlite3_reset(s->kept[i].st);
    sqlite3_clear_bindings(s->kept[i].st);
    return s->kept[i].st;
}

plt_status sq_row(sq *s, sqlite3_stmt *st)
{
    if (!st) return PLT_IO;
    int code = sqlite3_step(st);
    if (code == SQLITE_ROW) return PLT_OK;
    plt_status status = code == SQLITE_DONE ? PLT_NOTFOUND : sq_fail(s, "query");
    sqlite3_reset(st);
    return status;
}

plt_status sq_run(sq *s, sqlite3_stmt *st)
{
    plt_status status = sq_row(s, st);
    if (status == PLT_OK) sqlite3_reset(st);
    return status == PLT_NOTFOUND ? PLT_OK : status;
}

plt_status sq_exec(sq *s, const char *sql)
{
    return sqlite3_exec(s->db, sql, NULL, NULL, NULL) == SQLITE_OK ? PLT_OK : sq_fail(s, "write");
}

void sq_bind_text(sqlite3_stmt *st, int at, const char *v)
{
    if (st) sqlite3_bind_text(st, at, v ? v : "", -1, SQLITE_STATIC);
}

void sq_bind_int(sqlite3_stmt *st, int at, int64_t v)
{
    if (st) sqlite3_bind_int64(st, at, v);
}

void sq_bind_blob(sqlite3_stmt *st, int at, const void *p, size_t n)
{
    if (st) sqlite3_bind_blob(st, at, p, (int)n, SQLITE_STATIC);
}

const char *sq_text(sqlite3_stmt *st, int at)
{
    const unsigned char *t = sqlite3_column_text(st, at);
    return t ? (const char *)t : "";
}

void sq_copy(sqlite3_stmt *st, int at, char *out, size_t size)
{
    plt_copy(out, size, sq_text(st, at));
}

int64_t sq_int(sqlite3_stmt *st, int at)
{
    return sqlite3_column_int64(st, at);
}

bool sq_blob(sqlite3_stmt *st, int at, void *out, size_t n)
{
    const void *p = sqlite3_column_blob(st, at);
    if (!p || (size_t)sqlite3_column_bytes(st, at) != n) return false;
    memcpy(out, p, n);
    return true;
}

static int progress(void *ctx)
{
    sq *s = ctx;
    return s->deadline && os_clock_mono_ms() > s->deadline;
}

void sq_limit(sq *s, uint32_t budget_ms)
{
    s->deadline = budget_ms ? os_clock_mono_ms() + budget_ms : 0;
}

/* ---- transactions ---- */

static plt_status sq_begin(hub_store *h)
{
    return sq_run(of(h), sq_get(of(h), "BEGIN IMMEDIATE"));
}

static void sq_rollback(hub_store *h)
{
    /* SQLite has rolled back by itself after some errors. */
    if (!sqlite3_get_autocommit(of(h)->db)) sqlite3_exec(of(h)->db, "ROLLBACK", NULL, NULL, NULL);
}

static plt_status sq_commit(hub_store *h)
{
    sq *s = of(h);
    if (sqlite3_get_autocommit(s->db)) return sq_fail_as(s, PLT_IO, "the transaction was rolled back by the database");
    plt_status status = sq_run(s, sq_get(s, "COMMIT"));
    if (status != PLT_OK) sq_rollback(h);
    return status;
}

static plt_status sq_mark(hub_store *h)
{
    return sq_run(of(h), sq_get(of(h), "SAVEPOINT item"));
}

static plt_status sq_keep(hub_store *h)
{
    return sq_run(of(h), sq_get(of(h), "RELEASE item"));
}

static plt_status sq_undo(hub_store *h)
{
    plt_status status = sq_run(of(h), sq_get(of(h), "ROLLBACK TO item"));
    return status == PLT_OK ? sq_keep(h) : status;
}

static const char *sq_problem(hub_store *h)
{
    return of(h)->problem;
}

static void sq_close(hub_store *h)
{
    sq *s = of(h);
    if (!s) return;
    for (int i = 0; i < SQ_STATEMENTS; i++) sqlite3_finalize(s->kept[i].st);
    sqlite3_close(s->db);
    free(s);
}

static const hub_store_ops ops = {
    .close = sq_close,
    .problem = sq_problem,
    .begin = sq_begin,
    .commit = sq_commit,
    .rollback = sq_rollback,
    .mark = sq_mark,
    .keep = sq_keep,
    .undo = sq_undo,
    .tenant_find = sq_tenant_find,
    .tenant_make = sq_tenant_make,
    .key_add = sq_key_add,
    .key_list = sq_key_list,
    .key_revoke = sq_key_revoke,
    .key_find = sq_key_find,
    .key_use = sq_key_use,
    .agent_add = sq_agent_add,
    .certificate_add = sq_certificate_add,
    .agent_find = sq_agent_find,
    .agent_list = sq_agent_list,
    .agent_revoke = sq_agent_revoke,
    .agent_seen = sq_agent_seen,
    .record_hash = sq_record_hash,
    .records_add = sq_records_add,
    .job_get = sq_job_get,
    .jobs = sq_jobs,
    .jobs_count = sq_jobs_count,
    .overview = sq_overview,
    .account_find = sq_account_find,
    .account_put = sq_account_put,
    .session_add = sq_session_add,
    .session_find = sq_session_find,
    .session_touch = sq_session_touch,
    .session_drop = sq_session_drop,
    .session_drop_all = sq_session_drop_all,
    .session_purge = sq_session_purge,
};

/* ---- opening ---- */

static plt_status prepare_connection(sq *s, bool writer)
{
    static const char *const pragmas[] = {
        "PRAGMA journal_mode=WAL",   "PRAGMA synchronous=FULL",        "PRAGMA trusted_schema=OFF",
        "PRAGMA cell_size_check=ON", "PRAGMA wal_autocheckpoint=2000", "PRAGMA journal_size_limit=67108864",
    };
    sqlite3_busy_timeout(s->db, HUB_STORE_BUSY_MS);
    sqlite3_progress_handler(s->db, PROGRESS_STEPS, progress, s);
    for (size_t i = 0; i < sizeof pragmas / sizeof *pragmas; i++) {
        plt_status status = sq_exec(s, pragmas[i]);
        if (status != PLT_OK) return status;
    }
    /* KiB. A group's dirty pages should fit the writer's: what does not is written twice, at half the speed. */
    return sq_exec(s, writer ? "PRAGMA cache_size=-65536" : "PRAGMA cache_size=-8192");
}

/* A look at the consistency of what can be read in ten seconds; a larger database is trusted beyond that. */
static plt_status check_consistency(sq *s)
{
    sqlite3_stmt *st = NULL;
    uint64_t begun = os_clock_mono_ms();
    sq_limit(s, CHECK_MS);
    plt_status status = sqlite3_prepare_v2(s->db, "PRAGMA quick_check(1)", -1, &st, NULL) == SQLITE_OK ? sq_row(s, st) : sq_fail(s, "check");
    if (status == PLT_TIMEOUT) {
        os_log(OS_LOG_INFO, "the database is too large to be checked in %d s; going on", CHECK_MS / 1000);
        status = PLT_OK;
    } else if (status == PLT_OK && strcmp(sq_text(st, 0), "ok") != 0) {
        snprintf(s->problem, sizeof s->problem, "hub.db is damaged (%.200s): restore it from the backup", sq_text(st, 0));
        status = PLT_BAD;
    } else if (status == PLT_OK) {
        os_log(OS_LOG_INFO, "the database is consistent (checked in %llu ms)", (unsigned long long)(os_clock_mono_ms() - begun));
    }
    sqlite3_finalize(st);
    sq_limit(s, 0);
    return status;
}

static plt_status open_file(sq *s, const char *data_dir)
{
    char path[OS_PATH_MAX];
    os_file *f = NULL;
    if (!os_path_join(path, sizeof path, data_dir, "hub.db")) return sq_fail_as(s, PLT_BAD, "the data folder's name is too long");
    /* Made private before SQLite sees it; its WAL takes over the rights. */
    plt_status status = os_file_exists(path) ? PLT_OK : os_file_open(&f, path, OS_FILE_WRITE | OS_FILE_CREATE | OS_FILE_PRIVATE);
    os_file_close(f);
    if (status != PLT_OK) return sq_fail_as(s, status, os_error_text());
    if (sqlite3_open_v2(path, &s->db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, NULL) != SQLITE_OK)
        return sq_fail(s, path);
    return PLT_OK;
}

plt_status hub_store_sqlite_open(hub_store **out, const char *data_dir, bool writer, char *problem, size_t n)
{
    *out = NULL;
    snprintf(problem, n, "out of memory");
    sq *s = calloc(1, sizeof *s);
    if (!s) return PLT_NOMEM;
    s->base.ops = &ops;
    plt_status status = open_file(s, data_dir);
    if (status == PLT_OK) status = prepare_connection(s, writer);
    if (status == PLT_OK && writer) status = check_consistency(s);
    if (status == PLT_OK) status = sq_migrate(s);
    if (status == PLT_OK) {
        *out = &s->base;
    } else {
        plt_copy(problem, n, s->problem);
        sq_close(&s->base);
    }
    return status;
}
