/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The conversion of jobs. The first byte is what is wanted, the second says how the rest is cut: answer and output must be the same as in one piece,
 * the output bounded, and what is called done must have the job's pages and need no second conversion.
 */
#include <string.h>

#include "core/convert/convert.h"
#include "core/pdl/pdl.h"
#include "core/util/buf.h"
#include "tests/fuzz/fuzz.h"
#include "worker/conversion.h"

static bool keep(void *ctx, const void *data, size_t n)
{
    plt_buf_add(ctx, data, n);
    return true;
}

static plt_convert_answer convert(const plt_convert_want *want, const uint8_t *data, size_t size, size_t step, plt_buf *out)
{
    plt_convert *c;
    plt_convert_answer a;
    plt_buf_init(out, SIZE_MAX / 2);
    EXPECT(plt_convert_begin(&c, want, keep, out) == PLT_OK);
    for (size_t at = 0; at < size; at += step) plt_convert_feed(c, data + at, size - at < step ? size - at : step);
    plt_convert_finish(c, &a);
    plt_convert_free(c);
    EXPECT(out->len <= PLT_CONVERT_GROWTH * size + PLT_CONVERT_ROOM);
    EXPECT((a.end == PLT_CONVERT_CANNOT) == (a.why[0] != 0));
    return a;
}

static plt_pdl_result analyse(const uint8_t *data, size_t size)
{
    plt_pdl *a;
    plt_pdl_result r;
    EXPECT(plt_pdl_begin(&a, NULL) == PLT_OK);
    plt_pdl_feed(a, data, size);
    plt_pdl_end(a, &r);
    plt_pdl_free(a);
    return r;
}

static void check_done(const plt_convert_want *want, const uint8_t *data, size_t size, const plt_buf *made)
{
    plt_buf again;
    plt_pdl_result before = analyse(data, size), after = analyse(made->data, made->len);
    EXPECT(before.pages.known && after.pages.known && before.pages.n == after.pages.n);
    EXPECT(before.impressions.n == after.impressions.n);
    EXPECT(!want->duplex || (after.duplex.known && after.duplex.n == want->duplex));
    EXPECT(!want->grey || (after.color_pages.known && !after.color_pages.n));
    EXPECT(convert(want, made->data, made->len, made->len, &again).end == PLT_CONVERT_SAME);
    plt_buf_free(&again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    plt_buf whole, cut;
    uint8_t frame[PLT_CONVERT_FRAME_MAX];
    if (size < 3) return 0;
    plt_convert_want back,
        want = {.duplex = data[0] & 3, .grey = data[0] & 4, .pjl = data[0] & 8, .grey_mode = data[0] & 16, .plain_backs = data[0] & 32};
    size_t step = (size_t)data[1] % 64 + 1;
    if (want.duplex == 3) want.duplex = PLT_DUPLEX_LONG;
    if (!want.duplex) want.grey = true;
    size_t n = plt_convert_want_encode(&want, frame, sizeof frame);
    EXPECT(plt_convert_want_decode(frame + 8, n - 8, &back) == PLT_OK && back.duplex == want.duplex && back.grey == want.grey);
    data += 2;
    size -= 2;
    plt_convert_answer a = convert(&want, data, size, size, &whole), b = convert(&want, data, size, step, &cut);
    EXPECT(a.end == b.end && !strcmp(a.why, b.why));
    EXPECT(whole.len == cut.len && (!whole.len || !memcmp(whole.data, cut.data, whole.len)));
    if (a.end == PLT_CONVERT_DONE) check_done(&want, data, size, &whole);
    plt_buf_free(&whole);
    plt_buf_free(&cut);
    return 0;
}
