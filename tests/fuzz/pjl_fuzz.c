/* SPDX-License-Identifier: Apache-2.0 */
/* Replies of printers: every reader over every reply; and the checker of requests, which must never let a command of change pass. */
#include <string.h>

#include "core/device/read.h"
#include "core/pjl/pml.h"
#include "core/pjl/reply.h"
#include "core/pjl/request.h"
#include "core/util/text.h"
#include "tests/fuzz/fuzz.h"

static void read_block(const plt_pjl_block *b, const uint8_t *data, size_t size)
{
    static const uint8_t oid[] = {3, 3, 2, 1, 3, 1};
    const char *end = (const char *)data + size;
    uint8_t scratch[128], type;
    const uint8_t *value;
    size_t len;
    uint64_t pages;
    char text[48];
    plt_pjl_status status;
    plt_pjl_pair pair;
    plt_device d;
    EXPECT(b->head >= (const char *)data && b->head + b->head_len <= end);
    EXPECT(b->body >= b->head && b->body + b->body_len <= end);
    plt_pjl_is_info(b, PLT_PJL_ID);
    plt_pjl_read_pagecount(b, &pages);
    if (plt_pjl_read_id(b, text, sizeof text) == PLT_PJL_ANSWERED) EXPECT(plt_utf8_valid(text, strlen(text)));
    if (plt_pjl_read_status(b, &status) == PLT_PJL_ANSWERED) EXPECT(status.codes >= 1 && status.codes <= PLT_PJL_CODES_MAX);
    for (size_t at = 0, before = 0; plt_pjl_next_pair(b, &at, &pair); before = at) {
        EXPECT(at > before && at <= b->body_len);
        EXPECT(plt_utf8_valid(pair.name, strlen(pair.name)) && plt_utf8_valid(pair.value, strlen(pair.value)));
    }
    plt_device_init(&d, 4096);
    plt_read_pjl(&d, b, 1000);
    EXPECT(d.status == PLT_OK || d.status == PLT_FULL);
    plt_device_free(&d);
    if (plt_pjl_read_pml(b, oid, sizeof oid, scratch, sizeof scratch, &type, &value, &len) != PLT_PJL_ANSWERED || !value) return;
    int64_t n;
    EXPECT(value >= scratch && value + len <= scratch + sizeof scratch);
    plt_pml_integer(type, value, len, &n);
    plt_pml_string(type, value, len, text, sizeof text);
}

/* An allowed request, looked at line by line with other eyes. */
static void look_at_request(const char *p, size_t size)
{
    for (size_t i = 0; i < size; i++) EXPECT((unsigned char)p[i] < 0x7F && (p[i] >= ' ' || p[i] == '\r' || p[i] == '\n' || p[i] == 0x1B));
    for (size_t i = 0; i + 8 < size; i++) {
        EXPECT(memcmp(p + i, "@PJL SET", 8) != 0);
        EXPECT(memcmp(p + i, "@PJL DEF", 8) != 0);
        EXPECT(memcmp(p + i, "@PJL ENT", 8) != 0);
        EXPECT(memcmp(p + i, "@PJL FS", 7) != 0);
        EXPECT(memcmp(p + i, "@PJL RES", 8) != 0);
        EXPECT(memcmp(p + i, "HEX=\"04", 7) != 0);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    plt_pjl_block b;
    plt_pml_reply r;
    size_t at = 0, before = 0;
    while (plt_pjl_next(data, size, &at, &b)) {
        EXPECT(at > before && at <= size);
        before = at;
        read_block(&b, data, size);
    }
    plt_pjl_find_echo(data, size, 7, &at);
    plt_pml_parse(data, size, &r);
    if (plt_pjl_allowed(data, size)) look_at_request((const char *)data, size);
    return 0;
}
