/* SPDX-License-Identifier: Apache-2.0 */
/* Lines of printers' records: whatever they are, what is taken from one can be written, and is read back the same. */
#include <string.h>

#include "core/record/reading.h"
#include "tests/fuzz/fuzz.h"

static void key(void *ctx, const char *text)
{
    size_t *n = ctx;
    EXPECT(*text && strlen(text) < sizeof((plt_reading *)0)->key);
    (*n)++;
}

static void again(const plt_reading *r, const plt_buf *values)
{
    plt_reading back;
    plt_buf body, line, more;
    char why[128];
    plt_buf_init(&body, PLT_RECORD_MAX);
    plt_buf_init(&line, PLT_RECORD_MAX + 1);
    plt_buf_init(&more, PLT_RECORD_MAX);
    if (plt_reading_write(r, values->len ? plt_buf_str(values) : NULL, &body) == PLT_OK &&
        plt_record_wrap("device", "00112233445566778899aabbccddeeff", plt_buf_str(&body), 1, plt_record_no_prev, 1, &line) == PLT_OK) {
        EXPECT(plt_reading_read(plt_buf_str(&line), line.len, &back, &more, why, sizeof why) == PLT_OK);
        EXPECT(!strcmp(back.key, r->key) && !strcmp(back.why, r->why) && back.outcome == r->outcome && back.at == r->at);
        EXPECT(back.full == r->full);
    }
    plt_buf_free(&body);
    plt_buf_free(&line);
    plt_buf_free(&more);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    plt_reading r;
    plt_buf values;
    char why[128], via[8];
    int64_t at;
    size_t keys = 0;
    plt_buf_init(&values, PLT_RECORD_MAX);
    if (plt_reading_read((const char *)data, size, &r, &values, why, sizeof why) == PLT_OK) again(&r, &values);
    if (plt_seen_read((const char *)data, size, via, &at, key, &keys, why, sizeof why) != PLT_OK) EXPECT(*why && !keys);
    plt_buf_free(&values);
    return 0;
}
