/* SPDX-License-Identifier: Apache-2.0 */
/* Time. Core never asks for it: it comes in as an argument. */
#ifndef PLATEN_OS_CLOCK_H
#define PLATEN_OS_CLOCK_H

#include <stdint.h>

/* Milliseconds since 1970-01-01 UTC. */
int64_t os_clock_unix_ms(void);
/* Monotonic, for deadlines; never goes back. */
uint64_t os_clock_mono_ms(void);
uint64_t os_clock_mono_us(void);
/* Milliseconds since the system started, in which it slept included: what time has really passed. Never goes back while the system runs. */
uint64_t os_clock_steady_ms(void);
/* A number of this start of the system, which no other has; 0: not known. */
uint64_t os_clock_start(void);
void os_sleep_ms(uint32_t ms);
/* How many seconds local time is ahead of UTC at that moment; 0 when the system does not say. */
int64_t os_clock_east_s(int64_t unix_ms);

#endif
