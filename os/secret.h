/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Secrets at rest: DPAPI with the machine's scope in a private file on Windows, a private file elsewhere.
 */
#ifndef PLATEN_OS_SECRET_H
#define PLATEN_OS_SECRET_H

#include <stddef.h>

#include "core/util/buf.h"
#include "core/util/status.h"

plt_status os_secret_store(const char *path, const void *data, size_t n);
/* Free `out` with plt_buf_free_secret. */
plt_status os_secret_load(const char *path, plt_buf *out);

#endif
