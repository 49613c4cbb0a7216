/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The desk's third thread: a job whose account is known now takes that account's units, at the hub if need be, and is ruled once more before it
 * prints (docs/enforcement.md, "An account's quota"). One job at a time; from its state's deadline on the hub is not waited for, so that a row of
 * jobs ends in bounded time. It never asks a person anything, and nobody else ends this state.
 */
#include <stdlib.h>

#include "core/util/text.h"
#include "os/clock.h"
#include "os/log.h"
#include "service/desk_inner.h"
#include "service/ruling.h"

static desk_job *next_locked(desk *d)
{
    desk_job *found = NULL;
    for (desk_job *k = d->jobs; k; k = k->next) /* the oldest first: the list is the other way round */
        if (k->h.state == GATE_CHARGING) found = k;
    return found;
}

/* The ruling into the job and on disk. False: the disk did not take it, the job waits and is ruled again. */
static bool take_locked(desk *d, desk_job *k, const held_job *ruled, gate_event e)
{
    held_job before = k->h;
    k->h.plan = ruled->plan;
    k->h.job.policy = ruled->job.policy;
    plt_told told;
    ruling_tell(&ruled->job.policy, &told);
    if (desk_step_locked(d, k, e, e == GATE_E_REFUSE ? &told : NULL)) return true;
    k->h = before;
    return false;
}

/* False: not now. */
static bool charge_locked(desk *d, desk_job *k, held_job *copy)
{
    gate_event e;
    *copy = k->h;
    os_mutex_unlock(d->lock);
    plt_status s = ruling_charged(d->a, copy, !desk_overdue(copy, os_clock_unix_ms()), &e);
    os_mutex_lock(d->lock);
    k = desk_find_locked(d, copy->uid);
    if (s != PLT_OK) return false;
    return !k || k->h.state != GATE_CHARGING || take_locked(d, k, copy, e);
}

void desk_charger(void *arg)
{
    desk *d = arg;
    held_job *copy = malloc(sizeof *copy);
    if (!copy) os_log(OS_LOG_ERROR, "no memory: quotas of accounts are not asked for, and jobs that need them wait for the next start");
    os_mutex_lock(d->lock);
    while (copy && !d->stopping) {
        desk_job *k = next_locked(d);
        if (!k || !charge_locked(d, k, copy)) os_cond_wait(d->wake, d->lock, DESK_LOOK_MS);
    }
    os_mutex_unlock(d->lock);
    free(copy);
}
