/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Arrays for PostgreSQL (src/backend/utils/adt/arrayfuncs.c, array_recv), and the binary form of COPY ("COPY", File Formats): what many rows cost
 * less in than as many statements. An element of the one is a field of the other, to the byte. Pure.
 */
#include "hub/db_rows.h"

#include <stdlib.h>
#include <string.h>

#define SQL_MAX (64u << 10)
#define COLUMN_MAX (32u << 20) /* a statement's last row may be as large as a batch allows */
#define ROWS_MAX 10000
#define BYTES_MAX (4u << 20) /* then it is sent: the server can begin while more is gathered */
#define HEAD 20              /* dimensions, whether there are NULLs, the elements' type, their number, the first one's index */

/* What a COPY's data begin with: a signature, no flags, no extension; before each row the number of its fields, at the end -1. */
static const uint8_t copy_head[] = {'P', 'G', 'C', 'O', 'P', 'Y', '\n', 0xFF, '\r', '\n', 0, 0, 0, 0, 0, 0, 0, 0, 0};

/* The elements' numbers in pg_type. */
static const uint32_t element[] = {[DB_ROWS_NUMBER] = 20, [DB_ROWS_TEXT] = 25, [DB_ROWS_BYTES] = 17};

static void put32(uint8_t *p, uint32_t v)
{
    for (int i = 0; i < 4; i++) p[i] = (uint8_t)(v >> (24 - 8 * i));
}

static uint32_t get32(const uint8_t *p)
{
    return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

void db_rows_fail(db_rows *m, plt_status status)
{
    if (m->status == PLT_OK) m->status = status;
}

/* ---- the statement ---- */

/* How many columns are named between the parentheses that begin at s; *end is past them, *at where the key-th name stands. */
static int count_names(const char *s, int key, const char **at, const char **end)
{
    int n = 1;
    *at = NULL;
    for (s++; *s && *s != ')'; s++) {
        if (*s == ',') n++;
        if (*s == ' ' || *s == ',') continue;
        if (n == key && !*at) *at = s;
    }
    *end = *s ? s + 1 : s;
    return n;
}

/* "INSERT INTO t(a, b) VALUES(...)" as COPY, where what follows (rest) changes no row. */
static void make_copy(db_rows *m, const char *sql, const char *values, const char *rest)
{
    static const char into[] = "INSERT INTO ", leave[] = "DO NOTHING";
    size_t n = strlen(rest), skip = sizeof into - 1;
    m->leaves_out = n >= sizeof leave - 1 && strcmp(rest + n - (sizeof leave - 1), leave) == 0;
    if (n && !m->leaves_out) return;
    plt_buf_printf(&m->copy, "COPY %.*s FROM STDIN (FORMAT binary)", (int)((size_t)(values - sql) - skip), sql + skip);
}

plt_status db_rows_init(db_rows *m, const char *sql, int key)
{
    const char *names = strchr(sql, '('), *values = strstr(sql, " VALUES("), *name, *rest, *none;
    memset(m, 0, sizeof *m);
    plt_buf_init(&m->sql, SQL_MAX);
    plt_buf_init(&m->copy, SQL_MAX);
    for (int i = 0; i < DB_ROWS_COLUMNS; i++) plt_buf_init(&m->column[i], COLUMN_MAX);
    if (strncmp(sql, "INSERT INTO ", 12) != 0 || !names || !values || names > values) return PLT_BAD;
    m->key = key;
    m->columns = count_names(names, key, &name, &rest);
    if (m->columns > DB_ROWS_COLUMNS || key > m->columns || count_names(strchr(values, '('), 0, &none, &rest) != m->columns) return PLT_BAD;
    plt_buf_add(&m->sql, sql, (size_t)(values - sql));
    plt_buf_text(&m->sql, " SELECT * FROM unnest(");
    for (int i = 1; i <= m->columns; i++) plt_buf_printf(&m->sql, i > 1 ? ", $%d" : "$%d", i);
    plt_buf_printf(&m->sql, ")%s", rest);
    if (name) plt_buf_printf(&m->sql, " RETURNING %.*s", (int)strcspn(name, ",)"), name);
    make_copy(m, sql, values, rest);
    return m->sql.status != PLT_OK ? m->sql.status : m->copy.status;
}

void db_rows_free(db_rows *m)
{
    if (!m) return;
    plt_buf_free(&m->sql);
    plt_buf_free(&m->copy);
    for (int i = 0; i < DB_ROWS_COLUMNS; i++) plt_buf_free(&m->column[i]);
    db_rows_keys_free(&m->keys);
}

void db_rows_clear(db_rows *m)
{
    for (int i = 0; i < m->columns; i++) plt_buf_clear(&m->column[i]);
    m->rows = m->bytes = m->keys.n = 0;
    m->status = PLT_OK;
}

/* ---- rows ---- */

void db_rows_data(db_rows *m, int column, db_rows_kind kind, const void *p, size_t n)
{
    uint8_t *to = column < m->columns ? plt_buf_reserve(&m->column[column], HEAD + 4 + n) : NULL;
    if (!to || n > INT32_MAX || (m->rows && m->kind[column] != kind)) {
        db_rows_fail(m, column < m->columns && m->column[column].status != PLT_OK ? m->column[column].status : PLT_BAD);
        return;
    }
    if (!m->rows) {
        m->kind[column] = kind;
        m->column[column].len += HEAD;
        to += HEAD;
    }
    put32(to, (uint32_t)n);
    if (n) memcpy(to + 4, p, n);
    m->column[column].len += 4 + n;
    m->bytes += 4 + n;
}

void db_rows_number(db_rows *m, int column, int64_t v)
{
    uint8_t b[8];
    put32(b, (uint32_t)((uint64_t)v >> 32));
    put32(b + 4, (uint32_t)(uint64_t)v);
    db_rows_data(m, column, DB_ROWS_NUMBER, b, sizeof b);
}

static bool grow(db_rows_keys *k)
{
    size_t cap = k->cap ? 2 * k->cap : 64;
    if (k->n < k->cap) return true;
    int64_t *key = realloc(k->key, cap * sizeof *key);
    if (key) k->key = key;
    int64_t **changed = key ? realloc(k->changed, cap * sizeof *changed) : NULL;
    if (!changed) return false;
    k->changed = changed;
    k->cap = cap;
    return true;
}

void db_rows_end(db_rows *m, int64_t key, int64_t *changed)
{
    m->rows++;
    if (!m->key) return;
    if (m->keys.n && key <= m->keys.key[m->keys.n - 1]) {
        db_rows_fail(m, PLT_BAD);
    } else if (!grow(&m->keys)) {
        db_rows_fail(m, PLT_NOMEM);
    } else {
        m->keys.key[m->keys.n] = key;
        m->keys.changed[m->keys.n++] = changed;
    }
}

bool db_rows_full(const db_rows *m)
{
    return m->rows >= ROWS_MAX || m->bytes >= BYTES_MAX;
}

void db_rows_finish(db_rows *m)
{
    for (int i = 0; i < m->columns && m->status == PLT_OK; i++) {
        const uint32_t head[] = {1, 0, element[m->kind[i]], (uint32_t)m->rows, 1};
        if (m->column[i].len < HEAD)
            db_rows_fail(m, PLT_BAD); /* a column without a value */
        else
            for (int at = 0; at < 5; at++) put32(m->column[i].data + 4 * at, head[at]);
    }
}

void db_rows_copy(const db_rows *m, plt_buf *out)
{
    const uint8_t fields[] = {0, (uint8_t)m->columns}, end[] = {0xFF, 0xFF};
    size_t at[DB_ROWS_COLUMNS];
    for (int i = 0; i < m->columns; i++) at[i] = HEAD;
    plt_buf_add(out, copy_head, sizeof copy_head);
    for (size_t row = 0; row < m->rows; row++) {
        plt_buf_add(out, fields, sizeof fields);
        for (int i = 0; i < m->columns; i++) {
            const uint8_t *p = m->column[i].data + at[i];
            size_t n = 4 + (size_t)get32(p);
            plt_buf_add(out, p, n);
            at[i] += n;
        }
    }
    plt_buf_add(out, end, sizeof end);
}

/* ---- which were added ---- */

void db_rows_all(const db_rows_keys *k, bool added)
{
    for (size_t i = 0; i < k->n; i++)
        if (k->changed[i]) *k->changed[i] = added;
}

void db_rows_added(const db_rows_keys *k, int64_t key)
{
    size_t from = 0, to = k->n;
    while (from < to) {
        size_t middle = from + (to - from) / 2;
        if (k->key[middle] < key)
            from = middle + 1;
        else
            to = middle;
    }
    if (from < k->n && k->key[from] == key && k->changed[from]) *k->changed[from] = 1;
}

void db_rows_keys_free(db_rows_keys *k)
{
    free(k->key);
    free(k->changed);
    *k = (db_rows_keys){.n = 0};
}
