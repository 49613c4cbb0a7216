/* SPDX-License-Identifier: Apache-2.0 */
/* Threads, mutexes, condition variables: the least that the services need. */
#ifndef PLATEN_OS_THREAD_H
#define PLATEN_OS_THREAD_H

#include <stdbool.h>
#include <stdint.h>

#include "core/util/status.h"

typedef struct os_thread os_thread;
typedef struct os_mutex os_mutex;
typedef struct os_cond os_cond;

/* Starts fn(arg) with a stack of 256 KiB (Windows commits little of it). */
plt_status os_thread_start(os_thread **t, void (*fn)(void *arg), void *arg);
/* Waits for its end and frees it. NULL-safe. */
void os_thread_join(os_thread *t);
/* As join, but gives up after timeout_ms (PLT_TIMEOUT): then the thread stays as it is, *t still valid. On PLT_OK *t is NULL. */
plt_status os_thread_join_for(os_thread **t, uint32_t timeout_ms);
/* Lets it run on by itself and frees the handle. */
void os_thread_detach(os_thread *t);

os_mutex *os_mutex_create(void); /* NULL: no memory */
void os_mutex_free(os_mutex *m);
void os_mutex_lock(os_mutex *m);
void os_mutex_unlock(os_mutex *m);

os_cond *os_cond_create(void);
void os_cond_free(os_cond *c);
/* Waits with m held; false when timeout_ms passed without a signal. */
bool os_cond_wait(os_cond *c, os_mutex *m, uint32_t timeout_ms);
void os_cond_signal(os_cond *c);
void os_cond_broadcast(os_cond *c);

#endif
