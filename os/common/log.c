/* SPDX-License-Identifier: Apache-2.0 */
/* The log. It must never block for long, never recurse and never end the process: a line that cannot be written is dropped. */
#include "os/log.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "core/util/text.h"
#include "os/clock.h"
#include "os/file.h"
#include "os/thread.h"

#define LOG_TURN_OVER (4u << 20)

static os_mutex *lock;
static os_file *file;
static char file_path[OS_PATH_MAX];
static uint64_t file_size;
static os_log_level least_level = OS_LOG_INFO;

plt_status os_log_open(const char *path, os_log_level least)
{
    least_level = least;
    if (!lock) lock = os_mutex_create();
    if (!lock) return PLT_NOMEM;
    if (!path) return PLT_OK;
    plt_copy(file_path, sizeof file_path, path);
    plt_status s = os_file_open(&file, path, OS_FILE_WRITE | OS_FILE_CREATE | OS_FILE_APPEND | OS_FILE_PRIVATE);
    if (s == PLT_OK) file_size = os_file_size(file);
    return s;
}

/* Keeps one old file beside the new one. */
static void turn_over_locked(void)
{
    char old[OS_PATH_MAX];
    os_file_close(file);
    file = NULL;
    if ((size_t)snprintf(old, sizeof old, "%s.old", file_path) < sizeof old) {
        os_file_remove(old);
        os_file_rename(file_path, old);
    }
    if (os_file_open(&file, file_path, OS_FILE_WRITE | OS_FILE_CREATE | OS_FILE_APPEND | OS_FILE_PRIVATE) != PLT_OK) file = NULL;
    file_size = file ? os_file_size(file) : 0;
}

void os_log(os_log_level level, const char *fmt, ...)
{
    static const char *const names[] = {"debug", "info", "warn", "error"};
    char line[2048], at[PLT_TIME_SIZE];
    if (level < least_level) return;
    plt_time_format(at, os_clock_unix_ms());
    int n = snprintf(line, sizeof line, "%s %-5s ", at, names[level]);
    va_list ap;
    va_start(ap, fmt);
    int m = vsnprintf(line + n, sizeof line - (size_t)n - 1, fmt, ap);
    va_end(ap);
    if (m < 0) return;
    size_t len = (size_t)n + (size_t)m;
    if (len > sizeof line - 2) len = sizeof line - 2;
    for (size_t i = 0; i < len; i++) /* one line an event, whatever a document is called */
        if (line[i] == '\n' || line[i] == '\r') line[i] = ' ';
    line[len++] = '\n';
    if (lock) os_mutex_lock(lock);
    if (file && file_size > LOG_TURN_OVER) turn_over_locked();
    if (file && os_file_write(file, line, len) == PLT_OK)
        file_size += len;
    else if (!file)
        fwrite(line, 1, len, stderr);
    if (lock) os_mutex_unlock(lock);
}
