/* SPDX-License-Identifier: Apache-2.0 */
/* The number of an order is written with the step that it causes, in one row: that row alone says afterwards who let the job go. */
#include "service/desk_held.h"

#include <stdlib.h>
#include <string.h>

#include "core/util/frame.h"
#include "core/util/text.h"
#include "os/log.h"
#include "service/desk_inner.h"
#include "service/watch.h"

_Static_assert((int)DESK_MOST <= (int)PLT_HELD_MOST, "one list tells all");

static void cut(char *out, size_t size, const char *s)
{
    plt_utf8_copy(out, size, s, strlen(s));
}

static void describe(const held_job *h, plt_held_job *out)
{
    const plt_job *j = &h->job;
    *out = (plt_held_job){.pages = j->analysis.pages,
                          .copies = j->analysis.copies,
                          .sheets = j->analysis.sheets,
                          .color_pages = j->analysis.color_pages,
                          .cost = j->policy.cost,
                          .since = h->since,
                          .until = h->deadline};
    plt_copy(out->uid, sizeof out->uid, h->uid);
    cut(out->user, sizeof out->user, j->user);
    cut(out->document, sizeof out->document, j->document);
    cut(out->machine, sizeof out->machine, j->machine);
    cut(out->queue, sizeof out->queue, h->plan.queue);
    cut(out->device, sizeof out->device, j->device);
    cut(out->rule, sizeof out->rule, j->policy.rule);
    cut(out->currency, sizeof out->currency, j->policy.currency);
}

size_t desk_held(desk *d, plt_held_job *out)
{
    size_t n = 0;
    if (!d) return 0;
    os_mutex_lock(d->lock);
    for (const desk_job *k = d->jobs; k && n < PLT_HELD_MOST; k = k->next)
        if (k->h.state == GATE_HELD) describe(&k->h, &out[n++]);
    os_mutex_unlock(d->lock);
    return n;
}

/* How a job that is not held stands to the order. */
static plt_held_end end_of(const held_job *h, const plt_held_order *o)
{
    const plt_job_policy *p = &h->job.policy;
    bool by_this = p->order.known && p->order.n == (uint64_t)o->no;
    bool printed = h->state != GATE_OVER || (strcmp(h->job.outcome, "cancelled") != 0 && strcmp(h->job.outcome, "refused") != 0);
    if (by_this) return h->state == GATE_ASKED ? PLT_HELD_ASKS : PLT_HELD_DONE;
    return printed ? PLT_HELD_RELEASED : PLT_HELD_OVER;
}

/* Its owner, who did not do it, is told. */
static void tell_owner(desk *d, const char *user, const char *document, bool release, const plt_told *told)
{
    watch_notice(d->a->watchers, user, release ? PLT_NOTICE_RELEASED : PLT_NOTICE_WORDS, told->text, told->why, document);
}

/* A held job does what it is told. It may be gone afterwards. */
static plt_held_end act_locked(desk *d, desk_job *k, const plt_held_order *o)
{
    plt_told told;
    bool release = o->act == PLT_HELD_RELEASE;
    held_job before = k->h;
    plt_job_policy *p = &k->h.job.policy;
    gate_step next = gate_next(GATE_HELD, release ? GATE_E_RELEASE : GATE_E_DELETE, before.plan.traits);
    p->order = (plt_maybe){true, (uint64_t)o->no};
    plt_copy(p->ordered_by, sizeof p->ordered_by, o->by);
    plt_tell(&told, release ? PLT_WHY_RELEASED_BY : PLT_WHY_CANCELLED_BY, o->by);
    if (!desk_step_locked(d, k, release ? GATE_E_RELEASE : GATE_E_DELETE, release ? NULL : &told)) {
        k->h = before;
        return PLT_HELD_FAILED;
    }
    os_log(OS_LOG_INFO, "job %s: order %lld of the hub, %s by %s", o->uid, (long long)o->no, plt_held_act_word(o->act), o->by);
    tell_owner(d, before.job.user, before.job.document, release, &told);
    return next.next == GATE_ASKED ? PLT_HELD_ASKS : PLT_HELD_DONE;
}

plt_held_end desk_order(desk *d, const plt_held_order *o)
{
    plt_held_end end = PLT_HELD_UNKNOWN;
    held_job *row = d ? malloc(sizeof *row) : NULL;
    if (!row) return PLT_HELD_FAILED;
    os_mutex_lock(d->lock);
    desk_job *k = desk_find_locked(d, o->uid);
    plt_status s = k ? PLT_OK : held_find(d->a->ledger, o->uid, row);
    if (k && k->h.state == GATE_HELD && !(k->h.job.policy.order.known && k->h.job.policy.order.n == (uint64_t)o->no))
        end = act_locked(d, k, o);
    else if (s == PLT_OK)
        end = end_of(k ? &k->h : row, o);
    else if (s != PLT_NOTFOUND)
        end = PLT_HELD_FAILED;
    os_mutex_unlock(d->lock);
    free(row);
    return end;
}
