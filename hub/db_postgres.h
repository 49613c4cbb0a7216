/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of the PostgreSQL engine share: db_postgres.c (connection, questions), db_pipeline.c (what is put off) and db_copy.c (many rows). */
#ifndef PLATEN_HUB_DB_POSTGRES_H
#define PLATEN_HUB_DB_POSTGRES_H

#include <libpq-fe.h>

#include "hub/db.h"
#include "hub/db_rows.h"

#define PG_PARAMS 40
#define PG_LATER 2048 /* statements of one pipeline: libpq holds them, and their answers, in memory */

/* A statement's name in a connection: they are counted, and a lost one took its statements along. */
typedef struct pg_name {
    char text[16];
    unsigned connection; /* 0: none */
} pg_name;

/* Something put off: where to say what it changed, as one number or a number per row. */
typedef struct pg_slot {
    int64_t *changed; /* NULL: nobody asked */
    db_rows_keys keys;
} pg_slot;

typedef struct pg_stmt pg_stmt;

typedef struct pg {
    db base; /* first: a db * is a pg * */
    PGconn *c;
    char *url;
    unsigned connection;       /* counts them */
    unsigned names, listening; /* in which connection */
    bool open;                 /* a transaction */
    uint32_t budget, session_budget;
    uint64_t retry_at; /* monotonic ms: not before */
    int64_t changed;
    pg_stmt *gathers; /* the statement whose rows are being gathered; NULL: none */
    size_t waiting;   /* in the pipeline */
    pg_slot later[PG_LATER];
} pg;

struct pg_stmt {
    db_stmt base; /* first */
    plt_buf sql;
    pg_name name;
    bool used, reads;
    int n;
    const char *value[PG_PARAMS];
    int length[PG_PARAMS], format[PG_PARAMS];
    db_rows_kind kind[PG_PARAMS];
    char number[PG_PARAMS][24];
    int64_t whole[PG_PARAMS];
    PGresult *answer;
    int at, rows;
    db_rows *many; /* NULL until it is used so */
    pg_name many_name;
};

static inline pg *pg_of(db *d)
{
    return (pg *)d;
}

static inline pg_stmt *pg_own(db_stmt *st)
{
    return (pg_stmt *)st;
}

/* db_postgres.c */
bool pg_lost(const pg *p);
/* Keeps what the server (r) or libpq says of a failure of `what`. */
plt_status pg_fail(pg *p, const char *what, const PGresult *r);
/* Takes the answer. */
plt_status pg_finish(pg *p, const char *what, PGresult *r);
/* A connection, made anew where it was lost outside a transaction. */
plt_status pg_ready(pg *p);
plt_status pg_keep_time(pg *p);
/* Prepares the statement in this connection, once. */
plt_status pg_give_name(pg *p, pg_stmt *st);
plt_status pg_prepare_as(pg *p, pg_name *name, const char *sql, int n, const Oid *types);
void pg_reset(db_stmt *st);
/* A number of 8 bytes or less, the first one leading. */
uint64_t pg_big_endian(const char *p, size_t n);

/* db_copy.c */
/* Rows by COPY, outside a pipeline. *met: none was added, since one that is to be left out was there. */
plt_status pg_copy(pg *p, const db_rows *m, bool *met);

/* db_pipeline.c */
plt_status pg_later(db_stmt *st, int64_t *changed);
plt_status pg_many(db_stmt *st, int key, int64_t *changed);
plt_status pg_flush(db *d);
/* Waits for what was put off and says what became of it. */
plt_status pg_end_pipeline(pg *p);
/* What was put off is not known any more: it went with its connection. */
void pg_forget_pipeline(pg *p);

#endif
