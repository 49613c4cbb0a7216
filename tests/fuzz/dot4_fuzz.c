/* SPDX-License-Identifier: Apache-2.0 */
/* PML over IEEE 1284.4. */
#include "tests/fuzz/channel_fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    channel_fuzz(&plt_link_dot4, data, size);
    return 0;
}
