/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The spooler's client side. Nothing here runs inside the spooler. A queue whose name or port does not fit is left out and logged: a cut name
 * would be another queue's.
 */
#include "os/spooler.h"

#include <windows.h>

#include <winspool.h>

#include <stdlib.h>
#include <string.h>

#include "os/error.h"
#include "os/file.h"
#include "os/log.h"
#include "os/windows/last_error.h"
#include "os/windows/wide.h"

#define MONITOR L"Platen Port"
#define ENVIRONMENT L"Windows x64"
#define PORTS_KEY L"SYSTEM\\CurrentControlSet\\Control\\Print\\Monitors\\" MONITOR L"\\Ports"
#define TARGET_MAX 1024 /* characters of a port's target */

/* -- queues */

/* All local queues in one block, freed with free(); NULL on failure, *s says why. */
static PRINTER_INFO_2W *queues_load(DWORD *count, plt_status *s)
{
    DWORD need = 4096, room = 0;
    BYTE *block = NULL;
    *count = 0;
    *s = PLT_OK;
    /* Between two calls somebody may add a queue: ask again, but not for ever. */
    for (int tries = 0; tries < 8; tries++) {
        free(block);
        room = need;
        block = calloc(1, room);
        if (!block) {
            *s = os_fail_as(PLT_NOMEM, "list", "the print queues");
            return NULL;
        }
        if (EnumPrintersW(PRINTER_ENUM_LOCAL, NULL, 2, block, room, &need, count)) return (PRINTER_INFO_2W *)(void *)block;
        DWORD err = last_error();
        if (err != ERROR_INSUFFICIENT_BUFFER || need <= room) {
            *s = os_fail(err, "list", "the print queues");
            break;
        }
    }
    if (*s == PLT_OK) *s = os_fail_as(PLT_BUSY, "list", "the print queues");
    free(block);
    return NULL;
}

static bool queue_read(const PRINTER_INFO_2W *in, os_queue *out)
{
    memset(out, 0, sizeof *out);
    if (!in->pPrinterName || !wide_to(out->name, sizeof out->name, in->pPrinterName)) return false;
    if (in->pPortName && !wide_to(out->port, sizeof out->port, in->pPortName)) return false;
    if (in->pDriverName) (void)wide_to(out->driver, sizeof out->driver, in->pDriverName);
    out->jobs = in->cJobs;
    return true;
}

plt_status os_spooler_queues(bool (*fn)(void *ctx, const os_queue *q), void *ctx)
{
    DWORD count;
    plt_status s;
    PRINTER_INFO_2W *all = queues_load(&count, &s);
    if (!all) return s;
    for (DWORD i = 0; i < count; i++) {
        os_queue q;
        if (!queue_read(&all[i], &q))
            os_log(OS_LOG_WARN, "a print queue is left out: the name of it or of its port is too long");
        else if (!fn(ctx, &q))
            break;
    }
    free(all);
    return PLT_OK;
}

/* A handle on a queue, a port or a monitor ("name,Kind"). */
static DWORD printer_open(HANDLE *out, wchar_t *name, ACCESS_MASK access)
{
    PRINTER_DEFAULTSW defaults = {NULL, NULL, access};
    *out = NULL;
    return OpenPrinterW(name, out, &defaults) ? ERROR_SUCCESS : last_error();
}

static DWORD queue_move(HANDLE queue, wchar_t *port)
{
    DWORD need = 0, err = ERROR_SUCCESS;
    GetPrinterW(queue, 2, NULL, 0, &need);
    PRINTER_INFO_2W *info = need ? calloc(1, need) : NULL;
    if (!info) return need ? ERROR_NOT_ENOUGH_MEMORY : last_error();
    if (GetPrinterW(queue, 2, (BYTE *)info, need, &need)) {
        info->pPortName = port;
        info->pSecurityDescriptor = NULL; /* leaves the queue's rights as they are */
        if (!SetPrinterW(queue, 2, (BYTE *)info, 0)) err = last_error();
    } else {
        err = last_error();
    }
    free(info);
    return err;
}

plt_status os_spooler_queue_set_port(const char *queue, const char *port)
{
    wchar_t wide_queue[OS_QUEUE_NAME_MAX], wide_port[OS_PORT_NAME_MAX];
    HANDLE h;
    if (!wide_from(wide_queue, OS_QUEUE_NAME_MAX, queue) || !wide_from(wide_port, OS_PORT_NAME_MAX, port))
        return os_fail_as(PLT_BAD, "set the port of the queue", queue);
    DWORD err = printer_open(&h, wide_queue, PRINTER_ALL_ACCESS);
    if (err == ERROR_SUCCESS) {
        err = queue_move(h, wide_port);
        ClosePrinter(h);
    }
    return err == ERROR_SUCCESS ? PLT_OK : os_fail(err, "set the port of the queue", queue);
}

/* -- jobs */

#define PIECE 65536
#define JOBS_MAX 10000 /* of a queue, looked at */

static DWORD feed(HANDLE queue, os_file *f)
{
    BYTE *piece = malloc(PIECE);
    DWORD err = piece ? ERROR_SUCCESS : ERROR_NOT_ENOUGH_MEMORY;
    size_t got = 0;
    while (err == ERROR_SUCCESS) {
        if (os_file_read(f, piece, PIECE, &got) != PLT_OK) err = ERROR_READ_FAULT;
        if (err != ERROR_SUCCESS || !got) break;
        for (size_t at = 0; at < got && err == ERROR_SUCCESS;) {
            DWORD put = 0;
            if (!WritePrinter(queue, piece + at, (DWORD)(got - at), &put)) err = last_error();
            if (err == ERROR_SUCCESS && !put) err = ERROR_WRITE_FAULT;
            at += put;
        }
    }
    free(piece);
    return err;
}

plt_status os_spooler_print(const char *queue, const char *document, const char *path)
{
    wchar_t name[OS_QUEUE_NAME_MAX], title[1024], raw[] = L"RAW";
    DOC_INFO_1W doc = {title, NULL, raw};
    HANDLE h;
    os_file *f;
    if (!wide_from(name, OS_QUEUE_NAME_MAX, queue) || !wide_from(title, 1024, document)) return os_fail_as(PLT_BAD, "print to the queue", queue);
    plt_status s = os_file_open(&f, path, OS_FILE_READ);
    if (s != PLT_OK) return s;
    DWORD err = printer_open(&h, name, PRINTER_ACCESS_USE);
    if (err == ERROR_SUCCESS) {
        if (!StartDocPrinterW(h, 1, (BYTE *)&doc)) err = last_error();
        if (err == ERROR_SUCCESS) {
            err = feed(h, f);
            if (err != ERROR_SUCCESS)
                AbortPrinter(h);
            else if (!EndDocPrinter(h))
                err = last_error();
        }
        ClosePrinter(h);
    }
    os_file_close(f);
    if (err == ERROR_INVALID_PRINTER_NAME || err == ERROR_UNKNOWN_PRINTER_DRIVER) return os_fail_as(PLT_NOTFOUND, "print to the queue", queue);
    return err == ERROR_SUCCESS ? PLT_OK : os_fail(err, "print to the queue", queue);
}

plt_status os_spooler_has(const char *queue, const char *document)
{
    wchar_t name[OS_QUEUE_NAME_MAX], title[1024];
    HANDLE h;
    DWORD need = 0, count = 0;
    bool found = false;
    if (!wide_from(name, OS_QUEUE_NAME_MAX, queue) || !wide_from(title, 1024, document)) return os_fail_as(PLT_BAD, "look into the queue", queue);
    DWORD err = printer_open(&h, name, PRINTER_ACCESS_USE);
    if (err != ERROR_SUCCESS) return os_fail(err, "look into the queue", queue);
    EnumJobsW(h, 0, JOBS_MAX, 1, NULL, 0, &need, &count);
    JOB_INFO_1W *jobs = calloc(1, need ? need : 1);
    if (!jobs)
        err = ERROR_NOT_ENOUGH_MEMORY;
    else if (need && !EnumJobsW(h, 0, JOBS_MAX, 1, (BYTE *)jobs, need, &need, &count))
        err = last_error(); /* grown in between: the caller asks again */
    for (DWORD i = 0; err == ERROR_SUCCESS && i < count && !found; i++) found = jobs[i].pDocument && wcscmp(jobs[i].pDocument, title) == 0;
    free(jobs);
    ClosePrinter(h);
    if (err != ERROR_SUCCESS) return os_fail(err, "look into the queue", queue);
    return found ? PLT_OK : PLT_NOTFOUND;
}

/* -- our ports */

/* The monitor answers with a Win32 code of its own; XcvData's result only says that the question arrived. */
static DWORD monitor_ask(const wchar_t *question, wchar_t *data, size_t chars)
{
    wchar_t name[] = L",XcvMonitor " MONITOR;
    HANDLE h;
    DWORD answer = ERROR_SUCCESS, need = 0;
    DWORD err = printer_open(&h, name, SERVER_ACCESS_ADMINISTER);
    if (err != ERROR_SUCCESS) return err;
    if (!XcvDataW(h, question, (BYTE *)data, (DWORD)(chars * sizeof *data), NULL, 0, &need, &answer)) answer = last_error();
    ClosePrinter(h);
    return answer;
}

/* Appends a string and its terminator. */
static bool pack(wchar_t *data, size_t cap, size_t *at, const char *s)
{
    if (!wide_from(data + *at, cap - *at, s)) return false;
    *at += wcslen(data + *at) + 1;
    return true;
}

plt_status os_spooler_port_add(const char *port, const char *target, bool refuse)
{
    wchar_t data[OS_PORT_NAME_MAX + TARGET_MAX + 8];
    const size_t cap = sizeof data / sizeof data[0];
    size_t at = 0;
    if (!*port || !*target || !pack(data, cap, &at, port) || at > OS_PORT_NAME_MAX || !pack(data, cap, &at, target) ||
        !pack(data, cap, &at, refuse ? "refuse" : "print"))
        return os_fail_as(PLT_BAD, "add the port", port);
    DWORD err = monitor_ask(L"AddPort", data, at);
    return err == ERROR_SUCCESS ? PLT_OK : os_fail(err, "add the port", port);
}

plt_status os_spooler_port_delete(const char *port)
{
    wchar_t data[OS_PORT_NAME_MAX];
    size_t at = 0;
    if (!*port || !pack(data, OS_PORT_NAME_MAX, &at, port)) return os_fail_as(PLT_BAD, "delete the port", port);
    DWORD err = monitor_ask(L"DeletePort", data, at);
    return err == ERROR_SUCCESS ? PLT_OK : os_fail(err, "delete the port", port);
}

/* One port's settings; false when it has no target or what it has does not fit. */
static bool port_read(HKEY ports, const wchar_t *name, char *target, size_t size, bool *refuse)
{
    wchar_t wide[TARGET_MAX];
    DWORD n = sizeof wide, v = 0, m = sizeof v;
    if (RegGetValueW(ports, name, L"Target", RRF_RT_REG_SZ, NULL, wide, &n) != ERROR_SUCCESS) return false;
    *refuse = RegGetValueW(ports, name, L"Refuse", RRF_RT_REG_DWORD, NULL, &v, &m) == ERROR_SUCCESS && v != 0;
    return wide_to(target, size, wide);
}

plt_status os_spooler_ports(bool (*fn)(void *ctx, const char *port, const char *target, bool refuse), void *ctx)
{
    HKEY ports;
    LSTATUS err = RegOpenKeyExW(HKEY_LOCAL_MACHINE, PORTS_KEY, 0, KEY_READ | KEY_WOW64_64KEY, &ports);
    if (err == ERROR_FILE_NOT_FOUND) return PLT_OK; /* no monitor or no port yet */
    if (err != ERROR_SUCCESS) return os_fail((uint32_t)err, "list", "our ports");
    for (DWORD i = 0;; i++) {
        wchar_t wide[256]; /* a key's name has at most 255 characters */
        char port[OS_PORT_NAME_MAX], target[TARGET_MAX * 3];
        DWORD n = sizeof wide / sizeof wide[0];
        bool refuse;
        err = RegEnumKeyExW(ports, i, wide, &n, NULL, NULL, NULL, NULL);
        if (err != ERROR_SUCCESS) break;
        if (!wide_to(port, sizeof port, wide) || !port_read(ports, wide, target, sizeof target, &refuse))
            os_log(OS_LOG_WARN, "one of our ports is left out: it has no target, or a name that is too long");
        else if (!fn(ctx, port, target, refuse))
            break;
    }
    RegCloseKey(ports);
    return err == ERROR_SUCCESS || err == ERROR_NO_MORE_ITEMS ? PLT_OK : os_fail((uint32_t)err, "list", "our ports");
}

/* -- our monitor */

/* Adding a monitor asks for this privilege; administrators and SYSTEM have it, switched off. Without it the call itself says so. */
static void privilege_enable(void)
{
    TOKEN_PRIVILEGES p = {1, {{{0, 0}, SE_PRIVILEGE_ENABLED}}};
    HANDLE token;
    if (!OpenProcessToken(GetCurrentProcess(), TOKEN_ADJUST_PRIVILEGES, &token)) return;
    if (LookupPrivilegeValueW(NULL, L"SeLoadDriverPrivilege", &p.Privileges[0].Luid)) AdjustTokenPrivileges(token, FALSE, &p, 0, NULL, NULL);
    CloseHandle(token);
}

plt_status os_spooler_monitor_add(const char *dll_name)
{
    wchar_t name[] = MONITOR, environment[] = ENVIRONMENT, dll[MAX_PATH];
    MONITOR_INFO_2W info = {name, environment, dll};
    if (!wide_from(dll, MAX_PATH, dll_name)) return os_fail_as(PLT_BAD, "add the monitor", dll_name);
    privilege_enable();
    if (AddMonitorW(NULL, 2, (BYTE *)&info)) return PLT_OK;
    DWORD err = last_error();
    return err == ERROR_PRINT_MONITOR_ALREADY_INSTALLED ? PLT_OK : os_fail(err, "add the monitor", dll_name);
}

plt_status os_spooler_monitor_delete(void)
{
    wchar_t name[] = MONITOR, environment[] = ENVIRONMENT;
    privilege_enable();
    if (DeleteMonitorW(NULL, environment, name)) return PLT_OK;
    DWORD err = last_error();
    return err == ERROR_UNKNOWN_PRINT_MONITOR ? PLT_OK : os_fail(err, "delete the monitor", OS_MONITOR_NAME);
}
