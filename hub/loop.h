/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What waits for the event loop's sockets: the system's poller (os/poller.h), where a turn costs what happened and not what is open; where there is
 * none, libwebsockets' own poll. The event loop's thread alone calls it.
 */
#ifndef PLATEN_HUB_LOOP_H
#define PLATEN_HUB_LOOP_H

#include <stdbool.h>

#include <libwebsockets.h>

#include "core/util/status.h"

typedef struct hub_loop hub_loop;

/* Puts itself into what the context is made with; it must outlive the context. */
plt_status hub_loop_open(hub_loop **l, struct lws_context_creation_info *info);
/* NULL-safe. */
void hub_loop_close(hub_loop *l);
/* Waits until something happens, and serves it; false when the loop cannot go on. */
bool hub_loop_turn(hub_loop *l, struct lws_context *context);

#endif
