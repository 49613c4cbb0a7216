/* SPDX-License-Identifier: Apache-2.0 */
/* The agent: each rule of RFC 1157, 3416 and 3584 as a row; then sizes, every cut of a request, and what gets no answer. */
#include "tests/unit/test.h"

#include <stdio.h>
#include <string.h>

#include "core/device/mib.h"

enum { V1 = PLT_SNMP_V1, V2 = PLT_SNMP_V2C };
enum { GET = PLT_SNMP_GET, NEXT = PLT_SNMP_GETNEXT, BULK = PLT_SNMP_GETBULK, SET = PLT_SNMP_SET };

/* What is served. The indexes are of one, two and three octets, as these sort differently by octets alone. */
static const struct {
    const char *column, *index;
    plt_snmp_type type;
    int64_t value;
    const char *text;
} objects[] = {
    {"1.3.6.1.2.1.1.1", "0", PLT_SNMP_STRING, 0, "a printer"},
    {"1.3.6.1.2.1.1.2", "0", PLT_SNMP_OID, 0, "\x2B\x06\x01"},
    {"1.3.6.1.2.1.1.3", "0", PLT_SNMP_TIMETICKS, 4294967295, NULL},
    {"1.3.6.1.2.1.2.1", "127", PLT_SNMP_INTEGER, -5, NULL},
    {"1.3.6.1.2.1.2.1", "16383", PLT_SNMP_INTEGER, -2, NULL},
    {"1.3.6.1.2.1.2.1", "16384", PLT_SNMP_INTEGER, 128, NULL},
    {"1.3.6.1.2.1.31.1", "0", PLT_SNMP_COUNTER64, 1099511627776, NULL},
    {"1.3.6.1.2.1.43.1", "0", PLT_SNMP_COUNTER32, 4000000000, NULL},
    {"1.3.6.1.3.1", "0", PLT_SNMP_NULL, 0, NULL}, /* its value cannot be had */
    {"1.3.6.1.4.1.1", "0", PLT_SNMP_STRING, 0, ""},
};
enum { OBJECTS = sizeof objects / sizeof objects[0] };

static plt_mib_object room[OBJECTS];
static plt_mib mib;
static bool ready;

static bool value_of(void *arg, const plt_mib_object *o, plt_serve_value *out, uint8_t text[PLT_SERVE_TEXT])
{
    (void)arg;
    (void)text;
    const char *t = objects[o->row].text;
    out->type = objects[o->row].type;
    out->integer = (int32_t)(out->type == PLT_SNMP_INTEGER ? objects[o->row].value : 0);
    out->number = (uint64_t)objects[o->row].value;
    if (t) out->octets = plt_octets_make(t, strlen(t));
    return !ready || out->type != PLT_SNMP_NULL;
}

static plt_mib_view served = {&mib, value_of, NULL, 0};
static const plt_octets communities[] = {{(const uint8_t *)"public", 6}, {(const uint8_t *)"second", 6}};

static plt_serve_agent the_agent(void)
{
    return (plt_serve_agent){&plt_mib_serve, &served, communities, 2, NULL, PLT_SERVE_V1 | PLT_SERVE_V2C, 50, PLT_SNMP_PACKET};
}

static int setup(void **state)
{
    (void)state;
    plt_mib_init(&mib, room, OBJECTS);
    for (uint16_t i = OBJECTS; i-- > 0;) plt_mib_add_private(&mib, objects[i].column, objects[i].index, objects[i].type, 0, i);
    plt_mib_end(&mib, value_of, NULL);
    ready = true;
    return mib.full || mib.count != OBJECTS;
}

/* A request for names given by blanks; its length. */
static size_t request(uint8_t *out, int version, int kind, const char *community, int32_t a, int32_t b, const char *names)
{
    static uint8_t buffer[PLT_SNMP_HEAD + 8192];
    plt_snmp_out o;
    plt_snmp_pdu pdu = {(plt_snmp_kind)kind, 0x1234567, a, b, {NULL, 0}};
    char name[128];
    int used;
    plt_snmp_begin(&o, buffer, sizeof buffer);
    for (const char *p = names; sscanf(p, "%127s%n", name, &used) == 1; p += used) {
        uint8_t oid[64];
        plt_snmp_put(&o, plt_octets_make(oid, plt_oid_parse(name, oid, sizeof oid)), PLT_SNMP_NULL, plt_octets_make(NULL, 0));
    }
    plt_snmp_close_pdu(&o, &pdu);
    plt_snmp_close(&o, version, plt_octets_make(community, strlen(community)));
    assert_int_not_equal(plt_snmp_size(&o), 0);
    memcpy(out, o.p, plt_snmp_size(&o));
    return plt_snmp_size(&o);
}

static void render_value(const plt_snmp_var *v, char *out, size_t size)
{
    int64_t s;
    uint64_t u;
    switch (v->type) {
    case PLT_SNMP_NULL: snprintf(out, size, "null"); return;
    case PLT_SNMP_NO_OBJECT: snprintf(out, size, "no-object"); return;
    case PLT_SNMP_NO_INSTANCE: snprintf(out, size, "no-instance"); return;
    case PLT_SNMP_END_OF_VIEW: snprintf(out, size, "end"); return;
    case PLT_SNMP_STRING: snprintf(out, size, "'%.*s'", (int)v->value.n, (const char *)v->value.p); return;
    case PLT_SNMP_OID: snprintf(out, size, "oid"); return;
    case PLT_SNMP_INTEGER:
        assert_true(plt_snmp_signed(v, &s));
        snprintf(out, size, "%lld", (long long)s);
        return;
    default: assert_true(plt_snmp_unsigned(v, &u)); snprintf(out, size, "%llu", (unsigned long long)u);
    }
}

/* "name=value name=value", with .6.1.2.1 in front of names left out where it stands. */
static void render(plt_octets list, char *out, size_t size)
{
    plt_cursor c = plt_cursor_make(list.p, list.n);
    plt_snmp_var v;
    size_t n = 0;
    out[0] = 0;
    while (plt_snmp_next(&c, &v)) {
        char name[128], value[320];
        assert_true(plt_oid_format(v.name, name, sizeof name));
        render_value(&v, value, sizeof value);
        const char *shown = strncmp(name, "1.3.6.1.2.1.", 12) == 0 ? name + 12 : name;
        n += (size_t)snprintf(out + n, size - n, "%s%s=%s", n ? " " : "", shown, value);
        assert_true(n < size);
    }
    assert_false(c.bad);
}

#define ALL "1.1.0='a printer' 1.2.0=oid 1.3.0=4294967295 2.1.127=-5 2.1.16383=-2 2.1.16384=128 31.1.0=1099511627776 43.1.0=4000000000"
#define SYS "1.3.6.1.2.1.1."
#define IF "1.3.6.1.2.1.2.1."

static const struct {
    const char *what;
    int version, kind;
    int32_t a, b; /* GETBULK: non-repeaters, max-repetitions */
    const char *names;
    int status, index;
    const char *list;
} rules[] = {
    {"v1 GET", V1, GET, 0, 0, SYS "1.0 " SYS "3.0", 0, 0, "1.1.0='a printer' 1.3.0=4294967295"},
    {"v1 GET, second missing: the request's list", V1, GET, 0, 0, SYS "1.0 " SYS "9.0", 2, 2, "1.1.0=null 1.9.0=null"},
    {"v1 GET of a Counter64: there is none", V1, GET, 0, 0, "1.3.6.1.2.1.31.1.0", 2, 1, "31.1.0=null"},
    {"v1 GET without a value", V1, GET, 0, 0, "1.3.6.1.3.1.0", 5, 1, "1.3.6.1.3.1.0=null"},
    {"v1 GET of nothing", V1, GET, 0, 0, "", 0, 0, ""},
    {"v1 GETNEXT", V1, NEXT, 0, 0, "1.3", 0, 0, "1.1.0='a printer'"},
    {"v1 GETNEXT passes over Counter64", V1, NEXT, 0, 0, IF "16384", 0, 0, "43.1.0=4000000000"},
    {"v1 GETNEXT at the end", V1, NEXT, 0, 0, "1.3.6.1.4.1.1.0", 2, 1, "1.3.6.1.4.1.1.0=null"},
    {"v1 SET: RFC 3584 4.4", V1, SET, 0, 0, SYS "1.0", 2, 1, "1.1.0=null"},
    {"v2 GET", V2, GET, 0, 0, SYS "1.0 " SYS "2.0", 0, 0, "1.1.0='a printer' 1.2.0=oid"},
    {"v2 GET of another row", V2, GET, 0, 0, SYS "1.1", 0, 0, "1.1.1=no-instance"},
    {"v2 GET of a column", V2, GET, 0, 0, SYS "1", 0, 0, "1.1=no-instance"},
    {"v2 GET of a row before the first", V2, GET, 0, 0, IF "5", 0, 0, "2.1.5=no-instance"},
    {"v2 GET of a row between", V2, GET, 0, 0, IF "200", 0, 0, "2.1.200=no-instance"},
    {"v2 GET of another object", V2, GET, 0, 0, SYS "9.0 " SYS "3.0", 0, 0, "1.9.0=no-object 1.3.0=4294967295"},
    {"v2 GET of nonsense", V2, GET, 0, 0, "0.0 2.999.1", 0, 0, "0.0=no-object 2.999.1=no-object"},
    {"v2 GET of an empty text", V2, GET, 0, 0, "1.3.6.1.4.1.1.0", 0, 0, "1.3.6.1.4.1.1.0=''"},
    {"v2 GET without a value", V2, GET, 0, 0, SYS "1.0 1.3.6.1.3.1.0", 5, 2, "1.1.0=null 1.3.6.1.3.1.0=null"},
    {"v2 GETNEXT of a row that is not there", V2, NEXT, 0, 0, IF "200", 0, 0, "2.1.16383=-2"},
    {"v2 GETNEXT from two octets to three", V2, NEXT, 0, 0, IF "16383", 0, 0, "2.1.16384=128"},
    {"v2 GETNEXT gives Counter64", V2, NEXT, 0, 0, IF "16384", 0, 0, "31.1.0=1099511627776"},
    {"v2 GETNEXT at the end, and not", V2, NEXT, 0, 0, "1.3.6.1.4.1.1.0 1.3", 0, 0, "1.3.6.1.4.1.1.0=end 1.1.0='a printer'"},
    {"v2 SET", V2, SET, 0, 0, SYS "1.0", 6, 1, "1.1.0=null"},
    {"v2 SET of nothing", V2, SET, 0, 0, "", 6, 0, ""},
    {"v2 GETBULK of one column", V2, BULK, 0, 3, "1.3", 0, 0, "1.1.0='a printer' 1.2.0=oid 1.3.0=4294967295"},
    {"v2 GETBULK of two, row by row", V2, BULK, 0, 2, "1.3 " IF "127", 0, 0, "1.1.0='a printer' 2.1.16383=-2 1.2.0=oid 2.1.16384=128"},
    {"v2 GETBULK with non-repeaters", V2, BULK, 1, 2, SYS "1 " IF "1", 0, 0, "1.1.0='a printer' 2.1.127=-5 2.1.16383=-2"},
    {"v2 GETBULK, all non-repeaters", V2, BULK, 5, 9, SYS "1 " IF "1", 0, 0, "1.1.0='a printer' 2.1.127=-5"},
    {"v2 GETBULK, negative numbers are 0", V2, BULK, -3, -1, SYS "1", 0, 0, ""},
    {"v2 GETBULK, no repetitions", V2, BULK, 1, 0, SYS "1 " IF "1", 0, 0, "1.1.0='a printer'"},
    {"v2 GETBULK ends with one row of ends", V2, BULK, 0, 9, "1.3.6.1.3.1.0", 0, 0, "1.3.6.1.4.1.1.0='' 1.3.6.1.4.1.1.0=end"},
    {"v2 GETBULK, one column ends before the other", V2, BULK, 0, 3, "1.3.6.1.4.1.1.0 " SYS "1", 0, 0,
     "1.3.6.1.4.1.1.0=end 1.1.0='a printer' 1.3.6.1.4.1.1.0=end 1.2.0=oid 1.3.6.1.4.1.1.0=end 1.3.0=4294967295"},
    {"v2 GETBULK of nothing", V2, BULK, 0, 5, "", 0, 0, ""},
    {"v2 GETBULK stops where a value cannot be had", V2, BULK, 0, 50, "1.3", 0, 0, ALL},
    {"v2 GETBULK that begins there", V2, BULK, 0, 5, "1.3.6.1.2.1.43.1.0", 5, 1, "43.1.0=null"},
};

static void each_rule(void **state)
{
    static uint8_t in[8192], reply_room[PLT_SERVE_ROOM];
    plt_serve_agent a = the_agent();
    (void)state;
    for (size_t i = 0; i < sizeof rules / sizeof rules[0]; i++) {
        plt_octets reply;
        plt_snmp_message m;
        char list[1024];
        size_t n = request(in, rules[i].version, rules[i].kind, i & 1 ? "second" : "public", rules[i].a, rules[i].b, rules[i].names);
        print_message("# %s\n", rules[i].what);
        assert_int_equal(plt_serve(&a, in, n, reply_room, sizeof reply_room, &reply), PLT_SERVE_ANSWERED);
        assert_int_equal(plt_snmp_read(reply.p, reply.n, &m), PLT_OK);
        assert_int_equal(m.version, rules[i].version);
        assert_true(plt_octets_same(m.community, communities[i & 1]));
        assert_int_equal(m.pdu.kind, PLT_SNMP_RESPONSE);
        assert_int_equal(m.pdu.request_id, 0x1234567);
        assert_int_equal(m.pdu.error_status, rules[i].status);
        assert_int_equal(m.pdu.error_index, rules[i].index);
        render(m.pdu.list, list, sizeof list);
        assert_string_equal(list, rules[i].list);
    }
}

static plt_serve_outcome outcome(const plt_serve_agent *a, uint8_t *in, size_t n)
{
    static uint8_t reply_room[PLT_SERVE_ROOM];
    plt_octets reply;
    plt_serve_outcome o = plt_serve(a, in, n, reply_room, sizeof reply_room, &reply);
    assert_true((o == PLT_SERVE_ANSWERED) == (reply.n > 0));
    assert_true(reply.n <= a->reply_max);
    return o;
}

static void who_gets_no_answer(void **state)
{
    static uint8_t in[8192];
    plt_serve_agent a = the_agent();
    size_t n = request(in, V2, GET, "public", 0, 0, SYS "1.0");
    (void)state;
    for (size_t cut = 0; cut < n; cut++) assert_int_equal(outcome(&a, in, cut), PLT_SERVE_MALFORMED);
    assert_int_equal(outcome(&a, in, n), PLT_SERVE_ANSWERED);
    in[n - 2] = 0x30; /* the value's tag is no matter; the list's form is */
    assert_int_equal(outcome(&a, in, n), PLT_SERVE_ANSWERED);
    in[n - 1] = 5;
    assert_int_equal(outcome(&a, in, n), PLT_SERVE_MALFORMED);
    static const char *const strangers[] = {"", "publi", "publicc", "Public", "secondpublic"};
    for (size_t i = 0; i < sizeof strangers / sizeof strangers[0]; i++)
        assert_int_equal(outcome(&a, in, request(in, V2, GET, strangers[i], 0, 0, SYS "1.0")), PLT_SERVE_COMMUNITY);
    static const int others[] = {PLT_SNMP_RESPONSE, PLT_SNMP_INFORM, PLT_SNMP_TRAP, PLT_SNMP_REPORT};
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
        assert_int_equal(outcome(&a, in, request(in, V2, others[i], "public", 0, 0, SYS "1.0")), PLT_SERVE_KIND);
    assert_int_equal(outcome(&a, in, request(in, V1, BULK, "public", 0, 5, SYS "1.0")), PLT_SERVE_KIND);
    assert_int_equal(outcome(&a, in, request(in, 2, GET, "public", 0, 0, SYS "1.0")), PLT_SERVE_VERSION);
    a.versions = PLT_SERVE_V1;
    assert_int_equal(outcome(&a, in, request(in, V2, GET, "public", 0, 0, SYS "1.0")), PLT_SERVE_VERSION);
    assert_int_equal(outcome(&a, in, request(in, V1, GET, "public", 0, 0, SYS "1.0")), PLT_SERVE_ANSWERED);
    a = the_agent();
    a.repetitions = 0;
    assert_int_equal(outcome(&a, in, request(in, V2, BULK, "public", 0, 5, SYS "1.0")), PLT_SERVE_KIND);
    a.community_count = 0;
    assert_int_equal(outcome(&a, in, request(in, V2, GET, "public", 0, 0, SYS "1.0")), PLT_SERVE_COMMUNITY);
}

/* At every limit: the whole reply, a cut GETBULK, tooBig in its version's form, or nothing, and never more than the limit. */
static void limits(void **state)
{
    static uint8_t in[8192], reply_room[PLT_SERVE_ROOM];
    (void)state;
    for (int kind = 0; kind < 3; kind++)
        for (size_t max = 0; max < 200; max++) {
            plt_serve_agent a = the_agent();
            plt_octets reply;
            plt_snmp_message m;
            char list[1024];
            size_t n = kind == 2 ? request(in, V2, BULK, "public", 0, 4, "1.3") : request(in, kind, GET, "public", 0, 0, SYS "1.0 " SYS "3.0");
            a.reply_max = max;
            plt_serve_outcome o = plt_serve(&a, in, n, reply_room, sizeof reply_room, &reply);
            if (o == PLT_SERVE_TOO_BIG) {
                assert_true(max < (kind == 0 ? 90u : 52u)); /* v1 repeats the request's list */
                continue;
            }
            assert_int_equal(o, PLT_SERVE_ANSWERED);
            assert_true(reply.n <= max);
            assert_int_equal(plt_snmp_read(reply.p, reply.n, &m), PLT_OK);
            render(m.pdu.list, list, sizeof list);
            assert_int_equal(m.pdu.error_index, 0);
            if (m.pdu.error_status == PLT_SNMP_TOO_BIG)
                assert_string_equal(list, kind == 0 ? "1.1.0=null 1.3.0=null" : "");
            else if (kind == 2)
                assert_memory_equal(list, ALL, strlen(list)); /* a beginning */
            else
                assert_string_equal(list, "1.1.0='a printer' 1.3.0=4294967295");
            if (max > 150) assert_int_equal(m.pdu.error_status, 0);
        }
}

static void many_names_and_repetitions(void **state)
{
    static uint8_t in[8192];
    static char names[8192];
    plt_serve_agent a = the_agent();
    (void)state;
    for (int i = 0; i < 200; i++) memcpy(names + 18 * i, SYS "1.0 ", 18);
    size_t n = request(in, V2, BULK, "public", 0, INT32_MAX, names); /* more columns than are followed */
    assert_int_equal(outcome(&a, in, n), PLT_SERVE_ANSWERED);
    assert_int_equal(outcome(&a, in, request(in, V2, BULK, "public", INT32_MAX, INT32_MAX, names)), PLT_SERVE_ANSWERED);
    assert_int_equal(outcome(&a, in, request(in, V2, GET, "public", 0, 0, names)), PLT_SERVE_ANSWERED); /* tooBig */
    a.repetitions = 2;
    static uint8_t reply_room[PLT_SERVE_ROOM];
    plt_octets reply;
    plt_snmp_message m;
    char list[1024];
    n = request(in, V2, BULK, "public", 0, 40, "1.3");
    assert_int_equal(plt_serve(&a, in, n, reply_room, sizeof reply_room, &reply), PLT_SERVE_ANSWERED);
    assert_int_equal(plt_snmp_read(reply.p, reply.n, &m), PLT_OK);
    render(m.pdu.list, list, sizeof list);
    assert_string_equal(list, "1.1.0='a printer' 1.2.0=oid");
}

/* The way of version 3, asked by the product's own other side: discovery, time, answer; then everything that must be refused. */

static plt_usm_user *make_user(const char *name, const char *auth_password, bool full)
{
    plt_usm_user *u;
    char why[128];
    plt_usm_account a = {name, full ? PLT_AUTH_SHA256 : PLT_AUTH_NONE, full ? PLT_PRIV_AES128 : PLT_PRIV_NONE, auth_password, "the privacy one",
                         false};
    assert_int_equal(plt_usm_user_create(&u, &a, why, sizeof why), PLT_OK);
    return u;
}

typedef struct asked {
    plt_serve_outcome outcome;
    plt_usm_verdict verdict;
    plt_snmp_message m;
} asked;

static asked ask_v3(const plt_serve_agent *a, plt_usm_peer *p, plt_usm_user *u, uint8_t level, int kind, int32_t most, const char *name)
{
    static uint8_t buffer[PLT_SNMP_HEAD + 1024], in[2048], reply_room[PLT_SERVE_ROOM];
    static uint64_t salt;
    uint8_t oid[64];
    asked r;
    plt_octets reply;
    plt_snmp_out o;
    plt_snmp_pdu pdu = {(plt_snmp_kind)kind, 99, 0, most, {NULL, 0}};
    plt_snmp_begin(&o, buffer, sizeof buffer);
    plt_snmp_put(&o, plt_octets_make(oid, plt_oid_parse(name, oid, sizeof oid)), PLT_SNMP_NULL, plt_octets_make(NULL, 0));
    plt_snmp_close_pdu(&o, &pdu);
    assert_true(plt_usm_ask(p, u, level, 7, 0, &salt, &o));
    size_t n = plt_snmp_size(&o);
    memcpy(in, o.p, n);
    r.outcome = plt_serve(a, in, n, reply_room, sizeof reply_room, &reply);
    r.verdict = PLT_USM_MALFORMED;
    if (!reply.n) return r;
    assert_int_equal(plt_snmp_read(reply.p, reply.n, &r.m), PLT_OK);
    r.verdict = plt_usm_hear(p, u, level, reply_room + (reply.p - reply_room), reply.n, 0, &r.m);
    return r;
}

static void version_3(void **state)
{
    enum { FULL = PLT_SNMP_AUTH | PLT_SNMP_PRIV };
    plt_usm_engine engine = {.id = {0x80, 0, 0, 11, 4, 'x'}, .id_size = 6, .boots = 3};
    plt_usm_entry users[] = {{.user = make_user("reader", "the password", true), .least = FULL}};
    plt_usm_user *wrong = make_user("reader", "another password", true), *nobody = make_user("nobody", "the password", true);
    plt_usm_user *open_reader = make_user("reader", NULL, false);
    uint64_t salt = 1;
    plt_serve_usm usm = {&plt_usm_answering, &engine, users, 1, 5000, &salt};
    plt_serve_agent a = the_agent();
    plt_usm_peer p = {.engine_size = 0};
    char list[1024];
    (void)state;
    assert_true(plt_usm_localize(users[0].user, plt_octets_make(engine.id, engine.id_size), &users[0].keys));
    assert_int_equal(ask_v3(&a, &p, users[0].user, FULL, GET, 0, SYS "1.0").outcome, PLT_SERVE_VERSION); /* not switched on */
    a.usm = &usm;
    asked r = ask_v3(&a, &p, users[0].user, FULL, GET, 0, SYS "1.0");
    assert_int_equal(r.outcome, PLT_SERVE_REPORTED);
    assert_int_equal(r.verdict, PLT_USM_UNKNOWN_ENGINE);
    r = ask_v3(&a, &p, users[0].user, FULL, GET, 0, SYS "1.0");
    assert_int_equal(r.outcome, PLT_SERVE_ANSWERED);
    assert_int_equal(r.verdict, PLT_USM_OK);
    render(r.m.pdu.list, list, sizeof list);
    assert_string_equal(list, "1.1.0='a printer'");
    assert_int_equal(r.m.pdu.request_id, 99);
    engine.boots++; /* it was switched off and on */
    r = ask_v3(&a, &p, users[0].user, FULL, GET, 0, SYS "1.0");
    assert_int_equal(r.outcome, PLT_SERVE_REPORTED);
    assert_int_equal(r.verdict, PLT_USM_NOT_IN_TIME);
    r = ask_v3(&a, &p, users[0].user, FULL, BULK, 3, "1.3");
    render(r.m.pdu.list, list, sizeof list);
    assert_string_equal(list, "1.1.0='a printer' 1.2.0=oid 1.3.0=4294967295");
    r = ask_v3(&a, &p, users[0].user, FULL, NEXT, 0, "1.3.6.1.4.1.1.0");
    render(r.m.pdu.list, list, sizeof list);
    assert_string_equal(list, "1.3.6.1.4.1.1.0=end");
    assert_int_equal(ask_v3(&a, &p, users[0].user, FULL, SET, 0, SYS "1.0").m.pdu.error_status, PLT_SNMP_NO_ACCESS);
    assert_int_equal(ask_v3(&a, &p, users[0].user, PLT_SNMP_AUTH, GET, 0, SYS "1.0").m.pdu.error_status, PLT_SNMP_AUTHORIZATION_ERROR);
    /* A question in the clear from whoever knows the name: refused, and without a value. */
    r = ask_v3(&a, &p, open_reader, 0, GET, 0, SYS "1.0");
    assert_int_equal(r.m.pdu.error_status, PLT_SNMP_AUTHORIZATION_ERROR);
    render(r.m.pdu.list, list, sizeof list);
    assert_string_equal(list, "1.1.0=null");
    plt_usm_peer other = p;
    assert_true(plt_usm_localize(wrong, plt_octets_make(engine.id, engine.id_size), &other.keys));
    assert_int_equal(ask_v3(&a, &other, wrong, FULL, GET, 0, SYS "1.0").verdict, PLT_USM_WRONG_DIGEST);
    other = p;
    assert_int_equal(ask_v3(&a, &other, nobody, FULL, GET, 0, SYS "1.0").verdict, PLT_USM_UNKNOWN_USER);
    a.reply_max = 262;
    r = ask_v3(&a, &p, users[0].user, FULL, GET, 0, SYS "1.0");
    assert_int_equal(r.m.pdu.error_status, PLT_SNMP_TOO_BIG);
    a.reply_max = 250;
    assert_int_equal(ask_v3(&a, &p, users[0].user, FULL, GET, 0, SYS "1.0").outcome, PLT_SERVE_TOO_BIG);
    plt_usm_user_free(users[0].user);
    plt_usm_user_free(wrong);
    plt_usm_user_free(nobody);
    plt_usm_user_free(open_reader);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(each_rule), cmocka_unit_test(who_gets_no_answer), cmocka_unit_test(limits),
                                       cmocka_unit_test(many_names_and_repetitions), cmocka_unit_test(version_3)};
    return cmocka_run_group_tests(tests, setup, NULL);
}
