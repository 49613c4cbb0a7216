/* SPDX-License-Identifier: Apache-2.0 */
/* Overlapped reads and writes with a deadline and a way out: what pipe.c and process.c share. */
#ifndef PLATEN_OS_WINDOWS_OVERLAPPED_H
#define PLATEN_OS_WINDOWS_OVERLAPPED_H

#include <windows.h>

#include <stddef.h>
#include <stdint.h>

#include "core/util/status.h"

typedef struct overlapped {
    HANDLE handle;    /* opened with FILE_FLAG_OVERLAPPED; owned */
    HANDLE done;      /* manual reset, one read at a time; owned */
    HANDLE sent;      /* the same for writes, so that one thread may read while another writes; owned */
    HANDLE cancel;    /* manual reset, ends every operation with PLT_CLOSED; borrowed, NULL: none */
    const char *name; /* for messages, borrowed */
} overlapped;

#define OVERLAPPED_FOREVER UINT64_MAX

/* timeout_ms UINT32_MAX is for ever. */
uint64_t overlapped_deadline(uint32_t timeout_ms);
/* What is left of it for a wait function; INFINITE for ever. */
DWORD overlapped_left(uint64_t deadline);

/* Makes the events. On failure nothing is owned. */
plt_status overlapped_open(overlapped *o, HANDLE handle, HANDLE cancel, const char *name);
void overlapped_close(overlapped *o);

/*
 * Waits for the operation that was begun with `ov`. When it returns, the system has let go of `ov` and of the buffer, whatever the
 * outcome. Gives ERROR_SUCCESS, WAIT_TIMEOUT, ERROR_OPERATION_ABORTED after `cancel`, or the operation's own error.
 */
DWORD overlapped_settle(HANDLE handle, OVERLAPPED *ov, HANDLE cancel, uint64_t deadline, DWORD *moved);

/* Some bytes, at least one unless n is 0. */
plt_status overlapped_read(overlapped *o, void *buf, size_t n, uint64_t deadline, size_t *got);
plt_status overlapped_read_all(overlapped *o, void *buf, size_t n, uint64_t deadline);
plt_status overlapped_write_all(overlapped *o, const void *buf, size_t n, uint64_t deadline);

#endif
