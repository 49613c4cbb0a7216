/* SPDX-License-Identifier: Apache-2.0 */
/* Names of the result codes, for logs. */
#include "core/util/status.h"

const char *plt_status_name(plt_status s)
{
    switch (s) {
    case PLT_OK: return "ok";
    case PLT_NOMEM: return "out of memory";
    case PLT_IO: return "system error";
    case PLT_TIMEOUT: return "timed out";
    case PLT_CLOSED: return "closed";
    case PLT_DENIED: return "access denied";
    case PLT_NOTFOUND: return "not found";
    case PLT_EXISTS: return "already there";
    case PLT_BAD: return "malformed";
    case PLT_FULL: return "full";
    case PLT_BUSY: return "busy";
    case PLT_UNSUPPORTED: return "not supported";
    }
    return "unknown status";
}
