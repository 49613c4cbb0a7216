/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Two threads: the listener holds the live link and only notes serials and that there are orders (orders.c); the fetcher calls, checks and puts into
 * force. The signed form is written first, then the files that are made of it: what a crash leaves half done is done at the next start. It must never
 * let an unchecked byte reach policy.json, prices.json or accounts.json.
 */
#include "service/feed.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/policy/live.h"
#include "core/util/text.h"
#include "os/clock.h"
#include "os/crypto.h"
#include "os/error.h"
#include "os/http.h"
#include "os/log.h"
#include "service/feedcheck.h"
#include "service/hublink.h"
#include "service/lease_sync.h"
#include "service/orders.h"

#define CACHE_NAME "policy.bundle"
#define POLL_MS 300000       /* without news */
#define SPREAD_MS 2000       /* after news: five thousand PCs do not fetch in one moment */
#define NOT_ENROLLED_MS 2000 /* between looks for an enrolment */
#define FETCH_PAUSE_MS 5000
#define LINK_PAUSE_MS 5000
#define LONGEST_PAUSE_MS 300000
#define LINK_SILENT_MS 120000 /* the hub says something every 45 s */
#define LINK_GOOD_MS 60000    /* a link that stood so long was no failure */
#define EVENT_MAX 256

struct feed {
    agent *agent;
    os_thread *fetcher, *listener;
    hublink *link;  /* the fetcher's */
    plt_buf ca;     /* PEM */
    int64_t serial; /* in force; 0: none of the hub's. The fetcher's, read by the listener under the agent's lock */
    char set[64];   /* the fetcher's, as the rest here */
    int64_t version;
    bool shadow;
    char problem[FEED_WORDS]; /* why the last one was refused */
    bool reported;            /* the hub knows all of the above */
    uint32_t pause;
    bool news; /* under the agent's lock: there is something to fetch */
    char line[EVENT_MAX];
    size_t line_n; /* of the listener's stream */
    bool heard;    /* that stream has said something */
};

/* Under the agent's lock, so that waiting wakes at a stop too. */
static void tell(feed *f)
{
    os_mutex_lock(f->agent->lock);
    f->news = true;
    os_cond_broadcast(f->agent->wake);
    os_mutex_unlock(f->agent->lock);
}

static int64_t in_force(feed *f)
{
    os_mutex_lock(f->agent->lock);
    int64_t serial = f->serial;
    os_mutex_unlock(f->agent->lock);
    return serial;
}

static uint32_t dice(uint32_t below)
{
    uint32_t n = 0;
    os_random(&n, sizeof n);
    return below ? n % below : 0;
}

/* Waits for news, a stop or ms; true on news. */
static bool wait_for_news(feed *f, uint32_t ms)
{
    agent *a = f->agent;
    uint64_t until = os_clock_mono_ms() + ms, now;
    os_mutex_lock(a->lock);
    while (!a->stopping && !f->news && (now = os_clock_mono_ms()) < until) os_cond_wait(a->wake, a->lock, (uint32_t)(until - now));
    bool news = f->news;
    f->news = false;
    os_mutex_unlock(a->lock);
    return news;
}

/* ---- into force ---- */

/* The text in its file; NULL: no file. A file that holds the text already is left alone. */
static plt_status place(feed *f, const char *name, const char *text)
{
    char path[OS_PATH_MAX];
    plt_buf old;
    if (!os_path_join(path, sizeof path, f->agent->data_dir, name)) return PLT_BAD;
    if (!text) return os_file_exists(path) ? os_file_remove(path) : PLT_OK;
    plt_buf_init(&old, PLT_BUNDLE_MAX);
    bool same = os_file_exists(path) && os_file_load(path, &old) == PLT_OK && strcmp(plt_buf_str(&old), text) == 0;
    plt_buf_free(&old);
    return same ? PLT_OK : os_file_store(path, text, strlen(text), true);
}

/* Makes a checked bundle the one in force. */
static plt_status put_in_force(feed *f, const plt_bundle *b)
{
    agent *a = f->agent;
    plt_status s = place(f, "prices.json", b->prices);
    if (s == PLT_OK) s = place(f, "accounts.json", b->accounts);
    if (s == PLT_OK) s = place(f, "policy.json", b->policy);
    if (s != PLT_OK) return s;
    agent_load_hub_policy(a, b->set, b->version);
    plt_copy(f->set, sizeof f->set, b->set);
    f->version = b->version;
    f->shadow = b->shadow;
    os_mutex_lock(a->lock);
    f->serial = b->serial;
    if (*f->set)
        snprintf(a->policy_words, sizeof a->policy_words, "set %s, version %" PRId64 "%s, serial %" PRId64, f->set, f->version,
                 f->shadow ? ", in shadow" : "", b->serial);
    else
        snprintf(a->policy_words, sizeof a->policy_words, "none is assigned to this machine, serial %" PRId64, b->serial);
    os_mutex_unlock(a->lock);
    lease_sync_wake(a); /* other quotas, other groups */
    return PLT_OK;
}

/* What is refused is said once, wherever a person may look; "" takes it back. */
static void say_problem(feed *f, const char *what, const char *why)
{
    char words[FEED_WORDS];
    agent *a = f->agent;
    snprintf(words, sizeof words, *why ? "%s is refused: %.350s. What was in force stays in force." : "%s%s", *why ? what : "", why);
    if (strcmp(words, f->problem) == 0) return;
    plt_copy(f->problem, sizeof f->problem, words);
    f->reported = false;
    os_mutex_lock(a->lock);
    plt_copy(a->policy_problem, sizeof a->policy_problem, words);
    os_mutex_unlock(a->lock);
    if (*words) os_log(OS_LOG_ERROR, "%s", words);
}

/* ---- the disk ---- */

/* Also looked at later: what somebody changed in the files is put right. */
static void load_kept(feed *f, bool first)
{
    char path[OS_PATH_MAX], why[FEED_WORDS];
    plt_buf kept;
    plt_bundle b;
    if (!os_path_join(path, sizeof path, f->agent->data_dir, CACHE_NAME) || !os_file_exists(path)) return;
    plt_buf_init(&kept, PLT_BUNDLE_MAX);
    plt_status s = os_file_load(path, &kept);
    if (s != PLT_OK) snprintf(why, sizeof why, "%s", os_error_text());
    if (s == PLT_OK) s = feed_check(plt_buf_str(&f->ca), hublink_agent(f->link), 0, kept.data, kept.len, &b, why);
    plt_buf_free(&kept);
    if (s == PLT_OK) {
        s = put_in_force(f, &b);
        if (s == PLT_OK && first) os_log(OS_LOG_INFO, "policy as kept on disk: %s", f->agent->policy_words);
        if (s != PLT_OK) snprintf(why, sizeof why, "%s", os_error_text());
        plt_bundle_free(&b);
    }
    if (s != PLT_OK) say_problem(f, "The policy kept in " CACHE_NAME, why);
}

static plt_status keep(feed *f, const plt_buf *signed_form)
{
    char path[OS_PATH_MAX];
    if (!os_path_join(path, sizeof path, f->agent->data_dir, CACHE_NAME)) return PLT_BAD;
    return os_file_store(path, signed_form->data, signed_form->len, true);
}

/* ---- the hub ---- */

static bool cancelled(void *ctx)
{
    return agent_stopping(ctx);
}

static bool open_link(feed *f)
{
    char words[HUBLINK_WORDS];
    if (f->link) return true;
    plt_buf_free(&f->ca);
    if (hublink_open(&f->link, f->agent->data_dir, cancelled, f->agent, words) != PLT_OK) return false; /* the sync says what is wrong */
    if (hublink_ca(f->agent->data_dir, &f->ca) == PLT_OK) return true;
    hublink_close(f->link);
    f->link = NULL;
    return false;
}

static void close_link(feed *f)
{
    hublink_close(f->link);
    f->link = NULL;
}

/* Tells the hub what is in force. */
static void report(feed *f)
{
    plt_policy_report r = {f->serial, f->set, f->version, f->shadow, f->problem};
    if (f->reported) return;
    hublink_answer w = hublink_policy_report(f->link, &r);
    f->reported = w.result == HUBLINK_OK || w.result == HUBLINK_REFUSED;
    if (w.result == HUBLINK_REFUSED) os_log(OS_LOG_WARN, "the hub does not take what policy is in force: %s", w.words);
}

static void take(feed *f, const plt_buf *signed_form)
{
    char why[FEED_WORDS];
    plt_bundle b;
    plt_status s = feed_check(plt_buf_str(&f->ca), hublink_agent(f->link), f->serial, signed_form->data, signed_form->len, &b, why);
    if (s == PLT_OK) {
        s = keep(f, signed_form);
        if (s == PLT_OK) s = put_in_force(f, &b);
        if (s != PLT_OK) snprintf(why, sizeof why, "it cannot be kept: %s", os_error_text());
        plt_bundle_free(&b);
    }
    if (s != PLT_OK) {
        say_problem(f, "The policy from the hub", why);
        return;
    }
    f->reported = false;
    say_problem(f, "", "");
    os_log(OS_LOG_INFO, "policy from the hub: %s", f->agent->policy_words);
}

/* One look; how long to wait until the next. */
static uint32_t look(feed *f)
{
    plt_buf signed_form;
    int status = 0;
    plt_buf_init(&signed_form, PLT_BUNDLE_MAX);
    hublink_answer w = hublink_policy(f->link, f->serial, &signed_form, &status);
    if (w.result == HUBLINK_OK && status == 200) take(f, &signed_form);
    if (w.result == HUBLINK_OK && status == 304) load_kept(f, false);
    if (w.result == HUBLINK_SPLIT) say_problem(f, "The policy from the hub", "it is larger than an agent takes");
    plt_buf_free(&signed_form);
    if (w.result == HUBLINK_AGAIN) {
        os_log(OS_LOG_DEBUG, "policy: %s", w.words);
        f->pause = f->pause ? (f->pause < LONGEST_PAUSE_MS / 2 ? f->pause * 2 : LONGEST_PAUSE_MS) : FETCH_PAUSE_MS;
        return f->pause / 2 + dice(f->pause / 2);
    }
    f->pause = 0;
    if (f->serial || *f->problem) report(f);
    return POLL_MS / 2 + dice(POLL_MS / 2);
}

static void fetch(void *arg)
{
    feed *f = arg;
    agent *a = f->agent;
    while (!agent_stopping(a)) {
        if (!open_link(f)) {
            agent_pause(a, NOT_ENROLLED_MS);
            continue;
        }
        uint32_t wait = look(f);
        if (os_clock_unix_ms() > hublink_renew_at(f->link)) close_link(f); /* the sync renews; the new one is taken up with the next look */
        if (wait_for_news(f, wait)) agent_pause(a, dice(SPREAD_MS));
    }
}

/* ---- the live link ---- */

static void take_line(feed *f)
{
    plt_live l = plt_live_read(f->line);
    switch (l.what) {
    case PLT_LIVE_NOTHING: break;
    case PLT_LIVE_POLICY:
        if (l.serial != in_force(f)) tell(f);
        break;
    case PLT_LIVE_ORDER: orders_wake(f->agent); break;
    case PLT_LIVE_LEASE: lease_sync_call_back(f->agent, l.lease); break;
    }
}

/* Lines of text/event-stream. One that is too long is none of ours. */
static bool on_data(void *ctx, const char *data, size_t n)
{
    feed *f = ctx;
    if (!f->heard) orders_link_up(f->agent); /* what would have been told before it stood */
    f->heard = true;
    for (size_t i = 0; i < n; i++) {
        if (data[i] != '\n') {
            if (f->line_n < EVENT_MAX - 1) f->line[f->line_n] = data[i];
            if (f->line_n < EVENT_MAX) f->line_n++;
            continue;
        }
        f->line[f->line_n < EVENT_MAX ? f->line_n : 0] = 0;
        f->line_n = 0;
        take_line(f);
    }
    return !agent_stopping(f->agent);
}

static void listen(void *arg)
{
    feed *f = arg;
    agent *a = f->agent;
    uint32_t pause = 0;
    while (!agent_stopping(a)) {
        hublink *l = NULL;
        char words[HUBLINK_WORDS];
        uint64_t begun = os_clock_mono_ms();
        if (hublink_open(&l, a->data_dir, cancelled, a, words) != PLT_OK) {
            agent_pause(a, NOT_ENROLLED_MS);
            continue;
        }
        f->line_n = 0;
        f->heard = false;
        hublink_answer w = hublink_live(l, LINK_SILENT_MS, on_data, f);
        hublink_close(l);
        if (!f->heard) orders_wake(a); /* a hub that has no room for links is looked at so */
        if (os_clock_mono_ms() - begun >= LINK_GOOD_MS) pause = 0;
        pause = pause ? (pause < LONGEST_PAUSE_MS / 2 ? pause * 2 : LONGEST_PAUSE_MS) : LINK_PAUSE_MS;
        if (w.result == HUBLINK_REFUSED) pause = LONGEST_PAUSE_MS;
        if (!agent_stopping(a)) os_log(OS_LOG_DEBUG, "live link: %s", *w.words ? w.words : "the hub ended it");
        agent_pause(a, 500 + dice(pause));
    }
}

plt_status feed_start(feed **out, agent *a)
{
    *out = NULL;
    feed *f = calloc(1, sizeof *f);
    if (!f) return PLT_NOMEM;
    f->agent = a;
    plt_buf_init(&f->ca, 0);
    plt_status s = os_http_begin();
    if (s == PLT_OK && open_link(f)) load_kept(f, true);
    if (s == PLT_OK) s = os_thread_start(&f->fetcher, fetch, f);
    if (s == PLT_OK) s = os_thread_start(&f->listener, listen, f);
    *out = f;
    return s;
}

void feed_stop(feed *f)
{
    if (!f) return;
    os_thread_join(f->fetcher);
    os_thread_join(f->listener);
    close_link(f);
    plt_buf_free(&f->ca);
    free(f);
}
