/* SPDX-License-Identifier: Apache-2.0 */
/*
 * platenmon.dll as a spooler sees it, and as a hostile caller of its Xcv interface does: loads the DLL, calls every function with
 * sense and nonsense, with the registry callbacks of a real spooler and with Wine's stubs. Input ends at a page that must not
 * be touched.
 *
 *   monitor_test DLL                   (PLATEN_DATA set; no service running)
 *   monitor_test DLL PORT QUEUE TIMES  as a spooler that gives queue and job id, with a job of its own in the queue; every second
 *                                      one is a level 2 document
 */
#include <windows.h>

#include <winspool.h>

#include <winsplp.h>

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#include "monitor_registry.h"

#define KEY_REAL L"SYSTEM\\CurrentControlSet\\Control\\Print\\Monitors\\Platen Port"
#define KEY_TEST L"SOFTWARE\\PlatenMonitorTest"

static int checks, failures;

static bool check(bool ok, const char *what, int line)
{
    checks++;
    if (ok) return true;
    failures++;
    printf("FAILED line %d: %s (last error %lu)\n", line, what, GetLastError());
    fflush(stdout);
    return false;
}
#define CHECK(x) check((x), #x, __LINE__)

/* ---- loading ---- */

typedef LPMONITOR2(WINAPI *init_fn)(PMONITORINIT, PHANDLE);

static init_fn initialize;
static MONITOR2 m2;
static HANDLE mon;

static bool load(const wchar_t *dll)
{
    HMODULE h = LoadLibraryW(dll);
    FARPROC f = h ? GetProcAddress(h, "InitializePrintMonitor2") : NULL;
    memcpy(&initialize, &f, sizeof initialize);
    return CHECK(initialize != NULL);
}

static bool begin(MONITORREG *reg, HKEY root)
{
    MONITORINIT init = {.cbSize = sizeof init, .hSpooler = spooler_cookie, .hckRegistryRoot = root, .pMonitorReg = reg, .bLocal = TRUE};
    HANDLE out = (HANDLE)1;
    CHECK(!initialize(NULL, &out) && out == NULL);
    CHECK(!initialize(&init, NULL));
    init.cbSize = 8;
    CHECK(!initialize(&init, &out) && GetLastError() == ERROR_INVALID_PARAMETER);
    init.cbSize = sizeof init;
    LPMONITOR2 p = initialize(&init, &mon);
    if (!CHECK(p && mon)) return false;
    memcpy(&m2, p, p->cbSize < sizeof m2 ? p->cbSize : sizeof m2);
    CHECK(m2.pfnEnumPorts && m2.pfnOpenPort && m2.pfnStartDocPort && m2.pfnWritePort && m2.pfnReadPort && m2.pfnEndDocPort && m2.pfnClosePort);
    CHECK(m2.pfnXcvOpenPort && m2.pfnXcvDataPort && m2.pfnXcvClosePort && m2.pfnShutdown);
    CHECK(!m2.pfnOpenPortEx && !m2.pfnAddPort && !m2.pfnDeletePort && !m2.pfnConfigurePort);
    return true;
}

/* ---- Xcv ---- */

static BYTE *fence; /* the first byte that must not be touched */

static void make_fence(void)
{
    BYTE *p = VirtualAlloc(NULL, 32 * 4096, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE);
    DWORD old;
    VirtualProtect(p + 31 * 4096, 4096, PAGE_NOACCESS, &old);
    fence = p + 31 * 4096;
}

static HANDLE xcv(ACCESS_MASK granted)
{
    HANDLE h = NULL;
    CHECK(m2.pfnXcvOpenPort(mon, L"", granted, &h) && h);
    return h;
}

static DWORD send_bytes(HANDLE h, const wchar_t *command, const void *in, DWORD n)
{
    DWORD needed = 99;
    memcpy(fence - n, in, n);
    DWORD err = m2.pfnXcvDataPort(h, command, fence - n, n, NULL, 0, &needed);
    CHECK(needed == 0);
    return err;
}

/* Text with '|' for NUL. */
static DWORD send(HANDLE h, const wchar_t *command, const wchar_t *text)
{
    wchar_t in[4000];
    size_t n = wcslen(text);
    wmemcpy(in, text, n);
    for (size_t i = 0; i < n; i++)
        if (in[i] == L'|') in[i] = 0;
    return send_bytes(h, command, in, (DWORD)(n * sizeof in[0]));
}

static void test_xcv(void)
{
    static const struct {
        const wchar_t *command, *text;
        DWORD want;
    } cases[] = {
        {L"AddPort", L"P1|tcp:127.0.0.1:9|print|", ERROR_SUCCESS},
        {L"AddPort", L"P1|tcp:127.0.0.1:9|print|", ERROR_SUCCESS}, /* the same again */
        {L"AddPort", L"P1|tcp:127.0.0.1:9|refuse|", ERROR_ALREADY_EXISTS},
        {L"AddPort", L"P1|tcp:127.0.0.2:9|print|", ERROR_ALREADY_EXISTS},
        {L"SetPort", L"P1|tcp:127.0.0.2:9|refuse|", ERROR_SUCCESS},
        {L"SetPort", L"P2|tcp:127.0.0.2:9|refuse|", ERROR_UNKNOWN_PORT},
        {L"AddPort", L"Platz Drucker \x00FC \x20AC|file:C:\\x|print|", ERROR_SUCCESS},
        {L"DeletePort", L"Platz Drucker \x00FC \x20AC|", ERROR_SUCCESS},
        {L"DeletePort", L"P2|", ERROR_UNKNOWN_PORT},
        {L"DeletePort", L"P1|", ERROR_SUCCESS},
        {L"DeletePort", L"P1|", ERROR_UNKNOWN_PORT},
        {L"DeletePort", L"P1", ERROR_INVALID_PARAMETER},
        {L"DeletePort", L"P1|x|", ERROR_INVALID_PARAMETER},
        {L"DeletePort", L"|", ERROR_UNKNOWN_PORT},
        {L"DeletePort", L"a\\b|", ERROR_UNKNOWN_PORT},
        {L"DeletePort", L"..|", ERROR_UNKNOWN_PORT},
        {L"AddPort", L"P3|tcp:127.0.0.1:9|print", ERROR_INVALID_PARAMETER},
        {L"AddPort", L"P3|tcp:127.0.0.1:9|print||", ERROR_INVALID_PARAMETER},
        {L"AddPort", L"P3|tcp:127.0.0.1:9|print|x|", ERROR_INVALID_PARAMETER},
        {L"AddPort", L"P3|tcp:127.0.0.1:9|", ERROR_INVALID_PARAMETER},
        {L"AddPort", L"P3|tcp:127.0.0.1:9|maybe|", ERROR_INVALID_PARAMETER},
        {L"AddPort", L"P3|tcp:127.0.0.1:9||", ERROR_INVALID_PARAMETER},
        {L"AddPort", L"P3||print|", ERROR_INVALID_PARAMETER},
        {L"AddPort", L"P3|tcp:127.0.0.1|print|", ERROR_INVALID_PARAMETER},
        {L"AddPort", L"P3|http://x|print|", ERROR_INVALID_PARAMETER},
        {L"AddPort", L"P3|port:P3|print|", ERROR_INVALID_PARAMETER}, /* itself */
        {L"AddPort", L"P3|port:p3|print|", ERROR_INVALID_PARAMETER},
        {L"AddPort", L"P3|port:a,b|print|", ERROR_INVALID_PARAMETER},
        {L"AddPort", L"P3|port:\xD800x|print|", ERROR_INVALID_PARAMETER}, /* half a surrogate pair */
        {L"AddPort", L"|tcp:127.0.0.1:9|print|", ERROR_INVALID_NAME},
        {L"AddPort", L"a\\b|tcp:127.0.0.1:9|print|", ERROR_INVALID_NAME},
        {L"AddPort", L"a,b|tcp:127.0.0.1:9|print|", ERROR_INVALID_NAME},
        {L"AddPort", L"a\nb|tcp:127.0.0.1:9|print|", ERROR_INVALID_NAME},
        {L"AddPort", L" a|tcp:127.0.0.1:9|print|", ERROR_INVALID_NAME},
        {L"AddPort", L"a |tcp:127.0.0.1:9|print|", ERROR_INVALID_NAME},
        {L"MonitorUI", L"x|", ERROR_NOT_SUPPORTED},
        {L"", L"x|", ERROR_INVALID_PARAMETER},
        {L"FormatDisk", L"x|", ERROR_INVALID_PARAMETER},
    };
    HANDLE h = xcv(SERVER_ACCESS_ADMINISTER), weak = xcv(SERVER_ACCESS_ENUMERATE), none = xcv(0);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        DWORD got = send(h, cases[i].command, cases[i].text);
        if (got != cases[i].want) printf("case %zu: %ls %ls: %lu, not %lu\n", i, cases[i].command, cases[i].text, got, cases[i].want);
        CHECK(got == cases[i].want);
        bool change = wcsstr(cases[i].command, L"Port") != NULL;
        DWORD denied = change ? ERROR_ACCESS_DENIED : cases[i].want;
        CHECK(send(weak, cases[i].command, cases[i].text) == denied);
        CHECK(send(none, cases[i].command, cases[i].text) == denied);
    }
    CHECK(m2.pfnXcvClosePort(h) && !m2.pfnXcvClosePort(h)); /* twice */
    CHECK(send(h, L"AddPort", L"P9|tcp:127.0.0.1:9|print|") == ERROR_INVALID_HANDLE);
    CHECK(m2.pfnXcvClosePort(weak) && m2.pfnXcvClosePort(none));
}

static void test_xcv_sizes(void)
{
    HANDLE h = xcv(SERVER_ACCESS_ADMINISTER);
    static wchar_t big[50000];
    DWORD needed;
    CHECK(m2.pfnXcvDataPort(h, L"AddPort", NULL, 0, NULL, 0, &needed) == ERROR_INVALID_PARAMETER);
    CHECK(m2.pfnXcvDataPort(h, L"AddPort", NULL, 10, NULL, 0, &needed) == ERROR_INVALID_PARAMETER);
    CHECK(m2.pfnXcvDataPort(h, L"AddPort", (PBYTE)big, 0, NULL, 0, NULL) == ERROR_INVALID_PARAMETER);
    CHECK(m2.pfnXcvDataPort(h, NULL, (PBYTE)big, 10, NULL, 0, &needed) == ERROR_INVALID_PARAMETER);
    CHECK(m2.pfnXcvDataPort(h, L"MonitorUI", NULL, 0, NULL, 0, &needed) == ERROR_NOT_SUPPORTED);
    CHECK(m2.pfnXcvDataPort(NULL, L"AddPort", NULL, 0, NULL, 0, &needed) == ERROR_INVALID_HANDLE);
    CHECK(m2.pfnXcvDataPort(INVALID_HANDLE_VALUE, L"AddPort", NULL, 0, NULL, 0, &needed) == ERROR_INVALID_HANDLE);
    CHECK(!m2.pfnXcvOpenPort(NULL, L"", SERVER_ACCESS_ADMINISTER, &h) || !"opened");
    CHECK(!m2.pfnXcvOpenPort(mon, L"", SERVER_ACCESS_ADMINISTER, NULL));
    h = xcv(SERVER_ACCESS_ADMINISTER);
    /* Names of 255 and 256 units; input past the maximum; every length of a good input but the right one. */
    for (size_t i = 0; i < 50000; i++) big[i] = L'n';
    wmemcpy(big + 255, L"\0tcp:127.0.0.1:9\0print", 23);
    CHECK(send_bytes(h, L"AddPort", big, (255 + 23) * sizeof big[0]) == ERROR_SUCCESS);
    CHECK(send_bytes(h, L"DeletePort", big, 256 * sizeof big[0]) == ERROR_SUCCESS);
    big[255] = L'n';
    wmemcpy(big + 256, L"\0tcp:127.0.0.1:9\0print", 23);
    CHECK(send_bytes(h, L"AddPort", big, (256 + 23) * sizeof big[0]) == ERROR_INVALID_NAME);
    CHECK(m2.pfnXcvDataPort(h, L"AddPort", (PBYTE)big, sizeof big, NULL, 0, &needed) == ERROR_INVALID_PARAMETER);
    CHECK(m2.pfnXcvDataPort(h, L"AddPort", (PBYTE)big, 0xFFFFFFFE, NULL, 0, &needed) == ERROR_INVALID_PARAMETER);
    static const wchar_t good[] = L"P5\0tcp:127.0.0.1:9\0print";
    for (DWORD n = 1; n < sizeof good; n++) CHECK(send_bytes(h, L"AddPort", good, n) == ERROR_INVALID_PARAMETER);
    CHECK(send_bytes(h, L"AddPort", good, sizeof good) == ERROR_SUCCESS);
    CHECK(send(h, L"AddPort", L"P6|port:P5|print|") == ERROR_INVALID_PARAMETER); /* one of ours */
    CHECK(send(h, L"DeletePort", L"P5|") == ERROR_SUCCESS);
    m2.pfnXcvClosePort(h);
}

/* Noise, and good input with a few bytes changed: nothing but Win32 codes comes back. */
static void test_xcv_noise(void)
{
    static const wchar_t good[] = L"N1\0tcp:127.0.0.1:9\0print";
    static const wchar_t *const commands[] = {L"AddPort", L"SetPort", L"DeletePort"};
    HANDLE h = xcv(SERVER_ACCESS_ADMINISTER);
    unsigned accepted = 0;
    srand(1);
    for (int i = 0; i < 6000; i++) {
        BYTE in[2048];
        DWORD n = (DWORD)rand() % (i % 2 ? 2000 : 200);
        for (DWORD b = 0; b < n; b++) in[b] = (BYTE)(rand() >> 4);
        if (i % 3 == 0) {
            n = sizeof good;
            memcpy(in, good, n);
            for (int c = rand() % 3; c >= 0; c--) in[rand() % (int)n] = (BYTE)(rand() >> 4);
        }
        DWORD err = send_bytes(h, commands[rand() % 3], in, n);
        if (err == ERROR_SUCCESS) accepted++;
    }
    printf("noise: %u of 6000 inputs were good\n", accepted);
    m2.pfnXcvClosePort(h);
}

static void test_impersonated(void)
{
    HANDLE h = xcv(SERVER_ACCESS_ADMINISTER), token = NULL;
    CHECK(ImpersonateSelf(SecurityImpersonation));
    CHECK(send(h, L"AddPort", L"P7|tcp:127.0.0.1:9|print|") == ERROR_SUCCESS);
    CHECK(OpenThreadToken(GetCurrentThread(), TOKEN_QUERY, TRUE, &token)); /* we are the client again */
    if (token) CloseHandle(token);
    CHECK(send(h, L"DeletePort", L"P7|") == ERROR_SUCCESS);
    RevertToSelf();
    m2.pfnXcvClosePort(h);
}

/* ---- ports ---- */

static bool inside(const void *p, const BYTE *from, DWORD n)
{
    const BYTE *b = p;
    if (b < from || b >= from + n) return false;
    for (; b + 1 < from + n; b += 2)
        if (b[0] == 0 && b[1] == 0) return true;
    return false;
}

static void clear_ports(HANDLE h)
{
    static BYTE buf[1 << 20];
    DWORD needed, count;
    if (!m2.pfnEnumPorts(mon, NULL, 1, buf, sizeof buf, &needed, &count)) return;
    for (DWORD i = 0; i < count; i++) {
        const wchar_t *name = ((PORT_INFO_1W *)buf)[i].pName;
        CHECK(send_bytes(h, L"DeletePort", name, (DWORD)(wcslen(name) + 1) * 2) == ERROR_SUCCESS);
    }
}

static void test_enum(void)
{
    HANDLE h = xcv(SERVER_ACCESS_ADMINISTER);
    DWORD needed = 1, count = 1, need2;
    BYTE buf[4096];
    clear_ports(h);
    CHECK(m2.pfnEnumPorts(mon, NULL, 1, NULL, 0, &needed, &count) && needed == 0 && count == 0);
    CHECK(send(h, L"AddPort", L"E1|file:x|print|") == 0 && send(h, L"AddPort", L"E22|file:x|print|") == 0 &&
          send(h, L"AddPort", L"E333|file:x|print|") == 0);
    for (DWORD level = 1; level <= 2; level++) {
        CHECK(!m2.pfnEnumPorts(mon, NULL, level, NULL, 0, &needed, &count) && GetLastError() == ERROR_INSUFFICIENT_BUFFER && count == 0);
        for (DWORD n = 0; n < needed; n++) CHECK(!m2.pfnEnumPorts(mon, NULL, level, fence - n, n, &need2, &count) && need2 == needed && count == 0);
        BYTE *at = buf;
        memset(buf, 0xAA, sizeof buf);
        CHECK(m2.pfnEnumPorts(mon, NULL, level, at, needed, &need2, &count) && count == 3 && buf[needed] == 0xAA);
        for (DWORD i = 0; i < count; i++) {
            const PORT_INFO_2W *two = (const PORT_INFO_2W *)at + i;
            const wchar_t *name = level == 1 ? ((const PORT_INFO_1W *)at)[i].pName : two->pPortName;
            CHECK(inside(name, at, needed) && name[0] == L'E' && wcslen(name) == (size_t)(name[1] - L'0') + 1);
            if (level == 2) CHECK(inside(two->pMonitorName, at, needed) && wcscmp(two->pMonitorName, L"Platen Port") == 0 && two->fPortType);
        }
    }
    CHECK(!m2.pfnEnumPorts(mon, NULL, 3, buf, sizeof buf, &needed, &count) && GetLastError() == ERROR_INVALID_LEVEL);
    CHECK(!m2.pfnEnumPorts(NULL, NULL, 1, buf, sizeof buf, &needed, &count));
    CHECK(!m2.pfnEnumPorts(mon, NULL, 1, NULL, 10, &needed, &count));
    CHECK(!m2.pfnEnumPorts(mon, NULL, 1, buf, sizeof buf, NULL, NULL));
    clear_ports(h);
    m2.pfnXcvClosePort(h);
}

/* ---- jobs ---- */

static void target_path(wchar_t *out, size_t n, int number)
{
    wchar_t temp[MAX_PATH];
    GetTempPathW(MAX_PATH, temp);
    swprintf(out, n, L"%lsplaten-monitor-test-%d.prn", temp, number);
}

static bool add_file_port(HANDLE h, int number, const wchar_t *rule)
{
    wchar_t path[MAX_PATH], text[700];
    target_path(path, MAX_PATH, number);
    swprintf(text, 700, L"F%d|file:%ls|%ls|", number, path, rule);
    return send(h, L"AddPort", text) == ERROR_SUCCESS;
}

static BYTE pattern(size_t i)
{
    return (BYTE)(i ^ i >> 8 ^ i >> 16);
}

static bool file_is_pattern(int number, size_t n)
{
    wchar_t path[MAX_PATH];
    BYTE room[65536];
    size_t at = 0, got;
    target_path(path, MAX_PATH, number);
    FILE *f = _wfopen(path, L"rb");
    if (!f) return false;
    while ((got = fread(room, 1, sizeof room, f)) > 0)
        for (size_t i = 0; i < got; i++, at++)
            if (room[i] != pattern(at)) {
                fclose(f);
                return false;
            }
    fclose(f);
    return at == n;
}

static bool print_on(HANDLE port, DWORD level, size_t n, DWORD chunk)
{
    wchar_t name[] = L"Document \x00E9", raw[] = L"RAW";
    DOC_INFO_2W doc = {name, NULL, raw, 0, 0};
    BYTE room[70000];
    DWORD put;
    bool ok = m2.pfnStartDocPort(port, NULL, 0, level, (BYTE *)&doc);
    for (size_t at = 0; ok && at < n; at += put) {
        DWORD some = n - at < chunk ? (DWORD)(n - at) : chunk;
        for (DWORD i = 0; i < some; i++) room[i] = pattern(at + i);
        ok = m2.pfnWritePort(port, room, some, &put) && put == some;
    }
    return m2.pfnEndDocPort(port) && ok;
}

static void test_job(void)
{
    HANDLE h = xcv(SERVER_ACCESS_ADMINISTER), p = NULL, other = NULL;
    DOC_INFO_1W doc = {NULL, NULL, NULL};
    BYTE buf[16];
    DWORD n;
    CHECK(add_file_port(h, 1, L"print") && add_file_port(h, 2, L"refuse"));
    CHECK(!m2.pfnOpenPort(mon, (WCHAR[]){L"F9"}, &p) && GetLastError() == ERROR_UNKNOWN_PORT && !p);
    CHECK(!m2.pfnOpenPort(mon, NULL, &p) && !m2.pfnOpenPort(NULL, (WCHAR[]){L"F1"}, &p) && !m2.pfnOpenPort(mon, (WCHAR[]){L"F1"}, NULL));
    CHECK(!m2.pfnOpenPort(mon, (WCHAR[]){L"a\\b"}, &p));
    if (!CHECK(m2.pfnOpenPort(mon, (WCHAR[]){L"F1"}, &p) && m2.pfnOpenPort(mon, (WCHAR[]){L"F2"}, &other))) return;
    CHECK(!m2.pfnWritePort(p, buf, 1, &n) && GetLastError() == ERROR_SPL_NO_STARTDOC);
    CHECK(!m2.pfnReadPort(p, buf, 1, &n) && GetLastError() == ERROR_SPL_NO_STARTDOC);
    CHECK(!m2.pfnEndDocPort(p) && GetLastError() == ERROR_SPL_NO_STARTDOC);
    CHECK(!m2.pfnStartDocPort(p, NULL, 0, 3, (BYTE *)&doc) && GetLastError() == ERROR_INVALID_LEVEL);
    CHECK(!m2.pfnStartDocPort(p, NULL, 0, 1, NULL) && GetLastError() == ERROR_INVALID_PARAMETER);
    CHECK(!m2.pfnStartDocPort(NULL, NULL, 0, 1, (BYTE *)&doc) && !m2.pfnStartDocPort(INVALID_HANDLE_VALUE, NULL, 0, 1, (BYTE *)&doc));
    CHECK(m2.pfnStartDocPort(p, NULL, 0, 1, (BYTE *)&doc));
    CHECK(!m2.pfnStartDocPort(p, NULL, 0, 1, (BYTE *)&doc) && GetLastError() == ERROR_BUSY);
    CHECK(send(h, L"DeletePort", L"F1|") == ERROR_BUSY);
    CHECK(!m2.pfnWritePort(p, NULL, 5, &n) && !m2.pfnWritePort(p, buf, 5, NULL) && !m2.pfnWritePort(NULL, buf, 5, &n));
    CHECK(m2.pfnWritePort(p, buf, 0, &n) && n == 0);
    CHECK(m2.pfnReadPort(p, buf, sizeof buf, &n) && n == 0);
    CHECK(m2.pfnEndDocPort(p) && !m2.pfnEndDocPort(p));
    static const size_t sizes[] = {0, 1, 4096, 70001, 3000017};
    static const DWORD chunks[] = {1, 7, 4096, 65537, 70000};
    for (size_t i = 0; i < 5; i++) {
        CHECK(print_on(p, 1 + (DWORD)i % 2, sizes[i], sizes[i] > 100000 && chunks[i] < 100 ? 4095 : chunks[i]));
        CHECK(file_is_pattern(1, sizes[i]));
    }
    CHECK(print_on(other, 1, 100000, 4096)); /* refused: swallowed with success */
    CHECK(!file_is_pattern(2, 100000));
    CHECK(m2.pfnStartDocPort(p, NULL, 0, 1, (BYTE *)&doc)); /* a job left open by the spooler */
    CHECK(m2.pfnClosePort(p) && m2.pfnClosePort(other));
    CHECK(!m2.pfnClosePort(NULL));
    CHECK(send(h, L"DeletePort", L"F1|") == ERROR_SUCCESS && send(h, L"DeletePort", L"F2|") == ERROR_SUCCESS);
    m2.pfnXcvClosePort(h);
}

/* A port whose registry was spoilt by hand says so and hurts nobody. */
static void test_spoilt_registry(HKEY root)
{
    static const struct {
        DWORD type, size;
        const void *data;
    } cases[] = {{REG_DWORD, 4, "\1\0\0\0"},  {REG_SZ, 0, ""},          {REG_SZ, 3, "t\0c"},
                 {REG_SZ, 8, "n\0o\0n\0e\0"}, {REG_BINARY, 5, "12345"}, {REG_SZ, 4000, NULL}};
    HKEY key;
    static BYTE long_text[4000];
    DOC_INFO_1W doc = {NULL, NULL, NULL};
    memset(long_text, 'a', sizeof long_text);
    CHECK(RegCreateKeyExW(root, L"Ports\\Spoilt", 0, NULL, 0, KEY_ALL_ACCESS, NULL, &key, NULL) == ERROR_SUCCESS);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        HANDLE p = NULL;
        RegSetValueExW(key, L"Target", 0, cases[i].type, cases[i].data ? cases[i].data : long_text, cases[i].size);
        CHECK(m2.pfnOpenPort(mon, (WCHAR[]){L"Spoilt"}, &p));
        CHECK(!m2.pfnStartDocPort(p, NULL, 0, 1, (BYTE *)&doc) && GetLastError() == ERROR_INVALID_DATA);
        CHECK(m2.pfnClosePort(p));
    }
    RegCloseKey(key);
    HANDLE h = xcv(SERVER_ACCESS_ADMINISTER);
    CHECK(send(h, L"DeletePort", L"Spoilt|") == ERROR_SUCCESS);
    m2.pfnXcvClosePort(h);
}

/* ---- many at once ---- */

static LONG bad_jobs;

static DWORD WINAPI one_printer(void *arg)
{
    int number = (int)(intptr_t)arg;
    wchar_t name[16];
    HANDLE p;
    swprintf(name, 16, L"F%d", number);
    if (!m2.pfnOpenPort(mon, name, &p))
        InterlockedIncrement(&bad_jobs);
    else {
        for (int i = 0; i < 8; i++)
            if (!print_on(p, 1, 100000 + (size_t)number * 1000, 4096) || !file_is_pattern(number, 100000 + (size_t)number * 1000))
                InterlockedIncrement(&bad_jobs);
        m2.pfnClosePort(p);
    }
    return 0;
}

static void test_many(void)
{
    HANDLE h = xcv(SERVER_ACCESS_ADMINISTER), threads[4];
    BYTE buf[4096];
    DWORD needed, count;
    for (int i = 0; i < 4; i++) CHECK(add_file_port(h, 10 + i, L"print"));
    for (int i = 0; i < 4; i++) threads[i] = CreateThread(NULL, 0, one_printer, (void *)(intptr_t)(10 + i), 0, NULL);
    while (WaitForMultipleObjects(4, threads, TRUE, 0) == WAIT_TIMEOUT) {
        CHECK(m2.pfnEnumPorts(mon, NULL, 2, buf, sizeof buf, &needed, &count) && count >= 4);
        CHECK(send(h, L"AddPort", L"Other|tcp:127.0.0.1:9|print|") == ERROR_SUCCESS);
        CHECK(send(h, L"DeletePort", L"Other|") == ERROR_SUCCESS);
    }
    CHECK(bad_jobs == 0);
    clear_ports(h);
    m2.pfnXcvClosePort(h);
}

static void test_unreachable(void)
{
    HANDLE h = xcv(SERVER_ACCESS_ADMINISTER), p = NULL;
    CHECK(send(h, L"AddPort", L"Inner|port:No such port|print|") == ERROR_SUCCESS);
    DOC_INFO_1W doc = {NULL, NULL, NULL};
    CHECK(m2.pfnOpenPort(mon, (WCHAR[]){L"Inner"}, &p));
    CHECK(!m2.pfnStartDocPort(p, NULL, 0, 1, (BYTE *)&doc) && GetLastError() != ERROR_SUCCESS);
    printf("an inner port that is not there: error %lu\n", GetLastError());
    CHECK(m2.pfnClosePort(p));
    clear_ports(h);
    m2.pfnXcvClosePort(h);
}

static void all(HKEY root)
{
    test_xcv();
    test_xcv_sizes();
    test_xcv_noise();
    test_impersonated();
    test_enum();
    test_job();
    test_spoilt_registry(root);
    test_many();
    test_unreachable();
    HANDLE left = xcv(SERVER_ACCESS_ADMINISTER);
    m2.pfnShutdown(mon);
    CHECK(!m2.pfnXcvClosePort(left)); /* forgotten by then, not freed twice */
    m2.pfnShutdown(NULL);
}

/* Wine's spooler names neither queue nor job; this one does, and asks for copies, duplex, colour and A4. */
static int print_with_job(wchar_t *port_name, wchar_t *queue, int times)
{
    wchar_t title[] = L"Spooled \x00E9", raw[] = L"RAW";
    DEVMODEW mode = {.dmSize = sizeof mode,
                     .dmFields = DM_COPIES | DM_DUPLEX | DM_COLOR | DM_PAPERSIZE,
                     .dmCopies = 3,
                     .dmDuplex = DMDUP_VERTICAL,
                     .dmColor = DMCOLOR_COLOR,
                     .dmPaperSize = DMPAPER_A4};
    PRINTER_DEFAULTSW want = {raw, &mode, PRINTER_ACCESS_USE};
    DOC_INFO_2W doc = {title, NULL, raw, 0, 0};
    BYTE bytes[] = "0123456789";
    HKEY root;
    HANDLE port, printer;
    DWORD put;
    RegOpenKeyExW(HKEY_LOCAL_MACHINE, KEY_REAL, 0, KEY_READ, &root);
    if (!begin(&stub_registry, root) || !CHECK(m2.pfnOpenPort(mon, port_name, &port))) return 1;
    RegCloseKey(root);
    for (int i = 0; i < times; i++) {
        if (!CHECK(OpenPrinterW(queue, &printer, &want))) return 1;
        DWORD job = StartDocPrinterW(printer, 1, (BYTE *)&doc);
        CHECK(job != 0);
        CHECK(m2.pfnStartDocPort(port, queue, job, 1 + (DWORD)i % 2, (BYTE *)&doc));
        CHECK(m2.pfnWritePort(port, bytes, 10, &put) && put == 10);
        CHECK(m2.pfnEndDocPort(port));
        ClosePrinter(printer);
    }
    CHECK(m2.pfnClosePort(port));
    m2.pfnShutdown(mon);
    printf("%d checks, %d failures\n", checks, failures);
    return failures ? 1 : 0;
}

int wmain(int argc, wchar_t **argv);

int wmain(int argc, wchar_t **argv)
{
    HKEY root;
    if (argc < 2 || !load(argv[1])) return 2;
    if (argc > 4) return print_with_job(argv[2], argv[3], (int)wcstol(argv[4], NULL, 10));
    make_fence();
    RegCreateKeyExW(HKEY_LOCAL_MACHINE, KEY_TEST, 0, NULL, 0, KEY_ALL_ACCESS, NULL, &root, NULL);
    if (begin(&real_registry, root)) all(root);
    CHECK(callbacks > 100);
    CHECK(strangers == 0);
    RegCloseKey(root);
    RegDeleteTreeW(HKEY_LOCAL_MACHINE, KEY_TEST);
    printf("with a spooler's registry callbacks: %d checks, %d failures\n", checks, failures);
    RegCreateKeyExW(HKEY_LOCAL_MACHINE, KEY_REAL, 0, NULL, 0, KEY_ALL_ACCESS, NULL, &root, NULL);
    HKEY passed;
    RegOpenKeyExW(HKEY_LOCAL_MACHINE, KEY_REAL, 0, KEY_READ, &passed);
    int before = callbacks;
    if (begin(&stub_registry, passed)) {
        RegCloseKey(passed); /* as Wine does after initialisation */
        all(root);
    }
    CHECK(callbacks == before);
    RegCloseKey(root);
    printf("%d checks, %d failures\n", checks, failures);
    return failures ? 1 : 0;
}
