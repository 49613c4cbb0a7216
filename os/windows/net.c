/* SPDX-License-Identifier: Apache-2.0 */
/*
 * TCP with deadlines by non-blocking sockets and select(), which unlike WSAPoll reports a refused connection on every Windows. Sockets
 * are not inherited by children. And facts of this machine.
 */
#include "os/net.h"

#include <winsock2.h>

#include <ws2tcpip.h>

#include <windows.h>

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/util/text.h"
#include "os/clock.h"
#include "os/error.h"
#include "os/windows/last_error.h"
#include "os/windows/wide.h"
#include "os/windows/winsock.h"

#if defined(__MINGW32__)
/* mingw-w64 12 has both in its import library, but not in ws2tcpip.h. */
INT WSAAPI GetAddrInfoExCancel(LPHANDLE lpHandle);
INT WSAAPI GetAddrInfoExOverlappedResult(LPOVERLAPPED lpOverlapped);
#endif

#define PIECE_MAX (1 << 20)

struct os_tcp {
    SOCKET socket;
    char name[300]; /* "host:port" for messages */
};

static uint32_t left(uint64_t deadline)
{
    uint64_t now = os_clock_mono_ms();
    return now >= deadline ? 0 : (uint32_t)(deadline - now);
}

/* Winsock is started once and stays: its end would take the sockets of other threads along. */
static BOOL CALLBACK start_once(PINIT_ONCE once, PVOID err, PVOID *ctx)
{
    WSADATA data;
    (void)once, (void)ctx;
    *(int *)err = WSAStartup(MAKEWORD(2, 2), &data);
    return *(int *)err == 0; /* FALSE: the next caller tries again */
}

plt_status winsock_start(const char *name)
{
    static INIT_ONCE once = INIT_ONCE_STATIC_INIT;
    int err = 0;
    return InitOnceExecuteOnce(&once, start_once, &err, NULL) ? PLT_OK : os_fail((uint32_t)err, "start Winsock for", name);
}

/* -- names to addresses */

static int resolve_now(const wchar_t *host, const wchar_t *service, const ADDRINFOEXW *hints, ADDRINFOEXW **list)
{
    return GetAddrInfoExW(host, service, NS_ALL, NULL, hints, list, NULL, NULL, NULL, NULL);
}

/* A name server that does not answer costs more than any deadline: ask in the background, cancel when it is over. */
static int resolve_until(const wchar_t *host, const wchar_t *service, const ADDRINFOEXW *hints, ADDRINFOEXW **list, uint64_t deadline)
{
    OVERLAPPED ov;
    HANDLE query = NULL;
    memset(&ov, 0, sizeof ov);
    ov.hEvent = CreateEventW(NULL, TRUE, FALSE, NULL);
    if (!ov.hEvent) return (int)last_error();
    int err = GetAddrInfoExW(host, service, NS_ALL, NULL, hints, list, NULL, &ov, NULL, &query);
    if (err == WSA_IO_PENDING) {
        bool late = WaitForSingleObject(ov.hEvent, left(deadline)) != WAIT_OBJECT_0;
        if (late) GetAddrInfoExCancel(&query);
        /* The system holds `ov` and `list` until it says so; where it cannot cancel (Wine) that takes as long as the name server. */
        WaitForSingleObject(ov.hEvent, INFINITE);
        err = GetAddrInfoExOverlappedResult(&ov);
        if (err != 0 && late) err = WSAETIMEDOUT;
    }
    CloseHandle(ov.hEvent);
    return err;
}

static plt_status resolve(const char *host, uint16_t port, const char *name, ADDRINFOEXW **list, uint64_t deadline)
{
    wchar_t wide[256], service[8];
    ADDRINFOEXW hints;
    *list = NULL;
    if (!wide_from(wide, sizeof wide / sizeof wide[0], host)) return os_fail_as(PLT_BAD, "find the address of", name);
    swprintf(service, sizeof service / sizeof service[0], L"%u", (unsigned)port);
    memset(&hints, 0, sizeof hints);
    hints.ai_socktype = SOCK_STREAM;
    hints.ai_protocol = IPPROTO_TCP;
    hints.ai_flags = AI_NUMERICHOST;
    if (resolve_now(wide, service, &hints, list) == 0) return PLT_OK; /* an address needs nobody's answer */
    hints.ai_flags = AI_ADDRCONFIG;
    int err = resolve_until(wide, service, &hints, list, deadline);
    return err == 0 ? PLT_OK : os_fail((uint32_t)err, "find the address of", name);
}

/* -- waiting */

typedef enum wish { READABLE, WRITABLE } wish;

/* ERROR_SUCCESS, WSAETIMEDOUT or select()'s own error. */
static int wait_for(SOCKET s, wish what, uint64_t deadline)
{
    fd_set set, odd;
    uint32_t ms = left(deadline);
    struct timeval t = {(long)(ms / 1000), (long)(ms % 1000) * 1000};
    FD_ZERO(&set);
    FD_ZERO(&odd);
    set.fd_array[set.fd_count++] = s; /* FD_SET's own loops do not pass our warnings */
    odd.fd_array[odd.fd_count++] = s; /* a failed connect shows here only */
    int n = select(0, what == READABLE ? &set : NULL, what == WRITABLE ? &set : NULL, &odd, &t);
    if (n == SOCKET_ERROR) return WSAGetLastError();
    return n == 0 ? WSAETIMEDOUT : ERROR_SUCCESS;
}

/* -- connections */

static int connect_one(SOCKET s, const struct sockaddr *address, int size, uint64_t deadline)
{
    u_long on = 1;
    BOOL yes = TRUE;
    int err = 0, n = sizeof err;
    if (ioctlsocket(s, FIONBIO, &on) == SOCKET_ERROR) return WSAGetLastError();
    /* A query and its answer (PJL) must not wait for each other's acknowledgement; and a printer that was switched off in the middle of a
       job shall be noticed. Neither matters enough to fail. */
    setsockopt(s, IPPROTO_TCP, TCP_NODELAY, (const char *)&yes, sizeof yes);
    setsockopt(s, SOL_SOCKET, SO_KEEPALIVE, (const char *)&yes, sizeof yes);
    if (connect(s, address, size) == 0) return ERROR_SUCCESS;
    err = WSAGetLastError();
    if (err != WSAEWOULDBLOCK) return err;
    err = wait_for(s, WRITABLE, deadline);
    if (err != ERROR_SUCCESS) return err;
    return getsockopt(s, SOL_SOCKET, SO_ERROR, (char *)&err, &n) == 0 ? err : WSAGetLastError();
}

static SOCKET connect_any(const ADDRINFOEXW *list, uint64_t deadline, int *err)
{
    uint32_t count = 0;
    for (const ADDRINFOEXW *a = list; a; a = a->ai_next) count++;
    for (const ADDRINFOEXW *a = list; a; a = a->ai_next, count--) {
        SOCKET s = WSASocketW(a->ai_family, a->ai_socktype, a->ai_protocol, NULL, 0, WSA_FLAG_OVERLAPPED | WSA_FLAG_NO_HANDLE_INHERIT);
        if (s == INVALID_SOCKET) {
            *err = WSAGetLastError();
            continue;
        }
        /* Each address has its share of what is left, so that a dead one does not use up the time of the next. */
        *err = connect_one(s, a->ai_addr, (int)a->ai_addrlen, os_clock_mono_ms() + left(deadline) / count);
        if (*err == ERROR_SUCCESS) return s;
        closesocket(s);
    }
    return INVALID_SOCKET;
}

plt_status os_tcp_connect(os_tcp **out, const char *host, uint16_t port, uint32_t timeout_ms)
{
    uint64_t deadline = os_clock_mono_ms() + timeout_ms;
    ADDRINFOEXW *list = NULL;
    int err = WSAHOST_NOT_FOUND; /* an empty list */
    *out = NULL;
    os_tcp *t = calloc(1, sizeof *t);
    if (!t) return os_fail_as(PLT_NOMEM, "connect to", host);
    snprintf(t->name, sizeof t->name, "%.255s:%u", host, (unsigned)port);
    plt_status s = winsock_start(t->name);
    if (s == PLT_OK) s = resolve(host, port, t->name, &list, deadline);
    if (s == PLT_OK) {
        t->socket = connect_any(list, deadline, &err);
        if (t->socket == INVALID_SOCKET) s = os_fail((uint32_t)err, "connect to", t->name);
    }
    if (list) FreeAddrInfoExW(list);
    if (s == PLT_OK)
        *out = t;
    else
        free(t);
    return s;
}

plt_status os_tcp_write(os_tcp *t, const void *buf, size_t n, uint32_t timeout_ms, size_t *put)
{
    uint64_t deadline = os_clock_mono_ms() + timeout_ms;
    *put = 0;
    for (;;) {
        int w = send(t->socket, buf, n < PIECE_MAX ? (int)n : PIECE_MAX, 0);
        if (w != SOCKET_ERROR) {
            *put = (size_t)w;
            return PLT_OK;
        }
        int err = WSAGetLastError();
        if (err == WSAEWOULDBLOCK) err = wait_for(t->socket, WRITABLE, deadline);
        if (err != ERROR_SUCCESS) return os_fail((uint32_t)err, "write to", t->name);
    }
}

plt_status os_tcp_read(os_tcp *t, void *buf, size_t n, uint32_t timeout_ms, size_t *got)
{
    uint64_t deadline = os_clock_mono_ms() + timeout_ms;
    *got = 0;
    for (;;) {
        int r = recv(t->socket, buf, n < PIECE_MAX ? (int)n : PIECE_MAX, 0);
        if (r > 0) {
            *got = (size_t)r;
            return PLT_OK;
        }
        if (r == 0) return os_fail_as(PLT_CLOSED, "read from", t->name);
        int err = WSAGetLastError();
        if (err == WSAEWOULDBLOCK) err = wait_for(t->socket, READABLE, deadline);
        if (err != ERROR_SUCCESS) return os_fail((uint32_t)err, "read from", t->name);
    }
}

plt_status os_tcp_finish(os_tcp *t, uint32_t timeout_ms)
{
    uint64_t deadline = os_clock_mono_ms() + timeout_ms;
    plt_status s = PLT_OK;
    if (!t) return PLT_OK;
    shutdown(t->socket, SD_SEND);
    while (s == PLT_OK) {
        char waste[512];
        size_t got;
        s = os_tcp_read(t, waste, sizeof waste, left(deadline), &got);
    }
    closesocket(t->socket);
    free(t);
    return s == PLT_CLOSED ? PLT_OK : s;
}

void os_tcp_abort(os_tcp *t)
{
    struct linger now = {1, 0}; /* what was not sent yet is thrown away, and the peer told so */
    if (!t) return;
    setsockopt(t->socket, SOL_SOCKET, SO_LINGER, (const char *)&now, sizeof now);
    closesocket(t->socket);
    free(t);
}

/* -- this machine */

void os_machine_name(char *out, size_t size)
{
    wchar_t name[256];
    DWORD n = sizeof name / sizeof name[0];
    if (!GetComputerNameExW(ComputerNameDnsHostname, name, &n) || !wide_to(out, size, name)) plt_copy(out, size, "unknown");
}

void os_machine_system(char *out, size_t size)
{
    /* GetVersionEx tells programs what their manifest wants to hear; RtlGetVersion what is true. It is in no import library of the SDK. */
    typedef LONG(WINAPI * get_version)(OSVERSIONINFOW *);
    OSVERSIONINFOW v;
    HMODULE ntdll = GetModuleHandleW(L"ntdll.dll");
    union {
        FARPROC any;
        get_version fn;
    } u = {ntdll ? GetProcAddress(ntdll, "RtlGetVersion") : NULL};
    memset(&v, 0, sizeof v);
    v.dwOSVersionInfoSize = sizeof v;
    if (u.any && u.fn(&v) == 0)
        snprintf(out, size, "Windows %lu.%lu.%lu", v.dwMajorVersion, v.dwMinorVersion, v.dwBuildNumber);
    else
        plt_copy(out, size, "Windows");
}
