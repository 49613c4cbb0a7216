/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A raw job to a queue, as an application sends it: OpenPrinter, StartDocPrinter "RAW", WritePrinter, EndDocPrinter. One JSON
 * line with the times; port_us is when EndDocPrinter was called (under Wine the port's part of the way begins there), in
 * microseconds of UTC.
 *
 *   winprint_raw QUEUE FILE [DOCNAME [TIMES]]
 */
#include <windows.h>

#include <winspool.h>

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <wchar.h>

#define CHUNK (256u << 10)

static uint64_t utc_us(void)
{
    FILETIME t;
    GetSystemTimePreciseAsFileTime(&t);
    return (((uint64_t)t.dwHighDateTime << 32 | t.dwLowDateTime) - UINT64_C(116444736000000000)) / 10;
}

static int fail(const char *what)
{
    printf("{\"ok\":0,\"what\":\"%s\",\"error\":%lu}\n", what, GetLastError());
    fflush(stdout);
    return 1;
}

static int print_once(wchar_t *queue, const wchar_t *path, wchar_t *name, BYTE *room)
{
    HANDLE printer, file;
    wchar_t raw[] = L"RAW";
    DOC_INFO_1W doc = {name, NULL, raw};
    DWORD n, put;
    uint64_t bytes = 0, began = utc_us(), port;
    file = CreateFileW(path, GENERIC_READ, FILE_SHARE_READ, NULL, OPEN_EXISTING, 0, NULL);
    if (file == INVALID_HANDLE_VALUE) return fail("file");
    if (!OpenPrinterW(queue, &printer, NULL)) return fail("OpenPrinter");
    if (!StartDocPrinterW(printer, 1, (BYTE *)&doc)) return fail("StartDocPrinter");
    while (ReadFile(file, room, CHUNK, &n, NULL) && n) {
        if (!WritePrinter(printer, room, n, &put) || put != n) return fail("WritePrinter");
        bytes += n;
    }
    CloseHandle(file);
    port = utc_us();
    if (!EndDocPrinter(printer)) return fail("EndDocPrinter");
    uint64_t end = utc_us();
    ClosePrinter(printer);
    printf("{\"ok\":1,\"bytes\":%llu,\"ms\":%.3f,\"port_ms\":%.3f,\"port_us\":%llu}\n", (unsigned long long)bytes, (double)(end - began) / 1000,
           (double)(end - port) / 1000, (unsigned long long)port);
    fflush(stdout);
    return 0;
}

int wmain(int argc, wchar_t **argv); /* the C runtime calls it; no header declares it */

int wmain(int argc, wchar_t **argv)
{
    wchar_t plain[] = L"winprint_raw";
    if (argc < 3) {
        fprintf(stderr, "usage: winprint_raw QUEUE FILE [DOCNAME [TIMES]]\n");
        return 2;
    }
    BYTE *room = malloc(CHUNK);
    int times = argc > 4 ? (int)wcstol(argv[4], NULL, 10) : 1, code = room ? 0 : 1;
    while (times-- > 0 && code == 0) code = print_once(argv[1], argv[2], argc > 3 ? argv[3] : plain, room);
    free(room);
    return code;
}
