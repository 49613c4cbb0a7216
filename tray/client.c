/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The two threads. The watching one reads for ever and comes again, more and more slowly, when the service is away; the asking one takes requests
 * from a short queue. Nothing is believed of a frame but what asks.c made of it, lists end at their bounds, and each request has a deadline.
 */
#include "tray/client.h"

#include <stdlib.h>
#include <string.h>

#include "core/util/text.h"
#include "os/clock.h"
#include "os/pipe.h"
#include "os/thread.h"

#define CONNECT_MS 3000
#define REQUEST_MS 8000 /* one request with all frames of its answer */
#define BACK_OFF_FIRST_MS 250
#define BACK_OFF_MOST_MS 15000
#define GOOD_AFTER_MS 5000 /* a connection that held so long was a good one */
#define WAITING_MAX 16
#define FRAMES_MAX 1000 /* of one answer, those included that are not for it */

struct client {
    char pipe[OS_PIPE_NAME_MAX];
    uint32_t status_every;
    client_sink sink;
    void *to;
    os_mutex *lock;
    os_cond *changed;
    os_thread *watcher, *asker;
    bool stop;
    os_pipe *watching; /* for cancel; under the lock */
    os_pipe *asking;
    request waiting[WAITING_MAX];
    size_t count;
    uint8_t watched[PLT_FRAME_MAX_PAYLOAD], answered[PLT_FRAME_MAX_PAYLOAD]; /* one a thread */
};

/* Not left out by the compiler, though nobody reads it again. */
static void wipe(void *at, size_t n)
{
    volatile uint8_t *p = at;
    while (n--) *p++ = 0;
}

void event_free(event *e)
{
    if (!e) return;
    if (e->kind == EVENT_JOBS) free(e->of.jobs);
    if (e->kind == EVENT_ACCOUNTS) free(e->of.accounts);
    if (e->kind == EVENT_BALANCES) free(e->of.balances);
    free(e);
}

static event *event_make(event_kind kind, uint32_t ticket)
{
    event *e = calloc(1, sizeof *e);
    if (e) {
        e->kind = kind;
        e->ticket = ticket;
    }
    return e;
}

static void tell(client *c, event *e)
{
    if (e) c->sink(c->to, e);
}

static bool stopped(client *c)
{
    os_mutex_lock(c->lock);
    bool stop = c->stop;
    os_mutex_unlock(c->lock);
    return stop;
}

/* -- connections, which client_stop may cut */

static os_pipe *connect_as(client *c, os_pipe **slot)
{
    os_pipe *p = NULL;
    if (os_pipe_connect(&p, c->pipe, CONNECT_MS) != PLT_OK) return NULL;
    os_mutex_lock(c->lock);
    *slot = p;
    bool stop = c->stop;
    os_mutex_unlock(c->lock);
    if (stop) os_pipe_cancel(p);
    return p;
}

static void disconnect(client *c, os_pipe **slot)
{
    os_mutex_lock(c->lock);
    os_pipe *p = *slot;
    *slot = NULL;
    os_mutex_unlock(c->lock);
    os_pipe_close(p);
}

static bool read_frame(os_pipe *p, uint8_t *payload, uint32_t timeout_ms, uint8_t *type, size_t *n)
{
    uint8_t header[PLT_FRAME_HEADER];
    if (os_pipe_read_all(p, header, sizeof header, timeout_ms) != PLT_OK) return false;
    if (plt_frame_parse(header, type, n) != PLT_OK) return false;
    return os_pipe_read_all(p, payload, *n, REQUEST_MS) == PLT_OK;
}

/* -- watching */

static void watched_frame(client *c, uint8_t type, size_t n)
{
    static const struct {
        plt_frame_type type;
        event_kind kind;
    } known[] = {{PLT_F_ASK, EVENT_ASK}, {PLT_F_OVER, EVENT_OVER}, {PLT_F_NOTICE, EVENT_NOTICE}};
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        if (known[i].type != (plt_frame_type)type) continue;
        event *e = event_make(known[i].kind, 0);
        bool good = e && (type == PLT_F_ASK    ? ask_read(&e->of.ask, c->watched, n)
                          : type == PLT_F_OVER ? over_read(&e->of.over, c->watched, n)
                                               : notice_read(&e->of.notice, c->watched, n));
        if (good)
            tell(c, e);
        else
            event_free(e);
    }
}

/* Until the connection ends. True when it was a good one. */
static bool watch_once(client *c)
{
    uint8_t header[PLT_FRAME_HEADER], type;
    size_t n;
    uint64_t since = os_clock_mono_ms();
    os_pipe *p = connect_as(c, &c->watching);
    if (!p) return false;
    plt_frame_header(header, PLT_F_WATCH, 0);
    if (os_pipe_write(p, header, sizeof header, CONNECT_MS) == PLT_OK) {
        tell(c, event_make(EVENT_WATCHING, 0));
        /* ERROR: an older service, or one that has too many watchers. It comes again later. */
        while (read_frame(p, c->watched, OS_PIPE_FOREVER, &type, &n) && type != PLT_F_ERROR) watched_frame(c, type, n);
        tell(c, event_make(EVENT_LOST, 0));
    }
    disconnect(c, &c->watching);
    return os_clock_mono_ms() - since >= GOOD_AFTER_MS;
}

static void pause_for(client *c, uint32_t ms)
{
    uint64_t until = os_clock_mono_ms() + ms;
    os_mutex_lock(c->lock);
    for (uint64_t now; !c->stop && (now = os_clock_mono_ms()) < until;) os_cond_wait(c->changed, c->lock, (uint32_t)(until - now));
    os_mutex_unlock(c->lock);
}

static void watch_for_ever(void *arg)
{
    client *c = arg;
    uint32_t wait = BACK_OFF_FIRST_MS;
    while (!stopped(c)) {
        if (watch_once(c)) wait = BACK_OFF_FIRST_MS;
        pause_for(c, wait);
        wait = wait * 2 < BACK_OFF_MOST_MS ? wait * 2 : BACK_OFF_MOST_MS;
    }
}

/* -- asking */

size_t request_frame(const request *r, uint8_t *out, size_t cap)
{
    static const plt_frame_type types[] = {
        [REQUEST_STATUS] = PLT_F_STATUS_ASK, [REQUEST_JOBS] = PLT_F_JOBS_ASK,     [REQUEST_ACCOUNTS] = PLT_F_ACCOUNTS_ASK,
        [REQUEST_BALANCES] = PLT_F_BALANCE,  [REQUEST_ANSWER] = PLT_F_ANSWER,     [REQUEST_ACT] = PLT_F_ACT,
        [REQUEST_READ] = PLT_F_READ_LOCAL,   [REQUEST_PRINTERS] = PLT_F_LOCAL_ASK};
    plt_frame_builder b;
    plt_frame_begin(&b, out, cap, types[r->kind]);
    if (r->kind == REQUEST_JOBS) plt_frame_u64(&b, PLT_T_LIMIT, JOBS_MAX);
    if (r->kind == REQUEST_ACCOUNTS) {
        if (*r->search) plt_frame_text(&b, PLT_T_SEARCH, r->search);
        if (r->wanted) plt_frame_u64(&b, PLT_T_WANTED, r->wanted);
        plt_frame_u64(&b, PLT_T_LIMIT, ACCOUNTS_MAX);
    }
    if (r->kind == REQUEST_ANSWER || r->kind == REQUEST_ACT) {
        plt_frame_bytes(&b, PLT_T_UID, r->uid, sizeof r->uid);
        plt_frame_u64(&b, r->kind == REQUEST_ACT ? PLT_T_ACT : PLT_T_ANSWER, r->act);
    }
    if (r->kind == REQUEST_ANSWER) {
        if (*r->account) plt_frame_text(&b, PLT_T_ACCOUNT, r->account);
        if (*r->pin) plt_frame_text(&b, PLT_T_PIN, r->pin);
        if (is_known(r->duplex)) plt_frame_u64(&b, PLT_T_DUPLEX, r->duplex);
        if (is_known(r->grey)) plt_frame_u64(&b, PLT_T_GREY, r->grey);
        if (r->minutes) plt_frame_u64(&b, PLT_T_MINUTES, r->minutes);
    }
    return plt_frame_end(&b);
}

/* What a kind of request is answered by. `room` and `size` are of lists. */
static const struct {
    event_kind event;
    plt_frame_type item;
    size_t room, size;
} answers[] = {
    [REQUEST_STATUS] = {EVENT_STATUS, PLT_F_STATUS, 0, 0},
    [REQUEST_JOBS] = {EVENT_JOBS, PLT_F_JOB, JOBS_MAX, sizeof(my_job)},
    [REQUEST_ACCOUNTS] = {EVENT_ACCOUNTS, PLT_F_ACCOUNT, ACCOUNTS_MAX, sizeof(account)},
    [REQUEST_BALANCES] = {EVENT_BALANCES, PLT_F_BALANCE, BALANCES_MAX, sizeof(balance)},
    [REQUEST_ANSWER] = {EVENT_REPLY, PLT_F_TAKEN, 0, 0},
    [REQUEST_ACT] = {EVENT_REPLY, PLT_F_TAKEN, 0, 0},
    [REQUEST_READ] = {EVENT_PRINTERS, PLT_F_LOCAL, 0, 0},
    [REQUEST_PRINTERS] = {EVENT_PRINTERS, PLT_F_LOCAL, 0, 0},
};

/* One more item at the end of a list that grows as it comes; false without memory. */
static void *grow(void **list, size_t count, size_t size)
{
    if (count % 16 == 0) {
        void *more = realloc(*list, (count + 16) * size);
        if (!more) return NULL;
        *list = more;
    }
    return (uint8_t *)*list + count * size;
}

static void list_item(const request *r, event *e, const uint8_t *payload, size_t n)
{
    bool good = false;
    if (e->count == answers[r->kind].room) return;
    void *list = r->kind == REQUEST_JOBS ? (void *)e->of.jobs : r->kind == REQUEST_ACCOUNTS ? (void *)e->of.accounts : (void *)e->of.balances;
    void *at = grow(&list, e->count, answers[r->kind].size);
    if (r->kind == REQUEST_JOBS) {
        e->of.jobs = list;
        good = at && my_job_read(at, payload, n);
    } else if (r->kind == REQUEST_ACCOUNTS) {
        e->of.accounts = list;
        good = at && account_read(at, payload, n);
    } else {
        e->of.balances = list;
        good = at && balance_read(at, payload, n);
    }
    if (good) e->count++;
}

/* One frame of an answer; true when it was the last one. */
static bool take_frame(const request *r, event *e, uint8_t type, const uint8_t *payload, size_t n)
{
    bool list = answers[r->kind].room > 0;
    if (type == PLT_F_ERROR) {
        if (e->kind == EVENT_REPLY) (void)error_read(&e->of.reply, payload, n);
        if (e->kind == EVENT_PRINTERS) (void)error_read(&e->of.printers.refused, payload, n);
        return true;
    }
    if (list && type == PLT_F_LIST_END) {
        e->served = true;
        return true;
    }
    if ((plt_frame_type)type != answers[r->kind].item) return false;
    if (list) list_item(r, e, payload, n);
    if (e->kind == EVENT_STATUS) (void)plt_answer_read(&e->of.status, payload, n);
    if (e->kind == EVENT_REPLY) e->of.reply.taken = true;
    if (e->kind == EVENT_PRINTERS) e->served = printers_read(&e->of.printers.now, payload, n);
    return !list;
}

static void serve_request(client *c, const request *r)
{
    uint8_t out[1024], type;
    size_t n, len = request_frame(r, out, sizeof out);
    uint64_t until = os_clock_mono_ms() + REQUEST_MS, now;
    event *e = event_make(answers[r->kind].event, r->ticket);
    os_pipe *p = e && len ? connect_as(c, &c->asking) : NULL;
    if (p && os_pipe_write(p, out, len, CONNECT_MS) == PLT_OK) {
        for (int i = 0; i < FRAMES_MAX && (now = os_clock_mono_ms()) < until; i++)
            if (!read_frame(p, c->answered, (uint32_t)(until - now), &type, &n) || take_frame(r, e, type, c->answered, n)) break;
    }
    wipe(out, sizeof out);
    disconnect(c, &c->asking);
    tell(c, e);
}

/* The next request, or the status when it is due; false at the end. */
static bool next(client *c, request *r, uint64_t *status_due)
{
    os_mutex_lock(c->lock);
    for (;;) {
        uint64_t now = os_clock_mono_ms();
        if (c->stop) break;
        if (c->count) {
            *r = c->waiting[0];
            memmove(&c->waiting[0], &c->waiting[1], --c->count * sizeof c->waiting[0]);
            wipe(&c->waiting[c->count], sizeof c->waiting[0]);
            break;
        }
        if (c->status_every && now >= *status_due) {
            memset(r, 0, sizeof *r); /* REQUEST_STATUS */
            *status_due = now + c->status_every;
            break;
        }
        os_cond_wait(c->changed, c->lock, c->status_every ? (uint32_t)(*status_due - now) : 60000);
    }
    bool go_on = !c->stop;
    os_mutex_unlock(c->lock);
    return go_on;
}

static void ask_for_ever(void *arg)
{
    client *c = arg;
    request r;
    uint64_t status_due = 0;
    while (next(c, &r, &status_due)) {
        serve_request(c, &r);
        wipe(&r, sizeof r);
    }
}

static bool is_act(const request *r)
{
    return r->kind == REQUEST_ANSWER || r->kind == REQUEST_ACT;
}

/* Where it goes: in the place of an older search, behind the acts, or at the end. */
static size_t place_locked(const client *c, const request *r, bool *insert)
{
    size_t i = 0;
    *insert = true;
    if (is_act(r)) {
        while (i < c->count && is_act(&c->waiting[i])) i++;
        return i;
    }
    for (; i < c->count; i++)
        if (r->kind == REQUEST_ACCOUNTS && c->waiting[i].kind == REQUEST_ACCOUNTS) {
            *insert = false;
            break;
        }
    return i;
}

bool client_request(client *c, const request *r)
{
    bool insert;
    os_mutex_lock(c->lock);
    size_t at = place_locked(c, r, &insert);
    bool room = !insert || c->count < WAITING_MAX;
    if (room && insert) memmove(&c->waiting[at + 1], &c->waiting[at], (c->count++ - at) * sizeof c->waiting[0]);
    if (room) c->waiting[at] = *r;
    os_cond_broadcast(c->changed);
    os_mutex_unlock(c->lock);
    return room;
}

/* -- beginning and end */

plt_status client_start(client **out, const char *pipe, uint32_t status_every_ms, client_sink sink, void *to)
{
    *out = NULL;
    client *c = calloc(1, sizeof *c);
    if (!c) return PLT_NOMEM;
    c->status_every = status_every_ms;
    c->sink = sink;
    c->to = to;
    c->lock = os_mutex_create();
    c->changed = os_cond_create();
    plt_status s = c->lock && c->changed ? PLT_OK : PLT_NOMEM;
    if (s == PLT_OK && !plt_copy(c->pipe, sizeof c->pipe, pipe)) s = PLT_BAD;
    if (s == PLT_OK) s = os_thread_start(&c->watcher, watch_for_ever, c);
    if (s == PLT_OK) s = os_thread_start(&c->asker, ask_for_ever, c);
    if (s != PLT_OK) {
        client_stop(c);
        return s;
    }
    *out = c;
    return PLT_OK;
}

void client_stop(client *c)
{
    if (!c) return;
    if (c->lock && c->changed) {
        os_mutex_lock(c->lock);
        c->stop = true;
        os_pipe_cancel(c->watching);
        os_pipe_cancel(c->asking);
        os_cond_broadcast(c->changed);
        os_mutex_unlock(c->lock);
    }
    os_thread_join(c->watcher);
    os_thread_join(c->asker);
    wipe(c->waiting, sizeof c->waiting);
    os_cond_free(c->changed);
    os_mutex_free(c->lock);
    free(c);
}
