/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The page analysis. The first byte says how the rest is cut; the answer must be the same as in one piece, well-formed, and
 * bounded by the size of the job: a page needs at least a byte.
 */
#include <string.h>

#include "core/pdl/pdl.h"
#include "tests/fuzz/fuzz.h"
#include "worker/analysis.h"

static size_t analyse(const uint8_t *data, size_t size, size_t step, plt_pdl_result *r, uint8_t out[PLT_ANALYSIS_FRAME_MAX])
{
    plt_pdl *a;
    EXPECT(plt_pdl_begin(&a, NULL) == PLT_OK);
    for (size_t at = 0; at < size; at += step) plt_pdl_feed(a, data + at, size - at < step ? size - at : step);
    plt_pdl_end(a, r);
    plt_pdl_free(a);
    return plt_analysis_encode(r, out, PLT_ANALYSIS_FRAME_MAX);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    uint8_t whole[PLT_ANALYSIS_FRAME_MAX], cut[PLT_ANALYSIS_FRAME_MAX];
    plt_pdl_result r, back, other;
    if (size < 1) return 0;
    size_t step = (size_t)data[0] % 32 + 1;
    data++;
    size--;
    size_t n = analyse(data, size, size ? size : 1, &r, whole);
    EXPECT(n > 0);
    EXPECT(r.bytes == size);
    EXPECT(r.pages.known == r.impressions.known);
    EXPECT(r.pages.known == (r.confidence != PLT_CONF_UNKNOWN));
    EXPECT(r.confidence > PLT_CONF_ESTIMATED || r.reason[0]);
    EXPECT(r.pages.n <= 1000 * size + 100000); /* PostScript's loops */
    EXPECT(plt_analysis_decode(whole + 8, n - 8, &back) == PLT_OK);
    EXPECT(analyse(data, size, step, &other, cut) == n);
    EXPECT(!memcmp(whole, cut, n));
    return 0;
}
