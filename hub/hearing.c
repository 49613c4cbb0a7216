/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Events cross from hub to hub: what one commits, the readers of the others hear. What is told while the connection is away is
 * not heard; a reader's page shows it when it is next asked. It must never write.
 */
#include "hub/hearing.h"

#include <stdlib.h>

#include "os/clock.h"
#include "os/log.h"

#define LISTEN_MS 500
#define AGAIN_MS 1000

struct hub_hearing {
    hub *hub;
    hub_store *store;
    os_thread *thread;
    os_mutex *lock;
    bool stop;
};

static bool stopping(hub_hearing *l)
{
    os_mutex_lock(l->lock);
    bool stop = l->stop;
    os_mutex_unlock(l->lock);
    return stop;
}

static void pass_on(hub *h, const hub_telling *t)
{
    switch (t->what) {
    case HUB_TOLD_JOBS: hub_told_jobs(h, t->n); break;
    case HUB_TOLD_DEVICES: hub_told_devices(h, t->n); break;
    case HUB_TOLD_POLICY: hub_told_policy(h, t->tenant_id, t->n); break;
    case HUB_TOLD_LEASE: hub_told_lease(h, t->agent, t->lease); break;
    case HUB_TOLD_ORDER: hub_told_order(h, t->tenant_id, t->agent, t->n); break;
    case HUB_TOLD_KINDS: break;
    }
}

static void run(void *arg)
{
    hub_hearing *l = arg;
    bool away = false;
    while (!stopping(l)) {
        hub_telling t;
        plt_status status = l->store->ops->hear(l->store, LISTEN_MS, &t);
        bool failed = status != PLT_OK && status != PLT_NOTFOUND;
        if (status == PLT_OK) pass_on(l->hub, &t);
        if (failed && !away) os_log(OS_LOG_WARN, "other hubs are not heard: %s", l->store->ops->problem(l->store));
        if (!failed && away) os_log(OS_LOG_INFO, "other hubs are heard again");
        away = failed;
        if (failed) os_sleep_ms(AGAIN_MS);
    }
}

plt_status hub_hearing_start(hub_hearing **out, hub *h, char *problem, size_t n)
{
    hub_telling t;
    *out = NULL;
    hub_hearing *l = calloc(1, sizeof *l);
    if (!l) return PLT_NOMEM;
    l->hub = h;
    l->lock = os_mutex_create();
    plt_status status = l->lock ? hub_store_open(&l->store, &h->where, false, problem, n) : PLT_NOMEM;
    if (status == PLT_OK) {
        l->store->hub = h->id;
        bool alone = l->store->ops->hear(l->store, 0, &t) == PLT_UNSUPPORTED;
        if (!alone) status = os_thread_start(&l->thread, run, l);
        if (!alone && status == PLT_OK) *out = l;
    }
    if (!*out) hub_hearing_stop(l);
    return status;
}

void hub_hearing_stop(hub_hearing *l)
{
    if (!l) return;
    if (l->thread) {
        os_mutex_lock(l->lock);
        l->stop = true;
        os_mutex_unlock(l->lock);
        os_thread_join(l->thread);
    }
    if (l->store) l->store->ops->close(l->store);
    os_mutex_free(l->lock);
    free(l);
}
