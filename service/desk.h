/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The desk: the jobs that the service owns, their questions and their way back to a printer (docs/enforcement.md). It does what gate_state.h says,
 * each step on disk before it counts. Threads: one looks after deadlines and files, one gives jobs to the spooler, one rules on those whose account
 * was named. NULL-safe where it says so.
 */
#ifndef PLATEN_SERVICE_DESK_H
#define PLATEN_SERVICE_DESK_H

#include "service/agent.h"
#include "service/held.h"

#define DESK_MOST 256 /* jobs at once: beyond them a rule that needs the desk takes its fallback */

typedef struct desk desk;

/* Takes up what an earlier run left. */
plt_status desk_create(desk **d, agent *a);
plt_status desk_start(desk *d);
void desk_stop(desk *d); /* NULL-safe */
void desk_free(desk *d); /* NULL-safe */

/* Could a job be taken over now? NULL: no. */
bool desk_has_room(desk *d);
/* The gate file of a job; `mine`: under the name that says it is the service's. */
bool desk_path(const agent *a, const char *uid, bool mine, char out[OS_PATH_MAX]);
/* Takes the job over. PLT_OK: it is the service's, on disk, whatever happens now. PLT_NOTFOUND: the monitor took it back. Else nothing was changed.
 */
plt_status desk_take(desk *d, const plt_job *j, uint32_t pid, const gate_plan *plan);
/* Is it the service's job now? NULL: no. */
bool desk_has(desk *d, const char *uid);

typedef enum desk_title {
    DESK_PLAIN, /* no title of ours */
    DESK_OURS,  /* a job that the desk lets go: it prints, nobody is asked */
    DESK_STALE, /* it bears a token that counts no more: it must not print */
} desk_title;
/* A job begins. */
desk_title desk_begin(desk *d, const char *document);
/* The connection of a job that was OURS ended before it told anything. */
void desk_cut(desk *d, const char *document);
/* The last word on a job. True: it was one of ours, *s says what became of its record (PLT_EXISTS: recorded before). */
bool desk_record(desk *d, const plt_job *j, plt_status *s);

/* ---- for the pipe of the users: somebody else's job is one that does not exist ---- */

typedef struct desk_reply {
    bool print;
    char account[65]; /* "" none; checked already */
    bool duplex, grey;
} desk_reply;

/* A copy of the job; PLT_NOTFOUND. */
plt_status desk_get(desk *d, const char *user, const char *uid, held_job *out);
/* PLT_OK: on disk. PLT_NOTFOUND, PLT_EXISTS: too late, PLT_IO: try again. */
plt_status desk_answer(desk *d, const char *user, const char *uid, const desk_reply *r);
plt_status desk_act(desk *d, const char *user, const char *uid, bool release);
/* Calls fn for each job of this user, the newest first. Under the desk's lock: fn only copies or builds. */
void desk_each(desk *d, const char *user, bool (*fn)(void *ctx, const held_job *h), void *ctx);
/* A tray of that session is gone: if it was the last there, its questions go to the other sessions of its user. */
void desk_session_left(desk *d, const char *user, uint32_t session);
/* Builds the ASK frame of a job that waits for an answer; 0 when it does not. */
size_t desk_ask_frame(const held_job *h, uint8_t *out, size_t cap);

#endif
