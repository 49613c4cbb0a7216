/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/unit/core/collect_world.h"

#include <string.h>

#include "tests/unit/test.h"

world w;

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

void done(void *ctx, const plt_collect_result *r)
{
    (void)ctx;
    w.result = *r;
    w.results++;
    assert_true(r->list.n <= sizeof w.list);
    if (r->list.n) memcpy(w.list, r->list.p, r->list.n);
    w.result.list = plt_octets_make(w.list, r->list.n);
}

void run_world(void)
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

void open_world(fault f, const plt_collect_options *more)
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

void close_world(void)
{
    plt_collect_free(w.c);
}
