/* SPDX-License-Identifier: Apache-2.0 */
/* Packed facts of a past job: what is read is what would be written again. */
#include <string.h>

#include "core/record/facts.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    plt_job a, b;
    plt_buf first, second;
    plt_job_init(&a);
    plt_job_init(&b);
    if (plt_facts_read(data, size, &a) != PLT_OK) return 0;
    plt_buf_init(&first, PLT_FACTS_MAX);
    plt_buf_init(&second, PLT_FACTS_MAX);
    plt_facts_write(&a, &first);
    EXPECT(first.status == PLT_OK && plt_facts_read(first.data, first.len, &b) == PLT_OK);
    plt_facts_write(&b, &second);
    EXPECT(first.len == second.len && memcmp(first.data, second.data, first.len) == 0);
    plt_buf_free(&first);
    plt_buf_free(&second);
    return 0;
}
