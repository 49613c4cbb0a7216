/* SPDX-License-Identifier: Apache-2.0 */
/* When the passes run. A pass that fails is logged once and run again; a fact that came meanwhile is found by the next sweep. */
#include "hub/alerting.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "hub/alert_watch.h"
#include "hub/post.h"
#include "os/clock.h"
#include "os/log.h"

#define NAP_MS 500
#define NEWS_MS INT64_C(5000)       /* devices that were read are looked at so often */
#define NEWS_BACK_MS INT64_C(60000) /* and that far back: readings take a while to come */
#define MINUTE_MS INT64_C(60000)
#define SWEEP_MS (15 * MINUTE_MS)
#define FORGET_MS (10 * MINUTE_MS)
#define FORGET_ROWS 500
#define ALERTS_KEPT_MS (400 * 24 * 60 * MINUTE_MS)
#define DELIVERIES_KEPT_MS (60 * 24 * 60 * MINUTE_MS)
#define ROUND 16

struct hub_alerting {
    hub *hub;
    hub_store *looks, *sends;
    hub_post post;
    hub_post_ways ways;
    hub_post_stop asked;
    os_thread *looking, *sending;
    os_mutex *lock;
    bool stop;
};

static bool stopping(hub_alerting *a)
{
    os_mutex_lock(a->lock);
    bool stop = a->stop;
    os_mutex_unlock(a->lock);
    return stop;
}

static bool asked_to_stop(void *ctx)
{
    return stopping(ctx);
}

static void report(hub_store *s, const char *what, plt_status status, bool *away)
{
    if (status != PLT_OK && !*away) os_log(OS_LOG_WARN, "alerts: %s: %s", what, s->ops->problem(s));
    if (status == PLT_OK && *away) os_log(OS_LOG_INFO, "alerts: %s goes on", what);
    *away = status != PLT_OK;
}

typedef struct times {
    int64_t news, minute, sweep, forget;
    uint64_t facts, rules; /* the hub's counts at the last look */
} times;

static plt_status forget(hub_store *s, int64_t now)
{
    plt_status status = s->ops->begin(s);
    if (status != PLT_OK) return status;
    status = s->ops->alerts->forget(s, now - ALERTS_KEPT_MS, now - DELIVERIES_KEPT_MS, FORGET_ROWS);
    if (status == PLT_OK) return s->ops->commit(s);
    s->ops->rollback(s);
    return status;
}

/* Agents and policies each minute, devices as they are read, everything each quarter of an hour and when a rule was changed. */
static plt_status look(hub_alerting *a, times *t, int64_t now)
{
    uint64_t facts, rules;
    hub_facts(a->hub, &facts, &rules);
    bool all = now - t->sweep >= SWEEP_MS || rules != t->rules || now < t->sweep;
    bool minute = all || now - t->minute >= MINUTE_MS, news = all || (facts != t->facts && now - t->news >= NEWS_MS);
    plt_status status = PLT_OK;
    if (all)
        status = hub_alerts_look(a->looks, HUB_SPAN_ALL, 0, now);
    else if (news)
        status = hub_alerts_look(a->looks, HUB_SPAN_NEWS, t->news - NEWS_BACK_MS, now);
    if (status == PLT_OK && minute && !all) status = hub_alerts_look(a->looks, HUB_SPAN_MINUTE, 0, now);
    if (status != PLT_OK) return status;
    t->rules = rules;
    if (news) t->facts = facts;
    if (news) t->news = now;
    if (minute) t->minute = now;
    if (all) t->sweep = now;
    return PLT_OK;
}

static void look_on(void *arg)
{
    hub_alerting *a = arg;
    times t = {0};
    bool away = false;
    int64_t made;
    while (!stopping(a)) {
        int64_t now = os_clock_unix_ms();
        plt_status status = look(a, &t, now);
        if (status == PLT_OK) status = hub_alerts_tick(a->looks, now);
        if (status == PLT_OK) status = hub_alerts_speak(a->looks, now, &made);
        if (status == PLT_OK && now - t.forget >= FORGET_MS) {
            status = forget(a->looks, now);
            t.forget = now;
        }
        report(a->looks, "looking", status, &away);
        os_sleep_ms(away ? 4 * NAP_MS : NAP_MS);
    }
}

static void send_on(void *arg)
{
    hub_alerting *a = arg;
    bool away = false;
    while (!stopping(a)) {
        int64_t sent;
        report(a->sends, "sending", hub_post_round(&a->post, ROUND, &sent), &away);
        os_sleep_ms(away ? 4 * NAP_MS : NAP_MS);
    }
}

plt_status hub_alerting_start(hub_alerting **out, hub *h, bool local, char *problem, size_t n)
{
    *out = NULL;
    hub_alerting *a = calloc(1, sizeof *a);
    if (!a) return PLT_NOMEM;
    a->hub = h;
    a->lock = os_mutex_create();
    plt_status status = a->lock ? hub_store_open(&a->looks, &h->where, false, problem, n) : PLT_NOMEM;
    if (status == PLT_OK) status = hub_store_open(&a->sends, &h->where, false, problem, n);
    if (status == PLT_OK) status = hub_seal_key(h->ca, "platen alerts 1", a->post.key);
    a->post.s = a->sends;
    a->asked = (hub_post_stop){asked_to_stop, a};
    hub_post_by_curl(&a->ways, &a->asked);
    a->post.ways = &a->ways;
    a->post.local = local;
    snprintf(a->post.who, sizeof a->post.who, "%" PRIx64, h->id);
    if (status == PLT_OK) status = os_thread_start(&a->looking, look_on, a);
    if (status == PLT_OK) status = os_thread_start(&a->sending, send_on, a);
    if (status == PLT_OK)
        *out = a;
    else
        hub_alerting_stop(a);
    return status;
}

void hub_alerting_stop(hub_alerting *a)
{
    if (!a) return;
    if (a->lock) {
        os_mutex_lock(a->lock);
        a->stop = true;
        os_mutex_unlock(a->lock);
    }
    os_thread_join(a->looking);
    os_thread_join(a->sending);
    if (a->looks) a->looks->ops->close(a->looks);
    if (a->sends) a->sends->ops->close(a->sends);
    os_mutex_free(a->lock);
    free(a);
}
