/* SPDX-License-Identifier: Apache-2.0 */
/* The SNMP codec: known packets byte for byte, round trips, what real printers do wrong, and every way of being malformed. */
#include "tests/unit/test.h"

#include <stdlib.h>
#include <string.h>

#include "core/snmp/snmp.h"

#define COUNT(a) (sizeof(a) / sizeof *(a))

static const plt_octets community = {(const uint8_t *)"public", 6};
static const plt_octets nothing = {(const uint8_t *)"", 0};
#define SYS_DESCR PLT_OID("\x2B\x06\x01\x02\x01\x01\x01\x00")

/* snmpget -v1 -c public of sysDescr.0, request 1, by the rules of X.690. */
static const uint8_t get_packet[] = {0x30, 0x26, 0x02, 0x01, 0x00, 0x04, 0x06, 'p',  'u',  'b',  'l',  'i',  'c',  0xA0,
                                     0x19, 0x02, 0x01, 0x01, 0x02, 0x01, 0x00, 0x02, 0x01, 0x00, 0x30, 0x0E, 0x30, 0x0C,
                                     0x06, 0x08, 0x2B, 0x06, 0x01, 0x02, 0x01, 0x01, 0x01, 0x00, 0x05, 0x00};

typedef struct room {
    uint8_t bytes[PLT_SNMP_HEAD + PLT_SNMP_PACKET];
    plt_snmp_out o;
} room;

static room *fresh(void)
{
    static room r;
    memset(&r, 0xAA, sizeof r);
    plt_snmp_begin(&r.o, r.bytes, sizeof r.bytes);
    return &r;
}

static size_t close_as(plt_snmp_out *o, plt_snmp_kind kind, int32_t version, int32_t request)
{
    plt_snmp_close_pdu(o, &(plt_snmp_pdu){.kind = kind, .request_id = request});
    plt_snmp_close(o, version, community);
    return plt_snmp_size(o);
}

static void a_known_packet(void **state)
{
    plt_snmp_message m;
    plt_snmp_var v;
    char text[64];
    room *r = fresh();
    (void)state;
    assert_true(plt_snmp_put(&r->o, SYS_DESCR, PLT_SNMP_NULL, nothing));
    assert_int_equal(close_as(&r->o, PLT_SNMP_GET, PLT_SNMP_V1, 1), sizeof get_packet);
    assert_memory_equal(r->o.p, get_packet, sizeof get_packet);
    assert_int_equal(plt_snmp_read(get_packet, sizeof get_packet, &m), PLT_OK);
    assert_true(plt_octets_same(m.community, community));
    assert_int_equal(m.pdu.kind, PLT_SNMP_GET);
    assert_int_equal(m.pdu.request_id, 1);
    plt_cursor list = plt_cursor_make(m.pdu.list.p, m.pdu.list.n);
    assert_true(plt_snmp_next(&list, &v));
    assert_true(plt_oid_format(v.name, text, sizeof text));
    assert_string_equal(text, "1.3.6.1.2.1.1.1.0");
    assert_true(plt_snmp_absent(&v));
    assert_false(plt_snmp_next(&list, &v));
    assert_false(list.bad);
}

static void too_little_room_is_said_and_nothing_written_outside(void **state)
{
    (void)state;
    for (size_t cap = 0; cap < PLT_SNMP_HEAD + 14; cap++) {
        plt_snmp_out o;
        uint8_t *exact = malloc(cap ? cap : 1);
        assert_non_null(exact);
        plt_snmp_begin(&o, exact, cap);
        assert_false(plt_snmp_put(&o, SYS_DESCR, PLT_SNMP_NULL, nothing));
        assert_int_equal(close_as(&o, PLT_SNMP_GET, PLT_SNMP_V1, 1), 0);
        free(exact);
    }
    /* A community that the head does not hold. */
    static const uint8_t name[PLT_SNMP_HEAD];
    room *r = fresh();
    plt_snmp_put(&r->o, SYS_DESCR, PLT_SNMP_NULL, nothing);
    plt_snmp_close_pdu(&r->o, &(plt_snmp_pdu){.kind = PLT_SNMP_GET});
    plt_snmp_close(&r->o, PLT_SNMP_V1, plt_octets_make(name, sizeof name));
    assert_int_equal(plt_snmp_size(&r->o), 0);
}

static void what_did_not_fit_can_be_taken_back(void **state)
{
    static const uint8_t long_text[1000];
    plt_octets text = {long_text, sizeof long_text};
    plt_snmp_message m;
    room *r = fresh();
    (void)state;
    assert_true(plt_snmp_put(&r->o, SYS_DESCR, PLT_SNMP_STRING, text));
    const uint8_t *mark = r->o.q;
    assert_false(plt_snmp_put(&r->o, SYS_DESCR, PLT_SNMP_STRING, text));
    plt_snmp_rewind(&r->o, mark);
    size_t n = close_as(&r->o, PLT_SNMP_RESPONSE, PLT_SNMP_V2C, 7);
    assert_true(n > 1000 && n < 1100);
    assert_int_equal(plt_snmp_read(r->o.p, n, &m), PLT_OK);
}

static void numbers_come_back(void **state)
{
    static const int32_t integers[] = {0, 1, -1, 127, 128, -128, -129, 255, 256, INT32_MAX, INT32_MIN, -2, -3};
    static const uint64_t unsigneds[] = {0, 127, 128, 255, 65535, 0x7FFFFFFF, 0x80000000u, UINT32_MAX};
    plt_snmp_message m;
    plt_snmp_var v;
    room *r = fresh();
    (void)state;
    for (size_t i = 0; i < COUNT(integers); i++) plt_snmp_put_signed(&r->o, SYS_DESCR, integers[i]);
    for (size_t i = 0; i < COUNT(unsigneds); i++) plt_snmp_put_unsigned(&r->o, SYS_DESCR, PLT_SNMP_GAUGE32, unsigneds[i]);
    plt_snmp_put_unsigned(&r->o, SYS_DESCR, PLT_SNMP_COUNTER64, UINT64_MAX);
    size_t n = close_as(&r->o, PLT_SNMP_RESPONSE, PLT_SNMP_V2C, INT32_MIN);
    assert_int_equal(plt_snmp_read(r->o.p, n, &m), PLT_OK);
    assert_int_equal(m.pdu.request_id, INT32_MIN);
    plt_cursor list = plt_cursor_make(m.pdu.list.p, m.pdu.list.n);
    for (size_t i = 0; i < COUNT(integers); i++) {
        int64_t s;
        assert_true(plt_snmp_next(&list, &v) && plt_snmp_signed(&v, &s));
        assert_true(s == integers[i]);
    }
    for (size_t i = 0; i <= COUNT(unsigneds); i++) {
        uint64_t u;
        assert_true(plt_snmp_next(&list, &v) && plt_snmp_unsigned(&v, &u));
        assert_true(u == (i < COUNT(unsigneds) ? unsigneds[i] : UINT64_MAX));
    }
}

static void unlawful_values_are_not_written(void **state)
{
    static const struct {
        plt_snmp_type type;
        plt_octets name, value;
    } cases[] = {
        {PLT_SNMP_NULL, {(const uint8_t *)"\x2B\x86", 2}, {NULL, 0}},     /* half a sub-identifier */
        {PLT_SNMP_NULL, {(const uint8_t *)"\x2B\x80\x06", 3}, {NULL, 0}}, /* padded */
        {PLT_SNMP_NULL, {(const uint8_t *)"", 0}, {NULL, 0}},             /* no name */
        {PLT_SNMP_NULL, {(const uint8_t *)"\x2B", 1}, {(const uint8_t *)"x", 1}},
        {PLT_SNMP_INTEGER, {(const uint8_t *)"\x2B", 1}, {NULL, 0}},
        {PLT_SNMP_IPADDRESS, {(const uint8_t *)"\x2B", 1}, {(const uint8_t *)"abc", 3}},
        {PLT_SNMP_OID, {(const uint8_t *)"\x2B", 1}, {(const uint8_t *)"\xFF", 1}},
        {(plt_snmp_type)0x45, {(const uint8_t *)"\x2B", 1}, {(const uint8_t *)"x", 1}},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        room *r = fresh();
        assert_false(plt_snmp_put(&r->o, cases[i].name, cases[i].type, cases[i].value));
        assert_int_equal(close_as(&r->o, PLT_SNMP_RESPONSE, PLT_SNMP_V2C, 1), 0);
    }
    room *r = fresh();
    assert_false(plt_snmp_put_unsigned(&r->o, SYS_DESCR, PLT_SNMP_COUNTER32, 1ull << 32));
    r = fresh();
    assert_false(plt_snmp_put_unsigned(&r->o, SYS_DESCR, PLT_SNMP_STRING, 1));
}

/* Numbers as agents write them against the rules. */
static void numbers_are_taken_as_meant(void **state)
{
    static const struct {
        plt_snmp_type type;
        const char *octets;
        size_t n;
        bool ok;
        int64_t value;
    } cases[] = {
        {PLT_SNMP_COUNTER32, "\xFF\xFF\xFF\xFE", 4, true, 0xFFFFFFFE},                 /* no zero in front */
        {PLT_SNMP_COUNTER32, "\xC8", 1, true, 200},                                    /* likewise */
        {PLT_SNMP_COUNTER32, "\0\0\0\0\0\0\x01\x02", 8, true, 258},                    /* eight octets for a small one */
        {PLT_SNMP_COUNTER32, "\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFE", 8, true, 0xFFFFFFFE}, /* its sign extended */
        {PLT_SNMP_COUNTER32, "\x01\0\0\0\0", 5, false, 0},                             /* 2^32 */
        {PLT_SNMP_COUNTER32, "\xFF\0\xFF\xFF\xFF\xFF", 6, false, 0},
        {PLT_SNMP_COUNTER32, "", 0, true, 0}, /* zero in no octets */
        {PLT_SNMP_INTEGER, "", 0, true, 0},
        {PLT_SNMP_INTEGER, "\xFD", 1, true, -3},
        {PLT_SNMP_INTEGER, "\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFD", 10, true, -3},
        {PLT_SNMP_INTEGER, "\0\0\0\0\0\0\0\0\0\x7F", 10, true, 127},
        {PLT_SNMP_INTEGER, "\x01\0\0\0\0\0\0\0\0", 9, false, 0},
        {PLT_SNMP_COUNTER64, "\0\x7F\xFF\xFF\xFF\xFF\xFF\xFF\xFF", 9, true, INT64_MAX},
        {PLT_SNMP_COUNTER64, "\0\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF", 9, false, 0}, /* above what is signed */
        {PLT_SNMP_STRING, "5", 1, false, 0},
        {PLT_SNMP_OPAQUE, "5", 1, false, 0},
        {PLT_SNMP_NULL, "", 0, false, 0},
        {(plt_snmp_type)0x45, "5", 1, false, 0},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        int64_t s = -77;
        plt_snmp_var v = {.type = cases[i].type, .value = plt_octets_make(cases[i].octets, cases[i].n)};
        if (plt_snmp_signed(&v, &s) != cases[i].ok || (cases[i].ok && s != cases[i].value)) fail_msg("case %zu: %lld", i, (long long)s);
    }
}

static void lengths_longer_than_needed(void **state)
{
    /* Outer 82 00 nn, community 81 06, the list 84 00 00 00 nn, and a byte behind the message. */
    static const uint8_t p[] = {0x30, 0x82, 0x00, 0x2F, 0x02, 0x02, 0x00, 0x01, 0x04, 0x81, 0x06, 'p',  'u',  'b',  'l',  'i',  'c',  0xA2,
                                0x81, 0x1D, 0x02, 0x01, 0x01, 0x02, 0x01, 0x00, 0x02, 0x01, 0x00, 0x30, 0x84, 0x00, 0x00, 0x00, 0x0E, 0x30,
                                0x0C, 0x06, 0x08, 0x2B, 0x06, 0x01, 0x02, 0x01, 0x01, 0x01, 0x00, 0x05, 0x00, 0x00, 0x00, 0x00};
    plt_snmp_message m;
    plt_snmp_var v;
    (void)state;
    assert_int_equal(plt_snmp_read(p, sizeof p, &m), PLT_OK);
    assert_int_equal(m.version, PLT_SNMP_V2C);
    assert_int_equal(m.pdu.kind, PLT_SNMP_RESPONSE);
    plt_cursor list = plt_cursor_make(m.pdu.list.p, m.pdu.list.n);
    assert_true(plt_snmp_next(&list, &v));
    assert_true(plt_octets_same(v.name, SYS_DESCR));
    assert_false(plt_snmp_next(&list, &v) || list.bad);
}

/* A variable with short lengths is taken by another way than one with long ones: both are as strict, and as forgiving. */
static void short_variables(void **state)
{
    static const struct {
        const char *bytes;
        size_t n;
        bool good;
    } cases[] = {
        {"\x30\x06\x06\x02\x2B\x06\x05\x00", 8, true},
        {"\x30\x08\x06\x02\x2B\x06\x05\x00\xAA\xBB", 10, true},  /* more in the pair than its two parts */
        {"\x30\x07\x06\x02\x2B\x06\x05\x81\x00", 9, true},       /* a length longer than needed */
        {"\x30\x07\x06\x02\x2B\x06\x05\x00", 8, false},          /* beyond the list */
        {"\x30\x05\x06\x02\x2B\x06\x05\x00", 8, false},          /* beyond the pair: the value's head, */
        {"\x30\x06\x06\x02\x2B\x06\x04\x01\x41", 9, false},      /* the value, */
        {"\x30\x06\x06\x04\x2B\x06\x05\x00\x00\x00", 10, false}, /* the name */
        {"\x30\x06\x04\x02\x2B\x06\x05\x00", 8, false},          /* the name is no OID, */
        {"\x30\x06\x06\x02\x2B\x86\x05\x00", 8, false},          /* ends in the middle, */
        {"\x30\x04\x06\x00\x05\x00", 6, false},                  /* is empty */
        {"\x31\x06\x06\x02\x2B\x06\x05\x00", 8, false},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        plt_cursor list = plt_cursor_make(cases[i].bytes, cases[i].n);
        plt_snmp_var v;
        if (plt_snmp_next(&list, &v) != cases[i].good || list.bad == cases[i].good) fail_msg("case %zu", i);
        if (cases[i].good && (v.name.n != 2 || v.type != PLT_SNMP_NULL || v.value.n != 0 || list.p != list.end)) fail_msg("case %zu, read", i);
    }
}

/* Every truncation and every single changed byte: never a read outside. */
static void walk(const uint8_t *data, size_t n, plt_status expected, bool any)
{
    plt_snmp_message m;
    plt_snmp_var v;
    uint8_t *copy = malloc(n ? n : 1);
    assert_non_null(copy);
    memcpy(copy, data, n);
    plt_status s = plt_snmp_read(copy, n, &m);
    assert_true(any || s == expected);
    if (s == PLT_OK && m.pdu.kind) {
        plt_cursor list = plt_cursor_make(m.pdu.list.p, m.pdu.list.n);
        while (plt_snmp_next(&list, &v)) assert_true(v.value.n <= n);
    }
    free(copy);
}

static void damage(const uint8_t *packet, size_t n)
{
    uint8_t copy[PLT_SNMP_PACKET];
    for (size_t cut = 0; cut < n; cut++) walk(packet, cut, PLT_BAD, false);
    for (size_t at = 0; at < n; at++) {
        for (int v = 0; v < 256; v++) {
            memcpy(copy, packet, n);
            copy[at] = (uint8_t)v;
            walk(copy, n, PLT_OK, true);
        }
    }
}

static size_t v3_packet(room *r, uint8_t flags, plt_snmp_kind kind)
{
    plt_snmp_v3 v = {.id = 77, .max_size = 65507, .flags = flags, .boots = 5, .time = 1234567};
    uint8_t *auth;
    v.engine = plt_octets_make("\x80\0\0\1engine", 10);
    v.user = plt_octets_make("reader", 6);
    v.auth = plt_octets_make("\0\0\0\0\0\0\0\0\0\0\0\0", flags & PLT_SNMP_AUTH ? 12 : 0);
    v.priv = plt_octets_make("saltsalt", flags & PLT_SNMP_PRIV ? 8 : 0);
    plt_snmp_put(&r->o, SYS_DESCR, PLT_SNMP_NULL, nothing);
    plt_snmp_close_pdu(&r->o, &(plt_snmp_pdu){.kind = kind, .request_id = 9, .error_status = 1, .error_index = 25});
    plt_snmp_close_scoped(&r->o, v.engine, plt_octets_make("ctx", 3));
    plt_snmp_close_v3(&r->o, &v, &auth);
    assert_true(auth >= r->o.p && auth + v.auth.n <= r->o.q);
    return plt_snmp_size(&r->o);
}

static void damaged_packets(void **state)
{
    room *r = fresh();
    (void)state;
    damage(get_packet, sizeof get_packet);
    size_t n = v3_packet(r, PLT_SNMP_AUTH | PLT_SNMP_REPORTABLE, PLT_SNMP_GET);
    assert_true(n > 0);
    damage(r->o.p, n);
}

static void version_3_both_ways(void **state)
{
    static const uint8_t flags[] = {0, PLT_SNMP_AUTH, PLT_SNMP_AUTH | PLT_SNMP_PRIV, PLT_SNMP_AUTH | PLT_SNMP_REPORTABLE};
    plt_snmp_message m;
    (void)state;
    for (size_t i = 0; i < COUNT(flags); i++) {
        room *r = fresh();
        size_t n = v3_packet(r, flags[i], PLT_SNMP_GETBULK);
        assert_true(n > 0);
        assert_int_equal(plt_snmp_read(r->o.p, n, &m), PLT_OK);
        assert_int_equal(m.version, PLT_SNMP_V3);
        assert_int_equal(m.v3.id, 77);
        assert_int_equal(m.v3.max_size, 65507);
        assert_int_equal(m.v3.flags, flags[i]);
        assert_int_equal(m.v3.boots, 5);
        assert_int_equal(m.v3.time, 1234567);
        assert_int_equal(m.v3.engine.n, 10);
        assert_memory_equal(m.v3.user.p, "reader", 6);
        assert_int_equal(m.v3.auth.n, flags[i] & PLT_SNMP_AUTH ? 12 : 0);
        if (flags[i] & PLT_SNMP_PRIV) { /* not really encrypted here: what stands in the string is the scoped PDU */
            assert_int_equal(m.pdu.kind, 0);
            assert_int_equal(plt_snmp_read_scoped(m.v3.scoped.p, m.v3.scoped.n, &m), PLT_OK);
        }
        assert_int_equal(m.pdu.kind, PLT_SNMP_GETBULK);
        assert_int_equal(m.pdu.error_status, 1);
        assert_int_equal(m.pdu.error_index, 25);
        assert_int_equal(m.v3.context.n, 3);
        assert_int_equal(m.v3.context_engine.n, 10);
    }
}

static void every_kind_is_read(void **state)
{
    static const plt_snmp_kind kinds[] = {PLT_SNMP_GET,     PLT_SNMP_GETNEXT, PLT_SNMP_RESPONSE, PLT_SNMP_SET,
                                          PLT_SNMP_GETBULK, PLT_SNMP_INFORM,  PLT_SNMP_TRAP,     PLT_SNMP_REPORT};
    plt_snmp_message m;
    (void)state;
    for (size_t i = 0; i < COUNT(kinds); i++) {
        room *r = fresh();
        size_t n = close_as(&r->o, kinds[i], PLT_SNMP_V2C, 3);
        assert_int_equal(plt_snmp_read(r->o.p, n, &m), PLT_OK);
        assert_int_equal(m.pdu.kind, kinds[i]);
    }
}

static void what_is_not_ours_is_named(void **state)
{
    static const struct {
        size_t at;
        uint8_t value;
    } cases[] = {{4, 2} /* v2u */, {4, 4}, {13, 0xA4} /* Trap-PDU of v1 */, {13, 0xA9}, {13, 0x30}};
    uint8_t p[sizeof get_packet];
    plt_snmp_message m;
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        memcpy(p, get_packet, sizeof p);
        p[cases[i].at] = cases[i].value;
        assert_int_equal(plt_snmp_read(p, sizeof p, &m), PLT_UNSUPPORTED);
    }
    memcpy(p, get_packet, sizeof p);
    p[1] = 0x80; /* indefinite length */
    assert_int_equal(plt_snmp_read(p, sizeof p, &m), PLT_BAD);
}

static void oids_and_their_text(void **state)
{
    static const char *const wrong[] = {"",     ".",      "1",   "1.",   "1..3", "1.3.x", "1.3.4294967296",
                                        "-1.3", "1.3.6 ", "3.1", "1.40", "0.40", "1.3.",  "2.4294967295"};
    static const char *const right[] = {"0.0", "0.39", "1.0", "1.39.4294967295", "2.0", "2.47.128", "2.999.3", "1.3.6.1.4.1.2699.1.2"};
    uint8_t oid[PLT_OID_SIZE];
    char text[64];
    (void)state;
    for (size_t i = 0; i < COUNT(wrong); i++) assert_int_equal(plt_oid_parse(wrong[i], oid, sizeof oid), 0);
    for (size_t i = 0; i < COUNT(right); i++) {
        size_t n = plt_oid_parse(right[i], oid, sizeof oid);
        assert_true(n > 0 && plt_oid_valid(plt_octets_make(oid, n)));
        assert_true(plt_oid_format(plt_octets_make(oid, n), text, sizeof text));
        assert_string_equal(text, right[i]);
        for (size_t cap = 0; cap < n; cap++) assert_int_equal(plt_oid_parse(right[i], oid, cap), 0);
    }
    size_t n = plt_oid_parse(".1.3.6.1.4294967295", oid, sizeof oid);
    assert_false(plt_oid_format(plt_octets_make(oid, n), text, 8));
}

static void octets_that_are_no_oid(void **state)
{
    static const plt_octets wrong[] = {{(const uint8_t *)"", 0},
                                       {(const uint8_t *)"\x86", 1},
                                       {(const uint8_t *)"\x2B\x80\x01", 3},
                                       {(const uint8_t *)"\x2B\x90\x80\x80\x80\x00", 6},                  /* 2^32 */
                                       {(const uint8_t *)"\x2B\x06\x01\x02\x01\x2B\x0B\x01\x80\x09", 10}, /* behind the first eight octets */
                                       {(const uint8_t *)"\x2B\x81\x80\x80\x80\x80\x00", 7}};
    static const uint8_t most[] = {0x2B, 0x8F, 0xFF, 0xFF, 0xFF, 0x7F};
    char text[64];
    (void)state;
    for (size_t i = 0; i < COUNT(wrong); i++) {
        assert_false(plt_oid_valid(wrong[i]));
        assert_false(plt_oid_format(wrong[i], text, sizeof text));
    }
    assert_true(plt_oid_valid(plt_octets_make(most, sizeof most)));
}

/* In the order of a walk; octet by octet some of them stand the other way round. */
static void the_order_of_a_walk(void **state)
{
    static const char *const order[] = {"1.3.6",
                                        "1.3.6.1",
                                        "1.3.6.1.0",
                                        "1.3.6.1.127",
                                        "1.3.6.1.128",
                                        "1.3.6.1.128.5",
                                        "1.3.6.1.129",
                                        "1.3.6.1.16383",
                                        "1.3.6.1.16383.7",
                                        "1.3.6.1.16384",
                                        "1.3.6.1.16512",
                                        "1.3.6.1.2097151",
                                        "1.3.6.1.2097152",
                                        "1.3.6.1.4294967295",
                                        "1.3.6.2",
                                        "1.3.6.3.1.1.1.1.16383.1",
                                        "1.3.6.3.1.1.1.1.16384",
                                        "1.3.6.3.1.1.1.1.16384.1.1.1.1.1.1.2"};
    uint8_t a[PLT_OID_SIZE], b[PLT_OID_SIZE];
    (void)state;
    for (size_t i = 0; i < COUNT(order); i++) {
        for (size_t k = 0; k < COUNT(order); k++) {
            int c =
                plt_oid_compare(plt_octets_make(a, plt_oid_parse(order[i], a, sizeof a)), plt_octets_make(b, plt_oid_parse(order[k], b, sizeof b)));
            if ((c > 0) - (c < 0) != (i > k) - (i < k)) fail_msg("%s and %s: %d", order[i], order[k], c);
        }
    }
}

static void prefixes_and_tails(void **state)
{
    uint8_t oid[PLT_OID_SIZE];
    size_t n = plt_oid_parse("1.3.6.1.2.1.43.11.1.1.9", oid, sizeof oid);
    plt_octets column = {oid, n};
    uint32_t id = 0;
    (void)state;
    n = plt_oid_add(oid, n, sizeof oid, 1);
    n = plt_oid_add(oid, n, sizeof oid, 300000);
    assert_int_equal(plt_oid_add(oid, n, n, 1), 0);
    plt_octets cell = {oid, n};
    assert_true(plt_oid_below(cell, column));
    assert_true(plt_oid_below(column, column));
    assert_false(plt_oid_below(column, cell));
    plt_octets tail = {oid + column.n, n - column.n};
    assert_true(plt_oid_take(&tail, &id) && id == 1);
    assert_true(plt_oid_take(&tail, &id) && id == 300000);
    assert_false(plt_oid_take(&tail, &id));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_known_packet),
        cmocka_unit_test(too_little_room_is_said_and_nothing_written_outside),
        cmocka_unit_test(what_did_not_fit_can_be_taken_back),
        cmocka_unit_test(numbers_come_back),
        cmocka_unit_test(unlawful_values_are_not_written),
        cmocka_unit_test(numbers_are_taken_as_meant),
        cmocka_unit_test(lengths_longer_than_needed),
        cmocka_unit_test(short_variables),
        cmocka_unit_test(damaged_packets),
        cmocka_unit_test(version_3_both_ways),
        cmocka_unit_test(every_kind_is_read),
        cmocka_unit_test(what_is_not_ours_is_named),
        cmocka_unit_test(oids_and_their_text),
        cmocka_unit_test(octets_that_are_no_oid),
        cmocka_unit_test(the_order_of_a_walk),
        cmocka_unit_test(prefixes_and_tails),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
