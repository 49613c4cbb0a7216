/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The policy from the hub (docs/policy-hub.md): a live link says that there is news, a call fetches it, feed_check judges it, and what is good comes
 * into force and onto the disk. What is refused changes nothing but the status. Without a hub, or before its first bundle, a policy.json that was put
 * by hand stays in force.
 */
#ifndef PLATEN_SERVICE_FEED_H
#define PLATEN_SERVICE_FEED_H

#include "service/agent.h"

typedef struct feed feed;

/* Puts what is kept on disk into force, if it still proves good, before it returns. */
plt_status feed_start(feed **f, agent *a);
/* After agent_stop(). Ends the threads; NULL-safe. */
void feed_stop(feed *f);

#endif
