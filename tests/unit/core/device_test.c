/* SPDX-License-Identifier: Apache-2.0 */
/* The device model: sentinels never become numbers, every value has its origin, meters' comparisons, JSON both ways, changes. */
#include "tests/unit/test.h"

#include <stdio.h>
#include <string.h>

#include "core/device/device.h"
#include "core/device/meter.h"

#define JSON_MAX (1u << 20)
#define COUNT(a) (sizeof(a) / sizeof *(a))

static const plt_origin snmp = {PLT_SOURCE_SNMP, 5}, pjl = {PLT_SOURCE_PJL, 7};

static int fresh(void **state)
{
    static plt_device d;
    plt_device_init(&d, 0);
    *state = &d;
    return 0;
}

static int done(void **state)
{
    plt_device_free(*state);
    return 0;
}

static void sentinels_are_no_numbers(void **state)
{
    static const struct {
        int64_t mib;
        plt_kind kind;
        uint64_t n;
        const char *raw;
    } cases[] = {{0, PLT_IS, 0, "0"},
                 {18421, PLT_IS, 18421, "18421"},
                 {-1, PLT_OTHER, 0, "-1"},
                 {-2, PLT_UNKNOWN, 0, "-2"},
                 {-3, PLT_SOME, 0, "-3"},
                 {-4, PLT_UNKNOWN, 0, "-4"},
                 {INT64_MIN, PLT_UNKNOWN, 0, "-9223372036854775808"},
                 {INT64_MAX, PLT_UNKNOWN, 0, "9223372036854775807"}};
    plt_device *d = *state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        char room[32];
        uint64_t n = 99;
        plt_device_set_mib(d, PLT_SUPPLY_LEVEL, 1, snmp, cases[i].mib, NULL);
        const plt_value *v = plt_device_get(d, PLT_SUPPLY_LEVEL, 1);
        assert_int_equal(v->kind, cases[i].kind);
        assert_true(v->n == cases[i].n && v->at == 5 && v->source == PLT_SOURCE_SNMP);
        assert_string_equal(plt_value_raw(d, v, room), cases[i].raw);
        assert_int_equal(plt_device_number(d, PLT_SUPPLY_LEVEL, 1, &n), cases[i].kind == PLT_IS);
        assert_true(n == cases[i].n);
    }
    assert_null(plt_device_get(d, PLT_SUPPLY_LEVEL, 2));
}

static void texts_are_clean_and_bounded(void **state)
{
    char longer[PLT_TEXT_MAX * 2], room[32];
    plt_device *d = *state;
    plt_device_set_text(d, PLT_MODEL, 0, pjl, "HP LaserJet 4", "MDL:HP LaserJet 4");
    plt_device_set_text(d, PLT_MODEL, 0, pjl, "", NULL); /* nothing said: nothing changed */
    assert_string_equal(plt_device_text(d, PLT_MODEL, 0), "HP LaserJet 4");
    assert_string_equal(plt_value_raw(d, plt_device_get(d, PLT_MODEL, 0), room), "MDL:HP LaserJet 4");
    plt_device_set_text(d, PLT_NAME, 0, pjl, "a\nb\xff", NULL);
    assert_string_equal(plt_device_text(d, PLT_NAME, 0), "a?b?");
    memset(longer, 'x', sizeof longer - 1);
    longer[sizeof longer - 1] = 0;
    plt_device_set_text(d, PLT_LOCATION, 0, pjl, longer, longer);
    assert_int_equal(strlen(plt_device_text(d, PLT_LOCATION, 0)), PLT_TEXT_MAX);
    assert_string_equal(plt_device_text(d, PLT_SERIAL, 0), "");
    assert_int_equal(d->status, PLT_OK);
}

static void evidence_of_several_sources(void **state)
{
    plt_device *d = *state;
    uint64_t n;
    plt_device_set_text(d, PLT_SERIAL, 0, (plt_origin){PLT_SOURCE_USB, 1}, "USBB1", NULL);
    plt_device_set_text(d, PLT_SERIAL, 0, (plt_origin){PLT_SOURCE_PML, 2}, "JPBB1", NULL);
    plt_device_set_text(d, PLT_SERIAL, 0, (plt_origin){PLT_SOURCE_1284, 3}, "X1", NULL);
    assert_string_equal(plt_device_text(d, PLT_SERIAL, 0), "JPBB1");
    assert_string_equal(plt_value_text(d, plt_device_evidence(d, PLT_SERIAL, 0, PLT_SOURCE_USB)), "USBB1");
    assert_null(plt_device_evidence(d, PLT_SERIAL, 0, PLT_SOURCE_SNMP));
    /* A number of a poorer source beats the word of a better one that it does not know. */
    plt_device_set_number(d, PLT_METER_COUNT, PLT_METER_TOTAL, pjl, 12, NULL);
    plt_device_set_mib(d, PLT_METER_COUNT, PLT_METER_TOTAL, snmp, -2, NULL);
    assert_true(plt_device_number(d, PLT_METER_COUNT, PLT_METER_TOTAL, &n) && n == 12);
}

static void mistakes_of_callers_stick(void **state)
{
    static const struct {
        plt_what what;
        uint32_t row;
        plt_source source;
    } cases[] = {{PLT_MODEL, 0, PLT_SOURCE_PJL},
                 {PLT_WHAT_COUNT, 0, PLT_SOURCE_PJL},
                 {PLT_CODE, 1, PLT_SOURCE_PJL},
                 {PLT_CODE, 0, PLT_SOURCE_COUNT},
                 {PLT_METER_COUNT, 1, PLT_SOURCE_PJL},
                 {PLT_METER_COUNT, UINT32_MAX, PLT_SOURCE_PJL},
                 {PLT_SUPPLY_LEVEL, PLT_NO_ROW, PLT_SOURCE_PJL}};
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        plt_device d;
        plt_device_init(&d, 0);
        plt_device_set_number(&d, cases[i].what, cases[i].row, (plt_origin){cases[i].source, 1}, 1, NULL);
        assert_int_equal(d.status, PLT_BAD);
        assert_int_equal(d.count, 0);
        plt_device_free(&d);
    }
}

static void it_keeps_to_its_budget(void **state)
{
    char text[200];
    plt_device d;
    (void)state;
    plt_device_init(&d, 4096);
    memset(text, 'x', sizeof text - 1);
    text[sizeof text - 1] = 0;
    /* The same text again and again, and a changing one, need no more than once their room. */
    for (int i = 0; i < 1000; i++) {
        text[0] = (char)('a' + i % 26);
        plt_device_set_text(&d, PLT_CONSOLE_TEXT, 1, pjl, text, NULL);
        plt_device_set_text(&d, PLT_CONSOLE_TEXT, 2, pjl, "same", "as said");
    }
    assert_int_equal(d.status, PLT_OK);
    assert_string_equal(plt_device_text(&d, PLT_CONSOLE_TEXT, 1), text);
    assert_string_equal(plt_device_text(&d, PLT_CONSOLE_TEXT, 2), "same");
    for (uint32_t i = 1; i < 1000; i++) plt_device_set_text(&d, PLT_SUPPLY_TEXT, i, pjl, text, NULL);
    assert_int_equal(d.status, PLT_FULL);
    assert_true(d.count * sizeof *d.values + d.pool.len <= 4096);
    assert_string_equal(plt_device_text(&d, PLT_SUPPLY_TEXT, 1), text);
    assert_string_equal(plt_device_text(&d, PLT_SUPPLY_TEXT, 999), "");
    plt_device_free(&d);
}

/* Found by the fuzzer: a copy of one value had no room for a second, and did not know. */
static void a_copy_grows(void **state)
{
    plt_device *d = *state, copy;
    plt_device_init(&copy, 0);
    plt_device_set_number(d, PLT_CODE, 0, pjl, 10001, NULL);
    assert_int_equal(plt_device_copy(&copy, d), PLT_OK);
    for (uint32_t i = 0; i < 100; i++) plt_device_set_number(&copy, PLT_ALERT_CODE, i, pjl, i, NULL);
    assert_int_equal(copy.count, 101);
    assert_int_equal(d->count, 1);
    plt_device_free(&copy);
}

static void rows_come_in_order(void **state)
{
    static const uint32_t want[] = {1, 3, 200};
    plt_device *d = *state;
    uint32_t row = PLT_NO_ROW;
    size_t n = 0;
    plt_device_set_mib(d, PLT_SUPPLY_LEVEL, 200, snmp, 1, NULL);
    plt_device_set_text(d, PLT_SUPPLY_TEXT, 3, snmp, "Black", NULL);
    plt_device_set_mib(d, PLT_SUPPLY_LEVEL, 1, snmp, 1, NULL);
    plt_device_set_mib(d, PLT_INPUT_LEVEL, 2, snmp, 1, NULL);
    while (plt_device_next_row(d, PLT_GROUP_SUPPLY, &row)) assert_int_equal(row, want[n++]);
    assert_int_equal(n, 3);
    row = PLT_NO_ROW;
    assert_false(plt_device_next_row(d, PLT_GROUP_ALERT, &row));
}

static void supplies_in_percent(void **state)
{
    static const struct {
        int64_t unit, level, capacity;
        int percent; /* -1: cannot be told */
    } cases[] = {{0, 50, 200, 25}, {0, 200, 200, 100}, {0, 201, 200, -1}, {0, -3, 100, -1},  {0, 5, -2, -1},
                 {0, 0, 100, 0},   {19, 40, -2, 40},   {19, 40, 100, 40}, {19, 140, -2, -1}, {0, 5, 0, -1}};
    plt_device *d = *state;
    uint32_t percent;
    for (size_t i = 0; i < COUNT(cases); i++) {
        plt_device_set_mib(d, PLT_SUPPLY_UNIT, 1, snmp, cases[i].unit, NULL);
        plt_device_set_mib(d, PLT_SUPPLY_LEVEL, 1, snmp, cases[i].level, NULL);
        plt_device_set_mib(d, PLT_SUPPLY_CAPACITY, 1, snmp, cases[i].capacity, NULL);
        assert_int_equal(plt_supply_percent(d, 1, &percent), cases[i].percent >= 0);
        if (cases[i].percent >= 0) assert_int_equal(percent, cases[i].percent);
    }
    assert_false(plt_supply_percent(d, 2, &percent));
}

static void serials(void **state)
{
    static const char *const real[] = {"USBB123456", "84UZ74", "VNC3R12345", "0000A", "0001"}, *const filling[] = {
                                                                                                   "",    "0",       "000000000",  "XXXXXXX", "----",
                                                                                                   "n/a", "Unknown", "1234567890", "- - -"};
    (void)state;
    for (size_t i = 0; i < COUNT(real); i++) assert_true(plt_serial_is_real(real[i]));
    for (size_t i = 0; i < COUNT(filling); i++) assert_false(plt_serial_is_real(filling[i]));
}

static void every_field_and_word_is_found_again(void **state)
{
    (void)state;
    for (int i = 0; i < PLT_WHAT_COUNT; i++) {
        const plt_field_info *f = plt_field_of((plt_what)i);
        assert_non_null(f->name);
        assert_int_equal(plt_field_find(f->group, f->name), i);
        assert_int_equal(f->words != NULL, f->type == PLT_TYPE_WORD || f->type == PLT_TYPE_SET);
        for (const plt_word *w = f->words; w && w->text; w++) {
            uint64_t n = 12345;
            assert_true(plt_word_find((plt_what)i, w->text, &n) && n == w->n);
            assert_string_equal(plt_word_of((plt_what)i, w->n), w->text);
        }
    }
    assert_int_equal(plt_field_find(PLT_GROUP_STATUS, "model"), PLT_WHAT_COUNT);
    for (int i = 0; i < PLT_SOURCE_COUNT; i++) {
        plt_source s;
        assert_true(plt_source_find(plt_source_name((plt_source)i), &s) && (int)s == i);
    }
}

static void meters_have_names(void **state)
{
    static const struct {
        const char *name;
        uint32_t row;
    } good[] = {{"total", PLT_METER_TOTAL},
                {"mono", PLT_METER_MONO},
                {"print.color", PLT_METER_PRINT_COLOR},
                {"duplex", PLT_METER_DUPLEX},
                {"large", PLT_METER_LARGE},
                {"copy.color.duplex.a3", PLT_METER(PLT_DID_COPY, PLT_TINT_COLOR, PLT_SIDES_DUPLEX, PLT_SIZE_A3, PLT_UNIT_IMPRESSIONS, 0)}};
    static const char *const bad[] = {"", ".", "print.", ".print", "mono.print", "print.print", "nonsense", "total.mono", "print..mono", "Mono"};
    uint32_t row;
    plt_meter_parts parts;
    (void)state;
    for (size_t i = 0; i < COUNT(good); i++) {
        char name[PLT_METER_NAME_SIZE];
        plt_meter_name(good[i].row, name);
        assert_string_equal(name, good[i].name);
        assert_true(plt_meter_find(name, PLT_UNIT_IMPRESSIONS, 0, &row) && row == good[i].row);
    }
    for (size_t i = 0; i < COUNT(bad); i++)
        if (plt_meter_find(bad[i], PLT_UNIT_SHEETS, 0, &row)) fail_msg("a meter: %s", bad[i]);
    assert_false(plt_meter_find("total", (plt_unit)1, 0, &row));
    assert_false(plt_meter_find("total", PLT_UNIT_SHEETS, 1024, &row));
    assert_true(plt_meter_find("fax", PLT_UNIT_SHEETS, 1023, &row) && plt_meter_split(row, &parts));
    assert_true(parts.did == PLT_DID_FAX && parts.unit == PLT_UNIT_SHEETS && parts.slot == 1023);
}

#define MINUTE 60000
#define DAY (1440 * (int64_t)MINUTE)

static void two_readings(void **state)
{
    static const struct {
        plt_source source;
        uint64_t older, newer;
        int64_t time;
        plt_meter_change change;
        uint64_t n;
    } cases[] = {
        {PLT_SOURCE_SNMP, 100, 100, DAY, PLT_METER_SAME, 0},
        {PLT_SOURCE_SNMP, 100, 150, DAY, PLT_METER_GREW, 50},
        {PLT_SOURCE_SNMP, 0, 1000, 0, PLT_METER_GREW, 1000},             /* within the same minute */
        {PLT_SOURCE_SNMP, 0, 1001, 0, PLT_METER_IMPOSSIBLE, 0},          /* nothing prints so fast */
        {PLT_SOURCE_SNMP, 100, 100000000, DAY, PLT_METER_IMPOSSIBLE, 0}, /* a misread number */
        {PLT_SOURCE_SNMP, 100, 150, -1, PLT_METER_IMPOSSIBLE, 0},        /* not in order */
        {PLT_SOURCE_PML, 16777000, 84, DAY, PLT_METER_WRAPPED, 300},     /* 2^24 - 16777000 = 216 */
        {PLT_SOURCE_SNMP, 4294967290u, 4, DAY, PLT_METER_WRAPPED, 10},
        {PLT_SOURCE_SNMP, 2147483640u, 2, DAY, PLT_METER_WRAPPED, 10},
        {PLT_SOURCE_PJL, 500000, 12, DAY, PLT_METER_RESET, 12}, /* a new board */
        {PLT_SOURCE_PML, 16777000, 84, 0, PLT_METER_WRAPPED, 300},
        {PLT_SOURCE_PJL, 5000000, 4000000, DAY, PLT_METER_IMPOSSIBLE, 0}, /* another printer */
        {PLT_SOURCE_PJL, 500000, 0, DAY, PLT_METER_RESET, 0},
        {PLT_SOURCE_SNMP, PLT_NUMBER_MAX, 0, INT64_MAX - 10, PLT_METER_RESET, 0},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        plt_value older = {.source = (uint8_t)cases[i].source, .n = cases[i].older, .at = 10}, newer = older;
        uint64_t n;
        newer.n = cases[i].newer;
        newer.at = 10 + cases[i].time;
        plt_meter_change c = plt_meter_compare(&older, &newer, 0, &n);
        if (c != cases[i].change || n != cases[i].n) fail_msg("case %zu: %s by %llu", i, plt_meter_change_name(c), (unsigned long long)n);
        newer.kind = PLT_SOME;
        assert_int_equal(plt_meter_compare(&older, &newer, 0, &n), PLT_METER_UNKNOWN);
    }
    uint64_t n;
    assert_int_equal(plt_meter_compare(NULL, NULL, 0, &n), PLT_METER_UNKNOWN);
}

static void json_is_short_and_whole(void **state)
{
    plt_device *d = *state;
    plt_buf json;
    plt_buf_init(&json, JSON_MAX);
    plt_device_set_text(d, PLT_MAKE, 0, snmp, "HP", NULL);
    plt_device_set_text(d, PLT_SERIAL, 0, snmp, "JPBB1", NULL);
    plt_device_set_text(d, PLT_SERIAL, 0, (plt_origin){PLT_SOURCE_USB, 5}, "\"U\"", "SN:\"U\"");
    plt_device_set_number(d, PLT_CONDITIONS, 0, snmp, 1u << PLT_LOW_TONER | 1u << PLT_DOOR_OPEN, NULL);
    plt_device_set_number(d, PLT_METER_COUNT, PLT_METER_TOTAL, snmp, 18421, NULL);
    plt_device_set_mib(d, PLT_SUPPLY_LEVEL, 1, snmp, -3, NULL);
    plt_device_set_number(d, PLT_SUPPLY_TYPE, 1, snmp, 21, NULL);
    plt_device_set_number(d, PLT_SUPPLY_UNIT, 1, snmp, 77, NULL); /* no word for it */
    plt_device_set_number(d, PLT_ALERT_SINCE, 9, snmp, 86400000, NULL);
    plt_device_set_complete(d, PLT_GROUP_ALERT);
    assert_int_equal(plt_device_to_json(d, &json), PLT_OK);
    assert_string_equal(plt_buf_str(&json),
                        "{\"v\":1,\"source\":\"snmp\",\"at\":\"1970-01-01T00:00:00.005Z\",\"complete\":[\"alerts\"],"
                        "\"identity\":{\"make\":\"HP\",\"serial\":[\"JPBB1\",{\"value\":\"\\\"U\\\"\",\"source\":\"usb\",\"raw\":\"SN:\\\"U\\\"\"}]},"
                        "\"status\":{\"conditions\":\"low_toner,door_open\"},"
                        "\"meters\":[{\"meter\":\"total\",\"unit\":\"impressions\",\"count\":18421}],"
                        "\"supplies\":[{\"index\":1,\"type\":\"toner_cartridge\",\"unit\":77,\"level\":{\"is\":\"some\"}}],"
                        "\"alerts\":[{\"index\":9,\"since\":\"1970-01-02T00:00:00.000Z\"}]}");
    plt_buf_free(&json);
}

static void json_that_is_no_device(void **state)
{
    static const struct {
        const char *json, *why;
    } cases[] = {
        {"", "no JSON object"},
        {"[]", "'v'"},
        {"{}", "'source'"},
        {"{\"source\":\"snmp\"}", "'at'"},
        {"{\"source\":\"rumour\",\"at\":\"2026-01-01\"}", "'source'"},
#define HEAD "{\"source\":\"snmp\",\"at\":\"2026-01-01\","
        {HEAD "\"identity\":[]}", "'identity'"},
        {HEAD "\"identity\":{\"make\":5}}", "'make'"},
        {HEAD "\"identity\":{\"make\":{\"is\":\"some\"}}}", "'make'"},
        {HEAD "\"meters\":{}}", "'meters'"},
        {HEAD "\"meters\":[{\"meter\":\"total\",\"count\":1}]}", "'meters'"},
        {HEAD "\"meters\":[{\"meter\":\"total\",\"unit\":\"impressions\",\"count\":-3}]}", "'count'"},
        {HEAD "\"meters\":[{\"meter\":\"total\",\"unit\":\"impressions\",\"count\":1.5}]}", "'count'"},
        {HEAD "\"meters\":[{\"meter\":\"total\",\"unit\":\"impressions\",\"count\":1e300}]}", "'count'"},
        {HEAD "\"meters\":[{\"meter\":\"total\",\"unit\":\"impressions\",\"count\":{\"is\":\"lots\"}}]}", "'count'"},
        {HEAD "\"supplies\":[{\"index\":-1}]}", "'supplies'"},
        {HEAD "\"supplies\":[{\"index\":4294967295}]}", "'supplies'"},
        {HEAD "\"supplies\":[{\"index\":1,\"type\":\"chocolate\"}]}", "'type'"},
        {HEAD "\"status\":{\"conditions\":\"low_toner,fire\"}}", "'conditions'"},
        {HEAD "\"alerts\":[{\"index\":1,\"since\":5}]}", "'since'"},
        {HEAD "\"status\":{\"state\":{\"value\":\"ready\",\"source\":\"x\"}}}", "'state'"},
        {HEAD "\"status\":{\"state\":{\"value\":\"ready\",\"at\":\"yesterday\"}}}", "'state'"},
    };
    plt_device *d = *state;
    char why[128];
    for (size_t i = 0; i < COUNT(cases); i++) {
        plt_status s = plt_device_from_json(d, cases[i].json, strlen(cases[i].json), why, sizeof why);
        if (s != PLT_BAD || !strstr(why, cases[i].why)) fail_msg("%s: %s: %s", cases[i].json, plt_status_name(s), why);
        assert_int_equal(d->count, 0);
    }
    static const char newer[] = HEAD "\"hologram\":{\"x\":1},\"identity\":{\"make\":\"HP\",\"aura\":\"blue\"}}";
    assert_int_equal(plt_device_from_json(d, newer, sizeof newer - 1, why, sizeof why), PLT_OK);
    assert_string_equal(plt_device_text(d, PLT_MAKE, 0), "HP");
}

static void only_what_changed(void **state)
{
    plt_device before, now, *changes = *state;
    plt_origin later = {PLT_SOURCE_SNMP, 50};
    plt_device_init(&before, 0);
    plt_device_init(&now, 0);
    plt_device_set_text(&before, PLT_MODEL, 0, snmp, "M", NULL);
    plt_device_set_number(&before, PLT_METER_COUNT, PLT_METER_TOTAL, snmp, 10, NULL);
    plt_device_set_text(&before, PLT_ALERT_TEXT, 1, snmp, "jam", NULL);
    plt_device_set_text(&before, PLT_ALERT_TEXT, 2, pjl, "told by PJL", NULL);
    plt_device_set_text(&before, PLT_SUPPLY_TEXT, 1, snmp, "not read this time", NULL);
    plt_device_set_text(&now, PLT_MODEL, 0, later, "M", NULL);
    plt_device_set_number(&now, PLT_METER_COUNT, PLT_METER_TOTAL, later, 12, NULL);
    plt_device_set_complete(&now, PLT_GROUP_ALERT);
    assert_int_equal(plt_device_changes(&before, &now, changes), PLT_OK);
    assert_int_equal(changes->count, 2); /* the meter, and the alert of SNMP that is gone; PJL was silent, supplies were not read */
    assert_int_equal(plt_device_get(changes, PLT_METER_COUNT, PLT_METER_TOTAL)->n, 12);
    assert_int_equal(plt_device_get(changes, PLT_ALERT_TEXT, 1)->kind, PLT_GONE);
    assert_int_equal(plt_device_apply(&before, changes), PLT_OK);
    assert_null(plt_device_get(&before, PLT_ALERT_TEXT, 1));
    assert_int_equal(plt_device_get(&before, PLT_METER_COUNT, PLT_METER_TOTAL)->n, 12);
    plt_device_changes(&before, &now, changes);
    assert_int_equal(changes->count, 0);
    plt_device_free(&before);
    plt_device_free(&now);
}

int main(void)
{
#define WITH_DEVICE(f) cmocka_unit_test_setup_teardown(f, fresh, done)
    const struct CMUnitTest tests[] = {
        WITH_DEVICE(sentinels_are_no_numbers),
        WITH_DEVICE(texts_are_clean_and_bounded),
        WITH_DEVICE(evidence_of_several_sources),
        cmocka_unit_test(mistakes_of_callers_stick),
        cmocka_unit_test(it_keeps_to_its_budget),
        WITH_DEVICE(a_copy_grows),
        WITH_DEVICE(rows_come_in_order),
        WITH_DEVICE(supplies_in_percent),
        cmocka_unit_test(serials),
        cmocka_unit_test(every_field_and_word_is_found_again),
        cmocka_unit_test(meters_have_names),
        cmocka_unit_test(two_readings),
        WITH_DEVICE(json_is_short_and_whole),
        WITH_DEVICE(json_that_is_no_device),
        WITH_DEVICE(only_what_changed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
