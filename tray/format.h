/* SPDX-License-Identifier: Apache-2.0 */
/* Numbers, times and texts as the user has set Windows. Each writes at most `cap` characters, the terminator included. */
#ifndef PLATEN_TRAY_FORMAT_H
#define PLATEN_TRAY_FORMAT_H

#include <stddef.h>
#include <stdint.h>
#include <wchar.h>

#include "tray/words.h"

void format_utf8(wchar_t *out, size_t cap, const char *utf8);
/* "1,234" */
void format_number(wchar_t *out, size_t cap, uint64_t n);
/* "1,234 pages": words_for(one, n) with the number in it. */
void format_count(wchar_t *out, size_t cap, word one, uint64_t n);
/* "12.50 EUR" of millionths. */
void format_money(wchar_t *out, size_t cap, uint64_t millionths, const char *currency);
/* "today, 12:30" or "3/14/2026, 12:30"; a word for never and unknown. */
void format_time(wchar_t *out, size_t cap, uint64_t unix_ms);
/* "3/14/2026" */
void format_day(wchar_t *out, size_t cap, uint64_t unix_ms);
/* "0:45", "12:05", "1:02:03" */
void format_left(wchar_t *out, size_t cap, uint64_t seconds);
/* `text` with `first` and `second` in the places of its %ls. */
void format_words(wchar_t *out, size_t cap, const wchar_t *text, const wchar_t *first, const wchar_t *second);
/* More at the end of what is there, after ", " if there is something. */
void format_append(wchar_t *out, size_t cap, const wchar_t *more);

#endif
