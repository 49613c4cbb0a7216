/* SPDX-License-Identifier: Apache-2.0 */
/* UTF-8 and UTF-16. It must never cut silently: a name that lost its end is another name. */
#include "os/windows/wide.h"

#include <windows.h>

#include "os/error.h"
#include "os/windows/last_error.h"

/* A folder needs room for an 8.3 name below it: CreateDirectory stops at 248, 12 before MAX_PATH. */
#define PLAIN_PATH_MAX (MAX_PATH - 12)

bool wide_from(wchar_t *out, size_t cap, const char *utf8)
{
    if (cap && cap <= INT_MAX && MultiByteToWideChar(CP_UTF8, MB_ERR_INVALID_CHARS, utf8, -1, out, (int)cap) > 0) return true;
    if (cap) out[0] = 0;
    return false;
}

bool wide_to(char *out, size_t size, const wchar_t *text)
{
    if (size && size <= INT_MAX && WideCharToMultiByte(CP_UTF8, 0, text, -1, out, (int)size, NULL, NULL) > 0) return true;
    if (size) out[0] = 0;
    return false;
}

/* \\?\C:\x, \\.\x, \??\x: the system takes them as they are. */
static bool is_device_path(const wchar_t *path)
{
    return wcsncmp(path, L"\\\\?\\", 4) == 0 || wcsncmp(path, L"\\\\.\\", 4) == 0 || wcsncmp(path, L"\\??\\", 4) == 0;
}

plt_status wide_path(wchar_t out[WIDE_PATH_MAX], const char *path)
{
    wchar_t plain[WIDE_PATH_MAX];
    if (!path[0]) return os_fail(ERROR_PATH_NOT_FOUND, "use the path", "(empty)");
    if (!wide_from(plain, WIDE_PATH_MAX, path)) return os_fail_as(PLT_BAD, "use the path", path);
    if (is_device_path(plain) || (wcslen(plain) < PLAIN_PATH_MAX && (plain[0] == L'\\' || plain[1] == L':'))) {
        wmemcpy(out, plain, wcslen(plain) + 1);
        return PLT_OK;
    }
    /* A relative path may be long once the current folder stands before it. */
    wchar_t full[WIDE_PATH_MAX];
    DWORD n = GetFullPathNameW(plain, WIDE_PATH_MAX, full, NULL);
    if (n == 0) return os_fail(last_error(), "use the path", path);
    if (n >= WIDE_PATH_MAX - 8) return os_fail(ERROR_FILENAME_EXCED_RANGE, "use the path", path);
    bool share = full[0] == L'\\' && full[1] == L'\\';
    const wchar_t *prefix = n < PLAIN_PATH_MAX ? L"" : share ? L"\\\\?\\UNC\\" : L"\\\\?\\";
    const wchar_t *rest = share && *prefix ? full + 2 : full;
    size_t k = wcslen(prefix);
    wmemcpy(out, prefix, k);
    wmemcpy(out + k, rest, wcslen(rest) + 1);
    return PLT_OK;
}
