/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A thin layer over SQL: one connection, its transaction, its prepared statements. What the store asks is written once
 * against it; an engine (db_sqlite.c, db_postgres.c) is an ops table. It must never build SQL from what came over the network.
 *
 * One thread at a time uses a connection. Failures stay in it as words (db_problem) and come back as a status; a statement
 * that could not be made is NULL: binding, running and resetting take it, so that a caller checks once, where it runs.
 */
#ifndef PLATEN_HUB_DB_H
#define PLATEN_HUB_DB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/util/buf.h"
#include "core/util/status.h"

#define DB_STATEMENTS 256

typedef struct db db;

typedef enum db_engine { DB_SQLITE, DB_POSTGRES } db_engine;

/* A prepared statement; an engine's own follows. */
typedef struct db_stmt {
    db *d;
} db_stmt;

typedef struct db_ops {
    void (*close)(db *d);
    plt_status (*begin)(db *d);
    plt_status (*commit)(db *d);
    void (*rollback)(db *d);
    plt_status (*exec)(db *d, const char *sql);
    db_stmt *(*prepare)(db *d, const char *sql);
    void (*finalize)(db_stmt *st);
    void (*reset)(db_stmt *st); /* the parameters, too */
    plt_status (*row)(db_stmt *st);
    void (*bind_text)(db_stmt *st, int at, const char *v, size_t n);
    void (*bind_int)(db_stmt *st, int at, int64_t v);
    void (*bind_blob)(db_stmt *st, int at, const void *p, size_t n);
    const char *(*text)(db_stmt *st, int at, size_t *n); /* NULL for NULL */
    int64_t (*integer)(db_stmt *st, int at);
    const void *(*blob)(db_stmt *st, int at, size_t *n); /* NULL for NULL and for none */
    int64_t (*changes)(db *d);
    plt_status (*later)(db_stmt *st, int64_t *changed);
    plt_status (*many)(db_stmt *st, int key, int64_t *changed);
    plt_status (*flush)(db *d);
    void (*limit)(db *d, uint32_t budget_ms);
    plt_status (*hear)(db *d, uint32_t wait_ms, char *words, size_t n);
    void (*scrub)(db *d);
} db_ops;

struct db {
    const db_ops *ops;
    db_engine engine;
    struct {
        const char *sql; /* a literal; its address is the key */
        db_stmt *st;
    } kept[DB_STATEMENTS];
    plt_status failed; /* the last failure's status and words */
    char problem[512];
};

/*
 * Opens (and creates) an SQLite database. `writer`: the connection that is written through; it has the larger cache, and
 * looks at the database's consistency first, for at most ten seconds. On failure *problem (of size n) says what to do.
 */
plt_status db_sqlite_open(db **d, const char *path, bool writer, char *problem, size_t n);
/* Frees its statements, too. NULL-safe. */
void db_close(db *d);
/*
 * Connects to PostgreSQL 14 or later; `url` is a postgres:// address or libpq's keywords. PLT_UNSUPPORTED where this hub was
 * built without libpq. A connection that is lost fails what was under way with PLT_BUSY and is made anew by the next call.
 */
plt_status db_postgres_open(db **d, const char *url, char *problem, size_t n);

/* Words on the last failure. Borrowed until the next call. */
const char *db_problem(const db *d);
/* Keeps words of the caller's own and gives the status back. */
plt_status db_fail_as(db *d, plt_status status, const char *words);

/* A transaction, begun for writing: others' writes wait. After a failed commit nothing of it is stored. */
plt_status db_begin(db *d);
plt_status db_commit(db *d);
void db_rollback(db *d);
/* What this transaction removes shall not be left in the engine's files, as far as it can (docs/hub.md): once it is committed and nobody reads what
 * was there before. */
void db_scrub(db *d);
/* A mark inside a transaction: keep forgets it, undo takes back everything since. Marks do not nest. */
plt_status db_mark(db *d);
plt_status db_keep(db *d);
plt_status db_undo(db *d);

/* The prepared statement of a literal, reset and without parameters; NULL (and a problem) when it cannot be made. Kept until the close. */
db_stmt *db_get(db *d, const char *sql);
/* A statement that is the caller's, for SQL that was put together; freed with db_finalize (NULL-safe). */
db_stmt *db_prepare(db *d, const char *sql);
void db_finalize(db_stmt *st);

/* One row: PLT_OK with st on it (reset it afterwards), or PLT_NOTFOUND, which resets. */
plt_status db_row(db *d, db_stmt *st);
/* The first column of the one row that a statement gives, as a number, and resets it; PLT_NOTFOUND when it gives none. */
plt_status db_number(db *d, db_stmt *st, int64_t *out);
/* Likewise as a text, appended. */
plt_status db_one_text(db *d, db_stmt *st, plt_buf *out);
/* Does it give a row? PLT_OK or PLT_NOTFOUND, and resets it. */
plt_status db_exists(db *d, db_stmt *st);
/* Runs a statement that gives no rows and resets it. */
plt_status db_run(db *d, db_stmt *st);
/* The same; PLT_NOTFOUND when it changed nothing. */
plt_status db_run_some(db *d, db_stmt *st);
/*
 * Runs a statement that gives no rows when it suits the engine, at the latest in db_flush or before the next statement that
 * gives an answer; its parameters are taken over. *changed (NULL: not asked) is filled in by then and must stay until then.
 * What fails says so there: after a failure none of those that were put off is certain.
 */
plt_status db_later(db *d, db_stmt *st, int64_t *changed);
/*
 * The same for one row of many: `INSERT INTO t(...) VALUES(?1, ..., ?n) ...` with every parameter once, in order and bound. An engine may write the
 * rows between two other statements as one, so no two of them may change the same row. Which were added is told by a number among the parameters
 * (?key) that ascends from row to row; 0: nobody asks. A statement has one key.
 */
plt_status db_many(db *d, db_stmt *st, int key, int64_t *changed);
plt_status db_flush(db *d);
void db_reset(db_stmt *st);
/* Statements without parameters and rows, not kept. */
plt_status db_exec(db *d, const char *sql);
/* The rows that the last INSERT, UPDATE or DELETE changed. */
int64_t db_changes(db *d);
/* From now on a statement fails with PLT_TIMEOUT once the time has gone by; 0: none. */
void db_limit(db *d, uint32_t budget_ms);

/*
 * Words for the other processes on the same database: told with the transaction's commit, heard by everyone who listens, who
 * told them included. db_hear waits for some: PLT_NOTFOUND when there are none in time, PLT_UNSUPPORTED where the engine has
 * nobody to hear; there db_tell does nothing.
 */
plt_status db_tell(db *d, const char *words);
plt_status db_hear(db *d, uint32_t wait_ms, char *words, size_t n);

/* Parameters from 1. What goes in stays the caller's until the statement is reset; text NULL goes in as ''. */
void db_bind_text(db_stmt *st, int at, const char *v);
void db_bind_text_n(db_stmt *st, int at, const char *v, size_t n);
void db_bind_int(db_stmt *st, int at, int64_t v);
void db_bind_blob(db_stmt *st, int at, const void *p, size_t n);

/* Columns of the row, from 0; borrowed until the next row or reset. NULL comes out as "" or 0. */
const char *db_text(db_stmt *st, int at);
size_t db_text_size(db_stmt *st, int at); /* in bytes */
void db_copy(db_stmt *st, int at, char *out, size_t size);
int64_t db_int(db_stmt *st, int at);
const void *db_bytes(db_stmt *st, int at, size_t *n);
bool db_blob(db_stmt *st, int at, void *out, size_t n); /* exactly n bytes */

/* For engines: keeps a failure of `what` with the status' words and the engine's own. */
plt_status db_fail(db *d, plt_status status, const char *what, const char *said);

#endif
