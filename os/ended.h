/* SPDX-License-Identifier: Apache-2.0 */
/* How a child ended, in words that say what happened and what to do. One table for both systems: their numbers do not overlap. */
#ifndef PLATEN_OS_ENDED_H
#define PLATEN_OS_ENDED_H

#include <stddef.h>
#include <stdint.h>

/* What an exit code means: "ran out of memory", "Close other programs". `remedy` may be "". */
typedef struct os_ended {
    uint32_t code;
    const char *what;
    const char *remedy;
} os_ended;

#define OS_ENDED_TEXT 256

/*
 * "platen-worker ran out of memory: ..." of what os_process_wait gave. `own`: the program's own exit codes, ends with `what` NULL; NULL when it has
 * none. They are asked first. A code that nobody knows is told as a number, or as the signal that it stands for. Gives `out`.
 */
const char *os_ended_text(char out[OS_ENDED_TEXT], const char *who, uint32_t code, const os_ended *own);

#endif
