/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Being a service. On Windows the service manager is asked first; where none started us the same program runs in the
 * foreground until Ctrl-C. Elsewhere SIGTERM and SIGINT end it.
 */
#ifndef PLATEN_OS_SERVICE_H
#define PLATEN_OS_SERVICE_H

#include <stdbool.h>
#include <stdint.h>

#include "core/util/status.h"

/*
 * Runs body(ctx), which calls os_service_ready() once it works and returns its exit code when os_service_stopping()
 * turns true or cannot start. Returns body's code.
 */
int os_service_run(const char *name, int (*body)(void *ctx), void *ctx);
/* Tells the service manager RUNNING. */
void os_service_ready(void);
/* Waits up to timeout_ms; true as soon as a stop was asked for. 0 only looks. */
bool os_service_stopping(uint32_t timeout_ms);
/* Asks this process to stop, as the service manager would. Any thread. */
void os_service_stop(void);
/* True when a service manager started us: then the log goes to a file. */
bool os_service_managed(void);

#endif
