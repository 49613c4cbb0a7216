/* SPDX-License-Identifier: Apache-2.0 */
/* Frames: a header and a payload of fields. What is read must lie inside of what was given, and survive being written again. */
#include <string.h>

#include "core/util/frame.h"
#include "core/util/text.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static uint8_t out[PLT_FRAME_HEADER + PLT_FRAME_MAX_PAYLOAD];
    uint8_t type;
    size_t n, at = 0;
    bool bad = false;
    plt_field f;
    char text[64];
    plt_frame_builder b;
    if (size < PLT_FRAME_HEADER) return 0;
    if (plt_frame_parse(data, &type, &n) == PLT_OK) EXPECT(n <= PLT_FRAME_MAX_PAYLOAD);
    data += PLT_FRAME_HEADER;
    size -= PLT_FRAME_HEADER;
    if (size > PLT_FRAME_MAX_PAYLOAD) return 0;
    plt_frame_begin(&b, out, sizeof out, PLT_F_BEGIN);
    while (plt_field_next(data, size, &at, &f, &bad)) {
        EXPECT(f.data >= data && f.data + f.len <= data + size);
        plt_field_str(&f, text, sizeof text);
        EXPECT(plt_utf8_valid(text, strlen(text)));
        plt_field_u64(&f);
        plt_frame_bytes(&b, (plt_tag)f.tag, f.data, f.len);
    }
    if (bad) return 0;
    EXPECT(at == size);
    EXPECT(plt_frame_end(&b) == PLT_FRAME_HEADER + size);
    EXPECT(!size || !memcmp(out + PLT_FRAME_HEADER, data, size));
    return 0;
}
