/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Waiting for many sockets at once, where a turn costs what happened and not what is open: epoll on Linux. Windows has nothing of the kind for
 * sockets that a library polls: there it is unsupported, and the caller lets the library wait. One thread alone calls it.
 */
#ifndef PLATEN_OS_POLLER_H
#define PLATEN_OS_POLLER_H

#include <stdbool.h>
#include <stdint.h>

#include "core/util/status.h"

typedef struct os_poller os_poller;

typedef struct os_poller_event {
    int socket;
    uint32_t turn; /* which use of this number it is of */
    bool readable, writable, hung_up, broken;
} os_poller_event;

/* PLT_UNSUPPORTED: not on this system. */
plt_status os_poller_open(os_poller **out);
/* NULL-safe. */
void os_poller_close(os_poller *p);
/* What the socket waits for from now on; for neither it is left alone, which must be said before it is closed. */
plt_status os_poller_want(os_poller *p, int socket, bool read, bool write);
void os_poller_wanted(const os_poller *p, int socket, bool *read, bool *write);
/* Waits for at most `ms`; how many events came, below 0 when it cannot go on. */
int os_poller_wait(os_poller *p, int ms, os_poller_event *events, int most);
/* Is it still of that socket? One that was served before may have closed it, and its number may be another one's. */
bool os_poller_holds(const os_poller *p, const os_poller_event *e);

#endif
