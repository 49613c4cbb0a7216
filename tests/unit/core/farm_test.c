/* SPDX-License-Identifier: Apache-2.0 */
/* The farm without sockets: its printers add up, are the same again, and are walked whole; each broken one is broken as its name says. */
#include "tests/unit/test.h"

#include <stdio.h>
#include <string.h>

#include "tests/lab/farm_agent.h"

static farm_access access = {{(const uint8_t *)"public", 6}, NULL, 0};

static farm the_farm;

static void open_farm(uint32_t devices, uint32_t seed, const char *shapes, uint32_t faults)
{
    farm_options o = {
        .devices = devices, .seed = seed, .base = 0x7F010000, .live_percent = 100, .broken_permille = 1000, .faults = faults, .shapes = shapes};
    assert_null(farm_open(&the_farm, &o));
}

static size_t ask(uint8_t *out, int version, int kind, int32_t repetitions, plt_octets name)
{
    static uint8_t room[PLT_SNMP_HEAD + 1024];
    plt_snmp_out o;
    plt_snmp_pdu pdu = {.kind = (plt_snmp_kind)kind, .request_id = 77, .error_index = repetitions};
    plt_snmp_begin(&o, room, sizeof room);
    plt_snmp_put(&o, name, PLT_SNMP_NULL, plt_octets_make(NULL, 0));
    plt_snmp_close_pdu(&o, &pdu);
    plt_snmp_close(&o, version, access.community);
    memcpy(out, o.p, plt_snmp_size(&o));
    return plt_snmp_size(&o);
}

/* Walks a device to its end; the number of objects, or -1 when `most` requests do not reach it or an answer is not as asked. */
static long walk(const farm_device *d, int version, int kind, long most)
{
    static uint8_t request[1024], room[FARM_ROOM];
    uint8_t at[PLT_OID_SIZE] = {0x2B};
    size_t at_len = 1;
    for (long seen = 0; most--;) {
        farm_answer a;
        plt_snmp_message m;
        plt_snmp_var v;
        size_t n = ask(request, version, kind, 20, plt_octets_make(at, at_len));
        farm_agent_answer(&the_farm, d, &access, request, n, room, &a);
        if (!a.copies || plt_snmp_read(a.reply.p, a.reply.n, &m) != PLT_OK || m.pdu.request_id != 77) return -1;
        if (m.pdu.error_status == PLT_SNMP_NO_SUCH_NAME && version == PLT_SNMP_V1) return seen;
        if (m.pdu.error_status) return -1;
        plt_cursor c = plt_cursor_make(m.pdu.list.p, m.pdu.list.n);
        while (plt_snmp_next(&c, &v)) {
            if (v.type == PLT_SNMP_END_OF_VIEW) return seen;
            if (plt_oid_compare(v.name, plt_octets_make(at, at_len)) <= 0) return -1;
            memcpy(at, v.name.p, v.name.n);
            at_len = v.name.n;
            seen++;
        }
        if (c.bad) return -1;
    }
    return -1;
}

static void every_shape_is_walked_whole(void **state)
{
    (void)state;
    open_farm(512, 3, NULL, 0);
    for (uint32_t i = 0; i < 512; i++) {
        const farm_device *d = &the_farm.devices[i];
        unsigned quirks = farm_shape_of(d)->quirks;
        long objects = (long)farm_mib(&the_farm, d)->count;
        if (i < farm_shape_count) assert_ptr_equal(farm_shape_of(d), &farm_shapes[i]);
        assert_true(objects > 60);
        assert_int_equal(walk(d, PLT_SNMP_V1, PLT_SNMP_GETNEXT, 1000), objects);
        assert_int_equal(walk(d, PLT_SNMP_V2C, PLT_SNMP_GETNEXT, 1000), quirks & FARM_V1_ONLY ? -1 : objects);
        assert_int_equal(walk(d, PLT_SNMP_V2C, PLT_SNMP_GETBULK, 1000), quirks & (FARM_V1_ONLY | FARM_NO_BULK) ? -1 : objects);
    }
    farm_close(&the_farm);
}

static void meters_add_up_and_never_fall(void **state)
{
    uint32_t before[FARM_METERS], v[FARM_METERS];
    (void)state;
    open_farm(64, 5, NULL, 0);
    for (uint32_t i = 0; i < 64; i++) {
        farm_device *d = &the_farm.devices[i];
        farm_meters(d, before);
        for (int step = 0; step < 3000; step++, d->printed++) {
            farm_meters(d, v);
            assert_int_equal(v[FARM_TOTAL], v[FARM_PRINT] + v[FARM_COPY] + v[FARM_FAX]);
            assert_int_equal(v[FARM_TOTAL], v[FARM_MONO] + v[FARM_COLOR]);
            assert_int_equal(v[FARM_PRINT], v[FARM_PRINT_MONO] + v[FARM_PRINT_COLOR]);
            assert_int_equal(v[FARM_COPY], v[FARM_COPY_MONO] + v[FARM_COPY_COLOR]);
            for (int m = 0; m < FARM_METERS; m++) assert_true(m == FARM_FAX || v[m] >= before[m]);
            memcpy(before, v, sizeof v);
        }
        assert_true(farm_shape_of(d)->color_permille || v[FARM_COLOR] == 0);
    }
    farm_close(&the_farm);
}

static void levels_lie_between_empty_and_full(void **state)
{
    (void)state;
    open_farm(2048, 9, NULL, 0);
    for (uint32_t i = 0; i < 2048; i++) {
        const farm_device *d = &the_farm.devices[i];
        for (unsigned s = 0; farm_shape_of(d)->supplies[s].text; s++) {
            int32_t level = farm_supply_level(d, s), max = farm_shape_of(d)->supplies[s].max;
            assert_true(level >= -3 && level <= (max > 0 ? max : 100));
        }
    }
    farm_close(&the_farm);
}

static void same_seed_same_printers(void **state)
{
    static char first[1 << 16], second[1 << 16];
    (void)state;
    for (int turn = 0; turn < 3; turn++) {
        FILE *to = tmpfile();
        assert_non_null(to);
        open_farm(16, turn == 2 ? 12 : 11, "HP,brother-5450", 0);
        assert_true(farm_write_truth(&the_farm, to, false));
        farm_close(&the_farm);
        rewind(to);
        char *into = turn ? second : first;
        size_t n = fread(into, 1, sizeof first - 1, to);
        assert_true(n > 1000 && n < sizeof first - 1);
        into[n] = 0;
        fclose(to);
        if (turn == 1) assert_string_equal(first, second);
        if (turn == 2) assert_string_not_equal(first, second);
    }
}

static void serial_numbers_differ(void **state)
{
    char a[64], b[64];
    (void)state;
    open_farm(600, 1, NULL, 0);
    for (uint32_t i = 0; i < 600; i++)
        for (uint32_t k = 0; k < i; k++) {
            farm_serial(&the_farm.devices[i], a, sizeof a);
            farm_serial(&the_farm.devices[k], b, sizeof b);
            assert_string_not_equal(a, b);
        }
    farm_close(&the_farm);
}

static void wrong_options(void **state)
{
    farm_options o = {.devices = 1, .base = 0x7F010000, .live_percent = 100};
    uint32_t faults;
    (void)state;
    o.shapes = "nobody";
    assert_non_null(farm_open(&the_farm, &o));
    farm_close(&the_farm);
    o.shapes = NULL;
    o.devices = 0;
    assert_non_null(farm_open(&the_farm, &o));
    o.devices = 65537;
    assert_non_null(farm_open(&the_farm, &o));
    o.devices = 65536;
    o.base = 0x7FFFFF00; /* the last would be 128.0.255.255 */
    assert_non_null(farm_open(&the_farm, &o));
    o.base = 0x0A000000; /* not loopback */
    assert_non_null(farm_open(&the_farm, &o));
    assert_false(farm_faults_parse("loop,nothing", &faults));
    assert_false(farm_faults_parse("", &faults));
    assert_true(farm_faults_parse("all", &faults));
    assert_int_equal(faults, (1u << FARM_FAULTS) - 2);
    assert_true(farm_faults_parse("loop,silent", &faults));
    assert_int_equal(faults, 1u << 1 | 1u << (FARM_FAULTS - 1));
}

/* What a sound one-object answer becomes. */
static void each_fault(void **state)
{
    enum { AS_SOUND, NO_READ, OTHER, NO_END }; /* as the sound answer; unreadable; readable but another; a walk without end or order */
    static const struct {
        const char *name;
        int answer, walked;
    } cases[] = {
        {"loop", AS_SOUND, NO_END},       {"stuck", AS_SOUND, NO_END},        {"backwards", AS_SOUND, NO_END},
        {"endless", AS_SOUND, NO_END},    {"gen-err", OTHER, NO_END},         {"wrong-type", OTHER, AS_SOUND},
        {"wrong-name", OTHER, AS_SOUND},  {"wrong-id", OTHER, NO_END},        {"wrong-community", OTHER, AS_SOUND},
        {"truncated", NO_READ, NO_END},   {"empty", NO_READ, NO_END},         {"garbage", NO_READ, NO_END},
        {"length-bomb", NO_READ, NO_END}, {"nest-bomb", NO_READ, NO_END},     {"name-bomb", OTHER, NO_END},
        {"size-bomb", OTHER, NO_END},     {"flood", AS_SOUND, AS_SOUND},      {"wrong-address", AS_SOUND, AS_SOUND},
        {"spoof", AS_SOUND, AS_SOUND},    {"wrong-port", AS_SOUND, AS_SOUND}, {"late", AS_SOUND, AS_SOUND},
        {"silent", NO_READ, NO_END},
    };
    static uint8_t request[1024], room[FARM_ROOM], sound[FARM_ROOM];
    (void)state;
    assert_int_equal(sizeof cases / sizeof cases[0], FARM_FAULTS - 1);
    for (size_t i = 0; i < FARM_FAULTS - 1; i++) {
        uint32_t fault;
        farm_answer good, a;
        plt_snmp_message m;
        farm_device d;
        print_message("# %s\n", cases[i].name);
        assert_true(farm_faults_parse(cases[i].name, &fault));
        open_farm(4, 1, "xerox-c8045", fault);
        d = the_farm.devices[0];
        assert_string_equal(farm_faults[d.fault].name, cases[i].name);
        /* sysUpTime.0: a number, and there is one behind it */
        size_t n = ask(request, PLT_SNMP_V2C, PLT_SNMP_GET, 0, PLT_OID("\x2B\x06\x01\x02\x01\x01\x03\x00"));
        farm_agent_answer(&the_farm, &the_farm.devices[0], &access, request, n, room, &a);
        the_farm.devices[0].fault = FARM_SOUND;
        farm_agent_answer(&the_farm, &the_farm.devices[0], &access, request, n, sound, &good);
        the_farm.devices[0].fault = d.fault;
        assert_true(good.copies == 1 && good.delay_ms == 0 && good.from == 0x7F010000 && !good.other_port);
        bool same = a.reply.n == good.reply.n && memcmp(a.reply.p, good.reply.p, a.reply.n) == 0;
        bool reads = a.copies && plt_snmp_read(a.reply.p, a.reply.n, &m) == PLT_OK;
        assert_int_equal(same && a.copies ? AS_SOUND : reads ? OTHER : NO_READ, cases[i].answer);
        long objects = (long)farm_mib(&the_farm, &d)->count;
        assert_int_equal(walk(&the_farm.devices[0], PLT_SNMP_V2C, PLT_SNMP_GETNEXT, 2000) == objects ? AS_SOUND : NO_END, cases[i].walked);
        const farm_fault *kind = &farm_faults[d.fault];
        assert_true(a.copies == kind->copies && (a.from != 0x7F010000) == kind->other_address && a.other_port == kind->other_port);
        if (a.copies) assert_int_equal(a.delay_ms, kind->delay_ms);
        farm_close(&the_farm);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_shape_is_walked_whole),
        cmocka_unit_test(meters_add_up_and_never_fall),
        cmocka_unit_test(levels_lie_between_empty_and_full),
        cmocka_unit_test(same_seed_same_printers),
        cmocka_unit_test(serial_numbers_differ),
        cmocka_unit_test(wrong_options),
        cmocka_unit_test(each_fault),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
