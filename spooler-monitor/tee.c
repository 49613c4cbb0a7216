/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The tee's ring and its draining thread. Positions are offsets in the job: [sent, head) is to be drained, and what
 * lies up to MON_RING before head is still in the ring, so that a job which the service drops half-way goes on in the
 * journal with as little lost as possible. A gap is only ever at the job's beginning (drained, then dropped by the
 * service) and at its end (no room in time, or the journal is full).
 */
#include "spooler-monitor/tee.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/util/text.h"
#include "os/clock.h"
#include "os/error.h"
#include "os/thread.h"

#define CHUNK (PLT_FRAME_MAX_PAYLOAD - PLT_FRAME_HEADER) /* a frame is 64 KiB with its header: one piece for the pipe */
#define CHUNKS 4                                         /* frames in one write to the pipe */
#define BATCH ((uint64_t)CHUNK * CHUNKS)
#define IDLE_MS 50 /* a trickle is passed on after this */
#define NOTHING_LOST UINT64_MAX

typedef enum sink { TO_PIPE, TO_JOURNAL, TO_NOWHERE } sink;

struct mon_tee {
    const mon_host *host;
    uint8_t uid[PLT_UID_SIZE];
    /* The drain's own, and the writer's before the thread starts. */
    sink to;
    os_pipe *pipe;
    mon_journal *journal;
    uint8_t *begin;
    size_t begin_size;
    uint8_t *scratch; /* CHUNKS whole DATA frames */
    mon_kept kept;
    os_thread *thread;
    /* Under the lock. */
    os_mutex *lock;
    os_cond *work; /* for the drain */
    os_cond *room; /* for the writer */
    uint8_t *ring;
    uint64_t head;
    uint64_t sent;
    uint64_t total;
    uint64_t lost_from;
    uint64_t deadline; /* 0 while the job runs */
    uint32_t waited_ms;
    uint8_t end[MON_END_MAX];
    size_t end_size;
    uint8_t question[MON_QUESTION_MAX];
    size_t question_size; /* 0: none is open */
    uint64_t answer_by;
    plt_status answered; /* PLT_TIMEOUT while the question is open */
    mon_reply answer;
    bool reading; /* the drain waits for the answer: the pipe may be cancelled */
    bool broken;  /* the drain's own: the pipe is of no use any more */
    bool dropped; /* nothing is to be told about the job */
    bool started; /* the writer's own */
    bool begun;   /* the journal has the job's BEGIN, or will never have it */
    bool done;
    bool orphan;
};

static void trouble(mon_tee *t, const char *what)
{
    char uid[2 * PLT_UID_SIZE + 1], text[1024];
    plt_hex(uid, t->uid, PLT_UID_SIZE);
    snprintf(text, sizeof text, "job %s: %s: %s", uid, what, os_error_text());
    if (t->host->trouble) t->host->trouble(t->host->ctx, text);
}

static void tee_free(mon_tee *t)
{
    if (!t) return;
    os_pipe_close(t->pipe);
    mon_journal_discard(t->journal);
    os_cond_free(t->work);
    os_cond_free(t->room);
    os_mutex_free(t->lock);
    free(t->begin);
    free(t->scratch);
    free(t->ring);
    free(t);
}

/* Nothing from `at` on is kept; the first reason stands. */
static void lose_locked(mon_tee *t, uint64_t at)
{
    if (t->lost_from == NOTHING_LOST) t->lost_from = at;
}

static uint32_t left(uint64_t deadline)
{
    uint64_t now = os_clock_mono_ms();
    return now >= deadline ? 0 : (uint32_t)(deadline - now);
}

static void run(void *arg);

/* Memory and a thread for the copy: with the pipe only after the first byte has reached the printer. */
static void start(mon_tee *t)
{
    t->started = true;
    t->ring = malloc(MON_RING);
    t->scratch = malloc(CHUNKS * (PLT_FRAME_HEADER + CHUNK));
    if (!t->ring || !t->scratch) lose_locked(t, 0);
    if (os_thread_start(&t->thread, run, t) != PLT_OK) t->thread = NULL; /* then the job's end drains, within what the ring holds */
}

/* Nobody else knows of this job: its BEGIN is in the journal before its first byte is at the printer, so that a process that is killed in between
   leaves a trace. A disk that hangs delays the job by no more than a service would. */
static void begin_journal(mon_tee *t)
{
    uint64_t deadline = os_clock_mono_ms() + MON_BEGUN_MS;
    start(t);
    os_mutex_lock(t->lock);
    while (t->thread && !t->begun && left(deadline)) os_cond_wait(t->room, t->lock, left(deadline));
    os_mutex_unlock(t->lock);
}

plt_status mon_tee_open(mon_tee **out, const mon_tee_setup *s)
{
    *out = NULL;
    mon_tee *t = calloc(1, sizeof *t);
    if (!t) {
        os_pipe_close(s->pipe);
        return PLT_NOMEM;
    }
    t->host = s->host;
    memcpy(t->uid, s->uid, sizeof t->uid);
    t->pipe = s->pipe;
    t->to = s->pipe && !s->to_journal ? TO_PIPE : TO_JOURNAL;
    t->lost_from = s->no_data ? 0 : NOTHING_LOST;
    t->lock = os_mutex_create();
    t->work = os_cond_create();
    t->room = os_cond_create();
    t->begin = malloc(s->begin_size);
    if (!t->lock || !t->work || !t->room || !t->begin) {
        tee_free(t);
        return PLT_NOMEM;
    }
    memcpy(t->begin, s->begin, s->begin_size);
    t->begin_size = s->begin_size;
    if (t->to == TO_JOURNAL && !s->no_data) begin_journal(t);
    *out = t;
    return PLT_OK;
}

/* Waits for the drain to make room, within the job's budget. */
static bool wait_for_room_locked(mon_tee *t)
{
    while (t->head - t->sent == MON_RING && t->lost_from == NOTHING_LOST) {
        if (!t->thread || t->waited_ms >= MON_ROOM_MS) return false;
        uint64_t before = os_clock_mono_ms();
        os_cond_signal(t->work);
        os_cond_wait(t->room, t->lock, MON_ROOM_MS - t->waited_ms);
        t->waited_ms += (uint32_t)(os_clock_mono_ms() - before);
    }
    return t->lost_from == NOTHING_LOST;
}

static void copy_in_locked(mon_tee *t, const uint8_t *p, size_t n)
{
    while (n && t->lost_from == NOTHING_LOST) {
        if (!wait_for_room_locked(t)) {
            lose_locked(t, t->head);
            return;
        }
        size_t at = (size_t)(t->head % MON_RING), some = MON_RING - (size_t)(t->head - t->sent);
        if (some > MON_RING - at) some = MON_RING - at;
        if (some > n) some = n;
        memcpy(t->ring + at, p, some);
        t->head += some;
        p += some;
        n -= some;
    }
}

void mon_tee_put(mon_tee *t, const void *data, size_t n)
{
    if (!t->started && n && t->lost_from == NOTHING_LOST) start(t);
    os_mutex_lock(t->lock);
    uint64_t before = t->head - t->sent;
    t->total += n;
    copy_in_locked(t, data, n);
    uint64_t now = t->head - t->sent;
    if (before < BATCH && now >= BATCH) os_cond_signal(t->work);
    os_mutex_unlock(t->lock);
}

/* ---- the drain ---- */

static bool frame_lost(mon_tee *t, uint64_t offset, uint64_t bytes, plt_status (*give)(mon_tee *, const void *, size_t))
{
    uint8_t frame[PLT_FRAME_HEADER + 2 * 12];
    plt_frame_builder b;
    plt_frame_begin(&b, frame, sizeof frame, PLT_F_LOST);
    plt_frame_u64(&b, PLT_T_OFFSET, offset);
    plt_frame_u64(&b, PLT_T_BYTES, bytes);
    return give(t, frame, plt_frame_end(&b)) == PLT_OK;
}

static plt_status give_journal(mon_tee *t, const void *frame, size_t n)
{
    return mon_journal_frame(t->journal, frame, n);
}

static plt_status give_pipe(mon_tee *t, const void *data, size_t n)
{
    os_mutex_lock(t->lock);
    uint64_t deadline = t->deadline;
    os_mutex_unlock(t->lock);
    uint32_t ms = deadline && left(deadline) < MON_DATA_MS ? left(deadline) : MON_DATA_MS;
    return os_pipe_write(t->pipe, data, n, ms);
}

/* The job is not accounted any further; the writer is not to wait for anything. */
static void give_up(mon_tee *t, const char *why)
{
    trouble(t, why);
    mon_journal_discard(t->journal);
    t->journal = NULL;
    t->to = TO_NOWHERE;
    os_mutex_lock(t->lock);
    lose_locked(t, t->sent);
    t->sent = t->head;
    os_cond_signal(t->room);
    os_mutex_unlock(t->lock);
}

/* Opens the journal and goes back to the oldest byte that the ring still has. The pipe is closed only then: a service that sees it
   close without END finds the file and leaves the job to it. */
static void to_journal(mon_tee *t)
{
    plt_status s = mon_journal_open(&t->journal, t->host->data_dir, t->uid, t->host->pool);
    os_pipe_close(t->pipe);
    t->pipe = NULL;
    t->to = TO_JOURNAL;
    if (s != PLT_OK) {
        give_up(t, "the journal cannot be made, the job is not accounted");
        return;
    }
    os_mutex_lock(t->lock);
    uint64_t oldest = t->head > MON_RING ? t->head - MON_RING : 0;
    t->sent = oldest;
    os_mutex_unlock(t->lock);
    bool ok = give_journal(t, t->begin, t->begin_size) == PLT_OK;
    if (ok && oldest) ok = frame_lost(t, 0, oldest, give_journal);
    if (!ok) give_up(t, "the journal cannot be written, the job is not accounted");
}

/* Waits for something to drain: how many bytes from `sent` on; 0 when the job has ended and nothing is left. */
static size_t wait_for_work(mon_tee *t)
{
    os_mutex_lock(t->lock);
    bool quiet = false;
    uint64_t pending;
    while (pending = t->head - t->sent, pending < BATCH && !t->deadline && !t->question_size && !(pending && quiet))
        quiet = !os_cond_wait(t->work, t->lock, IDLE_MS);
    os_mutex_unlock(t->lock);
    return (size_t)(pending < BATCH ? pending : BATCH);
}

/* n bytes of the ring as DATA frames in the scratch; nobody writes below head, so no lock. Gives their whole length. */
static size_t build_frames(mon_tee *t, size_t n)
{
    size_t used = 0;
    for (uint64_t from = t->sent; n;) {
        size_t some = n < CHUNK ? n : CHUNK, at = (size_t)(from % MON_RING), first = MON_RING - at;
        uint8_t *p = t->scratch + used;
        plt_frame_header(p, PLT_F_DATA, some);
        if (first > some) first = some;
        memcpy(p + PLT_FRAME_HEADER, t->ring + at, first);
        memcpy(p + PLT_FRAME_HEADER + first, t->ring, some - first);
        used += PLT_FRAME_HEADER + some;
        from += some;
        n -= some;
    }
    return used;
}

/* Bytes that are drained; those that wait behind them are dropped when nothing more can be kept. */
static void advance(mon_tee *t, size_t n, bool stop)
{
    os_mutex_lock(t->lock);
    t->sent += n;
    if (stop) {
        if (t->lost_from == NOTHING_LOST || t->lost_from > t->sent) t->lost_from = t->sent;
        t->sent = t->head;
    }
    os_cond_signal(t->room);
    os_mutex_unlock(t->lock);
}

static void drain_to_journal(mon_tee *t, size_t size)
{
    size_t kept = 0;
    plt_status s = PLT_OK;
    for (size_t at = 0; at < size && s == PLT_OK;) {
        uint8_t type;
        size_t n;
        plt_frame_parse(t->scratch + at, &type, &n);
        s = mon_journal_data(t->journal, t->scratch + at, PLT_FRAME_HEADER + n);
        if (s == PLT_OK) kept += n;
        at += PLT_FRAME_HEADER + n;
    }
    if (s != PLT_OK) trouble(t, "the rest of its data is not kept");
    advance(t, kept, s != PLT_OK);
}

static void drain(mon_tee *t, size_t n)
{
    size_t size = build_frames(t, n);
    if (t->to == TO_JOURNAL)
        drain_to_journal(t, size);
    else if (t->to == TO_PIPE && give_pipe(t, t->scratch, size) == PLT_OK)
        advance(t, n, false);
    else if (t->to == TO_PIPE)
        to_journal(t);
    else
        advance(t, n, false);
}

/* DONE with our UID, before the deadline. */
static bool wait_for_done(mon_tee *t)
{
    mon_reply r;
    size_t at = 0;
    bool bad = false, ours = false;
    plt_field f;
    if (mon_reply_read(t->pipe, t->deadline, &r) != PLT_OK || r.type != PLT_F_DONE) return false;
    while (plt_field_next(r.payload, r.n, &at, &f, &bad))
        if (f.tag == PLT_T_UID) ours = f.len == PLT_UID_SIZE && memcmp(f.data, t->uid, PLT_UID_SIZE) == 0;
    return ours && !bad;
}

/* The open question, when all before it is drained. The pipe of an answer that did not come is of no use: a late one would be taken for DONE. It is
   left as it is, because whether there must be a journal is not known yet. */
static void put_question(mon_tee *t)
{
    plt_status s = PLT_CLOSED;
    os_mutex_lock(t->lock);
    size_t n = t->question_size;
    uint64_t by = t->answer_by;
    t->reading = t->to == TO_PIPE && !t->broken;
    bool ask = t->reading;
    os_mutex_unlock(t->lock);
    if (ask) s = os_pipe_write(t->pipe, t->question, n, left(by));
    if (ask && s == PLT_OK) s = mon_reply_read(t->pipe, by, &t->answer);
    os_mutex_lock(t->lock);
    t->reading = false;
    t->broken = s != PLT_OK;
    t->question_size = 0;
    t->answered = s;
    os_cond_signal(t->room);
    os_mutex_unlock(t->lock);
}

/* LOST for the end's gap, then END. */
static bool give_end(mon_tee *t, plt_status (*give)(mon_tee *, const void *, size_t))
{
    bool ok = true;
    if (t->lost_from < t->total) ok = frame_lost(t, t->lost_from, t->total - t->lost_from, give);
    return ok && give(t, t->end, t->end_size) == PLT_OK;
}

/* All is drained and the job has ended; false when there is more to drain, because the sink changed. From the end on nobody but the drain touches the
   positions. */
static bool finish(mon_tee *t)
{
    if (t->dropped) return true;
    if (t->to == TO_PIPE) {
        if (!t->broken && give_end(t, give_pipe) && wait_for_done(t)) {
            t->kept = MON_KEPT_PIPE;
            return true;
        }
        to_journal(t);
        return false;
    }
    if (t->to == TO_JOURNAL) {
        mon_journal *j = t->journal;
        bool ok = give_end(t, give_journal);
        t->journal = NULL;
        ok = mon_journal_finish(j) == PLT_OK && ok;
        if (ok)
            t->kept = MON_KEPT_JOURNAL;
        else
            trouble(t, "the journal is incomplete");
    }
    return true;
}

static void run(void *arg)
{
    mon_tee *t = arg;
    if (t->to == TO_JOURNAL) to_journal(t);
    os_mutex_lock(t->lock);
    t->begun = true;
    os_cond_signal(t->room);
    os_mutex_unlock(t->lock);
    for (;;) {
        size_t n = wait_for_work(t);
        os_mutex_lock(t->lock);
        bool ask = t->question_size != 0;
        os_mutex_unlock(t->lock);
        if (n)
            drain(t, n);
        else if (ask)
            put_question(t);
        else if (finish(t))
            break;
    }
    os_mutex_lock(t->lock);
    t->done = true;
    bool orphan = t->orphan;
    os_cond_signal(t->room);
    os_mutex_unlock(t->lock);
    if (!orphan) return;
    os_fail_as(PLT_TIMEOUT, "finish", "the journal");
    trouble(t, "was kept late, its end did not wait for it");
    tee_free(t);
}

plt_status mon_tee_ask(mon_tee *t, const void *frame, size_t n, uint32_t ms, const mon_cancel *cancel, mon_reply *out)
{
    if (!t->started) start(t);
    if (!t->thread || n > sizeof t->question) return PLT_CLOSED;
    os_mutex_lock(t->lock);
    memcpy(t->question, frame, n);
    t->question_size = n;
    t->answer_by = os_clock_mono_ms() + ms;
    t->answered = PLT_TIMEOUT;
    os_cond_signal(t->work);
    /* Twice the time: the drain keeps to it, but for a disk that hangs. */
    for (uint64_t last = t->answer_by + ms; t->question_size && left(last);) {
        os_cond_wait(t->room, t->lock, left(last) < MON_DATA_MS ? left(last) : MON_DATA_MS);
        os_mutex_unlock(t->lock);
        bool give_up = mon_cancel_asked(cancel); /* asks the spooler: not under the lock */
        os_mutex_lock(t->lock);
        if (give_up && t->reading) os_pipe_cancel(t->pipe);
    }
    plt_status s = t->question_size ? PLT_TIMEOUT : t->answered;
    if (s == PLT_OK) {
        *out = t->answer;
        out->payload = out->bytes + PLT_FRAME_HEADER;
    }
    os_mutex_unlock(t->lock);
    return s;
}

void mon_tee_drop(mon_tee *t)
{
    os_mutex_lock(t->lock);
    t->dropped = true;
    os_mutex_unlock(t->lock);
    mon_tee_end(t, "", 0);
}

mon_kept mon_tee_end(mon_tee *t, const void *end, size_t end_size)
{
    uint64_t now = os_clock_mono_ms(), last = now + MON_DONE_MS + MON_JOURNAL_MS;
    os_mutex_lock(t->lock);
    t->end_size = end_size < sizeof t->end ? end_size : sizeof t->end;
    memcpy(t->end, end, t->end_size);
    t->deadline = now + MON_DONE_MS;
    os_cond_signal(t->work);
    os_mutex_unlock(t->lock);
    if (!t->thread && os_thread_start(&t->thread, run, t) != PLT_OK) run(t);
    os_mutex_lock(t->lock);
    while (!t->done && left(last)) os_cond_wait(t->room, t->lock, left(last));
    bool done = t->done;
    t->orphan = !done;
    if (!done) {
        /* Before the lock is let go: from then on the thread may free the tee. No word to the log: it may be on the disk that hangs. */
        os_thread_detach(t->thread);
        if (t->host->orphaned) t->host->orphaned(t->host->ctx);
    }
    os_mutex_unlock(t->lock);
    if (!done) return MON_KEPT_LATE;
    os_thread_join(t->thread);
    mon_kept kept = t->kept;
    tee_free(t);
    return kept;
}
