/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The collector against peers that are scripted: a printer that does all right, and one for each way of doing it wrong. Time is a number
 * here: minutes of waiting take no time.
 */
#include "tests/unit/test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/collect/reader.h"
#include "core/device/meter.h"

#define COUNT(a) (sizeof(a) / sizeof *(a))
#define MS 1000ull

typedef struct object {
    const char *name;
    plt_snmp_type type;
    const char *text; /* of strings and OIDs */
    int64_t n;
} object;

/* A printer with two supplies, two trays and an alert; of a maker with private counters. In the order of a walk. */
static const object printer[] = {
    {"1.3.6.1.2.1.1.1.0", PLT_SNMP_STRING, "Example LaserWriter\0", 0},
    {"1.3.6.1.2.1.1.2.0", PLT_SNMP_OID, "1.3.6.1.4.1.641.2.71", 0},
    {"1.3.6.1.2.1.1.3.0", PLT_SNMP_TIMETICKS, NULL, 360000},
    {"1.3.6.1.2.1.1.4.0", PLT_SNMP_STRING, "it@example.org", 0},
    {"1.3.6.1.2.1.1.5.0", PLT_SNMP_STRING, "lw-1", 0},
    {"1.3.6.1.2.1.1.6.0", PLT_SNMP_STRING, "B\xFCro 7", 0}, /* Latin-1 */
    {"1.3.6.1.2.1.2.2.1.6.1", PLT_SNMP_STRING, "", 0},
    {"1.3.6.1.2.1.2.2.1.6.2", PLT_SNMP_STRING, "\x02\x11\x22\x33\x44\x55", 0},
    {"1.3.6.1.2.1.25.3.2.1.3.1", PLT_SNMP_STRING, "Example LW 100", 0},
    {"1.3.6.1.2.1.25.3.2.1.5.1", PLT_SNMP_INTEGER, NULL, 3},
    {"1.3.6.1.2.1.25.3.5.1.1.1", PLT_SNMP_INTEGER, NULL, 3},
    {"1.3.6.1.2.1.25.3.5.1.2.1", PLT_SNMP_STRING, "\x20", 0},
    {"1.3.6.1.2.1.43.5.1.1.1.1", PLT_SNMP_COUNTER32, NULL, 7},
    {"1.3.6.1.2.1.43.5.1.1.16.1", PLT_SNMP_STRING, "LW", 0},
    {"1.3.6.1.2.1.43.5.1.1.17.1", PLT_SNMP_STRING, "SN12345", 0},
    {"1.3.6.1.2.1.43.8.2.1.9.1.1", PLT_SNMP_INTEGER, NULL, 250},
    {"1.3.6.1.2.1.43.8.2.1.9.1.2", PLT_SNMP_INTEGER, NULL, 500},
    {"1.3.6.1.2.1.43.8.2.1.10.1.1", PLT_SNMP_INTEGER, NULL, -3},
    {"1.3.6.1.2.1.43.8.2.1.10.1.2", PLT_SNMP_INTEGER, NULL, 120},
    {"1.3.6.1.2.1.43.8.2.1.13.1.1", PLT_SNMP_STRING, "Tray 1", 0},
    {"1.3.6.1.2.1.43.8.2.1.13.1.2", PLT_SNMP_STRING, "Tray 2", 0},
    {"1.3.6.1.2.1.43.10.2.1.3.1.1", PLT_SNMP_INTEGER, NULL, 7},
    {"1.3.6.1.2.1.43.10.2.1.4.1.1", PLT_SNMP_COUNTER32, NULL, 4711},
    {"1.3.6.1.2.1.43.11.1.1.3.1.1", PLT_SNMP_INTEGER, NULL, 1},
    {"1.3.6.1.2.1.43.11.1.1.3.1.2", PLT_SNMP_INTEGER, NULL, 0},
    {"1.3.6.1.2.1.43.11.1.1.6.1.1", PLT_SNMP_STRING, "Black cartridge", 0},
    {"1.3.6.1.2.1.43.11.1.1.6.1.2", PLT_SNMP_STRING, "Drum", 0},
    {"1.3.6.1.2.1.43.11.1.1.8.1.1", PLT_SNMP_INTEGER, NULL, 100},
    {"1.3.6.1.2.1.43.11.1.1.8.1.2", PLT_SNMP_INTEGER, NULL, -2},
    {"1.3.6.1.2.1.43.11.1.1.9.1.1", PLT_SNMP_INTEGER, NULL, 42},
    {"1.3.6.1.2.1.43.11.1.1.9.1.2", PLT_SNMP_INTEGER, NULL, -3},
    {"1.3.6.1.2.1.43.12.1.1.4.1.1", PLT_SNMP_STRING, "black", 0},
    {"1.3.6.1.2.1.43.16.5.1.2.1.1", PLT_SNMP_STRING, "Ready  ", 0},
    {"1.3.6.1.2.1.43.18.1.1.2.1.5", PLT_SNMP_INTEGER, NULL, 4},
    {"1.3.6.1.2.1.43.18.1.1.8.1.5", PLT_SNMP_STRING, "Toner low", 0},
    {"1.3.6.1.2.1.43.18.1.1.9.1.5", PLT_SNMP_TIMETICKS, NULL, 300000},
    {"1.3.6.1.4.1.641.2.1.5.1.0", PLT_SNMP_COUNTER32, NULL, 9999},
    {"1.3.6.1.4.1.641.2.1.5.2.0", PLT_SNMP_COUNTER32, NULL, 4000},
    {"1.3.6.1.4.1.641.2.1.5.3.0", PLT_SNMP_COUNTER32, NULL, 711},
};

static const object server[] = {
    {"1.3.6.1.2.1.1.1.0", PLT_SNMP_STRING, "a server", 0},
    {"1.3.6.1.2.1.1.2.0", PLT_SNMP_OID, "1.3.6.1.4.1.8072.3.2.10", 0},
    {"1.3.6.1.2.1.25.1.1.0", PLT_SNMP_TIMETICKS, NULL, 360000},
};

typedef enum fault {
    RIGHT,
    SILENT,
    V1_ONLY,
    NO_BULK,         /* does not answer GETBULK */
    BULK_GENERR,     /* answers genErr to it */
    SMALL_SILENT,    /* does not answer where the answer would be longer than 484 octets, the least that RFC 3417 asks for */
    SMALL_TOO_BIG,   /* says tooBig from 200 on */
    SMALL_CUT,       /* cuts the datagram at 484 */
    FEWER_VARIABLES, /* GETBULK: gives 7 variables at most */
    NO_VARIABLES,    /* GETBULK: gives none */
    SAME_NAME,       /* a walk stands still */
    BACKWARDS,       /* a walk goes back */
    ENDLESS,         /* a table has no end */
    GENERR_ONE,      /* cannot read one column */
    WRONG_ID,
    WRONG_COMMUNITY,
    WRONG_VERSION,
    OTHER_PORT,
    OTHER_ADDRESS,
    GARBAGE,
    THRICE, /* each answer three times */
    LATE,   /* each answer after 1.5 s */
    LOSSY,  /* every fourth answer is lost */
    DIES,   /* after the third answer */
    A_SERVER,
    A_REQUEST, /* sends the question back */
} fault;

typedef struct world {
    plt_collect *c;
    fault fault;
    const object *objects;
    size_t object_count;
    uint64_t now;
    unsigned asked, answered, under_way, most_under_way;
    struct {
        uint64_t at;
        plt_address from;
        uint8_t bytes[PLT_COLLECT_DATAGRAM];
        size_t n;
    } coming[64];
    size_t coming_count;
    plt_collect_result result;
    unsigned results;
    uint8_t list[65536];
    uint64_t serial_change;
} world;

static world w;

static bool encoded(const object *o, plt_octets *name, plt_octets *value, uint8_t room[2][PLT_OID_SIZE])
{
    *name = plt_octets_make(room[0], plt_oid_parse(o->name, room[0], PLT_OID_SIZE));
    if (o->type == PLT_SNMP_OID)
        *value = plt_octets_make(room[1], plt_oid_parse(o->text, room[1], PLT_OID_SIZE));
    else if (o->text)
        *value = plt_octets_make(o->text, strlen(o->text));
    return name->n > 0;
}

static void put_object(plt_snmp_out *out, const object *o, plt_octets as)
{
    uint8_t room[2][PLT_OID_SIZE];
    plt_octets name, value = {NULL, 0};
    encoded(o, &name, &value, room);
    if (as.n) name = as;
    if (o->type == PLT_SNMP_INTEGER)
        plt_snmp_put_signed(out, name, (int32_t)o->n);
    else if (o->text)
        plt_snmp_put(out, name, o->type, value);
    else
        plt_snmp_put_unsigned(out, name, o->type, (uint64_t)o->n + (strstr(o->name, "43.5.1.1.1.") ? w.serial_change : 0));
}

/* The object with this name, or the next one behind it. */
static const object *find(plt_octets name, bool next)
{
    for (size_t i = 0; i < w.object_count; i++) {
        uint8_t room[2][PLT_OID_SIZE];
        plt_octets here, value;
        encoded(&w.objects[i], &here, &value, room);
        int c = plt_oid_compare(here, name);
        if (next ? c > 0 : c == 0) return &w.objects[i];
    }
    return NULL;
}

/* One variable of an answer; gives the name to go on from. */
static plt_octets put_next(plt_snmp_out *out, plt_octets name, bool next, bool v1, uint8_t room[PLT_OID_SIZE], int *error)
{
    static const plt_octets supply = {(const uint8_t *)"\x2B\x06\x01\x02\x01\x2B\x0B\x01\x01\x06", 10};
    const object *o = find(name, next);
    plt_octets as = {NULL, 0};
    if (o && w.fault == SAME_NAME && plt_oid_below(name, supply) && name.n > supply.n) {
        put_object(out, o, name);
        return name;
    }
    if (o && w.fault == BACKWARDS && plt_oid_below(name, supply) && name.n > supply.n && name.p[name.n - 1] == 2) {
        memcpy(room, name.p, name.n);
        room[name.n - 1] = 1;
        put_object(out, o, plt_octets_make(room, name.n));
        return plt_octets_make(room, name.n);
    }
    if (next && w.fault == ENDLESS && plt_oid_below(name, supply)) { /* a row for each number there is */
        uint32_t id = 0;
        size_t n = name.n > supply.n + 1 ? supply.n + 1 : supply.n;
        memcpy(room, name.p, n);
        if (n == supply.n) n = plt_oid_add(room, n, PLT_OID_SIZE, 1);
        plt_octets tail = {name.p + n, name.n - n};
        if (name.n > n) plt_oid_take(&tail, &id);
        as = plt_octets_make(room, plt_oid_add(room, n, PLT_OID_SIZE, id + 1));
        put_object(out, find(supply, true), as);
        return as;
    }
    if (!o) {
        *error = v1 ? PLT_SNMP_NO_SUCH_NAME : 0;
        plt_snmp_put(out, name, next ? PLT_SNMP_END_OF_VIEW : PLT_SNMP_NO_INSTANCE, plt_octets_make("", 0));
        return name;
    }
    if (w.fault == GENERR_ONE && strstr(o->name, "43.11.1.1.8.")) *error = PLT_SNMP_GEN_ERR;
    put_object(out, o, as);
    plt_octets value;
    uint8_t spare[2][PLT_OID_SIZE];
    plt_octets here;
    encoded(o, &here, &value, spare);
    memcpy(room, here.p, here.n);
    return plt_octets_make(room, here.n);
}

#define NAMES_MOST 64

static void answer_list(plt_snmp_out *out, const plt_snmp_message *q, plt_snmp_pdu *pdu)
{
    static uint8_t rooms[NAMES_MOST][PLT_OID_SIZE];
    plt_octets names[NAMES_MOST];
    size_t n = 0, put = 0;
    bool bulk = q->pdu.kind == PLT_SNMP_GETBULK, next = bulk || q->pdu.kind == PLT_SNMP_GETNEXT;
    plt_cursor list = plt_cursor_make(q->pdu.list.p, q->pdu.list.n);
    for (plt_snmp_var v; n < NAMES_MOST && plt_snmp_next(&list, &v); n++) names[n] = v.name;
    for (int32_t r = 0; r < (bulk ? q->pdu.error_index : 1); r++) {
        for (size_t i = 0; i < n; i++) {
            int error = 0;
            const uint8_t *mark = out->q;
            if (w.fault == FEWER_VARIABLES && bulk && put == 7) return;
            names[i] = put_next(out, names[i], next, q->version == PLT_SNMP_V1, rooms[i], &error);
            if (out->full && bulk) {
                plt_snmp_rewind(out, mark);
                return;
            }
            put++;
            if (error && !pdu->error_status) {
                pdu->error_status = error;
                pdu->error_index = (int32_t)i + 1;
            }
        }
    }
}

static void later(const plt_address *from, const uint8_t *bytes, size_t n, uint64_t at)
{
    if (w.coming_count == COUNT(w.coming) || n > sizeof w.coming[0].bytes) return;
    w.coming[w.coming_count].at = at;
    w.coming[w.coming_count].from = *from;
    w.coming[w.coming_count].n = n;
    memcpy(w.coming[w.coming_count++].bytes, bytes, n);
}

static bool keeps_silent(const plt_snmp_message *q)
{
    switch (w.fault) {
    case SILENT: return true;
    case V1_ONLY: return q->version != PLT_SNMP_V1;
    case NO_BULK: return q->pdu.kind == PLT_SNMP_GETBULK;
    case LOSSY: return w.asked % 4 == 0;
    case DIES: return w.answered >= 3;
    default: return false;
    }
}

static size_t make_answer(const plt_snmp_message *q, plt_snmp_out *o, uint8_t *room, size_t cap)
{
    plt_snmp_pdu pdu = {.kind = PLT_SNMP_RESPONSE, .request_id = q->pdu.request_id};
    plt_octets community = q->community;
    int32_t version = q->version;
    plt_snmp_begin(o, room, cap);
    if (w.fault == BULK_GENERR && q->pdu.kind == PLT_SNMP_GETBULK)
        pdu.error_status = PLT_SNMP_GEN_ERR;
    else if (w.fault != NO_VARIABLES || q->pdu.kind != PLT_SNMP_GETBULK)
        answer_list(o, q, &pdu);
    if (w.fault == SMALL_TOO_BIG && o->q - o->p > 200) {
        plt_snmp_begin(o, room, cap);
        pdu.error_status = PLT_SNMP_TOO_BIG;
        pdu.error_index = 0;
    }
    if (pdu.error_status == PLT_SNMP_GEN_ERR || pdu.error_status == PLT_SNMP_NO_SUCH_NAME) { /* with the question's variables */
        plt_snmp_begin(o, room, cap);
        plt_snmp_put_list(o, q->pdu.list);
    }
    if (w.fault == WRONG_ID) pdu.request_id ^= 1 << 20;
    if (w.fault == WRONG_COMMUNITY) community = plt_octets_make("private", 7);
    if (w.fault == WRONG_VERSION) version = q->version == PLT_SNMP_V1 ? PLT_SNMP_V2C : PLT_SNMP_V1;
    if (w.fault == A_REQUEST) pdu.kind = q->pdu.kind;
    plt_snmp_close_pdu(o, &pdu);
    plt_snmp_close(o, version, community);
    return plt_snmp_size(o);
}

/* What the peer does with a question. */
static void peer(const plt_collect_datagram *d)
{
    static uint8_t room[PLT_SNMP_HEAD + 1400];
    plt_snmp_message q;
    plt_snmp_out o;
    plt_address from = d->to;
    w.asked++;
    assert_int_equal(plt_snmp_read(d->data, d->n, &q), PLT_OK);
    assert_true(q.pdu.kind != PLT_SNMP_SET);
    if (keeps_silent(&q)) return;
    size_t n = make_answer(&q, &o, room, sizeof room);
    assert_true(n > 0);
    if (w.fault == SMALL_SILENT && n > 484) return;
    if (w.fault == SMALL_CUT && n > 484) n = 484;
    if (w.fault == GARBAGE) memset(o.p + 2, 0x30, n - 2);
    if (w.fault == OTHER_PORT) from.port = 40000;
    if (w.fault == OTHER_ADDRESS) from.ip[3]++;
    w.answered++;
    uint64_t at = w.now + (w.fault == LATE ? 1500 * MS : 5 * MS);
    for (int i = 0; i < (w.fault == THRICE ? 3 : 1); i++) later(&from, o.p, n, at);
}

static void done(void *ctx, const plt_collect_result *r)
{
    (void)ctx;
    w.result = *r;
    w.results++;
    assert_true(r->list.n <= sizeof w.list);
    if (r->list.n) memcpy(w.list, r->list.p, r->list.n);
    w.result.list = plt_octets_make(w.list, r->list.n);
}

static void run_world(void)
{
    uint64_t end = w.now + 600000 * MS;
    while (!plt_collect_finished(w.c)) {
        plt_collect_datagram out[16];
        size_t n = plt_collect_send(w.c, w.now, out, COUNT(out));
        for (size_t i = 0; i < n; i++) peer(&out[i]);
        uint64_t next = n ? w.now : plt_collect_deadline(w.c, w.now);
        for (size_t i = 0; i < w.coming_count; i++)
            if (w.coming[i].at < next) next = w.coming[i].at;
        if (plt_collect_finished(w.c)) break;
        if (next == UINT64_MAX || next > end) fail_msg("the scan does not end");
        w.now = next > w.now ? next : w.now;
        for (size_t i = 0; i < w.coming_count;) {
            if (w.coming[i].at > w.now) {
                i++;
                continue;
            }
            plt_collect_receive(w.c, w.now, &w.coming[i].from, w.coming[i].bytes, w.coming[i].n);
            w.coming[i] = w.coming[--w.coming_count];
        }
    }
}

static void open_world(fault f, const plt_collect_options *more)
{
    static const char *const communities[] = {"public"};
    plt_collect_options o = more ? *more : (plt_collect_options){0};
    memset(&w, 0, sizeof w);
    w.fault = f;
    w.objects = f == A_SERVER ? server : printer;
    w.object_count = f == A_SERVER ? COUNT(server) : COUNT(printer);
    w.now = 1000000;
    o.communities = communities;
    o.community_count = 1;
    o.tries = 3;
    o.timeout_ms = 1000;
    o.categories = o.categories ? o.categories : PLT_SCAN_ALL;
    o.seed[0] = 1234;
    o.seed[1] = 99;
    o.done = done;
    assert_int_equal(plt_collect_create(&w.c, &o), PLT_OK);
    plt_address a = {.ip = {192, 0, 2, 7}, .port = 161, .family = 4};
    assert_int_equal(plt_collect_add(w.c, &a), PLT_OK);
}

static void close_world(void)
{
    plt_collect_free(w.c);
}

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
        {WRONG_ID, "another request", PLT_COLLECT_SILENT, 0, 6, false},
        {WRONG_COMMUNITY, "another community", PLT_COLLECT_SILENT, 0, 6, false},
        {WRONG_VERSION, "another version", PLT_COLLECT_PARTLY, PLT_NOTE_TIMEOUT, 12, false}, /* the first seems to be late */
        {OTHER_PORT, "another port", PLT_COLLECT_READ, 0, 8, true},
        {OTHER_ADDRESS, "another address", PLT_COLLECT_SILENT, PLT_NOTE_ELSEWHERE, 6, false},
        {GARBAGE, "garbage", PLT_COLLECT_SILENT, 0, 6, false},
        {THRICE, "three times", PLT_COLLECT_READ, 0, 8, true},
        {LATE, "late", PLT_COLLECT_READ, 0, 30, true},
        {LOSSY, "lossy", PLT_COLLECT_READ, 0, 40, true},
        {DIES, "dies", PLT_COLLECT_PARTLY, PLT_NOTE_TIMEOUT, 30, false},
        {A_SERVER, "a server", PLT_COLLECT_OTHER, 0, 2, false},
        {A_REQUEST, "a request", PLT_COLLECT_SILENT, 0, 6, false},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        open_world(cases[i].fault, NULL);
        run_world();
        bool right =
            w.results == 1 && w.result.outcome == cases[i].outcome && (w.result.notes & cases[i].notes) == cases[i].notes && w.asked <= cases[i].most;
        if (!right)
            fail_msg("%s: outcome %d, notes %x, %u questions, %u results", cases[i].name, w.result.outcome, (unsigned)w.result.notes, w.asked,
                     w.results);
        if (cases[i].complete) complete_device();
        close_world();
    }
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
            size_t n = plt_usm_report(&e, PLT_USM_UNKNOWN_ENGINE, NULL, &m, 5, &out);
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
        cmocka_unit_test(nothing_to_ask_with),
        cmocka_unit_test(texts_of_printers),
        cmocka_unit_test(each_oid_of_the_plan_is_one),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
