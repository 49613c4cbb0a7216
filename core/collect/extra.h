/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Rounds beside the schedule: a printer came or went, or one was busy with a job and is asked again. Pure: times are milliseconds of a clock that
 * never goes back, given as arguments. It never makes a burst: a loose cable or an endless job costs rounds that come slower and slower.
 */
#ifndef PLATEN_CORE_COLLECT_EXTRA_H
#define PLATEN_CORE_COLLECT_EXTRA_H

#include <stdbool.h>
#include <stdint.h>

#define PLT_EXTRA_NEVER UINT64_MAX
#define PLT_EXTRA_SETTLE_MS 3000    /* behind a word of the system: its driver and its port come up first */
#define PLT_EXTRA_EVERY_MS 10000    /* between two rounds for such words */
#define PLT_EXTRA_AFTER_MS 3000     /* behind a job's end: the spooler has then let it go */
#define PLT_EXTRA_AGAIN_MS 60000    /* before who was busy is asked again, doubled each time ... */
#define PLT_EXTRA_AGAIN_MOST 960000 /* ... up to this */

typedef struct plt_extra {
    uint64_t plugged_at; /* when to look at who came or went */
    uint64_t plug_round; /* when that was done last; PLT_EXTRA_NEVER: not yet */
    uint64_t again_at;   /* when to ask again */
    uint64_t again_ms;   /* the wait before that; 0: nobody owes an answer */
    uint8_t owed;        /* categories (PLT_SCAN_...) of that round */
    bool late;           /* the round under way is for one that came: it may not answer yet */
} plt_extra;

void plt_extra_init(plt_extra *e);
/* The system says that a printer came or went. */
void plt_extra_plugged(plt_extra *e, uint64_t now);
/* A job has ended. */
void plt_extra_job_ended(plt_extra *e, uint64_t now);
/* When the next round is; PLT_EXTRA_NEVER. */
uint64_t plt_extra_next(const plt_extra *e);
/* Its categories, 0: it is not time. Whoever takes them runs the round, then calls plt_extra_done. */
uint8_t plt_extra_take(plt_extra *e, uint64_t now);
/* A round for these categories, of whatever cause, met so many printers that were busy, and that answered in part. */
void plt_extra_done(plt_extra *e, uint8_t categories, unsigned busy, unsigned partly, uint64_t now);

#endif
