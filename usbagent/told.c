/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Quiet as the service tells it, which knows the jobs that pass through its own ports: one line a change on stdin, the whole set each time. Until the
 * first line has come, and from the end of stdin on, everything is busy: without somebody who knows, nothing is written to a printer.
 */
#include <string.h>

#include "core/util/text.h"
#include "os/clock.h"
#include "os/process.h"
#include "os/thread.h"
#include "usbagent/quiet.h"

#define LINE_MAX 8192
#define FIRST_MS 2000 /* how long the first line is waited for */

static struct {
    os_mutex *lock;
    bool known;           /* a line has come, and the next may still come */
    char ports[LINE_MAX]; /* separated by tabs */
} told;

static void take_line(const char *line)
{
    os_mutex_lock(told.lock);
    told.known = plt_copy(told.ports, sizeof told.ports, line);
    os_mutex_unlock(told.lock);
}

static void hear(void *arg)
{
    static char room[LINE_MAX];
    size_t have = 0, got = 0;
    (void)arg;
    while (have < sizeof room && os_stdin_read(room + have, sizeof room - have, &got) == PLT_OK && got) {
        have += got;
        for (char *end; (end = memchr(room, '\n', have)) != NULL;) {
            size_t n = (size_t)(end - room) + 1;
            *end = 0;
            take_line(room);
            have -= n;
            memmove(room, end + 1, have);
        }
    }
    os_mutex_lock(told.lock);
    told.known = false;
    os_mutex_unlock(told.lock);
}

static bool is_known(void)
{
    os_mutex_lock(told.lock);
    bool known = told.known;
    os_mutex_unlock(told.lock);
    return known;
}

plt_status usb_told_begin(void)
{
    os_thread *t;
    told.lock = os_mutex_create();
    plt_status s = told.lock ? os_thread_start(&t, hear, NULL) : PLT_NOMEM;
    if (s == PLT_OK) os_thread_detach(t); /* it waits for stdin as long as the program runs */
    for (int waited = 0; s == PLT_OK && waited < FIRST_MS && !is_known(); waited += 10) os_sleep_ms(10);
    return s;
}

/* A printer whose port is not known may be on any USB port; "*" is any port at all. */
static bool is_among(const char *ports, const char *port)
{
    char one[USB_TEXT_SIZE * 4];
    for (size_t n; *ports; ports += n + (ports[n] == '\t')) {
        n = strcspn(ports, "\t");
        if (n >= sizeof one) return true;
        memcpy(one, ports, n);
        one[n] = 0;
        if (!strcmp(one, "*") || plt_same(one, port) || (!*port && usb_is_usb_port(one))) return true;
    }
    return false;
}

static bool told_busy(void *arg, const usb_printer *p)
{
    (void)arg;
    os_mutex_lock(told.lock);
    bool busy = !told.known || is_among(told.ports, p->port);
    os_mutex_unlock(told.lock);
    return busy || usb_quiet_spooler.busy(usb_quiet_spooler.arg, p);
}

const usb_quiet usb_quiet_told = {told_busy, NULL};
