/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The tee: a bounded copy of a job's bytes on its way to the service's pipe or, failing that, the journal. The writer
 * (the spooler's thread) only copies into a ring; one thread per job drains it. The writer waits for room at most
 * MON_ROOM_MS in all, then the rest of the job is counted as lost.
 */
#ifndef PLATEN_MONITOR_TEE_H
#define PLATEN_MONITOR_TEE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/util/frame.h"
#include "core/util/status.h"
#include "os/pipe.h"
#include "spooler-monitor/journal.h"
#include "spooler-monitor/reply.h"
#include "spooler-monitor/target.h"

#define MON_RING (4u << 20)
#define MON_ROOM_MS 2000     /* a job's writer waits for the ring, all waits together */
#define MON_DATA_MS 1000     /* the service takes one batch of DATA */
#define MON_DONE_MS 2000     /* from the job's end to DONE, what is still in the ring included */
#define MON_END_MAX 2048     /* the END frame */
#define MON_QUESTION_MAX 256 /* the GATED frame */
#define MON_BEGUN_MS 250     /* the journal of a job that the service did not take is begun before its first byte */
#define MON_JOURNAL_MS 3000  /* further time for the journal, then the job's end waits no longer */

/* What a job borrows from its surroundings; it outlives every job, and `orphaned` is called when it must never end. */
typedef struct mon_host {
    const char *data_dir;
    mon_journal_pool *pool;
    /* Something was not accounted as it should be: for the log, and counted. Any thread. */
    void (*trouble)(void *ctx, const char *text);
    /* A tee's thread hangs in the disk and stays behind: neither this host nor this code may go away any more. */
    void (*orphaned)(void *ctx);
    void *ctx;
} mon_host;

typedef enum mon_kept { MON_KEPT_NOWHERE, MON_KEPT_PIPE, MON_KEPT_JOURNAL, MON_KEPT_LATE } mon_kept;

typedef struct mon_tee mon_tee;

typedef struct mon_tee_setup {
    const mon_host *host;
    uint8_t uid[PLT_UID_SIZE];
    const void *begin; /* the BEGIN frame, copied */
    size_t begin_size;
    os_pipe *pipe;   /* to the service, or NULL; owned by the tee, also when opening fails */
    bool to_journal; /* the service did not take the job: the pipe is closed once the journal is open */
    bool no_data;    /* bytes are only counted (a refused job) */
} mon_tee_setup;

plt_status mon_tee_open(mon_tee **t, const mon_tee_setup *setup);
/* Never fails: what cannot be kept is counted. */
void mon_tee_put(mon_tee *t, const void *data, size_t n);
/* Sends a frame behind all bytes that were put, and waits for one in answer; ms for both. PLT_CLOSED: the service does not have the job (any more).
   `cancel` ends the wait. After a failure the job goes on in the journal. */
plt_status mon_tee_ask(mon_tee *t, const void *frame, size_t n, uint32_t ms, const mon_cancel *cancel, mon_reply *out);
/* The service has the whole job and owns it: nothing more is sent, nothing is kept. Frees. */
void mon_tee_drop(mon_tee *t);
/* Sends LOST where needed and the END frame, waits for DONE or the journal, frees. Says where the job is kept. */
mon_kept mon_tee_end(mon_tee *t, const void *end, size_t end_size);

#endif
