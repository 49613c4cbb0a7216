/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The bench's peer: the least port monitor that prints over TCP. Connects, sends what it is given, closes; no deadlines, no checks,
 * no accounting. Its ports stand in the registry below its own key, Target = "host:port". Never installed on a real machine.
 */
#include <winsock2.h>

#include <ws2tcpip.h>

#include <windows.h>

#include <winspool.h>

#include <winsplp.h>

#include <stdlib.h>
#include <wchar.h>

#define PORTS L"SYSTEM\\CurrentControlSet\\Control\\Print\\Monitors\\Plain Port\\Ports\\"

typedef struct plain {
    wchar_t target[260];
    SOCKET s;
} plain;

static BOOL WINAPI plain_enum(HANDLE m, LPWSTR server, DWORD level, LPBYTE out, DWORD size, LPDWORD needed, LPDWORD returned)
{
    (void)m, (void)server, (void)level, (void)out, (void)size;
    *needed = *returned = 0;
    return TRUE;
}

static BOOL WINAPI plain_open(HANDLE m, LPWSTR name, PHANDLE out)
{
    wchar_t path[512];
    DWORD size = sizeof(wchar_t) * 259;
    (void)m;
    *out = NULL;
    plain *p = calloc(1, sizeof *p);
    if (!p || wcslen(name) > 200) {
        free(p);
        return FALSE;
    }
    wmemcpy(path, PORTS, sizeof PORTS / sizeof *path);
    wmemcpy(path + wcslen(path), name, wcslen(name) + 1);
    p->s = INVALID_SOCKET;
    if (RegGetValueW(HKEY_LOCAL_MACHINE, path, L"Target", RRF_RT_REG_SZ, NULL, p->target, &size) != ERROR_SUCCESS) {
        free(p);
        return FALSE;
    }
    *out = p;
    return TRUE;
}

static BOOL WINAPI plain_start(HANDLE h, LPWSTR printer, DWORD job, DWORD level, LPBYTE doc)
{
    plain *p = h;
    WSADATA data;
    wchar_t host[260];
    ADDRINFOW hints = {.ai_socktype = SOCK_STREAM}, *list = NULL;
    (void)printer, (void)job, (void)level, (void)doc;
    wmemcpy(host, p->target, 260);
    wchar_t *colon = wcsrchr(host, L':');
    if (!colon || WSAStartup(MAKEWORD(2, 2), &data) != 0) return FALSE;
    *colon = 0;
    if (GetAddrInfoW(host, colon + 1, &hints, &list) != 0) return FALSE;
    p->s = socket(list->ai_family, SOCK_STREAM, 0);
    BOOL ok = p->s != INVALID_SOCKET && connect(p->s, list->ai_addr, (int)list->ai_addrlen) == 0;
    FreeAddrInfoW(list);
    return ok;
}

static BOOL WINAPI plain_write(HANDLE h, LPBYTE buf, DWORD n, LPDWORD written)
{
    plain *p = h;
    *written = 0;
    while (*written < n) {
        int some = send(p->s, (const char *)buf + *written, (int)(n - *written), 0);
        if (some <= 0) return FALSE;
        *written += (DWORD)some;
    }
    return TRUE;
}

static BOOL WINAPI plain_read(HANDLE h, LPBYTE buf, DWORD n, LPDWORD read)
{
    (void)h, (void)buf, (void)n;
    *read = 0;
    return TRUE;
}

/* Closes as every sender must that wants its last bytes to arrive: says it is done, waits for the printer to close too. */
static BOOL WINAPI plain_end(HANDLE h)
{
    plain *p = h;
    char waste[256];
    shutdown(p->s, SD_SEND);
    while (recv(p->s, waste, sizeof waste, 0) > 0) continue;
    closesocket(p->s);
    p->s = INVALID_SOCKET;
    WSACleanup();
    return TRUE;
}

static BOOL WINAPI plain_close(HANDLE h)
{
    free(h);
    return TRUE;
}

static MONITOR2 table = {.cbSize = sizeof(MONITOR2),
                         .pfnEnumPorts = plain_enum,
                         .pfnOpenPort = plain_open,
                         .pfnStartDocPort = plain_start,
                         .pfnWritePort = plain_write,
                         .pfnReadPort = plain_read,
                         .pfnEndDocPort = plain_end,
                         .pfnClosePort = plain_close};

LPMONITOR2 WINAPI InitializePrintMonitor2(PMONITORINIT init, PHANDLE out)
{
    static int here;
    (void)init;
    *out = &here;
    return &table;
}
