/* SPDX-License-Identifier: Apache-2.0 */
/* Workers. A full queue is an answer (503), never a wait. */
#include "hub/lane.h"

#include <stdlib.h>

#include "hub/writer.h"

#define THREADS_MAX 8
#define NAP_MS 60000

typedef struct seat {
    hub_worker worker;
    hub_lane *lane;
    os_thread *thread;
} seat;

struct hub_lane {
    os_mutex *lock;
    os_cond *some;
    hub_task *first, *last;
    size_t waiting, max;
    bool stop;
    size_t n;
    seat seats[THREADS_MAX];
};

static hub_task *pop(hub_lane *l)
{
    os_mutex_lock(l->lock);
    while (!l->first && !l->stop) os_cond_wait(l->some, l->lock, NAP_MS);
    hub_task *t = l->stop ? NULL : l->first;
    if (t) {
        l->first = t->next;
        if (!l->first) l->last = NULL;
        l->waiting--;
        t->next = NULL;
    }
    os_mutex_unlock(l->lock);
    return t;
}

static void run(void *arg)
{
    seat *me = arg;
    hub *h = me->worker.hub;
    for (hub_task *t; (t = pop(me->lane)) != NULL;) {
        if (t->work(&me->worker, t) == HUB_WRITE) {
            if (hub_writer_push(h->writer, t)) continue;
            hub_reply_store(&t->out, PLT_BUSY);
        }
        hub_done(h, t);
    }
}

plt_status hub_lane_start(hub_lane **out, hub *h, size_t n, size_t queue, char *problem, size_t size)
{
    *out = NULL;
    hub_lane *l = calloc(1, sizeof *l);
    if (!l) return PLT_NOMEM;
    l->lock = os_mutex_create();
    l->some = os_cond_create();
    l->max = queue;
    plt_status s = l->lock && l->some ? PLT_OK : PLT_NOMEM;
    for (size_t i = 0; s == PLT_OK && i < n && i < THREADS_MAX; i++) {
        seat *e = &l->seats[i];
        e->lane = l;
        e->worker.hub = h;
        s = hub_store_open(&e->worker.store, &h->where, false, problem, size);
        if (s == PLT_OK) s = os_thread_start(&e->thread, run, e);
        l->n = i + 1;
    }
    if (s == PLT_OK)
        *out = l;
    else
        hub_lane_stop(l);
    return s;
}

bool hub_lane_push(hub_lane *l, hub_task *t)
{
    os_mutex_lock(l->lock);
    bool room = !l->stop && l->waiting < l->max;
    if (room) {
        t->next = NULL;
        if (l->last)
            l->last->next = t;
        else
            l->first = t;
        l->last = t;
        l->waiting++;
        os_cond_signal(l->some);
    }
    os_mutex_unlock(l->lock);
    return room;
}

void hub_lane_stop(hub_lane *l)
{
    if (!l) return;
    if (l->lock) {
        os_mutex_lock(l->lock);
        l->stop = true;
        if (l->some) os_cond_broadcast(l->some);
        os_mutex_unlock(l->lock);
    }
    for (size_t i = 0; i < l->n; i++) {
        os_thread_join(l->seats[i].thread);
        if (l->seats[i].worker.store) l->seats[i].worker.store->ops->close(l->seats[i].worker.store);
    }
    while (l->first) {
        hub_task *next = l->first->next;
        hub_task_free(l->first);
        l->first = next;
    }
    os_cond_free(l->some);
    os_mutex_free(l->lock);
    free(l);
}
