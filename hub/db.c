/* SPDX-License-Identifier: Apache-2.0 */
/* What every engine's connection does alike: the kept statements, marks, and columns into the caller's memory. */
#include "hub/db.h"

#include <stdio.h>
#include <string.h>

#include "core/util/text.h"

static const char *words(plt_status s)
{
    switch (s) {
    case PLT_BUSY: return "the database is held by another process, or away";
    case PLT_FULL: return "the disk is full";
    case PLT_BAD: return "the database is damaged: stop the hub, restore it from the backup";
    case PLT_NOMEM: return "out of memory";
    case PLT_TIMEOUT: return "the query took too long";
    case PLT_DENIED: return "the database cannot be opened or written: look at its rights";
    case PLT_EXISTS: return "there is such a row already";
    default: return "the database failed";
    }
}

void db_close(db *d)
{
    if (!d) return;
    for (int i = 0; i < DB_STATEMENTS; i++) db_finalize(d->kept[i].st);
    d->ops->close(d);
}

const char *db_problem(const db *d)
{
    return d->problem;
}

plt_status db_fail_as(db *d, plt_status status, const char *words)
{
    plt_copy(d->problem, sizeof d->problem, words);
    d->failed = status;
    return status;
}

plt_status db_fail(db *d, plt_status status, const char *what, const char *said)
{
    snprintf(d->problem, sizeof d->problem, "%s: %s (%s)", what, words(status), said);
    d->failed = status;
    return status;
}

/* ---- transactions ---- */

plt_status db_begin(db *d)
{
    return d->ops->begin(d);
}

plt_status db_commit(db *d)
{
    return d->ops->commit(d);
}

void db_rollback(db *d)
{
    d->ops->rollback(d);
}

plt_status db_mark(db *d)
{
    return db_later(d, db_get(d, "SAVEPOINT item"), NULL);
}

plt_status db_keep(db *d)
{
    return db_later(d, db_get(d, "RELEASE SAVEPOINT item"), NULL);
}

plt_status db_undo(db *d)
{
    db_flush(d); /* what failed there is what is to be undone */
    plt_status status = db_run(d, db_get(d, "ROLLBACK TO SAVEPOINT item"));
    return status == PLT_OK ? db_keep(d) : status;
}

/* ---- statements ---- */

db_stmt *db_get(db *d, const char *sql)
{
    int i = 0;
    while (i < DB_STATEMENTS && d->kept[i].sql && d->kept[i].sql != sql) i++;
    if (i == DB_STATEMENTS) {
        db_fail_as(d, PLT_IO, "too many prepared statements");
        return NULL;
    }
    if (d->kept[i].st)
        db_reset(d->kept[i].st);
    else
        d->kept[i].st = db_prepare(d, sql);
    if (d->kept[i].st) d->kept[i].sql = sql;
    return d->kept[i].st;
}

db_stmt *db_prepare(db *d, const char *sql)
{
    return d->ops->prepare(d, sql);
}

void db_finalize(db_stmt *st)
{
    if (st) st->d->ops->finalize(st);
}

void db_reset(db_stmt *st)
{
    if (st) st->d->ops->reset(st);
}

plt_status db_row(db *d, db_stmt *st)
{
    return st ? d->ops->row(st) : d->failed;
}

plt_status db_number(db *d, db_stmt *st, int64_t *out)
{
    plt_status status = db_row(d, st);
    if (status != PLT_OK) return status;
    *out = db_int(st, 0);
    db_reset(st);
    return PLT_OK;
}

plt_status db_one_text(db *d, db_stmt *st, plt_buf *out)
{
    plt_status status = db_row(d, st);
    if (status != PLT_OK) return status;
    plt_buf_add(out, db_text(st, 0), db_text_size(st, 0));
    db_reset(st);
    return out->status;
}

plt_status db_exists(db *d, db_stmt *st)
{
    plt_status status = db_row(d, st);
    if (status == PLT_OK) db_reset(st);
    return status;
}

plt_status db_run(db *d, db_stmt *st)
{
    plt_status status = db_exists(d, st);
    return status == PLT_NOTFOUND ? PLT_OK : status;
}

plt_status db_run_some(db *d, db_stmt *st)
{
    plt_status status = db_run(d, st);
    return status == PLT_OK && db_changes(d) == 0 ? PLT_NOTFOUND : status;
}

plt_status db_later(db *d, db_stmt *st, int64_t *changed)
{
    return st ? d->ops->later(st, changed) : d->failed;
}

plt_status db_many(db *d, db_stmt *st, int key, int64_t *changed)
{
    return st ? d->ops->many(st, key, changed) : d->failed;
}

plt_status db_flush(db *d)
{
    return d->ops->flush(d);
}

plt_status db_exec(db *d, const char *sql)
{
    return d->ops->exec(d, sql);
}

int64_t db_changes(db *d)
{
    return d->ops->changes(d);
}

void db_scrub(db *d)
{
    if (d->ops->scrub) d->ops->scrub(d);
}

void db_limit(db *d, uint32_t budget_ms)
{
    d->ops->limit(d, budget_ms);
}

plt_status db_tell(db *d, const char *words)
{
    if (!d->ops->hear) return PLT_OK;
    db_stmt *st = db_get(d, "SELECT pg_notify('platen', ?1)");
    db_bind_text(st, 1, words);
    return db_later(d, st, NULL);
}

plt_status db_hear(db *d, uint32_t wait_ms, char *words, size_t n)
{
    return d->ops->hear ? d->ops->hear(d, wait_ms, words, n) : PLT_UNSUPPORTED;
}

/* ---- parameters and columns ---- */

void db_bind_text(db_stmt *st, int at, const char *v)
{
    db_bind_text_n(st, at, v ? v : "", v ? strlen(v) : 0);
}

void db_bind_text_n(db_stmt *st, int at, const char *v, size_t n)
{
    if (st) st->d->ops->bind_text(st, at, v, n);
}

void db_bind_int(db_stmt *st, int at, int64_t v)
{
    if (st) st->d->ops->bind_int(st, at, v);
}

void db_bind_blob(db_stmt *st, int at, const void *p, size_t n)
{
    if (st) st->d->ops->bind_blob(st, at, p, n);
}

const char *db_text(db_stmt *st, int at)
{
    size_t n;
    const char *t = st->d->ops->text(st, at, &n);
    return t ? t : "";
}

size_t db_text_size(db_stmt *st, int at)
{
    size_t n = 0;
    return st->d->ops->text(st, at, &n) ? n : 0;
}

void db_copy(db_stmt *st, int at, char *out, size_t size)
{
    plt_copy(out, size, db_text(st, at));
}

int64_t db_int(db_stmt *st, int at)
{
    return st->d->ops->integer(st, at);
}

const void *db_bytes(db_stmt *st, int at, size_t *n)
{
    *n = 0;
    return st->d->ops->blob(st, at, n);
}

bool db_blob(db_stmt *st, int at, void *out, size_t n)
{
    size_t got = 0;
    const void *p = st->d->ops->blob(st, at, &got);
    if (!p || got != n) return false;
    memcpy(out, p, n);
    return true;
}
