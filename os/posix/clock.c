/* SPDX-License-Identifier: Apache-2.0 */
/* Time. The steady clock and the start's number are Linux' own. */
#include "os/clock.h"

#include <fcntl.h>
#include <time.h>
#include <unistd.h>

static int64_t now_us(clockid_t id)
{
    struct timespec t;
    clock_gettime(id, &t);
    return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

int64_t os_clock_unix_ms(void)
{
    return now_us(CLOCK_REALTIME) / 1000;
}

uint64_t os_clock_mono_us(void)
{
    return (uint64_t)now_us(CLOCK_MONOTONIC);
}

uint64_t os_clock_mono_ms(void)
{
    return os_clock_mono_us() / 1000;
}

uint64_t os_clock_steady_ms(void)
{
    return (uint64_t)now_us(CLOCK_BOOTTIME) / 1000; /* counts sleep, unlike CLOCK_MONOTONIC */
}

uint64_t os_clock_start(void)
{
    char id[36]; /* a random UUID: its first sixteen digits */
    uint64_t n = 0;
    int fd = open("/proc/sys/kernel/random/boot_id", O_RDONLY | O_CLOEXEC), digits = 0;
    ssize_t got = fd >= 0 ? read(fd, id, sizeof id) : 0;
    if (fd >= 0) close(fd);
    for (ssize_t i = 0; i < got && digits < 16; i++) {
        if (id[i] == '-') continue;
        char c = id[i];
        n = n << 4 | (uint64_t)(c >= 'a' && c <= 'f' ? c - 'a' + 10 : c - '0') % 16;
        digits++;
    }
    return digits == 16 ? n : 0;
}

void os_sleep_ms(uint32_t ms)
{
    struct timespec t = {ms / 1000, (long)(ms % 1000) * 1000000};
    while (nanosleep(&t, &t) != 0) {
    }
}

int64_t os_clock_east_s(int64_t unix_ms)
{
    time_t t = (time_t)(unix_ms / 1000);
    struct tm here, utc;
    if (!localtime_r(&t, &here) || !gmtime_r(&t, &utc)) return 0;
    int days = here.tm_yday - utc.tm_yday; /* the two are less than a day and a half apart */
    if (here.tm_year != utc.tm_year) days = here.tm_year > utc.tm_year ? 1 : -1;
    return ((int64_t)days * 24 + here.tm_hour - utc.tm_hour) * 3600 + (here.tm_min - utc.tm_min) * 60 + here.tm_sec - utc.tm_sec;
}
