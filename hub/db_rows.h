/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Rows of one INSERT statement, gathered for PostgreSQL: "INSERT INTO t(a, b) VALUES($1, $2) ..." becomes "INSERT INTO t(a, b) SELECT * FROM
 * unnest($1, $2) ...", each parameter an array with a column's values in the binary form of array_recv; or they become the data of a binary COPY.
 * Pure; every failure is sticky.
 */
#ifndef PLATEN_HUB_DB_ROWS_H
#define PLATEN_HUB_DB_ROWS_H

#include <stdbool.h>

#include "core/util/buf.h"

#define DB_ROWS_COLUMNS 40

typedef enum db_rows_kind { DB_ROWS_NUMBER, DB_ROWS_TEXT, DB_ROWS_BYTES } db_rows_kind;

/* Rows by a number of theirs, ascending: *changed[i] becomes 1 where the row of key[i] was added, else 0; NULL: nobody asks. */
typedef struct db_rows_keys {
    size_t n, cap;
    int64_t *key;
    int64_t **changed;
} db_rows_keys;

typedef struct db_rows {
    plt_buf sql;
    plt_buf copy;     /* "COPY t(a, b) FROM STDIN (FORMAT binary)"; empty: the statement changes rows that are there */
    bool leaves_out;  /* it passes over rows that are there, which COPY does not */
    int columns, key; /* key: the column that the statement gives back of each row it adds, from 1; 0: none */
    plt_buf column[DB_ROWS_COLUMNS];
    db_rows_kind kind[DB_ROWS_COLUMNS];
    size_t rows, bytes;
    db_rows_keys keys;
    plt_status status;
} db_rows;

/* `sql` in PostgreSQL's words, each parameter once and in order. PLT_BAD: it is no such statement. */
plt_status db_rows_init(db_rows *m, const char *sql, int key);
void db_rows_free(db_rows *m);
/* Ready for the next statement's rows. */
void db_rows_clear(db_rows *m);

/* A row: its columns from 0 on, then its end. A column's kind is that of its first value. */
void db_rows_number(db_rows *m, int column, int64_t v);
void db_rows_data(db_rows *m, int column, db_rows_kind kind, const void *p, size_t n);
void db_rows_fail(db_rows *m, plt_status status);
void db_rows_end(db_rows *m, int64_t key, int64_t *changed);
/* Is it time to send what there is? */
bool db_rows_full(const db_rows *m);
/* Fills in the arrays' heads: their bytes are columns[i].data then. m->status says whether all of it is there. */
void db_rows_finish(db_rows *m);

/* COPY's data, once finished. */
void db_rows_copy(const db_rows *m, plt_buf *out);

/* Says of every row that it was (not) added; then of one that it was. */
void db_rows_all(const db_rows_keys *k, bool added);
void db_rows_added(const db_rows_keys *k, int64_t key);
void db_rows_keys_free(db_rows_keys *k);

#endif
