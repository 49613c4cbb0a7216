/* SPDX-License-Identifier: Apache-2.0 */
/*
 * PostgreSQL under the SQL layer, by libpq. Answers come whole and in binary; statements are prepared at their second use.
 * What is put off goes out as one pipeline (db_pipeline.c).
 *
 * A transaction takes one advisory lock first: writers of several hubs take turns, as they do on SQLite. What is lost is the
 * connection, never the store: a lost one fails its transaction with PLT_BUSY and is made anew by the next call. A commit
 * during which it was lost may have happened; who sends again is answered from what is there.
 * It must never log the address it was given: a password may stand in it.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <poll.h>

#include "core/util/text.h"
#include "hub/db_dialect.h"
#include "hub/db_postgres.h"
#include "os/clock.h"
#include "os/log.h"

#define SQL_MAX (64u << 10)
#define RETRY_MS 1000
#define BIGINT 20 /* in pg_type */
#define OLDEST 140000
#define DEFAULT_MS 600000 /* of a statement without a budget: none that the hub makes takes as long */

/* ---- failures ---- */

/* SQLSTATE, or the class that its first two characters are (PostgreSQL, appendix A). */
static plt_status status_of(const char *state)
{
    static const struct {
        const char *state;
        plt_status status;
    } table[] = {
        {"40", PLT_BUSY},                                                                                          /* serialization, deadlock */
        {"55P03", PLT_BUSY},                                                                                       /* lock_timeout */
        {"53100", PLT_FULL}, {"53200", PLT_NOMEM},  {"53", PLT_BUSY},   {"57014", PLT_TIMEOUT}, {"57P", PLT_BUSY}, /* the server ends or starts */
        {"25P03", PLT_BUSY}, /* idle_in_transaction_session_timeout */
        {"08", PLT_BUSY},    {"23", PLT_EXISTS},    {"XX001", PLT_BAD}, {"XX002", PLT_BAD},     {"25006", PLT_DENIED}, /* a standby */
        {"28", PLT_DENIED},  {"42501", PLT_DENIED}, {"3D", PLT_DENIED}, {"22021", PLT_BAD},                            /* no UTF-8 */
    };
    for (size_t i = 0; i < sizeof table / sizeof *table; i++)
        if (strncmp(state, table[i].state, strlen(table[i].state)) == 0) return table[i].status;
    return PLT_IO;
}

bool pg_lost(const pg *p)
{
    return !p->c || PQstatus(p->c) != CONNECTION_OK;
}

/* The first line of what libpq says, which may be several. */
static plt_status fail_with(pg *p, plt_status status, const char *what, const char *state, const char *said)
{
    char text[400];
    int n = (int)strcspn(said, "\n");
    snprintf(text, sizeof text, "PostgreSQL %s: %.*s", state, n > 300 ? 300 : n, said);
    return db_fail(&p->base, status, what, text);
}

plt_status pg_fail(pg *p, const char *what, const PGresult *r)
{
    const char *state = r ? PQresultErrorField(r, PG_DIAG_SQLSTATE) : NULL;
    const char *said = r ? PQresultErrorField(r, PG_DIAG_MESSAGE_PRIMARY) : NULL;
    if (!state && pg_lost(p)) return fail_with(p, PLT_BUSY, what, "connection", said ? said : PQerrorMessage(p->c));
    return fail_with(p, state ? status_of(state) : PLT_IO, what, state ? state : "error", said ? said : PQerrorMessage(p->c));
}

plt_status pg_finish(pg *p, const char *what, PGresult *r)
{
    ExecStatusType t = PQresultStatus(r);
    plt_status status = t == PGRES_COMMAND_OK || t == PGRES_TUPLES_OK ? PLT_OK : pg_fail(p, what, r);
    PQclear(r);
    return status;
}

/* ---- connecting ---- */

/* libpq's notices are the server's chatter ("relation exists, skipping"). */
static void quiet(void *ctx, const PGresult *r)
{
    (void)ctx;
    (void)r;
}

/*
 * What the hub relies on whatever the server's own settings are: a commit is on the disk when it returns; who waits for a
 * lock, or holds one and is gone, does so for a bounded time.
 */
static const char session[] = "SET synchronous_commit = on; SET lock_timeout = 10000; SET idle_in_transaction_session_timeout = 30000;"
                              " SET tcp_user_timeout = 15000; SET TimeZone = 'UTC'; SET client_min_messages = warning;"
                              " SET default_transaction_isolation = 'read committed'";

static plt_status setting(pg *p, const char *name, const char *want, const char *words)
{
    const char *got = PQparameterStatus(p->c, name);
    return got && strcmp(got, want) == 0 ? PLT_OK : db_fail_as(&p->base, PLT_UNSUPPORTED, words);
}

/* Asked first: libpq's words on a malformed address quote it, password and all. */
static bool readable(const char *url)
{
    PQconninfoOption *parts = PQconninfoParse(url, NULL);
    PQconninfoFree(parts);
    return parts != NULL;
}

static plt_status connect_now(pg *p)
{
    static const char *const names[] = {
        "connect_timeout", "tcp_user_timeout", "keepalives_idle", "dbname", "client_encoding", "fallback_application_name", NULL};
    const char *const values[] = {"5",    "15000",      "10", p->url,
                                  "UTF8", "platen-hub", NULL}; /* what stands in the address wins over what stands before it */
    PQfinish(p->c);
    p->c = PQconnectdbParams(names, values, 1);
    p->retry_at = os_clock_mono_ms() + RETRY_MS;
    p->session_budget = 0;
    pg_forget_pipeline(p);
    p->connection++;
    if (!p->c) return db_fail_as(&p->base, PLT_NOMEM, "out of memory");
    if (pg_lost(p)) return fail_with(p, PLT_BUSY, "connect", "connection", PQerrorMessage(p->c));
    PQsetNoticeReceiver(p->c, quiet, NULL);
    if (PQserverVersion(p->c) < OLDEST) return db_fail_as(&p->base, PLT_UNSUPPORTED, "the hub needs PostgreSQL 14 or later");
    plt_status status =
        setting(p, "server_encoding", "UTF8", "the database's encoding must be UTF8: make it with ENCODING 'UTF8' TEMPLATE template0");
    return status == PLT_OK ? pg_finish(p, "session", PQexec(p->c, session)) : status;
}

plt_status pg_ready(pg *p)
{
    if (!pg_lost(p)) return PLT_OK;
    if (p->waiting) return pg_end_pipeline(p); /* says what was lost */
    if (p->open || p->gathers) {
        pg_forget_pipeline(p);
        return db_fail_as(&p->base, PLT_BUSY, "the connection to PostgreSQL was lost");
    }
    if (os_clock_mono_ms() < p->retry_at) return db_fail_as(&p->base, PLT_BUSY, "PostgreSQL is away; the hub connects again within a second");
    return connect_now(p);
}

/* ---- statements ---- */

static db_stmt *prepare(db *d, const char *sql)
{
    pg_stmt *st = calloc(1, sizeof *st);
    if (st) {
        st->base.d = d;
        st->reads = strncmp(sql, "SELECT", 6) == 0;
        plt_buf_init(&st->sql, SQL_MAX);
        db_dialect_postgres(&st->sql, sql);
        if (st->sql.status == PLT_OK) return &st->base;
        plt_buf_free(&st->sql);
        free(st);
    }
    db_fail_as(d, PLT_NOMEM, "out of memory");
    return NULL;
}

static void forget_answer(pg_stmt *st)
{
    PQclear(st->answer);
    st->answer = NULL;
}

void pg_reset(db_stmt *base)
{
    pg_stmt *st = pg_own(base);
    forget_answer(st);
    st->n = 0;
}

static void finalize(db_stmt *base)
{
    pg_stmt *st = pg_own(base);
    if (pg_of(base->d)->gathers == st) pg_of(base->d)->gathers = NULL;
    forget_answer(st);
    db_rows_free(st->many);
    free(st->many);
    plt_buf_free(&st->sql);
    free(st);
}

/* Parameters that were skipped are NULL. */
static void bind(db_stmt *base, int at, const void *p, size_t n, db_rows_kind kind)
{
    pg_stmt *st = pg_own(base);
    if (at < 1 || at > PG_PARAMS) return; /* the statement fails: it has too few */
    for (; st->n < at; st->n++) st->value[st->n] = NULL;
    st->value[at - 1] = p;
    st->length[at - 1] = (int)n;
    st->kind[at - 1] = kind;
    st->format[at - 1] = kind != DB_ROWS_NUMBER; /* text in binary is text with its length; of numbers see bind_int */
}

static void bind_text(db_stmt *st, int at, const char *v, size_t n)
{
    bind(st, at, v, n, DB_ROWS_TEXT);
}

static void bind_blob(db_stmt *st, int at, const void *p, size_t n)
{
    bind(st, at, p, n, DB_ROWS_BYTES);
}

static void bind_int(db_stmt *st, int at, int64_t v)
{
    if (at < 1 || at > PG_PARAMS) return;
    char *text = pg_own(st)->number[at - 1];
    snprintf(text, sizeof pg_own(st)->number[0], "%lld", (long long)v);
    pg_own(st)->whole[at - 1] = v;
    bind(st, at, text, 0, DB_ROWS_NUMBER); /* in text: no order of bytes to think of */
}

/* Numbers are bigints; without that "$1=0" would make the parameter an int4. What text is for, the server finds out. */
static const Oid *types_of(const pg_stmt *st, Oid types[PG_PARAMS])
{
    for (int i = 0; i < st->n; i++) types[i] = st->value[i] && st->kind[i] == DB_ROWS_NUMBER ? BIGINT : 0;
    return types;
}

plt_status pg_prepare_as(pg *p, pg_name *name, const char *sql, int n, const Oid *types)
{
    if (name->connection == p->connection) return PLT_OK;
    snprintf(name->text, sizeof name->text, "s%u", ++p->names);
    plt_status status = pg_finish(p, "prepare", PQprepare(p->c, name->text, sql, n, types));
    if (status == PLT_OK) name->connection = p->connection;
    return status;
}

plt_status pg_give_name(pg *p, pg_stmt *st)
{
    Oid types[PG_PARAMS];
    return pg_prepare_as(p, &st->name, plt_buf_str(&st->sql), st->n, types_of(st, types));
}

plt_status pg_keep_time(pg *p)
{
    char sql[64];
    if (p->budget == p->session_budget) return PLT_OK;
    snprintf(sql, sizeof sql, "SET statement_timeout = %u", p->budget ? p->budget : DEFAULT_MS);
    plt_status status = pg_finish(p, "session", PQexec(p->c, sql));
    if (status == PLT_OK) p->session_budget = p->budget;
    return status;
}

/* A kept statement gets a name at its second use: most of those that were put together are used once. */
static plt_status ask(pg *p, pg_stmt *st)
{
    Oid types[PG_PARAMS];
    plt_status status = pg_ready(p);
    if (status == PLT_OK) status = pg_flush(&p->base);
    if (status == PLT_OK) status = pg_keep_time(p);
    if (status == PLT_OK && st->used) status = pg_give_name(p, st);
    if (status != PLT_OK) return status;
    st->answer = st->used ? PQexecPrepared(p->c, st->name.text, st->n, st->value, st->length, st->format, 1)
                          : PQexecParams(p->c, plt_buf_str(&st->sql), st->n, types_of(st, types), st->value, st->length, st->format, 1);
    ExecStatusType t = PQresultStatus(st->answer);
    if (t != PGRES_TUPLES_OK && t != PGRES_COMMAND_OK) {
        status = pg_fail(p, "query", st->answer);
        forget_answer(st);
        return status;
    }
    st->used = true;
    st->at = -1;
    st->rows = PQntuples(st->answer);
    p->changed = strtoll(PQcmdTuples(st->answer), NULL, 10);
    return PLT_OK;
}

/* A question outside a transaction that met a lost connection is asked once more: asking twice changes nothing. */
static plt_status row(db_stmt *base)
{
    pg_stmt *st = pg_own(base);
    pg *p = pg_of(base->d);
    if (!st->answer) {
        plt_status status = ask(p, st);
        if (status == PLT_BUSY && st->reads && !p->open && pg_lost(p)) status = ask(p, st);
        if (status != PLT_OK) return status;
    }
    if (++st->at < st->rows) return PLT_OK;
    forget_answer(st);
    return PLT_NOTFOUND;
}

static plt_status exec(db *d, const char *sql)
{
    pg *p = pg_of(d);
    plt_buf text;
    plt_status status = pg_ready(p);
    if (status == PLT_OK) status = pg_flush(d);
    if (status == PLT_OK) status = pg_keep_time(p);
    if (status != PLT_OK) return status;
    plt_buf_init(&text, SQL_MAX);
    db_dialect_postgres(&text, sql);
    status = text.status == PLT_OK ? pg_finish(p, "write", PQexec(p->c, plt_buf_str(&text))) : db_fail_as(d, PLT_NOMEM, "out of memory");
    plt_buf_free(&text);
    return status;
}

static int64_t changes(db *d)
{
    return pg_of(d)->changed;
}

static void limit(db *d, uint32_t budget_ms)
{
    pg_of(d)->budget = budget_ms;
}

/* ---- hearing ---- */

static bool heard(pg *p, char *words, size_t n)
{
    PGnotify *note = PQnotifies(p->c);
    if (note) plt_copy(words, n, note->extra);
    PQfreemem(note);
    return note != NULL;
}

static plt_status hear(db *d, uint32_t wait_ms, char *words, size_t n)
{
    pg *p = pg_of(d);
    plt_status status = pg_ready(p);
    if (status == PLT_OK && p->listening != p->connection) {
        status = exec(d, "LISTEN platen");
        if (status == PLT_OK) p->listening = p->connection;
    }
    if (status != PLT_OK) return status;
    if (heard(p, words, n)) return PLT_OK;
    struct pollfd fd = {.fd = PQsocket(p->c), .events = POLLIN};
    poll(&fd, 1, (int)wait_ms);
    if (!PQconsumeInput(p->c)) return pg_fail(p, "listen", NULL);
    return heard(p, words, n) ? PLT_OK : PLT_NOTFOUND;
}

/* ---- columns ---- */

static const char *cell(db_stmt *base, int at, size_t *n)
{
    pg_stmt *st = pg_own(base);
    *n = 0;
    if (!st->answer || at >= PQnfields(st->answer) || PQgetisnull(st->answer, st->at, at)) return NULL;
    *n = (size_t)PQgetlength(st->answer, st->at, at);
    return PQgetvalue(st->answer, st->at, at);
}

static const void *blob(db_stmt *st, int at, size_t *n)
{
    return cell(st, at, n);
}

uint64_t pg_big_endian(const char *p, size_t n)
{
    uint64_t v = 0;
    for (size_t i = 0; i < n; i++) v = v << 8 | (uint8_t)p[i];
    return v;
}

/* The whole part of a numeric, which the sum of bigints is: count, weight, sign and scale of 16 bits, then digits of base 10000. */
static int64_t whole_numeric(const char *p, size_t n)
{
    if (n < 8) return 0;
    size_t digits = (size_t)pg_big_endian(p, 2);
    int weight = (int16_t)pg_big_endian(p + 2, 2);
    uint64_t v = 0;
    for (int i = 0; i <= weight && i < 5; i++) v = v * 10000 + ((size_t)i < digits && 10 + 2 * (size_t)i <= n ? pg_big_endian(p + 8 + 2 * i, 2) : 0);
    if (v > INT64_MAX) return INT64_MAX;
    return pg_big_endian(p + 4, 2) == 0x4000 ? -(int64_t)v : (int64_t)v;
}

/* By what the server says it is: bool, int2, int4, int8 or numeric (their numbers in pg_type). */
static int64_t integer(db_stmt *st, int at)
{
    size_t n;
    const char *p = cell(st, at, &n);
    if (!p) return 0;
    switch (PQftype(pg_own(st)->answer, at)) {
    case 16: return *p != 0;
    case 21: return (int16_t)pg_big_endian(p, 2);
    case 23: return (int32_t)pg_big_endian(p, 4);
    case 20: return (int64_t)pg_big_endian(p, 8);
    case 1700: return whole_numeric(p, n);
    default: return 0;
    }
}

/* ---- transactions ---- */

/* "Platen": writers take turns. */
#define LOCK "SELECT pg_advisory_xact_lock(88426421708142)"

static plt_status try_begin(pg *p)
{
    plt_status status = pg_ready(p);
    if (status == PLT_OK) status = pg_flush(&p->base);
    if (status == PLT_OK) status = pg_finish(p, "begin", PQexec(p->c, "BEGIN; " LOCK));
    if (status == PLT_OK)
        p->open = true;
    else if (!pg_lost(p))
        PQclear(PQexec(p->c, "ROLLBACK")); /* the lock was not had in time */
    return status;
}

static plt_status begin(db *d)
{
    pg *p = pg_of(d);
    plt_status status = try_begin(p);
    return status == PLT_BUSY && pg_lost(p) ? try_begin(p) : status;
}

static void rollback(db *d)
{
    pg *p = pg_of(d);
    if (!p->open) return;
    pg_flush(d);
    p->open = false;
    if (!pg_lost(p)) PQclear(PQexec(p->c, "ROLLBACK"));
}

static plt_status commit(db *d)
{
    pg *p = pg_of(d);
    if (!p->open) return db_fail_as(d, PLT_IO, "there is no transaction");
    plt_status status = pg_ready(p);
    if (status == PLT_OK) status = pg_flush(d);
    if (status != PLT_OK) {
        rollback(d);
        return status;
    }
    PGresult *r = PQexec(p->c, "COMMIT");
    bool undone = strcmp(PQcmdStatus(r), "ROLLBACK") == 0;
    status = pg_finish(p, "commit", r);
    p->open = false;
    return status == PLT_OK && undone ? db_fail_as(d, PLT_IO, "the transaction was rolled back by the database") : status;
}

/* ---- opening and closing ---- */

static void close_connection(db *d)
{
    PQfinish(pg_of(d)->c);
    free(pg_of(d)->url);
    free(d);
}

static const db_ops ops = {
    .close = close_connection,
    .begin = begin,
    .commit = commit,
    .rollback = rollback,
    .exec = exec,
    .prepare = prepare,
    .finalize = finalize,
    .reset = pg_reset,
    .row = row,
    .bind_text = bind_text,
    .bind_int = bind_int,
    .bind_blob = bind_blob,
    .text = cell,
    .integer = integer,
    .blob = blob,
    .changes = changes,
    .later = pg_later,
    .many = pg_many,
    .flush = pg_flush,
    .limit = limit,
    .hear = hear,
};

plt_status db_postgres_open(db **out, const char *url, char *problem, size_t n)
{
    *out = NULL;
    snprintf(problem, n, "out of memory");
    pg *p = calloc(1, sizeof *p);
    size_t size = strlen(url) + 1;
    if (!p) return PLT_NOMEM;
    p->base.ops = &ops;
    p->base.engine = DB_POSTGRES;
    p->url = malloc(size);
    plt_status status = p->url ? PLT_OK : PLT_NOMEM;
    if (status == PLT_OK) {
        memcpy(p->url, url, size);
        status = readable(url) ? connect_now(p) : db_fail_as(&p->base, PLT_BAD, "the address of the PostgreSQL database is malformed");
        plt_copy(problem, n, p->base.problem);
    }
    if (status == PLT_OK)
        *out = &p->base;
    else
        db_close(&p->base);
    return status;
}
