/* SPDX-License-Identifier: Apache-2.0 */
/* The border between our UTF-8 and the system's UTF-16. Every call to Windows goes through it: no ANSI function is used. */
#ifndef PLATEN_OS_WINDOWS_WIDE_H
#define PLATEN_OS_WINDOWS_WIDE_H

#include <stdbool.h>
#include <stddef.h>
#include <wchar.h>

#include "core/util/status.h"
#include "os/file.h"

/* A path of OS_PATH_MAX bytes, made absolute against the longest current folder, with its prefix. */
#define WIDE_PATH_MAX (OS_PATH_MAX + 300)

/* False when malformed or too long; then out is "". */
bool wide_from(wchar_t *out, size_t cap, const char *utf8);
/* Half a surrogate pair becomes U+FFFD. False when too long; then out is "". */
bool wide_to(char *out, size_t size, const wchar_t *text);
/* A path for the file functions: past MAX_PATH it is made absolute and gets the prefix that lifts the limit. */
plt_status wide_path(wchar_t out[WIDE_PATH_MAX], const char *path);

#endif
