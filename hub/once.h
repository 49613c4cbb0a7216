/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A change that came with a key of the caller's (Idempotency-Key) is made once: its answer is stored in the change's own transaction, and the same
 * request with the same key gets that answer again (docs/hub.md). An answer with a secret in it is never stored: who asks again is told so.
 */
#ifndef PLATEN_HUB_ONCE_H
#define PLATEN_HUB_ONCE_H

#include "hub/hub.h"

/* On a worker, for a caller who may make the change. False with a reply: it was made before, is under way, or the key is of no use. */
bool hub_once_begin(hub_worker *w, hub_task *t);
/* On the writer, in the change's transaction and before it: PLT_OK with the answer of before, PLT_NOTFOUND to go on. */
plt_status hub_once_before(hub_store *s, hub_task *t, int64_t now);
/* There, after it: stores the answer. */
plt_status hub_once_after(hub_store *s, hub_task *t, int64_t now);
/* The request is over; the hub's lock is held. */
void hub_once_end_locked(hub *h, hub_task *t);

#endif
