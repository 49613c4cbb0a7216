/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The journal (docs/protocol.md 1.2): one file of frames per job that the service did not take. Bounded per job and
 * in the folder. A file is used by one thread; the pool is shared by all of them.
 */
#ifndef PLATEN_MONITOR_JOURNAL_H
#define PLATEN_MONITOR_JOURNAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/util/frame.h"
#include "core/util/status.h"
#include "os/thread.h"

#define MON_JOURNAL_JOB_MAX (UINT64_C(64) << 20)
#define MON_JOURNAL_ALL_MAX (UINT64_C(512) << 20)
#define MON_JOURNAL_STEP (UINT64_C(1) << 20) /* room is reserved in steps of this */

/* Room promised to the files that are open in this process: what they will write is not in the folder's sizes yet. */
typedef struct mon_journal_pool {
    os_mutex *lock;
    uint64_t reserved;
    uint64_t gated;   /* the same for gate files (gate.h) */
    uint64_t job_max; /* DATA of one job */
    uint64_t all_max; /* the whole folder */
} mon_journal_pool;

plt_status mon_journal_pool_init(mon_journal_pool *p);
void mon_journal_pool_done(mon_journal_pool *p);
/* One more MON_JOURNAL_STEP in `dir` for a file that has *mine of *all; false when the folder would outgrow `max`. */
bool mon_pool_reserve(mon_journal_pool *p, const char *dir, uint64_t max, uint64_t *all, uint64_t *mine);
/* The file is closed: from here on the folder shows its size. */
void mon_pool_release(mon_journal_pool *p, uint64_t *all, uint64_t mine);

typedef struct mon_journal mon_journal;

/* Makes <data>/journal/<uid>.job, open exclusively. */
plt_status mon_journal_open(mon_journal **j, const char *data_dir, const uint8_t uid[PLT_UID_SIZE], mon_journal_pool *pool);
/* One whole frame that is not DATA. */
plt_status mon_journal_frame(mon_journal *j, const void *frame, size_t n);
/* One whole DATA frame. PLT_FULL: a maximum or the disk; nothing of the frame is in the file then, other frames may still follow. */
plt_status mon_journal_data(mon_journal *j, const void *frame, size_t n);
/* To the disk, and closed. */
plt_status mon_journal_finish(mon_journal *j);
/* Closes and removes a file that holds nothing of use. NULL-safe. */
void mon_journal_discard(mon_journal *j);

#endif
