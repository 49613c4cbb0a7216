/* SPDX-License-Identifier: Apache-2.0 */
/* PML over MLC. */
#include "tests/fuzz/channel_fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    channel_fuzz(&plt_link_mlc, data, size);
    return 0;
}
