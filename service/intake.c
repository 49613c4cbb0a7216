/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The way of one job through the service: BEGIN -> VERDICT -> DATA... -> END -> (on disk) -> DONE -> analysis -> record.
 * The verdict comes before anything that can wait. A connection that ends without END leaves its job open: the journal brings
 * it, or, when the printing process is gone, it is recorded as aborted.
 */
#include "service/intake.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "core/util/frame.h"
#include "core/util/text.h"
#include "os/clock.h"
#include "os/error.h"
#include "os/log.h"
#include "os/pipe.h"
#include "os/process.h"
#include "os/spooler.h"
#include "service/desk.h"
#include "service/devices.h"
#include "service/jobframe.h"
#include "service/keep.h"
#include "service/ruling.h"

#define BEGIN_WAIT_MS 2000
#define WRITE_WAIT_MS 1000
/* A printer out of paper keeps its job for hours: the connection waits as long as the monitor holds it. */
#define DATA_WAIT_MS 1000
/* With the analysis' own ten seconds well within the thirty that the monitor waits. */
#define OPINION_AT_GATE_S 15

/* Threads that wait for their turn to accept, so that a job's first byte does not wait for a thread to be made. */
#define SPARES_LEAST 2
#define SPARES_MOST 4
/* What one read takes at most: as much as the monitor sends in one write, and the largest frame always fits. */
#define IN_SIZE (4 * PLT_FRAME_MAX_PAYLOAD + PLT_FRAME_HEADER)

/* One thread at a time accepts; with its client it becomes that job's thread, and the next one takes the turn. */
struct intake {
    agent *agent;
    os_pipe_server *server;
    os_mutex *turn; /* to accept */
    os_mutex *lock; /* everything below */
    os_cond *gone;
    os_pipe *slots[AGENT_MAX_JOBS];
    unsigned threads, spare;
};

typedef struct session {
    intake *of;
    os_pipe *pipe;
    size_t slot;
    plt_worker *worker;
    plt_job job;
    os_pipe_peer peer;
    uint64_t data; /* bytes seen */
    bool noted;
    bool released; /* a job that the desk let go: it is known whole */
    bool ruled;    /* its policy part is filled */
    bool analysed;
    bool taken; /* the desk has it: the connection's work is done */
    ruling ruling;
    keep keep;
    size_t at, have; /* of `in`: taken, read */
    uint8_t in[IN_SIZE];
} session;

typedef struct frame {
    uint8_t type;
    size_t n;
    const uint8_t *payload; /* borrowed until the next frame is read */
} frame;

/* The frame at the front of what was read, if it is whole. */
static plt_status whole_frame(const session *s, frame *f)
{
    const uint8_t *p = s->in + s->at;
    size_t left = s->have - s->at;
    if (left < PLT_FRAME_HEADER) return PLT_TIMEOUT;
    plt_status st = plt_frame_parse(p, &f->type, &f->n);
    if (st != PLT_OK) return st;
    f->payload = p + PLT_FRAME_HEADER;
    return left - PLT_FRAME_HEADER < f->n ? PLT_TIMEOUT : PLT_OK;
}

/* Reads what there is. An idle connection may stay so as long as the peer holds it, in slices so that a stop is noticed; a frame that was begun must
   come within BEGIN_WAIT_MS. */
static plt_status read_more(session *s, uint32_t first_wait_ms, uint64_t deadline)
{
    size_t got = 0;
    bool idle = s->at == s->have;
    plt_status st;
    memmove(s->in, s->in + s->at, s->have - s->at);
    s->have -= s->at;
    s->at = 0;
    uint64_t now = os_clock_mono_ms();
    uint32_t wait = idle ? (first_wait_ms ? first_wait_ms : DATA_WAIT_MS) : now < deadline ? (uint32_t)(deadline - now) : 0;
    do st = os_pipe_read(s->pipe, s->in + s->have, IN_SIZE - s->have, wait, &got);
    while (st == PLT_TIMEOUT && idle && !first_wait_ms && !agent_stopping(s->of->agent));
    s->have += got;
    return st;
}

/* The next frame. first_wait_ms 0: as long as the peer holds the pipe. */
static plt_status next_frame(session *s, uint32_t first_wait_ms, frame *f)
{
    uint64_t deadline = 0;
    for (;;) {
        plt_status st = whole_frame(s, f);
        if (st == PLT_OK) s->at += PLT_FRAME_HEADER + f->n;
        if (st != PLT_TIMEOUT) return st;
        if (s->at != s->have && !deadline) deadline = os_clock_mono_ms() + BEGIN_WAIT_MS;
        st = read_more(s, first_wait_ms, deadline);
        if (st != PLT_OK) return st;
    }
}

typedef struct by_port {
    const char *port;
    char queue[OS_QUEUE_NAME_MAX];
    int found;
} by_port;

static bool match_port(void *ctx, const os_queue *q)
{
    by_port *b = ctx;
    if (!plt_same(q->port, b->port)) return true;
    b->found++;
    plt_copy(b->queue, sizeof b->queue, q->name);
    return true;
}

/* Who is at the pipe; and some spoolers (Wine's) name neither the queue nor the user: the port tells the one if it serves one queue only, the pipe's
   token the other. */
static void fill_gaps(session *s)
{
    plt_job *j = &s->job;
    by_port b = {.port = j->port};
    os_pipe_peer_get(s->pipe, &s->peer);
    if (!*j->queue && *j->port && os_spooler_queues(match_port, &b) == PLT_OK && b.found == 1) plt_copy(j->queue, sizeof j->queue, b.queue);
    if (!*j->user) plt_copy(j->user, sizeof j->user, s->peer.user);
}

static plt_status send_verdict(session *s)
{
    static const uint64_t verdicts[] = {[RULING_PASS] = PLT_VERDICT_PASS, [RULING_GATE] = PLT_VERDICT_GATE, [RULING_REFUSE] = PLT_VERDICT_REFUSE};
    uint8_t out[1024];
    plt_frame_builder b;
    plt_frame_begin(&b, out, sizeof out, PLT_F_VERDICT);
    plt_frame_u64(&b, PLT_T_VERDICT, verdicts[s->ruling.what]);
    if (s->ruling.what == RULING_GATE) {
        plt_frame_u64(&b, PLT_T_BYTES, s->of->agent->gate_job_max);
        plt_frame_u64(&b, PLT_T_LIMIT, s->of->agent->gate_all_max);
    }
    if (*s->ruling.message) plt_frame_text(&b, PLT_T_MESSAGE, s->ruling.message);
    return os_pipe_write(s->pipe, out, plt_frame_end(&b), WRITE_WAIT_MS);
}

static plt_status send_ruling(session *s, uint64_t what)
{
    uint8_t out[1024];
    plt_frame_builder b;
    plt_frame_begin(&b, out, sizeof out, PLT_F_RULING);
    plt_frame_u64(&b, PLT_T_RULING, what);
    if (*s->ruling.message) plt_frame_text(&b, PLT_T_MESSAGE, s->ruling.message);
    return os_pipe_write(s->pipe, out, plt_frame_end(&b), WRITE_WAIT_MS);
}

static plt_status send_done(session *s)
{
    uint8_t out[64], uid[PLT_UID_SIZE];
    plt_frame_builder b;
    plt_unhex(uid, sizeof uid, s->job.uid);
    plt_frame_begin(&b, out, sizeof out, PLT_F_DONE);
    plt_frame_bytes(&b, PLT_T_UID, uid, sizeof uid);
    return os_pipe_write(s->pipe, out, plt_frame_end(&b), WRITE_WAIT_MS);
}

/* What is to become of a job that begins. One that the desk let go is known by its title, and no rule sees it again. */
static void decide(session *s)
{
    agent *a = s->of->agent;
    desk_title title = desk_begin(a->desk, s->job.document);
    s->released = title == DESK_OURS;
    if (title == DESK_STALE) {
        s->ruling.what = RULING_REFUSE;
        plt_told told;
        plt_tell(&told, PLT_WHY_STALE, NULL);
        plt_copy(s->ruling.message, sizeof s->ruling.message, told.text);
        plt_copy(s->job.why, sizeof s->job.why, told.why);
    } else if (title == DESK_PLAIN && agent_has_policy(a)) {
        fill_gaps(s);
        ruling_begin(a, &s->job, &s->ruling);
    }
    s->ruled = s->ruling.what == RULING_REFUSE;
    if (!s->ruled) return;
    os_log(OS_LOG_INFO, "job %s is refused: %s", s->job.uid, *s->job.policy.explanation ? s->job.policy.explanation : s->ruling.message);
    plt_copy(s->job.error, sizeof s->job.error, s->ruling.message);
}

static plt_status begin(session *s)
{
    frame f;
    plt_status st = next_frame(s, BEGIN_WAIT_MS, &f);
    if (st == PLT_OK && f.type != PLT_F_BEGIN) st = PLT_BAD;
    if (st == PLT_OK) st = jobframe_begin(f.payload, f.n, &s->job);
    if (st != PLT_OK) {
        os_pipe_peer_get(s->pipe, &s->peer);
        os_log(OS_LOG_WARN, "pipe of the monitor: process %u sent no job (%s); its connection is closed", s->peer.pid, plt_status_name(st));
        return st;
    }
    plt_copy(s->job.source, sizeof s->job.source, "pipe");
    decide(s);
    st = send_verdict(s);
    if (st == PLT_OK) agent_set_live(s->of->agent, &s->job, true);
    if (st != PLT_OK && s->released) desk_cut(s->of->agent->desk, s->job.document);
    return st;
}

/* Notes that the job has begun: with the first frame behind BEGIN, which the monitor sends after the printer's first byte. That byte waits for the
   verdict only, and what the system is asked for (who is at the pipe, which queue has the port) is done meanwhile. */
static void note(session *s)
{
    if (s->noted) return;
    s->noted = true;
    fill_gaps(s);
    if (ledger_begin(s->of->agent->ledger, &s->job, s->peer.pid) != PLT_OK)
        os_log(OS_LOG_ERROR, "job %s: its begin is not noted: %s", s->job.uid, os_error_text());
    if (s->released) return; /* its analysis is done */
    s->worker = agent_take_worker(s->of->agent);
    if (s->worker) plt_worker_begin(s->worker);
    keep_begin(&s->keep, s->of->agent, s->job.uid);
}

/* This DATA frame and those that follow it whole go to the worker as they are: its frames are the same. */
static void data(session *s, const frame *f)
{
    const uint8_t *from = f->payload - PLT_FRAME_HEADER;
    frame next;
    s->data += f->n;
    keep_add(&s->keep, f->payload, f->n);
    while (whole_frame(s, &next) == PLT_OK && next.type == PLT_F_DATA) {
        s->data += next.n;
        keep_add(&s->keep, next.payload, next.n);
        s->at += PLT_FRAME_HEADER + next.n;
    }
    if (s->worker) plt_worker_feed_frames(s->worker, from, (size_t)(s->in + s->at - from));
}

static void analyse(session *s)
{
    if (s->analysed) return;
    s->analysed = true;
    if (s->worker)
        plt_worker_finish(s->worker, &s->job.analysis);
    else
        plt_pdl_result_unknown(&s->job.analysis, s->job.bytes, "no analysis process could be started");
    /* The monitor of a gated job waits for its ruling: no opinion that takes longer than it waits. */
    if (s->ruling.what != RULING_GATE || s->of->agent->opinion_seconds <= OPINION_AT_GATE_S) keep_ask(&s->keep, s->of->agent, &s->job.analysis);
}

/* The job is whole in its gate file. PLT_OK: go on to END, unless it is taken. */
static plt_status rule(session *s, const frame *f)
{
    agent *a = s->of->agent;
    char path[OS_PATH_MAX];
    if (s->ruling.what != RULING_GATE || s->ruled || jobframe_gated(f->payload, f->n, &s->job) != PLT_OK) return PLT_BAD;
    analyse(s);
    s->ruled = true;
    if (!desk_path(a, s->job.uid, false, path)) return PLT_BAD;
    ruling_whole(a, &s->job, path, &s->ruling);
    if (s->ruling.what == RULING_PASS) return send_ruling(s, PLT_RULING_RELEASE);
    if (s->ruling.what == RULING_REFUSE) return send_ruling(s, PLT_RULING_DROP);
    plt_status st = desk_take(a->desk, &s->job, s->peer.pid, &s->ruling.plan);
    s->taken = st == PLT_OK;
    if (s->taken) return send_ruling(s, PLT_RULING_TAKEN);
    if (st == PLT_NOTFOUND) return PLT_OK; /* too late: the monitor went by its port's rule and tells how */
    os_log(OS_LOG_ERROR, "job %s cannot be taken over, its port's rule decides: %s", s->job.uid, os_error_text());
    plt_copy(s->job.policy.note, sizeof s->job.policy.note, "the service could not take it over; the port's rule decided");
    return send_ruling(s, PLT_RULING_NONE);
}

/* Takes frames until END. The worker's troubles never stop the stream: they make the analysis unknown. */
static plt_status stream(session *s)
{
    for (;;) {
        frame f;
        uint64_t offset, lost;
        plt_status st = next_frame(s, 0, &f);
        if (st != PLT_OK) return st;
        note(s);
        switch (f.type) {
        case PLT_F_DATA: data(s, &f); break;
        case PLT_F_LOST:
            if (jobframe_lost(f.payload, f.n, &offset, &lost) != PLT_OK) return PLT_BAD;
            s->data += lost;
            keep_lost(&s->keep);
            if (s->worker) plt_worker_lost(s->worker, offset, lost);
            break;
        case PLT_F_GATED:
            st = rule(s, &f);
            if (s->taken) return PLT_OK;
            if (st != PLT_OK) return st;
            break;
        case PLT_F_END: return jobframe_end(f.payload, f.n, &s->job);
        default: return PLT_BAD;
        }
    }
}

static void finish(session *s)
{
    agent *a = s->of->agent;
    if (!s->job.ended) s->job.ended = os_clock_unix_ms();
    plt_status on_disk = agent_end(a, &s->job);
    if (on_disk == PLT_OK) send_done(s); /* if it does not arrive the journal brings the job again, and its UID is known */
    if (!s->released) analyse(s);
    if (!s->ruled && !s->released) ruling_after(a, &s->job);
    agent_record(a, &s->job);
}

/* The connection broke. A living process goes on in its journal; a dead one will never tell more. */
static void broken(session *s, plt_status why)
{
    agent *a = s->of->agent;
    note(s);
    os_log(OS_LOG_WARN, "job %s: the monitor's connection ended after %llu bytes (%s)", s->job.uid, (unsigned long long)s->data,
           plt_status_name(why));
    if (s->worker) plt_worker_abandon(s->worker);
    if (agent_stopping(a)) return;
    if (why == PLT_CLOSED) os_sleep_ms(200); /* a process that is just ending */
    if (os_process_alive(s->peer.pid)) return;
    plt_copy(s->job.outcome, sizeof s->job.outcome, "aborted");
    jobframe_why(&s->job, PLT_WHY_CUT_OFF, "the printing process ended in the middle of the job");
    s->job.bytes = s->data;
    s->job.ended = os_clock_unix_ms();
    plt_pdl_result_unknown(&s->job.analysis, s->data, "the job was not complete");
    agent_record(a, &s->job);
}

/* ---- threads ---- */

static void accept_jobs(void *arg);

/* Makes threads until `least` wait for their turn. */
static void spares_locked(intake *in, unsigned least)
{
    while (in->spare < least && in->threads < AGENT_MAX_JOBS + SPARES_MOST) {
        os_thread *t;
        if (os_thread_start(&t, accept_jobs, in) != PLT_OK) {
            os_log(OS_LOG_ERROR, "pipe of the monitor: %s", os_error_text());
            return;
        }
        os_thread_detach(t);
        in->threads++;
        in->spare++;
    }
}

static void spares(intake *in)
{
    os_mutex_lock(in->lock);
    spares_locked(in, SPARES_LEAST);
    os_mutex_unlock(in->lock);
}

static void serve(session *s)
{
    agent *a = s->of->agent;
    plt_status st = begin(s);
    spares(s->of); /* the verdict is out: now there is time */
    if (st != PLT_OK) return;
    st = stream(s);
    if (s->taken)
        os_log(OS_LOG_DEBUG, "job %s is the desk's", s->job.uid);
    else if (st == PLT_OK)
        finish(s);
    else
        broken(s, st);
    keep_end(&s->keep);
    if (s->worker) agent_give_worker(a, s->worker);
    agent_set_live(a, &s->job, false);
    devices_job_ended(a);
}

/* A slot for the connection; without one, or without memory, it is closed and the monitor uses its journal. */
static void take(intake *in, os_pipe *pipe)
{
    session *s = malloc(sizeof *s);
    size_t slot = 0;
    os_mutex_lock(in->lock);
    while (slot < AGENT_MAX_JOBS && in->slots[slot]) slot++;
    bool room = s && slot < AGENT_MAX_JOBS;
    if (room) in->slots[slot] = pipe;
    os_mutex_unlock(in->lock);
    if (room) {
        memset(s, 0, offsetof(session, in));
        s->of = in;
        s->pipe = pipe;
        s->slot = slot;
        serve(s);
        os_mutex_lock(in->lock);
        in->slots[slot] = NULL; /* from here on intake_stop no longer touches the pipe */
        os_mutex_unlock(in->lock);
    } else {
        os_log(OS_LOG_WARN, "pipe of the monitor: %u jobs at once are the most; the next one goes to the journal", (unsigned)AGENT_MAX_JOBS);
    }
    os_pipe_close(pipe);
    free(s);
}

/* The turn: false when the thread is to end. *pipe is NULL when there is nobody to serve. */
static bool accept_one(intake *in, os_pipe **pipe)
{
    os_mutex_lock(in->turn);
    plt_status st = os_pipe_accept(in->server, OS_PIPE_FOREVER, pipe);
    os_mutex_unlock(in->turn);
    if (st == PLT_OK || st == PLT_CLOSED) return st == PLT_OK;
    os_log(OS_LOG_ERROR, "pipe of the monitor: %s", os_error_text());
    return !agent_pause(in->agent, 1000);
}

static void accept_jobs(void *arg)
{
    intake *in = arg;
    os_pipe *pipe;
    bool stay = true;
    while (stay && accept_one(in, &pipe)) {
        if (!pipe) continue;
        os_mutex_lock(in->lock);
        in->spare--;
        if (!in->spare) spares_locked(in, 1); /* somebody must accept while this client may take its time */
        os_mutex_unlock(in->lock);
        take(in, pipe);
        os_mutex_lock(in->lock);
        stay = in->spare < SPARES_MOST;
        if (stay) in->spare++;
        os_mutex_unlock(in->lock);
    }
    os_mutex_lock(in->lock);
    if (stay) in->spare--;
    in->threads--;
    os_cond_broadcast(in->gone);
    os_mutex_unlock(in->lock);
}

plt_status intake_start(intake **out, agent *a)
{
    char name[OS_PIPE_NAME_MAX];
    *out = NULL;
    intake *in = calloc(1, sizeof *in);
    if (!in) return PLT_NOMEM;
    in->agent = a;
    in->turn = os_mutex_create();
    in->lock = os_mutex_create();
    in->gone = os_cond_create();
    plt_status s = in->turn && in->lock && in->gone ? os_pipe_name(name, a->data_dir, "monitor") : PLT_NOMEM;
    if (s == PLT_OK) s = os_pipe_listen(&in->server, name, OS_PIPE_SYSTEM);
    if (s == PLT_OK) {
        spares(in);
        if (!in->threads) s = PLT_NOMEM;
    }
    if (s != PLT_OK) {
        intake_stop(in);
        return s;
    }
    *out = in;
    return PLT_OK;
}

void intake_stop(intake *in)
{
    if (!in) return;
    os_pipe_server_stop(in->server);
    if (in->lock && in->gone) {
        os_mutex_lock(in->lock);
        for (size_t i = 0; i < AGENT_MAX_JOBS; i++) os_pipe_cancel(in->slots[i]);
        while (in->threads) os_cond_wait(in->gone, in->lock, 1000);
        os_mutex_unlock(in->lock);
    }
    os_pipe_server_free(in->server);
    os_cond_free(in->gone);
    os_mutex_free(in->lock);
    os_mutex_free(in->turn);
    free(in);
}
