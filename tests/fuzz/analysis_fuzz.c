/* SPDX-License-Identifier: Apache-2.0 */
/* The ANALYSIS frame as the service reads it: from a worker that may be in somebody else's hands. */
#include <string.h>

#include "core/util/text.h"
#include "tests/fuzz/fuzz.h"
#include "worker/analysis.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    uint8_t out[PLT_ANALYSIS_FRAME_MAX];
    plt_pdl_result r, back;
    if (plt_analysis_decode(data, size, &r) != PLT_OK) return 0;
    EXPECT(plt_utf8_valid(r.language, strlen(r.language)));
    EXPECT(plt_utf8_valid(r.reason, strlen(r.reason)));
    EXPECT(!r.duplex.known || plt_duplex_name(r.duplex));
    size_t n = plt_analysis_encode(&r, out, sizeof out);
    EXPECT(n > 8);
    EXPECT(plt_analysis_decode(out + 8, n - 8, &back) == PLT_OK);
    EXPECT(back.pages.known == r.pages.known && back.pages.n == r.pages.n && !strcmp(back.reason, r.reason));
    return 0;
}
