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
