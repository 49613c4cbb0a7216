/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Overlapped I/O with deadlines. The OVERLAPPED lives on the caller's stack, so the one rule of this file is: no function returns
 * while the system may still write to it. A deadline therefore cancels first and then waits for the end of the operation.
 */
#include "os/windows/overlapped.h"

#include <string.h>

#include "os/clock.h"
#include "os/error.h"
#include "os/windows/last_error.h"

/* One operation is at most this long: a larger one would pin as much of the system's memory for as long as the peer does not read. */
#define PIECE_MAX 262144u

uint64_t overlapped_deadline(uint32_t timeout_ms)
{
    return timeout_ms == UINT32_MAX ? OVERLAPPED_FOREVER : os_clock_mono_ms() + timeout_ms;
}

DWORD overlapped_left(uint64_t deadline)
{
    if (deadline == OVERLAPPED_FOREVER) return INFINITE;
    uint64_t now = os_clock_mono_ms();
    if (now >= deadline) return 0;
    return deadline - now < INFINITE ? (DWORD)(deadline - now) : INFINITE - 1;
}

plt_status overlapped_open(overlapped *o, HANDLE handle, HANDLE cancel, const char *name)
{
    memset(o, 0, sizeof *o);
    o->done = CreateEventW(NULL, TRUE, FALSE, NULL);
    o->sent = CreateEventW(NULL, TRUE, FALSE, NULL);
    if (!o->done || !o->sent) {
        plt_status s = os_fail(last_error(), "make an event for", name);
        overlapped_close(o);
        return s;
    }
    o->handle = handle;
    o->cancel = cancel;
    o->name = name;
    return PLT_OK;
}

void overlapped_close(overlapped *o)
{
    if (o->handle) CloseHandle(o->handle);
    if (o->done) CloseHandle(o->done);
    if (o->sent) CloseHandle(o->sent);
    memset(o, 0, sizeof *o);
}

DWORD overlapped_settle(HANDLE handle, OVERLAPPED *ov, HANDLE cancel, uint64_t deadline, DWORD *moved)
{
    HANDLE both[2] = {ov->hEvent, cancel};
    DWORD woke = WaitForMultipleObjects(cancel ? 2 : 1, both, FALSE, overlapped_left(deadline));
    DWORD why = ERROR_SUCCESS;
    if (woke == WAIT_OBJECT_0 + 1)
        why = ERROR_OPERATION_ABORTED;
    else if (woke == WAIT_TIMEOUT)
        why = WAIT_TIMEOUT;
    else if (woke != WAIT_OBJECT_0)
        why = last_error();
    /* ERROR_NOT_FOUND: it has ended just now, and its result counts. */
    if (why != ERROR_SUCCESS) CancelIoEx(handle, ov);
    if (GetOverlappedResult(handle, ov, moved, TRUE)) return ERROR_SUCCESS;
    DWORD err = last_error();
    return err == ERROR_OPERATION_ABORTED && why != ERROR_SUCCESS ? why : err;
}

/* One ReadFile or WriteFile from start to end. */
static DWORD move(overlapped *o, void *in, const void *out, size_t n, uint64_t deadline, DWORD *moved)
{
    OVERLAPPED ov;
    DWORD piece = n < PIECE_MAX ? (DWORD)n : PIECE_MAX;
    *moved = 0;
    if (o->cancel && WaitForSingleObject(o->cancel, 0) == WAIT_OBJECT_0) return ERROR_OPERATION_ABORTED;
    memset(&ov, 0, sizeof ov);
    ov.hEvent = in ? o->done : o->sent;
    BOOL ok = in ? ReadFile(o->handle, in, piece, NULL, &ov) : WriteFile(o->handle, out, piece, NULL, &ov);
    if (!ok) {
        DWORD err = last_error();
        if (err != ERROR_IO_PENDING) return err;
    }
    return overlapped_settle(o->handle, &ov, o->cancel, deadline, moved);
}

plt_status overlapped_read(overlapped *o, void *buf, size_t n, uint64_t deadline, size_t *got)
{
    DWORD moved = 0;
    *got = 0;
    /* A peer may write zero bytes, which ends a read with none: not the end of the stream. */
    while (n && moved == 0) {
        DWORD err = move(o, buf, NULL, n, deadline, &moved);
        if (err != ERROR_SUCCESS) return os_fail(err, "read from", o->name);
    }
    *got = moved;
    return PLT_OK;
}

plt_status overlapped_read_all(overlapped *o, void *buf, size_t n, uint64_t deadline)
{
    char *at = buf;
    while (n) {
        size_t got;
        plt_status s = overlapped_read(o, at, n, deadline, &got);
        if (s != PLT_OK) return s;
        at += got;
        n -= got;
    }
    return PLT_OK;
}

plt_status overlapped_write_all(overlapped *o, const void *buf, size_t n, uint64_t deadline)
{
    const char *at = buf;
    while (n) {
        DWORD moved;
        DWORD err = move(o, NULL, at, n, deadline, &moved);
        if (err != ERROR_SUCCESS) return os_fail(err, "write to", o->name);
        at += moved;
        n -= moved;
    }
    return PLT_OK;
}
