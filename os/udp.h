/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Datagrams in batches: what asks thousands of printers through few sockets. Nothing here blocks but os_udp_wait; nothing is allocated
 * after os_udp_open. One thread per socket.
 */
#ifndef PLATEN_OS_UDP_H
#define PLATEN_OS_UDP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/util/address.h"
#include "core/util/status.h"

#define OS_UDP_BATCH 64 /* datagrams per call of the system, where it has such calls */

typedef struct os_udp os_udp;

typedef struct os_datagram {
    plt_address peer;
    uint8_t *data; /* the caller's */
    size_t n;      /* to receive: the room on entry, the length on return */
    bool cut;      /* received: it was longer than the room */
} os_datagram;

/* A socket of the address' family, bound to it; port 0 takes a free one. `buffer`: octets wished for in each direction, which the system may cut. */
plt_status os_udp_open(os_udp **u, const plt_address *bind_to, size_t buffer);
void os_udp_close(os_udp *u); /* NULL-safe */
/* The address it is bound to, with its port. */
plt_status os_udp_local(os_udp *u, plt_address *out);
/* Sends the first *sent of n. PLT_OK: all, or the system takes no more for now. Else the datagram behind them was refused (no route, say). */
plt_status os_udp_send(os_udp *u, const os_datagram *d, size_t n, size_t *sent);
/* Takes what has come, up to n; *got 0 with PLT_OK: nothing. What the network says of earlier datagrams (port closed) is no error. */
plt_status os_udp_receive(os_udp *u, os_datagram *d, size_t n, size_t *got);
/* Waits until one of the sockets has something, or timeout_ms passed (PLT_TIMEOUT). */
plt_status os_udp_wait(os_udp *const *u, size_t count, uint32_t timeout_ms);

/* The addresses of a name, by the system's resolver; may take seconds. PLT_NOTFOUND when it has none. */
plt_status os_host_addresses(const char *name, plt_address *out, size_t max, size_t *n);

#endif
