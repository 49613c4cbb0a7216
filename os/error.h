/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The system's own error, captured at the failing call and kept per thread: the seams return a
 * plt_status to decide on and leave here what a person needs to read.
 */
#ifndef PLATEN_OS_ERROR_H
#define PLATEN_OS_ERROR_H

#include <stdint.h>

#include "core/util/status.h"

/* Keeps `code` (GetLastError() or errno) and what was being done to which object, gives its status. */
plt_status os_fail(uint32_t code, const char *what, const char *object);
/* The same with a status of our own and no system code. */
plt_status os_fail_as(plt_status status, const char *what, const char *object);
/* The calling thread's last failure: "open C:\x.db: access denied (5)". Borrowed until the thread's next failure. */
const char *os_error_text(void);
/* Its number; 0 when the failure had none. */
uint32_t os_error_code(void);

#endif
