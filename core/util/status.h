/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The one currency of results in the portable core and across the OS seams. The system's own error
 * code, where there is one, is kept by the seam (os/error.h); this enum is what callers decide on.
 */
#ifndef PLATEN_CORE_UTIL_STATUS_H
#define PLATEN_CORE_UTIL_STATUS_H

typedef enum plt_status {
    PLT_OK = 0,
    PLT_NOMEM,       /* memory exhausted */
    PLT_IO,          /* the system refused; see os_error_text() */
    PLT_TIMEOUT,     /* the deadline passed */
    PLT_CLOSED,      /* the peer went away, or end of file */
    PLT_DENIED,      /* not allowed */
    PLT_NOTFOUND,    /* no such file, pipe, queue, key */
    PLT_EXISTS,      /* it is there already */
    PLT_BAD,         /* malformed input */
    PLT_FULL,        /* a stated maximum was reached, or the disk is full */
    PLT_BUSY,        /* somebody else holds it */
    PLT_UNSUPPORTED, /* not on this platform, or not by this peer */
} plt_status;

/* A short English word for logs, never NULL. */
const char *plt_status_name(plt_status s);

#endif
