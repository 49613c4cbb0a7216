/* SPDX-License-Identifier: Apache-2.0 */
/* What desk.c and desk_work.c share. */
#ifndef PLATEN_SERVICE_DESK_INNER_H
#define PLATEN_SERVICE_DESK_INNER_H

#include <stdatomic.h>

#include "service/desk.h"

#define DESK_TITLE 256
#define DESK_ASK_MAX 16384
#define DESK_PAUSE_MS 300000 /* between two tries, at most */
#define DESK_LOOK_MS 500
#define DESK_STRAYS 64 /* files of the gate folder that nobody owns, watched at once */

typedef struct desk_job {
    struct desk_job *next;
    held_job h;
    bool cut_off; /* its giving to the spooler was, by the end of an earlier run or a failure: a part of it may be there */
} desk_job;

typedef struct desk_grave {
    struct desk_grave *next;
    char token[HELD_TOKEN];
} desk_grave;

typedef struct desk_stray {
    char name[PLT_UID_HEX + 8];
    uint64_t since; /* monotonic ms; 0: a free place */
    bool seen;      /* in this look */
} desk_stray;

struct desk {
    agent *a;
    os_mutex *lock; /* everything below but the strays */
    os_cond *wake;
    desk_job *jobs;    /* the newest first */
    atomic_uint count; /* read without the lock: a job's first byte waits for it */
    desk_grave *graves;
    bool stopping;
    os_thread *looker, *hander, *charger;
    uint64_t started;               /* monotonic ms */
    desk_stray strays[DESK_STRAYS]; /* the looker's own */
};

desk_job *desk_find_locked(desk *d, const char *uid);
/* `why`: what a job that ends here is recorded with; NULL: nothing to say. */
bool desk_step_locked(desk *d, desk_job *k, gate_event e, const plt_told *why);
/* The same, for a reason of ours without arguments. */
bool desk_step_for_locked(desk *d, desk_job *k, gate_event e, plt_why_code why);
void desk_title_make(const held_job *h, char out[DESK_TITLE]);
/* Gives the file the name that says it is ours; PLT_OK also when it has it. */
plt_status desk_file_ours(const agent *a, const char *uid);
/* A clock that was set back does not make anybody wait for longer than the rule says. */
bool desk_overdue(const held_job *h, int64_t now);
/* The thread that rules on jobs once more when their account is known. `arg` is the desk. */
void desk_charger(void *arg);
/* "1.25 EUR"; "" not known. */
void desk_cost_text(const plt_job_policy *p, char *out, size_t size);

#endif
