/* SPDX-License-Identifier: Apache-2.0 */
/* Group commit. It must never let a reply go that promises what is not on the disk. */
#include "hub/writer.h"

#include <stdlib.h>

#include "core/util/text.h"
#include "hub/once.h"
#include "hub/people.h"
#include "hub/routes.h"
#include "os/clock.h"
#include "os/log.h"

#define GROUP_TASKS 512
#define GROUP_BYTES (64u << 20)
#define NAP_MS 60000

struct hub_writer {
    hub *hub;
    hub_store *store;
    os_thread *thread;
    os_mutex *lock;
    os_cond *some;
    hub_task *first, *last;
    size_t waiting, max;
    bool stop;
};

/* What is queued, up to a group's size; NULL to end. */
static hub_task *take_group(hub_writer *w)
{
    os_mutex_lock(w->lock);
    while (!w->first && !w->stop) os_cond_wait(w->some, w->lock, NAP_MS);
    hub_task *group = w->stop ? NULL : w->first, *last = NULL;
    size_t n = 0, bytes = 0;
    for (hub_task *t = group; t && n < GROUP_TASKS && (n == 0 || bytes + t->weight <= GROUP_BYTES); t = t->next) {
        bytes += t->weight;
        last = t;
        n++;
    }
    if (last) {
        w->first = last->next;
        if (!w->first) w->last = NULL;
        w->waiting -= n;
        last->next = NULL;
    }
    os_mutex_unlock(w->lock);
    return group;
}

/* What was done and the line that says so are one write. */
static plt_status note(hub_store *s, hub_task *t, int64_t now)
{
    hub_audit a;
    if (!t->in.route || !t->in.route->audit || t->out.status >= 400) return PLT_OK;
    hub_task_audit(t, &a);
    return s->people->audit_add(s, &a, now);
}

/* A tenant may have moved out of the caller's scope since a worker looked. */
static plt_status still_theirs(hub_store *s, hub_task *t)
{
    if (t->session.scope == HUB_OPERATOR || !t->audit_tenant || t->audit_tenant == t->session.scope) return PLT_OK;
    plt_status status = s->people->within(s, t->session.scope, t->audit_tenant);
    if (status == PLT_NOTFOUND) hub_problem(&t->out, 404, "not-found", "There is no such tenant", NULL, NULL);
    return status;
}

/* A change, the line that says so and the answer that its key will give again; or that answer, and nothing else. */
static plt_status change(hub_store *s, hub_task *t, int64_t now)
{
    plt_status status = hub_once_before(s, t, now);
    if (status != PLT_NOTFOUND) return status;
    status = still_theirs(s, t);
    if (status == PLT_OK) status = t->write(s, t, now);
    if (status == PLT_OK) status = note(s, t, now);
    return status == PLT_OK ? hub_once_after(s, t, now) : status;
}

/* One task behind its mark. A status: the transaction as a whole is of no use any more. */
static plt_status write_one(hub_store *s, hub_task *t, int64_t now)
{
    plt_status mark = s->ops->mark(s);
    if (mark != PLT_OK) return mark;
    plt_status status = change(s, t, now);
    if (status == PLT_OK) return s->ops->keep(s);
    t->new_jobs = 0;
    if (t->out.status < 400) {
        os_log(OS_LOG_ERROR, "store: %s", s->ops->problem(s));
        hub_reply_store(&t->out, status);
    }
    if (status == PLT_FULL || status == PLT_IO || status == PLT_BAD || status == PLT_NOMEM) return status;
    return s->ops->undo(s);
}

/* Whoever was told of success hears of the failure instead; refusals of their own stand. */
static void fail_group(hub_task *first, plt_status status)
{
    for (hub_task *t = first; t; t = t->next) {
        t->new_jobs = 0;
        if (t->out.status < 400) hub_reply_store(&t->out, status);
    }
}

static plt_status tell_some(hub_store *s, int what, int64_t n, int64_t tenant_id)
{
    const hub_telling t = {.what = what, .n = n, .tenant_id = tenant_id};
    return n ? s->ops->tell(s, &t) : PLT_OK;
}

static plt_status tell_orders(hub_store *s, const hub_task *t)
{
    plt_status status = PLT_OK;
    for (size_t i = 0; status == PLT_OK && i < t->order_count; i++) {
        hub_telling told = {.what = HUB_TOLD_ORDER, .n = t->orders[i].no, .tenant_id = t->order_tenant};
        plt_copy(told.agent, sizeof told.agent, t->orders[i].agent);
        status = s->ops->tell(s, &told);
    }
    return status;
}

/* What a group brings, for the other hubs on the store. *new_jobs: for our own readers. */
static plt_status tell_group(hub_store *s, const hub_task *first, int64_t *new_jobs)
{
    int64_t devices = 0;
    plt_status status = PLT_OK;
    *new_jobs = 0;
    for (const hub_task *t = first; t && status == PLT_OK; t = t->next) {
        if (t->out.status >= 400) continue;
        *new_jobs += t->new_jobs;
        devices += t->new_devices;
        status = tell_some(s, HUB_TOLD_POLICY, t->policy_serial, t->policy_tenant);
        if (status == PLT_OK) status = tell_orders(s, t);
    }
    if (status == PLT_OK) status = tell_some(s, HUB_TOLD_JOBS, *new_jobs, 0);
    return status == PLT_OK ? tell_some(s, HUB_TOLD_DEVICES, devices, 0) : status;
}

int64_t hub_writer_group(hub_store *s, hub_task *first, int64_t now)
{
    int64_t new_jobs = 0;
    plt_status status = s->ops->begin(s);
    for (hub_task *t = first; t && status == PLT_OK; t = t->next) status = write_one(s, t, now);
    if (status == PLT_OK) status = tell_group(s, first, &new_jobs);
    if (status == PLT_OK) status = s->ops->commit(s);
    if (status != PLT_OK) {
        os_log(OS_LOG_ERROR, "store: nothing of a group was stored: %s", s->ops->problem(s));
        s->ops->rollback(s);
        fail_group(first, status);
        new_jobs = 0;
    }
    for (hub_task *t = first; t; t = t->next)
        if (t->after && t->out.status < 400) t->after(t);
    return new_jobs;
}

/* Our own live links. */
static void tell_links(hub *h, const hub_task *t)
{
    if (t->policy_serial) hub_told_policy(h, t->policy_tenant, t->policy_serial);
    for (size_t i = 0; i < t->order_count; i++) hub_told_order(h, t->order_tenant, t->orders[i].agent, t->orders[i].no);
}

static void run(void *arg)
{
    hub_writer *w = arg;
    for (hub_task *group; (group = take_group(w)) != NULL;) {
        int64_t new_jobs = hub_writer_group(w->store, group, os_clock_unix_ms());
        if (new_jobs) hub_told_jobs(w->hub, new_jobs);
        int64_t devices = 0;
        for (const hub_task *t = group; t; t = t->next)
            if (t->out.status < 400) devices += t->new_devices;
        if (devices) hub_told_devices(w->hub, devices);
        while (group) {
            hub_task *next = group->next;
            if (group->out.status < 400) tell_links(w->hub, group);
            hub_done(w->hub, group);
            group = next;
        }
    }
}

plt_status hub_writer_start(hub_writer **out, hub *h, hub_store *s, size_t queue)
{
    *out = NULL;
    hub_writer *w = calloc(1, sizeof *w);
    if (!w) {
        s->ops->close(s);
        return PLT_NOMEM;
    }
    *w = (hub_writer){.hub = h, .store = s, .max = queue, .lock = os_mutex_create(), .some = os_cond_create()};
    plt_status status = w->lock && w->some ? os_thread_start(&w->thread, run, w) : PLT_NOMEM;
    if (status == PLT_OK)
        *out = w;
    else
        hub_writer_stop(w);
    return status;
}

bool hub_writer_push(hub_writer *w, hub_task *t)
{
    os_mutex_lock(w->lock);
    bool room = !w->stop && w->waiting < w->max;
    if (room) {
        t->next = NULL;
        if (w->last)
            w->last->next = t;
        else
            w->first = t;
        w->last = t;
        w->waiting++;
        os_cond_signal(w->some);
    }
    os_mutex_unlock(w->lock);
    return room;
}

void hub_writer_quiet(hub_writer *w, plt_status (*write)(hub_store *s, hub_task *t, int64_t now), const hub_task *like)
{
    hub_task *t = hub_task_new();
    if (!t) return;
    t->write = write;
    t->agent = like->agent;
    t->session = like->session;
    for (size_t i = 0; i < sizeof t->token_hash; i++) t->token_hash[i] = like->token_hash[i];
    if (!hub_writer_push(w, t)) hub_task_free(t);
}

void hub_writer_stop(hub_writer *w)
{
    if (!w) return;
    if (w->thread) {
        os_mutex_lock(w->lock);
        w->stop = true;
        os_cond_broadcast(w->some);
        os_mutex_unlock(w->lock);
        os_thread_join(w->thread);
    }
    while (w->first) {
        hub_task *next = w->first->next;
        hub_task_free(w->first);
        w->first = next;
    }
    w->store->ops->close(w->store);
    os_cond_free(w->some);
    os_mutex_free(w->lock);
    free(w);
}
