/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Another clock for the programs of one PC: preloaded, it moves what the C library says of the time of day by the seconds in a file, which a test
 * writes while the program runs. Deadlines (the monotonic clock) stay as they are, as they do when somebody sets a PC's clock. The worker may open no
 * file and keeps the true time: it asks for none.
 *
 *   PLATEN_CLOCK=FILE   seconds, may be negative; absent or empty: the true time
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

static time_t moved(void)
{
    const char *file = getenv("PLATEN_CLOCK");
    char text[32] = "";
    int was = errno;
    int fd = file && strcmp(program_invocation_short_name, "platen-worker") != 0 ? open(file, O_RDONLY | O_CLOEXEC) : -1;
    ssize_t n = fd >= 0 ? read(fd, text, sizeof text - 1) : 0;
    if (fd >= 0) close(fd);
    errno = was;
    return n > 0 ? (time_t)strtoll(text, NULL, 10) : 0;
}

int clock_gettime(clockid_t id, struct timespec *t)
{
    static int (*real)(clockid_t, struct timespec *);
    if (!real) *(void **)&real = dlsym(RTLD_NEXT, "clock_gettime");
    int r = real(id, t);
    if (r == 0 && id == CLOCK_REALTIME) t->tv_sec += moved();
    return r;
}

time_t time(time_t *out)
{
    struct timespec t;
    clock_gettime(CLOCK_REALTIME, &t);
    if (out) *out = t.tv_sec;
    return t.tv_sec;
}

int gettimeofday(struct timeval *restrict out, void *restrict zone)
{
    struct timespec t;
    (void)zone;
    clock_gettime(CLOCK_REALTIME, &t);
    out->tv_sec = t.tv_sec;
    out->tv_usec = t.tv_nsec / 1000;
    return 0;
}
