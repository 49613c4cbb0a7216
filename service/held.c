/* SPDX-License-Identifier: Apache-2.0 */
/* The table `held`. The plan is JSON, the job a record line with a number that no record has, as in open_job. */
#include "service/held.h"

#include <stdlib.h>
#include <string.h>

#include <cjson/cJSON.h>

#include "core/util/text.h"
#include "service/ledger_inside.h"

/* The plan's numbers by name: one table for both directions. */
typedef struct part {
    const char *name;
    size_t at;
    bool flag;
    bool later; /* rows of older versions do not have it: then it is 0 */
} part;

#define NUMBER(f) {#f, offsetof(gate_plan, f), false, false}
#define FLAG(f) {#f, offsetof(gate_plan, f), true, false}
#define LATER_NUMBER(f) {#f, offsetof(gate_plan, f), false, true}
#define LATER_FLAG(f) {#f, offsetof(gate_plan, f), true, true}
static const part parts[] = {
    NUMBER(asks),         NUMBER(wanted), NUMBER(seconds), NUMBER(hold_seconds), NUMBER(edge),      FLAG(required),       FLAG(pin),
    FLAG(duplex),         FLAG(grey),     FLAG(else_deny), FLAG(traits.hold),    FLAG(traits.asks), FLAG(traits.silence), LATER_FLAG(traits.charges),
    LATER_NUMBER(session)};
#define PARTS (sizeof parts / sizeof *parts)

static char *plan_write(const held_job *h)
{
    cJSON *o = cJSON_CreateObject();
    for (size_t i = 0; o && i < PARTS; i++) {
        const char *from = (const char *)&h->plan + parts[i].at;
        uint32_t n = 0;
        bool f = false;
        if (parts[i].flag)
            memcpy(&f, from, sizeof f);
        else
            memcpy(&n, from, sizeof n);
        cJSON_AddNumberToObject(o, parts[i].name, parts[i].flag ? f : (double)n);
    }
    cJSON_AddStringToObject(o, "queue", h->plan.queue);
    cJSON_AddNumberToObject(o, "tries", h->tries);
    cJSON_AddNumberToObject(o, "pid", h->pid);
    char *text = o ? cJSON_PrintUnformatted(o) : NULL;
    cJSON_Delete(o);
    return text;
}

static bool whole(const cJSON *o, const char *name, uint32_t *n)
{
    const cJSON *v = cJSON_GetObjectItemCaseSensitive(o, name);
    if (!cJSON_IsNumber(v) || v->valuedouble < 0 || v->valuedouble > UINT32_MAX) return false;
    *n = (uint32_t)v->valuedouble;
    return true;
}

static bool plan_read(const char *text, held_job *h)
{
    cJSON *o = text ? cJSON_Parse(text) : NULL;
    const cJSON *queue = cJSON_GetObjectItemCaseSensitive(o, "queue");
    bool ok = cJSON_IsString(queue) && plt_copy(h->plan.queue, sizeof h->plan.queue, queue->valuestring) && whole(o, "tries", &h->tries) &&
              whole(o, "pid", &h->pid);
    for (size_t i = 0; ok && i < PARTS; i++) {
        char *to = (char *)&h->plan + parts[i].at;
        uint32_t n = 0;
        ok = (parts[i].later && !cJSON_GetObjectItemCaseSensitive(o, parts[i].name)) || whole(o, parts[i].name, &n);
        bool f = ok && n != 0;
        if (ok) memcpy(to, parts[i].flag ? (const void *)&f : &n, parts[i].flag ? sizeof f : sizeof n);
    }
    cJSON_Delete(o);
    return ok;
}

static plt_status put_locked(ledger *l, const held_job *h)
{
    plt_buf line;
    plt_buf_init(&line, PLT_RECORD_MAX);
    char *plan = plan_write(h);
    plt_status s = plan ? plt_record_write(&h->job, 1, plt_record_no_prev, h->job.begun ? h->job.begun : 1, &line) : PLT_NOMEM;
    sqlite3_stmt *st = s == PLT_OK ? ledger_prepare(l->sure, "INSERT OR REPLACE INTO held(uid, state, token, since, deadline, plan, line) "
                                                             "VALUES(?,?,?,?,?,?,?)")
                                   : NULL;
    if (st) {
        ledger_bind(st, 1, h->uid, strlen(h->uid));
        sqlite3_bind_int(st, 2, (int)h->state);
        ledger_bind(st, 3, h->token, strlen(h->token));
        sqlite3_bind_int64(st, 4, h->since);
        sqlite3_bind_int64(st, 5, h->deadline);
        ledger_bind(st, 6, plan, strlen(plan));
        ledger_bind(st, 7, plt_buf_str(&line), line.len);
    }
    if (s == PLT_OK && (!st || sqlite3_step(st) != SQLITE_DONE)) s = ledger_fail(l->sure, "write", l->path);
    sqlite3_finalize(st);
    cJSON_free(plan);
    plt_buf_free(&line);
    return s;
}

plt_status held_put(ledger *l, const held_job *h)
{
    os_mutex_lock(l->lock);
    plt_status s = put_locked(l, h);
    os_mutex_unlock(l->lock);
    return s;
}

static plt_status commit_locked(ledger *l, plt_status s)
{
    if (s == PLT_OK) s = ledger_run(l, l->sure, "COMMIT");
    if (s != PLT_OK) sqlite3_exec(l->sure, "ROLLBACK", NULL, NULL, NULL);
    return s;
}

plt_status held_take(ledger *l, const held_job *h)
{
    os_mutex_lock(l->lock);
    plt_status s = ledger_run(l, l->sure, "BEGIN IMMEDIATE");
    if (s == PLT_OK) {
        s = put_locked(l, h);
        if (s == PLT_OK) s = ledger_drop_open_locked(l, h->uid);
        s = commit_locked(l, s);
    }
    os_mutex_unlock(l->lock);
    return s;
}

plt_status held_give_back(ledger *l, const held_job *h)
{
    os_mutex_lock(l->lock);
    plt_status s = ledger_run(l, l->sure, "BEGIN IMMEDIATE");
    if (s == PLT_OK) {
        sqlite3_stmt *st = ledger_prepare(l->sure, "DELETE FROM held WHERE uid=?");
        if (st) ledger_bind(st, 1, h->uid, strlen(h->uid));
        s = st && sqlite3_step(st) == SQLITE_DONE ? PLT_OK : ledger_fail(l->sure, "write", l->path);
        sqlite3_finalize(st);
        if (s == PLT_OK) s = ledger_put_open(l, l->sure, &h->job, false, h->pid);
        s = commit_locked(l, s);
    }
    os_mutex_unlock(l->lock);
    return s;
}

static bool row_read(sqlite3_stmt *st, held_job *h, plt_record *r)
{
    char why[128];
    const char *text[4];
    static const int columns[] = {0, 2, 5, 6};
    for (int i = 0; i < 4; i++) text[i] = (const char *)sqlite3_column_text(st, columns[i]);
    memset(h, 0, sizeof *h);
    if (!text[0] || !text[1] || !text[3] || !plt_copy(h->uid, sizeof h->uid, text[0]) || !plt_copy(h->token, sizeof h->token, text[1])) return false;
    int state = sqlite3_column_int(st, 1);
    if (state < 0 || state >= GATE_STATES || state == GATE_NONE || !plan_read(text[2], h)) return false;
    if (plt_record_read(text[3], (size_t)sqlite3_column_bytes(st, 6), r, why, sizeof why) != PLT_OK) return false;
    h->state = (gate_state)state;
    h->since = sqlite3_column_int64(st, 3);
    h->deadline = sqlite3_column_int64(st, 4);
    h->job = r->job;
    return strcmp(h->uid, h->job.uid) == 0;
}

#define COLUMNS "SELECT uid, state, token, since, deadline, plan, line FROM held"

plt_status held_find(ledger *l, const char *uid, held_job *out)
{
    plt_record *r = malloc(sizeof *r);
    if (!r) return PLT_NOMEM;
    os_mutex_lock(l->lock);
    sqlite3_stmt *st = ledger_prepare(l->sure, COLUMNS " WHERE uid=?");
    if (st) ledger_bind(st, 1, uid, strlen(uid));
    int step = st ? sqlite3_step(st) : SQLITE_ERROR;
    plt_status s = step == SQLITE_DONE ? PLT_NOTFOUND : step != SQLITE_ROW ? ledger_fail(l->sure, "read", l->path) : PLT_OK;
    if (s == PLT_OK && !row_read(st, out, r)) s = PLT_BAD;
    sqlite3_finalize(st);
    os_mutex_unlock(l->lock);
    free(r);
    return s;
}

plt_status held_load(ledger *l, void (*fn)(void *ctx, const held_job *h), void *ctx, int *bad)
{
    plt_record *r = malloc(sizeof *r);
    held_job *h = malloc(sizeof *h);
    plt_status s = r && h ? PLT_OK : PLT_NOMEM;
    int step = SQLITE_ERROR;
    *bad = 0;
    os_mutex_lock(l->lock);
    sqlite3_stmt *st = s == PLT_OK ? ledger_prepare(l->sure, COLUMNS) : NULL;
    while (st && (step = sqlite3_step(st)) == SQLITE_ROW) {
        if (row_read(st, h, r))
            fn(ctx, h);
        else
            ++*bad;
    }
    if (s == PLT_OK && step != SQLITE_DONE) s = ledger_fail(l->sure, "read", l->path);
    sqlite3_finalize(st);
    os_mutex_unlock(l->lock);
    free(r);
    free(h);
    return s;
}

plt_status held_forget(ledger *l, int64_t before)
{
    os_mutex_lock(l->lock);
    sqlite3_stmt *st = ledger_prepare(l->sure, "DELETE FROM held WHERE state=? AND since<?");
    if (st) {
        sqlite3_bind_int(st, 1, GATE_OVER);
        sqlite3_bind_int64(st, 2, before);
    }
    plt_status s = st && sqlite3_step(st) == SQLITE_DONE ? PLT_OK : ledger_fail(l->sure, "write", l->path);
    sqlite3_finalize(st);
    os_mutex_unlock(l->lock);
    return s;
}
