/* SPDX-License-Identifier: Apache-2.0 */
/* Receipts: what is split is the one spelling of its parts, and joined again the same bytes. */
#include <string.h>

#include "core/record/receipt.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static plt_receipt r;
    plt_buf again;
    if (plt_receipt_split((const char *)data, size, &r) != PLT_OK) return 0;
    EXPECT(r.body >= (const char *)data && r.body_n <= size);
    EXPECT(strlen(r.certificate) < sizeof r.certificate && *r.signature);
    plt_buf_init(&again, PLT_RECEIPT_MAX);
    EXPECT(plt_receipt_join(r.body, r.body_n, r.certificate, r.signature, &again) == PLT_OK);
    EXPECT(again.len == size && memcmp(again.data, data, size) == 0);
    plt_buf_free(&again);
    return 0;
}
