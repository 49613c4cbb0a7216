/* SPDX-License-Identifier: Apache-2.0 */
/* A daemon in the foreground: SIGTERM and SIGINT ask it to end. systemd's notify protocol is not used: ready is logged. */
#include "os/service.h"

#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "os/clock.h"

static int wake[2] = {-1, -1}; /* a byte in here means stop */

static void on_signal(int sig)
{
    (void)sig;
    os_service_stop();
}

int os_service_run(const char *name, int (*body)(void *ctx), void *ctx)
{
    (void)name;
    struct sigaction a;
    memset(&a, 0, sizeof a);
    if (pipe(wake) != 0) return 1;
    a.sa_handler = on_signal;
    sigaction(SIGTERM, &a, NULL);
    sigaction(SIGINT, &a, NULL);
    a.sa_handler = SIG_IGN;
    sigaction(SIGPIPE, &a, NULL);
    return body(ctx);
}

void os_service_ready(void)
{
}

bool os_service_stopping(uint32_t timeout_ms)
{
    struct pollfd p = {wake[0], POLLIN, 0};
    uint64_t deadline = os_clock_mono_ms() + timeout_ms;
    for (;;) {
        uint64_t now = os_clock_mono_ms();
        int n = poll(&p, 1, now >= deadline ? 0 : (int)(deadline - now));
        if (n > 0) return true;
        if (n == 0) return false;
    }
}

void os_service_stop(void)
{
    if (write(wake[1], "x", 1) != 1) return;
}

bool os_service_managed(void)
{
    return getenv("INVOCATION_ID") != NULL; /* set by systemd */
}
