/* SPDX-License-Identifier: Apache-2.0 */
/* Records of printers and the table of what each said last, in one transaction. */
#include "service/ledger_devices.h"

#include <string.h>

#include "core/record/reading.h"
#include "core/util/frame.h"
#include "core/util/text.h"
#include "os/crypto.h"
#include "os/error.h"
#include "service/ledger_inside.h"

static plt_status step(ledger *l, sqlite3_stmt *st)
{
    plt_status s = st && sqlite3_step(st) == SQLITE_DONE ? PLT_OK : ledger_fail(l->sure, "write", l->path);
    sqlite3_finalize(st);
    return s;
}

static plt_status put_record(ledger *l, const ledger_news *n, int64_t now_ms, int64_t *seq)
{
    char prev[PLT_HASH_HEX], uid[PLT_UID_HEX];
    uint8_t random[PLT_UID_SIZE];
    plt_buf line;
    plt_status s = os_random(random, sizeof random);
    plt_hex(uid, random, sizeof random);
    plt_buf_init(&line, PLT_RECORD_MAX + 1);
    if (s == PLT_OK) s = ledger_last(l, seq, prev);
    if (s == PLT_OK) s = plt_record_wrap(n->type, uid, n->body, ++*seq, prev, now_ms, &line);
    if (s == PLT_FULL || s == PLT_BAD) s = os_fail_as(PLT_BAD, "write a record that is too long or no text:", n->type);
    if (s == PLT_OK) s = ledger_insert(l, *seq, uid, n->type, &line);
    plt_buf_free(&line);
    return s;
}

static plt_status put_device(ledger *l, const ledger_device *d)
{
    const char *const texts[] = {d->via, d->key, d->json, d->outcome, d->why, d->address};
    sqlite3_stmt *st = ledger_prepare(l->sure, "INSERT OR REPLACE INTO device_last(via, key, json, outcome, why, address, at) VALUES(?,?,?,?,?,?,?)");
    for (int i = 0; st && i < 6; i++) ledger_bind(st, i + 1, texts[i], strlen(texts[i]));
    if (st) sqlite3_bind_int64(st, 7, d->at);
    return step(l, st);
}

static plt_status put_answered(ledger *l, const ledger_news *n)
{
    plt_status s = PLT_OK;
    for (size_t i = 0; s == PLT_OK && i < n->answered_count; i++) {
        sqlite3_stmt *st = ledger_prepare(l->sure, "UPDATE device_last SET at=? WHERE via=? AND key=?");
        if (st) {
            sqlite3_bind_int64(st, 1, n->answered_at);
            ledger_bind(st, 2, n->via, strlen(n->via));
            ledger_bind(st, 3, n->answered[i], strlen(n->answered[i]));
        }
        s = step(l, st);
    }
    return s;
}

static plt_status put_meta(ledger *l, const char *key, int64_t v)
{
    sqlite3_stmt *st = ledger_prepare(l->sure, "INSERT OR REPLACE INTO meta(key, value) VALUES(?, ?)");
    if (st) {
        ledger_bind(st, 1, key, strlen(key));
        sqlite3_bind_int64(st, 2, v);
    }
    return step(l, st);
}

plt_status ledger_tell(ledger *l, const ledger_news *n, int64_t now_ms, int64_t *seq)
{
    *seq = 0;
    os_mutex_lock(l->lock);
    plt_status s = ledger_run(l, l->sure, "BEGIN IMMEDIATE");
    if (s == PLT_OK) {
        if (n->type) s = put_record(l, n, now_ms, seq);
        if (s == PLT_OK && n->device) s = put_device(l, n->device);
        if (s == PLT_OK) s = put_answered(l, n);
        for (size_t i = 0; s == PLT_OK && i < n->mark_count; i++) s = put_meta(l, n->marks[i], n->mark_at);
        if (s == PLT_OK) s = ledger_run(l, l->sure, "COMMIT");
        if (s != PLT_OK) sqlite3_exec(l->sure, "ROLLBACK", NULL, NULL, NULL);
    }
    os_mutex_unlock(l->lock);
    if (s != PLT_OK) *seq = 0;
    return s;
}

static const char *column(sqlite3_stmt *st, int i)
{
    const char *text = (const char *)sqlite3_column_text(st, i);
    return text ? text : "";
}

plt_status ledger_devices(ledger *l, bool (*fn)(void *, const ledger_device *), void *ctx)
{
    os_mutex_lock(l->lock);
    sqlite3_stmt *st = ledger_prepare(l->sure, "SELECT via, key, json, outcome, why, address, at FROM device_last ORDER BY via, key");
    int r = st ? SQLITE_ROW : SQLITE_ERROR;
    bool more = true, missing = !st && sqlite3_errcode(l->sure) == SQLITE_ERROR;
    while (st && more && (r = sqlite3_step(st)) == SQLITE_ROW) {
        ledger_device d = {column(st, 0), column(st, 1), column(st, 2), sqlite3_column_int64(st, 6), column(st, 3), column(st, 4), column(st, 5)};
        more = fn(ctx, &d);
    }
    plt_status s = r == SQLITE_ROW || r == SQLITE_DONE ? PLT_OK : missing ? PLT_NOTFOUND : ledger_fail(l->sure, "read", l->path);
    sqlite3_finalize(st);
    os_mutex_unlock(l->lock);
    return s;
}

plt_status ledger_device_json(ledger *l, const char *via, const char *key, plt_buf *out)
{
    os_mutex_lock(l->lock);
    sqlite3_stmt *st = ledger_prepare(l->sure, "SELECT json FROM device_last WHERE via=? AND key=?");
    if (st) {
        ledger_bind(st, 1, via, strlen(via));
        ledger_bind(st, 2, key, strlen(key));
    }
    int r = st ? sqlite3_step(st) : SQLITE_ERROR;
    if (r == SQLITE_ROW) plt_buf_text(out, column(st, 0));
    plt_status s = r == SQLITE_ROW ? out->status : r == SQLITE_DONE ? PLT_NOTFOUND : ledger_fail(l->sure, "read", l->path);
    sqlite3_finalize(st);
    os_mutex_unlock(l->lock);
    return s;
}

plt_status ledger_device_at(ledger *l, const char *address, plt_buf *out)
{
    plt_status s = PLT_NOTFOUND;
    os_mutex_lock(l->lock);
    /* "192.0.2.7#2" is the second printer behind an address: '$' comes behind '#'. */
    sqlite3_stmt *st =
        ledger_prepare(l->sure, "SELECT json FROM device_last WHERE address=?1 AND outcome<>'gone' AND json<>'' AND NOT EXISTS(SELECT 1 FROM"
                                " device_last WHERE address>?1||'#' AND address<?1||'$' AND outcome<>'gone') ORDER BY at DESC LIMIT 1");
    if (st) ledger_bind(st, 1, address, strlen(address));
    if (st && sqlite3_step(st) == SQLITE_ROW) {
        plt_buf_text(out, column(st, 0));
        s = out->status;
    }
    sqlite3_finalize(st);
    os_mutex_unlock(l->lock);
    return s;
}

plt_status ledger_devices_forget(ledger *l, int64_t before_ms)
{
    os_mutex_lock(l->lock);
    sqlite3_stmt *st = ledger_prepare(l->sure, "DELETE FROM device_last WHERE outcome='gone' AND at<?");
    if (st) sqlite3_bind_int64(st, 1, before_ms);
    plt_status s = step(l, st);
    os_mutex_unlock(l->lock);
    return s;
}

int64_t ledger_mark(ledger *l, const char *mark)
{
    os_mutex_lock(l->lock);
    sqlite3_stmt *st = ledger_prepare(l->sure, "SELECT value FROM meta WHERE key=?");
    if (st) ledger_bind(st, 1, mark, strlen(mark));
    int64_t v = st && sqlite3_step(st) == SQLITE_ROW ? sqlite3_column_int64(st, 0) : 0;
    sqlite3_finalize(st);
    os_mutex_unlock(l->lock);
    return v;
}

plt_status ledger_salt(ledger *l, uint8_t out[16])
{
    uint8_t fresh[16];
    char hex[33];
    memset(out, 0, 16);
    plt_status s = os_random(fresh, sizeof fresh);
    if (s != PLT_OK) return s;
    plt_hex(hex, fresh, sizeof fresh);
    os_mutex_lock(l->lock);
    sqlite3_stmt *st = ledger_prepare(l->sure, "INSERT OR IGNORE INTO meta(key, value) VALUES('salt', ?)");
    if (st) ledger_bind(st, 1, hex, strlen(hex));
    s = step(l, st);
    st = s == PLT_OK ? ledger_prepare(l->sure, "SELECT value FROM meta WHERE key='salt'") : NULL;
    if (st && sqlite3_step(st) == SQLITE_ROW && !plt_unhex(out, 16, column(st, 0))) s = os_fail_as(PLT_BAD, "read the salt of", l->path);
    sqlite3_finalize(st);
    os_mutex_unlock(l->lock);
    return s;
}
