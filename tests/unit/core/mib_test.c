/* SPDX-License-Identifier: Apache-2.0 */
/* The list of a printer's objects: complete, in order, without what the printer lacks; and what finds no room. */
#include "tests/unit/test.h"

#include <stdio.h>
#include <string.h>

#include "core/device/mib_columns.h"

enum { ROOM = 600 };
static plt_mib_object room[ROOM];

static int lacking = -1; /* a column that the printer does not have */

static bool value_of(void *arg, const plt_mib_object *o, plt_serve_value *out, uint8_t text[PLT_SERVE_TEXT])
{
    (void)arg;
    *out = (plt_serve_value){.type = (plt_snmp_type)o->type, .integer = o->row, .number = o->row};
    text[0] = o->column;
    out->octets = plt_octets_make(text, 1);
    return o->column != lacking;
}

static plt_mib_rows two_of_each(void)
{
    plt_mib_rows r = {{0}, {NULL}};
    for (int t = PLT_MIB_INTERFACE; t < PLT_MIB_TABLES; t++) r.count[t] = 2;
    return r;
}

static plt_mib two_printers(void)
{
    plt_mib m;
    plt_mib_rows rows = two_of_each();
    plt_mib_init(&m, room, ROOM);
    plt_mib_add_printer(&m, 1, &rows);
    plt_mib_add_printer(&m, 0, &rows);
    plt_mib_add_machine(&m, &rows);
    return m;
}

static void name_of(const plt_mib_object *o, char *out, size_t size)
{
    assert_true(plt_oid_format(plt_octets_make(o->name, o->len), out, size));
}

static void every_column_stands_in_the_table(void **state)
{
    (void)state;
    for (int c = 0; c < PLT_MIB_COLUMNS; c++) {
        uint8_t oid[PLT_MIB_NAME];
        assert_non_null(plt_mib_columns[c].oid);
        assert_int_not_equal(plt_oid_parse(plt_mib_columns[c].oid, oid, sizeof oid), 0);
        assert_int_not_equal(plt_mib_columns[c].type, 0);
        assert_true(plt_mib_columns[c].table < PLT_MIB_TABLES);
        for (int other = 0; other < c; other++) assert_string_not_equal(plt_mib_columns[c].oid, plt_mib_columns[other].oid);
    }
}

static void in_order_and_complete(void **state)
{
    plt_mib m = two_printers();
    size_t expected = 0;
    (void)state;
    plt_mib_end(&m, value_of, NULL);
    for (int c = 0; c < PLT_MIB_COLUMNS; c++) {
        unsigned t = plt_mib_columns[c].table;
        expected += t == PLT_MIB_SCALAR ? 1 : t <= PLT_MIB_ENTITY ? 2 : 4;
    }
    assert_false(m.full);
    assert_int_equal(m.count, expected);
    for (size_t i = 1; i < m.count; i++)
        assert_true(
            plt_oid_compare(plt_octets_make(m.objects[i - 1].name, m.objects[i - 1].len), plt_octets_make(m.objects[i].name, m.objects[i].len)) < 0);
}

static void names_of_rows(void **state)
{
    static const uint32_t odd[] = {5, 300};
    static const struct {
        unsigned column, row;
        const char *name;
    } cases[] = {{PLT_MIB_SYS_DESCR, 0, "1.3.6.1.2.1.1.1.0"},
                 {PLT_MIB_IF_PHYS_ADDRESS, 1, "1.3.6.1.2.1.2.2.1.6.2"},
                 {PLT_MIB_HR_DESCR, 0, "1.3.6.1.2.1.25.3.2.1.3.1"},
                 {PLT_MIB_PRT_SERIAL, 0, "1.3.6.1.2.1.43.5.1.1.17.1"},
                 {PLT_MIB_MARKER_LIFE, 0, "1.3.6.1.2.1.43.10.2.1.4.1.1"},
                 {PLT_MIB_SUPPLY_LEVEL, 0, "1.3.6.1.2.1.43.11.1.1.9.1.5"},
                 {PLT_MIB_SUPPLY_LEVEL, 1, "1.3.6.1.2.1.43.11.1.1.9.1.300"},
                 {PLT_MIB_CONSOLE_TEXT, 1, "1.3.6.1.2.1.43.16.5.1.2.1.2"},
                 {PLT_MIB_ENTITY_SERIAL, 0, "1.3.6.1.2.1.47.1.1.1.1.11.1"}};
    plt_mib m;
    plt_mib_rows rows = two_of_each();
    (void)state;
    rows.index[PLT_MIB_SUPPLY] = odd;
    plt_mib_init(&m, room, ROOM);
    plt_mib_add_machine(&m, &rows);
    plt_mib_add_printer(&m, 0, &rows);
    plt_mib_end(&m, value_of, NULL);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char name[128] = "";
        for (size_t k = 0; k < m.count; k++)
            if (m.objects[k].column == cases[i].column && m.objects[k].row == cases[i].row) name_of(&m.objects[k], name, sizeof name);
        assert_string_equal(name, cases[i].name);
    }
}

static void what_a_printer_lacks_is_not_there(void **state)
{
    plt_mib m = two_printers();
    (void)state;
    size_t before = m.count;
    lacking = PLT_MIB_PRT_SERIAL;
    plt_mib_end(&m, value_of, NULL);
    lacking = -1;
    assert_int_equal(m.count, before - 2);
    for (size_t i = 0; i < m.count; i++) assert_int_not_equal(m.objects[i].column, PLT_MIB_PRT_SERIAL);
}

static void a_standard_column_wins_over_a_private_one(void **state)
{
    plt_mib m;
    plt_mib_rows rows = {{0}, {NULL}};
    (void)state;
    plt_mib_init(&m, room, ROOM);
    plt_mib_add_private(&m, "1.3.6.1.2.1.1.1", "0", PLT_SNMP_STRING, 0, 7);
    plt_mib_add_private(&m, "1.3.6.1.4.1.9", "1.70000", PLT_SNMP_STRING, 0, 8);
    plt_mib_add_machine(&m, &rows);
    plt_mib_end(&m, value_of, NULL);
    char name[128];
    name_of(&m.objects[0], name, sizeof name);
    assert_string_equal(name, "1.3.6.1.2.1.1.1.0");
    assert_int_equal(m.objects[0].column, PLT_MIB_SYS_DESCR);
    name_of(&m.objects[m.count - 1], name, sizeof name);
    assert_string_equal(name, "1.3.6.1.4.1.9.1.70000");
    for (size_t i = 1; i < m.count; i++) assert_false(m.objects[i].column == PLT_MIB_PRIVATE && m.objects[i].row == 7);
}

static void what_finds_no_room_is_told(void **state)
{
    static const char *const too_long = "1.3.6.1.4.1.4294967295.4294967295.4294967295.4294967295.4294967295.4294967295.4294967295";
    static const char *const bad[] = {"", "1", "1.3.", "x", "9.9", too_long};
    plt_mib m;
    plt_mib_rows rows = two_of_each();
    (void)state;
    for (size_t cap = 0; cap < 40; cap++) {
        plt_mib_init(&m, room, cap);
        plt_mib_add_printer(&m, 0, &rows);
        assert_true(m.full);
        assert_int_equal(m.count, cap);
    }
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        plt_mib_init(&m, room, ROOM);
        plt_mib_add_private(&m, bad[i], "0.4294967295", PLT_SNMP_STRING, 0, 0);
        assert_true(m.full);
        assert_int_equal(m.count, 0);
    }
}

/* Asked at, before and behind every object: the list says the same as looking through all of it. */
static void looked_up_as_by_looking_through(void **state)
{
    plt_mib m = two_printers();
    plt_mib_view v = {&m, value_of, NULL, 0};
    (void)state;
    plt_mib_end(&m, value_of, NULL);
    for (size_t i = 0; i < m.count; i++) {
        uint8_t name[PLT_MIB_NAME + 1];
        size_t n = m.objects[i].len;
        plt_serve_object o;
        memcpy(name, m.objects[i].name, n);
        assert_int_equal(plt_mib_serve.get(&v, plt_octets_make(name, n), &o), PLT_SERVE_FOUND);
        assert_int_equal(o.at, i);
        for (int hint = 0; hint < 2; hint++) {
            o.at = hint ? i : SIZE_MAX;
            plt_serve_found f = plt_mib_serve.next(&v, plt_octets_make(name, n), &o);
            assert_int_equal(f, i + 1 < m.count ? PLT_SERVE_FOUND : PLT_SERVE_END);
            if (f == PLT_SERVE_FOUND) assert_int_equal(o.at, i + 1);
        }
        name[n] = 0; /* a row of the row */
        assert_int_equal(plt_mib_serve.get(&v, plt_octets_make(name, n + 1), &o), PLT_SERVE_NO_INSTANCE);
        o.at = SIZE_MAX;
        assert_int_equal(plt_mib_serve.next(&v, plt_octets_make(name, n + 1), &o), i + 1 < m.count ? PLT_SERVE_FOUND : PLT_SERVE_END);
        o.at = SIZE_MAX;
        assert_int_equal(plt_mib_serve.next(&v, plt_octets_make(name, m.objects[i].stem), &o), PLT_SERVE_FOUND);
        assert_true(o.at <= i && m.objects[o.at].column == m.objects[i].column);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_column_stands_in_the_table),
        cmocka_unit_test(in_order_and_complete),
        cmocka_unit_test(names_of_rows),
        cmocka_unit_test(what_a_printer_lacks_is_not_there),
        cmocka_unit_test(a_standard_column_wins_over_a_private_one),
        cmocka_unit_test(what_finds_no_room_is_told),
        cmocka_unit_test(looked_up_as_by_looking_through),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
