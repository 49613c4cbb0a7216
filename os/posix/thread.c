/* SPDX-License-Identifier: Apache-2.0 */
/* Threads by POSIX threads. Condition variables run on the monotonic clock, so that a change of the date wakes nobody. */
#define _GNU_SOURCE /* pthread_clockjoin_np */
#include "os/thread.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <time.h>

#include "os/error.h"

struct os_thread {
    pthread_t id;
};

struct os_mutex {
    pthread_mutex_t m;
};

struct os_cond {
    pthread_cond_t c;
};

typedef struct start {
    void (*fn)(void *);
    void *arg;
} start;

static struct timespec deadline_after(uint32_t ms)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    t.tv_sec += ms / 1000;
    t.tv_nsec += (long)(ms % 1000) * 1000000;
    if (t.tv_nsec >= 1000000000) {
        t.tv_nsec -= 1000000000;
        t.tv_sec++;
    }
    return t;
}

static void *run(void *p)
{
    start s = *(start *)p;
    free(p);
    s.fn(s.arg);
    return NULL;
}

plt_status os_thread_start(os_thread **out, void (*fn)(void *), void *arg)
{
    *out = NULL;
    os_thread *t = malloc(sizeof *t);
    start *s = malloc(sizeof *s);
    pthread_attr_t attr;
    if (!t || !s) {
        free(t);
        free(s);
        return PLT_NOMEM;
    }
    *s = (start){fn, arg};
    pthread_attr_init(&attr);
    pthread_attr_setstacksize(&attr, 512 * 1024); /* sanitizers need more than the 256 KiB promised */
    int err = pthread_create(&t->id, &attr, run, s);
    pthread_attr_destroy(&attr);
    if (err) {
        free(t);
        free(s);
        return os_fail((uint32_t)err, "start", "a thread");
    }
    *out = t;
    return PLT_OK;
}

void os_thread_join(os_thread *t)
{
    if (!t) return;
    pthread_join(t->id, NULL);
    free(t);
}

plt_status os_thread_join_for(os_thread **t, uint32_t timeout_ms)
{
    struct timespec at = deadline_after(timeout_ms);
    if (!*t) return PLT_OK;
    if (pthread_clockjoin_np((*t)->id, NULL, CLOCK_MONOTONIC, &at) == ETIMEDOUT) return PLT_TIMEOUT;
    free(*t);
    *t = NULL;
    return PLT_OK;
}

void os_thread_detach(os_thread *t)
{
    if (!t) return;
    pthread_detach(t->id);
    free(t);
}

os_mutex *os_mutex_create(void)
{
    os_mutex *m = malloc(sizeof *m);
    if (m) pthread_mutex_init(&m->m, NULL);
    return m;
}

void os_mutex_free(os_mutex *m)
{
    if (!m) return;
    pthread_mutex_destroy(&m->m);
    free(m);
}

void os_mutex_lock(os_mutex *m)
{
    pthread_mutex_lock(&m->m);
}

void os_mutex_unlock(os_mutex *m)
{
    pthread_mutex_unlock(&m->m);
}

os_cond *os_cond_create(void)
{
    os_cond *c = malloc(sizeof *c);
    if (!c) return NULL;
    pthread_condattr_t attr;
    pthread_condattr_init(&attr);
    pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
    pthread_cond_init(&c->c, &attr);
    pthread_condattr_destroy(&attr);
    return c;
}

void os_cond_free(os_cond *c)
{
    if (!c) return;
    pthread_cond_destroy(&c->c);
    free(c);
}

bool os_cond_wait(os_cond *c, os_mutex *m, uint32_t timeout_ms)
{
    struct timespec at = deadline_after(timeout_ms);
    return pthread_cond_timedwait(&c->c, &m->m, &at) != ETIMEDOUT;
}

void os_cond_signal(os_cond *c)
{
    pthread_cond_signal(&c->c);
}

void os_cond_broadcast(os_cond *c)
{
    pthread_cond_broadcast(&c->c);
}
