/* SPDX-License-Identifier: Apache-2.0 */
/* A spooler's registry callbacks, over a key of the test's own. */
#include "monitor_registry.h"

#include <stdint.h>

int callbacks;
HANDLE spooler_cookie = (HANDLE)(uintptr_t)0x5150;
int strangers;

static void count(HANDLE sp)
{
    callbacks++;
    if (sp != spooler_cookie) strangers++;
}

static LONG WINAPI reg_create(HANDLE k, LPCWSTR n, DWORD o, REGSAM s, PSECURITY_ATTRIBUTES a, PHANDLE out, PDWORD d, HANDLE sp)
{
    count(sp);
    return RegCreateKeyExW(k, n, 0, NULL, o, s, a, (PHKEY)out, d);
}

static LONG WINAPI reg_open(HANDLE k, LPCWSTR n, REGSAM s, PHANDLE out, HANDLE sp)
{
    count(sp);
    return RegOpenKeyExW(k, n, 0, s, (PHKEY)out);
}

static LONG WINAPI reg_close(HANDLE k, HANDLE sp)
{
    if (sp != spooler_cookie) strangers++;
    return RegCloseKey(k);
}

static LONG WINAPI reg_delete(HANDLE k, LPCWSTR n, HANDLE sp)
{
    (void)sp;
    return RegDeleteKeyW(k, n);
}

static LONG WINAPI reg_enum(HANDLE k, DWORD i, LPWSTR n, PDWORD c, PFILETIME t, HANDLE sp)
{
    (void)sp;
    return RegEnumKeyExW(k, i, n, c, NULL, NULL, NULL, t);
}

static LONG WINAPI reg_set(HANDLE k, LPCWSTR n, DWORD t, const BYTE *d, DWORD c, HANDLE sp)
{
    (void)sp;
    return RegSetValueExW(k, n, 0, t, d, c);
}

static LONG WINAPI reg_query(HANDLE k, LPCWSTR n, PDWORD t, PBYTE d, PDWORD c, HANDLE sp)
{
    (void)sp;
    return RegQueryValueExW(k, n, NULL, t, d, c);
}

static LONG WINAPI stub_open(HANDLE k, LPCWSTR n, REGSAM s, PHANDLE out, HANDLE sp)
{
    (void)k, (void)n, (void)s, (void)out, (void)sp;
    return ERROR_CALL_NOT_IMPLEMENTED;
}

MONITORREG real_registry = {.cbSize = sizeof(MONITORREG),
                            .fpCreateKey = reg_create,
                            .fpOpenKey = reg_open,
                            .fpCloseKey = reg_close,
                            .fpDeleteKey = reg_delete,
                            .fpEnumKey = reg_enum,
                            .fpSetValue = reg_set,
                            .fpQueryValue = reg_query};
MONITORREG stub_registry = {.cbSize = sizeof(MONITORREG), .fpOpenKey = stub_open};
