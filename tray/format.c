/* SPDX-License-Identifier: Apache-2.0 */
/* Numbers, times and texts as the user has set Windows. What does not fit is cut; nothing here fails. */
#include "tray/format.h"

#include <windows.h>

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "os/windows/wide.h"

static void copy(wchar_t *out, size_t cap, const wchar_t *text)
{
    wcsncpy(out, text, cap - 1);
    out[cap - 1] = 0;
}

void format_utf8(wchar_t *out, size_t cap, const char *utf8)
{
    wchar_t wide[1024];
    (void)wide_from(wide, sizeof wide / sizeof wide[0], utf8);
    copy(out, cap, wide);
}

static void grouped(wchar_t *out, size_t cap, const wchar_t *plain, UINT digits)
{
    wchar_t point[8] = L".", thousand[8] = L",";
    GetLocaleInfoEx(LOCALE_NAME_USER_DEFAULT, LOCALE_SDECIMAL, point, 8);
    GetLocaleInfoEx(LOCALE_NAME_USER_DEFAULT, LOCALE_STHOUSAND, thousand, 8);
    NUMBERFMTW f = {.NumDigits = digits, .LeadingZero = 1, .Grouping = 3, .lpDecimalSep = point, .lpThousandSep = thousand, .NegativeOrder = 1};
    if (!GetNumberFormatEx(LOCALE_NAME_USER_DEFAULT, 0, plain, &f, out, (int)cap)) copy(out, cap, plain);
}

void format_number(wchar_t *out, size_t cap, uint64_t n)
{
    wchar_t plain[32];
    swprintf(plain, 32, L"%llu", (unsigned long long)n);
    grouped(out, cap, plain, 0);
}

void format_count(wchar_t *out, size_t cap, word one, uint64_t n)
{
    wchar_t number[48];
    format_number(number, 48, n);
    format_words(out, cap, words_for(one, n), number, L"");
}

void format_money(wchar_t *out, size_t cap, uint64_t millionths, const char *currency)
{
    wchar_t plain[48], number[64], unit[64];
    swprintf(plain, 48, L"%llu.%02llu", (unsigned long long)(millionths / 1000000), (unsigned long long)(millionths / 10000 % 100));
    grouped(number, 64, plain, 2);
    format_utf8(unit, 64, currency);
    format_words(out, cap, *unit ? L"%ls\u00a0%ls" : L"%ls%ls", number, unit);
}

static bool local_time(uint64_t unix_ms, SYSTEMTIME *out)
{
    uint64_t ticks = unix_ms * 10000 + 116444736000000000u; /* 100 ns since 1601 */
    FILETIME ft = {(DWORD)ticks, (DWORD)(ticks >> 32)};
    SYSTEMTIME utc;
    return unix_ms < 253402300800000u && FileTimeToSystemTime(&ft, &utc) && SystemTimeToTzSpecificLocalTime(NULL, &utc, out);
}

void format_day(wchar_t *out, size_t cap, uint64_t unix_ms)
{
    SYSTEMTIME at;
    if (!local_time(unix_ms, &at) || !GetDateFormatEx(LOCALE_NAME_USER_DEFAULT, DATE_SHORTDATE, &at, NULL, out, (int)cap, NULL))
        copy(out, cap, words(W_UNKNOWN));
}

void format_time(wchar_t *out, size_t cap, uint64_t unix_ms)
{
    SYSTEMTIME at, now;
    wchar_t time[64] = L"", date[64] = L"";
    if (!unix_ms || !local_time(unix_ms, &at)) {
        copy(out, cap, words(unix_ms ? W_UNKNOWN : W_NEVER));
        return;
    }
    GetLocalTime(&now);
    GetTimeFormatEx(LOCALE_NAME_USER_DEFAULT, TIME_NOSECONDS, &at, NULL, time, 64);
    bool today = at.wYear == now.wYear && at.wMonth == now.wMonth && at.wDay == now.wDay;
    format_day(date, 64, unix_ms);
    if (today)
        format_words(out, cap, words(W_TODAY), time, L"");
    else
        format_words(out, cap, L"%ls, %ls", date, time);
}

void format_left(wchar_t *out, size_t cap, uint64_t seconds)
{
    unsigned long long h = seconds / 3600, m = seconds / 60 % 60, s = seconds % 60;
    if (h)
        swprintf(out, cap, L"%llu:%02llu:%02llu", h, m, s);
    else
        swprintf(out, cap, L"%llu:%02llu", m, s);
}

/* Not swprintf, to which a text that does not fit is an error. */
void format_words(wchar_t *out, size_t cap, const wchar_t *text, const wchar_t *first, const wchar_t *second)
{
    const wchar_t *fill[2] = {first, second};
    size_t n = 0, filled = 0;
    while (*text && n + 1 < cap) {
        if (wcsncmp(text, L"%ls", 3) != 0 || filled == 2) {
            out[n++] = *text++;
            continue;
        }
        for (const wchar_t *p = fill[filled++]; *p && n + 1 < cap; p++) out[n++] = *p;
        text += 3;
    }
    out[n] = 0;
}

void format_append(wchar_t *out, size_t cap, const wchar_t *more)
{
    size_t n = wcslen(out);
    if (n + 1 < cap) format_words(out + n, cap - n, n ? L", %ls" : L"%ls", more, L"");
}
