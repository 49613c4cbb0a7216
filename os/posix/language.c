/* SPDX-License-Identifier: Apache-2.0 */
/* The language by the environment, in POSIX's order. */
#include "os/language.h"

#include <stdlib.h>

#include "core/util/text.h"

void os_language(char out[OS_LANGUAGE_SIZE])
{
    static const char *const names[] = {"LC_ALL", "LC_MESSAGES", "LANG"};
    out[0] = 0;
    for (unsigned i = 0; i < sizeof names / sizeof names[0]; i++) {
        const char *value = getenv(names[i]);
        if (!value || !*value) continue;
        if (!plt_copy(out, OS_LANGUAGE_SIZE, value)) out[0] = 0;
        return;
    }
}
