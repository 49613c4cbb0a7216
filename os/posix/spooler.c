/* SPDX-License-Identifier: Apache-2.0 */
/*
 * There is no Windows spooler here. What the service gives to a queue goes to the program that the environment variable PLATEN_SPOOLER names, called
 * as `PROGRAM print QUEUE TITLE FILE` and `PROGRAM has QUEUE TITLE`: exit code 0 done, 3 there is no such queue or job, else it failed.
 */
#include "os/spooler.h"

#include <stdlib.h>

#include "os/error.h"
#include "os/process.h"

#define HAND_OVER_MS 600000

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

static plt_status ask(const char *const argv[], const char *what, const char *queue)
{
    os_process *p;
    uint32_t code = 1;
    if (!argv[0]) return none();
    plt_status s = os_process_start(&p, argv, &(os_process_limits){0});
    if (s != PLT_OK) return s;
    os_process_end_input(p);
    s = os_process_wait(p, HAND_OVER_MS, &code);
    os_process_free(p);
    if (s != PLT_OK || code == 0) return s;
    return os_fail_as(code == 3 ? PLT_NOTFOUND : PLT_IO, what, queue);
}

plt_status os_spooler_print(const char *queue, const char *document, const char *path)
{
    const char *const argv[] = {getenv("PLATEN_SPOOLER"), "print", queue, document, path, NULL};
    return ask(argv, "print to the queue", queue);
}

plt_status os_spooler_has(const char *queue, const char *document)
{
    const char *const argv[] = {getenv("PLATEN_SPOOLER"), "has", queue, document, NULL};
    return ask(argv, "look for a job in the queue", queue);
}
