/* SPDX-License-Identifier: Apache-2.0 */
/*
 * SQLite under the SQL layer. WAL with synchronous=FULL: what a commit returned from is on the disk. It must never leave a
 * statement on a row after its caller was told that there is none: that would hold the WAL open.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sqlite3.h>

#include "core/util/text.h"
#include "hub/db.h"
#include "hub/db_dialect.h"
#include "os/clock.h"
#include "os/error.h"
#include "os/file.h"
#include "os/log.h"

#define BUSY_MS 10000 /* how long a write waits for another connection's transaction */
#define CHECK_MS 10000
#define SCRUB_MS 1000 /* between two tries */
#define SQL_MAX (64u << 10)
#define PROGRESS_STEPS 2000 /* of SQLite's virtual machine: well below a millisecond */

typedef struct sq {
    db base; /* first: a db * is an sq * */
    sqlite3 *handle;
    uint64_t deadline; /* monotonic ms; 0: none */
    bool scrub;        /* the log is to be emptied, */
    uint64_t scrub_at; /* not before then */
} sq;

typedef struct sq_stmt {
    db_stmt base; /* first */
    sqlite3_stmt *st;
} sq_stmt;

static sq *of(db *d)
{
    return (sq *)d;
}

static sqlite3_stmt *raw(db_stmt *st)
{
    return ((sq_stmt *)st)->st;
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

/* Keeps what SQLite says of a failure of `what`, gives its status. */
static plt_status fail(sq *s, const char *what)
{
    int code = s->handle ? sqlite3_extended_errcode(s->handle) : SQLITE_NOMEM;
    char said[400];
    snprintf(said, sizeof said, "SQLite %d: %s", code, s->handle ? sqlite3_errmsg(s->handle) : "no handle");
    return db_fail(&s->base, status_of(code), what, said);
}

/* ---- statements ---- */

static db_stmt *prepare(db *d, const char *sql)
{
    sq_stmt *st = calloc(1, sizeof *st);
    if (!st) {
        db_fail_as(d, PLT_NOMEM, "out of memory");
        return NULL;
    }
    st->base.d = d;
    plt_buf own;
    plt_buf_init(&own, SQL_MAX);
    db_dialect_sqlite(&own, sql);
    int code = sqlite3_prepare_v3(of(d)->handle, plt_buf_str(&own), -1, SQLITE_PREPARE_PERSISTENT, &st->st, NULL);
    plt_buf_free(&own);
    if (code == SQLITE_OK) return &st->base;
    fail(of(d), "prepare");
    free(st);
    return NULL;
}

static void finalize(db_stmt *st)
{
    sqlite3_finalize(raw(st));
    free(st);
}

static void reset(db_stmt *st)
{
    sqlite3_reset(raw(st));
    sqlite3_clear_bindings(raw(st));
}

static plt_status row(db_stmt *st)
{
    int code = sqlite3_step(raw(st));
    if (code == SQLITE_ROW) return PLT_OK;
    plt_status status = code == SQLITE_DONE ? PLT_NOTFOUND : fail(of(st->d), "query");
    sqlite3_reset(raw(st));
    return status;
}

static plt_status exec(db *d, const char *sql)
{
    plt_buf own;
    plt_buf_init(&own, SQL_MAX);
    db_dialect_sqlite(&own, sql);
    int code = sqlite3_exec(of(d)->handle, plt_buf_str(&own), NULL, NULL, NULL);
    plt_buf_free(&own);
    return code == SQLITE_OK ? PLT_OK : fail(of(d), "write");
}

static void bind_text(db_stmt *st, int at, const char *v, size_t n)
{
    sqlite3_bind_text64(raw(st), at, v, n, SQLITE_STATIC, SQLITE_UTF8);
}

static void bind_int(db_stmt *st, int at, int64_t v)
{
    sqlite3_bind_int64(raw(st), at, v);
}

static void bind_blob(db_stmt *st, int at, const void *p, size_t n)
{
    sqlite3_bind_blob64(raw(st), at, p, n, SQLITE_STATIC);
}

static const char *text(db_stmt *st, int at, size_t *n)
{
    const unsigned char *t = sqlite3_column_text(raw(st), at);
    *n = (size_t)sqlite3_column_bytes(raw(st), at);
    return (const char *)t;
}

static int64_t integer(db_stmt *st, int at)
{
    return sqlite3_column_int64(raw(st), at);
}

static const void *blob(db_stmt *st, int at, size_t *n)
{
    const void *p = sqlite3_column_blob(raw(st), at);
    *n = (size_t)sqlite3_column_bytes(raw(st), at);
    return p;
}

static int64_t changes(db *d)
{
    return sqlite3_changes64(of(d)->handle);
}

/* Nothing is gained by waiting: there is no way between. */
static plt_status later(db_stmt *st, int64_t *changed)
{
    plt_status status = db_run(st->d, st);
    if (status == PLT_OK && changed) *changed = changes(st->d);
    return status;
}

static plt_status many(db_stmt *st, int key, int64_t *changed)
{
    (void)key;
    return later(st, changed);
}

static plt_status flush(db *d)
{
    (void)d;
    return PLT_OK;
}

static int progress(void *ctx)
{
    sq *s = ctx;
    return s->deadline && os_clock_mono_ms() > s->deadline;
}

static void limit(db *d, uint32_t budget_ms)
{
    of(d)->deadline = budget_ms ? os_clock_mono_ms() + budget_ms : 0;
}

/* ---- transactions ---- */

static plt_status begin(db *d)
{
    return db_run(d, db_get(d, "BEGIN IMMEDIATE"));
}

static void rollback(db *d)
{
    /* SQLite has rolled back by itself after some errors. */
    if (!sqlite3_get_autocommit(of(d)->handle)) sqlite3_exec(of(d)->handle, "ROLLBACK", NULL, NULL, NULL);
}

/*
 * The log has pages as they were before; it is taken into the file and cut to nothing. While another connection reads from it that cannot be: it is
 * tried again after a later commit, and never waited for.
 */
static void empty_log(sq *s)
{
    uint64_t now = os_clock_mono_ms();
    if (now < s->scrub_at) return;
    sqlite3_busy_timeout(s->handle, 0);
    int code = sqlite3_wal_checkpoint_v2(s->handle, NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL);
    sqlite3_busy_timeout(s->handle, BUSY_MS);
    bool busy = code != SQLITE_OK;
    s->scrub = busy;
    s->scrub_at = busy ? now + SCRUB_MS : 0;
}

static plt_status commit(db *d)
{
    if (sqlite3_get_autocommit(of(d)->handle)) return db_fail_as(d, PLT_IO, "the transaction was rolled back by the database");
    plt_status status = db_run(d, db_get(d, "COMMIT"));
    if (status != PLT_OK) rollback(d);
    if (status == PLT_OK && of(d)->scrub) empty_log(of(d));
    return status;
}

static void scrub(db *d)
{
    of(d)->scrub = true;
}

/* ---- opening and closing ---- */

static void close_handle(db *d)
{
    sqlite3_close(of(d)->handle);
    free(d);
}

static const db_ops ops = {
    .close = close_handle,
    .begin = begin,
    .commit = commit,
    .rollback = rollback,
    .exec = exec,
    .prepare = prepare,
    .finalize = finalize,
    .reset = reset,
    .row = row,
    .bind_text = bind_text,
    .bind_int = bind_int,
    .bind_blob = bind_blob,
    .text = text,
    .integer = integer,
    .blob = blob,
    .changes = changes,
    .later = later,
    .many = many,
    .flush = flush,
    .limit = limit,
    .scrub = scrub,
};

static plt_status prepare_connection(sq *s, bool writer)
{
    static const char *const pragmas[] = {
        "PRAGMA journal_mode=WAL",   "PRAGMA synchronous=FULL",        "PRAGMA trusted_schema=OFF",
        "PRAGMA cell_size_check=ON", "PRAGMA wal_autocheckpoint=2000", "PRAGMA journal_size_limit=67108864",
        "PRAGMA secure_delete=ON", /* what is deleted is overwritten with zeros */
    };
    sqlite3_busy_timeout(s->handle, BUSY_MS);
    sqlite3_progress_handler(s->handle, PROGRESS_STEPS, progress, s);
    for (size_t i = 0; i < sizeof pragmas / sizeof *pragmas; i++) {
        plt_status status = exec(&s->base, pragmas[i]);
        if (status != PLT_OK) return status;
    }
    /* KiB. A group's dirty pages should fit the writer's: what does not is written twice, at half the speed. */
    return exec(&s->base, writer ? "PRAGMA cache_size=-65536" : "PRAGMA cache_size=-8192");
}

/* A look at the consistency of what can be read in ten seconds; a larger database is trusted beyond that. */
static plt_status check_consistency(sq *s)
{
    uint64_t begun = os_clock_mono_ms();
    limit(&s->base, CHECK_MS);
    db_stmt *st = db_prepare(&s->base, "PRAGMA quick_check(1)");
    plt_status status = db_row(&s->base, st);
    if (status == PLT_TIMEOUT) {
        os_log(OS_LOG_INFO, "the database is too large to be checked in %d s; going on", CHECK_MS / 1000);
        status = PLT_OK;
    } else if (status == PLT_OK && strcmp(db_text(st, 0), "ok") != 0) {
        snprintf(s->base.problem, sizeof s->base.problem, "hub.db is damaged (%.200s): restore it from the backup", db_text(st, 0));
        status = PLT_BAD;
    } else if (status == PLT_OK) {
        os_log(OS_LOG_INFO, "the database is consistent (checked in %llu ms)", (unsigned long long)(os_clock_mono_ms() - begun));
    }
    db_finalize(st);
    limit(&s->base, 0);
    return status;
}

static plt_status open_file(sq *s, const char *path)
{
    os_file *f = NULL;
    /* Made private before SQLite sees it; its WAL takes over the rights. */
    plt_status status = os_file_exists(path) ? PLT_OK : os_file_open(&f, path, OS_FILE_WRITE | OS_FILE_CREATE | OS_FILE_PRIVATE);
    os_file_close(f);
    if (status != PLT_OK) return db_fail_as(&s->base, status, os_error_text());
    if (sqlite3_open_v2(path, &s->handle, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, NULL) != SQLITE_OK)
        return fail(s, path);
    return PLT_OK;
}

plt_status db_sqlite_open(db **out, const char *path, bool writer, char *problem, size_t n)
{
    *out = NULL;
    snprintf(problem, n, "out of memory");
    sq *s = calloc(1, sizeof *s);
    if (!s) return PLT_NOMEM;
    s->base.ops = &ops;
    s->base.engine = DB_SQLITE;
    plt_status status = open_file(s, path);
    if (status == PLT_OK) status = prepare_connection(s, writer);
    if (status == PLT_OK && writer) status = check_consistency(s);
    if (status == PLT_OK) {
        *out = &s->base;
    } else {
        plt_copy(problem, n, s->base.problem);
        db_close(&s->base);
    }
    return status;
}
