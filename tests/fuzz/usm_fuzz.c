/* SPDX-License-Identifier: Apache-2.0 */
/* SNMPv3 messages of strangers, to both sides: without the password nothing is believed, whatever it says. */
#include <string.h>

#include "core/snmp/usm.h"
#include "tests/fuzz/fuzz.h"

static plt_usm_user *user(void)
{
    static plt_usm_user *u;
    char why[200];
    plt_usm_account a = {"reader", PLT_AUTH_SHA256, PLT_PRIV_AES128, "maplesyrup", "maplesyrup", false};
    if (!u) EXPECT(plt_usm_user_create(&u, &a, why, sizeof why) == PLT_OK);
    return u;
}

static void to_the_side_that_asks(uint8_t *copy, size_t n)
{
    plt_snmp_message m;
    plt_usm_peer peer = {.engine = "\x80\0\0\1eng", .engine_size = 7, .boots = 5, .time = 1000, .proven = true}, stranger = {0};
    uint8_t level = PLT_SNMP_AUTH | PLT_SNMP_PRIV;
    EXPECT(plt_usm_hear(&peer, user(), level, copy, n, 0, &m) != PLT_USM_OK);
    EXPECT(peer.boots == 5 && peer.time == 1000 && peer.engine_size == 7);
    EXPECT(plt_usm_hear(&stranger, user(), level, copy, n, 0, &m) != PLT_USM_OK);
    EXPECT(!stranger.proven && stranger.engine_size <= sizeof stranger.engine);
}

static void to_the_side_that_answers(uint8_t *copy, size_t n)
{
    static uint8_t room[PLT_SNMP_HEAD + 600];
    plt_usm_engine e = {.id = "\x80\0\0\1eng", .id_size = 7, .boots = 5};
    plt_usm_entry entry = {.user = user()}, *who;
    plt_snmp_message m, back;
    plt_snmp_out o;
    uint64_t salt = 1;
    if (plt_snmp_read(copy, n, &m) != PLT_OK || m.version != PLT_SNMP_V3) return;
    EXPECT(plt_usm_localize(entry.user, plt_octets_make(e.id, e.id_size), &entry.keys));
    plt_usm_verdict v = plt_usm_accept(&e, &entry, 1, copy, n, 1000, &m, &who);
    if (v == PLT_USM_OK) EXPECT(!(m.v3.flags & (PLT_SNMP_AUTH | PLT_SNMP_PRIV)));
    plt_snmp_begin(&o, room, sizeof room);
    size_t report = plt_usm_report(&e, v, who, &m, 1000, &salt, &o);
    EXPECT(!report || (plt_snmp_read(o.p, report, &back) == PLT_OK && back.pdu.kind == PLT_SNMP_REPORT));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static uint8_t copy[4096];
    if (size > sizeof copy) return 0;
    if (size) memcpy(copy, data, size);
    to_the_side_that_asks(copy, size);
    if (size) memcpy(copy, data, size);
    to_the_side_that_answers(copy, size);
    return 0;
}
