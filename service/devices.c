/* SPDX-License-Identifier: Apache-2.0 */
/* The two lanes. A lane waits for what is due or asked for, runs one round, and keeps its words for people. */
#include "service/devices.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/collect/extra.h"
#include "core/collect/plan.h"
#include "core/util/text.h"
#include "os/clock.h"
#include "os/crypto.h"
#include "os/error.h"
#include "os/hotplug.h"
#include "os/log.h"
#include "service/device_settings.h"
#include "service/net_round.h"
#include "service/readings.h"
#include "service/usb_round.h"

/* The clock may jump while we wait, and a setting may change. */
#define LOOK_AGAIN_MS 15000
/* Machines that are switched on together do not read together. */
#define START_SPREAD_MS 300000
#define MINUTE_MS 60000ll

typedef struct lane_sum {
    unsigned printers, busy, partly; /* found; with a job; that did not answer all */
    bool whole;                      /* every known printer was looked for */
    char words[512];
} lane_sum;

typedef struct lane {
    devices *of;
    const char *via;
    bool (*wanted)(const device_settings *s);
    /* Takes what it finds into r. */
    void (*round)(agent *a, device_settings *s, readings *r, uint8_t categories, lane_sum *sum);
    os_thread *thread;
    plt_schedule schedule;
    int64_t not_before;
    bool running; /* this and what follows: under the agent's lock */
    plt_demand demand;
    plt_extra extra;
    int64_t ended;
    devices_outcome last;
} lane;

struct devices {
    agent *agent;
    os_hotplug *hotplug;                                /* NULL: the intervals have to do */
    answers *answers;                                   /* SNMP of local printers */
    char settings[sizeof((device_settings *)0)->words]; /* what is wrong with them; under the agent's lock */
    lane lanes[DEVICES_LANES];
};

/* ---- rounds ---- */

static bool usb_wanted(const device_settings *s)
{
    return s->usb;
}

static void usb_lane(agent *a, device_settings *s, readings *r, uint8_t categories, lane_sum *sum)
{
    usb_round_sum usb;
    (void)s;
    (void)categories; /* a printer is asked everything: it takes a second */
    usb_round(a, r, a->devices->answers, &usb);
    *sum = (lane_sum){.printers = usb.printers, .busy = usb.busy, .partly = usb.partly, .whole = usb.whole};
    snprintf(sum->words, sizeof sum->words, "%s%s", *usb.words ? "USB: " : "", usb.words);
}

static bool net_wanted(const device_settings *s)
{
    return s->net_by != PLT_SET_BY_NOBODY;
}

static void net_lane(agent *a, device_settings *s, readings *r, uint8_t categories, lane_sum *sum)
{
    net_round_sum net;
    net_round(a, s, r, categories, &net);
    *sum = (lane_sum){.printers = net.printers, .whole = net.whole};
    plt_copy(sum->words, sizeof sum->words, net.words);
}

/* What of a known printer is recorded in a round for these categories. */
static uint32_t groups_of(uint8_t categories)
{
    uint32_t g = 1u << PLT_GROUP_IDENTITY;
    if (categories & PLT_SCAN_METERS) g |= 1u << PLT_GROUP_METER;
    if (categories & PLT_SCAN_SUPPLIES) g |= 1u << PLT_GROUP_SUPPLY | 1u << PLT_GROUP_INPUT | 1u << PLT_GROUP_OUTPUT;
    if (categories & PLT_SCAN_ERRORS) g |= 1u << PLT_GROUP_STATUS | 1u << PLT_GROUP_CONSOLE | 1u << PLT_GROUP_ALERT;
    return g;
}

static plt_status tell(void *ctx, const ledger_news *n, int64_t now_ms)
{
    return agent_tell(ctx, n, now_ms);
}

static void mark_name(const lane *l, size_t i, char out[40])
{
    snprintf(out, 40, "round.%s.%s", l->via, plt_intervals[i].name);
}

static void say_sum(const lane *l, const readings_sum *sum, unsigned printers)
{
    bool news = sum->fresh || sum->changed || sum->moved || sum->silent || sum->gone || sum->failed;
    os_log(news ? OS_LOG_INFO : OS_LOG_DEBUG,
           "printers (%s): %u found, %u new, %u changed, %u moved, %u with nothing new, %u silent, %u gone, %u not recorded", l->via, printers,
           sum->fresh, sum->changed, sum->moved, sum->seen, sum->silent, sum->gone, sum->failed);
}

static void run_round(lane *l, device_settings *s, uint8_t due, int64_t now)
{
    agent *a = l->of->agent;
    char names[PLT_INTERVALS][40];
    const char *marks[PLT_INTERVALS];
    size_t n = 0;
    lane_sum found = {.words = ""};
    readings *r;
    readings_sum sum;
    for (size_t i = 0; i < PLT_INTERVALS; i++) {
        if (!(due >> i & 1)) continue;
        mark_name(l, i, names[n]);
        marks[n] = names[n];
        n++;
    }
    const readings_rules rules = {.ledger = a->ledger,
                                  .tell = tell,
                                  .ctx = a,
                                  .via = l->via,
                                  .groups = groups_of(due),
                                  .mask = s->mask,
                                  .gone_after_ms = s->gone_minutes * MINUTE_MS,
                                  .marks = marks,
                                  .mark_count = n};
    plt_status st = readings_begin(&r, &rules, now);
    if (st == PLT_OK) {
        l->round(a, s, r, due, &found);
        st = readings_end(r, found.whole && !agent_stopping(a), &sum);
        say_sum(l, &sum, found.printers);
    }
    if (st != PLT_OK) snprintf(found.words, sizeof found.words, "not every reading is in the ledger: %.400s", os_error_text());
    os_mutex_lock(a->lock);
    bool news = strcmp(l->last.words, found.words) != 0;
    l->last = (devices_outcome){.whole = found.whole, .printers = found.printers, .busy = found.busy};
    plt_copy(l->last.words, sizeof l->last.words, found.words);
    plt_extra_done(&l->extra, due, found.busy, found.partly, os_clock_mono_ms());
    os_mutex_unlock(a->lock);
    if (news && *found.words) os_log(OS_LOG_WARN, "readings of printers: %s", found.words);
}

/* ---- the lane's thread ---- */

/* The beat is the agent's own: its id at the hub and what its ledger has for itself. */
static uint64_t beat_key(agent *a)
{
    uint8_t in[16 + sizeof a->id] = {0}, out[OS_SHA256_SIZE];
    uint64_t key = 0;
    ledger_salt(a->ledger, in);
    os_mutex_lock(a->lock);
    memcpy(in + 16, a->id, sizeof a->id);
    os_mutex_unlock(a->lock);
    os_sha256(in, sizeof in, out);
    for (int i = 0; i < 8; i++) key = key << 8 | out[i];
    return key;
}

static void begin_schedule(lane *l)
{
    char name[40];
    bool any = false;
    uint64_t key = beat_key(l->of->agent);
    plt_schedule_init(&l->schedule, key);
    for (size_t i = 0; i < PLT_INTERVALS; i++) {
        mark_name(l, i, name);
        l->schedule.last[i] = ledger_mark(l->of->agent->ledger, name);
        any = any || l->schedule.last[i];
    }
    l->not_before = any ? os_clock_unix_ms() + (int64_t)(key % START_SPREAD_MS) : 0;
}

static uint64_t earlier(uint64_t a, uint64_t b)
{
    return a < b ? a : b;
}

/* Waits until it is time or somebody asks. False: the agent is stopping. */
static bool wait_for(lane *l, int64_t ms)
{
    agent *a = l->of->agent;
    uint64_t until = os_clock_mono_ms() + (uint64_t)(ms < 0 ? 0 : ms > LOOK_AGAIN_MS ? LOOK_AGAIN_MS : ms);
    os_mutex_lock(a->lock);
    for (uint64_t now, then;
         !a->stopping && !plt_demand_waits(&l->demand) && (now = os_clock_mono_ms()) < (then = earlier(until, plt_extra_next(&l->extra)));)
        os_cond_wait(a->wake, a->lock, (uint32_t)(then - now));
    bool go_on = !a->stopping;
    os_mutex_unlock(a->lock);
    return go_on;
}

/* The categories that are wanted beside the schedule. */
static uint8_t take_wish(lane *l)
{
    os_mutex_lock(l->of->agent->lock);
    uint8_t wish = plt_extra_take(&l->extra, os_clock_mono_ms()) | plt_demand_take(&l->demand);
    os_mutex_unlock(l->of->agent->lock);
    return wish;
}

static void set_running(lane *l)
{
    os_mutex_lock(l->of->agent->lock);
    l->running = true;
    os_mutex_unlock(l->of->agent->lock);
}

/* A round is over, or there is none to be: whoever asked hears of it. */
static void end_running(lane *l, bool wanted)
{
    agent *a = l->of->agent;
    os_mutex_lock(a->lock);
    bool asked = l->demand.taken > l->demand.answered;
    if (l->running || asked) l->ended = os_clock_unix_ms();
    if (!wanted) l->last = (devices_outcome){.off = true};
    l->running = false;
    plt_demand_done(&l->demand);
    if (asked) os_cond_broadcast(a->wake);
    os_mutex_unlock(a->lock);
}

static void say_settings(devices *d, const device_settings *s)
{
    os_mutex_lock(d->agent->lock);
    bool news = strcmp(d->settings, s->words) != 0;
    plt_copy(d->settings, sizeof d->settings, s->words);
    os_mutex_unlock(d->agent->lock);
    if (news && *s->words) os_log(OS_LOG_WARN, "settings: %s", s->words);
}

static void run_lane(void *arg)
{
    lane *l = arg;
    device_settings *s = calloc(1, sizeof *s);
    int64_t next = 0;
    if (!s) return;
    begin_schedule(l);
    while (wait_for(l, next - os_clock_unix_ms())) {
        uint8_t wish = take_wish(l);
        int64_t now = os_clock_unix_ms();
        device_settings_read(l->of->agent->data_dir, s);
        say_settings(l->of, s);
        memcpy(l->schedule.minutes, s->minutes, sizeof s->minutes);
        l->schedule.key = beat_key(l->of->agent);
        uint8_t due = plt_schedule_due(&l->schedule, now, &next) | wish;
        bool wanted = l->wanted(s);
        if (due && wanted && (wish || now >= l->not_before || l->not_before > now + START_SPREAD_MS)) {
            set_running(l);
            run_round(l, s, due, now);
            plt_schedule_done(&l->schedule, due, now);
            plt_schedule_due(&l->schedule, now, &next);
        } else if (due) {
            next = now + LOOK_AGAIN_MS;
        }
        end_running(l, wanted);
    }
    free(s);
}

/* ---- for the other parts ---- */

static uint64_t ask(agent *a, devices_lane which, plt_asker who, uint8_t categories, uint64_t *wait_ms)
{
    uint64_t ticket = 0;
    *wait_ms = 0;
    os_mutex_lock(a->lock);
    if (a->devices) ticket = plt_demand_ask(&a->devices->lanes[which].demand, who, categories, os_clock_mono_ms(), wait_ms);
    os_cond_broadcast(a->wake);
    os_mutex_unlock(a->lock);
    return ticket;
}

void devices_read_now(agent *a)
{
    uint64_t wait;
    for (int i = 0; i < DEVICES_LANES; i++) ask(a, (devices_lane)i, PLT_ASKER_ADMIN, PLT_SCAN_ALL, &wait);
}

void devices_net_now(agent *a)
{
    uint64_t wait;
    ask(a, DEVICES_NET, PLT_ASKER_ADMIN, PLT_SCAN_ALL, &wait);
}

uint64_t devices_ask(agent *a, devices_lane which, plt_asker who, uint64_t *wait_ms)
{
    static const uint8_t moves[DEVICES_LANES] = {[DEVICES_USB] = PLT_SCAN_ALL, [DEVICES_NET] = PLT_SCAN_METERS | PLT_SCAN_SUPPLIES | PLT_SCAN_ERRORS};
    return ask(a, which, who, moves[which], wait_ms);
}

bool devices_answered(agent *a, devices_lane which, uint64_t ticket, devices_outcome *out)
{
    os_mutex_lock(a->lock);
    const lane *l = a->devices ? &a->devices->lanes[which] : NULL;
    bool answered = l && plt_demand_answered(&l->demand, ticket);
    if (answered) *out = l->last;
    os_mutex_unlock(a->lock);
    return answered;
}

void devices_lane_get(agent *a, devices_lane which, devices_lane_state *out)
{
    memset(out, 0, sizeof *out);
    os_mutex_lock(a->lock);
    const lane *l = a->devices ? &a->devices->lanes[which] : NULL;
    if (l) *out = (devices_lane_state){.running = l->running || plt_demand_open(&l->demand), .ended = l->ended, .last = l->last};
    os_mutex_unlock(a->lock);
}

static void plugged(void *ctx)
{
    devices *d = ctx;
    os_mutex_lock(d->agent->lock);
    plt_extra_plugged(&d->lanes[DEVICES_USB].extra, os_clock_mono_ms());
    os_cond_broadcast(d->agent->wake);
    os_mutex_unlock(d->agent->lock);
}

void devices_job_ended(agent *a)
{
    os_mutex_lock(a->lock);
    if (a->devices) plt_extra_job_ended(&a->devices->lanes[DEVICES_USB].extra, os_clock_mono_ms());
    os_cond_broadcast(a->wake);
    os_mutex_unlock(a->lock);
}

static void add_words(devices_state *out, const char *words)
{
    size_t n = strlen(out->words);
    if (*words) snprintf(out->words + n, sizeof out->words - n, "%s%s", n ? "; " : "", words);
}

void devices_state_get(agent *a, devices_state *out)
{
    char snmp[256], words[300];
    memset(out, 0, sizeof *out);
    os_mutex_lock(a->lock);
    if (a->devices) add_words(out, a->devices->settings);
    answers_words(a->devices ? a->devices->answers : NULL, snmp);
    snprintf(words, sizeof words, "SNMP for local printers: %s", snmp);
    if (*snmp) add_words(out, words);
    for (size_t i = 0; a->devices && i < DEVICES_LANES; i++) {
        const lane *l = &a->devices->lanes[i];
        out->running = out->running || l->running || plt_demand_open(&l->demand);
        if (l->ended > out->ended) out->ended = l->ended;
        out->printers += l->last.printers;
        add_words(out, l->last.words);
    }
    os_mutex_unlock(a->lock);
}

plt_status devices_start(devices **out, agent *a)
{
    *out = NULL;
    devices *d = calloc(1, sizeof *d);
    if (!d) return PLT_NOMEM;
    d->agent = a;
    d->lanes[DEVICES_USB] = (lane){.of = d, .via = "usb", .wanted = usb_wanted, .round = usb_lane};
    d->lanes[DEVICES_NET] = (lane){.of = d, .via = "net", .wanted = net_wanted, .round = net_lane};
    for (size_t i = 0; i < DEVICES_LANES; i++) plt_extra_init(&d->lanes[i].extra);
    os_mutex_lock(a->lock);
    a->devices = d;
    os_mutex_unlock(a->lock);
    plt_status s = answers_start(&d->answers, a);
    for (size_t i = 0; s == PLT_OK && i < DEVICES_LANES; i++) s = os_thread_start(&d->lanes[i].thread, run_lane, &d->lanes[i]);
    if (s == PLT_OK && os_hotplug_start(&d->hotplug, plugged, d) != PLT_OK)
        os_log(OS_LOG_INFO, "a USB printer that comes or goes is noticed at the next interval: %s", os_error_text());
    *out = d;
    return s;
}

void devices_stop(devices *d)
{
    if (!d) return;
    os_hotplug_stop(d->hotplug);
    for (size_t i = 0; i < DEVICES_LANES; i++) os_thread_join(d->lanes[i].thread);
    os_mutex_lock(d->agent->lock);
    d->agent->devices = NULL;
    os_mutex_unlock(d->agent->lock);
    answers_stop(d->answers);
    free(d);
}
