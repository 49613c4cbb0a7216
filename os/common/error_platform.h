/* SPDX-License-Identifier: Apache-2.0 */
/* What each platform tells common/error.c about its own numbers. */
#ifndef PLATEN_OS_COMMON_ERROR_PLATFORM_H
#define PLATEN_OS_COMMON_ERROR_PLATFORM_H

#include <stddef.h>
#include <stdint.h>

#include "core/util/status.h"

plt_status os_error_status(uint32_t code);
/* The system's text for the code, no newline at the end. */
void os_error_message(uint32_t code, char *out, size_t size);

#endif
