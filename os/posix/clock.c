/* SPDX-License-Identifier: Apache-2.0 */
/* Time. */
#include "os/clock.h"

#include <time.h>

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
