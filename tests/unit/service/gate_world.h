/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A model of one gated job: monitor, service, its desk, the spooler, a person and the printer, each of which may act or be killed at every step. The
 * service's part is the product's table (service/gate_state.c); the rest is what docs/enforcement.md says of it.
 */
#ifndef PLATEN_TESTS_UNIT_SERVICE_GATE_WORLD_H
#define PLATEN_TESTS_UNIT_SERVICE_GATE_WORLD_H

#include <stdbool.h>
#include <stddef.h>

#include "service/gate_state.h"

/* Who has the file, by its name. */
enum { FILE_NONE, FILE_JOB, FILE_OUT, FILE_HELD };
/* The monitor's first job. */
enum { MON_WRITES, MON_WAITS, MON_CLAIMED_PRINT, MON_CLAIMED_DROP, MON_TOLD_PRINTED, MON_TOLD_REFUSED, MON_GONE, MON_DEAD };
/* What the service has said to it. */
enum { RULED_NOT, RULED_RELEASE, RULED_DROP, RULED_TAKEN };
/* A copy that was given to the spooler. */
enum { COPY_NONE, COPY_PARTLY, COPY_WHOLE, COPY_AT_MONITOR, COPY_PRINTED_UNTOLD, COPY_REFUSED, COPY_DONE };
#define COPIES 2
/* What its journal says. */
enum { TOLD = 1, TOLD_NOTHING = 2 };

/* One state of everything. Only chars: two equal worlds have equal bytes. */
typedef struct world {
    unsigned char file, monitor, ruled, pipe; /* pipe: of the first job, to this run of the service */
    unsigned char up;                         /* the service runs */
    unsigned char row;                        /* gate_state on disk; GATE_NONE: no row */
    unsigned char open_row;                   /* the row of a job under way */
    unsigned char journal;                    /* 1: printed, 2: refused, in the journal of the first job */
    unsigned char handing;                    /* the hander's thread is at the spooler with copy `current` */
    unsigned char before;                     /* an earlier run was */
    unsigned char copy[COPIES], copy_journal[COPIES], copy_pipe[COPIES], current, made;
    unsigned char printed, recorded, asked, answered, crashes, kills;
    unsigned char refused; /* when its account was known */
    unsigned char settled; /* the traits `asks` and `charges` ended, on disk, with the second ruling */
    unsigned char lost;    /* the job ended although nobody said so: must stay 0 */
} world;

/* What is the same in all worlds of a walk. */
typedef struct world_rules {
    gate_traits traits;
    int plan; /* what the rules say when the job is whole: RULED_... */
    bool port_refuses;
} world_rules;
extern world_rules rules;

#define WORLD_NEXT_MOST 64

/* All worlds that one step leads to; how many. */
size_t world_next(const world *w, world out[WORLD_NEXT_MOST]);
/* Nothing of the job is left anywhere, and it is recorded; or it was never begun for anybody. */
bool world_ended(const world *w);

#endif
