/* SPDX-License-Identifier: Apache-2.0 */
/* The user's display language. */
#include "os/language.h"

#include <windows.h>

void os_language(char out[OS_LANGUAGE_SIZE])
{
    wchar_t name[LOCALE_NAME_MAX_LENGTH];
    int n = LCIDToLocaleName(MAKELCID(GetUserDefaultUILanguage(), SORT_DEFAULT), name, LOCALE_NAME_MAX_LENGTH, 0);
    out[0] = 0;
    for (int i = 0; i < n && i < OS_LANGUAGE_SIZE - 1; i++) { /* names of locales are ASCII */
        out[i] = name[i] < 128 ? (char)name[i] : 0;
        out[i + 1] = 0;
    }
}
