/* SPDX-License-Identifier: Apache-2.0 */
/* The time that a service kept: what is read is written again as it was, or is none; and it can be gone on with. */
#include <string.h>

#include "core/policy/timekeeper.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    plt_timekeeper k, again;
    char line[PLT_TIMEKEEPER_TEXT];
    if (plt_timekeeper_read((const char *)data, size, &k) != PLT_OK) return 0;
    plt_timekeeper_write(&k, line);
    EXPECT(plt_timekeeper_read(line, strlen(line), &again) == PLT_OK);
    EXPECT(again.at == k.at && again.steady == k.steady && again.start == k.start && again.hub == k.hub && again.sure == k.sure);
    plt_clocks c = {INT64_C(1795608000000), k.steady / 2, k.start ^ (size & 1)};
    plt_timekeeper_begin(&k, &c);
    EXPECT(plt_timekeeper_now(&k, &c) >= again.at);
    return 0;
}
