/* SPDX-License-Identifier: Apache-2.0 */
/* Backup and restore: each way between the engines, row by row the same; what is refused; that no table was forgotten. */
#include "hub_kit.h"

#include <stdio.h>
#include <string.h>

#include "hub/backup.h"
#include "hub/store_parts.h"
#include "os/crypto.h"

#define A "00000000000000aa"

static char dir[OS_PATH_MAX], other_dir[OS_PATH_MAX], url[600], problem[1200];

static hub_store *open_at(const hub_store_where *where)
{
    hub_store *s = NULL;
    if (hub_store_open(&s, where, false, problem, sizeof problem) != PLT_OK) fail_msg("%s", problem);
    return s;
}

/* A row of made-up values in each table that has none yet: a table that is added is in the test without a word. */
static void fill_empty(hub_store *s)
{
    for (const hub_backup_table *t = hub_backup_tables; t->name; t++) {
        char sql[900];
        if (strchr(t->types, 'b')) continue; /* a hash cannot be made up in the words of both engines: fill() has those */
        int n = snprintf(sql, sizeof sql, "INSERT INTO %s(%s) SELECT", t->name, t->columns);
        for (int i = 0; t->types[i]; i++)
            n += snprintf(sql + n, sizeof sql - (size_t)n, t->types[i] == 't' ? "%s 'text %d'" : "%s %d", i ? "," : "", i + 1);
        snprintf(sql + n, sizeof sql - (size_t)n, " WHERE NOT EXISTS(SELECT 1 FROM %s)", t->name);
        if (db_exec(of(s), sql) != PLT_OK) fail_msg("%s: %s", t->name, db_problem(of(s)));
    }
}

static void fill(hub_store *s)
{
    kit_chain c;
    kit_chain_init(&c);
    int64_t tenant = kit_tenant(s, "Acme"), one;
    kit_agent(s, tenant, A, "PC-1");
    kit_chain_jobs(&c, 3000); /* more than one portion */
    kit_chain_job(&c, "000102030405060708090a0b0c0d0e0f", "\xC3\x84rger; DROP TABLE", "mia");
    kit_chain_job(&c, "000102030405060708090a0b0c0d0e0f", "again", "mia");
    hub_task *t = kit_upload(&c, 1, 3002, tenant, A);
    assert_int_equal(s->ops->begin(s), PLT_OK);
    assert_int_equal(s->ops->records_add(s, tenant, A, t->batch.rows, t->batch.n, KIT_NOW, &one), PLT_OK);
    hub_account a = {.name = "admin", .role = "administrator", .password = "hash"};
    uint8_t token[32] = {0, 1, 0xFF};
    hub_key_row k = {.id = "key", .uses_left = -1};
    assert_int_equal(s->ops->account_put(s, &a, KIT_NOW), PLT_OK);
    assert_int_equal(s->ops->session_add(s, token, "admin", "127.0.0.1", "a browser", KIT_NOW), PLT_OK);
    assert_int_equal(s->ops->key_add(s, tenant, &k, token), PLT_OK);
    assert_int_equal(
        db_exec(of(s), "INSERT INTO roles(name, rights) VALUES('helper', 5);"
                       "INSERT INTO recovery_codes(name, code_hash) SELECT name, token_hash FROM sessions;"
                       "INSERT INTO tokens(token_id, secret_hash, label, name, rights, created, expires, last_used, revoked)"
                       " SELECT 't', token_hash, 'label', name, 1, 2, 3, 4, 0 FROM sessions;"
                       "INSERT INTO collections(tenant_id, agent_id, serial, addresses, author, changed, sealed, held, refused, reported, report)"
                       " SELECT 1, 'a', 7, 3, 'admin', 1, token_hash, 6, 0, 2, '{}' FROM sessions LIMIT 1;"
                       "INSERT INTO mail_server(tenant_id, host, port, tls, user_name, secret, sender, ca)"
                       " SELECT 0, 'mail', 587, 0, 'u', token_hash, 'a@b', '' FROM sessions LIMIT 1;"
                       "INSERT INTO report_files(tenant_id, file_id, at, content) SELECT 1, 'f', 1, token_hash FROM sessions LIMIT 1;"
                       "INSERT INTO answers(tenant_id, who, how, request_key, at, print, kept, status, body)"
                       " SELECT 0, 'admin', 'session', 'k', 1, token_hash, 1, 204, '' FROM sessions LIMIT 1;"
                       "INSERT INTO audit(seq, tenant_id, at, who, action, object, line, hash) VALUES(1, 0, 2, 'admin', 'a', 'o', '{}', 'h');"
                       "UPDATE audit_head SET seq=1, hash='h'"),
        PLT_OK);
    fill_empty(s);
    assert_int_equal(s->ops->commit(s), PLT_OK);
    hub_task_free(t);
    kit_chain_free(&c);
}

/* The rows of all tables as text, in an order that hangs on them alone; its hash. */
static void digest_of(hub_store *s, uint8_t hash[32])
{
    plt_buf all;
    plt_buf_init(&all, 64u << 20);
    for (const hub_backup_table *t = hub_backup_tables; t->name; t++) {
        char sql[700];
        int64_t rows = 0;
        snprintf(sql, sizeof sql, "SELECT %s FROM %s ORDER BY 1%s%s", t->columns, t->name, strlen(t->types) > 1 ? ", 2" : "",
                 strlen(t->types) > 2 ? ", 3" : "");
        db_stmt *st = db_prepare(of(s), sql);
        plt_status status;
        while ((status = db_row(of(s), st)) == PLT_OK) {
            for (int i = 0; t->types[i]; i++) {
                size_t n;
                if (t->types[i] == 'i')
                    plt_buf_printf(&all, "%lld|", (long long)db_int(st, i));
                else {
                    const void *p = db_bytes(st, i, &n);
                    plt_buf_add(&all, p, n);
                    plt_buf_byte(&all, '|');
                }
            }
            rows++;
        }
        assert_int_equal(status, PLT_NOTFOUND);
        db_finalize(st);
        if (rows == 0) fail_msg("nothing in %s: the case proves nothing for it", t->name);
        plt_buf_printf(&all, "%s:%lld\n", t->name, (long long)rows);
    }
    assert_int_equal(all.status, PLT_OK);
    os_sha256(all.data, all.len, hash);
    plt_buf_free(&all);
}

static void backup_and_restore(const hub_store_where *from, const hub_store_where *to)
{
    char file[OS_PATH_MAX];
    uint8_t before[32], after[32];
    int64_t id;
    kit_path(file, other_dir, "backup.db");
    hub_store *s = open_at(from);
    fill(s);
    digest_of(s, before);
    if (hub_backup(from, file, problem, sizeof problem) != PLT_OK) fail_msg("%s", problem); /* the store is open */
    assert_int_equal(hub_backup(from, file, problem, sizeof problem), PLT_EXISTS);
    s->ops->close(s);
    if (hub_restore(to, file, problem, sizeof problem) != PLT_OK) fail_msg("%s", problem);
    s = open_at(to);
    digest_of(s, after);
    assert_memory_equal(after, before, 32);
    /* numbers that the database gives go on after those that came */
    int64_t acme;
    assert_int_equal(s->ops->tenant_find(s, "Acme", &acme), PLT_OK);
    assert_int_equal(s->ops->tenant_make(s, "Beta", KIT_NOW, &id), PLT_OK);
    assert_true(id > acme);
    s->ops->close(s);
    assert_int_equal(hub_restore(to, file, problem, sizeof problem), PLT_EXISTS); /* never over a database */
}

static int set_up(void **state)
{
    (void)state;
    folder_make(dir);
    folder_make(other_dir);
    *url = 0;
    return 0;
}

static int set_up_postgres(void **state)
{
    set_up(state);
    kit_postgres_make(url, sizeof url);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    folder_remove(dir);
    folder_remove(other_dir);
    if (*url) kit_postgres_remove();
    return 0;
}

static void test_sqlite(void **state)
{
    (void)state;
    backup_and_restore(&(hub_store_where){.data_dir = dir}, &(hub_store_where){.data_dir = other_dir});
}

static void test_to_postgres(void **state)
{
    (void)state;
    backup_and_restore(&(hub_store_where){.data_dir = dir}, &(hub_store_where){.data_dir = other_dir, .url = url});
}

static void test_from_postgres(void **state)
{
    (void)state;
    backup_and_restore(&(hub_store_where){.data_dir = dir, .url = url}, &(hub_store_where){.data_dir = other_dir});
}

static void test_refused(void **state)
{
    (void)state;
    char file[OS_PATH_MAX];
    hub_store_where where = {.data_dir = dir};
    kit_path(file, other_dir, "file");
    assert_int_not_equal(hub_restore(&where, file, problem, sizeof problem), PLT_OK); /* there is none */
    assert_int_equal(os_file_store(file,
                                   "no database at all, but of some length: it is text, and it goes on for more than a hundred bytes, as it must",
                                   106, true),
                     PLT_OK);
    assert_int_not_equal(hub_restore(&where, file, problem, sizeof problem), PLT_OK);
    assert_int_equal(os_file_store(file, "", 0, true), PLT_OK); /* to SQLite an empty file is a database */
    assert_int_equal(hub_restore(&where, file, problem, sizeof problem), PLT_BAD);
    kit_path(file, dir, "hub.db");
    assert_false(os_file_exists(file));
    kit_path(file, dir, "hub.db.part");
    assert_false(os_file_exists(file));
    kit_path(file, other_dir, "no/such/folder/backup.db");
    hub_store *s = open_at(&where);
    assert_int_not_equal(hub_backup(&where, file, problem, sizeof problem), PLT_OK);
    s->ops->close(s);
}

/* Who adds a table or a column, adds it to the backup's list: this fails until then. */
static void test_complete(void **state)
{
    (void)state;
    hub_store *s = open_at(&(hub_store_where){.data_dir = dir});
    int listed = 0;
    for (const hub_backup_table *t = hub_backup_tables; t->name; t++, listed++) {
        db_stmt *st =
            db_prepare(of(s), "SELECT count(*), coalesce(sum(instr(', ' || ?2 || ',', ', ' || name || ',')=0), 0) FROM pragma_table_info(?1)");
        db_bind_text(st, 1, t->name);
        db_bind_text(st, 2, t->columns);
        assert_int_equal(db_row(of(s), st), PLT_OK);
        if (db_int(st, 0) != (int64_t)strlen(t->types) || db_int(st, 1) != 0) fail_msg("the columns of %s are others", t->name);
        db_finalize(st);
    }
    db_stmt *st = db_prepare(of(s), "SELECT count(*) FROM sqlite_schema WHERE type='table' AND name NOT LIKE 'sqlite_%' AND name<>'schema_version'");
    assert_int_equal(db_row(of(s), st), PLT_OK);
    assert_int_equal(db_int(st, 0), listed);
    db_finalize(st);
    s->ops->close(s);
}

#define CASE(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)
#define PG_CASE(f) cmocka_unit_test_setup_teardown(f, set_up_postgres, tear_down)

int main(void)
{
    const struct CMUnitTest sqlite[] = {CASE(test_sqlite), CASE(test_refused), CASE(test_complete)};
    const struct CMUnitTest postgres[] = {PG_CASE(test_to_postgres), PG_CASE(test_from_postgres)};
    int bad = cmocka_run_group_tests_name("SQLite", sqlite, NULL, NULL);
    if (kit_postgres_there()) bad += cmocka_run_group_tests_name("PostgreSQL", postgres, NULL, NULL);
    return bad;
}
