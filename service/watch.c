/* SPDX-License-Identifier: Apache-2.0 */
/* A table of pipes. The table's lock is held while one frame is written to one client, so that a client cannot go away under the writer. */
#include "service/watch.h"

#include <stdlib.h>
#include <string.h>

#include "core/util/frame.h"
#include "core/util/text.h"
#include "os/thread.h"

#define MOST 32 /* as many as the user pipe has clients */
#define SEND_WAIT_MS 500

typedef struct watcher {
    os_pipe *pipe; /* NULL: a free place */
    char user[256];
} watcher;

struct watchers {
    os_mutex *lock;
    watcher at[MOST];
};

watchers *watch_create(void)
{
    watchers *w = calloc(1, sizeof *w);
    if (w) w->lock = os_mutex_create();
    if (w && w->lock) return w;
    free(w);
    return NULL;
}

void watch_free(watchers *w)
{
    if (!w) return;
    os_mutex_free(w->lock);
    free(w);
}

bool watch_same_user(const char *a, const char *b)
{
    const char *x = strrchr(a, '\\'), *y = strrchr(b, '\\');
    return *a && *b && plt_same(x ? x + 1 : a, y ? y + 1 : b);
}

plt_status watch_join(watchers *w, os_pipe *pipe, const char *user)
{
    plt_status s = PLT_FULL;
    watch_leave(w, pipe); /* asked twice */
    os_mutex_lock(w->lock);
    for (size_t i = 0; i < MOST && s != PLT_OK; i++) {
        if (w->at[i].pipe) continue;
        w->at[i].pipe = pipe;
        plt_copy(w->at[i].user, sizeof w->at[i].user, user);
        s = PLT_OK;
    }
    os_mutex_unlock(w->lock);
    return s;
}

void watch_leave(watchers *w, os_pipe *pipe)
{
    os_mutex_lock(w->lock);
    for (size_t i = 0; i < MOST; i++)
        if (w->at[i].pipe == pipe) w->at[i].pipe = NULL;
    os_mutex_unlock(w->lock);
}

plt_status watch_write(watchers *w, os_pipe *pipe, const void *frame, size_t n)
{
    os_mutex_lock(w->lock);
    plt_status s = os_pipe_write(pipe, frame, n, SEND_WAIT_MS);
    os_mutex_unlock(w->lock);
    return s;
}

bool watch_sees(watchers *w, const char *user)
{
    bool found = false;
    if (!w) return false;
    os_mutex_lock(w->lock);
    for (size_t i = 0; i < MOST && !found; i++) found = w->at[i].pipe && watch_same_user(w->at[i].user, user);
    os_mutex_unlock(w->lock);
    return found;
}

unsigned watch_send(watchers *w, const char *user, const void *frame, size_t n)
{
    unsigned took = 0;
    if (!w || !n) return 0;
    os_mutex_lock(w->lock);
    for (size_t i = 0; i < MOST; i++) {
        watcher *k = &w->at[i];
        if (!k->pipe || !watch_same_user(k->user, user)) continue;
        if (os_pipe_write(k->pipe, frame, n, SEND_WAIT_MS) == PLT_OK) {
            took++;
            continue;
        }
        os_pipe_cancel(k->pipe); /* its own thread closes it */
        k->pipe = NULL;
    }
    os_mutex_unlock(w->lock);
    return took;
}

bool watch_notice(watchers *w, const char *user, uint64_t kind, const char *message, const char *document)
{
    uint8_t out[8192];
    plt_frame_builder b;
    plt_frame_begin(&b, out, sizeof out, PLT_F_NOTICE);
    plt_frame_text(&b, PLT_T_MESSAGE, message);
    plt_frame_text(&b, PLT_T_DOCUMENT, document);
    plt_frame_u64(&b, PLT_T_KIND, kind);
    return watch_send(w, user, out, plt_frame_end(&b)) > 0;
}
