/* SPDX-License-Identifier: Apache-2.0 */
/* Who prints, as the spooler's queues tell it. */
#include "usbagent/quiet.h"

#include <string.h>

#include "core/util/text.h"
#include "os/spooler.h"

typedef struct search {
    const char *port; /* "" unknown */
    bool busy;
} search;

bool usb_is_usb_port(const char *port)
{
    return !strncmp(port, "USB", 3) || !strncmp(port, "DOT4", 4) || !strncmp(port, "/dev/usb/", 9);
}

/* Is `port` one of the queue's ports, which are comma separated when pooled? */
static bool on_port(const char *list, const char *port)
{
    size_t n = strlen(port);
    for (const char *p = list; *p; p += strcspn(p, ","), p += *p == ',') {
        while (*p == ' ') p++;
        size_t len = strcspn(p, ",");
        if (n ? len == n && !strncmp(p, port, n) : usb_is_usb_port(p)) return true;
    }
    return false;
}

static bool look_at(void *arg, const os_queue *q)
{
    search *s = arg;
    /* A queue of ours has the printer's port behind it and not beside it: its job may be for any. */
    bool ours = !strncmp(q->port, "Platen:", 7);
    if (q->jobs && (ours || on_port(q->port, s->port))) s->busy = true;
    return !s->busy;
}

static bool spooler_busy(void *arg, const usb_printer *p)
{
    search s = {.port = p->port};
    (void)arg;
    os_spooler_queues(look_at, &s); /* where there is no spooler, there is nobody to disturb */
    return s.busy;
}

static bool never(void *arg, const usb_printer *p)
{
    (void)arg;
    (void)p;
    return false;
}

const usb_quiet usb_quiet_none = {never, NULL};
const usb_quiet usb_quiet_spooler = {spooler_busy, NULL};
