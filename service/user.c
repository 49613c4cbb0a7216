/* SPDX-License-Identifier: Apache-2.0 */
/* The connections, and STATUS. 256 clients at a time; one that says nothing for a minute and does not watch is let go. */
#include "service/user_inner.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/util/frame.h"
#include "core/util/text.h"
#include "os/error.h"
#include "os/log.h"
#include "service/desk.h"
#include "service/devices_pipe.h"
#include "service/timekeeper.h"
#include "service/watch.h"

#define MAX_CLIENTS 256 /* a tray of each session of a terminal server holds one for good */
#define ASK_WAIT_MS 60000
#define MAX_LOOK_BACK 500 /* records searched for the asking user's last job */

struct userpipe {
    agent *agent;
    os_pipe_server *server;
    os_thread *acceptor;
    os_mutex *lock;
    os_cond *gone;
    os_pipe *slots[MAX_CLIENTS];
    unsigned live;
};

typedef struct client {
    user_client base;
    userpipe *u;
    size_t slot;
    size_t have; /* of `in` */
    uint8_t in[PLT_FRAME_HEADER + USER_REQUEST_MAX];
} client;

typedef struct search {
    const char *user;
    plt_record *found;
    int looked;
    bool hit;
} search;

static bool each_record(void *ctx, int64_t seq, const char *line, const char *hash)
{
    search *s = ctx;
    char why[128];
    (void)seq, (void)hash;
    s->hit =
        plt_record_read(line, strlen(line), s->found, why, sizeof why) == PLT_OK && s->found->is_job && watch_same_user(s->found->job.user, s->user);
    return !s->hit && ++s->looked < MAX_LOOK_BACK;
}

static void put_last_job(plt_frame_builder *b, agent *a, const char *user)
{
    search s = {.user = user, .found = malloc(sizeof *s.found)};
    if (s.found && ledger_each(a->ledger, true, each_record, &s) == PLT_OK && s.hit) {
        const plt_job *j = &s.found->job;
        plt_frame_text(b, PLT_T_DOCUMENT, j->document);
        plt_frame_text(b, PLT_T_QUEUE, j->queue);
        plt_frame_text(b, PLT_T_OUTCOME, j->outcome);
        if (j->analysis.pages.known) plt_frame_u64(b, PLT_T_PAGES, j->analysis.pages.n);
        plt_frame_u64(b, PLT_T_ENDED, (uint64_t)j->ended);
    }
    free(s.found);
}

plt_status user_send(user_client *c, const void *frame, size_t n)
{
    return n ? watch_write(c->a->watchers, c->pipe, frame, n) : PLT_BAD;
}

static plt_status answer_status(user_client *c)
{
    agent *a = c->a;
    uint8_t out[8192];
    char clock[512];
    plt_frame_builder b;
    ledger_counts n = {0};
    ledger_count(a->ledger, &n);
    plt_frame_begin(&b, out, sizeof out, PLT_F_STATUS);
    timekeeper_words(a->clock, clock, sizeof clock);
    plt_frame_text(&b, PLT_T_CLOCK, clock);
    os_mutex_lock(a->lock);
    plt_frame_u64(&b, PLT_T_STATE, (uint64_t)a->state);
    plt_frame_u64(&b, PLT_T_LASTSYNC, (uint64_t)a->last_sync);
    plt_frame_text(&b, PLT_T_MESSAGE, a->message);
    plt_frame_text(&b, PLT_T_HUB, a->hub);
    plt_frame_text(&b, PLT_T_AGENT, a->id);
    plt_frame_text(&b, PLT_T_POLICY, a->policy_words);
    plt_frame_text(&b, PLT_T_PROBLEM, a->policy_problem);
    os_mutex_unlock(a->lock);
    plt_frame_u64(&b, PLT_T_QUEUED, (uint64_t)(n.records - n.acked));
    plt_frame_u64(&b, PLT_T_RECORDS, (uint64_t)n.records);
    plt_frame_u64(&b, PLT_T_JOBS, (uint64_t)n.jobs);
    plt_frame_text(&b, PLT_T_VERSION, PLATEN_VERSION);
    put_last_job(&b, a, c->peer.user);
    devices_put_status(a, &b);
    return user_send(c, out, plt_frame_end(&b));
}

plt_status user_error(user_client *c, uint64_t code, const char *message)
{
    uint8_t out[512];
    plt_frame_builder b;
    plt_frame_begin(&b, out, sizeof out, PLT_F_ERROR);
    plt_frame_u64(&b, PLT_T_CODE, code);
    plt_frame_text(&b, PLT_T_MESSAGE, message);
    return user_send(c, out, plt_frame_end(&b));
}

/* One whole request at the front of `in`. Who watches may be silent for as long as he likes. */
static plt_status read_request(client *c, uint8_t *type, size_t *n)
{
    size_t want = PLT_FRAME_HEADER, got;
    for (;;) {
        if (c->have >= PLT_FRAME_HEADER) {
            plt_status s = plt_frame_parse(c->in, type, n);
            if (s != PLT_OK || *n > USER_REQUEST_MAX) return PLT_BAD;
            want = PLT_FRAME_HEADER + *n;
        }
        if (c->have >= want) return PLT_OK;
        plt_status s = os_pipe_read(c->base.pipe, c->in + c->have, want - c->have, ASK_WAIT_MS, &got);
        if (s == PLT_TIMEOUT && !c->have && c->base.watching) continue;
        if (s != PLT_OK) return s;
        c->have += got;
    }
}

/* About the readings of printers; PLT_UNSUPPORTED: it is not. */
static plt_status answer_readings(user_client *c, uint8_t type)
{
    uint8_t told[DEVICES_ANSWER_MAX];
    size_t n = devices_answer(c->a, type, &c->peer, told);
    return n ? user_send(c, told, n) : PLT_UNSUPPORTED;
}

static plt_status reply(client *c, uint8_t type, size_t n)
{
    if (type == PLT_F_STATUS_ASK) return n ? PLT_BAD : answer_status(&c->base);
    plt_status s = n ? PLT_UNSUPPORTED : answer_readings(&c->base, type);
    if (s == PLT_UNSUPPORTED) s = user_jobs_request(&c->base, type, c->in + PLT_FRAME_HEADER, n);
    return s == PLT_UNSUPPORTED ? user_error(&c->base, PLT_E_UNKNOWN, "this version of the service does not know the question") : s;
}

/* Anything that is no request ends the connection. */
static void serve(void *arg)
{
    client *c = arg;
    userpipe *u = c->u;
    os_pipe *pipe = c->base.pipe;
    plt_status s = os_pipe_peer_get(pipe, &c->base.peer);
    while (s == PLT_OK) {
        uint8_t type;
        size_t n;
        s = read_request(c, &type, &n);
        if (s == PLT_OK) s = reply(c, type, n);
        c->have = 0;
        if (s == PLT_BAD)
            os_log(OS_LOG_WARN, "pipe of the users: %s (process %u) sent something that is no question; closed", c->base.peer.user, c->base.peer.pid);
    }
    watch_leave(u->agent->watchers, pipe);
    if (c->base.watching) desk_session_left(u->agent->desk, c->base.peer.user, c->base.peer.session);
    os_mutex_lock(u->lock);
    u->slots[c->slot] = NULL;
    u->live--;
    os_cond_broadcast(u->gone);
    os_mutex_unlock(u->lock);
    os_pipe_close(pipe);
    memset(c, 0, sizeof *c); /* a PIN may have been in it */
    free(c);
}

static void take(userpipe *u, os_pipe *pipe)
{
    client *c = calloc(1, sizeof *c);
    os_thread *t;
    size_t slot = 0;
    os_mutex_lock(u->lock);
    while (slot < MAX_CLIENTS && u->slots[slot]) slot++;
    bool ok = c && slot < MAX_CLIENTS;
    if (ok) {
        c->base = (user_client){.a = u->agent, .pipe = pipe};
        c->u = u;
        c->slot = slot;
        ok = os_thread_start(&t, serve, c) == PLT_OK;
    }
    if (ok) {
        u->slots[slot] = pipe;
        u->live++;
        os_thread_detach(t);
    }
    os_mutex_unlock(u->lock);
    if (ok) return;
    os_pipe_close(pipe);
    free(c);
}

static void accept_users(void *arg)
{
    userpipe *u = arg;
    for (;;) {
        os_pipe *pipe;
        plt_status s = os_pipe_accept(u->server, OS_PIPE_FOREVER, &pipe);
        if (s == PLT_OK)
            take(u, pipe);
        else if (s == PLT_CLOSED || agent_pause(u->agent, 1000))
            return;
    }
}

plt_status user_start(userpipe **out, agent *a)
{
    char name[OS_PIPE_NAME_MAX];
    *out = NULL;
    userpipe *u = calloc(1, sizeof *u);
    if (!u) return PLT_NOMEM;
    u->agent = a;
    u->lock = os_mutex_create();
    u->gone = os_cond_create();
    plt_status s = u->lock && u->gone ? os_pipe_name(name, a->data_dir, "user") : PLT_NOMEM;
    if (s == PLT_OK) s = os_pipe_listen(&u->server, name, OS_PIPE_USERS);
    if (s == PLT_OK) s = os_thread_start(&u->acceptor, accept_users, u);
    if (s != PLT_OK) {
        user_stop(u);
        return s;
    }
    *out = u;
    return PLT_OK;
}

void user_stop(userpipe *u)
{
    if (!u) return;
    os_pipe_server_stop(u->server);
    os_thread_join(u->acceptor);
    if (u->lock && u->gone) {
        os_mutex_lock(u->lock);
        for (size_t i = 0; i < MAX_CLIENTS; i++) os_pipe_cancel(u->slots[i]);
        while (u->live) os_cond_wait(u->gone, u->lock, 1000);
        os_mutex_unlock(u->lock);
    }
    os_pipe_server_free(u->server);
    os_cond_free(u->gone);
    os_mutex_free(u->lock);
    free(u);
}
