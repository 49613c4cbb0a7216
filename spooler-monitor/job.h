/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One job on its way through a port: asks the service, opens the target, passes every byte on unchanged, tees it, says
 * how it ended. The state machine of docs/protocol.md 1.1 from the monitor's side, without a word of Windows in it.
 *
 *   mon_job_begin -> mon_job_write / mon_job_read ... -> mon_job_close -> mon_job_end
 *
 * With the verdict GATE (docs/enforcement.md) writes go to a gate file, and mon_job_close asks what is to become of it: then it is sent to the
 * target, dropped, or the service's.
 *
 * One thread at a time per job; different jobs share nothing but the host and the breaker.
 */
#ifndef PLATEN_MONITOR_JOB_H
#define PLATEN_MONITOR_JOB_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/util/frame.h"
#include "core/util/status.h"
#include "spooler-monitor/target.h"
#include "spooler-monitor/tee.h"

#define MON_VERDICT_MS 250  /* connection, BEGIN and VERDICT together */
#define MON_BREAKER_MS 2000 /* after a failure nobody asks for this long */
#define MON_RULING_MS 30000 /* the service rules on a job that is whole: it analyses to the end, and perhaps rewrites it */
#define MON_MESSAGE_MAX 512
#define MON_END_TAKEN 4 /* an outcome beside PLT_END_...: the service has the job, no END is sent */

/* What is known of a job. Texts are UTF-8, borrowed during mon_job_begin; NULL: not known. */
typedef struct mon_facts {
    uint8_t uid[PLT_UID_SIZE];
    const char *queue;
    const char *port;
    const char *target;
    const char *document;
    const char *user;
    const char *machine;
    const char *datatype;
    const char *paper;
    uint32_t job_id;  /* 0: not known */
    uint32_t session; /* the logon session that printed; 0: not known */
    uint32_t copies;  /* 0: not known */
    uint32_t color;   /* DEVMODE: 1 mono, 2 colour; 0: not known */
    int duplex;       /* 0 none, 1 long edge, 2 short edge; -1: not known */
} mon_facts;

/* Closed: the service is asked. A time: nobody asks before it. */
typedef struct mon_breaker {
    atomic_uint_least64_t until; /* monotonic ms */
} mon_breaker;

typedef struct mon_job_setup {
    const mon_host *host;
    mon_breaker *breaker;
    const mon_facts *facts;
    bool refuse;        /* the port's rule when the service does not decide */
    mon_target *target; /* owned by the job, also when beginning fails */
    mon_cancel cancel;
} mon_job_setup;

typedef struct mon_job mon_job;

typedef struct mon_result {
    uint64_t outcome; /* PLT_END_..., MON_END_TAKEN */
    uint64_t bytes;   /* the target took them; of a refused job: the application sent them */
    uint32_t error;   /* Win32 */
    mon_kept kept;
} mon_result;

/* PLT_OK: the job runs (perhaps refused: see below). Else nothing is left to end; *error is the Win32 code. */
plt_status mon_job_begin(mon_job **j, const mon_job_setup *setup, uint32_t *error);
/* Refused jobs take every byte and print none. The text for the user, "" when none; borrowed until the end. */
bool mon_job_refused(const mon_job *j, const char **message);
/* *put counts what the target took. */
plt_status mon_job_write(mon_job *j, const void *buf, size_t n, size_t *put, uint32_t *error);
plt_status mon_job_read(mon_job *j, void *buf, size_t n, size_t *got, uint32_t *error);
/* Has the gated job printed or dropped, closes the target; the outcome is known then (PLT_END_..., MON_END_TAKEN). Once. */
uint64_t mon_job_close(mon_job *j, bool cancelled);
/* Accounts for it and frees it. `out` may be NULL. */
void mon_job_end(mon_job *j, mon_result *out);

#endif
