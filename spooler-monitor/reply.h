/* SPDX-License-Identifier: Apache-2.0 */
/* One frame from the service: VERDICT or DONE. */
#ifndef PLATEN_MONITOR_REPLY_H
#define PLATEN_MONITOR_REPLY_H

#include <stddef.h>
#include <stdint.h>

#include "core/util/frame.h"
#include "core/util/status.h"
#include "os/pipe.h"

#define MON_REPLY_MAX 8192 /* header and payload; the service has no reason for more */

typedef struct mon_reply {
    uint8_t type;
    const uint8_t *payload; /* in `bytes` */
    size_t n;
    uint8_t bytes[MON_REPLY_MAX];
} mon_reply;

/* Waits for one whole frame until the deadline (monotonic ms), with as few reads as it comes in: normally one. PLT_BAD when it is no
   frame, too long, or followed by what nobody asked for. */
plt_status mon_reply_read(os_pipe *p, uint64_t deadline, mon_reply *out);

#endif
