/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The gate file (docs/enforcement.md): a job's bytes while nobody has decided on it yet. The monitor writes it, so that a service that dies takes
 * nothing with it. Its name says who owns it: <uid>.job nobody yet, <uid>.out this monitor, <uid>.held the service. Who renames it first has it.
 */
#ifndef PLATEN_MONITOR_GATE_H
#define PLATEN_MONITOR_GATE_H

#include <stddef.h>
#include <stdint.h>

#include "core/util/frame.h"
#include "core/util/status.h"
#include "spooler-monitor/journal.h"

#define MON_GATE_JOB_MAX (UINT64_C(512) << 20) /* where the service names no other */
#define MON_GATE_ALL_MAX (UINT64_C(2) << 30)

typedef struct mon_gate mon_gate;

/* Makes <data>/gate/<uid>.job, private. job_max: bytes of the job; all_max: bytes of the folder. */
plt_status mon_gate_open(mon_gate **g, const char *data_dir, const uint8_t uid[PLT_UID_SIZE], mon_journal_pool *pool, uint64_t job_max,
                         uint64_t all_max);
/* All n bytes or none of them. PLT_FULL: a maximum, or the disk. */
plt_status mon_gate_write(mon_gate *g, const void *data, size_t n);
/* The job is whole: from here on the service may take it over. */
void mon_gate_close(mon_gate *g);
/* Takes the file for this monitor, to be read from its start. PLT_NOTFOUND: the service has taken it over. Works before and after mon_gate_close. */
plt_status mon_gate_claim(mon_gate *g);
plt_status mon_gate_read(mon_gate *g, void *buf, size_t n, size_t *got);
/* Frees; a file that this monitor still owns is deleted. NULL-safe. */
void mon_gate_free(mon_gate *g);
/* The same, but the file is the service's now. */
void mon_gate_leave(mon_gate *g);

#endif
