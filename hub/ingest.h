/* SPDX-License-Identifier: Apache-2.0 */
/* The rules by which a batch meets what the hub has: docs/protocol.md section 3.4. */
#ifndef PLATEN_HUB_INGEST_H
#define PLATEN_HUB_INGEST_H

#include "hub/task.h"

/* A task's `write` for a batch that was read: replay, gap, fork, or stored; the reply is filled in. */
plt_status hub_ingest_write(hub_store *s, hub_task *t, int64_t now);
/* Unpacks and reads a task's body into its batch; false with the reply filled in when it is malformed or too large. */
bool hub_ingest_read(hub_task *t);

#endif
