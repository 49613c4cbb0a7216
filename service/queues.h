/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which queues print through Platen. A queue is "wrapped" when its port is one of ours whose target is the port that it had, and "unwrapped" by
 * giving it that port back. Used by the service (each minute, if the administrator wants all queues), the CLI and the installer.
 */
#ifndef PLATEN_SERVICE_QUEUES_H
#define PLATEN_SERVICE_QUEUES_H

#include <stdbool.h>
#include <stddef.h>

#include "core/util/status.h"

#define QUEUES_WORDS 512

/* Moves a queue behind one of our ports. target NULL: the port it has. `words` says what was done or why not. PLT_EXISTS: it is wrapped already. */
plt_status queues_wrap(const char *data_dir, const char *queue, const char *target, bool refuse, char words[QUEUES_WORDS]);
/* Gives it its own port back and deletes ours if nobody uses it. PLT_NOTFOUND: it was not wrapped. */
plt_status queues_unwrap(const char *data_dir, const char *queue, char words[QUEUES_WORDS]);

/* Every queue that can be; say(words) for each that was changed or could not be. Gives how many failed. */
int queues_wrap_all(const char *data_dir, void (*say)(void *ctx, bool failed, const char *words), void *ctx);
int queues_unwrap_all(const char *data_dir, void (*say)(void *ctx, bool failed, const char *words), void *ctx);

/* Can jobs for this port be passed on byte by byte? Not: FILE:, XPS, fax, WSD, IPP, ports of other software. */
bool queues_port_wrappable(const char *port);

#endif
