/* SPDX-License-Identifier: Apache-2.0 */
/* What the list of agents is sorted and searched by. */
#include "hub_kit.h"

#include <inttypes.h>
#include <string.h>

#include "hub/natural.h"
#include "hub/store_parts.h"

#define BEFORE 23 /* the schema in which agents had nothing to be sorted by */

/* Both sides of what a person reads as a number. */
static void test_natural(void **state)
{
    static const char *const ordered[] = {
        "",    "0.9.4", "0.10.0",  "0.10.0-2", "0.10.1", "2",       "10",      "99999999",      "100000000",      "1000000000",   "a9b",
        "a10", "pc-7",  "PC-0008", "pc-9",     "PC-10",  "pc-10-a", "PC-10-b", "pc-9999999999", "pc-10000000000", "\xC3\x84rger", "\xC3\xA4rgerlich"};
    char a[256], b[256];
    (void)state;
    for (size_t i = 1; i < sizeof ordered / sizeof *ordered; i++) {
        hub_natural_key(a, sizeof a, ordered[i - 1]);
        hub_natural_key(b, sizeof b, ordered[i]);
        if (strcmp(a, b) >= 0) fail_msg("%s is not before %s (%s, %s)", ordered[i - 1], ordered[i], a, b);
    }
    hub_natural_key(a, sizeof a, "PC-007");
    hub_natural_key(b, sizeof b, "pc-7");
    assert_string_equal(a, b);
    hub_natural_key(a, 6, "abcd\xC3\xA4");
    assert_string_equal(a, "abcd"); /* cut at the end of a character */
}

/* Agents from before the list was sorted by the database have what it is sorted and searched by. */
static void test_step(void **state)
{
    hub_store *s = *state;
    bool postgres = *kit_here.url;
    s->ops->close(s);
    *state = NULL;
    kit_place_remove();
    kit_place_make(postgres);
    db *d = kit_db_open();
    assert_int_equal(store_migrate_to(d, BEFORE), PLT_OK);
    assert_int_equal(
        db_exec(d, "INSERT INTO tenants(tenant_id, name, created) VALUES(1, 'Acme', 1);"
                   "INSERT INTO tenant_tree(ancestor, tenant_id) VALUES(1, 1);"
                   "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n WHERE i<1001) INSERT INTO agents(tenant_id, agent_id, machine,"
                   " os, version, enrolled, last_seen, revoked, durable, durable_hash) SELECT 1, substr('000000000000' || (10000+i), 2, 16),"
                   " 'PC-' || i, 'W', '1', 1, 1, 0, 0, '' FROM n;"
                   "INSERT INTO certificates(tenant_id, agent_id, serial, issued, expires) VALUES(1, '0000000000010001', 'a', 1, 5),"
                   "(1, '0000000000010001', 'b', 1, 7)"),
        PLT_OK);
    assert_int_equal(store_migrate(d), PLT_OK);
    static const struct {
        const char *sql;
        int64_t expected;
    } cases[] = {{"SELECT count(*) FROM agents WHERE sort_machine='pc-11' AND instr(search, 'pc-1')>0", 1},
                 {"SELECT count(*) FROM agents WHERE sort_machine='pc-41001' AND sort_version='11'", 1},
                 {"SELECT count(*) FROM agents WHERE sort_machine='' OR search=''", 0},
                 {"SELECT certificate_expires FROM agents WHERE agent_id='0000000000010001'", 7},
                 {"SELECT sum(certificate_expires) FROM agents", 7}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        db_stmt *st = db_prepare(d, cases[i].sql);
        int64_t n = -1;
        assert_int_equal(db_number(d, st, &n), PLT_OK);
        db_finalize(st);
        if (n != cases[i].expected) fail_msg("%s: %" PRId64, cases[i].sql, n);
    }
    db_close(d);
}

#define EACH(C) C(test_step)

int main(void)
{
    const struct CMUnitTest pure[] = {cmocka_unit_test(test_natural)};
    const struct CMUnitTest sqlite[] = {EACH(KIT_SQLITE)};
    const struct CMUnitTest postgres[] = {EACH(KIT_POSTGRES)};
    int bad = cmocka_run_group_tests_name("pure", pure, NULL, NULL);
    bad += cmocka_run_group_tests_name("SQLite", sqlite, NULL, NULL);
    if (kit_postgres_there()) bad += cmocka_run_group_tests_name("PostgreSQL", postgres, NULL, NULL);
    return bad;
}
