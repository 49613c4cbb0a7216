/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A table of pipes. Its lock is held for moments only, because a job's first byte waits for watch_sees; a place that is written to is marked, and its
 * client does not leave until that is over.
 */
#include "service/watch.h"

#include <stdlib.h>
#include <string.h>

#include "core/util/frame.h"
#include "core/util/text.h"
#include "os/thread.h"

#define MOST 256 /* as many as the user pipe has clients */
#define SEND_WAIT_MS 500

typedef struct watcher {
    os_pipe *pipe; /* NULL: a free place */
    bool writing;  /* one thread writes, without the table's lock */
    bool gone;     /* it did not take what was sent: nothing more is */
    uint32_t session;
    char user[256];
} watcher;

struct watchers {
    os_mutex *lock;
    os_cond *free; /* a place is no longer written to */
    watcher at[MOST];
};

watchers *watch_create(void)
{
    watchers *w = calloc(1, sizeof *w);
    if (!w) return NULL;
    w->lock = os_mutex_create();
    w->free = os_cond_create();
    if (w->lock && w->free) return w;
    watch_free(w);
    return NULL;
}

void watch_free(watchers *w)
{
    if (!w) return;
    os_cond_free(w->free);
    os_mutex_free(w->lock);
    free(w);
}

bool watch_same_user(const char *a, const char *b)
{
    const char *x = strrchr(a, '\\'), *y = strrchr(b, '\\');
    return *a && *b && plt_same(x ? x + 1 : a, y ? y + 1 : b);
}

static watcher *find_locked(watchers *w, const os_pipe *pipe)
{
    for (size_t i = 0; i < MOST; i++)
        if (w->at[i].pipe == pipe) return &w->at[i];
    return NULL;
}

/* Writes with the place marked; the lock is let go meanwhile and held again after. */
static plt_status write_locked(watchers *w, watcher *k, const void *frame, size_t n)
{
    os_pipe *pipe = k->pipe;
    while (k->writing) os_cond_wait(w->free, w->lock, SEND_WAIT_MS);
    if (k->pipe != pipe || k->gone) return PLT_CLOSED;
    k->writing = true;
    os_mutex_unlock(w->lock);
    plt_status s = os_pipe_write(pipe, frame, n, SEND_WAIT_MS);
    os_mutex_lock(w->lock);
    k->writing = false;
    k->gone = s != PLT_OK;
    if (k->gone) os_pipe_cancel(pipe); /* its own thread closes it */
    os_cond_broadcast(w->free);
    return s;
}

plt_status watch_join(watchers *w, os_pipe *pipe, const char *user, uint32_t session)
{
    os_mutex_lock(w->lock);
    watcher *k = find_locked(w, pipe);
    if (!k) k = find_locked(w, NULL);
    if (k && !k->pipe) {
        k->pipe = pipe;
        k->gone = false;
        k->session = session;
        plt_copy(k->user, sizeof k->user, user);
    }
    os_mutex_unlock(w->lock);
    return k ? PLT_OK : PLT_FULL;
}

void watch_leave(watchers *w, os_pipe *pipe)
{
    os_mutex_lock(w->lock);
    watcher *k = find_locked(w, pipe);
    if (k) {
        k->gone = true;
        while (k->writing) os_cond_wait(w->free, w->lock, SEND_WAIT_MS);
        k->pipe = NULL;
    }
    os_mutex_unlock(w->lock);
}

plt_status watch_write(watchers *w, os_pipe *pipe, const void *frame, size_t n)
{
    os_mutex_lock(w->lock);
    watcher *k = find_locked(w, pipe);
    plt_status s = k ? write_locked(w, k, frame, n) : PLT_OK;
    os_mutex_unlock(w->lock);
    return k ? s : os_pipe_write(pipe, frame, n, SEND_WAIT_MS);
}

static bool is_there(const watcher *k, const char *user, uint32_t session)
{
    return k->pipe && !k->gone && (!session || k->session == session) && watch_same_user(k->user, user);
}

bool watch_sees(watchers *w, const char *user)
{
    bool found = false;
    if (!w) return false;
    os_mutex_lock(w->lock);
    for (size_t i = 0; i < MOST && !found; i++) found = is_there(&w->at[i], user, 0);
    os_mutex_unlock(w->lock);
    return found;
}

static unsigned send_locked(watchers *w, const char *user, uint32_t session, const void *frame, size_t n)
{
    unsigned took = 0;
    for (size_t i = 0; i < MOST; i++)
        if (is_there(&w->at[i], user, session)) took += write_locked(w, &w->at[i], frame, n) == PLT_OK;
    return took;
}

unsigned watch_ask(watchers *w, const char *user, uint32_t session, const void *frame, size_t n)
{
    if (!w || !n) return 0;
    os_mutex_lock(w->lock);
    unsigned took = send_locked(w, user, session, frame, n);
    if (!took && session) took = send_locked(w, user, 0, frame, n);
    os_mutex_unlock(w->lock);
    return took;
}

unsigned watch_send(watchers *w, const char *user, const void *frame, size_t n)
{
    return watch_ask(w, user, 0, frame, n);
}

bool watch_in_session(watchers *w, const char *user, uint32_t session)
{
    bool found = false;
    os_mutex_lock(w->lock);
    for (size_t i = 0; i < MOST && !found; i++) found = is_there(&w->at[i], user, session);
    os_mutex_unlock(w->lock);
    return found;
}

bool watch_notice(watchers *w, const char *user, uint64_t kind, const char *message, const char *why, const char *document)
{
    uint8_t out[8192];
    plt_frame_builder b;
    plt_frame_begin(&b, out, sizeof out, PLT_F_NOTICE);
    plt_frame_text(&b, PLT_T_MESSAGE, message);
    if (*why) plt_frame_text(&b, PLT_T_WHY, why);
    plt_frame_text(&b, PLT_T_DOCUMENT, document);
    plt_frame_u64(&b, PLT_T_KIND, kind);
    return watch_send(w, user, out, plt_frame_end(&b)) > 0;
}
