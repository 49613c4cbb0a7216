/* SPDX-License-Identifier: Apache-2.0 */
/* There is none: what could wait for sockets here by what happens takes them over whole, reads and writes included. */
#include "os/poller.h"

plt_status os_poller_open(os_poller **out)
{
    *out = NULL;
    return PLT_UNSUPPORTED;
}

void os_poller_close(os_poller *p)
{
    (void)p;
}

plt_status os_poller_want(os_poller *p, int socket, bool read, bool write)
{
    (void)p, (void)socket, (void)read, (void)write;
    return PLT_UNSUPPORTED;
}

void os_poller_wanted(const os_poller *p, int socket, bool *read, bool *write)
{
    (void)p, (void)socket;
    *read = *write = false;
}

int os_poller_wait(os_poller *p, int ms, os_poller_event *events, int most)
{
    (void)p, (void)ms, (void)events, (void)most;
    return -1;
}

bool os_poller_holds(const os_poller *p, const os_poller_event *e)
{
    (void)p, (void)e;
    return false;
}
