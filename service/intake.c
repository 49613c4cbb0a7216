/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The way of one job through the service: BEGIN -> VERDICT -> DATA... -> END -> (on disk) -> DONE -> analysis -> record.
 * The verdict comes before anything that can wait. A connection that ends without END leaves its job open: the journal brings
 * it, or, when the printing process is gone, it is recorded as aborted.
 */
#include "service/intake.h"

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
#include "service/jobframe.h"

#define BEGIN_WAIT_MS 2000
#define WRITE_WAIT_MS 1000
/* A printer out of paper keeps its job for hours: the connection waits as long as the monitor holds it. */
#define DATA_WAIT_MS 1000

struct intake {
    agent *agent;
    os_pipe_server *server;
    os_thread *acceptor;
    os_mutex *lock; /* slots */
    os_cond *gone;
    os_pipe *slots[AGENT_MAX_JOBS];
    unsigned live;
};

typedef struct session {
    intake *in;
    os_pipe *pipe;
    size_t slot;
    plt_worker *worker;
    plt_job job;
    os_pipe_peer peer;
    uint64_t data; /* bytes seen */
    bool noted;
    uint8_t payload[PLT_FRAME_MAX_PAYLOAD];
} session;

/* One frame; waits in slices so that a stop is noticed. first_wait_ms 0: as long as the peer holds the pipe. */
static plt_status read_frame(session *s, uint32_t first_wait_ms, uint8_t *type, size_t *n)
{
    uint8_t header[PLT_FRAME_HEADER];
    size_t got = 0;
    plt_status st;
    do st = os_pipe_read(s->pipe, header, sizeof header, first_wait_ms ? first_wait_ms : DATA_WAIT_MS, &got);
    while (st == PLT_TIMEOUT && !first_wait_ms && !agent_stopping(s->in->agent));
    if (st == PLT_OK && got < sizeof header) st = os_pipe_read_all(s->pipe, header + got, sizeof header - got, BEGIN_WAIT_MS);
    if (st == PLT_OK) st = plt_frame_parse(header, type, n);
    if (st == PLT_OK && *n) st = os_pipe_read_all(s->pipe, s->payload, *n, BEGIN_WAIT_MS);
    return st;
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

static plt_status send_verdict(session *s, const plt_policy_decision *d)
{
    uint8_t out[1024];
    plt_frame_builder b;
    plt_frame_begin(&b, out, sizeof out, PLT_F_VERDICT);
    plt_frame_u64(&b, PLT_T_VERDICT, d->verdict == PLT_POLICY_DENY ? PLT_VERDICT_REFUSE : PLT_VERDICT_PASS);
    if (*d->message) plt_frame_text(&b, PLT_T_MESSAGE, d->message);
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

static plt_status begin(session *s)
{
    uint8_t type;
    size_t n;
    plt_policy_decision d;
    plt_status st = read_frame(s, BEGIN_WAIT_MS, &type, &n);
    if (st == PLT_OK && type != PLT_F_BEGIN) st = PLT_BAD;
    if (st == PLT_OK) st = jobframe_begin(s->payload, n, &s->job);
    if (st != PLT_OK) {
        os_pipe_peer_get(s->pipe, &s->peer);
        os_log(OS_LOG_WARN, "pipe of the monitor: process %u sent no job (%s); its connection is closed", s->peer.pid, plt_status_name(st));
        return st;
    }
    plt_copy(s->job.source, sizeof s->job.source, "pipe");
    if (agent_has_policy(s->in->agent)) fill_gaps(s);
    agent_decide(s->in->agent, &s->job, &d);
    st = send_verdict(s, &d);
    if (d.verdict == PLT_POLICY_DENY) {
        os_log(OS_LOG_INFO, "job %s is refused: %s", s->job.uid, d.explanation);
        plt_copy(s->job.error, sizeof s->job.error, d.message);
    }
    if (st == PLT_OK) agent_set_live(s->in->agent, s->job.uid, true);
    return st;
}

/* Notes that the job has begun: with the first frame behind BEGIN, which the monitor sends after the printer's first byte. That byte waits for the
   verdict only, and what the system is asked for (who is at the pipe, which queue has the port) is done meanwhile. */
static void note(session *s)
{
    if (s->noted) return;
    s->noted = true;
    fill_gaps(s);
    if (ledger_begin(s->in->agent->ledger, &s->job, s->peer.pid) != PLT_OK)
        os_log(OS_LOG_ERROR, "job %s: its begin is not noted: %s", s->job.uid, os_error_text());
    s->worker = agent_take_worker(s->in->agent);
    if (s->worker) plt_worker_begin(s->worker);
}

/* Takes frames until END. The worker's troubles never stop the stream: they make the analysis unknown. */
static plt_status stream(session *s)
{
    for (;;) {
        uint8_t type;
        size_t n;
        uint64_t offset, lost;
        plt_status st = read_frame(s, 0, &type, &n);
        if (st != PLT_OK) return st;
        note(s);
        switch (type) {
        case PLT_F_DATA:
            s->data += n;
            if (s->worker) plt_worker_feed(s->worker, s->payload, n);
            break;
        case PLT_F_LOST:
            if (jobframe_lost(s->payload, n, &offset, &lost) != PLT_OK) return PLT_BAD;
            s->data += lost;
            if (s->worker) plt_worker_lost(s->worker, offset, lost);
            break;
        case PLT_F_END: return jobframe_end(s->payload, n, &s->job);
        default: return PLT_BAD;
        }
    }
}

static void finish(session *s)
{
    agent *a = s->in->agent;
    if (!s->job.ended) s->job.ended = os_clock_unix_ms();
    plt_status on_disk = agent_end(a, &s->job);
    if (on_disk == PLT_OK) send_done(s); /* if it does not arrive the journal brings the job again, and its UID is known */
    if (s->worker)
        plt_worker_finish(s->worker, &s->job.analysis);
    else
        plt_pdl_result_unknown(&s->job.analysis, s->job.bytes, "no analysis process could be started");
    agent_record(a, &s->job);
}

/* The connection broke. A living process goes on in its journal; a dead one will never tell more. */
static void broken(session *s, plt_status why)
{
    agent *a = s->in->agent;
    note(s);
    os_log(OS_LOG_WARN, "job %s: the monitor's connection ended after %llu bytes (%s)", s->job.uid, (unsigned long long)s->data,
           plt_status_name(why));
    if (s->worker) plt_worker_abandon(s->worker);
    if (agent_stopping(a)) return;
    if (why == PLT_CLOSED) os_sleep_ms(200); /* a process that is just ending */
    if (os_process_alive(s->peer.pid)) return;
    plt_copy(s->job.outcome, sizeof s->job.outcome, "aborted");
    plt_copy(s->job.error, sizeof s->job.error, "the printing process ended in the middle of the job");
    s->job.bytes = s->data;
    s->job.ended = os_clock_unix_ms();
    plt_pdl_result_unknown(&s->job.analysis, s->data, "the job was not complete");
    agent_record(a, &s->job);
}

static void leave(session *s)
{
    intake *in = s->in;
    os_mutex_lock(in->lock);
    in->slots[s->slot] = NULL;
    in->live--;
    os_cond_broadcast(in->gone);
    os_mutex_unlock(in->lock);
}

static void serve(void *arg)
{
    session *s = arg;
    intake *in = s->in;
    agent *a = in->agent;
    os_pipe *pipe = s->pipe;
    if (begin(s) == PLT_OK) {
        plt_status st = stream(s);
        if (st == PLT_OK)
            finish(s);
        else
            broken(s, st);
        if (s->worker) agent_give_worker(a, s->worker);
        agent_set_live(a, s->job.uid, false);
    }
    leave(s); /* from here on intake_stop no longer touches the pipe */
    os_pipe_close(pipe);
    free(s);
}

/* A slot and a thread for the connection; without either it is closed and the monitor uses its journal. */
static void take(intake *in, os_pipe *pipe)
{
    session *s = calloc(1, sizeof *s);
    size_t slot = 0;
    os_mutex_lock(in->lock);
    while (slot < AGENT_MAX_JOBS && in->slots[slot]) slot++;
    bool room = s && slot < AGENT_MAX_JOBS;
    if (room) {
        in->slots[slot] = pipe;
        in->live++;
    }
    os_mutex_unlock(in->lock);
    if (!room) {
        os_log(OS_LOG_WARN, "pipe of the monitor: %u jobs at once are the most; the next one goes to the journal", (unsigned)AGENT_MAX_JOBS);
        os_pipe_close(pipe);
        free(s);
        return;
    }
    os_thread *t;
    s->in = in;
    s->pipe = pipe;
    s->slot = slot;
    if (os_thread_start(&t, serve, s) == PLT_OK) {
        os_thread_detach(t);
        return;
    }
    os_log(OS_LOG_ERROR, "pipe of the monitor: %s", os_error_text());
    leave(s);
    os_pipe_close(pipe);
    free(s);
}

static void accept_jobs(void *arg)
{
    intake *in = arg;
    for (;;) {
        os_pipe *pipe;
        plt_status st = os_pipe_accept(in->server, OS_PIPE_FOREVER, &pipe);
        if (st == PLT_OK)
            take(in, pipe);
        else if (st == PLT_CLOSED)
            return;
        else {
            os_log(OS_LOG_ERROR, "pipe of the monitor: %s", os_error_text());
            if (agent_pause(in->agent, 1000)) return;
        }
    }
}

plt_status intake_start(intake **out, agent *a)
{
    char name[OS_PIPE_NAME_MAX];
    *out = NULL;
    intake *in = calloc(1, sizeof *in);
    if (!in) return PLT_NOMEM;
    in->agent = a;
    in->lock = os_mutex_create();
    in->gone = os_cond_create();
    plt_status s = in->lock && in->gone ? os_pipe_name(name, a->data_dir, "monitor") : PLT_NOMEM;
    if (s == PLT_OK) s = os_pipe_listen(&in->server, name, OS_PIPE_SYSTEM);
    if (s == PLT_OK) s = os_thread_start(&in->acceptor, accept_jobs, in);
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
    os_thread_join(in->acceptor);
    if (in->lock && in->gone) {
        os_mutex_lock(in->lock);
        for (size_t i = 0; i < AGENT_MAX_JOBS; i++) os_pipe_cancel(in->slots[i]);
        while (in->live) os_cond_wait(in->gone, in->lock, 1000);
        os_mutex_unlock(in->lock);
    }
    os_pipe_server_free(in->server);
    os_cond_free(in->gone);
    os_mutex_free(in->lock);
    free(in);
}
