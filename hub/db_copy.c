/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Many rows into PostgreSQL by COPY: less work for the server than the same rows as arrays of an INSERT, above all of one that leaves out rows that
 * are there. COPY leaves out nothing, so such a statement is tried behind a savepoint of its own, and its arrays are sent after all when one row was
 * there.
 */
#include "hub/db_postgres.h"

#define COPY_MAX (80u << 20) /* what db_rows gathers at most, its last row included */
#define TRY "SAVEPOINT rows"
#define TAKE_BACK "ROLLBACK TO SAVEPOINT rows; RELEASE SAVEPOINT rows"
#define KEEP "RELEASE SAVEPOINT rows"

/* The server waits for rows, and then no longer; false: the connection is of no use any more. */
static bool send_data(pg *p, const plt_buf *rows)
{
    bool sent = PQputCopyData(p->c, (const char *)rows->data, (int)rows->len) == 1;
    return PQputCopyEnd(p->c, sent ? NULL : "the rows could not be sent") == 1;
}

/* What failed first is told. */
static plt_status take_answers(pg *p, const plt_buf *rows)
{
    plt_status status = PLT_OK;
    bool usable = true;
    for (PGresult *r; usable && (r = PQgetResult(p->c)) != NULL; PQclear(r)) {
        ExecStatusType t = PQresultStatus(r);
        if (t == PGRES_COPY_IN)
            usable = send_data(p, rows);
        else if (t != PGRES_COMMAND_OK && status == PLT_OK)
            status = pg_fail(p, "write", r);
    }
    if (usable) return status == PLT_OK && pg_lost(p) ? pg_fail(p, "write", NULL) : status;
    PQfinish(p->c);
    p->c = NULL;
    return pg_fail(p, "write", NULL);
}

plt_status pg_copy(pg *p, const db_rows *m, bool *met)
{
    plt_buf sql, rows;
    *met = false;
    plt_buf_init(&sql, m->copy.len + 64);
    plt_buf_init(&rows, COPY_MAX);
    plt_buf_printf(&sql, m->leaves_out ? TRY "; %s; " KEEP : "%s", plt_buf_str(&m->copy));
    db_rows_copy(m, &rows);
    plt_status status = sql.status == PLT_OK && rows.status == PLT_OK ? PLT_OK : db_fail_as(&p->base, PLT_NOMEM, "out of memory");
    if (status == PLT_OK) status = PQsendQuery(p->c, plt_buf_str(&sql)) ? take_answers(p, &rows) : pg_fail(p, "write", NULL);
    if (status == PLT_EXISTS && m->leaves_out) {
        status = pg_finish(p, "write", PQexec(p->c, TAKE_BACK));
        *met = true;
    }
    plt_buf_free(&sql);
    plt_buf_free(&rows);
    return status;
}
