/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What an installer does, by hand and step by step, for tests and the demo (Wine, or a real machine as administrator).
 *
 *   setup_queue monitor NAME DLL             register a port monitor whose DLL is in system32
 *   setup_queue unmonitor NAME
 *   setup_queue xcv MONITOR COMMAND [TEXT...]  XcvData with NUL-terminated UTF-16 strings
 *   setup_queue plainport PORT HOST:PORT     a port of the bench's peer monitor, in the registry
 *   setup_queue raw QUEUE PORT               a queue for raw jobs (print processor winprint)
 *   setup_queue ps QUEUE PORT PPD            a queue for GDI: driver and print processor wineps (Wine)
 *   setup_queue unqueue QUEUE
 */
#include <windows.h>

#include <winspool.h>

#include <stdio.h>
#include <stdlib.h>
#include <wchar.h>

static wchar_t environment[] = L"Windows x64", raw_type[] = L"RAW", winprint[] = L"winprint", wineps[] = L"wineps", wineps_file[] = L"wineps.drv";

static int done(const char *what, BOOL ok)
{
    DWORD err = ok ? 0 : GetLastError();
    printf("%s: %s (%lu)\n", what, ok ? "ok" : "failed", err);
    fflush(stdout);
    return ok ? 0 : 1;
}

/* There already is as good as made. */
static BOOL or_is_there(BOOL ok, DWORD code)
{
    return ok || GetLastError() == code;
}

static int add_monitor(wchar_t *name, wchar_t *dll)
{
    MONITOR_INFO_2W m = {name, environment, dll};
    return done("AddMonitor", or_is_there(AddMonitorW(NULL, 2, (BYTE *)&m), ERROR_PRINT_MONITOR_ALREADY_INSTALLED));
}

static int xcv(const wchar_t *monitor, const wchar_t *command, int n, wchar_t **text)
{
    wchar_t name[300], in[2048];
    DWORD used = 0, needed = 0, status = 0;
    PRINTER_DEFAULTSW want = {NULL, NULL, SERVER_ACCESS_ADMINISTER};
    HANDLE h;
    swprintf(name, 300, L",XcvMonitor %ls", monitor);
    for (int i = 0; i < n; i++) {
        size_t len = wcslen(text[i]) + 1;
        if (used + len > 2048) return 2;
        wmemcpy(in + used, text[i], len);
        used += (DWORD)len;
    }
    if (!OpenPrinterW(name, &h, &want)) return done("OpenPrinter XcvMonitor", FALSE);
    BOOL ok = XcvDataW(h, command, (BYTE *)in, used * sizeof in[0], NULL, 0, &needed, &status);
    if (ok) SetLastError(status);
    ClosePrinter(h);
    return done("XcvData", ok && status == ERROR_SUCCESS);
}

static int plain_port(const wchar_t *port, const wchar_t *target)
{
    wchar_t path[512];
    HKEY key;
    swprintf(path, 512, L"SYSTEM\\CurrentControlSet\\Control\\Print\\Monitors\\Plain Port\\Ports\\%ls", port);
    LONG err = RegCreateKeyExW(HKEY_LOCAL_MACHINE, path, 0, NULL, 0, KEY_ALL_ACCESS, NULL, &key, NULL);
    if (err == ERROR_SUCCESS) {
        err = RegSetValueExW(key, L"Target", 0, REG_SZ, (const BYTE *)target, (DWORD)((wcslen(target) + 1) * sizeof(wchar_t)));
        RegCloseKey(key);
    }
    SetLastError((DWORD)err);
    return done("registry", err == ERROR_SUCCESS);
}

static BOOL add_driver(wchar_t *name, wchar_t *file, wchar_t *data)
{
    DRIVER_INFO_3W d = {.cVersion = 3,
                        .pName = name,
                        .pEnvironment = environment,
                        .pDriverPath = file,
                        .pDataFile = data,
                        .pConfigFile = file,
                        .pDefaultDataType = raw_type};
    return or_is_there(AddPrinterDriverExW(NULL, 3, (BYTE *)&d, APD_COPY_NEW_FILES | APD_COPY_FROM_DIRECTORY),
                       ERROR_PRINTER_DRIVER_ALREADY_INSTALLED);
}

static int add_queue(wchar_t *queue, wchar_t *port, wchar_t *driver, wchar_t *processor)
{
    PRINTER_INFO_2W p = {.pPrinterName = queue,
                         .pPortName = port,
                         .pDriverName = driver,
                         .pPrintProcessor = processor,
                         .pDatatype = raw_type,
                         .Attributes = PRINTER_ATTRIBUTE_LOCAL};
    HANDLE h = AddPrinterW(NULL, 2, (BYTE *)&p);
    int code = done("AddPrinter", h != NULL || GetLastError() == ERROR_PRINTER_ALREADY_EXISTS);
    if (h) ClosePrinter(h);
    return code;
}

static int raw_queue(wchar_t *queue, wchar_t *port)
{
    wchar_t driver[] = L"Platen Lab Raw", file[] = L"localspl.dll";
    if (done("AddPrinterDriverEx", add_driver(driver, file, file)) != 0) return 1;
    return add_queue(queue, port, driver, winprint);
}

/* As Wine's own CUPS code registers a printer, but on another port. The driver's name is the queue's, so that each has its PPD. */
static int ps_queue(wchar_t *queue, wchar_t *port, wchar_t *ppd)
{
    if (done("AddPrintProcessor", or_is_there(AddPrintProcessorW(NULL, environment, wineps_file, wineps), ERROR_ALREADY_EXISTS)) != 0) return 1;
    if (done("AddPrinterDriverEx", add_driver(queue, wineps_file, ppd)) != 0) return 1;
    return add_queue(queue, port, queue, wineps);
}

static int delete_queue(wchar_t *queue)
{
    HANDLE h;
    PRINTER_DEFAULTSW want = {NULL, NULL, PRINTER_ALL_ACCESS};
    if (!OpenPrinterW(queue, &h, &want)) return done("OpenPrinter", FALSE);
    int code = done("DeletePrinter", DeletePrinter(h));
    ClosePrinter(h);
    return code;
}

int wmain(int argc, wchar_t **argv); /* the C runtime calls it; no header declares it */

int wmain(int argc, wchar_t **argv)
{
    const wchar_t *what = argc > 1 ? argv[1] : L"";
    if (wcscmp(what, L"monitor") == 0 && argc == 4) return add_monitor(argv[2], argv[3]);
    if (wcscmp(what, L"unmonitor") == 0 && argc == 3) return done("DeleteMonitor", DeleteMonitorW(NULL, environment, argv[2]));
    if (wcscmp(what, L"xcv") == 0 && argc >= 4) return xcv(argv[2], argv[3], argc - 4, argv + 4);
    if (wcscmp(what, L"plainport") == 0 && argc == 4) return plain_port(argv[2], argv[3]);
    if (wcscmp(what, L"raw") == 0 && argc == 4) return raw_queue(argv[2], argv[3]);
    if (wcscmp(what, L"ps") == 0 && argc == 5) return ps_queue(argv[2], argv[3], argv[4]);
    if (wcscmp(what, L"unqueue") == 0 && argc == 3) return delete_queue(argv[2]);
    fprintf(stderr, "setup_queue: see the top of tests/lab/setup_queue.c\n");
    return 2;
}
