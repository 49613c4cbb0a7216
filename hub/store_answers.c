/* SPDX-License-Identifier: Apache-2.0 */
/* Answers to changes that came with a key (hub/once.h). They go after a day; none is ever given to another caller than the one it was made for. */
#include "hub/store_parts.h"

#include <string.h>

#define OF_KEY "tenant_id=?1 AND who=?2 AND how=?3 AND request_key=?4"
static const char get[] = "SELECT print, kept, status, body FROM answers WHERE " OF_KEY " AND at>?5";
static const char put[] =
    "INSERT INTO answers(tenant_id, who, how, request_key, at, print, kept, status, body) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)"
    " ON CONFLICT(tenant_id, who, how, request_key) DO UPDATE SET at=excluded.at, print=excluded.print, kept=excluded.kept,"
    " status=excluded.status, body=excluded.body";
static const char count[] = "SELECT count(*) FROM answers WHERE tenant_id=?1 AND at>?2";
static const char forget[] =
    "DELETE FROM answers WHERE at<=?1 AND at<=(SELECT coalesce(max(o.at), 0) FROM (SELECT at FROM answers ORDER BY at LIMIT ?2) o)";

static db_stmt *of_key(db *d, const char *sql, const hub_once *k)
{
    db_stmt *st = db_get(d, sql);
    db_bind_int(st, 1, k->scope);
    db_bind_text(st, 2, k->who);
    db_bind_text(st, 3, k->how);
    db_bind_text(st, 4, k->key);
    return st;
}

plt_status store_answer_get(hub_store *h, const hub_once *k, int64_t since, void (*take)(void *ctx, const hub_answer *a), void *ctx)
{
    db_stmt *st = of_key(of(h), get, k);
    db_bind_int(st, 5, since);
    plt_status status = db_row(of(h), st);
    if (status != PLT_OK) return status == PLT_NOTFOUND ? PLT_OK : status;
    hub_answer a = {.kept = db_int(st, 1) != 0, .status = (int)db_int(st, 2), .body = db_text(st, 3), .n = db_text_size(st, 3)};
    bool whole = db_blob(st, 0, a.print, sizeof a.print);
    if (whole) take(ctx, &a);
    db_reset(st);
    return whole ? PLT_OK : db_fail_as(of(h), PLT_BAD, "an answer's print is damaged");
}

plt_status store_answer_put(hub_store *h, const hub_once *k, const hub_answer *a, int64_t now)
{
    db_stmt *st = of_key(of(h), put, k);
    db_bind_int(st, 5, now);
    db_bind_blob(st, 6, a->print, sizeof a->print);
    db_bind_int(st, 7, a->kept);
    db_bind_int(st, 8, a->status);
    db_bind_text_n(st, 9, a->n ? a->body : "", a->n);
    return db_run(of(h), st);
}

plt_status store_answer_count(hub_store *h, int64_t scope, int64_t since, int64_t *n)
{
    db_stmt *st = db_get(of(h), count);
    db_bind_int(st, 1, scope);
    db_bind_int(st, 2, since);
    return db_number(of(h), st, n);
}

/* A step: the oldest `max` at most, and those of the same moment as the last of them. */
plt_status store_answers_forget(db *d, int64_t before, size_t max)
{
    db_stmt *st = db_get(d, forget);
    db_bind_int(st, 1, before);
    db_bind_int(st, 2, (int64_t)max);
    return db_run(d, st);
}
