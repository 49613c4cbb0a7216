/* SPDX-License-Identifier: Apache-2.0 */
/* Rounds of readings: what is told of a printer that is new, changed, unchanged, busy, moved, silent, gone, back; and that nothing is told twice or
 * never. */
#include "tests/unit/test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <unistd.h>

#include "core/device/meter.h"
#include "core/util/text.h"
#include "os/file.h"
#include "service/readings.h"
#include "tests/unit/folder.h"

#define T0 1768000000000
#define HOUR 3600000ll
#define ALL_GROUPS 0xFFu
#define COUNT(a) (sizeof(a) / sizeof *(a))

typedef struct place {
    char dir[OS_PATH_MAX];
    ledger *l;
    int64_t told;   /* records that the tests have looked at */
    int fail_after; /* tells that still work; -1: all */
} place;

static int set_up(void **state)
{
    place *p = calloc(1, sizeof *p);
    folder_make(p->dir);
    p->fail_after = -1;
    if (ledger_open(&p->l, p->dir, false) != PLT_OK) return -1;
    *state = p;
    return 0;
}

static int tear_down(void **state)
{
    place *p = *state;
    ledger_close(p->l);
    folder_remove(p->dir);
    free(p);
    return 0;
}

static plt_status tell(void *ctx, const ledger_news *n, int64_t now_ms)
{
    place *p = ctx;
    int64_t seq;
    if (p->fail_after == 0) return PLT_IO;
    if (p->fail_after > 0) p->fail_after--;
    return ledger_tell(p->l, n, now_ms, &seq);
}

/* ---- a printer in a line ---- */

typedef struct printer {
    const char *address, *serial, *mac;
    unsigned pages, level, uptime; /* 0: not said */
    plt_reading_outcome outcome;
} printer;

static void make(const printer *p, int64_t now, plt_device *d)
{
    const plt_origin snmp = {PLT_SOURCE_SNMP, now};
    plt_device_init(d, 0);
    plt_device_set_text(d, PLT_MAKE, 0, snmp, "HP", NULL);
    if (p->serial) plt_device_set_text(d, PLT_SERIAL, 0, snmp, p->serial, NULL);
    if (p->mac) plt_device_set_text(d, PLT_MAC, 0, snmp, p->mac, NULL);
    if (p->uptime) plt_device_set_number(d, PLT_UPTIME, 0, snmp, p->uptime, NULL);
    if (p->pages) plt_device_set_number(d, PLT_METER_COUNT, PLT_METER_TOTAL, snmp, p->pages, NULL);
    if (p->level) plt_device_set_number(d, PLT_SUPPLY_LEVEL, 1, snmp, p->level, NULL);
}

static const char *const mark[] = {"net.errors"};

static readings_rules rules(place *p)
{
    return (readings_rules){
        .ledger = p->l, .tell = tell, .ctx = p, .via = "net", .groups = ALL_GROUPS, .gone_after_ms = 24 * HOUR, .marks = mark, .mark_count = 1};
}

static readings_sum round_by(const readings_rules *rr, int64_t now, const printer *found, size_t n, bool whole, plt_status want)
{
    readings *r;
    readings_sum sum;
    assert_int_equal(readings_begin(&r, rr, now), PLT_OK);
    for (size_t i = 0; i < n; i++) {
        plt_device d;
        make(&found[i], now, &d);
        const readings_found f = {found[i].address, found[i].outcome, "", found[i].outcome >= PLT_READING_SILENT ? NULL : &d};
        readings_take(r, &f);
        plt_device_free(&d);
    }
    assert_int_equal(readings_end(r, whole, &sum), want);
    return sum;
}

static readings_sum one_round(place *p, int64_t now, const printer *found, size_t n)
{
    readings_rules rr = rules(p);
    return round_by(&rr, now, found, n, true, PLT_OK);
}

/* ---- what was told since the last look: "read full serial:HP/A1 {...}" ---- */

typedef struct told {
    place *p;
    char text[4096];
    size_t n;
} told;

static void add_key(void *ctx, const char *key)
{
    told *t = ctx;
    size_t len = strlen(t->text);
    snprintf(t->text + len, sizeof t->text - len, " %s", key);
}

static bool each_line(void *ctx, int64_t seq, const char *line, const char *hash)
{
    told *t = ctx;
    char why[128], via[8];
    plt_reading r;
    plt_buf values;
    int64_t at;
    (void)hash;
    if (seq <= t->p->told) return true;
    t->p->told = seq;
    t->n++;
    size_t len = strlen(t->text);
    plt_buf_init(&values, 65536);
    if (strstr(line, "\"type\":\"seen\"")) {
        snprintf(t->text + len, sizeof t->text - len, "seen");
        assert_int_equal(plt_seen_read(line, strlen(line), via, &at, add_key, t, why, sizeof why), PLT_OK);
    } else {
        assert_int_equal(plt_reading_read(line, strlen(line), &r, &values, why, sizeof why), PLT_OK);
        snprintf(t->text + len, sizeof t->text - len, "%s %s %s@%s", plt_reading_word(r.outcome), values.len ? r.full ? "full" : "part" : "none",
                 r.key, r.address);
    }
    plt_buf_free(&values);
    len = strlen(t->text);
    snprintf(t->text + len, sizeof t->text - len, "\n");
    return true;
}

static const char *news(place *p)
{
    static told t;
    t = (told){.p = p};
    assert_int_equal(ledger_each(p->l, false, each_line, &t), PLT_OK);
    return t.text;
}

static void the_second_round_tells_only_changes(void **state)
{
    place *p = *state;
    printer two[] = {{"192.0.2.7", "AAAA1", NULL, 100, 50, 10}, {"192.0.2.8", "BBBB1", NULL, 200, 60, 10}};
    readings_sum s = one_round(p, T0, two, 2);
    assert_int_equal(s.fresh, 2);
    assert_string_equal(news(p), "read full serial:HP/AAAA1@192.0.2.7\nread full serial:HP/BBBB1@192.0.2.8\n");
    two[1].pages = 201;
    two[0].uptime = two[1].uptime = 3610; /* a clock alone is no news */
    s = one_round(p, T0 + HOUR, two, 2);
    assert_int_equal(s.changed, 1);
    assert_int_equal(s.seen, 1);
    assert_string_equal(news(p), "read part serial:HP/BBBB1@192.0.2.8\nseen serial:HP/AAAA1\n");
    one_round(p, T0 + 2 * HOUR, two, 2);
    assert_string_equal(news(p), "seen serial:HP/AAAA1 serial:HP/BBBB1\n");
    assert_int_equal(ledger_mark(p->l, "net.errors"), T0 + 2 * HOUR);
}

/* All changes put together are the last reading. */
static void changes_lead_from_the_first_reading_to_the_last(void **state)
{
    place *p = *state;
    plt_device sum, last;
    char why[128];
    plt_device_init(&sum, 0);
    for (unsigned i = 0; i < 20; i++) {
        printer one = {"192.0.2.7", "AAAA1", NULL, 100 + i / 2, 50 - i / 3, 10 + i};
        one_round(p, T0 + i * HOUR, &one, 1);
    }
    for (int64_t seq = 1;; seq++) {
        plt_buf line, values;
        plt_device d;
        plt_reading r;
        int64_t got;
        plt_buf_init(&line, 1 << 20);
        plt_buf_init(&values, 65536);
        plt_device_init(&d, 0);
        assert_int_equal(ledger_lines(p->l, seq - 1, 1 << 20, 1, &line, &got), PLT_OK);
        bool more = line.len > 0, device = more && strstr(plt_buf_str(&line), "\"type\":\"device\"");
        if (device) {
            assert_int_equal(plt_reading_read(plt_buf_str(&line), line.len - 1, &r, &values, why, sizeof why), PLT_OK);
            assert_int_equal(plt_device_from_json(&d, plt_buf_str(&values), values.len, why, sizeof why), PLT_OK);
            plt_device_apply(&sum, &d);
        }
        plt_device_free(&d);
        plt_buf_free(&values);
        plt_buf_free(&line);
        if (!more) break;
    }
    make(&(printer){"192.0.2.7", "AAAA1", NULL, 109, 44, 0}, T0, &last);
    uint64_t pages, level;
    assert_true(plt_device_number(&sum, PLT_METER_COUNT, PLT_METER_TOTAL, &pages));
    assert_true(plt_device_number(&sum, PLT_SUPPLY_LEVEL, 1, &level));
    assert_int_equal(pages, 109);
    assert_int_equal(level, 44);
    plt_device_free(&last);
    plt_device_free(&sum);
}

static void only_the_due_groups_of_a_known_printer_are_told(void **state)
{
    place *p = *state;
    printer one = {"192.0.2.7", "AAAA1", NULL, 100, 50, 0};
    one_round(p, T0, &one, 1);
    news(p);
    one.pages = 150;
    readings_rules r = rules(p);
    r.groups = 1u << PLT_GROUP_IDENTITY | 1u << PLT_GROUP_STATUS;
    round_by(&r, T0 + HOUR, &one, 1, true, PLT_OK);
    assert_string_equal(news(p), "seen serial:HP/AAAA1\n");
    one_round(p, T0 + 2 * HOUR, &one, 1); /* the meter is due: it is told now */
    assert_string_equal(news(p), "read part serial:HP/AAAA1@192.0.2.7\n");
}

static void a_silent_printer_is_gone_after_its_limit_and_new_when_it_is_back(void **state)
{
    place *p = *state;
    printer one = {"192.0.2.7", "AAAA1", NULL, 100, 50, 0};
    one_round(p, T0, &one, 1);
    news(p);
    one_round(p, T0 + HOUR, NULL, 0);
    assert_string_equal(news(p), "silent none serial:HP/AAAA1@192.0.2.7\n");
    one_round(p, T0 + 2 * HOUR, NULL, 0); /* said once */
    assert_string_equal(news(p), "");
    one_round(p, T0 + 23 * HOUR, NULL, 0);
    assert_string_equal(news(p), "");
    one_round(p, T0 + 24 * HOUR, NULL, 0);
    assert_string_equal(news(p), "gone none serial:HP/AAAA1@192.0.2.7\n");
    one_round(p, T0 + 48 * HOUR, NULL, 0);
    assert_string_equal(news(p), "");
    one_round(p, T0 + 49 * HOUR, &one, 1);
    assert_string_equal(news(p), "read full serial:HP/AAAA1@192.0.2.7\n");
}

static void the_limit_counts_from_the_last_answer_also_when_it_said_nothing_new(void **state)
{
    place *p = *state;
    printer one = {"192.0.2.7", "AAAA1", NULL, 100, 50, 0};
    for (int i = 0; i < 30; i++) one_round(p, T0 + i * HOUR, &one, 1);
    news(p);
    one_round(p, T0 + 30 * HOUR, NULL, 0);
    assert_string_equal(news(p), "silent none serial:HP/AAAA1@192.0.2.7\n");
}

static void an_unplugged_printer_is_gone_at_once(void **state)
{
    place *p = *state;
    printer one = {"USB001", "AAAA1", NULL, 100, 50, 0};
    readings_rules r = rules(p);
    r.via = "usb";
    round_by(&r, T0, &one, 1, true, PLT_OK);
    news(p);
    round_by(&r, T0 + HOUR, NULL, 0, false, PLT_OK); /* the list was not whole: nothing can be said */
    assert_string_equal(news(p), "");
    one_round(p, T0 + HOUR, NULL, 0); /* a round over the network is none over USB */
    assert_string_equal(news(p), "");
    round_by(&r, T0 + HOUR, NULL, 0, true, PLT_OK);
    assert_string_equal(news(p), "gone none serial:HP/AAAA1@USB001\n");
}

static void another_address_is_moved_and_told_once(void **state)
{
    place *p = *state;
    printer one = {"192.0.2.7", "AAAA1", NULL, 100, 50, 0};
    one_round(p, T0, &one, 1);
    news(p);
    one.address = "192.0.2.99";
    readings_sum s = one_round(p, T0 + HOUR, &one, 1);
    assert_int_equal(s.moved, 1);
    assert_string_equal(news(p), "moved none serial:HP/AAAA1@192.0.2.99\n");
    one_round(p, T0 + 2 * HOUR, &one, 1);
    assert_string_equal(news(p), "seen serial:HP/AAAA1\n");
}

/* Two interfaces of one printer, or two printers with one serial number: in whatever order they answer it has not moved. */
static void a_printer_at_two_addresses_stays_where_it_is(void **state)
{
    place *p = *state;
    printer two[] = {{"192.0.2.7", "AAAA1", NULL, 100, 50, 0}, {"192.0.2.8", "AAAA1", NULL, 100, 50, 0}};
    one_round(p, T0, two, 2);
    assert_string_equal(news(p), "read full serial:HP/AAAA1@192.0.2.7\n");
    const printer back[] = {two[1], two[0]};
    one_round(p, T0 + HOUR, back, 2);
    assert_string_equal(news(p), "seen serial:HP/AAAA1\n");
    one_round(p, T0 + 2 * HOUR, back, 1); /* the first address is silent now */
    assert_string_equal(news(p), "moved none serial:HP/AAAA1@192.0.2.8\n");
}

static void a_partly_read_printer_keeps_its_key(void **state)
{
    place *p = *state;
    printer one = {"192.0.2.7", "AAAA1", NULL, 100, 50, 0};
    one_round(p, T0, &one, 1);
    news(p);
    printer part = {"192.0.2.7", NULL, NULL, 101, 0, 0, PLT_READING_PARTLY};
    one_round(p, T0 + HOUR, &part, 1);
    assert_string_equal(news(p), "partly part serial:HP/AAAA1@192.0.2.7\n");
    one.pages = 101;
    one_round(p, T0 + 2 * HOUR, &one, 1); /* the same values, whole again: the outcome is what is new */
    assert_string_equal(news(p), "read none serial:HP/AAAA1@192.0.2.7\n");
}

static void a_printer_that_shows_its_serial_number_later_is_not_two(void **state)
{
    place *p = *state;
    printer one = {"192.0.2.7", NULL, NULL, 100, 50, 0};
    one_round(p, T0, &one, 1);
    assert_string_equal(news(p), "read full net:192.0.2.7@192.0.2.7\n");
    one.serial = "AAAA1";
    one_round(p, T0 + HOUR, &one, 1);
    assert_string_equal(news(p), "gone none net:192.0.2.7@192.0.2.7\nread full serial:HP/AAAA1@192.0.2.7\n");
}

static void another_printer_at_the_same_address_is_new(void **state)
{
    place *p = *state;
    printer one = {"192.0.2.7", "AAAA1", NULL, 100, 50, 0};
    one_round(p, T0, &one, 1);
    news(p);
    one.serial = "CCCC1";
    one_round(p, T0 + HOUR, &one, 1);
    assert_string_equal(news(p), "read full serial:HP/CCCC1@192.0.2.7\nsilent none serial:HP/AAAA1@192.0.2.7\n");
}

static void busy_and_refused_are_said_when_they_begin_and_end(void **state)
{
    place *p = *state;
    printer one = {"192.0.2.7", "AAAA1", NULL, 100, 50, 0};
    printer busy = {"192.0.2.7", "AAAA1", NULL, 0, 0, 0, PLT_READING_BUSY}, refused = {"192.0.2.7", NULL, NULL, 0, 0, 0, PLT_READING_REFUSED};
    printer stranger = {"192.0.2.9", NULL, NULL, 0, 0, 0, PLT_READING_REFUSED};
    one_round(p, T0, &one, 1);
    news(p);
    one_round(p, T0 + HOUR, &busy, 1);
    assert_string_equal(news(p), "busy none serial:HP/AAAA1@192.0.2.7\n");
    one_round(p, T0 + 2 * HOUR, &busy, 1);
    assert_string_equal(news(p), "seen serial:HP/AAAA1\n");
    one_round(p, T0 + 3 * HOUR, &one, 1);
    assert_string_equal(news(p), "read none serial:HP/AAAA1@192.0.2.7\n");
    const printer both[] = {refused, stranger}; /* who it is that refuses is not known: no printer is made up */
    one_round(p, T0 + 4 * HOUR, both, 2);
    assert_string_equal(news(p), "refused none serial:HP/AAAA1@192.0.2.7\n");
}

static void masked_addresses_are_in_no_record(void **state)
{
    place *p = *state;
    printer some[] = {
        {"192.0.2.7", NULL, NULL, 1, 5, 0}, {"192.0.2.8", NULL, "00aabbccddee", 2, 5, 0}, {"192.0.2.9", "AAAA1", "00aabbccddff", 3, 5, 0}};
    plt_buf lines;
    int64_t last;
    readings_rules r = rules(p);
    r.mask = true;
    round_by(&r, T0, some, 3, true, PLT_OK);
    some[2].address = "192.0.2.10";
    round_by(&r, T0 + HOUR, some, 3, true, PLT_OK); /* the same keys again: two are seen, one has moved */
    round_by(&r, T0 + 2 * HOUR, NULL, 0, true, PLT_OK);
    plt_buf_init(&lines, 1 << 20);
    assert_int_equal(ledger_lines(p->l, 0, 1 << 20, 100, &lines, &last), PLT_OK);
    assert_null(strstr(plt_buf_str(&lines), "192.0.2"));
    assert_null(strstr(plt_buf_str(&lines), "00aabbcc"));
    assert_non_null(strstr(plt_buf_str(&lines), "serial:HP/AAAA1"));
    assert_non_null(strstr(plt_buf_str(&lines), "\"net:#"));
    assert_non_null(strstr(plt_buf_str(&lines), "\"mac:#"));
    assert_int_equal(last, 3 + 2 + 3);
    plt_buf_free(&lines);
}

/* Each tell fails once: in the next round everything is told that was not, and nothing that was. */
static void what_could_not_be_written_is_told_in_the_next_round(void **state)
{
    (void)state;
    for (int works = 0; works < 4; works++) {
        void *other = NULL;
        assert_int_equal(set_up(&other), 0);
        place *p = other;
        const printer first[] = {
            {"192.0.2.7", "AAAA1", NULL, 100, 50, 0}, {"192.0.2.8", "BBBB1", NULL, 200, 60, 0}, {"192.0.2.9", "CCCC1", NULL, 300, 70, 0}};
        const printer then[] = {
            {"192.0.2.7", "AAAA1", NULL, 101, 50, 0}, {"192.0.2.8", "BBBB1", NULL, 201, 60, 0}, {"192.0.2.9", "CCCC1", NULL, 301, 70, 0}};
        one_round(p, T0, first, 3);
        news(p);
        p->fail_after = works;
        readings_rules r = rules(p);
        round_by(&r, T0 + HOUR, then, 3, true, PLT_IO);
        assert_int_equal(ledger_mark(p->l, "net.errors"), T0); /* a round that is not whole stays due */
        p->fail_after = -1;
        one_round(p, T0 + 2 * HOUR, then, 3);
        told t = {.p = p};
        assert_int_equal(ledger_each(p->l, false, each_line, &t), PLT_OK);
        for (size_t i = 0; i < 3; i++) {
            char want[96];
            snprintf(want, sizeof want, "read part serial:HP/%s@", then[i].serial);
            const char *hit = strstr(t.text, want);
            assert_non_null(hit);
            assert_null(strstr(hit + 1, want));
        }
        tear_down(&other);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(the_second_round_tells_only_changes, set_up, tear_down),
        cmocka_unit_test_setup_teardown(changes_lead_from_the_first_reading_to_the_last, set_up, tear_down),
        cmocka_unit_test_setup_teardown(only_the_due_groups_of_a_known_printer_are_told, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_silent_printer_is_gone_after_its_limit_and_new_when_it_is_back, set_up, tear_down),
        cmocka_unit_test_setup_teardown(the_limit_counts_from_the_last_answer_also_when_it_said_nothing_new, set_up, tear_down),
        cmocka_unit_test_setup_teardown(an_unplugged_printer_is_gone_at_once, set_up, tear_down),
        cmocka_unit_test_setup_teardown(another_address_is_moved_and_told_once, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_printer_at_two_addresses_stays_where_it_is, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_partly_read_printer_keeps_its_key, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_printer_that_shows_its_serial_number_later_is_not_two, set_up, tear_down),
        cmocka_unit_test_setup_teardown(another_printer_at_the_same_address_is_new, set_up, tear_down),
        cmocka_unit_test_setup_teardown(busy_and_refused_are_said_when_they_begin_and_end, set_up, tear_down),
        cmocka_unit_test_setup_teardown(masked_addresses_are_in_no_record, set_up, tear_down),
        cmocka_unit_test(what_could_not_be_written_is_told_in_the_next_round),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
