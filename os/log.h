/* SPDX-License-Identifier: Apache-2.0 */
/* The log: one line an event, UTC time, level, text. To a file that is turned over at 4 MiB (one old one kept), or to stderr. Thread safe. */
#ifndef PLATEN_OS_LOG_H
#define PLATEN_OS_LOG_H

#include "core/util/attr.h"
#include "core/util/status.h"

typedef enum os_log_level { OS_LOG_DEBUG, OS_LOG_INFO, OS_LOG_WARN, OS_LOG_ERROR } os_log_level;

/* path NULL: stderr. May be called once at start; before it, lines go to stderr. */
plt_status os_log_open(const char *path, os_log_level least);
void os_log(os_log_level level, const char *fmt, ...) PLT_PRINTF(2, 3);

#endif
