/* SPDX-License-Identifier: Apache-2.0 */
/* A walk through everything, past peers that are right and wrong: how much of them comes, and what is said of why it ended. */
#include "tests/unit/test.h"

#include <string.h>

#include "tests/unit/core/collect_world.h"

#define PRINTER 39 /* objects of the world's printer */

static size_t seen;
static uint8_t last[PLT_OID_SIZE];
static size_t last_size;

/* Each object comes once, in order. */
static void walked(void *ctx, const plt_address *from, plt_octets list)
{
    plt_cursor c = plt_cursor_make(list.p, list.n);
    (void)ctx;
    assert_int_equal(from->ip[3], 7);
    for (plt_snmp_var v; plt_snmp_next(&c, &v); seen++) {
        assert_true(plt_oid_compare(v.name, plt_octets_make(last, last_size)) > 0);
        memcpy(last, v.name.p, v.name.n);
        last_size = v.name.n;
    }
    assert_false(c.bad);
}

static plt_collect_options walk_of(const char *from, uint32_t most)
{
    static uint8_t oid[PLT_OID_SIZE];
    plt_collect_options o = {.walk = true, .walk_most = most, .walked = walked};
    if (from) o.walk_from = plt_octets_make(oid, plt_oid_parse(from, oid, sizeof oid));
    seen = 0;
    last_size = 0;
    return o;
}

static const struct row {
    fault fault;
    const char *from;
    uint32_t most;
    plt_collect_outcome outcome;
    size_t objects;
    uint32_t notes; /* those that must be there, besides `smaller` */
} rows[] = {
    {RIGHT, NULL, 0, PLT_COLLECT_READ, PRINTER, 0},
    {A_SERVER, NULL, 0, PLT_COLLECT_READ, 3, 0},
    {V1_ONLY, NULL, 0, PLT_COLLECT_READ, PRINTER, 0},
    {NO_BULK, NULL, 0, PLT_COLLECT_READ, PRINTER, 0},
    {BULK_GENERR, NULL, 0, PLT_COLLECT_READ, PRINTER, 0},
    {SMALL_SILENT, NULL, 0, PLT_COLLECT_READ, PRINTER, 0},
    {SMALL_TOO_BIG, NULL, 0, PLT_COLLECT_READ, PRINTER, 0},
    {FEWER_VARIABLES, NULL, 0, PLT_COLLECT_READ, PRINTER, 0},
    {NO_VARIABLES, NULL, 0, PLT_COLLECT_READ, PRINTER, 0},
    {LATE, NULL, 0, PLT_COLLECT_READ, PRINTER, 0},
    {LOSSY, NULL, 0, PLT_COLLECT_READ, PRINTER, 0},
    {THRICE, NULL, 0, PLT_COLLECT_READ, PRINTER, 0},
    {OTHER_PORT, NULL, 0, PLT_COLLECT_READ, PRINTER, 0},
    {RIGHT, "1.3.6.1.2.1.43.11", 0, PLT_COLLECT_READ, 8, 0},
    {V1_ONLY, "1.3.6.1.2.1.43.11", 0, PLT_COLLECT_READ, 8, 0},
    {RIGHT, "1.3.6.1.4.1.641.2.1.5", 0, PLT_COLLECT_READ, 3, 0}, /* the last ones */
    {RIGHT, "1.3.6.1.2.1.1.1.0", 0, PLT_COLLECT_READ, 0, 0},     /* an object, and nothing below it */
    {RIGHT, "1.3.6.1.9", 0, PLT_COLLECT_READ, 0, 0},
    {RIGHT, NULL, PRINTER, PLT_COLLECT_READ, PRINTER, 0},
    {RIGHT, NULL, PRINTER - 1, PLT_COLLECT_PARTLY, PRINTER - 1, PLT_NOTE_LIMIT},
    {RIGHT, NULL, 1, PLT_COLLECT_PARTLY, 1, PLT_NOTE_LIMIT},
    {ENDLESS, NULL, 500, PLT_COLLECT_PARTLY, 500, PLT_NOTE_LIMIT},
    {SAME_NAME, NULL, 0, PLT_COLLECT_READ, 26, PLT_NOTE_LOOP},
    {BACKWARDS, NULL, 0, PLT_COLLECT_READ, 27, PLT_NOTE_LOOP},
    {GENERR_ONE, NULL, 0, PLT_COLLECT_READ, 27, PLT_NOTE_ERRORS},
    {DIES, NULL, 0, PLT_COLLECT_PARTLY, 20, PLT_NOTE_TIMEOUT},
    {SILENT, NULL, 0, PLT_COLLECT_SILENT, 0, 0},
    {WRONG_ID, NULL, 0, PLT_COLLECT_SILENT, 0, PLT_NOTE_UNASKED},
    {GARBAGE, NULL, 0, PLT_COLLECT_SILENT, 0, PLT_NOTE_UNREADABLE},
};

static void each_walk(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        const struct row *r = &rows[i];
        plt_collect_options o = walk_of(r->from, r->most);
        open_world(r->fault, &o);
        w.answered = r->fault == DIES; /* one answer sooner than it would: within the walk */
        plt_collect_start(w.c, PLT_SCAN_ALL);
        run_world();
        uint32_t notes = w.result.notes & ~(uint32_t)PLT_NOTE_SMALLER;
        if (w.results != 1 || w.result.outcome != r->outcome || seen != r->objects || notes != r->notes)
            fail_msg("row %zu: outcome %d, %zu objects, notes %u", i, (int)w.result.outcome, seen, (unsigned)notes);
        close_world();
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(each_walk)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
