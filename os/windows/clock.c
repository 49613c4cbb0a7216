/* SPDX-License-Identifier: Apache-2.0 */
/* Time by the performance counter (monotonic) and the precise system time. A start of the system is told from others by a volatile key of the
 * registry, which is gone when the kernel is: fast startup, which only hibernates it, is no new start, and its tick count goes on too. */
#include "os/clock.h"

#include <windows.h>

/* FILETIME counts 100 ns steps since 1601-01-01; this many of them lie before 1970-01-01. */
#define UNIX_EPOCH 116444736000000000LL

static uint64_t file_time(void)
{
    FILETIME f;
    GetSystemTimePreciseAsFileTime(&f);
    return ((uint64_t)f.dwHighDateTime << 32) | f.dwLowDateTime;
}

int64_t os_clock_unix_ms(void)
{
    return ((int64_t)file_time() - UNIX_EPOCH) / 10000;
}

/* The counter in units of 1/scale second; split so that the product cannot overflow within the life of a machine. */
static uint64_t counter(uint64_t scale)
{
    LARGE_INTEGER now, per_second; /* neither call fails since Windows XP */
    QueryPerformanceFrequency(&per_second);
    QueryPerformanceCounter(&now);
    uint64_t n = (uint64_t)now.QuadPart, f = (uint64_t)per_second.QuadPart;
    return n / f * scale + n % f * scale / f;
}

uint64_t os_clock_mono_ms(void)
{
    return counter(1000);
}

uint64_t os_clock_mono_us(void)
{
    return counter(1000000);
}

uint64_t os_clock_steady_ms(void)
{
    return GetTickCount64(); /* counts sleep and hibernation, unlike QueryUnbiasedInterruptTime */
}

uint64_t os_clock_start(void)
{
    uint64_t id = 0;
    HKEY h;
    DWORD type, n = sizeof id;
    if (RegCreateKeyExW(HKEY_LOCAL_MACHINE, L"SOFTWARE\\Platen\\Start", 0, NULL, REG_OPTION_VOLATILE, KEY_READ | KEY_WRITE | KEY_WOW64_64KEY, NULL,
                        &h, NULL) != ERROR_SUCCESS)
        return 0;
    if (RegQueryValueExW(h, L"Id", NULL, &type, (BYTE *)&id, &n) != ERROR_SUCCESS || type != REG_QWORD || n != sizeof id) {
        id = file_time() ^ os_clock_mono_us() << 24; /* no secret: only never the same again, even where the clock was set back */
        if (RegSetValueExW(h, L"Id", 0, REG_QWORD, (const BYTE *)&id, sizeof id) != ERROR_SUCCESS) id = 0;
    }
    RegCloseKey(h);
    return id;
}

void os_sleep_ms(uint32_t ms)
{
    Sleep(ms == INFINITE ? INFINITE - 1 : ms);
}

int64_t os_clock_east_s(int64_t unix_ms)
{
    SYSTEMTIME utc, here;
    FILETIME ft;
    ULARGE_INTEGER v;
    uint64_t begin = (uint64_t)(unix_ms / 1000 * 10000000 + UNIX_EPOCH);
    v.QuadPart = begin;
    ft.dwLowDateTime = v.LowPart;
    ft.dwHighDateTime = v.HighPart;
    if (!FileTimeToSystemTime(&ft, &utc) || !SystemTimeToTzSpecificLocalTime(NULL, &utc, &here) || !SystemTimeToFileTime(&here, &ft)) return 0;
    v.LowPart = ft.dwLowDateTime;
    v.HighPart = ft.dwHighDateTime;
    return ((int64_t)v.QuadPart - (int64_t)begin) / 10000000;
}
