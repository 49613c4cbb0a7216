/* SPDX-License-Identifier: Apache-2.0 */
/* What a collecting worker and its service say to each other, and what a collector learned: the first byte says which is read. */
#include <string.h>

#include "tests/fuzz/fuzz.h"
#include "worker/collect_frames.h"

static void turn(const uint8_t *data, size_t size)
{
    plt_cursor c = plt_cursor_make(data, size);
    plt_address from;
    const uint8_t *p;
    size_t n;
    while (plt_take_datagram(&c, &from, &p, &n)) EXPECT(p >= data && p + n <= data + size && (from.family == 4 || from.family == 6));
}

static void found(const uint8_t *data, size_t size)
{
    plt_found f, back;
    plt_buf b;
    if (plt_found_decode(data, size, &f) != PLT_OK) return;
    plt_buf_init(&b, PLT_FRAME_MAX_PAYLOAD * 2);
    plt_found_encode(&f, &b);
    EXPECT(plt_found_decode(b.data, b.len, &back) == PLT_OK && back.json_size == f.json_size);
    plt_buf_free(&b);
}

static void setup(const uint8_t *data, size_t size)
{
    static plt_collect_setup s;
    plt_buf b;
    if (plt_setup_decode(data, size, &s) != PLT_OK) return;
    plt_buf_init(&b, PLT_FRAME_MAX_PAYLOAD);
    EXPECT(plt_setup_encode(&s, &b) == PLT_OK && plt_setup_decode(b.data, b.len, &s) == PLT_OK);
    plt_buf_free(&b);
}

static void done(void *ctx, const plt_collect_result *r)
{
    (void)ctx, (void)r;
}

/* Whatever was learned, a collector asks only its addresses. */
static void learned(const uint8_t *data, size_t size)
{
    static const char *const communities[] = {"public"};
    const plt_collect_options o = {
        .communities = communities, .community_count = 1, .in_flight = 4, .tries = 1, .timeout_ms = 10, .categories = PLT_SCAN_ALL, .done = done};
    plt_collect *c;
    plt_collect_datagram d[8];
    EXPECT(plt_collect_create(&c, &o) == PLT_OK);
    for (uint8_t i = 1; i <= 4; i++) EXPECT(plt_collect_add(c, &(plt_address){.ip = {127, 0, 0, i}, .port = 161, .family = 4}) == PLT_OK);
    plt_collect_learn(c, data, size);
    plt_collect_start(c, PLT_SCAN_METERS);
    for (uint64_t now = 1; now < 2000000 && !plt_collect_finished(c); now += 20000) {
        size_t n = plt_collect_send(c, now, d, 8);
        for (size_t i = 0; i < n; i++) EXPECT(d[i].to.ip[0] == 127 && d[i].to.port == 161 && d[i].n <= 2048);
    }
    EXPECT(plt_collect_finished(c));
    plt_collect_free(c);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static void (*const readers[])(const uint8_t *, size_t) = {turn, found, setup, learned};
    plt_collect_totals t;
    uint64_t memory;
    if (!size) return 0;
    readers[data[0] % 4](data + 1, size - 1);
    plt_totals_decode(data + 1, size - 1, &t, &memory);
    return 0;
}
