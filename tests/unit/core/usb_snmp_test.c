/* SPDX-License-Identifier: Apache-2.0 */
/* A printer as it was read, asked for by SNMP: each object's value, what is left out, who may ask, and the thread that answers. */
#include "tests/unit/test.h"

#include <stdio.h>
#include <string.h>

#include "core/device/meter.h"
#include "core/device/mib_printers.h"
#include "os/clock.h"
#include "os/udp.h"
#include "usbagent/fed.h"
#include "usbagent/snmp.h"

static plt_mib_printers objects;
static plt_device hp, bare;
static const plt_origin pjl = {PLT_SOURCE_PJL, 1}, pml = {PLT_SOURCE_PML, 1};

static void text(plt_device *d, plt_what what, uint32_t row, const char *t)
{
    plt_device_set_text(d, what, row, pml, t, NULL);
}

static void mib(plt_device *d, plt_what what, uint32_t row, int64_t n)
{
    plt_device_set_mib(d, what, row, pjl, n, NULL);
}

static void make_supply(plt_device *d, uint32_t row, const char *name, const char *color, int64_t level, int64_t capacity)
{
    text(d, PLT_SUPPLY_TEXT, row, name);
    text(d, PLT_SUPPLY_COLOR, row, color);
    mib(d, PLT_SUPPLY_TYPE, row, 3);
    mib(d, PLT_SUPPLY_CLASS, row, 3);
    mib(d, PLT_SUPPLY_UNIT, row, 19);
    mib(d, PLT_SUPPLY_LEVEL, row, level);
    mib(d, PLT_SUPPLY_CAPACITY, row, capacity);
}

static int setup(void **state)
{
    const plt_device *both[] = {&hp, &bare};
    (void)state;
    plt_device_init(&hp, 0);
    plt_device_init(&bare, 0);
    text(&hp, PLT_MAKE, 0, "HP");
    text(&hp, PLT_MODEL, 0, "LaserJet M15w");
    text(&hp, PLT_SERIAL, 0, "VNB3K12345");
    text(&hp, PLT_FIRMWARE, 0, "20180314");
    text(&hp, PLT_NAME, 0, "front desk");
    text(&hp, PLT_LANGUAGES, 0, "PJL,PML");
    mib(&hp, PLT_STATE, 0, PLT_STATE_ATTENTION);
    mib(&hp, PLT_CONDITIONS, 0, 1 << PLT_LOW_TONER | 1 << PLT_INPUT_EMPTY);
    mib(&hp, PLT_METER_COUNT, PLT_METER_TOTAL, 4321);
    mib(&hp, PLT_METER_COUNT, PLT_METER_MONO, 4000);
    text(&hp, PLT_CONSOLE_TEXT, 1, "Ready");
    make_supply(&hp, 1, "Black Cartridge", "black", 42, 100);
    make_supply(&hp, 5, "Cyan Cartridge", "cyan", -3, -2);
    make_supply(&hp, 300, "Second Black", "black", -2, 100);
    text(&hp, PLT_ALERT_TEXT, 7, "Toner low");
    mib(&hp, PLT_ALERT_CODE, 7, 1104);
    mib(&hp, PLT_ALERT_SEVERITY, 7, 4);
    text(&bare, PLT_MODEL, 0, "Label printer");
    mib(&bare, PLT_SUPPLY_STATE, 1, PLT_SUPPLY_LOW);
    mib(&bare, PLT_SUPPLY_STATE, 2, PLT_SUPPLY_EMPTY);
    mib(&bare, PLT_SUPPLY_TYPE, 2, 4);
    plt_mib_printers_set(&objects, both, 2, "PC-17");
    return hp.status != PLT_OK || bare.status != PLT_OK || objects.mib.full;
}

static int teardown(void **state)
{
    (void)state;
    plt_device_free(&hp);
    plt_device_free(&bare);
    return 0;
}

/* What GET of the name gives, as text. */
static void get(const char *name, char *out, size_t size)
{
    static plt_serve_object o;
    uint8_t oid[64];
    char dotted[128];
    plt_mib_view v = {&objects.mib, plt_mib_printers_value, &objects, 0};
    plt_serve_found f = plt_mib_serve.get(&v, plt_octets_make(oid, plt_oid_parse(name, oid, sizeof oid)), &o);
    if (f != PLT_SERVE_FOUND) {
        snprintf(out, size, "%s", f == PLT_SERVE_NO_OBJECT ? "no object" : f == PLT_SERVE_NO_INSTANCE ? "no instance" : "failed");
        return;
    }
    switch (o.value.type) {
    case PLT_SNMP_INTEGER: snprintf(out, size, "%d", (int)o.value.integer); return;
    case PLT_SNMP_STRING: snprintf(out, size, "'%.*s'", (int)o.value.octets.n, (const char *)o.value.octets.p); return;
    case PLT_SNMP_OID:
        assert_true(plt_oid_format(o.value.octets, dotted, sizeof dotted));
        snprintf(out, size, "%s", dotted);
        return;
    default: snprintf(out, size, "%llu", (unsigned long long)o.value.number);
    }
}

#define PRT "1.3.6.1.2.1.43."
#define HP "1.3.6.1.4.1.11.2.3.9."

static const char *const values[][2] = {
    {"1.3.6.1.2.1.1.1.0", "'HP LaserJet M15w'"},
    {"1.3.6.1.2.1.1.2.0", "1.3.6.1.4.1.11.2.3.9.1"},
    {"1.3.6.1.2.1.1.4.0", "no object"},
    {"1.3.6.1.2.1.1.5.0", "'PC-17'"},
    {"1.3.6.1.2.1.25.3.2.1.2.2", "1.3.6.1.2.1.25.3.1.5"},
    {"1.3.6.1.2.1.25.3.2.1.3.1", "'HP LaserJet M15w'"},
    {"1.3.6.1.2.1.25.3.2.1.3.2", "'Label printer'"},
    {"1.3.6.1.2.1.25.3.2.1.5.1", "3"},
    {"1.3.6.1.2.1.25.3.2.1.5.2", "1"},
    {"1.3.6.1.2.1.25.3.5.1.1.1", "1"},
    {"1.3.6.1.2.1.25.3.5.1.1.2", "2"},
    {"1.3.6.1.2.1.25.3.5.1.2.1", "' \x04'"},
    {"1.3.6.1.2.1.25.3.5.1.2.2", "no instance"},
    {PRT "5.1.1.16.1", "'front desk'"},
    {PRT "5.1.1.17.1", "'VNB3K12345'"},
    {PRT "5.1.1.17.2", "no instance"},
    {PRT "10.2.1.4.1.1", "4321"},
    {PRT "10.2.1.4.2.1", "no instance"},
    {PRT "11.1.1.3.1.1", "1"},
    {PRT "11.1.1.3.1.5", "2"},
    {PRT "11.1.1.3.1.300", "1"},
    {PRT "11.1.1.6.1.5", "'Cyan Cartridge'"},
    {PRT "11.1.1.8.1.1", "100"},
    {PRT "11.1.1.8.1.5", "-2"},
    {PRT "11.1.1.9.1.1", "42"},
    {PRT "11.1.1.9.1.5", "-3"},
    {PRT "11.1.1.9.1.300", "-2"},
    {PRT "11.1.1.9.2.1", "-3"},
    {PRT "11.1.1.9.2.2", "0"},
    {PRT "11.1.1.5.2.1", "2"},
    {PRT "11.1.1.4.1.1", "3"},
    {PRT "11.1.1.4.2.1", "1"}, /* nobody said what it is */
    {PRT "11.1.1.4.2.2", "4"}, /* waste toner fills up */
    {PRT "11.1.1.9.1.2", "no instance"},
    {PRT "12.1.1.4.1.1", "'black'"},
    {PRT "12.1.1.4.1.2", "'cyan'"},
    {PRT "12.1.1.4.1.3", "no instance"},
    {PRT "16.5.1.2.1.1", "'Ready'"},
    {PRT "18.1.1.7.1.7", "1104"},
    {PRT "18.1.1.8.1.7", "'Toner low'"},
    {PRT "8.2.1.9.1.1", "no object"},
    {"1.3.6.1.2.1.47.1.1.1.1.11.1", "'VNB3K12345'"},
    {"1.3.6.1.2.1.47.1.1.1.1.13.2", "'Label printer'"},
    {HP "4.2.1.1.3.3.0", "'VNB3K12345'"},
    {HP "4.2.1.4.1.2.5.0", "4321"},
    {HP "4.2.1.4.1.2.6.0", "4000"},
    {HP "4.2.1.4.1.2.7.0", "no object"}, /* nobody counted colour: not 0 */
    {HP "1.1.7.0", "'MFG:HP;MDL:LaserJet M15w;CMD:PJL,PML;CLS:PRINTER;SN:VNB3K12345;'"},
};

static void each_value(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof values / sizeof values[0]; i++) {
        char got[300];
        get(values[i][0], got, sizeof got);
        print_message("# %s\n", values[i][0]);
        assert_string_equal(got, values[i][1]);
    }
}

static void every_listed_object_has_a_value(void **state)
{
    uint8_t room[PLT_SERVE_TEXT];
    plt_serve_value v;
    (void)state;
    assert_true(objects.mib.count > 60);
    for (size_t i = 0; i < objects.mib.count; i++) assert_true(plt_mib_printers_value(&objects, &objects.mib.objects[i], &v, room));
}

static void no_printers_no_objects(void **state)
{
    static plt_mib_printers none;
    (void)state;
    plt_mib_printers_set(&none, NULL, 0, "PC");
    assert_int_equal(none.mib.count, 0);
}

/* More rows than are served, and more printers. */
static void too_many(void **state)
{
    static plt_mib_printers many;
    const plt_device *all[PLT_MIB_PRINTERS_MAX + 4];
    plt_device d;
    (void)state;
    plt_device_init(&d, 0);
    text(&d, PLT_MODEL, 0, "full");
    for (uint32_t row = 1; row < 60; row++) mib(&d, PLT_SUPPLY_LEVEL, row, (int64_t)row);
    for (uint32_t row = 1; row < 60; row++) mib(&d, PLT_ALERT_CODE, row, 8);
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) all[i] = &d;
    plt_mib_printers_set(&many, all, sizeof all / sizeof all[0], "PC");
    assert_int_equal(many.count, PLT_MIB_PRINTERS_MAX);
    assert_false(many.mib.full);
    plt_device_free(&d);
}

static void who_may_ask(void **state)
{
    static const struct {
        const char *allow, *peer;
        bool may;
    } cases[] = {
        {"192.0.2.0/24", "192.0.2.255", true},
        {"192.0.2.0/24", "192.0.3.0", false},
        {"192.0.2.7", "192.0.2.7", true},
        {"192.0.2.7", "192.0.2.6", false},
        {"192.0.2.64/26", "192.0.2.127", true},
        {"192.0.2.64/26", "192.0.2.128", false},
        {"0.0.0.0/0", "203.0.113.9", true},
        {"0.0.0.0/0", "2001:db8::1", false},
        {"2001:db8::/33", "2001:db8:7fff::1", true},
        {"2001:db8::/33", "2001:db8:8000::1", false},
    };
    static const char *const wrong[] = {"", "192.0.2.0/33", "192.0.2.0/", "192.0.2.0/-1", "192.0.2.0/24x", "printers.example", "2001:db8::/129"};
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        usb_snmp_options o = {.source_count = 0};
        plt_address peer;
        assert_true(usb_snmp_allow(&o, cases[i].allow) && plt_address_parse(cases[i].peer, &peer));
        assert_int_equal(usb_snmp_allowed(&o, &peer), cases[i].may);
    }
    usb_snmp_options o = {.source_count = 0};
    plt_address any;
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) assert_false(usb_snmp_allow(&o, wrong[i]));
    assert_true(plt_address_parse("127.0.0.1", &any));
    assert_false(usb_snmp_allowed(&o, &any)); /* nobody, by default */
}

static void where_to_listen(void **state)
{
    static const struct {
        const char *text, *host;
        uint16_t port;
    } cases[] = {{"192.0.2.7", "192.0.2.7", 0},
                 {"192.0.2.7:16100", "192.0.2.7", 16100},
                 {"2001:db8::7", "2001:db8::7", 0},
                 {"[2001:db8::7]", "2001:db8::7", 0},
                 {"[2001:db8::7]:1", "2001:db8::7", 1},
                 {"192.0.2.7:65536", NULL, 0},
                 {"192.0.2.7:0", NULL, 0},
                 {"192.0.2.7:", NULL, 0},
                 {"pc-17", NULL, 0},
                 {"[2001:db8::7", NULL, 0},
                 {"[2001:db8::7]x", NULL, 0},
                 {"", NULL, 0}};
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        usb_snmp_options o = {.source_count = 0};
        plt_address host;
        print_message("# '%s'\n", cases[i].text);
        assert_int_equal(usb_snmp_listen(&o, cases[i].text), cases[i].host != NULL);
        if (!cases[i].host) continue;
        assert_true(plt_address_parse(cases[i].host, &host) && plt_address_same_host(&host, &o.listen));
        assert_int_equal(o.listen.port, cases[i].port);
    }
}

/* snmpget -v1 -c lab of prtGeneralSerialNumber.1 */
static uint8_t serial_request[] = {0x30, 0x26, 2,    1,    0,    4, 3,    'l',  'a', 'b', 0xA0, 0x1C, 2,    1, 1, 2, 1,    0, 2, 1,
                                   0,    0x30, 0x11, 0x30, 0x0F, 6, 0x0B, 0x2B, 6,   1,   2,    1,    0x2B, 5, 1, 1, 0x11, 1, 5, 0};

static size_t exchange(os_udp *u, const plt_address *to, uint8_t *reply, size_t cap)
{
    size_t sent, got = 0;
    os_datagram out = {.peer = *to, .data = serial_request, .n = sizeof serial_request}, in = {.data = reply, .n = cap};
    assert_int_equal(os_udp_send(u, &out, 1, &sent), PLT_OK);
    if (os_udp_wait(&u, 1, 1000) == PLT_OK) assert_int_equal(os_udp_receive(u, &in, 1, &got), PLT_OK);
    return got ? in.n : 0;
}

static bool holds(const uint8_t *p, size_t n, const char *words)
{
    for (size_t i = 0; i + strlen(words) <= n; i++)
        if (memcmp(p + i, words, strlen(words)) == 0) return true;
    return false;
}

static void the_thread_answers(void **state)
{
    usb_snmp_options o = {.communities = {"lab"}, .community_count = 1, .name = "PC"};
    usb_snmp *s;
    os_udp *u;
    uint8_t reply[PLT_SNMP_PACKET];
    plt_address here, any;
    (void)state;
    assert_true(plt_address_parse("127.0.0.1", &here) && plt_address_parse("127.0.0.1", &any));
    assert_int_equal(os_udp_open(&u, &any, 0), PLT_OK);
    assert_int_equal(os_udp_local(u, &any), PLT_OK);
    o.listen = here;
    o.listen.port = (uint16_t)(any.port ^ 1);         /* a free one, most likely; else the test says so */
    assert_int_equal(usb_snmp_open(&s, &o), PLT_BAD); /* no source */
    assert_true(usb_snmp_allow(&o, "127.0.0.0/8"));
    assert_int_equal(usb_snmp_open(&s, &o), PLT_OK);
    here.port = usb_snmp_port(s);
    assert_int_equal(here.port, o.listen.port);
    size_t n = exchange(u, &here, reply, sizeof reply);
    assert_true(n > 0 && !holds(reply, n, "VNB3K12345")); /* nothing was read yet: noSuchName */
    assert_int_equal(usb_snmp_put(s, "usb:1", &hp), PLT_OK);
    n = exchange(u, &here, reply, sizeof reply);
    assert_true(holds(reply, n, "VNB3K12345"));
    assert_int_equal(usb_snmp_put(s, "usb:2", &bare), PLT_OK);
    usb_snmp_end_round(s);
    assert_false(usb_snmp_keep(s, "usb:3"));
    assert_true(usb_snmp_keep(s, "usb:1")); /* printing: its last reading stays */
    assert_true(usb_snmp_keep(s, "usb:2"));
    usb_snmp_end_round(s);
    n = exchange(u, &here, reply, sizeof reply);
    assert_true(holds(reply, n, "VNB3K12345"));
    assert_true(usb_snmp_keep(s, "usb:2"));
    usb_snmp_end_round(s); /* the first was unplugged */
    n = exchange(u, &here, reply, sizeof reply);
    assert_true(n > 0 && !holds(reply, n, "VNB3K12345"));
    assert_int_equal(usb_snmp_put(s, "usb:1", &hp), PLT_OK); /* back in its place */
    n = exchange(u, &here, reply, sizeof reply);
    assert_true(holds(reply, n, "VNB3K12345"));
    serial_request[7] = 'L'; /* another community */
    assert_int_equal(exchange(u, &here, reply, sizeof reply), 0);
    serial_request[7] = 'l';
    usb_snmp_close(s);
    usb_snmp_close(NULL);
    o.source_count = 0;
    assert_true(usb_snmp_allow(&o, "192.0.2.0/24")); /* not us */
    assert_int_equal(usb_snmp_open(&s, &o), PLT_OK);
    assert_int_equal(usb_snmp_put(s, "usb:1", &hp), PLT_OK);
    assert_int_equal(exchange(u, &here, reply, sizeof reply), 0);
    for (int i = 2; i <= PLT_MIB_PRINTERS_MAX + 1; i++) {
        char address[16];
        snprintf(address, sizeof address, "usb:%d", i);
        assert_int_equal(usb_snmp_put(s, address, &bare), i > PLT_MIB_PRINTERS_MAX ? PLT_FULL : PLT_OK);
    }
    usb_snmp_close(s);
    os_udp_close(u);
}

/* Without a community, by version 3 only. Reports are bounded: a hundred questions of a stranger within two seconds get 100 at most, most get none.
 */
static void version_3_and_its_reports(void **state)
{
    enum { QUESTIONS = 400 };
    static const uint8_t discovery[] = "\x30\x3E\x02\x01\x03\x30\x11\x02\x04\x01\x02\x03\x04\x02\x03\x00\xFF\xE3\x04\x01\x04\x02\x01\x03\x04\x10"
                                       "\x30\x0E\x04\x00\x02\x01\x00\x02\x01\x00\x04\x00\x04\x00\x04\x00\x30\x14\x04\x00\x04\x00\xA0\x0E\x02\x04"
                                       "\x01\x02\x03\x04\x02\x01\x00\x02\x01\x00\x30\x00";
    static plt_usm_kept users = {.engine = {0x80, 0, 0, 0, 5, 'x'}, .engine_size = 6, .users = {{.name = "open"}}, .count = 1};
    usb_snmp_options o = {.users = &users, .boots = 3, .name = "PC"};
    usb_snmp *s;
    os_udp *u;
    plt_address here, any;
    uint8_t in[PLT_SNMP_PACKET];
    size_t got = 0, reports = 0;
    (void)state;
    assert_true(plt_address_parse("127.0.0.1", &here) && plt_address_parse("127.0.0.1", &any));
    assert_int_equal(os_udp_open(&u, &any, 0), PLT_OK);
    assert_int_equal(os_udp_local(u, &any), PLT_OK);
    o.listen = here;
    o.listen.port = (uint16_t)(any.port ^ 1);
    assert_true(usb_snmp_allow(&o, "127.0.0.1"));
    users.count = 0;
    assert_int_equal(usb_snmp_open(&s, &o), PLT_BAD); /* nobody may ask */
    users.count = 1;
    assert_int_equal(usb_snmp_open(&s, &o), PLT_OK);
    here.port = usb_snmp_port(s);
    uint64_t began = os_clock_mono_ms();
    for (int i = 0; i < QUESTIONS; i++) {
        os_datagram d = {.peer = here, .data = (uint8_t *)(uintptr_t)discovery, .n = sizeof discovery - 1};
        assert_int_equal(os_udp_send(u, &d, 1, &got), PLT_OK);
        while (os_udp_wait(&u, 1, i + 1 < QUESTIONS ? 1 : 500) == PLT_OK) {
            plt_snmp_message m;
            os_datagram back = {.data = in, .n = sizeof in};
            if (os_udp_receive(u, &back, 1, &got) != PLT_OK || !got) break;
            assert_int_equal(plt_snmp_read(back.data, back.n, &m), PLT_OK);
            assert_int_equal(m.pdu.kind, PLT_SNMP_REPORT);
            assert_int_equal(m.v3.boots, 3);
            assert_true(back.n <= 2 * d.n);
            reports++;
        }
    }
    uint64_t seconds = (os_clock_mono_ms() - began) / 1000 + 2;
    assert_in_range(reports, 1, USB_SNMP_REPORTS * seconds);
    usb_snmp_close(s);
    os_udp_close(u);
}

/* The service's first line. */
static void who_may_ask_by_stdin(void **state)
{
    static const struct {
        const char *line;
        plt_status status;
        size_t sources, communities;
        uint16_t port;
        const char *wrong;
    } cases[] = {
        {"{\"allow\":[\"192.0.2.0/24\",\"2001:db8::/64\"],\"communities\":[\"fleet\"],\"listen\":\"127.0.0.1:1161\"}", PLT_OK, 2, 1, 1161, ""},
        {"{\"allow\":[\"192.0.2.7\"],\"communities\":[\"a\",\"b\",\"c\",\"d\"]}", PLT_OK, 1, 4, 0, ""},
        {"{}", PLT_OK, 0, 0, 0, ""}, /* nobody: usb_snmp_open refuses that */
        {"{\"allow\":[\"192.0.2.0/33\"]}", PLT_BAD, 0, 0, 0, "192.0.2.0/33"},
        {"{\"allow\":[7]}", PLT_BAD, 0, 0, 0, "block"},
        {"{\"allow\":[\"192.0.2.7\"],\"communities\":[\"\"]}", PLT_BAD, 1, 0, 0, "community"},
        {"{\"communities\":[\"a\",\"b\",\"c\",\"d\",\"e\"]}", PLT_BAD, 0, 4, 0, "community"},
        {"{\"communities\":[\"0123456789012345678901234567890123456789012345678901234567890123\"]}", PLT_BAD, 0, 0, 0, "community"},
        {"{\"listen\":\"somewhere\"}", PLT_BAD, 0, 0, 0, "somewhere"},
        {"{\"listen\":7}", PLT_BAD, 0, 0, 0, "answer"},
#define V3                                                                                                                                           \
    "\"v3\":{\"engine\":\"8000000005\",\"users\":[{\"name\":\"open\",\"auth\":\"none\",\"auth_key\":\"\",\"priv\":\"none\",\"priv_key\":\"\","       \
    "\"least\":\"none\"}]}"
        {"{\"allow\":[\"192.0.2.7\"],\"boots\":2147483647," V3 "}", PLT_OK, 1, 0, 0, ""},
        {"{\"allow\":[\"192.0.2.7\"],\"communities\":[\"a\"],\"boots\":1," V3 "}", PLT_OK, 1, 1, 0, ""},
        {"{" V3 "}", PLT_BAD, 0, 0, 0, "boots"},
        {"{\"boots\":0," V3 "}", PLT_BAD, 0, 0, 0, "boots"},
        {"{\"boots\":2147483648," V3 "}", PLT_BAD, 0, 0, 0, "boots"},
        {"{\"boots\":1.5," V3 "}", PLT_BAD, 0, 0, 0, "boots"},
        {"{\"boots\":\"1\"," V3 "}", PLT_BAD, 0, 0, 0, "boots"},
        {"{\"boots\":1,\"v3\":{}}", PLT_BAD, 0, 0, 0, "users"},
        {"{\"boots\":1,\"v3\":7}", PLT_BAD, 0, 0, 0, "users"},
        {"[]", PLT_BAD, 0, 0, 0, "first line"},
        {"", PLT_BAD, 0, 0, 0, "first line"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        usb_fed f;
        usb_snmp_options o = {.name = "PC-17"};
        usb_fed_init(&f);
        assert_int_equal(usb_fed_options_line(&f, cases[i].line, strlen(cases[i].line), &o), cases[i].status);
        assert_int_equal(o.source_count, cases[i].sources);
        assert_int_equal(o.community_count, cases[i].communities);
        assert_int_equal(o.listen.port, cases[i].port);
        assert_non_null(strstr(f.wrong, cases[i].wrong));
        usb_fed_free(&f);
    }
}

/* And the others: a wrong one is said and changes nothing. */
static void printers_by_stdin(void **state)
{
    static const char one[] =
        "{\"address\":\"USB001\",\"device\":{\"v\":1,\"source\":\"pjl\",\"at\":\"2026-11-25T12:00:00.000Z\",\"identity\":{\"model\":\"M15\"}}}";
    static const char end[] = "{\"end\":true}";
    static const char *const wrong[] = {"",
                                        "7",
                                        "{}",
                                        "{\"address\":\"USB001\"}",
                                        "{\"address\":\"\",\"device\":{\"v\":1}}",
                                        "{\"address\":\"USB001\",\"device\":7}",
                                        "{\"address\":\"USB001\",\"device\":{\"v\":1,\"source\":\"pjl\",\"at\":7}}",
                                        "{\"end\":1}",
                                        "{\"address\":"};
    usb_snmp_options o = {.name = "PC-17", .communities = {"fleet"}, .community_count = 1};
    usb_snmp *s;
    usb_fed f;
    (void)state;
    assert_true(usb_snmp_allow(&o, "127.0.0.1"));
    assert_true(usb_snmp_listen(&o, "127.0.0.1:16199"));
    if (usb_snmp_open(&s, &o) != PLT_OK) {
        print_message("# SKIP port 16199 is taken\n");
        skip();
    }
    usb_fed_init(&f);
    assert_int_equal(usb_fed_line(&f, one, strlen(one), s), PLT_OK);
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        assert_int_equal(usb_fed_line(&f, wrong[i], strlen(wrong[i]), s), PLT_BAD);
        assert_true(f.wrong[0]);
    }
    assert_true(usb_snmp_keep(s, "USB001"));
    assert_int_equal(usb_fed_line(&f, end, strlen(end), s), PLT_OK);
    assert_true(usb_snmp_keep(s, "USB001"));
    assert_int_equal(usb_fed_line(&f, end, strlen(end), s), PLT_OK);
    assert_int_equal(usb_fed_line(&f, end, strlen(end), s), PLT_OK);
    assert_false(usb_snmp_keep(s, "USB001")); /* in a list without it: not connected any more */
    usb_fed_free(&f);
    usb_snmp_close(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_value),
        cmocka_unit_test(every_listed_object_has_a_value),
        cmocka_unit_test(no_printers_no_objects),
        cmocka_unit_test(too_many),
        cmocka_unit_test(who_may_ask),
        cmocka_unit_test(the_thread_answers),
        cmocka_unit_test(where_to_listen),
        cmocka_unit_test(version_3_and_its_reports),
        cmocka_unit_test(who_may_ask_by_stdin),
        cmocka_unit_test(printers_by_stdin),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
