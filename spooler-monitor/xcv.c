/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The monitor's configuration interface. Calls may come from far away (the spooler's RPC): every byte is hostile, every change
 * needs SERVER_ACCESS_ADMINISTER, and nothing here waits for anybody. Calls arrive impersonating the client; the registry is
 * written as ourselves, because the client's token may be a filtered one.
 *
 *   AddPort, SetPort   in: port, target, "refuse" | "print"; three UTF-16 strings, each with its NUL
 *   DeletePort         in: port, with its NUL
 *   MonitorUI          ERROR_NOT_SUPPORTED: there is no dialogue, the service configures ports
 */
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#include "spooler-monitor/platenmon.h"

#define INPUT_MAX ((PORT_NAME_MAX + MON_TARGET_MAX + 16) * sizeof(WCHAR))

typedef struct xcv {
    monitor *m;
    ACCESS_MASK granted;
    struct xcv *next;
} xcv;

/* Living handles: after DeletePort spoolers have been seen to close twice. */
static SRWLOCK live_lock = SRWLOCK_INIT;
static xcv *live;

BOOL WINAPI xcv_open(HANDLE monitor_handle, LPCWSTR object, ACCESS_MASK granted, PHANDLE out)
{
    monitor *m = monitor_of(monitor_handle);
    (void)object; /* the monitor or one of its ports: the same commands, which name their port themselves */
    if (!m || !out) {
        SetLastError(m ? ERROR_INVALID_PARAMETER : ERROR_INVALID_HANDLE);
        return FALSE;
    }
    *out = NULL;
    xcv *x = calloc(1, sizeof *x);
    if (!x) {
        SetLastError(ERROR_NOT_ENOUGH_MEMORY);
        return FALSE;
    }
    x->m = m;
    x->granted = granted;
    AcquireSRWLockExclusive(&live_lock);
    x->next = live;
    live = x;
    ReleaseSRWLockExclusive(&live_lock);
    *out = x;
    return TRUE;
}

BOOL WINAPI xcv_close(HANDLE handle)
{
    xcv *found = NULL;
    AcquireSRWLockExclusive(&live_lock);
    for (xcv **at = &live; *at && !found; at = found ? at : &(*at)->next) {
        if (*at != handle) continue;
        found = *at;
        *at = found->next;
    }
    ReleaseSRWLockExclusive(&live_lock);
    if (!found) {
        SetLastError(ERROR_INVALID_HANDLE);
        return FALSE;
    }
    free(found);
    return TRUE;
}

void xcv_forget(const monitor *m)
{
    AcquireSRWLockExclusive(&live_lock);
    for (xcv **at = &live; *at;) {
        xcv *x = *at;
        if (x->m != m) {
            at = &x->next;
            continue;
        }
        *at = x->next;
        free(x);
    }
    ReleaseSRWLockExclusive(&live_lock);
}

/* What the handle says, copied while it lives. */
static bool xcv_get(HANDLE handle, xcv *out)
{
    bool ok = false;
    AcquireSRWLockShared(&live_lock);
    for (const xcv *x = live; x && !ok; x = x->next)
        if (x == handle) {
            *out = *x;
            ok = true;
        }
    ReleaseSRWLockShared(&live_lock);
    return ok;
}

/* ---- input ---- */

typedef struct cut {
    const WCHAR *part[3];
    unsigned parts;
} cut;

/* Cuts the input into exactly `want` NUL-terminated strings; false when anything is missing, odd or left over. */
static bool cut_strings(const WCHAR *in, DWORD size, unsigned want, cut *out)
{
    size_t n = size / sizeof(WCHAR), at = 0;
    memset(out, 0, sizeof *out);
    if (size % sizeof(WCHAR) || size > INPUT_MAX) return false;
    while (at < n && out->parts < want) {
        size_t len = wcsnlen(in + at, n - at);
        if (len == n - at) return false; /* no NUL */
        out->part[out->parts++] = in + at;
        at += len + 1;
    }
    return at == n && out->parts == want;
}

static DWORD parse_settings(const cut *c, port_settings *out)
{
    memset(out, 0, sizeof *out);
    if (!ports_name_valid(c->part[0])) return ERROR_INVALID_NAME;
    if (!WideCharToMultiByte(CP_UTF8, WC_ERR_INVALID_CHARS, c->part[1], -1, out->target, sizeof out->target, NULL, NULL))
        return ERROR_INVALID_PARAMETER;
    if (wcscmp(c->part[2], L"refuse") == 0)
        out->refuse = true;
    else if (wcscmp(c->part[2], L"print") != 0)
        return ERROR_INVALID_PARAMETER;
    return mon_target_valid(out->target, NULL) ? ERROR_SUCCESS : ERROR_INVALID_PARAMETER;
}

/* ---- commands ---- */

static DWORD add_or_set(monitor *m, const WCHAR *in, DWORD size, bool add)
{
    cut c;
    port_settings want, has;
    if (!cut_strings(in, size, 3, &c)) return ERROR_INVALID_PARAMETER;
    DWORD err = parse_settings(&c, &want);
    if (err != ERROR_SUCCESS) return err;
    if (ports_loop(m, c.part[0], want.target)) return ERROR_INVALID_PARAMETER;
    err = ports_read(m, c.part[0], &has);
    bool is_there = err == ERROR_SUCCESS || err == ERROR_INVALID_DATA;
    if (!is_there && err != ERROR_UNKNOWN_PORT) return err;
    if (add && is_there && (err != ERROR_SUCCESS || strcmp(has.target, want.target) != 0 || has.refuse != want.refuse)) return ERROR_ALREADY_EXISTS;
    if (!add && !is_there) return ERROR_UNKNOWN_PORT;
    return ports_write(m, c.part[0], &want);
}

static DWORD delete_port(monitor *m, const WCHAR *in, DWORD size)
{
    cut c;
    if (!cut_strings(in, size, 1, &c)) return ERROR_INVALID_PARAMETER;
    if (ports_printing(m, c.part[0])) return ERROR_BUSY;
    return ports_delete(m, c.part[0]);
}

static DWORD command(monitor *m, LPCWSTR name, const WCHAR *in, DWORD size)
{
    if (_wcsicmp(name, L"AddPort") == 0) return add_or_set(m, in, size, true);
    if (_wcsicmp(name, L"SetPort") == 0) return add_or_set(m, in, size, false);
    return delete_port(m, in, size);
}

static bool known(LPCWSTR name)
{
    return _wcsicmp(name, L"AddPort") == 0 || _wcsicmp(name, L"SetPort") == 0 || _wcsicmp(name, L"DeletePort") == 0;
}

static DWORD as_ourselves(monitor *m, LPCWSTR name, const WCHAR *in, DWORD size)
{
    HANDLE client;
    DWORD err = self_begin(&client);
    if (err != ERROR_SUCCESS) return err;
    err = command(m, name, in, size);
    DWORD back = self_end(client);
    return err != ERROR_SUCCESS ? err : back;
}

DWORD WINAPI xcv_data(HANDLE handle, LPCWSTR name, PBYTE in, DWORD in_size, PBYTE out, DWORD out_size, PDWORD needed)
{
    xcv x = {NULL};
    (void)out, (void)out_size;
    if (needed) *needed = 0;
    if (!xcv_get(handle, &x)) return ERROR_INVALID_HANDLE;
    if (!name) return ERROR_INVALID_PARAMETER;
    if (_wcsicmp(name, L"MonitorUI") == 0) return ERROR_NOT_SUPPORTED;
    if (!known(name)) return ERROR_INVALID_PARAMETER;
    if (!(x.granted & SERVER_ACCESS_ADMINISTER)) return ERROR_ACCESS_DENIED;
    if (!in || in_size == 0 || in_size > INPUT_MAX) return ERROR_INVALID_PARAMETER;
    WCHAR *copy = malloc(in_size); /* aligned, and nobody changes it while we look */
    if (!copy) return ERROR_NOT_ENOUGH_MEMORY;
    memcpy(copy, in, in_size);
    DWORD err = as_ourselves(x.m, name, copy, in_size);
    free(copy);
    return err;
}
