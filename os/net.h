/* SPDX-License-Identifier: Apache-2.0 */
/* TCP as a printer's port uses it: connect, write, read what comes back, each with a deadline. And facts of this machine. */
#ifndef PLATEN_OS_NET_H
#define PLATEN_OS_NET_H

#include <stddef.h>
#include <stdint.h>

#include "core/util/status.h"

typedef struct os_tcp os_tcp;

/* Resolves and connects within timeout_ms. */
plt_status os_tcp_connect(os_tcp **t, const char *host, uint16_t port, uint32_t timeout_ms);
/* Some of n bytes, at least one, within timeout_ms; *put says how many. PLT_TIMEOUT: none. */
plt_status os_tcp_write(os_tcp *t, const void *buf, size_t n, uint32_t timeout_ms, size_t *put);
/* Some bytes; *got 0 with PLT_CLOSED at the end. timeout_ms 0 only looks. */
plt_status os_tcp_read(os_tcp *t, void *buf, size_t n, uint32_t timeout_ms, size_t *got);
/* Says "no more from me", waits up to timeout_ms for the peer to close, closes. NULL-safe. */
plt_status os_tcp_finish(os_tcp *t, uint32_t timeout_ms);
/* Closes at once. NULL-safe. */
void os_tcp_abort(os_tcp *t);

/* The name of this machine and a word on its kind: ("Windows 10.0.19045", "Linux 6.1"). */
void os_machine_name(char *out, size_t size);
void os_machine_system(char *out, size_t size);

#endif
