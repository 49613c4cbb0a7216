/* SPDX-License-Identifier: Apache-2.0 */
/* One order a lane, in memory only: what a stopped service had begun, the next one says is lost. Held jobs are the desk's. */
#include "service/orders.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/util/text.h"
#include "os/clock.h"
#include "os/log.h"
#include "service/collecting.h"
#include "service/devices.h"
#include "service/held_told.h"
#include "service/hublink.h"

#define NOT_ENROLLED_MS 2000
#define LOOK_MS 500       /* at a lane that reads */
#define IDLE_MS 600000    /* nothing is open: whoever has news wakes us */
#define AGAIN_MS 5000     /* behind a call that failed, doubled ... */
#define AGAIN_MOST 300000 /* ... up to this */

_Static_assert((int)PLT_ORDER_USB == (int)DEVICES_USB && (int)PLT_ORDER_NET == (int)DEVICES_NET, "an order is for a lane");

typedef struct lane_order {
    plt_order order;
    uint64_t ticket; /* at the lane; 0: it is not reading for this order */
    bool to_say;     /* the hub has not heard of the order's state */
} lane_order;

struct orders {
    agent *agent;
    os_thread *thread;
    hublink *link;
    lane_order of[PLT_ORDER_KINDS];
    held_told held;
    uint32_t again_ms;    /* the wait behind the last failure; 0: there was none */
    bool news, up, holds; /* under the agent's lock: there may be orders; the live link has come; what is held has changed */
};

static void wake(agent *a, bool news, bool up, bool holds)
{
    os_mutex_lock(a->lock);
    orders *o = a->orders;
    if (o) {
        o->news = o->news || news;
        o->up = o->up || up;
        o->holds = o->holds || holds;
    }
    os_cond_broadcast(a->wake);
    os_mutex_unlock(a->lock);
}

void orders_wake(agent *a)
{
    wake(a, true, false, false);
}

void orders_link_up(agent *a)
{
    wake(a, true, true, false);
}

void orders_held_changed(agent *a)
{
    wake(a, false, false, true);
}

/* ---- one order ---- */

static void set_state(lane_order *l, plt_order_state state, const char *reason)
{
    l->order.state = state;
    plt_utf8_copy(l->order.reason, sizeof l->order.reason, reason, strlen(reason));
    l->to_say = true;
}

static void begin_order(orders *o, const plt_order *order)
{
    char words[PLT_ORDER_REASON];
    uint64_t wait;
    lane_order *l = &o->of[order->what];
    if (l->order.no == order->no && (l->ticket || l->to_say)) return; /* it is known */
    *l = (lane_order){.order = *order};
    if (order->state == PLT_ORDER_READING) {
        set_state(l, PLT_ORDER_FAILED, "the agent was stopped while it read: ask again");
        return;
    }
    l->ticket = devices_ask(o->agent, (devices_lane)order->what, PLT_ASKER_HUB, &wait);
    snprintf(words, sizeof words, "it was asked less than a minute ago: ask again in %u seconds", (unsigned)((wait + 999) / 1000));
    set_state(l, l->ticket ? PLT_ORDER_READING : PLT_ORDER_TOO_SOON, l->ticket ? "" : words);
    os_log(OS_LOG_INFO, "the hub asks for %s printers to be read now%s", order->what == PLT_ORDER_USB ? "local" : "network",
           l->ticket ? "" : ", too soon after the last time");
}

static void end_order(lane_order *l, const devices_outcome *d)
{
    char words[PLT_ORDER_REASON];
    l->ticket = 0;
    l->order.printers = d->printers;
    if (d->off)
        set_state(l, PLT_ORDER_OFF,
                  l->order.what == PLT_ORDER_USB ? "the setting UsbReadings is off" : "no ranges are set, neither here nor at the hub");
    else if (!d->printers && !d->whole)
        set_state(l, PLT_ORDER_FAILED, d->words);
    else if (d->busy) {
        snprintf(words, sizeof words, "%u had a job and will be read behind it%s%.150s", d->busy, *d->words ? "; " : "", d->words);
        set_state(l, d->busy == d->printers ? PLT_ORDER_BUSY : PLT_ORDER_DONE, words);
    } else
        set_state(l, PLT_ORDER_DONE, d->words);
}

/* ---- the hub ---- */

static bool cancelled(void *ctx)
{
    return agent_stopping(ctx);
}

static bool open_link(orders *o)
{
    char words[HUBLINK_WORDS];
    if (o->link && os_clock_unix_ms() > hublink_renew_at(o->link)) { /* the sync renews */
        hublink_close(o->link);
        o->link = NULL;
    }
    return o->link || hublink_open(&o->link, o->agent->data_dir, cancelled, o->agent, words) == PLT_OK;
}

static bool fetch(orders *o)
{
    plt_order list[PLT_ORDER_KINDS];
    size_t n;
    hublink_answer w = hublink_orders(o->link, list, &n);
    if (w.result != HUBLINK_OK) os_log(OS_LOG_DEBUG, "orders: %s", w.words);
    for (size_t i = 0; i < n; i++) begin_order(o, &list[i]);
    return w.result == HUBLINK_OK || w.result == HUBLINK_REFUSED;
}

/* Each for itself: a hub that answers one of them wrongly keeps none of the others back. */
static bool fetch_all(orders *o)
{
    bool held = held_told_fetch(&o->held, o->link), reads = fetch(o), ranges = collecting_look(o->agent, o->link);
    return held && reads && ranges;
}

/* What the hub refuses to hear is not said again. */
static bool say(orders *o)
{
    bool good = true;
    for (int i = 0; i < PLT_ORDER_KINDS; i++) {
        lane_order *l = &o->of[i];
        if (!l->to_say) continue;
        hublink_answer w = hublink_order_said(o->link, &l->order);
        if (w.result != HUBLINK_OK) os_log(OS_LOG_DEBUG, "orders: %s", w.words);
        l->to_say = w.result != HUBLINK_OK && w.result != HUBLINK_REFUSED;
        good = good && !l->to_say;
    }
    return good;
}

/* ---- the thread ---- */

static bool take_news(orders *o, bool *holds)
{
    os_mutex_lock(o->agent->lock);
    bool news = o->news;
    *holds = o->holds;
    o->news = o->up = o->holds = false;
    os_mutex_unlock(o->agent->lock);
    return news;
}

static void take_ends(orders *o)
{
    devices_outcome d;
    for (int i = 0; i < PLT_ORDER_KINDS; i++)
        if (o->of[i].ticket && devices_answered(o->agent, (devices_lane)i, o->of[i].ticket, &d)) end_order(&o->of[i], &d);
}

/* Until there is something to do. Of all news only that the hub is there shortens the wait behind a failure. */
static void wait_for_work(orders *o)
{
    agent *a = o->agent;
    bool reads = o->of[PLT_ORDER_USB].ticket || o->of[PLT_ORDER_NET].ticket;
    uint32_t ms = o->again_ms ? o->again_ms : reads ? LOOK_MS : IDLE_MS;
    os_mutex_lock(a->lock);
    uint64_t until = os_clock_mono_ms() + ms, now;
    while (!a->stopping && !o->up && (o->again_ms || (!o->news && !o->holds && !a->collection_to_say)) && (now = os_clock_mono_ms()) < until)
        os_cond_wait(a->wake, a->lock, (uint32_t)(until - now));
    os_mutex_unlock(a->lock);
}

static void run(void *arg)
{
    orders *o = arg;
    agent *a = o->agent;
    while (!agent_stopping(a)) {
        if (!open_link(o)) {
            agent_pause(a, NOT_ENROLLED_MS);
            continue;
        }
        bool holds, news = take_news(o, &holds), good = !news || fetch_all(o);
        if (!good) orders_wake(a);
        take_ends(o);
        good = held_told_say(&o->held, o->link, holds) && good; /* first: somebody may be waiting at the printer */
        good = say(o) && good;
        good = collecting_say(a, o->link) && good;
        o->again_ms = good ? 0 : o->again_ms ? 2 * o->again_ms : AGAIN_MS;
        if (o->again_ms > AGAIN_MOST) o->again_ms = AGAIN_MOST;
        wait_for_work(o);
    }
    hublink_close(o->link);
}

plt_status orders_start(orders **out, agent *a)
{
    *out = NULL;
    orders *o = calloc(1, sizeof *o);
    if (!o) return PLT_NOMEM;
    o->agent = o->held.agent = a;
    o->news = o->holds = true;
    os_mutex_lock(a->lock);
    a->orders = o;
    os_mutex_unlock(a->lock);
    *out = o;
    return os_thread_start(&o->thread, run, o);
}

void orders_stop(orders *o)
{
    if (!o) return;
    os_thread_join(o->thread);
    os_mutex_lock(o->agent->lock);
    o->agent->orders = NULL;
    os_mutex_unlock(o->agent->lock);
    free(o);
}
