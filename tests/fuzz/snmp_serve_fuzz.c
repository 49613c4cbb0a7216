/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The agent: whatever comes in, a reply is within its limit, reads well, and belongs to the request. Odd input lengths meet a small limit. Each input
 * comes twice: as a datagram, and as what somebody with the right keys has sealed into one.
 */
#include <string.h>

#include "core/device/mib.h"
#include "core/snmp/usm_kept.h"
#include "tests/fuzz/fuzz.h"

static bool value_of(void *arg, const plt_mib_object *o, plt_serve_value *out, uint8_t text[PLT_SERVE_TEXT])
{
    (void)arg;
    memset(text, 'x', PLT_SERVE_TEXT);
    *out = (plt_serve_value){(plt_snmp_type)o->type, o->row - 3, (uint64_t)o->row << 30, plt_octets_make(text, o->column)};
    if (o->type == PLT_SNMP_OID) out->octets = PLT_OID("\x2B\x06");
    return o->column != PLT_MIB_PRT_RESET;
}

static const plt_mib *the_mib(void)
{
    static plt_mib_object room[600];
    static plt_mib m;
    plt_mib_rows rows = {{0}, {NULL}};
    if (m.count) return &m;
    for (int t = 0; t < PLT_MIB_TABLES; t++) rows.count[t] = 3;
    plt_mib_init(&m, room, sizeof room / sizeof room[0]);
    plt_mib_add_machine(&m, &rows);
    plt_mib_add_printer(&m, 0, &rows);
    plt_mib_end(&m, value_of, NULL);
    return &m;
}

enum { FULL = PLT_SNMP_AUTH | PLT_SNMP_PRIV, USERS = 3 };
static plt_usm_kept kept;
static plt_usm_entry users[USERS];

/* A user without keys, so that what comes in unprotected gets as far as a question, and two by whose keys the harness itself seals. */
static void the_users(void)
{
    static const struct {
        plt_usm_account account;
        uint8_t least;
    } rows[USERS] = {
        {{.name = "reader"}, 0},
        {{"aes", PLT_AUTH_SHA256, PLT_PRIV_AES128, "maplesyrup", "maplesyrup", false}, PLT_SNMP_AUTH},
        {{"des", PLT_AUTH_MD5, PLT_PRIV_DES, "maplesyrup", "maplesyrup", true}, FULL},
    };
    char why[160];
    if (kept.count) return;
    kept = (plt_usm_kept){.engine = {0x80, 0, 0, 11, 3, 1}, .engine_size = 6};
    for (size_t i = 0; i < USERS; i++) EXPECT(plt_usm_keep(&kept, &rows[i].account, rows[i].least, why, sizeof why) == PLT_OK);
    EXPECT(plt_usm_kept_open(&kept, users, why, sizeof why) == PLT_OK);
}

static plt_serve_outcome serve(uint8_t *request, size_t size, size_t reply_max, plt_octets *reply)
{
    static uint8_t room[PLT_SERVE_ROOM];
    static const plt_octets public = {(const uint8_t *)"public", 6};
    static uint64_t salt;
    plt_usm_engine engine = {.id = {0x80, 0, 0, 11, 3, 1}, .id_size = 6, .boots = 1};
    plt_mib_view view = {the_mib(), value_of, NULL, 0};
    plt_serve_usm usm = {&plt_usm_answering, &engine, users, USERS, 1000, &salt};
    plt_serve_agent a = {&plt_mib_serve, &view, &public, 1, &usm, PLT_SERVE_V1 | PLT_SERVE_V2C, 1000, reply_max};
    plt_serve_outcome o = plt_serve(&a, request, size, room, sizeof room, reply);
    EXPECT((o == PLT_SERVE_ANSWERED || o == PLT_SERVE_REPORTED) == (reply->n > 0));
    EXPECT(!reply->n || (reply->n <= reply_max && reply->p >= room && reply->p + reply->n <= room + sizeof room));
    return o;
}

/* A list that reads well, for the right request. */
static void check_answer(const plt_snmp_message *in, const plt_snmp_message *out)
{
    plt_snmp_var v;
    EXPECT(out->version == in->version && out->pdu.kind == PLT_SNMP_RESPONSE && out->pdu.request_id == in->pdu.request_id);
    plt_cursor c = plt_cursor_make(out->pdu.list.p, out->pdu.list.n);
    while (plt_snmp_next(&c, &v)) {
    }
    EXPECT(!c.bad);
}

static void as_it_comes(const uint8_t *data, size_t size)
{
    static uint8_t request[1u << 16];
    plt_snmp_message in, out;
    plt_octets reply;
    if (size > sizeof request) return;
    if (size) memcpy(request, data, size);
    plt_serve_outcome o = serve(request, size, size & 1 ? 300 : PLT_SNMP_PACKET, &reply);
    if (!reply.n) return;
    EXPECT(plt_snmp_read(reply.p, reply.n, &out) == PLT_OK);
    if (o == PLT_SERVE_REPORTED) return;
    EXPECT(plt_snmp_read(data, size, &in) == PLT_OK && plt_octets_same(out.community, in.community));
    check_answer(&in, &out);
}

/* Sealed by one who has the keys: the first octets choose the user and what the header says, the others are the scoped PDU. So what lies behind the
 * digest and the cipher is reached. */
static void sealed(const uint8_t *data, size_t size)
{
    static uint8_t buffer[PLT_SNMP_HEAD + 4096], copy[PLT_SNMP_PACKET], plain[4096];
    static uint64_t salt;
    plt_snmp_message in, out;
    plt_snmp_out o;
    plt_octets reply;
    if (size < 4 || size > 4000) return;
    plt_usm_entry *u = &users[data[0] % USERS];
    uint8_t level = plt_usm_user_level(u->user) & (data[0] & 4 ? FULL : data[0] & 8 ? PLT_SNMP_AUTH : 0);
    plt_snmp_v3 v = {
        .id = data[1], .max_size = 480 + data[2] * 8, .flags = level | (data[0] & 16 ? 0 : PLT_SNMP_REPORTABLE), .boots = 1 + (data[3] == 1)};
    v.time = 1000 + (data[3] & 0x80 ? data[3] : 0);
    v.engine = plt_octets_make(kept.engine, kept.engine_size - (data[3] == 2));
    plt_snmp_begin(&o, buffer, sizeof buffer);
    memcpy(o.q, data + 4, size - 4);
    o.q += size - 4;
    memset(plain, 0, sizeof plain);
    memcpy(plain, data + 4, size - 4);
    /* DES pads with zeros, and so may make a whole one of one that was cut. */
    bool is_plain = plt_snmp_read_scoped(plain, level & PLT_SNMP_PRIV ? (size - 4 + 7) / 8 * 8 : size - 4, &in) == PLT_OK;
    if (!plt_usm_seal(u->user, &u->keys, &v, &salt, &o)) return;
    plt_serve_outcome how = serve(o.p, plt_snmp_size(&o), PLT_SNMP_PACKET, &reply);
    if (!reply.n) return;
    EXPECT(reply.n <= (size_t)v.max_size);
    memcpy(copy, reply.p, reply.n);
    EXPECT(plt_snmp_read(copy, reply.n, &out) == PLT_OK && out.v3.id == v.id);
    EXPECT(plt_usm_unseal(u->user, &u->keys, copy, reply.n, &out) == PLT_USM_OK);
    if (how == PLT_SERVE_REPORTED) {
        EXPECT(out.pdu.kind == PLT_SNMP_REPORT);
        return;
    }
    in.version = PLT_SNMP_V3;
    EXPECT(is_plain && out.v3.flags == level);
    check_answer(&in, &out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    the_users();
    as_it_comes(data, size);
    sealed(data, size);
    return 0;
}
