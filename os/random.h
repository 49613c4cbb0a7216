/* SPDX-License-Identifier: Apache-2.0 */
/* The system's own random generator, without OpenSSL: programs that have no TLS stay small. */
#ifndef PLATEN_OS_RANDOM_H
#define PLATEN_OS_RANDOM_H

#include <stddef.h>

#include "core/util/status.h"

/* n octets fit for keys. Blocks only while a machine that has just started has none yet. What a failure (os_error_text()) leaves in out is not to be
 * used. */
plt_status os_random(void *out, size_t n);

#endif
