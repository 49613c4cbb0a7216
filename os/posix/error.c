/* SPDX-License-Identifier: Apache-2.0 */
/* errno in the project's terms. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "os/common/error_platform.h"

plt_status os_error_status(uint32_t code)
{
    switch ((int)code) {
    case ENOMEM: return PLT_NOMEM;
    case ETIMEDOUT: return PLT_TIMEOUT;
    case EPIPE:
    case ECONNRESET: return PLT_CLOSED;
    case EACCES:
    case EPERM: return PLT_DENIED;
    case ENOENT:
    case ENOTDIR:
    case ECONNREFUSED:
    case EHOSTUNREACH:
    case ENETUNREACH: return PLT_NOTFOUND;
    case EEXIST:
    case EADDRINUSE: return PLT_EXISTS;
    case ENOSPC:
    case EDQUOT:
    case EFBIG: return PLT_FULL;
    case EBUSY:
    case EWOULDBLOCK: return PLT_BUSY;
    case EINVAL:
    case ENAMETOOLONG: return PLT_BAD;
    default: return PLT_IO;
    }
}

void os_error_message(uint32_t code, char *out, size_t size)
{
    if (strerror_r((int)code, out, size) != 0) snprintf(out, size, "error");
}
