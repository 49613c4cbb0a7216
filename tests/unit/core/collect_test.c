/* SPDX-License-Identifier: Apache-2.0 */
/* The collector against peers that are scripted (collect_world.h), and what it makes of their answers. */
#include "tests/unit/test.h"

#include <string.h>

#include "core/collect/inside.h"
#include "core/device/meter.h"
#include "tests/unit/core/collect_world.h"

/* All of it is there and right. */
static void complete_device(void)
{
    plt_device d;
    uint32_t index[PLT_PRINTERS_MOST], percent;
    uint64_t n;
    plt_device_init(&d, 0);
    assert_int_equal(plt_reader_printers(w.result.list, index), 1);
    assert_int_equal(index[0], 1);
    plt_reader_device(&w.result, 1, PLT_SCAN_ALL, 1700000000000, &d);
    assert_int_equal(d.status, PLT_OK);
    assert_string_equal(plt_device_text(&d, PLT_MODEL, 0), "Example LW 100");
    assert_string_equal(plt_device_text(&d, PLT_MAKE, 0), "Lexmark");
    assert_string_equal(plt_device_text(&d, PLT_SERIAL, 0), "SN12345");
    assert_string_equal(plt_device_text(&d, PLT_LOCATION, 0), "B\xC3\xBCro 7");
    assert_string_equal(plt_device_text(&d, PLT_CONTACT, 0), "it@example.org");
    assert_string_equal(plt_device_text(&d, PLT_MAC, 0), "021122334455");
    assert_string_equal(plt_device_text(&d, PLT_CONSOLE_TEXT, 1), "Ready");
    assert_string_equal(plt_device_text(&d, PLT_SUPPLY_TEXT, 2), "Drum");
    assert_string_equal(plt_device_text(&d, PLT_SUPPLY_COLOR, 1), "black");
    assert_string_equal(plt_device_text(&d, PLT_INPUT_NAME, 2), "Tray 2");
    assert_string_equal(plt_device_text(&d, PLT_ALERT_TEXT, 5), "Toner low");
    assert_true(plt_device_number(&d, PLT_ALERT_SINCE, 5, &n) && n == 1700000000000ull - 600000);
    assert_true(plt_device_number(&d, PLT_METER_COUNT, PLT_METER_TOTAL, &n) && n == 4711); /* the standard's, not the maker's */
    assert_true(plt_device_number(&d, PLT_METER_COUNT, PLT_METER_MONO, &n) && n == 4000);
    assert_true(plt_device_number(&d, PLT_METER_COUNT, PLT_METER_COLOR, &n) && n == 711);
    assert_true(plt_supply_percent(&d, 1, &percent) && percent == 42);
    assert_false(plt_device_number(&d, PLT_SUPPLY_LEVEL, 2, &n));
    assert_int_equal(plt_device_get(&d, PLT_SUPPLY_LEVEL, 2)->kind, PLT_SOME);
    assert_int_equal(plt_device_get(&d, PLT_SUPPLY_CAPACITY, 2)->kind, PLT_UNKNOWN);
    assert_true(plt_device_number(&d, PLT_CONDITIONS, 0, &n) && n == 1u << PLT_LOW_TONER);
    assert_true(plt_device_number(&d, PLT_STATE, 0, &n) && n == PLT_STATE_ATTENTION);
    plt_device_free(&d);
}

/* What becomes of each kind of peer: the outcome, the notes (at least), how many questions it may take, and whether nothing is missing. */
static void each_way_of_being_wrong(void **state)
{
    static const struct {
        fault fault;
        const char *name;
        plt_collect_outcome outcome;
        uint32_t notes;
        unsigned most;
        bool complete;
    } cases[] = {
        {RIGHT, "right", PLT_COLLECT_READ, 0, 8, true},
        {SILENT, "silent", PLT_COLLECT_SILENT, 0, 6, false}, /* two versions, three times */
        {V1_ONLY, "v1 only", PLT_COLLECT_READ, 0, 30, true},
        {NO_BULK, "no GETBULK", PLT_COLLECT_READ, PLT_NOTE_SMALLER, 30, true},
        {BULK_GENERR, "genErr to GETBULK", PLT_COLLECT_READ, PLT_NOTE_SMALLER, 80, true},
        {SMALL_SILENT, "silent when long", PLT_COLLECT_READ, PLT_NOTE_SMALLER, 120, true},
        {SMALL_TOO_BIG, "tooBig", PLT_COLLECT_READ, PLT_NOTE_SMALLER, 120, true},
        {SMALL_CUT, "cut", PLT_COLLECT_READ, PLT_NOTE_SMALLER, 120, true},
        {FEWER_VARIABLES, "seven variables", PLT_COLLECT_READ, 0, 60, true},
        {NO_VARIABLES, "no variables", PLT_COLLECT_READ, PLT_NOTE_SMALLER, 80, true},
        {SAME_NAME, "stands still", PLT_COLLECT_READ, PLT_NOTE_LOOP, 20, false},
        {BACKWARDS, "goes back", PLT_COLLECT_READ, PLT_NOTE_LOOP, 20, false},
        {ENDLESS, "no end", PLT_COLLECT_PARTLY, PLT_NOTE_LIMIT, 120, false},
        {GENERR_ONE, "genErr of one", PLT_COLLECT_READ, PLT_NOTE_ERRORS, 20, false},
        {WRONG_ID, "another request", PLT_COLLECT_SILENT, PLT_NOTE_UNASKED, 6, false},
        {WRONG_COMMUNITY, "another community", PLT_COLLECT_SILENT, PLT_NOTE_UNASKED, 6, false},
        {WRONG_VERSION, "another version", PLT_COLLECT_PARTLY, PLT_NOTE_TIMEOUT, 12, false}, /* the first seems to be late */
        {OTHER_PORT, "another port", PLT_COLLECT_READ, 0, 8, true},
        {OTHER_ADDRESS, "another address", PLT_COLLECT_SILENT, PLT_NOTE_ELSEWHERE, 6, false},
        {GARBAGE, "garbage", PLT_COLLECT_SILENT, PLT_NOTE_UNREADABLE, 6, false},
        {THRICE, "three times", PLT_COLLECT_READ, 0, 8, true},
        {LATE, "late", PLT_COLLECT_READ, 0, 30, true},
        {LOSSY, "lossy", PLT_COLLECT_READ, 0, 40, true},
        {DIES, "dies", PLT_COLLECT_PARTLY, PLT_NOTE_TIMEOUT, 30, false},
        {A_SERVER, "a server", PLT_COLLECT_OTHER, 0, 2, false},
        {A_REQUEST, "a request", PLT_COLLECT_SILENT, PLT_NOTE_UNASKED, 6, false},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        open_world(cases[i].fault, NULL);
        run_world();
        bool right =
            w.results == 1 && w.result.outcome == cases[i].outcome && (w.result.notes & cases[i].notes) == cases[i].notes && w.asked <= cases[i].most;
        uint32_t strays = w.result.notes & (PLT_NOTE_UNREADABLE | PLT_NOTE_UNASKED);
        right = right && strays == (cases[i].notes & (PLT_NOTE_UNREADABLE | PLT_NOTE_UNASKED));
        if (!right)
            fail_msg("%s: outcome %d, notes %x, %u questions, %u results", cases[i].name, w.result.outcome, (unsigned)w.result.notes, w.asked,
                     w.results);
        if (cases[i].complete) complete_device();
        close_world();
    }
}

/* A fresh collector that is given what another one learned asks as that one would; damaged, it asks for all. */
static void what_was_learned_outlives_the_collector(void **state)
{
    plt_buf kept, again;
    (void)state;
    plt_buf_init(&kept, 1 << 20);
    plt_buf_init(&again, 1 << 20);
    open_world(RIGHT, NULL);
    run_world();
    assert_int_equal(plt_collect_learned(w.c, &kept), PLT_OK);
    close_world();
    open_world(RIGHT, NULL);
    assert_int_equal(plt_collect_learn(w.c, kept.data, kept.len), PLT_OK);
    plt_collect_start(w.c, PLT_SCAN_METERS);
    run_world();
    assert_int_equal(w.result.outcome, PLT_COLLECT_READ);
    assert_true(w.result.rescan);
    assert_int_equal(w.asked, 1);
    assert_int_equal(plt_collect_learned(w.c, &again), PLT_OK);
    assert_int_equal(kept.len, again.len);
    close_world();
    for (size_t n = 0; n < kept.len; n++) { /* cut short, and each octet another */
        open_world(RIGHT, NULL);
        assert_int_equal(plt_collect_learn(w.c, kept.data, n), PLT_BAD);
        kept.data[n] ^= 0x5A;
        plt_collect_learn(w.c, kept.data, kept.len);
        kept.data[n] ^= 0x5A;
        plt_collect_start(w.c, PLT_SCAN_ALL);
        run_world();
        assert_int_equal(w.results, 1);
        assert_int_equal(w.result.outcome, PLT_COLLECT_READ);
        complete_device();
        close_world();
    }
    plt_buf_free(&kept);
    plt_buf_free(&again);
}

static void another_address_where_it_is_allowed(void **state)
{
    plt_collect_options o = {.other_address = true};
    (void)state;
    open_world(OTHER_ADDRESS, &o);
    run_world();
    assert_int_equal(w.result.outcome, PLT_COLLECT_READ);
    assert_int_equal(w.result.answered_from.ip[3], 8);
    complete_device();
    close_world();
}

/* A second scan asks for what moves, by one question; and for everything when the printer is another. */
static void a_scan_by_what_was_learned(void **state)
{
    (void)state;
    open_world(RIGHT, NULL);
    run_world();
    assert_false(w.result.rescan);
    unsigned first = w.asked;
    uint32_t octets = w.result.octets_out + w.result.octets_in;
    w.asked = 0;
    plt_collect_start(w.c, PLT_SCAN_METERS);
    run_world();
    assert_int_equal(w.result.outcome, PLT_COLLECT_READ);
    assert_true(w.result.rescan);
    assert_int_equal(w.asked, 1);
    assert_true(w.result.octets_out + w.result.octets_in < 700 && w.result.octets_out + w.result.octets_in < octets / 3);
    w.asked = 0;
    plt_collect_start(w.c, PLT_SCAN_ALL);
    run_world();
    assert_true(w.result.rescan && w.asked < first);
    complete_device();
    w.serial_change = 1; /* prtGeneralConfigChanges */
    w.asked = 0;
    plt_collect_start(w.c, PLT_SCAN_ALL);
    run_world();
    assert_false(w.result.rescan);
    assert_true(w.asked >= first);
    complete_device();
    w.fault = SILENT;
    plt_collect_start(w.c, PLT_SCAN_METERS);
    run_world();
    assert_int_equal(w.result.outcome, PLT_COLLECT_SILENT);
    close_world();
}

static void many_at_a_time_within_the_limits(void **state)
{
    plt_collect_options o = {.in_flight = 16, .rate = 1000};
    plt_collect_totals t;
    (void)state;
    open_world(RIGHT, &o);
    for (unsigned i = 0; i < 199; i++) {
        plt_address a = {.ip = {192, 0, 3, (uint8_t)i}, .port = 161, .family = 4};
        assert_int_equal(plt_collect_add(w.c, &a), PLT_OK);
    }
    uint64_t begin = w.now;
    run_world();
    plt_collect_totals_get(w.c, &t);
    assert_int_equal(t.printers, 200);
    assert_int_equal(w.results, 200);
    double seconds = (double)(w.now - begin) / 1e6;
    assert_true((double)t.sent / seconds < 1050); /* the rate, and its burst */
    assert_int_equal(t.resent, 0);
    close_world();
}

/* Whatever it is asked, it says that it does not know this engine, and is another one each time. */
static void an_engine_that_is_never_known(void **state)
{
    static uint8_t room[PLT_SNMP_HEAD + 400];
    plt_usm_account a = {"reader", PLT_AUTH_SHA256, PLT_PRIV_AES128, "a password", "a password", false};
    plt_usm_user *u;
    plt_usm_engine e = {.id = "\x80\0\0\1eng", .id_size = 7, .boots = 1};
    char why[100];
    (void)state;
    assert_int_equal(plt_usm_user_create(&u, &a, why, sizeof why), PLT_OK);
    plt_collect_options o = {.users = &u, .user_count = 1, .no_v1 = true, .no_v2c = true};
    open_world(RIGHT, &o);
    while (!plt_collect_finished(w.c)) {
        plt_collect_datagram d;
        plt_snmp_message m;
        plt_snmp_out out;
        if (plt_collect_send(w.c, w.now, &d, 1) == 1) {
            assert_true(++w.asked < 20);
            assert_int_equal(plt_snmp_read(d.data, d.n, &m), PLT_OK);
            e.id[6]++;
            plt_snmp_begin(&out, room, sizeof room);
            size_t n = plt_usm_report(&e, PLT_USM_UNKNOWN_ENGINE, NULL, &m, 5, NULL, &out);
            plt_collect_receive(w.c, w.now, &d.to, out.p, n);
        } else if (!plt_collect_finished(w.c)) {
            w.now = plt_collect_deadline(w.c, w.now);
        }
    }
    assert_int_equal(w.result.outcome, PLT_COLLECT_REFUSED);
    assert_int_equal(w.result.verdict, PLT_USM_UNKNOWN_ENGINE);
    close_world();
    plt_usm_user_free(u);
}

/* ---- several lists ---- */

/* What an address is asked with, in order, when nobody answers: a letter for each community, small for version 1. */
static void ask_everybody(plt_collect *c, char asked[2][32])
{
    memset(asked, 0, 2 * sizeof *asked);
    for (uint64_t now = 1000000; !plt_collect_finished(c);) {
        plt_collect_datagram d;
        plt_snmp_message m;
        if (plt_collect_send(c, now, &d, 1) == 1) {
            char *to = asked[d.to.ip[3] - 1];
            assert_int_equal(plt_snmp_read(d.data, d.n, &m), PLT_OK);
            assert_true(m.community.n == 1 && strlen(to) < 31);
            to[strlen(to)] = (char)(m.community.p[0] | (m.version == PLT_SNMP_V1 ? 0x20 : 0));
        } else if (!plt_collect_finished(c)) {
            now = plt_collect_deadline(c, now);
        }
    }
}

/* Each address is asked with its own list, in its order, and hears of no other community; what answered once comes first, the rest behind it. */
static void each_address_by_its_own_list(void **state)
{
    static const char *const communities[] = {"A", "B", "C"};
    const plt_collect_ways ways[] = {{2, {PLT_WAY_COMMUNITY | 1, PLT_WAY_COMMUNITY | 0}}, {1, {PLT_WAY_COMMUNITY | 2}}};
    const plt_collect_options o = {.communities = communities,
                                   .community_count = 3,
                                   .ways = ways,
                                   .way_count = 2,
                                   .tries = 1,
                                   .timeout_ms = 1000,
                                   .categories = PLT_SCAN_METERS,
                                   .seed = {7, 9},
                                   .done = done};
    char asked[2][32];
    plt_buf learned;
    (void)state;
    memset(&w, 0, sizeof w);
    assert_int_equal(plt_collect_create(&w.c, &o), PLT_OK);
    for (uint8_t i = 0; i < 2; i++)
        assert_int_equal(plt_collect_add_to(w.c, &(plt_address){.ip = {192, 0, 2, (uint8_t)(i + 1)}, .port = 161, .family = 4}, i), PLT_OK);
    assert_int_equal(plt_collect_add_to(w.c, &(plt_address){.ip = {192, 0, 2, 3}, .port = 161, .family = 4}, 2), PLT_BAD);
    ask_everybody(w.c, asked);
    assert_string_equal(asked[0], "BAba");
    assert_string_equal(asked[1], "Cc");
    /* As kept: the first answered to A by v2c, the second to a way that is not of its list any more. */
    plt_buf_init(&learned, 4096);
    w.c->targets[0].candidate = 0;
    w.c->targets[1].candidate = 0;
    assert_int_equal(plt_collect_learned(w.c, &learned), PLT_OK);
    close_world();
    assert_int_equal(plt_collect_create(&w.c, &o), PLT_OK);
    for (uint8_t i = 0; i < 2; i++)
        assert_int_equal(plt_collect_add_to(w.c, &(plt_address){.ip = {192, 0, 2, (uint8_t)(i + 1)}, .port = 161, .family = 4}, i), PLT_OK);
    assert_int_equal(plt_collect_learn(w.c, learned.data, learned.len), PLT_OK);
    plt_collect_start(w.c, PLT_SCAN_METERS);
    ask_everybody(w.c, asked);
    assert_string_equal(asked[0], "ABAba");
    assert_string_equal(asked[1], "Cc");
    plt_buf_free(&learned);
    close_world();
}

/* 16 communities, 10 tries: more attempts than an octet counts. */
static void many_ways_many_tries(void **state)
{
    static const char *const communities[] = {"a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l", "m", "n", "o", "p"};
    const plt_collect_options o = {.communities = communities, .community_count = 16, .tries = 10, .timeout_ms = 10, .done = done};
    plt_collect_totals t;
    (void)state;
    memset(&w, 0, sizeof w);
    assert_int_equal(plt_collect_create(&w.c, &o), PLT_OK);
    assert_int_equal(plt_collect_add(w.c, &(plt_address){.ip = {192, 0, 2, 1}, .port = 161, .family = 4}), PLT_OK);
    for (uint64_t now = 1000000; !plt_collect_finished(w.c);) {
        plt_collect_datagram d;
        if (plt_collect_send(w.c, now, &d, 1) == 0 && !plt_collect_finished(w.c)) now = plt_collect_deadline(w.c, now);
        plt_collect_totals_get(w.c, &t);
        assert_true(t.sent <= 320);
    }
    assert_int_equal(t.sent, 320);
    close_world();
}

static void lists_that_are_none(void **state)
{
    static const char *const communities[] = {"A"};
    static const plt_collect_ways wrong[] = {{0, {0}}, {1, {0}}, {1, {PLT_WAY_COMMUNITY | 1}}, {PLT_WAYS_MOST + 1, {PLT_WAY_COMMUNITY}}};
    plt_collect *c;
    (void)state;
    for (size_t i = 0; i < COUNT(wrong); i++) {
        const plt_collect_options o = {.communities = communities, .community_count = 1, .ways = &wrong[i], .way_count = 1, .done = done};
        assert_int_equal(plt_collect_create(&c, &o), PLT_BAD);
        assert_null(c);
    }
}

static void nothing_to_ask_with(void **state)
{
    plt_collect *c;
    plt_collect_options o = {.done = done};
    static const char *const communities[] = {"public"};
    (void)state;
    assert_int_equal(plt_collect_create(&c, &o), PLT_BAD);
    o.communities = communities;
    o.community_count = 1;
    o.no_v1 = o.no_v2c = true;
    assert_int_equal(plt_collect_create(&c, &o), PLT_BAD);
}

static void texts_of_printers(void **state)
{
    static const struct {
        const char *octets;
        size_t n;
        const char *text;
    } cases[] = {
        {"plain", 5, "plain"},
        {"ends\0\0", 6, "ends"},
        {"  blanks \r\n", 11, "blanks"},
        {"\x01\x15HP", 4, "HP"},
        {"\0\x0ELatin", 7, "Latin"},
        {"B\xFCro", 4, "B\xC3\xBCro"},
        {"\xE6\x97\xA5", 3, "\xE6\x97\xA5"},
        {"a\x01z", 3, "a?z"},
        {"", 0, ""},
        {"\0\0\0", 3, ""},
    };
    char out[32];
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        plt_reader_text(plt_octets_make(cases[i].octets, cases[i].n), out, sizeof out);
        assert_string_equal(out, cases[i].text);
    }
    plt_reader_text(plt_octets_make("\xFC\xFC\xFC\xFC", 4), out, 5);
    assert_string_equal(out, "\xC3\xBC\xC3\xBC");
}

static void each_oid_of_the_plan_is_one(void **state)
{
    const plt_plan *p = plt_plan_get();
    (void)state;
    for (size_t i = 0; i < p->count; i++) assert_true(p->columns[i].oid_size > 0);
    for (size_t i = 0; i < p->private_count; i++) {
        assert_true(p->private_columns[i].oid_size > 0);
        assert_non_null(strchr("VGC", p->private_counters[i]->mark));
    }
    for (size_t i = 0; i < p->maker_count; i++) {
        assert_true(p->count + p->makers[i].count <= PLT_COLUMNS_MOST);
        for (size_t k = 0; k < i; k++) assert_true(p->makers[i].enterprise != p->makers[k].enterprise);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_way_of_being_wrong),
        cmocka_unit_test(another_address_where_it_is_allowed),
        cmocka_unit_test(a_scan_by_what_was_learned),
        cmocka_unit_test(many_at_a_time_within_the_limits),
        cmocka_unit_test(an_engine_that_is_never_known),
        cmocka_unit_test(each_address_by_its_own_list),
        cmocka_unit_test(many_ways_many_tries),
        cmocka_unit_test(lists_that_are_none),
        cmocka_unit_test(nothing_to_ask_with),
        cmocka_unit_test(what_was_learned_outlives_the_collector),
        cmocka_unit_test(texts_of_printers),
        cmocka_unit_test(each_oid_of_the_plan_is_one),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
