/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Uploading. States: not enrolled -> (enrol) -> ask what the hub has -> send batches -> wait for news. Any network failure leads back to
 * waiting, twice as long each time up to five minutes, with jitter, so that a thousand PCs do not come back at once. What the hub refuses
 * for good (a fork, a revoked certificate) is said and tried again only rarely.
 */
#include "service/sync.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/util/frame.h"
#include "core/util/text.h"
#include "os/clock.h"
#include "os/config.h"
#include "os/crypto.h"
#include "os/log.h"
#include "service/hublink.h"

#define BATCH_LINES 5000
#define BATCH_BYTES (8u << 20)
#define FIRST_PAUSE_MS 1000
#define LONGEST_PAUSE_MS 300000
#define REFUSED_PAUSE_MS 300000
/* A look at least so often: the hub sees that the agent lives, the certificate's renewal is thought of. */
#define IDLE_MS 300000

struct hubsync {
    agent *agent;
    os_thread *thread;
    hublink *link;
    bool asked; /* the hub's durable number is known */
    int64_t acked;
    int max_lines; /* halved after "too large" */
    uint32_t pause;
};

/* Waits for a new record, a stop or ms. */
static void wait_for_news(agent *a, uint32_t ms)
{
    uint64_t until = os_clock_mono_ms() + ms, now;
    os_mutex_lock(a->lock);
    while (!a->stopping && !a->new_records && (now = os_clock_mono_ms()) < until) os_cond_wait(a->wake, a->lock, (uint32_t)(until - now));
    a->new_records = false;
    os_mutex_unlock(a->lock);
}

/* The next pause: doubled, and somewhere between half and all of it. */
static void back_off(hubsync *s)
{
    uint32_t dice = 0;
    os_random(&dice, sizeof dice);
    s->pause = s->pause ? (s->pause < LONGEST_PAUSE_MS / 2 ? s->pause * 2 : LONGEST_PAUSE_MS) : FIRST_PAUSE_MS;
    agent_pause(s->agent, s->pause / 2 + dice % (s->pause / 2));
}

static void settled(hubsync *s, const hublink_answer *w, int good_state)
{
    agent *a = s->agent;
    if (w->result == HUBLINK_OK) {
        s->pause = 0;
        os_mutex_lock(a->lock);
        a->last_sync = os_clock_unix_ms();
        os_mutex_unlock(a->lock);
        agent_set_state(a, good_state, "Connected to %s.", hublink_hub(s->link));
    } else if (w->result == HUBLINK_REFUSED) {
        agent_set_state(a, PLT_STATE_REFUSED, "%s", w->words);
        agent_pause(a, REFUSED_PAUSE_MS);
    } else if (w->result == HUBLINK_AGAIN) {
        agent_set_state(a, PLT_STATE_UNREACHABLE, "%s", w->words);
        back_off(s);
    }
}

/* With settings from the installer or the CLI: enrols, and forgets the key. */
static void try_enrol(hubsync *s)
{
    agent *a = s->agent;
    char hub[256], key[256];
    bool have = os_config_get(a->data_dir, "HubUrl", hub, sizeof hub) == PLT_OK && os_config_get(a->data_dir, "EnrollKey", key, sizeof key) == PLT_OK;
    if (!have) {
        agent_set_state(a, PLT_STATE_NOT_ENROLLED,
                        "Not enrolled: run 'platen enrol --hub URL --key KEY', or install with HUBURL and ENROLLKEY. Jobs are recorded on this "
                        "machine meanwhile.");
        agent_pause(a, 2000);
        return;
    }
    os_log(OS_LOG_INFO, "enrolling at %s", hub);
    hublink_answer w = hublink_enrol(a->data_dir, hub, key);
    memset(key, 0, sizeof key);
    if (w.result == HUBLINK_OK) {
        os_config_delete(a->data_dir, "EnrollKey");
        s->pause = 0;
        return;
    }
    agent_set_state(a, w.result == HUBLINK_REFUSED ? PLT_STATE_REFUSED : PLT_STATE_UNREACHABLE, "%s", w.words);
    if (w.result == HUBLINK_REFUSED)
        agent_pause(a, 10000); /* a person may give another key */
    else
        back_off(s);
}

static bool cancelled(void *ctx)
{
    return agent_stopping(ctx);
}

static bool open_link(hubsync *s)
{
    agent *a = s->agent;
    char words[HUBLINK_WORDS];
    plt_status st = hublink_open(&s->link, a->data_dir, cancelled, a, words);
    if (st == PLT_OK) {
        os_config_delete(a->data_dir, "EnrollKey"); /* a key given to a machine that is enrolled already must not stay readable */
        os_mutex_lock(a->lock);
        plt_copy(a->hub, sizeof a->hub, hublink_hub(s->link));
        plt_copy(a->id, sizeof a->id, hublink_agent(s->link));
        os_mutex_unlock(a->lock);
        s->asked = false;
        return true;
    }
    if (st == PLT_NOTFOUND)
        try_enrol(s);
    else {
        agent_set_state(a, PLT_STATE_REFUSED, "%s", words);
        agent_pause(a, 10000);
    }
    return false;
}

static void close_link(hubsync *s)
{
    hublink_close(s->link);
    s->link = NULL;
}

/* What the hub has must be what we have: else this is not the machine that it knows. */
static bool same_history(hubsync *s, const plt_durable *d)
{
    char own[PLT_HASH_HEX];
    if (d->seq == 0) return true;
    plt_status st = ledger_hash(s->agent->ledger, d->seq, own);
    if (st != PLT_NOTFOUND && st != PLT_OK) return true; /* the ledger could not be read now; the hub checks as well */
    if (st == PLT_OK && (!*d->hash || strcmp(own, d->hash) == 0)) return true;
    agent_set_state(s->agent, PLT_STATE_REFUSED,
                    "The hub holds %lld records of this agent that this machine's ledger does not have: the ledger was restored, or two machines use "
                    "one enrolment "
                    "(a cloned disk). Enrol this machine anew with a new key.",
                    (long long)d->seq);
    agent_pause(s->agent, REFUSED_PAUSE_MS);
    return false;
}

static void ask(hubsync *s)
{
    hublink_answer w = hublink_durable(s->link);
    if (w.result == HUBLINK_OK && !same_history(s, &w.durable)) return;
    if (w.result == HUBLINK_OK) {
        s->asked = true;
        s->acked = w.durable.seq;
        ledger_set_acked(s->agent->ledger, s->acked);
    }
    settled(s, &w, PLT_STATE_CONNECTED);
}

static void send(hubsync *s, const plt_buf *lines, int64_t last)
{
    hublink_answer w = hublink_records(s->link, lines->data, lines->len);
    if (w.result == HUBLINK_SPLIT && s->max_lines > 1) {
        s->max_lines /= 2;
        return;
    }
    if (w.result == HUBLINK_SPLIT) w.result = HUBLINK_REFUSED;
    if (w.result == HUBLINK_GAP) {
        os_log(OS_LOG_WARN, "the hub has records up to %lld; sending from there", (long long)w.durable.seq);
        s->asked = false; /* its history is compared again before anything is sent */
        return;
    }
    if (w.result == HUBLINK_OK) {
        s->acked = w.durable.seq > last ? last : w.durable.seq;
        s->max_lines = BATCH_LINES;
        ledger_set_acked(s->agent->ledger, s->acked);
    }
    settled(s, &w, PLT_STATE_CONNECTED);
}

/* One batch; false when there is nothing to send. */
static bool send_some(hubsync *s)
{
    plt_buf lines;
    int64_t last;
    plt_buf_init(&lines, BATCH_BYTES + 2 * PLT_RECORD_MAX);
    plt_status st = ledger_lines(s->agent->ledger, s->acked, BATCH_BYTES, s->max_lines, &lines, &last);
    bool any = st == PLT_OK && last > s->acked;
    if (any) send(s, &lines, last);
    plt_buf_free(&lines);
    return any;
}

static void renew_if_due(hubsync *s)
{
    if (os_clock_unix_ms() < hublink_renew_at(s->link)) return;
    hublink_answer w = hublink_renew(s->link, s->agent->data_dir);
    if (w.result != HUBLINK_OK) {
        os_log(OS_LOG_WARN, "certificate: %s", w.words);
        return;
    }
    os_log(OS_LOG_INFO, "certificate renewed");
    close_link(s);
}

static void run(void *arg)
{
    hubsync *s = arg;
    agent *a = s->agent;
    while (!agent_stopping(a)) {
        if (!s->link && !open_link(s)) continue;
        if (!s->asked) {
            ask(s);
            if (s->asked) renew_if_due(s);
            continue;
        }
        if (send_some(s)) continue;
        wait_for_news(a, IDLE_MS);
        os_mutex_lock(a->lock);
        bool idle = !a->stopping && os_clock_unix_ms() - a->last_sync >= IDLE_MS;
        os_mutex_unlock(a->lock);
        if (idle) s->asked = false; /* says "alive" and compares again */
    }
    close_link(s);
}

plt_status sync_start(hubsync **out, agent *a)
{
    *out = NULL;
    hubsync *s = calloc(1, sizeof *s);
    if (!s) return PLT_NOMEM;
    s->agent = a;
    s->max_lines = BATCH_LINES;
    plt_status st = os_thread_start(&s->thread, run, s);
    if (st != PLT_OK) {
        free(s);
        return st;
    }
    *out = s;
    return PLT_OK;
}

void sync_stop(hubsync *s)
{
    if (!s) return;
    os_thread_join(s->thread);
    free(s);
}
