/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Threads by CreateThread: with the universal C runtime, also linked statically, the runtime makes a thread's data at its first use and
 * frees it in its own TLS callback, so _beginthreadex has nothing to add. Locks are SRW locks: no handle, no failure, nothing to free.
 */
#include "os/thread.h"

#include <windows.h>

#include <stdlib.h>

#include "os/error.h"
#include "os/windows/last_error.h"

#define STACK_SIZE (256 * 1024)

struct os_thread {
    HANDLE handle;
};

struct os_mutex {
    SRWLOCK lock;
};

struct os_cond {
    CONDITION_VARIABLE var;
};

typedef struct start {
    void (*fn)(void *);
    void *arg;
} start;

static DWORD WINAPI run(void *p)
{
    start s = *(start *)p;
    free(p);
    s.fn(s.arg);
    return 0;
}

plt_status os_thread_start(os_thread **out, void (*fn)(void *), void *arg)
{
    *out = NULL;
    os_thread *t = malloc(sizeof *t);
    start *s = malloc(sizeof *s);
    if (!t || !s) {
        free(t);
        free(s);
        return os_fail_as(PLT_NOMEM, "start", "a thread");
    }
    *s = (start){fn, arg};
    t->handle = CreateThread(NULL, STACK_SIZE, run, s, STACK_SIZE_PARAM_IS_A_RESERVATION, NULL);
    if (!t->handle) {
        plt_status st = os_fail(last_error(), "start", "a thread");
        free(t);
        free(s);
        return st;
    }
    *out = t;
    return PLT_OK;
}

void os_thread_join(os_thread *t)
{
    if (!t) return;
    WaitForSingleObject(t->handle, INFINITE);
    os_thread_detach(t);
}

plt_status os_thread_join_for(os_thread **t, uint32_t timeout_ms)
{
    if (!*t) return PLT_OK;
    if (WaitForSingleObject((*t)->handle, timeout_ms) != WAIT_OBJECT_0) return os_fail_as(PLT_TIMEOUT, "wait for the end of", "a thread");
    os_thread_detach(*t);
    *t = NULL;
    return PLT_OK;
}

void os_thread_detach(os_thread *t)
{
    if (!t) return;
    CloseHandle(t->handle);
    free(t);
}

os_mutex *os_mutex_create(void)
{
    os_mutex *m = malloc(sizeof *m);
    if (m) InitializeSRWLock(&m->lock);
    return m;
}

void os_mutex_free(os_mutex *m)
{
    free(m);
}

void os_mutex_lock(os_mutex *m)
{
    AcquireSRWLockExclusive(&m->lock);
}

void os_mutex_unlock(os_mutex *m)
{
    ReleaseSRWLockExclusive(&m->lock);
}

os_cond *os_cond_create(void)
{
    os_cond *c = malloc(sizeof *c);
    if (c) InitializeConditionVariable(&c->var);
    return c;
}

void os_cond_free(os_cond *c)
{
    free(c);
}

bool os_cond_wait(os_cond *c, os_mutex *m, uint32_t timeout_ms)
{
    return SleepConditionVariableSRW(&c->var, &m->lock, timeout_ms, 0) != 0;
}

void os_cond_signal(os_cond *c)
{
    WakeConditionVariable(&c->var);
}

void os_cond_broadcast(os_cond *c)
{
    WakeAllConditionVariable(&c->var);
}
