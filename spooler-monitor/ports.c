/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Our ports' settings in the registry. Windows wants its own callbacks used (a cluster's spooler keeps the keys elsewhere);
 * under Wine these are stubs and the given root is closed after initialisation, so there the key is opened by name. What is
 * read may have been edited by hand: types, lengths and terminators are checked.
 */
#include <stdio.h>
#include <string.h>
#include <wchar.h>

#include "spooler-monitor/platenmon.h"

#define PORTS_KEY L"Ports"

/* ---- one registry, two ways to it ---- */

static LONG key_open(const monitor *m, HANDLE parent, const WCHAR *name, REGSAM access, HANDLE *out)
{
    if (m->reg) return m->reg->fpOpenKey(parent, name, access, out, m->spooler);
    return RegOpenKeyExW(parent, name, 0, access, (PHKEY)out);
}

static LONG key_create(const monitor *m, HANDLE parent, const WCHAR *name, HANDLE *out)
{
    DWORD how;
    if (m->reg) return m->reg->fpCreateKey(parent, name, 0, KEY_READ | KEY_WRITE, NULL, out, &how, m->spooler);
    return RegCreateKeyExW(parent, name, 0, NULL, 0, KEY_READ | KEY_WRITE, NULL, (PHKEY)out, &how);
}

static void key_close(const monitor *m, HANDLE key)
{
    if (!key) return;
    if (m->reg)
        m->reg->fpCloseKey(key, m->spooler);
    else
        RegCloseKey(key);
}

static LONG key_get(const monitor *m, HANDLE key, const WCHAR *name, DWORD *type, void *data, DWORD *size)
{
    if (m->reg) return m->reg->fpQueryValue(key, name, type, data, size, m->spooler);
    return RegQueryValueExW(key, name, NULL, type, data, size);
}

static LONG key_set(const monitor *m, HANDLE key, const WCHAR *name, DWORD type, const void *data, DWORD size)
{
    if (m->reg) return m->reg->fpSetValue(key, name, type, data, size, m->spooler);
    return RegSetValueExW(key, name, 0, type, data, size);
}

static LONG key_delete(const monitor *m, HANDLE key, const WCHAR *name)
{
    return m->reg ? m->reg->fpDeleteKey(key, name, m->spooler) : RegDeleteKeyW(key, name);
}

static LONG key_enum(const monitor *m, HANDLE key, DWORD index, WCHAR *name, DWORD *size)
{
    if (m->reg) return m->reg->fpEnumKey(key, index, name, size, NULL, m->spooler);
    return RegEnumKeyExW(key, index, name, size, NULL, NULL, NULL, NULL);
}

void ports_init(monitor *m, const MONITORINIT *init)
{
    HANDLE key = NULL;
    m->spooler = init->hSpooler;
    m->root = (HANDLE)init->hckRegistryRoot;
    if (!init->pMonitorReg || init->pMonitorReg->cbSize < sizeof(MONITORREG)) return;
    m->reg = init->pMonitorReg;
    if (key_open(m, m->root, PORTS_KEY, KEY_READ, &key) == ERROR_CALL_NOT_IMPLEMENTED)
        m->reg = NULL;
    else
        key_close(m, key);
}

/* The key that holds our ports, for writing, made when it is not there. */
static LONG ports_key_for_writing(const monitor *m, HANDLE *out)
{
    HANDLE root = m->root;
    *out = NULL;
    if (m->reg) return key_create(m, root, PORTS_KEY, out);
    LONG err = RegOpenKeyExW(HKEY_LOCAL_MACHINE, MONITOR_KEY, 0, KEY_READ | KEY_WRITE, (PHKEY)&root);
    if (err != ERROR_SUCCESS) return err;
    err = key_create(m, root, PORTS_KEY, out);
    RegCloseKey(root);
    return err;
}

static LONG ports_key_open(const monitor *m, HANDLE *out)
{
    *out = NULL;
    if (m->reg) return key_open(m, m->root, PORTS_KEY, KEY_READ, out);
    return key_open(m, HKEY_LOCAL_MACHINE, MONITOR_KEY L"\\" PORTS_KEY, KEY_READ, out);
}

/* The same for reading: kept open, because every job asks and each way into the registry is one into the system. */
static LONG ports_key(monitor *m, HANDLE *out)
{
    HANDLE key = NULL;
    *out = InterlockedCompareExchangePointer(&m->ports_key, NULL, NULL);
    if (*out) return ERROR_SUCCESS;
    LONG err = ports_key_open(m, &key);
    if (err != ERROR_SUCCESS) return err;
    *out = InterlockedCompareExchangePointer(&m->ports_key, key, NULL);
    if (*out)
        key_close(m, key); /* another thread was faster */
    else
        *out = key;
    return ERROR_SUCCESS;
}

void ports_done(monitor *m)
{
    key_close(m, m->ports_key);
    m->ports_key = NULL;
}

/* ---- ports ---- */

/* A backslash would make two keys of it, a comma two ports (pooled queues list them so). */
bool ports_name_valid(const WCHAR *name)
{
    size_t n = wcsnlen(name, PORT_NAME_MAX);
    if (n == 0 || n >= PORT_NAME_MAX || name[0] == L' ' || name[n - 1] == L' ') return false;
    for (size_t i = 0; i < n; i++)
        if (name[i] < 0x20 || name[i] == 0x7F || name[i] == L'\\' || name[i] == L',') return false;
    return true;
}

static DWORD read_values(const monitor *m, HANDLE key, port_settings *out)
{
    WCHAR text[MON_TARGET_MAX];
    DWORD type = 0, size = sizeof text - sizeof text[0], refuse = 0;
    LONG err = key_get(m, key, L"Target", &type, text, &size);
    if (err != ERROR_SUCCESS) return err == ERROR_FILE_NOT_FOUND || err == ERROR_MORE_DATA ? ERROR_INVALID_DATA : (DWORD)err;
    if (type != REG_SZ) return ERROR_INVALID_DATA;
    text[size / sizeof text[0]] = 0;
    if (!WideCharToMultiByte(CP_UTF8, WC_ERR_INVALID_CHARS, text, -1, out->target, sizeof out->target, NULL, NULL)) return ERROR_INVALID_DATA;
    size = sizeof refuse;
    err = key_get(m, key, L"Refuse", &type, &refuse, &size);
    out->refuse = err == ERROR_SUCCESS && type == REG_DWORD && refuse;
    return ERROR_SUCCESS;
}

DWORD ports_open(monitor *m, const WCHAR *name, HANDLE *key)
{
    HANDLE ports;
    *key = NULL;
    if (!ports_name_valid(name)) return ERROR_UNKNOWN_PORT;
    LONG err = ports_key(m, &ports);
    if (err == ERROR_SUCCESS) err = key_open(m, ports, name, KEY_READ, key);
    if (err == ERROR_KEY_DELETED && ports_key_open(m, &ports) == ERROR_SUCCESS) { /* made anew behind our back */
        err = key_open(m, ports, name, KEY_READ, key);
        key_close(m, ports);
    }
    return err == ERROR_FILE_NOT_FOUND || err == ERROR_PATH_NOT_FOUND ? ERROR_UNKNOWN_PORT : (DWORD)err;
}

void ports_close(const monitor *m, HANDLE key)
{
    key_close(m, key);
}

DWORD ports_get(monitor *m, HANDLE key, port_settings *out)
{
    memset(out, 0, sizeof *out);
    return read_values(m, key, out);
}

DWORD ports_read(monitor *m, const WCHAR *name, port_settings *out)
{
    HANDLE key;
    DWORD err = ports_open(m, name, &key);
    memset(out, 0, sizeof *out);
    if (err == ERROR_SUCCESS) err = read_values(m, key, out);
    key_close(m, key);
    return err;
}

DWORD ports_write(monitor *m, const WCHAR *name, const port_settings *s)
{
    HANDLE ports = NULL, key = NULL;
    WCHAR text[MON_TARGET_MAX];
    DWORD refuse = s->refuse;
    int n = MultiByteToWideChar(CP_UTF8, MB_ERR_INVALID_CHARS, s->target, -1, text, MON_TARGET_MAX);
    if (n <= 0 || !ports_name_valid(name)) return ERROR_INVALID_PARAMETER;
    LONG err = ports_key_for_writing(m, &ports);
    if (err == ERROR_SUCCESS) err = key_create(m, ports, name, &key);
    if (err == ERROR_SUCCESS) err = key_set(m, key, L"Refuse", REG_DWORD, &refuse, sizeof refuse);
    if (err == ERROR_SUCCESS) err = key_set(m, key, L"Target", REG_SZ, text, (DWORD)n * sizeof text[0]);
    key_close(m, key);
    key_close(m, ports);
    return (DWORD)err;
}

DWORD ports_delete(monitor *m, const WCHAR *name)
{
    HANDLE ports = NULL;
    if (!ports_name_valid(name)) return ERROR_UNKNOWN_PORT;
    LONG err = ports_key_for_writing(m, &ports);
    if (err == ERROR_SUCCESS) err = key_delete(m, ports, name);
    key_close(m, ports);
    return err == ERROR_FILE_NOT_FOUND ? ERROR_UNKNOWN_PORT : (DWORD)err;
}

DWORD ports_enum(monitor *m, bool (*fn)(void *, const WCHAR *), void *ctx)
{
    HANDLE ports;
    LONG err = ports_key_open(m, &ports);
    if (err == ERROR_FILE_NOT_FOUND) return ERROR_SUCCESS;
    for (DWORD i = 0; err == ERROR_SUCCESS && i < ENUM_PORTS_MAX; i++) {
        WCHAR name[PORT_NAME_MAX];
        DWORD size = PORT_NAME_MAX;
        err = key_enum(m, ports, i, name, &size);
        if (err == ERROR_SUCCESS && !fn(ctx, name)) break;
    }
    key_close(m, ports);
    return err == ERROR_NO_MORE_ITEMS ? ERROR_SUCCESS : (DWORD)err;
}

/* A port that leads to itself, or to another of ours that may lead back, would print for ever. */
bool ports_loop(monitor *m, const WCHAR *name, const char *target)
{
    char inner[MON_TARGET_MAX];
    WCHAR wide[MON_TARGET_MAX];
    port_settings other;
    if (!mon_target_valid(target, inner) || !inner[0]) return false;
    if (!MultiByteToWideChar(CP_UTF8, 0, inner, -1, wide, MON_TARGET_MAX)) return true;
    return _wcsicmp(wide, name) == 0 || ports_read(m, wide, &other) != ERROR_UNKNOWN_PORT;
}
