/* SPDX-License-Identifier: Apache-2.0 */
/* What the monitor's tests share: a data folder, a service that answers by a plan, a target that fails on demand, journals read back. */
#ifndef PLATEN_TEST_MONITOR_KIT_H
#define PLATEN_TEST_MONITOR_KIT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "os/thread.h"
#include "spooler-monitor/job.h"
#include "tests/lab/frames_in.h"

#define KIT_JOBS 8

typedef struct kit {
    char dir[256];
    mon_journal_pool pool;
    mon_host host;
    mon_breaker breaker;
    atomic_int troubles;
    atomic_int orphans;
    /* the service */
    os_pipe_server *server;
    os_thread *thread;
    lab_plan plan;
    lab_job jobs[KIT_JOBS];
    atomic_uint served;
} kit;

int kit_setup(void **state);
int kit_teardown(void **state);
void kit_serve(kit *k, lab_plan plan);
/* Ends the service and waits for it: what it saw can be read then. */
void kit_stop(kit *k);

/* A target in memory that fails where it is told to. */
typedef struct fake {
    mon_target base;
    plt_buf got;
    plt_status fail_open;
    uint64_t fail_at; /* writing this byte fails; UINT64_MAX never */
    plt_status fail_close;
    uint32_t error; /* the Win32 code of its failures; 0: none given */
    unsigned opened, closed;
    bool dropped;
    bool *freed;
} fake;

fake *fake_make(bool *freed);

mon_job_setup kit_job(kit *k, mon_facts *facts, fake *f);
/* Begins a job, writes `n` bytes of pattern in chunks, closes and ends it. False when it did not begin. */
bool kit_print(kit *k, fake *f, bool refuse, size_t n, size_t chunk, mon_result *r);
/* The n-th byte of the pattern and all of it. */
uint8_t kit_byte(uint64_t at);
bool kit_is_pattern(const uint8_t *p, size_t n, uint64_t from);
/* The one journal file that is there, read; fails the test when there is not exactly one. */
void kit_journal(kit *k, lab_job *j);
unsigned kit_journals(kit *k);

#endif
