/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A double of os/hotplug.h: the cable is the file that PLATEN_LAB_CABLE names. Whenever it comes, goes or is another one, a word is said. With it the
 * service's own reaction is tested where no USB printer can be plugged in; the real seam is tested in the emulated machine.
 */
#include "os/hotplug.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "os/clock.h"
#include "os/thread.h"

struct os_hotplug {
    void (*changed)(void *ctx);
    void *ctx;
    const char *cable;
    atomic_bool ending;
    os_thread *thread;
};

static unsigned long long look(const char *path)
{
    struct stat s;
    return stat(path, &s) == 0 ? (unsigned long long)s.st_ino : 0;
}

static void watch(void *arg)
{
    os_hotplug *h = arg;
    unsigned long long was = look(h->cable);
    while (!atomic_load(&h->ending)) {
        unsigned long long is = look(h->cable);
        if (is != was) h->changed(h->ctx);
        was = is;
        os_sleep_ms(20);
    }
}

plt_status os_hotplug_start(os_hotplug **out, void (*changed)(void *ctx), void *ctx)
{
    *out = NULL;
    os_hotplug *h = calloc(1, sizeof *h);
    if (!h) return PLT_NOMEM;
    h->changed = changed;
    h->ctx = ctx;
    h->cable = getenv("PLATEN_LAB_CABLE");
    plt_status s = h->cable ? os_thread_start(&h->thread, watch, h) : PLT_UNSUPPORTED;
    if (s == PLT_OK)
        *out = h;
    else
        free(h);
    return s;
}

void os_hotplug_stop(os_hotplug *h)
{
    if (!h) return;
    atomic_store(&h->ending, true);
    os_thread_join(h->thread);
    free(h);
}
