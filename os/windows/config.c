/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Settings in the registry, in its 64-bit view. Group policy's key is only ever read, and goes before ours. Values are REG_SZ as we and
 * the installer write them, or REG_DWORD as policies do.
 */
#include "os/config.h"

#include <windows.h>

#include <stdio.h>
#include <string.h>

#include "os/error.h"
#include "os/windows/wide.h"

#define OUR_KEY L"SOFTWARE\\Platen"
#define VALUE_MAX 8192 /* characters */
#define NAME_MAX_W 256

static const wchar_t *const keys[] = {L"SOFTWARE\\Policies\\Platen", OUR_KEY};

static plt_status value_text(DWORD type, const void *data, const char *key, char *out, size_t size)
{
    bool fits;
    if (type == REG_DWORD) {
        DWORD v;
        memcpy(&v, data, sizeof v);
        int n = snprintf(out, size, "%lu", v);
        fits = n > 0 && (size_t)n < size;
    } else {
        fits = wide_to(out, size, data); /* RegGetValueW has seen to the terminator */
    }
    if (fits) return PLT_OK;
    out[0] = 0;
    return os_fail_as(PLT_FULL, "read the setting", key);
}

/* The first `count` keys. */
static plt_status get(size_t count, const char *key, char *out, size_t size)
{
    wchar_t name[NAME_MAX_W], data[VALUE_MAX];
    out[0] = 0;
    if (!wide_from(name, NAME_MAX_W, key)) return os_fail_as(PLT_BAD, "read the setting", key);
    for (size_t i = 0; i < count; i++) {
        DWORD type, n = sizeof data;
        LSTATUS err = RegGetValueW(HKEY_LOCAL_MACHINE, keys[i], name, RRF_RT_REG_SZ | RRF_RT_REG_DWORD | RRF_SUBKEY_WOW6464KEY, &type, data, &n);
        if (err == ERROR_SUCCESS) return value_text(type, data, key, out, size);
        if (err != ERROR_FILE_NOT_FOUND) return os_fail((uint32_t)err, "read the setting", key);
    }
    return os_fail(ERROR_FILE_NOT_FOUND, "read the setting", key);
}

plt_status os_config_get(const char *data_dir, const char *key, char *out, size_t size)
{
    (void)data_dir;
    return get(sizeof keys / sizeof keys[0], key, out, size);
}

plt_status os_config_policy(const char *data_dir, const char *key, char *out, size_t size)
{
    (void)data_dir;
    return get(1, key, out, size);
}

plt_status os_config_set(const char *data_dir, const char *key, const char *value)
{
    wchar_t name[NAME_MAX_W], data[VALUE_MAX];
    HKEY h;
    (void)data_dir;
    if (!wide_from(name, NAME_MAX_W, key) || !wide_from(data, VALUE_MAX, value) || strpbrk(value, "\r\n"))
        return os_fail_as(PLT_BAD, "write the setting", key);
    LSTATUS err = RegCreateKeyExW(HKEY_LOCAL_MACHINE, OUR_KEY, 0, NULL, 0, KEY_SET_VALUE | KEY_WOW64_64KEY, NULL, &h, NULL);
    if (err == ERROR_SUCCESS) {
        err = RegSetValueExW(h, name, 0, REG_SZ, (const BYTE *)data, (DWORD)((wcslen(data) + 1) * sizeof data[0]));
        RegCloseKey(h);
    }
    return err == ERROR_SUCCESS ? PLT_OK : os_fail((uint32_t)err, "write the setting", key);
}

plt_status os_config_delete(const char *data_dir, const char *key)
{
    wchar_t name[NAME_MAX_W];
    HKEY h;
    (void)data_dir;
    if (!wide_from(name, NAME_MAX_W, key)) return os_fail_as(PLT_BAD, "delete the setting", key);
    LSTATUS err = RegOpenKeyExW(HKEY_LOCAL_MACHINE, OUR_KEY, 0, KEY_SET_VALUE | KEY_WOW64_64KEY, &h);
    if (err == ERROR_SUCCESS) {
        err = RegDeleteValueW(h, name);
        RegCloseKey(h);
    }
    if (err == ERROR_FILE_NOT_FOUND) return PLT_OK; /* so it is gone */
    return err == ERROR_SUCCESS ? PLT_OK : os_fail((uint32_t)err, "delete the setting", key);
}
