/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The ledger in SQLite. Two connections to one file: `sure` (synchronous=FULL) for what the hub or the monitor is told to be
 * durable, `quick` (synchronous=OFF in WAL: survives a killed process, not a power failure) for the note that a job has begun.
 */
#include "service/ledger_inside.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "os/crypto.h"
#include "os/error.h"

static const char schema[] =
    "CREATE TABLE IF NOT EXISTS meta(key TEXT PRIMARY KEY, value) WITHOUT ROWID;"
    "CREATE TABLE IF NOT EXISTS record(seq INTEGER PRIMARY KEY, uid TEXT NOT NULL UNIQUE, type TEXT NOT NULL,"
    " line TEXT NOT NULL, hash TEXT NOT NULL);"
    "CREATE TABLE IF NOT EXISTS open_job(uid TEXT PRIMARY KEY, ended INTEGER NOT NULL,"
    " pid INTEGER NOT NULL, line TEXT NOT NULL) WITHOUT ROWID;"
    "CREATE TABLE IF NOT EXISTS held(uid TEXT PRIMARY KEY, state INTEGER NOT NULL, token TEXT NOT NULL, since INTEGER NOT NULL,"
    " deadline INTEGER NOT NULL, plan TEXT NOT NULL, line TEXT NOT NULL) WITHOUT ROWID;"
    "CREATE INDEX IF NOT EXISTS held_token ON held(token);"
    "CREATE TABLE IF NOT EXISTS device_last(via TEXT NOT NULL, key TEXT NOT NULL, json TEXT NOT NULL, at INTEGER NOT NULL,"
    " outcome TEXT NOT NULL, why TEXT NOT NULL, address TEXT NOT NULL, PRIMARY KEY(via, key)) WITHOUT ROWID;"
    "CREATE INDEX IF NOT EXISTS device_last_address ON device_last(address);"
    "CREATE TABLE IF NOT EXISTS lease(id TEXT PRIMARY KEY, quota TEXT NOT NULL, owner TEXT NOT NULL, qid TEXT NOT NULL, user TEXT NOT NULL,"
    " account TEXT NOT NULL, want INTEGER NOT NULL, job INTEGER NOT NULL, units INTEGER NOT NULL, spent INTEGER NOT NULL, until INTEGER NOT NULL,"
    " state INTEGER NOT NULL) WITHOUT ROWID;"
    "CREATE TABLE IF NOT EXISTS lease_spend(uid TEXT NOT NULL, lease TEXT NOT NULL, quota TEXT NOT NULL, owner TEXT NOT NULL, units INTEGER NOT NULL,"
    " settled INTEGER NOT NULL, PRIMARY KEY(uid, lease)) WITHOUT ROWID;"
    "CREATE INDEX IF NOT EXISTS lease_spend_lease ON lease_spend(lease);"
    "CREATE TABLE IF NOT EXISTS lease_beyond(id TEXT PRIMARY KEY, quota TEXT NOT NULL, owner TEXT NOT NULL, qid TEXT NOT NULL, user TEXT NOT NULL,"
    " account TEXT NOT NULL, want INTEGER NOT NULL, job INTEGER NOT NULL) WITHOUT ROWID;"
    "CREATE TABLE IF NOT EXISTS lease_known(quota TEXT NOT NULL, owner TEXT NOT NULL, others INTEGER NOT NULL, most INTEGER NOT NULL,"
    " over INTEGER NOT NULL, PRIMARY KEY(quota, owner)) WITHOUT ROWID;"
    "CREATE TABLE IF NOT EXISTS person(name TEXT PRIMARY KEY, seen INTEGER NOT NULL, asked INTEGER NOT NULL, groups TEXT NOT NULL) WITHOUT ROWID;"
    "INSERT OR IGNORE INTO meta VALUES('schema', 1);";

plt_status ledger_fail(sqlite3 *db, const char *what, const char *path)
{
    char object[OS_PATH_MAX + 256];
    int code = db ? sqlite3_errcode(db) : SQLITE_NOMEM;
    snprintf(object, sizeof object, "%s (%s)", path, db ? sqlite3_errmsg(db) : "no memory");
    plt_status s = code == SQLITE_FULL                               ? PLT_FULL
                   : code == SQLITE_NOMEM                            ? PLT_NOMEM
                   : code == SQLITE_BUSY || code == SQLITE_LOCKED    ? PLT_BUSY
                   : code == SQLITE_CORRUPT || code == SQLITE_NOTADB ? PLT_BAD
                   : code == SQLITE_CANTOPEN                         ? PLT_NOTFOUND
                                                                     : PLT_IO;
    return os_fail_as(s, what, object);
}

plt_status ledger_run(ledger *l, sqlite3 *db, const char *sql)
{
    return sqlite3_exec(db, sql, NULL, NULL, NULL) == SQLITE_OK ? PLT_OK : ledger_fail(db, "write", l->path);
}

static plt_status open_one(ledger *l, sqlite3 **db, bool read_only, const char *pragmas)
{
    int flags = (read_only ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE) | SQLITE_OPEN_NOMUTEX;
    if (sqlite3_open_v2(l->path, db, flags, NULL) != SQLITE_OK) return ledger_fail(*db, "open", l->path);
    sqlite3_busy_timeout(*db, 5000);
    return ledger_run(l, *db, pragmas);
}

/* The file is made private before SQLite opens it: SQLite gives its helpers (-wal, -shm) the same rights. */
static plt_status make_private(const char *path)
{
    os_file *f;
    plt_status s = os_file_open(&f, path, OS_FILE_WRITE | OS_FILE_CREATE | OS_FILE_PRIVATE);
    if (s == PLT_OK) os_file_close(f);
    return s;
}

plt_status ledger_open(ledger **out, const char *data_dir, bool read_only)
{
    *out = NULL;
    ledger *l = calloc(1, sizeof *l);
    if (!l) return PLT_NOMEM;
    l->lock = os_mutex_create();
    l->quick_lock = os_mutex_create();
    plt_status s = l->lock && l->quick_lock ? PLT_OK : PLT_NOMEM;
    if (s == PLT_OK && !os_path_join(l->path, sizeof l->path, data_dir, "ledger.db")) s = os_fail_as(PLT_BAD, "name the ledger in", data_dir);
    if (s == PLT_OK && !read_only) s = make_private(l->path);
    if (s == PLT_OK) s = open_one(l, &l->sure, read_only, read_only ? "PRAGMA query_only=1;" : "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;");
    if (s == PLT_OK && !read_only) s = ledger_run(l, l->sure, schema);
    if (s == PLT_OK && !read_only) s = open_one(l, &l->quick, false, "PRAGMA synchronous=OFF; PRAGMA wal_autocheckpoint=0;");
    if (s != PLT_OK) {
        ledger_close(l);
        return s;
    }
    *out = l;
    return PLT_OK;
}

void ledger_close(ledger *l)
{
    if (!l) return;
    sqlite3_close(l->quick);
    sqlite3_close(l->sure);
    os_mutex_free(l->lock);
    os_mutex_free(l->quick_lock);
    free(l);
}

sqlite3_stmt *ledger_prepare(sqlite3 *db, const char *sql)
{
    sqlite3_stmt *st = NULL;
    return sqlite3_prepare_v2(db, sql, -1, &st, NULL) == SQLITE_OK ? st : NULL;
}

void ledger_bind(sqlite3_stmt *st, int i, const char *s, size_t n)
{
    sqlite3_bind_text(st, i, s, (int)n, SQLITE_STATIC);
}

/* A job under way is kept in a record's form with a number that no record has. */
plt_status ledger_put_open(ledger *l, sqlite3 *db, const plt_job *j, bool ended, uint32_t pid)
{
    plt_buf line;
    plt_buf_init(&line, PLT_RECORD_MAX);
    plt_status s = plt_record_write(j, 1, plt_record_no_prev, j->begun ? j->begun : 1, &line);
    sqlite3_stmt *st = s == PLT_OK ? ledger_prepare(db, "INSERT OR REPLACE INTO open_job(uid, ended, pid, line) VALUES(?,?,?,?)") : NULL;
    if (st) {
        ledger_bind(st, 1, j->uid, strlen(j->uid));
        sqlite3_bind_int(st, 2, ended);
        sqlite3_bind_int64(st, 3, pid);
        ledger_bind(st, 4, plt_buf_str(&line), line.len);
    }
    if (s == PLT_OK && (!st || sqlite3_step(st) != SQLITE_DONE)) s = ledger_fail(db, "write", l->path);
    sqlite3_finalize(st);
    plt_buf_free(&line);
    return s;
}

plt_status ledger_begin(ledger *l, const plt_job *j, uint32_t pid)
{
    os_mutex_lock(l->quick_lock);
    plt_status s = ledger_put_open(l, l->quick, j, false, pid);
    os_mutex_unlock(l->quick_lock);
    return s;
}

plt_status ledger_end(ledger *l, const plt_job *j)
{
    os_mutex_lock(l->lock);
    plt_status s = ledger_put_open(l, l->sure, j, true, 0);
    os_mutex_unlock(l->lock);
    return s;
}

static bool has_locked(ledger *l, const char *uid)
{
    sqlite3_stmt *st = ledger_prepare(l->sure, "SELECT 1 FROM record WHERE uid=?");
    if (st) ledger_bind(st, 1, uid, strlen(uid));
    bool found = st && sqlite3_step(st) == SQLITE_ROW;
    sqlite3_finalize(st);
    return found;
}

bool ledger_has(ledger *l, const char *uid)
{
    os_mutex_lock(l->lock);
    bool found = has_locked(l, uid);
    os_mutex_unlock(l->lock);
    return found;
}

plt_status ledger_last(ledger *l, int64_t *seq, char hash[PLT_HASH_HEX])
{
    *seq = 0;
    memcpy(hash, plt_record_no_prev, PLT_HASH_HEX);
    sqlite3_stmt *st = ledger_prepare(l->sure, "SELECT seq, hash FROM record ORDER BY seq DESC LIMIT 1");
    int r = st ? sqlite3_step(st) : SQLITE_ERROR;
    if (r == SQLITE_ROW) {
        *seq = sqlite3_column_int64(st, 0);
        snprintf(hash, PLT_HASH_HEX, "%s", (const char *)sqlite3_column_text(st, 1));
    }
    plt_status s = r == SQLITE_ROW || r == SQLITE_DONE ? PLT_OK : ledger_fail(l->sure, "read", l->path);
    sqlite3_finalize(st);
    return s;
}

plt_status ledger_insert(ledger *l, int64_t seq, const char *uid, const char *type, const plt_buf *line)
{
    char hash[PLT_HASH_HEX];
    plt_record_hash(plt_buf_str(line), line->len, os_sha256, hash);
    sqlite3_stmt *st = ledger_prepare(l->sure, "INSERT INTO record(seq, uid, type, line, hash) VALUES(?,?,?,?,?)");
    if (st) {
        sqlite3_bind_int64(st, 1, seq);
        ledger_bind(st, 2, uid, strlen(uid));
        ledger_bind(st, 3, type, strlen(type));
        ledger_bind(st, 4, plt_buf_str(line), line->len);
        ledger_bind(st, 5, hash, strlen(hash));
    }
    plt_status s = st && sqlite3_step(st) == SQLITE_DONE ? PLT_OK : ledger_fail(l->sure, "write", l->path);
    sqlite3_finalize(st);
    return s;
}

static plt_status insert_job(ledger *l, const plt_job *j, int64_t seq, const char *prev, int64_t now_ms)
{
    plt_buf line;
    plt_buf_init(&line, PLT_RECORD_MAX);
    plt_status s = plt_record_write(j, seq, prev, now_ms, &line);
    if (s == PLT_OK) s = ledger_insert(l, seq, j->uid, "job", &line);
    plt_buf_free(&line);
    return s;
}

plt_status ledger_drop_open_locked(ledger *l, const char *uid)
{
    sqlite3_stmt *st = ledger_prepare(l->sure, "DELETE FROM open_job WHERE uid=?");
    if (st) ledger_bind(st, 1, uid, strlen(uid));
    plt_status s = st && sqlite3_step(st) == SQLITE_DONE ? PLT_OK : ledger_fail(l->sure, "write", l->path);
    sqlite3_finalize(st);
    return s;
}

plt_status ledger_drop_open(ledger *l, const char *uid)
{
    os_mutex_lock(l->lock);
    plt_status s = ledger_drop_open_locked(l, uid);
    os_mutex_unlock(l->lock);
    return s;
}

plt_status ledger_commit(ledger *l, const plt_job *j, int64_t now_ms, int64_t *seq)
{
    char prev[PLT_HASH_HEX];
    bool known = false;
    *seq = 0;
    os_mutex_lock(l->lock);
    plt_status s = ledger_run(l, l->sure, "BEGIN IMMEDIATE");
    if (s == PLT_OK) {
        known = has_locked(l, j->uid);
        if (!known) s = ledger_last(l, seq, prev);
        if (!known && s == PLT_OK) s = insert_job(l, j, ++*seq, prev, now_ms);
        if (s == PLT_OK) s = ledger_drop_open_locked(l, j->uid);
        if (s == PLT_OK) s = ledger_run(l, l->sure, "COMMIT");
        if (s != PLT_OK) sqlite3_exec(l->sure, "ROLLBACK", NULL, NULL, NULL);
    }
    os_mutex_unlock(l->lock);
    if (s != PLT_OK) *seq = 0;
    return s == PLT_OK && known ? PLT_EXISTS : s;
}

typedef struct leftover {
    struct leftover *next;
    bool ended;
    uint32_t pid;
    plt_job job;
} leftover;

plt_status ledger_leftovers(ledger *l, ledger_leftover_fn fn, void *ctx)
{
    leftover *list = NULL;
    plt_status s = PLT_OK;
    plt_record *r = malloc(sizeof *r);
    if (!r) return PLT_NOMEM;
    os_mutex_lock(l->lock);
    sqlite3_stmt *st = ledger_prepare(l->sure, "SELECT ended, pid, line FROM open_job");
    while (st && sqlite3_step(st) == SQLITE_ROW) {
        char why[128];
        const char *line = (const char *)sqlite3_column_text(st, 2);
        leftover *o = calloc(1, sizeof *o);
        if (!o || !line) {
            free(o);
            s = PLT_NOMEM;
            break;
        }
        o->ended = sqlite3_column_int(st, 0) != 0;
        o->pid = (uint32_t)sqlite3_column_int64(st, 1);
        o->next = list;
        list = o;
        plt_record_read(line, (size_t)sqlite3_column_bytes(st, 2), r, why, sizeof why);
        o->job = r->job;
    }
    if (!st) s = ledger_fail(l->sure, "read", l->path);
    sqlite3_finalize(st);
    os_mutex_unlock(l->lock);
    while (list) {
        leftover *o = list;
        list = o->next;
        if (s == PLT_OK && *o->job.uid) fn(ctx, &o->job, o->ended, o->pid);
        free(o);
    }
    free(r);
    return s;
}

static int64_t scalar(ledger *l, const char *sql)
{
    sqlite3_stmt *st = ledger_prepare(l->sure, sql);
    int64_t v = st && sqlite3_step(st) == SQLITE_ROW ? sqlite3_column_int64(st, 0) : 0;
    sqlite3_finalize(st);
    return v;
}

plt_status ledger_count(ledger *l, ledger_counts *out)
{
    os_mutex_lock(l->lock);
    out->records = scalar(l, "SELECT max(seq) FROM record");
    out->jobs = scalar(l, "SELECT count(*) FROM record WHERE type='job'");
    out->acked = scalar(l, "SELECT value FROM meta WHERE key='acked'");
    os_mutex_unlock(l->lock);
    return PLT_OK;
}

plt_status ledger_set_acked(ledger *l, int64_t seq)
{
    os_mutex_lock(l->lock);
    sqlite3_stmt *st = ledger_prepare(l->sure, "INSERT OR REPLACE INTO meta(key, value) VALUES('acked', ?)");
    if (st) sqlite3_bind_int64(st, 1, seq);
    plt_status s = st && sqlite3_step(st) == SQLITE_DONE ? PLT_OK : ledger_fail(l->sure, "write", l->path);
    sqlite3_finalize(st);
    os_mutex_unlock(l->lock);
    return s;
}

plt_status ledger_hash(ledger *l, int64_t seq, char out[PLT_HASH_HEX])
{
    os_mutex_lock(l->lock);
    sqlite3_stmt *st = ledger_prepare(l->sure, "SELECT hash FROM record WHERE seq=?");
    if (st) sqlite3_bind_int64(st, 1, seq);
    int r = st ? sqlite3_step(st) : SQLITE_ERROR;
    if (r == SQLITE_ROW) snprintf(out, PLT_HASH_HEX, "%s", (const char *)sqlite3_column_text(st, 0));
    plt_status s = r == SQLITE_ROW ? PLT_OK : r == SQLITE_DONE ? PLT_NOTFOUND : ledger_fail(l->sure, "read", l->path);
    sqlite3_finalize(st);
    os_mutex_unlock(l->lock);
    return s;
}

plt_status ledger_lines(ledger *l, int64_t after, size_t max_bytes, int max_lines, plt_buf *out, int64_t *last)
{
    *last = after;
    os_mutex_lock(l->lock);
    sqlite3_stmt *st = ledger_prepare(l->sure, "SELECT seq, line FROM record WHERE seq>? ORDER BY seq LIMIT ?");
    if (st) {
        sqlite3_bind_int64(st, 1, after);
        sqlite3_bind_int(st, 2, max_lines);
    }
    int r = SQLITE_ERROR;
    size_t start = out->len;
    while (st && (r = sqlite3_step(st)) == SQLITE_ROW) {
        size_t n = (size_t)sqlite3_column_bytes(st, 1);
        if (out->len > start && out->len - start + n + 1 > max_bytes) break;
        plt_buf_add(out, sqlite3_column_text(st, 1), n);
        plt_buf_byte(out, '\n');
        if (out->status != PLT_OK) break;
        *last = sqlite3_column_int64(st, 0);
    }
    plt_status s = r == SQLITE_ROW || r == SQLITE_DONE ? out->status : ledger_fail(l->sure, "read", l->path);
    sqlite3_finalize(st);
    os_mutex_unlock(l->lock);
    return s;
}

plt_status ledger_each(ledger *l, bool newest_first, bool (*fn)(void *, int64_t, const char *, const char *), void *ctx)
{
    os_mutex_lock(l->lock);
    sqlite3_stmt *st = ledger_prepare(l->sure, newest_first ? "SELECT seq, line, hash FROM record ORDER BY seq DESC"
                                                            : "SELECT seq, line, hash FROM record ORDER BY seq");
    int r = SQLITE_ERROR;
    bool more = true;
    while (st && more && (r = sqlite3_step(st)) == SQLITE_ROW)
        more = fn(ctx, sqlite3_column_int64(st, 0), (const char *)sqlite3_column_text(st, 1), (const char *)sqlite3_column_text(st, 2));
    plt_status s = r == SQLITE_ROW || r == SQLITE_DONE ? PLT_OK : ledger_fail(l->sure, "read", l->path);
    sqlite3_finalize(st);
    os_mutex_unlock(l->lock);
    return s;
}

typedef struct check {
    int64_t records;
    char prev[PLT_HASH_HEX];
    plt_record *r;
    char *why;
    size_t size;
    bool bad;
} check;

static bool check_one(void *ctx, int64_t seq, const char *line, const char *hash)
{
    check *c = ctx;
    char own[PLT_HASH_HEX], detail[128];
    plt_record_hash(line, strlen(line), os_sha256, own);
    c->bad = true;
    if (seq != c->records + 1)
        snprintf(c->why, c->size, "record %lld is missing", (long long)c->records + 1);
    else if (strcmp(own, hash) != 0)
        snprintf(c->why, c->size, "record %lld was changed: its content has the hash %.16s..., the ledger says %.16s...", (long long)seq, own, hash);
    else if (plt_record_read(line, strlen(line), c->r, detail, sizeof detail) != PLT_OK)
        snprintf(c->why, c->size, "record %lld: %s", (long long)seq, detail);
    else if (c->r->seq != seq)
        snprintf(c->why, c->size, "record %lld calls itself %lld", (long long)seq, (long long)c->r->seq);
    else if (strcmp(c->r->prev, c->prev) != 0)
        snprintf(c->why, c->size, "record %lld does not continue record %lld: the chain is broken between them", (long long)seq, (long long)seq - 1);
    else
        c->bad = false;
    if (c->bad) return false;
    c->records = seq;
    memcpy(c->prev, own, sizeof own);
    return true;
}

plt_status ledger_verify(ledger *l, int64_t *records, char *why, size_t why_size)
{
    check c = {.why = why, .size = why_size};
    *records = 0;
    why[0] = 0;
    memcpy(c.prev, plt_record_no_prev, sizeof c.prev);
    c.r = malloc(sizeof *c.r);
    if (!c.r) return PLT_NOMEM;
    plt_status s = ledger_each(l, false, check_one, &c);
    free(c.r);
    *records = c.records;
    return s != PLT_OK ? s : c.bad ? PLT_BAD : PLT_OK;
}
