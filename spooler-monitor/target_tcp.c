/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Raw TCP (port 9100, "JetDirect"): connects, sends, reads what comes back. A printer that is switched off or serves
 * another job refuses; one out of paper stops reading: both are waited for, within limits, asking once a second
 * whether the user cancelled. It must never wait without end and never change a byte.
 *
 * Print processors may write 4 KiB at a time (winprint under Wine does), and each send is a way into the system: writes that
 * follow close on one another are gathered up to GATHER_MAX. The first one, and any after a pause, goes out at once; what
 * is gathered waits for at most two ticks of a thread that flushes it, so a program that pauses leaves nothing behind.
 */
#include <stdlib.h>
#include <string.h>

#include "core/util/text.h"
#include "os/clock.h"
#include "os/error.h"
#include "os/net.h"
#include "os/thread.h"
#include "spooler-monitor/target.h"

#define TICK_MS 1000
#define BACK_MAX 4096
#define GATHER_MAX 65536
#define GATHER_TICK_MS 10

typedef struct tcp {
    mon_target base;
    mon_tcp_limits limits;
    uint16_t port;
    char host[256];
    os_tcp *link;
    /* The gathered bytes; the lock also keeps the link for one thread at a time. */
    os_mutex *lock;
    os_cond *stop_cond;
    os_thread *flusher; /* from the first gathered byte on */
    bool stop;
    uint8_t *gather;
    size_t gathered;
    uint32_t flushes;  /* so that the flusher sees whether it was done for it */
    uint64_t last_ms;  /* the last write */
    plt_status broken; /* a flush that failed: the next call says so */
    char reason[256];  /* and why */
    /* What the printer said while we wrote: kept for ReadPort, the newest BACK_MAX bytes. */
    uint8_t back[BACK_MAX];
    size_t back_len;
} tcp;

const mon_tcp_limits mon_tcp_default = {
    .connect_ms = 60000, .attempt_ms = 5000, .pause_ms = 1000, .stall_ms = 600000, .read_ms = 1000, .finish_ms = 3000};

static plt_status failed(tcp *t, plt_status s)
{
    t->base.error = mon_error_of(s);
    return s;
}

static plt_status cancelled(tcp *t)
{
    os_fail_as(PLT_CLOSED, "cancelled while waiting for", t->host);
    t->base.error = MON_E_PRINT_CANCELLED;
    return PLT_CLOSED;
}

static uint32_t least(uint64_t a, uint64_t b)
{
    uint64_t m = a < b ? a : b;
    return m > UINT32_MAX ? UINT32_MAX : (uint32_t)m;
}

static plt_status tcp_open(mon_target *base, const char *document)
{
    tcp *t = (tcp *)base;
    uint64_t now = os_clock_mono_ms(), deadline = now + t->limits.connect_ms;
    (void)document;
    t->back_len = 0;
    for (;;) {
        plt_status s = os_tcp_connect(&t->link, t->host, t->port, least(t->limits.attempt_ms, deadline - now));
        if (s == PLT_OK) return s;
        now = os_clock_mono_ms();
        if (s == PLT_NOMEM || s == PLT_BAD || now + t->limits.pause_ms >= deadline) return failed(t, s);
        if (mon_cancel_asked(&t->base.cancel)) return cancelled(t);
        os_sleep_ms(t->limits.pause_ms);
        now = os_clock_mono_ms();
        if (now >= deadline) return failed(t, s);
    }
}

/* A printer that cannot get rid of its status messages may stop reading: take them while it does not take ours. */
static void listen_back(tcp *t)
{
    size_t got;
    if (t->back_len == BACK_MAX) t->back_len = 0;
    if (os_tcp_read(t->link, t->back + t->back_len, BACK_MAX - t->back_len, 0, &got) == PLT_OK) t->back_len += got;
}

/* All n bytes to the printer. */
static plt_status send_locked(tcp *t, const uint8_t *p, size_t n, size_t *put)
{
    uint64_t stalled_since = 0;
    *put = 0;
    while (*put < n) {
        size_t some;
        uint32_t tick = least(TICK_MS, t->limits.stall_ms);
        plt_status s = os_tcp_write(t->link, p + *put, n - *put, tick, &some);
        if (s == PLT_OK) {
            *put += some;
            stalled_since = 0;
            continue;
        }
        if (s != PLT_TIMEOUT) return failed(t, s);
        uint64_t now = os_clock_mono_ms();
        if (!stalled_since) stalled_since = now - tick;
        if (now - stalled_since >= t->limits.stall_ms) return failed(t, s);
        listen_back(t);
        if (mon_cancel_asked(&t->base.cancel)) return cancelled(t);
    }
    return PLT_OK;
}

static plt_status flush_locked(tcp *t)
{
    size_t put;
    if (t->broken == PLT_OK && t->gathered) {
        t->broken = send_locked(t, t->gather, t->gathered, &put);
        if (t->broken != PLT_OK) plt_copy(t->reason, sizeof t->reason, os_error_text());
        t->flushes++;
    }
    t->gathered = 0;
    return t->broken;
}

static void flusher(void *arg)
{
    tcp *t = arg;
    uint32_t seen = 0;
    os_mutex_lock(t->lock);
    while (!t->stop) {
        os_cond_wait(t->stop_cond, t->lock, GATHER_TICK_MS);
        if (t->gathered && t->flushes == seen) flush_locked(t);
        seen = t->flushes;
    }
    os_mutex_unlock(t->lock);
}

/* Is this write to be gathered? Not the first one, not one after a pause, not a large one; and only with a thread that flushes. */
static bool gather_locked(tcp *t, size_t n)
{
    uint64_t now = os_clock_mono_ms(), before = t->last_ms;
    t->last_ms = now;
    if (n >= GATHER_MAX || (!t->gathered && now - before > GATHER_TICK_MS)) return false;
    if (!t->gather) t->gather = malloc(GATHER_MAX);
    if (t->gather && !t->flusher && os_thread_start(&t->flusher, flusher, t) != PLT_OK) t->flusher = NULL;
    return t->gather && t->flusher;
}

static plt_status write_locked(tcp *t, const uint8_t *p, size_t n, size_t *put)
{
    *put = 0;
    if (t->broken != PLT_OK) return t->broken;
    bool gather = gather_locked(t, n);
    if (!gather || t->gathered + n > GATHER_MAX) {
        plt_status s = flush_locked(t);
        if (s != PLT_OK) return s;
    }
    if (!gather) {
        t->broken = send_locked(t, p, n, put);
        return t->broken;
    }
    memcpy(t->gather + t->gathered, p, n);
    t->gathered += n;
    *put = n;
    return PLT_OK;
}

/* What broke on the other thread is this thread's error now. */
static plt_status retell(tcp *t, plt_status s)
{
    if (s != PLT_OK && t->reason[0]) os_fail_as(s, "an earlier write:", t->reason);
    return s;
}

static plt_status tcp_write(mon_target *base, const void *buf, size_t n, size_t *put)
{
    tcp *t = (tcp *)base;
    os_mutex_lock(t->lock);
    plt_status s = write_locked(t, buf, n, put);
    os_mutex_unlock(t->lock);
    return retell(t, s);
}

static plt_status read_locked(tcp *t, void *buf, size_t n, size_t *got)
{
    plt_status s = flush_locked(t); /* the question before the answer */
    if (s != PLT_OK) return s;
    if (t->back_len) {
        *got = n < t->back_len ? n : t->back_len;
        memcpy(buf, t->back, *got);
        t->back_len -= *got;
        memmove(t->back, t->back + *got, t->back_len);
        return PLT_OK;
    }
    s = os_tcp_read(t->link, buf, n, t->limits.read_ms, got);
    if (s == PLT_TIMEOUT) return PLT_OK;
    return s == PLT_OK ? s : failed(t, s);
}

static plt_status tcp_read(mon_target *base, void *buf, size_t n, size_t *got)
{
    tcp *t = (tcp *)base;
    *got = 0;
    os_mutex_lock(t->lock);
    plt_status s = read_locked(t, buf, n, got);
    os_mutex_unlock(t->lock);
    return retell(t, s);
}

static void stop_flusher(tcp *t)
{
    os_mutex_lock(t->lock);
    t->stop = true;
    os_cond_signal(t->stop_cond);
    os_mutex_unlock(t->lock);
    os_thread_join(t->flusher);
    t->flusher = NULL;
}

static plt_status tcp_close(mon_target *base, bool drop)
{
    tcp *t = (tcp *)base;
    stop_flusher(t);
    plt_status s = drop ? PLT_OK : retell(t, flush_locked(t)); /* alone from here on */
    os_tcp *link = t->link;
    t->link = NULL;
    if (drop || s != PLT_OK) {
        os_tcp_abort(link);
        return s;
    }
    s = os_tcp_finish(link, t->limits.finish_ms);
    /* A printer may hold the connection until the last page is out: that is no failure. */
    return s == PLT_OK || s == PLT_TIMEOUT ? PLT_OK : failed(t, s);
}

static void tcp_free(mon_target *base)
{
    tcp *t = (tcp *)base;
    if (t->flusher) stop_flusher(t);
    os_tcp_abort(t->link);
    os_cond_free(t->stop_cond);
    os_mutex_free(t->lock);
    free(t->gather);
    free(t);
}

static const mon_target_ops ops = {tcp_open, tcp_write, tcp_read, tcp_close, tcp_free};

plt_status mon_target_tcp(mon_target **out, const char *host, uint16_t port, const mon_tcp_limits *limits)
{
    *out = NULL;
    tcp *t = calloc(1, sizeof *t);
    if (!t) return PLT_NOMEM;
    t->base.ops = &ops;
    t->limits = *limits;
    t->port = port;
    plt_copy(t->host, sizeof t->host, host);
    t->lock = os_mutex_create();
    t->stop_cond = os_cond_create();
    if (!t->lock || !t->stop_cond) {
        tcp_free(&t->base);
        return PLT_NOMEM;
    }
    *out = &t->base;
    return PLT_OK;
}
