/* SPDX-License-Identifier: Apache-2.0 */
/* IEEE 1284 device IDs, with the live status in them. */
#include <string.h>

#include "core/device/read.h"
#include "core/pjl/hpstatus.h"
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
    plt_hp_status hp;
    plt_hp_s_block(id.s_block, &hp);
    EXPECT(hp.pens <= PLT_HP_PENS_MAX && hp.code < 256);
    plt_hp_vstatus(id.vstatus, &hp);
    EXPECT(hp.pens <= 2 && hp.code < 64);
    plt_device d;
    plt_device_init(&d, 4096);
    plt_read_1284(&d, &id, 1000);
    EXPECT(d.status == PLT_OK || d.status == PLT_FULL);
    plt_device_free(&d);
    return 0;
}
