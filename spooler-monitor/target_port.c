/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Another port of this spooler (TCP/IP, USB, WSD ...) as the target: opened by the name "<port>, Port", as print processors do.
 * The inner monitor's own deadlines hold while it writes. It is given no job id this way, so ending the spooler's job stays
 * with us.
 */
#include <windows.h>

#include <winspool.h>

#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#include "core/util/text.h"
#include "os/error.h"
#include "spooler-monitor/target.h"

#define PIECE (1u << 20) /* one WritePrinter is at most this long */

typedef struct inner {
    mon_target base;
    HANDLE printer;
    bool begun;
    char name[MON_TARGET_MAX]; /* for messages */
    WCHAR handle[MON_TARGET_MAX + 8];
} inner;

/* Callers clear the last error before: not every spooler (Wine's) sets it. */
static plt_status failed(inner *t, const char *what, DWORD otherwise)
{
    DWORD err = GetLastError();
    t->base.error = err ? err : otherwise;
    plt_status s = os_fail(t->base.error, what, t->name);
    return s == PLT_OK ? PLT_IO : s;
}

static plt_status inner_open(mon_target *base, const char *document)
{
    inner *t = (inner *)base;
    WCHAR raw[] = L"RAW", title[256];
    int n = document ? MultiByteToWideChar(CP_UTF8, 0, document, (int)plt_utf8_cut(document, strlen(document), 255), title, 255) : 0;
    title[n] = 0;
    DOC_INFO_1W doc = {title, NULL, raw};
    SetLastError(ERROR_SUCCESS);
    if (!OpenPrinterW(t->handle, &t->printer, NULL)) {
        t->printer = NULL;
        return failed(t, "open the port", ERROR_UNKNOWN_PORT);
    }
    if (!StartDocPrinterW(t->printer, 1, (BYTE *)&doc)) return failed(t, "begin a document on the port", ERROR_WRITE_FAULT);
    t->begun = true;
    return PLT_OK;
}

static plt_status inner_write(mon_target *base, const void *buf, size_t n, size_t *put)
{
    inner *t = (inner *)base;
    *put = 0;
    while (*put < n) {
        DWORD some = 0, piece = n - *put < PIECE ? (DWORD)(n - *put) : PIECE;
        SetLastError(ERROR_SUCCESS);
        /* The function takes no const and does not write. */
        BOOL ok = WritePrinter(t->printer, (BYTE *)(uintptr_t)buf + *put, piece, &some);
        *put += some <= piece ? some : piece;
        if (!ok || some == 0) return failed(t, "write to the port", ERROR_WRITE_FAULT);
        if (*put < n && mon_cancel_asked(&t->base.cancel)) {
            SetLastError(ERROR_PRINT_CANCELLED);
            return failed(t, "write to the port", ERROR_PRINT_CANCELLED);
        }
    }
    return PLT_OK;
}

static plt_status inner_read(mon_target *base, void *buf, size_t n, size_t *got)
{
    inner *t = (inner *)base;
    DWORD some = 0;
    *got = 0;
    SetLastError(ERROR_SUCCESS);
    if (!ReadPrinter(t->printer, buf, n < PIECE ? (DWORD)n : PIECE, &some)) return failed(t, "read from the port", ERROR_READ_FAULT);
    *got = some;
    return PLT_OK;
}

static plt_status inner_close(mon_target *base, bool drop)
{
    inner *t = (inner *)base;
    plt_status s = PLT_OK;
    SetLastError(ERROR_SUCCESS);
    if (t->begun && drop) AbortPrinter(t->printer);
    if (t->begun && !EndDocPrinter(t->printer) && !drop) s = failed(t, "end the document on the port", ERROR_WRITE_FAULT);
    if (t->printer) ClosePrinter(t->printer);
    t->printer = NULL;
    t->begun = false;
    return s;
}

static void inner_free(mon_target *base)
{
    inner_close(base, true);
    free(base);
}

static const mon_target_ops ops = {inner_open, inner_write, inner_read, inner_close, inner_free};

plt_status mon_target_port(mon_target **out, const char *name)
{
    *out = NULL;
    inner *t = calloc(1, sizeof *t);
    if (!t) return PLT_NOMEM;
    t->base.ops = &ops;
    plt_copy(t->name, sizeof t->name, name);
    int n = MultiByteToWideChar(CP_UTF8, MB_ERR_INVALID_CHARS, name, -1, t->handle, MON_TARGET_MAX);
    if (n <= 0) {
        free(t);
        return PLT_BAD;
    }
    wmemcpy(t->handle + n - 1, L", Port", 7);
    *out = &t->base;
    return PLT_OK;
}
