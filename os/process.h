/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Child processes that parse what others sent: restricted token and job object on Windows (no privileges, one
 * process, memory and CPU limits, killed with its parent), rlimits, no_new_privs and seccomp on Linux. The child's
 * stdin and stdout are pipes to the caller, nothing else is inherited.
 */
#ifndef PLATEN_OS_PROCESS_H
#define PLATEN_OS_PROCESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/util/status.h"

typedef struct os_process os_process;

typedef struct os_process_limits {
    uint64_t memory_bytes; /* 0: none */
    uint32_t cpu_seconds;  /* 0: none */
    bool restricted;       /* drop every privilege */
    uint32_t children;     /* processes that it may start itself, at a time; enforced on Windows only */
} os_process_limits;

/* argv[0] is the program's full path; argv ends with NULL. */
plt_status os_process_start(os_process **p, const char *const argv[], const os_process_limits *limits);
/* To its stdin, all of it; PLT_CLOSED when it is gone, PLT_TIMEOUT. */
plt_status os_process_write(os_process *p, const void *buf, size_t n, uint32_t timeout_ms);
/* No more will be written: its stdin ends. */
void os_process_end_input(os_process *p);
/* From its stdout, up to n bytes and at least one; PLT_CLOSED at the end. */
plt_status os_process_read(os_process *p, void *buf, size_t n, uint32_t timeout_ms, size_t *got);
/* From its stdout, exactly n bytes. */
plt_status os_process_read_all(os_process *p, void *buf, size_t n, uint32_t timeout_ms);
/* Ends it now. NULL-safe. */
void os_process_kill(os_process *p);
/* Waits; *code is its exit code, 128 + signal, or the exception code. PLT_TIMEOUT. */
plt_status os_process_wait(os_process *p, uint32_t timeout_ms, uint32_t *code);
uint32_t os_process_id(const os_process *p);
/* Kills what still runs, reaps, frees. NULL-safe. */
void os_process_free(os_process *p);

/* This process's number. */
uint32_t os_process_self(void);
/* Sees to it that `want` files and sockets can be open at once in this process, as far as the system lets us; gives how many can. A limit
 * that is out of proportion comes down to that: libwebsockets makes tables of its size, and from ten million on gives room to 2,560 only. */
size_t os_process_files(size_t want);
/* Does a process with this number run? True when the system will not say. */
bool os_process_alive(uint32_t pid);

/* In the child: from here on no file, no socket, no process can be opened; only read, write, memory and exit.
   Windows: the parent has done it already, PLT_OK. */
plt_status os_sandbox_enter(void);

/* Binary stdin and stdout of this process, blocking. *got 0 at the end. */
plt_status os_stdin_read(void *buf, size_t n, size_t *got);
plt_status os_stdout_write(const void *buf, size_t n);

#endif
