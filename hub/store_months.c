/* SPDX-License-Identifier: Apache-2.0 */
/*
 * PostgreSQL's jobs lie in one partition a month, made ahead; what no month was made for lies in jobs_other. A month that is
 * made late takes over what lies there of it. It must never leave a moment in which a job is in no partition: months are made
 * in one transaction.
 */
#include "hub/store_parts.h"

#include <inttypes.h>
#include <stdio.h>

#include "core/util/buf.h"
#include "core/util/text.h"

#define BEHIND 23 /* agents bring what they printed before they were enrolled; jobs live two years */
#define AHEAD 3
#define DAY_MS 86400000
#define SQL_MAX 2048

static int64_t month_of(int64_t unix_ms)
{
    return hub_month_of_day(unix_ms / DAY_MS);
}

static int64_t begin_of(int64_t month)
{
    char text[PLT_TIME_SIZE];
    int64_t at = 0;
    snprintf(text, sizeof text, "%04d-%02d-01", (int)(1970 + month / 12), (int)(month % 12 + 1));
    plt_time_parse(text, &at);
    return at;
}

static plt_status exists(db *d, const char *table)
{
    db_stmt *st = db_get(d, "SELECT 1 FROM pg_class WHERE oid=to_regclass(?1)");
    db_bind_text(st, 1, table);
    return db_exists(d, st);
}

static void name_of(char table[32], int64_t month)
{
    snprintf(table, 32, "jobs_%04d%02d", (int)(1970 + month / 12), (int)(month % 12 + 1));
}

static plt_status make(db *d, const char *table, int64_t month)
{
    plt_buf sql;
    int64_t from = begin_of(month), to = begin_of(month + 1);
    plt_buf_init(&sql, SQL_MAX);
    plt_buf_printf(&sql, "CREATE TABLE %s(LIKE jobs INCLUDING DEFAULTS INCLUDING CONSTRAINTS INCLUDING STORAGE);", table);
    plt_buf_printf(
        &sql, "WITH late AS (DELETE FROM jobs_other WHERE time>=%" PRId64 " AND time<%" PRId64 " RETURNING *) INSERT INTO %s SELECT * FROM late;",
        from, to, table);
    plt_buf_printf(&sql, "ALTER TABLE jobs ATTACH PARTITION %s FOR VALUES FROM (%" PRId64 ") TO (%" PRId64 ")", table, from, to);
    plt_status status = sql.status == PLT_OK ? db_exec(d, plt_buf_str(&sql)) : db_fail_as(d, PLT_NOMEM, "out of memory");
    plt_buf_free(&sql);
    return status;
}

/* With `make_them` false: PLT_NOTFOUND when one is missing. */
static plt_status each_month(db *d, int64_t now, bool make_them)
{
    int64_t this_month = month_of(now);
    plt_status status = PLT_OK;
    for (int64_t month = this_month - BEHIND; status == PLT_OK && month <= this_month + AHEAD; month++) {
        char table[32];
        name_of(table, month);
        status = exists(d, table);
        if (status == PLT_NOTFOUND && make_them) status = make(d, table, month);
    }
    return status;
}

plt_status store_months_make(db *d, int64_t now)
{
    if (d->engine != DB_POSTGRES) return PLT_OK;
    plt_status status = each_month(d, now, false);
    if (status != PLT_NOTFOUND) return status;
    status = db_begin(d); /* asked again inside it: another hub may have been first */
    if (status == PLT_OK) status = each_month(d, now, true);
    if (status == PLT_OK) return db_commit(d);
    db_rollback(d);
    return status;
}

/* The first partition of a month before `month`. */
static plt_status oldest_before(db *d, int64_t month, char table[32])
{
    char bound[32];
    name_of(bound, month);
    db_stmt *st =
        db_get(d, "SELECT CAST(c.relname AS VARCHAR) FROM pg_inherits i JOIN pg_class c ON c.oid=i.inhrelid WHERE i.inhparent=to_regclass('jobs')"
                  " AND c.relname ~ '^jobs_[0-9]{6}$' AND CAST(c.relname AS VARCHAR) < ?1 ORDER BY 1 LIMIT 1");
    db_bind_text(st, 1, bound);
    plt_status status = db_row(d, st);
    if (status != PLT_OK) return status;
    db_copy(st, 0, table, 32);
    db_reset(st);
    return PLT_OK;
}

plt_status store_months_keep(db *d, int64_t now, int64_t before)
{
    char table[32], sql[64];
    if (d->engine != DB_POSTGRES) return PLT_OK;
    plt_status status = each_month(d, now, true);
    while (status == PLT_OK && (status = oldest_before(d, month_of(before), table)) == PLT_OK) {
        snprintf(sql, sizeof sql, "DROP TABLE %s", table);
        status = db_exec(d, sql);
    }
    return status == PLT_NOTFOUND ? PLT_OK : status;
}
