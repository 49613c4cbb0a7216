/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The service's side of the monitor's pipe as tests and benches need it: answers by a plan, which may be a bad one, and
 * remembers what came. For lab programs only; the product's own reader is the service.
 */
#ifndef PLATEN_LAB_FRAMES_IN_H
#define PLATEN_LAB_FRAMES_IN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/util/buf.h"
#include "core/util/frame.h"
#include "os/pipe.h"

#define LAB_NEVER UINT64_MAX

typedef struct lab_plan {
    uint64_t verdict; /* PLT_VERDICT_..., or LAB_NEVER: none */
    const char *message;
    uint32_t verdict_delay_ms;
    uint64_t close_after; /* bytes of DATA, then the pipe is closed */
    uint64_t hang_after;  /* bytes of DATA, then nothing is read any more until hang_ms are over */
    uint32_t hang_ms;
    uint32_t slow_ms; /* pause before each read */
    bool no_done;
    bool wrong_done; /* DONE with another job's UID */
    const void *raw; /* sent instead of a VERDICT, byte by byte or in one piece */
    size_t raw_size;
    bool raw_at_once;
    bool keep; /* keep the job's bytes in `data` */
    /* To GATED: */
    bool rules;      /* an answer at all */
    uint64_t ruling; /* PLT_RULING_... */
    uint32_t ruling_delay_ms;
    const char *take_from; /* this data folder's gate file is taken over before the answer */
    bool hang_up;          /* no answer: the pipe is closed */
    uint64_t gate_job_max; /* in the verdict; 0: none given */
} lab_plan;

typedef struct lab_job {
    bool begun;
    bool ended;
    bool bad; /* a frame that the protocol forbids */
    uint8_t uid[PLT_UID_SIZE];
    char port[256];
    char queue[256];
    char document[256];
    char user[256];
    char paper[64];
    uint64_t job_id, copies, color, duplex; /* LAB_NEVER: not given */
    uint64_t bytes;                         /* DATA */
    uint64_t fnv;                           /* of DATA */
    uint64_t lost_bytes;
    uint64_t lost_offset; /* of the last LOST */
    unsigned losts;
    uint64_t status;
    uint64_t end_bytes;
    uint64_t error;
    char end_message[512];
    unsigned gated; /* GATED frames */
    uint64_t gate;  /* GATE of END */
    plt_buf data;
} lab_job;

/* FNV-1a, 64 bits; start with LAB_FNV. */
#define LAB_FNV UINT64_C(14695981039346656037)
uint64_t lab_fnv(uint64_t h, const void *data, size_t n);

void lab_job_init(lab_job *j);
void lab_job_free(lab_job *j);
/* Takes whole frames from bytes, remembers them in j; gives how many bytes were used up. */
size_t lab_job_feed(lab_job *j, const lab_plan *plan, const uint8_t *p, size_t n);
/* Serves one connection by the plan until it closes; closes the pipe. */
void lab_serve(os_pipe *p, const lab_plan *plan, lab_job *j);
/* Reads a journal file. */
plt_status lab_read_journal(const char *path, lab_job *j, bool keep);

#endif
