/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The Windows spooler as the service, the CLI and the installer see it: queues and their ports, our monitor and
 * its ports. PLT_UNSUPPORTED elsewhere, but for printing: there a program of the administrator's can stand in (os/posix/spooler.c).
 */
#ifndef PLATEN_OS_SPOOLER_H
#define PLATEN_OS_SPOOLER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/util/status.h"

#define OS_MONITOR_NAME "Platen Port"
#define OS_QUEUE_NAME_MAX 256
#define OS_PORT_NAME_MAX 260

typedef struct os_queue {
    char name[OS_QUEUE_NAME_MAX];
    char port[OS_PORT_NAME_MAX]; /* several, comma separated, when pooled */
    char driver[256];
    uint32_t jobs;
} os_queue;

/* Calls fn for each local queue; stops when it gives false. */
plt_status os_spooler_queues(bool (*fn)(void *ctx, const os_queue *q), void *ctx);
/* Moves a queue to another port that exists. */
plt_status os_spooler_queue_set_port(const char *queue, const char *port);
/* Gives the file to the queue as one RAW document; blocks until the spooler has taken all of it. PLT_NOTFOUND: there is no such queue or file. After
   a failure the spooler is told to forget what it has. */
plt_status os_spooler_print(const char *queue, const char *document, const char *path);
/* Has the queue a job of this title? PLT_NOTFOUND: it has none. */
plt_status os_spooler_has(const char *queue, const char *document);
/* One of our ports, through our monitor's Xcv interface. The target: "port:<name>", "tcp:<host>:<port>", "file:<path>". `refuse` is what the
   port does with a job when the service is away: refuse it instead of printing it. PLT_EXISTS when it is there with other settings. */
plt_status os_spooler_port_add(const char *port, const char *target, bool refuse);
plt_status os_spooler_port_delete(const char *port);
/* Calls fn for each of our ports. */
plt_status os_spooler_ports(bool (*fn)(void *ctx, const char *port, const char *target, bool refuse), void *ctx);
/* Registers or removes the monitor itself; PLT_OK when it is so already, PLT_BUSY when a queue still uses it. */
plt_status os_spooler_monitor_add(const char *dll_name);
plt_status os_spooler_monitor_delete(void);

#endif
