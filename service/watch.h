/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Who looks at questions and notices: the clients of the user pipe that said WATCH. A question of a job goes to the session that printed it, and to
 * every session of its user where that is not known or nobody watches there; a client that does not take what is sent to it is let go. All calls are
 * thread safe; watch_sees waits for nobody's pipe.
 */
#ifndef PLATEN_SERVICE_WATCH_H
#define PLATEN_SERVICE_WATCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "os/pipe.h"

typedef struct watchers watchers;

watchers *watch_create(void); /* NULL: no memory */
void watch_free(watchers *w);

/* "DOMAIN\name" and "name" are the same person here: the spooler gives no domain. "" is nobody. */
bool watch_same_user(const char *a, const char *b);

/* One writer at a time for this pipe; a reply of the pipe's own thread goes through watch_write too. PLT_FULL: too many watch. */
plt_status watch_join(watchers *w, os_pipe *pipe, const char *user, uint32_t session);
void watch_leave(watchers *w, os_pipe *pipe);
plt_status watch_write(watchers *w, os_pipe *pipe, const void *frame, size_t n);

bool watch_sees(watchers *w, const char *user);
/* Gives how many took it. */
unsigned watch_send(watchers *w, const char *user, const void *frame, size_t n);
/* The same to one session, if it takes it; else, or with session 0, to all of the user's. */
unsigned watch_ask(watchers *w, const char *user, uint32_t session, const void *frame, size_t n);
bool watch_in_session(watchers *w, const char *user, uint32_t session);
bool watch_notice(watchers *w, const char *user, uint64_t kind, const char *message, const char *why, const char *document);

#endif
