/* SPDX-License-Identifier: Apache-2.0 */
/* The agent: whatever comes in, a reply is within its limit, reads well, and belongs to the request. Odd input lengths meet a small limit. */
#include <string.h>

#include "core/device/mib.h"
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

/* A user without keys, so that what comes in unprotected gets as far as a question. */
static plt_usm_user *the_user(void)
{
    static plt_usm_user *u;
    char why[128];
    plt_usm_account account = {.name = "reader"};
    if (!u) EXPECT(plt_usm_user_create(&u, &account, why, sizeof why) == PLT_OK);
    return u;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static uint8_t room[PLT_SERVE_ROOM], request[1u << 16];
    static const plt_octets public = {(const uint8_t *)"public", 6};
    static uint64_t salt;
    plt_usm_engine engine = {.id = {0x80, 0, 0, 11, 3, 1}, .id_size = 6, .boots = 1};
    plt_usm_entry user = {.user = the_user()};
    plt_mib_view view = {the_mib(), value_of, NULL, 0};
    plt_serve_usm usm = {&plt_usm_answering, &engine, &user, 1, 0, 1000, &salt};
    plt_serve_agent a = {&plt_mib_serve, &view, &public, 1, &usm, PLT_SERVE_V1 | PLT_SERVE_V2C, 1000, size & 1 ? 300 : PLT_SNMP_PACKET};
    plt_snmp_message in, out;
    plt_snmp_var v;
    plt_octets reply;
    if (size > sizeof request) return 0;
    if (size) memcpy(request, data, size);
    plt_serve_outcome o = plt_serve(&a, request, size, room, sizeof room, &reply);
    EXPECT((o == PLT_SERVE_ANSWERED || o == PLT_SERVE_REPORTED) == (reply.n > 0));
    if (!reply.n) return 0;
    EXPECT(reply.n <= a.reply_max && reply.p >= room && reply.p + reply.n <= room + sizeof room);
    if (o == PLT_SERVE_REPORTED) return plt_snmp_read(reply.p, reply.n, &out) == PLT_OK ? 0 : (abort(), 0);
    EXPECT(plt_snmp_read(data, size, &in) == PLT_OK && plt_snmp_read(reply.p, reply.n, &out) == PLT_OK);
    EXPECT(out.version == in.version && out.pdu.kind == PLT_SNMP_RESPONSE && out.pdu.request_id == in.pdu.request_id);
    EXPECT(plt_octets_same(out.community, in.community));
    plt_cursor c = plt_cursor_make(out.pdu.list.p, out.pdu.list.n);
    while (plt_snmp_next(&c, &v)) {
    }
    EXPECT(!c.bad);
    return 0;
}
