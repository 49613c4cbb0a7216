/* SPDX-License-Identifier: Apache-2.0 */
/* There is no Windows spooler here. */
#include "os/spooler.h"

#include "os/error.h"

static plt_status none(void)
{
    return os_fail_as(PLT_UNSUPPORTED, "use", "the Windows spooler on this system");
}

plt_status os_spooler_queues(bool (*fn)(void *, const os_queue *), void *ctx)
{
    (void)fn, (void)ctx;
    return none();
}

plt_status os_spooler_queue_set_port(const char *queue, const char *port)
{
    (void)queue, (void)port;
    return none();
}

plt_status os_spooler_port_add(const char *port, const char *target, bool refuse)
{
    (void)port, (void)target, (void)refuse;
    return none();
}

plt_status os_spooler_port_delete(const char *port)
{
    (void)port;
    return none();
}

plt_status os_spooler_ports(bool (*fn)(void *, const char *, const char *, bool), void *ctx)
{
    (void)fn, (void)ctx;
    return none();
}

plt_status os_spooler_monitor_add(const char *dll_name)
{
    (void)dll_name;
    return none();
}

plt_status os_spooler_monitor_delete(void)
{
    return none();
}
