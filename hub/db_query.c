/* SPDX-License-Identifier: Apache-2.0 */
/* It must never drop a parameter: a statement with too many of them fails as a whole. */
#include "hub/db_query.h"

#define SQL_MAX 4096

void db_query_begin(db_query *b)
{
    *b = (db_query){.n = 0};
    plt_buf_init(&b->sql, SQL_MAX);
}

void db_query_add(db_query *b, const char *sql)
{
    plt_buf_text(&b->sql, sql);
}

static void argument(db_query *b, const char *sql, const char *text, int64_t number)
{
    db_query_add(b, sql);
    if (b->n < DB_QUERY_ARGS) {
        b->arg[b->n].text = text;
        b->arg[b->n].number = number;
    }
    b->n++;
}

void db_query_text(db_query *b, const char *sql, const char *v)
{
    if (v) argument(b, sql, v, 0);
}

void db_query_number(db_query *b, const char *sql, int64_t v)
{
    argument(b, sql, NULL, v);
}

plt_status db_query_end(db *d, db_query *b, db_stmt **st)
{
    bool whole = b->sql.status == PLT_OK && b->n <= DB_QUERY_ARGS;
    *st = whole ? db_prepare(d, plt_buf_str(&b->sql)) : NULL;
    plt_buf_free(&b->sql);
    if (!whole) return db_fail_as(d, PLT_NOMEM, "out of memory");
    if (!*st) return d->failed;
    for (int i = 0; i < b->n; i++) {
        if (b->arg[i].text)
            db_bind_text(*st, i + 1, b->arg[i].text);
        else
            db_bind_int(*st, i + 1, b->arg[i].number);
    }
    return PLT_OK;
}
