/* SPDX-License-Identifier: Apache-2.0 */
/* What the hub says over a PC's live link (docs/protocol.md, 3.7), line by line. Pure. */
#ifndef PLATEN_CORE_POLICY_LIVE_H
#define PLATEN_CORE_POLICY_LIVE_H

#include "core/policy/lease.h"

typedef struct plt_live {
    enum { PLT_LIVE_NOTHING, PLT_LIVE_POLICY, PLT_LIVE_ORDER, PLT_LIVE_LEASE } what;
    int64_t serial;           /* of PLT_LIVE_POLICY: the newest one; 0: look */
    char lease[PLT_LEASE_ID]; /* of PLT_LIVE_LEASE: it is wanted elsewhere */
} plt_live;

/* One line of the event stream, without its end. Comments, names of events, what is malformed and what a later hub says are PLT_LIVE_NOTHING. */
plt_live plt_live_read(const char *line);

#endif
