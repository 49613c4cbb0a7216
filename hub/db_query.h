/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A statement that is put together from fixed pieces, for lists that are asked for in many ways. What a person typed is never a piece: it is a
 * parameter, kept in the order of the question marks.
 */
#ifndef PLATEN_HUB_DB_QUERY_H
#define PLATEN_HUB_DB_QUERY_H

#include "core/util/buf.h"
#include "hub/db.h"

#define DB_QUERY_ARGS 32

typedef struct db_query {
    plt_buf sql; /* pieces may be added to it by hand, too */
    int n;
    struct {
        const char *text; /* borrowed; NULL: the number */
        int64_t number;
    } arg[DB_QUERY_ARGS];
} db_query;

void db_query_begin(db_query *b);
void db_query_add(db_query *b, const char *sql);
/* A piece with one question mark, and what stands for it. A text that is NULL leaves out both. */
void db_query_text(db_query *b, const char *sql, const char *v);
void db_query_number(db_query *b, const char *sql, int64_t v);
/* The statement with its parameters, to be finalized; NULL with a failure. The query is used up in any case. */
plt_status db_query_end(db *d, db_query *b, db_stmt **st);

#endif
