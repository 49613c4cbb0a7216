/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What PostgreSQL is told without waiting for its answer: statements that were put off go out as one pipeline, rows of one statement as arrays
 * (db_rows.h), or many of them by COPY (db_copy.c), so that a batch of a thousand rows costs a few ways there and back and a handful of statements.
 * It must never change their order: rows that are gathered are sent before anything that follows them.
 */
#include <stdlib.h>

#include "hub/db_postgres.h"

#define COPY_ROWS 64 /* fewer cost less in the pipeline, which is one way there and back */

/* In pg_type. */
static const Oid array_of[] = {[DB_ROWS_NUMBER] = 1016, [DB_ROWS_TEXT] = 1009, [DB_ROWS_BYTES] = 1001};

/* ---- answers ---- */

static void take_answer(pg_slot *slot, PGresult *r)
{
    if (slot->changed) *slot->changed = strtoll(PQcmdTuples(r), NULL, 10);
    db_rows_all(&slot->keys, false);
    for (int i = 0; slot->keys.n && i < PQntuples(r); i++)
        db_rows_added(&slot->keys, (int64_t)pg_big_endian(PQgetvalue(r, i, 0), (size_t)PQgetlength(r, i, 0)));
}

void pg_forget_pipeline(pg *p)
{
    for (size_t i = 0; i < p->waiting; i++) db_rows_keys_free(&p->later[i].keys);
    p->waiting = 0;
    if (p->gathers) db_rows_clear(p->gathers->many);
    p->gathers = NULL;
}

plt_status pg_end_pipeline(pg *p)
{
    plt_status status = PLT_OK;
    if (!PQpipelineSync(p->c)) status = pg_fail(p, "pipeline", NULL);
    for (size_t i = 0; i < p->waiting; i++) {
        PGresult *r = PQgetResult(p->c);
        if (!r) break;
        ExecStatusType t = PQresultStatus(r);
        if (t == PGRES_COMMAND_OK || t == PGRES_TUPLES_OK)
            take_answer(&p->later[i], r);
        else if (status == PLT_OK)
            status = pg_fail(p, "write", t == PGRES_PIPELINE_ABORTED ? NULL : r);
        PQclear(r);
        for (PGresult *more; (more = PQgetResult(p->c)) != NULL;) PQclear(more); /* ends at this statement's NULL */
    }
    pg_forget_pipeline(p);
    if (pg_lost(p)) return status == PLT_OK ? pg_fail(p, "pipeline", NULL) : status;
    PQclear(PQgetResult(p->c)); /* the sync */
    if (!PQexitPipelineMode(p->c) && status == PLT_OK) status = pg_fail(p, "pipeline", NULL);
    return status;
}

/* ---- sending ---- */

/* A slot for one statement more, in pipeline mode. */
static plt_status enter(pg *p, pg_slot **slot)
{
    if (!p->waiting && !PQenterPipelineMode(p->c)) return pg_fail(p, "pipeline", NULL);
    *slot = &p->later[p->waiting++];
    **slot = (pg_slot){.changed = NULL};
    return PLT_OK;
}

/* Names are given outside a pipeline; there is room for one statement more. */
static plt_status make_room(pg *p, bool named)
{
    if (!p->waiting || (p->waiting < PG_LATER && named)) return PLT_OK;
    return pg_end_pipeline(p);
}

static plt_status send_arrays(pg *p, pg_stmt *st)
{
    db_rows *m = st->many;
    const char *value[PG_PARAMS];
    int length[PG_PARAMS], format[PG_PARAMS];
    Oid types[PG_PARAMS];
    pg_slot *slot = NULL;
    for (int i = 0; i < m->columns; i++) {
        value[i] = plt_buf_str(&m->column[i]);
        length[i] = (int)m->column[i].len;
        format[i] = 1;
        types[i] = array_of[m->kind[i]];
    }
    plt_status status = pg_prepare_as(p, &st->many_name, plt_buf_str(&m->sql), m->columns, types);
    if (status == PLT_OK) status = enter(p, &slot);
    if (status != PLT_OK) return status;
    if (!PQsendQueryPrepared(p->c, st->many_name.text, m->columns, value, length, format, 1)) {
        p->waiting--;
        return pg_fail(p, "write", NULL);
    }
    slot->keys = m->keys;
    m->keys = (db_rows_keys){.n = 0};
    return PLT_OK;
}

/* Many rows by COPY, which no pipeline takes. *done: they were sent. */
static plt_status send_copy(pg *p, db_rows *m, bool *done)
{
    bool met = false;
    *done = false;
    if (m->rows < COPY_ROWS || !m->copy.len || (m->leaves_out && !p->open)) return PLT_OK;
    plt_status status = p->waiting ? pg_end_pipeline(p) : PLT_OK;
    if (status == PLT_OK) status = pg_copy(p, m, &met);
    *done = !met;
    if (status == PLT_OK && *done) db_rows_all(&m->keys, true);
    return status;
}

/* What was gathered goes out. */
static plt_status send_rows(pg *p)
{
    pg_stmt *st = p->gathers;
    if (!st) return PLT_OK;
    bool done = false;
    p->gathers = NULL;
    db_rows_finish(st->many);
    plt_status status = st->many->status == PLT_OK ? PLT_OK : db_fail_as(&p->base, st->many->status, "rows cannot be sent as one statement");
    if (status == PLT_OK) status = send_copy(p, st->many, &done);
    if (status == PLT_OK && !done) status = make_room(p, st->many_name.connection == p->connection);
    if (status == PLT_OK && !done) status = send_arrays(p, st);
    db_rows_clear(st->many);
    return status;
}

plt_status pg_flush(db *d)
{
    pg *p = pg_of(d);
    plt_status status = send_rows(p);
    if (!p->waiting) return status;
    plt_status ended = pg_end_pipeline(p);
    return status == PLT_OK ? ended : status;
}

plt_status pg_later(db_stmt *base, int64_t *changed)
{
    pg_stmt *st = pg_own(base);
    pg *p = pg_of(base->d);
    pg_slot *slot = NULL;
    plt_status status = pg_ready(p);
    if (status == PLT_OK) status = send_rows(p);
    if (status == PLT_OK) status = make_room(p, st->name.connection == p->connection);
    if (status == PLT_OK) status = pg_keep_time(p);
    if (status == PLT_OK) status = pg_give_name(p, st);
    if (status == PLT_OK) status = enter(p, &slot);
    if (status != PLT_OK) return status;
    slot->changed = changed;
    if (!PQsendQueryPrepared(p->c, st->name.text, st->n, st->value, st->length, st->format, 1)) {
        p->waiting--;
        status = pg_fail(p, "write", NULL);
    }
    pg_reset(base);
    return status;
}

/* ---- gathering ---- */

static plt_status begin_gathering(pg *p, pg_stmt *st, int key)
{
    plt_status status = send_rows(p);
    if (status == PLT_OK && !p->waiting) status = pg_keep_time(p);
    if (status == PLT_OK && !st->many) {
        st->many = malloc(sizeof *st->many);
        if (!st->many) return db_fail_as(&p->base, PLT_NOMEM, "out of memory");
        status = db_rows_init(st->many, plt_buf_str(&st->sql), key);
        if (status != PLT_OK) {
            db_rows_free(st->many);
            free(st->many);
            st->many = NULL;
            return db_fail_as(&p->base, status, "this statement cannot take many rows");
        }
    }
    p->gathers = st;
    return status;
}

plt_status pg_many(db_stmt *base, int key, int64_t *changed)
{
    pg_stmt *st = pg_own(base);
    pg *p = pg_of(base->d);
    plt_status status = pg_ready(p);
    if (status == PLT_OK && p->gathers != st) status = begin_gathering(p, st, key);
    if (status != PLT_OK) return status;
    for (int i = 0; i < st->n; i++) {
        if (!st->value[i])
            db_rows_fail(st->many, PLT_BAD);
        else if (st->kind[i] == DB_ROWS_NUMBER)
            db_rows_number(st->many, i, st->whole[i]);
        else
            db_rows_data(st->many, i, st->kind[i], st->value[i], (size_t)st->length[i]);
    }
    db_rows_end(st->many, key ? st->whole[key - 1] : 0, changed);
    pg_reset(base);
    return db_rows_full(st->many) ? send_rows(p) : PLT_OK;
}
