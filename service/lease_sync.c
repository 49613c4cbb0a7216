/* SPDX-License-Identifier: Apache-2.0 */
/* One thread, one call at a time. Waiting jobs count rounds: an answer counts for whoever asked before its call began. */
#include "service/lease_sync.h"

#include <stdlib.h>
#include <string.h>

#include "os/clock.h"
#include "os/crypto.h"
#include "os/log.h"
#include "service/allowance.h"
#include "service/hublink.h"
#include "service/leases.h"
#include "service/timekeeper.h"

#define EVERY_MS 300000
#define NOT_ENROLLED_MS 2000
#define AGAIN_MS 10000     /* after a failure; so long nobody waits for an answer */
#define IDLE_S (3 * 86400) /* who has not printed here for so long needs no lease here */

struct lease_sync {
    agent *agent;
    os_thread *thread;
    hublink *link;
    /* Under the agent's lock: */
    bool news;             /* something is to be asked */
    bool old;              /* the hub is from before leases */
    uint64_t begun, ended; /* rounds; the last that ended ... */
    bool good;             /* ... had an answer */
    bool soon;             /* ... which said to ask again */
    uint64_t failed_at;    /* monotonic ms; 0: it did not fail */
};

bool lease_sync_rules(agent *a)
{
    os_mutex_lock(a->lock);
    bool rules = a->leasing && !a->leasing->old && *a->policy_words;
    os_mutex_unlock(a->lock);
    return rules;
}

void lease_sync_wake(agent *a)
{
    os_mutex_lock(a->lock);
    if (a->leasing) a->leasing->news = true;
    os_cond_broadcast(a->wake);
    os_mutex_unlock(a->lock);
}

bool lease_sync_ask(agent *a, uint32_t ms)
{
    uint64_t until = os_clock_mono_ms() + ms, now;
    os_mutex_lock(a->lock);
    lease_sync *s = a->leasing;
    bool soon = s && (!s->failed_at || os_clock_mono_ms() - s->failed_at >= AGAIN_MS), good = false;
    if (soon) {
        uint64_t mine = s->begun + 1; /* a call that is under way does not have what we ask */
        s->news = true;
        os_cond_broadcast(a->wake);
        while (!a->stopping && s->ended < mine && (now = os_clock_mono_ms()) < until) os_cond_wait(a->wake, a->lock, (uint32_t)(until - now));
        good = s->ended >= mine && s->good;
    }
    os_mutex_unlock(a->lock);
    return good;
}

bool lease_sync_soon(agent *a)
{
    os_mutex_lock(a->lock);
    bool soon = a->leasing && a->leasing->soon;
    os_mutex_unlock(a->lock);
    return soon;
}

void lease_sync_call_back(agent *a, const char *id)
{
    if (leases_call_back(a->ledger, id, os_clock_unix_ms() / 1000)) lease_sync_wake(a);
}

/* Waits for news, a stop or ms. */
static void wait_for_news(lease_sync *s, uint32_t ms)
{
    agent *a = s->agent;
    uint64_t until = os_clock_mono_ms() + ms, now;
    os_mutex_lock(a->lock);
    while (!a->stopping && !s->news && (now = os_clock_mono_ms()) < until) os_cond_wait(a->wake, a->lock, (uint32_t)(until - now));
    os_mutex_unlock(a->lock);
}

static bool cancelled(void *ctx)
{
    return agent_stopping(ctx);
}

static bool call(lease_sync *s, plt_lease_request *said, plt_lease_reply *reply)
{
    bool old = false;
    char words[HUBLINK_WORDS];
    if (!s->link && hublink_open(&s->link, s->agent->data_dir, cancelled, s->agent, words) != PLT_OK) return false;
    hublink_answer w = hublink_leases(s->link, said, reply, &old);
    if (w.result != HUBLINK_OK) {
        if (!old) os_log(OS_LOG_DEBUG, "leases: %s", w.words);
        hublink_close(s->link); /* the next call may need a renewed certificate */
        s->link = NULL;
    }
    os_mutex_lock(s->agent->lock);
    s->old = old;
    os_mutex_unlock(s->agent->lock);
    return w.result == HUBLINK_OK;
}

/* What the book has to say, said and answered. */
static bool round_trip(lease_sync *s, bool *soon)
{
    ledger *l = s->agent->ledger;
    int64_t now = os_clock_unix_ms() / 1000;
    plt_lease_request *said = calloc(1, sizeof *said);
    plt_lease_reply *reply = calloc(1, sizeof *reply);
    bool good = said && reply;
    *soon = false;
    if (good && !leases_called_lately(l, now)) allowance_foresee(s->agent, now, now - IDLE_S);
    good = good && leases_request(l, now, now - IDLE_S, said) == PLT_OK && call(s, said, reply);
    if (good) {
        timekeeper_confirm(s->agent->clock, reply->now * 1000);
        good = leases_reply(l, said, reply, os_clock_unix_ms() / 1000) == PLT_OK;
        *soon = reply->soon;
        plt_lease_reply_free(reply);
    }
    free(said);
    free(reply);
    return good;
}

static void run(void *arg)
{
    lease_sync *s = arg;
    agent *a = s->agent;
    while (!agent_stopping(a)) {
        if (!hublink_enrolled(a->data_dir)) {
            agent_pause(a, NOT_ENROLLED_MS);
            continue;
        }
        uint32_t dice = 0;
        os_random(&dice, sizeof dice);
        os_mutex_lock(a->lock);
        s->news = false;
        s->begun++;
        os_mutex_unlock(a->lock);
        bool soon, good = round_trip(s, &soon);
        os_mutex_lock(a->lock);
        s->ended = s->begun;
        s->good = good;
        s->soon = soon;
        s->failed_at = good ? 0 : os_clock_mono_ms();
        os_cond_broadcast(a->wake);
        os_mutex_unlock(a->lock);
        if (good)
            wait_for_news(s, EVERY_MS / 2 + dice % (EVERY_MS / 2));
        else
            agent_pause(a, AGAIN_MS);
    }
    hublink_close(s->link);
}

plt_status lease_sync_start(lease_sync **out, agent *a)
{
    *out = NULL;
    lease_sync *s = calloc(1, sizeof *s);
    if (!s) return PLT_NOMEM;
    s->agent = a;
    os_mutex_lock(a->lock);
    a->leasing = s;
    os_mutex_unlock(a->lock);
    *out = s;
    return os_thread_start(&s->thread, run, s);
}

void lease_sync_stop(lease_sync *s)
{
    if (!s) return;
    os_thread_join(s->thread);
    os_mutex_lock(s->agent->lock);
    s->agent->leasing = NULL;
    os_mutex_unlock(s->agent->lock);
    free(s);
}
