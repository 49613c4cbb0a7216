/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The collector against a printer whose answers are the input: each a byte of how, two of length, and the variables as they come. Whatever
 * they are, the scan ends, within its limits; what was kept can be walked; and the reader makes a device of it.
 */
#include <string.h>

#include "core/collect/reader.h"
#include "tests/fuzz/fuzz.h"

#define MS 1000ull

typedef struct world {
    plt_cursor input;
    uint64_t now;
    unsigned results, asked;
} world;

static void done(void *ctx, const plt_collect_result *r)
{
    world *w = ctx;
    uint32_t index[PLT_PRINTERS_MOST];
    plt_device d;
    w->results++;
    plt_cursor list = plt_cursor_make(r->list.p, r->list.n);
    for (plt_snmp_var v; plt_snmp_next(&list, &v);) EXPECT(plt_oid_valid(v.name));
    EXPECT(!list.bad);
    size_t n = plt_reader_printers(r->list, index);
    for (size_t i = 0; i <= n; i++) {
        plt_device_init(&d, 0);
        plt_reader_device(r, i < n ? index[i] : 0, PLT_SCAN_ALL, 1700000000000, &d);
        EXPECT(d.status == PLT_OK || d.status == PLT_FULL);
        plt_device_free(&d);
    }
}

static void walked(void *ctx, const plt_address *from, plt_octets variables)
{
    (void)ctx, (void)from;
    plt_cursor list = plt_cursor_make(variables.p, variables.n);
    for (plt_snmp_var v; plt_snmp_next(&list, &v);) EXPECT(plt_oid_valid(v.name));
    EXPECT(!list.bad);
}

/* The next answer of the input to this question, if there is one. */
static void answer(plt_collect *c, world *w, const plt_collect_datagram *d)
{
    static uint8_t room[PLT_SNMP_HEAD + 4096];
    plt_snmp_message q;
    plt_snmp_out o;
    EXPECT(plt_snmp_read(d->data, d->n, &q) == PLT_OK);
    uint8_t how = plt_cursor_u8(&w->input);
    size_t n = plt_cursor_be16(&w->input) % 2048;
    if (n > plt_cursor_left(&w->input)) n = plt_cursor_left(&w->input);
    const uint8_t *list = plt_cursor_take(&w->input, n);
    if (!list || how & 0x80) return;
    plt_snmp_begin(&o, room, sizeof room);
    plt_snmp_put_list(&o, how & 0x40 ? q.pdu.list : plt_octets_make(list, n));
    plt_snmp_pdu pdu = {
        .kind = PLT_SNMP_RESPONSE, .request_id = q.pdu.request_id, .error_status = how & 0x20 ? how & 7 : 0, .error_index = how >> 3 & 3};
    plt_snmp_close_pdu(&o, &pdu);
    plt_snmp_close(&o, q.version, q.community);
    if (plt_snmp_size(&o)) plt_collect_receive(c, w->now, &d->to, o.p, plt_snmp_size(&o));
}

static void scan(plt_collect *c, world *w)
{
    while (!plt_collect_finished(c)) {
        plt_collect_datagram out[4];
        size_t n = plt_collect_send(c, w->now, out, 4);
        for (size_t i = 0; i < n; i++) answer(c, w, &out[i]);
        w->asked += (unsigned)n;
        EXPECT(w->asked < 130000);
        uint64_t next = plt_collect_deadline(c, w->now);
        EXPECT(next != UINT64_MAX || plt_collect_finished(c));
        w->now = next > w->now && next != UINT64_MAX ? next : w->now;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const communities[] = {"public"};
    static plt_collect *collectors[2]; /* a walk, and not; made once: they are large */
    static world w;
    if (size == 0) return 0;
    for (int i = 0; i < 2; i++) {
        if (collectors[i]) continue;
        plt_collect_options o = {.communities = communities,
                                 .community_count = 1,
                                 .in_flight = 4,
                                 .tries = 2,
                                 .timeout_ms = 100,
                                 .walk = i == 1,
                                 .categories = PLT_SCAN_ALL,
                                 .ctx = &w,
                                 .done = done,
                                 .walked = walked};
        plt_address a = {.ip = {192, 0, 2, 7}, .port = 161, .family = 4};
        EXPECT(plt_collect_create(&collectors[i], &o) == PLT_OK && plt_collect_add(collectors[i], &a) == PLT_OK);
    }
    plt_collect *c = collectors[data[0] & 1];
    w = (world){.input = plt_cursor_make(data + 1, size - 1), .now = 1000000};
    for (int i = 0; i < 2; i++) { /* the second time perhaps by what was learned */
        plt_collect_start(c, PLT_SCAN_ALL);
        scan(c, &w);
    }
    EXPECT(w.results == 2);
    return 0;
}
