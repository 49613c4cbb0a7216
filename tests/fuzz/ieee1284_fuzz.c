/* SPDX-License-Identifier: Apache-2.0 */
/* IEEE 1284 device IDs. */
#include <string.h>

#include "core/pjl/ieee1284.h"
#include "core/util/text.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    plt_1284 id;
    const char *text;
    size_t len;
    if (plt_1284_text(data, size, &text, &len) == PLT_OK) EXPECT(text >= (const char *)data && text + len <= (const char *)data + size);
    if (plt_1284_parse(data, size, &id) != PLT_OK) return 0;
    EXPECT(plt_utf8_valid(id.make, strlen(id.make)));
    EXPECT(plt_utf8_valid(id.model, strlen(id.model)));
    EXPECT(plt_utf8_valid(id.commands, strlen(id.commands)));
    plt_1284_speaks(&id, "PJL");
    return 0;
}
